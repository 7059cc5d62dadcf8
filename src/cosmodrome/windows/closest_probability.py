"""Probability that two bodies touch in a short encounter, from the covariances of both.

Short: while they are near, both go straight on and their uncertainty stays what
it is. Then only what lies across the relative velocity counts, and the
probability is a Gaussian's share of a disk.

References
----------
Foster & Estes 1992, A Parametric Analysis of Orbital Debris Collision
Probability, NASA JSC-25898; Alfano 2005, A Numerical Implementation of
Spherical Object Collision Probability, J. Astronautical Sciences 53(1).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.world.frames import rtn_axes

__all__ = ["SLOW_M_S", "collision_probability", "covariance_of", "disk_share"]

Array = NDArray[np.float64]

SLOW_M_S: Final = 10.0
"""Below this the encounter is not short and nothing is told."""

_FAR: Final = 12.0  # standard deviations; beyond, a Gaussian is below 1e-31
_NODES: Final = 200


def covariance_of(sigma_rtn_m: Any, r_m: Array, v_m_s: Array) -> Array:
    """Covariance of a place from deviations along a satellite's own axes.

    Parameters
    ----------
    sigma_rtn_m : array, shape (3,), one standard deviation radial, transverse, normal
    r_m, v_m_s : arrays, shape (3,), any frame that stands still

    Returns
    -------
    array, shape (3, 3), square metres, in that frame
    """
    axes = rtn_axes(r_m, v_m_s)
    return np.asarray(axes.T @ np.diag(np.square(np.asarray(sigma_rtn_m, dtype=float))) @ axes)


@lru_cache(maxsize=1)
def _gauss() -> tuple[Array, Array]:
    """Nodes and weights of Gauss and Legendre, from -1 to 1."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return nodes, weights


def disk_share(
    x_m: float, y_m: float, sigma_x_m: float, sigma_y_m: float, radius_m: float
) -> float:
    """The share of a Gaussian that lies on a disk about the origin.

    Parameters
    ----------
    x_m, y_m : float, the Gaussian's middle
    sigma_x_m, sigma_y_m : float, its standard deviations along x and y
    radius_m : float

    Accuracy
    --------
    A relative 1e-9 or better, down to 1e-300.
    """
    from scipy.special import ndtr

    if sigma_x_m > sigma_y_m:  # along the sharper one the nodes are set, along the other is known
        x_m, y_m, sigma_x_m, sigma_y_m = y_m, x_m, sigma_y_m, sigma_x_m
    middle = min(max(x_m, -radius_m), radius_m)
    low = max(-radius_m, middle - _FAR * sigma_x_m)
    high = min(radius_m, middle + _FAR * sigma_x_m)
    # By the angle, in which the disk's rim is smooth.
    begin, end = math.asin(low / radius_m), math.asin(high / radius_m)
    nodes, weights = _gauss()
    angle = begin + 0.5 * (end - begin) * (1.0 + nodes)
    x, half = radius_m * np.sin(angle), radius_m * np.cos(angle)
    # From the tail below zero, where differences keep their digits.
    above = (half - abs(y_m)) / sigma_y_m
    below = (-half - abs(y_m)) / sigma_y_m
    across = ndtr(above) - ndtr(below)
    density = np.exp(-0.5 * ((x - x_m) / sigma_x_m) ** 2) / (math.sqrt(2.0 * math.pi) * sigma_x_m)
    return float(0.5 * (end - begin) * np.sum(weights * density * across * half))


def collision_probability(
    apart_m: Array, velocity_m_s: Array, covariance_m2: Array, hard_body_m: float
) -> float | None:
    """Probability that two bodies touch, in a short encounter.

    Parameters
    ----------
    apart_m, velocity_m_s : arrays, shape (3,), relative, at the nearest approach
    covariance_m2 : array, shape (3, 3), of the relative place: the sum of both
    hard_body_m : float, the radii of both bodies together

    Returns
    -------
    float, or None where the relative velocity is below `SLOW_M_S`

    Raises
    ------
    InputError
        If the covariance is not positive across the velocity, or the radius not
        above zero.

    Accuracy
    --------
    Of the integral, a relative 1e-9. What the covariances are worth decides.
    """
    if not hard_body_m > 0.0:
        raise InputError(
            "the radius of both bodies must be above zero",
            key="hard_body",
            value=hard_body_m,
            allowed="above 0",
        )
    speed = float(np.linalg.norm(velocity_m_s))
    if speed < SLOW_M_S:
        return None
    along = velocity_m_s / speed
    # The axis least along the velocity makes the plane's first.
    first = np.cross(along, np.eye(3)[int(np.argmin(np.abs(along)))])
    first = first / np.linalg.norm(first)
    plane = np.stack([first, np.cross(along, first)])
    variances, axes = np.linalg.eigh(plane @ covariance_m2 @ plane.T)
    if not variances[0] > 0.0:
        raise InputError(
            "a covariance must be positive across the relative velocity",
            key="covariance",
            allowed="positive definite",
        )
    x, y = axes.T @ (plane @ apart_m)
    sigma_x, sigma_y = np.sqrt(variances).tolist()
    return disk_share(float(x), float(y), sigma_x, sigma_y, hard_body_m)
