"""A first guess for flights with a coast: the powered flight to it first, optimised alone.

The flight to the orbit that is coasted in is an ascent of its own, and an easy
one. Solved first, it leaves to the guess only the coast and the burn after it,
which are flown from its end. Without this, long weak burns around a coast need
hundreds of iterations, or end nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import atan2, exp, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from cosmodrome.ascent.formulate import Formulation
from cosmodrome.ascent.legs import LegSpec, Route
from cosmodrome.ascent.rehearse import pitch_and_yaw
from cosmodrome.ascent.starts import Start, energies, site_latitude
from cosmodrome.flight.burn import full_flow
from cosmodrome.flight.vehicle import Motor, Stage
from cosmodrome.mission.nouns import Environment, Mission, Target
from cosmodrome.ocp import Guess, PhaseGuess
from cosmodrome.orbit.arc import oblate_step
from cosmodrome.world import earth

__all__ = ["Approach", "approach", "continued"]

Array = NDArray[np.float64]

_STEP_S = 5.0
_WAIT_STEPS = 4
_LONGEST_BURN_S = 4000.0
# The flight alone keeps off the floor of coasts: oblateness lowers a perigee.
_ABOVE_FLOOR_M = 2e3


@dataclass(frozen=True, slots=True)
class Approach:
    """The flight to the orbit that is coasted in, as a mission of its own.

    Parameters
    ----------
    mission : Mission, to the orbit of the coast
    start : Start, one burn
    kept_ratio : float, stack at its end over the stack with nothing kept for later
    """

    mission: Mission
    start: Start
    kept_ratio: float


def approach(mission: Mission, start: Start) -> Approach | None:
    """The flight to the coast of a start as a mission; None where there is no coast.

    Parameters
    ----------
    mission : Mission, its target resolved
    start : Start

    Returns
    -------
    Approach or None
    """
    route = start.route
    if route.direct:
        return None
    vehicle, stage = mission.vehicle, mission.vehicle.stages[-1]
    assert stage.motor is not None
    ratio = exp(start.second_m_s / (stage.motor.isp_vac_s * mission.environment.g0_m_s2))
    if route.late:
        kept = stage.dry_kg + stage.usable_kg + stage.residual_kg
        vehicle = replace(
            vehicle, stages=vehicle.stages[:-1], rider_kg=vehicle.rider_kg + kept, reserve_m_s=0.0
        )
        ratio = 1.0
    orbit = _coasted_in(mission, start)
    one = replace(start, route=Route(), argp_rad=None, second_m_s=0.0)
    return Approach(replace(mission, vehicle=vehicle, target=orbit), one, ratio)


def _coasted_in(mission: Mission, start: Start) -> Target:
    """The orbit of the coast: up (or down) to a circular target's radius, else circular."""
    target, floor = mission.target, mission.limits.coast_perigee_radius_m or 0.0
    low = max(start.aim_radius_m, floor + _ABOVE_FLOOR_M)
    high = low
    if target.kind == "circular":
        low, high = sorted((low, target.perigee_radius_m))
    return replace(
        target,
        kind="elliptic" if high > low + 1e3 else "circular",
        perigee_radius_m=low,
        apogee_radius_m=max(high, low),
        inclination_rad=_inclination(mission),
        raan_rad=None,
        argp_rad=(),
        c3_m2_s2=None,
        dla_rad=None,
        elements="osculating",
        local_time=None,
        is_gto=False,
    )


def _inclination(mission: Mission) -> float:
    """Of the coast: the target's, or the least that its asymptote and the pad allow."""
    if mission.target.inclination_rad is not None:
        return mission.target.inclination_rad
    least = abs(site_latitude(mission)) + 3.5e-4
    return max(least, abs(mission.target.dla_rad or 0.0))


@dataclass(frozen=True, slots=True)
class _Onward:
    """What follows the approach, flown.

    Parameters
    ----------
    coast_s, burn_s : float
    coast : array, shape (n, 7), position, velocity, mass at equal steps
    burn : array, shape (m, 7)
    axis : array, shape (m, 3), thrust directions
    """

    coast_s: float
    burn_s: float
    coast: Array
    burn: Array
    axis: Array


