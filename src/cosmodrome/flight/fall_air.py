"""Air as the equations of fall take it: exact, or as a quick table for many samples."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import numpy as np

from cosmodrome.flight.forces import air_law
from cosmodrome.world.environment import Atmosphere

__all__ = ["Air", "exact_air", "quick_air"]

Air = Callable[[Any], tuple[Any, Any]]
"""Density in kg/m3 and speed of sound in m/s, of the altitude in metres."""

# Close enough for the blends between the standard layers, which are 480 m wide.
_LOWEST_M: Final = -5000.0
_KNOTS: Final = ((150e3, 25.0), (1000e3, 1000.0))  # up to here, so far apart


def exact_air(atmosphere: Atmosphere) -> Air:
    """The atmosphere itself, for floats, arrays and symbols.

    Parameters
    ----------
    atmosphere : Atmosphere
    """

    def exact(altitude_m: Any) -> tuple[Any, Any]:
        density, _, sound = air_law(atmosphere, altitude_m)
        return density, sound

    return exact


@lru_cache(maxsize=4)
def quick_air(atmosphere: Atmosphere) -> Air:
    """The atmosphere by table: cubics between knots, for arrays alone.

    Nothing but products and sums is evaluated, so that a sample's air does not
    depend on which others are evaluated with it, to the last bit.

    Parameters
    ----------
    atmosphere : Atmosphere

    Returns
    -------
    Air
        Held constant below -5 km; above 1000 km nothing.

    Accuracy
    --------
    Density within 2e-4 of `exact_air` at the edges of the standard's layers, 1e-6
    elsewhere; sound speed within 2e-5.
    """
    exact = exact_air(atmosphere)
    stretches = []
    start = _LOWEST_M
    for top, gap in _KNOTS:
        stretches.append(np.arange(start, top, gap))
        start = top
    knots = np.concatenate([*stretches, [start]])
    rows = [_cubics(knots, values) for values in _sampled(exact, knots)]
    counts = [len(part) for part in stretches]

    def quick(altitude_m: Any) -> tuple[Any, Any]:
        low = (altitude_m - _LOWEST_M) * (1.0 / _KNOTS[0][1])
        high = (altitude_m - _KNOTS[0][0]) * (1.0 / _KNOTS[1][1])
        place = np.where(high < 0.0, low, high + counts[0])
        place = np.clip(place, 0.0, float(len(knots)) - 0.5)
        gap = place.astype(np.intp)
        u = place - gap
        d0, d1, d2, d3 = (column[gap] for column in rows[0])
        s0, s1, s2, s3 = (column[gap] for column in rows[1])
        return d0 + u * (d1 + u * (d2 + u * d3)), s0 + u * (s1 + u * (s2 + u * s3))

    return quick


def _sampled(exact: Air, knots: Any) -> list[tuple[Any, Any]]:
    """Values and slopes at the knots, of density and of sound speed."""
    step = 1.0
    middle, right, left = exact(knots), exact(knots + step), exact(knots - step)
    return [(middle[k], (right[k] - left[k]) / (2.0 * step)) for k in range(2)]


def _cubics(knots: Any, sampled: tuple[Any, Any]) -> list[Any]:
    """Coefficients by rising power of the place in a gap; the row past the end is constant."""
    values, slopes = sampled
    width = np.diff(knots)
    rise, a, b = np.diff(values), slopes[:-1] * width, slopes[1:] * width
    last = np.zeros(1)
    return [
        values,
        np.concatenate([a, last]),
        np.concatenate([3.0 * rise - 2.0 * a - b, last]),
        np.concatenate([a + b - 2.0 * rise, last]),
    ]
