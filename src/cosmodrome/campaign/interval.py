"""From uncertain inputs to an interval of the payload, to first order.

Errors of one group go together (the same engine, the same source): their
effects are added with sign first, and the groups are then added as squares.
The payload is taken as log-normal, so that no interval reaches below zero.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist

__all__ = ["SHARE", "Belief", "Effect", "Estimate", "log_spread", "spread_kg"]

SHARE = 0.90
"""The share of the truth an interval is meant to hold."""

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Effect:
    """What one uncertain number does to the payload, to first order.

    Parameters
    ----------
    group : str
        Errors of one group are one error: they are added with sign.
    quantity, part : str
        "dry mass" of "stage 2"; the part is empty where the vehicle is meant.
    unit : str, the unit of `sigma` and `nominal`
    kg_per_unit : float, change of payload per unit of the quantity
    sigma : float, one standard deviation of the quantity
    nominal : float or None, the catalogue's value
    """

    group: str
    quantity: str
    part: str
    unit: str
    kg_per_unit: float
    sigma: float
    nominal: float | None = None

    @property
    def signed_kg(self) -> float:
        """Change of payload for one sigma, with its sign."""
        return self.kg_per_unit * self.sigma


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the physics alone says of one payload.

    Parameters
    ----------
    payload_kg : float
        The optimum, in the adapter convention of whatever it is compared with.
    spread_kg : float
        One standard deviation from uncertain inputs and reserves.
    kg_per_m_s : float or None
        Change of payload per metre per second of velocity in the last guided stage.
    """

    payload_kg: float
    spread_kg: float = 0.0
    kg_per_m_s: float | None = None


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed of a payload: log-normal about a median.

    Parameters
    ----------
    median_kg : float, more than zero
    sigma_log : float, standard deviation of the natural logarithm
    """

    median_kg: float
    sigma_log: float

    def interval_kg(self, share: float = SHARE) -> tuple[float, float]:
        """The central interval that holds a share of the belief, kilograms."""
        reach = _NORMAL.inv_cdf(0.5 + 0.5 * share) * self.sigma_log
        return self.median_kg * math.exp(-reach), self.median_kg * math.exp(reach)

    def at_least(self, claim_kg: float) -> float:
        """The probability that the payload is no less than a claim."""
        if claim_kg <= 0.0:
            return 1.0
        distance = math.log(self.median_kg / claim_kg)
        if self.sigma_log == 0.0:
            return 1.0 if distance >= 0.0 else 0.0
        return _NORMAL.cdf(distance / self.sigma_log)

    def half_width(self, share: float = SHARE) -> float:
        """Half the interval's width as a share of the median."""
        low, high = self.interval_kg(share)
        return 0.5 * (high - low) / self.median_kg


def spread_kg(effects: Iterable[Effect]) -> float:
    """One standard deviation of the payload from many effects, kilograms.

    Parameters
    ----------
    effects : iterable of Effect
        Groups are independent of each other; inside a group all move together.

    Returns
    -------
    float

    Accuracy
    --------
    First order: a payload that bends with its inputs (a small one, near zero)
    is off by the second-order term, which sampling shows.

    References
    ----------
    [JCGM 100:2008], equations 13 and 16 with correlation 1 inside a group.
    """
    groups: dict[str, float] = defaultdict(float)
    for effect in effects:
        groups[effect.group] += effect.signed_kg
    return math.sqrt(sum(value * value for value in groups.values()))


def log_spread(estimate: Estimate) -> float:
    """Standard deviation of the payload's logarithm from the inputs alone.

    The log-normal of the same ratio of spread to payload; close to that ratio
    while it is small, and never wide beyond reason when the payload is small.
    """
    return math.sqrt(math.log1p((estimate.spread_kg / estimate.payload_kg) ** 2))
