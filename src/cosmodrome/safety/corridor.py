"""The flight corridor round the impact point's trace, by the tables of 14 CFR 420.

Its middle is the trace of the flight itself, as appendix B takes it; its width
is that of appendix A, which needs nothing but the class of the vehicle. What
appendix B does to narrow it (winds, malfunction turns) is left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.safety.trace import ImpactTrace
from cosmodrome.world.earth import site_position
from cosmodrome.world.environment import Environment
from cosmodrome.world.polygons_geodesic import destination

__all__ = [
    "CLASSES",
    "NAUTICAL_MILE_M",
    "Corridor",
    "Placed",
    "VehicleClass",
    "corridor",
    "edges",
    "half_width_m",
    "placed",
    "vehicle_class",
    "within",
]

Array = NDArray[np.float64]
VehicleClass = Literal["small", "medium", "medium-large", "large"]
CLASSES: Final[tuple[VehicleClass, ...]] = ("small", "medium", "medium-large", "large")

NAUTICAL_MILE_M: Final = 1852.0
_INCH_M: Final = 0.0254
_POUND_KG: Final = 0.45359237

_HEAVIEST_LB: Final = {28.0: (4400.0, 11100.0, 18500.0), 90.0: (3300.0, 8400.0, 15000.0)}
"""14 CFR 420.19, table 1: most payload of a class to 100 nm, by inclination in degrees."""

_RADIUS_IN: Final = {
    "small": 87600.0,
    "medium": 111600.0,
    "medium-large": 127200.0,
    "large": 156000.0,
}
"""14 CFR 420 appendix A, table A-1: debris dispersion radius, inches."""

_ACROSS_IN: Final = {
    "small": (2.87620e6, 8.59452e6, 128.566e6),
    "medium": (2.97220e6, 8.64252e6, 128.566e6),
    "medium-large": (3.03460e6, 8.67372e6, 128.566e6),
    "large": (3.14979e6, 8.73131e6, 128.566e6),
}
"""14 CFR 420 appendix A, table A-3: width at 10, 100 and 5000 nm (CF, DE, HI), inches."""

_CLEARED_IN: Final = {
    "small": 240500.0,
    "medium": 253000.0,
    "medium-large": 310300.0,
    "large": 937700.0,
}
"""14 CFR 420 appendix A, table A-2: how far downrange the exclusion zone reaches, inches."""

_AT_NM: Final = (0.0, 10.0, 100.0, 5000.0)
_ON_PAD_M: Final = 1e-3
"""Added to the way of the trace from node to node: it must rise even while the point stands."""


def vehicle_class(payload_kg: float, inclination_rad: float) -> VehicleClass:
    """The class of an orbital launch vehicle by what it carries to 100 nautical miles.

    Parameters
    ----------
    payload_kg : float, to a circular orbit of 185 km
    inclination_rad : float
        The nearer of the table's two, 28 and 90 deg, is taken.

    Returns
    -------
    str, of `CLASSES`

    Raises
    ------
    InputError
        If the payload is not above zero.

    References
    ----------
    14 CFR 420.19, table 1.
    """
    if not (math.isfinite(payload_kg) and payload_kg > 0.0):
        raise InputError("a class needs a payload", key="payload", value=payload_kg)
    degrees = math.degrees(inclination_rad)
    # A retrograde orbit costs more than a polar one: the polar column.
    column = _HEAVIEST_LB[28.0 if degrees < 59.0 else 90.0]
    pounds = payload_kg / _POUND_KG
    return CLASSES[sum(pounds > most for most in column)]


def half_width_m(range_m: Array, kind: VehicleClass) -> Array:
    """Half the corridor's width at a range of the impact point from the pad.

    Straight between the lines of table A-3, and from the debris dispersion
    radius at the pad to the first of them.

    Parameters
    ----------
    range_m : array, shape (n,)
    kind : VehicleClass

    Returns
    -------
    array, shape (n,), metres; beyond 5000 nm that at 5000 nm

    References
    ----------
    14 CFR 420 appendix A, tables A-1 and A-3, (c)(3).
    """
    halves = [_RADIUS_IN[kind], *(0.5 * width for width in _ACROSS_IN[kind])]
    return np.interp(range_m, np.array(_AT_NM) * NAUTICAL_MILE_M, np.array(halves) * _INCH_M)


@dataclass(frozen=True, slots=True, eq=False)
class Corridor:
    """The trace up to 5000 nautical miles, its way over the ground and its width.

    Parameters
    ----------
    trace : ImpactTrace, cut where the corridor ends
    kind : VehicleClass
    along_m : array, shape (n,), way of the impact point over the ground; it rises
    half_width_m : array, shape (n,)
    pad_radius_m : float, debris dispersion radius: how far it reaches behind the pad
    ends : str, in words
    """

    trace: ImpactTrace
    kind: VehicleClass
    along_m: Array
    half_width_m: Array
    pad_radius_m: float
    ends: str

    @property
    def sigma_m(self) -> Array:
        """Standard deviation across: a third of the way to the edge, 14 CFR 420 appendix C."""
        return self.half_width_m / 3.0

    @property
    def cleared_m(self) -> float:
        """How far downrange the overflight exclusion zone reaches, table A-2."""
        return _CLEARED_IN[self.kind] * _INCH_M

    @property
    def table_m(self) -> tuple[float, ...]:
        """Half widths at 10, 100 and 5000 nautical miles, table A-3."""
        return tuple(0.5 * width * _INCH_M for width in _ACROSS_IN[self.kind])


def corridor(trace: ImpactTrace, kind: VehicleClass) -> Corridor:
    """The corridor of a flight.

    Parameters
    ----------
    trace : ImpactTrace
    kind : VehicleClass

    Returns
    -------
    Corridor

    Raises
    ------
    InputError
        If the class is not known.

    Accuracy
    --------
    The way over the ground is counted by chords of the ellipsoid, right to
    1e-6 of itself for nodes 20 km apart.

    References
    ----------
    14 CFR 420.23(a) for its end: 5000 nm, or where the impact point leaves the Earth.
    """
    if kind not in CLASSES:
        raise InputError(
            f"class {kind!r} is not known", key="--class", value=kind, allowed=", ".join(CLASSES)
        )
    end_m = _AT_NM[-1] * NAUTICAL_MILE_M
    beyond = np.flatnonzero(trace.range_m > end_m)
    stop = int(beyond[0]) if beyond.size else len(trace)
    kept = trace.upto(stop)
    ends = "5000 nautical miles from the pad"
    if not beyond.size:
        ends = "where the impact point leaves the Earth"
        if trace.left_s is None:
            ends = "with the flight"
    steps = np.linalg.norm(np.diff(_fixed(kept.latitude_rad, kept.longitude_rad), axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(steps + _ON_PAD_M)])
    return Corridor(
        kept, kind, along, half_width_m(kept.range_m, kind), _RADIUS_IN[kind] * _INCH_M, ends
    )


def _fixed(latitude_rad: Array, longitude_rad: Array) -> Array:
    """Points of the ellipsoid, shape (n, 3)."""
    earth = Environment()
    a, f = earth.equatorial_radius_m, earth.flattening
    return np.asarray(site_position(latitude_rad, longitude_rad, 0.0 * latitude_rad, a, f))


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Where points stand in a corridor.

    Parameters
    ----------
    node : array of int, shape (n,), nearest node of the trace
    along_m, across_m : array, shape (n,)
        Way along the trace, negative behind the pad; distance to its right.
    inside : array of bool, shape (n,), in the corridor
    cleared : array of bool, shape (n,)
        In the overflight exclusion zone, where nobody may be during a launch.
    """

    node: NDArray[np.int64]
    along_m: Array
    across_m: Array
    inside: NDArray[np.bool_]
    cleared: NDArray[np.bool_]


