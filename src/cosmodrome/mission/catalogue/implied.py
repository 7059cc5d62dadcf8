"""What a published payload says about the losses of the flight behind it.

The rocket equation gives the velocity a stack can spend, the orbit says what it
needs, the turning Earth gives some of it free. What is left must have gone into
gravity, drag, steering and back pressure, and nature leaves little choice there.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

from cosmodrome.flight.burn import burn_duration, burnt, full_flow
from cosmodrome.flight.vehicle import Stage, Vehicle
from cosmodrome.mission.nouns import Environment

__all__ = [
    "CLEAR_M",
    "clearing_s",
    "implied_losses_m_s",
    "lift_off_thrust_n",
    "needed_speed_m_s",
    "rotation_m_s",
    "stage_velocities_m_s",
    "thrust_to_weight",
    "weak_upper_stage",
]

EARTH = Environment()
PARKING_KM = 185.0
SEA_LEVEL_PA = 101325.0
# Below this thrust over weight at ignition a stage holds itself up at an angle; it
# must give the share of velocity beside it for that to matter.
WEAK_THRUST_TO_WEIGHT, WEAK_SHARE = 0.5, 0.15


@dataclass(frozen=True, slots=True)
class _Unit:
    """A strap-on group or the core while the first stage flies."""

    count: int
    stage: Stage
    start_s: float
    end_s: float

    def burnt_kg(self, from_s: float, to_s: float) -> float:
        """Propellant of the whole group burnt between two times after lift-off."""
        start = max(from_s, self.start_s) - self.start_s
        end = min(to_s, self.end_s) - self.start_s
        return self.count * burnt(self.stage, start, end, EARTH.g0_m_s2) if end > start else 0.0

    @property
    def exhaust_m_s(self) -> float:
        motor = self.stage.motor
        return 0.0 if motor is None else motor.isp_vac_s * EARTH.g0_m_s2


def implied_losses_m_s(
    vehicle: Vehicle, payload_kg: float, needed_m_s: float, free_m_s: float
) -> float:
    """Losses that a payload to an orbit implies.

    Parameters
    ----------
    vehicle : Vehicle
    payload_kg : float, without the adapter, which the vehicle has of its own
    needed_m_s : float, inertial speed the orbit needs, see `needed_speed_m_s`
    free_m_s : float, speed given by the turning Earth, see `rotation_m_s`

    Returns
    -------
    float, metres per second
        Velocity of all stages by the rocket equation, minus needed, plus free.

    Accuracy
    --------
    1850 to 2000 m/s where data are good and stages strong (Saturn V, Zenit). The
    fairing is dropped at a stage's ignition instead of during its burn, which
    makes up to 30 m/s; vacuum specific impulse counts back pressure as a loss.
    """
    return sum(stage_velocities_m_s(vehicle, payload_kg).values()) - needed_m_s + free_m_s


def needed_speed_m_s(perigee_km: float, apogee_km: float) -> float:
    """Inertial speed an orbit needs, from burns at 185 km (or a lower perigee) and apogee.

    Altitudes are above 6378.137 km. The plane is not turned.
    """
    low = EARTH.equatorial_radius_m + 1000.0 * min(perigee_km, PARKING_KM)
    perigee = EARTH.equatorial_radius_m + 1000.0 * perigee_km
    apogee = EARTH.equatorial_radius_m + 1000.0 * apogee_km

    def speed(at: float, other: float) -> float:
        return math.sqrt(EARTH.mu_m3_s2 * (2.0 / at - 2.0 / (at + other)))

    return speed(low, apogee) + speed(apogee, perigee) - speed(apogee, low)


def rotation_m_s(inclination_deg: float) -> float:
    """Eastward speed of the ground along a direct ascent's plane, negative if retrograde.

    From any latitude that reaches the inclination it is the equator's 465 m/s
    times the inclination's cosine.
    """
    equator = EARTH.rotation_rad_s * EARTH.equatorial_radius_m
    return equator * math.cos(math.radians(inclination_deg))


def stage_velocities_m_s(vehicle: Vehicle, payload_kg: float) -> dict[str, float]:
    """Velocity each stage gives by the rocket equation; strap-ons count to stage 1.

    Returns
    -------
    dict of stage name to metres per second, bottom up
    """
    mass = _lift_off_kg(vehicle, payload_kg)
    velocities: dict[str, float] = {}
    first, *later = vehicle.stages
    velocities[first.name], mass = _first(vehicle, mass)
    mass -= _dropped_kg(vehicle, first)
    for stage in later:
        mass -= _dropped_kg(vehicle, stage)
        velocities[stage.name] = _gained(stage, mass)
        mass -= stage.usable_kg + stage.dry_kg + stage.residual_kg
    return velocities


def lift_off_thrust_n(vehicle: Vehicle) -> float:
    """Sea-level thrust of all that is lit on the pad, thrust shapes and levels as prescribed."""
    total = 0.0
    for unit in _units(vehicle):
        motor = unit.stage.motor
        if motor is None or unit.start_s > 0.0:
            continue
        level = motor.shape[0][1] if motor.shape else 1.0
        level *= unit.stage.schedule[0][1] if unit.stage.schedule else 1.0
        total += unit.count * (level * motor.thrust_vac_n - motor.exit_area_m2 * SEA_LEVEL_PA)
    return total


CLEAR_M = 100.0
"""Height at which a launcher is taken to be clear of its tower and to begin its turn."""
FIRST_S = 5.0


def clearing_s(vehicle: Vehicle) -> float:
    """Seconds from lift-off until the launcher has climbed `CLEAR_M`, at its first thrust.

    A launcher turns as soon as it may: a stubby one with strap-ons that rose for
    as long as a slow one would have to fly over the top of its best path.

    Accuracy
    --------
    The mass burnt meanwhile and the payload are left out: 3 % of the time.
    """
    thrust = 0.0
    for unit in _units(vehicle):
        motor = unit.stage.motor
        if motor is None or unit.start_s > 0.0:
            continue
        # Solids push hardest at the start: what counts is what is burnt meanwhile.
        flow = full_flow(motor, EARTH.g0_m_s2)
        level = burnt(unit.stage, 0.0, FIRST_S, EARTH.g0_m_s2) / (flow * FIRST_S)
        thrust += unit.count * (level * motor.thrust_vac_n - motor.exit_area_m2 * SEA_LEVEL_PA)
    climb = thrust / _lift_off_kg(vehicle, 0.0) - EARTH.g0_m_s2
    return math.inf if climb <= 0.0 else math.sqrt(2.0 * CLEAR_M / climb)


def thrust_to_weight(vehicle: Vehicle, payload_kg: float) -> float:
    """Lift-off thrust over weight."""
    return lift_off_thrust_n(vehicle) / (_lift_off_kg(vehicle, payload_kg) * EARTH.g0_m_s2)


def weak_upper_stage(vehicle: Vehicle, payload_kg: float) -> bool:
    """Whether an upper stage that gives much of the velocity is lit with little thrust."""
    velocities = stage_velocities_m_s(vehicle, payload_kg)
    total = sum(velocities.values())
    above = payload_kg + vehicle.adapter_kg + vehicle.rider_kg
    weak = False
    for stage in reversed(vehicle.stages[1:]):
        above += stage.usable_kg + stage.dry_kg + stage.residual_kg
        thrust = 0.0 if stage.motor is None else stage.motor.thrust_vac_n
        little = thrust < WEAK_THRUST_TO_WEIGHT * above * EARTH.g0_m_s2
        weak = weak or (little and velocities[stage.name] > WEAK_SHARE * total)
    return weak


def _lift_off_kg(vehicle: Vehicle, payload_kg: float) -> float:
    units = [(1, stage) for stage in vehicle.stages]
    units += [(group.count, group.unit) for group in vehicle.boosters]
    total = sum(n * (s.usable_kg + s.residual_kg + s.dry_kg) for n, s in units)
    total += sum(part.mass_kg for part in vehicle.jettisons)
    total += vehicle.fairing.mass_kg if vehicle.fairing is not None else 0.0
    return total + vehicle.adapter_kg + vehicle.rider_kg + payload_kg


def _dropped_kg(vehicle: Vehicle, stage: Stage) -> float:
    """Fairing and other parts dropped during the burn of a stage."""
    total = sum(part.mass_kg for part in vehicle.jettisons if part.during == stage.name)
    fairing = vehicle.fairing
    return total + (fairing.mass_kg if fairing and fairing.during == stage.name else 0.0)


def _gained(stage: Stage, mass_kg: float) -> float:
    if stage.motor is None:
        return 0.0
    exhaust = stage.motor.isp_vac_s * EARTH.g0_m_s2
    return exhaust * math.log(mass_kg / (mass_kg - stage.usable_kg))


def _units(vehicle: Vehicle) -> Iterator[_Unit]:
    core = vehicle.stages[0]
    for count, stage in [(1, core), *((g.count, g.unit) for g in vehicle.boosters)]:
        end = stage.ignition_s + burn_duration(stage, EARTH.g0_m_s2)
        yield _Unit(count, stage, stage.ignition_s, end)


def _first(vehicle: Vehicle, mass_kg: float) -> tuple[float, float]:
    """Velocity while the core and strap-ons burn side by side, and the mass left."""
    core, *groups = _units(vehicle)
    units = [core, *groups]
    drops = [(unit.end_s, unit) for unit in groups]
    times = sorted({0.0, *(unit.start_s for unit in units), *(unit.end_s for unit in units)})
    gained = 0.0
    for start, end in itertools.pairwise(times):
        shares = [(unit.exhaust_m_s, unit.burnt_kg(start, end)) for unit in units]
        spent = sum(kg for _, kg in shares)
        if spent > 0.0:
            exhaust = sum(speed * kg for speed, kg in shares) / spent
            gained += exhaust * math.log(mass_kg / (mass_kg - spent))
            mass_kg -= spent
        for at, unit in drops:
            if at == end:
                mass_kg -= unit.count * (unit.stage.dry_kg + unit.stage.residual_kg)
    return gained, mass_kg - core.stage.dry_kg - core.stage.residual_kg
