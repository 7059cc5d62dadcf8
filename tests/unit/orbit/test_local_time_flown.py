"""Local time at the node against where a flown orbit really crosses the equator."""

import numpy as np
import pytest

from cosmodrome.orbit.elements import Elements, elements_from_state, state_from_elements
from cosmodrome.orbit.motion import TwoBody
from cosmodrome.orbit.sun import local_time_at_node
from cosmodrome.world.environment import Environment
from cosmodrome.world.ephemeris import sun_m
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import rotations
from cosmodrome.world.state import State

NOW = Epoch.parse("2027-11-03T06:00:00Z")
MU = Environment().mu_m3_s2


def crossing(inclination_rad: float, raan_rad: float) -> tuple[Epoch, np.ndarray, np.ndarray]:
    """Epoch, place and velocity (true of date) where the orbit goes north."""
    start = Elements.keplerian(7e6, 0.001, inclination_rad, raan_rad, 0.3, 4.0)
    motion = TwoBody(State(NOW, "TOD", *state_from_elements(start, MU)), MU)
    t = np.linspace(0.0, 6000.0, 6001)
    r, v = motion.at(t)
    k = int(np.flatnonzero((r[:-1, 2] < 0.0) & (r[1:, 2] >= 0.0))[0])
    exact = t[k] - r[k, 2] / v[k, 2]
    r, v = motion.at([exact])
    return NOW + float(exact), r[0], v[0]


def hours_apart(a: float, b: float) -> float:
    return abs((a - b + 12.0) % 24.0 - 12.0)


# Prograde, polar, sun-synchronous, and going backwards a degree off the equator.
@pytest.mark.parametrize("degrees", [1.0, 51.6, 90.0, 97.8, 140.0, 179.0])
@pytest.mark.parametrize("raan_rad", [0.1, 2.5, 5.9])
def test_where_it_goes_north_is_the_ascending_nodes_time(degrees: float, raan_rad: float) -> None:
    at, r, v = crossing(np.radians(degrees), raan_rad)
    raan = elements_from_state(r, v, MU).raan_rad
    assert np.exp(1j * raan) == pytest.approx(np.exp(1j * raan_rad), abs=1e-9)
    # Mean solar time on the meridian below is UT1 and its longitude.
    x, y, _ = rotations("TOD", "ITRF", at, 0.0)[0] @ r
    seconds = (at.tai_s - at.tai_minus_utc_s + at.ut1_minus_utc_s) % 86400.0
    below = seconds / 3600.0 + np.degrees(np.arctan2(y, x)) / 15.0
    assert hours_apart(local_time_at_node(raan, at), below) * 3600.0 < 0.1
    # The Sun seen from there: due south or north at noon, by its own right ascension.
    sun = sun_m(at, 0.0, "TOD", apparent=True)[0]
    behind = np.arctan2(r[1], r[0]) - np.arctan2(sun[1], sun[0])
    apparent = 12.0 + np.degrees(behind) / 15.0
    assert hours_apart(local_time_at_node(raan, at, sun="apparent"), apparent) * 3600.0 < 0.1


@pytest.mark.parametrize("inclination_rad", [0.0, np.pi])
def test_on_the_equator_the_node_is_the_equinox(inclination_rad: float) -> None:
    elements = Elements.keplerian(7e6, 0.0, inclination_rad, 0.0, 0.0, 1.0)
    raan = elements_from_state(*state_from_elements(elements, MU), MU).raan_rad
    sun = sun_m(NOW, 0.0, "TOD", apparent=True)[0]
    want = 12.0 - np.degrees(np.arctan2(sun[1], sun[0])) / 15.0
    assert hours_apart(local_time_at_node(raan, NOW, sun="apparent"), want) * 3600.0 < 0.1
