"""Areas on the ground: inside, size, distance, overlap, GeoJSON."""

from __future__ import annotations

import contextlib
import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmodrome.errors import InputError, ShapeError
from cosmodrome.world.polygons import (
    Area,
    area_from_rings,
    area_m2,
    contains,
    ellipse,
    sample_points,
    signed_distance_m,
)
from cosmodrome.world.polygons_geodesic import Lines, destination, distance_m
from cosmodrome.world.polygons_geojson import (
    area_from_geojson,
    geojson_geometry,
    geojson_polygons,
)
from cosmodrome.world.polygons_overlap import intersection, overlap, parts_within_180, union

WGS84_M2 = 5.10065621724088e14  # 2 pi a^2 + pi b^2/e ln((1+e)/(1-e)), Moritz, GRS80/WGS84 tables
EARTH_MEAN_M = 6371008.8

LATITUDE = st.floats(-1.5, 1.5)
LONGITUDE = st.floats(-math.pi, math.pi)
AZIMUTH = st.floats(0.0, 2.0 * math.pi)


def box(south: float, west: float, north: float, east: float) -> Area:
    corners = [[south, west], [south, east], [north, east], [north, west]]
    return area_from_rings([np.radians(corners)])


# ------------------------------------------------------------------ geodesics


def test_a_published_geodesic() -> None:
    # Land's End to John o' Groats, the worked example of many Vincenty calculators: 969 954.166 m.
    ends = np.radians([50.06632, -5.71475, 58.64402, -3.07009])
    assert distance_m(*ends) == pytest.approx(969_954.166, abs=2e-3)


def test_quarters_of_the_ellipsoid() -> None:
    # Meridian quadrant 10 001 965.7293 m; equator 2 pi 6378137 m.
    assert distance_m(0.0, 0.0, 0.5 * math.pi, 0.0) == pytest.approx(10_001_965.7293, abs=1e-3)
    assert distance_m(0.0, 0.0, 0.0, 1.0) == pytest.approx(6378137.0, abs=1e-3)


def test_close_to_the_antipode_the_answer_is_still_one() -> None:
    found = float(distance_m(0.0, 0.0, math.radians(0.1), math.radians(179.9)))
    assert found == pytest.approx(math.pi * EARTH_MEAN_M, rel=6e-3)


@settings(max_examples=60, deadline=None)
@given(LATITUDE, LONGITUDE, AZIMUTH, st.floats(1.0, 9e6))
def test_there_and_back(latitude: float, longitude: float, azimuth: float, along: float) -> None:
    to = destination(latitude, longitude, azimuth, along)
    assert distance_m(latitude, longitude, *to) == pytest.approx(along, abs=5e-3)


def test_distance_of_a_point_to_itself_is_nothing() -> None:
    assert distance_m(0.3, 0.4, 0.3, 0.4) == 0.0


# ------------------------------------------------------------------ areas


def test_the_belt_formula_gives_the_whole_earth() -> None:
    world = box(-90.0, -180.0, 90.0, -60.0)
    assert 3.0 * area_m2(world) == pytest.approx(WGS84_M2, rel=1e-12)


def test_a_degree_cell_against_quadrature() -> None:
    from scipy.integrate import quad

    a, e2 = 6378137.0, 0.0066943799901413165

    def strip(phi: float) -> float:
        s = 1.0 - e2 * math.sin(phi) ** 2
        return float(a * a * (1.0 - e2) * math.cos(phi) / (s * s))

    wanted, _ = quad(strip, math.radians(51), math.radians(52))
    assert area_m2(box(51.0, 128.0, 52.0, 129.0)) == pytest.approx(
        wanted * math.radians(1.0), rel=1e-12
    )


def test_a_hole_is_taken_off_and_holds_nothing() -> None:
    outer, hole = box(0, 0, 10, 10).rings[0], box(4, 4, 6, 6).rings[0]
    ring = area_from_rings([outer, hole])
    assert area_m2(ring) == pytest.approx(area_m2(box(0, 0, 10, 10)) - area_m2(box(4, 4, 6, 6)))
    assert contains(ring, np.radians([5.0, 2.0]), np.radians([5.0, 2.0])).tolist() == [False, True]


