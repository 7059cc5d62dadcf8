"""A bound on payload by the rocket equation: what no ascent can beat."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from cosmodrome.ascent.starts import site_latitude
from cosmodrome.flight.vehicle import (
    Stage,
    Vehicle,
    loaded_by_mission,
    stack_mass_kg,
    with_unloaded,
)
from cosmodrome.mission.nouns import Mission

__all__ = ["least_velocity_m_s", "most_payload_kg", "most_velocity_m_s"]

_LOADS = 8  # how many loads of a last stage that is loaded to the mission are looked at


def least_velocity_m_s(mission: Mission) -> float:
    """Velocity that no flight to the target does without: two impulses, nothing lost.

    From rest on the turning Earth at the equator's radius, horizontally and along
    the wanted plane, to the apogee, and there the perigee raised.

    Parameters
    ----------
    mission : Mission, its target a closed orbit with an inclination

    Accuracy
    --------
    A real ascent takes 1.2 to 2 km/s more. Beyond twelve Earth radii three
    impulses would save up to 4 %.
    """
    earth, target = mission.environment, mission.target
    assert target.apogee_radius_m is not None
    assert target.inclination_rad is not None
    mu, ground = earth.mu_m3_s2, earth.equatorial_radius_m
    low, high = target.perigee_radius_m, target.apogee_radius_m

    def speed(at: float, other: float) -> float:
        return math.sqrt(2.0 * mu * other / (at * (at + other)))

    # Eastward speed that lies in the plane; below the latitude a dogleg may use all.
    share = min(math.cos(target.inclination_rad), math.cos(site_latitude(mission)))
    gained = earth.rotation_rad_s * ground * share
    return speed(ground, high) - gained + speed(high, low) - speed(high, ground)


def _burns(vehicle: Vehicle) -> Iterator[tuple[float, float, float, float]]:
    """(isp_s, usable_kg, dropped before, dropped after) of every burn, bottom up.

    Strap-ons burn before the core, all with the better specific impulse of the
    two: no order and no sharing of thrust gives more.
    """
    for number, stage in enumerate(vehicle.stages):
        units = [(group.count, group.unit) for group in vehicle.boosters] if number == 0 else []
        best = max((_isp_s(unit) for _, unit in (*units, (1, stage))), default=0.0)
        for count, unit in units:
            usable, after = count * unit.usable_kg, count * (unit.dry_kg + unit.residual_kg)
            yield best, usable, 0.0, after
        before = sum(one.mass_kg for one in vehicle.jettisons if one.during == stage.name)
        shell = vehicle.fairing
        if shell is not None and shell.during == stage.name:
            before += shell.mass_kg
        last = stage is vehicle.stages[-1]
        after = 0.0 if last else stage.dry_kg + stage.residual_kg
        yield best if units else _isp_s(stage), stage.usable_kg, before, after


def _isp_s(stage: Stage) -> float:
    return stage.motor.isp_vac_s if stage.motor is not None else 0.0


def most_velocity_m_s(vehicle: Vehicle, payload_kg: float, g0_m_s2: float) -> float:
    """Ideal velocity of a vehicle with a payload, no flight gives more.

    In vacuum, without gravity; the fairing gone when the stage that drops it is lit.
    """
    mass, total = stack_mass_kg(vehicle) + payload_kg, 0.0
    for isp, usable, before, after in _burns(vehicle):
        mass -= before
        total += isp * g0_m_s2 * math.log(mass / (mass - usable))
        mass -= usable + after
    return total


def most_payload_kg(mission: Mission) -> float:
    """A payload that no ascent of the mission exceeds; 0 where not even none gets there.

    Parameters
    ----------
    mission : Mission, its target a closed orbit with an inclination

    Accuracy
    --------
    A bound, mostly two to three times too high: losses are left out.
    """
    needed = least_velocity_m_s(mission) + mission.vehicle.reserve_m_s
    return max(_bound(one, needed, mission.environment.g0_m_s2) for one in _loads(mission.vehicle))


def _loads(vehicle: Vehicle) -> Iterator[Vehicle]:
    """The vehicle with the loads its last stage may have."""
    yield replace(vehicle, reserve_m_s=0.0)
    last = loaded_by_mission(vehicle)
    if last is not None and last.least_loaded_kg is not None:
        room = last.loaded_kg - last.least_loaded_kg
        for number in range(1, _LOADS + 1):
            yield with_unloaded(vehicle, room * number / _LOADS)


def _bound(vehicle: Vehicle, needed_m_s: float, g0_m_s2: float) -> float:
    if most_velocity_m_s(vehicle, 0.0, g0_m_s2) < needed_m_s:
        return 0.0
    # Far above the lift-off mass nothing gets anywhere.
    low, high = 0.0, 10.0 * stack_mass_kg(vehicle)
    while high - low > 1e-6 * high:
        middle = 0.5 * (low + high)
        reached = most_velocity_m_s(vehicle, middle, g0_m_s2) >= needed_m_s
        low, high = (middle, high) if reached else (low, middle)
    return high
