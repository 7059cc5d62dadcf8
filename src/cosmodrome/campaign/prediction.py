"""What the planner says of published points: many plans, and what moves each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import asin, cos, pi, radians
from pathlib import Path
from typing import Any

from cosmodrome.campaign.answer import Answer
from cosmodrome.campaign.interval import Effect
from cosmodrome.campaign.plan import PlanOptions, plan_mission
from cosmodrome.campaign.progress import Tell
from cosmodrome.campaign.validation import Prediction, in_convention
from cosmodrome.errors import InputError
from cosmodrome.flight.variation import variations_of
from cosmodrome.mission.catalogue import load_site, load_vehicle, vehicle_names
from cosmodrome.mission.catalogue.closure import flags, losses_flag
from cosmodrome.mission.catalogue.families import families
from cosmodrome.mission.catalogue.published import PublishedPayload
from cosmodrome.mission.catalogue.sheet import VehicleSheet
from cosmodrome.mission.catalogue.uncertainty import factors, reserve_sigma_m_s
from cosmodrome.mission.mission_file import make_mission, mission_toml
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.runs import Job, Outcome, Result, Work, run_jobs, stamp_of
from cosmodrome.version import VERSION
from cosmodrome.world.earth import geocentric_latitude

__all__ = [
    "Asked",
    "effects_of",
    "family_of",
    "flags_of",
    "is_direct",
    "predict",
    "questions",
    "velocity_partial",
]

VELOCITY = "velocity"
"""The quantity of a partial that says kilograms per metre per second kept back."""

NEARLY_RAD = radians(0.2)
"""A plane no further below the site's latitude than this is reached without a turn."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question that a point asks.

    Parameters
    ----------
    key : str, vehicle, site and orbit; points of one key share a plan
    sheet : VehicleSheet or None
    mission : Mission or None; None where a name or the orbit cannot be used
    refused : Prediction or None, what is said then
    """

    key: str
    sheet: VehicleSheet | None
    mission: Mission | None
    refused: Prediction | None


def questions(points: Sequence[PublishedPayload]) -> list[Asked]:
    """The question of every point, in order; what cannot be asked says why.

    A point of an unknown vehicle or site is not an error of the whole table:
    it stays in it, without a prediction.
    """
    return [_asked(point) for point in points]


def _asked(point: PublishedPayload) -> Asked:
    key = f"{point.vehicle} {point.site} {point.orbit}"
    status = "unknown vehicle"
    try:
        sheet = load_vehicle(point.vehicle)
        status = "unknown site"
        site = load_site(point.site)
        status = "bad orbit"
        mission = make_mission(sheet, site, parse_orbit(point.orbit))
    except InputError as error:
        return Asked(key, None, None, Prediction(status, reason=error.message))
    return Asked(key, sheet, mission, None)


@cache
def _families() -> dict[str, str]:
    return families({name: load_vehicle(name) for name in vehicle_names()})


def family_of(sheet: VehicleSheet) -> str:
    """The family of a vehicle; a user's own one stands with its named family, if any."""
    known = _families()
    if sheet.name in known:
        return known[sheet.name]
    both = families({name: load_vehicle(name) for name in known} | {sheet.name: sheet})
    return both[sheet.name]


def predict(
    points: Sequence[PublishedPayload],
    *,
    workers: int | None = None,
    journal: Path | None = None,
    tell: Tell | None = None,
) -> list[Prediction]:
    """Plan every point, each question once, on every core.

    Parameters
    ----------
    points : sequence of PublishedPayload
    workers : int or None, one per core by default
    journal : Path or None, where finished plans are kept as they finish
    tell : callable(text, share done) or None

    Returns
    -------
    list of Prediction, in the order of the points

    Raises
    ------
    JournalError
        A journal of other inputs.
    """
    asked = questions(points)
    first = {one.key: one for one in asked if one.mission is not None}
    jobs = [
        Job(key, one.mission, lane=one.sheet.name if one.sheet is not None else "")
        for key, one in first.items()
    ]
    made = [VERSION, *(mission_toml(one.mission) for one in first.values() if one.mission)]
    results = run_jobs(
        jobs, _planner, journal=journal, stamp=stamp_of(*made), workers=workers, tell=tell
    )
    found = {result.key: result for result in results}
    return [
        one.refused or _prediction(point, one, found[one.key])
        for point, one in zip(points, asked, strict=True)
    ]


def _planner() -> Work:
    """The work of one worker: a plan, told in JSON."""
    # The jobs share out the cores; a plan inside one stays on its own.
    options = PlanOptions(alternatives=False, workers=1)

    def work(mission: Mission, _before: bytes | None) -> Outcome:
        return Outcome(told(plan_mission(mission, options)))

    return work


