"""How sure a planned payload is: at once to first order, and by sampling where asked.

First order comes from the multipliers and costs nothing. Sampling optimises every
drawn vehicle again and is held against it, so that each shows the other's faults.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cosmodrome.campaign.answer import Answer
from cosmodrome.campaign.calibration import Calibration, believed, leverage
from cosmodrome.campaign.interval import Belief, Effect, Estimate, spread_kg
from cosmodrome.campaign.learnt import calibration_for, own_rating, ratings_of, stored
from cosmodrome.campaign.plan import PlanOptions, plan_in_full
from cosmodrome.campaign.prediction import effects_of, family_of, velocity_partial
from cosmodrome.campaign.progress import Tell, part_of, silent
from cosmodrome.campaign.sampling import Sampled, sampled_payloads
from cosmodrome.errors import InputError
from cosmodrome.mission.catalogue.keeping import recovery_factors
from cosmodrome.mission.catalogue.recognised import sheet_behind
from cosmodrome.mission.catalogue.sheet import VehicleSheet
from cosmodrome.mission.nouns import Mission
from cosmodrome.runs.cluster import check_address

__all__ = [
    "LEAST_SAMPLES",
    "Draws",
    "FirstOrder",
    "completed",
    "first_order",
    "plan_with_interval",
    "recovery_effects",
]

LEAST_SAMPLES = 20
"""Fewer draws say nothing of a 5 % quantile."""

# How far the two spreads may lie apart and still be called the same: the payload
# bends with its inputs, and a spread from n draws scatters by 1 / sqrt(2 n).
_BEND = 0.15
_SCATTERS = 2.0
_FOUND = 0.5  # of the draws; with fewer, what is left is no sample of the vehicle
_PLANNING = 0.3  # of the time, on the progress bar


@dataclass(frozen=True, slots=True)
class Draws:
    """How the vehicles of an interval are drawn.

    Parameters
    ----------
    samples : int, how many, `LEAST_SAMPLES` or more
    seed : int, zero or more; with it every draw is fixed
    """

    samples: int = 200
    seed: int = 0


AS_USUAL = Draws()


@dataclass(frozen=True, slots=True)
class FirstOrder:
    """What the multipliers say of a payload.

    Parameters
    ----------
    estimate : Estimate, the optimum and its spread from the inputs
    calibration : Calibration, which has not seen the vehicle's family
    """

    estimate: Estimate
    calibration: Calibration

    @property
    def belief(self) -> Belief:
        """The corrected payload with its interval."""
        return believed(self.estimate, self.calibration)

    @property
    def lever(self) -> float:
        """Change of the payload's logarithm per unit of the calibration's offset."""
        return leverage(self.estimate, self.calibration.kind)


def first_order(answer: Answer, sheet: VehicleSheet) -> FirstOrder | None:
    """The payload's uncertainty from the partials of an answer.

    Parameters
    ----------
    answer : Answer, of the largest payload
    sheet : VehicleSheet, what its vehicle was made from

    Returns
    -------
    FirstOrder or None
        None without a payload above zero or without partials.

    Accuracy
    --------
    First order; sampling tells by how much it is off for this vehicle and orbit.
    """
    partials = answer.document.get("partials") or []
    if not answer.payload_kg or not partials:
        return None
    effects = (*effects_of(sheet, partials), *recovery_effects(sheet, partials))
    estimate = Estimate(answer.payload_kg, spread_kg(effects), velocity_partial(partials))
    return FirstOrder(estimate, calibration_for(_family(sheet)))


def completed(answer: Answer, mission: Mission, sheet: VehicleSheet | None = None) -> Answer:
    """The answer with what is kept back and, for a vehicle of the catalogue, how sure it is.

    Parameters
    ----------
    answer : Answer
    mission : Mission, as it was asked
    sheet : VehicleSheet or None
        Of a vehicle that is not the catalogue's; it tells the recovery.

    Returns
    -------
    Answer
        Its document has `kept`; with a payload and a sheet of the catalogue also
        `corrected_payload_kg`, `first_order_interval_kg`, `calibration` and
        `own_rating`, null without a trusted rating of another orbit.
    """
    known = sheet_behind(mission.vehicle)
    more: dict[str, Any] = {"kept": _kept(mission, known or sheet)}
    found = first_order(answer, known) if known is not None else None
    if found is not None:
        more |= _told(found)
        # Ratings are of the expended vehicle.
        whole = not more["kept"].get("recovery")
        more["own_rating"] = _own_rating(answer, mission) if whole else None
    return replace(answer, document=answer.document | more)


def _own_rating(answer: Answer, mission: Mission) -> dict[str, Any] | None:
    """The payload by what the vehicle's ratings of other orbits show; null without one."""
    target, ground = mission.target, mission.environment.equatorial_radius_m
    if answer.payload_kg is None or target.kind == "escape":
        return None
    perigee_km = (target.perigee_radius_m - ground) / 1e3
    apogee_km = ((target.apogee_radius_m or target.perigee_radius_m) - ground) / 1e3
    tilt = target.inclination_rad
    tilt_deg = None if tilt is None else math.degrees(tilt)
    others = [
        one
        for one in ratings_of(mission.vehicle.name)
        if not one.asks(mission.site.name, perigee_km, apogee_km, tilt_deg)
    ]
    found = own_rating(answer.payload_kg, others)
    return None if found is None else found.document()


