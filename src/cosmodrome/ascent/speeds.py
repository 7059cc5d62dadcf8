"""What an ascent takes and what a vehicle gives, by the rocket equation: for first guesses."""

from __future__ import annotations

from dataclasses import replace
from math import exp, sqrt

from cosmodrome.ascent.legs import Coast, Route
from cosmodrome.ascent.rehearse import ideal_speed, payload_guess
from cosmodrome.ascent.timeline import timeline
from cosmodrome.flight.burn import full_flow
from cosmodrome.flight.vehicle import Vehicle, loaded_by_mission, with_unloaded
from cosmodrome.mission.nouns import Environment, Mission, Target

__all__ = [
    "beside",
    "energy_of",
    "last_level",
    "last_share",
    "load_share",
    "reach",
    "speeds",
    "without_last",
]

_LOSSES_M_S = 1650.0  # of an ordinary ascent, before any reserve
# The payload is only guessed where the throttle of the last burn is chosen.
_OF_LIMIT = 0.7
# Longest burn of a last stage that is loaded to the mission, in a flight without a coast.
_DIRECT_BURN_S = 400.0
# Acceleration below which it is no help on the way to a parking orbit.
_WEAK_M_S2 = 0.6
# Loads over capacity to choose from, and the least that is guessed.
_SHARES, _LEAST_SHARE = (1.0, 0.8, 0.6, 0.4, 0.2, 0.1), 0.02
# How far the rocket equation may be wrong about reaching orbit without the last stage:
# too hopeful by the first, too careful by the second.
_REACH_M_S = (150.0, 400.0)


def energy_of(target: Target, environment: Environment) -> float:
    """Energy of a target orbit per unit of mass, J/kg."""
    if target.kind == "escape":
        return 0.5 * (target.c3_m2_s2 or 0.0)
    rp = target.perigee_radius_m
    return -environment.mu_m3_s2 / (rp + (target.apogee_radius_m or rp))


def speeds(
    target: Target, environment: Environment, aim: float, route: Route
) -> tuple[float, float]:
    """Speed of the first powered flight at the surface's energy, and of the second burn."""
    mu, ground = environment.mu_m3_s2, environment.equatorial_radius_m
    rp = target.perigee_radius_m
    energy = energy_of(target, environment)
    if route.direct:
        return sqrt(2.0 * (energy + mu / ground)) * _lift(rp, ground), 0.0
    parking = sqrt(mu / aim)
    at_aim = sqrt(2.0 * (energy + mu / aim)) - parking
    if target.kind == "circular":
        transfer = sqrt(2.0 * mu * rp / (aim * (aim + rp)))
        at_top = sqrt(mu / rp) - sqrt(2.0 * mu * aim / (rp * (aim + rp)))
        return transfer, abs(at_top)
    return parking, at_aim


def _lift(radius: float, ground: float) -> float:
    """Direct climbs to high orbits cost more than their energy."""
    return 1.0 + 0.05 * max((radius - ground) / 1e6 - 0.2, 0.0)


def last_share(vehicle: Vehicle, speed: float) -> float:
    """Share of the last stage's propellant for a burn of this speed, payload as the dry mass."""
    stage = vehicle.stages[-1]
    if stage.motor is None or speed <= 0.0:
        return 0.2
    dry = stage.dry_kg + vehicle.rider_kg + vehicle.adapter_kg
    final = dry + 0.5 * stage.usable_kg
    share = final * (exp(speed / (9.8 * stage.motor.isp_vac_s)) - 1.0) / stage.usable_kg
    return min(max(share, 0.01), 0.7)


def beside(mission: Mission) -> float:
    """Ideal speed beside the orbit's own: what is lost on the way, and what is kept."""
    return _LOSSES_M_S + mission.vehicle.reserve_m_s


def load_share(mission: Mission, route: Route, first: float, second: float) -> float:
    """First guess of the last stage's load over its capacity, where it may be less than full."""
    vehicle, g0 = mission.vehicle, mission.environment.g0_m_s2
    stage = loaded_by_mission(vehicle)
    if stage is None or stage.motor is None:
        return 1.0
    if route.late:
        # The stages below carry all that is above them; the rocket equation shares it out.
        below = without_last(vehicle)
        legs = timeline(below, mission.limits, Route(), g0)
        carried = payload_guess(mission, legs, first + _LOSSES_M_S)
        total = carried + below.rider_kg + below.adapter_kg
        speed = second + vehicle.reserve_m_s
        needed = total * (1.0 - exp(-speed / (stage.motor.isp_vac_s * g0)))
        share = needed / (1.0 - stage.residual_share) / stage.loaded_kg
    else:
        share = _best_share(mission, first + second + beside(mission))
        if route.direct:
            # A long weak burn is no way to climb without a coast.
            share = min(share, full_flow(stage.motor, g0) * _DIRECT_BURN_S / stage.usable_kg)
    least = max((stage.least_loaded_kg or 0.0) / stage.loaded_kg, _LEAST_SHARE)
    return float(f"{min(max(share, least), 1.0):.3f}")


