import math

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.orbit import sun
from cosmodrome.orbit.mean import secular_rates
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import rotation

MU, R, J2 = 3.986004418e14, 6378137.0, 1.08262982131e-3
NOON = Epoch.parse("2027-03-20T12:00:00Z")


@pytest.mark.parametrize("altitude_km", [300.0, 500.0, 800.0, 2000.0, 5000.0])
@pytest.mark.parametrize("e", [0.0, 0.02])
def test_the_node_goes_round_once_a_tropical_year(altitude_km: float, e: float) -> None:
    a = R + 1e3 * altitude_km
    tilt = sun.sun_synchronous_inclination(a, e, MU, R, J2)
    rate = secular_rates(a, e, tilt, MU, R, J2).raan_rad_s
    assert rate * 365.24219 * 86400.0 == pytest.approx(2.0 * math.pi, rel=1e-12)


@pytest.mark.parametrize(
    ("altitude_km", "degrees"),
    # Sentinel-2 786 km 98.62 deg (ESA handbook), Landsat 8 705 km 98.2 deg (USGS).
    [(786.0, 98.62), (705.0, 98.2)],
)
def test_flown_sun_synchronous_orbits(altitude_km: float, degrees: float) -> None:
    # The altitude of a mission is a mean over a lumpy Earth: 0.1 deg is 20 km.
    tilt = sun.sun_synchronous_inclination(R + 1e3 * altitude_km, 0.0, MU, R, J2)
    assert math.degrees(tilt) == pytest.approx(degrees, abs=0.1)


def test_too_high_to_be_sun_synchronous() -> None:
    with pytest.raises(InputError, match="5974 km"):
        sun.sun_synchronous_inclination(R + 6e6, 0.0, MU, R, J2)
    assert sun.sun_synchronous_inclination(R + 5.97e6, 0.0, MU, R, J2) > math.radians(170)


def test_the_sun_crosses_the_equator_at_the_equinox() -> None:
    # USNO, Earth's seasons: equinox 2027-03-20 20:25 UT, solstice 2027-06-21 14:11 UT.
    spring = sun.apparent_sun_right_ascension(Epoch.parse("2027-03-20T20:25:00Z"))
    assert (spring + math.pi) % (2 * math.pi) - math.pi == pytest.approx(0.0, abs=2e-5)
    summer = sun.apparent_sun_right_ascension(Epoch.parse("2027-06-21T14:11:00Z"))
    assert summer == pytest.approx(math.pi / 2, abs=2e-5)


@pytest.mark.parametrize(
    ("utc", "minutes"),
    # Equation of time, extremes of the year: -14.2 min in February, +16.4 in November.
    [("2027-02-11T12:00:00Z", -14.2), ("2027-11-03T12:00:00Z", 16.4)],
)
def test_mean_and_apparent_sun_differ_by_the_equation_of_time(utc: str, minutes: float) -> None:
    epoch = Epoch.parse(utc)
    mean = sun.local_time_at_node(1.0, epoch)
    apparent = sun.local_time_at_node(1.0, epoch, sun="apparent")
    assert (apparent - mean) * 60.0 == pytest.approx(minutes, abs=0.1)


def test_mean_local_time_is_ut1_plus_longitude() -> None:
    node = np.array([math.cos(1.2), math.sin(1.2), 0.0])
    x, y, _ = rotation("TOD", "ITRF", NOON) @ node
    longitude_h = math.atan2(y, x) * 12.0 / math.pi
    want = (12.0 + NOON.ut1_minus_utc_s / 3600.0 + longitude_h) % 24.0
    # Polar motion tilts the meridian by up to 0.5".
    assert sun.local_time_at_node(1.2, NOON) == pytest.approx(want, abs=1e-5)


def test_the_descending_node_is_twelve_hours_on() -> None:
    up = sun.local_time_at_node(2.0, NOON)
    down = sun.local_time_at_node(2.0, NOON, node="descending")
    assert (down - up) % 24.0 == pytest.approx(12.0)


@pytest.mark.parametrize("node", ["ascending", "descending"])
@pytest.mark.parametrize("kind", ["mean", "apparent"])
@pytest.mark.parametrize("hours", [0.0, 6.0, 10.5, 23.99])
def test_local_time_there_and_back(node: sun.Node, kind: sun.Sun, hours: float) -> None:
    raan = sun.raan_for_local_time(hours, NOON, node=node, sun=kind)
    assert 0.0 <= raan < 2.0 * math.pi
    got = sun.local_time_at_node(raan, NOON, node=node, sun=kind)
    assert (got - hours + 12.0) % 24.0 - 12.0 == pytest.approx(0.0, abs=1e-9)


def test_unknown_words_are_refused() -> None:
    with pytest.raises(InputError):
        sun.local_time_at_node(0.0, NOON, sun="true")  # type: ignore[arg-type]
    with pytest.raises(InputError):
        sun.raan_for_local_time(0.0, NOON, node="up")  # type: ignore[arg-type]