@settings(max_examples=40, deadline=None)
@given(LATITUDE, LONGITUDE, st.floats(5e3, 3e5), st.floats(0.1, 1.0), AZIMUTH)
def test_an_ellipse_anywhere(
    latitude: float, longitude: float, major: float, ratio: float, azimuth: float
) -> None:
    area = ellipse(latitude, longitude, major, ratio * major, azimuth, points=360)
    assert bool(contains(area, latitude, longitude))
    assert area_m2(area) == pytest.approx(math.pi * major * ratio * major, rel=3e-3)
    depth = float(signed_distance_m(area, latitude, longitude))
    assert depth == pytest.approx(ratio * major, rel=2e-3)
    for side in (0.0, math.pi):
        inner = destination(latitude, longitude, azimuth + side, 0.98 * major)
        outer = destination(latitude, longitude, azimuth + side, 1.02 * major)
        assert bool(contains(area, *inner))
        assert not bool(contains(area, *outer))
        assert float(signed_distance_m(area, *outer)) < 0.0


@pytest.mark.parametrize(("latitude", "other"), [(89.8, 88.0), (-89.8, -88.0)])
def test_an_ellipse_over_a_pole(latitude: float, other: float) -> None:
    area = ellipse(math.radians(latitude), 2.0, 100e3, 100e3, points=360)
    pole = math.copysign(0.5 * math.pi, latitude)
    every = np.linspace(-math.pi, math.pi, 13)
    assert np.all(contains(area, pole, every))
    assert not np.any(contains(area, -pole, every))
    assert not np.any(contains(area, math.radians(other), every))
    assert area_m2(area) == pytest.approx(math.pi * 1e10, rel=2e-3)
    # The sides along the pole are no edge: the nearest edge is 100 - 22 km from the pole.
    near = float(signed_distance_m(area, pole, 0.0))
    gap = float(distance_m(pole, 0.0, math.radians(latitude), 0.0))
    assert near == pytest.approx(100e3 - gap, rel=1e-3)


def test_a_spiral_round_a_pole_reaches_over_more_than_a_turn() -> None:
    # Once round the pole and on for 60 deg, outside its own beginning; distances from the pole
    # in degrees. Straight lines of the polar map are told by shapely.
    shapely = pytest.importorskip("shapely")
    turn = np.concatenate([np.arange(0.0, 421.0, 2.0), np.arange(420.0, 359.0, -2.0)])
    outer = 10.0 + turn / 36.0
    away = np.where(np.arange(turn.size) < 211, outer, outer - 7.0)
    area = area_from_rings([np.radians(np.column_stack([90.0 - away, turn]))])
    assert np.ptp(area.rings[0][:, 1]) > 2.0 * math.pi
    angle = np.radians(turn)
    flat = shapely.Polygon(np.column_stack([away * np.cos(angle), away * np.sin(angle)]))
    assert flat.is_valid
    rng = np.random.default_rng(2)
    r, t = 25.0 * np.sqrt(rng.uniform(0.0, 1.0, 3000)), rng.uniform(0.0, 2.0 * math.pi, 3000)
    points = shapely.points(r * np.cos(t), r * np.sin(t))
    clear = shapely.distance(points, flat.boundary) > 0.05
    wanted = shapely.contains(flat, points)
    found = contains(area, np.radians(90.0 - r), t)
    assert np.count_nonzero(clear) > 2900
    assert np.array_equal(found[clear], wanted[clear])


def test_every_turn_of_longitude_is_the_same_place() -> None:
    area = ellipse(math.radians(-17.0), math.pi, 60e3, 30e3, 0.4)
    y = math.radians(-17.0) + np.linspace(-0.01, 0.01, 41)
    x = math.pi + np.linspace(-0.02, 0.02, 41)
    once = contains(area, y, x)
    assert once.any()
    assert not once.all()
    for turns in (-2, -1, 1):
        assert contains(area, y, x + 2.0 * math.pi * turns).tolist() == once.tolist()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(-1.2, 1.2), st.floats(-1.0, 1.0)), min_size=3, max_size=12))
def test_inside_agrees_with_shapely(corners: list[tuple[float, float]]) -> None:
    shapely = pytest.importorskip("shapely")
    flat = shapely.Polygon([(x, y) for y, x in corners])
    if not flat.is_valid or flat.area < 1e-6:
        return
    area = area_from_rings([np.array(corners)])
    rng = np.random.default_rng(7)
    y, x = rng.uniform(-1.3, 1.3, 200), rng.uniform(-1.1, 1.1, 200)
    assert contains(area, y, x).tolist() == shapely.contains_xy(flat, x, y).tolist()


def test_samples_stand_for_the_area() -> None:
    area = ellipse(1.2, 3.1, 200e3, 20e3, 0.7)
    latitude, longitude, piece = sample_points(area, 500)
    assert 250 < latitude.size < 1000
    assert piece * latitude.size == pytest.approx(area_m2(area))
    assert np.all(contains(area, latitude, longitude))
    # Evenly laid: a half of the area gets half of the points.
    half = ellipse(1.2, 3.1, 200e3 / math.sqrt(2.0), 20e3 / math.sqrt(2.0), 0.7)
    assert np.mean(contains(half, latitude, longitude)) == pytest.approx(0.5, abs=0.04)


