"""The numbers of one run: motors, bounds and limits of every phase, shared parameters."""

from __future__ import annotations

from math import pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cosmodrome.ascent import equations as eq
from cosmodrome.ascent.ending import Ending
from cosmodrome.ascent.frame import LaunchFrame
from cosmodrome.ascent.impacts import impact_rows, numbers_of
from cosmodrome.ascent.legs import LegSpec
from cosmodrome.ascent.limits import after_orbit, corridor_in_force
from cosmodrome.ascent.mesh import mesh_breaks
from cosmodrome.flight.burn import full_flow
from cosmodrome.mission.nouns import Mission
from cosmodrome.ocp import Bounds, PhaseData

__all__ = ["payload_scale", "phase_numbers", "shared_numbers"]

Array = NDArray[np.float64]

_INF = float("inf")
# The optimiser keeps this far inside a limit that is only checked at nodes.
_INSIDE = 0.995
# Shares of the load limit in the launch plane and across it: together 0.98.
_PITCH_LOAD, _YAW_LOAD = 0.95, 0.25
# Near the pad the impact point has no course; the slack leaves it free there, and
# a corridor narrowed by more than the slack keeps it honest further out.
_CORRIDOR_SLACK, _CORRIDOR_NARROWED_RAD = 0.02, 0.03
_PITCH_SHARE, _YAW_SHARE = 0.95, 0.30


def phase_numbers(
    mission: Mission,
    legs: tuple[LegSpec, ...],
    patterns: tuple[eq.Pattern | None, ...],
    k: int,
    end: Ending,
) -> PhaseData:
    """Durations, bounds, mesh and own numbers of one phase."""
    leg, pattern = legs[k], patterns[k]
    dropped = legs[k + 1].dropped_kg if k + 1 < len(legs) else 0.0
    end_mass = leg.end_mass_kg or 0.0
    tail = [leg.start_s, leg.unloaded_share, leg.kept_ratio, end_mass, dropped]
    falling = numbers_of(impact_rows(mission, legs, k))
    own = tail if pattern is None else [*_motors(mission, leg), *falling, *tail]
    return PhaseData(
        duration=leg.bounds_s or (leg.duration_s, leg.duration_s),
        own=np.array(own, dtype=float),
        controls=None
        if pattern is None
        else _control_bounds(mission, leg, pattern, turned=after_orbit(legs, k)),
        path=None if pattern is None else _path_bounds(pattern),
        terminal=_terminal_bounds(mission, legs, k, end),
        fractions=np.diff(mesh_breaks(leg)),
    )


def _motors(mission: Mission, leg: LegSpec) -> list[float]:
    """Constant motors added up, then each shaped one, then the throttled one."""
    g0 = mission.environment.g0_m_s2
    constant, shaped, free = [0.0, 0.0, 0.0], [], []
    for engine in leg.engines:
        motor, n = engine.motor, engine.count
        flow = full_flow(motor, g0)
        if engine.free:
            free = [n * motor.thrust_vac_n, n * motor.exit_area_m2, n * flow]
        elif motor.shape:
            offset = leg.start_s - engine.lit_s
            shaped += [n * motor.thrust_vac_n, n * motor.exit_area_m2, n * flow]
            shaped += [offset, motor.shape[-1][0]]
        else:
            level = engine.level
            constant[0] += n * level * motor.thrust_vac_n
            constant[1] += n * motor.exit_area_m2
            constant[2] += n * level * flow
    return [*constant, *shaped, *free]


def _control_bounds(
    mission: Mission, leg: LegSpec, pattern: eq.Pattern, *, turned: bool
) -> Bounds | None:
    pairs: list[tuple[float, float]] = []
    if pattern.steering == "rate":
        limit = mission.limits.pitch_rate_rad_s
        assert limit is not None
        pairs += [(-s * limit, s * limit) for s in (_PITCH_SHARE, _YAW_SHARE)]
    elif pattern.steering == "free":
        # One name per direction before a coast; after it the plane has turned on.
        pitch = (-4.0 * pi, 4.0 * pi) if turned else (-3.5, 2.7)
        pairs += [pitch, (-0.49 * pi, 0.49 * pi)]
    for engine in leg.engines:
        if engine.free:
            pairs.append((engine.motor.throttle_min, engine.motor.throttle_max))
    return Bounds.of(*pairs) if pairs else None


