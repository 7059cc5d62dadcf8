"""Judging a re-flight: does it end where it must, and did it keep the limits?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import inf, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from cosmodrome.flight.impact import vacuum_impact
from cosmodrome.flight.vehicle import Stage, Vehicle, loaded_by_mission, unloaded_kg, with_unloaded
from cosmodrome.mission.nouns import Mission, Target
from cosmodrome.mission.plan import Plan
from cosmodrome.orbit.elements import (
    Elements,
    asymptote_declination,
    elements_from_state,
)
from cosmodrome.orbit.mean import circular_osculating, mean_elements
from cosmodrome.verify.fly import Flight
from cosmodrome.verify.record import Record
from cosmodrome.world import earth
from cosmodrome.world.environment import Environment

__all__ = ["Check", "Tolerances", "Verdict", "judge", "restarts"]

_ORBITAL = 0.25  # share of the squared circular speed below which nothing is in orbit

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tolerances:
    """How far a re-flight may be from its plan and from its target."""

    position_m: float = 100.0
    velocity_m_s: float = 0.1


@dataclass(frozen=True, slots=True)
class Check:
    """One limit: what was allowed, what was reached, in the unit given.

    `floor` is True where the limit is a least value.
    """

    name: str
    limit: float
    reached: float
    unit: str
    floor: bool = False

    @property
    def margin(self) -> float:
        """How much room is left; negative where the limit is broken."""
        return self.reached - self.limit if self.floor else self.limit - self.reached

    @property
    def met(self) -> bool:
        """Whether the limit is kept, to one part in a hundred thousand."""
        return self.margin >= -1e-5 * max(abs(self.limit), 1e-9)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement on one re-flight.

    Parameters
    ----------
    position_error_m, velocity_error_m_s : float, re-flight against the plan's end
    target_position_error_m, target_velocity_error_m_s : float
        Distance of the achieved state from the nearest state on the target orbit.
    target_error : dict, per element, achieved less wanted, door units
    osculating : Elements, achieved
    mean : Elements or None, first-order J2; None on an open orbit
    checks : tuple of Check
    passed : bool
    """

    position_error_m: float
    velocity_error_m_s: float
    target_position_error_m: float
    target_velocity_error_m_s: float
    target_error: dict[str, float]
    osculating: Elements
    mean: Elements | None
    checks: tuple[Check, ...]
    passed: bool


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
    osculating = elements_from_state(r, v, environment.mu_m3_s2)
    closed = float(osculating.eccentricity) < 1.0
    j2 = environment.zonals[0] if environment.zonals else 0.0
    mean = None
    if closed:
        mean = mean_elements(r, v, environment.mu_m3_s2, environment.gravity_radius_m, j2)
    off_m, off_m_s, errors = _target_miss(mission, r, v, osculating, mean)
    checks = _checks(mission, _as_loaded(mission, plan), flight, flown)
    passed = (
        position <= tolerances.position_m
        and velocity <= tolerances.velocity_m_s
        and off_m <= tolerances.position_m
        and off_m_s <= tolerances.velocity_m_s
        and all(check.met for check in checks)
    )
    return Verdict(position, velocity, off_m, off_m_s, errors, osculating, mean, checks, passed)


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


