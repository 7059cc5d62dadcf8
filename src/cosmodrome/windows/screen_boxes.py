"""Which lift-off instants bring a launch near an object: boxes ruled out, and exact edges.

A pair (t, tau) is an instant on the clock, at which the object is at q(t), and
a time since lift-off, at which the launcher is at p(tau): it lifted off at
s = t - tau. All pairs whose distance is below a radius are looked for, and of
them only the range of s. Boxes of pairs are ruled out by straight lines and a
bound on how far they are strayed from, or cut in two; where lines are all but
exact, Newton's steps find the least distance and the two ends of the range of
s, where the distance is the radius and tau can make it no less. What those
ends hold need not be looked at any more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.windows.closest import joined
from cosmodrome.windows.screen_edges import (
    Scene,
    apart,
    deepest,
    dot,
    edge,
    edge_by_halving,
    nearest_tau,
)
from cosmodrome.windows.screen_objects import BEND_M_S2, Pieces
from cosmodrome.windows.screen_path import Path

__all__ = ["Boxes", "Closures", "closures_of", "least_length"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]
Mask = NDArray[np.bool_]

_BUCKET_S: Final = 60.0
_PAD_S: Final = 0.1  # boxes that reach no further beyond an edge found are done with
_SMALL_M: Final = 100.0  # boxes are not cut any further
_LEVELS: Final = 60
_STRAY: Final = 0.1  # of the radius: lines are good enough to begin Newton's steps


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """Boxes of pairs (t, tau).

    Parameters
    ----------
    which : array of int, shape (n,), the object
    t_s, tau_s : arrays, shape (n,), middles
    half_t_s, half_tau_s : arrays, shape (n,)
    bend_m_s2 : array, shape (n,), a bound on the launcher's acceleration over the box
    """

    which: Index
    t_s: Array
    tau_s: Array
    half_t_s: Array
    half_tau_s: Array
    bend_m_s2: Array

    def __len__(self) -> int:
        return int(self.which.size)

    def take(self, chosen: Index | Mask) -> Boxes:
        """Some of them."""
        return Boxes(
            self.which[chosen],
            self.t_s[chosen],
            self.tau_s[chosen],
            self.half_t_s[chosen],
            self.half_tau_s[chosen],
            self.bend_m_s2[chosen],
        )

    def halved(self, along_t: Mask) -> Boxes:
        """Each cut in two, along t or along tau."""
        half_t_s = np.where(along_t, 0.5, 1.0) * self.half_t_s
        half_tau_s = np.where(along_t, 1.0, 0.5) * self.half_tau_s
        parts = [
            replace(
                self,
                t_s=self.t_s + np.where(along_t, sign * half_t_s, 0.0),
                tau_s=self.tau_s + np.where(along_t, 0.0, sign * half_tau_s),
                half_t_s=half_t_s,
                half_tau_s=half_tau_s,
            )
            for sign in (-1.0, 1.0)
        ]
        return _joined_boxes(parts)


def _joined_boxes(parts: list[Boxes]) -> Boxes:
    names = ("which", "t_s", "tau_s", "half_t_s", "half_tau_s", "bend_m_s2")
    return Boxes(*(np.concatenate([getattr(p, name) for p in parts]) for name in names))


@dataclass(frozen=True, slots=True, eq=False)
class Closures:
    """Ranges of lift-off instants, and the nearest approach of each.

    Parameters
    ----------
    which : array of int, shape (n,)
    from_s, to_s : arrays, shape (n,), lift-off, seconds after the start
    liftoff_s, tau_s : arrays, shape (n,), of the nearest approach within the range
    miss_m : array, shape (n,), its distance
    """

    which: Index
    from_s: Array
    to_s: Array
    liftoff_s: Array
    tau_s: Array
    miss_m: Array


def least_length(d: Array, a: Array, b: Array, x: Array, y: Array) -> Array:
    """Least length of d + a sigma - b theta for |sigma| <= x, |theta| <= y.

    The square is convex: least inside, where both slopes vanish, or on one of
    four sides.
    """
    aa, bb, ab = dot(a, a), dot(b, b), dot(a, b)
    da, db, dd = dot(d, a), dot(d, b), dot(d, d)

    def square(sigma: Array, theta: Array) -> Array:
        return np.asarray(
            dd
            + sigma * (2.0 * da + aa * sigma)
            + theta * (bb * theta - 2.0 * db)
            - 2.0 * ab * sigma * theta
        )

    tiny = 1e-9
    best = np.full(x.shape, np.inf)
    for sign in (-1.0, 1.0):
        sigma = sign * x
        theta = np.clip((db + ab * sigma) / np.maximum(bb, tiny), -y, y)
        best = np.minimum(best, square(sigma, theta))
        theta = sign * y
        sigma = np.clip((ab * theta - da) / np.maximum(aa, tiny), -x, x)
        best = np.minimum(best, square(sigma, theta))
    det = aa * bb - ab * ab
    with np.errstate(divide="ignore", invalid="ignore"):
        sigma, theta = (ab * db - da * bb) / det, (aa * db - ab * da) / det
        inside = (np.abs(sigma) <= x) & (np.abs(theta) <= y) & (det > 0.0)
    best = np.where(
        inside, square(np.where(inside, sigma, 0.0), np.where(inside, theta, 0.0)), best
    )
    return np.asarray(np.sqrt(np.maximum(best, 0.0)))


# ---------------------------------------------------------------------- the search


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What has been found so far: least distances, and ranges of lift-off joined by object."""

    minima: tuple[Index, Array, Array, Array]  # which, lift-off, tau, miss
    which: Index
    from_s: Array
    to_s: Array

    def holding(self, which: Index, low: Array, high: Array) -> Mask:
        """True where a range found of the object holds another one, but for a pad."""
        if not self.which.size:
            return np.zeros(which.size, dtype=bool)
        far = 1e7
        k = np.searchsorted(self.which * far + self.from_s, which * far + low + _PAD_S) - 1
        k = np.maximum(k, 0)
        mine = (self.which[k] == which) & (self.from_s[k] <= low + _PAD_S)
        return np.asarray(mine & (self.to_s[k] >= high - _PAD_S))

    def having(
        self, minima: tuple[Index, Array, Array, Array], ranges: tuple[Index, Array, Array]
    ) -> _Found:
        """With more of both."""
        every = tuple(np.concatenate(x) for x in zip(self.minima, minima, strict=True))
        one, two, three = (
            np.concatenate(x)
            for x in zip((self.which, self.from_s, self.to_s), ranges, strict=True)
        )
        return _Found((every[0], every[1], every[2], every[3]), *joined(one, two, three, 0.0))


