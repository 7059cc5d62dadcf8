"""Payload over altitude and inclination, from one site or several."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Any, Literal

from cosmodrome.campaign.below import below_latitude
from cosmodrome.campaign.map_below import Column, survey_column
from cosmodrome.campaign.map_cell import Surveyor
from cosmodrome.campaign.map_kinks import Kink, kinks
from cosmodrome.campaign.map_stretch import Stretch, survey_stretch
from cosmodrome.campaign.progress import Tell
from cosmodrome.errors import InputError
from cosmodrome.mission.mission_file import mission_toml
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.runs import Job, Outcome, Result, Work, run_jobs, stamp_of
from cosmodrome.verify.judge import Tolerances
from cosmodrome.version import VERSION

__all__ = ["Cell", "MapQuestion", "PayloadMap", "map_stamp", "map_work", "payload_map"]


FRESH_EVERY = 5
"""At most so many altitudes from one cell with fresh starts to the next."""

_METHOD = "map 3"  # part of the stamp: change it with anything that changes a cell


@dataclass(frozen=True, slots=True)
class MapQuestion:
    """What is to be mapped.

    Parameters
    ----------
    missions : tuple of Mission, one per site
        Each gives vehicle, site, limits and Earth; its target and payload do not count.
    altitudes_km, inclinations_deg : tuples of float, increasing
        Circular orbits, altitudes above the equatorial radius.
    tolerances : Tolerances of the re-flight
    command : str, the command that makes the map again
    """

    missions: tuple[Mission, ...]
    altitudes_km: tuple[float, ...]
    inclinations_deg: tuple[float, ...]
    tolerances: Tolerances = field(default_factory=Tolerances)
    command: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One orbit of the map.

    Parameters
    ----------
    site : str
    altitude_km, inclination_deg : float
    status : "optimal", "infeasible", "not_converged" or "verification_failed"
    payload_kg : float or None, re-flown; only where the status is optimal
    burns : int or None, of the last stage
    direction : "northward", "southward", "due east", "due west" or ""
    course : str
        "direct", "edge" (along the corridor's edge), "dogleg" (the direct course
        lies outside the corridor), "below latitude" (a dogleg to an inclination
        that no direct course has), or "" where nothing was flown.
    limits_reached : tuple of str, limits with less than half a percent to spare
    found_by : str
        "fresh starts", "continuation" (from a neighbour, and checked by fresh starts
        further on), or "" where nothing had to be solved.
    checked : str, how well continuation and fresh starts agree where they meet
    reason : str, why there is no payload
    """

    site: str
    altitude_km: float
    inclination_deg: float
    status: Literal["optimal", "infeasible", "not_converged", "verification_failed"]
    payload_kg: float | None = None
    burns: int | None = None
    direction: str = ""
    course: str = ""
    limits_reached: tuple[str, ...] = ()
    found_by: str = ""
    checked: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PayloadMap:
    """A finished map.

    Parameters
    ----------
    vehicle : str
    sites : tuple of str, in the order asked
    altitudes_km, inclinations_deg : tuples of float
    cells : tuple of Cell, by site, then inclination, then altitude
    kinks : tuple of Kink, where the best ascent changes its kind
    provenance : dict, version, hash of the inputs, command
    """

    vehicle: str
    sites: tuple[str, ...]
    altitudes_km: tuple[float, ...]
    inclinations_deg: tuple[float, ...]
    cells: tuple[Cell, ...]
    kinks: tuple[Kink, ...]
    provenance: dict[str, str]

    def document(self) -> dict[str, Any]:
        """The contract's JSON, with more keys."""
        return {
            "vehicle": self.vehicle,
            "sites": list(self.sites),
            "cells": [asdict(cell) for cell in self.cells],
            "kinks": [asdict(kink) for kink in self.kinks],
            "provenance": dict(self.provenance),
        }


def payload_map(
    question: MapQuestion,
    *,
    journal: Path | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    tell: Tell | None = None,
) -> PayloadMap:
    """Largest payload to every orbit of a grid, each flown again and judged.

    At every inclination the altitudes are walked upward. Some of them get fresh
    starts in every direction and number of burns; those between are continued from
    the neighbour below, and the continuation is checked where the next fresh starts
    stand. Where the two differ by more than 0.1 %, the cells between get fresh
    starts as well and the best is kept. Inclinations below the site's geocentric
    latitude are continued from the neighbouring one, down to where nothing is left
    to carry.

    Parameters
    ----------
    question : MapQuestion
    journal : Path or None, where finished stretches are kept; see `runs.run_jobs`
    workers : int or None, one per core by default
    cluster : str or None, "tcp://HOST:PORT" of a Dask scheduler, whose workers do it instead
    tell : callable(text, share) or None

    Returns
    -------
    PayloadMap
        The same for any number of workers and after any interruption.

    Raises
    ------
    InputError
        A question that makes no map, or a journal of another question.

    Accuracy
    --------
    A cell agrees with `plan_mission` within 0.1 %, or a limit that is held between
    mesh points costs a little more; each is a local optimum, checked as its
    `found_by` and `checked` say.
    """
    _check(question)
    ask = _Asking(question)
    results = run_jobs(
        ask.jobs,
        lambda: map_work(question.missions, question.tolerances),
        journal=journal,
        stamp=map_stamp(question),
        workers=workers,
        cluster=cluster,
        tell=tell,
    )
    cells = ask.cells(results)
    return PayloadMap(
        vehicle=question.missions[0].vehicle.name,
        sites=_labels(question.missions),
        altitudes_km=question.altitudes_km,
        inclinations_deg=question.inclinations_deg,
        cells=cells,
        kinks=kinks(cells),
        provenance={
            "cosmodrome": VERSION,
            "inputs_sha256": hashlib.sha256(_inputs(question).encode()).hexdigest(),
            "command": question.command,
        },
    )