def plan_with_interval(
    mission: Mission,
    sheet: VehicleSheet | None = None,
    options: PlanOptions | None = None,
    *,
    draws: Draws = AS_USUAL,
    workers: int | None = None,
    cluster: str | None = None,
    journal: Path | None = None,
    progress: Tell | None = None,
) -> Answer:
    """The largest payload with its 90 % interval.

    Parameters
    ----------
    mission : Mission, without a fixed payload
    sheet : VehicleSheet or None
        What its vehicle was made from; sought in the catalogue if None.
    options : PlanOptions or None
    draws : Draws, how many vehicles and from what seed
    workers : int or None, one per core by default
    cluster : str or None
        A Dask scheduler whose workers optimise the draws instead; the nominal flight
        is planned here.
    journal : Path or None, where finished draws are kept
    progress : callable(text, share done) or None

    Returns
    -------
    Answer
        As `plan_mission` gives it, `completed`, with `payload_interval_kg` and
        `interval`; without a payload both are null.

    Raises
    ------
    InputError
        A fixed payload, too few samples, a negative seed, a vehicle of bare numbers: nothing
        says how uncertain they are; or a cluster or a journal that cannot be used.

    Accuracy
    --------
    That of `sampled_payloads`. Draws whose flight is not found again are left
    out and counted; if half are lost the interval is the first-order one.
    """
    if cluster is not None:
        check_address(cluster)
    sheet = sheet_behind(mission.vehicle) or sheet
    sheet = _usable(mission, sheet, draws)
    tell = progress or silent
    options = replace(options or PlanOptions(), partials=True)
    planned = plan_in_full(mission, options, progress=part_of(tell, 0.0, _PLANNING))
    answer = completed(planned.answer, mission, sheet)
    found = first_order(answer, sheet)
    if found is None or planned.best is None:
        return replace(answer, document=answer.document | {"interval": None})
    begun = time.perf_counter()
    sampling = part_of(tell, _PLANNING, 1.0, "sampling, ")
    drawn = sampled_payloads(
        planned,
        sheet,
        draws.samples,
        seed=draws.seed,
        workers=workers,
        cluster=cluster,
        journal=journal,
        tell=sampling,
    )
    spent = time.perf_counter() - begun
    told = _interval(found, drawn) | {"sampling_s": spent}
    total = answer.document["total_s"] + spent
    more = {"payload_interval_kg": told["interval_kg"], "interval": told, "total_s": total}
    return replace(answer, document=answer.document | _told(found) | more)


