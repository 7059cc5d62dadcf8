"""How much a run will cost, said before it begins and not after a day."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from cosmodrome.errors import InputError

__all__ = ["MOST_HOURS", "Size", "SizeError", "check_size"]

MOST_HOURS = 24.0
"""Runs longer than this are not begun unless asked for."""

MOST_BYTES = 4e9
"""Results are held in memory until they are written: more than this is refused."""

_COPIES = 3.0  # the journal, its log, and the results written from it
_LEAST_FREE = 50e6  # bytes that are left to others on a disk
_HELD = 4.0  # bytes of memory for one of a result's text


class SizeError(InputError):
    """A run that would take too long, or more room than there is."""


@dataclass(frozen=True, slots=True)
class Size:
    """What a run consists of.

    Parameters
    ----------
    count : int, how many things are done
    what : str, what they are, in the plural: "samples"
    cpu_s : float, seconds of one core for one of them
    bytes_each : float, of its result, as text
    key : str, the option that asks for them
    """

    count: int
    what: str
    cpu_s: float
    bytes_each: float
    key: str = "--samples"

    def hours(self, workers: int) -> float:
        """How long it would take, hours."""
        return self.count * self.cpu_s / max(workers, 1) / 3600.0


def check_size(
    size: Size, *, workers: int, folder: Path | None = None, most_hours: float = MOST_HOURS
) -> None:
    """Refuse a run that is too large, with what would be possible instead.

    Parameters
    ----------
    size : Size
    workers : int, how many do it side by side
    folder : Path or None, where journal and results are written; it need not exist yet
    most_hours : float, how long it may take

    Raises
    ------
    SizeError
        It would take longer than allowed, fill the disk, or not fit into memory.

    Accuracy
    --------
    An estimate: the time within a factor of two or three.
    """
    _check_time(size, workers, most_hours)
    needed = _HELD * size.count * size.bytes_each
    if needed > MOST_BYTES:
        most = int(MOST_BYTES / (_HELD * size.bytes_each))
        raise SizeError(
            f"{size.count} {size.what} would need about {_amount(needed)} of memory",
            key=size.key,
            value=size.count,
            allowed=f"{most} or fewer at a time; runs of other seeds can be put together",
        )
    if folder is not None:
        _check_disk(size, folder)


def _check_time(size: Size, workers: int, most_hours: float) -> None:
    hours = size.hours(workers)
    if hours <= most_hours:
        return
    most = int(size.count * most_hours / hours)
    raise SizeError(
        f"{size.count} {size.what} would take about {_time(hours)} on {_workers(workers)}, "
        f"more than {_time(most_hours)}",
        key=size.key,
        value=size.count,
        allowed=f"{most} or fewer; --hours {_up(hours)} to allow it; more machines by --cluster",
    )


def _check_disk(size: Size, folder: Path) -> None:
    there = folder.absolute()
    while not there.exists():
        there = there.parent
    free, needed = shutil.disk_usage(there).free, _COPIES * size.count * size.bytes_each
    if needed + _LEAST_FREE <= free:
        return
    most = int(max(free - _LEAST_FREE, 0.0) / (_COPIES * size.bytes_each))
    raise SizeError(
        f"{size.count} {size.what} would need about {_amount(needed)} in {there}, "
        f"where {_amount(free)} are free",
        file=str(there),
        key=size.key,
        value=size.count,
        allowed=f"{most} or fewer, or a folder on a disk with more room",
    )


def _workers(count: int) -> str:
    return "one worker" if count == 1 else f"{count} workers"


def _time(hours: float) -> str:
    if hours >= 48.0:
        return f"{hours / 24.0:.3g} days"
    return f"{hours:.3g} h" if hours >= 1.0 else f"{60.0 * hours:.2g} min"


def _up(hours: float) -> str:
    """A round number of hours that is enough."""
    return f"{float(f'{1.5 * hours:.1g}'):g}" if hours < 2.0 else f"{int(1.2 * hours) + 1}"


def _amount(count: float) -> str:
    return f"{count / 1e9:.2g} GB" if count >= 1e9 else f"{max(count / 1e6, 0.1):.2g} MB"
