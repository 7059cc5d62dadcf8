"""Flown on from the end of an approach: coasts in orbit and the burns after them.

Burns that raise an orbit push along the velocity, centred where they serve; the
last of several pushes along the velocity that is still to be gained.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, exp, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from cosmodrome.ascent.starts import Start, energies
from cosmodrome.flight.burn import full_flow
from cosmodrome.flight.vehicle import Motor
from cosmodrome.mission.nouns import Environment, Mission
from cosmodrome.orbit.arc import oblate_step
from cosmodrome.world import earth

__all__ = ["Onward", "coasted", "onward"]

Array = NDArray[np.float64]

_STEP_S = 5.0
_LONGEST_BURN_S = 4000.0
_SHORTEST_COAST_S = 30.0


@dataclass(frozen=True, slots=True)
class Onward:
    """A coast and the burn after it, flown.

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


def onward(
    mission: Mission, start: Start, k: int, begin: Array, room: tuple[int, float]
) -> Onward | None:
    """A coast from the end of a burn and the next burn, centred where it serves.

    Parameters
    ----------
    mission : Mission, to the target
    start : Start, with the coasts
    k : int, which of its coasts
    begin : array, shape (7,), position, velocity and mass at the start of the coast
    room : (int, float), steps of the coast, and mass that leaves at its end

    Returns
    -------
    Onward or None
        None where the burn does not get where it must.
    """
    coast = start.route.coasts[k]
    shortest, guess, longest = coast.coast_s
    fixed = shortest == longest
    centre = guess if fixed else _centre(mission, start, k, begin)
    length = _length(mission, coast.speed_m_s, begin[6])
    found = None
    for _ in range(4):
        coast_s = centre if fixed else max(centre - 0.5 * length, _SHORTEST_COAST_S)
        path = coasted(begin, coast_s, mission.environment, room[0])
        lit = path[-1].copy()
        lit[6] -= room[1]
        found = _next_burn(mission, start, k, lit)
        if found is None:
            return None
        burn, axis, took = found
        if fixed or abs(took - length) < 2.0:
            break
        length = took
    return Onward(coast_s, took, path, burn, axis)


def _next_burn(
    mission: Mission, start: Start, k: int, state: Array
) -> tuple[Array, Array, float] | None:
    """The burn after a coast: raising an apogee, or reaching the target."""
    coast, environment = start.route.coasts[k], mission.environment
    if coast.apogee_radius_m is not None:
        wanted = -environment.mu_m3_s2 / (start.aim_radius_m + coast.apogee_radius_m)
        return _burnt(environment, mission.vehicle.stages[-1].motor, state, wanted)
    if k > 0:
        return _turned_in(mission, state)
    _, wanted = energies(mission, start)
    return _burnt(environment, mission.vehicle.stages[-1].motor, state, wanted)


def _centre(mission: Mission, start: Start, k: int, state: Array) -> float:
    """Time from the end of a burn to where the middle of the next one belongs."""
    mu, target, coast = mission.environment.mu_m3_s2, mission.target, start.route.coasts[k]
    r, v = state[:3], state[3:6]
    period = _period(r, v, mu)
    if period <= 0.0:
        return coast.coast_s[1]
    if coast.at_rad is not None:
        return _angle_to_argument(r, v, coast.at_rad) / (2.0 * pi) * period
    if coast.apogee_radius_m is not None:
        return _time_to_apsis(r, v, mu, 2.0 * pi) if k > 0 else coast.coast_s[1]
    if len(start.route.coasts) > 1:
        return _time_to_apsis(r, v, mu, pi)
    if target.kind == "circular":
        above = start.aim_radius_m > target.perigee_radius_m
        return _time_to_apsis(r, v, mu, 2.0 * pi if above else pi)
    if start.argp_rad is None:
        return coast.coast_s[1]
    return _angle_to_argument(r, v, start.argp_rad) / (2.0 * pi) * period


