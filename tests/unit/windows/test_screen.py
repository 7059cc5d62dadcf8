"""Launch windows against objects put in the way on purpose: none missed, edges where they are."""

from __future__ import annotations

import importlib
import math
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.orbit.motion import Tabulated, TwoBody
from cosmodrome.orbit.sgp4_motion import Sgp4
from cosmodrome.windows.closest import closest_approaches
from cosmodrome.windows.screen import Screening, open_ranges, screen
from cosmodrome.windows.screen_boxes import least_length
from cosmodrome.windows.screen_catalogue import Catalogue, catalogue_of
from cosmodrome.windows.screen_path import Path as Way
from cosmodrome.windows.screen_path import chunks, path_of
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import turn_state
from cosmodrome.world.state import Trajectory, in_frame

Array = NDArray[np.float64]
BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks"
LIFTOFF = Epoch.parse("2027-03-19T03:00:00Z")
START = Epoch.parse("2027-03-20T12:00:00Z")
WINDOW_S = 7200.0
ASCENT_S = 600.0
RADIUS_M = 25e3


@pytest.fixture(scope="module")
def cases() -> ModuleType:
    import sys

    sys.path.insert(0, str(BENCHMARKS))
    try:
        return importlib.import_module("cases.catalogue_of_objects")
    finally:
        sys.path.remove(str(BENCHMARKS))


def ascent() -> Trajectory:
    """From the ground to 500 km in ten minutes, along no law of flight, smoothly."""
    t = np.arange(0.0, ASCENT_S + 1.0, 2.0)
    x = t / ASCENT_S
    size = 6.371e6 + 500e3 * x * x * (3.0 - 2.0 * x)
    rise = 500e3 * 6.0 * x * (1.0 - x) / ASCENT_S
    angle, turning = 0.2214 * x**3, 0.2214 * 3.0 * x**2 / ASCENT_S
    one, other = np.array([0.5, 0.4, 0.768]), np.array([0.3, -0.9, 0.27])
    one /= np.linalg.norm(one)
    other -= (other @ one) * one
    other /= np.linalg.norm(other)
    out = np.cos(angle)[:, None] * one + np.sin(angle)[:, None] * other
    along = -np.sin(angle)[:, None] * one + np.cos(angle)[:, None] * other
    r = size[:, None] * out
    v = rise[:, None] * out + (size * turning)[:, None] * along
    return Trajectory(LIFTOFF, "GCRF", t, r, v)


@pytest.fixture(scope="module")
def way() -> Way:
    return path_of(ascent())


def planted(
    cases: ModuleType, way: Way, s: float, tau: float, miss_m: float, heading: float, number: int
) -> Sgp4:
    """An object whose way is `miss_m` from that of a lift-off at s, tau after it, at the least."""
    p, dp, _ = (x[0] for x in way.at(np.array([tau])))
    up = p / np.linalg.norm(p)
    east = np.cross([0.0, 0.0, 1.0], up)
    east /= np.linalg.norm(east)
    inertial = math.sqrt(3.986004418e14 / np.linalg.norm(p)) * (
        math.cos(heading) * np.cross(up, east) + math.sin(heading) * east
    )
    dq = inertial - np.cross([0.0, 0.0, 7.292115e-5], p)
    across = np.cross(dq, dp)
    place = p + miss_m * across / np.linalg.norm(across)
    when = np.array([s + tau])
    r, v = turn_state("ITRF", "TEME", START, when, place[None], dq[None])
    found: Sgp4 = cases.through(r[0], v[0], START + s + tau, number)
    return found


def apart(way: Way, motion: Sgp4, s: float, near: float, wide_s: float = 30.0) -> float:
    """The least distance for a lift-off near a time of flight, by ever finer grids."""

    low, high = max(near - wide_s, 0.0), min(near + wide_s, ASCENT_S)
    for _ in range(6):
        tau = np.linspace(low, high, 61)
        r, v = motion.at(START - motion.epoch + s + tau)
        q, _ = turn_state("TEME", "ITRF", START, s + tau, r, v)
        distance = np.linalg.norm(q - way.at(tau)[0], axis=1)
        k = int(np.argmin(distance))
        low, high = tau[max(k - 1, 0)], tau[min(k + 1, 60)]
    return float(distance[k])


