"""Dispersions of a run folder: from its plan to the plain document every door shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import degrees, radians
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.campaign.disperse import (
    Dispersed,
    DispersionQuestion,
    Hands,
    Spare,
    disperse,
    question_stamp,
)
from cosmodrome.campaign.disperse_counts import RISK, quantile_interval, worth
from cosmodrome.campaign.disperse_draws import Method
from cosmodrome.campaign.disperse_sigmas import SOURCES, FlightSigmas, load_sigmas
from cosmodrome.campaign.progress import Tell
from cosmodrome.errors import InputError
from cosmodrome.io.hazard_files import PLANNING_AID
from cosmodrome.io.injection import InjectionAccuracy
from cosmodrome.io.plan_file import load_planned
from cosmodrome.prompt.dropzones import ellipse_told
from cosmodrome.runs import parquet_bytes
from cosmodrome.safety.drop_zones import DropZone
from cosmodrome.safety.drop_zones_ground import ground_of
from cosmodrome.version import VERSION

__all__ = [
    "ACCURACY",
    "Dispersions",
    "accuracy_of",
    "dispersions",
    "journal_of",
    "question_of",
    "samples_file",
]

Array = NDArray[np.float64]

_UNGUIDED: Final = (
    "the first stage flies the plan's programme with nobody steering: a real one steers "
    "against what it feels, and spreads less"
)
_JUDGED: Final = "standard deviations are judged, none is published for a vehicle in service"
_KNOWN_AHEAD: Final = (
    "the payload to spare is an upper bound: the ascent is optimised for each sample as if "
    "it were known in advance; wind is left out of it"
)
ACCURACY: Final = {
    "perigee_sigma_km": ("perigee_m", 1e3),
    "apogee_sigma_km": ("apogee_m", 1e3),
    "inclination_sigma_deg": ("inclination_rad", radians(1.0)),
}
"""How a launcher's accuracy is stated: field, factor to SI."""

QUANTILES: Final = {"p01": 0.01, "p50": 0.5, "p99": 0.99}


@dataclass(frozen=True, slots=True, eq=False)
class Dispersions:
    """A Monte Carlo and the document that tells of it.

    Parameters
    ----------
    document : dict, the JSON of `cosmodrome disperse --json`
    found : Dispersed
    """

    document: dict[str, Any]
    found: Dispersed


def question_of(
    run: str | Path,
    *,
    samples: int = 2000,
    payload_samples: int | None = None,
    seed: int = 0,
    method: Method = "random",
    sigmas: str | Path | None = None,
    accuracy: InjectionAccuracy | None = None,
) -> DispersionQuestion:
    """What is to be drawn, of the flight of a run folder.

    Parameters
    ----------
    run : path, as `cosmodrome plan ... --out` wrote it
    samples : int, 50 or more, unguided flights of the first stage
    payload_samples : int or None
        How many of them are optimised again; 500 or all by default, 0 for none.
    seed : int
    method : "random", "lhs" or "sobol"
    sigmas : path or None, a TOML file of standard deviations
    accuracy : InjectionAccuracy or None, of the launcher, one standard deviation

    Raises
    ------
    InputError
        A folder or file that cannot be used.
    """
    mission, plan = load_planned(run)
    known = FlightSigmas() if sigmas is None else load_sigmas(sigmas)
    payloads = min(samples, 500) if payload_samples is None else payload_samples
    return DispersionQuestion(mission, plan, samples, payloads, seed, method, known, accuracy)


def accuracy_of(asked: Mapping[str, Any]) -> InjectionAccuracy | None:
    """What the user states of the launcher's accuracy; None leaves what is published.

    Parameters
    ----------
    asked : mapping, with the keys of `ACCURACY`, None where nothing is stated

    Raises
    ------
    InputError
        If all that is stated is zero.
    """
    stated = {name: asked[name] for name in ACCURACY if asked[name] is not None}
    if not stated:
        return None
    if not any(stated.values()):
        raise InputError(
            "an accuracy of zero in everything says nothing",
            key="--perigee-sigma-km",
            value=0,
            allowed="one standard deviation above zero, or none stated",
        )
    return InjectionAccuracy(**{ACCURACY[k][0]: ACCURACY[k][1] * v for k, v in stated.items()})


def journal_of(question: DispersionQuestion, folder: Path) -> Path:
    """Where the journal of a question is kept in a folder: another question never meets it."""
    return folder / f".disperse.{question_stamp(question)[:12]}.journal"


