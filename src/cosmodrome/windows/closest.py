"""Close approaches of one orbit to the objects of a catalogue: all of them, by bounds.

At instants on a grid the straight lines of two objects say how near they come;
by how much their ways bend away from the lines is bounded by the difference of
the pulls on them. Only what that bound rules out is left out. What is left is
followed by polynomials, whose distance is searched for its minima and for the
edges of a radius.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.orbit.bounds import check_time
from cosmodrome.orbit.motion import Motion
from cosmodrome.windows.screen_catalogue import Catalogue
from cosmodrome.windows.screen_objects import DEGREE, FROM_NODES, NODES, Objects, shells
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import EarthOrientation, Epoch
from cosmodrome.world.frames import turn_state

__all__ = ["Approaches", "Told", "closest_approaches", "joined"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]

_MU: Final = Environment().mu_m3_s2
_STEP_S: Final = 120.0
_BLOCK: Final = 256  # objects at once: what belongs to them stays in the cache
_GRADIENT: Final = 1.05  # the oblate Earth's pull changes by so much more than a point's
_OTHER_M_S2: Final = 0.02
_SLACK_M_S: Final = 5.0  # SGP4's velocities differ from the rates of its places by up to 2 m/s
_LOOKS: Final = 25  # instants in a step; an orbit's distance has no wiggle shorter than minutes
_SAME_S: Final = 0.05
_BEYOND: Final = 1.01  # steps overlap, so that no minimum hides between two


@dataclass(frozen=True, slots=True, eq=False)
class Approaches:
    """Where objects come nearest to an orbit, and while they are inside a radius.

    Parameters
    ----------
    start : Epoch, of t = 0
    which : array of int, shape (n,), places in the catalogue, ordered by time
    t_s : array, shape (n,)
    miss_m, speed_m_s : arrays, shape (n,), distance and relative speed
    own_r_m, own_v_m_s, other_r_m, other_v_m_s : arrays, shape (n, 3), TEME
    inside : array of int, shape (k,), places in the catalogue
    from_s, to_s : arrays, shape (k,), while it is nearer than its radius
    lost : array of int, objects that SGP4 gives no state for at some instant
    """

    start: Epoch
    which: Index
    t_s: Array
    miss_m: Array
    speed_m_s: Array
    own_r_m: Array
    own_v_m_s: Array
    other_r_m: Array
    other_v_m_s: Array
    inside: Index
    from_s: Array
    to_s: Array
    lost: Index


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """One object's own orbit, told in TEME by the seconds after a start."""

    motion: Motion
    start: Epoch
    orientation: EarthOrientation | None = None

    def at(self, t_s: Array) -> tuple[Array, Array]:
        """Places and velocities, shape (n, 3)."""
        offset = self.start - self.motion.epoch
        first, last = self.motion.span_s
        inside = np.minimum(np.maximum(t_s + offset, first), last)
        r, v = self.motion.at(inside)
        # A little beyond an end, straight on: only what lies inside is ever told.
        r = r + (t_s + offset - inside)[:, None] * v
        return turn_state(
            self.motion.frame, "TEME", self.start, t_s, r, v, orientation=self.orientation
        )


