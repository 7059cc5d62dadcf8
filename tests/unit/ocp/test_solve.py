"""Starting, stopping and repeating a solution."""

from __future__ import annotations

import os
import subprocess
import sys
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
    Point,
    Problem,
    Solver,
    SolverOptions,
    column,
    interpolate,
)

SAME = 1e-9  # of an optimum of order 1, solved to 1e-8 in its conditions


def rates(point: Point) -> Any:
    """A cart pushed along a line; the third state adds up the effort."""
    return column(point.x[1], point.u[0] - 0.1 * point.x[1] ** 3, point.u[0] ** 2)


def cart() -> Problem:
    phase = Phase(
        name="cart",
        states=("place", "speed", "effort"),
        scales=(1.0, 1.0, 5.0),
        dynamics=rates,
        controls=(Control("push"),),
        path=lambda point: column(point.x[1]),
        n_path=1,
        terminal=lambda point: column(point.x[0] - point.own[0], point.x[1]),
        n_terminal=2,
        link=lambda point: point.p,
        intervals=6,
        n_own=1,
    )
    return Problem((phase,), lambda point: point.x[2], 3)


def numbers(goal: float = 1.0, top: float = 1.3) -> Data:
    zero = (0.0, 0.0)
    one = PhaseData(
        (1.0, 1.0),
        np.array([goal]),
        controls=Bounds.of((-30.0, 30.0)),
        path=Bounds.of((-np.inf, top)),
        terminal=Bounds.of(zero, zero),
    )
    return Data((one,), np.zeros(3))


def rough() -> Guess:
    ends = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 10.0]])
    return Guess((PhaseGuess(np.array([0.0, 1.0]), ends, np.zeros((2, 1)), 1.0),), np.empty(0))


@pytest.fixture(scope="module")
def solver() -> Solver:
    return Solver(cart())


def test_a_warm_start_finds_the_same_optimum_sooner(solver: Solver) -> None:
    cold = solver.solve(numbers(), rough())
    warm = solver.solve(numbers(), cold)
    assert cold.status == warm.status == "solved"
    assert warm.objective == pytest.approx(cold.objective, rel=SAME)
    # One step; nine without the multipliers, eleven from the rough guess.
    assert warm.iterations <= 3 < cold.iterations


def test_a_warm_start_follows_the_numbers(solver: Solver) -> None:
    before = solver.solve(numbers(), rough())
    warm, cold = solver.solve(numbers(1.05), before), solver.solve(numbers(1.05), rough())
    assert warm.objective == pytest.approx(cold.objective, rel=1e-7)
    assert warm.objective > before.objective + 0.5


def test_the_same_question_has_the_same_answer_bit_by_bit(solver: Solver) -> None:
    first, second = solver.solve(numbers(), rough()), Solver(cart()).solve(numbers(), rough())
    assert np.array_equal(first.unknowns, second.unknowns)
    assert np.array_equal(first.multipliers, second.multipliers)
    assert first.iterations == second.iterations


def test_threads_do_not_change_a_bit(solver: Solver) -> None:
    words = (
        "import importlib.util, sys\n"
        "spec = importlib.util.spec_from_file_location('one', sys.argv[1])\n"
        "one = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(one)\n"
        "found = one.Solver(one.cart()).solve(one.numbers(), one.rough())\n"
        "print(found.unknowns.tobytes().hex())\n"
    )
    pinned = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "2")
    done = subprocess.run(
        [sys.executable, "-c", words, __file__],
        env=os.environ | pinned,
        capture_output=True,
        text=True,
        check=True,
    )
    here = solver.solve(numbers(), rough()).unknowns
    assert done.stdout.strip() == here.tobytes().hex()


def test_the_impossible_is_not_called_solved(solver: Solver) -> None:
    """The place cannot be reached at so low a top speed."""
    found = solver.solve(numbers(top=0.5), rough())
    assert found.status != "solved"
    assert found.violation > 1e-3