def dispersions(
    question: DispersionQuestion,
    hands: Hands | None = None,
    *,
    command: str = "",
    progress: Tell | None = None,
) -> Dispersions:
    """Where the first stage falls, what payload is to spare, how accurately it injects.

    The same as `cosmodrome disperse` on the command line.

    Parameters
    ----------
    question : DispersionQuestion, see `question_of`
    hands : Hands or None, workers, cluster, journal
    command : str, what makes the answer again
    progress : callable(text, share done) or None

    Returns
    -------
    Dispersions

    Raises
    ------
    InputError
        A run that cannot be done, see `campaign.disperse.disperse`.
    """
    found = disperse(question, hands, progress)
    document: dict[str, Any] = {
        "note": PLANNING_AID,
        "vehicle": question.mission.vehicle.name,
        "site": question.mission.site.name,
        "epoch_utc": found.epoch_utc,
        "samples": question.samples,
        "seed": question.seed,
        "method": question.method,
        "drop": [_drop(zone) for zone in found.zones],
        "payload_margin_kg": None,
        "propellant_margin_kg": None,
        "insertion": found.insertion,
        "confidence": worth(question.samples),
        "sigmas": [
            {"name": name, "value": value, "source": SOURCES[name]}
            for name, value in asdict(question.sigmas).items()
        ],
    }
    if found.spare is not None:
        document |= _margins(found.spare)
    document["notes"] = _notes(found)
    document["remedies"] = ["sigmas"]
    document["provenance"] = {"cosmodrome": VERSION, "command": command}
    return Dispersions(document, found)


def samples_file(found: Dispersions) -> bytes:
    """The samples as Parquet: what came of each, and what was drawn for it."""
    told = found.document
    notes = {key: str(told[key]) for key in ("note", "vehicle", "site", "epoch_utc", "seed")}
    notes |= {"method": told["method"], "command": told["provenance"]["command"]}
    notes["drawn"] = "columns 'drawn: ...' are in standard deviations"
    return parquet_bytes(found.found.columns, notes)


def _drop(zone: DropZone) -> dict[str, Any]:
    part, ground = zone.part, ground_of(zone)
    _, people = max(ground.people, key=lambda pair: pair[0].probability)
    return {
        "name": part.name,
        "kind": part.kind,
        "count": part.count,
        "release_s": part.t_s,
        "t_s": zone.t_s,
        "latitude_deg": degrees(zone.latitude_rad),
        "longitude_deg": degrees(zone.longitude_rad),
        "surface": ground.surface,
        "country": None if ground.country is None else ground.country.name,
        "people_99": {
            "listed": people.listed,
            "estimate_lo": people.low,
            "estimate_hi": people.high,
            "statement": people.statement,
        },
        "down": int(np.sum(zone.impacts.down)),
        "ellipses": [ellipse_told(one) for one in zone.ellipses],
    }


def _margins(spare: Spare) -> dict[str, Any]:
    """Margins with what their quantiles lie between, and what the count assures."""
    margin, tried = spare.margin_kg, len(spare.payload_kg)
    short = int(np.sum(margin < 0.0)) + spare.lost
    more = {
        "carried_kg": spare.carried_kg,
        "nominal_kg": spare.nominal_kg - spare.carried_kg,
        "mean": float(np.mean(margin)),
        "spread": float(np.std(margin, ddof=1)),
        "samples": tried,
        "lost": spare.lost,
        "upper_bound": True,
        "bounds": {name: _bounds(margin, share) for name, share in QUANTILES.items()},
        "carries": {"runs": tried, "failures": short, "confidence": 1.0 - RISK,
                    "assured": _assured(tried, short)},
    }  # fmt: skip
    payload = {name: float(np.quantile(margin, share)) for name, share in QUANTILES.items()}
    propellant = None
    if spare.propellant_share is not None:
        propellant = {name: spare.propellant_share * kg for name, kg in payload.items()}
    return {"payload_margin_kg": payload | more, "propellant_margin_kg": propellant}


def _bounds(margin: Array, share: float) -> list[float | None]:
    low, _, high = quantile_interval(margin, share)
    return [low, high]


def _assured(runs: int, failures: int) -> float:
    from cosmodrome.campaign.disperse_counts import assured

    return assured(runs, failures)


def _notes(found: Dispersed) -> list[str]:
    """What must be said of the numbers, in words."""
    notes = [_UNGUIDED, _JUDGED]
    if found.spare is not None:
        notes.append(_KNOWN_AHEAD)
        kept = found.question.mission.vehicle.reserve_m_s
        if kept > 0.0:
            notes.append(
                f"every sample keeps the plan's reserve of {kept:.0f} m/s whole: it is there "
                "to make good what is short"
            )
        if found.spare.lost:
            notes.append(f"{found.spare.lost} payloads were not found again; they count as short")
    elif found.why_no_payload != "not asked for":
        notes.append(f"no payload margin: {found.why_no_payload}")
    counted = worth(found.question.samples)
    if counted["failures_allowed_at_three_sigma"] < 0:
        notes.append(
            f"{found.question.samples} samples show 99.865 % of nothing: that takes "
            f"{counted['three_sigma_needs']} without a failure, at a risk of 10 %"
        )
    return [*notes, *(note for zone in found.zones for note in zone.notes)]
