"""The legs of a flight, from the vehicle itself: who burns when, what drops when.

A leg is a stretch with one set of burning motors. Times up to the first free
duration are exact; later ones are nominal (full throttle) and only guide the
first guess.
"""

from __future__ import annotations

from dataclasses import replace
from math import exp

from cosmodrome.ascent.first_stage import first_stage
from cosmodrome.ascent.legs import LegSpec, LegWriter, Route
from cosmodrome.ascent.upper_stages import upper_stage
from cosmodrome.flight.vehicle import Vehicle, loaded_by_mission, stack_mass_kg
from cosmodrome.mission.nouns import Limits

__all__ = ["timeline"]


def timeline(vehicle: Vehicle, limits: Limits, route: Route, g0_m_s2: float) -> tuple[LegSpec, ...]:
    """All legs of one route, from lift-off to insertion.

    Parameters
    ----------
    vehicle : Vehicle
    limits : Limits, for the vertical rise and for where throttle is free
    route : Route
    g0_m_s2 : float

    Returns
    -------
    tuple of LegSpec, in time order
    """
    writer = LegWriter(g0=g0_m_s2, legs=[], mass=stack_mass_kg(vehicle))
    writer.fairing_on = vehicle.fairing is not None
    first_stage(writer, vehicle, limits)
    for k in range(1, len(vehicle.stages)):
        upper_stage(writer, vehicle, limits, k, route)
    return (*writer.legs[:-1], _keeping(vehicle, writer.legs[-1], g0_m_s2))


def _keeping(vehicle: Vehicle, last: LegSpec, g0_m_s2: float) -> LegSpec:
    """The last leg with the velocity reserve kept in its stage, and what is not loaded."""
    motor = vehicle.stages[-1].motor
    if (sized := loaded_by_mission(vehicle)) is not None:
        last = replace(last, unloaded_share=sized.residual_share)
    if motor is None or vehicle.reserve_m_s <= 0.0:
        return last
    return replace(last, kept_ratio=exp(vehicle.reserve_m_s / (motor.isp_vac_s * g0_m_s2)))
