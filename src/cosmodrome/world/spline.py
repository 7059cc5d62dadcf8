"""A smooth curve through a short table, for drag over Mach and wind over altitude."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.world import maths

__all__ = ["natural_cubic"]

_Piece = tuple[float, float, float, float, float]


def natural_cubic(table: Sequence[tuple[float, float]]) -> Callable[[Any], Any]:
    """The cubic spline through a table, going on flat at either end.

    Slope and curvature are continuous everywhere and zero at both ends, where
    the curve passes into the constant first and last value; to have room for
    that, the first and the last gap are each cut in half. A cubic spline swings
    past points that jump, by about a tenth of the jump next to a lone step:
    give a steep rise several points if that matters.

    The coefficients of the gap are picked without a branch, so it takes floats,
    arrays and CasADi symbols alike.

    Parameters
    ----------
    table : sequence of (x, y), x strictly rising; one pair gives a constant

    Returns
    -------
    callable
        Takes x of any shape, returns y of that shape.

    Raises
    ------
    InputError
        If the table is empty, not finite, or x does not strictly rise.

    Accuracy
    --------
    Meets the points to rounding. In between, the fourth order in the spacing
    for a smooth function that is flat at the ends.

    References
    ----------
    de Boor, A Practical Guide to Splines, chapter IV.
    """
    x, y = _checked(table)
    first = float(y[0])
    if x.size == 1:
        return lambda at: first + 0.0 * at
    pieces = _pieces(x, y)
    knots = [piece[0] for piece in pieces]
    rows = [(knots[0], first, 0.0, 0.0, 0.0), *pieces]

    def curve(at: Any) -> Any:
        inside = maths.clip(at, knots[0], knots[-1])
        start, value, slope, square, cube = maths.pick(inside, knots, rows)
        u = inside - start
        return value + u * (slope + u * (square + u * cube))

    return curve


def _checked(table: Sequence[tuple[float, float]]) -> tuple[Any, Any]:
    points = np.asarray(table, dtype=float)
    if points.ndim != 2 or points.shape[0] < 1 or points.shape[1] != 2:
        raise InputError("A table needs at least one (x, y) pair.", value=table)
    if not np.isfinite(points).all():
        raise InputError("A table may hold finite numbers only.", value=table)
    if (np.diff(points[:, 0]) <= 0.0).any():
        raise InputError("The first column of a table must strictly rise.", value=table)
    return points[:, 0], points[:, 1]


def _knots(x: Any) -> Any:
    """The points and two more, inside the first and the last gap."""
    if x.size == 2:
        return np.linspace(x[0], x[1], 4)
    middles = [(x[0] + x[1]) / 2.0, (x[-2] + x[-1]) / 2.0]
    return np.sort(np.concatenate([x, middles]))


def _pieces(x: Any, y: Any) -> tuple[_Piece, ...]:
    """Start, value there and the other coefficients of each gap's cubic, then the end.

    Unknown are the values and slopes at the knots. Equations: the table's
    values, continuous curvature at inner knots, zero slope and curvature at
    the ends.
    """
    knots = _knots(x)
    n, widths = knots.size, np.diff(knots)
    matrix, right = np.zeros((2 * n, 2 * n)), np.zeros(2 * n)
    at = np.searchsorted(knots, x)
    matrix[np.arange(x.size), at] = 1.0
    right[: x.size] = y
    row = x.size
    for k in (0, n - 1):
        matrix[row, n + k] = 1.0
        gap, sign = (0, 1.0) if k == 0 else (n - 2, -1.0)
        matrix[row + 1] = sign * _curvature(n, gap, widths[gap], start=k == 0)
        row += 2
    for k in range(1, n - 1):
        before = _curvature(n, k - 1, widths[k - 1], start=False)
        matrix[row] = before - _curvature(n, k, widths[k], start=True)
        row += 1
    solution = np.linalg.solve(matrix, right)
    values, slopes = solution[:n], solution[n:]
    values[0], values[-1] = y[0], y[-1]
    rise, h = np.diff(values) / widths, widths
    square = (3.0 * rise - 2.0 * slopes[:-1] - slopes[1:]) / h
    cube = (slopes[:-1] + slopes[1:] - 2.0 * rise) / h**2
    columns = (knots[:-1], values[:-1], slopes[:-1], square, cube)
    pieces = np.column_stack(columns).tolist()
    return tuple(map(tuple, [*pieces, [knots[-1], values[-1], 0.0, 0.0, 0.0]]))


def _curvature(n: int, gap: int, h: float, *, start: bool) -> Any:
    """Second derivative of one gap's cubic at its start or end, as a row."""
    row = np.zeros(2 * n)
    lead, trail = (-4.0, -2.0) if start else (2.0, 4.0)
    sign = 6.0 if start else -6.0
    row[gap], row[gap + 1] = -sign / h**2, sign / h**2
    row[n + gap], row[n + gap + 1] = lead / h, trail / h
    return row
