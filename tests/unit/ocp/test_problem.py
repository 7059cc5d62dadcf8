"""What cannot be transcribed is refused, and says which phase and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import casadi as ca
import numpy as np
import pytest

from cosmodrome.errors import ProblemError
from cosmodrome.ocp import Data, Guess, Phase, PhaseData, PhaseGuess, Point, Problem, Solver, column


def rates(point: Point) -> Any:
    return column(point.x[1], -point.x[0])


def phase(name: str = "a", **changes: Any) -> Phase:
    given: dict[str, Any] = {
        "name": name,
        "states": ("x", "v"),
        "scales": (1.0, 1.0),
        "dynamics": rates,
        "link": lambda _point: ca.SX([1.0, 0.0]),
        "intervals": 2,
        "degree": 2,
    }
    return Phase(**(given | changes))


def objective(point: Point) -> Any:
    return point.x[0]


def problem(*phases: Phase, n: int = 0) -> Problem:
    return Problem(phases, objective, n)


@pytest.mark.parametrize(
    ("phases", "words"),
    [
        ((), "at least one phase"),
        ((phase(), phase(parent="a")), "'a' is named twice"),
        ((phase(parent="b"),), "only the first phase has no parent"),
        ((phase(), phase("b")), "'b': only the first phase has no parent"),
        ((phase(), phase("b", parent="c"), phase("c", parent="a")), "before its parent 'c'"),
        ((phase(scales=(1.0,)),), "one scale per state"),
        ((phase(dynamics=None),), "either dynamics or an arc"),
        ((phase(arc=lambda point, _dt: point.x),), "either dynamics or an arc"),
        ((phase(intervals=0),), "an interval and a degree"),
        ((phase(degree=0),), "an interval and a degree"),
    ],
)
def test_a_bad_structure_is_refused(phases: tuple[Phase, ...], words: str) -> None:
    with pytest.raises(ProblemError, match=words):
        problem(*phases)


def test_chains_and_trees_are_told_apart() -> None:
    a, b, c = phase(), phase("b", parent="a", link=None), phase("c", parent="b", link=None)
    assert problem(a).is_chain
    assert problem(a, b, c).is_chain
    assert not problem(a, b, replace(c, parent="a")).is_chain


GOOD = PhaseData((1.0, 1.0), np.empty(0))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (Data((), np.zeros(1)), "1 phases are posed, 0 given"),
        (Data((GOOD,), np.empty(0)), "1 parameters are posed, 0 given"),
        (Data((replace(GOOD, own=np.zeros(2)),), np.zeros(1)), "'a': 0 numbers of its own"),
        (Data((replace(GOOD, fractions=np.ones(3)),), np.zeros(1)), "one mesh fraction"),
        (Data((replace(GOOD, duration=(1.0, 2.0)),), np.zeros(1)), "fixed duration needs equal"),
    ],
)
def test_numbers_that_do_not_fit_are_refused(data: Data, words: str) -> None:
    guess = PhaseGuess(np.array([0.0, 1.0]), np.ones((2, 2)), np.empty((2, 0)), 1.0)
    with pytest.raises(ProblemError, match=words):
        Solver(problem(phase(), n=1)).solve(data, Guess((guess,), np.empty(0)))
