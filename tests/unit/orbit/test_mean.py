import math

import casadi
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from cosmodrome.errors import InputError
from cosmodrome.orbit import mean
from cosmodrome.orbit.elements import Elements, elements_from_state, state_from_elements

MU, R, J2 = 3.986004418e14, 6378137.0, 1.08262982131e-3
FIELD = (MU, R, J2)
Array = NDArray[np.float64]

# perigee km, apogee km, inclination, argument of perigee, true anomaly, and what
# the second order in J2 may leave: mean a in m, mean e, circular radius in m.
CASES = [
    (500, 500, 97.4, 0.0, 1.3, 20.0, 6e-6),
    (200, 200, 51.7, 0.0, 0.4, 20.0, 6e-6),
    (200, 200, 0.0, 0.0, 2.0, 20.0, 6e-6),
    (200, 200, 180.0, 0.0, 2.0, 20.0, 6e-6),
    (300, 300, 63.4349, 0.0, 1.0, 20.0, 6e-6),
    (400, 1200, 63.4349, 1.0, 2.0, 20.0, 6e-6),
    (185, 35786, 27.0, 3.1, 3.1, 60.0, 2e-6),
]


def start(case: tuple[float, ...]) -> Elements:
    low, high = R + 1e3 * case[0], R + 1e3 * case[1]
    return Elements.keplerian(
        (low + high) / 2, (high - low) / (high + low), math.radians(case[2]), 1.0, case[3], case[4]
    )


def fly(r: Array, v: Array, span_s: float) -> tuple[Array, Array, Array]:
    """One numerical orbit in the field of J2, written independently of the package."""

    def rate(_: float, y: Array) -> Array:
        r = y[:3]
        n = float(np.linalg.norm(r))
        z2 = (r[2] / n) ** 2
        k = 1.5 * J2 * MU * R**2 / n**5
        pull = -MU * r / n**3 - k * r * np.array([1 - 5 * z2, 1 - 5 * z2, 3 - 5 * z2])
        return np.concatenate([y[3:], pull])

    t = np.linspace(0.0, span_s, 721)
    y = solve_ivp(
        rate, (0.0, span_s), np.concatenate([r, v]), "DOP853", t, rtol=1e-11, atol=1e-6
    ).y.T
    return t, y[:, :3], y[:, 3:]


@pytest.mark.parametrize("case", CASES)
def test_mean_elements_stand_still_in_a_numerical_orbit(case: tuple[float, ...]) -> None:
    orbit = start(case)
    r, v = mean.osculating_state(orbit, *FIELD)
    period = 2 * math.pi * math.sqrt(orbit.semi_major_axis_m**3 / MU)
    t, r, v = fly(r, v, period)
    got = mean.mean_elements(r, v, *FIELD)
    assert np.ptp(got.semi_major_axis_m) < case[5]
    assert np.mean(got.semi_major_axis_m) == pytest.approx(orbit.semi_major_axis_m, abs=case[5])
    assert np.max(np.abs(got.eccentricity - orbit.eccentricity)) < case[6]
    assert np.max(np.abs(got.inclination_rad - orbit.inclination_rad)) < 1e-6
    # Averaged over the revolution the osculating one is the mean one to second order.
    osculating = elements_from_state(r, v, MU).semi_major_axis_m
    average = np.trapezoid(osculating, t) / period
    assert average == pytest.approx(orbit.semi_major_axis_m, abs=max(20.0, case[5]))


@pytest.mark.parametrize("case", CASES)
def test_there_and_back(case: tuple[float, ...]) -> None:
    orbit = start(case)
    r, v = mean.osculating_state(orbit, *FIELD)
    back, speed = mean.mean_state(r, v, *FIELD)
    want = state_from_elements(orbit, MU)
    assert back == pytest.approx(want[0], abs=1e-6)
    assert speed == pytest.approx(want[1], abs=1e-9)


