"""One cell of a map: starts, steps from a neighbour, the re-flight, and what is told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import degrees, pi, radians
from typing import Any

from cosmodrome.ascent.attempt import Attempt, Workshop, pose
from cosmodrome.ascent.starts import Start, starts
from cosmodrome.campaign.below import below_latitude
from cosmodrome.campaign.proving import Proof, left_corridor, lowered_limits, prove, proved
from cosmodrome.flight.vehicle import with_plain_thrust
from cosmodrome.mission.nouns import Limits, Mission, Target
from cosmodrome.ocp import Solution
from cosmodrome.verify.judge import Check, Tolerances

__all__ = [
    "SAME",
    "Found",
    "Known",
    "Surveyor",
    "beats",
    "cell_row",
    "worth_going_on",
    "worth_of",
]

SAME = 1e-3
"""Two payloads this close, relative, are one optimum."""

_WITHIN_REACH = 0.12
"""A way this much worse than the best is not continued: it will not win before the next
fresh starts, which try it again."""

_TWIN = ", lofted"  # how the name of a lone start's second try ends
_AT_LIMIT = 5e-3  # share of a limit left where it counts as reached
_AT_EDGE_DEG = 0.05


@dataclass(frozen=True, slots=True)
class Known:
    """A way that has been solved at some altitude, and the limits it was solved within."""

    start: Start
    solution: Solution
    limits: Limits
    worth_kg: float

    @property
    def kind(self) -> tuple[int, str, bool]:
        """What tells ways apart: burns, direction, whether the corridor is held."""
        return self.start.route.burns, self.start.name.partition(",")[0], self.start.watch


@dataclass(slots=True)
class Found:
    """Candidates for one cell, and how the one that was kept was come by."""

    ways: list[Known] = field(default_factory=list)
    best: Known | None = None
    proof: Proof | None = None
    fresh: bool = False


class Surveyor:
    """Solves and proves cells with one workshop.

    Parameters
    ----------
    missions : tuple of Mission, one per site
    tolerances : Tolerances of the re-flight
    """

    def __init__(self, missions: tuple[Mission, ...], tolerances: Tolerances) -> None:
        self._missions = missions
        self._tolerances = tolerances
        self._workshop = Workshop()

    def mission(self, place: int, inclination_deg: float, altitude_km: float) -> Mission:
        """A site's mission to one circular orbit."""
        mission = self._missions[place]
        radius = mission.environment.equatorial_radius_m + 1e3 * altitude_km
        target = Target(
            text=f"{altitude_km:.10g} km {inclination_deg:.10g} deg",
            kind="circular",
            perigee_radius_m=radius,
            apogee_radius_m=radius,
            inclination_rad=radians(inclination_deg),
        )
        vehicle = with_plain_thrust(mission.vehicle)
        return replace(mission, vehicle=vehicle, target=target, payload_kg=None)

    def fresh(self, mission: Mission, *, watch: bool, twin: bool = True) -> list[Known]:
        """Every start worth trying, those that came to something; a twin may be spared."""
        ways = [
            replace(one, watch=one.watch or watch)
            for one in starts(mission)
            if twin or not one.name.endswith(_TWIN)
        ]
        tries = [self._workshop.attempt(mission, one) for one in ways]
        return [known_way(mission, one) for one in tries if one.solution.status == "solved"]

    def step(self, mission: Mission, known: Known) -> Known | None:
        """A neighbour's solution made this mission's, within the limits that served there."""
        held = replace(mission, limits=known.limits)
        before = Attempt(known.start, pose(held, known.start), known.solution)
        again = self._workshop.again(held, before)
        return known_way(held, again) if again.solution.status == "solved" else None

    def settle(self, mission: Mission, found: Found) -> None:
        """Fly the best candidate again; one that leaves the corridor is out."""
        if not found.ways:
            found.ways += self.fresh(mission, watch=False)
            found.fresh = True
        left = sorted(found.ways, key=lambda one: one.worth_kg, reverse=True)
        while left:
            found.best, found.proof = left.pop(0), None
            if found.best.worth_kg <= 0.0:
                return
            found.best, found.proof = self._flown(mission, found.best)
            if not left_corridor(found.proof) or found.best.start.watch:
                return
            left = [one for one in left if one.start.watch]
            if not left:
                left = self.fresh(mission, watch=True)
                left.sort(key=lambda one: one.worth_kg, reverse=True)
                found.ways += left
                found.fresh = True

    def _flown(self, mission: Mission, known: Known) -> tuple[Known, Proof]:
        """Fly and judge by the mission's own limits, aiming lower where they are overstepped."""
        attempt = Attempt(known.start, pose(mission, known.start), known.solution)
        proof = prove(mission, attempt, self._tolerances)
        if proof.verdict.passed or (left_corridor(proof) and not known.start.watch):
            return known, proof
        # Mostly one step proves it: aimed lower, or the mesh better spread.
        stricter = lowered_limits(mission, proof.verdict)
        again = self._workshop.again(stricter, attempt, even=stricter == mission)
        if again.solution.status == "solved":
            second = prove(mission, again, self._tolerances)
            if second.verdict.passed:
                return replace(known_way(mission, again), limits=stricter.limits), second
        best, proof = proved(self._workshop, mission, attempt, self._tolerances)
        return replace(known_way(mission, best), limits=stricter.limits), proof


