"""The numbers of one run of a problem: parameters, bounds, guess, solution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bounds", "Data", "Guess", "PhaseData", "PhaseGuess", "PhaseSolution", "Solution"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Lower and upper bounds, arrays of one length in the user's own units."""

    lower: Array
    upper: Array

    @staticmethod
    def of(*pairs: tuple[float, float]) -> Bounds:
        """Bounds from (lower, upper) pairs."""
        both = np.array(pairs, dtype=float).reshape(-1, 2)
        return Bounds(both[:, 0], both[:, 1])


@dataclass(frozen=True, slots=True)
class PhaseData:
    """Numbers of one phase.

    Parameters
    ----------
    duration : (lower, upper); equal where the duration is fixed
    own : array, shape (n_own,)
    states, controls, path, terminal : Bounds or None for unbounded
    fractions : array or None
        Lengths of the mesh intervals, summing to 1; None for equal lengths.
    """

    duration: tuple[float, float]
    own: Array
    states: Bounds | None = None
    controls: Bounds | None = None
    path: Bounds | None = None
    terminal: Bounds | None = None
    fractions: Array | None = None


@dataclass(frozen=True, slots=True)
class Data:
    """Numbers of a whole run: one `PhaseData` per phase, `p`, bounds of statics."""

    phases: tuple[PhaseData, ...]
    p: Array
    statics: Bounds | None = None


@dataclass(frozen=True, slots=True)
class PhaseSolution:
    """One phase of a solution, physical units.

    Parameters
    ----------
    name : str
    duration : float
    breaks : array, shape (n + 1,), interval ends as fractions of the duration
    grid : array, shape (d + 1,), 0 and the nodes within an interval
    x : array, shape (n, d + 1, states), at interval start and nodes
    u : tuple of array, shape (n, width), the unknowns of each control
    u_nodes : array, shape (n, d, controls), controls at the nodes
    costates : array, shape (n, d, states)
        Derivative of the objective with respect to the state at the nodes.
    terminal_multipliers : array
    """

    name: str
    duration: float
    breaks: Array
    grid: Array
    x: Array
    u: tuple[Array, ...]
    u_nodes: Array
    costates: Array
    terminal_multipliers: Array

    @property
    def end(self) -> Array:
        """State at the end of the phase."""
        return np.asarray(self.x[-1, -1])


@dataclass(frozen=True, slots=True)
class PhaseGuess:
    """A first guess on any grid of a phase.

    Parameters
    ----------
    fraction : array, shape (m,), increasing from 0 to 1
    x : array, shape (m, states)
    u : array, shape (m, controls)
    duration : float
    known : PhaseSolution or None
        Where this guess is a solution: used node by node on a mesh of its shape.
    """

    fraction: Array
    x: Array
    u: Array
    duration: float
    known: PhaseSolution | None = None


@dataclass(frozen=True, slots=True)
class Guess:
    """First guesses of all phases and of the statics."""

    phases: tuple[PhaseGuess, ...]
    statics: Array


@dataclass(frozen=True, slots=True)
class Solution:
    """What the solver found.

    Parameters
    ----------
    status : "solved", "infeasible" or "not_converged"
    message : str, the solver's own word
    objective : float
    violation : float, largest scaled constraint violation
    iterations : int
    solve_s : float, wall time of the solver
    phases : tuple of PhaseSolution
    statics : array
    unknowns, multipliers, bound_multipliers : array, for a warm start
    """

    status: Literal["solved", "infeasible", "not_converged"]
    message: str
    objective: float
    violation: float
    iterations: int
    solve_s: float
    phases: tuple[PhaseSolution, ...]
    statics: Array
    unknowns: Array
    multipliers: Array
    bound_multipliers: Array
