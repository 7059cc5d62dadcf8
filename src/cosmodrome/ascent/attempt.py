"""One attempt: a mission from one start, posed, guessed and solved."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cosmodrome.ascent import equations as eq
from cosmodrome.ascent.ending import ending
from cosmodrome.ascent.formulate import Formulation, duration_scale, formulate
from cosmodrome.ascent.frame import launch_frame
from cosmodrome.ascent.mesh import mesh_count
from cosmodrome.ascent.rehearse import Rehearsal, fitted, payload_guess
from cosmodrome.ascent.starts import Start, energies
from cosmodrome.ascent.stepwise import Approach, approach, continued
from cosmodrome.ascent.tidy import unwound, with_loose_coasts, without_idle_burn
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

__all__ = ["Attempt", "Workshop", "leg_starts", "pose"]

# Ascents that converge at all mostly take 20 to 60 iterations; of the others some
# (long weak burns around a coast) do when led down more gently.
_FRESH = (
    SolverOptions(max_iterations=100),
    SolverOptions(max_iterations=150, initial_barrier=1e-2, patient=True),
)
# An approach at whose usual barrier full steps run in a circle mostly goes at a low one.
_APPROACHED = (_FRESH[0], SolverOptions(max_iterations=100, initial_barrier=1e-5), _FRESH[1])
# A flight put together from an optimised approach is nearly feasible: the barrier
# starts low, or it would push the payload far down and back up again. Where full
# steps run in a circle at one barrier they do not at another.
_CONTINUED = (
    SolverOptions(max_iterations=70, initial_barrier=1e-5),
    SolverOptions(max_iterations=80, initial_barrier=1e-6),
    SolverOptions(max_iterations=120, initial_barrier=1e-3, patient=True),
)
# With several coasts the shares of the burns are further off, and the barrier starts higher.
_CONTINUED_FAR = (
    SolverOptions(max_iterations=100, initial_barrier=1e-2),
    SolverOptions(max_iterations=150, initial_barrier=1e-3, patient=True),
)
# The length of a coast is worth a ten-thousandth of the payload and costs most of the
# trouble: it is freed last, from the optimum with it held.
_FREED_ALL = (SolverOptions(max_iterations=40, initial_barrier=1e-6),)
_FREED = (*_FREED_ALL, SolverOptions(max_iterations=60, initial_barrier=1e-5))
# After a dogleg the length of the coast is worth more, and lies further off.
_FREED_FAR = (*_FREED_ALL, SolverOptions(max_iterations=150, initial_barrier=1e-4, patient=True))
# With the multipliers known as well. What is left of the conditions goes into the payload
# as its square: 1e-4 of them is less than a millionth of the payload.
_NEARBY = SolverOptions(max_iterations=80, tolerance=1e-4, violation=1e-6, near=True)
# A known neighbour is closer than the usual barrier would leave it: half the work.
_KNOWN = (SolverOptions(max_iterations=60, initial_barrier=1e-6), *_FRESH)

# Near an optimum, but for a piece of it that has been put in another's place.
_TIDIED = (_KNOWN[0], *_CONTINUED)

_APPROACHES = 8  # how many are remembered
# Built problems that are kept, 20 to 40 MB each: those of two questions.
_PROBLEMS = 24


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
    mission: Mission,
    start: Start,
    *,
    kept_ratio: float = 1.0,
    like: Formulation | None = None,
) -> Formulation:
    """The problem of one start.

    Parameters
    ----------
    mission : Mission, its target resolved
    start : Start
    kept_ratio : float, stack at the end over the stack with nothing kept for later
    like : Formulation or None, a neighbour whose mesh intervals and scales are kept

    Returns
    -------
    Formulation
    """
    legs = timeline(mission.vehicle, mission.limits, start.route, mission.environment.g0_m_s2)
    legs = (*legs[:-1], replace(legs[-1], kept_ratio=kept_ratio * legs[-1].kept_ratio))
    if like is not None and len(like.legs) == len(legs):
        legs = tuple(
            replace(leg, intervals=mesh_count(other), scale_s=duration_scale(other))
            for leg, other in zip(legs, like.legs, strict=True)
        )
    fixed = mission.inertial_angle_rad is not None
    node_fixed = fixed and mission.target.raan_rad is not None
    end = ending(
        mission.target, mission.environment, node_fixed=node_fixed, argp_rad=start.argp_rad
    )
    frame = launch_frame(mission, start.azimuth_rad, mission.inertial_angle_rad or 0.0)
    static = like.problem.static_scales[0] if like is not None and like.problem.statics else None
    return formulate(mission, legs, end, frame, watch=start.watch, static_scale_kg=static)


class Workshop:
    """Built problems, the latest kept for the next attempt of the same structure.

    Parameters
    ----------
    many : bool, as of `Solver`: each problem will be solved some hundred times
    """

    def __init__(self, *, many: bool = False) -> None:
        self._many = many
        self._solvers: dict[Any, Solver] = {}
        self._approaches: dict[bytes, Solution] = {}
        self.build_s = 0.0

    def solver(self, posed: Formulation) -> Solver:
        """The built problem of a formulation, built now if it is new."""
        made = self._solvers.pop(posed.key, None)
        if made is None:
            made = Solver(posed.problem, many=self._many)
            self.build_s += made.build_s
            while len(self._solvers) >= _PROBLEMS:
                del self._solvers[next(iter(self._solvers))]
        self._solvers[posed.key] = made  # the one used last stands last
        return made

    def attempt(self, mission: Mission, start: Start, *, patient: bool = True) -> Attempt:
        """Rehearse and solve one start; without patience a hopeless one costs half."""
        posed = pose(mission, start)
        ahead = approach(mission, start)
        if ahead is not None:
            return self._stepwise(mission, start, posed, ahead, patient=patient)
        return Attempt(start, posed, self._rehearsed(mission, start, posed, patient=patient))

    def _rehearsed(
        self, mission: Mission, start: Start, posed: Formulation, *, patient: bool
    ) -> Solution:
        """The whole flight optimised from a rehearsal."""
        ways = _FRESH if patient else _FRESH[:1]
        return _first_of(self.solver(posed), posed, first_guess(mission, posed, start), ways)

    def _stepwise(
        self,
        mission: Mission,
        start: Start,
        posed: Formulation,
        ahead: Approach,
        *,
        patient: bool,
    ) -> Attempt:
        """Optimise the flight to the coast, fly on from there, and optimise the whole."""
        first = pose(ahead.mission, ahead.start, kept_ratio=ahead.kept_ratio)
        last = first.legs[-1]
        short = replace(last, duration_s=max(last.duration_s * ahead.burnt_share, 1.0))
        shown = replace(first, legs=(*first.legs[:-1], short))
        found = self._approached(
            first, first_guess(ahead.mission, shown, ahead.start), patient=patient
        )
        guess = None
        if found.status == "solved":
            guess = continued(mission, start, posed, _as_guess(found))
        if guess is None:
            whole, free = self._rehearsed(mission, start, posed, patient=patient), True
        else:
            whole, free = self._held_then_freed(posed, guess, _freed(start))
        made = Attempt(start, posed, _after(found, whole))
        several = len(start.route.coasts) > 1 and whole.status == "solved"
        return self.tidied(mission, self._settled(mission, made) if several and not free else made)

    def _approached(self, posed: Formulation, guess: Guess, *, patient: bool) -> Solution:
        """An approach optimised; starts that differ after it only share its solution."""
        asked = pickle.dumps((posed.key, posed.data, guess, patient))
        if asked not in self._approaches:
            while len(self._approaches) >= _APPROACHES:
                del self._approaches[next(iter(self._approaches))]
            ways = _APPROACHED if patient else _APPROACHED[:1]
            self._approaches[asked] = _first_of(self.solver(posed), posed, guess, ways)
            return self._approaches[asked]
        return replace(self._approaches[asked], iterations=0, solve_s=0.0)

    def _settled(self, mission: Mission, made: Attempt) -> Attempt:
        """An attempt whose coasts could not be freed, told as one with coasts of those lengths.

        Two coasts around a burn that shrinks to nothing share one length in any way:
        freeing them leaves a direction that is worth nothing.
        """
        lengths = [
            phase.duration
            for leg, phase in zip(made.posed.legs, made.solution.phases, strict=True)
            if leg.kind == "orbit"
        ]
        coasts = tuple(
            replace(coast, coast_s=(length, length, length))
            for coast, length in zip(made.start.route.coasts, lengths, strict=True)
        )
        start = replace(made.start, route=replace(made.start.route, coasts=coasts))
        posed = pose(mission, start)
        fixed = _first_of(self.solver(posed), posed, _as_guess(made.solution), _KNOWN)
        if fixed.status != "solved":
            return made
        return Attempt(start, posed, _after(made.solution, fixed))

    def _held_then_freed(
        self, posed: Formulation, guess: Guess, ways: tuple[SolverOptions, ...]
    ) -> tuple[Solution, bool]:
        """Optimise with the coasts as long as guessed, then free them; and whether that went."""
        solver = self.solver(posed)
        coasts = sum(leg.kind == "orbit" for leg in posed.legs)
        first = _CONTINUED if coasts < 2 else _CONTINUED_FAR
        held = _first_of(solver, _with_coast_held(posed, guess), guess, first)
        loose = any(leg.kind == "orbit" and leg.bounds_s is not None for leg in posed.legs)
        if held.status != "solved" or not loose:
            return held, True
        freed = _first_of(solver, posed, _as_guess(held), ways)
        if freed.status != "solved":
            return _after(freed, held), False
        return _after(held, freed), True

    def tidied(self, mission: Mission, made: Attempt) -> Attempt:
        """An attempt without idle burns between coasts, and without turns around the circle.

        What turns again after it was straightened is left as it is.
        """
        best, straightened = made, False
        while best.solution.status == "solved" and not best.start.route.direct:
            straight = None if straightened else unwound(best.posed, best.solution)
            start, guess = best.start, _as_guess(straight or best.solution)
            less = without_idle_burn(start, best.posed.legs, guess)
            if less is None and straight is None:
                break
            posed, straightened = best.posed, less is None
            if less is not None:
                start, guess = less
                posed = pose(mission, start)
            found = _first_of(self.solver(posed), posed, guess, _TIDIED)
            tidy = Attempt(start, posed, _after(best.solution, found))
            if found.status != "solved" or tidy.worth < best.worth:
                break
            best = tidy
        return best if best.start == made.start else self._loosened(mission, best)

    def _loosened(self, mission: Mission, held: Attempt) -> Attempt:
        """An attempt whose coasts are of a given length, with that length set free if that goes."""
        start = with_loose_coasts(held.start)
        posed = pose(mission, start)
        freed = _first_of(self.solver(posed), posed, _as_guess(held.solution), _FREED)
        made = Attempt(start, posed, _after(held.solution, freed))
        return made if freed.status == "solved" and made.worth >= held.worth else held

    def nearby(self, mission: Mission, before: Attempt) -> Attempt:
        """Solve a mission whose numbers differ a little, from a neighbour and its multipliers."""
        posed = pose(mission, before.start, like=before.posed)
        if posed.key == before.posed.key:
            posed = _timed(_on_mesh_of(posed, before), before.solution)
            solution = self.solver(posed).solve(posed.data, before.solution, _NEARBY)
            if solution.status == "solved":
                return Attempt(before.start, posed, solution)
        guess = _as_guess(before.solution)
        return Attempt(before.start, posed, _first_of(self.solver(posed), posed, guess, _KNOWN))

    def again(
        self, mission: Mission, before: Attempt, *, even: bool = False, quick: bool = False
    ) -> Attempt:
        """Solve once more from a solution: other numbers, or an evened mesh.

        A quick one gives up where a neighbour would not: a smaller step is cheaper.
        """
        posed = _timed(pose(mission, before.start), before.solution)
        if even:
            posed = _evened(posed, before)
        solver, guess = self.solver(posed), _as_guess(before.solution)
        ways = _KNOWN[:1] if quick else _KNOWN
        return Attempt(before.start, posed, _first_of(solver, posed, guess, ways))

    def finer(self, mission: Mission, before: Attempt, factors: tuple[int, ...]) -> Attempt:
        """Solve once more from a solution with each leg's mesh finer by a factor, and evened."""
        legs = tuple(
            replace(
                leg,
                intervals=mesh_count(leg) * factor,
                scale_s=duration_scale(leg),
            )
            for leg, factor in zip(before.posed.legs, factors, strict=True)
        )
        posed = pose(mission, before.start, like=replace(before.posed, legs=legs))
        posed = _timed(_evened(posed, before), before.solution)
        guess = _as_guess(before.solution)
        return Attempt(before.start, posed, _first_of(self.solver(posed), posed, guess, _KNOWN))


