"""A claim checked from start to end: planned, corrected, judged, explained."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from cosmodrome.campaign.answer import Answer
from cosmodrome.campaign.calibration import Calibration
from cosmodrome.campaign.claim import (
    MARGINAL_FROM,
    SUPPORTED_FROM,
    Confirm,
    Judged,
    judge_claim,
)
from cosmodrome.campaign.interval import Effect, Estimate, spread_kg
from cosmodrome.campaign.learnt import calibration_for
from cosmodrome.campaign.plan import PlanOptions, plan_mission
from cosmodrome.campaign.plan_interval import recovery_effects
from cosmodrome.campaign.prediction import effects_of, family_of, velocity_partial
from cosmodrome.campaign.progress import Tell
from cosmodrome.errors import InputError
from cosmodrome.flight.variation import Quantity, Variation, variations_of, varied
from cosmodrome.mission.catalogue.sheet import VehicleSheet
from cosmodrome.mission.nouns import Mission

__all__ = ["Checked", "check_claim"]

Counted = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim, the plan behind the judgement, and the judgement.

    Parameters
    ----------
    answer : Answer, of the largest payload
    document : dict, the contract's JSON of `cosmodrome check`
    """

    answer: Answer
    document: dict[str, Any]

    @property
    def verdict(self) -> str | None:
        """The verdict; None where the plan gave nothing to judge by."""
        verdict: str | None = self.document["verdict"]
        return verdict


def check_claim(
    mission: Mission,
    sheet: VehicleSheet,
    claim_kg: float,
    *,
    includes_adapter: Counted = "unknown",
    calibration: Calibration | None = None,
    command: str | None = None,
    progress: Tell | None = None,
) -> Checked:
    """Is this claim supported?

    Parameters
    ----------
    mission : Mission, without a fixed payload
    sheet : VehicleSheet, what the mission's vehicle was made from
    claim_kg : float
    includes_adapter : "yes", "no" or "unknown"
        Whether the claim counts the adapter; where unknown the provider's habit
        is taken, and without one the adapter is not counted.
    calibration : Calibration or None, the stored one that has not seen the family
    command : str or None, the command that checks again
    progress : callable(text, share done) or None

    Returns
    -------
    Checked
        An orbit out of reach makes any claim "not supported"; a plan that did
        not converge or failed its re-flight has no verdict.
    """
    options = PlanOptions(alternatives=False, command=command)
    free = replace(mission, payload_kg=None)
    answer = plan_mission(free, options, progress=progress)
    counted = _counted(includes_adapter, sheet)
    common = _common(answer, claim_kg, sheet, counted=counted)
    if answer.payload_kg is None:
        return Checked(answer, common | _without_payload(answer))
    extra = sheet.vehicle().adapter_kg if counted else 0.0
    partials = answer.document.get("partials") or []
    effects = (*effects_of(sheet, partials), *recovery_effects(sheet, partials))
    estimate = Estimate(answer.payload_kg + extra, spread_kg(effects), velocity_partial(partials))
    known = calibration or calibration_for(family_of(sheet))
    confirm = _confirming(free, extra, options, progress)
    judged = judge_claim(claim_kg, estimate, known, effects, confirm=confirm)
    return Checked(answer, common | _told(judged, estimate, known))


def _counted(said: Counted, sheet: VehicleSheet) -> bool:
    return said == "yes" or (said == "unknown" and sheet.adapter_convention == "included")


def _confirming(
    mission: Mission, extra_kg: float, options: PlanOptions, progress: Tell | None
) -> Confirm:
    """Plans again with one number of the vehicle changed."""
    known: dict[tuple[str, str], Quantity] = {
        (one.quantity, one.part): one.quantity for one in variations_of(mission.vehicle)
    }

    def confirm(effect: Effect, amount: float) -> float | None:
        quantity = known.get((effect.quantity, effect.part))
        if quantity is None:
            return None
        try:
            vehicle = varied(mission.vehicle, Variation(quantity, effect.part, amount))
        except InputError:
            return None
        found = plan_mission(replace(mission, vehicle=vehicle), options, progress=progress)
        return None if found.payload_kg is None else found.payload_kg + extra_kg

    return confirm


def _common(
    answer: Answer, claim_kg: float, sheet: VehicleSheet, *, counted: bool
) -> dict[str, Any]:
    document = answer.document
    return {
        "vehicle": document["vehicle"],
        "site": document["site"],
        "epoch_utc": document["epoch_utc"],
        "target": document["target"],
        "status": answer.status,
        "claimed_kg": claim_kg,
        "includes_adapter": counted,
        "adapter_kg": document["adapter_kg"],
        "family": family_of(sheet),
        "published": document["published"],
        "thresholds": {"supported_from": SUPPORTED_FROM, "marginal_from": MARGINAL_FROM},
        "provenance": document["provenance"],
    }


def _told(judged: Judged, estimate: Estimate, calibration: Calibration) -> dict[str, Any]:
    one = judged.assumption
    changed = None
    if one is not None:
        changed = {
            "quantity": one.effect.quantity,
            "part": one.effect.part,
            "change": one.amount,
            "unit": one.effect.unit,
            "sigmas": one.sigmas,
            "exact": one.exact,
        }
    return {
        "verdict": judged.verdict,
        "probability": judged.probability,
        "payload_kg": judged.belief.median_kg,
        "interval_kg": list(judged.belief.interval_kg()),
        "raw_kg": estimate.payload_kg,
        "would_be_true_if": judged.would_be_true_if,
        "assumption": changed,
        "calibration": calibration.document(),
    }


def _without_payload(answer: Answer) -> dict[str, Any]:
    """No payload at all: a claim to an orbit out of reach, or nothing to judge by."""
    nothing: dict[str, Any] = {
        "verdict": None,
        "probability": None,
        "payload_kg": None,
        "interval_kg": None,
        "raw_kg": None,
        "would_be_true_if": None,
        "assumption": None,
        "calibration": None,
    }
    if answer.status != "infeasible":
        return nothing
    short = answer.document.get("shortfall") or {}
    missing = short.get("delta_v_m_s")
    needs = "the orbit is out of this vehicle's reach from this site"
    if missing is not None:
        needs = f"{needs}: it needs {missing:.0f} m/s more"
    return nothing | {
        "verdict": "not supported",
        "probability": 0.0,
        "would_be_true_if": needs,
        "shortfall": short,
        "nearest": answer.document.get("nearest") or [],
    }
