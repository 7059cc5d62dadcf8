import math

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.orbit.coverage import _statistics, find_coverage
from cosmodrome.orbit.sight import fleet
from cosmodrome.orbit.walker import walker
from cosmodrome.world.earth import local_axes, site_position
from cosmodrome.world.epoch import Epoch

START = Epoch.parse("2027-03-20T12:00:00Z")
SHELL = walker("63:2/2/1").motions(START, 6378137.0 + 700e3)
LATITUDE = np.radians([0.0, 25.0, -48.0, 70.0])
LONGITUDE = np.radians([10.0, -100.0, 170.0, 60.0])
TIME = 2 * 86400.0


def seen_each_second(swath_m: float | None, mask: float | None) -> np.ndarray:
    """Whether any satellite sees a place, shape (places, seconds)."""
    ships = fleet(tuple(SHELL.values()), START, TIME)
    t = np.arange(0.0, TIME)
    places = site_position(LATITUDE, LONGITUDE, 0.0, 6378137.0, 1 / 298.257223563)
    seen = np.zeros((len(places), t.size), dtype=bool)
    for m in range(len(SHELL)):
        r, _ = ships.places(np.full(t.size, m), t)
        for k, place in enumerate(places):
            if swath_m is not None:
                cosine = r @ place / np.linalg.norm(r, axis=1) / np.linalg.norm(place)
                seen[k] |= cosine >= math.cos(0.5 * swath_m / 6378137.0)
            else:
                d, up = r - place, local_axes(LATITUDE[k], LONGITUDE[k])[2]
                seen[k] |= d @ up / np.linalg.norm(d, axis=1) >= math.sin(mask or 0.0)
    return seen


@pytest.mark.parametrize(("swath_m", "mask"), [(2000e3, None), (None, 0.2)])
def test_as_counted_each_second(swath_m: float | None, mask: float | None) -> None:
    got = find_coverage(
        SHELL, LATITUDE, LONGITUDE, START, TIME, swath_m=swath_m, min_elevation_rad=mask
    )
    for k, seen in enumerate(seen_each_second(swath_m, mask)):
        edge = np.diff(np.concatenate(([0], seen.astype(int), [0])))
        begin, end = np.flatnonzero(edge == 1), np.flatnonzero(edge == -1)
        gaps = begin[1:] - end[:-1]
        outer = np.concatenate(([begin[0]], gaps, [TIME - end[-1]]))
        assert got.looks[k] == begin.size
        assert got.seen_s[k] == pytest.approx(seen.sum(), abs=begin.size + 1.0)
        assert got.mean_revisit_s[k] == pytest.approx(gaps.mean(), abs=1.5)
        assert got.max_revisit_s[k] == pytest.approx(outer.max(), abs=1.5)
        assert got.mean_response_s[k] == pytest.approx((outer**2).sum() / 2 / TIME, rel=1e-3)
    assert got.seen_fraction == 1.0


def test_a_place_out_of_reach_waits_for_ever() -> None:
    low = walker("20:1/1/0").motions(START, 6378137.0 + 500e3)
    got = find_coverage(low, np.array([1.5]), np.array([0.0]), START, TIME, swath_m=500e3)
    assert got.looks[0] == 0
    assert got.seen_fraction == 0.0
    assert math.isinf(got.max_revisit_s[0])
    assert math.isinf(got.mean_response_s[0])


def test_overlapping_looks_are_one() -> None:
    one = dict(list(SHELL.items())[:1])
    twins = {"a": one["p1s1"], "b": one["p1s1"]}
    single = find_coverage(one, LATITUDE, LONGITUDE, START, TIME, swath_m=2e6)
    double = find_coverage(twins, LATITUDE, LONGITUDE, START, TIME, swath_m=2e6)
    assert np.array_equal(single.looks, double.looks)
    assert double.seen_s == pytest.approx(single.seen_s)


def test_a_long_look_swallows_the_short_ones_inside_it() -> None:
    key = np.array([0, 0, 0, 0, 1])
    ends = np.array([[10.0, 12.0, 20.0, 60.0, 5.0], [40.0, 15.0, 30.0, 70.0, 6.0]])
    looks, seen, mean, longest, wait = _statistics(key, ends, 2, 100.0)
    assert looks.tolist() == [2.0, 1.0]
    assert seen.tolist() == [40.0, 1.0]
    assert mean.tolist() == [20.0, math.inf]
    assert longest.tolist() == [30.0, 94.0]
    assert wait[0] == pytest.approx((10**2 + 20**2 + 30**2) / 2 / 100)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({}, "swath"),
        ({"swath_m": 1e5, "min_elevation_rad": 0.1}, "swath"),
        ({"swath_m": -1.0}, "swath"),
        ({"swath_m": math.nan}, "swath"),
        ({"min_elevation_rad": 2.0}, "min_elevation"),
        ({"swath_m": 1e5, "latitude_rad": np.array([2.0])}, "latitude"),
        ({"swath_m": 1e5, "latitude_rad": np.zeros(0)}, "points"),
        ({"swath_m": 1e5, "motions": {}}, "satellite"),
    ],
)
def test_bad_questions_are_refused(change: dict, key: str) -> None:
    asked = {
        "motions": SHELL,
        "latitude_rad": np.zeros(1),
        "longitude_rad": np.zeros(1),
        "start": START,
        "duration_s": 600.0,
    }
    with pytest.raises(InputError) as caught:
        find_coverage(**(asked | change))
    assert caught.value.key == key