def test_too_few_iterations_are_said(solver: Solver) -> None:
    found = solver.solve(numbers(), rough(), SolverOptions(max_iterations=2))
    assert found.status == "not_converged"
    assert found.message == "Maximum_Iterations_Exceeded"
    assert found.iterations == 2


def test_bounds_hold_and_one_is_met(solver: Solver) -> None:
    found = solver.solve(numbers(), rough())
    top = found.phases[0].x[:, 1:, 1].max()
    assert top == pytest.approx(1.3, abs=1e-6)
    assert found.violation < 1e-7
    loose = solver.solve(numbers(top=np.inf), rough())
    assert loose.phases[0].x[:, :, 1].max() > 1.4
    assert loose.objective < found.objective


def test_bounds_of_states_and_statics() -> None:
    """A static that the objective wants small stops at its bound."""
    phase = Phase(
        name="a",
        states=("x", "y"),
        scales=(1.0, 1.0),
        dynamics=lambda point: column(point.statics[0], point.x[0]),
        link=lambda _point: ca.SX([0.0, 0.0]),
        intervals=2,
        degree=2,
    )
    solver = Solver(Problem((phase,), lambda point: point.x[1], 0, ("rate",), (2.0,)))
    guess = PhaseGuess(np.array([0.0, 1.0]), np.zeros((2, 2)), np.empty((2, 0)), 1.0)
    data = Data((PhaseData((1.0, 1.0), np.empty(0)),), np.empty(0), Bounds.of((-3.0, 3.0)))
    found = solver.solve(data, Guess((guess,), np.array([1.0])))
    assert found.statics[0] == pytest.approx(-3.0, abs=1e-6)
    assert found.objective == pytest.approx(-1.5, abs=1e-6)
    floor = replace(data.phases[0], states=Bounds.of((-2.0, 9.0), (-9.0, 9.0)))
    found = solver.solve(replace(data, phases=(floor,)), Guess((guess,), np.array([1.0])))
    assert found.phases[0].x[:, 1:, 0].min() == pytest.approx(-2.0, abs=1e-6)


def test_interpolation_passes_through_the_nodes(solver: Solver) -> None:
    phase = solver.solve(numbers(), rough()).phases[0]
    widths = np.diff(phase.breaks)
    at = (phase.breaks[:-1, None] + widths[:, None] * phase.grid[None, 1:]).ravel()
    values = interpolate(phase, at).reshape(phase.x[:, 1:].shape)
    assert np.abs(values - phase.x[:, 1:]).max() < 1e-12
    assert interpolate(phase, np.array([0.0]))[0] == pytest.approx(phase.x[0, 0], abs=1e-15)


def test_an_arc_steps_in_closed_form() -> None:
    """A turn of the plane in five arcs is the whole turn."""

    def turn(point: Point, dt: Any) -> Any:
        c, s = ca.cos(dt), ca.sin(dt)
        return column(c * point.x[0] - s * point.x[1], s * point.x[0] + c * point.x[1])

    phase = Phase(
        name="turn",
        states=("x", "y"),
        scales=(1.0, 2.0),
        arc=turn,
        link=lambda _point: ca.SX([1.0, 0.0]),
        terminal=lambda point: column(point.x[1]),
        n_terminal=1,
        free_duration=True,
        intervals=5,
    )
    data = PhaseData((2.0, 4.0), np.empty(0), terminal=Bounds.of((0.0, 0.0)))
    guess = PhaseGuess(
        np.array([0.0, 1.0]), np.array([[1.0, 0.0], [-1.0, 0.1]]), np.empty((2, 0)), 3.0
    )
    solver = Solver(Problem((phase,), lambda point: point.duration, 0))
    found = solver.solve(Data((data,), np.empty(0)), Guess((guess,), np.empty(0)))
    assert found.status == "solved"
    assert found.objective == pytest.approx(np.pi, abs=1e-8)
    # At half a turn y falls with time: a little more of it takes as much longer.
    assert found.phases[0].costates[-1, -1, 1] == pytest.approx(1.0, abs=1e-6)
