"""People of a grid as populated areas: nobody lost, nobody counted twice."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cosmodrome.errors import ShapeError
from cosmodrome.safety.casualty_people import _boxes, corridor_cells, grid_cells
from cosmodrome.safety.corridor import Corridor, corridor, edges
from cosmodrome.safety.trace import ImpactTrace
from cosmodrome.world.people_grid import PeopleGrid
from cosmodrome.world.places import load_places
from cosmodrome.world.polygons_geodesic import destination, distance_m


def straight(latitude: float, longitude: float, azimuth: float, length_m: float) -> Corridor:
    lat, lon = math.radians(latitude), math.radians(longitude)
    way = np.linspace(0.0, length_m, 301)
    a, b = (np.asarray(x) for x in destination(lat, lon, math.radians(azimuth), way))
    trace = ImpactTrace(
        t_s=np.linspace(0.0, 500.0, 301), latitude_rad=a, longitude_rad=b,
        fall_s=np.full(301, 100.0), range_m=np.asarray(distance_m(lat, lon, a, b)),
        powered=np.ones(301, dtype=bool), legs=("burn",) * 301, left_s=None, how="by hand",
    )  # fmt: skip
    return corridor(trace, "small")


def people_on(south: float, west: float, step: float, low: Any, high: Any) -> PeopleGrid:
    """A made-up grid of people who are of no country."""
    size = np.zeros(low.shape)
    nowhere = np.full(low.shape, -1)
    return PeopleGrid(
        south, west, step, low, high, size, size[:, 0], "made up", country=nowhere, own=size
    )


def degrees(cells: Any) -> Any:
    return np.degrees(np.column_stack([cells.latitude_rad, cells.longitude_rad]))


def test_cells_near_the_trace_are_kept_with_their_people_and_size() -> None:
    found = straight(0.0, 179.0, 90.0, 500e3)
    low = np.zeros((180, 360))
    low[90, 0], low[90, 359], low[90, 180], low[120, 0] = 5.0, 7.0, 100.0, 9.0
    whose = np.full(low.shape, -1)
    whose[90, 359] = load_places().codes.index("FJ")
    made = people_on(-0.5 * math.pi, -math.pi, math.radians(1.0), low, 2.0 * low)
    cells = grid_cells(replace(made, country=whose, own=0.5 * low), found)
    assert sorted(cells.low.tolist()) == [5.0, 7.0]
    assert np.array_equal(cells.high, 2.0 * cells.low)
    assert sorted(degrees(cells)[:, 1].round(3).tolist()) == [-179.5, 179.5]
    assert cells.area_m2[0] == pytest.approx(111.32e3 * 110.57e3, rel=1e-3)
    assert cells.country == ("", "")
    assert sorted(zip(cells.own.tolist(), cells.counted_in, strict=True)) == [
        (2.5, ""),
        (3.5, "Fiji"),
    ]
    assert list(cells.most) == ["Fiji"]


def test_grids_of_different_shapes_are_refused() -> None:
    found = straight(0.0, 0.0, 90.0, 500e3)
    with pytest.raises(ShapeError):
        grid_cells(people_on(0.0, 0.0, 0.1, np.zeros((2, 2)), np.zeros((2, 3))), found)


@pytest.mark.parametrize("where", [(51.9, 128.3, 350.0), (-1.0, 178.5, 80.0), (45.9, 63.3, 60.0)])
def test_no_ground_is_counted_twice(where: tuple[float, float, float]) -> None:
    cells = corridor_cells(straight(*where, 600e3))
    assert np.all(cells.high >= cells.low)
    corners = np.round(degrees(cells) * 1000.0).astype(int)
    assert len(np.unique(corners, axis=0)) == len(cells)
    fine = cells.height_rad < math.radians(0.2)
    assert np.any(fine) or not len(cells)
    # No middle of a fine cell lies in a coarse one.
    place = degrees(cells)
    for lat, lon in place[~fine]:
        inside = np.abs(place[fine, 0] - lat) < 0.249
        inside &= np.abs((place[fine, 1] - lon + 180.0) % 360.0 - 180.0) < 0.249
        assert not np.any(inside)


def test_a_town_in_the_corridor_is_found_in_its_country() -> None:
    cells = corridor_cells(straight(51.9, 128.3, 350.0, 600e3))
    assert "Russia" in cells.country
    assert cells.low.sum() > 1000.0
    assert "GeoNames" in cells.source


def test_a_corridor_from_the_pole_is_possible() -> None:
    cells = corridor_cells(straight(89.9, 0.0, 180.0, 600e3))
    assert np.all(np.isfinite(cells.area_m2))


@pytest.mark.parametrize(
    "where", [(51.9, 128.3, 350.0), (28.5, -80.6, 45.0), (-39.3, 177.9, 190.0), (5.2, -52.8, 90.0)]
)
def test_the_boxes_hold_the_whole_corridor(where: tuple[float, float, float]) -> None:
    found = straight(*where, 9000e3)
    left, right = edges(found)
    trace = np.column_stack([found.trace.latitude_rad, found.trace.longitude_rad])
    points = np.degrees(np.concatenate([left, right, trace]))
    held = np.zeros(len(points), dtype=bool)
    for south, north, west, east in _boxes(found):
        inside = (points[:, 0] >= south) & (points[:, 0] <= north)
        held |= inside & (np.mod(points[:, 1] - west, 360.0) <= east - west)
    assert np.all(held)
