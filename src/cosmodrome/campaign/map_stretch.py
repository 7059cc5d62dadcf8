"""One stretch of a map: altitudes between two sets of fresh starts, at one inclination."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from math import pi, radians
from typing import Any

from cosmodrome.ascent.attempt import Attempt, Workshop, pose
from cosmodrome.ascent.starts import Start, starts
from cosmodrome.campaign.plan import PlanOptions
from cosmodrome.campaign.proving import Proof, left_corridor, lowered_limits, prove, proved
from cosmodrome.flight.vehicle import with_plain_thrust
from cosmodrome.mission.nouns import Limits, Mission, Target
from cosmodrome.ocp import Solution
from cosmodrome.runs import Outcome, Work
from cosmodrome.verify.judge import Check, Tolerances

__all__ = ["SAME", "Stretch", "stretch_work"]

SAME = 1e-3
"""Two payloads this close, relative, are one optimum."""

_WITHIN_REACH = 0.12
"""A way this much worse than the best is not continued: it will not win before the next
fresh starts, which try it again."""

_AT_LIMIT = 5e-3  # share of a limit left where it counts as reached
_AT_EDGE_DEG = 0.05


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring altitudes, increasing; the last one gets fresh starts.

    Parameters
    ----------
    place : int, of the site's mission
    inclination_deg : float
    altitudes_km : tuple of float
    """

    place: int
    inclination_deg: float
    altitudes_km: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """A way that has been solved at some altitude, and the limits it was solved within."""

    start: Start
    solution: Solution
    limits: Limits
    worth_kg: float

    @property
    def kind(self) -> tuple[int, str, bool]:
        return self.start.route.burns, self.start.name.partition(",")[0], self.start.watch


@dataclass(frozen=True, slots=True)
class _End:
    """What a stretch leaves to the next: its last altitude and the ways worth going on with."""

    altitude_km: float
    worth_kg: float | None
    ways: tuple[_Known, ...]
    done: tuple[tuple[float, float | None], ...] = ()  # altitude and worth of every cell below
    beyond: bool = False


@dataclass(slots=True)
class _Found:
    """Candidates for one cell, and how the one that was kept was come by."""

    ways: list[_Known] = field(default_factory=list)
    best: _Known | None = None
    proof: Proof | None = None
    fresh: bool = False


def stretch_work(missions: tuple[Mission, ...], tolerances: Tolerances) -> Work:
    """The work of one worker, which keeps the problems it has built.

    Parameters
    ----------
    missions : tuple of Mission, one per site
    tolerances : Tolerances of the re-flight

    Returns
    -------
    Work
        From a `Stretch` and what the one below it left to its cells.
    """
    surveyor = _Surveyor(missions, PlanOptions(tolerances=tolerances))

    def work(asked: Stretch, before: bytes | None) -> Outcome:
        # What this program itself wrote into its journal, and nothing else.
        below = None if before is None else pickle.loads(zlib.decompress(before))  # noqa: S301
        cells, end = surveyor.survey(asked, below)
        return Outcome(cells, zlib.compress(pickle.dumps(end), 1))

    return work


