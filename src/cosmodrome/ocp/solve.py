"""Solving a transcribed problem: bounds and guesses in, a physical solution out."""

from __future__ import annotations

import ctypes
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

import casadi as ca
import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import ProblemError
from cosmodrome.ocp.blocks import FEW_SOLVES, MANY_SOLVES
from cosmodrome.ocp.data import Bounds, Data, Guess, PhaseGuess, PhaseSolution, Solution
from cosmodrome.ocp.problem import Phase, Problem
from cosmodrome.ocp.radau import lagrange_matrix
from cosmodrome.ocp.transcribe import (
    Layout,
    Transcription,
    control_matrix,
    points_of,
    transcribe,
)

__all__ = ["Solver", "SolverOptions", "interpolate"]

Array = NDArray[np.float64]

_FOUND = ("Solve_Succeeded", "Solved_To_Acceptable_Level")
_INFEASIBLE = ("Infeasible_Problem_Detected",)


@dataclass(frozen=True, slots=True)
class SolverOptions:
    """Settings of the interior-point solver.

    Parameters
    ----------
    tolerance : float, scaled optimality and feasibility
    violation : float or None, of scaled constraints; as the tolerance if None
    max_iterations : int
    max_seconds : float, processor time
    initial_barrier : float, small because first guesses are physical: 30 instead
        of 80 to 120 iterations on an ascent with all limits, same optimum
    patient : bool
        Lower the barrier gently: slower, for problems with long flat valleys.
    near : bool
        The start is next to the optimum: every full step is taken, none is measured
        against the one before.
    """

    tolerance: float = 1e-8
    max_iterations: int = 150
    max_seconds: float = 60.0
    initial_barrier: float = 1e-3
    patient: bool = False
    violation: float | None = None
    near: bool = False


