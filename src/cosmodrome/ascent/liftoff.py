"""Whether a launcher leaves its pad at all."""

from __future__ import annotations

import numpy as np

from cosmodrome.ascent.frame import launch_frame
from cosmodrome.flight import forces
from cosmodrome.flight.vehicle import Stage, loaded_by_mission, stack_mass_kg
from cosmodrome.mission.nouns import Mission

__all__ = ["grounded", "lift_off_ratio"]

_SOON_S = 0.5  # a thrust table may begin at nothing: this far into it counts


def lift_off_ratio(mission: Mission) -> float:
    """Thrust over weight on the pad: all that is lit there, at the pad's own pressure.

    Without payload where the mission asks for the largest, and with the least load
    of a last stage that is loaded to the mission: the best the launcher can do.

    Parameters
    ----------
    mission : Mission

    Returns
    -------
    float
        Below 1 it stays where it is. Between 1 and about 1.1 it rises, slowly.

    Accuracy
    --------
    Thrust tables are read half a second after ignition; the pull of the turning
    Earth is left out, 0.3 % of the weight.
    """
    vehicle, environment = mission.vehicle, mission.environment
    frame = launch_frame(mission, 0.0, 0.0)
    drag = forces.drag_law(vehicle.aerodynamics.drag_table)
    area = vehicle.aerodynamics.area_m2
    air = forces.conditions(frame.start_r_m, frame.start_v_m_s, environment, area, drag)
    units = [(1, vehicle.stages[0])] + [(group.count, group.unit) for group in vehicle.boosters]
    thrust = sum(n * _thrust_n(unit, float(air.pressure_pa)) for n, unit in units)
    mass = stack_mass_kg(vehicle) + (mission.payload_kg or 0.0)
    sized = loaded_by_mission(vehicle)
    if sized is not None:
        mass -= sized.loaded_kg - (sized.least_loaded_kg or 0.0)
    pull = environment.mu_m3_s2 / float(np.linalg.norm(frame.start_r_m)) ** 2
    return float(thrust / (mass * pull))


def _thrust_n(unit: Stage, pressure_pa: float) -> float:
    motor = unit.motor
    if motor is None or unit.ignition_s > 0.0:
        return 0.0
    level = unit.schedule[0][1] if unit.schedule else motor.throttle_max
    level *= float(forces.shape_level(motor, _SOON_S)) if motor.shape else 1.0
    return float(level * motor.thrust_vac_n - motor.exit_area_m2 * pressure_pa)


def grounded(mission: Mission) -> str:
    """Why the launcher cannot leave the pad, with the figure; empty if it can."""
    ratio = lift_off_ratio(mission)
    if ratio > 1.0:
        return ""
    with_what = "empty" if mission.payload_kg is None else f"with {mission.payload_kg:g} kg"
    return (
        f"{mission.vehicle.name} cannot leave the pad {with_what}: its thrust there is "
        f"{ratio:.3f} times its weight"
    )
