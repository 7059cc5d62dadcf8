"""The motion of the whole stack as one state, for integrators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cosmodrome.flight import forces
from cosmodrome.flight.vehicle import Aerodynamics
from cosmodrome.world import maths
from cosmodrome.world.environment import Environment

__all__ = ["rate_law"]


def rate_law(
    environment: Environment, aerodynamics: Aerodynamics
) -> Callable[[Any, Any, Any], Any]:
    """Rate of (position, velocity, mass) under a given push and thrust axis.

    Parameters
    ----------
    environment : Environment
    aerodynamics : Aerodynamics

    Returns
    -------
    callable(y, push, axis) -> column of 7
        y: position m, velocity m/s (inertial), mass kg; push: vacuum thrust N,
        exit area m2, mass flow kg/s; axis: unit vector, inertial.

    Accuracy
    --------
    That of the forces; thrust falls with the pressure at the exit.
    """
    drag = forces.drag_law(aerodynamics.drag_table)

    def rate(y: Any, push: Any, axis: Any) -> Any:
        r, v, mass = y[:3], y[3:6], y[6]
        air = forces.conditions(r, v, environment, aerodynamics.area_m2, drag)
        thrust = push[0] - push[1] * air.pressure_pa
        a = forces.acceleration(r, mass, thrust, axis, air, environment)
        return maths.stacked(v, a, -push[2])

    return rate
