"""Where the vehicle would come down if its engines stopped now: the impact point's trace.

The instantaneous impact point (IIP) of every moment of the ascent. It starts
at the pad, runs ahead of the vehicle ever faster, and leaves the Earth when
the perigee rises above the ground.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.flight.impact import vacuum_impact
from cosmodrome.io.ground import stretches
from cosmodrome.world.earth import geodetic, great_circle_distance
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import EarthOrientation
from cosmodrome.world.frames import rotations
from cosmodrome.world.polygons_geodesic import distance_m
from cosmodrome.world.state import Trajectory, in_frame

__all__ = ["Fall", "ImpactTrace", "impact_trace"]

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Fall = Callable[[Array, Array, Array], tuple[Array, Array, Array]]
"""Times (n,) s after the epoch, positions and velocities (n, 3) GCRF, to geodetic latitude and
longitude of the impact, rad, and the time until then, s; NaN where there is none."""

_STEP_S: Final = 0.5
_PASSES: Final = 40
_CLOSE_M: Final = 0.01
_APART_M: Final = 20e3
_HALVINGS: Final = 8
_ROUND_M: Final = 6371e3


@dataclass(frozen=True, slots=True, eq=False)
class ImpactTrace:
    """Impact points against time, up to where they leave the Earth.

    Parameters
    ----------
    t_s : array, shape (n,), seconds after lift-off, rising
    latitude_rad, longitude_rad : array, shape (n,), geodetic; longitude in [-pi, pi)
    fall_s : array, shape (n,), time from engine stop to impact
    range_m : array, shape (n,), along the geodesic from the launch point
    powered : array of bool, shape (n,), whether an engine burns in the step after the node
    legs : tuple of str, name of the phase of each node
    left_s : float or None
        When the impact point has left the Earth; None where the flight ends before.
    how : str, in words: vacuum or with drag
    """

    t_s: Array
    latitude_rad: Array
    longitude_rad: Array
    fall_s: Array
    range_m: Array
    powered: Flags
    legs: tuple[str, ...]
    left_s: float | None
    how: str

    def __len__(self) -> int:
        return int(self.t_s.size)

    @property
    def powered_s(self) -> Array:
        """Time under power from lift-off to each node, seconds."""
        steps = np.diff(self.t_s) * self.powered[:-1]
        return np.concatenate([[0.0], np.cumsum(steps)])

    def upto(self, stop: int) -> ImpactTrace:
        """The first nodes of it, as many as said."""
        names = ("t_s", "latitude_rad", "longitude_rad", "fall_s", "range_m", "powered", "legs")
        return replace(self, **{name: getattr(self, name)[:stop] for name in names})


@dataclass(frozen=True, slots=True, eq=False)
class _Nodes:
    """States of the flight, close together; Earth-fixed axes come with them."""

    t_s: Array
    r_m: Array
    v_m_s: Array
    leg: NDArray[np.int64]


def impact_trace(
    trajectory: Trajectory,
    *,
    powered: Flags | Sequence[bool] | None = None,
    fall: Fall | None = None,
    how: str = "",
    environment: Environment | None = None,
    orientation: EarthOrientation | None = None,
    step_s: float = _STEP_S,
    apart_m: float = _APART_M,
) -> ImpactTrace:
    """The trace of the instantaneous impact point along a flight.

    Between the states given, positions follow the cubic that has their
    velocities. In vacuum the fall is Keplerian, closed in form, onto the
    ellipsoid; the ground turns away below until the impact.

    Parameters
    ----------
    trajectory : Trajectory
        From lift-off; a time that stands twice is a jump (staging).
    powered : array of bool, shape (n,), or None
        Whether an engine burns at each state; None: always.
    fall : Fall or None
        Another fall, with drag; None is the vacuum.
    how : str, what to call it
    environment : Environment or None, WGS 84 by default
    orientation : EarthOrientation or None, the shipped one by default
    step_s : float, longest step between nodes
    apart_m : float
        Nodes further apart than this get another one between, eight times over:
        near the end the point races. Infinite for even steps alone.

    Returns
    -------
    ImpactTrace

    Raises
    ------
    InputError
        If there are fewer than two states, or none of them comes down.

    Accuracy
    --------
    In vacuum the place is that of a point mass Earth to 1 m. Oblateness left out
    shifts it by 0.6 km at a range of 1700 km, 3 km at 3200 km and 40 km at 7900 km,
    where it races; drag shifts the lightest debris that counts by ten times that.
    Interpolation adds metres for states 10 s apart.

    References
    ----------
    Bate, Mueller & White, Fundamentals of Astrodynamics, 4.4.
    """
    earth = Environment() if environment is None else environment
    flight = in_frame(trajectory, "GCRF", orientation)
    if len(flight) < 2:
        raise InputError("a trace needs two states or more", key="trajectory", value=len(flight))
    names, burning = _legs(flight, powered)
    courses = _courses(flight)
    nodes = _steps(courses, step_s)
    falls = fall or _vacuum(flight, earth, orientation)
    found = falls(nodes.t_s, nodes.r_m, nodes.v_m_s)
    nodes, found = _closer(courses, nodes, found, falls, apart_m)
    last = _until(found[2])
    if last < 2:
        raise InputError(
            "the flight comes down nowhere: there is no impact point",
            key="trajectory",
            allowed="a flight from lift-off on",
        )
    part = slice(0, last)
    latitude, longitude, fall_s = (column[part] for column in found)
    leg = nodes.leg[part]
    return ImpactTrace(
        t_s=nodes.t_s[part],
        latitude_rad=latitude,
        longitude_rad=(longitude + np.pi) % (2.0 * np.pi) - np.pi,
        fall_s=fall_s,
        range_m=np.asarray(distance_m(latitude[0], longitude[0], latitude, longitude)),
        powered=burning[leg],
        legs=tuple(names[k] for k in leg.tolist()),
        left_s=float(nodes.t_s[last]) if last < nodes.t_s.size else None,
        how=how or ("in vacuum" if fall is None else "with drag"),
    )


def _legs(
    flight: Trajectory, powered: Flags | Sequence[bool] | None
) -> tuple[tuple[str, ...], Flags]:
    """Name of each stretch, and whether it burns: by most of its states."""
    found = stretches(flight)
    names = tuple(name for name, _, _ in found)
    if powered is None:
        return names, np.ones(len(names), dtype=bool)
    flags = np.asarray(powered, dtype=bool)
    if flags.shape != flight.t_s.shape:
        raise InputError(
            "one flag of power is needed for each state",
            key="powered",
            value=str(flags.shape),
            allowed=f"({len(flight)},)",
        )
    return names, np.array([2 * np.sum(flags[a:b]) >= b - a for _, a, b in found])


def _courses(flight: Trajectory) -> list[Any]:
    """Cubics through the states of each stretch, None for a single state."""
    from scipy.interpolate import CubicHermiteSpline

    found = []
    for _, start, stop in stretches(flight):
        part = slice(start, stop)
        short = stop - start < 2
        states = (flight.t_s[part], flight.r_m[part], flight.v_m_s[part])
        found.append(None if short else CubicHermiteSpline(*states))
    if not any(found):
        raise InputError("no phase of the flight has two states", key="trajectory")
    return found


def _nodes(courses: Sequence[Any], leg: NDArray[np.int64], at: Array) -> _Nodes:
    """The flight at some times, each of a known stretch."""
    r, v = np.empty((at.size, 3)), np.empty((at.size, 3))
    for k in np.unique(leg).tolist():
        mine = leg == k
        r[mine], v[mine] = courses[k](at[mine]), courses[k](at[mine], 1)
    return _Nodes(at, r, v, leg)


def _steps(courses: Sequence[Any], step_s: float) -> _Nodes:
    """Even steps through each stretch, its first and last state among them."""
    times, legs = [], []
    for k, course in enumerate(courses):
        if course is None:
            continue
        first, last = float(course.x[0]), float(course.x[-1])
        times.append(np.linspace(first, last, math.ceil((last - first) / step_s) + 1))
        legs.append(np.full(times[-1].size, k))
    return _nodes(courses, np.concatenate(legs), np.concatenate(times))


def _vacuum(flight: Trajectory, earth: Environment, orientation: EarthOrientation | None) -> Fall:
    """The Keplerian fall onto the ellipsoid below, wherever it has turned to."""
    a, f = earth.equatorial_radius_m, earth.flattening

    def fixed(t_s: Array, r_m: Array) -> Any:
        turn = rotations("GCRF", "ITRF", flight.epoch, t_s, orientation)
        return geodetic(np.einsum("nij,nj->ni", turn, r_m), a, f)

    def fall(t_s: Array, r_m: Array, v_m_s: Array) -> tuple[Array, Array, Array]:
        latitude, longitude, height = (np.asarray(x) for x in fixed(t_s, r_m))
        down = np.linalg.norm(r_m, axis=1) - height  # radius of the ground below
        fall_s = np.zeros(t_s.size)
        high = height > _CLOSE_M  # on the pad it has come down already
        for _ in range(_PASSES):
            todo = np.flatnonzero(high & np.isfinite(fall_s))
            comes = _comes_down(r_m[todo], v_m_s[todo], earth.mu_m3_s2, down[todo])
            fall_s[todo[~comes]] = np.nan
            todo = todo[comes]
            if not todo.size:
                break
            place, time = vacuum_impact(r_m[todo], v_m_s[todo], earth.mu_m3_s2, down[todo])
            where = fixed(t_s[todo] + np.asarray(time), np.asarray(place))
            fall_s[todo], latitude[todo], longitude[todo] = time, where[0], where[1]
            over = np.asarray(where[2])
            if np.all(np.abs(over) < _CLOSE_M):
                break
            down[todo] -= over
        none = ~np.isfinite(fall_s)
        latitude[none], longitude[none] = np.nan, np.nan
        return latitude, longitude, fall_s

    return fall


def _comes_down(r_m: Array, v_m_s: Array, mu: float, radius_m: Array) -> Flags:
    """Whether a Keplerian orbit has its perigee below a radius and is bound."""
    r = np.linalg.norm(r_m, axis=1)
    energy = 0.5 * np.sum(v_m_s * v_m_s, axis=1) - mu / r
    momentum = np.sum(np.cross(r_m, v_m_s) ** 2, axis=1)
    e = np.sqrt(np.maximum(1.0 + 2.0 * energy * momentum / mu**2, 0.0))
    perigee = momentum / mu / (1.0 + e)
    return np.asarray((energy < 0.0) & (perigee < radius_m - 1.0))


def _until(fall_s: Array) -> int:
    """How many nodes from the first on have an impact."""
    none = np.flatnonzero(~np.isfinite(fall_s))
    return int(none[0]) if none.size else int(fall_s.size)


def _closer(
    courses: Sequence[Any],
    nodes: _Nodes,
    found: tuple[Array, Array, Array],
    falls: Fall,
    apart_m: float,
) -> tuple[_Nodes, tuple[Array, Array, Array]]:
    """Nodes added where the impact point races, and before it leaves the Earth."""
    for _ in range(0 if math.isinf(apart_m) else _HALVINGS):
        some = np.arange(min(_until(found[2]) + 1, nodes.t_s.size) - 1)
        places = found[0][some], found[1][some], found[0][some + 1], found[1][some + 1]
        # From a node with an impact to one without, the distance is no number.
        far = ~(np.asarray(great_circle_distance(*places, _ROUND_M)) < apart_m)
        same = nodes.leg[some] == nodes.leg[some + 1]
        add = some[far & same]
        if not add.size:
            break
        middle = 0.5 * (nodes.t_s[add] + nodes.t_s[add + 1])
        new = _nodes(courses, nodes.leg[add], middle)
        more = falls(new.t_s, new.r_m, new.v_m_s)
        a, b, c = (np.insert(old, add + 1, x) for old, x in zip(found, more, strict=True))
        found = (a, b, c)
        nodes = _Nodes(
            np.insert(nodes.t_s, add + 1, new.t_s),
            np.insert(nodes.r_m, add + 1, new.r_m, axis=0),
            np.insert(nodes.v_m_s, add + 1, new.v_m_s, axis=0),
            np.insert(nodes.leg, add + 1, new.leg),
        )
    return nodes, found
