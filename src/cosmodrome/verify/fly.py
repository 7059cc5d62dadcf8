"""The re-flight: a plan flown from the pad by another integrator.

Nothing here knows how the plan was made. It takes the plan's controls and
event times, the vehicle and the environment, and integrates with an adaptive
Runge-Kutta method of order 8, restarted wherever the controls have a kink. It
shares equations and data with whoever made the plan: it proves integration,
not physics.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import cos, sin

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import DOP853

from cosmodrome.flight import forces
from cosmodrome.flight.burn import full_flow
from cosmodrome.flight.motion import rate_law
from cosmodrome.flight.vehicle import Aerodynamics, Motor, Stage, Vehicle
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.plan import Leg, Plan, Profile
from cosmodrome.world import earth, maths
from cosmodrome.world.environment import Environment

__all__ = ["Flight", "Flown", "Polynomials", "flown_on", "fly"]

Array = NDArray[np.float64]

INTEGRATOR = "DOP853, adaptive, rtol 1e-11"
_RTOL = 1e-11
_ATOL = np.array([1e-6] * 3 + [1e-9] * 3 + [1e-8])
_SAMPLES_PER_PIECE = 8


@dataclass(frozen=True, slots=True)
class Flown:
    """One leg as flown.

    Parameters
    ----------
    leg : Leg
    t_s : array, shape (n,), both ends included
    y : array, shape (n, 7): position, velocity (inertial at lift-off), mass
    axis : array, shape (n, 3), thrust axis
    throttle : array, shape (n,), of the throttled motor, else 1; 0 in a coast
    thrust_n, flow_kg_s : arrays, shape (n,), all motors, at the pressure met
    vacuum_thrust_n : array, shape (n,)
    burnt_kg : tuple of (stage or group name, kilograms burnt by all its units)
    """

    leg: Leg
    t_s: Array
    y: Array
    axis: Array
    throttle: Array
    thrust_n: Array
    flow_kg_s: Array
    vacuum_thrust_n: Array
    burnt_kg: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Flight:
    """A whole re-flight: legs in time order and the meridian it started from."""

    legs: tuple[Flown, ...]
    meridian_rad: float

    @property
    def end(self) -> Array:
        """Last state: position, velocity, mass."""
        return np.asarray(self.legs[-1].y[-1])


def fly(mission: Mission, plan: Plan, meridian_rad: float = 0.0) -> Flight:
    """Fly a plan from the pad to its end.

    Parameters
    ----------
    mission : Mission
    plan : Plan
    meridian_rad : float, angle of the pad's meridian from the inertial x axis at
        lift-off

    Returns
    -------
    Flight

    Accuracy
    --------
    Integration error below 2 cm and 0.1 mm/s at insertion (rtol 1e-11).
    """
    site, environment = mission.site, mission.environment
    r = earth.site_position(
        site.latitude_rad,
        meridian_rad,
        site.altitude_m,
        environment.equatorial_radius_m,
        environment.flattening,
    )
    v = np.cross([0.0, 0.0, environment.rotation_rad_s], r)
    y = np.concatenate([r, v, [plan.liftoff_mass_kg - plan.legs[0].dropped_kg]])
    return Flight(flown_on(mission, plan, meridian_rad, 0, y), meridian_rad)


def flown_on(
    mission: Mission, plan: Plan, meridian_rad: float, first: int, state: Array
) -> tuple[Flown, ...]:
    """A plan's legs from one of them on, flown from a state that is given.

    Parameters
    ----------
    mission : Mission
    plan : Plan
    meridian_rad : float, of the pad at lift-off, from the inertial x axis
    first : int, the leg to begin with
    state : array, shape (7,), position, velocity and mass at its start, what is
        dropped there already gone

    Returns
    -------
    tuple of Flown
    """
    axes = _axes(mission, plan, meridian_rad)
    rate = _compiled_rate(mission.environment, mission.vehicle.aerodynamics)
    flown: list[Flown] = []
    y = state
    for leg in plan.legs[first:]:
        if flown:
            y = flown[-1].y[-1].copy()
            y[6] -= leg.dropped_kg
        flown.append(_fly_leg(mission, leg, y, axes, rate))
    return tuple(flown)


def _axes(mission: Mission, plan: Plan, meridian_rad: float) -> tuple[Array, Array, Array]:
    """Downrange, across, up of the plan's launch plane."""
    east, north, up = earth.local_axes(mission.site.latitude_rad, meridian_rad)
    downrange = cos(plan.azimuth_rad) * north + sin(plan.azimuth_rad) * east
    return downrange, np.cross(downrange, up), up


