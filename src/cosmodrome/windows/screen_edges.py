"""Newton's steps from a launch near an object: the least distance, and where the radius is met.

Of a lift-off s and a time tau since then the object is at q(s + tau) and the
launcher at p(tau). The least distance is found in both; the end of a closed
range is where the distance is the radius and tau can make it no less.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.windows.screen_objects import Pieces
from cosmodrome.windows.screen_path import Path

__all__ = ["Scene", "apart", "deepest", "dot", "edge", "edge_by_halving", "nearest_tau"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]

_STEPS: Final = 30
_STRIDE_S: Final = 20.0  # no step is longer: further off, a parabola knows nothing
_STILL_S: Final = 1e-7
_STUCK: Final = 1e6


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Path, objects, radius and window of one search."""

    path: Path
    pieces: Pieces
    radius_m: float
    window_s: float

    def reaching(self, which: Index, t_s: Array) -> Scene:
        """With the pieces that these instants need."""
        missing = self.pieces.missing(which, t_s)
        return replace(self, pieces=self.pieces.having(missing)) if missing.size else self


_Vectors = tuple[Array, Array, Array, Array, Array]


def apart(scene: Scene, which: Index, t_s: Array, tau_s: Array) -> _Vectors:
    """q - p, and the rates of q and p, and their rates."""
    q, dq, ddq = scene.pieces.at(which, t_s)
    p, dp, ddp = scene.path.at(tau_s)
    return q - p, dq, dp, ddq, ddp


def dot(a: Array, b: Array) -> Array:
    """Products of rows, shape (n,)."""
    return np.asarray(np.einsum("ni,ni->n", a, b))


def deepest(scene: Scene, which: Index, t: Array, tau: Array) -> tuple[Scene, Array, Array, Array]:
    """The least distance near pairs: t, tau and the distance; tau stays within the flight.

    Damped Newton on half the square; the damping grows where a step would lead up.
    """
    end = scene.path.duration_s
    damping = np.full(t.size, 1e-6)
    scene = scene.reaching(which, t)
    d, dq, dp, ddq, ddp = apart(scene, which, t, tau)
    value = dot(d, d)
    for _ in range(_STEPS):
        slope_t, slope_tau = dot(d, dq), -dot(d, dp)
        tt, uu, tu = dot(dq, dq), dot(dp, dp), -dot(dq, dp)
        full = (tt + dot(d, ddq), uu - dot(d, ddp))
        good = (full[0] > 0.0) & (full[0] * full[1] > tu * tu)
        tt, uu = np.where(good, full[0], tt), np.where(good, full[1], uu)
        tt, uu = tt + damping * (tt + uu) + 1e-9, uu + damping * (tt + uu) + 1e-9
        det = tt * uu - tu * tu
        step_t = (tu * slope_tau - uu * slope_t) / det
        step_tau = (tu * slope_t - tt * slope_tau) / det
        wanted = np.clip(tau + np.clip(step_tau, -_STRIDE_S, _STRIDE_S), 0.0, end)
        held = (wanted == tau) & ((tau == 0.0) | (tau == end))
        step_t = np.where(held, -slope_t / tt, step_t)
        new_t = t + np.clip(step_t, -_STRIDE_S, _STRIDE_S)
        scene = scene.reaching(which, new_t)
        found = apart(scene, which, new_t, wanted)
        length = dot(found[0], found[0])
        better = length <= value
        damping = np.where(better, 0.2 * damping, 10.0 * damping)
        moved = np.abs(new_t - t) + np.abs(wanted - tau)
        t, tau = np.where(better, new_t, t), np.where(better, wanted, tau)
        value = np.where(better, length, value)
        d, dq, dp, ddq, ddp = (
            np.where(better[:, None], new, old)
            for new, old in zip(found, (d, dq, dp, ddq, ddp), strict=True)
        )
        if np.all((better & (moved < _STILL_S)) | (damping > _STUCK)):
            break
    return scene, t, tau, np.sqrt(value)


def nearest_tau(
    scene: Scene, which: Index, liftoff_s: Array, tau: Array
) -> tuple[Scene, Array, Array]:
    """At a given lift-off: the time of the least distance near one, and the distance."""
    end = scene.path.duration_s
    damping = np.full(tau.size, 1e-9)
    scene = scene.reaching(which, liftoff_s + tau)
    d, dq, dp, ddq, ddp = apart(scene, which, liftoff_s + tau, tau)
    value = dot(d, d)
    for _ in range(_STEPS):
        w = dq - dp
        slope, plain = dot(d, w), dot(w, w)
        bend = plain + dot(d, ddq - ddp)
        bend = np.where(bend > 0.1 * plain, bend, plain) * (1.0 + damping) + 1e-9
        new = np.clip(tau + np.clip(-slope / bend, -_STRIDE_S, _STRIDE_S), 0.0, end)
        scene = scene.reaching(which, liftoff_s + new)
        found = apart(scene, which, liftoff_s + new, new)
        length = dot(found[0], found[0])
        better = length <= value
        damping = np.where(better, 0.2 * damping, 10.0 * damping + 1e-3)
        moved = np.abs(new - tau)
        tau, value = np.where(better, new, tau), np.where(better, length, value)
        d, dq, dp, ddq, ddp = (
            np.where(better[:, None], one, old)
            for one, old in zip(found, (d, dq, dp, ddq, ddp), strict=True)
        )
        if np.all((better & (moved < _STILL_S)) | (damping > _STUCK)):
            break
    return scene, tau, np.sqrt(value)