def screened(
    way: Way, motions: dict[str, Sgp4], window_s: float = WINDOW_S, radius_m: float = RADIUS_M
) -> Screening:
    return screen(way, catalogue_of(motions), START, window_s, radius_m)


def edges_hold(
    way: Way, found: Screening, motion: Sgp4, k: int, radius_m: float, wide_s: float = 30.0
) -> None:
    for s in (found.from_s[k], found.to_s[k]):
        if 0.0 < s < found.window_s:
            assert apart(way, motion, float(s), float(found.tau_s[k]), wide_s) == pytest.approx(
                radius_m, abs=1.0
            )
    middle = float(found.liftoff_s[k])
    assert apart(way, motion, middle, float(found.tau_s[k])) == pytest.approx(
        float(found.miss_m[k]), abs=1.0
    )


HEADINGS = (0.2, 1.3, 4.6)


def test_every_object_put_in_the_way_is_found_and_its_edges_are_where_they_are(
    cases: ModuleType, way: Way
) -> None:
    rng = np.random.default_rng(5)
    motions, wanted = {}, {}
    for k in range(12):
        s, tau = rng.uniform(100.0, 7000.0), rng.uniform(350.0, 590.0)
        miss = rng.uniform(0.0, 24e3)
        name = f"planted {k}"
        motions[name] = planted(cases, way, s, tau, miss, HEADINGS[k % 3] + 0.5 * k, 1000 + k)
        wanted[name] = (s, miss)
    found = screened(way, motions)
    names = list(motions)
    for name, (s, miss) in wanted.items():
        hit = [
            k
            for k in np.flatnonzero(found.which == names.index(name)).tolist()
            if found.from_s[k] <= s <= found.to_s[k]
        ]
        assert len(hit) == 1, name
        assert found.miss_m[hit[0]] <= miss + 1.0
        edges_hold(way, found, motions[name], hit[0], RADIUS_M)


def test_a_closure_of_two_seconds_is_found(cases: ModuleType, way: Way) -> None:
    for k, heading in enumerate(HEADINGS):
        s, tau = 1000.0 + 1017.3 * k, 560.0
        near = planted(cases, way, s, tau, 1.0, heading, 7)
        wide = screened(way, {"a": near}, radius_m=1e3)
        # How long a radius closes goes with its half chord: two seconds of it.
        seconds_a_metre = float(wide.to_s[0] - wide.from_s[0]) / 2e3
        half_chord = 1.0 / seconds_a_metre
        motion = planted(cases, way, s, tau, math.sqrt(RADIUS_M**2 - half_chord**2), heading, 7)
        found = screened(way, {"a": motion})
        k_hit = int(np.argmin(np.abs(found.liftoff_s - s)))
        assert found.to_s[k_hit] - found.from_s[k_hit] == pytest.approx(2.0, abs=0.1)
        assert found.liftoff_s[k_hit] == pytest.approx(s, abs=0.2)
        edges_hold(way, found, motion, k_hit, RADIUS_M)


def test_a_small_radius_closes_for_less_than_a_second(cases: ModuleType, way: Way) -> None:
    motion = planted(cases, way, 3333.3, 500.0, 300.0, 1.3, 7)
    found = screened(way, {"a": motion}, radius_m=500.0)
    assert len(found) == 1
    assert 0.05 < found.to_s[0] - found.from_s[0] < 0.6
    assert found.miss_m[0] == pytest.approx(300.0, abs=1.0)
    edges_hold(way, found, motion, 0, 500.0)


def test_what_stays_outside_the_radius_closes_nothing(cases: ModuleType, way: Way) -> None:
    for heading in HEADINGS:
        motion = planted(cases, way, 3000.0, 500.0, RADIUS_M + 5.0, heading, 7)
        found = screened(way, {"a": motion})
        assert not np.any((found.from_s < 3000.5) & (found.to_s > 2999.5))
        motion = planted(cases, way, 3000.0, 500.0, RADIUS_M - 5.0, heading, 7)
        found = screened(way, {"a": motion})
        assert np.any((found.from_s < 3000.5) & (found.to_s > 2999.5))