def map_work(missions: tuple[Mission, ...], tolerances: Tolerances) -> Work:
    """The work of one worker, which keeps the problems it has built.

    Parameters
    ----------
    missions : tuple of Mission, one per site
    tolerances : Tolerances of the re-flight

    Returns
    -------
    Work
        From a `Stretch` or a `Column`, and what the one before it left, to cells.
    """
    surveyor = Surveyor(missions, tolerances)

    def work(asked: Stretch | Column, before: bytes | None) -> Outcome:
        if isinstance(asked, Column):
            return survey_column(surveyor, asked, before)
        return survey_stretch(surveyor, asked, before)

    return work


def map_stamp(question: MapQuestion) -> str:
    """What a journal of this question is known by: inputs, program, method."""
    return stamp_of(_METHOD, str(FRESH_EVERY), VERSION, _inputs(question))


def _inputs(question: MapQuestion) -> str:
    # The target does not count; with one and the same, equal questions have equal hashes.
    fixed = parse_orbit("200 km 90 deg")
    missions = [mission_toml(replace(one, target=fixed)) for one in question.missions]
    grid = (question.altitudes_km, question.inclinations_deg, question.tolerances)
    return "\n".join([*missions, repr(grid)])


def _check(question: MapQuestion) -> None:
    """Refuse what makes no map; the door has named ranges already."""
    for name, values in (
        ("altitudes_km", question.altitudes_km),
        ("inclinations_deg", question.inclinations_deg),
    ):
        rising = all(a < b for a, b in pairwise(values))
        if not values or not rising:
            allowed = "at least one value, each above the one before"
            raise InputError(f"{name} makes no map", key=name, value=values, allowed=allowed)
    names = _labels(question.missions)
    if not names or len(set(names)) < len(names):
        raise InputError(
            "each site has one place on a map",
            key="--from",
            value=names,
            allowed="sites, each once",
        )


def _labels(missions: Sequence[Mission]) -> tuple[str, ...]:
    """Names of the sites; with their pads where one site stands for several."""
    names = [one.site.name for one in missions]
    return tuple(
        f"{one.site.name}/{one.site.pad}" if names.count(one.site.name) > 1 else one.site.name
        for one in missions
    )


class _Asking:
    """From the grid to jobs, and from their results to cells."""

    def __init__(self, question: MapQuestion) -> None:
        self._labels = _labels(question.missions)
        self.jobs: list[Job] = []
        for place, mission in enumerate(question.missions):
            below = [i for i in question.inclinations_deg if below_latitude(mission, i)]
            # The longest lanes first: they are one after the other.
            self.jobs += _columns(place, [i for i in below if i < 90.0][::-1], question)
            self.jobs += _columns(place, [i for i in below if i >= 90.0], question)
        for place in range(len(question.missions)):
            asked = {job.asked.inclination_deg for job in self.jobs if job.asked.place == place}
            for tilt in question.inclinations_deg:
                if tilt not in asked:
                    self.jobs += _lane(place, tilt, question.altitudes_km)

    def cells(self, results: list[Result]) -> tuple[Cell, ...]:
        """Every cell in the order of the grid."""
        # A stretch may tell a cell below it anew; what comes later is better.
        found: dict[tuple[str, float, float], Cell] = {}
        for job, result in zip(self.jobs, results, strict=True):
            stretch: Stretch | Column = job.asked
            name = self._labels[stretch.place]
            if result.status == "failed":
                for h in stretch.altitudes_km:
                    tilt = stretch.inclination_deg
                    cell = Cell(name, h, tilt, "not_converged", reason=result.error)
                    found[_key(cell)] = cell
                continue
            for row in result.value:
                limits = tuple(row.pop("limits_reached", ()))
                tilt = stretch.inclination_deg
                cell = Cell(name, inclination_deg=tilt, limits_reached=limits, **row)
                found[_key(cell)] = cell
        where = {name: k for k, name in enumerate(self._labels)}
        keys = sorted(found, key=lambda key: (where[key[0]], *key[1:]))
        return tuple(found[key] for key in keys)


def _key(cell: Cell) -> tuple[str, float, float]:
    return cell.site, cell.inclination_deg, cell.altitude_km


def _columns(place: int, tilts: Sequence[float], question: MapQuestion) -> list[Job]:
    """Inclinations below the latitude, the nearest to it first, in one lane."""
    heights = question.altitudes_km
    return [
        Job(
            f"{place}|below|{tilt!r}",
            Column(place, tilt, heights),
            f"{place}|below|{tilts[0]!r}",
            weight=len(heights),
        )
        for tilt in tilts
    ]


def _lane(place: int, inclination_deg: float, altitudes_km: tuple[float, ...]) -> list[Job]:
    """The stretches of one inclination: the lowest altitude, then up to each fresh start."""
    last = len(altitudes_km) - 1
    stretches = ceil(last / FRESH_EVERY)
    ends = [0, *(round(last * (k + 1) / stretches) for k in range(stretches))]
    lane = f"{place}|{inclination_deg!r}"
    jobs, begin = [], 0
    for end in ends:
        some = altitudes_km[begin : end + 1]
        stretch = Stretch(place, inclination_deg, some)
        jobs.append(Job(f"{lane}|{some[-1]!r}", stretch, lane, weight=len(some)))
        begin = end + 1
    return jobs
