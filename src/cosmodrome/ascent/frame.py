"""The launch plane and the pad at lift-off, in inertial axes."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin

import numpy as np
from numpy.typing import NDArray

from cosmodrome.mission.nouns import Mission
from cosmodrome.world import earth

__all__ = ["LaunchFrame", "launch_frame"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LaunchFrame:
    """Axes and start of one launch.

    Parameters
    ----------
    azimuth_rad : float, of the launch plane, clockwise from north
    up, downrange, across : arrays, shape (3,), unit vectors, inertial at lift-off
        across = downrange x up, to the right of the flight.
    north, east : arrays, shape (3,)
    start_r_m, start_v_m_s : arrays, shape (3,), the pad, turning with the Earth
    """

    azimuth_rad: float
    up: Array
    downrange: Array
    across: Array
    north: Array
    east: Array
    start_r_m: Array
    start_v_m_s: Array

    def corridor_normals(self, start_rad: float, stop_rad: float) -> Array:
        """Two normals whose products with a place are positive inside the corridor."""

        def heading(azimuth: float) -> Array:
            return cos(azimuth) * self.north + sin(azimuth) * self.east

        # Planes through the Earth's centre: the pad's plumb line misses it.
        radius = self.start_r_m / np.linalg.norm(self.start_r_m)
        inner_start = np.cross(heading(start_rad), radius)
        inner_stop = -np.cross(heading(stop_rad), radius)
        return np.concatenate([inner_start, inner_stop])


def launch_frame(mission: Mission, azimuth_rad: float, meridian_rad: float) -> LaunchFrame:
    """The frame for one launch azimuth.

    Parameters
    ----------
    mission : Mission
    azimuth_rad : float
    meridian_rad : float, angle of the pad's meridian from the inertial x axis

    Returns
    -------
    LaunchFrame
    """
    site, environment = mission.site, mission.environment
    a, f = environment.equatorial_radius_m, environment.flattening
    east, north, up = earth.local_axes(site.latitude_rad, meridian_rad)
    r = earth.site_position(site.latitude_rad, meridian_rad, site.altitude_m, a, f)
    v = np.cross([0.0, 0.0, environment.rotation_rad_s], r)
    downrange = cos(azimuth_rad) * north + sin(azimuth_rad) * east
    return LaunchFrame(
        azimuth_rad=azimuth_rad,
        up=up,
        downrange=downrange,
        across=np.cross(downrange, up),
        north=north,
        east=east,
        start_r_m=r,
        start_v_m_s=v,
    )