def told(answer: Answer) -> dict[str, Any]:
    """What a prediction needs of an answer, as JSON."""
    document = answer.document
    return {
        "status": answer.status,
        "payload_kg": answer.payload_kg,
        "adapter_kg": document.get("adapter_kg") or 0.0,
        "partials": document.get("partials") or [],
    }


def _prediction(point: PublishedPayload, asked: Asked, result: Result) -> Prediction:
    sheet, mission = asked.sheet, asked.mission
    assert sheet is not None
    assert mission is not None
    plain = Prediction(
        "failed",
        convention=sheet.adapter_convention,
        family=family_of(sheet),
        flags=tuple(dict.fromkeys(flags_of(point, sheet, mission))),
        reason=result.error,
    )
    if result.status == "failed":
        return plain
    value = result.value
    return replace(
        plain,
        status=value["status"],
        payload_kg=value["payload_kg"],
        adapter_kg=value["adapter_kg"],
        effects=effects_of(sheet, value["partials"]),
        kg_per_m_s=velocity_partial(value["partials"]),
    )


def flags_of(point: PublishedPayload, sheet: VehicleSheet, mission: Mission) -> Iterator[str]:
    """What the closure checks say against a vehicle's data and against one figure.

    The figure is judged by the losses it implies, never by what is predicted.
    """
    for flag in flags(sheet):
        whose = "" if flag.part == "vehicle" else f"{flag.part}: "
        yield f"{flag.kind}: {whose}{flag.why}"
    vehicle = mission.vehicle
    if in_convention(point, 0.0, 1.0, sheet.adapter_convention) > 0.0:
        vehicle = replace(vehicle, adapter_kg=0.0)  # the figure holds it already
    orbit = (point.perigee_km, point.apogee_km, point.inclination_deg)
    told = losses_flag(
        vehicle, point.payload_kg, orbit, flown=point.flown, direct=is_direct(mission)
    )
    if told is not None:
        yield f"{told.kind}: {told.why}"


def is_direct(mission: Mission) -> bool:
    """Whether the plane is reached without a turn: by latitude, and inside the corridor.

    Accuracy
    --------
    Latitude is geocentric, as it is for the planner. A plane `NEARLY_RAD` below it
    counts as reached: the turn is made within the first burn for some 10 m/s.
    Azimuths are inertial on a sphere, half a degree from what the corridor says
    at most; a plane at its very edge may be told either way.
    """
    tilt, site = mission.target.inclination_rad, mission.site
    if tilt is None:
        return True
    environment = mission.environment
    latitude = geocentric_latitude(
        site.latitude_rad,
        site.altitude_m,
        environment.equatorial_radius_m,
        environment.flattening,
    )
    if not abs(latitude) - NEARLY_RAD <= tilt <= pi - abs(latitude) + NEARLY_RAD:
        return False
    ratio = min(1.0, max(-1.0, cos(tilt) / cos(latitude)))
    north = asin(ratio) % (2.0 * pi)
    south = (pi - asin(ratio)) % (2.0 * pi)
    if not site.azimuths_rad:
        return True
    return any(
        (course - first) % (2.0 * pi) <= (last - first) % (2.0 * pi)
        for course in (north, south)
        for first, last in site.azimuths_rad
    )


def effects_of(sheet: VehicleSheet, partials: Sequence[Mapping[str, Any]]) -> tuple[Effect, ...]:
    """Every uncertain number of a sheet with what it does to the payload.

    Parameters
    ----------
    sheet : VehicleSheet
    partials : sequence of mappings
        "quantity", "part", "kg_per_unit", as an answer's document has them. What
        has no partial has no effect.

    Returns
    -------
    tuple of Effect
        The reserve among them, where the payload per metre per second is known.
    """
    rates = {(row["quantity"], row["part"]): float(row["kg_per_unit"]) for row in partials}
    known = {(v.quantity, v.part): v.nominal for v in variations_of(sheet.vehicle())}
    found = []
    for one in factors(sheet):
        key = (one.quantity, one.part)
        if key in rates:
            rate = rates[key]
            found.append(Effect(one.group, *key, one.unit, rate, one.sigma, known.get(key) or None))
    per_m_s = velocity_partial(partials)
    reserve = reserve_sigma_m_s(sheet)
    if per_m_s is not None and reserve > 0.0:
        kept = -abs(per_m_s)
        found.append(Effect(f"reserve: {sheet.name}", "reserve", "", "m/s", kept, reserve))
    return tuple(found)


def velocity_partial(partials: Sequence[Mapping[str, Any]]) -> float | None:
    """Kilograms of payload per metre per second, or None where it is not told."""
    found = (float(row["kg_per_unit"]) for row in partials if row["quantity"] == VELOCITY)
    return next(found, None)
