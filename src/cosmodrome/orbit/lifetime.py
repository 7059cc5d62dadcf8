"""How many years until an orbit decays: a distribution, because nobody can know better.

What is not known is drawn: the Sun's years to come, which density model is
nearer the truth and how far off it is, the area that the air meets. Everything
else is carried by `orbit.averaged`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.orbit.averaged import Fall, fall, lanes_of
from cosmodrome.orbit.averaged_air import MsisAir, Version
from cosmodrome.orbit.secular import Secular
from cosmodrome.orbit.solar_cycle import LEVELS, drawn_histories, named_histories
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.space_weather import SpaceWeather, space_weather

__all__ = [
    "Body",
    "Chance",
    "Draws",
    "Lifetime",
    "decay_curves",
    "lifetime",
    "tumbling_area_m2",
]

Array = NDArray[np.float64]
YEAR_S: Final = 365.25 * 86400.0
_MODELS: Final[tuple[Version, Version]] = ("00", "2.1")


@dataclass(frozen=True, slots=True)
class Body:
    """What the air meets.

    Parameters
    ----------
    mass_kg : float, at the start of the decay
    area_m2 : float, mean over the attitudes it will have; see `tumbling_area_m2`
    drag_coefficient : float
        2.2 is usual for compact bodies; 2.0 to 2.4 covers most.
    spread : float
        Relative standard deviation of coefficient times area over mass.

    Raises
    ------
    InputError
        If a number cannot be that of a body.
    """

    mass_kg: float
    area_m2: float
    drag_coefficient: float = 2.2
    spread: float = 0.15

    def __post_init__(self) -> None:
        for key in ("mass_kg", "area_m2", "drag_coefficient"):
            _in_range(key, getattr(self, key), 0.0, math.inf)
        if self.spread != 0.0:
            _in_range("spread", self.spread, 0.0, 1.0)

    @property
    def cd_area_over_mass_m2_kg(self) -> float:
        """Drag coefficient times area over mass."""
        return self.drag_coefficient * self.area_m2 / self.mass_kg


def _in_range(key: str, value: float, low: float, high: float) -> None:
    if not low < value < high:
        allowed = f"above {low:g}" + ("" if math.isinf(high) else f" and below {high:g}")
        raise InputError(f"{key} must be {allowed}", key=key, value=value, allowed=allowed)


def tumbling_area_m2(
    length_m: float, width_m: float, height_m: float, panels_m2: float = 0.0
) -> float:
    """Mean area of a box with flat panels that tumbles at random, square metres.

    A convex body shows a quarter of its surface on average (Cauchy), a thin
    panel half of its area.

    Parameters
    ----------
    length_m, width_m, height_m : float, of the box
    panels_m2 : float, area of the panels, one side

    Accuracy
    --------
    Exact for the box. Panels that hide behind the box or each other make the
    true mean up to a fifth smaller.
    """
    for key, value in (("length_m", length_m), ("width_m", width_m), ("height_m", height_m)):
        _in_range(key, value, 0.0, math.inf)
    if not 0.0 <= panels_m2 < math.inf:
        raise InputError("panels_m2 must not be negative", key="panels_m2", value=panels_m2)
    return 0.5 * (length_m * width_m + width_m * height_m + height_m * length_m + panels_m2)


@dataclass(frozen=True, slots=True)
class Draws:
    """What is drawn, and how much of it.

    Parameters
    ----------
    samples : int
    seed : int, the same seed gives the same lives
    horizon_years : float, lives longer than that are only known to be longer
    density_spread : float
        Relative standard deviation of a model's mean density over months, on
        top of the choice between the two models.
    models : tuple of "00" and "2.1", drawn with equal weight
    """

    samples: int = 200
    seed: int = 0
    horizon_years: float = 100.0
    density_spread: float = 0.10
    models: tuple[Version, ...] = _MODELS

    def __post_init__(self) -> None:
        _in_range("samples", self.samples, 0, 100_001)
        _in_range("horizon_years", self.horizon_years, 0.0, 150.0)
        if self.density_spread != 0.0:
            _in_range("density_spread", self.density_spread, 0.0, 1.0)
        if not self.models or any(model not in _MODELS for model in self.models):
            raise InputError(
                "unknown density model", key="models", value=self.models, allowed="00, 2.1"
            )


@dataclass(frozen=True, slots=True)
class Chance:
    """A probability found by sampling, and its standard error."""

    probability: float
    standard_error: float


@dataclass(frozen=True, slots=True, eq=False)
class Lifetime:
    """Years until decay, one for each sample.

    Parameters
    ----------
    epoch : Epoch, from which the years count
    years : array, shape (samples,); inf beyond the horizon
    newer : array of bool, shape (samples,), by NRLMSIS 2.1
    horizon_years : float
    observed_years : float, so far the Sun is observed and not drawn
    """

    epoch: Epoch
    years: Array
    newer: NDArray[np.bool_]
    horizon_years: float
    observed_years: float

    def quantile(self, share: float) -> float:
        """Years that so large a share of the samples does not reach; inf beyond the horizon."""
        return float(np.quantile(self.years, share, method="inverted_cdf"))

    def within(self, years: float) -> Chance:
        """The probability of decay within so many years.

        Raises
        ------
        InputError
            If the years are beyond the horizon.
        """
        if years > self.horizon_years:
            raise InputError(
                "the samples were not carried so far",
                key="years",
                value=years,
                allowed=f"up to {self.horizon_years:g}",
            )
        n = self.years.size
        share = float(np.mean(self.years <= years))
        # With one success and one failure added, so that 0 of n is not certain.
        smooth = (share * n + 1.0) / (n + 2.0)
        return Chance(share, math.sqrt(smooth * (1.0 - smooth) / (n + 2.0)))

    def median_of(self, version: Version) -> float:
        """Median years by one density model; inf beyond the horizon."""
        chosen = self.years[self.newer == (version == "2.1")]
        if not chosen.size:
            raise InputError("no sample by this model", key="version", value=version)
        return float(np.quantile(chosen, 0.5, method="inverted_cdf"))


def lifetime(
    orbit: Secular,
    body: Body,
    draws: Draws | None = None,
    weather: SpaceWeather | None = None,
) -> Lifetime:
    """Years until an orbit decays by drag.

    Parameters
    ----------
    orbit : Secular, the mean orbit at the start; `Secular.from_state` of a state
    body : Body
    draws : Draws or None
    weather : SpaceWeather or None, the shipped record by default
        A constant one is held for all years.

    Returns
    -------
    Lifetime

    Raises
    ------
    InputError
        If the orbit is inside the Earth or a number is out of range.
    DataEndError
        If the orbit's epoch is before the record of the Sun.

    Accuracy
    --------
    The method itself 1 to 2 %. Two spheres whose end is on record
    (STARSHINE 1 and 3, with the Sun as observed) come out 12 and 17 % too short
    by NRLMSISE-00, and within 2 % by NRLMSIS 2.1. What five past cycles do not
    show, the distribution does not hold.

    References
    ----------
    ISO 27852 for the procedure; Picone et al. (2002), Emmert et al. (2022) for
    the density models.
    """
    wanted = draws or Draws()
    rng = np.random.default_rng(wanted.seed)
    count = wanted.samples
    record = weather or space_weather()
    histories = drawn_histories(record, orbit.epoch, wanted.horizon_years, count, rng)
    newer = np.array([model == "2.1" for model in wanted.models])[
        rng.integers(len(wanted.models), size=count)
    ]
    factor = _factor(rng, body.spread, count) * _factor(rng, wanted.density_spread, count)
    air = MsisAir(histories, np.arange(count), newer)
    b = body.cd_area_over_mass_m2_kg * factor
    found = fall(
        lanes_of(orbit, count),
        b,
        air,
        orbit.epoch,
        wanted.horizon_years * YEAR_S,
        orbit.environment,
    )
    observed = histories.observed_s / YEAR_S
    return Lifetime(orbit.epoch, found.end_s / YEAR_S, newer, wanted.horizon_years, observed)


def _factor(rng: np.random.Generator, spread: float, count: int) -> Array:
    """Lognormal of median one."""
    sigma = math.sqrt(math.log1p(spread * spread))
    return np.asarray(np.exp(sigma * rng.standard_normal(count)))


def decay_curves(
    orbit: Secular,
    body: Body,
    horizon_years: float = 30.0,
    weather: SpaceWeather | None = None,
    version: Version = "00",
) -> dict[str, Fall]:
    """The fall itself under a low, a mean and a high Sun, for a chart.

    Parameters
    ----------
    orbit, body, weather : as `lifetime`
    horizon_years : float
    version : "00" or "2.1"

    Returns
    -------
    dict of Fall, of one lane each, by "low", "mean", "high"

    Raises
    ------
    InputError, DataEndError
        As `lifetime`.
    """
    Draws(horizon_years=horizon_years, models=(version,))
    histories = named_histories(weather or space_weather(), orbit.epoch, horizon_years)
    air = MsisAir(histories, np.arange(len(LEVELS)), np.full(len(LEVELS), version == "2.1"))
    b = np.full(len(LEVELS), body.cd_area_over_mass_m2_kg)
    found = fall(
        lanes_of(orbit, len(LEVELS)),
        b,
        air,
        orbit.epoch,
        horizon_years * YEAR_S,
        orbit.environment,
    )
    return {level: _one_lane(found, k) for k, level in enumerate(LEVELS)}


def _one_lane(found: Fall, k: int) -> Fall:
    moving = np.concatenate([[True], np.diff(found.t_s[:, k]) > 0.0])
    tracks = (found.t_s, found.perigee_m, found.apogee_m)
    t_s, perigee, apogee = (track[moving, k : k + 1] for track in tracks)
    return Fall(found.end_s[k : k + 1], t_s, perigee, apogee)
