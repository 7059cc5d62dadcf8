"""Numerical orbits as arcs of Chebyshev polynomials, whole arcs at a time.

The acceleration along an arc of about a third of a revolution is a polynomial
through its values at Chebyshev points; its integrals give velocity and place,
where it is evaluated again (Picard's iteration). All points are evaluated
together, which is what makes it quick here. The point mass and the oblateness
are cheap and iterated to the end; the rest of the forces hardly changes with a
better orbit, so that three evaluations of it settle an arc.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray

from cosmodrome.errors import CosmodromeError
from cosmodrome.orbit.forces import ForceModel, Forces
from cosmodrome.orbit.forces_sunlight import shadow_margins
from cosmodrome.world.epoch import Epoch

__all__ = ["Arc", "arcs"]

Array = NDArray[np.float64]
_FIRST_ARC: Final = 2.0  # radians of a circular orbit
_SHORTEST_S: Final = 1e-3
_EARTH_RADIUS_M: Final = 6378137.0
_SINKS_M: Final = 50e3  # with air; nothing in orbit comes back from there
_EDGE_S: Final = 1e-4  # how closely an arc's end is laid onto a shadow's edge


@dataclass(frozen=True, slots=True, eq=False)
class _Basis:
    """Chebyshev points from -1 to 1, and what is linear in values there.

    nodes, weights : shape (n,), the points and their barycentric weights
    fit : values to coefficients, shape (n, n)
    once, twice : values to integrals from -1, shape (n, n), at the nodes
    """

    nodes: Array
    weights: Array
    fit: Array
    once: Array
    twice: Array


@lru_cache(maxsize=8)
def _basis(n: int) -> _Basis:
    nodes = -np.cos(np.pi * np.arange(n) / (n - 1))
    fit = np.asarray(np.linalg.inv(chebyshev.chebvander(nodes, n - 1)), dtype=float)
    first = np.stack([chebyshev.chebint(column, lbnd=-1.0) for column in fit.T], axis=1)
    second = np.stack([chebyshev.chebint(column, 2, lbnd=-1.0) for column in fit.T], axis=1)
    once = chebyshev.chebvander(nodes, n) @ first
    twice = chebyshev.chebvander(nodes, n + 1) @ second
    weights = np.where(np.arange(n) % 2, -1.0, 1.0)
    weights[[0, -1]] *= 0.5
    return _Basis(nodes, np.asarray(weights, dtype=float), fit, once, twice)


@dataclass(frozen=True, slots=True, eq=False)
class Arc:
    """A stretch of orbit: polynomials for place and velocity from one time to another."""

    start_s: float
    end_s: float
    r_start: Array
    v_start: Array
    acceleration: Array  # Chebyshev coefficients, shape (n, 3)
    r_end: Array
    v_end: Array

    def at(self, t_s: Array) -> tuple[Array, Array]:
        """Places and velocities, shape (n, 3), GCRF."""
        half = 0.5 * (self.end_s - self.start_s)
        x = (t_s - self.start_s) / half - 1.0
        once = chebyshev.chebint(self.acceleration, lbnd=-1.0)
        twice = chebyshev.chebint(self.acceleration, 2, lbnd=-1.0)
        v = self.v_start + half * chebyshev.chebval(x, once).T
        gained = half * half * chebyshev.chebval(x, twice).T
        return self.r_start + (half * (x + 1.0))[:, None] * self.v_start + gained, v


def arcs(
    model: ForceModel,
    epoch: Epoch,
    r_m: Array,
    v_m_s: Array,
    end_s: float,
    tolerance_m: float = 1e-5,
) -> Iterator[Arc]:
    """The arcs of an orbit from t = 0 to a time of either sign.

    Parameters
    ----------
    model : ForceModel
    epoch : Epoch, of t = 0
    r_m, v_m_s : array, shape (3,), GCRF
    end_s : float
    tolerance_m : float, what one arc may err by

    Raises
    ------
    CosmodromeError
        If the orbit meets the surface, with drag 50 km above it, or an arc
        cannot be made to close.

    Accuracy
    --------
    A day in low orbit closes to a few millimetres at the default tolerance.
    Arcs end at the edges of the Earth's shadow where sunlight pushes and at
    midnight where there is drag, since no polynomial follows a jump; an
    eclipse shorter than a minute may be missed.

    References
    ----------
    Clenshaw & Norton, Computer Journal 6 (1963) 88; Bai & Junkins, J.
    Astronautical Sciences 58 (2011) 583.
    """
    t, r, v = 0.0, np.array(r_m, dtype=float), np.array(v_m_s, dtype=float)
    sign = 1.0 if end_s >= 0.0 else -1.0
    points = 40 + 8 * (model.gravity.degree // 6)
    ratio = _FIRST_ARC
    while sign * (end_s - t) > 0.0:
        local = np.sqrt(np.linalg.norm(r) ** 3 / model.gravity.mu_m3_s2)
        step = min(ratio * local, sign * (end_s - t))
        stop = model.next_break(epoch, t, t + sign * step)
        begin = _Begin(model, epoch, t, r, v)
        arc, residue = _one(begin, stop, points, tolerance_m)
        if arc is None or residue > tolerance_m:
            ratio = 0.6 * abs(stop - t) / local
            if abs(stop - t) < _SHORTEST_S:
                raise CosmodromeError("the orbit cannot be followed to this tolerance")
            continue
        # Below that, air only lets it sink: hundreds of arcs of what is no orbit any more.
        floor = -25000.0 if model.drag is None else _SINKS_M
        if np.linalg.norm(arc.r_end) < _EARTH_RADIUS_M + floor:
            how = "meets the surface" if model.drag is None else "comes down"
            raise CosmodromeError(f"the orbit {how} before {(epoch + arc.end_s).utc(0)}")
        yield arc
        t, r, v = arc.end_s, arc.r_end, arc.v_end
        if residue < 0.01 * tolerance_m:
            ratio = min(1.25 * ratio, 3.0)


@dataclass(frozen=True, slots=True, eq=False)
class _Begin:
    """Where an arc starts, and under which forces."""

    model: ForceModel
    epoch: Epoch
    t_s: float
    r: Array
    v: Array


def _one(begin: _Begin, end: float, points: int, tolerance: float) -> tuple[Arc | None, float]:
    """One arc and what its polynomial leaves out, metres; None if it does not settle."""
    model, start, r, v = begin.model, begin.t_s, begin.r, begin.v
    basis = _basis(points)
    half = 0.5 * (end - start)
    times = start + half * (basis.nodes + 1.0)
    forces = model.at(begin.epoch, times)
    line = r + (times - start)[:, None] * v

    def integrated(a: Array) -> tuple[Array, Array]:
        return line + half * half * (basis.twice @ a), v + half * (basis.once @ a)

    shape = (points, 3)
    rate = np.sqrt(model.gravity.mu_m3_s2 / np.linalg.norm(r) ** 3)
    angle = rate * (times - start)[:, None]
    # A circle's motion: crude on an ellipse, and good enough to start from.
    place = np.cos(angle) * r + np.sin(angle) / rate * v
    rest = np.zeros(shape)
    place, speed, closed = _settle(forces, integrated, place, rest, tolerance)
    if not closed:
        return None, np.inf
    if model.radiation is not None and forces.sun is not None:
        edge = _first_edge(forces, basis, times, place)
        if edge is not None and abs(edge - start) < abs(end - start):
            return _one(begin, edge, points, tolerance)
    for _ in range(8):
        before = rest
        rest = forces.acceleration(place, speed) - forces.near(place)
        place, speed, closed = _settle(forces, integrated, place, rest, tolerance)
        if not closed:
            return None, np.inf
        if 2.0 * half * half * np.max(np.abs(rest - before)) < 0.1 * tolerance:
            break
    else:
        return None, np.inf
    acceleration = basis.fit @ (forces.near(place) + rest)
    tail = float(np.max(np.abs(acceleration[-4:])))
    arc = Arc(start, end, r, v, acceleration, place[-1], speed[-1])
    # A wave left out of the acceleration comes back twice integrated.
    return arc, tail * (2.0 * half) ** 2 / points


def _settle(
    forces: Forces,
    integrated: Callable[[Array], tuple[Array, Array]],
    place: Array,
    rest: Array,
    tolerance: float,
) -> tuple[Array, Array, bool]:
    """Picard's iteration with the cheap forces, the others held."""
    for _ in range(40):
        moved, speed = integrated(forces.near(place) + rest)
        change = float(np.max(np.abs(moved - place)))
        place = moved
        if not np.isfinite(change) or change > 1e9:
            return place, speed, False
        if change < 0.01 * tolerance:
            return place, speed, True
    return place, speed, change < tolerance


def _first_edge(forces: Forces, basis: _Basis, times: Array, place: Array) -> float | None:
    """The first time after the start at which an edge of the shadow is crossed."""
    assert forces.sun is not None
    start, half = float(times[0]), 0.5 * float(times[-1] - times[0])
    found = []
    for margin in shadow_margins(place, forces.sun):
        for k in np.flatnonzero(np.diff(np.signbit(margin))):
            edge = start + half * (_root(basis, margin, int(k), _EDGE_S / abs(half)) + 1.0)
            # The start itself may be an edge that the arc before was ended on.
            if abs(edge - start) > 100.0 * _EDGE_S:
                found.append(edge)
                break
    return min(found, key=lambda edge: abs(edge - start)) if found else None


def _root(basis: _Basis, values: Array, k: int, width: float) -> float:
    """Where the polynomial through the values changes sign after node k, by halving."""
    low, high = float(basis.nodes[k]), float(basis.nodes[k + 1])
    below = values[k] < 0.0
    while high - low > width:
        middle = 0.5 * (low + high)
        share = basis.weights / (middle - basis.nodes)
        if (float(share @ values) / float(np.sum(share)) < 0.0) == below:
            low = middle
        else:
            high = middle
    return high
