"""The satellite from Python: read a file, follow an orbit, find passes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cosmodrome.errors import InputError
from cosmodrome.io.recognise import Reading, read_any
from cosmodrome.prompt.flying import Span, flown, span_of
from cosmodrome.prompt.orbit_source import Method, OrbitSource, source_of
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import FRAMES
from cosmodrome.world.state import Trajectory

if TYPE_CHECKING:
    from cosmodrome.orbit.passes import Passes

__all__ = ["carried", "passes", "propagate", "read"]

_MOST_STATES = 1_000_000


def read(path: str | Path, *, epoch_utc: str | None = None, frame: str | None = None) -> Reading:
    """Read a file of orbits of any form we know, told by its content.

    Parameters
    ----------
    path : path of an OEM, OPM, OMM (KVN or XML), TLE, CSV or Parquet
    epoch_utc, frame : str or None, of t = 0 and of `world.frames.FRAMES`, for a
        CSV that does not say them

    Returns
    -------
    Reading
        Its `form` says what `content` is.

    Raises
    ------
    InputError
        With file, line and reason if it is broken, or none of ours.

    Examples
    --------
    ``read("iss.tle").content[0].name``
    """
    epoch = None if epoch_utc is None else Epoch.parse(epoch_utc)
    return read_any(path, epoch=epoch, frame=frame)


def passes(
    subject: str | Path | Reading,
    stations: str | Sequence[str],
    *,
    epoch_utc: str | None = None,
    start_utc: str | None = None,
    days: float | None = None,
    min_elevation_deg: float = 0.0,
    method: Method | None = None,
) -> Passes:
    """Every pass of satellites over stations; the same as `cosmodrome passes`.

    Parameters
    ----------
    subject : orbit text, path of a run folder or of a file, or what `read` gave
    stations : name, or "latitude,longitude,altitude" in degrees and metres; one or several
    epoch_utc : str or None, of an orbit text; 2027-03-20T12:00:00Z by default
    start_utc : str or None, where the search begins; where the orbit is known by default
    days : float or None, one by default
    min_elevation_deg : float, 0 to 89
    method : "numerical", "secular", "two-body", "sgp4", "table" or None
        None: SGP4 for TLE and OMM, a table as it stands, mean elements for an
        orbit text, numerical for a run folder and an OPM.

    Returns
    -------
    Passes
        Ordered by rise; one by one they have rise, culmination and set.

    Raises
    ------
    InputError
        Anything that cannot be used, or data that does not reach.

    Accuracy
    --------
    As `orbit.passes.find_passes`: none missed, contacts within 1 ms of the motion.

    Examples
    --------
    ``passes("sso 500 km ltan 10:30", "svalbard", days=2)``
    """
    from cosmodrome.orbit.passes import find_passes
    from cosmodrome.orbit.stations import station

    source = source_of(subject, epoch_utc)
    span = span_of(source, start_utc, days)
    names = [stations] if isinstance(stations, str) else list(stations)
    return find_passes(
        flown(source, span, method).motions,
        [station(name) for name in names],
        span.start,
        span.duration_s,
        min_elevation_rad=math.radians(min_elevation_deg),
    )


def propagate(
    subject: str | Path | Reading,
    *,
    epoch_utc: str | None = None,
    start_utc: str | None = None,
    days: float | None = None,
    step_s: float = 60.0,
    frame: str = "GCRF",
    method: Method | None = None,
    drag_m2_kg: float | None = None,
) -> Trajectory:
    """An orbit carried through time; the same as `cosmodrome propagate`.

    Parameters
    ----------
    subject, epoch_utc, start_utc, days, method : as `passes`; one satellite
    step_s : float, between states
    frame : str, of `world.frames.FRAMES`
    drag_m2_kg : float or None
        Drag coefficient times area over mass, for the numerical method.

    Returns
    -------
    Trajectory

    Raises
    ------
    InputError
        Anything that cannot be used, or data that does not reach.

    Accuracy
    --------
    As `orbit.propagate`.

    Examples
    --------
    ``propagate("sso 500 km", days=0.1, frame="ITRF").r_m``
    """
    source = source_of(subject, epoch_utc)
    span = span_of(source, start_utc, days)
    return carried(source, span, step_s, frame, method, drag_m2_kg=drag_m2_kg)[0]


def carried(
    source: OrbitSource,
    span: Span,
    step_s: float,
    frame: str,
    method: Method | None = None,
    *,
    drag_m2_kg: float | None = None,
) -> tuple[Trajectory, str]:
    """The states of one satellite at even steps, and how they were found.

    The last step is shortened so that the end is among the states.

    Raises
    ------
    InputError
        For several satellites, a frame or a step that cannot be used.
    """
    import numpy as np

    from cosmodrome.orbit.propagate import propagate as read_off

    source.only()
    if frame not in FRAMES:
        raise InputError(
            f"frame {frame!r} is not known", key="--frame", value=frame, allowed=", ".join(FRAMES)
        )
    if not (math.isfinite(step_s) and step_s > 0.0) or span.duration_s / step_s > _MOST_STATES:
        raise InputError(
            f"a step of {step_s:g} s cannot be used",
            key="--step",
            value=step_s,
            allowed=f"seconds above 0 that make at most {_MOST_STATES} states",
        )
    found = flown(source, span, method, drag_m2_kg=drag_m2_kg)
    (motion,) = found.motions.values()
    times = np.arange(0.0, span.duration_s, step_s)
    times = np.append(times, span.duration_s)
    states = read_off(motion, (span.start - motion.epoch) + times, frame=frame)
    moved = Trajectory(span.start, frame, times, states.r_m, states.v_m_s)
    return moved, found.how
