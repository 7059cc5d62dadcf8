"""How far predictions are off as a whole, learnt from every family but the one asked.

One number shifts all predictions and one number widens all intervals. Both come
from published ratings of other families, so no answer has seen its own truth.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import NormalDist
from typing import Any, Literal

from cosmodrome.campaign.interval import Belief, Estimate, log_spread

__all__ = [
    "LEAST_VEHICLES",
    "MATCHED",
    "UNCALIBRATED",
    "Calibration",
    "Kind",
    "Pair",
    "Sample",
    "believed",
    "equal_vehicles",
    "fit",
    "leave_family_out",
    "one_point",
    "weighted_quantile",
]

Kind = Literal["factor", "velocity"]

LEAST_VEHICLES = 5
"""With fewer vehicles than this, nothing is learnt from them."""

MATCHED = (0.70, 0.80, 0.90)
"""Shares at which the model term is measured; it is the mean over them.

For each, the interval for that share is scaled so that it holds that share. One
quantile alone rests on two or three vehicles and jumps when one is added; below
0.7 little is said of the tails, beyond 0.9 a single wild vehicle decides.
"""

_WIDEST = 4.0


@dataclass(frozen=True, slots=True)
class Sample:
    """A published rating beside what the physics says.

    Parameters
    ----------
    vehicle, family : str
    orbit : str
        Site and orbit; figures for one orbit are one question, not two.
    published_kg : float
    estimate : Estimate, in the adapter convention of the rating
    """

    vehicle: str
    family: str
    orbit: str
    published_kg: float
    estimate: Estimate

    @property
    def log_ratio(self) -> float:
        """Natural logarithm of published over raw."""
        return math.log(self.published_kg / self.estimate.payload_kg)


@dataclass(frozen=True, slots=True)
class Calibration:
    """One correction for all vehicles, and what is left over after it.

    Parameters
    ----------
    kind : "factor" or "velocity"
        "factor": `offset` and `spread` are natural logarithms of payload.
        "velocity": both are metres per second in the last guided stage.
    offset : float, added to every prediction
    spread : float, one standard deviation of the model term
    vehicles, points : int, what it was learnt from; 0 where it is an assumption
    without : str, the family left out; empty where none was
    """

    kind: Kind
    offset: float
    spread: float
    vehicles: int
    points: int
    without: str = ""

    @property
    def measured(self) -> bool:
        """Whether it was learnt from published points rather than assumed."""
        return self.points > 0

    def document(self) -> dict[str, object]:
        """As a JSON object."""
        return asdict(self) | {"measured": self.measured}

    @classmethod
    def of_document(cls, document: Mapping[str, Any]) -> Calibration:
        """A calibration from its JSON object."""
        return cls(**{name: document[name] for name in cls.__dataclass_fields__})


UNCALIBRATED = Calibration("factor", 0.0, 0.10, 0, 0)
"""Where nothing could be learnt: no correction, and a tenth of payload, assumed."""


def leverage(estimate: Estimate, kind: Kind) -> float:
    """Change of the payload's logarithm per unit of a calibration's offset."""
    if kind == "factor":
        return 1.0
    if not estimate.kg_per_m_s:
        raise ValueError("a velocity correction needs the payload per metre per second")
    return abs(estimate.kg_per_m_s) / estimate.payload_kg


def believed(estimate: Estimate, calibration: Calibration) -> Belief:
    """A raw estimate, corrected and with its interval.

    Parameters
    ----------
    estimate : Estimate, payload more than zero
    calibration : Calibration
        Must not have seen the family of the vehicle in question.

    Returns
    -------
    Belief

    Accuracy
    --------
    The error of the correction itself is left out: with thirty vehicles it is a
    quarter of the model term, which widens an interval by 3 %.
    """
    lever = leverage(estimate, calibration.kind)
    median = estimate.payload_kg * math.exp(calibration.offset * lever)
    return Belief(median, math.hypot(log_spread(estimate), calibration.spread * lever))


def weighted_quantile(values: Sequence[float], weights: Sequence[float], share: float) -> float:
    """The value below which a share of the weight lies; halfway where two qualify.

    Parameters
    ----------
    values, weights : sequences of one length, not empty, weights above zero
    share : float, 0 to 1

    Returns
    -------
    float
    """
    pairs = sorted(zip(values, weights, strict=True))
    wanted = share * math.fsum(weights)
    slack = 1e-12 * max(wanted, 1e-300)
    reached = 0.0
    for place, (value, weight) in enumerate(pairs):
        reached += weight
        if reached > wanted + slack:
            return value
        if reached >= wanted - slack and place + 1 < len(pairs):
            return 0.5 * (value + pairs[place + 1][0])
    return pairs[-1][0]


def equal_vehicles(vehicles: Sequence[str]) -> list[float]:
    """Weights by which every vehicle counts the same and its points share its weight."""
    count = Counter(vehicles)
    return [1.0 / (len(count) * count[name]) for name in vehicles]


def fit(samples: Sequence[Sample], kind: Kind = "factor", *, without: str = "") -> Calibration:
    """The correction that fits a set of ratings, robustly, vehicles weighed equally.

    The offset is the weighted median of what is missing. The model term is the
    one with which the interval for a share holds that share of the weight, the
    mean over the shares of `MATCHED`. Every rating stands against the offset that
    the *other* families give: what an interval has to hold is the error of a
    vehicle not seen before. Quantiles count a wild vehicle as one that is missed
    and not by how far. Zero where the inputs alone are wide enough.

    Parameters
    ----------
    samples : sequence of Sample
    kind : "factor" or "velocity"
    without : str, the family that was left out, for the record

    Returns
    -------
    Calibration
        `UNCALIBRATED` with the family's name where too few vehicles are left.

    References
    ----------
    [Barber 2021] Predictive inference with the jackknife+, Annals of Statistics 49.
    """
    names = {one.vehicle for one in samples}
    if len(names) < LEAST_VEHICLES:
        return Calibration("factor", 0.0, UNCALIBRATED.spread, 0, 0, without)
    weights = equal_vehicles([one.vehicle for one in samples])
    levers = [leverage(one.estimate, kind) for one in samples]
    offset = _offset(samples, kind)
    others = _offsets_of_others(samples, kind)
    left = [
        one.log_ratio - others.get(one.family, offset) * lever
        for one, lever in zip(samples, levers, strict=True)
    ]
    inputs = [log_spread(one.estimate) for one in samples]
    spread = _model_term(left, inputs, levers, weights)
    return Calibration(kind, offset, spread, len(names), len(samples), without)


def _offset(samples: Sequence[Sample], kind: Kind) -> float:
    """The weighted median of what is missing."""
    levers = [leverage(one.estimate, kind) for one in samples]
    missing = [one.log_ratio / lever for one, lever in zip(samples, levers, strict=True)]
    weights = equal_vehicles([one.vehicle for one in samples])
    # Dividing by the leverage counts a rating less the more it bends: undo that.
    pull = [weight * lever for weight, lever in zip(weights, levers, strict=True)]
    return weighted_quantile(missing, pull, 0.5)


def _offsets_of_others(samples: Sequence[Sample], kind: Kind) -> dict[str, float]:
    """For every family the offset that the others give; none where too few are left."""
    found = {}
    for family in {one.family for one in samples}:
        rest = [one for one in samples if one.family != family]
        if len({one.vehicle for one in rest}) >= LEAST_VEHICLES:
            found[family] = _offset(rest, kind)
    return found


def _model_term(
    left: Sequence[float],
    inputs: Sequence[float],
    levers: Sequence[float],
    weights: Sequence[float],
) -> float:
    """The spread per unit of leverage that makes the standardised residuals right."""
    found = [_matched(share, left, inputs, levers, weights) for share in MATCHED]
    return math.fsum(found) / len(found)


def _matched(
    share: float,
    left: Sequence[float],
    inputs: Sequence[float],
    levers: Sequence[float],
    weights: Sequence[float],
) -> float:
    """The least spread with which the interval for a share holds that share."""
    wanted = NormalDist().inv_cdf(0.5 + 0.5 * share)

    def excess(spread: float) -> float:
        sigmas = [
            max(math.hypot(own, spread * lever), 1e-12)
            for own, lever in zip(inputs, levers, strict=True)
        ]
        ratios = [abs(value) / sigma for value, sigma in zip(left, sigmas, strict=True)]
        return weighted_quantile(ratios, weights, share) - wanted

    low, high = 0.0, _WIDEST / min(levers)
    if excess(low) <= 0.0:
        return 0.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if excess(middle) > 0.0 else (low, middle)
    return 0.5 * (low + high)


def leave_family_out(
    samples: Sequence[Sample], families: Iterable[str], kind: Kind = "factor"
) -> dict[str, Calibration]:
    """For every family, the calibration that has not seen it; "" has seen all.

    Parameters
    ----------
    samples : sequence of Sample
    families : iterable of str, also those that no sample has
    kind : "factor" or "velocity"

    Returns
    -------
    dict of family to Calibration
    """
    found = {"": fit(samples, kind)}
    for family in families:
        rest = [one for one in samples if one.family != family]
        found[family] = fit(rest, kind, without=family)
    return found


@dataclass(frozen=True, slots=True)
class Pair:
    """One rating predicted with the help of another one of the same vehicle.

    Parameters
    ----------
    vehicle, family : str
    known, tested : str, the orbits
    error : float, predicted over published, minus 1
    """

    vehicle: str
    family: str
    known: str
    tested: str
    error: float


def one_point(samples: Sequence[Sample]) -> tuple[Pair, ...]:
    """Every vehicle calibrated with one of its ratings and tested on its others.

    Every rating serves as the known one in turn. A rating for the same orbit
    from the same site is the same question and is never tested with its twin.

    Parameters
    ----------
    samples : sequence of Sample

    Returns
    -------
    tuple of Pair
        Vehicles with ratings for one orbit alone have none.
    """
    return tuple(
        Pair(
            tested.vehicle,
            tested.family,
            known.orbit,
            tested.orbit,
            math.expm1(known.log_ratio - tested.log_ratio),
        )
        for known in samples
        for tested in samples
        if known.vehicle == tested.vehicle and known.orbit != tested.orbit
    )
