"""A first guess by flying the vehicle with simple, explicit guidance.

Vertical rise, a pitch kick found by bisection, a gravity turn while the first
stage burns, then a steering law that aims at the target altitude with the time
left. No optimisation and no input from the user.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp, pi, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cosmodrome.ascent.formulate import Formulation
from cosmodrome.ascent.frame import LaunchFrame
from cosmodrome.ascent.legs import LegSpec
from cosmodrome.flight import forces
from cosmodrome.flight.burn import full_flow
from cosmodrome.flight.motion import rate_law
from cosmodrome.flight.vehicle import Aerodynamics
from cosmodrome.mission.nouns import Environment, Mission
from cosmodrome.ocp import Guess, PhaseGuess
from cosmodrome.orbit.arc import oblate_step
from cosmodrome.world import maths

__all__ = ["Rehearsal", "fitted", "ideal_speed", "payload_guess", "pitch_and_yaw", "rehearse"]

Array = NDArray[np.float64]

_STEP_S = 4.0
_CLIMB_DEG = 0.02  # how well the climb is met
# Below this speed a gravity turn is unstable: the Earth's turning alone would tip it over.
_TURNING_M_S = 60.0
_STRAIGHT_M_S = 300.0  # near the end the speed to be gained points anywhere
_TURNING = 0.1  # share of the speed along the meridian that tells which way it goes
_SUNK = 0.99  # of the pad's radius; a rehearsal that falls deeper has failed


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What the rehearsal is told.

    Parameters
    ----------
    payload_kg : float
    climb_deg : float, flight-path angle wanted when the first stage is done
    aim_radius_m : float, of the end of the first powered flight
    parking_j_kg, final_j_kg : float
        Orbital energies at which the first powered flight and the last burn end.
    second_m_s : float, speed that a second burn adds; 0 without one
    inclination_rad : float or None
        Of the plane that the upper stages turn into; None keeps the launch plane.
    north : bool, whether that plane is flown northward at the pad
    unloaded_kg : float, what the last stage is short of full
    """

    payload_kg: float
    climb_deg: float
    aim_radius_m: float
    parking_j_kg: float
    final_j_kg: float
    second_m_s: float = 0.0
    inclination_rad: float | None = None
    north: bool = True
    unloaded_kg: float = 0.0


def payload_guess(
    mission: Mission, legs: tuple[LegSpec, ...], speed_m_s: float, unloaded_kg: float = 0.0
) -> float:
    """Payload for which the rocket equation gives a speed, by bisection.

    What the last stage is not loaded with is missing from the mass of every leg.
    """
    low, high = -unloaded_kg, 0.3 * legs[0].mass_kg
    for _ in range(60):
        middle = 0.5 * (low + high)
        if ideal_speed(mission, legs, middle) > speed_m_s:
            low = middle
        else:
            high = middle
    return max(low + unloaded_kg, 1e-4 * legs[0].mass_kg)


def ideal_speed(mission: Mission, legs: tuple[LegSpec, ...], payload: float) -> float:
    """Rocket equation over legs, sea-level loss and drag left out, m/s."""
    g0, total = mission.environment.g0_m_s2, 0.0
    for leg in legs:
        thrust, flow = _mean_push(leg, g0)
        if flow > 0.0:
            start = leg.mass_kg + payload
            end = max(start - flow * leg.duration_s, 1.0)
            total += thrust / flow * np.log(max(start, end) / end)
    return float(total)


def _mean_push(leg: LegSpec, g0: float) -> tuple[float, float]:
    thrust = sum(e.count * e.level * e.motor.thrust_vac_n for e in leg.engines)
    flow = sum(e.count * e.level * full_flow(e.motor, g0) for e in leg.engines)
    return thrust, flow


class _Flight:
    """A rehearsal in progress: state now, and the record of each leg."""

    def __init__(self, mission: Mission, frame: LaunchFrame, payload: float, mass: float) -> None:
        self.mission, self.frame = mission, frame
        self.t = 0.0
        self.r, self.v = frame.start_r_m.copy(), frame.start_v_m_s.copy()
        self.mass = mass + payload
        self.fly = _compiled_step(mission.environment, mission.vehicle.aerodynamics)

    def energy(self) -> float:
        """Orbital energy, J/kg."""
        mu = self.mission.environment.mu_m3_s2
        return float(0.5 * (self.v @ self.v) - mu / np.linalg.norm(self.r))

    def through_air(self) -> Array:
        """Velocity relative to the turning Earth."""
        omega = self.mission.environment.rotation_rad_s
        return np.array([self.v[0] + omega * self.r[1], self.v[1] - omega * self.r[0], self.v[2]])


