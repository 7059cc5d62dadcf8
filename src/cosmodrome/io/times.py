"""Times in CCSDS files: read exactly in any time system, placed where the system is known.

A time is kept as its text, a day number and the second of that day in its own
system. UTC, TAI, TT, GPS, TDB and UT1 can be placed; mission-elapsed and
spacecraft clocks have no origin in the file and coordinate times (TCB, TCG)
are not offered: those are refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.io.bounds import Source
from cosmodrome.world.epoch import Epoch, earth_orientation

__all__ = ["SYSTEMS", "Times", "placed", "read_time", "read_times", "written"]

Array = NDArray[np.float64]

SYSTEMS: Final = frozenset(
    [
        "GMST",
        "GPS",
        "MET",
        "MRT",
        "SCLK",
        "TAI",
        "TCB",
        "TCG",
        "TDB",
        "TDR",
        "TT",
        "UT1",
        "UTC",
    ]  # 502.0-B-3 annex B, SANA
)
_ATOMIC_MINUS_TAI_S: Final = {"TAI": 0.0, "GPS": -19.0, "TT": 32.184}
_CLOCKS = frozenset({"MET", "MRT", "SCLK"})  # year 0 may stand there: days are counted
_PLACED = "UTC, TAI, TT, GPS, TDB or UT1"
_FORM = "2027-03-20T12:00:00.5 or 2027-079T12:00:00.5"
_MJD_OF_ORDINAL = 678576  # date.toordinal() of MJD 0
_DAY_S = 86400
_FIRST_MJD = 41318  # 1972-01-02
_LAST_MJD = 124590  # 2199-12-28
_TEXT = re.compile(
    r"(\d{4}-(?:\d{2}-\d{2}|\d{3}))T(\d{2}):(\d{2}):(\d{2}(?:\.\d{0,18})?)Z?", re.ASCII
)


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """Instants as a file gives them.

    Parameters
    ----------
    system : str, of `SYSTEMS`
    texts : tuple of str, as written
    day : array of int, shape (n,), modified Julian day in the system
    second : array, shape (n,), second of that day; 86400 and above in a leap second
    """

    system: str
    texts: tuple[str, ...]
    day: NDArray[np.int64]
    second: Array

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def elapsed_s(self) -> Array:
        """Seconds of the system since the first, leap seconds not counted."""
        return np.asarray((self.day - self.day[0]) * float(_DAY_S) + self.second - self.second[0])


def _day(text: str, system: str) -> int:
    """Modified Julian day of YYYY-MM-DD or YYYY-DDD; ValueError if there is none."""
    year, rest = int(text[:4]), text[5:]
    if year == 0:
        if system not in _CLOCKS or len(rest) != 3:
            raise ValueError("year 0")
        return int(rest)
    if len(rest) == 3:
        day = date(year, 1, 1).toordinal() + int(rest) - 1
        if date.fromordinal(day).year != year or rest == "000":
            raise ValueError("day of year")
        return day - _MJD_OF_ORDINAL
    return date(year, int(rest[:2]), int(rest[3:])).toordinal() - _MJD_OF_ORDINAL


def _leap_day(day: str, system: str) -> bool:
    """Whether that UTC day has 86401 seconds."""
    if system != "UTC":
        return False
    mjd = _day(day, system)
    try:
        noon = Epoch.parse(f"{date.fromordinal(mjd + _MJD_OF_ORDINAL)}T12:00:00Z")
        return (noon + _DAY_S).tai_minus_utc_s > noon.tai_minus_utc_s
    except (InputError, ValueError, OverflowError):
        return False


def _read(text: str, system: str, days: dict[str, int]) -> tuple[int, float]:
    """Day and second of a text; ValueError if it is no time. `days` remembers."""
    found = _TEXT.fullmatch(text)
    if found is None:
        raise ValueError("form")
    calendar, hour, minute, rest = found.groups()
    if calendar not in days:
        days[calendar] = _day(calendar, system)
    hours, minutes, seconds = int(hour), int(minute), float(rest)
    if hours > 23 or minutes > 59:
        raise ValueError("time of day")
    if seconds >= 60.0:
        last_minute = (hours, minutes) == (23, 59) and seconds < 61.0
        if not (last_minute and _leap_day(calendar, system)):
            raise ValueError("leap second")
    return days[calendar], hours * 3600 + minutes * 60 + seconds


def read_times(
    texts: Sequence[str], system: str, source: Source, lines: Sequence[int], key: str = "EPOCH"
) -> Times:
    """Read calendar or day-of-year times.

    Parameters
    ----------
    texts : sequence of str
    system : str, the file's TIME_SYSTEM
    source, lines, key : where each text stands, for the error

    Raises
    ------
    InputError
        Naming file and line of the first that is not a time.
    """
    days: dict[str, int] = {}
    day = np.empty(len(texts), dtype=np.int64)
    second = np.empty(len(texts))
    for k, text in enumerate(texts):
        try:
            day[k], second[k] = _read(text, system, days)
        except ValueError:
            raise source.refused(
                lines[k], f"{key} {text[:40]!r} is not a time", key=key, value=text, allowed=_FORM
            ) from None
    return Times(system, tuple(texts), day, second)


def read_time(text: str, system: str, source: Source, line: int, key: str = "EPOCH") -> Times:
    """One time; as `read_times`."""
    return read_times([text], system, source, [line], key)


def _utc_midnight(mjd: int) -> Epoch:
    return Epoch.parse(f"{date.fromordinal(mjd + _MJD_OF_ORDINAL)}T00:00:00Z")


def _tdb_minus_tt_s(mjd: int, second: float) -> float:
    import erfa

    return float(erfa.dtdb(2400000.5 + mjd, second / _DAY_S, 0.0, 0.0, 0.0, 0.0))


def _epoch(system: str, mjd: int, second: float) -> Epoch:
    """The instant that a day and second of a system name."""
    if system == "UTC":
        return _utc_midnight(mjd) + second
    if not _FIRST_MJD <= mjd < _LAST_MJD:
        raise InputError(
            "this time is outside the years this program can place",
            key="EPOCH",
            value=f"MJD {mjd} {system}",
            allowed="1972 to 2199",
        )
    if system in _ATOMIC_MINUS_TAI_S:
        return Epoch(mjd, 0.0) + (second - _ATOMIC_MINUS_TAI_S[system])
    if system == "TDB":
        terrestrial = second - _tdb_minus_tt_s(mjd, second)
        return Epoch(mjd, 0.0) + (terrestrial - _ATOMIC_MINUS_TAI_S["TT"])
    near = Epoch(mjd, 0.0) + second
    return near - float(earth_orientation().ut1_minus_tai_s(near))


def placed(times: Times) -> tuple[Epoch, Array]:
    """The first instant, and the seconds of TAI from it to each.

    Parameters
    ----------
    times : Times

    Raises
    ------
    InputError
        If the time system has no known relation to TAI, or a time is outside
        1972 to 2199.

    Accuracy
    --------
    UTC, TAI, TT and GPS exact; TDB within 10 microseconds (topocentric terms
    are left out); UT1 as the shipped Earth orientation.
    """
    if times.system not in ("UTC", "TDB", "UT1", *_ATOMIC_MINUS_TAI_S):
        raise InputError(
            f"times in {times.system} cannot be placed: the file does not say when they began"
            if times.system in _CLOCKS
            else f"times in {times.system} cannot be placed",
            key="TIME_SYSTEM",
            value=times.system,
            allowed=_PLACED,
        )
    first = _epoch(times.system, int(times.day[0]), float(times.second[0]))
    if times.system in _ATOMIC_MINUS_TAI_S:
        return first, times.elapsed_s
    if times.system == "UTC":
        starts = {int(day): _utc_midnight(int(day)) - first for day in np.unique(times.day)}
        begun = np.array([starts[int(day)] for day in times.day])
        return first, begun + times.second
    each = [
        _epoch(times.system, int(d), float(s)) for d, s in zip(times.day, times.second, strict=True)
    ]
    return first, np.array([epoch - first for epoch in each])


def written(epoch: Epoch, decimals: int = 9) -> str:
    """UTC text of an epoch as CCSDS files want it: no Z, trailing zeros dropped."""
    return epoch.utc(decimals).removesuffix("Z")
