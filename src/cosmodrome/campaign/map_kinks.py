"""Where a payload map bends: the best ascent is of another kind on either side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cosmodrome.campaign.payload_map import Cell

__all__ = ["Kink", "kinks"]

_BELOW = "below latitude"
_COURSES = {
    "direct": "direct course",
    "edge": "corridor's edge",
    "dogleg": "dogleg",
    _BELOW: "dogleg below the site's latitude",
}
_BURNS = {1: "one burn", 2: "two burns"}


@dataclass(frozen=True, slots=True)
class Kink:
    """A change between two neighbouring cells.

    Parameters
    ----------
    site : str
    kind : "burns", "direction", "course" or "latitude"
    along : "altitude" or "inclination", the way from the first cell to the second
    altitudes_km, inclinations_deg : the two cells
    change : str, "one burn to two burns"
    """

    site: str
    kind: str
    along: str
    altitudes_km: tuple[float, float]
    inclinations_deg: tuple[float, float]
    change: str


def kinks(cells: Sequence[Cell]) -> tuple[Kink, ...]:
    """Every change of burns, direction or course between neighbours that have a payload.

    Parameters
    ----------
    cells : sequence of Cell, of a whole grid or several

    Returns
    -------
    tuple of Kink, first along altitude, then along inclination
    """
    found: list[Kink] = []
    for along, lane, step in (
        ("altitude", "inclination_deg", "altitude_km"),
        ("inclination", "altitude_km", "inclination_deg"),
    ):

        def order(cell: Cell, lane: str = lane) -> tuple[str, float]:
            return cell.site, getattr(cell, lane)

        for _, row in groupby(sorted(cells, key=lambda c: (*order(c), getattr(c, step))), order):
            line = list(row)
            for one, other in pairwise(line):
                if one.status == other.status == "optimal":
                    found += _changes(one, other, along)
    return tuple(found)


def _changes(one: Cell, other: Cell, along: str) -> list[Kink]:
    course = (_COURSES.get(one.course, ""), _COURSES.get(other.course, ""))
    pairs = [("burns", _burns(one.burns), _burns(other.burns))]
    if (one.course == _BELOW) != (other.course == _BELOW):
        # Due east on one side, neither north nor south on the other: one boundary.
        pairs.append(("latitude", *course))
    else:
        pairs += [("direction", one.direction, other.direction), ("course", *course)]
    return [
        Kink(
            site=one.site,
            kind=kind,
            along=along,
            altitudes_km=(one.altitude_km, other.altitude_km),
            inclinations_deg=(one.inclination_deg, other.inclination_deg),
            change=f"{before} to {after}",
        )
        for kind, before, after in pairs
        if before != after
    ]


def _burns(count: int | None) -> str:
    return _BURNS.get(count or 0, f"{count} burns")