@lru_cache(maxsize=16)
def _compiled_rate(environment: Environment, aerodynamics: Aerodynamics) -> Callable[..., Array]:
    """State rate for given vacuum thrust, exit area, flow and axis."""
    return maths.compiled(rate_law(environment, aerodynamics), (7, 3, 3))


def _unit(vehicle: Vehicle, name: str) -> Stage:
    for stage in vehicle.stages:
        if stage.name == name:
            return stage
    return next(group.unit for group in vehicle.boosters if group.name == name)


class _Controls:
    """Axis and push of one leg as functions of time."""

    def __init__(
        self, vehicle: Vehicle, leg: Leg, axes: tuple[Array, Array, Array], g0: float
    ) -> None:
        self.leg, self.axes = leg, axes
        self.angles = None if leg.angles is None else Polynomials(leg.angles)
        self.motors: list[tuple[Motor, int, float, float, float | Polynomials | None]] = []
        self.names = [one.stage for one in leg.burning]
        for one in leg.burning:
            motor = _unit(vehicle, one.stage).motor
            assert motor is not None
            flow = full_flow(motor, g0)
            throttle: float | Polynomials | None = None
            if isinstance(one.throttle, Profile):
                throttle = Polynomials(one.throttle)
            elif one.throttle is not None:
                throttle = one.throttle
            self.motors.append((motor, one.count, flow, one.lit_s, throttle))

    def axis(self, t: float) -> Array:
        downrange, across, up = self.axes
        if self.angles is None:
            return up
        pitch, yaw = self.angles(t)
        return np.asarray(cos(yaw) * (cos(pitch) * downrange + sin(pitch) * up) + sin(yaw) * across)

    def push(self, t: float) -> tuple[float, float, float]:
        """Vacuum thrust, exit area, mass flow."""
        thrust = area = flow = 0.0
        for motor, count, full, lit, throttle in self.motors:
            level = self.level(motor, lit, throttle, t)
            thrust += count * level * motor.thrust_vac_n
            area += count * motor.exit_area_m2
            flow += count * level * full
        return thrust, area, flow

    def level(
        self, motor: Motor, lit: float, throttle: float | Polynomials | None, t: float
    ) -> float:
        level = _shape(motor, t - lit)
        if isinstance(throttle, Polynomials):
            return level * throttle(t)[0]
        return level if throttle is None else level * throttle

    def throttle(self, t: float) -> float:
        """The level of the throttled motor, for the record."""
        if not self.motors:
            return 0.0
        for motor, _, _, lit, throttle in self.motors:
            if throttle is not None:
                return self.level(motor, lit, throttle, t)
        return 1.0

    def burnt(self, t: Array) -> tuple[tuple[str, float], ...]:
        """Propellant of each motor over the samples, Simpson's rule, exact here."""
        found = []
        a, b = t[:-2:2], t[2::2]
        # Just inside each pair of steps: throttle may jump where pieces meet.
        inner = 1e-9 * (b - a)
        for name, (motor, count, full, lit, throttle) in zip(self.names, self.motors, strict=True):

            def level(times: Array) -> Array:
                values = [self.level(motor, lit, throttle, x) for x in times]  # noqa: B023
                return np.array(values)

            parts = level(a + inner) + 4.0 * level(t[1:-1:2]) + level(b - inner)
            found.append((name, float(count * full * np.sum(parts * (b - a)) / 6.0)))
        return tuple(found)

    def kinks(self) -> Array:
        """Times inside the leg at which a control is not smooth."""
        times: list[float] = [self.leg.start_s, self.leg.end_s]
        if self.leg.angles is not None:
            times += self.leg.angles.breaks_s.tolist()
        for motor, _, _, lit, throttle in self.motors:
            times += [lit + t for t, _ in motor.shape]
            if isinstance(throttle, Polynomials):
                times += throttle.breaks
        inside = np.unique(np.clip(times, self.leg.start_s, self.leg.end_s))
        kept = np.concatenate([[True], np.diff(inside) > 1e-9])
        kept[-1] = True
        return np.asarray(inside[kept])