def _launched(scene: Scene, found: _Found, boxes: Boxes) -> tuple[Scene, _Found]:
    """Newton's steps from the middles of boxes, and what they give added."""
    which = boxes.which
    scene, t, tau, miss = deepest(scene, which, boxes.t_s, boxes.tau_s)
    near = miss < scene.radius_m
    which, t, tau, miss = which[near], t[near], tau[near], miss[near]
    if not which.size:
        return scene, found
    scene, low = edge(scene, which, t, tau, miss, -1.0)
    scene, high = edge(scene, which, t, tau, miss, 1.0)
    return scene, found.having((which, t - tau, tau, miss), (which, low, high))


def _followed(scene: Scene, found: _Found, boxes: Boxes, miss: Array) -> tuple[Scene, _Found]:
    """Ranges around lift-offs inside the radius that no least distance has led to.

    A least distance may stand at the end of the flight, and where its range
    ends another may go on: then the range is followed from the box itself.
    """
    liftoff = boxes.t_s - boxes.tau_s
    new = ~found.holding(boxes.which, liftoff, liftoff)
    boxes, miss = boxes.take(new), miss[new]
    boxes = boxes.take(_per_bucket(boxes, miss))
    if not len(boxes):
        return scene, found
    which, liftoff = boxes.which, boxes.t_s - boxes.tau_s
    scene, tau, least = nearest_tau(scene, which, liftoff, boxes.tau_s)
    scene, low = edge_by_halving(scene, which, liftoff, tau, -1.0)
    scene, high = edge_by_halving(scene, which, liftoff, tau, 1.0)
    return scene, found.having((which, liftoff, tau, least), (which, low, high))


def _per_bucket(boxes: Boxes, miss: Array) -> Index:
    """Of the boxes of an object with nearly the same lift-off, the nearest one."""
    if not len(boxes):
        return np.empty(0, dtype=np.intp)
    bucket = boxes.which * 2**20 + np.floor((boxes.t_s - boxes.tau_s) / _BUCKET_S).astype(np.intp)
    order = np.lexsort((miss, bucket))
    first = np.concatenate(([True], np.diff(bucket[order]) != 0))
    return np.asarray(order[first])


def _ranges(scene: Scene, boxes: Boxes) -> tuple[Array, Array]:
    """Least and greatest lift-off of boxes, within the window."""
    middle, half = boxes.t_s - boxes.tau_s, boxes.half_t_s + boxes.half_tau_s
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, scene.window_s)


