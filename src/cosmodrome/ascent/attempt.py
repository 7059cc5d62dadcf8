"""One attempt: a mission from one start, posed, guessed and solved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cosmodrome.ascent.ending import ending
from cosmodrome.ascent.formulate import Formulation, formulate
from cosmodrome.ascent.frame import launch_frame
from cosmodrome.ascent.rehearse import Rehearsal, fitted, payload_guess
from cosmodrome.ascent.starts import Start, energies
from cosmodrome.ascent.stepwise import Approach, approach, continued
from cosmodrome.ascent.timeline import timeline
from cosmodrome.mission.nouns import Mission
from cosmodrome.ocp import (
    Guess,
    PhaseGuess,
    Solution,
    Solver,
    SolverOptions,
    evened_fractions,
    interpolate,
    interval_errors,
)

__all__ = ["Attempt", "Workshop", "pose"]

# Ascents that converge at all mostly take 20 to 60 iterations; of the others some
# (long weak burns around a coast) do when led down more gently.
_FRESH = (
    SolverOptions(max_iterations=100),
    SolverOptions(max_iterations=150, initial_barrier=1e-2, patient=True),
)
# A flight put together from an optimised approach is nearly feasible: the barrier
# starts low, or it would push the payload far down and back up again.
_CONTINUED = (
    SolverOptions(max_iterations=60, initial_barrier=1e-4),
    SolverOptions(max_iterations=120, initial_barrier=1e-4, patient=True),
)
# The length of a coast is worth a ten-thousandth of the payload and costs most of the
# trouble: it is freed last, from the optimum with it held.
_FREED = (SolverOptions(max_iterations=40, initial_barrier=1e-6),)
# After a dogleg the length of the coast is worth more, and lies further off.
_FREED_FAR = (*_FREED, SolverOptions(max_iterations=150, initial_barrier=1e-4, patient=True))
# With the multipliers known as well.
_NEARBY = SolverOptions(max_iterations=40, initial_barrier=1e-6, tolerance=1e-6)
# A known neighbour is closer than the usual barrier would leave it: half the work.
_KNOWN = (SolverOptions(max_iterations=60, initial_barrier=1e-6), *_FRESH)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A start and what came of it."""

    start: Start
    posed: Formulation
    solution: Solution

    @property
    def worth(self) -> float:
        """What was maximised, kilograms: payload, or final mass for a fixed payload."""
        return -self.posed.worth_kg * self.solution.objective


def pose(
    mission: Mission, start: Start, refine: int = 1, *, kept_ratio: float = 1.0
) -> Formulation:
    """The problem of one start.

    Parameters
    ----------
    mission : Mission, its target resolved
    start : Start
    refine : int, mesh refinement
    kept_ratio : float, stack at the end over the stack with nothing kept for later

    Returns
    -------
    Formulation
    """
    legs = timeline(mission.vehicle, mission.limits, start.route, mission.environment.g0_m_s2)
    legs = (*legs[:-1], replace(legs[-1], kept_ratio=kept_ratio * legs[-1].kept_ratio))
    fixed = mission.inertial_angle_rad is not None
    node_fixed = fixed and mission.target.raan_rad is not None
    end = ending(
        mission.target, mission.environment, node_fixed=node_fixed, argp_rad=start.argp_rad
    )
    frame = launch_frame(mission, start.azimuth_rad, mission.inertial_angle_rad or 0.0)
    return formulate(mission, legs, end, frame, refine, watch=start.watch)


class Workshop:
    """Built problems, kept for the next attempt of the same structure."""

    def __init__(self) -> None:
        self._solvers: dict[Any, Solver] = {}
        self.build_s = 0.0

    def solver(self, posed: Formulation) -> Solver:
        """The built problem of a formulation, built now if it is new."""
        if posed.key not in self._solvers:
            made = Solver(posed.problem)
            self.build_s += made.build_s
            self._solvers[posed.key] = made
        return self._solvers[posed.key]

    def attempt(self, mission: Mission, start: Start) -> Attempt:
        """Rehearse and solve one start."""
        posed = pose(mission, start)
        ahead = approach(mission, start)
        if ahead is not None:
            return self._stepwise(mission, start, posed, ahead)
        guess = first_guess(mission, posed, start)
        return Attempt(start, posed, _first_of(self.solver(posed), posed, guess, _FRESH))

    def _stepwise(
        self, mission: Mission, start: Start, posed: Formulation, ahead: Approach
    ) -> Attempt:
        """Optimise the flight to the coast, fly on from there, and optimise the whole."""
        first = pose(ahead.mission, ahead.start, kept_ratio=ahead.kept_ratio)
        rough = first_guess(ahead.mission, first, ahead.start)
        found = _first_of(self.solver(first), first, rough, _FRESH)
        guess = None
        if found.status == "solved":
            guess = continued(mission, start, posed, _as_guess(found))
        if guess is None:
            whole = _first_of(self.solver(posed), posed, first_guess(mission, posed, start), _FRESH)
        else:
            whole = self._held_then_freed(posed, guess, _FREED_FAR if start.dogleg else _FREED)
        spent = found.solve_s + whole.solve_s
        both = replace(whole, iterations=found.iterations + whole.iterations, solve_s=spent)
        return Attempt(start, posed, both)

    def _held_then_freed(
        self, posed: Formulation, guess: Guess, ways: tuple[SolverOptions, ...]
    ) -> Solution:
        """Optimise with the coast as long as guessed, then free its length."""
        solver = self.solver(posed)
        held = _first_of(solver, _with_coast_held(posed, guess), guess, _CONTINUED)
        loose = any(leg.kind == "orbit" and leg.bounds_s is not None for leg in posed.legs)
        if held.status != "solved" or not loose:
            return held
        freed = _first_of(solver, posed, _as_guess(held), ways)
        best = freed if freed.status == "solved" else held
        spent = held.solve_s + freed.solve_s
        return replace(best, iterations=held.iterations + freed.iterations, solve_s=spent)

    def nearby(self, mission: Mission, before: Attempt) -> Attempt:
        """Solve a mission whose numbers differ a little, from a neighbour and its multipliers."""
        posed = pose(mission, before.start, before.posed.refine)
        if posed.key != before.posed.key:
            return self.again(mission, before, before.posed.refine)
        posed = _on_mesh_of(posed, before)
        solution = self.solver(posed).solve(posed.data, before.solution, _NEARBY)
        if solution.status != "solved":
            return self.again(mission, before, before.posed.refine)
        return Attempt(before.start, posed, solution)

    def again(
        self, mission: Mission, before: Attempt, refine: int = 1, *, even: bool = False
    ) -> Attempt:
        """Solve once more from a solution: other numbers, an evened or a finer mesh."""
        posed = pose(mission, before.start, refine)
        if even:
            posed = _evened(posed, before)
        solver, guess = self.solver(posed), _as_guess(before.solution)
        return Attempt(before.start, posed, _first_of(solver, posed, guess, _KNOWN))