def _usable(mission: Mission, sheet: VehicleSheet | None, draws: Draws) -> VehicleSheet:
    """The sheet, if the question can have an interval."""
    if sheet is None:
        name = mission.vehicle.name
        raise InputError(
            f"no interval for {name!r}: its numbers stand in the mission file without "
            "sources and ranges, and are not those of the catalogue",
            key="interval",
            value=name,
            allowed="a vehicle of the catalogue, or a vehicle file or table with sources",
        )
    if mission.payload_kg is not None:
        raise InputError(
            "an interval belongs to the largest payload, not to one that is given; "
            "`cosmodrome check` says whether a payload can be believed",
            key="payload_kg",
            value=mission.payload_kg,
            allowed="no payload together with an interval",
        )
    for key, least in (("samples", LEAST_SAMPLES), ("seed", 0)):
        value = getattr(draws, key)
        if not isinstance(value, int) or value < least:
            raise InputError(
                f"an interval cannot be drawn with {value!r} as {key}",
                key=key,
                value=value,
                allowed=f"a whole number, {least} or more",
            )
    return sheet


def _family(sheet: VehicleSheet) -> str:
    """The label of a sheet's family, read off the stored calibrations where it stands there.

    Working it out loads every sheet of the catalogue; a label holds the names it joins.
    """
    own = sheet.family or sheet.name
    if sheet_behind(sheet.vehicle()) is not None:
        for label in stored():
            if own in label.split(" + "):
                return label
    return family_of(sheet) if stored() else own


def recovery_effects(
    sheet: VehicleSheet, partials: Sequence[Mapping[str, Any]]
) -> tuple[Effect, ...]:
    """The uncertain recovery with what it does to the payload."""
    rates = {(row["quantity"], row["part"]): float(row["kg_per_unit"]) for row in partials}
    return tuple(
        Effect(one.group, one.quantity, one.part, one.unit, rate, one.sigma)
        for one in recovery_factors(sheet)
        if (rate := rates.get((one.quantity, one.part))) is not None
    )


def _kept(mission: Mission, sheet: VehicleSheet | None) -> dict[str, Any]:
    """What flies to the end unburnt, for the document."""
    vehicle = mission.vehicle
    mode = sheet.recovery[sheet.recover] if sheet is not None and sheet.recover else None
    return {
        "velocity_m_s": vehicle.reserve_m_s,
        "stage": vehicle.stages[-1].name,
        "recovery": None
        if mode is None
        else {
            "mode": mode.name,
            "title": mode.title,
            "stage": vehicle.stages[0].name,
            "propellant_kg": mode.propellant_kg,
            "hardware_kg": mode.hardware_kg,
        },
    }


def _told(found: FirstOrder) -> dict[str, Any]:
    belief = found.belief
    return {
        "corrected_payload_kg": belief.median_kg,
        "first_order_interval_kg": list(belief.interval_kg()),
        "calibration": found.calibration.document(),
    }


def _interval(found: FirstOrder, drawn: Sampled) -> dict[str, Any]:
    """The sampled interval beside the first-order one."""
    count = int(drawn.payload_kg.size)
    first = list(found.belief.interval_kg())
    told: dict[str, Any] = {
        "samples": count,
        "lost": drawn.lost,
        "seed": drawn.seed,
        "inputs_spread_kg": {"sampling": None, "first_order": found.estimate.spread_kg},
        "by": "first order",
        "interval_kg": first,
        "corrected_payload_kg": found.belief.median_kg,
        "first_order_interval_kg": first,
        "first_order_agrees": None,
        "calibration": found.calibration.document(),
    }
    if count < max(LEAST_SAMPLES, _FOUND * (count + drawn.lost)):
        return told
    low, middle, high = drawn.quantiles_kg(found.calibration, found.lever)
    sampled = drawn.spread_kg
    apart = abs(found.estimate.spread_kg / sampled - 1.0) if sampled > 0.0 else math.inf
    told["inputs_spread_kg"]["sampling"] = sampled
    return told | {
        "by": "sampling",
        "interval_kg": [low, high],
        "corrected_payload_kg": middle,
        "first_order_agrees": apart <= _BEND + _SCATTERS / math.sqrt(2.0 * count),
    }