def test_a_range_is_cut_where_the_window_ends(cases: ModuleType, way: Way) -> None:
    for s, window in ((-2.0, 600.0), (602.0, 600.0), (0.5, 600.0)):
        motion = planted(cases, way, s, 500.0, 3e3, 1.3, 7)
        found = screened(way, {"a": motion}, window_s=window)
        assert len(found) == 1
        assert 0.0 <= found.from_s[0] < found.to_s[0] <= window
        assert found.from_s[0] == 0.0 or found.to_s[0] == window
        assert 0.0 <= found.liftoff_s[0] <= window
        assert found.miss_m[0] < RADIUS_M
        edges_hold(way, found, motion, 0, RADIUS_M)
    far = planted(cases, way, 700.0, 500.0, 3e3, 1.3, 7)
    assert len(screened(way, {"a": far}, window_s=600.0)) == 0


def test_an_object_met_at_the_end_of_the_flight_is_found(cases: ModuleType, way: Way) -> None:
    motion = planted(cases, way, 2000.0, ASCENT_S, 1e3, 1.3, 7)
    found = screened(way, {"a": motion})
    k = int(np.argmin(np.abs(found.liftoff_s - 2000.0)))
    assert found.from_s[k] < 2000.0 < found.to_s[k]
    edges_hold(way, found, motion, k, RADIUS_M)


def test_an_object_that_flies_along_closes_for_long(cases: ModuleType, way: Way) -> None:
    """The same way at nearly the same speed: lines are all but parallel."""
    _, dp, _ = way.at(np.array([595.0]))
    p = way.at(np.array([595.0]))[0][0]
    up = p / np.linalg.norm(p)
    east = np.cross([0.0, 0.0, 1.0], up)
    east /= np.linalg.norm(east)
    inertial = dp[0] + np.cross([0.0, 0.0, 7.292115e-5], p)
    heading = math.atan2(inertial @ east, inertial @ np.cross(up, east))
    motion = planted(cases, way, 2000.0, 595.0, 100.0, heading + 1e-3, 7)
    found = screened(way, {"a": motion})
    k = int(np.argmin(np.abs(found.liftoff_s - 2000.0)))
    assert found.from_s[k] < 2000.0 < found.to_s[k]
    assert found.to_s[k] - found.from_s[k] > 5.0
    edges_hold(way, found, motion, k, RADIUS_M, wide_s=ASCENT_S)


def test_a_radius_for_each_object(cases: ModuleType, way: Way) -> None:
    motions = {n: planted(cases, way, 2000.0, 500.0, 10e3, 1.3, 7) for n in ("near", "wide")}
    found = screen(way, catalogue_of(motions), START, WINDOW_S, np.array([2.5e3, 25e3]))
    assert set(found.which.tolist()) == {1}


def test_objects_without_a_state_are_told_and_hold_nothing_up(cases: ModuleType, way: Way) -> None:
    good = planted(cases, way, 2000.0, 500.0, 1e3, 1.3, 7)
    gone = Sgp4(START - 30 * 86400.0, good.mean_motion_rad_s * 1.09, 0.001, 1.0, 0.0, 0.0, 0.0, 0.1)
    found = screened(way, {"gone": gone, "good": good})
    assert found.lost.tolist() == [0]
    assert 1 in found.which


def test_no_object_at_all_leaves_the_window_open(way: Way) -> None:
    empty = Catalogue("none", (), ())
    found = screen(way, empty, START, WINDOW_S, 25e3)
    assert len(found) == 0
    assert [x.tolist() for x in open_ranges(found)] == [[0.0], [WINDOW_S]]


def test_open_ranges_are_what_is_left(cases: ModuleType, way: Way) -> None:
    motions = {
        f"{s}": planted(cases, way, s, 500.0, 1e3, 1.3, 7 + int(s)) for s in (0.0, 1000.0, 1003.0)
    }
    found = screened(way, motions)
    low, high = open_ranges(found)
    closed = np.zeros(0)
    for a, b in zip(low.tolist(), high.tolist(), strict=True):
        assert not np.any((found.from_s < b) & (found.to_s > a))
        closed = np.append(closed, [a, b])
    assert np.all(np.diff(closed) >= 0.0)
    assert low[0] > 0.0
    assert np.sum(high - low) + 8.0 < WINDOW_S


