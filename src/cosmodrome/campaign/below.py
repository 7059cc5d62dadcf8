"""Inclinations below a site's latitude: doglegs, led down from the neighbouring inclination.

Fresh starts find such a flight only close to the latitude. From there it is led
down in small steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, degrees, radians
from typing import TypeVar

from cosmodrome.ascent.attempt import Attempt, Workshop
from cosmodrome.ascent.starts import site_latitude
from cosmodrome.ascent.transfer import worth_three
from cosmodrome.campaign.progress import Tell
from cosmodrome.mission.nouns import Mission

__all__ = [
    "ABOVE_EDGE_DEG",
    "Descent",
    "at_edge",
    "below_latitude",
    "descend",
    "led",
    "needs_leading",
]

Way = TypeVar("Way")

ABOVE_EDGE_DEG = 0.02
"""How far above the latitude a descent begins: the set of ascents right at it is a point."""

# Inclinations this little below the latitude are taken as due east.
_EDGE_DEG = 1e-3
# Fresh starts find a flight this far below.
_FRESH_DEG = 0.3
_STEP_DEG = 2.0  # a step that converges nearly always
_LEAST_DEG = 0.4  # half of a half of a half of it: then the way is lost
_SAME_KG = 1e-3
_LED = 2  # how many ways are led down side by side
_BOUNDARY_DEG = 0.1  # how finely the lowest inclination within reach is told


def below_latitude(mission: Mission, inclination_deg: float) -> float:
    """How far an inclination lies below the site's geocentric latitude, degrees; else 0.

    Retrograde ones count from 180 degrees. No direct ascent has such an
    inclination: it takes a dogleg.
    """
    latitude = abs(degrees(site_latitude(mission)))
    short = latitude - min(inclination_deg, 180.0 - inclination_deg)
    return short if short > _EDGE_DEG else 0.0


def needs_leading(mission: Mission) -> bool:
    """Whether fresh starts to the mission's own inclination would mostly be in vain."""
    tilt = mission.target.inclination_rad
    if tilt is None or worth_three(mission):  # three burns turn the plane at the apogee
        return False
    return below_latitude(mission, degrees(tilt)) > _FRESH_DEG


def led(
    now_deg: float,
    goal_deg: float,
    ways: tuple[Way, ...],
    stepped: Callable[[float, tuple[Way, ...]], tuple[Way, ...]],
    *,
    beyond: Callable[[tuple[Way, ...]], bool],
) -> tuple[float, tuple[Way, ...]]:
    """Lead ways from one inclination towards another; steps that fail are halved.

    Parameters
    ----------
    now_deg, goal_deg : float
    ways : tuple, solutions at `now_deg`
    stepped : callable(inclination_deg, ways) -> those of the ways that converge there
    beyond : callable(ways) -> bool, whether to stop there

    Returns
    -------
    (float, tuple)
        The inclination reached and the ways there.
    """
    size = abs(goal_deg - now_deg) / max(ceil(abs(goal_deg - now_deg) / _STEP_DEG), 1)
    while ways and now_deg != goal_deg:
        ahead = goal_deg - now_deg
        there = now_deg + (size if ahead > 0.0 else -size)
        there = goal_deg if abs(ahead) <= 1.001 * size else there
        after = stepped(there, ways)
        if after:
            now_deg, ways = there, after
            if beyond(ways):
                break
        elif size < _LEAST_DEG:
            break
        else:
            size *= 0.5
    return now_deg, ways


@dataclass(frozen=True, slots=True)
class Descent:
    """Where leading a flight below the latitude came to.

    Parameters
    ----------
    tries : tuple of Attempt
        At the inclination asked for; empty if the way was lost before.
    lowest_deg : float
        The inclination nearest to it at which the wanted mass was carried.
    lowest_kg : float, what is carried there; below what is wanted if it nowhere was
    spent : bool
        A flight farther down carries less than wanted: what lies below is out of reach.
    """

    tries: tuple[Attempt, ...]
    lowest_deg: float
    lowest_kg: float
    spent: bool


