"""Instants: UTC text at the doors, TAI inside, UT1 from the shipped Earth orientation.

UTC and TAI need only the table of leap seconds, so this module imports nothing
heavy; both tables are read from `astropy-iers-data` on first use and never
fetched.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from cosmodrome.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["EarthOrientation", "Epoch", "earth_orientation"]

_DAY_S = 86400
_TT_MINUS_TAI_S = 32.184
_MJD_OF_ORDINAL = 678576  # date.toordinal() of MJD 0 (1858-11-17)
_FIRST_MJD = 41317  # 1972-01-01, when UTC took whole leap seconds
_LAST_MJD = 124593  # 2200-01-01
_ALLOWED = "ISO 8601 UTC from 1972 to 2199, as 2027-03-20T12:00:00Z"
_TEXT = re.compile(
    r"\s*(\d{4})-(\d{2})-(\d{2})"
    r"(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,15})?)?)?\s*(?:Z|\+00:00|UTC)?\s*",
    re.IGNORECASE | re.ASCII,
)


@lru_cache(maxsize=1)
def _leap_seconds() -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """MJD (UTC) from which TAI - UTC holds, TAI - UTC in seconds, MJD of expiry."""
    from astropy_iers_data import IERS_LEAP_SECOND_FILE

    text = Path(IERS_LEAP_SECOND_FILE).read_text(encoding="ascii")
    rows = [line.split() for line in text.splitlines() if line.strip() and line[0] != "#"]
    expiry = re.search(r"expires on\s+(\d+ \w+ \d{4})", text)
    # Without the note the table is good for what it lists and no longer.
    last = int(float(rows[-1][0]))
    if expiry is not None:
        day = datetime.strptime(expiry[1], "%d %B %Y").replace(tzinfo=UTC).date()
        last = day.toordinal() - _MJD_OF_ORDINAL
    return tuple(int(float(row[0])) for row in rows), tuple(int(row[4]) for row in rows), last


def _tai_minus_utc(mjd: int) -> int:
    days, offsets, _ = _leap_seconds()
    return offsets[bisect_right(days, mjd) - 1]


@dataclass(frozen=True, slots=True, order=True)
class Epoch:
    """An instant, as a whole day and seconds of TAI; resolution 15 picoseconds.

    Make one with `Epoch.parse`; `str()` gives it back as UTC with Z. Adding
    seconds gives an epoch, subtracting two epochs gives seconds (of TAI, so
    that leap seconds count).

    Parameters
    ----------
    tai_mjd : int, modified Julian day, TAI
    tai_s : float, seconds into that day, [0, 86400)
    """

    tai_mjd: int
    tai_s: float

    @classmethod
    def parse(cls, text: str) -> Epoch:
        """Read a UTC date or date and time, ISO 8601.

        Parameters
        ----------
        text : str
            As 2027-03-20T12:00:00.5Z; the Z may be left out, the seconds and
            the time too. 23:59:60 is read on days that have it.

        Raises
        ------
        InputError
            If it is not such a text, not a date, before 1972 or after 2199-12-30.
        """
        match = _TEXT.fullmatch(text)
        if match is None:
            raise _bad_epoch(text, "is not an ISO 8601 UTC time")
        year, month, day = (int(part) for part in match.groups()[:3])
        hour, minute, second = (int(part or 0) for part in match.groups()[3:6])
        try:
            mjd = date(year, month, day).toordinal() - _MJD_OF_ORDINAL
        except ValueError:
            raise _bad_epoch(text, "is not a day of the calendar") from None
        if not _FIRST_MJD <= mjd < _LAST_MJD - 1:
            raise _bad_epoch(text, "is outside the years this program can place")
        offset = _tai_minus_utc(mjd)
        leap = _tai_minus_utc(mjd + 1) - offset
        last = 59 + (leap if (hour, minute) == (23, 59) else 0)
        if hour > 23 or minute > 59 or second > last:
            raise _bad_epoch(text, "is not a time of that day")
        seconds = hour * 3600 + minute * 60 + second + offset
        return cls(mjd, 0.0) + seconds + float(match[7] or 0.0)

    def __add__(self, seconds: float) -> Epoch:
        if not math.isfinite(seconds):
            raise InputError(
                "an epoch cannot move by a non-finite time", key="epoch", value=seconds
            )
        # Whole days apart first, so that a long step costs no digits.
        days, rest = divmod(seconds, _DAY_S)
        carry, inside = divmod(self.tai_s + rest, _DAY_S)
        if inside >= _DAY_S:  # divmod of a tiny negative number
            carry, inside = carry + 1, 0.0
        mjd = self.tai_mjd + int(days) + int(carry)
        if not _FIRST_MJD <= mjd < _LAST_MJD:
            raise InputError(
                "this instant is outside the years this program can place",
                key="epoch",
                value=f"{self} {seconds:+g} s",
                allowed=_ALLOWED,
            )
        return Epoch(mjd, inside)

    @overload
    def __sub__(self, other: Epoch) -> float: ...
    @overload
    def __sub__(self, other: float) -> Epoch: ...
    def __sub__(self, other: Epoch | float) -> float | Epoch:
        if isinstance(other, Epoch):
            return (self.tai_mjd - other.tai_mjd) * _DAY_S + (self.tai_s - other.tai_s)
        return self + (-other)

    def __str__(self) -> str:
        return self.utc()

    def utc(self, decimals: int = 6) -> str:
        """UTC text with Z, rounded to so many decimals, trailing zeros dropped."""
        scale = 10**decimals
        # Rounded in TAI, where every second is alike, then given its UTC name.
        days, units = divmod(round(self.tai_s * scale), _DAY_S * scale)
        whole, fraction = divmod(units, scale)
        mjd, second = _utc_second(self.tai_mjd + days, whole)
        of_day = min(second, _DAY_S - 1)  # the leap second is :60 of the last minute
        hour, minute = of_day // 3600, of_day // 60 % 60
        day = date.fromordinal(mjd + _MJD_OF_ORDINAL).isoformat()
        tail = f".{fraction:0{decimals}d}".rstrip("0") if fraction else ""
        return f"{day}T{hour:02d}:{minute:02d}:{second - hour * 3600 - minute * 60:02d}{tail}Z"

    @property
    def tai_minus_utc_s(self) -> int:
        """Leap seconds in force; the last known value after the table ends."""
        mjd, _ = _utc_second(self.tai_mjd, int(self.tai_s))
        return _tai_minus_utc(mjd)

    @property
    def leap_seconds_are_predicted(self) -> bool:
        """True past the end of the leap-second table: a new one may yet be announced."""
        return self.tai_mjd >= _leap_seconds()[2]

    @property
    def ut1_is_predicted(self) -> bool:
        """True where the shipped UT1 is a prediction, or is held past its end."""
        return earth_orientation().is_predicted(self)

    @property
    def ut1_minus_utc_s(self) -> float:
        """By the shipped Earth orientation, seconds."""
        return float(earth_orientation().ut1_minus_tai_s(self)) + self.tai_minus_utc_s

    @property
    def tt_jd(self) -> tuple[float, float]:
        """Terrestrial time as a two-part Julian date."""
        return 2400000.5 + self.tai_mjd, (self.tai_s + _TT_MINUS_TAI_S) / _DAY_S

    @property
    def tai_jd(self) -> tuple[float, float]:
        """TAI as a two-part Julian date."""
        return 2400000.5 + self.tai_mjd, self.tai_s / _DAY_S


def _bad_epoch(text: object, what: str) -> InputError:
    shown = str(text)[:60]
    return InputError(f"epoch {shown!r} {what}", key="epoch", value=text, allowed=_ALLOWED)


def _utc_second(tai_mjd: int, tai_s: int) -> tuple[int, int]:
    """UTC day and second of that day (86400 in a leap second) of a whole TAI second."""
    mjd = tai_mjd
    if tai_s - _tai_minus_utc(mjd) < 0:
        mjd -= 1
    second = (tai_mjd - mjd) * _DAY_S + tai_s - _tai_minus_utc(mjd)
    length = _DAY_S + _tai_minus_utc(mjd + 1) - _tai_minus_utc(mjd)
    return (mjd, second) if second < length else (mjd + 1, second - length)


@dataclass(frozen=True, slots=True, eq=False)
class EarthOrientation:
    """UT1 and polar motion against time, linear between daily values, held outside.

    Parameters
    ----------
    name : str, where the values come from
    mjd : array, shape (n,), UTC days, ascending
    ut1_minus_tai_daily_s : array, shape (n,), seconds; free of leap-second jumps
    pole_x_daily_rad, pole_y_daily_rad : array, shape (n,)
    predicted_from_mjd : float, first day whose UT1 is a prediction
    offset_x_daily_rad, offset_y_daily_rad : array, shape (n,), or None for zeros
        What is observed of the celestial pole beyond IAU 2006/2000A (dX, dY).
    """

    name: str
    mjd: NDArray[np.float64]
    ut1_minus_tai_daily_s: NDArray[np.float64]
    pole_x_daily_rad: NDArray[np.float64]
    pole_y_daily_rad: NDArray[np.float64]
    predicted_from_mjd: float
    offset_x_daily_rad: NDArray[np.float64] | None = None
    offset_y_daily_rad: NDArray[np.float64] | None = None

    @classmethod
    def constant(
        cls,
        ut1_minus_tai_s: float,
        pole_x_rad: float = 0.0,
        pole_y_rad: float = 0.0,
        offset_x_rad: float = 0.0,
        offset_y_rad: float = 0.0,
    ) -> EarthOrientation:
        """The same values at all times, for comparison with a stated case."""
        import numpy as np

        values = (0.0, ut1_minus_tai_s, pole_x_rad, pole_y_rad, offset_x_rad, offset_y_rad)
        day, ut1, x, y, dx, dy = np.array(values)[:, None]
        return cls("constant", day, ut1, x, y, math.inf, dx, dy)

    @property
    def is_constant(self) -> bool:
        """True for a stated case, which has no end."""
        return len(self.mjd) == 1

    def is_predicted(self, epoch: Epoch) -> bool:
        """True if UT1 at the epoch is a prediction or held past either end."""
        return not self.is_constant and not (self.mjd[0] <= epoch.tai_mjd < self.predicted_from_mjd)

    def days_past_end(self, epoch: Epoch) -> float:
        """How long the last value has been held at the epoch, days; 0 inside the table."""
        if self.is_constant:
            return 0.0
        return max(0.0, float(epoch.tai_mjd + epoch.tai_s / _DAY_S - self.mjd[-1]))

    def _between(self, values: NDArray[np.float64], epoch: Epoch, elapsed_s: Any) -> Any:
        import numpy as np

        utc = epoch.tai_mjd + (epoch.tai_s - epoch.tai_minus_utc_s + elapsed_s) / _DAY_S
        if np.size(utc) < 1000:
            return np.interp(utc, self.mjd, values)
        # The few days that are needed: looking up in twenty thousand takes longer.
        first = max(int(np.searchsorted(self.mjd, np.min(utc))) - 1, 0)
        last = int(np.searchsorted(self.mjd, np.max(utc))) + 1
        return np.interp(utc, self.mjd[first:last], values[first:last])

    def ut1_minus_tai_s(self, epoch: Epoch, elapsed_s: Any = 0.0) -> Any:
        """Seconds, at the epoch plus `elapsed_s` (float or array)."""
        return self._between(self.ut1_minus_tai_daily_s, epoch, elapsed_s)

    def pole_rad(self, epoch: Epoch, elapsed_s: Any = 0.0) -> tuple[Any, Any]:
        """Coordinates x, y of the pole, radians."""
        x = self._between(self.pole_x_daily_rad, epoch, elapsed_s)
        return x, self._between(self.pole_y_daily_rad, epoch, elapsed_s)

    def pole_offset_rad(self, epoch: Epoch, elapsed_s: Any = 0.0) -> tuple[Any, Any]:
        """Observed offsets dX, dY of the celestial pole from IAU 2006/2000A, radians."""
        if self.offset_x_daily_rad is None or self.offset_y_daily_rad is None:
            return 0.0, 0.0
        x = self._between(self.offset_x_daily_rad, epoch, elapsed_s)
        return x, self._between(self.offset_y_daily_rad, epoch, elapsed_s)


@lru_cache(maxsize=4)
def earth_orientation(file: str | None = None) -> EarthOrientation:
    """Earth orientation from a finals2000A file, by default the one that is shipped.

    Parameters
    ----------
    file : str or None, path of a file in the IERS finals2000A format

    Raises
    ------
    InputError
        If the file cannot be read or holds no usable line.

    Accuracy
    --------
    Linear interpolation leaves out the sub-daily tides: up to 0.05 ms of UT1
    (2 cm on the equator) and 0.5 mas of the pole. Where the file has no celestial
    pole offsets (from about 75 days ahead) they are zero: 2 cm. Predictions of UT1 err by
    about 1 ms after 10 days and 10 ms (5 m on the equator) after half a year;
    past the end the last UT1 - TAI is held, which drifts by up to 1 ms a day.

    References
    ----------
    IERS, readme.finals2000A (column layout); IERS Conventions (2010), ch. 8.
    """
    import numpy as np

    if file is None:
        from astropy_iers_data import IERS_A_FILE

        file = str(IERS_A_FILE)
    try:
        lines = Path(file).read_text(encoding="ascii").splitlines()
        rows = [
            (
                *(float(n[7:15]), float(n[58:68]), float(n[18:27]), float(n[37:46])),
                *(n[57] == "P", float(n[97:106].strip() or 0.0), float(n[116:125].strip() or 0.0)),
            )
            for n in lines
            if n[58:68].strip() and n[18:27].strip()
        ]
    except (OSError, ValueError) as error:
        raise _bad_orientation(file, str(error)) from None
    if not rows:
        raise _bad_orientation(file, "no line with UT1 and pole")
    table = np.array(rows)
    leaps = np.array([_tai_minus_utc(int(day)) for day in table[:, 0]])
    predicted = table[table[:, 4] > 0.0, 0]
    return EarthOrientation(
        Path(file).name,
        table[:, 0],
        table[:, 1] - leaps,
        np.radians(table[:, 2] / 3600.0),
        np.radians(table[:, 3] / 3600.0),
        float(predicted[0] if predicted.size else table[-1, 0]),
        np.radians(table[:, 5] / 3.6e6),
        np.radians(table[:, 6] / 3.6e6),
    )


def _bad_orientation(file: str, why: str) -> InputError:
    return InputError(
        f"cannot read Earth orientation: {why}", file=file, allowed="finals2000A format"
    )
