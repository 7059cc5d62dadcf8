"""Proving a plan: flown again, judged, and where it oversteps a limit, aimed lower."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from cosmodrome.ascent.attempt import Attempt, Workshop
from cosmodrome.ascent.read import read
from cosmodrome.campaign.instant import liftoff
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.plan import Plan
from cosmodrome.verify.fly import Flight, fly
from cosmodrome.verify.judge import Check, Tolerances, Verdict, judge
from cosmodrome.verify.record import Record, record
from cosmodrome.verify.shares import error_shares

__all__ = ["Proof", "best_proved", "left_corridor", "lowered_limits", "prove", "proved"]


@dataclass(frozen=True, slots=True)
class Proof:
    """A plan, its re-flight and the judgement on it."""

    plan: Plan
    flight: Flight
    flown: Record
    verdict: Verdict
    epoch_utc: str
    seconds: float


def left_corridor(proof: Proof) -> bool:
    """Whether the impact point ran out of the corridor: the rows far from it were spared."""
    return any(
        check.name == "course inside corridor" and not check.met for check in proof.verdict.checks
    )


_TRIES_TO_PROVE = 5
# Of what a re-flight may be off, the most that one leg should be the cause of.
_LEG_SHARE = 0.1
# A leg's error goes at least with this power of its intervals, once they are evened:
# kinks of the air keep it from falling as fast as the collocation could.
_ORDER = 3.0
_FINER = (2, 4)  # by how much a mesh is made finer: everywhere; in one leg at most
_FINEST = 4  # in all passes together: a plan off by more is not wrong for want of a mesh
# Limits that the optimiser checks at nodes, and what they are called in a mission.
_LOWERED = {
    "dynamic pressure": "dynamic_pressure_pa",
    "axial acceleration": "acceleration_m_s2",
    "q alpha": "q_alpha_pa_rad",
    "heating after fairing": "heating_w_m2",
}
_STILL = 0.5  # of the first overstep, left after limits have been lowered for it twice


def proved(
    workshop: Workshop, mission: Mission, best: Attempt, tolerances: Tolerances
) -> tuple[Attempt, Proof]:
    """Fly and judge; where a limit is overstepped between nodes, aim a little lower.

    The optimiser checks limits at nodes, the judge everywhere. A limit missed by
    the judge is lowered for the optimiser alone by as much as it was missed; a
    plan whose end is off gets its mesh evened by the error estimate, then a finer
    one in the legs that have the largest share in the end's error; after a long
    coast both at once. Where lowering a limit hardly helps, what oversteps it lies
    between nodes too far apart, and the mesh is made finer everywhere.
    """
    best = workshop.tidied(mission, best)
    proof = prove(mission, best, tolerances)
    stricter = mission
    even, finer = False, not best.start.route.direct
    grown = (1,) * len(best.posed.legs)
    oversteps: list[float] = []
    for _ in range(_TRIES_TO_PROVE):
        if proof.verdict.passed or (left_corridor(proof) and not best.start.watch):
            break  # proved; or out of the corridor, which lower limits do not mend
        lowered = lowered_limits(stricter, proof.verdict)
        # A mesh too coarse for the end oversteps limits too: it is mended first.
        off = lowered == stricter or _end_off(proof.verdict, tolerances)
        factors = (1,) * len(best.posed.legs)
        oversteps.append(_overstep(proof.verdict))
        if not off and _in_vain(oversteps):
            factors = _within((_FINER[0],) * len(best.posed.legs), grown)
            even = finer = True
            stricter, oversteps = mission, []
        elif off:
            if finer:
                factors = _within(_factors(mission, proof, tolerances), grown)
                if even and max(factors) == 1:
                    break
            even = finer = True
        else:
            stricter = lowered
        solve = partial(workshop.finer, factors=factors) if even else workshop.again
        again = solve(stricter, best)
        if again.solution.status != "solved":
            break
        best = workshop.tidied(stricter, again)
        if len(best.posed.legs) == len(grown):
            grown = tuple(a * b for a, b in zip(grown, factors, strict=True))
        else:  # an idle burn is left out, and the mesh with it
            grown = (1,) * len(best.posed.legs)
        proof = prove(mission, best, tolerances)
    return best, proof


def _within(factors: tuple[int, ...], grown: tuple[int, ...]) -> tuple[int, ...]:
    """Factors that leave no leg finer than the finest."""
    return tuple(max(1, min(a, _FINEST // b)) for a, b in zip(factors, grown, strict=True))


def _overstep(verdict: Verdict) -> float:
    """The largest share by which a limit of the optimiser is overstepped."""
    return max((one.reached / one.limit - 1.0 for one in _to_lower(verdict)), default=0.0)


def _in_vain(oversteps: list[float]) -> bool:
    """Whether a limit that has been lowered twice is still overstepped by most of it."""
    return len(oversteps) > 2 and oversteps[-1] > _STILL * oversteps[0]


def _end_off(verdict: Verdict, tolerances: Tolerances) -> bool:
    """Whether the re-flight misses the plan's end or the target."""
    position = max(verdict.position_error_m, verdict.target_position_error_m)
    velocity = max(verdict.velocity_error_m_s, verdict.target_velocity_error_m_s)
    return position > tolerances.position_m or velocity > tolerances.velocity_m_s