def _onward(mission: Mission, start: Start, begin: Array, steps: int) -> _Onward | None:
    """Coast and last burn from the end of an approach, the burn centred where it serves.

    Parameters
    ----------
    mission : Mission, to the target
    start : Start, with the coast
    begin : array, shape (7,), position, velocity and mass at the start of the coast
    steps : int, of the coast

    Returns
    -------
    _Onward or None
        None where the burn does not reach the target's energy.
    """
    stage, environment = mission.vehicle.stages[-1], mission.environment
    _, wanted = energies(mission, start)
    _, guess, _ = start.route.coast_s
    fixed = start.route.coast_s[0] == start.route.coast_s[2]
    centre = guess if fixed else _centre(mission, start, begin, guess)
    length = _length(mission, start, stage, begin[6])
    found = None
    for _ in range(4):
        coast_s = centre if fixed else max(centre - 0.5 * length, 30.0)
        coast = _coasted(begin, coast_s, environment, steps)
        found = _burnt(mission.environment, stage.motor, coast[-1], wanted)
        if found is None:
            return None
        burn, axis, took = found
        if fixed or abs(took - length) < 2.0:
            break
        length = took
    return _Onward(coast_s, took, coast, burn, axis)


def _centre(mission: Mission, start: Start, state: Array, guess: float) -> float:
    """Time from the end of the approach to where the middle of the last burn belongs."""
    mu, target = mission.environment.mu_m3_s2, mission.target
    r, v = state[:3], state[3:6]
    period = _period(r, v, mu)
    if target.kind == "circular":
        above = start.aim_radius_m > target.perigee_radius_m
        return _time_to_apsis(r, v, mu, 2.0 * pi if above else pi) if period > 0.0 else guess
    if start.argp_rad is None:
        return guess
    h = np.cross(r, v)
    node = np.array([-h[1], h[0], 0.0])
    node /= max(float(np.linalg.norm(node)), 1e-9)
    beyond = np.cross(h, node) / np.linalg.norm(h)
    now = atan2(float(r @ beyond), float(r @ node))
    angle = (start.argp_rad - now) % (2.0 * pi)
    return angle / (2.0 * pi) * period


def _period(r: Array, v: Array, mu: float) -> float:
    a = 1.0 / (2.0 / float(np.linalg.norm(r)) - float(v @ v) / mu)
    return 2.0 * pi * sqrt(a**3 / mu) if a > 0.0 else 0.0


def _time_to_apsis(r: Array, v: Array, mu: float, anomaly_rad: float) -> float:
    """Time until a mean anomaly: pi at apogee, two pi at perigee."""
    size = float(np.linalg.norm(r))
    a = 1.0 / (2.0 / size - float(v @ v) / mu)
    sigma = float(r @ v) / sqrt(mu * a)
    anomaly = atan2(sigma, 1.0 - size / a) % (2.0 * pi)
    e = sqrt(sigma * sigma + (1.0 - size / a) ** 2)
    now = anomaly - e * sin(anomaly)
    return float((anomaly_rad - now) % (2.0 * pi)) * sqrt(a**3 / mu)


def _length(mission: Mission, start: Start, stage: Stage, mass: float) -> float:
    """Length of the last burn by the rocket equation."""
    assert stage.motor is not None
    g0 = mission.environment.g0_m_s2
    spent = mass * (1.0 - exp(-start.second_m_s / (stage.motor.isp_vac_s * g0)))
    return spent / full_flow(stage.motor, g0)


def _coasted(state: Array, coast_s: float, environment: Environment, steps: int) -> Array:
    """States at equal steps: those of the mesh, where straight lines between would be off."""
    rows = [state]
    for _ in range(steps):
        r, v = oblate_step(rows[-1][:3], rows[-1][3:6], coast_s / steps, environment)
        rows.append(np.concatenate([r, v, state[6:]]))
    return np.array(rows)


def _burnt(
    environment: Environment, motor: Motor | None, state: Array, wanted: float
) -> tuple[Array, Array, float] | None:
    """A burn along the velocity, or against it, until an orbital energy is there."""
    assert motor is not None
    way = 1.0 if wanted >= _energy_of(state, environment) else -1.0
    push = (way * motor.thrust_vac_n, full_flow(motor, environment.g0_m_s2))
    rows = [state]
    t = 0.0
    while t < _LONGEST_BURN_S:
        y = _step(rows[-1], _STEP_S, push, environment)
        if y[6] <= 0.05 * state[6]:
            return None
        before, after = _energy_of(rows[-1], environment), _energy_of(y, environment)
        if way * (after - wanted) >= 0.0:
            dt = max((wanted - before) / (after - before), 0.02) * _STEP_S
            rows.append(_step(rows[-1], dt, push, environment))
            axes = [way * _axis(one) for one in rows]
            return _even(np.array(rows), np.array(axes), t + dt)
        rows.append(y)
        t += _STEP_S
    return None


