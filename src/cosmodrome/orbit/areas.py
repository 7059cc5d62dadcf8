"""Places on the ground to look at: a band of latitude, or an area of a GeoJSON document."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError

__all__ = ["area_points", "band_points"]

Array = NDArray[np.float64]
Ring = list[tuple[float, float]]

_MOST: Final = 20000
_DEPTH: Final = 8
_KINDS: Final = (
    "Point, MultiPoint, Polygon, MultiPolygon, GeometryCollection, Feature, FeatureCollection"
)


def _checked_spacing(spacing_rad: float) -> None:
    if not math.radians(0.01) <= spacing_rad <= math.radians(90.0):
        raise InputError(
            "the spacing of points is out of range",
            key="spacing",
            value=math.degrees(spacing_rad),
            allowed="0.01 to 90 deg",
        )


def band_points(south_rad: float, north_rad: float, spacing_rad: float) -> tuple[Array, Array]:
    """Points that stand for equal areas of a band of latitude.

    Rows at equal steps of latitude; in each as many points as its circle is long.

    Parameters
    ----------
    south_rad, north_rad : float, geodetic; equal for one row
    spacing_rad : float, between points along a meridian, about

    Returns
    -------
    latitude_rad, longitude_rad : array, shape (n,)

    Raises
    ------
    InputError
        If the band or the spacing is out of range or makes too many points.
    """
    _checked_spacing(spacing_rad)
    right = 0.5 * math.pi + 1e-9
    if not -right <= south_rad <= north_rad <= right:
        raise InputError(
            "the band of latitude is out of range",
            key="band",
            value=f"{math.degrees(south_rad):g} to {math.degrees(north_rad):g} deg",
            allowed="-90 to 90 deg, south first",
        )
    rows = max(1, math.ceil((north_rad - south_rad) / spacing_rad - 1e-9))
    step = (north_rad - south_rad) / rows
    latitudes, longitudes = [], []
    for row in range(rows):
        latitude = south_rad + (row + 0.5) * step
        count = max(1, round(2.0 * math.pi * math.cos(latitude) / spacing_rad))
        # Every other row shifted by half a step, so that no meridian is favoured.
        shift = 0.5 * (row % 2)
        latitudes.append(np.full(count, latitude))
        longitudes.append((np.arange(count) + shift) / count * 2.0 * math.pi - math.pi)
        if sum(part.size for part in latitudes) > _MOST:
            raise _too_many(spacing_rad)
    return np.concatenate(latitudes), np.concatenate(longitudes)


def _too_many(spacing_rad: float) -> InputError:
    return InputError(
        f"this makes more than {_MOST} points",
        key="spacing",
        value=math.degrees(spacing_rad),
        allowed="a wider spacing",
    )


def _bad(why: str, value: object) -> InputError:
    return InputError(
        f"cannot read the area: {why}", key="area", value=str(value)[:60], allowed=_KINDS
    )


def _position(value: Any) -> tuple[float, float]:
    if (
        not isinstance(value, list | tuple)
        or len(value) < 2
        or any(isinstance(x, bool) or not isinstance(x, int | float) for x in value[:2])
    ):
        raise _bad("a position is not [longitude, latitude]", value)
    longitude, latitude = float(value[0]), float(value[1])
    # Areas over the date line may go on past 180 deg.
    if not (-360.0 <= longitude <= 360.0 and -90.0 <= latitude <= 90.0):
        raise _bad("a position is not on the globe (longitude first, degrees)", value)
    return math.radians(longitude), math.radians(latitude)


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise _bad("coordinates are missing", value)
    return list(value)


def _geometries(node: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """(Point or Polygon, coordinates) of everything inside a GeoJSON object."""
    if not isinstance(node, dict) or depth > _DEPTH:
        raise _bad("this is not a GeoJSON object", node)
    kind = node.get("type")
    if kind == "FeatureCollection":
        for part in _listed(node.get("features")):
            yield from _geometries(part, depth + 1)
    elif kind == "GeometryCollection":
        for part in _listed(node.get("geometries")):
            yield from _geometries(part, depth + 1)
    elif kind == "Feature":
        yield from _geometries(node.get("geometry"), depth + 1)
    elif kind in ("Point", "Polygon"):
        yield kind, node.get("coordinates")
    elif kind in ("MultiPoint", "MultiPolygon"):
        for part in _listed(node.get("coordinates")):
            yield kind.removeprefix("Multi"), part
    else:
        raise _bad(f"type {str(kind)[:30]!r} has no area", kind)


def _ring(value: Any) -> Ring:
    points = [_position(position) for position in _listed(value)]
    if len(points) < 4 or points[0] != points[-1]:
        raise _bad("a ring needs four positions or more, the last as the first", len(points))
    # Carried on past 180 deg rather than jumping there: a side never spans half a turn.
    unrolled = [points[0]]
    for longitude, latitude in points[1:]:
        turns = round((longitude - unrolled[-1][0]) / (2.0 * math.pi))
        unrolled.append((longitude - turns * 2.0 * math.pi, latitude))
    return unrolled


def _inside(rings: list[Ring], latitude: Array, longitude: Array) -> NDArray[np.bool_]:
    """Even-odd rule in longitude and latitude; holes are rings too."""
    inside = np.zeros(latitude.size, dtype=bool)
    for ring in rings:
        west = min(p[0] for p in ring)
        x = west + np.mod(longitude - west, 2.0 * math.pi)
        for (x1, y1), (x2, y2) in pairwise(ring):
            between = (y1 > latitude) != (y2 > latitude)
            if not np.any(between):
                continue
            cross = x1 + (latitude - y1) / (y2 - y1) * (x2 - x1)
            inside ^= between & (x < cross)
    return inside


def area_points(document: Any, spacing_rad: float) -> tuple[Array, Array]:
    """Points that stand for equal areas of the polygons of a GeoJSON document, and its points.

    Sides are straight in longitude and latitude (RFC 7946) and span less than
    half a turn; an area may lie across the date line, but not hold a pole. A
    polygon too small for the spacing gets the mean of its corners.

    Parameters
    ----------
    document : dict, GeoJSON as read from JSON
    spacing_rad : float, between points along a meridian, about

    Returns
    -------
    latitude_rad, longitude_rad : array, shape (n,), longitude in [-pi, pi)

    Raises
    ------
    InputError
        If it is not GeoJSON with points or polygons, or makes too many points.

    References
    ----------
    RFC 7946.
    """
    _checked_spacing(spacing_rad)
    latitudes: list[Array] = []
    longitudes: list[Array] = []
    for kind, coordinates in _geometries(document):
        if kind == "Point":
            x, y = _position(coordinates)
            latitude, longitude = np.array([y]), np.array([x])
        else:
            latitude, longitude = _polygon([_ring(r) for r in _listed(coordinates)], spacing_rad)
        latitudes.append(latitude)
        longitudes.append(longitude)
        if sum(part.size for part in latitudes) > _MOST:
            raise _too_many(spacing_rad)
    if not latitudes:
        raise _bad("there is nothing in it", "empty")
    turned = np.mod(np.concatenate(longitudes) + math.pi, 2.0 * math.pi) - math.pi
    return np.concatenate(latitudes), turned


def _polygon(rings: list[Ring], spacing_rad: float) -> tuple[Array, Array]:
    if not rings:
        raise _bad("a polygon has no ring", rings)
    outer = rings[0]
    if abs(outer[-1][0] - outer[0][0]) > math.pi:
        raise _bad("an area holds a pole", "ring")
    corners = np.array(outer[:-1])
    (west, south), (east, north) = np.min(corners, axis=0), np.max(corners, axis=0)
    rows = max(1, math.ceil((north - south) / spacing_rad - 1e-9))
    lines = south + (np.arange(rows) + 0.5) * (north - south) / rows
    counts = np.maximum(np.rint((east - west) * np.cos(lines) / spacing_rad), 1.0).astype(int)
    if int(np.sum(counts)) > 10 * _MOST:
        raise _too_many(spacing_rad)
    latitude = np.repeat(lines, counts)
    place = np.arange(latitude.size) - np.repeat(np.cumsum(counts) - counts, counts)
    longitude = west + (place + 0.5) / np.repeat(counts, counts) * (east - west)
    chosen = _inside(rings, latitude, longitude)
    if np.any(chosen):
        return latitude[chosen], longitude[chosen]
    middle = np.mean(corners, axis=0)
    return middle[1:], middle[:1]
