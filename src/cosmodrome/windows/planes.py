"""Planes to launch into, and where their node is at any time.

A node is a right ascension from the true equinox of date. That of a local time
moves with the Sun, that of another satellite's plane with the Earth's oblateness.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.mission.nouns import LocalTime
from cosmodrome.orbit.elements import Elements
from cosmodrome.orbit.mean import mean_elements
from cosmodrome.orbit.motion import Motion
from cosmodrome.orbit.secular import Secular
from cosmodrome.orbit.sun import raan_for_local_time
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import EarthOrientation, Epoch
from cosmodrome.world.frames import turn_state

__all__ = [
    "NodeTrack",
    "Plane",
    "given_node",
    "local_time_node",
    "mean_plane",
    "met_after",
    "node_of_orbit",
]

Array = NDArray[np.float64]
Plane = Callable[[Epoch, Array], Array]
"""Node at epoch + t_s, radians, any whole turns; true equator and equinox of date."""

_STEP_S: Final = 86400.0
_EARTH: Final = Environment()


@dataclass(frozen=True, slots=True, eq=False)
class NodeTrack:
    """The node of a plane over a stretch of time, without jumps.

    Parameters
    ----------
    first_s, step_s : float, seconds after the epoch of the first sample, and between two
    node_rad : array, shape (n,); turns are counted through

    Accuracy
    --------
    Cubics through days at most: the nutation of 13.7 days leaves 1e-9 rad, below
    0.1 ms of lift-off.
    """

    first_s: float
    step_s: float
    node_rad: Array

    @classmethod
    def of(cls, plane: Plane, epoch: Epoch, span_s: tuple[float, float]) -> NodeTrack:
        """Sampled from a plane over a time, and not beyond it.

        Raises
        ------
        InputError
            Where the plane is not known.
        """
        count = max(4, math.ceil((span_s[1] - span_s[0]) / _STEP_S) + 1)
        t = np.linspace(span_s[0], span_s[1], count)
        # A node falls by several degrees a day at most, far from half a turn a step.
        return cls(span_s[0], float(t[1] - t[0]), np.unwrap(plane(epoch, t)))

    def at(self, t_s: Any) -> Array:
        """The node, shape (n,), radians, counted through; carried on a little at the ends."""
        x = (np.asarray(t_s, dtype=float) - self.first_s) / self.step_s
        left = np.clip(x.astype(int) - 1, 0, len(self.node_rad) - 4)
        y = x - left
        a, b, c, d = (self.node_rad[left + k] for k in range(4))
        # Newton's form through nodes at 0, 1, 2 and 3.
        one, two = b - a, 0.5 * (c - 2.0 * b + a)
        three = (d - 3.0 * c + 3.0 * b - a) / 6.0
        return np.asarray(a + y * (one + (y - 1.0) * (two + (y - 2.0) * three)))


def given_node(raan_rad: float) -> Plane:
    """A node that stays: right ascension from the true equinox of date."""

    def at(_epoch: Epoch, t_s: Array) -> Array:
        return np.full(t_s.shape, raan_rad)

    return at


def local_time_node(time: LocalTime, orientation: EarthOrientation | None = None) -> Plane:
    """The node that has a local time, mean or apparent, as the Sun moves on.

    Accuracy
    --------
    As `orbit.sun.raan_for_local_time`.
    """

    def at(epoch: Epoch, t_s: Array) -> Array:
        return np.array(
            [
                raan_for_local_time(
                    time.hours, epoch + float(t), node=time.node, sun=time.sun,
                    orientation=orientation,
                )
                for t in t_s
            ]
        )  # fmt: skip

    return at


def mean_plane(
    motion: Motion, epoch: Epoch, t_s: Array, orientation: EarthOrientation | None = None
) -> Elements:
    """Mean elements of a satellite at given times, true equator and equinox of date.

    Of first order in J2, so that the waves within a revolution, which move the
    node by up to 0.03 deg, are gone.

    Parameters
    ----------
    motion : Motion
    epoch : Epoch, of t = 0
    t_s : array, shape (n,), seconds
    orientation : EarthOrientation or None, the shipped one by default

    Returns
    -------
    Elements, of arrays of shape (n,)

    Raises
    ------
    InputError
        Where the motion is not known.

    Accuracy
    --------
    The node within 1e-4 deg of its mean over a revolution in low orbit.
    """
    own = t_s + (epoch - motion.epoch)
    if isinstance(motion, Secular) and motion.frame == "TOD":
        return motion.elements_at(own)
    r, v = motion.at(own)
    r, v = turn_state(motion.frame, "TOD", epoch, t_s, r, v, orientation=orientation)
    j2 = _EARTH.zonals[0]
    return mean_elements(r, v, _EARTH.mu_m3_s2, _EARTH.gravity_radius_m, j2)


def met_after(plane: Plane, wait_s: float, own_rate_rad_s: float) -> Plane:
    """The node to be launched into so that the two planes are one after a wait.

    A chaser that waits in a lower orbit turns faster than the plane it is to meet.

    Parameters
    ----------
    plane : Plane, of the satellite to be met
    wait_s : float, insertion to meeting
    own_rate_rad_s : float, of the chaser's node in the orbit it waits in

    Accuracy
    --------
    The chaser is taken to stay in one orbit; one that climbs early turns less. Between
    200 and 420 km at 51.6 deg the rates are 0.6 deg a day apart, 140 s of lift-off.
    """

    def at(epoch: Epoch, t_s: Array) -> Array:
        return plane(epoch, t_s + wait_s) - own_rate_rad_s * wait_s

    return at


def node_of_orbit(motion: Motion, orientation: EarthOrientation | None = None) -> Plane:
    """The mean node of a satellite's plane, its turning counted.

    Accuracy
    --------
    As `mean_plane` and the motion itself: a TLE a week old misplaces the node
    by about 0.01 deg.
    """

    def at(epoch: Epoch, t_s: Array) -> Array:
        return np.asarray(mean_plane(motion, epoch, t_s, orientation).raan_rad)

    return at
