import math

import numpy as np
import pytest

from cosmodrome.orbit.motion import TwoBody
from cosmodrome.orbit.sun_angle import beta_rad, beta_track, sun_track
from cosmodrome.world.ephemeris import sun_m
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import State, in_frame

START = Epoch.parse("2027-06-21T14:11:00Z")


@pytest.mark.parametrize("frame", ["GCRF", "TEME"])
@pytest.mark.parametrize("apparent", [False, True])
def test_the_track_is_the_ephemeris(frame: str, apparent: bool) -> None:
    t = np.linspace(0.0, 30 * 86400.0, 101)
    place, rate = sun_track(START, 0.0, t[-1], frame, apparent=apparent).at(t)
    assert np.abs(place - sun_m(START, t, frame, apparent=apparent)).max() < 100.0
    later = sun_m(START, t + 100.0, frame, apparent=apparent)
    before = sun_m(START, t - 100.0, frame, apparent=apparent)
    assert np.abs(rate - (later - before) / 200.0).max() < 0.02


def test_beta_by_hand() -> None:
    x, y = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    assert beta_rad(x, y, np.array([0.0, 0.0, 3.0])) == pytest.approx(math.pi / 2)
    assert beta_rad(y, x, np.array([0.0, 1.0, 1.0])) == pytest.approx(-math.pi / 4)
    # Near the pole of the plane an arcsine would lose half its digits.
    assert beta_rad(x, y, np.array([1e-9, 0.0, 1.0])) == pytest.approx(
        math.pi / 2 - 1e-9, abs=1e-15
    )


def test_the_solstice_sun_stands_over_the_tropic() -> None:
    r, v = np.array([7e6, 0.0, 0.0]), np.array([0.0, 7546.0, 0.0])
    motion = TwoBody(State(START, "TOD", r, v))
    # Obliquity of date 2027: 23.4361 deg less nutation.
    got = math.degrees(beta_track(motion, START, 0.0, apparent=True)[0])
    assert got == pytest.approx(23.436, abs=2e-3)


def test_the_frame_of_the_motion_does_not_matter() -> None:
    state = State(START, "GCRF", np.array([4e6, 5e6, 3e6]), np.array([-5000.0, 3000.0, 4000.0]))
    t = np.array([0.0, 5000.0])
    want = beta_track(TwoBody(state), START, t)
    got = beta_track(TwoBody(in_frame(state, "TEME")), START, t)
    # Two-body planes stand still in their own frame; TEME turns by 4e-12 rad/s.
    assert got == pytest.approx(want, abs=1e-7)