@pytest.mark.parametrize("window", [0.0, -1.0, math.nan, math.inf])
def test_a_window_that_does_not_last_is_refused(way: Way, window: float) -> None:
    with pytest.raises(InputError, match="window"):
        screened(way, {}, window_s=window)


@pytest.mark.parametrize("radius", [0.0, -5.0, math.nan, 3e6])
def test_a_radius_out_of_range_is_refused(cases: ModuleType, way: Way, radius: float) -> None:
    motion = planted(cases, way, 2000.0, 500.0, 1e3, 1.3, 7)
    with pytest.raises(InputError, match="radius"):
        screened(way, {"a": motion}, radius_m=radius)


def test_the_path_follows_its_table(way: Way) -> None:
    trajectory = ascent()
    rng = np.random.default_rng(1)
    t = rng.uniform(0.0, ASCENT_S, 200)
    table = Tabulated(in_frame(trajectory, "ITRF"))
    r, v = table.at(t)
    place, rate, _ = way.at(t)
    assert np.max(np.linalg.norm(place - r, axis=1)) < 1e-3
    assert np.max(np.linalg.norm(rate - v, axis=1)) < 1e-3


def test_chunks_hold_their_path(way: Way) -> None:
    cut = chunks(way)
    assert cut.from_s[0] == 0.0
    assert cut.to_s[-1] == way.duration_s
    for k in range(cut.from_s.size):
        t = np.linspace(cut.from_s[k], cut.to_s[k], 50)
        place = way.at(t)[0] - cut.a_m[k]
        line = cut.b_m[k] - cut.a_m[k]
        share = np.clip(place @ line / (line @ line), 0.0, 1.0)
        assert np.max(np.linalg.norm(place - share[:, None] * line, axis=1)) <= cut.off_m[k]
        assert np.max(np.linalg.norm(way.at(t)[2], axis=1)) <= cut.bend_m_s2[k]


def test_the_least_length_is_the_least() -> None:
    rng = np.random.default_rng(2)
    d, a, b = rng.normal(size=(3, 300, 3))
    x, y = rng.uniform(0.1, 2.0, (2, 300))
    least = least_length(d, a, b, x, y)
    sigma, theta = np.meshgrid(np.linspace(-1.0, 1.0, 41), np.linspace(-1.0, 1.0, 41))
    for k in range(300):
        points = d[k] + (x[k] * sigma)[..., None] * a[k] - (y[k] * theta)[..., None] * b[k]
        grid = float(np.min(np.linalg.norm(points, axis=-1)))
        assert least[k] <= grid + 1e-9
        assert least[k] >= grid - 0.1 * (x[k] + y[k])


def test_a_window_says_of_a_lift_off_what_its_orbit_says(cases: ModuleType) -> None:
    """The flight of one lift-off as an orbit in inertial axes, by the search in time alone."""
    last = ascent().state(-1)
    t = np.arange(0.0, 3000.0, 20.0)
    coast = in_frame(Trajectory(last.epoch, "GCRF", t, *TwoBody(last).at(t)), "ITRF")
    way = path_of(coast)
    catalogue = catalogue_of({f"{k}": one for k, (_, one) in enumerate(cases.drawn(400, seed=8))})
    found = screen(way, catalogue, START, 3000.0, 150e3)
    assert len(found) > 30
    seen = 0
    for s in (200.0, 1100.5, 2311.7):
        again = Tabulated(Trajectory(START + s, "ITRF", t, coast.r_m, coast.v_m_s))
        alone = closest_approaches(again, catalogue, START + s, float(t[-1]), 150e3)
        closed = set(found.which[(found.from_s <= s) & (found.to_s >= s)].tolist())
        assert closed == set(alone.inside.tolist())
        seen += len(closed)
    assert seen >= 2
