"""Solar flux and geomagnetic activity: observed, forecast, or stated."""

from __future__ import annotations

import csv
import importlib.util
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.world.data_end import DataEndError
from cosmodrome.world.epoch import Epoch

__all__ = ["SpaceWeather", "space_weather"]

Array = NDArray[np.float64]
_DAY_S = 86400.0
_MJD_OF_ORDINAL = 678576  # date.toordinal() of MJD 0
_COLUMNS = (
    *("DATE", "F10.7_DATA_TYPE", "F10.7_OBS", "F10.7_OBS_CENTER81", "AP_AVG"),
    *(f"AP{slot}" for slot in range(1, 9)),
)
_Row = tuple[tuple[float, ...], str]


@dataclass(frozen=True, slots=True, eq=False)
class SpaceWeather:
    """F10.7 and Ap by UTC day; monthly rows of a forecast are joined by lines.

    Parameters
    ----------
    name : str, where the values come from
    mjd : array, shape (n,), UTC days, ascending
    f107 : array, shape (n,), solar flux units, observed (not adjusted to 1 au)
    f107_mean81 : array, shape (n,), centred average over 81 days
    ap : array, shape (n,), daily
        Where a forecast has none: the mean of the observed record.
    ap_3h : array, shape (n, 8), of each three hours of the day
    predicted_from_mjd : float, first day that is a forecast
    ap_assumed_from_mjd : float, first day whose Ap is that mean
    """

    name: str
    mjd: Array
    f107: Array
    f107_mean81: Array
    ap: Array
    ap_3h: Array
    predicted_from_mjd: float
    ap_assumed_from_mjd: float

    @classmethod
    def constant(
        cls, f107: float, f107_mean81: float | None = None, ap: float = 4.0
    ) -> SpaceWeather:
        """The same values at all times, for a stated case."""
        mean = f107 if f107_mean81 is None else f107_mean81
        day, flux, average, activity = np.array([0.0, f107, mean, ap])[:, None]
        hours = np.full((1, 8), ap)
        return cls("stated", day, flux, average, activity, hours, math.inf, math.inf)

    @property
    def is_constant(self) -> bool:
        """True for a stated case, which has no end."""
        return self.mjd.size == 1

    @property
    def first(self) -> Epoch:
        """Where the record begins, or 1972, whichever is later."""
        return Epoch(max(int(self.mjd[0]) + 1, 41318), 0.0)

    @property
    def last(self) -> Epoch:
        """Where the forecast ends."""
        return Epoch(int(self.mjd[-1]), 0.0)

    def is_predicted(self, epoch: Epoch) -> bool:
        """True if the values at the epoch are a forecast."""
        return epoch.tai_mjd >= self.predicted_from_mjd

    def days_since_observed(self, epoch: Epoch) -> float:
        """Age of the last observation at the epoch, days; 0 inside the record."""
        if self.is_constant:
            return 0.0
        now = epoch.tai_mjd + epoch.tai_s / _DAY_S
        return max(0.0, now - self.predicted_from_mjd)

    def at(self, epoch: Epoch, t_s: Any) -> tuple[Array, Array, Array]:
        """F10.7 of the day before, its 81-day mean, and the daily Ap, as MSIS takes them.

        Parameters
        ----------
        epoch : Epoch
        t_s : float or array, shape (n,), seconds after the epoch

        Returns
        -------
        f107, f107_mean81, ap : arrays, shape (n,)

        Raises
        ------
        DataEndError
            Outside the record and its forecast, with the days outside.
        """
        day = np.floor(self._utc_days(epoch, t_s))
        flux = np.interp(day - 1.0, self.mjd, self.f107)
        mean = np.interp(day, self.mjd, self.f107_mean81)
        return flux, mean, np.interp(day, self.mjd, self.ap)

    def ap_history(self, epoch: Epoch, t_s: Any) -> Array:
        """The seven Ap that MSIS takes for storms.

        Daily; of these three hours and the three before; the means of 12 to 33
        and of 36 to 57 hours ago.

        Returns
        -------
        array, shape (n, 7)

        Raises
        ------
        DataEndError
            As `at`.
        """
        now = self._utc_days(epoch, t_s)
        # A millisecond ahead, so that rounding does not pick the slot before.
        row = np.searchsorted(self.mjd, now + 1e-8, side="right") - 1
        slot = np.minimum(((now + 1e-8 - self.mjd[row]) * 8.0).astype(int), 7)
        # Twenty slots back; before the record's first day its first slot stands in.
        index = np.maximum((8 * row + slot)[:, None] - np.arange(20), 0)
        past = self.ap_3h.ravel()[index]
        means = past[:, 4:].reshape(-1, 2, 8).mean(axis=2)
        daily = np.interp(np.floor(now), self.mjd, self.ap)
        return np.concatenate([daily[:, None], past[:, :4], means], axis=1)

    def _utc_days(self, epoch: Epoch, t_s: Any) -> Array:
        times = np.atleast_1d(np.asarray(t_s, dtype=float))
        if not self.is_constant and times.size:
            for asked in (float(np.min(times)), float(np.max(times))):
                if not self.first <= epoch + asked <= self.last:
                    what = f"the space weather of {self.name}"
                    raise DataEndError(what, self.first, self.last, epoch + asked)
        utc_s = epoch.tai_s - epoch.tai_minus_utc_s + times
        return np.asarray(epoch.tai_mjd + utc_s / _DAY_S)