def _even(rows: Array, axes: Array, took: float) -> tuple[Array, Array, float]:
    """The same burn at equal steps: the last step was cut short."""
    times = np.append(np.arange(len(rows) - 1) * _STEP_S, took)
    even = np.linspace(0.0, took, len(rows))
    columns = [np.interp(even, times, column) for column in rows.T]
    axis = np.stack([np.interp(even, times, column) for column in axes.T], axis=1)
    axis /= np.linalg.norm(axis, axis=1)[:, None]
    return np.stack(columns, axis=1), axis, took


def _axis(state: Array) -> Array:
    return np.asarray(state[3:6] / np.linalg.norm(state[3:6]))


def _step(state: Array, dt: float, push: tuple[float, float], environment: Environment) -> Array:
    """One Runge-Kutta step with a thrust (signed, along the velocity) and a mass flow."""
    thrust, flow = push

    def rate(y: Array) -> Array:
        pull = earth.gravity(
            y[:3], environment.mu_m3_s2, environment.gravity_radius_m, environment.zonals
        )
        return np.concatenate([y[3:6], pull + thrust / y[6] * _axis(y), [-flow]])

    k1 = rate(state)
    k2 = rate(state + 0.5 * dt * k1)
    k3 = rate(state + 0.5 * dt * k2)
    k4 = rate(state + dt * k3)
    return np.asarray(state + dt / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4))


def _energy_of(state: Array, environment: Environment) -> float:
    size = float(np.linalg.norm(state[:3]))
    return 0.5 * float(state[3:6] @ state[3:6]) - environment.mu_m3_s2 / size


def continued(mission: Mission, start: Start, posed: Formulation, before: Guess) -> Guess | None:
    """The whole flight as a guess, from an approach that has been optimised.

    Parameters
    ----------
    mission : Mission, to the target
    start : Start, with the coast
    posed : Formulation, of the whole flight
    before : Guess, the approach on any mesh

    Returns
    -------
    Guess or None
        None where the last burn does not reach the target's energy.
    """
    legs, phases = posed.legs, list(before.phases)
    orbit = next(k for k, leg in enumerate(legs) if leg.kind == "orbit")
    for k in range(len(phases), orbit):
        phases.append(_waiting(posed, k, phases[-1], mission.environment))
    begin = phases[-1].x[-1, :7].copy()
    begin[6] -= legs[orbit].dropped_kg
    flown = _onward(mission, start, begin, posed.problem.phases[orbit].intervals)
    if flown is None:
        return None
    steps = np.linspace(0.0, 1.0, len(flown.coast))
    phases.append(PhaseGuess(steps, flown.coast, np.empty((len(steps), 0)), flown.coast_s))
    angles: list[tuple[float, float]] = []
    for axis in flown.axis:
        angles.append(pitch_and_yaw(posed.frame, axis, angles))
    columns = list(np.array(angles).T)
    pattern = posed.patterns[-1]
    if pattern is not None and pattern.throttled:
        columns.append(np.full(len(flown.burn), 0.97))
    fraction = np.linspace(0.0, 1.0, len(flown.burn))
    phases.append(PhaseGuess(fraction, flown.burn, np.stack(columns, axis=1), flown.burn_s))
    return Guess(tuple(phases), before.statics)


def _waiting(
    posed: Formulation, k: int, before: PhaseGuess, environment: Environment
) -> PhaseGuess:
    """A short wait between the approach and the coast, angles held."""
    leg: LegSpec = posed.legs[k]
    begin = before.x[-1, :7].copy()
    begin[6] -= leg.dropped_kg
    rows = _coasted(begin, max(leg.duration_s, 1e-3), environment, _WAIT_STEPS)
    pattern = posed.patterns[k]
    assert pattern is not None
    u = np.empty((len(rows), 0))
    if pattern.steering == "rate":
        held = before.x[-1, 7:9] if before.x.shape[1] > 7 else before.u[-1, :2]
        rows = np.hstack([rows, np.tile(held, (len(rows), 1))])
        u = np.zeros((len(rows), 2))
    return PhaseGuess(np.linspace(0.0, 1.0, len(rows)), rows, u, leg.duration_s)