def _factors(mission: Mission, proof: Proof, tolerances: Tolerances) -> tuple[int, ...]:
    """How much finer the mesh of each leg is to be, by its share in the error at the end.

    An error of a millimetre per second that is made before hours of coast counts as
    the metres that come of it; one made after them hardly counts.
    """
    meridian = proof.flight.meridian_rad
    turn = meridian - (mission.inertial_angle_rad or 0.0)
    shares = error_shares(mission, proof.plan, meridian, turn)
    allowed = _LEG_SHARE * np.array([tolerances.position_m, tolerances.velocity_m_s])
    # A leg from which the re-flight comes to nothing is the cause of as much as can be.
    shares = np.nan_to_num(shares, nan=np.inf)
    wanted = np.ceil(np.max(shares / allowed, axis=1) ** (1.0 / _ORDER))
    if not np.any(wanted > 1.0):  # a limit that is kept at nodes alone: finer everywhere
        wanted[:] = _FINER[0]
    return tuple(int(min(max(one, 1.0), _FINER[1])) for one in wanted)


def lowered_limits(mission: Mission, verdict: Verdict) -> Mission:
    """The mission with every overstepped limit lowered by its overstep and a little."""
    changed = {}
    for check in _to_lower(verdict):
        name = _LOWERED[check.name]
        changed[name] = getattr(mission.limits, name) * 0.995 * check.limit / check.reached
    return replace(mission, limits=replace(mission.limits, **changed))


def _to_lower(verdict: Verdict) -> list[Check]:
    """Limits that are overstepped between nodes, of those that can be lowered."""
    return [one for one in verdict.checks if not one.met and one.name in _LOWERED]


def prove(mission: Mission, best: Attempt, tolerances: Tolerances) -> Proof:
    """Read the plan of an attempt, fly it again and judge the flight."""
    began = time.perf_counter()
    plan = read(mission, best.posed, best.solution)
    epoch, meridian = liftoff(mission, plan)
    # The plan's inertial axes have the pad's meridian at the given angle or at 0.
    turn = meridian - (mission.inertial_angle_rad or 0.0)
    flight = fly(mission, plan, meridian)
    flown = record(mission, flight)
    verdict = judge(mission, plan, flight, flown, turn, tolerances)
    return Proof(plan, flight, flown, verdict, epoch, time.perf_counter() - began)


_TO_PROVE = 3
# A plan that lost more than this on its way to a proof is held against the next best.
_LOST = 1e-3


def best_proved(
    workshop: Workshop, mission: Mission, good: list[Attempt], tolerances: Tolerances
) -> tuple[Attempt, Proof]:
    """The best of several attempts that its proof confirms.

    Parameters
    ----------
    workshop : Workshop
    mission : Mission
    good : list of Attempt, all solved, at least one
    tolerances : Tolerances

    Returns
    -------
    (Attempt, Proof)
        The first attempt's own if none is confirmed.
    """
    kept: tuple[Attempt, Proof] | None = None
    for one in sorted(good, key=lambda each: -each.worth)[:_TO_PROVE]:
        proven = kept is not None and kept[1].verdict.passed
        if proven and kept is not None and kept[0].worth >= one.worth - _LOST * abs(one.worth):
            break
        best, proof = proved(workshop, mission, one, tolerances)
        if left_corridor(proof) and not best.start.watch:
            return best, proof
        better = kept is None or (
            proof.verdict.passed and (not kept[1].verdict.passed or best.worth > kept[0].worth)
        )
        if better:
            kept = best, proof
    assert kept is not None
    return kept
