import math

import numpy as np
import pytest

from cosmodrome.errors import FrameError
from cosmodrome.world.epoch import EarthOrientation, Epoch
from cosmodrome.world.frames import (
    EARTH_ROTATION_RAD_S,
    FRAMES,
    apparent_sidereal_angle_rad,
    rotation,
    rotations,
    rtn_axes,
    turn_state,
)

NOW = Epoch.parse("2027-03-20T12:00:00Z")


@pytest.mark.parametrize("start", FRAMES)
@pytest.mark.parametrize("end", FRAMES)
def test_rotations_are_proper_and_undo_each_other(start: str, end: str) -> None:
    turn = rotation(start, end, NOW)
    assert turn @ turn.T == pytest.approx(np.eye(3), abs=1e-14)
    assert np.linalg.det(turn) == pytest.approx(1.0)
    assert rotation(end, start, NOW) == pytest.approx(turn.T, abs=1e-14)


def test_tod_is_the_equator_of_date_and_its_x_axis_the_equinox() -> None:
    # 27 years of precession: 50.3"/yr along the ecliptic, 20.0"/yr of the pole.
    to_tod = rotation("EME2000", "TOD", NOW)
    pole = math.acos(to_tod[2, 2])
    assert math.degrees(pole) * 3600.0 == pytest.approx(27.2 * 20.04, abs=15.0)
    along = math.atan2(to_tod[1, 0], to_tod[0, 0])
    assert math.degrees(along) * 3600.0 == pytest.approx(27.2 * 46.1, abs=20.0)


def test_greenwich_stands_at_the_apparent_sidereal_angle() -> None:
    still = EarthOrientation.constant(-37.0)
    angle = apparent_sidereal_angle_rad(NOW, still)
    x, y, _ = rotation("ITRF", "TOD", NOW, still) @ [1.0, 0.0, 0.0]
    assert math.atan2(y, x) % (2.0 * math.pi) == pytest.approx(angle, abs=1e-9)
    # Near the March equinox Greenwich at noon looks at the equinox.
    assert min(angle, 2.0 * math.pi - angle) < 0.05


def test_the_earth_turns_at_its_rate() -> None:
    hour = 3600.0
    turned = apparent_sidereal_angle_rad(NOW + hour) - apparent_sidereal_angle_rad(NOW)
    assert turned % (2.0 * math.pi) == pytest.approx(EARTH_ROTATION_RAD_S * hour, abs=1e-7)


def test_many_instants_equal_one_by_one() -> None:
    t = np.linspace(-4000.0, 86400.0, 997)
    for pair in (("GCRF", "ITRF"), ("TEME", "ITRF"), ("GCRF", "TOD")):
        together = rotations(*pair, NOW, t)
        for k in (0, 5, 500, 996):
            alone = rotation(*pair, NOW + float(t[k]))
            assert together[k] == pytest.approx(alone, abs=2e-12)


@pytest.mark.parametrize("frame", [f for f in FRAMES if f != "ITRF"])
def test_earth_fixed_velocity_is_the_derivative_of_earth_fixed_position(frame: str) -> None:
    r, v = np.array([7e6, 1e5, 2e6]), np.array([100.0, 7000.0, 2000.0])
    t = np.array([-1.0, 0.0, 1.0])
    path = r + np.outer(t, v)
    fixed, speed = turn_state(frame, "ITRF", NOW, t, path, np.tile(v, (3, 1)))
    assert (fixed[2] - fixed[0]) / 2.0 == pytest.approx(speed[1], abs=1e-4)
    back, again = turn_state("ITRF", frame, NOW, t, fixed, speed)
    assert back == pytest.approx(path, abs=1e-7)
    assert again[1] == pytest.approx(v, abs=1e-9)


def test_standing_on_the_ground_is_no_velocity() -> None:
    spot = np.array([[6378137.0, 0.0, 0.0]])
    _, v = turn_state("ITRF", "GCRF", NOW, np.zeros(1), spot, np.zeros((1, 3)))
    assert np.linalg.norm(v) == pytest.approx(465.1, abs=0.1)


def test_unknown_frames_are_refused_by_name() -> None:
    for pair in (("ECI", "ITRF"), ("GCRF", "J2000")):
        with pytest.raises(FrameError, match="EME2000"):
            rotation(*pair, NOW)


def test_a_satellites_own_axes() -> None:
    r = np.array([[7e6, 0.0, 0.0], [0.0, 7e6, 0.0]])
    v = np.array([[100.0, 0.0, 7.5e3], [-7.5e3, 0.0, 0.0]])
    axes = rtn_axes(r, v)
    assert axes[0] == pytest.approx(np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]]), abs=1e-15)
    assert axes[1] == pytest.approx(np.array([[0, 1, 0], [-1, 0, 0], [0, 0, 1]]), abs=1e-15)
    for turn, velocity in zip(axes, v, strict=True):
        assert turn @ turn.T == pytest.approx(np.eye(3), abs=1e-15)
        assert (turn @ velocity)[2] == pytest.approx(0.0, abs=1e-9)
        assert (turn @ velocity)[1] > 0.0
    assert rtn_axes(r[0], v[0]).shape == (3, 3)
    with pytest.raises(FrameError, match="one line"):
        rtn_axes(r, 2.0 * r)
