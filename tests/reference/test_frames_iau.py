"""Bulk frame conversion against full IAU 2006/2000A, instant by instant."""

import erfa
import numpy as np
import pytest

from cosmodrome.world.epoch import EarthOrientation, Epoch, earth_orientation
from cosmodrome.world.frames import rotations

START = Epoch.parse("2024-12-30T06:00:00Z")


def full(epoch: Epoch, data: EarthOrientation) -> np.ndarray:
    tt, tai = epoch.tt_jd, epoch.tai_jd
    ut1 = tai[0], tai[1] + data.ut1_minus_tai_s(epoch) / 86400.0
    x, y, s = erfa.xys06a(*tt)
    dx, dy = data.pole_offset_rad(epoch)
    pole = erfa.pom00(*data.pole_rad(epoch), erfa.sp00(*tt))
    return np.asarray(erfa.c2tcio(erfa.c2ixys(x + dx, y + dy, s), erfa.era00(*ut1), pole))


def test_bulk_is_within_a_tenth_of_a_millimetre() -> None:
    data = earth_orientation()
    t = np.random.default_rng(4).uniform(-3.0 * 86400.0, 12.0 * 86400.0, 20000)
    got = rotations("GCRF", "ITRF", START, t, data)
    for k in range(0, t.size, 487):
        want = full(START + float(t[k]), data)
        # Radians by a geostationary radius; rounding of the two-part date is 1e-11 of a day.
        assert np.max(np.abs(got[k] - want)) * 42.164e6 < 1e-4


def test_observed_pole_offsets_move_the_earth_as_they_should() -> None:
    milliarcsecond = np.pi / 180.0 / 3.6e6
    plain = EarthOrientation.constant(-37.0)
    moved = EarthOrientation.constant(-37.0, 0.0, 0.0, 2.0 * milliarcsecond, -1.0 * milliarcsecond)
    pole = [rotations("GCRF", "ITRF", START, 0.0, data)[0, 2] for data in (plain, moved)]
    shift = (pole[1] - pole[0]) / milliarcsecond
    assert shift[:2] == pytest.approx([2.0, -1.0], abs=1e-3)


@pytest.mark.parametrize("frame", ["TOD", "TEME"])
def test_the_true_pole_is_the_observed_one(frame: str) -> None:
    # The way from the equator of date to the ground knows nothing of GCRF.
    far = EarthOrientation.constant(-37.0, 1e-6, 2e-6, 2e-8, -1e-8)
    near = EarthOrientation.constant(-37.0, 1e-6, 2e-6)
    t = np.array([0.0, 5e4])
    a, b = (rotations(frame, "ITRF", START, t, data) for data in (far, near))
    # The equinox moves along with the pole by a hundredth of the offset.
    assert a[:, 2] == pytest.approx(b[:, 2], abs=1e-13)
    assert a == pytest.approx(b, abs=1e-10)
    moved = rotations("GCRF", frame, START, t, far) - rotations("GCRF", frame, START, t, near)
    assert float(np.max(np.abs(moved))) > 1e-8


def test_the_shipped_offsets_are_read() -> None:
    # IERS Bulletin A, 2024-12-30: both offsets within a milliarcsecond and not zero.
    dx, dy = np.degrees(earth_orientation().pole_offset_rad(START)) * 3.6e6
    assert 0.05 < abs(dx) < 1.0
    assert abs(dy) < 1.0