def at_edge(mission: Mission) -> Mission:
    """The same mission to the nearest inclination that a direct ascent has."""
    assert mission.target.inclination_rad is not None
    asked = degrees(mission.target.inclination_rad)
    short = below_latitude(mission, asked) + ABOVE_EDGE_DEG
    return _inclined(mission, asked + (short if asked < 90.0 else -short))


def _inclined(mission: Mission, inclination_deg: float) -> Mission:
    return replace(
        mission, target=replace(mission.target, inclination_rad=radians(inclination_deg))
    )


def descend(
    workshop: Workshop,
    mission: Mission,
    known: list[Attempt],
    tell: Tell,
    wanted_kg: float = 0.0,
) -> Descent:
    """Lead the solved attempts at the edge down to the mission's inclination.

    Parameters
    ----------
    workshop : Workshop
    mission : Mission, below the latitude; see `needs_leading`
    known : list of Attempt, those to `at_edge(mission)`, solved, at least one
    tell : callable(text, share)
    wanted_kg : float, what is to be carried

    Returns
    -------
    Descent
        It ends where less than what is wanted is left to carry.
    """
    assert mission.target.inclination_rad is not None
    edge = degrees(at_edge(mission).target.inclination_rad or 0.0)
    goal = degrees(mission.target.inclination_rad)
    gone: list[tuple[float, tuple[Attempt, ...]]] = [(edge, _best_first(known))]

    def stepped(there_deg: float, ways: tuple[Attempt, ...]) -> tuple[Attempt, ...]:
        tell(f"led down to {there_deg:.1f} deg", abs(there_deg - edge) / abs(goal - edge))
        found = _continued(workshop, _inclined(mission, there_deg), ways)
        if found:
            gone.append((there_deg, found))
        return found

    def beyond(ways: tuple[Attempt, ...]) -> bool:
        return ways[0].worth <= wanted_kg

    now, ways = led(edge, goal, gone[0][1][:_LED], stepped, beyond=beyond)
    lowest_deg, lowest_kg = _lowest(workshop, mission, gone, wanted_kg)
    spent = gone[-1][1][0].worth <= wanted_kg
    return Descent(ways if now == goal else (), lowest_deg, lowest_kg, spent)


def _continued(
    workshop: Workshop, mission: Mission, ways: tuple[Attempt, ...]
) -> tuple[Attempt, ...]:
    """Those of the ways that converge for another inclination, best first."""
    tries = (workshop.again(mission, one, quick=True) for one in ways)
    return _best_first([one for one in tries if one.solution.status == "solved"])


def _best_first(tries: list[Attempt]) -> tuple[Attempt, ...]:
    """Best first, each optimum once: starts that agree need not be led down twice."""
    found: list[Attempt] = []
    for one in sorted(tries, key=lambda one: -one.worth):
        same = any(
            one.posed.key == other.posed.key and abs(one.worth - other.worth) < _SAME_KG
            for other in found
        )
        if not same:
            found.append(one)
    return tuple(found)


def _lowest(
    workshop: Workshop,
    mission: Mission,
    gone: list[tuple[float, tuple[Attempt, ...]]],
    wanted_kg: float,
) -> tuple[float, float]:
    """The inclination nearest to the one asked for that carries enough, and what it carries."""
    last, ways = gone[0]
    for there, found in gone[1:]:
        worth, after = ways[0].worth, found[0].worth
        if after <= wanted_kg < worth:
            # A straight line between the two, stopped just short of nothing.
            share = (worth - wanted_kg) / (worth - after)
            whole = share * abs(there - last) // _BOUNDARY_DEG * _BOUNDARY_DEG
            near = last + (whole if there > last else -whole)
            best = _continued(workshop, _inclined(mission, near), ways[:_LED])
            enough = bool(best) and best[0].worth > wanted_kg
            return (near, best[0].worth) if enough else (last, worth)
        last, ways = there, found
    return last, ways[0].worth