class Solver:
    """A problem transcribed once, solved many times with other numbers.

    Parameters
    ----------
    problem : Problem
    many : bool
        It will be solved some hundred times: slower to build, faster to solve, with
        the same numbers.
    """

    def __init__(self, problem: Problem, *, many: bool = False) -> None:
        began = time.perf_counter()
        pays = MANY_SOLVES if many else FEW_SOLVES
        self.transcription: Transcription = transcribe(problem, pays)
        self._solvers: dict[Any, Any] = {}
        self.build_s = time.perf_counter() - began

    @property
    def problem(self) -> Problem:
        """The problem this was built from."""
        return self.transcription.problem

    def solve(
        self,
        data: Data,
        guess: Guess | Solution,
        options: SolverOptions | None = None,
    ) -> Solution:
        """Solve for one set of numbers.

        Parameters
        ----------
        data : Data
        guess : Guess, or an earlier Solution of the same structure (warm start)
        options : SolverOptions

        Returns
        -------
        Solution
            Its status says whether it may be used; "solved" means the scaled
            conditions hold to the tolerance, not that the optimum is global.

        Raises
        ------
        ProblemError
            If the numbers do not fit the structure.
        """
        options = options or SolverOptions()
        _check(self.problem, data)
        warm = isinstance(guess, Solution)
        lower, upper = self._variable_bounds(data)
        g_lower, g_upper = self._constraint_bounds(data)
        start = guess.unknowns if isinstance(guess, Solution) else self._start(data, guess)
        arguments: dict[str, Any] = {
            "x0": np.clip(start, lower, upper),
            "p": self._parameters(data),
            "lbx": lower,
            "ubx": upper,
            "lbg": g_lower,
            "ubg": g_upper,
        }
        if isinstance(guess, Solution):
            arguments |= {"lam_g0": guess.multipliers, "lam_x0": guess.bound_multipliers}
        solver = self._solver(options, warm=warm)
        began = time.perf_counter()
        result = solver(**arguments)
        elapsed = time.perf_counter() - began
        return self._solution(data, result, solver.stats(), elapsed)

    def change_of_optimum(self, solution: Solution, before: Data, after: Data) -> float:
        """First-order change of the optimal objective when the numbers change.

        By the multipliers of the constraints and bounds: nothing is solved again.

        Parameters
        ----------
        solution : Solution, an optimum at `before` or near it
        before, after : Data

        Returns
        -------
        float

        Accuracy
        --------
        First order in the change, exact as it goes to zero, as long as the same
        limits stay active. Ask for the mean of a change and its opposite to be
        rid of the second order.
        """
        changes = 0.0
        for data, sign in ((before, -1.0), (after, 1.0)):
            g = np.asarray(self._constraints(solution.unknowns, self._parameters(data))).ravel()
            sides = (
                (self._constraint_bounds(data), solution.multipliers),
                (self._variable_bounds(data), solution.bound_multipliers),
            )
            changes += sign * float(solution.multipliers @ g)
            for (lower, upper), multipliers in sides:
                # A positive multiplier holds against the upper bound, a negative one the lower.
                side = np.where(multipliers > 0.0, upper, lower)
                finite = np.isfinite(side)
                changes -= sign * float(multipliers[finite] @ side[finite])
        return changes

    @cached_property
    def _constraints(self) -> Any:
        nlp = self.transcription.programme["nlp"]
        return ca.Function("constraints", [nlp["x"], nlp["p"]], [nlp["g"]])

    def _solver(self, options: SolverOptions, *, warm: bool) -> Any:
        key = (options, warm)
        if key not in self._solvers:
            programme = self.transcription.programme
            settings = {
                "error_on_fail": False,
                "print_time": False,
                "show_eval_warnings": False,
                "jac_g": programme["jac_g"],
                "grad_f": programme["grad_f"],
                "hess_lag": programme["hess_lag"],
                "ipopt": _ipopt_settings(options, warm=warm),
            }
            self._solvers[key] = ca.nlpsol("solver", "ipopt", programme["nlp"], settings)
            _single_threaded()
        return self._solvers[key]

    def _parameters(self, data: Data) -> Array:
        pieces = []
        for phase, layout in zip(data.phases, self.transcription.layouts, strict=True):
            breaks = _breaks(layout, phase.fractions)
            pieces += [breaks[:-1], np.diff(breaks), [phase.duration[0]], phase.own]
        return np.concatenate([*pieces, data.p])

    def _variable_bounds(self, data: Data) -> tuple[Array, Array]:
        scale = self.transcription.scale
        lower, upper = np.full(scale.size, -np.inf), np.full(scale.size, np.inf)
        n_statics = len(self.problem.statics)
        if data.statics is not None:
            lower[:n_statics], upper[:n_statics] = data.statics.lower, data.statics.upper
        if self.problem.phases[0].free_duration:
            lower[n_statics], upper[n_statics] = data.phases[0].duration
        for _phase, layout, numbers in zip(
            self.problem.phases, self.transcription.layouts, data.phases, strict=True
        ):
            for bounds, where in _bounded(layout, numbers.states, numbers.controls):
                lower[where], upper[where] = bounds
            for k, child in enumerate(layout.children):
                where = layout.stop - len(layout.children) + k
                lower[where], upper[where] = data.phases[child].duration
        return lower / scale, upper / scale

    def _constraint_bounds(self, data: Data) -> tuple[Array, Array]:
        equality = self.transcription.equality
        lower = np.where(equality, 0.0, -np.inf)
        upper = np.where(equality, 0.0, np.inf)
        for phase, numbers in zip(self.problem.phases, data.phases, strict=True):
            for kind, bounds in (("path", numbers.path), ("terminal", numbers.terminal)):
                rows = self.transcription.rows.get((phase.name, kind))
                if rows is None or bounds is None:
                    continue
                repeats = rows.size // bounds.lower.size
                lower[rows] = np.tile(bounds.lower, repeats)
                upper[rows] = np.tile(bounds.upper, repeats)
        return lower, upper

    def _start(self, data: Data, guess: Guess) -> Array:
        """Unknowns from a guess on any grid."""
        scale = self.transcription.scale
        w = np.zeros(scale.size)
        n_statics = len(self.problem.statics)
        w[:n_statics] = guess.statics
        if self.problem.phases[0].free_duration:
            w[n_statics] = guess.phases[0].duration
        for phase, layout, numbers, one in zip(
            self.problem.phases, self.transcription.layouts, data.phases, guess.phases, strict=True
        ):
            block = _phase_start(phase, layout, _breaks(layout, numbers.fractions), one, guess)
            w[layout.start : layout.start + block.size] = block
            for k, child in enumerate(layout.children):
                w[layout.stop - len(layout.children) + k] = guess.phases[child].duration
        return w / scale

    def _solution(self, data: Data, result: Any, stats: dict[str, Any], elapsed: float) -> Solution:
        transcription = self.transcription
        unknowns = np.asarray(result["x"]).ravel()
        multipliers = np.asarray(result["lam_g"]).ravel()
        g = np.asarray(result["g"]).ravel()
        g_lower, g_upper = self._constraint_bounds(data)
        violation = float(np.max(np.maximum(g_lower - g, g - g_upper), initial=0.0))
        physical = unknowns * transcription.scale
        phases = tuple(
            self._phase_solution(k, data, physical, multipliers) for k in range(len(data.phases))
        )
        message = str(stats["return_status"])
        if message == "User_Requested_Stop":  # the solver swallows an interrupt
            raise KeyboardInterrupt
        status: Literal["solved", "infeasible", "not_converged"] = "not_converged"
        if message in _FOUND and violation < 1e-5:
            status = "solved"
        elif message in _INFEASIBLE:
            status = "infeasible"
        return Solution(
            status=status,
            message=message,
            objective=float(result["f"]),
            violation=violation,
            iterations=int(stats["iter_count"]),
            solve_s=elapsed,
            phases=phases,
            statics=physical[: len(self.problem.statics)],
            unknowns=unknowns,
            multipliers=multipliers,
            bound_multipliers=np.asarray(result["lam_x"]).ravel(),
        )

    def _phase_solution(self, k: int, data: Data, w: Array, multipliers: Array) -> PhaseSolution:
        phase, layout = self.problem.phases[k], self.transcription.layouts[k]
        block = w[layout.start : layout.start + layout.intervals * layout.width]
        block = block.reshape(layout.intervals, layout.width)
        nx, points = layout.n_states, points_of(phase)
        nodes = block[:, layout.head : layout.head + layout.body]
        nodes = nodes.reshape(layout.intervals, layout.n_nodes, nx)
        offset, controls, values = layout.head + layout.body, [], []
        for control, width in zip(phase.controls, layout.control_widths, strict=True):
            raw = block[:, offset : offset + width]
            controls.append(raw)
            values.append(raw @ control_matrix(control.degree, points).T)
            offset += width
        shape = (layout.intervals, layout.n_nodes, len(phase.controls))
        duration = block[0, nx + layout.n_statics] if phase.free_duration else None
        rows = self.transcription.rows[phase.name, "collocation"]
        dual = multipliers[rows].reshape(layout.intervals, layout.n_nodes, nx)
        # d(objective)/d(state): defects are scaled by the state scale and weighted.
        costates = -dual / points.weights[None, :, None] / np.array(phase.scales)
        terminal = self.transcription.rows.get((phase.name, "terminal"))
        return PhaseSolution(
            name=phase.name,
            duration=float(data.phases[k].duration[0] if duration is None else duration),
            breaks=_breaks(layout, data.phases[k].fractions),
            grid=points.grid,
            x=np.concatenate([block[:, None, :nx], nodes], axis=1),
            u=tuple(controls),
            u_nodes=np.stack(values, axis=-1) if values else np.empty(shape),
            costates=costates,
            terminal_multipliers=np.empty(0) if terminal is None else multipliers[terminal],
        )


