"""What samples of a fall meet: a ballistic coefficient in its range, a wind about its mean."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.flight.fall import WindProfiles
from cosmodrome.safety.ballistic import Ballistic
from cosmodrome.world.environment import Environment

__all__ = ["WIND_SPREAD", "ballistic_samples", "wind_samples"]

Array = NDArray[np.float64]

WIND_SPREAD: Final = (
    (0.0, 4.0),
    (5e3, 9.0),
    (10e3, 14.0),
    (12e3, 15.0),
    (16e3, 10.0),
    (20e3, 7.0),
    (30e3, 10.0),
    (50e3, 20.0),
    (70e3, 25.0),
)
"""Altitude in metres and standard deviation of each component of the wind, m/s.

Planning values, of the order of the monthly standard deviations in range
reference atmospheres at middle latitudes.
"""

_FIVE_PERCENT: Final = 1.6448536269514722  # standard deviations to 95 %


def ballistic_samples(ballistic: Ballistic, normal: Array) -> Array:
    """Ballistic coefficients: log-normal either side of the value, 5 and 95 % at its range.

    Parameters
    ----------
    ballistic : Ballistic
    normal : array, shape (n,), standard normal numbers

    Returns
    -------
    array, shape (n,), kg/m2
    """
    down = log(ballistic.low_kg_m2 / ballistic.kg_m2) / -_FIVE_PERCENT
    up = log(ballistic.high_kg_m2 / ballistic.kg_m2) / _FIVE_PERCENT
    return np.asarray(ballistic.kg_m2 * np.exp(np.where(normal < 0.0, down, up) * normal))


def wind_samples(
    environment: Environment, spread: Sequence[tuple[float, float]], east: Array, north: Array
) -> WindProfiles:
    """Mean wind and a drawn share of its spread at all altitudes, for every sample.

    Parameters
    ----------
    environment : Environment, whose wind is the mean
    spread : sequence of (altitude in metres, standard deviation in m/s); none for no spread
    east, north : array, shape (n,), shares of it: how far the whole profile is off

    Returns
    -------
    WindProfiles
    """
    table = environment.wind.table
    levels = {h for h, _ in (*WIND_SPREAD, *spread)} | {row[0] for row in table}
    knots = np.array(sorted(levels))
    deviation, mean = np.zeros(len(knots)), np.zeros((2, len(knots)))
    if spread:
        deviation = np.interp(knots, [h for h, _ in spread], [s for _, s in spread])
    if table:
        mean = np.array([_profile(table, k, knots) for k in (1, 2)])
    return WindProfiles(
        knots, mean[0] + east[:, None] * deviation, mean[1] + north[:, None] * deviation
    )


def _profile(table: Sequence[Sequence[float]], column: int, knots: Array) -> Array:
    return np.interp(knots, [row[0] for row in table], [row[column] for row in table])
