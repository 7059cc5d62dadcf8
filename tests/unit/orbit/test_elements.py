import math
from typing import Any

import casadi
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmodrome.errors import CosmodromeError, InputError, ShapeError
from cosmodrome.orbit import elements as el

MU = 3.986004418e14
R = 6378137.0


def test_a_textbook_state_gives_the_textbook_elements() -> None:
    # Vallado, Fundamentals of Astrodynamics and Applications, example 2-5.
    got = el.elements_from_state(
        [6524834.0, 6862875.0, 6448296.0], [4901.327, 5533.756, -1976.341], 3.986004418e14
    )
    assert got.semi_latus_rectum_m == pytest.approx(11067790.0, abs=30.0)
    assert got.semi_major_axis_m == pytest.approx(36127343.0, abs=200.0)
    assert got.eccentricity == pytest.approx(0.832853, abs=2e-6)
    angles = (got.inclination_rad, got.raan_rad, got.argp_rad, got.true_anomaly_rad)
    assert np.degrees(angles) == pytest.approx([87.870, 227.898, 53.38, 92.335], abs=6e-3)


def test_a_textbook_propagation() -> None:
    # Vallado, example 2-4: 40 minutes; printed to 0.1 m and 1 mm/s.
    r, v = el.kepler_propagate(
        [1131340.0, -2282343.0, 6672423.0], [-5643.05, 4303.33, 2428.79], MU, 2400.0
    )
    assert r == pytest.approx([-4219752.7, 4363029.2, -3958766.6], abs=1.0)
    assert v == pytest.approx([3689.866, -1916.735, -6112.511], abs=2e-3)


@st.composite
def orbits(draw: Any) -> el.Elements:
    e = draw(st.sampled_from([0.0, 1e-14, 1e-7, 0.3, 0.99, 1.0, 1.0 + 1e-9, 1.5, 8.0]))
    tilts = [0.0, 1e-13, 1e-6, 0.5, math.pi / 2, 2.5, math.pi - 1e-6, math.pi]
    limit = math.pi if e < 1.0 else 0.9 * math.acos(-1.0 / e)
    angle = st.floats(0.0, 6.28)
    return el.Elements(
        draw(st.floats(6.6e6, 4e8)) * (1.0 + e),
        e,
        draw(st.sampled_from(tilts)),
        draw(angle),
        draw(angle),
        draw(st.floats(-limit, limit)),
    )


@settings(max_examples=300, deadline=None)
@given(orbits())
def test_state_to_elements_and_back_keeps_the_state(orbit: el.Elements) -> None:
    r, v = el.state_from_elements(orbit, MU)
    found = el.elements_from_state(r, v, MU)
    r2, v2 = el.state_from_elements(found, MU)
    assert np.linalg.norm(r2 - r) < 1e-10 * np.linalg.norm(r)
    assert np.linalg.norm(v2 - v) < 1e-10 * np.linalg.norm(v)
    for angle in (found.raan_rad, found.argp_rad, found.true_anomaly_rad):
        assert 0.0 <= angle < 2.0 * math.pi


@settings(max_examples=200, deadline=None)
@given(orbits(), st.floats(-2e5, 2e5))
def test_there_and_back_in_time(orbit: el.Elements, dt: float) -> None:
    r, v = el.state_from_elements(orbit, MU)
    far, speed = el.kepler_propagate(r, v, MU, dt)
    assert el.c3(far, speed, MU) == pytest.approx(el.c3(r, v, MU), abs=1e-8 * MU / 6.6e6)
    assert el.angular_momentum(far, speed) == pytest.approx(
        el.angular_momentum(r, v), abs=1e-8 * float(np.linalg.norm(el.angular_momentum(r, v)))
    )
    back, _ = el.kepler_propagate(far, speed, MU, -dt)
    size = max(float(np.linalg.norm(r)), float(np.linalg.norm(far)))
    assert np.linalg.norm(back - r) < 1e-8 * size


def test_singular_orbits_follow_the_stated_convention() -> None:
    speed = math.sqrt(MU / 7e6)
    prograde = el.elements_from_state([0.0, 7e6, 0.0], [-speed, 0.0, 0.0], MU)
    assert prograde.raan_rad == 0.0
    assert prograde.argp_rad == 0.0
    assert prograde.argument_of_latitude_rad == pytest.approx(math.pi / 2)
    retrograde = el.elements_from_state([0.0, 7e6, 0.0], [speed, 0.0, 0.0], MU)
    assert retrograde.inclination_rad == pytest.approx(math.pi)
    assert retrograde.true_anomaly_rad == pytest.approx(3 * math.pi / 2)
    polar = el.elements_from_state([7e6, 0.0, 0.0], [0.0, 0.0, -speed], MU)
    assert polar.inclination_rad == pytest.approx(math.pi / 2)
    assert polar.argument_of_latitude_rad == pytest.approx(math.pi)  # heading south here


def test_many_states_at_once_equal_one_by_one() -> None:
    rng = np.random.default_rng(4)
    r = rng.normal(size=(2, 5, 3)) * 1e7
    v = rng.normal(size=(2, 5, 3)) * 5e3
    together = el.elements_from_state(r, v, MU)
    alone = el.elements_from_state(r[1, 3], v[1, 3], MU)
    assert together.argp_rad.shape == (2, 5)
    assert together.argp_rad[1, 3] == pytest.approx(alone.argp_rad, abs=1e-12)
    rk, _ = el.kepler_propagate(r, v, MU, np.full((2, 5), 1e4))
    assert rk[1, 3] == pytest.approx(el.kepler_propagate(r[1, 3], v[1, 3], MU, 1e4)[0], rel=1e-11)


