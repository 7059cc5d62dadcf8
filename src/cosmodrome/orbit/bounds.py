"""What bounds a motion over a stretch of time: how low, how high, how fast."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.orbit.motion import Motion
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import EARTH_ROTATION_RAD_S

__all__ = ["Bounds", "bounds", "check_time"]

Array = NDArray[np.float64]

_MU: Final = Environment().mu_m3_s2
_PERIGEE_MARGIN: Final = 0.995  # osculating perigee moves by up to 10 km in a revolution
_SURFACE_M: Final = 6.33e6  # nothing that flies is nearer to the Earth's centre
_SAMPLES: Final = 9
_APART_S: Final = 0.5  # places on both sides, to see how fast they really move
_SLACK_TIMES: Final = 3.0  # nine samples may miss the worst
_SLACK_LEAST_M_S: Final = 0.02
_NODES_A_TURN: Final = 10.0
_LONGEST_S: Final = 7200.0
_SHORTEST_S: Final = 20.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of a motion, seen from axes that do not turn.

    Parameters
    ----------
    lowest_m, highest_m : float, distance from the Earth's centre
    speed_m_s : float, greatest speed
    period_s : float, of a revolution; of an open orbit that of a circle at its height
    step_s : float, between the instants to look at first
    slack_m_s : float
        How far velocities may be from the rate of positions: SGP4's own differ
        by 2 m/s in deep space.
    """

    lowest_m: float
    highest_m: float
    speed_m_s: float
    period_s: float
    step_s: float
    slack_m_s: float


def bounds(motions: Sequence[Motion], first_s: Array, last_s: Array) -> list[Bounds]:
    """Limits of motions between two of their own times.

    Taken from the osculating ellipses of nine instants through the time, so
    that drag and resonance are seen, with a margin for what moves in between.

    Parameters
    ----------
    motions : sequence of Motion
    first_s, last_s : array, shape (m,)
    """
    r, v = np.empty((2, len(motions), _SAMPLES, 3))
    slack = np.empty(len(motions))
    for k, motion in enumerate(motions):
        low_s, high_s = motion.span_s
        t = first_s[k] + (last_s[k] - first_s[k]) * np.arange(_SAMPLES) / (_SAMPLES - 1)
        around = (t[:, None] + _APART_S * np.array([-1.0, 0.0, 1.0])).ravel()
        around = np.minimum(np.maximum(around, low_s), high_s)
        places, velocities = motion.at(around)
        r[k], v[k] = places[1::3], velocities[1::3]
        slack[k] = _unlike(around, places, velocities)
        if motion.frame == "ITRF":
            v[k, :, 0] -= EARTH_ROTATION_RAD_S * r[k, :, 1]
            v[k, :, 1] += EARTH_ROTATION_RAD_S * r[k, :, 0]
    return _limits(r, v, last_s - first_s, slack)


def _unlike(t: Array, r: Array, v: Array) -> float:
    """Greatest difference of velocities from the rate of positions, triples of instants."""
    span = t[2::3] - t[::3]
    rate = (r[2::3] - r[::3]) / np.maximum(span, 1e-3)[:, None]
    whole = span >= 1.99 * _APART_S  # not where an end of the motion cut a triple short
    return float(np.max(np.linalg.norm(rate - v[1::3], axis=1), where=whole, initial=0.0))


def _limits(r: Array, v: Array, span_s: Array, slack: Array) -> list[Bounds]:
    size, speed = np.linalg.norm(r, axis=2), np.linalg.norm(v, axis=2)
    energy = 0.5 * speed**2 - _MU / size
    h2 = np.sum(np.cross(r, v) ** 2, axis=2)
    e = np.sqrt(np.maximum(1.0 + 2.0 * energy * h2 / _MU**2, 0.0))
    low = np.maximum(np.min(h2 / _MU / (1.0 + e), axis=1) * _PERIGEE_MARGIN, _SURFACE_M)
    top = np.sqrt(np.maximum(2.0 * (np.max(energy, axis=1) + _MU / low), 0.0))
    open_ = np.any(energy >= 0.0, axis=1)
    axis = np.where(energy < 0.0, -0.5 * _MU / np.where(energy < 0.0, energy, -1.0), size)
    # Of an open orbit a straight line at top speed is further than it gets.
    high = np.where(
        open_,
        np.max(size, axis=1) + top * span_s,
        np.maximum(np.max(size, axis=1), np.max(axis * (1.0 + e), axis=1) / _PERIGEE_MARGIN),
    )
    axis = np.where(open_, np.min(size, axis=1), np.median(axis, axis=1))
    period = 2.0 * math.pi * np.sqrt(axis**3 / _MU)
    # Near perigee things happen faster than the period says.
    slow = np.where(open_, 1.0, np.maximum(1.0 - np.min(e, axis=1), 0.05))
    step = np.clip(period / _NODES_A_TURN * slow, _SHORTEST_S, _LONGEST_S)
    # A table of a powered flight may be faster than its own ellipses.
    top = np.maximum(top, np.max(speed, axis=1))
    slack = _SLACK_TIMES * slack + _SLACK_LEAST_M_S
    rows = np.stack((low, high, top, period, step, slack), axis=1)
    return [Bounds(*(float(x) for x in row)) for row in rows]


def check_time(motion: Motion, start: Epoch, duration_s: float) -> float:
    """The motion's own time at a start, once it is known that it covers the time.

    Raises
    ------
    InputError
        If the duration is not positive or the motion does not reach.
    """
    if not (math.isfinite(duration_s) and duration_s > 0.0):
        raise InputError(
            "the time to search must be longer than nothing",
            key="days",
            value=duration_s / 86400.0,
            allowed="a positive number",
        )
    offset = start - motion.epoch
    first, last = motion.span_s
    if offset < first - 1e-6 or offset + duration_s > last + 1e-6:
        raise InputError(
            f"{duration_s / 86400.0:g} days from {start} are not all inside what is known of "
            "the satellite",
            key="start",
            value=str(start),
            allowed=f"{motion.epoch + first} to {motion.epoch + last}"
            if math.isfinite(first + last)
            else f"{first:g} s to {last:g} s after {motion.epoch}",
        )
    return offset
