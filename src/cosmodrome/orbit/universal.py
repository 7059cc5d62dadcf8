"""The universal form of Kepler's equation, for `elements.kepler_propagate`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from cosmodrome.errors import CosmodromeError
from cosmodrome.world import maths

__all__ = ["stumpff", "universal_anomaly", "within_half_turn"]


def stumpff(z: Any) -> tuple[Any, Any, Any, Any]:
    """Stumpff functions c0 to c3 of z, without a branch, for |z| up to some hundreds.

    The argument is divided by 4 four times, summed as a series, and doubled
    back; costs about two digits and is smooth through zero.
    """
    y = z / 256.0
    c2, c3_ = _series(y, 2), _series(y, 3)
    c0, c1 = 1.0 - y * c2, 1.0 - y * c3_
    for _ in range(4):
        c3_ = (c2 + c0 * c3_) / 4.0
        c2 = c1 * c1 / 2.0
        c1 = c0 * c1
        c0 = 2.0 * c0 * c0 - 1.0
    return c0, c1, c2, c3_


def _series(y: Any, order: int) -> Any:
    """Sum over k of (-y)^k / (2k + order)!, to k = 11, by Horner's rule."""
    total: Any = 1.0
    for k in range(11, 0, -1):
        total = 1.0 - y * total / ((2 * k + order) * (2 * k + order - 1))
    return total / math.factorial(order)


def _start(r0: Any, alpha: Any, sigma: Any, flight: Any) -> Any:
    """First guess of the universal anomaly; `flight` is sqrt(mu) dt."""
    if maths.is_symbolic(r0, alpha, sigma, flight):
        return flight * maths.maximum(alpha, 0.05 / r0)
    bound = flight * np.where(alpha > 0.0, alpha, 0.3 / r0)
    a = -1.0 / np.where(alpha < 0.0, alpha, -1.0)
    sign = np.where(flight < 0.0, -1.0, 1.0)
    root = np.sqrt(a)
    # From the growing exponential of the hyperbolic equation of time.
    below = sigma + sign * root * (1.0 + r0 / a)
    argument = 2.0 * flight / np.where(below == 0.0, 1.0, below) / a
    far = sign * root * np.log(np.where(argument > 1.0, argument, 1.0))
    return np.where((alpha < 0.0) & (np.abs(far) > root), far, bound)


def within_half_turn(dt_s: Any, alpha: Any, mu: Any) -> Any:
    """The time less whole periods of a closed orbit; unchanged on open ones and symbols."""
    if maths.is_symbolic(dt_s, alpha, mu):
        return dt_s
    period = 2.0 * math.pi / np.sqrt(mu * np.where(alpha > 0.0, alpha, 1.0) ** 3)
    whole = np.where(alpha > 0.0, np.round(dt_s / period), 0.0)
    return dt_s - whole * period


def _time_and_slopes(x: Any, r0: Any, alpha: Any, sigma: Any) -> tuple[Any, Any, Any]:
    """sqrt(mu) times the time to universal anomaly x, and its two derivatives."""
    c0, c1, c2, c3_ = stumpff(alpha * x * x)
    time = r0 * x * c1 + sigma * x * x * c2 + x * x * x * c3_
    slope = r0 * c0 + sigma * x * c1 + x * x * c2
    return time, slope, sigma * c0 + (1.0 - alpha * r0) * x * c1


def _laguerre_step(miss: Any, slope: Any, curve: Any) -> Any:
    under = 16.0 * slope**2 - 20.0 * miss * curve
    root = maths.sqrt(maths.maximum(under, -under))
    return 5.0 * miss / (slope + root)


def universal_anomaly(r0: Any, alpha: Any, sigma: Any, flight: Any) -> Any:
    """Solve the universal equation of time by Laguerre's method of degree 5."""
    x = _start(r0, alpha, sigma, flight)
    if maths.is_symbolic(r0, alpha, sigma, flight):
        for _ in range(12):
            time, slope, curve = _time_and_slopes(x, r0, alpha, sigma)
            x = x - _laguerre_step(time - flight, slope, curve)
        return x
    # Within half a period the eccentric anomaly changes by less than a turn.
    high = np.where(alpha > 0.0, 2.0 * math.pi / np.sqrt(np.where(alpha > 0.0, alpha, 1.0)), np.inf)
    low = -high
    for _ in range(100):
        time, slope, curve = _time_and_slopes(x, r0, alpha, sigma)
        miss = time - flight
        if np.all(np.abs(miss) <= 4e-16 * np.abs(flight)):
            break
        # The time grows with x, so every trial tightens a bracket around the root.
        low, high = np.where(miss < 0.0, x, low), np.where(miss > 0.0, x, high)
        trial = x - _laguerre_step(miss, slope, curve)
        with np.errstate(invalid="ignore"):
            inside = (trial >= low) & (trial <= high)
            x = np.where(inside, trial, 0.5 * (low + high))
        x = np.where(miss == 0.0, trial, x)
    if not np.all(np.abs(miss) <= 1e-9 * (np.abs(flight) + r0**1.5)):
        raise CosmodromeError("Kepler's equation did not close for this state and time")
    return x