def _meeting(
    objects: Objects, own: Told, duration_s: float, reach_m: Array, chosen: Index
) -> tuple[Index, Index]:
    """Objects and steps of the grid in which they may come nearer than a reach."""
    count = max(math.ceil(duration_s / _STEP_S), 1)
    t: Array = _STEP_S * (np.arange(count, dtype=float) + 0.5)
    turns = objects.turns(t)
    r_own, v_own = own.at(t)
    low = 0.97 * float(np.min(np.linalg.norm(r_own, axis=1)))
    pull = 2.0 * _GRADIENT * _MU / low**3
    half = 0.5 * _STEP_S
    found: list[tuple[Index, Index]] = []
    for first in range(0, chosen.size, _BLOCK):
        part = Objects(
            tuple(objects.motions[k] for k in chosen[first : first + _BLOCK].tolist()),
            objects.start,
        )
        r, v = part.grid(0, len(part.motions), t, turns)
        r -= r_own
        v -= v_own
        square = np.einsum("mni,mni->mn", v, v)
        along = np.einsum("mni,mni->mn", r, v)
        away = np.einsum("mni,mni->mn", r, r)
        reach = reach_m[chosen[first : first + _BLOCK], None]
        speed = np.sqrt(square)
        # While they come so near, they are no further apart than this, nor pulled apart more.
        apart = reach + (speed + 20.0 * half) * 2.0 * half
        slack = 0.5 * (pull * apart + 2.0 * _OTHER_M_S2) * half**2 + _SLACK_M_S * half
        when = np.clip(-along / np.maximum(square, 1e-6), -half, half)
        near = away + when * (2.0 * along + when * square)
        m, n = np.nonzero(near < (reach + slack) ** 2)
        found.append((chosen[first + m], n))
    if not found:
        return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
    return np.concatenate([m for m, _ in found]), np.concatenate([n for _, n in found])


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Objects as seen from the orbit, by a polynomial for each pair and step.

    `x` runs from -1 to 1 over a step.
    """

    which: Index
    step: Index
    weights: Array

    def at(self, row: Index, x: Array) -> tuple[Array, Array]:
        """Difference of places and its rate by x, shape (n, 3)."""
        w = self.weights[row]
        value, slope = w[:, DEGREE], np.zeros((row.size, 3))
        for power in range(DEGREE - 1, -1, -1):
            slope = slope * x[:, None] + value
            value = value * x[:, None] + w[:, power]
        return value, slope

    def time(self, row: Index, x: Array) -> Array:
        """Seconds after the start."""
        return np.asarray(_STEP_S * (self.step[row] + 0.5 * (1.0 + x)))

    def crossing(self, row: Index, low: Array, high: Array, level: Array | None) -> Array:
        """Where the rate of the distance (level None) or the distance itself crosses.

        Between two x of which one is under and one is not, by halving.
        """

        def value(x: Array) -> Array:
            d, w = self.at(row, x)
            if level is None:
                return np.asarray(np.sum(d * w, axis=1))
            return np.asarray(np.sum(d * d, axis=1) - level**2)

        rising = value(high) >= 0.0
        for _ in range(40):  # of 120 s, to a tenth of a nanosecond
            middle = 0.5 * (low + high)
            over = (value(middle) >= 0.0) == rising
            high, low = np.where(over, middle, high), np.where(over, low, middle)
        return np.asarray(0.5 * (low + high))


def _pairs(objects: Objects, own: Told, which: Index, step: Index) -> _Pairs:
    some, place = np.unique(step, return_inverse=True)
    nodes = _STEP_S * (some[:, None] + 0.5 * (1.0 + NODES))
    turns = objects.turns(nodes.ravel()).reshape(*nodes.shape, 3, 3)
    r = objects.places(which, nodes[place], turns[place])
    r -= own.at(nodes.ravel())[0].reshape(*nodes.shape, 3)[place]
    whole = ~np.any(np.isnan(r), axis=(1, 2))
    weights = np.einsum("pk,mki->mpi", FROM_NODES, r[whole])
    return _Pairs(which[whole], step[whole], weights)


def _sampled(pairs: _Pairs) -> tuple[Array, Array]:
    """Instants x through a step and a little beyond, and half the rates of squares of distances."""
    x = np.linspace(-_BEYOND, _BEYOND, _LOOKS)
    powers = np.vander(x, DEGREE + 1, increasing=True)
    slopes = np.zeros_like(powers)
    slopes[:, 1:] = powers[:, :-1] * np.arange(1, DEGREE + 1)
    d = np.einsum("kp,mpi->mki", powers, pairs.weights, optimize=True)
    w = np.einsum("kp,mpi->mki", slopes, pairs.weights, optimize=True)
    return x, np.sum(d * w, axis=2)


def _minima(pairs: _Pairs, duration_s: float) -> tuple[Index, Array]:
    """Rows and x of every least distance inside the time, its ends among them."""
    x, rate = _sampled(pairs)
    row, k = np.nonzero((rate[:, :-1] < 0.0) & (rate[:, 1:] >= 0.0))
    at = pairs.crossing(row, x[k], x[k + 1], None)
    # An end of the time is nearest where the distance grows inward.
    every = np.arange(pairs.which.size)
    first: Array = np.full(every.size, -1.0)
    last = np.asarray(2.0 * (duration_s / _STEP_S - pairs.step) - 1.0, dtype=np.float64)
    for edge, sign, there in (
        (first, 1.0, pairs.step == 0),
        (last, -1.0, (last > -1.0) & (last <= 1.0)),
    ):
        d, w = pairs.at(every, edge)
        chosen = there & (sign * np.sum(d * w, axis=1) > 0.0)
        row, at = np.concatenate((row, every[chosen])), np.concatenate((at, edge[chosen]))
    t = pairs.time(row, at)
    inside = (t >= -1e-9) & (t <= duration_s + 1e-9)
    row, at, t = row[inside], at[inside], t[inside]
    # Steps overlap a little: the same minimum is told once.
    order = np.lexsort((t, pairs.which[row]))
    row, at, t = row[order], at[order], t[order]
    again = (np.diff(pairs.which[row], prepend=-1) == 0) & (np.diff(t, prepend=-1e9) < _SAME_S)
    return row[~again], at[~again]


def _stays(
    pairs: _Pairs, radius_m: Array, minima: tuple[Index, Array], duration_s: float
) -> tuple[Index, Array, Array]:
    """Objects and times from and to, while they are inside their radius."""
    count = pairs.which.size
    last = np.clip(2.0 * (duration_s / _STEP_S - pairs.step) - 1.0, -1.0, 1.0)
    grid = np.minimum(np.linspace(-1.0, 1.0, _LOOKS), last[:, None])
    row = np.concatenate((np.repeat(np.arange(count), _LOOKS), minima[0]))
    x = np.concatenate((grid.ravel(), np.clip(minima[1], -1.0, 1.0)))
    order = np.lexsort((x, row))
    row, x = row[order], x[order]
    d, _ = pairs.at(row, x)
    level = radius_m[pairs.which[row]]
    within = np.sum(d * d, axis=1) < level**2
    same = row[:-1] == row[1:]
    turns = np.flatnonzero(same & (within[:-1] != within[1:]))
    when = pairs.crossing(row[turns], x[turns], x[turns + 1], level[turns])
    # Stretches of one step: from an end of it or a way in to an end of it or a way out.
    begins = np.flatnonzero(within & np.concatenate(([True], ~same)))
    ends = np.flatnonzero(within & np.concatenate((~same, [True])))
    enters = within[turns + 1]
    from_row = np.concatenate((row[begins], row[turns[enters]]))
    from_x = np.concatenate((x[begins], when[enters]))
    to_row = np.concatenate((row[ends], row[turns[~enters]]))
    to_x = np.concatenate((x[ends], when[~enters]))
    first, final = np.lexsort((from_x, from_row)), np.lexsort((to_x, to_row))
    which = pairs.which[from_row[first]]
    from_s = pairs.time(from_row[first], from_x[first])
    to_s = pairs.time(to_row[final], to_x[final])
    return joined(which, from_s, to_s, _SAME_S)


def joined(which: Index, from_s: Array, to_s: Array, gap_s: float) -> tuple[Index, Array, Array]:
    """Stretches of time of objects, those of one object that overlap or nearly touch made one.

    Parameters
    ----------
    which : array of int, shape (n,)
    from_s, to_s : arrays, shape (n,)
    gap_s : float, what counts as touching

    Returns
    -------
    which, from_s, to_s, ordered by object, then time; no two of an object overlap
    """
    order = np.lexsort((from_s, which))
    which, from_s, to_s = which[order], from_s[order], to_s[order]
    if not which.size:
        return which, from_s, to_s
    # Shifted so far apart by object that one running maximum serves them all.
    far = 2.0 * (float(np.max(to_s)) - float(np.min(from_s)) + gap_s + 1.0)
    reached = np.maximum.accumulate(to_s + which * far)
    new = np.concatenate(([True], from_s[1:] + which[1:] * far > reached[:-1] + gap_s))
    start = np.flatnonzero(new)
    return which[start], from_s[start], np.maximum.reduceat(to_s, start)


def closest_approaches(
    motion: Motion,
    catalogue: Catalogue,
    start: Epoch,
    duration_s: float,
    radius_m: Array | float,
    *,
    listed_m: float = 0.0,
    orientation: EarthOrientation | None = None,
) -> Approaches:
    """Every close approach of the objects of a catalogue to an orbit.

    None is missed: between instants looked at, the difference of gravity at the
    two places bounds how far they stray from straight lines.

    Parameters
    ----------
    motion : Motion, coasting
    catalogue : Catalogue
    start : Epoch
    duration_s : float
    radius_m : array, shape (n,), or float; while an object is nearer it is inside
    listed_m : float, minima below this are told, and those below the radius
    orientation : EarthOrientation or None, the shipped one by default

    Returns
    -------
    Approaches

    Raises
    ------
    InputError
        If a radius or the time is not positive, or the motion does not reach.

    Accuracy
    --------
    Of the elements and the motion given: a centimetre in distance, a
    millisecond in time. What the elements are worth is another thing: kilometres.
    """
    check_time(motion, start, duration_s)
    radius = np.broadcast_to(np.asarray(radius_m, dtype=float), (len(catalogue),))
    if not np.all(radius > 0.0):
        raise InputError("a radius must be above zero", key="keep_out", allowed="above 0")
    reach = np.maximum(radius, listed_m)
    own = Told(motion, start, orientation)
    objects = Objects(catalogue.motions, start)
    low, high, lost = shells(catalogue.motions, start, duration_s)
    t = np.linspace(0.0, duration_s, max(math.ceil(duration_s / _STEP_S), 8) + 1)
    size = np.linalg.norm(own.at(t)[0], axis=1)
    margin = reach + 0.5 * 12.0 * (t[1] - t[0]) ** 2 / 4.0
    chosen = np.flatnonzero((low < np.max(size) + margin) & (high > np.min(size) - margin))
    which, step = _meeting(objects, own, duration_s, reach, chosen)
    pairs = _pairs(objects, own, which, step)
    minima = _minima(pairs, duration_s)
    inside = _stays(pairs, radius, minima, duration_s)
    d, _ = pairs.at(*minima)
    near = np.linalg.norm(d, axis=1) < reach[pairs.which[minima[0]]]
    return _told(own, objects, pairs, (minima[0][near], minima[1][near]), inside, lost)


def _told(
    own: Told,
    objects: Objects,
    pairs: _Pairs,
    minima: tuple[Index, Array],
    inside: tuple[Index, Array, Array],
    lost: Index,
) -> Approaches:
    row, x = minima
    t = pairs.time(row, x)
    order = np.argsort(t, kind="stable")
    row, x, t = row[order], x[order], t[order]
    d, rate = pairs.at(row, x)
    w = rate * (2.0 / _STEP_S)
    r, v = own.at(t)
    first = np.argsort(inside[1], kind="stable")
    return Approaches(
        objects.start,
        pairs.which[row],
        t,
        np.linalg.norm(d, axis=1),
        np.linalg.norm(w, axis=1),
        r,
        v,
        r + d,
        v + w,
        inside[0][first],
        inside[1][first],
        inside[2][first],
        np.flatnonzero(lost),
    )
