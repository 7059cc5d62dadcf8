"""Areas from and to GeoJSON objects, as read from or written to JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.world.polygons import Area, area_from_rings
from cosmodrome.world.polygons_overlap import parts_within_180, union

__all__ = ["GeoJsonReader", "area_from_geojson", "geojson_geometry", "geojson_polygons"]

_DEPTH: Final = 8
_MOST: Final = 200_000
_KINDS: Final = "Polygon, MultiPolygon, GeometryCollection, Feature, FeatureCollection"


@dataclass(frozen=True, slots=True)
class GeoJsonReader:
    """Reads polygons, and points where they are wanted, out of GeoJSON; names what is wrong.

    Parameters
    ----------
    file : str or None, named in errors
    points : bool, whether points may stand beside polygons

    References
    ----------
    RFC 7946.
    """

    file: str | None = None
    points: bool = False

    def refuse(self, why: str, value: object) -> InputError:
        """The error for something that cannot be read."""
        return InputError(
            f"cannot read the area: {why}",
            file=self.file,
            key="area",
            value=str(value)[:60],
            allowed=f"Point, MultiPoint, {_KINDS}" if self.points else _KINDS,
        )

    def members(self, value: Any) -> list[Any]:
        """A list of coordinates or of members, not empty."""
        if not isinstance(value, list | tuple) or not value:
            raise self.refuse("coordinates or members are missing", value)
        return list(value)

    def shapes(self, node: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
        """Kind, "Polygon" or "Point", and coordinates of every one inside a GeoJSON object."""
        if not isinstance(node, dict) or depth > _DEPTH:
            raise self.refuse("this is not a GeoJSON object", node)
        kind = node.get("type")
        inner = {"FeatureCollection": "features", "GeometryCollection": "geometries"}
        known = ("Polygon", "Point") if self.points else ("Polygon",)
        if not isinstance(kind, str):
            raise self.refuse("a GeoJSON object has no type", kind)
        if kind in inner:
            for part in self.members(node.get(inner[kind])):
                yield from self.shapes(part, depth + 1)
        elif kind == "Feature":
            yield from self.shapes(node.get("geometry"), depth + 1)
        elif kind in known:
            yield kind, node.get("coordinates")
        elif kind.startswith("Multi") and kind.removeprefix("Multi") in known:
            for part in self.members(node.get("coordinates")):
                yield kind.removeprefix("Multi"), part
        else:
            raise self.refuse(f"type {kind[:30]!r} has no area", kind)

    def position(self, value: Any) -> tuple[float, float]:
        """Latitude and longitude of a position, radians; longitude may go on past 180 deg."""
        if (
            not isinstance(value, list | tuple)
            or len(value) < 2
            or any(isinstance(x, bool) or not isinstance(x, int | float) for x in value[:2])
        ):
            raise self.refuse("a position is not [longitude, latitude]", value)
        longitude, latitude = float(value[0]), float(value[1])
        # Areas over the date line may go on past 180 deg.
        if not (-360.0 <= longitude <= 360.0 and -90.0 <= latitude <= 90.0):
            raise self.refuse("a position is not on the globe (longitude first, degrees)", value)
        return math.radians(latitude), math.radians(longitude)

    def ring(self, value: Any) -> list[tuple[float, float]]:
        """Corners of a ring as (latitude, longitude), the last as the first."""
        corners = self.members(value)
        if len(corners) > _MOST:
            raise self.refuse(f"a ring has more than {_MOST} corners", len(corners))
        found = [self.position(corner) for corner in corners]
        if len(found) < 4 or found[0] != found[-1]:
            raise self.refuse(
                "a ring needs four positions or more, the last as the first", len(found)
            )
        return found


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
    reader = GeoJsonReader(file)
    return tuple(
        area_from_rings([np.array(reader.ring(ring)) for ring in reader.members(coordinates)])
        for _, coordinates in reader.shapes(document)
    )


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
