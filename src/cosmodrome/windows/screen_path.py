"""The way of a launch over the turning Earth: one curve in ITRF, whenever it lifts off.

A launcher that flies the same steering programme some time later flies the same
way over the ground: gravity, air and pad turn with the Earth. So its way in
ITRF, by the time since lift-off, is one fixed curve, and what has to be asked
of an object is only when it comes near that curve, and where.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.orbit.motion import Tabulated
from cosmodrome.world.epoch import EarthOrientation
from cosmodrome.world.frames import turn_state
from cosmodrome.world.state import Trajectory

__all__ = ["Chunks", "Path", "chunks", "path_of"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]

_STEP_S: Final = 1.0
_LONGEST_M: Final = 60e3
_BEND_MARGIN: Final = 1.2  # of accelerations between the ends of a second


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """A curve in ITRF by the time since lift-off, as cubics of a second or less.

    Parameters
    ----------
    t_s : array, shape (n + 1,), rising, where the cubics join
    weights : array, shape (n, 4, 3), by powers of the seconds since their beginning
    bend_m_s2 : array, shape (n,), a bound on the second derivative over each

    Accuracy
    --------
    A tenth of a millimetre of the table it was made from where no force jumps,
    centimetres where one does.
    """

    t_s: Array
    weights: Array
    bend_m_s2: Array

    @property
    def duration_s(self) -> float:
        """From lift-off to its end."""
        return float(self.t_s[-1])

    def at(self, t_s: Array) -> tuple[Array, Array, Array]:
        """Places, rates and their rates, each shape (n, 3); beyond an end, its cubic goes on."""
        k = np.clip(np.searchsorted(self.t_s, t_s, side="right") - 1, 0, self.weights.shape[0] - 1)
        x = (t_s - self.t_s[k])[:, None]
        c0, c1, c2, c3 = (self.weights[k, power] for power in range(4))
        return (
            c0 + x * (c1 + x * (c2 + x * c3)),
            c1 + x * (2.0 * c2 + 3.0 * x * c3),
            2.0 * c2 + 6.0 * x * c3,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Chunks:
    """Stretches of a path, each with the straight line it stays close to.

    Parameters
    ----------
    from_s, to_s : arrays, shape (m,)
    a_m, b_m : arrays, shape (m, 3), its ends
    off_m : array, shape (m,), how far it may stray from the line between them
    bend_m_s2 : array, shape (m,)
    """

    from_s: Array
    to_s: Array
    a_m: Array
    b_m: Array
    off_m: Array
    bend_m_s2: Array


def path_of(trajectory: Trajectory, orientation: EarthOrientation | None = None) -> Path:
    """The curve over the Earth of a flight that begins at lift-off.

    Parameters
    ----------
    trajectory : Trajectory, its first state at lift-off, segments joined in time
    orientation : EarthOrientation or None, the shipped one by default

    Raises
    ------
    InputError
        If it does not last, or has a gap.

    Accuracy
    --------
    For another instant of lift-off the Sun and the Moon stand elsewhere and the
    day has another length: centimetres in the first hours.
    """
    table = Tabulated(trajectory)
    first, last = table.span_s
    if not last - first > 1.0:
        raise InputError("a flight of less than a second cannot be screened", key="trajectory")
    marks = np.unique(np.concatenate([trajectory.t_s[a:b] for a, b in table.pieces]))
    parts = [
        np.linspace(a, b, max(math.ceil((b - a) / _STEP_S), 1), endpoint=False)
        for a, b in zip(marks[:-1].tolist(), marks[1:].tolist(), strict=True)
    ]
    t = np.concatenate([*parts, marks[-1:]])
    # Marks of two tables may lie a rounding apart.
    t = t[np.concatenate(([True], np.diff(t) > 1e-6))]
    r, v = turn_state(
        trajectory.frame, "ITRF", trajectory.epoch, t, *table.at(t), orientation=orientation
    )
    h = np.diff(t)[:, None]
    rise, start, end = np.diff(r, axis=0), v[:-1], v[1:]
    second = (3.0 * rise / h - 2.0 * start - end) / h
    third = ((start + end) * h - 2.0 * rise) / h**3
    bend = np.maximum(
        np.linalg.norm(2.0 * second, axis=1), np.linalg.norm(2.0 * second + 6.0 * h * third, axis=1)
    )
    weights = np.stack([r[:-1], start, second, third], axis=1)
    return Path(t - first, weights, _BEND_MARGIN * bend + 0.1)


def chunks(path: Path) -> Chunks:
    """A path cut where it has gone some 60 km further."""
    ends = np.concatenate((path.weights[:, 0], path.at(path.t_s[-1:])[0]))
    gone = np.concatenate(([0.0], np.cumsum(np.linalg.norm(np.diff(ends, axis=0), axis=1))))
    cuts = np.unique(np.searchsorted(gone, np.arange(0.0, gone[-1], _LONGEST_M)))
    cuts = np.unique(np.concatenate((cuts, [0, ends.shape[0] - 1])))
    off, bend = np.empty(cuts.size - 1), np.empty(cuts.size - 1)
    for k, (i, j) in enumerate(zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True)):
        line, inside = ends[j] - ends[i], ends[i : j + 1] - ends[i]
        share = np.clip(inside @ line / max(float(line @ line), 1e-9), 0.0, 1.0)
        strays = np.linalg.norm(inside - share[:, None] * line, axis=1)
        bend[k] = np.max(path.bend_m_s2[i:j])
        off[k] = np.max(strays) + 0.125 * bend[k] * _STEP_S**2
    return Chunks(
        path.t_s[cuts[:-1]], path.t_s[cuts[1:]], ends[cuts[:-1]], ends[cuts[1:]], off, bend
    )
