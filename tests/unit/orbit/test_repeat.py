import math

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.orbit.elements import Elements
from cosmodrome.orbit.motion import Secular
from cosmodrome.orbit.repeat import frozen_eccentricity, repeat_orbits
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import turn_state

START = Epoch.parse("2027-03-20T12:00:00Z")


# Flown cycles: days, revolutions, mean semi-major axis or height, inclination. Landsat 8:
# 16 days, 233, a 7077.7 km, 98.2 deg (USGS); Sentinel-2: 10, 143, 786 km, 98.62; Sentinel-1:
# 12, 175, 693 km, 98.18 (ESA); Envisat: 35, 501, a 7159.5 km, 98.55 (ESA).
@pytest.mark.parametrize(
    ("days", "turns", "axis_km", "tilt"),
    [
        (16, 233, 7077.7, 98.2),
        (10, 143, 7164.1, 98.62),
        (12, 175, 7071.1, 98.18),
        (35, 501, 7159.5, 98.55),
    ],
)
def test_flown_sun_synchronous_cycles(days: int, turns: int, axis_km: float, tilt: float) -> None:
    wished = 1e3 * axis_km - 6378137.0
    found = repeat_orbits(days, wished)[0]
    assert found.revolutions == turns
    assert found.semi_major_axis_m == pytest.approx(1e3 * axis_km, abs=500.0)
    assert math.degrees(found.inclination_rad) == pytest.approx(tilt, abs=0.06)
    assert found.sun_synchronous


def test_topex() -> None:
    # Bhat et al. 1998: a 7714.4278 km, i 66.04 deg, 127 revolutions in 10 nodal days, e 9.5e-5.
    (found, *_) = repeat_orbits(10, 1336e3, inclination_rad=math.radians(66.04), frozen=False)
    assert found.revolutions == 127
    assert found.semi_major_axis_m == pytest.approx(7714427.8, abs=20.0)
    assert found.eccentricity == 0.0


def test_the_track_closes() -> None:
    found = repeat_orbits(3, 500e3)[0]
    elements = Elements.keplerian(
        found.semi_major_axis_m,
        found.eccentricity,
        found.inclination_rad,
        1.0,
        found.argp_rad,
        -found.argp_rad % (2 * math.pi),
    )
    # The perigee is held by J3, which this motion leaves out: without waves and drift of
    # the perigee only the node's longitude is looked at.
    motion = Secular(START, "TOD", elements, osculating=False)
    t = np.array([0.0, found.revolutions * found.nodal_period_s])
    r, v = motion.at(t)
    fixed, _ = turn_state("TOD", "ITRF", START, t, r, v)
    longitude = np.arctan2(fixed[:, 1], fixed[:, 0])
    # 1e-3 of a revolution of the perigee's drift moves the satellite along, not the cycle.
    apart = (longitude[1] - longitude[0] + math.pi) % (2 * math.pi) - math.pi
    assert abs(apart) * 6378137.0 < 10e3
    assert found.nodal_period_s * found.revolutions == pytest.approx(3 * 86400.0, rel=1e-9)


def test_they_come_nearest_first_and_cycles_are_not_multiples() -> None:
    found = repeat_orbits(16, 705e3, within_m=150e3)
    far = [abs(one.altitude_m - 705e3) for one in found]
    assert far == sorted(far)
    assert far[-1] <= 150e3
    assert all(math.gcd(one.revolutions, 16) == 1 for one in found)
    assert len(found) > 5


def test_the_nearest_is_given_even_if_it_is_far() -> None:
    (found,) = repeat_orbits(1, 420e3, within_m=10e3)
    assert (found.days, found.revolutions) == (1, 15)
    assert found.track_spacing_m == pytest.approx(2 * math.pi * 6378137.0 / 15)


def test_frozen_eccentricity() -> None:
    # ERS and Envisat flew e = 0.001165 (ESA), by the whole field; J3 alone gives a tenth less.
    got = frozen_eccentricity(7159.5e3, math.radians(98.55))
    assert got == pytest.approx(0.001165, rel=0.15)


@pytest.mark.parametrize(
    ("days", "altitude_m", "more", "key"),
    [
        (0, 500e3, {}, "days"),
        (500, 500e3, {}, "days"),
        (10, 10e3, {}, "altitude"),
        (10, math.nan, {}, "altitude"),
        (10, 500e3, {"inclination_rad": 4.0}, "inclination"),
    ],
)
def test_bad_wishes_are_refused(days: int, altitude_m: float, more: dict, key: str) -> None:
    with pytest.raises(InputError) as caught:
        repeat_orbits(days, altitude_m, **more)
    assert caught.value.key == key
