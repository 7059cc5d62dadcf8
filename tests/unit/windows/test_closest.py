"""Close approaches to an orbit: those put there are found, and nothing else is made up."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.orbit.motion import Sgp4, Tabulated
from cosmodrome.windows.closest import closest_approaches, joined
from cosmodrome.windows.screen_catalogue import catalogue_of
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import Trajectory, in_frame

Array = NDArray[np.float64]
START = Epoch.parse("2027-03-20T12:00:00Z")
SPAN_S = 7200.0
DEGREE = math.pi / 180.0


def orbit(tilt_deg: float, node_deg: float, late_deg: float, height_km: float = 500.0) -> Sgp4:
    axis = 6378e3 + 1e3 * height_km
    motion = math.sqrt(3.986008e14 / axis**3)
    angles = [x * DEGREE for x in (tilt_deg, node_deg % 360.0, 90.0, (late_deg - 90.0) % 360.0)]
    tilt, node, argument, anomaly = angles
    return Sgp4(START, motion, 1e-3, tilt, node, argument, anomaly, 0.0, 1)


OWN = orbit(97.4, 40.0, 10.0)


def apart(one: Sgp4, other: Sgp4, t: Array) -> Array:
    return np.asarray(np.linalg.norm(one.at(t)[0] - other.at(t)[0], axis=1))


def brute(other: Sgp4) -> tuple[Array, Array]:
    """Least distances by a fine grid and parabolas, and their times."""
    t = np.arange(0.0, SPAN_S + 0.25, 0.5)
    square = apart(OWN, other, t) ** 2
    k = np.flatnonzero((square[1:-1] < square[:-2]) & (square[1:-1] <= square[2:])) + 1
    for _ in range(3):
        low, middle, high = square[k - 1], square[k], square[k + 1]
        late = 0.5 * (low - high) / (low - 2.0 * middle + high)
        best = middle - 0.25 * (low - high) * late
    return t[k] + 0.5 * late, np.sqrt(best)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.0, 179.0), st.floats(0.0, 359.0), st.floats(0.0, 359.0), st.floats(-60.0, 60.0))
def test_the_minima_are_those_of_a_fine_grid(
    tilt: float, node: float, late: float, higher: float
) -> None:
    other = orbit(tilt, node, late, 500.0 + higher)
    found = closest_approaches(OWN, catalogue_of({"a": other}), START, SPAN_S, 300e3)
    times, misses = brute(other)
    near = misses < 299e3
    inner = (found.t_s > 1.0) & (found.t_s < SPAN_S - 1.0)
    for t, miss in zip(times[near], misses[near], strict=True):
        k = int(np.argmin(np.abs(found.t_s - t))) if found.t_s.size else -1
        assert k >= 0
        assert abs(found.t_s[k] - t) < 0.5
        assert found.miss_m[k] == pytest.approx(miss, abs=1.0)
    assert np.count_nonzero(inner) <= np.count_nonzero(misses < 301e3)


def test_inside_begins_and_ends_where_the_distance_is_the_radius() -> None:
    rng = np.random.default_rng(3)
    motions = {f"{k}": orbit(*rng.uniform((0, 0, 0, 490), (179, 359, 359, 510))) for k in range(60)}
    radius = rng.uniform(20e3, 200e3, 60)
    catalogue = catalogue_of(motions)
    found = closest_approaches(OWN, catalogue, START, SPAN_S, radius)
    assert found.inside.size > 5
    for k in range(found.inside.size):
        motion, level = catalogue.motions[found.inside[k]], radius[found.inside[k]]
        ends = np.array([found.from_s[k], found.to_s[k]])
        inner = (ends > 0.0) & (ends < SPAN_S)
        assert np.allclose(apart(OWN, motion, ends)[inner], level, atol=0.05)
        between = np.linspace(float(ends[0]) + 1e-3, float(ends[1]) - 1e-3, 50)
        assert np.all(apart(OWN, motion, between) < level)
    # And outside of those nothing is inside.
    t = np.arange(0.0, SPAN_S, 1.0)
    for k, motion in enumerate(catalogue.motions):
        inside = apart(OWN, motion, t) < radius[k] - 1.0
        for a, b in zip(
            found.from_s[found.inside == k], found.to_s[found.inside == k], strict=True
        ):
            inside &= (t < a) | (t > b)
        assert not np.any(inside)


def test_a_companion_that_stays_near_is_inside_all_the_time() -> None:
    other = orbit(97.4, 40.0, 10.05)
    found = closest_approaches(OWN, catalogue_of({"a": other}), START, SPAN_S, 25e3)
    assert found.inside.tolist() == [0]
    assert (found.from_s[0], found.to_s[0]) == (0.0, SPAN_S)
    assert found.which.size >= 1


def test_the_speed_is_that_of_the_difference() -> None:
    other = orbit(82.0, 220.0, 170.0)
    found = closest_approaches(OWN, catalogue_of({"a": other}), START, SPAN_S, 2000e3)
    assert found.which.size
    (_, v), (_, w) = OWN.at(found.t_s), other.at(found.t_s)
    assert found.speed_m_s == pytest.approx(np.linalg.norm(w - v, axis=1), abs=0.05)
    across = np.sum((found.other_r_m - found.own_r_m) * (found.other_v_m_s - found.own_v_m_s), 1)
    inner = (found.t_s > 0.0) & (found.t_s < SPAN_S)
    assert np.all(np.abs(across / found.speed_m_s)[inner] < 1.0)


@pytest.mark.parametrize("frame", ["GCRF", "ITRF", "TOD"])
def test_other_frames_and_a_start_that_is_not_the_epoch(frame: str) -> None:
    t = np.arange(0.0, 4000.0, 20.0)
    table = Tabulated(in_frame(Trajectory(START, "TEME", t, *OWN.at(t)), frame))
    catalogue = catalogue_of({"a": orbit(82.0, 220.0, 170.0)})
    one = closest_approaches(table, catalogue, START + 600.0, 2400.0, 9000e3)
    other = closest_approaches(OWN, catalogue, START + 600.0, 2400.0, 9000e3)
    assert one.which.size == other.which.size >= 2
    assert one.miss_m == pytest.approx(other.miss_m, abs=0.01)
    assert one.t_s == pytest.approx(other.t_s, abs=1e-3)


def test_nothing_near_gives_nothing() -> None:
    far = orbit(10.0, 0.0, 0.0, 5000.0)
    for catalogue in (catalogue_of({"a": far}), catalogue_of({})):
        found = closest_approaches(OWN, catalogue, START, SPAN_S, 25e3)
        assert found.which.size == found.inside.size == 0


def test_stretches_that_touch_are_joined() -> None:
    which = np.array([1, 0, 1, 1, 0])
    low, high = np.array([5.0, 0.0, 1.0, 8.0, 4.0]), np.array([7.0, 4.0, 5.0, 9.0, 6.0])
    found = joined(which, low, high, 0.0)
    assert [x.tolist() for x in found] == [[0, 1, 1], [0.0, 1.0, 8.0], [6.0, 7.0, 9.0]]


@pytest.mark.parametrize(("radius", "span"), [(0.0, 60.0), (25e3, 0.0), (25e3, math.nan)])
def test_what_makes_no_sense_is_refused(radius: float, span: float) -> None:
    with pytest.raises(InputError):
        closest_approaches(OWN, catalogue_of({"a": OWN}), START, span, radius)
