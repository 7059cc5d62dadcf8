"""Monte Carlo of a planned flight: where the first stage falls, and what payload is to spare.

Sample k depends on the seed and k alone (with a Latin hypercube on their number too):
not on who does it, beside what, or after which interruption.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.campaign.disperse_course import course_of
from cosmodrome.campaign.disperse_draws import Method, normals
from cosmodrome.campaign.disperse_fall import (
    BATCH,
    Ensemble,
    batch_of_flights,
    falling_from,
    names_of,
    width_of,
)
from cosmodrome.campaign.disperse_insertion import insertion
from cosmodrome.campaign.disperse_margin import Reoptimising, propellant_per_payload
from cosmodrome.campaign.disperse_sigmas import FlightSigmas, draws_of
from cosmodrome.campaign.dropped import dropped_parts, known_sheet
from cosmodrome.campaign.instant import liftoff
from cosmodrome.campaign.neighbours import Neighbours
from cosmodrome.campaign.plan import Planned, PlanOptions, plan_in_full
from cosmodrome.campaign.progress import Tell, part_of, silent
from cosmodrome.errors import CosmodromeError, InputError
from cosmodrome.io.injection import InjectionAccuracy
from cosmodrome.io.plan_file import plan_json
from cosmodrome.mission.mission_file import mission_toml
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.plan import Plan
from cosmodrome.runs import (
    Job,
    Outcome,
    Size,
    Work,
    check_size,
    cores,
    gathered,
    run_jobs,
    stamp_of,
)
from cosmodrome.runs.cluster import check_address
from cosmodrome.runs.size import MOST_HOURS
from cosmodrome.safety.drop_zones import DropZone, Impacts, zone_of
from cosmodrome.verify.fly import Flight, fly
from cosmodrome.version import VERSION
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import State

__all__ = [
    "Dispersed",
    "DispersionQuestion",
    "Hands",
    "Spare",
    "check_dispersion",
    "disperse",
    "question_stamp",
]

Array = NDArray[np.float64]

LEAST_SAMPLES: Final = 50
"""Fewer samples make no ellipse of 99 %."""

MOST_SAMPLES: Final = 1_000_000

_METHOD: Final = "disperse 3"  # another way of computing gets another number
# What one costs, seconds of a core and bytes, for the limits on size.
_FLIGHT_S, _PAYLOAD_S, _BYTES = 0.008, 0.25, 1500.0
_FLYING: Final = 0.25  # of the time, on the progress bar
_FOUND: Final = 0.5  # of the payloads; with fewer, what is left is no sample
_LEAST_PAYLOADS: Final = 20


@dataclass(frozen=True, slots=True)
class DispersionQuestion:
    """What is to be drawn, of which flight.

    Parameters
    ----------
    mission, plan : Mission, Plan, of a run folder
    samples : int, unguided flights of the first stage
    payload_samples : int, how many of them are optimised again; 0 for none
    seed : int, zero or more
    method : "random", "lhs" or "sobol"
    sigmas : FlightSigmas
    accuracy : InjectionAccuracy or None, the user's own, one standard deviation
    """

    mission: Mission
    plan: Plan
    samples: int = 2000
    payload_samples: int = 500
    seed: int = 0
    method: Method = "random"
    sigmas: FlightSigmas = field(default_factory=FlightSigmas)
    accuracy: InjectionAccuracy | None = None


@dataclass(frozen=True, slots=True)
class Hands:
    """Who does it, and where what is finished is kept.

    Parameters
    ----------
    workers : int or None, processes here; one per core by default
    cluster : str or None, a Dask scheduler instead
    journal, folder : Path or None, of finished jobs, and of results
    most_hours : float, longer runs are refused
    """

    workers: int | None = None
    cluster: str | None = None
    journal: Path | None = None
    folder: Path | None = None
    most_hours: float = MOST_HOURS


@dataclass(frozen=True, slots=True, eq=False)
class Spare:
    """Payloads of samples optimised again. An upper bound: the sample is known in advance.

    Parameters
    ----------
    payload_kg : array, shape (n,), NaN where no flight was found
    carried_kg : float, what the plan carries
    nominal_kg : float, the largest payload without dispersions
    propellant_share : float or None
        Kilograms of propellant left over per kilogram of payload to spare.
    """

    payload_kg: Array
    carried_kg: float
    nominal_kg: float
    propellant_share: float | None

    @property
    def margin_kg(self) -> Array:
        """Payload to spare of the samples that were found."""
        found = self.payload_kg[np.isfinite(self.payload_kg)]
        return np.asarray(found - self.carried_kg)

    @property
    def lost(self) -> int:
        """How many were not."""
        return int(np.sum(~np.isfinite(self.payload_kg)))


@dataclass(frozen=True, slots=True, eq=False)
class Dispersed:
    """What came of a Monte Carlo.

    Parameters
    ----------
    question : DispersionQuestion
    epoch_utc : str, of lift-off
    zones : tuple of DropZone, of what is let go with the first stage or before
    spare : Spare or None, where it was not asked for or there is no optimum
    insertion : dict, covariance and source
    columns : dict of name to list, one entry a sample: what was drawn and what came of it
    why_no_payload : str, empty where there is one
    """

    question: DispersionQuestion
    epoch_utc: str
    zones: tuple[DropZone, ...]
    spare: Spare | None
    insertion: dict[str, Any]
    columns: dict[str, list[Any]]
    why_no_payload: str = ""


def disperse(
    question: DispersionQuestion, hands: Hands | None = None, tell: Tell | None = None
) -> Dispersed:
    """Fly and optimise a planned flight many times, each time a little off.

    Parameters
    ----------
    question : DispersionQuestion
    hands : Hands or None
    tell : callable(text, share done) or None

    Returns
    -------
    Dispersed
        Identical to the byte for any number of workers, after any interruption,
        and on a cluster of the same installation.

    Raises
    ------
    InputError
        Too few or too many samples, a run that is too large, a cluster or a journal
        that cannot be used.

    Accuracy
    --------
    The unguided first stage spreads more than one that steers against what it feels.
    The payload is an upper bound. Standard deviations are judged, see
    `campaign.disperse_sigmas`.
    """
    hands, tell = hands or Hands(), tell or silent
    check_dispersion(question, hands)
    tell("flying the plan again", 0.0)
    epoch, meridian = liftoff(question.mission, question.plan)
    flight = fly(question.mission, question.plan, meridian)
    ensemble = _ensemble(question, flight, epoch)
    rows = normals(question.method, question.seed, question.samples, width_of(ensemble))
    stamp = question_stamp(question)
    asks_payload = question.payload_samples > 0
    share = _FLYING if asks_payload else 1.0
    flights = _flights(ensemble, rows, hands, stamp, part_of(tell, 0.0, share, "first stages, "))
    spare, why = None, "not asked for"
    if asks_payload:
        more = part_of(tell, share, 1.0)
        spare, why = _spare(question, rows[: question.payload_samples], hands, stamp, more)
    end = flight.legs[-1]
    last = State(Epoch.parse(epoch) + float(end.t_s[-1]), "TOD", end.y[-1, :3], end.y[-1, 3:6])
    return Dispersed(
        question,
        epoch,
        _zones(ensemble, flights),
        spare,
        insertion(question.mission.vehicle.name, last, question.accuracy),
        _columns(ensemble, rows, flights, spare),
        why,
    )


def question_stamp(question: DispersionQuestion) -> str:
    """What a journal of this question is known by: everything its samples depend on."""
    toml = mission_toml(question.mission)
    whole = question.samples if question.method == "lhs" else 0
    return stamp_of(
        _METHOD,
        VERSION,
        str(BATCH),
        plan_json(question.plan, toml).decode(),
        toml,
        repr(question.sigmas),
        question.method,
        str(question.seed),
        str(whole),
    )


def check_dispersion(question: DispersionQuestion, hands: Hands) -> None:
    """Refuse what says nothing, or would not end.

    Parameters
    ----------
    question : DispersionQuestion
    hands : Hands

    Raises
    ------
    InputError
        As of `disperse`.
    """
    if not LEAST_SAMPLES <= question.samples <= MOST_SAMPLES:
        raise InputError(
            f"{question.samples} samples",
            key="--samples",
            value=question.samples,
            allowed=f"{LEAST_SAMPLES} to {MOST_SAMPLES}",
        )
    fewest = min(question.payload_samples, question.samples)
    if question.payload_samples != 0 and not _LEAST_PAYLOADS <= fewest == question.payload_samples:
        raise InputError(
            f"{question.payload_samples} payloads of {question.samples} samples",
            key="--payload-samples",
            value=question.payload_samples,
            allowed=f"0, or {_LEAST_PAYLOADS} to the number of samples",
        )
    if question.seed < 0:
        raise InputError(
            f"seed {question.seed}", key="--seed", value=question.seed, allowed="0 or more"
        )
    if hands.cluster is not None:
        check_address(hands.cluster)
    each = _FLIGHT_S + _PAYLOAD_S * question.payload_samples / question.samples
    # How many hands a cluster has is not known before; it is asked for by who needs it.
    workers = 1000 if hands.cluster else hands.workers or cores()
    where = hands.folder or (None if hands.journal is None else hands.journal.parent)
    size = Size(question.samples, "samples", each, _BYTES)
    check_size(size, workers=workers, folder=where, most_hours=hands.most_hours)


def _ensemble(question: DispersionQuestion, flight: Flight, epoch_utc: str) -> Ensemble:
    """What all samples share; the parts that fall are those of the flight as planned."""
    course = course_of(question.mission, question.plan, flight.meridian_rad)
    sheet = known_sheet(question.mission)
    dropped = dropped_parts(question.mission, flight, epoch_utc, sheet)
    return Ensemble(course, falling_from(course, dropped.parts), question.sigmas)


def _flights(
    ensemble: Ensemble, rows: Array, hands: Hands, stamp: str, tell: Tell
) -> dict[str, list[Any]]:
    """Every sample's unguided flight, in batches."""
    jobs = []
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        key = f"flights {start} to {start + len(some)}"
        jobs.append(Job(key, some, weight=len(some)))

    def make_work() -> Work:
        return lambda asked, _before: Outcome(batch_of_flights(ensemble, asked))

    results = run_jobs(
        jobs,
        make_work,
        journal=hands.journal,
        stamp=stamp,
        workers=hands.workers,
        cluster=hands.cluster,
        tell=tell,
    )
    for one in results:
        if one.status == "failed":
            raise CosmodromeError(f"{one.key} failed: {one.error}")
    return gathered([one.value for one in results])


