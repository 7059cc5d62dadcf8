"""One batch of flights: varied vehicles flown unguided, and what they drop followed down."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.campaign.disperse_course import Course
from cosmodrome.campaign.disperse_flight import Flyers, Passed, flown_open_loop, flyers_of
from cosmodrome.campaign.disperse_sigmas import Draw, FlightSigmas, draws_of, variations
from cosmodrome.errors import InputError
from cosmodrome.flight.fall import Bodies
from cosmodrome.flight.variation import varied_by_all
from cosmodrome.safety.drop_zones import Impacts, Scatter, landed
from cosmodrome.safety.parts import JettisonedPart
from cosmodrome.safety.samples import WIND_SPREAD, ballistic_samples, wind_samples

__all__ = [
    "BATCH",
    "Ensemble",
    "Falling",
    "batch_of_flights",
    "falling_from",
    "names_of",
    "width_of",
]

Array = NDArray[np.float64]

BATCH: Final = 250
"""Flights side by side, always as many: a sample has the same place in any run."""

# Drawn for each part that falls: push 3, ballistic coefficient, break-up, fragment.
_PER_PART: Final = 6
_SAME_S: Final = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Falling:
    """A part that comes down from the flight of the first stage.

    Parameters
    ----------
    part : JettisonedPart, as the plan lets it go
    instant : int, of the course
    unit : int or None, the course's unit it is, whose mass is drawn with it
    """

    part: JettisonedPart
    instant: int
    unit: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Ensemble:
    """What all flights of a run have in common.

    Parameters
    ----------
    course : Course
    falling : tuple of Falling, in the order they are let go
    sigmas : FlightSigmas
    """

    course: Course
    falling: tuple[Falling, ...]
    sigmas: FlightSigmas

    @property
    def draws(self) -> tuple[Draw, ...]:
        """What is drawn for a flight; the parts' own numbers follow."""
        return draws_of(self.course.mission.vehicle, self.sigmas)


def falling_from(course: Course, parts: tuple[JettisonedPart, ...]) -> tuple[Falling, ...]:
    """Those of the parts that are let go while the first stage is there, or are it."""
    found = []
    for part in parts:
        near = np.flatnonzero(np.abs(course.instants_s - part.t_s) <= _SAME_S)
        if near.size:
            names = [unit.name for unit in course.units]
            unit = names.index(part.name) if part.name in names else None
            found.append(Falling(part, int(near[0]), unit))
    return tuple(found)


def width_of(ensemble: Ensemble) -> int:
    """How many numbers a flight takes."""
    return len(ensemble.draws) + _PER_PART * len(ensemble.falling)


def names_of(ensemble: Ensemble) -> tuple[str, ...]:
    """What each of those numbers is."""
    own = ("push x", "push y", "push z", "ballistic coefficient", "break-up altitude", "fragment")
    parts = [f"{what} of {one.part.name}" for one in ensemble.falling for what in own]
    return (*(one.name for one in ensemble.draws), *parts)


def batch_of_flights(ensemble: Ensemble, normals: Array) -> dict[str, list[Any]]:
    """Fly a batch and follow what it drops.

    Parameters
    ----------
    ensemble : Ensemble
    normals : array, shape (k, width), at most `BATCH` rows; the rest flies as planned

    Returns
    -------
    dict of column name to list of k
        For each part by its number: release time, place, whether it came down.

    Raises
    ------
    InputError
        More rows than `BATCH`.
    """
    count, width = normals.shape
    if count > BATCH:
        raise InputError(f"{count} flights in a batch", key="samples", allowed=f"{BATCH} at most")
    rows = np.zeros((BATCH, width))
    rows[:count] = normals
    flyers = _flyers(ensemble, rows)
    passed = flown_open_loop(ensemble.course, flyers)
    found: dict[str, list[Any]] = {}
    for k, one in enumerate(ensemble.falling):
        start = len(ensemble.draws) + _PER_PART * k
        own = rows[:, start : start + _PER_PART]
        impacts = _fallen(ensemble, one, flyers, passed, rows[:, 0], own)
        found[f"{k} release_s"] = passed.t_s[one.instant, :count].tolist()
        found[f"{k} fall_s"] = impacts.t_s[:count].tolist()
        found[f"{k} latitude_rad"] = impacts.latitude_rad[:count].tolist()
        found[f"{k} longitude_rad"] = impacts.longitude_rad[:count].tolist()
        found[f"{k} down"] = impacts.down[:count].tolist()
    return found


def _flyers(ensemble: Ensemble, rows: Array) -> Flyers:
    course, sigmas, draws = ensemble.course, ensemble.sigmas, ensemble.draws
    nominal = course.mission.vehicle
    place = {one.name: k for k, one in enumerate(draws)}
    vehicles = [
        varied_by_all(nominal, variations(draws, row[: len(draws)].tolist())) for row in rows
    ]

    def drawn(name: str) -> Array:
        k = place[name]
        return np.asarray(draws[k].sigma * rows[:, k])

    winds = wind_samples(
        course.mission.environment,
        WIND_SPREAD,
        drawn("wind towards east"),
        drawn("wind towards north"),
    )
    density = np.exp(sigmas.ascent_density * rows[:, place["density"]])
    return flyers_of(course, vehicles, density, winds, drawn("pitch"), drawn("yaw"))


def _fallen(
    ensemble: Ensemble, one: Falling, flyers: Flyers, passed: Passed, density: Array, own: Array
) -> Impacts:
    """Where a part of each flight comes down."""
    course, part = ensemble.course, one.part
    environment, site = course.mission.environment, course.mission.site
    when = passed.t_s[one.instant]
    turned = course.meridian_rad + environment.rotation_rad_s * when - site.longitude_rad
    v = passed.v_m_s[one.instant] + ensemble.sigmas.separation_m_s * own[:, :3]
    air = np.exp(ensemble.sigmas.fall_density * density)
    heavier: Any = 1.0
    if one.unit is not None:
        stage = course.units[one.unit].stage
        heavier = flyers.units[one.unit].inert_kg / (stage.dry_kg + stage.residual_kg)
    whole = heavier * ballistic_samples(part.ballistic, own[:, 3])
    break_m, pieces = np.zeros(BATCH), whole
    if part.breakup is not None:
        from scipy.special import ndtr

        low, high = part.breakup.low_m, part.breakup.high_m
        break_m = low + (high - low) * ndtr(own[:, 4])
        lightest = part.breakup.fragments.low_kg_m2
        ratio = log(part.breakup.fragments.high_kg_m2 / lightest)
        pieces = lightest * np.exp(ratio * ndtr(own[:, 5]))
    bodies = Bodies(passed.r_m[one.instant], v, turned, air / whole)
    return landed(Scatter(bodies, flyers.winds, break_m, air / pieces), environment)
