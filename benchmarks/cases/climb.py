"""A climb from Vostochny to 500 km, retrograde at 97.4 deg: smooth, by no law of flight.

Screening asks where a flight is, not why; this one needs no planning first.
"""

from __future__ import annotations

import math

import numpy as np

from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import rotation
from cosmodrome.world.state import Trajectory

__all__ = ["LIFTOFF_UTC", "climb"]

LIFTOFF_UTC = "2027-03-20T12:00:00Z"
LATITUDE_DEG, LONGITUDE_DEG = 51.88, 128.33
INCLINATION_DEG = 97.4
GROUND_M, HEIGHT_M, SPEED_M_S = 6.365e6, 500e3, 7612.6
SECONDS = 520.0


def climb() -> Trajectory:
    """States every 2 s, GCRF, the last one of a circular orbit."""
    epoch = Epoch.parse(LIFTOFF_UTC)
    t = np.arange(0.0, SECONDS + 1.0, 2.0)
    x = t / SECONDS
    top = 6.378137e6 + HEIGHT_M
    size = GROUND_M + (top - GROUND_M) * x * x * (3.0 - 2.0 * x)
    rise = (top - GROUND_M) * 6.0 * x * (1.0 - x) / SECONDS
    speed = SPEED_M_S / top
    angle, turning = SECONDS * speed / 3.0 * x**3, speed * x**2
    lat, lon = math.radians(LATITUDE_DEG), math.radians(LONGITUDE_DEG)
    pad = np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])
    out = rotation("ITRF", "GCRF", epoch) @ pad
    east = np.cross([0.0, 0.0, 1.0], out)
    east /= np.linalg.norm(east)
    azimuth = math.asin(math.cos(math.radians(INCLINATION_DEG)) / math.cos(lat))
    ahead = math.cos(azimuth) * np.cross(out, east) + math.sin(azimuth) * east
    radial = np.cos(angle)[:, None] * out + np.sin(angle)[:, None] * ahead
    along = -np.sin(angle)[:, None] * out + np.cos(angle)[:, None] * ahead
    v = rise[:, None] * radial + (size * turning)[:, None] * along
    return Trajectory(epoch, "GCRF", t, size[:, None] * radial, v)
