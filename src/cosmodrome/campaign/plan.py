"""The main job: the best ascent of all starts, flown again, judged, and told."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from cosmodrome.ascent.attempt import Attempt, Workshop
from cosmodrome.ascent.liftoff import grounded
from cosmodrome.ascent.starts import resolved_target, starts
from cosmodrome.campaign.answer import Answer
from cosmodrome.campaign.document import Findings, failed_answer, flown_answer
from cosmodrome.campaign.nearest import Shortfall, nearest, one_burn_only
from cosmodrome.campaign.partials import partials
from cosmodrome.campaign.progress import Tell, silent
from cosmodrome.campaign.proving import Proof, best_proved, left_corridor
from cosmodrome.campaign.tries import AGREED, Tries, every_try
from cosmodrome.campaign.zoned import zoned
from cosmodrome.flight.vehicle import with_plain_thrust
from cosmodrome.mission.nouns import Mission
from cosmodrome.verify.judge import Tolerances

__all__ = ["PlanOptions", "Planned", "plan_in_full", "plan_mission"]


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """How to plan.

    Parameters
    ----------
    tolerances : Tolerances of the re-flight
    mesh_check : bool, solve the best start again on a mesh twice as fine
    independent : bool, use the second set of starts
    alternatives : bool, also state the payload without the inert riders
    command : str or None, the command that makes the answer again
    workers : int or None, processes for the starts; all cores if None
    partials : bool, also state what one unit more of everything is worth
    """

    tolerances: Tolerances = field(default_factory=Tolerances)
    mesh_check: bool = False
    independent: bool = False
    alternatives: bool = True
    command: str | None = None
    workers: int | None = None
    partials: bool = True


@lru_cache(maxsize=1)
def _shared_workshop() -> Workshop:
    """One workshop per process: a second question reuses what the first one built."""
    return Workshop()


def plan_mission(
    mission: Mission,
    options: PlanOptions | None = None,
    *,
    progress: Tell | None = None,
    workshop: Workshop | None = None,
) -> Answer:
    """Answer one launch question.

    Every physically different start is optimised, the best is flown again by
    another integrator and judged. A payload is stated only if that flight
    reaches the target and keeps every limit.

    Parameters
    ----------
    mission : Mission
    options : PlanOptions
    progress : callable(text, share done) or None
    workshop : Workshop or None
        Where built problems are kept; one per process by default.

    Returns
    -------
    Answer
        Its status is "optimal", "infeasible", "not_converged" or
        "verification_failed"; only the first carries a payload.
    """
    return plan_in_full(mission, options, progress=progress, workshop=workshop).answer


@dataclass(frozen=True, slots=True)
class Planned:
    """An answer with what it was made of, for those who go on from it.

    Parameters
    ----------
    answer : Answer
    mission : Mission, as it was optimised: target resolved
    workshop : Workshop, which built the problem
    best : Attempt or None, the optimum that was proved; None without one
    """

    answer: Answer
    mission: Mission
    workshop: Workshop
    best: Attempt | None = None


def plan_in_full(
    mission: Mission,
    options: PlanOptions | None = None,
    *,
    progress: Tell | None = None,
    workshop: Workshop | None = None,
) -> Planned:
    """As `plan_mission`, with the optimum itself beside the answer."""
    options = options or PlanOptions()
    tell = progress or silent
    workshop = workshop or _shared_workshop()
    clock = time.perf_counter()
    asked = mission
    mission = replace(mission, vehicle=with_plain_thrust(mission.vehicle))
    mission = replace(mission, target=resolved_target(mission))

    def planned(answer: Answer) -> Planned:
        return Planned(answer, mission, workshop)

    built_before = workshop.build_s
    tell("building the problem", 0.0)
    if held := grounded(mission):
        nothing = _findings(Tries(()), 0.0, clock)
        stays = Shortfall(None, None, 0.0, (), held)
        return planned(failed_answer(asked, mission, options.command, "infeasible", nothing, stays))
    tries = every_try(workshop, mission, tell, options.workers, independent=options.independent)
    findings = _findings(tries, workshop.build_s - built_before, clock)
    best = max(tries.good, key=lambda one: one.worth, default=None)
    if best is None or (mission.payload_kg is None and best.worth <= 0.0):
        status, short = _why_not(workshop, mission, tries, tell, options.workers)
        return planned(failed_answer(asked, mission, options.command, status, findings, short))
    tell("flying the plan again", 0.8)
    best, proof = best_proved(workshop, mission, tries.good, options.tolerances)
    if left_corridor(proof) and not best.start.watch:
        tell("again with the corridor held", 0.85)
        second = options.independent
        tries = every_try(workshop, mission, tell, options.workers, independent=second, watch=True)
        findings = _findings(tries, workshop.build_s - built_before, clock)
        best, proof = best_proved(workshop, mission, tries.good or [best], options.tolerances)
    if mission.limits.zones:
        kept = zoned(workshop, mission, tries.good or [best], options.tolerances, tell)
        best, proof, mission = kept.attempt, kept.proof, kept.mission
        findings = replace(findings, held=kept)
    findings = replace(findings, verify_s=proof.seconds)
    findings = _told_more(workshop, mission, options, findings, best, proof)
    findings = replace(findings, total_s=time.perf_counter() - clock, best=best)
    answer = flown_answer(asked, mission, options, findings, proof)
    if proof.verdict.passed:  # a plan that is not proved is not handed on
        answer = replace(answer, plan=proof.plan)
    return Planned(answer, mission, workshop, best)


def _why_not(
    workshop: Workshop, mission: Mission, tries: Tries, tell: Tell, workers: int | None
) -> tuple[Literal["infeasible", "not_converged"], Shortfall | None]:
    """Whether it cannot be done, and then how far short it falls; or whether that is not known."""
    free = replace(mission, payload_kg=None)
    if not starts(mission):
        return "infeasible", one_burn_only(workshop, free)
    wanted = mission.payload_kg or 0.0
    if mission.payload_kg is not None:  # no start could fly it: how much could be?
        tries = every_try(workshop, free, tell, workers, wanted_kg=wanted)
    best = max(tries.good, key=lambda one: one.worth, default=None)
    lowest = tries.descent
    unknown = best is None and (lowest is None or not lowest.spent)
    if unknown or (best is not None and mission.payload_kg is not None and best.worth >= wanted):
        return "not_converged", None
    return "infeasible", nearest(workshop, free, best, lowest, wanted)


def _told_more(
    workshop: Workshop,
    mission: Mission,
    options: PlanOptions,
    findings: Findings,
    best: Attempt,
    proof: Proof,
) -> Findings:
    """What goes beside a payload: a finer mesh, riders left out, partials."""
    if options.mesh_check:
        finer = workshop.finer(mission, best, (2,) * len(best.posed.legs))
        solved = finer.solution.status == "solved"
        findings = replace(findings, finer_mesh_kg=finer.worth if solved else float("nan"))
    if not proof.verdict.passed:
        return findings
    if options.alternatives:
        findings = replace(findings, alternatives=_alternatives(mission, best))
    if options.partials and mission.payload_kg is None:
        findings = replace(findings, partials=partials(workshop, mission, best))
    return findings


def _findings(tries: Tries, build_s: float, clock: float) -> Findings:
    good = sorted(one.worth for one in tries.good)
    agreed, spread = 0, 0.0
    if good:
        agreed = sum(value >= good[-1] - AGREED * abs(good[-1]) for value in good)
        spread = 100.0 * (good[-1] - good[0]) / max(abs(good[-1]), 1e-9)
    return Findings(
        tries=tries.attempts,
        agreed=agreed,
        spread_percent=spread,
        build_s=build_s,
        solve_s=sum(one.solution.solve_s for one in tries.attempts),
        total_s=time.perf_counter() - clock,
    )


def _alternatives(mission: Mission, best: Attempt) -> tuple[tuple[str, float], ...]:
    """The payload with and without what rides along.

    Both are the same flight: what rides on the last stage and the payload trade
    kilogram for kilogram, so no second optimisation is needed.
    """
    vehicle = mission.vehicle
    if vehicle.rider_kg == 0.0 or mission.payload_kg is not None:
        return ()
    name = vehicle.rider_name or "riders"
    return (
        (f"with {name}", best.worth),
        (f"without {name}", best.worth + vehicle.rider_kg),
    )
