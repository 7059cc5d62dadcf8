"""Forces on a launch vehicle, written once for arrays and symbols.

Inertial frame with z along the Earth's pole; the pad's meridian is where the
caller put it at lift-off. Three degrees of freedom: thrust along the body
axis, drag against the air-relative velocity, no lift.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from cosmodrome.flight.vehicle import Motor
from cosmodrome.world import air, earth, maths
from cosmodrome.world.environment import Atmosphere, Environment
from cosmodrome.world.spline import natural_cubic

__all__ = [
    "Conditions",
    "acceleration",
    "air_law",
    "body_axis",
    "conditions",
    "drag_law",
    "flow_angles",
    "heating",
    "level_vector",
    "shape_level",
    "wind_law",
]

# Keeps the speed differentiable on the pad, where it is zero: 1 mm/s.
_STILL_M2_S2 = 1e-6


class Conditions(NamedTuple):
    """What the air does to the vehicle at one point.

    Parameters
    ----------
    altitude_m : geodetic
    density_kg_m3, pressure_pa : of the air
    velocity_m_s : vector, through the air, inertial axes
    speed_m_s : its length, never below 1 mm/s
    mach : speed over sound speed
    q_pa : dynamic pressure
    drag_n : drag force
    """

    altitude_m: Any
    density_kg_m3: Any
    pressure_pa: Any
    velocity_m_s: Any
    speed_m_s: Any
    mach: Any
    q_pa: Any
    drag_n: Any


@lru_cache(maxsize=64)
def drag_law(drag_table: tuple[tuple[float, float], ...]) -> Callable[[Any], Any]:
    """Drag coefficient as a function of Mach number, from `Aerodynamics.drag_table`."""
    return natural_cubic(drag_table)


def wind_law(environment: Environment) -> Callable[[Any, Any], Any] | None:
    """Wind vector at a position and altitude, or None for still air.

    The table's east and north components are turned at the point itself.
    """
    table = environment.wind.table
    if not table:
        return None
    east = natural_cubic(tuple((h, e) for h, e, _ in table))
    north = natural_cubic(tuple((h, n) for h, _, n in table))

    def wind(r_m: Any, altitude_m: Any) -> Any:
        return level_vector(r_m, east(altitude_m), north(altitude_m))

    return wind


def level_vector(r_m: Any, east: Any, north: Any) -> Any:
    """A vector along the ground, given towards east and north, in the axes of the position.

    Parameters
    ----------
    r_m : vectors, shape (..., 3), with z along the Earth's pole
    east, north : shape (...)
    """
    x, y, z = maths.parts(r_m)
    rho = maths.sqrt(x * x + y * y)
    radius = maths.sqrt(x * x + y * y + z * z)
    inward = -north * z / (radius * rho)
    return maths.vector(
        inward * x - east * y / rho, inward * y + east * x / rho, north * rho / radius
    )


def air_law(
    atmosphere: Atmosphere, altitude_m: Any, above_m: float | None = None
) -> tuple[Any, Any, Any]:
    """Density in kg/m3, pressure in Pa and speed of sound in m/s, for arrays and symbols.

    Parameters
    ----------
    atmosphere : Atmosphere
    altitude_m : geodetic
    above_m : float or None
        No lower than this is ever asked for: the layers below are left out.
    """
    if atmosphere.kind == "us76":
        if maths.is_symbolic(altitude_m):
            return maths.parts(_traced_us76(above_m)(altitude_m))
        state = air.us76(altitude_m, above_m=above_m)
    elif atmosphere.kind == "exponential":
        state = air.exponential(
            altitude_m, atmosphere.surface_density_kg_m3, atmosphere.scale_height_m
        )
    else:
        zero = 0.0 * altitude_m
        return zero, zero, zero + 340.0
    return state.density_kg_m3, state.pressure_pa, state.sound_speed_m_s


@lru_cache(maxsize=8)
def _traced_us76(above_m: float | None) -> Any:
    """The standard atmosphere traced once, for it is written into every equation."""

    def law(altitude_m: Any) -> Any:
        state = air.us76(altitude_m, above_m=above_m)
        return maths.vector(state.density_kg_m3, state.pressure_pa, state.sound_speed_m_s)

    return maths.traced(law, (1,))


def conditions(
    r_m: Any,
    v_m_s: Any,
    environment: Environment,
    area_m2: Any,
    drag: Callable[[Any], Any],
    above_m: float | None = None,
) -> Conditions:
    """Air-related quantities at a point of the flight.

    Parameters
    ----------
    r_m, v_m_s : vectors, shape (..., 3), inertial
    environment : Environment
    area_m2 : float, reference area
    drag : callable from `drag_law`
    above_m : float or None
        A height below which the point never is; saves the layers below it.

    Returns
    -------
    Conditions

    Accuracy
    --------
    The speed is raised by up to 1 mm/s at rest; otherwise exact for the air given.
    """
    altitude = earth.geodetic_altitude(r_m, environment.equatorial_radius_m, environment.flattening)
    density, pressure, sound = air_law(environment.atmosphere, altitude, above_m)
    law = wind_law(environment)
    wind = None if law is None else law(r_m, altitude)
    velocity = earth.air_relative_velocity(r_m, v_m_s, environment.rotation_rad_s, wind)
    speed = maths.sqrt(maths.dot(velocity, velocity) + _STILL_M2_S2)
    mach = speed / sound
    q = 0.5 * density * speed * speed
    return Conditions(
        altitude, density, pressure, velocity, speed, mach, q, q * area_m2 * drag(mach)
    )


def acceleration(
    r_m: Any,
    mass_kg: Any,
    thrust_n: Any,
    axis: Any,
    air_state: Conditions,
    environment: Environment,
) -> Any:
    """Inertial acceleration: gravity, thrust along the axis, drag.

    Parameters
    ----------
    r_m : vector, inertial
    mass_kg, thrust_n : scalars, thrust as delivered at this pressure
    axis : unit vector, inertial
    air_state : Conditions at the point
    environment : Environment

    Returns
    -------
    vector, metres per second squared
    """
    pull = earth.gravity(
        r_m, environment.mu_m3_s2, environment.gravity_radius_m, environment.zonals
    )
    push = thrust_n / mass_kg
    brake = air_state.drag_n / (mass_kg * air_state.speed_m_s)
    gx, gy, gz = maths.parts(pull)
    ax, ay, az = maths.parts(axis)
    vx, vy, vz = maths.parts(air_state.velocity_m_s)
    return maths.vector(
        gx + push * ax - brake * vx, gy + push * ay - brake * vy, gz + push * az - brake * vz
    )


def body_axis(pitch_rad: Any, yaw_rad: Any, downrange: Any, across: Any, up: Any) -> Any:
    """Thrust axis from pitch and yaw in the launch plane.

    cos(yaw) (cos(pitch) d + sin(pitch) u) + sin(yaw) c; all vectors inertial.
    """
    along = maths.cos(yaw_rad) * maths.cos(pitch_rad)
    rise = maths.cos(yaw_rad) * maths.sin(pitch_rad)
    side = maths.sin(yaw_rad)
    dx, dy, dz = maths.parts(downrange)
    cx, cy, cz = maths.parts(across)
    ux, uy, uz = maths.parts(up)
    return maths.vector(
        along * dx + side * cx + rise * ux,
        along * dy + side * cy + rise * uy,
        along * dz + side * cz + rise * uz,
    )


def flow_angles(axis: Any, air_state: Conditions, across: Any) -> tuple[Any, Any]:
    """The total angle of attack split into a launch-plane part and a sideways part.

    Both are linear in small angles and their squares add up to the square of
    the total angle, so that a limit on the total can be held by limits on both
    without a square that vanishes together with its slope.

    Parameters
    ----------
    axis : unit vector, inertial
    air_state : Conditions
    across : unit vector, the launch plane's normal

    Returns
    -------
    (in plane, sideways) : radians

    Accuracy
    --------
    The total comes out within 2e-6 up to 40 deg and 1 % at 90 deg, on the low side.
    """
    x, y, z = maths.parts(maths.cross(axis, air_state.velocity_m_s))
    slow = 1.0 / air_state.speed_m_s
    turn = maths.vector(slow * x, slow * y, slow * z)
    chord2 = 2.0 * (1.0 - slow * maths.dot(axis, air_state.velocity_m_s))
    # Angle over sine, a series in the squared chord.
    stretch: Any = 1.0 / 2772.0
    for coefficient in (1.0 / 630.0, 1.0 / 140.0, 1.0 / 30.0, 1.0 / 6.0, 1.0):
        stretch = coefficient + chord2 * stretch
    out = maths.dot(axis, across)
    stretch = stretch / maths.sqrt(1.0 - out * out)
    return stretch * maths.dot(turn, across), stretch * maths.dot(turn, maths.cross(axis, across))


def heating(air_state: Conditions) -> Any:
    """Free-molecular heating of a surface square to the flow, rho v^3 / 2, W/m2."""
    speed = air_state.speed_m_s
    return 0.5 * air_state.density_kg_m3 * speed * speed * speed


def shape_level(motor: Motor, since_ignition_s: Any) -> Any:
    """Thrust over mean thrust of a motor at a time since its ignition.

    Piecewise linear through the motor's table, constant outside it; 1 without one.
    """
    table = motor.shape
    if not table:
        return 1.0
    level: Any = table[0][1]
    slope = 0.0
    for (t0, y0), (t1, y1) in itertools.pairwise(table):
        new = (y1 - y0) / (t1 - t0)
        level = level + (new - slope) * maths.maximum(since_ignition_s - t0, 0.0)
        slope = new
    return level - slope * maths.maximum(since_ignition_s - table[-1][0], 0.0)