def _target_miss(
    mission: Mission, r: Array, v: Array, osculating: Elements, mean: Elements | None
) -> tuple[float, float, dict[str, float]]:
    """Position and velocity distance to the target orbit, and errors per element."""
    target, mu = mission.target, mission.environment.mu_m3_s2
    size, speed = float(np.linalg.norm(r)), float(np.linalg.norm(v))
    tilt_error = 0.0
    errors: dict[str, float] = {}
    found = mean if target.elements == "mean" and mean is not None else osculating
    if target.inclination_rad is not None:
        tilt_error = float(found.inclination_rad) - target.inclination_rad
        errors["inclination_deg"] = float(np.degrees(tilt_error))
    radial = float(r @ v) / size
    across = sqrt(max(speed**2 - radial**2, 0.0))
    side = speed * abs(tilt_error)
    if target.raan_rad is not None:
        shift = _wrap(float(osculating.raan_rad) - target.raan_rad)
        errors["raan_deg"] = float(np.degrees(shift))
        side = float(np.hypot(side, speed * np.sin(osculating.inclination_rad) * shift))
    if target.kind == "escape":
        return _escape_miss(target, r, v, osculating, mu, errors, side)
    assert target.apogee_radius_m is not None
    errors["perigee_km"] = float(found.perigee_radius_m - target.perigee_radius_m) / 1e3
    errors["apogee_km"] = float(found.apogee_radius_m - target.apogee_radius_m) / 1e3
    if target.kind == "circular":
        wanted = _circular_wanted(mission, r, v)
        off = abs(size - wanted[0])
        miss = sqrt((radial - wanted[1]) ** 2 + (across - wanted[2]) ** 2 + side**2)
        return off, miss, errors
    rp, ra = target.perigee_radius_m, target.apogee_radius_m
    if target.elements == "mean":
        # The mean orbit's own distances, as if it were flown two-body.
        assert mean is not None
        off = max(abs(errors["perigee_km"]), 0.0) * 1e3
        shift = mu * (errors["apogee_km"] * 1e3) / (2.0 * (0.5 * (rp + ra)) ** 2 * speed)
        return off, sqrt(shift**2 + side**2), errors
    near = min(max(size, rp), ra)
    total = sqrt(mu * (2.0 / near - 2.0 / (rp + ra)))
    flat = sqrt(2.0 * mu * rp * ra / (rp + ra)) / near
    upward = sqrt(max(total**2 - flat**2, 0.0)) * (1.0 if radial >= 0.0 else -1.0)
    turn = 0.0
    if target.argp_rad:
        turn = min(abs(_wrap(float(osculating.argp_rad) - w)) for w in target.argp_rad)
        errors["argp_deg"] = float(np.degrees(turn))
    e = (ra - rp) / (ra + rp)
    miss = sqrt((radial - upward) ** 2 + (across - flat) ** 2 + side**2 + (e * turn * speed) ** 2)
    return abs(size - near), miss, errors


def _circular_wanted(mission: Mission, r: Array, v: Array) -> tuple[float, float, float]:
    """Radius, radial and transverse speed of the target at this place."""
    target, environment = mission.target, mission.environment
    mu = environment.mu_m3_s2
    if target.elements == "mean":
        j2 = environment.zonals[0] if environment.zonals else 0.0
        tilt = target.inclination_rad or 0.0
        wanted = circular_osculating(
            target.perigee_radius_m, tilt, r, v, mu, environment.gravity_radius_m, j2
        )
        return float(wanted[0]), float(wanted[1]), float(wanted[2])
    return target.perigee_radius_m, 0.0, sqrt(mu / target.perigee_radius_m)


def _escape_miss(
    target: Target,
    r: Array,
    v: Array,
    osculating: Elements,
    mu: float,
    errors: dict[str, float],
    side: float,
) -> tuple[float, float, dict[str, float]]:
    assert target.c3_m2_s2 is not None
    size, speed = float(np.linalg.norm(r)), float(np.linalg.norm(v))
    wanted = sqrt(max(target.c3_m2_s2 + 2.0 * mu / size, 0.0))
    errors["c3_km2_s2"] = (speed**2 - 2.0 * mu / size - target.c3_m2_s2) / 1e6
    turn = 0.0
    if target.dla_rad is not None:
        turn = float(asymptote_declination(r, v, mu)) - target.dla_rad
        errors["dla_deg"] = float(np.degrees(turn))
    low = max(target.perigee_radius_m - 1000.0 - float(osculating.perigee_radius_m), 0.0)
    return low, sqrt((speed - wanted) ** 2 + side**2 + (speed * turn) ** 2), errors


def _wrap(angle: float) -> float:
    return (angle + pi) % (2.0 * pi) - pi