@lru_cache(maxsize=16)
def _compiled_step(environment: Environment, aerodynamics: Aerodynamics) -> Callable[..., Array]:
    """One Runge-Kutta step of the point mass with given thrust, flow and axis."""
    once = maths.traced(rate_law(environment, aerodynamics), (7, 3, 3))

    def step(y: Any, dt: Any, push: Any, axis: Any) -> Any:
        k1 = once(y, push, axis)
        k2 = once(y + 0.5 * dt * k1, push, axis)
        k3 = once(y + 0.5 * dt * k2, push, axis)
        k4 = once(y + dt * k3, push, axis)
        return y + dt / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)

    return maths.compiled(step, (7, 1, 3, 3))


def fitted(mission: Mission, posed: Formulation, plan: Rehearsal, speed_m_s: float) -> Guess:
    """The rehearsal at the payload that just gets there, by a few repetitions.

    Each flight's missing or spare speed at the end is asked of the rocket
    equation in the next; a fixed payload is flown as it is.
    """
    if mission.payload_kg is not None:
        return rehearse(mission, posed, plan)
    end = next((k for k, leg in enumerate(posed.legs) if leg.kind == "orbit"), len(posed.legs)) - 1
    wanted = plan.parking_j_kg if end < len(posed.legs) - 1 else plan.final_j_kg
    mu = mission.environment.mu_m3_s2
    guess = rehearse(mission, posed, plan)
    for _ in range(4):
        x, lasted = guess.phases[end].x[-1], guess.phases[end].duration
        r, v = float(np.linalg.norm(x[:3])), float(np.linalg.norm(x[3:6]))
        needed = sqrt(max(2.0 * (wanted + mu / max(r, 0.97 * plan.aim_radius_m)), 1.0))
        missing = needed - v if r > 0.97 * plan.aim_radius_m else 1500.0
        if missing <= 0.0:
            leg = _shared_out(mission, posed, plan).legs[end]
            thrust, flow = _mean_push(leg, mission.environment.g0_m_s2)
            spare = flow * (leg.duration_s - lasted)
            missing = -thrust / max(flow, 1e-9) * float(np.log(1.0 + max(spare, 0.0) / x[6]))
        if abs(missing) < 100.0:
            break
        speed_m_s += max(min(missing, 1500.0), -1500.0)
        payload = payload_guess(mission, posed.legs, speed_m_s, plan.unloaded_kg)
        plan = replace(plan, payload_kg=payload)
        guess = rehearse(mission, posed, plan)
    return guess


def rehearse(mission: Mission, posed: Formulation, plan: Rehearsal) -> Guess:
    """Fly the legs once and sample them as a guess for every phase.

    Parameters
    ----------
    mission : Mission
    posed : Formulation
    plan : Rehearsal

    Returns
    -------
    Guess
    """
    posed = _shared_out(mission, posed, plan)
    first = [k for k, leg in enumerate(posed.legs) if leg.first]
    split = first[-1] + 1
    kick = _find_kick(mission, posed, plan, split)
    flight = _Flight(mission, posed.frame, plan.payload_kg - plan.unloaded_kg, posed.mass_kg)
    guesses = []
    for k, leg in enumerate(posed.legs):
        guesses.append(_leg(flight, posed, k, leg, plan, kick))
    known = {"payload": plan.payload_kg, "unloaded": plan.unloaded_kg}
    return Guess(tuple(guesses), np.array([known[name] for name in posed.problem.statics]))


def _shared_out(mission: Mission, posed: Formulation, plan: Rehearsal) -> Formulation:
    """The legs with the last stage's propellant split between its burns for this payload."""
    legs = list(posed.legs)
    coast = next((k for k, leg in enumerate(legs) if leg.kind == "orbit"), None)
    if coast is None or plan.second_m_s <= 0.0:
        return posed
    thrust, flow = _mean_push(legs[-1], mission.environment.g0_m_s2)
    burning = legs[coast - 1].duration_s + legs[-1].duration_s
    final = (legs[-1].end_mass_kg or 0.0) + plan.payload_kg
    second = final * (exp(plan.second_m_s * flow / thrust) - 1.0) / flow
    second = min(max(second, 0.5), 0.9 * burning)
    legs[coast - 1] = replace(legs[coast - 1], duration_s=burning - second)
    legs[-1] = replace(legs[-1], duration_s=second)
    return replace(posed, legs=tuple(legs))


def _find_kick(mission: Mission, posed: Formulation, plan: Rehearsal, split: int) -> float:
    """Pitch-over angle that leaves the wanted climb when the first stage is done.

    False position with the Illinois rule: the climb falls as the kick grows.
    """

    def excess(kick: float) -> float:
        flight = _Flight(mission, posed.frame, plan.payload_kg - plan.unloaded_kg, posed.mass_kg)
        for k in range(split):
            _leg(flight, posed, k, posed.legs[k], plan, kick, record=False)
        return _climb(flight) * 180.0 / pi - plan.climb_deg

    low, high = 0.0, 0.6
    above, below = excess(low), excess(high)
    if above <= 0.0 or below >= 0.0:
        return low if above <= 0.0 else high
    side = 0
    for _ in range(14):
        kick = (low * below - high * above) / (below - above)
        miss = excess(kick)
        if abs(miss) < _CLIMB_DEG:
            return kick
        if miss > 0.0:
            low, above, below = kick, miss, below * (0.5 if side > 0 else 1.0)
        else:
            high, below, above = kick, miss, above * (0.5 if side < 0 else 1.0)
        side = 1 if miss > 0.0 else -1
    return 0.5 * (low + high)


