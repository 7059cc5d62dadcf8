"""Frames against figures from outside.

The SOFA figures are those of its own test program t_sofa_c.c (also in pyerfa's
C sources), for the dates given there; the last digit is ours to 1e-12. The
TEME case is example 3-15 of Vallado, Fundamentals of Astrodynamics and
Applications, repeated in AIAA 2006-6753, appendix C.
"""

import numpy as np
import pytest

from cosmodrome.world.epoch import EarthOrientation, Epoch
from cosmodrome.world.frames import apparent_sidereal_angle_rad, rotation
from cosmodrome.world.state import State, in_frame

# TT = UT1 = MJD 53736.0, as SOFA's case has it.
SOFA = Epoch(53735, 86400.0 - 32.184)
SOFA_EARTH = EarthOrientation.constant(32.184, 2.55060238e-7, 1.860359247e-6)

# 2004-04-06, TAI-UTC 32 s, UT1-UTC -0.4399619 s, pole -0.140682", 0.333309".
ARCSEC = np.pi / 648000.0
BOOK = Epoch.parse("2004-04-06T07:51:28.386009Z")
BOOK_EARTH = EarthOrientation.constant(-32.4399619, -0.140682 * ARCSEC, 0.333309 * ARCSEC)
ITRF = State(
    BOOK,
    "ITRF",
    np.array([-1033479.3830, 7901295.2754, 6380356.5958]),
    np.array([-3225.636520, -2872.451450, 5531.924446]),
)


def test_celestial_to_terrestrial_is_sofas() -> None:
    want = [
        [-0.1810332128305897282, 0.9834769806938592296, 0.6555550962998436505e-4],
        [-0.9834768134136214897, -0.1810332203649130832, 0.5749800844905594110e-3],
        [0.5773474024748545878e-3, 0.3961816829632690581e-4, 0.9999998325501747785],
    ]
    # SOFA goes by the celestial origin, we by the equinox: the two differ by 1e-13.
    assert rotation("GCRF", "ITRF", SOFA, SOFA_EARTH) == pytest.approx(np.array(want), abs=2e-12)


def test_apparent_sidereal_time_is_sofas() -> None:
    got = apparent_sidereal_angle_rad(SOFA, SOFA_EARTH)
    assert got == pytest.approx(1.754166137675019159, abs=1e-12)


def test_bias_precession_nutation_is_sofas() -> None:
    # TT = MJD 50123.9999
    epoch = Epoch(50123, 0.9999 * 86400.0 - 32.184)
    want = [
        [0.9999995832794205484, 0.8372382772630962111e-3, 0.3639684771140623099e-3],
        [-0.8372533744743683605e-3, 0.9999996486492861646, 0.4132905944611019498e-4],
        [-0.3639337469629464969e-3, -0.4163377605910663999e-4, 0.9999999329094260057],
    ]
    model = EarthOrientation.constant(-29.0)
    assert rotation("GCRF", "TOD", epoch, model) == pytest.approx(np.array(want), abs=1e-12)


def test_teme_is_vallados() -> None:
    teme = in_frame(ITRF, "TEME", BOOK_EARTH)
    assert teme.r_m == pytest.approx([5094180.16210, 6127644.65950, 6380344.53270], abs=0.01)
    # The length of that day, 1.6 ms, is left out: 1e-5 m/s.
    assert teme.v_m_s == pytest.approx([-4746.131487, 785.818041, 5531.931288], abs=1e-4)


def test_gcrf_is_vallados() -> None:
    gcrf = in_frame(ITRF, "GCRF", BOOK_EARTH)
    # The book goes by IAU 1976/1980 with observed corrections, we by IAU 2006/2000A
    # without dX, dY: they meet within a decimetre.
    assert gcrf.r_m == pytest.approx([5102508.958, 6123011.401, 6378136.928], abs=0.1)
    assert gcrf.v_m_s == pytest.approx([-4743.22016, 790.53650, 5533.755727], abs=1e-4)