def _checks(mission: Mission, loaded: Vehicle, flight: Flight, flown: Record) -> tuple[Check, ...]:
    """Every limit of the mission and every tank of the vehicle as it was loaded."""
    limits = mission.limits
    rising = flown.t_s >= limits.vertical_rise_s
    first = _first_stage_samples(mission, flight, flown)
    found: list[Check] = []
    if limits.dynamic_pressure_pa is not None:
        peak = float(flown.q_pa.max()) / 1e3
        found.append(Check("dynamic pressure", limits.dynamic_pressure_pa / 1e3, peak, "kPa"))
    if limits.acceleration_m_s2 is not None:
        peak = float(flown.acceleration_m_s2.max())
        found.append(Check("axial acceleration", limits.acceleration_m_s2, peak, "m/s2"))
    if limits.q_alpha_pa_rad is not None:
        product = np.degrees(flown.q_pa * flown.alpha_rad)[rising] / 1e3
        wanted = float(np.degrees(limits.q_alpha_pa_rad)) / 1e3
        found.append(Check("q alpha", wanted, float(product.max()), "kPa deg"))
    found += _heating_check(mission, flight, flown)
    if limits.pitch_rate_rad_s is not None:
        rate = float(np.degrees(_turn_rate(flight)))
        found.append(Check("turn rate", float(np.degrees(limits.pitch_rate_rad_s)), rate, "deg/s"))
    found += _coast_check(mission, flight)
    if limits.azimuths_rad:
        found.append(_course_check(mission, flight, flown, first))
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


def _heating_check(mission: Mission, flight: Flight, flown: Record) -> list[Check]:
    limit = mission.limits.heating_w_m2
    dropped = next(
        (one.leg.start_s for one in flight.legs if "fairing jettison" in one.leg.events), None
    )
    if limit is None or dropped is None:
        return []
    bare = flown.t_s > dropped + 1e-6
    reached = float(flown.heating_w_m2[bare].max(initial=0.0))
    return [Check("heating after fairing", limit, reached, "W/m2")]


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
    """The perigee of every orbit that is coasted in."""
    limit = mission.limits.coast_perigee_radius_m
    found = []
    environment = mission.environment
    for k, one in enumerate(flight.legs):
        again = any(name.endswith("ignition 2") for name in _next_events(flight, k))
        if limit is None or not again:
            continue
        start = elements_from_state(one.y[0, :3], one.y[0, 3:6], environment.mu_m3_s2)
        radius = environment.equatorial_radius_m
        perigee = (float(start.perigee_radius_m) - radius) / 1e3
        found.append(Check("coast perigee", (limit - radius) / 1e3, perigee, "km", floor=True))
    return found


def _next_events(flight: Flight, k: int) -> tuple[str, ...]:
    return flight.legs[k + 1].leg.events if k + 1 < len(flight.legs) else ()


def _course_check(
    mission: Mission, flight: Flight, flown: Record, first: NDArray[np.bool_]
) -> Check:
    """Least angle between the impact point's bearing and the corridor's edges.

    Impact points nearer than 50 km are left out: they move too little to have a
    course, and what falls there stays in the launch area.
    """
    environment = mission.environment
    pad = flight.legs[0].y[0, :3]
    east, north, _ = earth.local_axes(mission.site.latitude_rad, flight.meridian_rad)
    radius = float(np.linalg.norm(pad))
    worst = pi
    for k in np.flatnonzero(first):
        r, v = flown.r_m[k], flown.v_m_s[k]
        place, fall = vacuum_impact(r, v, environment.mu_m3_s2, radius)
        turn = environment.rotation_rad_s * (flown.t_s[k] + float(fall))
        ground = _turned(np.asarray(place), -turn)
        if float(np.linalg.norm(ground - pad)) < 50e3:
            continue
        pole = np.cross(ground, pad)
        bearing_n = pole @ np.cross(pad, north) * -1.0
        bearing_e = pole @ np.cross(pad, east) * -1.0
        bearing = float(np.arctan2(bearing_e, bearing_n))
        worst = min(worst, max(_inside(bearing, pair) for pair in mission.limits.azimuths_rad))
    return Check("course inside corridor", 0.0, float(np.degrees(worst)), "deg", floor=True)


def _inside(bearing: float, pair: tuple[float, float]) -> float:
    """Angle to the nearer edge, negative outside."""
    width = (pair[1] - pair[0]) % (2.0 * pi) or 2.0 * pi
    from_start = (bearing - pair[0]) % (2.0 * pi)
    if from_start <= width:
        return min(from_start, width - from_start)
    return -min(from_start - width, 2.0 * pi - from_start)


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