def _climb(flight: _Flight) -> float:
    """Flight-path angle through the air, radians."""
    relative = flight.through_air()
    size = float(np.linalg.norm(relative) * np.linalg.norm(flight.r))
    return float(np.arcsin(np.clip(relative @ flight.r / max(size, 1.0), -1.0, 1.0)))


def _leg(
    flight: _Flight,
    posed: Formulation,
    k: int,
    leg: LegSpec,
    plan: Rehearsal,
    kick: float,
    *,
    record: bool = True,
) -> PhaseGuess:
    flight.mass -= leg.dropped_kg
    if leg.kind == "orbit":
        return _orbit(flight, leg, posed.problem.phases[k].intervals)
    steps = max(2, int(np.ceil(leg.duration_s / _STEP_S)))
    dt = leg.duration_s / steps
    rows: list[Array] = []
    angles: list[tuple[float, float]] = []
    enough = _enough(posed, k, plan)
    for j in range(steps + 1):
        axis = _steer(flight, posed, k, plan, kick)
        rows.append(np.concatenate([flight.r, flight.v, [flight.mass]]))
        if record:
            angles.append(pitch_and_yaw(flight.frame, axis, angles))
        if j < steps:
            push = _push(flight, leg, j * dt + 0.5 * dt)
            y = flight.fly(rows[-1], dt, push, axis)
            if y[:3] @ y[:3] < _SUNK**2 * (flight.frame.start_r_m @ flight.frame.start_r_m):
                y = np.concatenate([rows[-1][:6], y[6:]])  # sunk: stay, only the clock runs
            flight.r, flight.v, flight.mass = y[:3], y[3:6], float(y[6])
            flight.t += dt
            if j >= 2 and flight.energy() > enough:
                rows.append(y)
                angles.append(pitch_and_yaw(flight.frame, axis, angles))
                break
    if not record:
        return PhaseGuess(np.empty(0), np.empty(0), np.empty(0), leg.duration_s)
    lasted = dt * (len(rows) - 1)
    return _sampled(posed, k, lasted, np.array(rows), np.array(angles))


def _enough(posed: Formulation, k: int, plan: Rehearsal) -> float:
    """Orbital energy at which a leg is cut off early; infinite where it burns out."""
    legs = posed.legs
    if k + 1 < len(legs) and legs[k + 1].kind == "orbit":
        return plan.parking_j_kg
    return plan.final_j_kg if k == len(legs) - 1 else float("inf")


def _push(flight: _Flight, leg: LegSpec, since_s: float) -> Array:
    g0 = flight.mission.environment.g0_m_s2
    total = np.zeros(3)
    for engine in leg.engines:
        motor = engine.motor
        level = engine.level
        if motor.shape:
            level *= float(forces.shape_level(motor, leg.start_s - engine.lit_s + since_s))
        flow = level * full_flow(motor, g0)
        total += engine.count * np.array([level * motor.thrust_vac_n, motor.exit_area_m2, flow])
    limit = flight.mission.limits.acceleration_m_s2
    if limit is not None and total[0] > limit * flight.mass:
        free = [e for e in leg.engines if e.free]
        if free:
            share = max(limit * flight.mass / total[0], free[0].motor.throttle_min)
            total[0] *= share
            total[2] *= share
    return total


def _steer(flight: _Flight, posed: Formulation, k: int, plan: Rehearsal, kick: float) -> Array:
    """Thrust axis now."""
    frame, leg = flight.frame, posed.legs[k]
    rise = flight.mission.limits.vertical_rise_s or 8.0
    if flight.t < rise - 1e-9:
        return frame.up
    if leg.first:
        since, relative = flight.t - rise, flight.through_air()
        speed = float(np.linalg.norm(relative))
        if since < 12.0 or speed < _TURNING_M_S:
            lean = kick * min(since / 8.0, 1.0)
            return np.asarray(np.cos(lean) * frame.up + np.sin(lean) * frame.downrange)
        return np.asarray(relative / max(speed, 1.0))
    if any(one.kind == "orbit" for one in posed.legs[:k]):
        return np.asarray(flight.v / np.linalg.norm(flight.v))
    return _aim(flight, posed, k, plan)


