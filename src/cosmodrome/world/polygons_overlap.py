"""What areas have in common, what they make together, and their parts on a map."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.world.polygons import Area, area_from_rings, signed_area_m2

__all__ = ["Overlap", "intersection", "overlap", "parts_within_180", "union"]

Array = NDArray[np.float64]

_TURN: Final = 2.0 * math.pi
_GRID_RAD: Final = 1e-12
_SPECK_M2: Final = 1.0  # what rounding leaves along a shared side


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two areas share: square metres, and shares of each, 0 to 1."""

    common_m2: float
    of_first: float
    of_second: float


def _planar(area: Area) -> Any:
    """The area on the map from -pi to pi, east and north, as a shapely geometry."""
    import shapely
    from shapely import affinity

    shape = shapely.Polygon()
    for ring in area.rings:
        # Even-odd: each ring turns inside into outside.
        flat = shapely.make_valid(shapely.Polygon(ring[:, ::-1]))
        shape = shape.symmetric_difference(flat) if not shape.is_empty else flat
    west, _, east, _ = shape.bounds
    first = math.floor((west + math.pi) / _TURN)
    last = math.floor((east + math.pi) / _TURN)
    pieces = []
    for turn in range(first, last + 1):
        frame = shapely.box(turn * _TURN - math.pi, -2.0, turn * _TURN + math.pi, 2.0)
        inside = shape.intersection(frame) if first != last else shape
        moved = affinity.translate(inside, -turn * _TURN)
        # On one grid, so that pieces that met before being moved still do.
        pieces.append(shapely.set_precision(moved, _GRID_RAD) if first != last else moved)
    # A ring round a pole may reach over more than a turn; even-odd again.
    result = pieces[0]
    for piece in pieces[1:]:
        result = result.symmetric_difference(piece)
    return result


def _polygons(shape: Any) -> list[Any]:
    """Polygons of any shapely geometry, lines and points left out."""
    if shape.geom_type == "Polygon":
        return [] if shape.is_empty else [shape]
    return [p for part in getattr(shape, "geoms", ()) for p in _polygons(part)]


def _rings(polygon: Any) -> list[Array]:
    lines = [polygon.exterior, *polygon.interiors]
    return [np.asarray(line.coords, dtype=float)[:, 1::-1] for line in lines]


def _size_m2(shape: Any) -> float:
    total = 0.0
    for polygon in _polygons(shape):
        for k, ring in enumerate(_rings(polygon)):
            sides = signed_area_m2(ring[:-1, 0], ring[1:, 0], np.diff(ring[:, 1]))
            total += (1.0 if k == 0 else -1.0) * abs(float(np.sum(sides)))
    return total


def _area(shape: Any) -> Area | None:
    """Back from the map: parts that meet at the date line are joined there."""
    import shapely
    from shapely import affinity

    parts = [p for p in _polygons(shape) if _size_m2(p) > _SPECK_M2]
    if not parts:
        return None
    shape = shapely.union_all(parts)
    west, _, east, _ = shape.bounds
    if west <= -math.pi + 1e-12 and east >= math.pi - 1e-12:
        # Any meridian that misses the area will do to unroll it from.
        for cut in np.linspace(-math.pi, math.pi, 73)[1:-1]:
            line = shapely.LineString([(cut, -2.0), (cut, 2.0)])
            if not shape.intersects(line):
                behind = shape.intersection(shapely.box(-math.pi, -2.0, cut, 2.0))
                ahead = shape.intersection(shapely.box(cut, -2.0, math.pi, 2.0))
                moved = affinity.translate(behind, _TURN)
                shape = shapely.union_all([ahead, moved], grid_size=_GRID_RAD)
                break
    rings = [ring for polygon in _polygons(shape) for ring in _rings(polygon)]
    return Area(tuple(_kept(ring) for ring in rings))


def _kept(ring: Array) -> Array:
    """A ring as it is: along the date line or a pole it may span a whole turn."""
    if np.max(np.abs(np.diff(ring[:, 1]))) < math.pi:
        return area_from_rings([ring]).rings[0]
    return ring


def overlap(first: Area, second: Area) -> Overlap:
    """How much of two areas is common ground.

    Parameters
    ----------
    first, second : Area

    Returns
    -------
    Overlap

    Accuracy
    --------
    1e-9 of the areas: sides are straight in longitude and latitude, crossings
    are found on that map and areas taken on the ellipsoid.
    """
    one, other = _planar(first), _planar(second)
    common = _size_m2(one.intersection(other))
    return Overlap(common, common / _size_m2(one), common / _size_m2(other))


def intersection(first: Area, second: Area) -> Area | None:
    """The common ground of two areas, or None where there is none above 1 m2."""
    return _area(_planar(first).intersection(_planar(second)))


def union(areas: Sequence[Area]) -> Area:
    """The ground of several areas as one.

    Parameters
    ----------
    areas : sequence of Area, at least one; they may overlap

    Returns
    -------
    Area, whose rings do not cross

    Raises
    ------
    InputError
        If there is nothing in it.

    Accuracy
    --------
    As `overlap`. Parts below 1 m2 are left out.
    """
    import shapely

    found = _area(shapely.union_all([_planar(area) for area in areas])) if areas else None
    if found is None:
        raise InputError("there is no area to join", key="area", allowed="one area or more")
    return found


def parts_within_180(area: Area) -> tuple[tuple[Array, ...], ...]:
    """The separate parts of an area, split at 180 degrees.

    Parameters
    ----------
    area : Area

    Returns
    -------
    tuple of parts, each a tuple of closed rings, the outer one first, then holes;
    each ring an array, shape (n, 2), latitude and longitude in radians, in [-pi, pi]

    Accuracy
    --------
    1e-12 rad. An area over a pole runs along 180 degrees and the pole.
    """
    return tuple(
        tuple(np.clip(ring, [-0.5 * math.pi, -math.pi], [0.5 * math.pi, math.pi]) for ring in rings)
        for rings in map(_rings, _polygons(_planar(area)))
    )
