"""Inclinations below a site's latitude: doglegs, continued from the neighbouring inclination.

See `campaign.below`; here for many altitudes at once, each led on to the next
inclination until nothing is left to carry.
"""

from __future__ import annotations

import pickle
import zlib
from dataclasses import dataclass
from typing import Any

from cosmodrome.campaign.below import ABOVE_EDGE_DEG, below_latitude, led
from cosmodrome.campaign.map_cell import (
    Found,
    Known,
    Surveyor,
    cell_row,
    worth_going_on,
    worth_of,
)
from cosmodrome.mission.nouns import Mission
from cosmodrome.runs import Outcome

__all__ = ["Column", "survey_column"]


@dataclass(frozen=True, slots=True)
class Column:
    """Every altitude of one inclination below the site's latitude.

    Parameters
    ----------
    place : int, of the site's mission
    inclination_deg : float
    altitudes_km : tuple of float, increasing
    """

    place: int
    inclination_deg: float
    altitudes_km: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Reached:
    """How far down the flights to one altitude have come."""

    inclination_deg: float
    ways: tuple[Known, ...] = ()
    beyond: bool = False  # nothing is left to carry


def survey_column(surveyor: Surveyor, asked: Column, before: bytes | None) -> Outcome:
    """The cells of a column, and what it leaves to the next inclination.

    Payload falls with every degree below the latitude and with every kilometre, so
    what lies beyond an orbit out of reach is out of reach.

    Parameters
    ----------
    surveyor : Surveyor
    asked : Column
    before : bytes or None
        What the neighbouring inclination left; None for the one next to the latitude.

    Returns
    -------
    Outcome
    """
    # What this program itself wrote into its journal, and nothing else.
    known: tuple[_Reached, ...] = (
        _at_latitude(surveyor, asked) if before is None else pickle.loads(zlib.decompress(before))  # noqa: S301
    )
    rows: list[dict[str, Any]] = []
    left: list[_Reached] = []
    beyond = ""
    for altitude_km, reached in zip(asked.altitudes_km, known, strict=True):
        if reached.beyond:
            beyond = beyond or f"{reached.inclination_deg:.4g} deg"
        if beyond:
            rows.append(_beyond(altitude_km, beyond))
            left.append(_Reached(reached.inclination_deg, beyond=True))
            continue
        row, end = _cell(surveyor, asked, altitude_km, reached)
        rows.append(row)
        left.append(end)
        if end.beyond:
            beyond = f"{altitude_km:g} km"
    return Outcome(rows, zlib.compress(pickle.dumps(tuple(left)), 1))


def _at_latitude(surveyor: Surveyor, asked: Column) -> tuple[_Reached, ...]:
    """The flights due east (or west): fresh starts to the lowest, the others continued."""
    site = surveyor.mission(asked.place, asked.inclination_deg, asked.altitudes_km[0])
    short = below_latitude(site, asked.inclination_deg) + ABOVE_EDGE_DEG
    edge = asked.inclination_deg + (short if asked.inclination_deg < 90.0 else -short)
    found: list[_Reached] = []
    ways: tuple[Known, ...] = ()
    for altitude_km in asked.altitudes_km:
        mission = surveyor.mission(asked.place, edge, altitude_km)
        ways = _stepped(surveyor, mission, ways) or tuple(surveyor.fresh(mission, watch=False))
        found.append(_Reached(edge, ways, beyond=_nothing(ways)))
    return tuple(found)


def _stepped(surveyor: Surveyor, mission: Mission, ways: tuple[Known, ...]) -> tuple[Known, ...]:
    steps = (surveyor.step(mission, one) for one in ways)
    return tuple(one for one in steps if one is not None)


def _nothing(ways: tuple[Known, ...]) -> bool:
    return bool(ways) and max(map(worth_of, ways)) <= 0.0


def _cell(
    surveyor: Surveyor, asked: Column, altitude_km: float, reached: _Reached
) -> tuple[dict[str, Any], _Reached]:
    """One cell, led down from the neighbouring inclination."""
    end = _led(surveyor, asked, altitude_km, reached)
    if end.beyond:
        return _beyond(altitude_km, f"{end.inclination_deg:.4g} deg"), end
    if not end.ways or end.inclination_deg != asked.inclination_deg:
        reason = f"continuation below the latitude was lost at {end.inclination_deg:.4g} deg"
        return {"altitude_km": altitude_km, "status": "not_converged", "reason": reason}, end
    mission = surveyor.mission(asked.place, asked.inclination_deg, altitude_km)
    found = Found(list(end.ways))
    surveyor.settle(mission, found)
    told = f"continued from {reached.inclination_deg:.4g} deg"
    row = cell_row(mission, altitude_km, found, told)
    return row, _Reached(asked.inclination_deg, worth_going_on(found) or end.ways)


def _led(surveyor: Surveyor, asked: Column, altitude_km: float, reached: _Reached) -> _Reached:
    """Towards the column's inclination, until nothing is left to carry."""

    def stepped(there_deg: float, ways: tuple[Known, ...]) -> tuple[Known, ...]:
        return _stepped(surveyor, surveyor.mission(asked.place, there_deg, altitude_km), ways)

    goal = asked.inclination_deg
    now, ways = led(reached.inclination_deg, goal, reached.ways, stepped, beyond=_nothing)
    return _Reached(now, beyond=True) if _nothing(ways) else _Reached(now, ways)


def _beyond(altitude_km: float, known: str) -> dict[str, Any]:
    reason = (
        f"nothing is left to carry at {known}: below the site's latitude it takes a dogleg, "
        "and payload falls with every degree and kilometre"
    )
    return {"altitude_km": altitude_km, "status": "infeasible", "reason": reason}