def _freed(start: Start) -> tuple[SolverOptions, ...]:
    """How hard to try to free the coasts of a start."""
    if start.dogleg:
        return _FREED_FAR
    return _FREED if len(start.route.coasts) == 1 else _FREED_ALL


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


def _after(earlier: Solution, solution: Solution) -> Solution:
    """A solution with the cost of an earlier one, which it was led up to by, added."""
    iterations = earlier.iterations + solution.iterations
    return replace(solution, iterations=iterations, solve_s=earlier.solve_s + solution.solve_s)


def first_guess(mission: Mission, posed: Formulation, start: Start) -> Guess:
    """A guess by rehearsal, at a payload that just gets there."""
    payload, last = mission.payload_kg, mission.vehicle.stages[-1]
    unloaded = (1.0 - start.route.load_share) * last.loaded_kg
    if payload is None:
        payload = payload_guess(mission, posed.legs, start.speed_m_s, unloaded)
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
        unloaded,
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


def leg_starts(posed: Formulation, known: Solution) -> list[float]:
    """When the legs of a problem begin if the free ones last as long as a solution's.

    Parameters
    ----------
    posed : Formulation
    known : Solution, of the same legs

    Returns
    -------
    list of float, seconds after lift-off
    """
    starts, now = [], 0.0
    for numbers, one in zip(posed.data.phases, known.phases, strict=True):
        starts.append(now)
        shortest, longest = numbers.duration
        now += one.duration if shortest < longest else longest
    return starts