class _Surveyor:
    """Solves stretches with one workshop."""

    def __init__(self, missions: tuple[Mission, ...], options: PlanOptions) -> None:
        self._missions = missions
        self._options = options
        self._workshop = Workshop()

    def survey(self, asked: Stretch, below: _End | None) -> tuple[list[dict[str, Any]], _End]:
        """The cells of a stretch, and what it leaves."""
        heights = asked.altitudes_km
        if below is not None and below.beyond:
            return [_beyond(h, below.altitude_km) for h in heights], below
        missions = [self._mission(asked, h) for h in heights]
        last = self._fresh_cell(missions[-1], below)
        found = [_Found() for _ in heights[:-1]] + [last]
        checked = ""
        if below is not None:
            carried = self._walk(missions, below.ways)
            gap = _gap(carried[-1], last)
            checked = _told(below.altitude_km, heights[-1], gap)
            for one, ways in zip(found[:-1], carried, strict=False):
                one.ways += ways
            self._from_above(missions, found, agreed=gap is not None and abs(gap) <= SAME)
            if gap is not None and gap > SAME:
                self._take_over(missions[-1], last, carried[-1])
        for mission, one in zip(missions[:-1], found, strict=False):
            self._settle(mission, one)
        end = _end(asked, found, below)
        rows = [
            _cell(m, h, one, checked) for m, h, one in zip(missions, heights, found, strict=True)
        ]
        if below is not None:
            rows += self._descend(asked, found[0], below)
        return rows, end

    def _mission(self, asked: Stretch, altitude_km: float) -> Mission:
        mission = self._missions[asked.place]
        radius = mission.environment.equatorial_radius_m + 1e3 * altitude_km
        target = Target(
            text=f"{altitude_km:g} km {asked.inclination_deg:g} deg",
            kind="circular",
            perigee_radius_m=radius,
            apogee_radius_m=radius,
            inclination_rad=radians(asked.inclination_deg),
        )
        vehicle = with_plain_thrust(mission.vehicle)
        return replace(mission, vehicle=vehicle, target=target, payload_kg=None)

    def _fresh(self, mission: Mission, *, watch: bool) -> list[_Known]:
        """Every start worth trying, those that came to something."""
        ways = [replace(one, watch=one.watch or watch) for one in starts(mission)]
        tries = [self._workshop.attempt(mission, one) for one in ways]
        return [_known(mission, one) for one in tries if one.solution.status == "solved"]

    def _fresh_cell(self, mission: Mission, below: _End | None) -> _Found:
        watch = below is not None and any(one.start.watch for one in below.ways)
        found = _Found(self._fresh(mission, watch=watch), fresh=True)
        self._settle(mission, found)
        return found

    def _walk(self, missions: list[Mission], ways: Iterable[_Known]) -> list[list[_Known]]:
        """Continue ways from mission to mission; where one is lost it stays lost."""
        carried: list[list[_Known]] = []
        at_hand = list(ways)
        for mission in missions:
            stepped = (self._step(mission, one) for one in at_hand)
            at_hand = [one for one in stepped if one is not None]
            carried.append(list(at_hand))
        return carried

    def _step(self, mission: Mission, known: _Known) -> _Known | None:
        """A neighbour's solution made this mission's, within the limits that served there."""
        held = replace(mission, limits=known.limits)
        before = Attempt(known.start, pose(held, known.start), known.solution)
        again = self._workshop.again(held, before)
        return _known(held, again) if again.solution.status == "solved" else None

    def _from_above(self, missions: list[Mission], found: list[_Found], *, agreed: bool) -> None:
        """Downward from the fresh starts: every way if the check failed, else the new ones."""
        known = {one.kind for one in found[0].ways} if len(found) > 1 else set()
        ways = [w for w in _worth_going_on(found[-1]) if not (agreed and w.kind in known)]
        carried = self._walk(missions[-2::-1], ways)
        for one, mission, more in zip(found[-2::-1], missions[-2::-1], carried, strict=True):
            one.ways += more
            if not agreed:
                watch = any(way.start.watch for way in one.ways)
                one.ways += self._fresh(mission, watch=watch)
                one.fresh = True

    def _descend(self, asked: Stretch, lowest: _Found, below: _End) -> list[dict[str, Any]]:
        """Cells below this stretch that are better continued from above, told anew.

        Fresh starts may have missed down there what they found up here.
        """
        known = {one.kind for one in below.ways}
        best = lowest.best
        done = list(below.done)
        if best is None or (best.kind in known and not lowest.fresh):
            return []
        rows, ways, from_km = [], [best], asked.altitudes_km[0]
        while done and ways:
            altitude_km, worth_kg = done.pop()
            mission = self._mission(asked, altitude_km)
            ways = [one for way in ways if (one := self._step(mission, way)) is not None]
            found = _Found(ways)
            if not ways or not _beats(ways[0].worth_kg, worth_kg):
                break
            self._settle(mission, found)
            if found.best is None or not _beats(found.best.worth_kg, worth_kg):
                break
            told = f"continuation from {from_km:g} km down is better than what fresh starts found"
            rows.append(_cell(mission, altitude_km, found, told))
            ways = [found.best]
        return rows

    def _take_over(self, mission: Mission, last: _Found, carried: list[_Known]) -> None:
        """Where continuation beats the fresh starts, it is the answer there too."""
        best = None if last.best is None else last.best.worth_kg
        better = [one for one in carried if _beats(one.worth_kg, best)]
        if better:
            last.ways += better
            self._settle(mission, last)

    def _settle(self, mission: Mission, found: _Found) -> None:
        """Fly the best candidate again; one that leaves the corridor is out."""
        if not found.ways:
            found.ways += self._fresh(mission, watch=False)
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
                left = self._fresh(mission, watch=True)
                left.sort(key=lambda one: one.worth_kg, reverse=True)
                found.ways += left
                found.fresh = True

    def _flown(self, mission: Mission, known: _Known) -> tuple[_Known, Proof]:
        """Fly and judge by the mission's own limits, aiming lower where they are overstepped."""
        attempt = Attempt(known.start, pose(mission, known.start), known.solution)
        proof = prove(mission, attempt, self._options.tolerances)
        if proof.verdict.passed:
            return known, proof
        limits = lowered_limits(mission, proof.verdict).limits
        best, proof = proved(self._workshop, mission, attempt, self._options.tolerances)
        return replace(_known(mission, best), limits=limits), proof


