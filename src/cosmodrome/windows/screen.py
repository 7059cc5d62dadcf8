"""Launch instants that would bring a flight too near an object of a catalogue.

The powered ascent and what follows of the flight are one curve over the turning
Earth, whatever the instant of lift-off (`screen_path`). Objects that come near
the curve anywhere are found on a grid, by bounds on how far both stray from
straight lines; for those the closed ranges of lift-off are solved for
continuously (`screen_boxes`), with edges to a millisecond: at 7 to 14 km/s a
radius of 25 km closes for seconds, and stepping by a minute would miss it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.windows.closest import joined
from cosmodrome.windows.screen_boxes import Closures, closures_of
from cosmodrome.windows.screen_catalogue import Catalogue
from cosmodrome.windows.screen_near import STEP_S, boxes_near
from cosmodrome.windows.screen_objects import Objects, Pieces, shells
from cosmodrome.windows.screen_path import Path, chunks
from cosmodrome.world.epoch import EarthOrientation, Epoch
from cosmodrome.world.frames import EARTH_ROTATION_RAD_S

__all__ = ["Screening", "open_ranges", "screen"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]
Tell = Callable[[str, float], None]

_SHELL_M: Final = 60e3  # of heights, for what moves between the instants they were taken at


@dataclass(frozen=True, slots=True, eq=False)
class Screening:
    """Closed ranges of lift-off and how near the objects come, ordered by lift-off.

    Parameters
    ----------
    start : Epoch, of lift-off 0
    window_s : float
    flight_s : float, how long after lift-off the flight was looked at
    which : array of int, shape (n,), places in the catalogue
    from_s, to_s : arrays, shape (n,), lift-off
    liftoff_s, tau_s : arrays, shape (n,), of the nearest approach in each range:
        its lift-off, and the time since
    miss_m, speed_m_s : arrays, shape (n,), distance and relative speed then
    own_r_m, own_v_m_s, other_r_m, other_v_m_s : arrays, shape (n, 3)
        In axes that stand still as ITRF stands at that instant.
    lost : array of int, objects that SGP4 gives no state for at some instant
    """

    start: Epoch
    window_s: float
    flight_s: float
    which: Index
    from_s: Array
    to_s: Array
    liftoff_s: Array
    tau_s: Array
    miss_m: Array
    speed_m_s: Array
    own_r_m: Array
    own_v_m_s: Array
    other_r_m: Array
    other_v_m_s: Array
    lost: Index

    def __len__(self) -> int:
        return int(self.which.size)


def open_ranges(screening: Screening) -> tuple[Array, Array]:
    """The ranges of lift-off that no object closes, from and to, in order."""
    zero = np.zeros(len(screening), dtype=np.intp)
    _, low, high = joined(zero, screening.from_s, screening.to_s, 0.0)
    begins, ends = np.concatenate(([0.0], high)), np.concatenate((low, [screening.window_s]))
    there = ends > begins
    return begins[there], ends[there]


def screen(
    path: Path,
    catalogue: Catalogue,
    start: Epoch,
    window_s: float,
    radius_m: Array | float,
    *,
    orientation: EarthOrientation | None = None,
    tell: Tell | None = None,
) -> Screening:
    """Every lift-off of a window that brings a flight nearer to an object than its radius.

    Parameters
    ----------
    path : Path
    catalogue : Catalogue
    start : Epoch, of the first lift-off
    window_s : float, the last lift-off after that
    radius_m : array, shape (n,), of each object; or float
    orientation : EarthOrientation or None, the shipped one by default
    tell : callable(text, share) or None

    Returns
    -------
    Screening

    Raises
    ------
    InputError
        If the window or a radius is not positive.

    Accuracy
    --------
    Of the elements and the path given: centimetres, and edges to a
    millisecond. What the elements are worth is another thing: kilometres.
    """
    radius = _checked(window_s, radius_m, len(catalogue))
    objects = Objects(catalogue.motions, start, "ITRF", orientation)
    low, high, lost = shells(catalogue.motions, start, window_s + path.duration_s)
    cut = chunks(path)
    size = np.linalg.norm(np.concatenate((cut.a_m, cut.b_m)), axis=1)
    parts: list[Closures] = []
    levels = np.unique(radius)
    # All objects of one radius at a time.
    for k, level in enumerate(levels.tolist()):
        told = None if tell is None else _share(tell, k / levels.size, 0.5 / levels.size)
        margin = level + float(np.max(cut.off_m)) + _SHELL_M
        near = (radius == level) & (low < np.max(size) + margin) & (high > np.min(size) - margin)
        boxes = boxes_near(objects, np.flatnonzero(near), cut, level, window_s, told)
        if tell is not None:
            count = np.unique(boxes.which).size
            tell(f"closed ranges of {count} objects that come near", (k + 0.5) / levels.size)
        parts.append(closures_of(path, Pieces.none(objects, 0.0, STEP_S), boxes, level, window_s))
    return _told(path, objects, parts, window_s, np.flatnonzero(lost))


def _checked(window_s: float, radius_m: Array | float, count: int) -> Array:
    """The radius of each object, once window and radii make sense."""
    if not 0.0 < window_s < 86400.0 * 31.0:
        raise InputError(
            "the launch window must last", key="minutes", value=window_s / 60.0, allowed="above 0"
        )
    radius = np.broadcast_to(np.asarray(radius_m, dtype=float), (count,))
    if not np.all((radius > 0.0) & (radius < 2e6)):
        raise InputError(
            "a keep-out radius is out of range", key="keep_out", allowed="above 0, below 2000 km"
        )
    return radius


def _share(tell: Tell, begin: float, part: float) -> Tell:
    """Progress of a part as progress of the whole."""

    def told(text: str, share: float) -> None:
        tell(text, begin + part * share)

    return told


def _told(
    path: Path, objects: Objects, parts: list[Closures], window_s: float, lost: Index
) -> Screening:
    names = ("which", "from_s", "to_s", "liftoff_s", "tau_s", "miss_m")
    which, low, high, liftoff, tau, miss = (
        np.concatenate([np.empty(0), *(getattr(part, name) for part in parts)]) for name in names
    )
    which = which.astype(np.intp)
    order = np.lexsort((which, low))
    which, low, high, liftoff, tau, miss = (
        x[order] for x in (which, low, high, liftoff, tau, miss)
    )
    t = liftoff + tau
    pieces = Pieces.none(objects, 0.0, STEP_S)
    pieces = pieces.having(pieces.missing(which, t))
    r, v, _ = pieces.at(which, t)
    own_r, own_v, _ = path.at(tau)
    turning = np.array(
        [[0.0, EARTH_ROTATION_RAD_S, 0.0], [-EARTH_ROTATION_RAD_S, 0.0, 0.0], [0.0] * 3]
    )
    v, own_v = v + r @ turning, own_v + own_r @ turning
    return Screening(
        objects.start,
        window_s,
        path.duration_s,
        which,
        low,
        high,
        liftoff,
        tau,
        miss,
        np.linalg.norm(v - own_v, axis=1),
        own_r,
        own_v,
        r,
        v,
        lost,
    )
