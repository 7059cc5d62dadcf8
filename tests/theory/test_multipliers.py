"""The multipliers are what Pontryagin says: sensitivities, and a constant Hamiltonian."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import casadi as ca
import numpy as np
import pytest

from cosmodrome.ocp import (
    Bounds,
    Control,
    Data,
    Guess,
    Phase,
    PhaseData,
    PhaseGuess,
    PhaseSolution,
    Point,
    Problem,
    Solution,
    Solver,
    SolverOptions,
    column,
)

TIGHT = SolverOptions(tolerance=1e-12)
# Relative to the largest sensitivity; the central difference itself is good to 1e-9.
SENSITIVITY = 1e-6
# Relative; the multipliers of ten intervals of degree 4, which converge more slowly.
HAMILTONIAN = 1e-5
STEP = 1e-4


def glide(point: Point) -> Any:
    """A boat steered by its heading in a current that grows with y and slows with x."""
    x, y = point.x[0], point.x[1]
    return column(ca.cos(point.u[0]) + 0.4 * y + point.p[0], ca.sin(point.u[0]) - 0.2 * ca.sin(x))


def crossing() -> Problem:
    """Two phases: a fixed time under way, then on to a given place in least time."""

    def phase(name: str, parent: str | None, link: Any, **more: Any) -> Phase:
        return Phase(
            name=name,
            states=("x", "y"),
            # Unequal on purpose: a forgotten scale shows.
            scales=(3.0, 0.5),
            dynamics=glide,
            controls=(Control("heading"),),
            parent=parent,
            link=link,
            intervals=10,
            **more,
        )

    first = phase("fixed", None, lambda point: point.p[1:3])
    # The gap between the phases is a number, so that its price can be measured.
    second = phase(
        "free",
        "fixed",
        lambda point: point.x + point.p[3:5],
        terminal=lambda point: point.x - ca.DM([4.0, 1.0]),
        n_terminal=2,
        free_duration=True,
    )
    return Problem((first, second), lambda point: point.duration, 5)


def numbers(*p: float, first_s: float = 0.7) -> Data:
    zero = (0.0, 0.0)
    turn = Bounds.of((-3.0, 3.0))
    return Data(
        (
            PhaseData((first_s, first_s), np.empty(0), controls=turn),
            PhaseData((0.1, 20.0), np.empty(0), controls=turn, terminal=Bounds.of(zero, zero)),
        ),
        np.array(p),
    )


def rough() -> Guess:
    def leg(x0: list[float], x1: list[float], duration: float) -> PhaseGuess:
        return PhaseGuess(np.array([0.0, 1.0]), np.array([x0, x1]), np.full((2, 1), 0.3), duration)

    return Guess((leg([0.0, 0.0], [1.0, 0.2], 0.7), leg([1.0, 0.2], [4.0, 1.0], 2.5)), np.empty(0))


@pytest.fixture(scope="module")
def solver() -> Solver:
    return Solver(crossing())


@pytest.fixture(scope="module")
def found(solver: Solver) -> Solution:
    solution = solver.solve(numbers(0.0, 0.0, 0.0, 0.0, 0.0), rough(), TIGHT)
    assert solution.status == "solved"
    return solution


def costate_at_start(phase: PhaseSolution) -> Any:
    """The costate's polynomial of the first interval, carried back to the start."""
    nodes = phase.grid[1:]
    return np.array(
        [np.polyval(np.polyfit(nodes, c, len(nodes) - 1), 0.0) for c in phase.costates[0].T]
    )


def price(solver: Solver, k: int) -> float:
    """d(objective)/d(parameter k) by a central difference of two whole solutions."""
    values = []
    for sign in (1.0, -1.0):
        p = np.zeros(5)
        p[k] = sign * STEP
        values.append(solver.solve(numbers(*p), rough(), TIGHT).objective)
    return (values[0] - values[1]) / (2.0 * STEP)


def test_costates_are_the_price_of_the_first_state(solver: Solver, found: Solution) -> None:
    prices = np.array([price(solver, 1), price(solver, 2)])
    costate = costate_at_start(found.phases[0])
    assert np.abs(costate - prices).max() < SENSITIVITY * np.abs(prices).max() * 10.0
    assert prices[0] < -0.5  # nearer the goal is sooner there: the sign means something


def test_costates_are_the_price_of_a_jump_between_phases(solver: Solver, found: Solution) -> None:
    """At the last node of a phase there is nothing to extrapolate."""
    prices = np.array([price(solver, 3), price(solver, 4)])
    before, after = found.phases
    assert np.abs(before.costates[-1, -1] - prices).max() < SENSITIVITY * np.abs(prices).max()
    assert np.abs(costate_at_start(after) - prices).max() < 1e-5


def hamiltonian(phase: PhaseSolution) -> Any:
    x, y = phase.x[:, 1:, 0], phase.x[:, 1:, 1]
    heading = phase.u_nodes[:, :, 0]
    rates = np.stack([np.cos(heading) + 0.4 * y, np.sin(heading) - 0.2 * np.sin(x)], axis=-1)
    return np.einsum("njx,njx->nj", phase.costates, rates)


def test_hamiltonian_is_minus_one_where_time_is_what_is_paid(found: Solution) -> None:
    assert np.abs(hamiltonian(found.phases[1]) + 1.0).max() < HAMILTONIAN


def test_hamiltonian_of_a_fixed_phase_is_the_price_of_its_length(
    solver: Solver, found: Solution
) -> None:
    values = hamiltonian(found.phases[0])
    longer, shorter = (
        solver.solve(numbers(0.0, 0.0, 0.0, 0.0, 0.0, first_s=0.7 + d), rough(), TIGHT).objective
        for d in (STEP, -STEP)
    )
    assert np.ptp(values) < HAMILTONIAN
    assert values.mean() == pytest.approx((longer - shorter) / (2.0 * STEP), abs=HAMILTONIAN)


def test_terminal_multipliers_are_the_price_of_the_goal(solver: Solver, found: Solution) -> None:
    """Moving the goal is moving its bounds; the multiplier's sign is L = f + multiplier g."""
    data = numbers(0.0, 0.0, 0.0, 0.0, 0.0)
    for k in range(2):
        values = []
        for sign in (1.0, -1.0):
            goal = np.zeros(2)
            goal[k] = sign * STEP
            last = replace(data.phases[1], terminal=Bounds(goal, goal))
            moved = replace(data, phases=(data.phases[0], last))
            values.append(solver.solve(moved, rough(), TIGHT).objective)
        slope = (values[0] - values[1]) / (2.0 * STEP)
        assert -found.phases[1].terminal_multipliers[k] == pytest.approx(slope, abs=1e-6)
