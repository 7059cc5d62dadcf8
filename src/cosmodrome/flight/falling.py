"""The equations of fall of a body without thrust, written once for arrays and symbols."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cosmodrome.flight.fall_air import Air
from cosmodrome.world import earth, maths
from cosmodrome.world.environment import Environment

__all__ = ["Drag", "WindLaw", "falling_acceleration"]

Drag = Callable[[Any], Any]
"""Drag coefficient over the one that the ballistic coefficient holds, of the Mach number."""
WindLaw = Callable[[Any, Any], Any]
"""Wind vector in m/s, inertial axes, of position and altitude; see `forces.wind_law`."""

# Keeps the speed differentiable in still air: 1 mm/s.
_STILL_M2_S2 = 1e-6


def falling_acceleration(
    r_m: Any,
    v_m_s: Any,
    brake_m2_kg: Any,
    environment: Environment,
    air: Air,
    drag: Drag | None = None,
    wind: WindLaw | None = None,
) -> Any:
    """Inertial acceleration of a body that only falls: gravity and drag.

    Parameters
    ----------
    r_m, v_m_s : vectors, shape (..., 3), inertial, third axis along the pole
    brake_m2_kg : scalar, drag coefficient times area over mass, which is one
        over the ballistic coefficient; times whatever the density is off by
    environment : Environment
    air : Air, of `fall_air`
    drag : Drag or None, a coefficient that does not change with Mach number
    wind : WindLaw or None, still air

    Returns
    -------
    vector, metres per second squared

    Accuracy
    --------
    Three degrees of freedom without lift: what a tumbling body does on average.
    A body that trims to an angle may come down some kilometres aside.
    """
    altitude = earth.geodetic_altitude(r_m, environment.equatorial_radius_m, environment.flattening)
    density, sound = air(altitude)
    blowing = None if wind is None else wind(r_m, altitude)
    moving = earth.air_relative_velocity(r_m, v_m_s, environment.rotation_rad_s, blowing)
    speed = maths.sqrt(maths.dot(moving, moving) + _STILL_M2_S2)
    braking = -0.5 * density * speed * brake_m2_kg
    if drag is not None:
        braking = braking * drag(speed / sound)
    pull = earth.gravity(
        r_m, environment.mu_m3_s2, environment.gravity_radius_m, environment.zonals
    )
    gx, gy, gz = maths.parts(pull)
    vx, vy, vz = maths.parts(moving)
    return maths.vector(gx + braking * vx, gy + braking * vy, gz + braking * vz)
