"""Where smooth curves cross zero: all of them, by a bound on how they bend.

A curve is known by its value and slope at the ends of an interval and by a
ceiling on its second derivative in between. Below zero at both ends, it lies
under two parabolas, one from each end; if the higher of what both allow stays
below zero, nothing crosses. Above zero at both ends, it cannot dip by more
than the ceiling lets it climb out again. With different signs it crosses once
if it bends one way or is steep enough. Whatever is not settled so is cut in two
and asked again. Many curves are followed at once, each by its key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Curve", "Points", "Sampled", "brackets", "roots"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Curves at instants.

    Parameters
    ----------
    key : array of int, shape (n,), which curve
    t_s : array, shape (n,)
    value, slope : array, shape (n,), in the curve's unit and that per second
    marks : array, shape (k, n), what else the curve wants to remember of a point
    """

    key: Index
    t_s: Array
    value: Array
    slope: Array
    marks: Array

    def __len__(self) -> int:
        return int(self.t_s.size)

    def take(self, chosen: Index | Mask) -> Points:
        """Some of them."""
        return Points(
            self.key[chosen],
            self.t_s[chosen],
            self.value[chosen],
            self.slope[chosen],
            self.marks[:, chosen],
        )

    @staticmethod
    def join(parts: list[Points]) -> Points:
        """One after the other."""
        return Points(
            np.concatenate([p.key for p in parts]),
            np.concatenate([p.t_s for p in parts]),
            np.concatenate([p.value for p in parts]),
            np.concatenate([p.slope for p in parts]),
            np.concatenate([p.marks for p in parts], axis=1),
        )


class Sampled(Protocol):
    """Many curves that can be asked for values."""

    def at(self, key: Index, t_s: Array) -> Points:
        """Values and slopes at instants, in the order asked."""
        ...


class Curve(Sampled, Protocol):
    """Many curves, and how sharply they may bend."""

    def ceiling(self, first: Points, last: Points) -> Array:
        """A number the second derivative does not exceed between two points of a curve."""
        ...

    def slack(self, first: Points) -> Array:
        """How far a slope told by `at` may be from the rate of the value."""
        ...


def _summit(a: Points, b: Points, bend: Array) -> Array:
    """The highest a curve can come between two points, at least its ends."""
    span = b.t_s - a.t_s
    # The two parabolas differ by a straight line: where they meet.
    gap = a.value - b.value + b.slope * span - 0.5 * bend * span**2
    tilt = a.slope - b.slope + bend * span
    with np.errstate(divide="ignore", invalid="ignore"):
        meet = np.where(tilt > 0.0, -gap / tilt, span)
    meet = np.clip(np.nan_to_num(meet, nan=0.0), 0.0, span)
    crested = bend < 0.0
    crest = -1.0 / np.where(crested, bend, -1.0)

    def tallest(value: Array, slope: Array, reach: Array) -> Array:
        # Up to `reach` from an end: its own height, the height there, the crest if inside.
        up = np.where(crested, np.minimum(slope * crest, reach), reach)
        far = np.where(slope > 0.0, up, np.where(bend > 0.0, reach, 0.0))
        return np.asarray(np.maximum(value, value + slope * far + 0.5 * bend * far**2))

    left = tallest(a.value, a.slope, meet)
    right = tallest(b.value, -b.slope, span - meet)
    return np.asarray(np.maximum(left, right))


def _settled(a: Points, b: Points, bend: Array, slack: Array) -> Mask:
    """True where ends and bend decide how often the curve crosses: not at all, or once."""
    span = b.t_s - a.t_s
    below = (a.value < 0.0) & (b.value < 0.0)
    above = (a.value >= 0.0) & (b.value >= 0.0)
    up = np.maximum(bend, 0.0)
    # A slope told wrong by the slack lifts either parabola by no more than slack * span.
    hidden = below & (_summit(a, b, bend) < -slack * span)
    dipless = above & (np.minimum(a.value, b.value) >= 0.125 * up * span**2)
    rising = (a.value < 0.0) & (b.value >= 0.0)
    falling = (a.value >= 0.0) & (b.value < 0.0)
    once = (up == 0.0) | np.where(rising, b.slope > up * span + slack, a.slope < -up * span - slack)
    return np.asarray(hidden | dipless | ((rising | falling) & once))


def _cubic(a: Points, b: Points) -> tuple[Array, Array, Array, Array]:
    """Coefficients of the cubic through values and slopes, in x from 0 to 1."""
    span = b.t_s - a.t_s
    d0, d1 = a.slope * span, b.slope * span
    rise = b.value - a.value
    return a.value, d0, 3.0 * rise - 2.0 * d0 - d1, d0 + d1 - 2.0 * rise


