"""The limits that states alone can break, each as one check, whoever flew them."""

from __future__ import annotations

from math import pi

import numpy as np
from numpy.typing import NDArray

from cosmodrome.flight.impact import vacuum_impact
from cosmodrome.mission.nouns import Limits, Site
from cosmodrome.orbit.elements import elements_from_state
from cosmodrome.verify.verdict import Check
from cosmodrome.world import earth
from cosmodrome.world.environment import Environment

__all__ = [
    "acceleration_check",
    "coast_perigee_check",
    "course_check",
    "heating_check",
    "pressure_check",
]

Array = NDArray[np.float64]

_NEAR_PAD_M = 50e3


def pressure_check(limits: Limits, q_pa: Array) -> list[Check]:
    """Largest dynamic pressure; nothing where no limit is given."""
    if limits.dynamic_pressure_pa is None:
        return []
    peak = float(q_pa.max()) / 1e3
    return [Check("dynamic pressure", limits.dynamic_pressure_pa / 1e3, peak, "kPa")]


def acceleration_check(limits: Limits, acceleration_m_s2: Array) -> list[Check]:
    """Largest acceleration along the axis; nothing where no limit is given."""
    if limits.acceleration_m_s2 is None:
        return []
    peak = float(acceleration_m_s2.max())
    return [Check("axial acceleration", limits.acceleration_m_s2, peak, "m/s2")]


def heating_check(
    limits: Limits, t_s: Array, heating_w_m2: Array, dropped_s: float | None
) -> list[Check]:
    """Largest heating after the fairing has gone.

    Parameters
    ----------
    limits : Limits
    t_s, heating_w_m2 : arrays, shape (n,)
    dropped_s : float or None, when the fairing goes

    Returns
    -------
    list of Check
        Empty where no limit is given, or no time.
    """
    if limits.heating_w_m2 is None or dropped_s is None:
        return []
    bare = t_s > dropped_s + 1e-6
    reached = float(heating_w_m2[bare].max(initial=0.0))
    return [Check("heating after fairing", limits.heating_w_m2, reached, "W/m2")]


def coast_perigee_check(
    limits: Limits, environment: Environment, r_m: Array, v_m_s: Array
) -> list[Check]:
    """The perigee of an orbit that is coasted in, from its first state."""
    limit = limits.coast_perigee_radius_m
    if limit is None:
        return []
    start = elements_from_state(r_m, v_m_s, environment.mu_m3_s2)
    radius = environment.equatorial_radius_m
    perigee = (float(start.perigee_radius_m) - radius) / 1e3
    return [Check("coast perigee", (limit - radius) / 1e3, perigee, "km", floor=True)]


def course_check(
    limits: Limits,
    environment: Environment,
    site: Site,
    meridian_rad: float,
    states: tuple[Array, Array, Array],
) -> list[Check]:
    """Least angle between the impact point's bearing and the corridor's edges.

    Impact points nearer than 50 km are left out: they move too little to have a
    course, and what falls there stays in the launch area.

    Parameters
    ----------
    limits : Limits, with the corridor
    environment : Environment
    site : Site
    meridian_rad : float, angle of the pad's meridian from the x axis at t = 0
    states : (seconds, r, v), shapes (n,), (n, 3), (n, 3)
        While the first stage or a strap-on burns; the z axis along the pole.

    Returns
    -------
    list of Check
        Empty where there is no corridor.
    """
    if not limits.azimuths_rad:
        return []
    a, f = environment.equatorial_radius_m, environment.flattening
    pad = np.asarray(
        earth.site_position(site.latitude_rad, meridian_rad, site.altitude_m, a, f), dtype=float
    )
    east, north, _ = earth.local_axes(site.latitude_rad, meridian_rad)
    radius = float(np.linalg.norm(pad))
    worst = pi
    for t, r, v in zip(*states, strict=True):
        place, fall = vacuum_impact(r, v, environment.mu_m3_s2, radius)
        turn = environment.rotation_rad_s * (t + float(fall))
        ground = np.asarray(earth.rotate_z(np.asarray(place), -turn))
        if float(np.linalg.norm(ground - pad)) < _NEAR_PAD_M:
            continue
        pole = np.cross(ground, pad)
        bearing_n = pole @ np.cross(pad, north) * -1.0
        bearing_e = pole @ np.cross(pad, east) * -1.0
        bearing = float(np.arctan2(bearing_e, bearing_n))
        worst = min(worst, max(_inside(bearing, pair) for pair in limits.azimuths_rad))
    reached = float(np.degrees(worst))
    return [Check("course inside corridor", 0.0, reached, "deg", floor=True)]


def _inside(bearing: float, pair: tuple[float, float]) -> float:
    """Angle to the nearer edge, negative outside."""
    width = (pair[1] - pair[0]) % (2.0 * pi) or 2.0 * pi
    from_start = (bearing - pair[0]) % (2.0 * pi)
    if from_start <= width:
        return min(from_start, width - from_start)
    return -min(from_start - width, 2.0 * pi - from_start)
