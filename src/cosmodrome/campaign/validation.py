"""Predictions beside published payloads: the comparison, point by point.

Which points are good enough to judge by is decided before any error is known:
by the kind of the point, its confidence and the closure of the vehicle's data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from cosmodrome.campaign.calibration import (
    UNCALIBRATED,
    Calibration,
    Kind,
    Pair,
    Sample,
    believed,
    leave_family_out,
    one_point,
)
from cosmodrome.campaign.interval import Belief, Effect, Estimate, spread_kg
from cosmodrome.campaign.learnt import Rating
from cosmodrome.mission.catalogue.published import PublishedPayload

__all__ = ["Convention", "Prediction", "Row", "Validation", "in_convention", "validate"]

Convention = Literal["included", "excluded", "unknown"]

TRUSTED = ("A", "B")


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the planner says of one published point, before any correction.

    Parameters
    ----------
    status : str
        A plan's status, or "unknown vehicle", "unknown site", "bad orbit".
    payload_kg : float or None, without the adapter; None unless optimal
    adapter_kg : float
    convention : "included", "excluded" or "unknown"
        The provider's: whether its published payloads count the adapter.
    family : str, vehicles that share stages
    effects : tuple of Effect, of every uncertain number
    kg_per_m_s : float or None, payload per metre per second in the last stage
    flags : tuple of str, what the closure checks say against the data
    reason : str, why there is no payload
    """

    status: str
    payload_kg: float | None = None
    adapter_kg: float = 0.0
    convention: Convention = "unknown"
    family: str = ""
    effects: tuple[Effect, ...] = ()
    kg_per_m_s: float | None = None
    flags: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One published point beside its prediction.

    Parameters
    ----------
    point : PublishedPayload
    prediction : Prediction
    estimate : Estimate or None, in the point's own adapter convention
    calibration : Calibration, without the family of the vehicle
    left_out : str
        Why the point does not count among the clean ones; empty if it does.
    """

    point: PublishedPayload
    prediction: Prediction
    estimate: Estimate | None
    calibration: Calibration
    left_out: str

    @property
    def clean(self) -> bool:
        """Whether the point is one to judge the planner by."""
        return not self.left_out

    @property
    def belief(self) -> Belief | None:
        """The corrected prediction with its spread."""
        return None if self.estimate is None else believed(self.estimate, self.calibration)

    @property
    def raw_error(self) -> float | None:
        """Raw over published, minus 1."""
        return None if self.estimate is None else self.estimate.payload_kg / self._wanted - 1.0

    @property
    def error(self) -> float | None:
        """Corrected over published, minus 1."""
        belief = self.belief
        return None if belief is None else belief.median_kg / self._wanted - 1.0

    @property
    def _wanted(self) -> float:
        return self.point.payload_kg

    @property
    def inside(self) -> bool | None:
        """Whether the interval holds the rating; for a flown mass, whether it reaches it."""
        belief = self.belief
        if belief is None:
            return None
        low, high = belief.interval_kg()
        return self._wanted <= high and (self.point.flown or self._wanted >= low)

    @property
    def verdict(self) -> str:
        """In words: "inside", "too high", "too low", "carried", "falls short" or the status."""
        inside = self.inside
        if inside is None:
            return self.prediction.status.replace("_", " ")
        if self.point.flown:
            return "carried" if inside else "falls short"
        if inside:
            return "inside"
        assert self.error is not None
        return "too high" if self.error > 0.0 else "too low"

    def document(self) -> dict[str, Any]:
        """As a JSON object of the contract."""
        point, belief = self.point, self.belief
        return {
            "vehicle": point.vehicle,
            "site": point.site,
            "perigee_km": point.perigee_km,
            "apogee_km": point.apogee_km,
            "inclination_deg": point.inclination_deg,
            "orbit": point.orbit,
            "published_kg": point.payload_kg,
            "includes_adapter": point.includes_adapter,
            "source": point.source,
            "confidence": point.confidence,
            "lower_bound": point.flown,
            "raw_kg": None if self.estimate is None else self.estimate.payload_kg,
            "predicted_kg": None if belief is None else belief.median_kg,
            "interval_kg": None if belief is None else list(belief.interval_kg()),
            "input_spread_kg": None if self.estimate is None else self.estimate.spread_kg,
            "raw_error_percent": _percent(self.raw_error),
            "error_percent": _percent(self.error),
            "status": self.prediction.status,
            "reason": self.prediction.reason,
            "verdict": self.verdict,
            "family": self.prediction.family,
            "clean": self.clean,
            "left_out": self.left_out,
        }


@dataclass(frozen=True, slots=True)
class Validation:
    """A whole comparison.

    Parameters
    ----------
    rows : tuple of Row, in the order of the points
    calibrations : dict of family to Calibration; "" has seen every family
    pairs : tuple of Pair, each vehicle calibrated with one of its own ratings
    own_points : bool
        Whether the calibrations come from these rows; else from the project's table.
    """

    rows: tuple[Row, ...]
    calibrations: dict[str, Calibration]
    pairs: tuple[Pair, ...]
    own_points: bool

    def ratings(self) -> dict[str, tuple[Rating, ...]]:
        """The clean ratings of every vehicle beside the optimum."""
        found: dict[str, list[Rating]] = {}
        for row in self.rows:
            point = row.point
            if row.clean and row.estimate is not None:
                orbit = (point.perigee_km, point.apogee_km, point.inclination_deg)
                one = Rating(
                    point.site, *orbit, point.payload_kg, row.estimate.payload_kg, point.source
                )
                found.setdefault(point.vehicle, []).append(one)
        return {vehicle: tuple(those) for vehicle, those in found.items()}


def in_convention(
    point: PublishedPayload, payload_kg: float, adapter_kg: float, provider: Convention
) -> float:
    """A payload without its adapter, as the point counts it, kilograms.

    Where the point does not say, the provider's habit decides; where that is
    not known either, the adapter is not counted.
    """
    said = point.includes_adapter
    counted = said == "yes" or (said == "unknown" and provider == "included")
    return payload_kg + adapter_kg if counted else payload_kg


def validate(
    points: Sequence[PublishedPayload],
    predictions: Sequence[Prediction],
    *,
    kind: Kind = "factor",
    stored: Mapping[str, Calibration] | None = None,
) -> Validation:
    """Compare predictions with published points.

    Parameters
    ----------
    points, predictions : sequences of one length
    kind : "factor" or "velocity", what the global correction is
    stored : mapping of family to Calibration, or None
        Corrections learnt elsewhere. None learns them from these points, each
        family's from the clean points of all others.

    Returns
    -------
    Validation
    """
    pairs = list(zip(points, predictions, strict=True))
    estimates = [_estimate(point, one) for point, one in pairs]
    reasons = [_left_out(point, one, points) for point, one in pairs]
    samples = [
        Sample(point.vehicle, one.family, _question(point), point.payload_kg, estimate)
        for (point, one), estimate, reason in zip(pairs, estimates, reasons, strict=True)
        if estimate is not None and not reason
    ]
    if stored is None:
        families = dict.fromkeys(one.family for one in predictions)
        found = leave_family_out(samples, families, kind)
    else:
        found = dict(stored)
    general = found.get("", UNCALIBRATED)
    rows = tuple(
        Row(point, one, estimate, found.get(one.family, general), reason)
        for (point, one), estimate, reason in zip(pairs, estimates, reasons, strict=True)
    )
    return Validation(rows, found, one_point(samples), stored is None)


def _estimate(point: PublishedPayload, found: Prediction) -> Estimate | None:
    if found.payload_kg is None or found.payload_kg <= 0.0:
        return None
    payload = in_convention(point, found.payload_kg, found.adapter_kg, found.convention)
    return Estimate(payload, spread_kg(found.effects), found.kg_per_m_s)


def _question(point: PublishedPayload) -> str:
    return f"{point.site} {point.orbit}"


def _left_out(
    point: PublishedPayload, found: Prediction, points: Sequence[PublishedPayload]
) -> str:
    """Why a point is not among the clean ones; never looks at the error."""
    if found.payload_kg is None or found.payload_kg <= 0.0:
        return found.reason or f"no prediction: {found.status.replace('_', ' ')}"
    if point.flown:
        return "a mass that flew is a lower bound, not a rating"
    if point.confidence not in TRUSTED:
        return f"confidence {point.confidence}"
    if found.flags:
        return "; ".join(found.flags)
    better = next((one for one in points if _supersedes(one, point)), None)
    if better is not None:
        return f"a source of confidence {better.confidence} rates the same orbit"
    return ""


def _supersedes(other: PublishedPayload, point: PublishedPayload) -> bool:
    """Whether another rating of the same orbit comes from a better source."""
    return (
        other.vehicle == point.vehicle
        and _question(other) == _question(point)
        and not other.flown
        and other.confidence < point.confidence
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else 100.0 * share
