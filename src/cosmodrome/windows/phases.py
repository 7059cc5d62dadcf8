"""Where the satellite to be met is when the launcher arrives in its plane."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from cosmodrome.orbit.motion import Motion
from cosmodrome.windows.climbs import Climb
from cosmodrome.world.epoch import EarthOrientation, Epoch
from cosmodrome.world.frames import turn_state

__all__ = ["inside", "phase_rad"]

Array = NDArray[np.float64]


def phase_rad(
    motion: Motion,
    climb: Climb,
    node_rad: Array,
    epoch: Epoch,
    insertion_s: Array,
    orientation: EarthOrientation | None = None,
) -> Array:
    """Angle by which a satellite is ahead at insertion, along its own orbit.

    Parameters
    ----------
    motion : Motion, of the satellite to be met
    climb : Climb
    node_rad : array, shape (n,), of the plane launched into, true equinox of date
    epoch : Epoch, of t = 0
    insertion_s : array, shape (n,)

    Returns
    -------
    array, shape (n,), radians, [0, 2 pi)

    Raises
    ------
    InputError
        Where the satellite is not known.

    Accuracy
    --------
    As the motion: in low orbit a TLE loses 0.01 to 0.03 deg along the track on the
    first day and, where the air changes, with the square of the time after that.
    """
    if insertion_s.size == 0:
        return np.empty(0)
    own = insertion_s + (epoch - motion.epoch)
    r, v = motion.at(own)
    r, v = turn_state(motion.frame, "TOD", epoch, insertion_s, r, v, orientation=orientation)
    u = float(climb.orbit.argument_of_latitude_rad)
    i = float(climb.orbit.inclination_rad)
    c, s = math.cos(u), math.sin(u)
    node = np.stack((np.cos(node_rad), np.sin(node_rad), np.zeros_like(node_rad)), axis=1)
    ahead = np.stack(
        (-np.sin(node_rad) * math.cos(i), np.cos(node_rad) * math.cos(i),
         np.full_like(node_rad, math.sin(i))), axis=1,
    )  # fmt: skip
    place = c * node + s * ahead
    normal = np.cross(r, v)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    out = r / np.linalg.norm(r, axis=1, keepdims=True)
    along = np.cross(normal, out)
    behind = np.arctan2(np.sum(place * along, axis=1), np.sum(place * out, axis=1))
    return np.asarray(np.mod(-behind, 2.0 * math.pi))


def inside(phase: Array, first_rad: float, last_rad: float) -> NDArray[np.bool_]:
    """Whether phases lie between two, counted forward from the first."""
    width = (last_rad - first_rad) % (2.0 * math.pi)
    return np.asarray((phase - first_rad) % (2.0 * math.pi) <= width)