def test_the_node_drifts_at_the_secular_rate() -> None:
    orbit = start(CASES[1])
    rates = mean.secular_rates(
        orbit.semi_major_axis_m, orbit.eccentricity, orbit.inclination_rad, *FIELD
    )
    _, r, v = fly(*mean.osculating_state(orbit, *FIELD), 5400.0)
    got = mean.mean_elements(r, v, *FIELD)
    drift = (got.raan_rad[-1] - got.raan_rad[0]) / 5400.0
    assert drift == pytest.approx(rates.raan_rad_s, rel=3e-3)
    # 200 km, 51.7 deg: the plane falls back about five and a half degrees a day.
    assert math.degrees(rates.raan_rad_s) * 86400.0 == pytest.approx(-5.54, abs=0.05)


@pytest.mark.parametrize("tilt_deg", [0.0, 1e-4, 28.5, 63.4, 90.0, 97.4, 179.9999, 180.0])
@pytest.mark.parametrize("latitude", [0.0, 0.8, 2.2, 5.0])
def test_the_circular_form_is_the_limit_of_the_general_one(
    tilt_deg: float, latitude: float
) -> None:
    tilt, a = math.radians(tilt_deg), R + 300e3
    r, v = mean.osculating_state(Elements.keplerian(a, 0.0, tilt, 0.3, 0.0, latitude), *FIELD)
    radius, radial, along, osculating = mean.circular_osculating(a, tilt, r, v, *FIELD)
    size = float(np.linalg.norm(r))
    assert radius == pytest.approx(size, abs=1.0)
    assert radial == pytest.approx(float(r @ v) / size, abs=2e-3)
    assert along == pytest.approx(float(np.linalg.norm(np.cross(r, v))) / size, abs=2e-3)
    assert osculating == pytest.approx(elements_from_state(r, v, MU).inclination_rad, abs=2e-6)


def test_osculating_and_mean_differ_by_kilometres_at_500_km() -> None:
    r, v = mean.osculating_state(start(CASES[0]), *FIELD)
    assert abs(float(np.linalg.norm(r)) - (R + 500e3)) > 2e3
    osculating = elements_from_state(r, v, MU).semi_major_axis_m
    assert 5e3 < abs(osculating - (R + 500e3)) < 20e3


def test_symbols_and_numbers_agree_and_derivatives_are_finite() -> None:
    a, tilt = R + 200e3, 0.0
    r, v = mean.osculating_state(Elements.keplerian(a, 0.0, tilt, 0.0, 0.0, 1.0), *FIELD)
    x, y, i = casadi.SX.sym("r", 3), casadi.SX.sym("v", 3), casadi.SX.sym("i")
    circle = casadi.vertcat(*mean.circular_osculating(a, i, x, y, *FIELD))
    general = casadi.vertcat(*mean.mean_state(x, y, *FIELD))
    slopes = casadi.jacobian(casadi.vertcat(circle, general), casadi.vertcat(x, y))
    built = casadi.Function("f", [x, y, i], [circle, general, slopes])
    got = built(r, v, tilt)
    assert np.all(np.isfinite(got[2].full()))
    assert got[0].full().ravel() == pytest.approx(
        np.array(mean.circular_osculating(a, tilt, r, v, *FIELD)), rel=1e-12, abs=1e-9
    )
    assert got[1].full().ravel() == pytest.approx(
        np.concatenate(mean.mean_state(r, v, *FIELD)), rel=1e-12, abs=1e-6
    )


def test_without_j2_nothing_changes() -> None:
    r, v = state_from_elements(start(CASES[5]), MU)
    same, speed = mean.mean_state(r, v, MU, R, 0.0)
    assert same == pytest.approx(r, rel=1e-14)
    assert speed == pytest.approx(v, rel=1e-14)


def test_an_open_orbit_has_no_mean_elements() -> None:
    with pytest.raises(InputError, match="closed"):
        mean.mean_elements([7e6, 0.0, 0.0], [0.0, 12e3, 0.0], *FIELD)
