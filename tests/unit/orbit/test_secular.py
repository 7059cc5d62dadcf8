import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.orbit.elements import Elements, elements_from_state, state_from_elements
from cosmodrome.orbit.forces import ForceModel
from cosmodrome.orbit.mean import secular_rates
from cosmodrome.orbit.propagate import propagate
from cosmodrome.orbit.secular import Secular, brouwer_rates, mean_from_true, true_from_mean
from cosmodrome.orbit.sun import sun_synchronous_inclination
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.gravity_field import GravityField, egm96
from cosmodrome.world.state import State

NOW = Epoch.parse("2025-03-20T12:00:00Z")
EARTH = Environment()
J2_ONLY = Environment(zonals=(1e-9, 0.0, 0.0))


@pytest.mark.parametrize("e", [0.0, 1e-9, 0.1, 0.7, 0.95, 0.999])
def test_anomalies_undo_each_other(e: float) -> None:
    true = np.linspace(-9.0, 9.0, 301)
    mean = mean_from_true(true, e)
    assert true_from_mean(mean, e) == pytest.approx(true, abs=2e-12 / (1.0 - e))
    assert np.all(np.diff(mean) > 0.0)
    # Kepler's equation itself, by the eccentric anomaly.
    half = np.arctan2(np.sqrt(1 - e) * np.sin(true / 2), np.sqrt(1 + e) * np.cos(true / 2))
    want = 2.0 * half - e * np.sin(2.0 * half)
    assert np.exp(1j * mean) == pytest.approx(np.exp(1j * want), abs=1e-12)


@pytest.mark.parametrize(("e", "i"), [(0.0, 0.3), (0.05, 1.7), (0.7, 1.1)])
def test_first_order_is_the_known_one(e: float, i: float) -> None:
    a = 9e6 / (1.0 - e)
    got = brouwer_rates(a, e, i, J2_ONLY)
    want = secular_rates(a, e, i, J2_ONLY.mu_m3_s2, J2_ONLY.gravity_radius_m, 1e-9)
    assert got.raan_rad_s == pytest.approx(want.raan_rad_s, rel=1e-6)
    assert got.argp_rad_s == pytest.approx(want.argp_rad_s, rel=1e-5)
    assert got.mean_anomaly_rad_s == pytest.approx(want.mean_anomaly_rad_s, rel=1e-12)


def test_second_order_at_zero_eccentricity_is_sgp4s() -> None:
    # Spacetrack Report 3 has the terms of J2 squared and J4 for e = 0.
    a, i = 7.0e6, 0.9
    j2, _, j4 = EARTH.zonals
    p2 = (EARTH.gravity_radius_m / a) ** 2
    n, c2 = np.sqrt(EARTH.mu_m3_s2 / a**3), np.cos(i) ** 2
    one, four = 1.5 * j2 * p2 * n, -0.46875 * j4 * p2**2 * n
    # "temp2" of the report is temp1 J2 / 2 over p squared.
    two = 0.5 * one * j2 * p2
    node = np.cos(i) * (-one + 0.5 * two * (4 - 19 * c2) + 2 * four * (3 - 7 * c2))
    perigee = (
        -0.5 * one * (1 - 5 * c2)
        + 0.0625 * two * (7 - 114 * c2 + 395 * c2**2)
        + four * (3 - 36 * c2 + 49 * c2**2)
    )
    got = brouwer_rates(a, 0.0, i)
    assert got.raan_rad_s == pytest.approx(node, rel=1e-12)
    assert got.argp_rad_s == pytest.approx(perigee, rel=1e-12)


def zonal_model() -> tuple[ForceModel, Environment]:
    field = egm96(20)
    c = np.zeros((5, 5))
    c[:, 0] = field.c[:5, 0]
    zonal = GravityField("J2 to J4", field.mu_m3_s2, field.radius_m, c, np.zeros((5, 5)))
    terms = (zonal.zonal(2), zonal.zonal(3), zonal.zonal(4))
    earth = Environment(mu_m3_s2=field.mu_m3_s2, zonals=terms, gravity_radius_m=field.radius_m)
    return ForceModel(zonal, None, None), earth


@pytest.mark.parametrize(("a", "e", "i"), [(6.9e6, 0.001, 1.7), (7.2e6, 0.02, 0.9)])
def test_a_day_against_the_numerical_orbit(a: float, e: float, i: float) -> None:
    model, earth = zonal_model()
    state = State(
        NOW, "TOD", *state_from_elements(Elements.keplerian(a, e, i, 1.0, 1.2, 0.3), earth.mu_m3_s2)
    )
    flown = propagate(state, np.linspace(0.0, 86400.0, 49), model)
    r, v = Secular.from_state(state, earth).at(flown.t_s)
    assert r[0] == pytest.approx(state.r_m, abs=1e-3)
    assert float(np.max(np.linalg.norm(r - flown.r_m, axis=1))) < 7500.0
    got, want = (
        elements_from_state(*pair, earth.mu_m3_s2).raan_rad
        for pair in ((r, v), (flown.r_m, flown.v_m_s))
    )
    assert float(np.max(np.abs(np.angle(np.exp(1j * (got - want)))))) < np.radians(6e-4)
    # It turned a thousand times as far, so that first-order rates would not pass.
    first = secular_rates(a, e, i, earth.mu_m3_s2, earth.gravity_radius_m, earth.zonals[0])
    second = brouwer_rates(a, e, i, earth)
    assert abs(first.raan_rad_s - second.raan_rad_s) * 86400.0 > np.radians(6e-4)


def test_a_sun_synchronous_node_keeps_pace() -> None:
    # The inclination is of first order, the rates of second: 0.3 % apart.
    a = 6378137.0 + 600e3
    i = sun_synchronous_inclination(
        a, 0.001, EARTH.mu_m3_s2, EARTH.gravity_radius_m, EARTH.zonals[0]
    )
    orbit = Secular(NOW, "TOD", Elements.keplerian(a, 0.001, i), EARTH)
    turned = orbit.elements_at([0.0, 365.24219 * 86400.0]).raan_rad
    rate = orbit.rates.raan_rad_s * 365.24219 * 86400.0
    assert rate == pytest.approx(2.0 * np.pi, rel=4e-3)
    assert turned[1] == pytest.approx(rate % (2.0 * np.pi), abs=1e-9)


def test_mean_elements_alone_make_an_ellipse() -> None:
    mean = Elements.keplerian(7e6, 0.01, 1.0, 0.1, 0.2, 0.3)
    plain = Secular(NOW, "TEME", mean, EARTH, osculating=False)
    r, v = plain.at([0.0])
    want = state_from_elements(mean, EARTH.mu_m3_s2)
    assert r[0] == pytest.approx(want[0], abs=1e-6)
    assert v[0] == pytest.approx(want[1], abs=1e-9)
    waves = Secular(NOW, "TEME", mean, EARTH).at([0.0])[0] - r
    assert 100.0 < float(np.linalg.norm(waves)) < 20e3


def test_wrong_frames_and_open_orbits_are_refused() -> None:
    mean = Elements.keplerian(7e6, 0.01, 1.0)
    with pytest.raises(InputError, match="equator of date"):
        Secular(NOW, "GCRF", mean)
    with pytest.raises(InputError, match="closed"):
        Secular(NOW, "TOD", Elements.keplerian(-7e6, 1.2, 1.0))
