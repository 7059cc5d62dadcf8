"""`falling.falling_acceleration` for many samples, component by component.

The same equations in the order that costs the least: vectors are never put
together and taken apart again. The tests hold both against one another to
rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cosmodrome.flight.fall_air import Air
from cosmodrome.flight.falling import Drag
from cosmodrome.world.environment import Environment

__all__ = ["Blow", "Heights", "Rates", "height_law", "quick_rates"]

Array = NDArray[np.float64]
Blow = Callable[[Array, Any], tuple[Array, Array]]
"""Wind towards east and north, m/s, of altitudes and whatever tells the samples."""
Heights = Callable[[Array], Array]
"""Geodetic altitude of states, shape (6, n)."""
Rates = Callable[[Array, Array, Any], Array]
"""Rate of states, shape (6, n), of brakes (n,) and whatever tells the samples."""

# Keeps the speed positive in still air, as `falling` does: 1 mm/s.
_STILL_M2_S2 = 1e-6


def height_law(environment: Environment) -> Heights:
    """Altitude as `earth.geodetic_altitude` gives it, of columns of states."""
    a, f = environment.equatorial_radius_m, environment.flattening
    law = _heights(a, f)
    return lambda y: law(y[0] * y[0] + y[1] * y[1], y[2] * y[2])


def _heights(a: float, f: float) -> Callable[[Array, Array], Array]:
    """Of the squares of the distances from the axis and from the equator's plane."""
    e2, b = f * (2.0 - f), a * (1.0 - f)
    second = e2 * a * a / b

    def law(p2: Array, z2: Array) -> Array:
        tangent = (1.0 - f) * (1.0 + second / np.sqrt(p2 + z2))
        t2 = tangent * tangent
        w2 = p2 + t2 * z2
        w3 = 1.0 / (w2 * np.sqrt(w2))
        k_p = 1.0 - (e2 * a) * p2 * w3
        k_z = 1.0 + second * t2 * tangent * z2 * w3
        p_normal, z_normal = p2 * k_p, z2 * k_z
        square = p_normal * k_p + z_normal * k_z
        drop = e2 * z_normal * k_z / square
        return (p_normal + z_normal) / np.sqrt(square) - a * np.sqrt(1.0 - drop)

    return law


def quick_rates(environment: Environment, air: Air, drag: Drag | None, blow: Blow | None) -> Rates:
    """Rates of falling bodies.

    Parameters
    ----------
    environment : Environment
    air : Air, of `fall_air`
    drag : Drag or None
    blow : Blow or None, still air

    Returns
    -------
    Rates

    Accuracy
    --------
    As `falling.falling_acceleration`, to rounding.
    """
    heights = _heights(environment.equatorial_radius_m, environment.flattening)
    pull, spin = _pull(environment), environment.rotation_rad_s

    def rates(y: Array, brake: Array, who: Any) -> Array:
        x, north_x, z = y[0], y[1], y[2]
        p2, z2 = x * x + north_x * north_x, z * z
        radius = np.sqrt(p2 + z2)
        height = heights(p2, z2)
        density, sound = air(height)
        u, v, w = y[3] + spin * north_x, y[4] - spin * x, y[5]
        if blow is not None:
            east, north = blow(height, who)
            rho = np.sqrt(p2)
            inward = -north * z / (radius * rho)
            east = east / rho
            u = u - (inward * x - east * north_x)
            v = v - (inward * north_x + east * x)
            w = w - north * rho / radius
        speed = np.sqrt(u * u + v * v + w * w + _STILL_M2_S2)
        braking = -0.5 * density * speed * brake
        if drag is not None:
            braking = braking * drag(speed / sound)
        along, axial = pull(z, radius)
        out = np.empty_like(y)
        out[:3] = y[3:]
        out[3] = along * x + braking * u
        out[4] = along * north_x + braking * v
        out[5] = along * z + axial + braking * w
        return out

    return rates


def _pull(environment: Environment) -> Callable[[Array, Array], tuple[Array, Any]]:
    """Gravity as a factor of the position, and what the pole adds; as `earth.gravity`."""
    mu, reference = environment.mu_m3_s2, environment.gravity_radius_m
    zonals = environment.zonals

    def pull(z: Array, radius: Array) -> tuple[Array, Any]:
        flat = mu / (radius * radius)
        if not zonals:
            return -flat / radius, 0.0
        s, ratio = z / radius, reference / radius
        slope: Any = 1.0
        slope_next = 3.0 * s
        rho, radial, axial = ratio, 1.0, 0.0
        for n, coefficient in enumerate(zonals, start=2):
            following = ((2 * n + 1) * s * slope_next - (n + 1) * slope) / n
            slope, slope_next = slope_next, following
            rho = rho * ratio
            weight = coefficient * rho
            radial = radial - weight * slope_next
            axial = axial + weight * slope
        return -flat * radial / radius, -flat * axial

    return pull