def _first_of(
    solver: Solver, posed: Formulation, guess: Guess, ways: tuple[SolverOptions, ...]
) -> Solution:
    """The first way that converges, with the cost of those before it added."""
    iterations, seconds = 0, 0.0
    for way in ways:
        found = solver.solve(posed.data, guess, way)
        iterations, seconds = iterations + found.iterations, seconds + found.solve_s
        if found.status != "not_converged":
            break
    return replace(found, iterations=iterations, solve_s=seconds)


def first_guess(mission: Mission, posed: Formulation, start: Start) -> Guess:
    """A guess by rehearsal, at a payload that just gets there."""
    payload = mission.payload_kg
    if payload is None:
        payload = payload_guess(mission, posed.legs, start.speed_m_s)
    parking, final = energies(mission, start)
    plan = Rehearsal(
        payload,
        start.climb_deg,
        start.aim_radius_m,
        parking,
        final,
        start.second_m_s,
        mission.target.inclination_rad if start.dogleg else None,
        start.north,
    )
    return fitted(mission, posed, plan, start.speed_m_s)


def _on_mesh_of(posed: Formulation, before: Attempt) -> Formulation:
    """The same problem on the mesh of an attempt, which may have been evened."""
    phases = tuple(
        replace(mine, fractions=known.fractions) if pattern is None or not pattern.shapes else mine
        for mine, known, pattern in zip(
            posed.data.phases, before.posed.data.phases, posed.patterns, strict=True
        )
    )
    return replace(posed, data=replace(posed.data, phases=phases))


def _with_coast_held(posed: Formulation, guess: Guess) -> Formulation:
    """The same problem with its coasts in orbit as long as the guess has them."""
    phases = tuple(
        replace(numbers, duration=(one.duration, one.duration)) if leg.kind == "orbit" else numbers
        for leg, numbers, one in zip(posed.legs, posed.data.phases, guess.phases, strict=True)
    )
    return replace(posed, data=replace(posed.data, phases=phases))


def _evened(posed: Formulation, before: Attempt) -> Formulation:
    """The same structure with mesh errors spread evenly; kinks of thrust keep their place."""
    problem, solution = before.posed.problem, before.solution
    errors = interval_errors(problem, before.posed.data, solution)
    phases = []
    for phase, numbers, one, wrong, pattern in zip(
        problem.phases, posed.data.phases, solution.phases, errors, posed.patterns, strict=True
    ):
        if pattern is None or pattern.shapes or len(wrong) != phase.intervals:
            phases.append(numbers)
        else:
            even = evened_fractions(one.breaks, wrong, phase.degree + 1)
            phases.append(replace(numbers, fractions=even))
    return replace(posed, data=replace(posed.data, phases=tuple(phases)))


def _as_guess(solution: Solution) -> Guess:
    """A solution sampled as the guess for another mesh."""
    phases = []
    for phase in solution.phases:
        n = len(phase.x)
        fraction = np.unique(
            (phase.breaks[:-1, None] + np.diff(phase.breaks)[:, None] * phase.grid).ravel()
        )
        x = interpolate(phase, fraction)
        nodes = (phase.breaks[:-1, None] + np.diff(phase.breaks)[:, None] * phase.grid[1:]).ravel()
        u = phase.u_nodes.reshape(n * (len(phase.grid) - 1), -1)
        columns = [np.interp(fraction, nodes, column) for column in u.T]
        controls = np.stack(columns, axis=1) if columns else np.empty((len(fraction), 0))
        phases.append(PhaseGuess(fraction, x, controls, phase.duration, phase))
    return Guess(tuple(phases), solution.statics)
