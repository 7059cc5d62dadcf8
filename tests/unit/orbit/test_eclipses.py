import math

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.orbit.eclipses import SUN_RADIUS_M, Shadow, find_eclipses, sun_profile, sunlit
from cosmodrome.orbit.elements import Elements, state_from_elements
from cosmodrome.orbit.motion import TwoBody
from cosmodrome.world.ephemeris import sun_m
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import turn_state
from cosmodrome.world.state import State

START = Epoch.parse("2027-03-20T12:00:00Z")
MU = 3.986004418e14
EARTH = 6378137.0


def orbit(a: float, e: float, tilt_deg: float, raan_deg: float = 0.0) -> TwoBody:
    angles = (math.radians(tilt_deg), math.radians(raan_deg), 0.3, 0.0)
    return TwoBody(
        State(START, "GCRF", *state_from_elements(Elements.keplerian(a, e, *angles), MU))
    )


LOW = orbit(6.9e6, 0.001, 51.6)


def angle(motion: TwoBody, t: float, inner: bool) -> float:
    """Angle from the Sun's centre to where its disc touches the Earth's, from the satellite."""
    r = motion.at(np.array([t]))[0][0]
    to_sun = sun_m(START, np.array([t]))[0] - r
    apart = math.atan2(np.linalg.norm(np.cross(-r, to_sun)), float(-r @ to_sun))
    earth = math.asin(EARTH / np.linalg.norm(r))
    sun = math.asin(SUN_RADIUS_M / np.linalg.norm(to_sun))
    return apart - (earth - sun if inner else earth + sun)


def contact_error_s(motion: TwoBody, t: float, inner: bool) -> float:
    rate = angle(motion, t + 0.5, inner) - angle(motion, t - 0.5, inner)
    return abs(angle(motion, t, inner) / rate)


@pytest.mark.parametrize(
    "motion", [LOW, orbit(2.65e7, 0.74, 63.4), orbit(4.2164e7, 0.0, 0.0), orbit(7.2e6, 0.0, 98.6)]
)
def test_contacts_are_where_the_discs_touch(motion: TwoBody) -> None:
    found = find_eclipses(motion, START, 2 * 86400.0)
    assert len(found) >= 1
    for one in found:
        for epoch, inner in (
            (one.penumbra_entry, False),
            (one.umbra_entry, True),
            (one.umbra_exit, True),
            (one.penumbra_exit, False),
        ):
            if epoch is not None:
                # 1e-5 s is what an angle of 1e-14 and the daily cubics of the Sun leave.
                assert contact_error_s(motion, epoch - START, inner) < 1e-5


@pytest.mark.parametrize("step", [0.5])
def test_none_is_missed_while_eclipses_begin_and_end(step: float) -> None:
    # 1150 km, plane turned so that the season of eclipses ends: short grazes come.
    for raan in np.arange(55.0, 70.0, 0.5):
        motion = orbit(EARTH + 1150e3, 0.0, 80.0, raan)
        t = np.arange(0.0, 7000.0, step)
        r, _ = motion.at(t)
        turned, _ = turn_state("GCRF", "ITRF", START, t, r, r)
        dark = ~sunlit(START, t, turned)
        edges = np.diff(dark.astype(int), prepend=0, append=0)
        found = find_eclipses(motion, START, 7000.0)
        umbras = [x for x in found if x.umbra_entry is not None or x.umbra_exit is not None]
        if int(dark[0]) == int(dark[-1]) == 0:
            long_enough = [x for x in umbras if x.umbra_s > step]
            assert np.sum(edges == 1) >= len(long_enough)
            assert np.sum(edges == 1) <= len(umbras)


def test_grazes_are_among_them() -> None:
    lengths = [
        one.umbra_s
        for raan in np.arange(50.0, 75.0, 0.25)
        for one in find_eclipses(orbit(EARTH + 1150e3, 0.0, 80.0, raan), START, 7000.0)
    ]
    assert 0.0 < min(x for x in lengths if x > 0.0) < 400.0
    assert max(lengths) > 1000.0


def test_cut_at_both_ends() -> None:
    whole = find_eclipses(LOW, START, 6000.0)
    one = next(x for x in whole if x.umbra_entry and x.umbra_exit)
    assert one.umbra_entry is not None
    middle = one.umbra_entry + 0.5 * one.umbra_s
    (cut,) = find_eclipses(LOW, middle, 60.0)
    assert (cut.penumbra_entry, cut.umbra_entry, cut.umbra_exit, cut.penumbra_exit) == (None,) * 4
    (after,) = find_eclipses(LOW, middle, 0.5 * one.umbra_s + 60.0)
    assert after.umbra_entry is None
    assert after.umbra_exit is not None
    assert one.umbra_exit is not None
    assert after.umbra_exit - one.umbra_exit == pytest.approx(0.0, abs=1e-5)


def test_an_oblate_earth_and_the_apparent_sun_shift_contacts() -> None:
    polar = orbit(7.0e6, 0.0, 90.0, 10.0)
    (first, *_) = find_eclipses(polar, START, 6000.0)
    (flat, *_) = find_eclipses(polar, START, 6000.0, shadow=Shadow(flattening=1 / 298.257))
    (seen, *_) = find_eclipses(polar, START, 6000.0, shadow=Shadow(apparent=True))
    assert first.umbra_entry and flat.umbra_entry and seen.umbra_entry  # noqa: PT018 - one thing
    assert flat.umbra_s < first.umbra_s - 1.0
    # 20" of aberration is 0.1 s of a low orbit, at most.
    assert 1e-3 < abs(seen.umbra_entry - first.umbra_entry) < 0.15


def test_the_profile_is_what_a_circle_gives() -> None:
    days = np.arange(0.0, 365.0, 7.0)
    a = EARTH + 700e3
    turning = sun_profile(orbit(a, 0.0, 30.0, 180.0), START, 86400.0 * days)
    sine = EARTH / a
    # Cylinder: half the arc in shadow has cosine sqrt(1 - (R/a)^2) / cos(beta).
    ratio = math.sqrt(1.0 - sine**2) / np.cos(turning.beta_rad)
    want = np.where(ratio < 1.0, np.arccos(np.minimum(ratio, 1.0)) / math.pi, 0.0)
    assert turning.period_s == pytest.approx(2.0 * math.pi * math.sqrt(a**3 / MU), rel=1e-6)
    middle = 0.5 * (turning.umbra_s + turning.penumbra_s) / turning.period_s
    assert middle == pytest.approx(want, abs=2e-3)
    assert np.all(turning.penumbra_s > turning.umbra_s)
    # The Sun wanders 23.4 deg to both sides of a plane tilted by 30.
    assert np.degrees(np.ptp(turning.beta_rad)) > 100.0


@pytest.mark.parametrize(
    "change", [{"earth_radius_m": 1.0}, {"flattening": 0.5}, {"sun_radius_m": -1.0}]
)
def test_absurd_shadows_are_refused(change: dict) -> None:
    with pytest.raises(InputError, match="out of range"):
        Shadow(**change)


def test_beyond_the_ephemeris_is_said_with_its_distance() -> None:
    late = Epoch.parse("2060-01-01T00:00:00Z")
    r, v = LOW.at(np.zeros(1))
    state = State(late, "GCRF", r[0], v[0])
    with pytest.raises(InputError, match="days past its end"):
        find_eclipses(TwoBody(state), late, 6000.0)
