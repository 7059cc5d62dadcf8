"""What a drawn vehicle could have carried, had its ascent been optimised for it.

The optimiser knows the sample in advance, as no guidance does: what it finds is an
upper bound of what a flight would have left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cosmodrome.campaign.disperse_sigmas import Draw, variations
from cosmodrome.campaign.neighbours import Neighbours
from cosmodrome.flight.variation import VEHICLE, Variation, varied_by_all
from cosmodrome.mission.nouns import Mission
from cosmodrome.runs import Outcome

__all__ = ["Reoptimising", "propellant_per_payload"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reoptimising:
    """The work of one worker: numbers drawn in, the largest payload out.

    Parameters
    ----------
    mission : Mission, as it was optimised for its largest payload
    near : Neighbours, of that optimum
    draws : tuple of Draw
    ascent_density : float, share of the density per standard normal number
    """

    mission: Mission
    near: Neighbours
    draws: tuple[Draw, ...]
    ascent_density: float

    def __call__(self, asked: Array, before: bytes | None) -> Outcome:
        """Optimise again for one row of numbers; None where no flight is found."""
        return self.near(self.drawn(asked), before)

    def drawn(self, normals: Array) -> Mission:
        """The mission of one row of standard normal numbers.

        Thinner or denser air counts as less or more drag. Wind is left out: it would
        be a problem of another structure, and a profile known in advance costs or
        gives a guided flight little.
        """
        row = normals[: len(self.draws)].tolist()
        z = row[[one.name for one in self.draws].index("density")]
        thicker = Variation("drag", VEHICLE, float(np.expm1(self.ascent_density * z)))
        changes = (*variations(self.draws, row), thicker)
        return replace(self.mission, vehicle=varied_by_all(self.mission.vehicle, changes))


def propellant_per_payload(partials: list[dict[str, Any]], last_stage: str) -> float | None:
    """Kilograms of the last stage's propellant left over per kilogram of payload to spare.

    Flying a payload lighter by d, the last stage has x left of its propellant, where a
    stage with x less would just carry it: d = (1 + g) x, with g the payload that a
    kilogram of its propellant is worth.

    Parameters
    ----------
    partials : list of dict, as a plan's document has them
    last_stage : str

    Returns
    -------
    float or None, without such a partial

    Accuracy
    --------
    First order: some per cent for a margin of a tenth of the payload.
    """
    for row in partials:
        if (row["quantity"], row["part"]) == ("propellant", last_stage):
            return 1.0 / (1.0 + float(row["kg_per_unit"]))
    return None
