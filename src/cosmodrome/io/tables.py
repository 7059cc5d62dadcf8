"""Trajectories as tables: CSV and Parquet, written and read.

Columns of CSV: epoch_utc, t_s, leg, frame, x_m, y_m, z_m, vx_m_s, vy_m_s, vz_m_s,
mass_kg. Kilometres (x_km, vx_km_s) are read too. Parquet has the same columns
but epoch and frame, which stand in its metadata, as in a run folder.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.io.bounds import MOST_STATES, Source, read_bytes
from cosmodrome.io.checking import number
from cosmodrome.io.ground import stretches
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import FRAMES
from cosmodrome.world.state import Event, Trajectory

__all__ = [
    "csv_text",
    "parquet_bytes",
    "read_csv",
    "read_parquet",
    "trajectory_from_csv",
    "trajectory_from_parquet",
]

Array = NDArray[np.float64]
_STATE: Final = ("x_m", "y_m", "z_m", "vx_m_s", "vy_m_s", "vz_m_s")
_IN_KM: Final = {name: name.replace("_m", "_km", 1) for name in _STATE}
_LEGS: Final = ("leg", "segment", "phase")
_TIMES: Final = ("t_s", "epoch_utc")
_ALLOWED: Final = (
    "columns t_s or epoch_utc, x_m y_m z_m vx_m_s vy_m_s vz_m_s (or x_km ... vz_km_s), "
    "and leg, mass_kg, frame if wanted"
)


def _names(trajectory: Trajectory) -> list[str]:
    """The phase of every state."""
    names = [""] * len(trajectory)
    for name, start, stop in stretches(trajectory):
        names[start:stop] = [name] * (stop - start)
    return names


def _columns(trajectory: Trajectory) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {"t_s": trajectory.t_s.tolist(), "leg": _names(trajectory)}
    values = np.column_stack([trajectory.r_m, trajectory.v_m_s])
    columns |= {name: values[:, k].tolist() for k, name in enumerate(_STATE)}
    if trajectory.mass_kg is not None:
        columns["mass_kg"] = trajectory.mass_kg.tolist()
    return columns


def csv_text(trajectory: Trajectory) -> str:
    """A trajectory as CSV; every number gives the same double back.

    Events are not in a table of states; Parquet keeps them.
    """
    columns = _columns(trajectory)
    epochs = [(trajectory.epoch + t).utc(9) for t in columns["t_s"]]
    table: dict[str, Sequence[Any]] = {"epoch_utc": epochs, **columns}
    table["frame"] = [trajectory.frame] * len(trajectory)
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(table)
    writer.writerows(zip(*table.values(), strict=True))
    return sink.getvalue()


def parquet_bytes(trajectory: Trajectory) -> bytes:
    """A trajectory as Parquet; epoch, frame and events stand in the metadata."""
    import pyarrow as pa
    from pyarrow import parquet

    noted = {
        "cosmodrome.epoch_utc": trajectory.epoch.utc(12),
        "cosmodrome.frame": trajectory.frame,
        "cosmodrome.events": json.dumps([[e.name, e.t_s] for e in trajectory.events]),
    }
    table = pa.table(_columns(trajectory)).replace_schema_metadata(noted)
    sink = io.BytesIO()
    parquet.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def _trajectory(
    table: Mapping[str, Any],
    start: Epoch | None,
    frame: str,
    source: Source,
    events: tuple[Event, ...] = (),
) -> Trajectory:
    """A trajectory from named columns of numbers and texts."""
    r_v = np.column_stack([_in_metres(table, name, source) for name in _STATE])
    n = len(r_v)
    if not n:
        raise source.refused(None, "the table holds no states")
    if frame not in FRAMES:
        raise source.refused(
            None, f"frame {frame[:20]!r} is not known", key="frame", value=frame,
            allowed=", ".join(FRAMES),
        )  # fmt: skip
    epoch, t_s = _instants(table, start, source)
    falls = np.flatnonzero(np.diff(t_s) < 0.0)
    if falls.size:
        raise source.refused(None, f"time falls after state {int(falls[0]) + 1}", key="t_s")
    legs = next((list(table[name]) for name in _LEGS if name in table), ["flight"] * n)
    mass = np.asarray(table["mass_kg"], dtype=float) if "mass_kg" in table else None
    for values in (r_v, t_s, *([] if mass is None else [mass])):
        if not np.all(np.isfinite(values)):
            raise source.refused(None, "a number of the table is not finite")
    return Trajectory(epoch, frame, t_s, r_v[:, :3], r_v[:, 3:], mass, _runs(legs), events)


def _in_metres(table: Mapping[str, Any], name: str, source: Source) -> Array:
    for column, scale in ((name, 1.0), (_IN_KM[name], 1000.0)):
        if column in table:
            return np.asarray(table[column], dtype=float) * scale
    raise source.refused(
        1, f"column {name} (or {_IN_KM[name]}) is missing", key=name, allowed=_ALLOWED
    )


def _instants(table: Mapping[str, Any], start: Epoch | None, source: Source) -> tuple[Epoch, Array]:
    """Epoch of t = 0 and the seconds after it."""
    texts = table.get("epoch_utc")
    if "t_s" in table:
        t_s = np.asarray(table["t_s"], dtype=float)
        if texts is not None:
            return Epoch.parse(str(texts[0])) - float(t_s[0]), t_s
        if start is None:
            raise source.refused(
                None, "the table has times but no epoch", key="epoch_utc",
                allowed="a column epoch_utc, or the epoch of t = 0 given with the file",
            )  # fmt: skip
        return start, t_s
    if texts is None:
        raise source.refused(1, "column t_s or epoch_utc is missing", key="t_s", allowed=_ALLOWED)
    first = Epoch.parse(str(texts[0]))
    return first, np.array([Epoch.parse(str(text)) - first for text in texts])


def _runs(legs: Sequence[Any]) -> tuple[tuple[str, int, int], ...]:
    """Neighbours of one name as a segment."""
    edges = [k for k in range(1, len(legs)) if legs[k] != legs[k - 1]]
    return tuple(
        (str(legs[a]), a, b) for a, b in zip([0, *edges], [*edges, len(legs)], strict=True)
    )


def trajectory_from_csv(
    source: Source, text: str, *, epoch: Epoch | None = None, frame: str | None = None
) -> Trajectory:
    """As `read_csv`, from a text."""
    lines = source.lines(text)
    head = [name.strip().lower() for name in lines[0].split(",")]
    repeated = {name for name in head if head.count(name) > 1}
    if repeated:
        raise source.refused(1, f"column {sorted(repeated)[0][:40]!r} stands twice")
    wanted = {*_STATE, *_IN_KM.values(), *_TIMES, *_LEGS, "mass_kg", "frame"}
    table: dict[str, list[Any]] = {name: [] for name in head if name in wanted}
    numbers = {name for name in table if name not in (*_LEGS, "frame", "epoch_utc")}
    places = [(name, head.index(name), name in numbers) for name in table]
    for states, (line_number, row) in enumerate(_rows(lines, source), 1):
        if len(row) != len(head):
            raise source.refused(
                line_number,
                f"{len(row)} columns stand in this line",
                allowed=f"{len(head)} columns",
            )
        if states > MOST_STATES:
            raise source.refused(line_number, "the table has too many states")
        for name, k, is_number in places:
            cell = row[k].strip()
            table[name].append(number(cell, source, line_number, name) if is_number else cell)
    frames = set(table.pop("frame", [])) | ({frame} if frame else set())
    if len(frames) != 1:
        raise source.refused(
            None, f"{len(frames)} frames stand in the table", key="frame",
            allowed="one of " + ", ".join(FRAMES),
        )  # fmt: skip
    try:
        return _trajectory(table, epoch, frames.pop(), source)
    except InputError as error:
        raise _in_file(error, source) from None


def _rows(lines: Sequence[str], source: Source) -> list[tuple[int, list[str]]]:
    found = []
    for line_number, line in enumerate(lines[1:], 2):
        if line.strip():
            try:
                found.append((line_number, next(csv.reader([line], strict=True))))
            except csv.Error as error:
                raise source.refused(line_number, f"this is not CSV ({error})") from None
    return found


def _in_file(error: InputError, source: Source) -> InputError:
    """The same error with the file's name, if it had none."""
    if error.file is not None:
        return error
    return source.refused(
        None, error.message, key=error.key, value=error.value, allowed=error.allowed
    )