def _timed(posed: Formulation, known: Solution) -> Formulation:
    """The same problem by the clock of a solution: the ground below turns meanwhile.

    Where an air-lit core throttles for a minute longer than its nominal burn, that is
    three tenths of a degree.
    """
    phases = []
    for numbers, start in zip(posed.data.phases, leg_starts(posed, known), strict=True):
        own = np.array(numbers.own, dtype=float)
        own[-eq.OWN_TAIL] = start
        phases.append(replace(numbers, own=own))
    return replace(posed, data=replace(posed.data, phases=tuple(phases)))


def _with_coast_held(posed: Formulation, guess: Guess) -> Formulation:
    """The same problem with its coasts in orbit as long as the guess has them."""
    phases = tuple(
        replace(numbers, duration=(one.duration, one.duration)) if leg.kind == "orbit" else numbers
        for leg, numbers, one in zip(posed.legs, posed.data.phases, guess.phases, strict=True)
    )
    return replace(posed, data=replace(posed.data, phases=phases))


def _evened(posed: Formulation, before: Attempt) -> Formulation:
    """The same structure with mesh errors spread evenly; kinks of thrust keep their place."""
    solution = before.solution
    errors = interval_errors(before.posed.problem, before.posed.data, solution)
    phases = []
    for phase, numbers, one, wrong, pattern in zip(
        *(posed.problem.phases, posed.data.phases, solution.phases, errors, posed.patterns),
        strict=True,
    ):
        if pattern is None or pattern.shapes:
            phases.append(numbers)
        else:
            even = evened_fractions(one.breaks, wrong, phase.degree + 1, phase.intervals)
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