def _spare(
    question: DispersionQuestion, rows: Array, hands: Hands, stamp: str, tell: Tell
) -> tuple[Spare | None, str]:
    """Payloads of samples optimised again, or why there are none."""
    free = replace(question.mission, payload_kg=None)
    options = PlanOptions(alternatives=False, workers=hands.workers)
    planned = plan_in_full(free, options, progress=part_of(tell, 0.0, 0.1))
    nominal = planned.answer.payload_kg
    if planned.best is None or nominal is None:
        return None, f"planned again, the flight is {planned.answer.status.replace('_', ' ')}"
    found = _payloads(question, planned, rows, hands, stamp, part_of(tell, 0.1, 1.0, "payloads, "))
    share = propellant_per_payload(
        planned.answer.document.get("partials") or [], free.vehicle.stages[-1].name
    )
    spare = Spare(found, question.plan.payload_kg, nominal, share)
    if spare.margin_kg.size < max(_LEAST_PAYLOADS, _FOUND * len(found)):
        return None, f"{spare.lost} of {len(found)} samples were not found again"
    return spare, ""


def _payloads(
    question: DispersionQuestion,
    planned: Planned,
    rows: Array,
    hands: Hands,
    stamp: str,
    tell: Tell,
) -> Array:
    assert planned.best is not None
    work = Reoptimising(
        planned.mission,
        Neighbours(planned.best),
        draws_of(question.mission.vehicle, question.sigmas),
        question.sigmas.ascent_density,
    )
    jobs = [Job(f"payload {k}", row) for k, row in enumerate(rows)]
    results = run_jobs(
        jobs,
        lambda: work,
        journal=hands.journal,
        stamp=stamp,
        workers=hands.workers,
        cluster=hands.cluster,
        tell=tell,
    )
    return np.array([np.nan if one.value is None else one.value for one in results], dtype=float)