def _shape(motor: Motor, since: float) -> float:
    table = motor.shape
    if not table:
        return 1.0
    if since <= table[0][0]:
        return table[0][1]
    for (t0, y0), (t1, y1) in itertools.pairwise(table):
        if since <= t1:
            return y0 + (y1 - y0) * (since - t0) / (t1 - t0)
    return table[-1][1]


class Polynomials:
    """A profile as polynomials, one per piece, for fast evaluation in time order."""

    def __init__(self, profile: Profile) -> None:
        self.breaks = profile.breaks_s.tolist()
        powers = np.vander(profile.nodes, increasing=True)
        # Highest power first, as Horner's rule takes them.
        self.pieces = np.linalg.solve(powers, profile.values)[:, ::-1].tolist()

    def __call__(self, t: float) -> list[float]:
        """Value at a time, clamped to the profile's range."""
        k = bisect_right(self.breaks, t) - 1
        k = min(max(k, 0), len(self.pieces) - 1)
        start = self.breaks[k]
        x = (t - start) / (self.breaks[k + 1] - start)
        value = self.pieces[k][0]
        for row in self.pieces[k][1:]:
            value = [a * x + b for a, b in zip(value, row, strict=True)]
        return list(value)


def _fly_leg(
    mission: Mission,
    leg: Leg,
    y: Array,
    axes: tuple[Array, Array, Array],
    rate: Callable[..., Array],
) -> Flown:
    controls = _Controls(mission.vehicle, leg, axes, mission.environment.g0_m_s2)

    kinks = controls.kinks()
    times, states = [leg.start_s], [y]
    for start, stop in itertools.pairwise(kinks):
        # At its ends a piece sees its own controls, not its neighbour's.
        low, high = start + 1e-12 * (stop - start), stop - 1e-12 * (stop - start)

        def derivative(t: float, state: Array, low: float = low, high: float = high) -> Array:
            inside = min(max(t, low), high)
            return rate(state, controls.push(inside), controls.axis(inside))

        y, dense = _piece(derivative, y, float(start), float(stop))
        count = max(_SAMPLES_PER_PIECE, 2 * int(np.ceil((stop - start) / 60.0)))
        inner = np.linspace(start, stop, count + 1)[1:]
        for t in inner[:-1]:
            times.append(float(t))
            states.append(dense(float(t)))
        times.append(float(stop))
        states.append(y)
    t_s, y_all = np.array(times), np.array(states)
    push = np.array([controls.push(t) for t in t_s])
    drag = forces.drag_law(mission.vehicle.aerodynamics.drag_table)
    area = mission.vehicle.aerodynamics.area_m2
    air = forces.conditions(y_all[:, :3], y_all[:, 3:6], mission.environment, area, drag)
    return Flown(
        leg=leg,
        t_s=t_s,
        y=y_all,
        axis=np.array([controls.axis(t) for t in t_s]),
        throttle=np.array([controls.throttle(t) for t in t_s]),
        thrust_n=push[:, 0] - push[:, 1] * air.pressure_pa,
        flow_kg_s=push[:, 2],
        vacuum_thrust_n=push[:, 0],
        burnt_kg=controls.burnt(t_s),
    )


def _piece(
    derivative: Callable[[float, Array], Array], y: Array, start: float, stop: float
) -> tuple[Array, Callable[[float], Array]]:
    """Integrate one smooth piece; returns its end and a dense output."""
    solver = DOP853(derivative, start, y, stop, rtol=_RTOL, atol=_ATOL)
    ends: list[float] = []
    pieces: list[Callable[[float], Array]] = []
    while solver.status == "running":
        solver.step()
        if solver.status == "failed":
            # A state that is not there: whoever judges it refuses it.
            return np.full(y.shape, np.nan), lambda _t: np.full(y.shape, np.nan)
        ends.append(solver.t)
        pieces.append(solver.dense_output())

    def dense(t: float) -> Array:
        k = min(int(np.searchsorted(ends, t)), len(pieces) - 1)
        return np.asarray(pieces[k](t))

    return np.asarray(solver.y), dense