def placed(found: Corridor, latitude_rad: Array, longitude_rad: Array) -> Placed:
    """Points in the corridor's own terms: how far along the trace, how far across.

    From the nearest node of the trace, in the plane that touches the Earth
    there; distances are kept, not their projection.

    Parameters
    ----------
    found : Corridor
    latitude_rad, longitude_rad : array, shape (n,)

    Returns
    -------
    Placed

    References
    ----------
    14 CFR 420 appendix A (c)(2), tables A-1 and A-2, for the exclusion zone.

    Accuracy
    --------
    0.3 % of the distance across, by the ellipsoid taken as a sphere about it;
    along, 0.1 % where the trace bends.
    """
    from scipy.spatial import cKDTree

    nodes = _fixed(found.trace.latitude_rad, found.trace.longitude_rad)
    points = _fixed(np.asarray(latitude_rad), np.asarray(longitude_rad))
    node = np.asarray(cKDTree(nodes).query(points)[1], dtype=np.int64)
    ahead = _ahead(nodes)[node]
    up = nodes[node] / np.linalg.norm(nodes[node], axis=1, keepdims=True)
    aside = np.cross(ahead, up)
    reach = points - nodes[node]
    x, y = np.sum(reach * ahead, axis=1), np.sum(reach * aside, axis=1)
    flat, chord = np.hypot(x, y), np.linalg.norm(reach, axis=1)
    radius = np.linalg.norm(nodes[node], axis=1)
    arc = 2.0 * radius * np.arcsin(np.minimum(chord / (2.0 * radius), 1.0))
    stretch = np.where(flat > 0.0, arc / np.maximum(flat, 1e-9), 1.0)
    x, y = x * stretch, y * stretch
    behind = (node == 0) & (x < 0.0)
    width = np.where(behind, found.pad_radius_m, found.half_width_m[node])
    far = np.where(behind, np.hypot(x, y), np.abs(y))
    # Past the last node there is no corridor; before it a step may be this long.
    past = (node == len(found.trace) - 1) & (x > 0.0)
    along, inside = found.along_m[node] + x, (far <= width) & ~past
    cleared = inside & (np.abs(y) <= found.pad_radius_m) & (along <= found.cleared_m)
    return Placed(node, along, y, inside, cleared)


