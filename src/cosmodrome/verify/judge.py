"""Judging a re-flight: does it end where it must, and did it keep the limits?"""

from __future__ import annotations

from itertools import pairwise
from math import inf

import numpy as np
from numpy.typing import NDArray

from cosmodrome.flight.vehicle import Stage, Vehicle, loaded_by_mission, unloaded_kg, with_unloaded
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.plan import Plan
from cosmodrome.orbit.elements import Elements
from cosmodrome.verify.fly import Flight
from cosmodrome.verify.limit_checks import (
    acceleration_check,
    coast_perigee_check,
    course_check,
    heating_check,
    pressure_check,
)
from cosmodrome.verify.record import Record
from cosmodrome.verify.target_miss import reached_orbit, target_miss
from cosmodrome.verify.verdict import Check, Tolerances, Verdict
from cosmodrome.world import earth
from cosmodrome.world.environment import Environment

__all__ = ["Check", "Tolerances", "Verdict", "judge", "restarts"]

_ORBITAL = 0.25  # share of the squared circular speed below which nothing is in orbit

Array = NDArray[np.float64]


def judge(
    mission: Mission,
    plan: Plan,
    flight: Flight,
    flown: Record,
    turn_rad: float = 0.0,
    tolerances: Tolerances | None = None,
) -> Verdict:
    """Judge a re-flight against plan, target and limits.

    Parameters
    ----------
    mission : Mission, its target's inclination resolved
    plan : Plan
    flight : Flight
    flown : Record
    turn_rad : float
        How far the flight's pad is turned about the pole from the plan's.
    tolerances : Tolerances

    Returns
    -------
    Verdict
    """
    tolerances = tolerances or Tolerances()
    r, v = flight.end[:3], flight.end[3:6]
    environment = mission.environment
    if not np.all(np.isfinite(flight.end)) or _came_down(flight, environment):
        return _lost(mission, plan, flight)
    predicted_r = _turned(plan.predicted_r_m[-1], turn_rad)
    predicted_v = _turned(plan.predicted_v_m_s[-1], turn_rad)
    position = float(np.linalg.norm(r - predicted_r))
    velocity = float(np.linalg.norm(v - predicted_v))
    reached = reached_orbit(r, v, environment)
    off_m, off_m_s, errors = target_miss(mission.target, environment, reached)
    checks = _checks(mission, _as_loaded(mission, plan), flight, flown)
    passed = (
        position <= tolerances.position_m
        and velocity <= tolerances.velocity_m_s
        and off_m <= tolerances.position_m
        and off_m_s <= tolerances.velocity_m_s
        and all(check.met for check in checks)
    )
    return Verdict(
        position, velocity, off_m, off_m_s, errors, reached.osculating, reached.mean, checks, passed
    )


def _lost(mission: Mission, plan: Plan, flight: Flight) -> Verdict:
    """The judgement on a flight that could not be integrated to its end."""
    nowhere = Elements(*[float("nan")] * 6)
    checks = tuple(_propellant_checks(mission, _as_loaded(mission, plan), flight))
    return Verdict(inf, inf, inf, inf, {}, nowhere, None, checks, passed=False)


def _as_loaded(mission: Mission, plan: Plan) -> Vehicle:
    """The vehicle with its last stage loaded as the plan's own masses at lift-off say."""
    missing = unloaded_kg(mission.vehicle, plan.liftoff_mass_kg, plan.payload_kg)
    return with_unloaded(mission.vehicle, missing) if missing else mission.vehicle


def _came_down(flight: Flight, environment: Environment) -> bool:
    """Whether the flight ends too slow to have an orbit to speak of."""
    r, v = flight.end[:3], flight.end[3:6]
    circular = environment.mu_m3_s2 / float(np.linalg.norm(r))
    return float(v @ v) < _ORBITAL * circular


def _turned(vector: Array, angle: float) -> Array:
    return np.asarray(earth.rotate_z(vector, angle))


def _checks(mission: Mission, loaded: Vehicle, flight: Flight, flown: Record) -> tuple[Check, ...]:
    """Every limit of the mission and every tank of the vehicle as it was loaded."""
    limits = mission.limits
    rising = flown.t_s >= limits.vertical_rise_s
    first = _first_stage_samples(mission, flight, flown)
    found = pressure_check(limits, flown.q_pa)
    found += acceleration_check(limits, flown.acceleration_m_s2)
    if limits.q_alpha_pa_rad is not None:
        product = np.degrees(flown.q_pa * flown.alpha_rad)[rising] / 1e3
        wanted = float(np.degrees(limits.q_alpha_pa_rad)) / 1e3
        found.append(Check("q alpha", wanted, float(product.max()), "kPa deg"))
    found += heating_check(limits, flown.t_s, flown.heating_w_m2, _fairing_gone(flight))
    if limits.pitch_rate_rad_s is not None:
        rate = float(np.degrees(_turn_rate(flight)))
        found.append(Check("turn rate", float(np.degrees(limits.pitch_rate_rad_s)), rate, "deg/s"))
    found += _coast_check(mission, flight)
    under = (flown.t_s[first], flown.r_m[first], flown.v_m_s[first])
    found += course_check(limits, mission.environment, mission.site, flight.meridian_rad, under)
    found += _reserve_check(mission, loaded, flight)
    return tuple(found + _propellant_checks(mission, loaded, flight))


