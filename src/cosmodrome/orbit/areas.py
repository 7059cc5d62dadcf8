"""Places on the ground to look at: a band of latitude, or an area of a GeoJSON document."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.world.polygons_geojson import GeoJsonReader

__all__ = ["area_points", "band_points"]

Array = NDArray[np.float64]
Ring = list[tuple[float, float]]

_MOST: Final = 20000


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


def _unrolled(corners: Sequence[tuple[float, float]]) -> Ring:
    """A ring of (latitude, longitude) carried on past 180 deg rather than jumping there."""
    # A side never spans half a turn.
    found = [(corners[0][1], corners[0][0])]
    for latitude, longitude in corners[1:]:
        turns = round((longitude - found[-1][0]) / (2.0 * math.pi))
        found.append((longitude - turns * 2.0 * math.pi, latitude))
    return found


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
    reader = GeoJsonReader(points=True)
    for kind, coordinates in reader.shapes(document):
        if kind == "Point":
            latitude, longitude = (np.array([x]) for x in reader.position(coordinates))
        else:
            rings = [_unrolled(reader.ring(ring)) for ring in reader.members(coordinates)]
            if abs(rings[0][-1][0] - rings[0][0][0]) > math.pi:
                raise reader.refuse("an area holds a pole", "ring")
            latitude, longitude = _polygon(rings, spacing_rad)
        latitudes.append(latitude)
        longitudes.append(longitude)
        if sum(part.size for part in latitudes) > _MOST:
            raise _too_many(spacing_rad)
    turned = np.mod(np.concatenate(longitudes) + math.pi, 2.0 * math.pi) - math.pi
    return np.concatenate(latitudes), turned


def _polygon(rings: list[Ring], spacing_rad: float) -> tuple[Array, Array]:
    outer = rings[0]
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