def read_csv(
    path: str | os.PathLike[str], *, epoch: Epoch | None = None, frame: str | None = None
) -> Trajectory:
    """Read a trajectory of anybody's from CSV.

    Parameters
    ----------
    path : path of the file
        A head line with t_s or epoch_utc (UTC, ISO 8601); x_m, y_m, z_m, vx_m_s,
        vy_m_s, vz_m_s, or the same in km; leg, mass_kg and frame if wanted.
    epoch : Epoch or None, of t_s = 0 where the file does not say
    frame : str or None, of `world.frames.FRAMES` where the file does not say

    Raises
    ------
    InputError
        With file, line and reason if it is broken or says too little.

    Accuracy
    --------
    Numbers as written.
    """
    source, content = read_bytes(path)
    return trajectory_from_csv(source, source.decoded(content), epoch=epoch, frame=frame)


def read_parquet(path: str | os.PathLike[str]) -> Trajectory:
    """Read a trajectory from Parquet, as `parquet_bytes` or a run folder holds it.

    Raises
    ------
    InputError
        If it is broken, too large, or says no epoch or frame.
    """
    source, content = read_bytes(path)
    return trajectory_from_parquet(source, content)


def trajectory_from_parquet(source: Source, content: bytes) -> Trajectory:
    """As `read_parquet`, from a file's content."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(pa.BufferReader(content))
        if file.metadata.num_rows > MOST_STATES:
            raise source.refused(None, "the table has too many states")
        there = set(file.schema_arrow.names)
        wanted = {"t_s", "mass_kg", *_LEGS, *_STATE, *_IN_KM.values()} & there
        table = {name: file.read([name]).column(0).to_pylist() for name in sorted(wanted)}
        noted = {k.decode(): v.decode() for k, v in (file.schema_arrow.metadata or {}).items()}
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0][:80] if str(error) else "broken"
        raise source.refused(None, f"this is not Parquet ({reason})") from None
    if "cosmodrome.epoch_utc" not in noted:
        raise source.refused(None, "the table says no epoch", key="cosmodrome.epoch_utc")
    # A run folder says in words which columns the frame belongs to.
    frames = [f for f in FRAMES if re.search(rf"\b{f}\b", noted.get("cosmodrome.frame", ""))]
    if len(frames) != 1:
        raise source.refused(None, "the table says no frame", key="cosmodrome.frame")
    try:
        start = Epoch.parse(noted["cosmodrome.epoch_utc"])
        events = _events(noted.get("cosmodrome.events", "[]"))
        return _trajectory(table, start, frames[0], source, events)
    except InputError as error:
        raise _in_file(error, source) from None
    except (TypeError, ValueError) as error:
        raise source.refused(None, f"a column holds no numbers ({error})") from None


def _events(text: str) -> tuple[Event, ...]:
    return tuple(Event(str(name), float(t_s)) for name, t_s in json.loads(text))
