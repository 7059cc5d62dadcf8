import erfa
import numpy as np
import pytest

from cosmodrome.errors import FrameError, InputError
from cosmodrome.world.data_end import DataEndError
from cosmodrome.world.ephemeris import moon_m, sun_m
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import rotation

NOW = Epoch.parse("2027-03-20T12:00:00Z")
LIGHT_M_S = 299792458.0


def angle(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b))


def test_the_sun_is_where_sofas_series_has_it() -> None:
    heliocentric, _ = erfa.epv00(*NOW.tt_jd)
    want = -np.asarray(heliocentric["p"]) * erfa.DAU
    # epv00 keeps to DE405 within 5 km a coordinate or so; 20 km is 0.03".
    assert float(np.linalg.norm(sun_m(NOW, 0.0)[0] - want)) < 2e4


def test_the_moon_is_where_sofas_theory_has_it() -> None:
    want = np.asarray(erfa.moon98(*NOW.tt_jd)["p"]) * erfa.DAU
    # Meeus' truncated theory: 10" and 20 km.
    assert float(np.linalg.norm(moon_m(NOW, 0.0)[0] - want)) < 4e4


def test_the_apparent_sun_lags_by_aberration() -> None:
    plain, seen = sun_m(NOW, 0.0)[0], sun_m(NOW, 0.0, apparent=True)[0]
    # 20.5" in the year's mean.
    assert np.degrees(angle(plain, seen)) * 3600.0 == pytest.approx(20.5, abs=0.5)
    # Light time and aberration together show it where it was, seen from here, one light time ago.
    behind = sun_m(NOW, -float(np.linalg.norm(plain)) / LIGHT_M_S)[0]
    assert angle(behind, seen) < 1e-8


def test_aberration_is_erfas() -> None:
    heliocentric, barycentric = erfa.epv00(*NOW.tt_jd)
    velocity = np.asarray(barycentric["v"]) * (erfa.DAU / erfa.DAYSEC / LIGHT_M_S)
    # The Sun of one light time ago, seen from where the Earth is now.
    distance = float(np.linalg.norm(heliocentric["p"]))
    gone = np.asarray(sun_m(NOW, 0.0)[0] / np.linalg.norm(sun_m(NOW, 0.0)[0]))
    want = erfa.ab(gone, velocity, distance, np.sqrt(1.0 - velocity @ velocity))
    got = sun_m(NOW, 0.0, apparent=True)[0]
    # The Sun's own 15 m/s in 499 s, and the bending of light that ab adds: 0.02".
    assert angle(got, np.asarray(want)) < 1e-7


def test_other_frames_are_turned() -> None:
    for frame in ("TOD", "ITRF"):
        want = rotation("GCRF", frame, NOW + 600.0) @ moon_m(NOW, 600.0)[0]
        assert moon_m(NOW, [600.0], frame)[0] == pytest.approx(want, rel=1e-12)
    with pytest.raises(FrameError):
        sun_m(NOW, 0.0, "ICRF")


def test_the_end_of_the_data_is_said_with_its_distance() -> None:
    with pytest.raises(DataEndError, match=r"DE421.*days past its end") as caught:
        sun_m(Epoch.parse("2060-01-01"), [0.0, 10.0])
    assert caught.value.days_outside == pytest.approx(2275.0, abs=3.0)
    assert "2053-10" in str(caught.value.allowed)
    with pytest.raises(InputError, match="finite"):
        moon_m(NOW, [np.nan])


def test_no_times_give_no_places() -> None:
    assert sun_m(NOW, []).shape == (0, 3)
