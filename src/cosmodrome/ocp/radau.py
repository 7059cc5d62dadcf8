"""Radau IIA points and the small matrices of collocation on the unit interval."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["Radau", "lagrange_matrix", "radau"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Radau:
    """Collocation of one degree on (0, 1], right end included.

    Parameters
    ----------
    nodes : array, shape (d,), collocation points, the last is 1
    grid : array, shape (d + 1,), 0 followed by the nodes
    derivative : array, shape (d, d + 1)
        Derivative at each node of the Lagrange basis on `grid`.
    weights : array, shape (d,), quadrature weights, exact to degree 2 d - 2
    """

    nodes: Array
    grid: Array
    derivative: Array
    weights: Array


def lagrange_matrix(nodes: Array, at: Array) -> Array:
    """Values at `at` of the Lagrange basis on `nodes`.

    Parameters
    ----------
    nodes : array, shape (n,)
    at : array, shape (m,)

    Returns
    -------
    array, shape (m, n)
        Rows sum to one; exact for polynomials of degree n - 1.
    """
    difference = at[:, None] - nodes[None, :]
    columns = []
    for k in range(len(nodes)):
        others = np.delete(np.arange(len(nodes)), k)
        columns.append(np.prod(difference[:, others] / (nodes[k] - nodes[others]), axis=1))
    return np.stack(columns, axis=1)


@cache
def radau(degree: int) -> Radau:
    """Radau IIA collocation with `degree` points; stiffly accurate, order 2 d - 1.

    References
    ----------
    Hairer & Wanner, Solving Ordinary Differential Equations II, IV.5.
    """
    legendre = np.polynomial.legendre.Legendre
    jacobi = legendre.basis(degree) - legendre.basis(degree - 1)
    inner = np.sort(np.real(jacobi.roots()))[:-1] if degree > 1 else np.empty(0)
    nodes = np.append((inner + 1.0) / 2.0, 1.0)
    grid = np.append(0.0, nodes)
    derivative = np.empty((degree, degree + 1))
    for k in range(degree + 1):
        basis = np.polynomial.Polynomial.fromroots(np.delete(grid, k))
        derivative[:, k] = basis.deriv()(nodes) / basis(grid[k])
    moments = 1.0 / np.arange(1, degree + 1)
    weights = np.linalg.solve(np.vander(nodes, degree, increasing=True).T, moments)
    return Radau(nodes, grid, derivative, np.asarray(weights, dtype=np.float64))