def within(
    found: Corridor, latitude_rad: Array, longitude_rad: Array, distance_m: float
) -> NDArray[np.bool_]:
    """Whether points lie within a distance of the trace, through the Earth."""
    from scipy.spatial import cKDTree

    nodes = _fixed(found.trace.latitude_rad, found.trace.longitude_rad)
    points = _fixed(np.asarray(latitude_rad), np.asarray(longitude_rad))
    # A few nodes do: the rest lies between them.
    few = nodes[_few(found.along_m, 0.1 * distance_m)]
    near, _ = cKDTree(few).query(points, distance_upper_bound=1.1 * distance_m + 1e3)
    return np.asarray(np.isfinite(near))


def _few(along_m: Array, apart_m: float) -> NDArray[np.int64]:
    """Nodes about so far apart, first and last among them."""
    marks = np.arange(0.0, along_m[-1], max(apart_m, 1.0))
    chosen = np.searchsorted(along_m, [*marks, along_m[-1]])
    return np.unique(np.minimum(chosen, along_m.size - 1))


def _ahead(nodes: Array) -> Array:
    """Unit vectors along the trace at its nodes; while it stands, as it will go."""
    steps = np.diff(nodes, axis=0)
    size = np.linalg.norm(steps, axis=1)
    moving = np.flatnonzero(size > 1.0)
    if not moving.size:
        # It never moves: any way along will do, east or what is nearest to it.
        east = np.cross([0.0, 0.0, 1.0], nodes[0])
        east[1] += 1e-3
        return np.broadcast_to(east / np.linalg.norm(east), nodes.shape)
    # The next step that moves, or the last one that did.
    upcoming = np.searchsorted(moving, np.arange(len(nodes)))
    chosen = moving[np.minimum(upcoming, moving.size - 1)]
    return np.asarray(steps[chosen] / size[chosen, None])


def edges(found: Corridor, *, every_m: float = 50e3) -> tuple[Array, Array]:
    """The corridor's left and right edge, for a map.

    Parameters
    ----------
    found : Corridor
    every_m : float, about how far apart points are along the trace

    Returns
    -------
    left, right : array, shape (m, 2), latitude and longitude in radians
    """
    chosen = _few(found.along_m, every_m)
    latitude, longitude = found.trace.latitude_rad[chosen], found.trace.longitude_rad[chosen]
    nodes = _fixed(found.trace.latitude_rad, found.trace.longitude_rad)
    ahead = _ahead(nodes)[chosen]
    east = np.column_stack([-np.sin(longitude), np.cos(longitude), 0.0 * longitude])
    north = np.cross(nodes[chosen], east)
    north /= np.linalg.norm(north, axis=1, keepdims=True)
    course = np.arctan2(np.sum(ahead * east, axis=1), np.sum(ahead * north, axis=1))
    width = found.half_width_m[chosen]
    left, right = (
        np.column_stack(
            [np.asarray(v) for v in destination(latitude, longitude, course + turn, width)]
        )
        for turn in (-0.5 * np.pi, 0.5 * np.pi)
    )
    return left, right
