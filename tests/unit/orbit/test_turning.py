import numpy as np
import pytest

from cosmodrome.orbit.turning import turning
from cosmodrome.world.epoch import EarthOrientation, Epoch
from cosmodrome.world.frames import turn_state

START = Epoch.parse("2026-03-01T05:00:00Z")
T = np.linspace(0.0, 2.0 * 86400.0, 700)


def states() -> tuple[np.ndarray, np.ndarray]:
    angle = 1.1e-3 * T
    r = 7.0e6 * np.stack((np.cos(angle), 0.6 * np.sin(angle), 0.8 * np.sin(angle)), axis=1)
    v = 7.7e3 * np.stack((-np.sin(angle), 0.6 * np.cos(angle), 0.8 * np.cos(angle)), axis=1)
    return r, v


# TEME's way goes by GMST 1982 straight; through GCRF the observed offsets of the celestial
# pole, 0.5 mas or 2 cm, come in.
@pytest.mark.parametrize(
    ("frame", "within_m"), [("TEME", 0.03), ("TOD", 1e-3), ("GCRF", 1e-3), ("EME2000", 1e-3)]
)
def test_as_the_full_rotation(frame: str, within_m: float) -> None:
    r, v = states()
    got_r, got_v = turning(frame, START, (0.0, T[-1])).at(T, r, v)
    want_r, want_v = turn_state(frame, "ITRF", START, T, r, v)
    assert np.abs(got_r - want_r).max() < within_m
    assert np.abs(got_v - want_v).max() < 3e-5


def test_itrf_stays() -> None:
    r, v = states()
    got_r, got_v = turning("ITRF", START, (0.0, T[-1])).at(T, r, v)
    assert got_r is r
    assert got_v is v


def test_orientation_is_taken_as_given() -> None:
    r, v = states()
    other = EarthOrientation.constant(-36.0, 1e-6, 2e-6)
    got, _ = turning("TEME", START, (0.0, T[-1]), other).at(T, r, v)
    want, _ = turn_state("TEME", "ITRF", START, T, r, v, orientation=other)
    assert np.abs(got - want).max() < 1e-3
    assert np.abs(got - turning("TEME", START, (0.0, T[-1])).at(T, r, v)[0]).max() > 100.0
