"""Where the mesh is fine: dense air, pitch-over, kinks of a thrust table."""

from __future__ import annotations

from itertools import pairwise
from math import ceil

import numpy as np
from numpy.typing import NDArray

from cosmodrome.ascent.legs import LegSpec

__all__ = ["mesh_breaks", "mesh_count", "mesh_degree"]

Array = NDArray[np.float64]

# The pitch-over begins with the rate as fast as the limits allow: a second late there
# costs a stubby launcher a hundredth of its payload.
_PITCH_OVER = (0.0, 0.025, 0.05, 0.08, 0.12, 0.18, 0.27, 0.40, 0.58, 0.78, 1.0)
_DENSE_UNTIL_S = 110.0  # by then every launcher is through the dense air


def _mesh(leg: LegSpec) -> tuple[int, int]:
    """Intervals and degree before kinks are put in: fine in dense air, coarse above."""
    if leg.kind == "orbit":
        return max(12, ceil(leg.duration_s / 220.0)), 1
    if leg.kind == "vertical":
        return 1, 5
    if leg.kind == "coast":
        return 1 if leg.bounds_s is None else 3, 4
    if leg.name == "pitch-over":
        return len(_PITCH_OVER) - 1, 4
    if leg.first:
        dense = max(min(leg.start_s + leg.duration_s, _DENSE_UNTIL_S) - leg.start_s, 0.0)
        count = ceil(dense / 6.0 + (leg.duration_s - dense) / 30.0)
        return max(1, min(18, count)), 4
    if leg.after_coast:
        return max(1, min(12, ceil(leg.duration_s / 80.0))), 4
    # A burn that empties its stage ends with an acceleration that rises ever faster.
    least = 2 if leg.end_mass_kg is None else 4
    return max(least, min(12, ceil(leg.duration_s / 80.0))), 4


def mesh_count(leg: LegSpec) -> int:
    """Intervals of a leg before kinks are put in."""
    return _mesh(leg)[0] if leg.intervals is None else leg.intervals


def mesh_breaks(leg: LegSpec) -> Array:
    """Ends of the mesh intervals as fractions, with one at every kink of a thrust table.

    Where there is none, a burn that empties its stage has its shorter intervals
    towards the end, where little mass is left.
    """
    count = mesh_count(leg)
    kinks = {0.0, 1.0}
    for engine in leg.engines:
        for t, _ in engine.motor.shape:
            share = (engine.lit_s + t - leg.start_s) / leg.duration_s
            if 1e-6 < share < 1.0 - 1e-6:
                kinks.add(share)
    if len(kinks) == 2 and leg.end_mass_kg is not None and not leg.first and not leg.after_coast:
        return _by_mass(leg, count)
    if leg.name == "pitch-over":
        return _pitch_over(count, sorted(kinks))
    found: list[float] = []
    for start, stop in pairwise(sorted(kinks)):
        parts = max(1, round(count * (stop - start)))
        found += [start + (stop - start) * k / parts for k in range(parts)]
    return np.array([*found, 1.0])


def _pitch_over(count: int, kinks: list[float]) -> Array:
    """Short intervals at the start, and one end at every kink."""
    even = np.linspace(0.0, 1.0, count + 1)
    graded = np.interp(even, np.linspace(0.0, 1.0, len(_PITCH_OVER)), _PITCH_OVER)
    apart = 0.25 / count
    kept = [x for x in graded if min(abs(x - kink) for kink in kinks) > apart * max(x, 0.1)]
    return np.array(sorted([*kept, *kinks]))


def _by_mass(leg: LegSpec, count: int) -> Array:
    """Half-way between equal times and equal ratios of mass, payload left out."""
    even = np.linspace(0.0, 1.0, count + 1)
    ratio = (leg.end_mass_kg or 0.0) / leg.mass_kg
    if not 0.0 < ratio < 1.0:
        return even
    burnt = (1.0 - ratio**even) / (1.0 - ratio)
    return np.asarray(0.5 * (even + burnt))


def mesh_degree(leg: LegSpec) -> int:
    """Degree of the collocation in a leg."""
    return _mesh(leg)[1]
