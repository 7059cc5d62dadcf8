"""How wrong a mesh is, interval by interval, and a better one of the same size or finer."""

from __future__ import annotations

from typing import Any

import casadi as ca
import numpy as np
from numpy.typing import NDArray

from cosmodrome.ocp.data import Data, PhaseSolution, Solution
from cosmodrome.ocp.problem import Phase, Point, Problem
from cosmodrome.ocp.radau import lagrange_matrix, radau

__all__ = ["evened_fractions", "interval_errors"]

Array = NDArray[np.float64]

_EXTRA = 3  # quadrature points more than the collocation has


def interval_errors(problem: Problem, data: Data, solution: Solution) -> tuple[Array, ...]:
    """Estimated error of each mesh interval of each phase.

    The dynamics are integrated along the solution's own polynomials by a finer
    quadrature; the largest distance between that and the polynomial inside an
    interval, over the state's scale, is its error. The ends of intervals are
    far more exact than their insides, so this is on the safe side.

    Parameters
    ----------
    problem : Problem
    data : Data, what was solved
    solution : Solution

    Returns
    -------
    tuple of array, shape (intervals,), one per phase
        Zero for phases that step in closed form.

    Accuracy
    --------
    Within a factor of ten of the largest error inside an interval.

    References
    ----------
    Patterson, Hager & Rao 2015, A ph mesh refinement method for optimal control.
    """
    found = []
    for phase, numbers, one in zip(problem.phases, data.phases, solution.phases, strict=True):
        if phase.dynamics is None:
            found.append(np.zeros(len(one.x)))
            continue
        found.append(_phase_errors(phase, (numbers.own, data.p), one, solution.statics))
    return tuple(found)


def _phase_errors(
    phase: Phase,
    given: tuple[Array, Array],
    one: PhaseSolution,
    statics: Array,
) -> Array:
    degree = len(one.grid) - 1
    fine = radau(degree + _EXTRA)
    x = np.einsum("jk,nkx->njx", lagrange_matrix(one.grid, fine.nodes), one.x)
    u = _controls(phase, one, fine.nodes)
    lengths = np.diff(one.breaks) * one.duration
    t = one.breaks[:-1, None] * one.duration + lengths[:, None] * fine.nodes[None, :]
    rates = _rates(phase, (x, u, t), (one.duration, statics, *given))
    integrate = np.linalg.inv(fine.derivative[:, 1:])
    moved = np.einsum("ij,njx->nix", integrate, rates) * lengths[:, None, None]
    gap = one.x[:, :1] + moved - x
    return np.asarray(np.max(np.abs(gap) / np.array(phase.scales), axis=(1, 2)))


def _controls(phase: Phase, one: PhaseSolution, at: Array) -> Array:
    """Controls of every interval at fractions of it: shape (intervals, points, controls)."""
    values = []
    for control, raw in zip(phase.controls, one.u, strict=True):
        nodes = one.grid[1:]
        if control.degree is not None:
            nodes = np.linspace(0.0, 1.0, raw.shape[1]) if control.degree else np.array([0.5])
        values.append(raw @ lagrange_matrix(nodes, at).T)
    shape = (len(one.x), at.size, 0)
    return np.stack(values, axis=-1) if values else np.empty(shape)


def _rates(
    phase: Phase, moving: tuple[Array, Array, Array], fixed: tuple[float, Array, Array, Array]
) -> Array:
    """State rates at many points: states, controls and times move; the rest is fixed."""
    x, u, t = moving
    duration, statics, own, p = fixed
    sizes = (x.shape[-1], u.shape[-1], 1, 1, statics.size, own.size, p.size)
    symbols = [ca.SX.sym(f"s{k}", size) for k, size in enumerate(sizes)]
    point = Point(*symbols)
    assert phase.dynamics is not None
    function = ca.Function("rates", symbols, [phase.dynamics(point)])
    count = t.size
    held: list[Any] = [np.tile(value[:, None], (1, count)) for value in (statics, own, p)]
    result = function.map(count)(
        x.reshape(count, -1).T,
        u.reshape(count, -1).T,
        t.reshape(1, -1),
        np.full((1, count), duration),
        *held,
    )
    return np.asarray(result).T.reshape(x.shape)


def evened_fractions(breaks: Array, errors: Array, order: int, count: int | None = None) -> Array:
    """Interval lengths with the error spread evenly over as many intervals, or over another number.

    Parameters
    ----------
    breaks : array, shape (n + 1,), from 0 to 1
    errors : array, shape (n,), of `interval_errors`
    order : int, the error goes with length to this power
    count : int or None, intervals of the new mesh; n if None

    Returns
    -------
    array, shape (count,), summing to 1; no interval grows past ten times the mean.
    """
    lengths = np.diff(breaks)
    wish = np.maximum(errors, 1e-6 * max(float(errors.max()), 1e-300)) ** (1.0 / order)
    density = np.maximum(wish / lengths, 0.1 * (wish / lengths).mean())
    total = np.concatenate([[0.0], np.cumsum(density * lengths)])
    even = np.interp(np.linspace(0.0, total[-1], (count or len(errors)) + 1), total, breaks)
    return np.asarray(np.diff(even))
