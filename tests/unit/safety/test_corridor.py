"""The corridor's tables, and places in its own terms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.errors import InputError
from cosmodrome.safety.corridor import (
    CLASSES,
    NAUTICAL_MILE_M,
    corridor,
    edges,
    half_width_m,
    placed,
    vehicle_class,
)
from cosmodrome.safety.trace import ImpactTrace
from cosmodrome.world.polygons_geodesic import destination, distance_m


def straight(
    latitude_deg: float = 0.0,
    longitude_deg: float = 0.0,
    azimuth_deg: float = 90.0,
    length_m: float = 3000e3,
    count: Any = 601,
    flight_s: float = 500.0,
) -> Any:
    """A trace along a geodesic at an even speed."""
    lat, lon = math.radians(latitude_deg), math.radians(longitude_deg)
    way = np.linspace(0.0, length_m, count)
    latitude, longitude = destination(lat, lon, math.radians(azimuth_deg), way)
    latitude, longitude = np.asarray(latitude), np.asarray(longitude)
    return ImpactTrace(
        t_s=np.linspace(0.0, flight_s, count), latitude_rad=latitude, longitude_rad=longitude,
        fall_s=np.full(count, 100.0), range_m=np.asarray(distance_m(lat, lon, latitude, longitude)),
        powered=np.ones(count, dtype=bool), legs=("burn",) * count, left_s=None, how="by hand",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("range_nm", "kind", "width_nm"),
    # Appendix A, table A-3, as nautical miles from edge to edge.
    [(10, "small", 39.45), (100, "small", 117.87), (5000, "small", 1763.27),
     (10, "medium", 40.76), (100, "medium-large", 118.96), (100, "large", 119.75),
     (10, "large", 43.20), (7000, "large", 1763.27)],
)  # fmt: skip
def test_widths_are_those_of_the_table(range_nm: float, kind: Any, width_nm: float) -> None:
    found = half_width_m(np.array([range_nm * NAUTICAL_MILE_M]), kind)[0]
    assert 2.0 * found / NAUTICAL_MILE_M == pytest.approx(width_nm, abs=0.01)


@pytest.mark.parametrize(("kind", "radius_nm"), [("small", 1.2), ("medium", 1.53), ("large", 2.14)])
def test_at_the_pad_it_is_as_wide_as_debris_flies(kind: Any, radius_nm: float) -> None:
    assert half_width_m(np.zeros(1), kind)[0] / NAUTICAL_MILE_M == pytest.approx(
        radius_nm, abs=0.005
    )


@pytest.mark.parametrize(
    ("pounds", "degrees", "kind"),
    [(4400.0, 28.0, "small"), (4401.0, 28.0, "medium"), (11101.0, 51.0, "medium-large"),
     (18501.0, 0.0, "large"), (3300.0, 90.0, "small"), (3301.0, 98.0, "medium"),
     (8401.0, 63.0, "medium-large"), (15001.0, 90.0, "large")],
)  # fmt: skip
def test_classes_are_those_of_the_table(pounds: float, degrees: float, kind: Any) -> None:
    assert vehicle_class(pounds * 0.45359237, math.radians(degrees)) == kind


@pytest.mark.parametrize("payload", [0.0, -1.0, math.nan, math.inf])
def test_a_class_needs_a_payload(payload: float) -> None:
    with pytest.raises(InputError):
        vehicle_class(payload, 0.0)


def test_an_unknown_class_is_refused() -> None:
    with pytest.raises(InputError, match="huge"):
        corridor(straight(), "huge")  # type: ignore[arg-type]


def test_it_ends_at_five_thousand_nautical_miles() -> None:
    found = corridor(straight(length_m=12000e3), "small")
    assert found.trace.range_m[-1] <= 5000.0 * NAUTICAL_MILE_M < 12000e3
    assert "5000" in found.ends


def test_a_short_flight_ends_it_earlier() -> None:
    assert corridor(straight(), "small").ends == "with the flight"


def test_way_over_the_ground_is_the_geodesic() -> None:
    found = corridor(straight(latitude_deg=50.0, azimuth_deg=20.0), "small")
    assert found.along_m[-1] == pytest.approx(3000e3, rel=1e-5)


@given(
    latitude=st.floats(-75.0, 75.0), longitude=st.floats(-180.0, 180.0),
    azimuth=st.floats(0.0, 360.0), along=st.floats(100e3, 2900e3), across=st.floats(-500e3, 500e3),
)  # fmt: skip
def test_a_point_beside_the_trace_is_placed_there(
    latitude: float, longitude: float, azimuth: float, along: float, across: float
) -> None:
    found = corridor(straight(latitude, longitude, azimuth), "large")
    start = (math.radians(latitude), math.radians(longitude))
    on = destination(*start, math.radians(azimuth), along)
    ahead = destination(*start, math.radians(azimuth), along + 1000.0)
    course = math.atan2(*reversed(_towards(on, ahead)))
    aside = destination(*on, course + math.copysign(0.5 * math.pi, across), abs(across))
    where = placed(found, np.array([float(aside[0])]), np.array([float(aside[1])]))
    # 0.3 % for the sphere; along, the geodesic aside is no straight line of the Earth.
    assert where.across_m[0] == pytest.approx(across, rel=0.004, abs=30.0)
    assert where.along_m[0] == pytest.approx(along, abs=0.004 * abs(across) + 100.0)


def _towards(one: Any, other: Any) -> Any:
    """North and east of another place, nearly."""
    return (
        float(other[0] - one[0]),
        float((other[1] - one[1] + math.pi) % (2.0 * math.pi) - math.pi) * math.cos(float(one[0])),
    )


def test_inside_is_to_the_edge_and_no_further() -> None:
    found = corridor(straight(), "medium")
    there = 1000e3
    width = float(half_width_m(np.array([there]), "medium")[0])
    latitudes = np.array([0.99, 1.01, -0.99, -1.01]) * width / 6356752.0 * 1.0
    where = placed(found, latitudes, np.full(4, there / 6378137.0))
    assert where.inside.tolist() == [True, False, True, False]
    assert np.sign(where.across_m).tolist() == [
        -1.0,
        -1.0,
        1.0,
        1.0,
    ]  # right of an eastward way is south


def test_behind_the_pad_only_as_far_as_debris_flies() -> None:
    found = corridor(straight(), "medium")
    where = placed(found, np.zeros(2), -np.array([2000.0, 4000.0]) / 6378137.0)
    assert where.inside.tolist() == [True, False]
    assert np.all(where.along_m < 0.0)


@pytest.mark.parametrize(
    ("along_nm", "across_nm", "cleared"),
    # Appendix A, tables, medium: 1.53 nm round, 3.47 nm downrange.
    [(3.4, 0.0, True), (3.5, 0.0, False), (-1.5, 0.0, True), (-1.6, 0.0, False),
     (2.0, 1.5, True), (2.0, -1.6, False)],
)  # fmt: skip
def test_the_exclusion_zone_is_that_of_the_tables(
    along_nm: float, across_nm: float, cleared: Any
) -> None:
    found = corridor(straight(count=6001), "medium")
    place = (np.array([across_nm * 1852.0 / 6335439.0]), np.array([along_nm * 1852.0 / 6378137.0]))
    assert placed(found, *place).cleared.tolist() == [cleared]


def test_past_the_end_nothing_is_inside() -> None:
    found = corridor(straight(), "medium")
    where = placed(found, np.zeros(2), np.array([2990e3, 3100e3]) / 6378137.0)
    assert where.inside.tolist() == [True, False]


def test_it_crosses_the_date_line_as_any_meridian() -> None:
    here, there = (corridor(straight(longitude_deg=lon), "small") for lon in (0.0, 170.0))
    longitudes = np.radians([3.0, 12.0, 25.0])
    latitudes = np.radians([1.0, -3.0, 0.5])
    one = placed(here, latitudes, longitudes)
    other = placed(there, latitudes, longitudes + math.radians(170.0))
    assert np.allclose(one.along_m, other.along_m, atol=1.0)
    assert np.allclose(one.across_m, other.across_m, atol=1.0)


@pytest.mark.parametrize("kind", CLASSES)
def test_edges_stand_half_the_width_away(kind: Any) -> None:
    found = corridor(straight(latitude_deg=40.0, longitude_deg=179.0, azimuth_deg=60.0), kind)
    left, right = edges(found)
    assert len(left) == len(right) > 20
    across = distance_m(left[:, 0], left[:, 1], right[:, 0], right[:, 1])
    assert float(np.asarray(across)[-1]) == pytest.approx(2.0 * found.half_width_m[-1], rel=0.02)


def test_a_trace_that_stands_still_has_a_corridor() -> None:
    trace = straight(length_m=1.0, count=5)
    found = corridor(trace, "small")
    where = placed(found, np.array([0.0]), np.array([100.0 / 6378137.0]))
    assert np.isfinite(where.across_m).all()
