"""A trajectory over the ground: latitude, longitude, altitude, cut at 180 degrees."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cosmodrome.world.earth import geodetic
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import EarthOrientation
from cosmodrome.world.state import Trajectory, in_frame

__all__ = ["GroundPath", "cut_at_180", "ground_path", "stretches"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class GroundPath:
    """Where a trajectory is above the ellipsoid of WGS 84.

    Parameters
    ----------
    latitude_deg, longitude_deg, altitude_m : arrays, shape (n,); longitude in (-180, 180]
    """

    latitude_deg: Array
    longitude_deg: Array
    altitude_m: Array


def ground_path(trajectory: Trajectory, orientation: EarthOrientation | None = None) -> GroundPath:
    """Geodetic latitude, longitude and altitude of every state.

    Parameters
    ----------
    trajectory : Trajectory
    orientation : EarthOrientation or None, the shipped one by default

    Accuracy
    --------
    As `world.frames` and `world.earth.geodetic`: centimetres.
    """
    earth = Environment()
    r = in_frame(trajectory, "ITRF", orientation).r_m
    latitude, longitude, altitude = geodetic(r, earth.equatorial_radius_m, earth.flattening)
    return GroundPath(
        np.degrees(np.asarray(latitude)), np.degrees(np.asarray(longitude)), np.asarray(altitude)
    )


def stretches(trajectory: Trajectory) -> list[tuple[str, int, int]]:
    """Name, start and stop of each stretch without a jump.

    The segments, cut again wherever a time stands twice; a trajectory without
    segments is one, "flight".
    """
    n = len(trajectory)
    jumps = set((np.flatnonzero(np.diff(trajectory.t_s) == 0.0) + 1).tolist())
    found = []
    for name, start, stop in trajectory.segments or (("flight", 0, n),):
        cuts = [start, *sorted(k for k in jumps if start < k < stop), stop]
        found += [(name, a, b) for a, b in pairwise(cuts) if b > a]
    return found


def cut_at_180(longitude_deg: Array, latitude_deg: Array, altitude_m: Array) -> list[Array]:
    """A line cut where it crosses the meridian of 180 degrees, RFC 7946 section 3.1.9.

    Both pieces end on the meridian, at the point the straight line between the
    neighbours has there.

    Parameters
    ----------
    longitude_deg, latitude_deg, altitude_m : arrays, shape (n,)

    Returns
    -------
    list of arrays, shape (m, 3)
        Longitude, latitude, altitude; longitudes within [-180, 180].
    """
    points = np.stack([longitude_deg, latitude_deg, altitude_m], axis=1)
    crossings = np.flatnonzero(np.abs(np.diff(longitude_deg)) > 180.0)
    pieces: list[Array] = []
    begun: list[Array] = []
    start = 0
    for k in crossings.tolist():
        side = 180.0 if points[k, 0] > 0.0 else -180.0
        beyond = points[k + 1] + [2.0 * side, 0.0, 0.0]
        step = beyond[0] - points[k, 0]
        share = (side - points[k, 0]) / step if step else 0.0
        edge = points[k] + share * (beyond - points[k])
        left, right = edge.copy(), edge.copy()
        left[0], right[0] = side, -side
        pieces.append(np.array([*begun, *points[start : k + 1], left]))
        begun, start = [right], k + 1
    pieces.append(np.array([*begun, *points[start:]]))
    return pieces
