"""Areas on the ground: what lies inside, how large they are, ellipses.

Latitudes are geodetic (WGS-84) and come first; longitudes are east, in any turn.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError, ShapeError
from cosmodrome.world.polygons_geodesic import ECCENTRICITY2, EQUATOR_M, Lines, destination

__all__ = [
    "Area",
    "area_from_rings",
    "area_m2",
    "belt_area_m2",
    "contains",
    "ellipse",
    "real_sides",
    "sample_points",
    "signed_area_m2",
    "signed_distance_m",
]

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

_TURN: Final = 2.0 * math.pi
_POLE: Final = 0.5 * math.pi
_PAIRS: Final = 2_000_000  # points times sides looked at in one go, to bound memory
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """Ground inside an odd number of rings: separate parts and holes alike.

    Sides are straight in longitude and latitude, as GeoJSON has them. Make one
    with `area_from_rings`, `area_from_geojson` or `ellipse`, which see to the
    form of the rings.

    Parameters
    ----------
    rings : tuple of array, shape (n, 2), latitude and longitude in radians
        Closed; longitudes go on past pi rather than jump there. A ring that
        winds round a pole runs along that pole too.
    """

    rings: tuple[Array, ...]

    @property
    def middle(self) -> tuple[float, float]:
        """Direction of the mean corner, latitude and longitude in radians."""
        corners = np.concatenate([ring[:-1] for ring in self.rings])
        x, y, z = np.mean(_directions(corners[:, 0], corners[:, 1]), axis=0)
        return math.atan2(z, math.hypot(x, y)), math.atan2(y, x)


def _directions(latitude: Array, longitude: Array) -> Array:
    flat = np.cos(latitude)
    return np.stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)], axis=-1)


def _closed(ring: Any) -> Array:
    """One ring, closed, unrolled, and led along the pole that it winds round."""
    points = np.array(ring, dtype=float)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ShapeError(f"a ring has shape (n, 2), not {points.shape}")
    on_globe = np.all(np.isfinite(points)) and np.all(np.abs(points[:, 0]) <= _POLE + 1e-9)
    if not on_globe:
        raise InputError(
            "a corner of the area is not on the globe",
            key="area",
            allowed="latitude from -90 to 90 deg, latitude first",
        )
    points[:, 0] = np.clip(points[:, 0], -_POLE, _POLE)
    if np.any(points[0] != points[-1]):
        points = np.concatenate([points, points[:1]])
    if len(points) < 4:
        raise InputError(
            "an area needs three corners or more", key="area", value=len(points) - 1, allowed=">= 3"
        )
    points[:, 1] = np.unwrap(points[:, 1])
    points[:, 1] -= _TURN * np.floor((np.min(points[:, 1]) + math.pi) / _TURN)
    if abs(points[-1, 1] - points[0, 1]) < math.pi:
        return points
    pole = math.copysign(_POLE, float(np.mean(points[:, 0])))
    along = np.array([[pole, points[-1, 1]], [pole, points[0, 1]], points[0]])
    return np.concatenate([points, along])


def area_from_rings(rings: Sequence[Any]) -> Area:
    """An area from its rings, parts and holes in any order and sense.

    A side goes the short way round. A ring that winds round a pole encloses the
    pole of the hemisphere in which its mean corner lies.

    Parameters
    ----------
    rings : sequence of array, shape (n, 2), latitude and longitude in radians
        Open or closed.

    Returns
    -------
    Area

    Raises
    ------
    ShapeError, InputError
        If a ring is no ring, or not on the globe.
    """
    if not rings:
        raise InputError("an area needs a ring", key="area", allowed="one ring or more")
    return Area(tuple(_closed(ring) for ring in rings))


def ellipse(
    latitude_rad: float,
    longitude_rad: float,
    semi_major_m: float,
    semi_minor_m: float,
    azimuth_rad: float = 0.0,
    points: int = 72,
) -> Area:
    """The outline of an ellipse on the ground.

    An ellipse of the plane that touches the Earth at the centre, with distances
    and azimuths from the centre kept along geodesics.

    Parameters
    ----------
    latitude_rad, longitude_rad : float, centre
    semi_major_m, semi_minor_m : float, positive, up to 5000 km
    azimuth_rad : float, of the major axis, from north through east
    points : int, corners

    Returns
    -------
    Area

    Raises
    ------
    InputError
        If an axis is out of range.

    Accuracy
    --------
    Corners within a millimetre. With 72 corners on the ellipse the area comes
    out smaller by 0.13 %, with 180 by 0.02 %.
    """
    axes = (semi_major_m, semi_minor_m)
    if not all(0.0 < axis <= 5e6 for axis in axes):
        raise InputError(
            "an axis of the ellipse is out of range",
            key="semi_axis",
            value=min(axes),
            allowed="above 0, up to 5000 km",
        )
    turn = np.arange(points) / points * _TURN
    along, across = semi_major_m * np.cos(turn), semi_minor_m * np.sin(turn)
    latitude, longitude = destination(
        latitude_rad,
        longitude_rad,
        azimuth_rad + np.arctan2(across, along),
        np.hypot(along, across),
    )
    return area_from_rings([np.column_stack([latitude, longitude])])


def _runs(counts: NDArray[np.int64]) -> Iterator[slice]:
    """Slices of sides whose pairs with points fit into memory."""
    total = np.cumsum(counts)
    start = 0
    while start < counts.size:
        before = int(total[start - 1]) if start else 0
        stop = int(np.searchsorted(total, before + _PAIRS, side="right"))
        stop = max(stop, start + 1)
        yield slice(start, stop)
        start = stop


def _crossings(ring: Array, latitude: Array, x: Array) -> NDArray[np.int64]:
    """How many sides lie east of each point; points in order of latitude."""
    y1, x1, y2, x2 = ring[:-1, 0], ring[:-1, 1], ring[1:, 0], ring[1:, 1]
    first = np.searchsorted(latitude, np.minimum(y1, y2))
    counts = np.searchsorted(latitude, np.maximum(y1, y2)) - first
    sides = np.flatnonzero(counts)
    crossed = np.zeros(latitude.size, dtype=np.int64)
    for part in _runs(counts[sides]):
        chosen = sides[part]
        many = counts[chosen]
        side = np.repeat(chosen, many)
        shift = first[chosen] - (np.cumsum(many) - many)
        point = np.arange(side.size) + np.repeat(shift, many)
        share = (latitude[point] - y1[side]) / (y2[side] - y1[side])
        east = x[point] < x1[side] + share * (x2[side] - x1[side])
        crossed += np.bincount(point[east], minlength=latitude.size)
    return crossed


def contains(area: Area, latitude_rad: Any, longitude_rad: Any) -> Bools:
    """True where a point lies inside the area.

    Parameters
    ----------
    area : Area
    latitude_rad, longitude_rad : float or array, shape (...)

    Returns
    -------
    array of bool, shape (...)
        A point on a side belongs to one of the two areas that share it.

    Accuracy
    --------
    That of doubles, about 1e-9 m. Poles and the date line need no care.
    """
    latitude, longitude = np.broadcast_arrays(
        np.asarray(latitude_rad, dtype=float), np.asarray(longitude_rad, dtype=float)
    )
    shape = latitude.shape
    # The pole itself lies on every side that runs along it.
    flat = np.clip(latitude.ravel(), -_POLE + 1e-12, _POLE - 1e-12)
    order = np.argsort(flat)
    flat, turned = flat[order], longitude.ravel()[order]
    crossed = np.zeros(flat.size, dtype=np.int64)
    for ring in area.rings:
        west, east = float(np.min(ring[:, 1])), float(np.max(ring[:, 1]))
        low, high = np.searchsorted(flat, [np.min(ring[:, 0]), np.max(ring[:, 0])])
        x = west + np.mod(turned[low:high] - west, _TURN)
        # A ring round a pole may reach over more than a turn: then both images count.
        for image in range(max(1, math.ceil((east - west) / _TURN - 1e-12))):
            near = np.flatnonzero(x + image * _TURN <= east)
            crossed[low + near] += _crossings(ring, flat[low + near], x[near] + image * _TURN)
    inside = np.empty(flat.size, dtype=bool)
    inside[order] = crossed % 2 == 1
    return inside.reshape(shape)


def belt_area_m2(latitude_rad: Any) -> Any:
    """Area between the equator and a latitude for each radian of longitude.

    Parameters
    ----------
    latitude_rad : float or array, geodetic

    Returns
    -------
    float or array, square metres per radian, negative in the south

    Accuracy
    --------
    Closed form on the WGS-84 ellipsoid.

    References
    ----------
    Snyder, Map Projections, USGS Professional Paper 1395, eq. 3-12.
    """
    sine = np.sin(latitude_rad)
    e = math.sqrt(ECCENTRICITY2)
    factor = 0.5 * EQUATOR_M**2 * (1.0 - ECCENTRICITY2)
    return factor * (sine / (1.0 - ECCENTRICITY2 * sine * sine) + np.arctanh(e * sine) / e)


def signed_area_m2(y1: Array, y2: Array, turn: Array) -> Array:
    """Ground between sides and the equator, positive for eastward sides in the north.

    Parameters
    ----------
    y1, y2 : array, latitudes of a side's ends, radians
    turn : array, its span in longitude, radians, east positive

    Returns
    -------
    array, square metres; the sum round a clockwise ring is its area

    Accuracy
    --------
    Eight Gauss points: exact to rounding for sides below 30 deg.
    """
    middle, half = 0.5 * (y1 + y2), 0.5 * (y2 - y1)
    total = np.zeros_like(middle)
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        total += 0.5 * weight * belt_area_m2(middle + node * half)
    return np.asarray(total * turn)


def _is_hole(area: Area, index: int, ranges: list[tuple[float, float]]) -> bool:
    """True if most of a ring's sides lie inside an odd number of the others."""
    ring = area.rings[index]
    middles = 0.5 * (ring[:-1] + ring[1:])
    middles = middles[:: max(1, len(middles) // 9)]
    south, north = np.min(middles[:, 0]), np.max(middles[:, 0])
    others = Area(
        tuple(
            other
            for k, other in enumerate(area.rings)
            if k != index and ranges[k][0] <= south and north <= ranges[k][1]
        )
    )
    if not others.rings:
        return False
    return bool(np.mean(contains(others, middles[:, 0], middles[:, 1])) > 0.5)


def area_m2(area: Area) -> float:
    """Size of an area on the ellipsoid; holes are taken off.

    Parameters
    ----------
    area : Area, whose rings do not cross

    Returns
    -------
    float, square metres

    Accuracy
    --------
    1e-9 of itself for the sides as defined, straight in longitude and latitude.
    Great circles between the same corners enclose other ground: a side of
    1000 km along 60 deg of latitude runs up to 34 km from the great circle.
    """
    total = 0.0
    ranges = [(float(np.min(r[:, 0])), float(np.max(r[:, 0]))) for r in area.rings]
    for index, ring in enumerate(area.rings):
        sides = signed_area_m2(ring[:-1, 0], ring[1:, 0], np.diff(ring[:, 1]))
        size = abs(float(np.sum(sides)))
        total += -size if _is_hole(area, index, ranges) else size
    return total


def sample_points(area: Area, count: int = 400) -> tuple[Array, Array, float]:
    """Points that stand for equal pieces of an area, evenly laid.

    Rows of equal area over the box round the area, shifted from row to row by
    the golden section, kept where they lie inside; never none.

    Parameters
    ----------
    area : Area
    count : int, about how many

    Returns
    -------
    latitude_rad, longitude_rad : array, shape (n,), longitude not wrapped
    piece_m2 : float, the ground each point stands for

    Accuracy
    --------
    Means of what is constant are exact; a coast through the area is met with
    an error of about 1 / n of its area.
    """
    corners = np.concatenate(area.rings)
    (south, west), (north, east) = np.min(corners, axis=0), np.max(corners, axis=0)
    east = min(float(east), float(west) + _TURN)
    size = area_m2(area)
    low, high = belt_area_m2(south), belt_area_m2(north)
    box = (high - low) * (east - west)
    middle = 0.5 * (south + north)
    tall = (north - south) / max((east - west) * math.cos(middle), 1e-12)
    wanted = min(count * max(box / max(size, 1e-9), 1.0), 100.0 * count)
    rows = max(1, round(math.sqrt(wanted * tall)))
    columns = max(1, round(wanted / rows))
    # Equal steps of area: belts are turned back into latitudes on a fine table.
    table = np.linspace(south, north, 20 * rows + 1)
    levels = low + (np.arange(rows) + 0.5) / rows * (high - low)
    row_latitude = np.interp(levels, belt_area_m2(table), table)
    shift = np.mod(np.arange(rows) * 0.6180339887498949, 1.0)
    latitude = np.repeat(row_latitude, columns)
    place = (np.arange(columns)[None, :] + shift[:, None]) / columns
    longitude = (west + place * (east - west)).ravel()
    chosen = contains(area, latitude, longitude)
    if not np.any(chosen):
        y, x = area.middle
        return np.array([y]), np.array([x]), size
    return latitude[chosen], longitude[chosen], size / int(np.count_nonzero(chosen))


def real_sides(area: Area) -> Array:
    """Sides of an area without those that lead along a pole and back.

    Parameters
    ----------
    area : Area

    Returns
    -------
    array, shape (n, 4), radians
        Latitude and longitude of the start, then of the end.
    """
    sides = np.concatenate([np.hstack([ring[:-1], ring[1:]]) for ring in area.rings])
    from_pole = np.abs(sides[:, 0]) > _POLE - 1e-12
    to_pole = np.abs(sides[:, 2]) > _POLE - 1e-12
    if not np.any(from_pole & to_pole):
        return sides
    return np.asarray(sides[~(from_pole | to_pole)])


def signed_distance_m(area: Area, latitude_rad: Any, longitude_rad: Any) -> Array:
    """Distance to the nearest side of an area, positive inside, negative outside.

    Sides along a pole, which close a ring that winds round it, do not count.

    Parameters
    ----------
    area : Area
    latitude_rad, longitude_rad : float or array, shape (...)

    Returns
    -------
    array, shape (...), metres

    Accuracy
    --------
    As `Lines.nearest`: a metre to 1000 km.
    """
    found = Lines(*real_sides(area).T).nearest(latitude_rad, longitude_rad)
    inside = contains(area, latitude_rad, longitude_rad)
    return np.where(inside, found.distance_m, -found.distance_m)
