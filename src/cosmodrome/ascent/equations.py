"""Equations of motion and path limits of each kind of leg, as ocp callables.

Legs with the same pattern share the very same callables, so that they are
differentiated once; what sets them apart are numbers (`own` and `p`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from cosmodrome.flight import forces
from cosmodrome.flight.impact import vacuum_impact
from cosmodrome.flight.vehicle import Motor
from cosmodrome.mission.nouns import Environment
from cosmodrome.ocp import Point, column
from cosmodrome.orbit.arc import oblate_step
from cosmodrome.world import earth, maths

__all__ = ["OWN_TAIL", "P", "Pattern", "arc", "dynamics", "n_own", "n_rows", "path_rows"]

# Numbers shared by the whole problem, by name and length.
_FIELDS = {
    "downrange": 3,
    "across": 3,
    "up": 3,
    "start_r": 3,
    "start_v": 3,
    "mass": 1,
    "payload": 1,
    "worth": 1,
    "area": 1,
    "q_limit": 1,
    "qalpha_limit": 1,
    "g_limit": 1,
    "heat_limit": 1,
    "perigee_limit": 1,
    "impact_radius": 1,
    "corridor": 6,
    "ending": 9,
}
# Start time, share of the unloaded missing at the end, stack kept over end stack,
# end mass, mass dropped after the leg.
OWN_TAIL = 5
THIN_AIR_M = 75e3
NEAR_IMPACT_M = 20e3  # an impact point nearer than this has no course yet
RARE_AIR_M = 100e3  # no body at 2 km/s or more is below this once heating allows


class P:
    """Where each shared number stands in `Point.p`."""

    size = sum(_FIELDS.values())

    @staticmethod
    def at(name: str) -> slice:
        """Slice of a field."""
        start = 0
        for field, length in _FIELDS.items():
            if field == name:
                return slice(start, start + length)
            start += length
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Pattern:
    """What decides the form of a leg's equations.

    Parameters
    ----------
    steering : "vertical", "rate" (angles are states), "free" (angles are
        controls) or "none"
    powered : bool, constant-thrust motors are alight
    shapes : tuple of thrust tables, one per motor with a shape
        Against the share of the burn, so that burns of any length share a pattern.
    throttled : bool, one motor's throttle is a control
    thin : bool, never below THIN_AIR_M again
    rows : tuple of str, path limits in force
    environment : Environment
    drag_table : the vehicle's
    """

    steering: Literal["vertical", "rate", "free", "none"]
    powered: bool
    shapes: tuple[tuple[tuple[float, float], ...], ...]
    throttled: bool
    thin: bool
    rows: tuple[str, ...]
    environment: Environment
    drag_table: tuple[tuple[float, float], ...]


def n_own(pattern: Pattern) -> int:
    """Numbers a leg of this pattern is given."""
    return 3 + 5 * len(pattern.shapes) + 3 * pattern.throttled + OWN_TAIL


def n_rows(pattern: Pattern) -> int:
    """Path rows of a leg of this pattern."""
    return sum(2 if row in ("corridor", "qalpha") else 1 for row in pattern.rows)


@dataclass(frozen=True, slots=True)
class _Step:
    """Everything evaluated at one point of a leg."""

    r: Any
    v: Any
    mass: Any
    axis: Any
    thrust_n: Any
    flow_kg_s: Any
    air: forces.Conditions


def _axis(pattern: Pattern, point: Point) -> Any:
    p = point.p
    up = p[P.at("up")]
    if pattern.steering in ("vertical", "none"):
        return up
    pitch, yaw = (
        (point.x[7], point.x[8]) if pattern.steering == "rate" else (point.u[0], point.u[1])
    )
    return forces.body_axis(pitch, yaw, p[P.at("downrange")], p[P.at("across")], up)


def _push(pattern: Pattern, point: Point, pressure: Any) -> tuple[Any, Any]:
    """Thrust at this pressure and mass flow, all motors."""
    own = point.own
    thrust, flow = own[0] - own[1] * pressure, own[2]
    k = 3
    for table in pattern.shapes:
        share = (point.t + own[k + 3]) / own[k + 4]
        level = forces.shape_level(Motor(1.0, 1.0, shape=table), share)
        thrust = thrust + level * own[k] - own[k + 1] * pressure
        flow = flow + level * own[k + 2]
        k += 5
    if pattern.throttled:
        level = point.u[2]
        thrust = thrust + level * own[k] - own[k + 1] * pressure
        flow = flow + level * own[k + 2]
    return thrust, flow


@lru_cache(maxsize=256)
def _step(pattern: Pattern) -> Callable[[Point], _Step]:
    drag = forces.drag_law(pattern.drag_table)

    def step(point: Point) -> _Step:
        r, v, mass = point.x[:3], point.x[3:6], point.x[6]
        above = THIN_AIR_M if pattern.thin else None
        area = point.p[P.at("area")]
        air = forces.conditions(r, v, pattern.environment, area, drag, above)
        alight = pattern.powered or pattern.shapes or pattern.throttled
        thrust, flow = _push(pattern, point, air.pressure_pa) if alight else (0.0, 0.0)
        return _Step(r, v, mass, _axis(pattern, point), thrust, flow, air)

    return step


@lru_cache(maxsize=256)
def dynamics(pattern: Pattern) -> Callable[[Point], Any]:
    """State rates: position, velocity, mass, and the angles where they are states."""
    step = _step(pattern)

    def rates(point: Point) -> Any:
        now = step(point)
        pull = forces.acceleration(
            now.r, now.mass, now.thrust_n, now.axis, now.air, pattern.environment
        )
        turning = [point.u[0], point.u[1]] if pattern.steering == "rate" else []
        return column(now.v, pull, -now.flow_kg_s, *turning)

    return rates


@lru_cache(maxsize=256)
def path_rows(pattern: Pattern) -> Callable[[Point], Any] | None:
    """Path limits in force, each scaled so that its limit is 1 (heating: 0)."""
    if not pattern.rows:
        return None
    step = _step(pattern)

    def rows(point: Point) -> Any:
        now, p = step(point), point.p
        found: list[Any] = []
        for row in pattern.rows:
            if row == "q":
                found.append(now.air.q_pa / p[P.at("q_limit")])
            elif row == "qalpha":
                load = now.air.q_pa / p[P.at("qalpha_limit")]
                in_plane, across = forces.flow_angles(now.axis, now.air, p[P.at("across")])
                found += [load * in_plane, load * across]
            elif row == "g":
                force = now.thrust_n - now.air.drag_n
                found.append(force / (now.mass * p[P.at("g_limit")]))
            elif row == "heat":
                found.append(maths.log(forces.heating(now.air) / p[P.at("heat_limit")]))
            else:
                found += _corridor(point, now, pattern.environment)
        return column(*found)

    return rows


def _corridor(point: Point, now: _Step, environment: Environment) -> list[Any]:
    """Sine of the impact point's bearing inside each edge, fading out near the pad."""
    radius = point.p[P.at("impact_radius")]
    place, fall = vacuum_impact(now.r, now.v, environment.mu_m3_s2, radius)
    t = point.own[-OWN_TAIL] + point.t
    ground = earth.rotate_z(place, -environment.rotation_rad_s * (t + fall))
    away = ground - point.p[P.at("start_r")]
    distance = maths.sqrt(maths.dot(away, away) + 1.0)
    edges = point.p[P.at("corridor")]
    size = distance + NEAR_IMPACT_M
    return [maths.dot(edges[:3], ground) / size, maths.dot(edges[3:], ground) / size]


@lru_cache(maxsize=16)
def arc(
    environment: Environment, drag_table: tuple[tuple[float, float], ...]
) -> Callable[[Point, Any], Any]:
    """A coast in orbit: position and velocity step with zonals and drag, mass stays."""
    drag = forces.drag_law(drag_table)

    def step(point: Point, dt: Any) -> Any:
        area, mass = point.p[P.at("area")], point.x[6]

        def brake(r: Any, v: Any) -> Any:
            air = forces.conditions(r, v, environment, area, drag, RARE_AIR_M)
            return maths.scale(-air.drag_n / (mass * air.speed_m_s), air.velocity_m_s)

        push = None if environment.atmosphere.kind == "none" else brake
        r, v = oblate_step(point.x[:3], point.x[3:6], dt, environment, push)
        return column(r, v, mass)

    return step