def test_apsides_by_state_and_by_elements_agree() -> None:
    r, v = el.state_from_elements(el.Elements.keplerian(8e6, 0.1, 1.0, 2.0, 3.0, 4.0), MU)
    assert el.perigee_radius(r, v, MU) == pytest.approx(7.2e6)
    assert el.apogee_radius(r, v, MU) == pytest.approx(8.8e6)
    assert el.semi_major_axis(r, v, MU) == pytest.approx(8e6)
    assert el.elements_from_state(r, v, MU).apogee_radius_m == pytest.approx(8.8e6)
    assert el.apogee_radius(r, 2.0 * v, MU) == np.inf


def test_the_asymptote_is_where_the_body_goes() -> None:
    r, v = el.state_from_elements(el.Elements(2e7, 1.4, 0.7, 1.0, 2.0, 0.3), MU)
    far, _ = el.kepler_propagate(r, v, MU, 1e9)
    want = far / np.linalg.norm(far)
    assert el.asymptote(r, v, MU) == pytest.approx(want, abs=1e-4)
    assert el.asymptote_declination(r, v, MU) == pytest.approx(math.asin(want[2]), abs=1e-4)
    assert np.linalg.norm(el.asymptote(r, v, MU)) == pytest.approx(1.0, abs=1e-14)


def test_a_closed_orbit_has_no_asymptote() -> None:
    assert np.all(np.isnan(el.asymptote([7e6, 0.0, 0.0], [0.0, 7e3, 0.0], MU)))


def test_symbols_and_numbers_agree() -> None:
    r, v = np.array([7e6, 1e5, 2e6]), np.array([300.0, 9000.0, 7000.0])
    x, y = casadi.SX.sym("r", 3), casadi.SX.sym("v", 3)
    built = casadi.Function(
        "f",
        [x, y],
        [
            el.angular_momentum(x, y),
            el.eccentricity_vector(x, y, MU),
            el.c3(x, y, MU),
            el.perigee_radius(x, y, MU),
            el.asymptote_declination(x, y, MU),
            *el.kepler_propagate(x, y, MU, 3000.0),
        ],
    )
    numbers = (
        el.angular_momentum(r, v),
        el.eccentricity_vector(r, v, MU),
        el.c3(r, v, MU),
        el.perigee_radius(r, v, MU),
        el.asymptote_declination(r, v, MU),
        *el.kepler_propagate(r, v, MU, 3000.0),
    )
    for symbolic, number in zip(built(r, v), numbers, strict=True):
        assert symbolic.full().ravel() == pytest.approx(np.ravel(number), rel=1e-11)


@pytest.mark.parametrize("e", [0.0, 0.02, 0.3, 0.73, 0.95])
def test_symbolic_propagation_within_a_revolution(e: float) -> None:
    r, v = el.state_from_elements(el.Elements.keplerian(6.6e6 / (1 - e), e, 0.5, 0.1, 0.2, 0.3), MU)
    t = casadi.SX.sym("t")
    flown = casadi.Function("f", [t], list(el.kepler_propagate(casadi.SX(r), casadi.SX(v), MU, t)))
    period = 2.0 * math.pi * math.sqrt((6.6e6 / (1 - e)) ** 3 / MU)
    for part in (0.0, 0.1, 0.4, 0.5, 0.9):
        want = el.kepler_propagate(r, v, MU, part * period)
        got = flown(part * period)
        assert got[0].full().ravel() == pytest.approx(want[0], abs=1e-3)


def test_delta_v_to_geostationary() -> None:
    # The industry's round figures: about 1500 m/s from Kourou's 7 deg (Ariane 5
    # user's manual, GTO), about 1800 m/s from the Cape.
    kourou = el.delta_v_to_geo(R + 250e3, R + 35786e3, math.radians(6.0), MU)
    cape = el.delta_v_to_geo(R + 185e3, R + 35786e3, math.radians(27.0), MU)
    assert kourou == pytest.approx(1500.0, abs=20.0)
    assert cape == pytest.approx(1800.0, abs=30.0)
    geo = el.geostationary_radius(MU)
    assert geo == pytest.approx(42164.2e3, abs=200.0)
    assert el.delta_v_to_geo(geo, geo, 0.0, MU) == pytest.approx(0.0, abs=1e-6)


def test_delta_v_to_geostationary_by_hand_and_by_trend() -> None:
    low, geo = 6563137.0, el.geostationary_radius(MU)
    at_apogee = math.sqrt(2 * MU * low / (geo * (low + geo)))
    circular = math.sqrt(MU / geo)
    i = 0.5
    by_cosines = math.sqrt(at_apogee**2 + circular**2 - 2 * at_apogee * circular * math.cos(i))
    assert el.delta_v_to_geo(low, geo, i, MU) == pytest.approx(by_cosines, rel=1e-12)
    higher = el.delta_v_to_geo(low, 1.5 * geo, i, MU)
    assert higher < by_cosines  # supersynchronous transfer turns the plane cheaper
    whole = el.delta_v_to_geo(low, low, math.radians(28.5), MU)
    shared = el.delta_v_to_geo(low, low, math.radians(28.5), MU, share_plane_change=True)
    assert 20.0 < whole - shared < 50.0


def test_wrong_input_is_refused_by_name() -> None:
    with pytest.raises(ShapeError):
        el.elements_from_state([1.0, 2.0], [1.0, 2.0], MU)
    with pytest.raises(CosmodromeError, match="orbital plane"):
        el.elements_from_state([7e6, 0.0, 0.0], [100.0, 0.0, 0.0], MU)
    with pytest.raises(CosmodromeError, match="asymptote"):
        el.state_from_elements(el.Elements(1e7, 1.5, 0.0, 0.0, 0.0, 3.0), MU)
    with pytest.raises(InputError):
        el.delta_v_to_geo(8e6, 7e6, 0.0, MU)
