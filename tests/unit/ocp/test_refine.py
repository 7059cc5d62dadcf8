"""Error estimates and evened meshes."""

from __future__ import annotations

import numpy as np
import pytest

from cosmodrome.ocp import (
    Data,
    Guess,
    Phase,
    PhaseData,
    PhaseGuess,
    Point,
    Problem,
    Solver,
    column,
    evened_fractions,
    interpolate,
    interval_errors,
)

RATE = 6.0


def decay(intervals: int, degree: int) -> tuple[Problem, Data]:
    """x' = -6 x over one second, from 1; most of the change comes first."""

    def rate(point: Point) -> object:
        return column(-RATE * point.x[0], point.x[0])

    def start(point: Point) -> object:
        return column(1.0, 0.0 * point.p[0])

    phase = Phase(
        name="decay",
        states=("x", "y"),
        scales=(1.0, 1.0),
        dynamics=rate,
        link=start,
        intervals=intervals,
        degree=degree,
    )
    problem = Problem((phase,), lambda point: point.x[0], 1)
    return problem, Data((PhaseData((1.0, 1.0), np.empty(0)),), np.zeros(1))


def solved(problem: Problem, data: Data) -> tuple[float, np.ndarray]:
    """Largest true error anywhere and the estimate of every interval."""
    guess = PhaseGuess(np.array([0.0, 1.0]), np.ones((2, 2)), np.empty((2, 0)), 1.0)
    solution = Solver(problem).solve(data, Guess((guess,), np.empty(0)))
    assert solution.status == "solved"
    (errors,) = interval_errors(problem, data, solution)
    t = np.linspace(0.0, 1.0, 201)
    found = interpolate(solution.phases[0], t)[:, 0]
    return float(np.abs(found - np.exp(-RATE * t)).max()), errors


def test_the_estimate_follows_the_true_error() -> None:
    for intervals, degree in ((1, 3), (2, 3), (4, 2), (6, 3)):
        truth, errors = solved(*decay(intervals, degree))
        assert 0.1 < float(errors.max()) / truth < 10.0


def test_the_estimate_falls_with_a_finer_mesh() -> None:
    coarse = solved(*decay(2, 3))[1].max()
    fine = solved(*decay(8, 3))[1].max()
    assert fine < 0.02 * coarse


def test_an_evened_mesh_is_finer_where_the_error_was() -> None:
    breaks = np.linspace(0.0, 1.0, 5)
    errors = np.array([1.0, 1e-2, 1e-4, 1e-6])
    fractions = evened_fractions(breaks, errors, order=4)
    assert fractions.sum() == pytest.approx(1.0)
    assert np.all(np.diff(fractions) >= -1e-12)
    assert fractions[-1] > 2.0 * fractions[0]
    assert fractions.min() > 0.02


def test_an_even_error_leaves_the_mesh_alone() -> None:
    fractions = evened_fractions(np.linspace(0.0, 1.0, 4), np.full(3, 1e-6), order=5)
    assert fractions == pytest.approx(np.full(3, 1.0 / 3.0))


def test_an_evened_mesh_may_have_more_intervals() -> None:
    breaks = np.linspace(0.0, 1.0, 4)
    errors = np.array([1e-6, 1.0, 1e-6])
    fractions = evened_fractions(breaks, errors, order=4, count=9)
    assert fractions.size == 9
    assert fractions.sum() == pytest.approx(1.0)
    ends = np.cumsum(fractions)
    assert np.sum((ends > 1.0 / 3.0) & (ends < 2.0 / 3.0)) >= 5