def known_way(mission: Mission, attempt: Attempt) -> Known:
    return Known(attempt.start, attempt.solution, mission.limits, attempt.worth)


def worth_of(known: Known) -> float:
    """What a way carries, kilograms."""
    return known.worth_kg


def worth_going_on(found: Found) -> tuple[Known, ...]:
    """The best of each kind, where it is within reach of the best of all."""
    if found.best is None:
        return ()
    least = found.best.worth_kg - _WITHIN_REACH * abs(found.best.worth_kg)
    kinds = {found.best.kind: found.best}
    for one in sorted(found.ways, key=lambda one: one.worth_kg, reverse=True):
        # Beside a way that holds the corridor, one that does not is no candidate.
        if one.start.watch == found.best.start.watch and one.worth_kg >= least:
            kinds.setdefault(one.kind, replace(one, limits=found.best.limits))
    return tuple(kinds.values())


def beats(worth_kg: float, other_kg: float | None) -> bool:
    """Whether a worth is another optimum and a better one."""
    return other_kg is None or worth_kg > other_kg + SAME * abs(other_kg)


def cell_row(mission: Mission, altitude_km: float, found: Found, checked: str) -> dict[str, Any]:
    """What is told of a cell; nothing that depends on the clock."""
    row: dict[str, Any] = {"altitude_km": altitude_km}
    best, proof = found.best, found.proof
    if best is None:
        return row | {"status": "not_converged", "reason": "no start converged"}
    row |= {
        "burns": best.start.route.burns,
        "direction": _direction(mission, best.start),
        "found_by": "fresh starts" if found.fresh else "continuation",
        "checked": checked,
    }
    if proof is None:
        reason = f"the empty stack falls {-best.worth_kg:.0f} kg short"
        return row | {"status": "infeasible", "reason": reason}
    row["course"] = _course(mission, best.start, proof)
    row["limits_reached"] = [one.name for one in proof.verdict.checks if _reached(one)]
    if not proof.verdict.passed:
        return row | {"status": "verification_failed", "reason": _missed(proof)}
    return row | {"status": "optimal", "payload_kg": proof.plan.payload_kg}


def _direction(mission: Mission, start: Start) -> str:
    way = start.name.partition(",")[0]
    if way in ("northward", "southward"):
        return way
    return "due east" if (mission.target.inclination_rad or 0.0) < 0.5 * pi else "due west"


def _course(mission: Mission, start: Start, proof: Proof) -> str:
    """Whether the site's latitude or the corridor bends the flight."""
    if below_latitude(mission, degrees(mission.target.inclination_rad or 0.0)):
        return "below latitude"
    corridors = mission.limits.azimuths_rad
    if not corridors:
        return "direct"
    inside = any(
        (start.azimuth_rad - begin) % (2.0 * pi) <= ((stop - begin) % (2.0 * pi) or 2.0 * pi)
        for begin, stop in corridors
    )
    if not inside:
        return "dogleg"
    margins = [one.margin for one in proof.verdict.checks if one.name == "course inside corridor"]
    return "edge" if margins and min(margins) < _AT_EDGE_DEG else "direct"


def _reached(check: Check) -> bool:
    """Whether a limit shapes the flight; all propellant is always used."""
    if check.name.startswith("propellant"):
        return False
    if check.limit == 0.0:
        return check.margin < _AT_EDGE_DEG
    return check.margin <= _AT_LIMIT * abs(check.limit)


def _missed(proof: Proof) -> str:
    verdict = proof.verdict
    names = [one.name for one in verdict.checks if not one.met]
    if names:
        return f"the re-flight oversteps: {', '.join(names)}"
    return (
        f"the re-flight ends {verdict.target_position_error_m:.0f} m and "
        f"{verdict.target_velocity_error_m_s:.2f} m/s off"
    )
