"""Can it really carry that? A claim judged, and what would have to be true."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from cosmodrome.campaign.calibration import Calibration, believed, leverage
from cosmodrome.campaign.interval import Belief, Effect, Estimate

__all__ = [
    "MARGINAL_FROM",
    "SUPPORTED_FROM",
    "Assumption",
    "Confirm",
    "Judged",
    "assumption_for",
    "judge_claim",
    "said",
    "settled",
]

Verdict = Literal["supported", "marginal", "not supported"]
Confirm = Callable[[Effect, float], float | None]

SUPPORTED_FROM = 0.25
"""Supported: the claim lies no higher than the middle half of what is believed.

If intervals are honest, three in four true ratings are called supported and one
in twenty is called not supported.
"""

MARGINAL_FROM = 0.05
"""Marginal: still inside the 90 % interval; below this it lies above its upper end."""

CREDIBLE = 3.0
"""An assumption of more of its own sigmas than this is called one not to be believed."""

_CLOSE = 1e-3  # a claim is met within this share of itself
_TRIES = 4


@dataclass(frozen=True, slots=True)
class Assumption:
    """One number changed until the claim is the central estimate.

    Parameters
    ----------
    effect : Effect
    amount : float, the change, in the effect's unit
    exact : bool, whether it was solved for rather than taken to first order
    """

    effect: Effect
    amount: float
    exact: bool = False

    @property
    def sigmas(self) -> float:
        """The change in units of the number's own uncertainty."""
        return abs(self.amount) / self.effect.sigma


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim and what is to be said of it.

    Parameters
    ----------
    verdict : "supported", "marginal" or "not supported"
    probability : float, that the payload is no less than the claim
    claim_kg : float
    belief : Belief
    assumption : Assumption or None
        What would make the claim the central estimate; None where it is no
        more than that already, or where no single number can do it.
    """

    verdict: Verdict
    probability: float
    claim_kg: float
    belief: Belief
    assumption: Assumption | None

    @property
    def would_be_true_if(self) -> str:
        """In words, the one assumption that would make the claim true."""
        return said(self)


def judge_claim(
    claim_kg: float,
    estimate: Estimate,
    calibration: Calibration,
    effects: Sequence[Effect] = (),
    *,
    confirm: Confirm | None = None,
) -> Judged:
    """Judge a claimed payload.

    Parameters
    ----------
    claim_kg : float, in the adapter convention of the estimate
    estimate : Estimate
    calibration : Calibration, one that has not seen the vehicle's family
    effects : sequence of Effect, the numbers that may be assumed otherwise
    confirm : callable(effect, amount) to payload in kilograms, or None
        Solves again with one number changed, uncorrected and in the estimate's
        convention; None where that has no answer. Without it the answer is to
        first order.

    Returns
    -------
    Judged
    """
    belief = believed(estimate, calibration)
    probability = belief.at_least(claim_kg)
    assumption = assumption_for(claim_kg, estimate, calibration, effects)
    if assumption is not None and confirm is not None:
        assumption = settled(assumption, claim_kg, estimate, calibration, confirm)
    return Judged(_verdict(probability), probability, claim_kg, belief, assumption)


def _verdict(probability: float) -> Verdict:
    if probability >= SUPPORTED_FROM:
        return "supported"
    return "marginal" if probability >= MARGINAL_FROM else "not supported"


def assumption_for(
    claim_kg: float,
    estimate: Estimate,
    calibration: Calibration,
    effects: Sequence[Effect],
) -> Assumption | None:
    """The single change, smallest in its own sigmas, that makes a claim the estimate.

    To first order. A mass is never made negative to get there.

    Returns
    -------
    Assumption or None
        None where the claim is met already or no listed number can meet it.
    """
    missing = _raw_target(claim_kg, estimate, calibration) - estimate.payload_kg
    if missing <= 0.0:
        return None
    found = [
        Assumption(effect, missing / effect.kg_per_unit)
        for effect in effects
        if effect.kg_per_unit != 0.0 and effect.sigma > 0.0
    ]
    possible = [one for one in found if _possible(one)]
    return min(possible, key=lambda one: one.sigmas, default=None)


def _possible(one: Assumption) -> bool:
    nominal = one.effect.nominal
    return nominal is None or nominal + one.amount >= 0.0


def _raw_target(claim_kg: float, estimate: Estimate, calibration: Calibration) -> float:
    """The uncorrected payload that would be corrected to the claim."""
    return claim_kg * math.exp(-calibration.offset * leverage(estimate, calibration.kind))


def settled(
    first: Assumption,
    claim_kg: float,
    estimate: Estimate,
    calibration: Calibration,
    confirm: Confirm,
) -> Assumption:
    """The assumption solved for: secant steps on the payload solved again.

    Parameters
    ----------
    first : Assumption, to first order
    claim_kg, estimate, calibration : as for `judge_claim`
    confirm : callable(effect, amount) to payload in kilograms or None

    Returns
    -------
    Assumption
        Exact where the claim is met within a thousandth of itself after at most
        four solves; the first-order one where it is not.
    """
    wanted = _raw_target(claim_kg, estimate, calibration)
    before, reached = 0.0, estimate.payload_kg
    amount = first.amount
    for _ in range(_TRIES):
        payload = confirm(first.effect, amount)
        if payload is None or payload == reached:
            return first
        if abs(payload - wanted) <= _CLOSE * wanted:
            return Assumption(first.effect, amount, exact=True)
        slope = (payload - reached) / (amount - before)
        before, reached = amount, payload
        amount += (wanted - payload) / slope
        if not _possible(Assumption(first.effect, amount)):
            return first
    return first


FEWER = {"dry mass": "less inert mass", "rider mass": "less mass riding along"}
MORE = {"dry mass": "more inert mass", "rider mass": "more mass riding along"}


def said(judged: Judged) -> str:
    """The assumption as one phrase: "needs 2.1 % less inert mass in stage 2"."""
    if judged.claim_kg <= judged.belief.median_kg:
        spare = judged.belief.median_kg - judged.claim_kg
        return f"nothing more is needed: the central estimate leaves {_weight(spare)} to spare"
    if judged.assumption is None:
        short = judged.claim_kg - judged.belief.median_kg
        return f"no single number of the vehicle makes up for {_weight(short)}"
    one = judged.assumption
    how = "" if one.exact else "about "
    far = ", not to be believed" if one.sigmas > CREDIBLE else ""
    return f"needs {how}{_change(one)} ({one.sigmas:.1f} times its uncertainty{far})"


def _change(one: Assumption) -> str:
    effect = one.effect
    words = FEWER if one.amount < 0.0 else MORE
    direction = "less" if one.amount < 0.0 else "more"
    what = words.get(effect.quantity, f"{direction} {effect.quantity}")
    where = f" in {effect.part}" if effect.part else ""
    if effect.nominal:
        size = f"{_rounded(100.0 * abs(one.amount) / effect.nominal)} %"
    elif effect.unit == "fraction":
        size = f"{_rounded(100.0 * abs(one.amount))} %"
    else:
        size = f"{_rounded(abs(one.amount))} {effect.unit}"
    return f"{size} {what}{where}"


def _rounded(value: float) -> str:
    """Two figures, written out."""
    if value >= 10.0:
        return f"{value:.0f}"
    if value == 0.0:
        return "0"
    return f"{value:.{max(1 - math.floor(math.log10(value)), 0)}f}"


def _weight(value_kg: float) -> str:
    return f"{value_kg:.0f} kg" if value_kg >= 100.0 else f"{value_kg:.1f} kg"
