"""Frames, sidereal time, Sun and Moon against astropy, fed with the same files.

astropy's Earth orientation comes from the same finals2000A, from Bulletin A alone as
ours (it would take Bulletin B where there is one: some millimetres). Its matrices leave
out the observed offsets of the celestial pole, so that ours are held at zero here. Both
stand on ERFA: what is compared is time scales, reading, interpolation and assembly.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cosmodrome.world import ephemeris
from cosmodrome.world.ephemeris import moon_m, sun_m
from cosmodrome.world.epoch import EarthOrientation, Epoch, earth_orientation
from cosmodrome.world.frames import apparent_sidereal_angle_rad, rotation, rotations

pytest.importorskip("astropy", reason="astropy is not installed")

LOW_ORBIT_M = 7e6
GEOSTATIONARY_M = 42.164e6
# A leap second's day before and after, predicted Earth orientation, odd fractions.
EPOCHS = (
    "1999-12-31T23:59:59.5Z",
    "2008-11-05T06:30:00Z",
    "2016-12-31T23:59:59Z",
    "2017-01-01T00:00:01Z",
    "2024-09-17T13:05:09.123456Z",
    "2026-09-01T00:00:00Z",
    "2027-03-20T12:00:00Z",
)


@pytest.fixture(scope="module")
def bulletin_a() -> Any:
    """The shipped finals2000A as astropy reads it."""
    from astropy.utils import iers
    from astropy_iers_data import IERS_A_FILE

    table = iers.IERS_A.open(str(IERS_A_FILE))
    for both, rapid in (("UT1_UTC", "UT1_UTC_A"), ("PM_x", "PM_x_A"), ("PM_y", "PM_y_A")):
        table[both] = table[rapid]
    return table


@pytest.fixture(autouse=True)
def same_earth_orientation(bulletin_a: Any) -> Iterator[None]:
    """That table for astropy, and never a download."""
    from astropy.utils import data, iers

    with (
        data.conf.set_temp("allow_internet", False),
        iers.conf.set_temp("auto_download", False),
        iers.conf.set_temp("auto_max_age", None),
        iers.earth_orientation_table.set(bulletin_a),
    ):
        yield


def without_offsets() -> EarthOrientation:
    return replace(earth_orientation(), offset_x_daily_rad=None, offset_y_daily_rad=None)


def astropy_time(text: str) -> Any:
    from astropy.time import Time

    return Time(text.rstrip("Z"), scale="utc", format="isot")


def to_itrf(when: Any) -> np.ndarray:
    """astropy's GCRS to ITRS, by its public transformation of three axes."""
    from astropy import units
    from astropy.coordinates import GCRS, ITRS, CartesianRepresentation

    axes = CartesianRepresentation(np.eye(3) * LOW_ORBIT_M * units.m)
    turned = GCRS(axes, obstime=when).transform_to(ITRS(obstime=when))
    return np.asarray(turned.cartesian.xyz.to_value(units.m)) / LOW_ORBIT_M


@pytest.mark.parametrize("text", EPOCHS)
def test_gcrf_to_itrf_within_a_tenth_of_a_millimetre(text: str) -> None:
    got = rotation("GCRF", "ITRF", Epoch.parse(text), without_offsets())
    assert float(np.max(np.abs(got - to_itrf(astropy_time(text))))) * GEOSTATIONARY_M < 1e-4


@pytest.mark.parametrize("text", EPOCHS)
def test_the_same_numbers_are_read_from_the_same_file(text: str, bulletin_a: Any) -> None:
    epoch, when, ours = Epoch.parse(text), astropy_time(text), earth_orientation()
    x, y = (float(one.to_value("rad")) for one in bulletin_a.pm_xy(when))
    # A day with a leap second is 86401 s long for theirs: 1/86400 of a day's change apart,
    # 3 mas and 1 ms.
    assert ours.pole_rad(epoch) == pytest.approx((x, y), abs=2e-13)
    ut1_utc = float(bulletin_a.ut1_utc(when).to_value("s"))
    assert epoch.ut1_minus_utc_s == pytest.approx(ut1_utc, abs=2e-8)


def test_a_millisecond_of_ut1_would_be_seen() -> None:
    text, data = EPOCHS[-1], without_offsets()
    late = replace(data, ut1_minus_tai_daily_s=data.ut1_minus_tai_daily_s + 1e-3)
    got = rotation("GCRF", "ITRF", Epoch.parse(text), late)
    assert float(np.max(np.abs(got - to_itrf(astropy_time(text))))) * GEOSTATIONARY_M > 1.0


@pytest.mark.parametrize("text", EPOCHS)
def test_apparent_sidereal_time(text: str) -> None:
    want = astropy_time(text).sidereal_time("apparent", "tio", model="IAU2006A").to_value("rad")
    got = apparent_sidereal_angle_rad(Epoch.parse(text), without_offsets())
    # Theirs takes equinox and pole from series, ours from the matrix: 1e-12 rad is 7 um.
    assert math.remainder(got - float(want), 2.0 * math.pi) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("text", EPOCHS)
