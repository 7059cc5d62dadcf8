import math
from typing import Any

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.orbit.areas import area_points, band_points

DEGREE = math.radians(1.0)


def box(west: float, south: float, east: float, north: float) -> list[list[list[float]]]:
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def polygon(rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": rings}


def test_points_of_a_band_stand_for_equal_areas() -> None:
    latitude, longitude = band_points(-60 * DEGREE, 60 * DEGREE, 2 * DEGREE)
    north = np.mean(latitude > 30 * DEGREE)
    want = (math.sin(60 * DEGREE) - 0.5) / (2 * math.sin(60 * DEGREE))
    assert north == pytest.approx(want, abs=2e-3)
    assert np.abs(longitude).max() <= math.pi
    sphere = 4.0 * math.pi / (2 * DEGREE) ** 2
    assert latitude.size == pytest.approx(sphere * math.sin(60 * DEGREE), rel=0.01)


def test_one_row_and_both_poles() -> None:
    latitude, _ = band_points(0.5, 0.5, 0.1)
    assert np.all(latitude == 0.5)
    latitude, _ = band_points(-math.pi / 2, math.pi / 2, 0.3)
    assert np.abs(latitude).max() < math.pi / 2


def test_points_lie_in_the_polygon_and_not_in_its_hole() -> None:
    rings = [*box(0, 0, 20, 10), *box(5, 2, 10, 8)]
    latitude, longitude = np.degrees(area_points(polygon(rings), DEGREE))
    assert longitude.min() > 0.0
    assert longitude.max() < 20.0
    in_hole = (longitude > 5) & (longitude < 10) & (latitude > 2) & (latitude < 8)
    assert not in_hole.any()
    assert latitude.size == pytest.approx(200 - 30, rel=0.05)


@pytest.mark.parametrize("east", [190.0, -170.0])
def test_across_the_date_line(east: float) -> None:
    latitude, longitude = area_points(polygon(box(170, -20, east, -10)), DEGREE)
    assert np.degrees(np.abs(longitude)).min() > 170.0
    assert (longitude > 0).any()
    assert (longitude < 0).any()
    assert latitude.size == pytest.approx(200 * math.cos(15 * DEGREE), rel=0.1)


def test_points_and_collections() -> None:
    document = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [7.0, 50.0]}},
            {
                "type": "Feature",
                "geometry": {"type": "MultiPolygon", "coordinates": [box(0, 0, 0.2, 0.2)]},
            },
        ],
    }
    latitude, longitude = np.degrees(area_points(document, DEGREE))
    assert latitude == pytest.approx([50.0, 0.1])
    assert longitude == pytest.approx([7.0, 0.1])


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"type": "LineString", "coordinates": [[0, 0], [1, 1]]},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]},
        {"type": "Point", "coordinates": [0, 95]},
        {"type": "Point", "coordinates": ["a", 0]},
        {"type": "Point", "coordinates": [True, 0]},
        {"type": "Point", "coordinates": [math.nan, 0]},
        {"type": "FeatureCollection", "features": []},
        {"type": "FeatureCollection", "features": 3},
        polygon([[[0, 80], [90, 80], [180, 80], [-90, 80], [0, 80]]]),
    ],
)
def test_what_is_no_area_is_refused(document: Any) -> None:
    with pytest.raises(InputError):
        area_points(document, DEGREE)


def test_nesting_has_an_end() -> None:
    deep: dict[str, Any] = {"type": "Point", "coordinates": [0, 0]}
    for _ in range(20):
        deep = {"type": "GeometryCollection", "geometries": [deep]}
    with pytest.raises(InputError):
        area_points(deep, DEGREE)


@pytest.mark.parametrize("spacing", [0.0, math.nan, 1e-3 * DEGREE, 3.0])
def test_absurd_spacings_are_refused(spacing: float) -> None:
    with pytest.raises(InputError, match="spacing"):
        band_points(0.0, 1.0, spacing)


def test_too_many_points_are_refused() -> None:
    with pytest.raises(InputError, match="more than"):
        band_points(-1.0, 1.0, 0.2 * DEGREE)