def _aim(flight: _Flight, posed: Formulation, k: int, plan: Rehearsal) -> Array:
    """Steer so that altitude and climb rate come out at the end of the powered flight."""
    mu = flight.mission.environment.mu_m3_s2
    g0 = flight.mission.environment.g0_m_s2
    legs = posed.legs
    stop = next((i for i, leg in enumerate(legs) if leg.kind == "orbit"), len(legs))
    ahead = legs[k + 1 : stop] if k < stop else legs[k + 1 :]
    end_of_leg = sum(leg.duration_s for leg in legs[: k + 1])
    left = max(end_of_leg - flight.t, 0.0) + sum(leg.duration_s for leg in ahead)
    left = max(left, 40.0)
    distance = float(np.linalg.norm(flight.r))
    up = flight.r / distance
    level = flight.v - (flight.v @ up) * up
    ground = float(np.linalg.norm(level))
    rise = float(flight.v @ up)
    thrust, _ = _mean_push(legs[k], g0)
    push = max(thrust / flight.mass, 1.0)
    wanted = 6.0 * (plan.aim_radius_m - distance) / left**2 - 4.0 * rise / left
    sine = (wanted + mu / distance**2 - ground**2 / distance) / push
    sine = float(np.clip(sine, -0.5, 0.75))
    heading = _heading(flight, plan, up, level)
    return np.asarray(sqrt(1.0 - sine * sine) * heading + sine * up)


def _heading(flight: _Flight, plan: Rehearsal, up: Array, level: Array) -> Array:
    """Horizontal direction of the thrust: along the speed still to be gained.

    Where the launch azimuth is bound by a corridor this turns the flight into the
    wanted plane, a dogleg; where it is not, it is the way the vehicle goes anyway.
    """
    size = float(np.linalg.norm(level))
    if plan.inclination_rad is None:
        return np.asarray(level / max(size, 1.0))
    east = np.array([-up[1], up[0], 0.0])
    east /= max(float(np.linalg.norm(east)), 1e-9)
    north = np.cross(up, east)
    sine = np.cos(plan.inclination_rad) / max(float(np.hypot(up[0], up[1])), 1e-9)
    sine = float(np.clip(sine, -1.0, 1.0))
    # Past the northernmost point the plane itself leads south.
    rising = float(level @ north)
    northward = rising > 0.0 if abs(rising) > _TURNING * size else plan.north
    cosine = sqrt(1.0 - sine * sine) * (1.0 if northward else -1.0)
    wanted = sine * east + cosine * north
    mu = flight.mission.environment.mu_m3_s2
    final = sqrt(max(2.0 * (plan.parking_j_kg + mu / plan.aim_radius_m), 1.0))
    gain = final * wanted - level + _STRAIGHT_M_S * wanted
    return np.asarray(gain / np.linalg.norm(gain))


def pitch_and_yaw(
    frame: LaunchFrame, axis: Array, before: list[tuple[float, float]]
) -> tuple[float, float]:
    """Pitch and yaw of an axis in the launch plane, pitch without jumps."""
    pitch = float(np.arctan2(axis @ frame.up, axis @ frame.downrange))
    yaw = float(np.arcsin(np.clip(axis @ frame.across, -1.0, 1.0)))
    if before:
        pitch += 2.0 * pi * round((before[-1][0] - pitch) / (2.0 * pi))
    return pitch, yaw


def _sampled(posed: Formulation, k: int, lasted_s: float, rows: Array, angles: Array) -> PhaseGuess:
    pattern = posed.patterns[k]
    assert pattern is not None
    fraction = np.linspace(0.0, 1.0, len(rows))
    columns = []
    x = rows
    if pattern.steering == "rate":
        x = np.hstack([rows, angles])
        columns = [np.gradient(a, fraction * lasted_s) for a in angles.T]
    elif pattern.steering == "free":
        columns = list(angles.T)
    if pattern.throttled:
        columns.append(np.full(len(rows), 0.97))
    u = np.stack(columns, axis=1) if columns else np.empty((len(rows), 0))
    return PhaseGuess(fraction, x, u, lasted_s)


def _orbit(flight: _Flight, leg: LegSpec, steps: int) -> PhaseGuess:
    """A long coast, by the same steps the problem uses."""
    rows = [np.concatenate([flight.r, flight.v, [flight.mass]])]
    for _ in range(steps):
        r, v = oblate_step(flight.r, flight.v, leg.duration_s / steps, flight.mission.environment)
        if np.linalg.norm(r) > _SUNK * np.linalg.norm(flight.frame.start_r_m):
            flight.r, flight.v = r, v
        rows.append(np.concatenate([flight.r, flight.v, [flight.mass]]))
    flight.t += leg.duration_s
    return PhaseGuess(
        np.linspace(0.0, 1.0, steps + 1), np.array(rows), np.empty((steps + 1, 0)), leg.duration_s
    )
