"""Every try at one question: fresh starts, second looks, and the way below the latitude."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf

from cosmodrome.ascent.attempt import Attempt, Workshop
from cosmodrome.ascent.starts import Start, starts
from cosmodrome.campaign.below import Descent, at_edge, descend, needs_leading
from cosmodrome.campaign.crew import attempt_all
from cosmodrome.mission.nouns import Mission

__all__ = ["AGREED", "Tries", "every_try", "solved"]

AGREED = 1e-3
"""Two payloads are the same optimum within this share."""

# How much directions differ by nature, of the payload: some tenths of a per cent.
_UNLIKE = 0.01
# From this altitude of the apogee on, a plane is turned up there and not on the way.
_TURNED_ABOVE_M = 2e6


@dataclass(frozen=True, slots=True)
class Tries:
    """What was tried.

    Parameters
    ----------
    attempts : tuple of Attempt
        At the mission's own target, whatever came of them.
    descent : Descent or None, where flights were led below the latitude
    """

    attempts: tuple[Attempt, ...]
    descent: Descent | None = None

    @property
    def good(self) -> list[Attempt]:
        """Those that were solved."""
        return solved(self.attempts)


def solved(tries: tuple[Attempt, ...] | list[Attempt]) -> list[Attempt]:
    """The attempts that came to an optimum."""
    return [one for one in tries if one.solution.status == "solved"]


def every_try(
    workshop: Workshop,
    mission: Mission,
    tell: Callable[[str, float], None],
    workers: int | None = None,
    *,
    independent: bool = False,
    watch: bool = False,
    wanted_kg: float = 0.0,
) -> Tries:
    """Attempt a mission from every start worth trying.

    Parameters
    ----------
    workshop : Workshop
    mission : Mission, its target resolved
    tell : callable(text, share done)
    workers : int or None, processes; all cores if None
    independent : bool, the second set of starts
    watch : bool, hold the corridor whether or not it seems far away
    wanted_kg : float, what a flight led below the latitude is to carry

    Returns
    -------
    Tries
        Without attempts if there is no start, or the way below the latitude was lost.
    """

    def attempted(question: Mission) -> list[Attempt]:
        ways = starts(question, independent=independent)
        ways = tuple(replace(one, watch=one.watch or watch) for one in ways)
        tries = attempt_all(workshop, question, ways, tell, workers, patient=False)
        for more in _stuck(tries):
            again = attempt_all(workshop, question, more, tell, workers)
            tries = [one for one in tries if one.start not in more] + again
            if solved(again) and any(one.worth > 0.0 for one in solved(again)):
                break
        return tries + attempt_all(workshop, question, _doubtful(tries), tell, workers)

    if not needs_leading(mission):
        return Tries(tuple(attempted(mission)))
    found = attempted(mission) if _turned_high(mission) else []
    edge = solved(attempted(at_edge(mission)))
    if not edge:
        return Tries(tuple(found))
    descent = descend(workshop, mission, edge, tell, wanted_kg)
    return Tries((*found, *descent.tries), descent)


def _turned_high(mission: Mission) -> bool:
    target, ground = mission.target, mission.environment.equatorial_radius_m
    return (target.apogee_radius_m or target.perigee_radius_m) > ground + _TURNED_ABOVE_M


def _stuck(tries: list[Attempt]) -> list[tuple[Start, ...]]:
    """Starts to be tried again with patience, two at a time until one comes to something.

    All of them where none was solved; else the first two of each number of burns
    that has no solution: they mostly share the way to the coast.
    """
    good = solved(tries)
    if not good:
        ways = [one.start for one in tries]
        return [tuple(ways[k : k + 2]) for k in range(0, len(ways), 2)]
    known = {one.start.route.burns for one in good}
    lost: dict[int, list[Start]] = {}
    for one in tries:
        if one.start.route.burns not in known:
            lost.setdefault(one.start.route.burns, []).append(one.start)
    stuck = tuple(start for those in lost.values() for start in those[:2])
    return [stuck] if stuck else []


def _doubtful(tries: list[Attempt]) -> tuple[Start, ...]:
    """Starts to be tried again from a steeper climb, or from a flatter one."""
    steeper = (*_coasting_in_vain(tries), *_unlike_their_mirror(tries))
    again = [(one.start, 10.0, "lofted") for one in steeper]
    again += [(one.start, -6.0, "flatter") for one in _lost_beside_their_mirror(tries)]
    others = [
        replace(start, climb_deg=start.climb_deg + more, name=f"{start.name}, {word}")
        for start, more, word in again
    ]
    known = [one.start.name for one in tries]
    return tuple(start for start in others if start.name not in known)


def _coasting_in_vain(tries: list[Attempt]) -> list[Attempt]:
    """Coasting starts worse than those without a coast, the best of each direction.

    A coast and a second burn include the direct flight, but for a burn too short to
    matter; one that carries less has stopped at a poorer optimum.
    """
    good = solved(tries)
    direct = max((one.worth for one in good if one.start.route.direct), default=None)
    coasting = [one for one in tries if not one.start.route.direct]
    best = max((one.worth for one in good if not one.start.route.direct), default=-inf)
    if direct is None or not coasting or best >= direct - AGREED * abs(direct):
        return []
    best_of: dict[str, Attempt] = {}
    for one in sorted(solved(coasting), key=lambda one: -one.worth) + coasting:
        best_of.setdefault(one.start.name.partition(",")[0], one)
    return list(best_of.values())


def _unlike_their_mirror(tries: list[Attempt]) -> list[Attempt]:
    """Direct starts that carry clearly less than the one in the other direction.

    But for the Earth's shape and the air's turning, northward and southward are one.
    """
    plain = [one for one in solved(tries) if one.start.route.direct and not one.start.dogleg]
    best = max((one.worth for one in plain), default=0.0)
    return [one for one in plain if one.worth < best - _UNLIKE * abs(best)]


def _lost_beside_their_mirror(tries: list[Attempt]) -> list[Attempt]:
    """Coasting starts that came to nothing where the other direction came to something."""
    coasting = [one for one in tries if not one.start.route.direct and not one.start.dogleg]
    known = {(one.start.north, one.start.route.burns) for one in solved(coasting)}
    return [
        one
        for one in coasting
        if one.solution.status == "not_converged"
        and (not one.start.north, one.start.route.burns) in known
    ]