def _path_bounds(pattern: eq.Pattern) -> Bounds | None:
    pairs: list[tuple[float, float]] = []
    for row in pattern.rows:
        if row == "corridor":
            pairs += [(-_CORRIDOR_SLACK, _INF)] * 2
        elif row == "qalpha":
            pairs += [(-_PITCH_LOAD, _PITCH_LOAD), (-_YAW_LOAD, _YAW_LOAD)]
        elif row == "heat":
            pairs.append((-_INF, np.log(_INSIDE)))
        else:
            pairs.append((-_INF, _INSIDE))
    return Bounds.of(*pairs) if pairs else None


def _terminal_bounds(
    mission: Mission, legs: tuple[LegSpec, ...], k: int, end: Ending
) -> Bounds | None:
    leg, last = legs[k], k == len(legs) - 1
    pairs: list[tuple[float, float]] = []
    if leg.end_mass_kg is not None:
        pairs.append((0.0, 0.0) if leg.runs_dry else (0.0, _INF))
    if leg.ends_by_heating:
        pairs.append((-_INF, np.log(_INSIDE)))
    floor = mission.limits.coast_perigee_radius_m
    if not last and legs[k + 1].kind == "orbit" and floor is not None:
        pairs.append((-_INF, 0.0))
    if last:
        pairs += end.bounds
    pairs += [(0.0, _INF)] * len(impact_rows(mission, legs, k))
    return Bounds.of(*pairs) if pairs else None


def shared_numbers(
    mission: Mission, legs: tuple[LegSpec, ...], end: Ending, frame: LaunchFrame
) -> Array:
    """The numbers every phase sees."""
    limits = mission.limits
    corridor = corridor_in_force(mission, frame.azimuth_rad)
    edges = np.zeros(6)
    if corridor is not None:
        start, stop = corridor
        edges = frame.corridor_normals(
            start + _CORRIDOR_NARROWED_RAD, stop - _CORRIDOR_NARROWED_RAD
        )
    values: dict[str, Any] = {
        "downrange": frame.downrange,
        "across": frame.across,
        "up": frame.up,
        "start_r": frame.start_r_m,
        "start_v": frame.start_v_m_s,
        "mass": legs[0].mass_kg,
        "payload": mission.payload_kg or 0.0,
        "worth": payload_scale(legs),
        "area": mission.vehicle.aerodynamics.area_m2,
        "q_limit": limits.dynamic_pressure_pa or 1.0,
        "qalpha_limit": limits.q_alpha_pa_rad or 1.0,
        "g_limit": limits.acceleration_m_s2 or 1.0,
        "heat_limit": _heating_limit(mission),
        # 300 m inside: oblateness lowers the perigee while the last seconds burn.
        "perigee_limit": (limits.coast_perigee_radius_m or 0.0) + 300.0,
        "impact_radius": float(np.linalg.norm(frame.start_r_m)),
        "corridor": edges,
        "ending": end.numbers,
    }
    p = np.zeros(eq.P.size)
    for name, value in values.items():
        p[eq.P.at(name)] = value
    return p


def payload_scale(legs: tuple[LegSpec, ...]) -> float:
    """Typical payload of such a stack, kg: what the objective is counted in."""
    return max(0.02 * legs[0].mass_kg, 1.0)


def _heating_limit(mission: Mission) -> float:
    fairing = mission.vehicle.fairing
    rule = None if fairing is None else fairing.heating_w_m2
    return mission.limits.heating_w_m2 or rule or 1135.0
