"""Areas to keep clear: round the ellipse, at the right time, and how they match others."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmodrome.errors import InputError
from cosmodrome.safety.hazard import Footprint, Window, hazard_areas, matched
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.polygons import area_from_rings, area_m2, contains, ellipse

START = Epoch.parse("2027-03-20T12:00:00Z")


def footprint(
    latitude: float = 61.0,
    longitude: float = 123.0,
    major: float = 40e3,
    minor: float = 15e3,
    azimuth: float = -20.0,
    t_s: float = 1000.0,
) -> Any:
    return Footprint(
        "stage 1", 0.99, math.radians(latitude), math.radians(longitude), major, minor,
        math.radians(azimuth), t_s, (("surface", "land"),),
    )  # fmt: skip


@given(
    latitude=st.floats(-80.0, 80.0), longitude=st.floats(-180.0, 180.0),
    major=st.floats(1e3, 200e3), shape=st.floats(0.05, 1.0), azimuth=st.floats(0.0, 180.0),
)  # fmt: skip
@settings(max_examples=40)
def test_nothing_of_the_ellipse_is_left_outside(
    latitude: float, longitude: float, major: float, shape: float, azimuth: float
) -> None:
    one = footprint(latitude, longitude, major, shape * major, azimuth)
    (found,) = hazard_areas([one], Window(START))
    inner = ellipse(
        one.latitude_rad, one.longitude_rad, 0.999 * one.semi_major_m, 0.999 * one.semi_minor_m,
        one.azimuth_rad, 200,
    )  # fmt: skip
    ring = inner.rings[0]
    assert np.all(contains(found.area, ring[:, 0], ring[:, 1]))
    whole = math.pi * one.semi_major_m * one.semi_minor_m
    assert 0.999 * whole < area_m2(found.area) < 1.1 * whole


def test_a_compact_area_is_hardly_larger_than_its_ellipse() -> None:
    one = footprint(0.0, 10.0, 40e3, 30e3)
    (found,) = hazard_areas([one], Window(START))
    whole = math.pi * one.semi_major_m * one.semi_minor_m
    assert area_m2(found.area) == pytest.approx(1.0026 * whole, rel=1e-3)


def test_times_hold_the_window_the_fall_and_the_margins() -> None:
    (found,) = hazard_areas([footprint(t_s=1000.0)], Window(START, 600.0))
    assert found.begins.utc(0) == "2027-03-20T11:30:00Z"
    assert found.ends.utc(0) == "2027-03-20T12:57:00Z"  # 12:00 + 10 min + 1000 s + 30 min
    assert dict(found.facts)["surface"] == "land"


def test_a_whole_minute_is_not_made_longer() -> None:
    (found,) = hazard_areas([footprint(t_s=1200.0)], Window(START))
    assert found.ends.utc(0) == "2027-03-20T12:50:00Z"


@pytest.mark.parametrize(
    "change", [{"duration_s": -1.0}, {"duration_s": math.nan}, {"before_s": math.inf}]
)
def test_windows_that_make_no_sense_are_refused(change: Any) -> None:
    with pytest.raises(InputError):
        Window(START, **change)


@pytest.mark.parametrize("sizes", [(0.0, 1.0), (1e3, -1.0), (math.nan, 1e3), (6e6, 1e3)])
def test_ellipses_without_a_size_are_refused(sizes: Any) -> None:
    with pytest.raises(InputError, match="stage 1"):
        hazard_areas([footprint(major=sizes[0], minor=sizes[1])], Window(START))


def square(south: float, west: float, side: float) -> Any:
    north, east = south + side, west + side
    corners = [[south, west], [south, east], [north, east], [north, west]]
    return area_from_rings([np.radians(np.array(corners))])


def test_overlap_is_told_in_percent_of_either() -> None:
    (ours,) = hazard_areas([footprint(0.0, 179.9, 20e3, 20e3)], Window(START))
    (match,) = matched([ours], square(-2.0, 179.9, 4.0))
    assert match.of_ours_percent == pytest.approx(50.0, abs=0.1)
    assert match.common_km2 == pytest.approx(0.5 * area_m2(ours.area) / 1e6, rel=2e-3)
    assert match.of_published_percent == pytest.approx(100.0 * match.common_km2 / 196.6e3, rel=0.01)


def test_areas_far_apart_have_nothing_in_common() -> None:
    (ours,) = hazard_areas([footprint()], Window(START))
    (match,) = matched([ours], square(0.0, 0.0, 1.0))
    assert (match.common_km2, match.of_ours_percent, match.of_published_percent) == (0.0, 0.0, 0.0)


def test_several_are_matched_one_by_one_and_together() -> None:
    both = hazard_areas([footprint(), footprint(latitude=62.5)], Window(START))
    found = matched(both, both[0].area)
    assert [one.name for one in found] == ["stage 1, 99 %", "stage 1, 99 %", "all"]
    assert found[0].of_ours_percent == pytest.approx(100.0)
    assert found[2].of_published_percent == pytest.approx(100.0)
    assert found[2].of_ours_percent == pytest.approx(
        100.0 * area_m2(both[0].area) / sum(area_m2(one.area) for one in both), rel=1e-3
    )


def test_a_published_area_of_no_size_is_refused() -> None:
    (ours,) = hazard_areas([footprint()], Window(START))
    flat = area_from_rings([np.radians(np.array([[0.0, 0.0], [0.0, 1.0], [0.0, 2.0]]))])
    with pytest.raises(InputError):
        matched([ours], flat)