def _known(mission: Mission, attempt: Attempt) -> _Known:
    return _Known(attempt.start, attempt.solution, mission.limits, attempt.worth)


def _gap(carried: list[_Known], last: _Found) -> float | None:
    """How far continuation came out above the fresh starts, relative; None if lost.

    Compared is the kind of ascent that wins, or, where that one is new here, the
    best of those that were carried. The winner is known before and after it was
    aimed lower for the judge, as what is carried may be either; the nearer one counts.
    """
    if not carried or last.best is None:
        return None
    top = max((one for one in carried if one.kind == last.best.kind), key=_worth, default=None)
    top = top or max(carried, key=_worth)
    same = [one for one in last.ways if one.kind == top.kind]
    rivals = [max(same, key=_worth)] if same else []
    if last.best.kind == top.kind or not same:
        rivals.append(last.best)
    gaps = [(top.worth_kg - one.worth_kg) / max(abs(one.worth_kg), 1.0) for one in rivals]
    return min(gaps, key=abs)


def _worth(known: _Known) -> float:
    return known.worth_kg


def _told(below_km: float, above_km: float, gap: float | None) -> str:
    """How continuation and fresh starts agree, in words."""
    went = f"continuation from {below_km:g} km to {above_km:g} km"
    if gap is None:
        return f"{went} was lost on the way, so every cell between has fresh starts"
    told = f"{went} ends {100.0 * gap:+.3f} % from the fresh starts there"
    return told if abs(gap) <= SAME else f"{told}, so every cell between has fresh starts"


def _worth_going_on(found: _Found) -> tuple[_Known, ...]:
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


def _beats(worth_kg: float, other_kg: float | None) -> bool:
    """Whether a worth is another optimum and a better one."""
    return other_kg is None or worth_kg > other_kg + SAME * abs(other_kg)


def _end(asked: Stretch, found: list[_Found], below: _End | None) -> _End:
    """What a stretch leaves behind."""
    worths = [None if one.best is None else one.best.worth_kg for one in found]
    done = () if below is None else below.done
    done += tuple(zip(asked.altitudes_km, worths, strict=True))
    worth, before = worths[-1], None if below is None else below.worth_kg
    beyond = worth is not None and before is not None and worth <= 0.0 and worth < before
    return _End(asked.altitudes_km[-1], worth, _worth_going_on(found[-1]), done, beyond)


def _beyond(altitude_km: float, known_km: float) -> dict[str, Any]:
    reason = f"out of reach at {known_km:g} km already, and payload falls with altitude"
    return {"altitude_km": altitude_km, "status": "infeasible", "reason": reason}


def _cell(mission: Mission, altitude_km: float, found: _Found, checked: str) -> dict[str, Any]:
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
    """Whether the corridor bends the flight."""
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
