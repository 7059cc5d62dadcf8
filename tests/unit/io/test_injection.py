import math

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.io.injection import InjectionAccuracy, injection_covariance
from cosmodrome.orbit.elements import Elements, elements_from_state, state_from_elements
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import State

MU = 3.986004418e14
START = Epoch.parse("2027-03-20T12:00:00Z")


def state(e: float) -> State:
    one = Elements.keplerian(6878137.0 / (1.0 - e), e, 1.7, 1.0, 2.0, 0.7)
    return State(START, "GCRF", *state_from_elements(one, MU))


@pytest.mark.parametrize("e", [0.0, 0.01, 0.7])
def test_it_is_the_spread_of_drawn_orbits(e: float) -> None:
    here = state(e)
    # Far fewer metres than the orbit bends in, so that first order is enough.
    given = InjectionAccuracy(30.0, 20.0, 2e-6, 3e-6, 1e-6, 2e-6)
    named, matrix = injection_covariance(here, given)
    assert named == "RTN"
    rng = np.random.default_rng(7)
    n = 40000
    found = elements_from_state(here.r_m, here.v_m_s, MU)
    draw = lambda sigma: sigma * rng.normal(size=n)  # noqa: E731
    perigee = float(found.perigee_radius_m) + draw(given.perigee_m)
    apogee = float(found.apogee_radius_m) + draw(given.apogee_m)
    swapped = perigee > apogee  # of a circle: the lower end is the perigee then
    argp = float(found.argp_rad) + draw(given.argp_rad) + np.where(swapped, math.pi, 0.0)
    nu = float(found.true_anomaly_rad) + draw(given.along_track_rad)
    nu = nu - np.where(swapped, math.pi, 0.0)
    a, lower = (perigee + apogee) / 2.0, np.minimum(perigee, apogee)
    drawn = Elements.keplerian(
        a,
        1.0 - lower / a,
        float(found.inclination_rad) + draw(given.inclination_rad),
        float(found.raan_rad) + draw(given.raan_rad),
        argp,
        nu,
    )
    r, v = state_from_elements(drawn, MU)
    radial = here.r_m / np.linalg.norm(here.r_m)
    normal = np.cross(here.r_m, here.v_m_s)
    normal /= np.linalg.norm(normal)
    axes = np.stack([radial, np.cross(normal, radial), normal])
    spread = np.hstack([(r - here.r_m) @ axes.T, (v - here.v_m_s) @ axes.T])
    measured = np.cov(spread.T)
    scale = np.sqrt(np.outer(np.diag(matrix), np.diag(matrix)))
    assert np.max(np.abs(measured - matrix) / scale) < 0.03  # six sigma of 40000 draws


def test_a_tilt_alone_moves_along_the_normal_alone() -> None:
    _, matrix = injection_covariance(state(0.0), InjectionAccuracy(inclination_rad=1e-3))
    assert matrix[0, 0] == pytest.approx(0.0, abs=1e-3)
    assert math.sqrt(matrix[2, 2]) == pytest.approx(6878137.0 * 1e-3 * abs(math.sin(2.7)), rel=1e-6)


def test_nonsense_is_refused() -> None:
    with pytest.raises(InputError, match="standard deviation"):
        InjectionAccuracy(perigee_m=-1.0)
    still = State(START, "ITRF", state(0.0).r_m, state(0.0).v_m_s)
    with pytest.raises(InputError, match="does not turn"):
        injection_covariance(still, InjectionAccuracy())
    fast = State(START, "GCRF", state(0.0).r_m, 2.0 * state(0.0).v_m_s)
    with pytest.raises(InputError, match="open"):
        injection_covariance(fast, InjectionAccuracy())
