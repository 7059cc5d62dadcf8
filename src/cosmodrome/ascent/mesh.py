"""Where the mesh is fine: dense air, pitch-over, kinks of a thrust table."""

from __future__ import annotations

from itertools import pairwise
from math import ceil

import numpy as np
from numpy.typing import NDArray

from cosmodrome.ascent.legs import LegSpec

__all__ = ["mesh_breaks", "mesh_degree"]

Array = NDArray[np.float64]

_DENSE_UNTIL_S = 110.0  # by then every launcher is through the dense air


def _mesh(leg: LegSpec, refine: int) -> tuple[int, int]:
    """Intervals and degree before kinks are put in: fine in dense air, coarse above."""
    if leg.kind == "orbit":
        return max(12, ceil(leg.duration_s / 220.0)) * refine, 1
    if leg.kind == "vertical":
        return refine, 5
    if leg.kind == "coast":
        return (1 if leg.bounds_s is None else 3) * refine, 4
    if leg.name == "pitch-over":
        return 6 * refine, 4
    if leg.first:
        dense = max(min(leg.start_s + leg.duration_s, _DENSE_UNTIL_S) - leg.start_s, 0.0)
        count = ceil(dense / 8.0 + (leg.duration_s - dense) / 30.0)
        return max(1, min(14, count)) * refine, 4
    least = 1 if leg.after_coast else 2
    return max(least, min(12, ceil(leg.duration_s / 80.0))) * refine, 4


def mesh_breaks(leg: LegSpec, refine: int) -> Array:
    """Ends of the mesh intervals as fractions, with one at every kink of a thrust table."""
    count, _ = _mesh(leg, refine)
    kinks = {0.0, 1.0}
    for engine in leg.engines:
        for t, _ in engine.motor.shape:
            share = (engine.lit_s + t - leg.start_s) / leg.duration_s
            if 1e-6 < share < 1.0 - 1e-6:
                kinks.add(share)
    found: list[float] = []
    for start, stop in pairwise(sorted(kinks)):
        parts = max(1, round(count * (stop - start)))
        found += [start + (stop - start) * k / parts for k in range(parts)]
    return np.array([*found, 1.0])


def mesh_degree(leg: LegSpec) -> int:
    """Degree of the collocation in a leg."""
    return _mesh(leg, 1)[1]
