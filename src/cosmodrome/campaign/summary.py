"""How good the predictions are as a whole, and how sure that is.

Vehicles are weighed equally: the points of one share its weight. Uncertainty
comes from drawing families anew, because what two members of a family show is
one piece of evidence and not two.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cosmodrome.campaign.calibration import Pair, equal_vehicles, weighted_quantile
from cosmodrome.campaign.validation import Row, Validation

__all__ = ["RESAMPLES", "SEED", "Case", "summarise"]

SEED = 1
RESAMPLES = 400
NEAR = 0.12
"""An error no larger than this counts as near."""


@dataclass(frozen=True, slots=True)
class Case:
    """One error with what is needed to weigh it.

    Parameters
    ----------
    vehicle, family : str
    error : float, predicted over published, minus 1
    inside : bool or None, whether the interval holds the rating
    half_width : float or None, half the interval over the prediction
    """

    vehicle: str
    family: str
    error: float
    inside: bool | None = None
    half_width: float | None = None


def summarise(found: Validation, *, seed: int = SEED, resamples: int = RESAMPLES) -> dict[str, Any]:
    """The figures of a comparison, as a JSON object.

    Parameters
    ----------
    found : Validation
    seed : int, of the bootstrap
    resamples : int, how often families are drawn anew

    Returns
    -------
    dict
        "clean" by level of correction, "confidence", "flown", "vehicles", "left_out".

    Accuracy
    --------
    The bootstrap draws errors, not corrections: what a family adds to the
    correction of the others stays as it is, which is small against its error.
    """
    clean = [row for row in found.rows if row.clean]
    judge = _Judge(seed, resamples)
    return {
        "clean": {
            "raw": judge.figures(_cases(clean, corrected=False)),
            "leave_family_out": judge.figures(_cases(clean, corrected=True)),
            "one_point": judge.figures(_paired(found.pairs)),
        },
        "confidence": _by_confidence(found.rows, judge),
        "flown": _flown(found.rows),
        "vehicles": _by_vehicle(found.rows),
        "calibration": {
            family: one.document() for family, one in sorted(found.calibrations.items())
        },
        "calibration_from": "these points" if found.own_points else "the project's own points",
        "left_out": [
            {"vehicle": row.point.vehicle, "orbit": row.point.orbit, "reason": row.left_out}
            for row in found.rows
            if row.left_out
        ],
        "points": len(found.rows),
        "predicted": sum(row.estimate is not None for row in found.rows),
        "bootstrap": {"over": "families", "resamples": resamples, "seed": seed, "share": 0.90},
    }


def _cases(rows: Sequence[Row], *, corrected: bool) -> list[Case]:
    cases = []
    for row in rows:
        error = row.error if corrected else row.raw_error
        belief = row.belief
        if error is None or belief is None:
            continue
        cases.append(
            Case(
                row.point.vehicle,
                row.prediction.family,
                error,
                row.inside if corrected else None,
                belief.half_width() if corrected else None,
            )
        )
    return cases


def _paired(pairs: Sequence[Pair]) -> list[Case]:
    """Pairs as cases; all pairs of a vehicle share its weight like any points."""
    return [Case(one.vehicle, one.family, one.error) for one in pairs]


def _median_error(cases: Sequence[Case]) -> float | None:
    return _quantile(cases, lambda one: one.error, 0.5)


def _median_absolute(cases: Sequence[Case]) -> float | None:
    return _quantile(cases, lambda one: abs(one.error), 0.5)


def _near(cases: Sequence[Case]) -> float | None:
    return _mean(cases, lambda one: float(abs(one.error) <= NEAR))


def _coverage(cases: Sequence[Case]) -> float | None:
    return _mean(cases, lambda one: None if one.inside is None else float(one.inside))


def _half_width(cases: Sequence[Case]) -> float | None:
    return _quantile(cases, lambda one: one.half_width, 0.5)


Measure = Callable[[Sequence[Case]], float | None]

MEASURES: dict[str, Measure] = {
    "median_error_percent": _median_error,
    "median_absolute_error_percent": _median_absolute,
    "within_12_percent": _near,
    "interval_holds_percent": _coverage,
    "median_half_width_percent": _half_width,
}


def _weighed(
    cases: Sequence[Case], of: Callable[[Case], float | None]
) -> tuple[list[float], list[float]]:
    kept = [(one, value) for one in cases if (value := of(one)) is not None]
    return [value for _, value in kept], equal_vehicles([one.vehicle for one, _ in kept])


def _quantile(
    cases: Sequence[Case], of: Callable[[Case], float | None], share: float
) -> float | None:
    values, weights = _weighed(cases, of)
    return weighted_quantile(values, weights, share) if values else None


def _mean(cases: Sequence[Case], of: Callable[[Case], float | None]) -> float | None:
    values, weights = _weighed(cases, of)
    return sum(v * w for v, w in zip(values, weights, strict=True)) if values else None


@dataclass(frozen=True, slots=True)
class _Judge:
    """Figures with their uncertainty, always from the same seed."""

    seed: int
    resamples: int

    def figures(self, cases: Sequence[Case]) -> dict[str, Any]:
        """Every measure in percent, and the 90 % range of each over drawn families."""
        told: dict[str, Any] = {
            "points": len(cases),
            "vehicles": len({one.vehicle for one in cases}),
            "families": len({one.family for one in cases}),
        }
        told |= {name: _percent(measure(cases)) for name, measure in MEASURES.items()}
        told["range_90"] = self._ranges(cases)
        return told

    def _ranges(self, cases: Sequence[Case]) -> dict[str, list[float] | None]:
        families: dict[str, list[Case]] = {}
        for one in cases:
            families.setdefault(one.family, []).append(one)
        if len(families) < 2:
            return dict.fromkeys(MEASURES)
        draws = self._drawn(families)
        told: dict[str, list[float] | None] = {}
        for name, measure in MEASURES.items():
            values = sorted(v for draw in draws if (v := measure(draw)) is not None)
            told[name] = _middle(values) if values else None
        return told

    def _drawn(self, families: dict[str, list[Case]]) -> list[list[Case]]:
        chance = random.Random(self.seed)  # noqa: S311 - statistics, not secrets
        names = sorted(families)
        draws = []
        for _ in range(self.resamples):
            chosen = chance.choices(names, k=len(names))
            draws.append(
                [
                    # A family drawn twice is two families, each with its own vehicles.
                    Case(f"{one.vehicle}#{k}", name, one.error, one.inside, one.half_width)
                    for k, name in enumerate(chosen)
                    for one in families[name]
                ]
            )
        return draws


def _middle(values: Sequence[float]) -> list[float]:
    """The 5 % and 95 % quantiles of sorted values, in percent."""
    last = len(values) - 1
    return [100.0 * values[round(0.05 * last)], 100.0 * values[round(0.95 * last)]]


def _by_confidence(rows: Sequence[Row], judge: _Judge) -> dict[str, Any]:
    """Every rating with a prediction by confidence, clean or not."""
    told = {}
    for level in ("A", "B", "C", "D"):
        some = [row for row in rows if row.point.confidence == level]
        told[level] = judge.figures(_cases(some, corrected=True))
    return told


def _flown(rows: Sequence[Row]) -> dict[str, Any]:
    some = [row for row in rows if row.point.flown and row.estimate is not None]
    return {"points": len(some), "reached": sum(bool(row.inside) for row in some)}


def _by_vehicle(rows: Sequence[Row]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name in dict.fromkeys(row.point.vehicle for row in rows):
        ratings = [row for row in rows if row.point.vehicle == name and not row.point.flown]
        cases = _cases(ratings, corrected=True)
        raw = _cases(ratings, corrected=False)
        told[name] = {
            "points": sum(row.point.vehicle == name for row in rows),
            "clean": sum(row.clean for row in ratings),
            "raw_median_error_percent": _percent(_median_error(raw)),
            "median_error_percent": _percent(_median_error(cases)),
            "median_absolute_error_percent": _percent(_median_absolute(cases)),
            "interval_holds_percent": _percent(_coverage(cases)),
        }
    return told


def _percent(share: float | None) -> float | None:
    return None if share is None else 100.0 * share