def test_teme_is_theirs(text: str) -> None:
    from astropy import units
    from astropy.coordinates import ITRS, TEME, CartesianRepresentation

    when = astropy_time(text)
    axes = CartesianRepresentation(np.eye(3) * LOW_ORBIT_M * units.m)
    turned = TEME(axes, obstime=when).transform_to(ITRS(obstime=when))
    want = np.asarray(turned.cartesian.xyz.to_value(units.m)) / LOW_ORBIT_M
    got = rotation("TEME", "ITRF", Epoch.parse(text), without_offsets())
    # Theirs leaves out s', the wandering of the terrestrial origin: 50 uas a century,
    # 2 mm at geostationary height by 2027.
    assert float(np.max(np.abs(got - want))) * LOW_ORBIT_M < 1e-3


def de421(body: str, when: Any, file: str) -> np.ndarray:
    """Geometric and geocentric, metres."""
    from astropy.coordinates import get_body_barycentric

    places = [get_body_barycentric(name, when, ephemeris=file) for name in (body, "earth")]
    return np.asarray((places[0] - places[1]).xyz.to_value("m"))


@pytest.mark.parametrize("text", EPOCHS)
def test_sun_and_moon_from_the_same_ephemeris(text: str) -> None:
    pytest.importorskip("skyfield_data")
    file, epoch, when = str(_kernel_file()), Epoch.parse(text), astropy_time(text)
    # Ours takes the yearly term of TDB - TT alone, good to 50 us: 1.5 m of the Sun at
    # 30 km/s, 0.05 m of the Moon at 1 km/s.
    sun = sun_m(epoch, 0.0)[0] - de421("sun", when, file)
    moon = moon_m(epoch, 0.0)[0] - de421("moon", when, file)
    assert float(np.linalg.norm(sun)) < 1.5
    assert float(np.linalg.norm(moon)) < 0.05


def _kernel_file() -> Path:
    return ephemeris._file()


@pytest.mark.parametrize("text", EPOCHS)
def test_sun_and_moon_from_another_theory(text: str) -> None:
    # ERFA's epv00 (VSOP2000, 14 km of the Earth) and moon98 (ELP2000: 5 arcsec, 20 km).
    epoch, when = Epoch.parse(text), astropy_time(text)
    assert float(np.linalg.norm(sun_m(epoch, 0.0)[0] - de421("sun", when, "builtin"))) < 30e3
    assert float(np.linalg.norm(moon_m(epoch, 0.0)[0] - de421("moon", when, "builtin"))) < 30e3


@pytest.mark.parametrize("text", EPOCHS)
def test_the_apparent_sun(text: str) -> None:
    """Light time and aberration, as seen from the Earth's centre: a direction."""
    pytest.importorskip("skyfield_data")
    file, when = str(_kernel_file()), astropy_time(text)
    got = sun_m(Epoch.parse(text), 0.0, apparent=True)[0]
    ours = got / np.linalg.norm(got)
    # 1.5 m of TDB, as above, are 2 microarcseconds.
    assert float(np.linalg.norm(ours - shown_by_light(when, file))) < math.radians(3e-6 / 3600.0)


def shown_by_light(when: Any, file: str) -> np.ndarray:
    """Their places and velocities, ERFA's aberration.

    Their `get_body` would also bend the Sun's own light at the place where the Sun has
    moved to: 1 to 10 mas that are not there.
    """
    import erfa
    from astropy import constants, units
    from astropy.coordinates import get_body_barycentric, get_body_barycentric_posvel

    light = constants.c.to_value("m/s")
    earth, moving = get_body_barycentric_posvel("earth", when, ephemeris=file)
    late = 0.0
    for _ in range(3):
        sun = get_body_barycentric("sun", when - late * units.s, ephemeris=file)
        line = np.asarray((sun - earth).xyz.to_value("m"))
        distance = float(np.linalg.norm(line))
        late = distance / light
    beta = np.asarray(moving.xyz.to_value("m/s")) / light
    slow = math.sqrt(1.0 - float(beta @ beta))
    found = erfa.ab(line / distance, beta, distance / constants.au.to_value("m"), slow)
    return np.asarray(found / np.linalg.norm(found))


def test_many_at_once_as_one_by_one() -> None:
    epoch, data = Epoch.parse("2026-08-01T00:00:00Z"), without_offsets()
    t_s = np.linspace(0.0, 20 * 86400.0, 4001)
    got = rotations("GCRF", "ITRF", epoch, t_s, data)
    for k in range(0, t_s.size, 500):
        want = to_itrf(astropy_time((epoch + float(t_s[k])).utc(9)))
        assert float(np.max(np.abs(got[k] - want))) * GEOSTATIONARY_M < 1e-4
