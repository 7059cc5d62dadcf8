"""Objects near a path somewhere in a stretch of time: boxes of instants that hold them all.

An object's way over the turning Earth is cut into steps of a minute, the path
into stretches of some 60 km. Each stays close to the straight line between its
ends, by a bound on how it bends. Pairs of them whose lines are further apart
than the radius and both bounds hold nothing; all others are kept.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.windows.screen_boxes import Boxes, least_length
from cosmodrome.windows.screen_objects import BEND_M_S2, Objects
from cosmodrome.windows.screen_path import Chunks

__all__ = ["STEP_S", "boxes_near"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]
Tell = Callable[[str, float], None]
Places = tuple[Index, Index, Index]

STEP_S: Final = 60.0
"""Of an object's way."""

_BLOCK: Final = 250  # objects at once: what belongs to them stays in the cache
_OFF_M: Final = 0.125 * BEND_M_S2 * STEP_S**2  # a step's way from its line


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """The path as straight lines, and a tree of their middles to search by."""

    cut: Chunks
    middle: Array
    half: Array
    tree: Any
    reach_m: float
    radius_m: float
    window_s: float


def boxes_near(
    objects: Objects,
    chosen: Index,
    cut: Chunks,
    radius_m: float,
    window_s: float,
    tell: Tell | None = None,
) -> Boxes:
    """Boxes that hold every pair of instants nearer than a radius.

    Parameters
    ----------
    objects : Objects, ITRF, their t = 0 at the start of the window
    chosen : array of int, those to look at
    cut : Chunks of the path
    radius_m, window_s : float
    tell : callable(text, share) or None
    """
    from scipy.spatial import cKDTree

    steps = max(math.ceil((window_s + float(cut.to_s[-1])) / STEP_S), 1)
    t: Array = STEP_S * np.arange(steps + 1, dtype=float)
    turns = objects.turns(t)
    middle, half = 0.5 * (cut.a_m + cut.b_m), 0.5 * (cut.b_m - cut.a_m)
    widest = float(np.max(np.linalg.norm(half, axis=1) + cut.off_m))
    reach = radius_m + _OFF_M + widest
    lines = _Lines(cut, middle, half, cKDTree(middle), reach, radius_m, window_s)
    found: list[Places] = []
    for first in range(0, chosen.size, _BLOCK):
        if tell is not None:
            tell(f"{first} of {chosen.size} objects", first / chosen.size)
        block = chosen[first : first + _BLOCK]
        some = tuple(objects.motions[k] for k in block.tolist())
        part = Objects(some, objects.start, objects.frame, objects.orientation)
        r, _ = part.grid(0, block.size, t, turns)
        row, step, chunk = _near_lines(lines, r, t)
        found.append((block[row], step, chunk))
    return _boxes(cut, found)


def _near_lines(lines: _Lines, r_m: Array, t_s: Array) -> Places:
    """Row, step and stretch of the path of each pair that is not ruled out."""
    from scipy.spatial import cKDTree

    nothing = np.empty(0, dtype=np.intp)
    place, along = 0.5 * (r_m[:, 1:] + r_m[:, :-1]), 0.5 * (r_m[:, 1:] - r_m[:, :-1])
    wide = lines.reach_m + float(np.nanmax(np.linalg.norm(along, axis=2), initial=0.0))
    low, high = np.min(lines.middle, axis=0) - wide, np.max(lines.middle, axis=0) + wide
    row, step = np.nonzero(np.all((place > low) & (place < high), axis=2))
    if not row.size:
        return nothing, nothing, nothing
    there = place[row, step]
    some = np.isfinite(lines.tree.query(there, distance_upper_bound=wide)[0])
    row, step, there = row[some], step[some], there[some]
    if not row.size:
        return nothing, nothing, nothing
    pairs = cKDTree(there).sparse_distance_matrix(lines.tree, wide, output_type="ndarray")
    i, chunk, cut = pairs["i"], pairs["j"], lines.cut
    # Only what can be a lift-off inside the window.
    timely = t_s[step[i]] - cut.to_s[chunk] <= lines.window_s
    timely &= t_s[step[i] + 1] - cut.from_s[chunk] >= 0.0
    i, chunk = i[timely], chunk[timely]
    one = np.ones(i.size)
    d = there[i] - lines.middle[chunk]
    least = least_length(d, along[row[i], step[i]], lines.half[chunk], one, one)
    near = least - _OFF_M - cut.off_m[chunk] < lines.radius_m
    i, chunk = i[near], chunk[near]
    return row[i], step[i], chunk


def _boxes(cut: Chunks, found: list[Places]) -> Boxes:
    nothing = np.empty(0, dtype=np.intp)
    which, step, chunk = (np.concatenate([nothing, *(one[k] for one in found)]) for k in range(3))
    return Boxes(
        which,
        STEP_S * (step + 0.5),
        0.5 * (cut.from_s + cut.to_s)[chunk],
        np.full(which.size, 0.5 * STEP_S),
        0.5 * (cut.to_s - cut.from_s)[chunk],
        cut.bend_m_s2[chunk],
    )