@cache
def _single_threaded() -> None:
    """Keep the BLAS that comes inside CasADi's package on one thread.

    It is that package's own copy; nobody else's threads are touched. Fronts here
    are too small to gain from more, attempts run side by side on all cores, and
    answers must not depend on how many there are.
    """
    loaded = getattr(os, "RTLD_NOLOAD", None)
    if loaded is None:
        return
    for path in sorted(Path(ca.__file__).parent.glob("libcasadi-tp-openblas*")):
        with suppress(OSError, AttributeError):
            ctypes.CDLL(str(path), mode=loaded | os.RTLD_NOW).openblas_set_num_threads(1)


def _ipopt_settings(options: SolverOptions, *, warm: bool) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "print_level": 0,
        "sb": "yes",
        "linear_solver": "mumps",
        # Minimum degree without a permutation for scaling: the linear algebra takes
        # a half to a third of the time, and iterations never more, on all ascents.
        "mumps_pivot_order": 0,
        "mumps_permuting_scaling": 0,
        "nlp_scaling_method": "none",
        "tol": options.tolerance,
        "constr_viol_tol": options.tolerance if options.violation is None else options.violation,
        "max_iter": options.max_iterations,
        "max_cpu_time": options.max_seconds,
        "acceptable_iter": 0,
        "mu_init": options.initial_barrier,
        # Twice as steep as usual, about a tenth fewer iterations on ascents.
        "mu_linear_decrease_factor": 0.3 if options.patient else 0.1,
        "mu_superlinear_decrease_power": 1.2 if options.patient else 1.8,
        "bound_push": 1e-4,
        "bound_frac": 1e-4,
    }
    if options.near:
        settings["accept_every_trial_step"] = "yes"
    if warm:
        # As near the bounds as the optimum that is started from, whose barrier has
        # fallen to a tenth of the tolerance: pushed further off, it takes twice the
        # iterations to come back, and stops 0.0015 per cent short.
        settings |= {
            "warm_start_init_point": "yes",
            "warm_start_bound_push": 1e-9,
            "warm_start_bound_frac": 1e-9,
            "warm_start_slack_bound_push": 1e-9,
            "warm_start_slack_bound_frac": 1e-9,
            "warm_start_mult_bound_push": 1e-9,
            "mu_init": 1e-8,
        }
    return settings


