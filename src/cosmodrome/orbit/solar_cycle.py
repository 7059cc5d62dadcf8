"""Solar activity of decades to come: past cycles laid onto the future by their phase.

Nobody can forecast the next cycle but one. What the Sun did is on record, so
what it may do is drawn from that: the rest of the running cycle after the shape
of a past one, then whole past cycles in any order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.world.data_end import DataEndError
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.space_weather import SpaceWeather

__all__ = [
    "LEVELS",
    "Level",
    "SolarCycles",
    "SolarHistories",
    "drawn_histories",
    "named_histories",
    "past_cycles",
]

Array = NDArray[np.float64]
Level = Literal["low", "mean", "high"]
LEVELS: Final[tuple[Level, ...]] = ("low", "mean", "high")

_DAY_S: Final = 86400.0
_GRID_DAYS: Final = 30.0
_PHASES: Final = 181  # a node every 22 days or so of a cycle
_WINDOW_DAYS: Final = 81  # as the mean flux that density models take
_YEAR_DAYS: Final = 365.25
_STRIDE: Final = 10  # days between places where a minimum is looked for
_APART_DAYS: Final = 3.5 * _YEAR_DAYS  # a minimum is the lowest for so long before and after


@dataclass(frozen=True, slots=True, eq=False)
class SolarCycles:
    """The whole solar cycles of a record, minimum to minimum, each over its phase.

    Parameters
    ----------
    f107, ap : arrays, shape (cycles, phases), 81-day means; phase 0 to 1 evenly
    length_days : array, shape (cycles,)
    minima_mjd : array, shape (cycles + 1,)
    """

    f107: Array
    ap: Array
    length_days: Array
    minima_mjd: Array

    @property
    def phase(self) -> Array:
        """Phases of the columns, 0 to 1."""
        return np.linspace(0.0, 1.0, self.f107.shape[1])

    def mean(self) -> SolarCycles:
        """One cycle: the average of all at equal phase."""
        mean = [value.mean(axis=0, keepdims=True) for value in (self.f107, self.ap)]
        return replace(self, f107=mean[0], ap=mean[1], length_days=self.length_days.mean()[None])


@dataclass(frozen=True, slots=True, eq=False)
class SolarHistories:
    """Flux and activity over time, one row each history.

    Parameters
    ----------
    epoch : Epoch, of the first column
    step_s : float, between columns
    f107, ap : arrays, shape (histories, times), 81-day means
    names : tuple of str, one each
    observed_s : float, up to here the values are observed; 0 if none is, inf if stated
    """

    epoch: Epoch
    step_s: float
    f107: Array
    ap: Array
    names: tuple[str, ...]
    observed_s: float

    @classmethod
    def constant(cls, epoch: Epoch, f107: float, ap: float) -> SolarHistories:
        """The same values at all times, for a stated case."""
        flux, activity = np.full((1, 2), f107), np.full((1, 2), ap)
        return cls(epoch, _GRID_DAYS * _DAY_S, flux, activity, ("stated",), math.inf)

    def at(self, rows: NDArray[np.intp], t_s: Array) -> tuple[Array, Array]:
        """F10.7 and Ap of given rows at given seconds, both shape (n,); the ends are held."""
        place = np.clip(t_s / self.step_s, 0.0, self.f107.shape[1] - 1.0)
        left = np.minimum(place.astype(np.intp), self.f107.shape[1] - 2)
        share = place - left
        flux, activity = (
            v[rows, left] * (1.0 - share) + v[rows, left + 1] * share for v in (self.f107, self.ap)
        )
        return flux, activity


@lru_cache(maxsize=4)
def past_cycles(weather: SpaceWeather) -> SolarCycles:
    """The whole solar cycles in the observed part of a record.

    A minimum is where the flux, averaged over a year, is lowest for 3.5 years
    before and after.

    Raises
    ------
    InputError
        If the record does not hold one whole cycle.

    Accuracy
    --------
    Minima fall within half a year of those of the smoothed sunspot number. The
    shipped record (from 1957) holds five whole cycles, 20 to 24; the great
    cycle 19 is cut by its start.
    """
    day, flux, activity = _smoothed(weather)
    yearly = _running_mean(flux, round(_YEAR_DAYS))
    reach = _STRIDE * round(_APART_DAYS / _STRIDE)
    low = [
        k
        for k in range(reach, day.size - reach, _STRIDE)
        if yearly[k] <= yearly[k - reach : k + reach + 1 : _STRIDE].min()
    ]
    # A flat bottom may give neighbours of equal value.
    minima = [k for n, k in enumerate(low) if n == 0 or k - low[n - 1] > reach]
    if len(minima) < 2:
        raise InputError(
            "the space weather does not hold one whole solar cycle",
            file=weather.name,
            allowed="a record from minimum to minimum and 3.5 years beyond",
        )
    marks = day[minima]
    at = marks[:-1, None] + np.diff(marks)[:, None] * np.linspace(0.0, 1.0, _PHASES)
    values = [np.interp(at, day, value) for value in (flux, activity)]
    return SolarCycles(values[0], values[1], np.diff(marks), marks)


def drawn_histories(
    weather: SpaceWeather, epoch: Epoch, years: float, count: int, rng: np.random.Generator
) -> SolarHistories:
    """Histories as they may come: observed where observed, then past cycles drawn at random.

    The cycle that runs when the observations end goes on after the shape of a
    drawn one, its flux above the quiet Sun's scaled by how strong the running
    one has been so far; whole drawn cycles follow, each with its own length.

    Parameters
    ----------
    weather : SpaceWeather, or a constant one, which is then held
    epoch : Epoch, of t = 0
    years : float, how far
    count : int, how many histories
    rng : numpy Generator

    Returns
    -------
    SolarHistories, of `count` rows

    Raises
    ------
    DataEndError
        If the epoch is before the record.

    Accuracy
    --------
    Only as wide as five cycles: a cycle like 19 (a third stronger than the
    strongest of these) or a grand minimum is not among them. Averages over 81
    days lose the days: storms, and the 27-day rotation.
    """
    if weather.is_constant:
        return _held(weather, epoch, count)
    cycles = past_cycles(weather)
    chapters = 2 + math.ceil(years * _YEAR_DAYS / float(cycles.length_days.min()))
    picks = rng.integers(cycles.length_days.size, size=(count, chapters))
    names = tuple(f"drawn {k + 1}" for k in range(count))
    return _histories(
        weather, cycles, epoch, years, [(n, p) for n, p in zip(names, picks, strict=True)]
    )


def named_histories(weather: SpaceWeather, epoch: Epoch, years: float) -> SolarHistories:
    """Three histories: the weakest past cycle again and again, the mean one, the strongest.

    Same parameters, errors and accuracy as `drawn_histories`; rows low, mean,
    high.
    """
    if weather.is_constant:
        return replace(_held(weather, epoch, len(LEVELS)), names=LEVELS)
    cycles = past_cycles(weather)
    average = cycles.mean()
    every = SolarCycles(
        np.vstack([cycles.f107, average.f107]),
        np.vstack([cycles.ap, average.ap]),
        np.append(cycles.length_days, average.length_days),
        cycles.minima_mjd,
    )
    strength = cycles.f107.mean(axis=1)
    chapters = 2 + math.ceil(years * _YEAR_DAYS / float(cycles.length_days.min()))
    which = (int(strength.argmin()), cycles.length_days.size, int(strength.argmax()))
    scripts = [(name, np.full(chapters, k)) for name, k in zip(LEVELS, which, strict=True)]
    return _histories(weather, every, epoch, years, scripts)


def _held(weather: SpaceWeather, epoch: Epoch, count: int) -> SolarHistories:
    one = SolarHistories.constant(epoch, float(weather.f107_mean81[0]), float(weather.ap[0]))
    return replace(
        one,
        f107=np.repeat(one.f107, count, axis=0),
        ap=np.repeat(one.ap, count, axis=0),
        names=("stated",) * count,
    )


def _histories(
    weather: SpaceWeather,
    cycles: SolarCycles,
    epoch: Epoch,
    years: float,
    scripts: Sequence[tuple[str, NDArray[np.intp]]],
) -> SolarHistories:
    day, flux, activity = _smoothed(weather)
    start = epoch.tai_mjd + epoch.tai_s / _DAY_S
    if start < day[0]:
        first, last = weather.first, Epoch(int(day[-1]), 0.0)
        raise DataEndError(f"the space weather of {weather.name}", first, last, epoch)
    days = start + np.arange(0.0, years * _YEAR_DAYS + 2.0 * _GRID_DAYS, _GRID_DAYS)
    seen = days <= day[-1]
    known = [np.interp(days[seen], day, value) for value in (flux, activity)]
    running = _running(cycles, day, flux)
    rows = [_to_come(cycles, running, days[~seen], picks) for _, picks in scripts]
    return SolarHistories(
        epoch,
        _GRID_DAYS * _DAY_S,
        np.array([np.concatenate([known[0], row[0]]) for row in rows]),
        np.array([np.concatenate([known[1], row[1]]) for row in rows]),
        tuple(name for name, _ in scripts),
        max(0.0, float(day[-1] - start) * _DAY_S),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Running:
    """The cycle in which the observations end: when, at what phase, how strong beside each."""

    mjd: float
    phase: float
    strength: Array


def _running(cycles: SolarCycles, day: Array, flux: Array) -> _Running:
    length = float(np.diff(cycles.minima_mjd).mean())
    phase = float(day[-1] - cycles.minima_mjd[-1]) / length % 1.0
    strength = np.ones(cycles.length_days.size)
    if phase > 0.1:  # before, there is nothing to compare
        quiet = float(cycles.f107.min())
        ours = flux[day >= day[-1] - phase * length].mean() - quiet
        at = np.linspace(0.0, phase, 50)
        theirs = [np.interp(at, cycles.phase, one).mean() - quiet for one in cycles.f107]
        strength = ours / np.array(theirs)
    return _Running(float(day[-1]), phase, strength)


def _to_come(
    cycles: SolarCycles, running: _Running, days: Array, picks: NDArray[np.intp]
) -> tuple[Array, Array]:
    """Flux and activity on days after the record, by the cycles picked in turn."""
    length = cycles.length_days[picks]
    begins = running.mjd - running.phase * length[0] + np.cumsum(length) - length
    chapter = np.searchsorted(begins, days, side="right") - 1
    which = picks[chapter]
    place = (days - begins[chapter]) / length[chapter] * (cycles.phase.size - 1)
    left = np.clip(place.astype(np.intp), 0, cycles.phase.size - 2)
    share = np.clip(place - left, 0.0, 1.0)
    flux, activity = (
        v[which, left] * (1.0 - share) + v[which, left + 1] * share
        for v in (cycles.f107, cycles.ap)
    )
    quiet = float(cycles.f107.min())
    scaled = quiet + running.strength[picks[0]] * (flux - quiet)
    return np.where(chapter == 0, scaled, flux), activity


def _smoothed(weather: SpaceWeather) -> tuple[Array, Array, Array]:
    """Day, 81-day flux and 81-day Ap of each observed day."""
    if weather.is_constant:
        raise InputError("a stated space weather has no cycles", key="weather", allowed="a record")
    end = min(weather.predicted_from_mjd, weather.ap_assumed_from_mjd, float(weather.mjd[-1]) + 1.0)
    day = np.arange(float(weather.mjd[0]), end)
    activity = np.interp(day, weather.mjd, weather.ap)
    flux = np.interp(day, weather.mjd, weather.f107_mean81)
    return day, flux, _running_mean(activity, _WINDOW_DAYS)


def _running_mean(values: Array, width: int) -> Array:
    """Centred; near the ends over what there is."""
    half = width // 2
    total = np.concatenate([[0.0], np.cumsum(values)])
    k = np.arange(values.size)
    low, high = np.maximum(k - half, 0), np.minimum(k + half + 1, values.size)
    return np.asarray((total[high] - total[low]) / (high - low))
