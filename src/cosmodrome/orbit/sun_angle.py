"""Where the Sun stands to an orbit: its track, and the angle beta to the orbit's plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.orbit.bounds import check_time
from cosmodrome.orbit.motion import Motion
from cosmodrome.world.ephemeris import sun_m
from cosmodrome.world.epoch import EarthOrientation, Epoch

__all__ = ["SunTrack", "beta_rad", "beta_track", "sun_track"]

Array = NDArray[np.float64]

_NODE_S: Final = 43200.0


@dataclass(frozen=True, slots=True, eq=False)
class SunTrack:
    """The Sun over a stretch of time, for many instants; cubics through half days.

    Parameters
    ----------
    first_s : float, time of the first node
    place_m : array, shape (n, 3), at nodes half a day apart

    Accuracy
    --------
    Within 50 m of the ephemeris: 4e-10 rad seen from the Earth.
    """

    first_s: float
    place_m: Array

    def at(self, t_s: Array) -> tuple[Array, Array]:
        """Position and velocity, shape (n, 3), metres and metres per second."""
        x = (t_s - self.first_s) / _NODE_S
        left = np.clip(x.astype(int) - 1, 0, len(self.place_m) - 4)
        y = (x - left - 1.0)[:, None]
        a, b, c, d = (self.place_m[left + k] for k in range(4))
        # The cubic through nodes at -1, 0, 1 and 2.
        c2 = 0.5 * (a + c) - b
        c3 = (d - a + 3.0 * (b - c)) / 6.0
        c1 = 0.5 * (c - a) - c3
        rate = (c1 + y * (2.0 * c2 + 3.0 * y * c3)) / _NODE_S
        return b + y * (c1 + y * (c2 + y * c3)), rate


def sun_track(
    epoch: Epoch,
    first_s: float,
    last_s: float,
    frame: str,
    *,
    apparent: bool = False,
    orientation: EarthOrientation | None = None,
) -> SunTrack:
    """The Sun from the Earth's centre between two times.

    Parameters
    ----------
    epoch : Epoch, of t = 0
    first_s, last_s : float
    frame : str, of `world.frames.FRAMES` but ITRF
    apparent : bool, with light time and aberration; geometric by default
    orientation : EarthOrientation or None, the shipped one by default

    Raises
    ------
    InputError
        If the ephemeris does not reach.
    """
    count = int((last_s - first_s) / _NODE_S) + 5
    middle = 0.5 * (first_s + last_s)
    nodes = middle + _NODE_S * (np.arange(count) - 0.5 * (count - 1))
    places = sun_m(epoch, nodes, frame, apparent=apparent, orientation=orientation)
    return SunTrack(float(nodes[0]), places)


def beta_rad(r_m: Any, v_m_s: Any, sun: Any) -> Any:
    """Angle of the Sun above the plane of an orbit, radians, positive on the side of r x v.

    Parameters
    ----------
    r_m, v_m_s, sun : arrays, shape (..., 3), one frame that does not turn
        The Sun from the Earth's centre; its length does not matter.

    Returns
    -------
    float or array, shape (...), [-pi/2, pi/2]

    Accuracy
    --------
    Exact; seen from the satellite instead, the Sun stands up to 5e-5 rad
    (low orbit) elsewhere.
    """
    h = np.cross(r_m, v_m_s)
    along = np.sum(h * sun, axis=-1)
    across = np.linalg.norm(np.cross(h, sun), axis=-1)
    return np.arctan2(along, across)


def beta_track(
    motion: Motion,
    start: Epoch,
    t_s: Any,
    *,
    apparent: bool = False,
    orientation: EarthOrientation | None = None,
) -> Array:
    """Beta of a satellite's osculating plane at given times.

    Parameters
    ----------
    motion : Motion
    start : Epoch, of t = 0
    t_s : array, shape (n,), seconds
    apparent : bool, the Sun with light time and aberration; geometric by default
    orientation : EarthOrientation or None, the shipped one by default

    Returns
    -------
    array, shape (n,), radians

    Raises
    ------
    InputError
        If the motion or the ephemeris does not reach.
    """
    times = np.atleast_1d(np.asarray(t_s, dtype=float))
    first, last = float(np.min(times)), float(np.max(times))
    offset = check_time(motion, start + first, max(last - first, 1e-6)) - first
    r, v, frame = inertial(motion, times + offset, start, times, orientation)
    track = sun_track(start, first, last, frame, apparent=apparent, orientation=orientation)
    return np.asarray(beta_rad(r, v, track.at(times)[0]))


def inertial(
    motion: Motion,
    own_s: Array,
    start: Epoch,
    t_s: Array,
    orientation: EarthOrientation | None,
) -> tuple[Array, Array, str]:
    """States in axes that do not turn: the motion's own, or GCRF in place of ITRF."""
    from cosmodrome.world.frames import turn_state

    r, v = motion.at(own_s)
    if motion.frame != "ITRF":
        return r, v, motion.frame
    return (*turn_state("ITRF", "GCRF", start, t_s, r, v, orientation=orientation), "GCRF")