@pytest.mark.parametrize(
    ("rings", "kind"),
    [
        ([], InputError),
        ([[[0.0, 0.0], [1.0, 1.0]]], InputError),
        ([[[2.0, 0.0], [1.0, 1.0], [0.0, 1.0]]], InputError),
        ([[[math.nan, 0.0], [1.0, 1.0], [0.0, 1.0]]], InputError),
        ([[0.0, 1.0, 2.0]], ShapeError),
    ],
)
def test_what_is_no_area_is_named(rings: list[Any], kind: type[Exception]) -> None:
    with pytest.raises(kind):
        area_from_rings(rings)


@pytest.mark.parametrize(("major", "minor"), [(0.0, 1.0), (1e3, -1.0), (6e6, 1e3), (math.nan, 1e3)])
def test_an_ellipse_without_size_is_refused(major: float, minor: float) -> None:
    with pytest.raises(InputError):
        ellipse(0.0, 0.0, major, minor)


# ------------------------------------------------------------------ nearest lines


def test_the_nearest_of_many_lines_is_the_nearest_by_brute_force() -> None:
    rng = np.random.default_rng(3)
    y1, x1 = rng.uniform(0.8, 0.9, 60), rng.uniform(2.1, 2.3, 60)
    y2, x2 = y1 + rng.uniform(-0.01, 0.01, 60), x1 + rng.uniform(-0.02, 0.02, 60)
    points = rng.uniform(0.75, 0.95, 40), rng.uniform(2.0, 2.4, 40)
    found = Lines(y1, x1, y2, x2).nearest(*points)
    share = np.linspace(0.0, 1.0, 401)[:, None]
    ways = (y1 + share * (y2 - y1)).ravel(), (x1 + share * (x2 - x1)).ravel()
    for k in range(40):
        brute = float(np.min(distance_m(points[0][k], points[1][k], *ways)))
        assert found.distance_m[k] <= brute + 5.0
        assert found.distance_m[k] == pytest.approx(brute, abs=30.0)


def test_the_nearest_line_need_not_have_the_nearest_middle() -> None:
    rng = np.random.default_rng(4)
    y1, x1 = rng.uniform(0.8, 0.801, 150), rng.uniform(2.1, 2.1015, 150)
    length = rng.choice([2e-6, 3.8e-4], 150)  # 13 m and 2.4 km
    y2, x2 = y1 + length * np.cos(np.arange(150)), x1 + length * np.sin(np.arange(150))
    points = rng.uniform(0.8, 0.801, 60), rng.uniform(2.1, 2.1015, 60)
    found = Lines(y1, x1, y2, x2).nearest(*points)
    share = np.linspace(0.0, 1.0, 601)[:, None]
    ways = (y1 + share * (y2 - y1)).ravel(), (x1 + share * (x2 - x1)).ravel()
    brute = [np.min(distance_m(y, x, *ways)) for y, x in zip(*points, strict=True)]
    assert found.distance_m == pytest.approx(np.array(brute), abs=3.0)


def test_a_long_parallel_is_followed_not_cut_short() -> None:
    # Along 49 N over 30 deg; the chord's great circle would pass 1.1 deg farther north.
    line = Lines(*np.radians([[49.0], [-125.0], [49.0], [-95.0]]))
    found = line.nearest(math.radians(48.0), math.radians(-110.0))
    assert float(found.distance_m) == pytest.approx(111_206.0, rel=2e-4)
    assert float(found.latitude_rad) == pytest.approx(math.radians(49.0), abs=1e-9)


# ------------------------------------------------------------------ overlap


def test_overlap_of_halves() -> None:
    found = overlap(box(10, 20, 12, 22), box(10, 21, 12, 24))
    assert found.of_first == pytest.approx(0.5, rel=1e-9)
    assert found.of_second == pytest.approx(1.0 / 3.0, rel=1e-9)
    assert found.common_m2 == pytest.approx(area_m2(box(10, 21, 12, 22)), rel=1e-9)


def test_overlap_does_not_feel_the_date_line() -> None:
    here = overlap(box(60, 10, 64, 14), box(62, 12, 66, 16))
    for shift in (166.0, 168.5, 170.0, -194.0):
        there = overlap(box(60, 10 + shift, 64, 14 + shift), box(62, 12 + shift, 66, 16 + shift))
        assert there.common_m2 == pytest.approx(here.common_m2, rel=1e-9)
        assert there.of_first == pytest.approx(here.of_first, rel=1e-9)