def edge(
    scene: Scene, which: Index, t: Array, tau: Array, miss: Array, sign: float
) -> tuple[Scene, Array]:
    """The lift-off at one end of the range around a least distance below the radius."""
    end, radius = scene.path.duration_s, scene.radius_m
    _, dq, dp, _, _ = apart(scene, which, t, tau)
    w = dq - dp
    share = dot(dq, w) / np.maximum(dot(w, w), 1e-9)
    across = np.linalg.norm(dq - share[:, None] * w, axis=1)
    reach = np.sqrt(np.maximum(radius**2 - miss**2, 1.0)) / np.maximum(across, 1.0)
    middle = t - tau
    s = middle + sign * np.minimum(reach, 600.0)
    u = np.clip(tau - share * (s - middle), 0.0, end)
    for _ in range(_STEPS):
        scene = scene.reaching(which, s + u)
        d, dq, dp, ddq, ddp = apart(scene, which, s + u, u)
        w = dq - dp
        over, slope = 0.5 * (dot(d, d) - radius**2), dot(d, w)
        by_s = dot(d, dq)
        turn_s, turn_u = dot(dq, w) + dot(d, ddq), dot(w, w) + dot(d, ddq - ddp)
        det = by_s * turn_u - slope * turn_s
        with np.errstate(divide="ignore", invalid="ignore"):
            step_u = (turn_s * over - by_s * slope) / det
            new_u = np.clip(u + np.clip(np.nan_to_num(step_u), -_STRIDE_S, _STRIDE_S), 0.0, end)
            full = (slope * slope - turn_u * over) / det
            held = -(over + slope * (new_u - u)) / by_s
            step_s = np.where((new_u == 0.0) | (new_u == end), held, full)
        step_s = np.clip(np.nan_to_num(step_s), -_STRIDE_S, _STRIDE_S)
        moved = np.abs(step_s) + np.abs(new_u - u)
        s, u = s + step_s, new_u
        if np.all(moved < _STILL_S):
            break
    # Newton may have run off to another edge, or nowhere: then by halving.
    scene = scene.reaching(which, s + u)
    d, dq, dp, _, _ = apart(scene, which, s + u, u)
    slope = dot(d, dq - dp)
    scale = radius * np.linalg.norm(dq - dp, axis=1) + 1.0
    level = np.abs(slope) < 1e-4 * scale
    level |= ((u == 0.0) & (slope > 0.0)) | ((u == end) & (slope < 0.0))
    good = (np.abs(np.sqrt(dot(d, d)) - radius) < 0.05) & level & (sign * (s - middle) >= 0.0)
    good &= np.abs(s - middle) < 4.0 * reach + 1.0
    bad = np.flatnonzero(~good)
    if bad.size:
        scene, s[bad] = edge_by_halving(scene, which[bad], middle[bad], tau[bad], sign)
    return scene, s


def edge_by_halving(
    scene: Scene, which: Index, middle: Array, tau: Array, sign: float
) -> tuple[Scene, Array]:
    """As `_edge`, outwards in growing strides until the least distance is above, then halved."""
    low, stride = middle.copy(), np.full(middle.size, 0.25)
    high, followed = middle + sign * stride, tau.copy()
    for _ in range(40):
        scene, new, miss = nearest_tau(scene, which, high, followed)
        # A whole revolution is far enough for any one branch to be followed.
        inside = (miss < scene.radius_m) & (np.abs(high - middle) < 6000.0)
        if not np.any(inside):
            break
        low, followed = np.where(inside, high, low), np.where(inside, new, followed)
        stride = np.where(inside, 1.5 * stride, stride)
        high = np.where(inside, high + sign * np.minimum(stride, 20.0), high)
    for _ in range(28):
        half = 0.5 * (low + high)
        scene, new, miss = nearest_tau(scene, which, half, followed)
        inside = miss < scene.radius_m
        low, high = np.where(inside, half, low), np.where(inside, high, half)
        followed = np.where(inside, new, followed)
    return scene, 0.5 * (low + high)