def _angle_to_argument(r: Array, v: Array, wanted_rad: float) -> float:
    """Angle along a nearly round orbit to an argument of latitude, radians."""
    h = np.cross(r, v)
    node = np.array([-h[1], h[0], 0.0])
    node /= max(float(np.linalg.norm(node)), 1e-9)
    beyond = np.cross(h, node) / np.linalg.norm(h)
    now = atan2(float(r @ beyond), float(r @ node))
    return (wanted_rad - now) % (2.0 * pi)


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


def _length(mission: Mission, speed_m_s: float, mass: float) -> float:
    """Length of a burn by the rocket equation."""
    motor, g0 = mission.vehicle.stages[-1].motor, mission.environment.g0_m_s2
    assert motor is not None
    spent = mass * (1.0 - exp(-speed_m_s / (motor.isp_vac_s * g0)))
    return spent / full_flow(motor, g0)


def coasted(state: Array, coast_s: float, environment: Environment, steps: int) -> Array:
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


def _step(
    state: Array,
    dt: float,
    push: tuple[float, float],
    environment: Environment,
    held: Array | None = None,
) -> Array:
    """One Runge-Kutta step with a thrust and a mass flow.

    The thrust is signed and along the velocity, or along an axis that is held.
    """
    thrust, flow = push

    def rate(y: Array) -> Array:
        pull = earth.gravity(
            y[:3], environment.mu_m3_s2, environment.gravity_radius_m, environment.zonals
        )
        return np.concatenate(
            [y[3:6], pull + thrust / y[6] * (_axis(y) if held is None else held), [-flow]]
        )

    k1 = rate(state)
    k2 = rate(state + 0.5 * dt * k1)
    k3 = rate(state + 0.5 * dt * k2)
    k4 = rate(state + dt * k3)
    return np.asarray(state + dt / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4))


def _energy_of(state: Array, environment: Environment) -> float:
    size = float(np.linalg.norm(state[:3]))
    return 0.5 * float(state[3:6] @ state[3:6]) - environment.mu_m3_s2 / size


def _turned_in(mission: Mission, state: Array) -> tuple[Array, Array, float] | None:
    """A burn along the velocity still to be gained, until the target's own is there."""
    environment, motor = mission.environment, mission.vehicle.stages[-1].motor
    assert motor is not None
    flow = full_flow(motor, environment.g0_m_s2)
    rows, axes, t = [state], [], 0.0
    while t < _LONGEST_BURN_S:
        gain = _wanted(mission, rows[-1]) - rows[-1][3:6]
        size = float(np.linalg.norm(gain))
        axes.append(gain / max(size, 1e-9))
        left = size * rows[-1][6] / motor.thrust_vac_n
        dt = min(_STEP_S, max(left, 0.02))
        push = (motor.thrust_vac_n, flow)
        rows.append(_step(rows[-1], dt, push, environment, axes[-1]))
        t += dt
        if rows[-1][6] <= 0.05 * state[6]:
            return None
        if left <= _STEP_S:
            axes.append(axes[-1])
            return _even(np.array(rows), np.array(axes), t)
    return None


def _wanted(mission: Mission, state: Array) -> Array:
    """Velocity of the target orbit at this place, its plane the one nearest to the flight's."""
    target, mu = mission.target, mission.environment.mu_m3_s2
    assert target.apogee_radius_m is not None
    r, v = state[:3], state[3:6]
    size = float(np.linalg.norm(r))
    up = r / size
    east = np.array([-up[1], up[0], 0.0])
    east /= max(float(np.linalg.norm(east)), 1e-9)
    north = np.cross(up, east)
    tilt = target.inclination_rad or 0.0
    sine = min(max(cos(tilt) / max(float(np.hypot(up[0], up[1])), 1e-9), -1.0), 1.0)
    rising = 1.0 if float(v @ north) >= 0.0 else -1.0
    level = sine * east + rising * sqrt(1.0 - sine * sine) * north
    low, high = target.perigee_radius_m, target.apogee_radius_m
    flat = sqrt(2.0 * mu * low * high / (low + high)) / size
    speed = sqrt(max(mu * (2.0 / size - 2.0 / (low + high)), 0.0))
    climb = sqrt(max(speed * speed - flat * flat, 0.0))
    return np.asarray(min(flat, speed) * level + (climb if v @ r > 0.0 else -climb) * up)