def _zones(ensemble: Ensemble, flights: dict[str, list[Any]]) -> tuple[DropZone, ...]:
    found = []
    for k, one in enumerate(ensemble.falling):
        impacts = Impacts(
            np.array(flights[f"{k} latitude_rad"]),
            np.array(flights[f"{k} longitude_rad"]),
            np.array(flights[f"{k} fall_s"]),
            np.array(flights[f"{k} down"], dtype=bool),
        )
        zone = zone_of(one.part, ensemble.course.mission.environment, impacts)
        if zone is not None:
            found.append(zone)
    return tuple(found)


def _columns(
    ensemble: Ensemble, rows: Array, flights: dict[str, list[Any]], spare: Spare | None
) -> dict[str, list[Any]]:
    """The table of samples: results, then what was drawn in standard deviations."""
    count = len(rows)
    found: dict[str, list[Any]] = {"sample": list(range(count))}
    for k, one in enumerate(ensemble.falling):
        name = one.part.name
        found[f"{name} release_s"] = flights[f"{k} release_s"]
        found[f"{name} fall_s"] = flights[f"{k} fall_s"]
        for axis in ("latitude", "longitude"):
            values = flights[f"{k} {axis}_rad"]
            found[f"{name} {axis}_deg"] = np.degrees(np.array(values)).tolist()
        found[f"{name} down"] = flights[f"{k} down"]
    if spare is not None:
        kg = [value if np.isfinite(value) else None for value in spare.payload_kg.tolist()]
        kg += [None] * (count - len(kg))
        found["payload_kg"] = kg
        found["payload_margin_kg"] = [
            None if value is None else value - spare.carried_kg for value in kg
        ]
    for name, column in zip(names_of(ensemble), rows.T, strict=True):
        found[f"drawn: {name}"] = column.tolist()
    return found