def test_areas_apart_have_nothing_in_common() -> None:
    assert overlap(box(0, 0, 1, 1), box(2, 2, 3, 3)).common_m2 == 0.0
    assert intersection(box(0, 0, 1, 1), box(2, 2, 3, 3)) is None


def test_overlap_by_counting_points() -> None:
    one, other = ellipse(1.0, 3.13, 90e3, 30e3, 0.3), ellipse(1.003, 3.14, 60e3, 40e3, 1.0)
    latitude, longitude, _ = sample_points(one, 20_000)
    counted = float(np.mean(contains(other, latitude, longitude)))
    assert overlap(one, other).of_first == pytest.approx(counted, abs=0.006)


def test_union_counts_common_ground_once() -> None:
    one, other = box(10, 179, 12, 181), box(11, 180, 13, 182)
    both = union([one, other])
    shared = overlap(one, other).common_m2
    assert area_m2(both) == pytest.approx(area_m2(one) + area_m2(other) - shared, rel=1e-9)
    y, x = np.radians([11.5, 12.9, 10.1, 12.9]), np.radians([180.5, 181.0, 179.5, 179.5])
    assert contains(both, y, x).tolist() == [True, True, True, False]
    with pytest.raises(InputError):
        union([])


def test_an_area_over_a_pole_has_parts_that_cover_it() -> None:
    area = ellipse(math.radians(-89.9), 0.5, 60e3, 60e3, points=180)
    for ring in (ring for part in parts_within_180(area) for ring in part):
        assert np.all(np.abs(ring[:, 1]) <= math.pi)
    assert len(parts_within_180(area)) == 1
    assert overlap(area, area).of_first == pytest.approx(1.0, rel=1e-9)


# ------------------------------------------------------------------ GeoJSON


@settings(max_examples=30, deadline=None)
@given(st.floats(-1.55, 1.55), LONGITUDE, st.floats(2e4, 3e5), st.floats(0.2, 1.0), AZIMUTH)
def test_there_and_back_through_geojson(
    latitude: float, longitude: float, major: float, ratio: float, azimuth: float
) -> None:
    area = ellipse(latitude, longitude, major, ratio * major, azimuth)
    text = json.dumps(geojson_geometry(area, decimals=7))
    back = area_from_geojson(json.loads(text))
    assert area_m2(back) == pytest.approx(area_m2(area), rel=1e-4)
    # On the map, whole turns of longitude and the pole itself cost nothing more.
    if abs(latitude) < 1.4:
        assert overlap(area, back).of_first == pytest.approx(1.0, abs=1e-4)


def test_what_is_written_keeps_rfc_7946() -> None:
    found = geojson_geometry(ellipse(0.1, math.pi, 100e3, 50e3))
    assert found["type"] == "MultiPolygon"
    assert len(found["coordinates"]) == 2
    for polygon in found["coordinates"]:
        corners = np.array(polygon[0])
        assert polygon[0][0] == polygon[0][-1]
        assert np.all(np.abs(corners[:, 0]) <= 180.0)
        assert np.max(np.abs(np.diff(corners[:, 0]))) < 180.0
        x, y = corners[:-1].T
        assert np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) > 0.0  # counter-clockwise


SQUARE = [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]


def test_collections_are_read_whole() -> None:
    document = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": SQUARE}},
            {
                "type": "Feature",
                "geometry": {
                    "type": "GeometryCollection",
                    "geometries": [
                        {
                            "type": "MultiPolygon",
                            "coordinates": [
                                [[[5, 5], [6, 5], [6, 6], [5, 5]]],
                                [[[8, 5], [9, 5], [9, 6], [8, 5]]],
                            ],
                        }
                    ],
                },
            },
        ],
    }
    assert len(geojson_polygons(document)) == 3
    assert len(area_from_geojson(document).rings) == 3


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"type": "Point", "coordinates": [0, 0]},
        {"type": "FeatureCollection", "features": []},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, "0"], [1, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 91], [1, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, True], [1, 1], [0, 0]]]},
        {"type": "Feature", "geometry": None},
    ],
)
def test_what_is_no_geojson_area_is_named(document: Any) -> None:
    with pytest.raises(InputError) as caught:
        area_from_geojson(document, file="zone.geojson")
    assert caught.value.file == "zone.geojson"


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "coordinates", "features", "geometry", "geometries"]),
            inner | st.sampled_from(["Polygon", "MultiPolygon", "Feature", "FeatureCollection"]),
        )
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(JSON)
def test_any_json_is_an_area_or_a_named_error(document: Any) -> None:
    with contextlib.suppress(InputError):
        assert area_from_geojson(document).rings
