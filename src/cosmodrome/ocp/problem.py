"""An optimal-control problem in several phases linked as a tree.

No domain words live here: a phase has states, controls, dynamics, path
constraints, an end condition, and a link from its parent's end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import casadi as ca

from cosmodrome.errors import ProblemError

__all__ = ["Control", "Phase", "Point", "Problem", "column"]


def column(*parts: Any) -> Any:
    """One column from scalars and columns, as the callables must return."""
    return ca.vertcat(*parts)


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a phase as the callables see it, in the user's own units.

    Parameters
    ----------
    x : column, states
    u : column, controls
    t : scalar, time since the start of the phase
    duration : scalar, length of the phase
    statics : column, unknown constants of the whole problem
    own : column, given numbers of this phase
    p : column, given numbers of the whole problem
    """

    x: Any
    u: Any
    t: Any
    duration: Any
    statics: Any
    own: Any
    p: Any


@dataclass(frozen=True, slots=True)
class Control:
    """A control of a phase.

    `degree` None gives a free value at every node; 0 a constant on each mesh
    interval; 1 a straight line on each interval, so that bounds hold between
    nodes too.
    """

    name: str
    scale: float = 1.0
    degree: int | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of time with one set of equations.

    Parameters
    ----------
    name : str
    states : tuple of str
    scales : tuple of float, typical size of each state
    dynamics : callable(Point) -> column of state rates; None for a jump
    controls : tuple of Control
    path : callable(Point) -> column, bounded at every node, scaled to order 1
    n_path : int
    terminal : callable(Point) -> column at the end, scaled to order 1
    n_terminal : int
    parent : str or None
    link : callable(Point) -> column
        The start state from the parent's end point; for the root from statics
        and parameters alone (x and u are empty). None copies the parent's end.
    arc : callable(Point, dt) -> column or None
        Instead of collocation: the state dt later from the state at the start
        of an interval, in closed form.
    free_duration : bool
        If True the duration is an unknown, else a number given when solving.
    duration_scale : float
    intervals, degree : int, the mesh
    n_own : int, how many numbers of its own the phase is given when solving
        Phases that share the very same callables and sizes are differentiated
        once; what sets them apart goes here.
    """

    name: str
    states: tuple[str, ...]
    scales: tuple[float, ...]
    dynamics: Callable[[Point], Any] | None = None
    controls: tuple[Control, ...] = ()
    path: Callable[[Point], Any] | None = None
    n_path: int = 0
    terminal: Callable[[Point], Any] | None = None
    n_terminal: int = 0
    parent: str | None = None
    link: Callable[[Point], Any] | None = None
    arc: Callable[[Point, Any], Any] | None = None
    free_duration: bool = False
    duration_scale: float = 1.0
    intervals: int = 4
    degree: int = 4
    n_own: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """Phases in an order in which every parent comes before its children.

    Parameters
    ----------
    phases : tuple of Phase
    objective : callable(Point) -> scalar, at the end of the last phase; minimised
    n_parameters : int, length of `p`
    statics : tuple of str
    static_scales : tuple of float

    Raises
    ------
    ProblemError
        If the phases are not a tree in parent-first order or sizes disagree.
    """

    phases: tuple[Phase, ...]
    objective: Callable[[Point], Any]
    n_parameters: int
    statics: tuple[str, ...] = ()
    static_scales: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        seen: dict[str, Phase] = {}
        for k, phase in enumerate(self.phases):
            if phase.name in seen:
                raise ProblemError(f"phase {phase.name!r} is named twice")
            if (k == 0) != (phase.parent is None):
                raise ProblemError(f"phase {phase.name!r}: only the first phase has no parent")
            if phase.parent is not None and phase.parent not in seen:
                raise ProblemError(f"phase {phase.name!r} comes before its parent {phase.parent!r}")
            if len(phase.scales) != len(phase.states):
                raise ProblemError(f"phase {phase.name!r}: one scale per state is needed")
            if (phase.dynamics is None) == (phase.arc is None):
                raise ProblemError(f"phase {phase.name!r} needs either dynamics or an arc")
            if phase.intervals < 1 or phase.degree < 1:
                raise ProblemError(f"phase {phase.name!r}: the mesh needs an interval and a degree")
            seen[phase.name] = phase
        if not self.phases:
            raise ProblemError("a problem needs at least one phase")

    @property
    def is_chain(self) -> bool:
        """True if no phase has two children, so that the phases follow one another."""
        pairs = zip(self.phases, self.phases[1:], strict=False)
        return all(after.parent == before.name for before, after in pairs)