def closures_of(
    path: Path,
    pieces: Pieces,
    boxes: Boxes,
    radius_m: float,
    window_s: float,
) -> Closures:
    """Every range of lift-off instants within a window that brings a launch too near an object.

    Parameters
    ----------
    path : Path
    pieces : Pieces of the objects, ITRF, with their clock's t = 0 at the start of the window
    boxes : Boxes that hold every pair nearer than the radius
    radius_m : float
    window_s : float, lift-off from 0 to this

    Accuracy
    --------
    Edges where the distance is within 5 cm of the radius: below a millisecond,
    but for objects that go nearly the launcher's own way. A range shorter than
    what 100 m of way take, whose least distance is within 100 m of the radius,
    is judged by Newton's steps alone.
    """
    scene = Scene(path, pieces, radius_m, window_s)
    nothing, no_index = np.empty(0), np.empty(0, dtype=np.intp)
    found = _Found((no_index, nothing, nothing, nothing), no_index, nothing, nothing)
    for _ in range(_LEVELS):
        low, high = _ranges(scene, boxes)
        boxes = boxes.take((low <= high) & ~found.holding(boxes.which, low, high))
        if not len(boxes):
            break
        scene = scene.reaching(boxes.which, boxes.t_s)
        scene, found, boxes = _level(scene, found, boxes)
    return _closures(scene, found)


def _level(scene: Scene, found: _Found, boxes: Boxes) -> tuple[Scene, _Found, Boxes]:
    """Rule out, find, and cut in two what is left."""
    d, dq, dp, _, _ = apart(scene, boxes.which, boxes.t_s, boxes.tau_s)
    least = least_length(d, dq, dp, boxes.half_t_s, boxes.half_tau_s)
    stray_t = 0.5 * BEND_M_S2 * boxes.half_t_s**2
    stray_tau = 0.5 * boxes.bend_m_s2 * boxes.half_tau_s**2
    stray = stray_t + stray_tau
    wide_t = np.linalg.norm(dq, axis=1) * boxes.half_t_s + stray_t
    wide_tau = np.linalg.norm(dp, axis=1) * boxes.half_tau_s + stray_tau
    open_ = least - stray < scene.radius_m  # NaN, without a state, is not
    small = wide_t + wide_tau < _SMALL_M
    straight = (stray < _STRAY * scene.radius_m) & (least < scene.radius_m)
    miss = np.linalg.norm(d, axis=1)
    liftoff = boxes.t_s - boxes.tau_s
    new = ~found.holding(boxes.which, liftoff, liftoff)
    begin = np.flatnonzero(open_ & straight & ~small & new)
    begin = begin[_per_bucket(boxes.take(begin), miss[begin])]
    last = np.flatnonzero(open_ & small)
    scene, found = _launched(scene, found, boxes.take(np.concatenate((begin, last))))
    inside = np.flatnonzero(open_ & (miss < scene.radius_m))
    scene, found = _followed(scene, found, boxes.take(inside), miss[inside])
    found = _sealed(scene, found, boxes.take(last), miss[last])
    low, high = _ranges(scene, boxes)
    left = open_ & ~small & ~found.holding(boxes.which, low, high)
    return scene, found, boxes.take(left).halved((wide_t > wide_tau)[left])


def _sealed(scene: Scene, found: _Found, boxes: Boxes, miss: Array) -> _Found:
    """Small boxes inside the radius that Newton's steps did not account for, closed as they are."""
    low, high = _ranges(scene, boxes)
    left = (miss < scene.radius_m) & ~found.holding(boxes.which, low, high)
    if not np.any(left):
        return found
    one, liftoff = boxes.take(left), (boxes.t_s - boxes.tau_s)[left]
    ranges = (one.which, low[left], high[left])
    return found.having((one.which, liftoff, one.tau_s, miss[left]), ranges)


def _closures(scene: Scene, found: _Found) -> Closures:
    """Ranges cut to the window, each with its nearest approach inside it."""
    which, liftoff, tau, miss = found.minima
    low, high = np.maximum(found.from_s, 0.0), np.minimum(found.to_s, scene.window_s)
    far = 1e7
    home = (
        np.searchsorted(found.which * far + found.from_s, which * far + liftoff, side="right") - 1
    )
    inside = np.clip(liftoff, low[home], high[home])
    moved = np.flatnonzero(inside != liftoff)
    if moved.size:
        scene, tau[moved], miss[moved] = nearest_tau(scene, which[moved], inside[moved], tau[moved])
    order = np.lexsort((miss, home))
    first = order[np.concatenate(([True], np.diff(home[order]) != 0))] if home.size else order
    kept = (low <= high)[home[first]]
    first = first[kept]
    place = home[first]
    return Closures(which[first], low[place], high[place], inside[first], tau[first], miss[first])