def _breaks(layout: Layout, fractions: Array | None) -> Array:
    if fractions is None:
        return np.linspace(0.0, 1.0, layout.intervals + 1)
    breaks = np.concatenate([[0.0], np.cumsum(fractions)])
    return np.asarray(breaks / breaks[-1])


def _bounded(
    layout: Layout, states: Bounds | None, controls: Bounds | None
) -> list[tuple[tuple[Array, Array], Any]]:
    """Pairs of ((lower, upper), index array) for all nodes of a phase."""
    base = layout.start + np.arange(layout.intervals)[:, None] * layout.width
    pairs: list[tuple[tuple[Array, Array], Any]] = []
    if states is not None:
        nodes = base + layout.head + np.arange(layout.body)[None, :]
        nodes = nodes.reshape(layout.intervals, layout.n_nodes, layout.n_states)
        pairs.append(((states.lower, states.upper), nodes))
    if controls is not None:
        offset = layout.head + layout.body
        for k, width in enumerate(layout.control_widths):
            where = base + offset + np.arange(width)[None, :]
            pairs.append(((controls.lower[k], controls.upper[k]), where))
            offset += width
    return pairs


def _phase_start(
    phase: Phase, layout: Layout, breaks: Array, one: PhaseGuess, guess: Guess
) -> Array:
    known = one.known
    if known is not None and _fits(layout, breaks, known):
        x, columns = known.x, list(known.u)
    else:
        x, columns = _sampled(phase, layout, breaks, one)
    head = [x[:, 0], np.tile(guess.statics, (layout.intervals, 1))]
    if phase.free_duration:
        head.append(np.full((layout.intervals, 1), one.duration))
    body = x[:, 1:].reshape(layout.intervals, layout.body)
    return np.hstack([*head, body, *columns]).ravel()


def _fits(layout: Layout, breaks: Array, known: PhaseSolution) -> bool:
    """Whether a known phase has this mesh and these unknowns."""
    if known.x.shape != (layout.intervals, layout.n_nodes + 1, layout.n_states):
        return False
    widths = tuple(one.shape[1] for one in known.u)
    return widths == tuple(layout.control_widths) and np.allclose(known.breaks, breaks, atol=1e-9)


def _sampled(
    phase: Phase, layout: Layout, breaks: Array, one: PhaseGuess
) -> tuple[Array, list[Array]]:
    """States and controls of a guess at the nodes, by straight lines between its points."""
    points = points_of(phase)
    at = breaks[:-1, None] + np.diff(breaks)[:, None] * points.grid[None, :]
    x = np.stack([np.interp(at, one.fraction, column) for column in one.x.T], axis=-1)
    columns = []
    for k, control in enumerate(phase.controls):
        width = layout.control_widths[k]
        inner = points.nodes
        if control.degree is not None:
            inner = np.linspace(0.0, 1.0, width) if control.degree else np.array([0.5])
        where = breaks[:-1, None] + np.diff(breaks)[:, None] * inner[None, :]
        columns.append(np.interp(where, one.fraction, one.u[:, k]))
    return x, columns


def _check(problem: Problem, data: Data) -> None:
    if len(data.phases) != len(problem.phases):
        raise ProblemError(f"{len(problem.phases)} phases are posed, {len(data.phases)} given")
    if np.size(data.p) != problem.n_parameters:
        raise ProblemError(f"{problem.n_parameters} parameters are posed, {np.size(data.p)} given")
    for phase, numbers in zip(problem.phases, data.phases, strict=True):
        if np.size(numbers.own) != phase.n_own:
            raise ProblemError(f"phase {phase.name!r}: {phase.n_own} numbers of its own are posed")
        if numbers.fractions is not None and np.size(numbers.fractions) != phase.intervals:
            raise ProblemError(f"phase {phase.name!r}: one mesh fraction per interval is needed")
        if not phase.free_duration and numbers.duration[0] != numbers.duration[1]:
            raise ProblemError(f"phase {phase.name!r}: a fixed duration needs equal bounds")


def interpolate(phase: PhaseSolution, fractions: Array) -> Array:
    """State of a phase at fractions of its duration, by its own polynomials.

    Parameters
    ----------
    phase : PhaseSolution
    fractions : array, shape (m,), in [0, 1]

    Returns
    -------
    array, shape (m, states)
    """
    n = len(phase.x)
    where = np.clip(np.searchsorted(phase.breaks, fractions, side="right") - 1, 0, n - 1)
    local = (fractions - phase.breaks[where]) / np.diff(phase.breaks)[where]
    weights = lagrange_matrix(phase.grid, local)
    return np.asarray(np.einsum("mj,mjx->mx", weights, phase.x[where]))