def _turning_point(a: Points, b: Points) -> Array:
    """Where the cubic is highest between two points below zero; the middle otherwise."""
    _, c1, c2, c3 = _cubic(a, b)
    root = np.sqrt(np.maximum(c2 * c2 - 3.0 * c1 * c3, 0.0))
    # Of the two zeros of the slope, the one with falling slope, without cancellation.
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(c2 > 0.0, -(c2 + root) / (3.0 * c3), c1 / (root - c2))
    peaked = (a.value < 0.0) & (b.value < 0.0) & (a.slope > 0.0) & (b.slope < 0.0)
    part = np.where(peaked & np.isfinite(low), low, 0.5)
    return a.t_s + np.clip(part, 0.1, 0.9) * (b.t_s - a.t_s)


def brackets(
    curve: Curve, points: Points, first: Index, last: Index, shortest_s: float
) -> tuple[Points, Index, Index]:
    """Intervals in which a curve crosses zero once, and no crossing elsewhere.

    Parameters
    ----------
    curve : Curve
    points : Points, the ends of the intervals to search
    first, last : array of int, places in `points`: the two ends of each
    shortest_s : float
        Not cut any further below this; two crossings nearer to each other than
        this may go unseen.

    Returns
    -------
    points : Points, those given and all that were evaluated
    first, last : array of int, the ends of each bracket
    """
    found: list[tuple[Index, Index]] = []
    while first.size:
        a, b = points.take(first), points.take(last)
        done = _settled(a, b, curve.ceiling(a, b), curve.slack(a)) | (b.t_s - a.t_s <= shortest_s)
        crosses = done & ((a.value < 0.0) != (b.value < 0.0))
        found.append((first[crosses], last[crosses]))
        first, last, left = first[~done], last[~done], ~done
        if not first.size:
            break
        a, b = a.take(left), b.take(left)
        new = curve.at(a.key, _turning_point(a, b))
        middle = len(points) + np.arange(len(new))
        points = Points.join([points, new])
        first, last = np.concatenate((first, middle)), np.concatenate((middle, last))
    if not found:
        return points, first, last
    return (
        points,
        np.concatenate([f for f, _ in found]),
        np.concatenate([g for _, g in found]),
    )


def _root_of_cubic(a: Points, b: Points) -> Array:
    """A zero between two points of different sign, of the cubic through them; x in 0 to 1."""
    c0, c1, c2, c3 = _cubic(a, b)
    sign = np.where(b.value >= 0.0, 1.0, -1.0)
    low, high = np.zeros_like(c0), np.ones_like(c0)
    with np.errstate(divide="ignore", invalid="ignore"):
        x = np.nan_to_num(a.value / (a.value - b.value), nan=0.5)
        for _ in range(7):
            value = c0 + x * (c1 + x * (c2 + x * c3))
            slope = c1 + x * (2.0 * c2 + 3.0 * x * c3)
            over = sign * value >= 0.0
            high, low = np.where(over, x, high), np.where(over, low, x)
            step = x - value / slope
            inside = (step > low) & (step < high)
            x = np.where(inside, step, 0.5 * (low + high))
    return x


def roots(curve: Sampled, a: Points, b: Points, within_s: float) -> Array:
    """Times at which curves cross zero, one in each bracket.

    Cubics through values and slopes at both ends guess, the curve itself is
    asked, the bracket closes; what Newton's next step would still move by less
    than asked for is not asked again.

    Parameters
    ----------
    curve : Sampled
    a, b : Points, the ends of the brackets, values of different sign
    within_s : float, seconds

    Returns
    -------
    array, shape (n,), seconds
    """
    t = np.empty(len(a))
    left: Index = np.arange(len(a))
    for turn in range(60):
        if not left.size:
            break
        part = _root_of_cubic(a, b) if turn % 4 < 3 else np.full(left.size, 0.5)
        new = curve.at(a.key, a.t_s + part * (b.t_s - a.t_s))
        high = (new.value >= 0.0) == (b.value >= 0.0)
        bend = np.abs((b.slope - a.slope) / np.maximum(b.t_s - a.t_s, 1e-12))
        a, b = _chosen(high, a, new), _chosen(high, new, b)
        with np.errstate(divide="ignore", invalid="ignore"):
            step = np.where(new.value == 0.0, 0.0, -new.value / new.slope)
            error = np.maximum(bend, 1e-30) * step**2 / np.abs(new.slope)
        close = np.isfinite(step) & (error < within_s) & (np.abs(step) < 1.0)
        t[left] = np.clip(new.t_s + np.where(close, step, 0.0), a.t_s, b.t_s)
        open_ = ~close & (b.t_s - a.t_s > within_s)
        left, a, b = left[open_], a.take(open_), b.take(open_)
    return t


def _chosen(mask: Mask, one: Points, other: Points) -> Points:
    return Points(
        one.key,
        np.where(mask, one.t_s, other.t_s),
        np.where(mask, one.value, other.value),
        np.where(mask, one.slope, other.slope),
        np.where(mask, one.marks, other.marks),
    )