def _best_share(mission: Mission, speed: float) -> float:
    """The load that carries most payload by the rocket equation alone."""
    loaded = mission.vehicle.stages[-1].loaded_kg

    def payload(share: float) -> float:
        vehicle = with_unloaded(mission.vehicle, (1.0 - share) * loaded)
        legs = timeline(vehicle, mission.limits, Route(), mission.environment.g0_m_s2)
        return payload_guess(mission, legs, speed)

    return max(_SHARES, key=payload)


def without_last(vehicle: Vehicle) -> Vehicle:
    """The stages below a last stage that is loaded to the mission; its dry mass rides along."""
    return replace(
        vehicle,
        stages=vehicle.stages[:-1],
        rider_kg=vehicle.rider_kg + vehicle.stages[-1].dry_kg,
        reserve_m_s=0.0,
    )


def last_level(mission: Mission, speed: float) -> float:
    """Throttle of a burn after a coast that keeps the nearly empty stack below its limit."""
    stage, limit = mission.vehicle.stages[-1], mission.limits.acceleration_m_s2
    motor = stage.motor
    if motor is None or limit is None or motor.throttle_min >= motor.throttle_max:
        return 1.0
    environment = mission.environment
    legs = timeline(mission.vehicle, mission.limits, Route(), environment.g0_m_s2)
    payload = mission.payload_kg or payload_guess(mission, legs, speed)
    end = stage.dry_kg + mission.vehicle.rider_kg + mission.vehicle.adapter_kg + payload
    level = _OF_LIMIT * limit * end / motor.thrust_vac_n
    return float(f"{min(max(level, motor.throttle_min), motor.throttle_max, 1.0):.2f}")


def reach(mission: Mission, parking: float) -> tuple[bool, bool]:
    """Whether the stages below the last may reach the parking orbit, and may fail to."""
    vehicle, environment = mission.vehicle, mission.environment
    if len(vehicle.stages) < 3 or vehicle.stages[-1].motor is None:
        return False, True
    if loaded_by_mission(vehicle) is not None:
        return _reach_loaded(mission, parking)
    legs = timeline(vehicle, mission.limits, Route(), environment.g0_m_s2)
    last = next(k for k, leg in enumerate(legs) if leg.stage == vehicle.stages[-1].name)
    speed, second = speeds(mission.target, environment, parking, Route((Coast(),)))
    payload = mission.payload_kg
    if payload is None:
        payload = payload_guess(mission, legs, speed + second + beside(mission))
    below = ideal_speed(mission, legs[:last], payload)
    # Relative to the ground's turning: what the pad gives is part of the margin.
    spare = below - (speed + _LOSSES_M_S)
    return spare > -_REACH_M_S[0], spare < _REACH_M_S[1]


def _reach_loaded(mission: Mission, parking: float) -> tuple[bool, bool]:
    """As `_reach`, where the last stage is loaded to the mission.

    The stages below reach the parking orbit if they do with that stage empty. It is
    lit on the way there if that is worth while and it has the thrust for it.
    """
    vehicle, environment = mission.vehicle, mission.environment
    speed, second = speeds(mission.target, environment, parking, Route((Coast(),)))
    below = without_last(vehicle)
    legs = timeline(below, mission.limits, Route(), environment.g0_m_s2)
    late = ideal_speed(mission, legs, 0.0) > speed + _LOSSES_M_S - _REACH_M_S[0]
    share = _best_share(mission, speed + second + beside(mission))
    last = vehicle.stages[-1]
    loaded = with_unloaded(vehicle, (1.0 - share) * last.loaded_kg)
    legs = timeline(loaded, mission.limits, Route(), environment.g0_m_s2)
    payload = mission.payload_kg or payload_guess(mission, legs, speed + second + beside(mission))
    k = next(k for k, leg in enumerate(legs) if leg.stage == last.name)
    spare = ideal_speed(mission, legs[:k], payload) - (speed + _LOSSES_M_S)
    assert last.motor is not None
    strong = last.motor.thrust_vac_n > _WEAK_M_S2 * (legs[k].mass_kg + payload)
    return late, spare < _REACH_M_S[1] and strong
