"""Areas from and to GeoJSON objects, as read from or written to JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.world.polygons import Area, area_from_rings
from cosmodrome.world.polygons_overlap import parts_within_180, union

__all__ = ["area_from_geojson", "geojson_geometry", "geojson_polygons"]

Array = NDArray[np.float64]

_DEPTH: Final = 8
_MOST: Final = 200_000
_KINDS: Final = "Polygon, MultiPolygon, GeometryCollection, Feature, FeatureCollection"


def _bad(why: str, value: object, file: str | None) -> InputError:
    return InputError(
        f"cannot read the area: {why}", file=file, key="area", value=str(value)[:60], allowed=_KINDS
    )


def _list(value: Any, file: str | None) -> list[Any]:
    if not isinstance(value, list | tuple) or not value:
        raise _bad("coordinates or members are missing", value, file)
    return list(value)


def _polygons(node: Any, file: str | None, depth: int = 0) -> Iterator[Any]:
    """Coordinates of every polygon inside a GeoJSON object."""
    if not isinstance(node, dict) or depth > _DEPTH:
        raise _bad("this is not a GeoJSON object", node, file)
    kind = node.get("type")
    inner = {"FeatureCollection": "features", "GeometryCollection": "geometries"}
    if not isinstance(kind, str):
        raise _bad("a GeoJSON object has no type", kind, file)
    if kind in inner:
        for part in _list(node.get(inner[kind]), file):
            yield from _polygons(part, file, depth + 1)
    elif kind == "Feature":
        yield from _polygons(node.get("geometry"), file, depth + 1)
    elif kind == "Polygon":
        yield node.get("coordinates")
    elif kind == "MultiPolygon":
        yield from _list(node.get("coordinates"), file)
    else:
        raise _bad(f"type {str(kind)[:30]!r} has no area", kind, file)


def _ring(value: Any, file: str | None) -> Array:
    corners = _list(value, file)
    if len(corners) > _MOST:
        raise _bad(f"a ring has more than {_MOST} corners", len(corners), file)
    points = []
    for corner in corners:
        if (
            not isinstance(corner, list | tuple)
            or len(corner) < 2
            or any(isinstance(x, bool) or not isinstance(x, int | float) for x in corner[:2])
        ):
            raise _bad("a position is not [longitude, latitude]", corner, file)
        longitude, latitude = float(corner[0]), float(corner[1])
        # Areas over the date line may go on past 180 deg.
        if not (-360.0 <= longitude <= 360.0 and -90.0 <= latitude <= 90.0):
            raise _bad("a position is not on the globe (longitude first, degrees)", corner, file)
        points.append((math.radians(latitude), math.radians(longitude)))
    if len(points) < 4 or points[0] != points[-1]:
        raise _bad("a ring needs four positions or more, the last as the first", len(points), file)
    return np.array(points)


def geojson_polygons(document: Any, *, file: str | None = None) -> tuple[Area, ...]:
    """Every polygon of a GeoJSON object as an area of its own.

    Parameters
    ----------
    document : dict, as read from JSON
    file : str or None, named in errors

    Returns
    -------
    tuple of Area, at least one

    Raises
    ------
    InputError
        If it is not GeoJSON, or holds something that is not a polygon.

    References
    ----------
    RFC 7946.
    """
    found = tuple(
        area_from_rings([_ring(ring, file) for ring in _list(coordinates, file)])
        for coordinates in _polygons(document, file)
    )
    if not found:
        raise _bad("there is nothing in it", "empty", file)
    return found


def area_from_geojson(document: Any, *, file: str | None = None) -> Area:
    """All polygons of a GeoJSON object as one area.

    Polygons that meet along the date line, as RFC 7946 splits them, count as
    what they are together. Polygons that overlap are joined.

    Parameters
    ----------
    document : dict, as read from JSON
    file : str or None, named in errors

    Returns
    -------
    Area

    Raises
    ------
    InputError
        If it is not GeoJSON, or holds something that is not a polygon.

    References
    ----------
    RFC 7946.
    """
    found = geojson_polygons(document, file=file)
    return found[0] if len(found) == 1 else union(found)


def geojson_geometry(area: Area, decimals: int = 5) -> dict[str, Any]:
    """An area as a GeoJSON geometry, split at 180 degrees.

    Outer rings run counter-clockwise, holes clockwise.

    Parameters
    ----------
    area : Area
    decimals : int, of degrees; 5 are 1 m

    Returns
    -------
    dict, a Polygon or, of several parts, a MultiPolygon

    References
    ----------
    RFC 7946, sections 3.1.6 and 3.1.9.
    """
    coordinates = []
    for part in parts_within_180(area):
        rings = []
        for k, ring in enumerate(part):
            corners = np.degrees(ring[:, ::-1])
            x, y = corners[:-1, 0], corners[:-1, 1]
            turning = float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
            ordered = corners if (turning > 0.0) == (k == 0) else corners[::-1]
            rings.append([[round(float(c), decimals) + 0.0 for c in xy] for xy in ordered])
        coordinates.append(rings)
    if len(coordinates) == 1:
        return {"type": "Polygon", "coordinates": coordinates[0]}
    return {"type": "MultiPolygon", "coordinates": coordinates}