def _shipped() -> Path:
    spec = importlib.util.find_spec("satkit_data")
    if spec is None or spec.origin is None:
        raise InputError(
            "the package satkit-data, which holds the space weather, is not installed",
            allowed="an installation with all run-time dependencies",
        )
    return Path(spec.origin).parent / "data" / "SW-All.csv"


def space_weather(file: str | None = None) -> SpaceWeather:
    """Space weather from a file in CelesTrak's CSV layout, by default the one that is shipped.

    Parameters
    ----------
    file : str or None

    Raises
    ------
    InputError
        If the file cannot be read, naming the line.

    Accuracy
    --------
    Daily values; a 45-day forecast of F10.7 errs by 10 to 20 %, the monthly one
    by half the height of a solar cycle. Monthly forecasts have no Ap: the mean
    of the observed record stands in, and `ap_assumed_from_mjd` says from when.

    References
    ----------
    Vallado & Kelso, AAS 13-849 (the layout and its sources).
    """
    return _default() if file is None else _read(Path(file))


@lru_cache(maxsize=1)
def _default() -> SpaceWeather:
    """Read once: it is the same object all along, and takes 0.2 s."""
    return _read(_shipped())


def _read(path: Path) -> SpaceWeather:
    try:
        with path.open(encoding="ascii", newline="") as handle:
            rows = _rows(path, handle)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read space weather: {error}", file=str(path)) from None
    if not rows:
        raise InputError("no line of space weather", file=str(path), allowed="CelesTrak's CSV")
    table = np.array([row[0] for row in rows])
    observed = np.array([row[1] in ("OBS", "INT") for row in rows])
    has_ap = np.isfinite(table[:, 3])
    if not np.any(observed & has_ap):
        raise InputError("no observed Ap", file=str(path), allowed="CelesTrak's CSV")
    mean_ap = float(np.mean(table[observed & has_ap, 3]))
    end = math.inf
    return SpaceWeather(
        path.name,
        table[:, 0],
        table[:, 1],
        table[:, 2],
        np.where(has_ap, table[:, 3], mean_ap),
        np.where(has_ap[:, None], table[:, 4:], mean_ap),
        end if observed.all() else float(table[~observed, 0].min()),
        end if has_ap.all() else float(table[~has_ap, 0].min()),
    )


def _rows(path: Path, handle: Iterable[str]) -> list[_Row]:
    lines = csv.reader(handle)
    head = next(lines, [])
    try:
        columns = [head.index(name) for name in _COLUMNS]
    except ValueError as error:
        raise ValueError(f"a column is missing: {error}") from None
    return [_row(path, lines.line_num, line, columns) for line in lines if line]


def _row(path: Path, number: int, line: list[str], columns: list[int]) -> _Row:
    try:
        day, kind, flux, mean, *activity = [line[k] for k in columns]
        mjd = float(date.fromisoformat(day).toordinal() - _MJD_OF_ORDINAL)
        ap = [float(value) if value else math.nan for value in activity]
        return (mjd, float(flux), float(mean), *ap), kind
    except (IndexError, ValueError) as error:
        raise InputError(
            f"line {number} of the space weather cannot be read: {error}",
            file=str(path),
            key=f"line {number}",
            allowed="CelesTrak's CSV: " + ", ".join(_COLUMNS),
        ) from None
