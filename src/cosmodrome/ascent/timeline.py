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
from cosmodrome.flight.vehicle import Vehicle
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
    writer = LegWriter(g0=g0_m_s2, legs=[], mass=_stack_mass(vehicle))
    writer.fairing_on = vehicle.fairing is not None
    first_stage(writer, vehicle, limits)
    for k in range(1, len(vehicle.stages)):
        upper_stage(writer, vehicle, limits, k, route)
    return (*writer.legs[:-1], _keeping(vehicle, writer.legs[-1], g0_m_s2))


def _keeping(vehicle: Vehicle, last: LegSpec, g0_m_s2: float) -> LegSpec:
    """The last leg with the velocity reserve kept in its stage."""
    motor = vehicle.stages[-1].motor
    if motor is None or vehicle.reserve_m_s <= 0.0:
        return last
    return replace(last, kept_ratio=exp(vehicle.reserve_m_s / (motor.isp_vac_s * g0_m_s2)))


def _stack_mass(vehicle: Vehicle) -> float:
    units = [(1, stage) for stage in vehicle.stages]
    units += [(group.count, group.unit) for group in vehicle.boosters]
    total = sum(n * (s.dry_kg + s.usable_kg + s.residual_kg) for n, s in units)
    total += sum(part.mass_kg for part in vehicle.jettisons)
    total += vehicle.adapter_kg + vehicle.rider_kg
    return total + (vehicle.fairing.mass_kg if vehicle.fairing is not None else 0.0)
