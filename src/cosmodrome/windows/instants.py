"""Lift-off instants at which an ascent ends in a plane: one a day for each way up."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.windows.climbs import Climb
from cosmodrome.windows.planes import NodeTrack
from cosmodrome.world.epoch import EarthOrientation, Epoch
from cosmodrome.world.frames import EARTH_ROTATION_RAD_S, apparent_sidereal_angle_rad

__all__ = ["Greenwich", "instants"]

Array = NDArray[np.float64]

_GRID_S: Final = 3600.0
_SETTLED_RAD: Final = 1e-12
_TURN: Final = 2.0 * math.pi


@dataclass(frozen=True, slots=True, eq=False)
class Greenwich:
    """Apparent sidereal time at Greenwich over a stretch of time, quick at many instants.

    Parameters
    ----------
    slow : NodeTrack, sidereal time less an even turn

    Accuracy
    --------
    Within 2e-9 rad of `world.frames.apparent_sidereal_angle_rad`, 0.03 ms.
    """

    slow: NodeTrack

    @classmethod
    def of(
        cls, epoch: Epoch, span_s: tuple[float, float], orientation: EarthOrientation | None = None
    ) -> Greenwich:
        """Sampled over a time."""

        def less_turn(start: Epoch, t_s: Array) -> Array:
            angle = [apparent_sidereal_angle_rad(start + float(t), orientation) for t in t_s]
            return np.asarray(angle - EARTH_ROTATION_RAD_S * t_s)

        return cls(NodeTrack.of(less_turn, epoch, span_s))

    def at(self, t_s: Any) -> Array:
        """From the true equinox east to Greenwich, radians, counted through."""
        return np.asarray(self.slow.at(t_s) + EARTH_ROTATION_RAD_S * np.asarray(t_s))


def instants(
    climb: Climb, longitude_rad: float, track: NodeTrack, sky: Greenwich, duration_s: float
) -> Array:
    """Every lift-off in a stretch of time after which the ascent ends in the plane.

    The Earth turns the pad and with it the plane of its ascent; the plane wanted
    moves too, by a degree a day for a local time and by several for a low orbit.

    Parameters
    ----------
    climb : Climb
    longitude_rad : float, of the pad, east
    track : NodeTrack
        Of the node wanted, over the insertions of that time.
    sky : Greenwich, over that time
    duration_s : float

    Returns
    -------
    array, shape (n,), seconds after the start, rising
        Both ends count as inside.

    Accuracy
    --------
    0.1 ms for the climb and the plane given. UT1 ahead of its table drifts by up
    to 1 ms a day.
    """

    def ahead(t_s: Array) -> Array:
        """How far the climb's node is east of the one wanted."""
        own = climb.node_from_pad_rad + longitude_rad + sky.at(t_s)
        return np.asarray(own - track.at(t_s + climb.flight_s))

    # A step beyond either end, so that an instant just there is not missed.
    grid = np.linspace(-_GRID_S, duration_s + _GRID_S, math.ceil(duration_s / _GRID_S) + 3)
    turned = ahead(grid)
    turns = _TURN * np.arange(
        math.ceil(turned[0] / _TURN), math.floor(turned[-1] / _TURN) + 1, dtype=float
    )
    t = np.interp(turns, turned, grid)
    for _ in range(8):
        gap = ahead(t) - turns
        t = t - gap / EARTH_ROTATION_RAD_S
        if t.size == 0 or float(np.max(np.abs(gap))) < _SETTLED_RAD:
            break
    slack = 1e-6
    return np.asarray(t[(t >= -slack) & (t <= duration_s + slack)])
