"""Optimal control in several phases: transcription, solution, diagnosis."""

from cosmodrome.ocp.data import (
    Bounds,
    Data,
    Guess,
    PhaseData,
    PhaseGuess,
    PhaseSolution,
    Solution,
)
from cosmodrome.ocp.problem import Control, Phase, Point, Problem, column
from cosmodrome.ocp.refine import evened_fractions, interval_errors
from cosmodrome.ocp.solve import Solver, SolverOptions, interpolate

__all__ = [
    "Bounds",
    "Control",
    "Data",
    "Guess",
    "Phase",
    "PhaseData",
    "PhaseGuess",
    "PhaseSolution",
    "Point",
    "Problem",
    "Solution",
    "Solver",
    "SolverOptions",
    "column",
    "evened_fractions",
    "interpolate",
    "interval_errors",
]