def _reserve_check(mission: Mission, vehicle: Vehicle, flight: Flight) -> list[Check]:
    """Ideal velocity that the last stage's unburnt propellant still holds at insertion."""
    stage = vehicle.stages[-1]
    if vehicle.reserve_m_s <= 0.0 or stage.motor is None:
        return []
    burnt = sum(kg for one in flight.legs for name, kg in one.burnt_kg if name == stage.name)
    burnt += sum(restarts(flight, stage.name))
    final, left = float(flight.end[6]), stage.usable_kg - burnt
    exhaust = stage.motor.isp_vac_s * mission.environment.g0_m_s2
    held = exhaust * float(np.log(final / max(final - left, 1e-9)))
    return [Check("velocity reserve", vehicle.reserve_m_s, held, "m/s", floor=True)]


def _first_stage_samples(mission: Mission, flight: Flight, flown: Record) -> NDArray[np.bool_]:
    """Samples at which the first stage or a strap-on burns, after the vertical rise."""
    names = {mission.vehicle.stages[0].name, *(g.name for g in mission.vehicle.boosters)}
    legs = [
        k for k, one in enumerate(flight.legs) if any(b.stage in names for b in one.leg.burning)
    ]
    rising = flown.t_s > mission.limits.vertical_rise_s
    return np.asarray(np.isin(flown.leg, legs) & rising)


def _fairing_gone(flight: Flight) -> float | None:
    return next(
        (one.leg.start_s for one in flight.legs if "fairing jettison" in one.leg.events), None
    )


def _turn_rate(flight: Flight) -> float:
    """Largest turn rate of the thrust axis, over a coast the mean one that it takes.

    A jump where one burn hands over to the next counts as an infinite rate.
    """
    worst, idle_s = 0.0, 0.0
    before: Array | None = None
    for one in flight.legs:
        if one.leg.steering == "coast":
            # Time to turn in: the axis is nobody's business until the next burn.
            idle_s += one.leg.end_s - one.leg.start_s
            continue
        if one.leg.angles is None and one.leg.steering != "vertical":
            continue
        chord = np.linalg.norm(np.diff(one.axis, axis=0), axis=1)
        step = np.diff(one.t_s)
        used = step > 1e-6
        angle = 2.0 * np.arcsin(np.clip(0.5 * chord[used], 0.0, 1.0))
        worst = max(worst, float((angle / step[used]).max(initial=0.0)))
        if before is not None:
            gap = float(np.linalg.norm(one.axis[0] - before))
            turn = 2.0 * float(np.arcsin(min(0.5 * gap, 1.0)))
            if gap > 1e-4:
                worst = max(worst, turn / idle_s if idle_s > 0.0 else inf)
        before, idle_s = one.axis[-1], 0.0
    return worst


def _coast_check(mission: Mission, flight: Flight) -> list[Check]:
    """The perigee of every orbit that is coasted in before its stage is lit again."""
    found: list[Check] = []
    for k, one in enumerate(flight.legs):
        if any(name.endswith("ignition 2") for name in _next_events(flight, k)):
            r, v = one.y[0, :3], one.y[0, 3:6]
            found += coast_perigee_check(mission.limits, mission.environment, r, v)
    return found


def _next_events(flight: Flight, k: int) -> tuple[str, ...]:
    return flight.legs[k + 1].leg.events if k + 1 < len(flight.legs) else ()


def _propellant_checks(mission: Mission, loaded: Vehicle, flight: Flight) -> list[Check]:
    """No tank holds more than it can, and none gives more than its usable propellant."""
    units = [(stage.name, 1, stage) for stage in loaded.stages]
    units += [(group.name, group.count, group.unit) for group in loaded.boosters]
    burnt: dict[str, float] = {}
    for one in flight.legs:
        for name, kg in one.burnt_kg:
            burnt[name] = burnt.get(name, 0.0) + kg
    for stage in loaded.stages:
        settled = restarts(flight, stage.name)
        burnt[stage.name] = burnt.get(stage.name, 0.0) + sum(settled)
    found = _load_checks(mission.vehicle, loaded)
    found += [
        Check(f"propellant, {name}", count * unit.usable_kg, burnt.get(name, 0.0), "kg")
        for name, count, unit in units
        if unit.motor is not None
    ]
    for stage in loaded.stages:
        found += _restart_checks(stage, restarts(flight, stage.name))
    return found


def restarts(flight: Flight, stage: str) -> list[float]:
    """What leaves at each restart of a stage, kilograms: its propellant, to settle the rest."""
    found: list[float] = []
    lit = False
    for before, one in pairwise(flight.legs):
        lit = lit or any(burning.stage == stage for burning in before.leg.burning)
        again = any(burning.stage == stage for burning in one.leg.burning)
        if lit and again and not before.leg.burning:
            found.append(one.leg.dropped_kg)
    return found


def _restart_checks(stage: Stage, settled_kg: list[float]) -> list[Check]:
    """No stage is lit more often than it can, nor without settling its propellant."""
    if not settled_kg:
        return []
    found = [Check(f"ignitions, {stage.name}", stage.burns, 1 + len(settled_kg), "")]
    if stage.settling_kg > 0.0:
        least = min(settled_kg)
        name = f"settling, {stage.name}"
        found.append(Check(name, stage.settling_kg, least, "kg", floor=True))
    return found


def _load_checks(vehicle: Vehicle, loaded: Vehicle) -> list[Check]:
    """The load of a stage that is loaded to the mission, between its least and its most."""
    stage = loaded_by_mission(vehicle)
    if stage is None:
        return []
    aboard = loaded.stages[-1].loaded_kg
    found = [Check(f"load, {stage.name}", stage.loaded_kg, aboard, "kg")]
    if stage.least_loaded_kg:
        least = Check(f"least load, {stage.name}", stage.least_loaded_kg, aboard, "kg", floor=True)
        found.append(least)
    return found
