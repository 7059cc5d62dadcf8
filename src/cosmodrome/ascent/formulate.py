"""From a mission and a route to an optimal-control problem with its numbers.

The structure (who burns when, which limits act) decides the built problem;
masses, thrusts, site and target are numbers, so one built problem serves other
targets, other starts and other vehicles of the same make.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cosmodrome.ascent import equations as eq
from cosmodrome.ascent.ending import Ending, perigee_floor
from cosmodrome.ascent.frame import LaunchFrame
from cosmodrome.ascent.timeline import LegSpec
from cosmodrome.errors import ProblemError
from cosmodrome.flight.burn import full_flow
from cosmodrome.mission.nouns import Mission
from cosmodrome.ocp import Bounds, Control, Data, Phase, PhaseData, Point, Problem, column
from cosmodrome.world import maths

__all__ = ["Formulation", "formulate"]

Array = NDArray[np.float64]

_R, _V = 6.4e6, 7.0e3
_INF = float("inf")
# The optimiser keeps this far inside a limit that is only checked at nodes.
_INSIDE = 0.995
# Shares of the load limit in the launch plane and across it: together 0.98.
_PITCH_LOAD, _YAW_LOAD = 0.95, 0.25
# Near the pad the impact point has no course; the slack leaves it free there, and
# a corridor narrowed by more than the slack keeps it honest further out.
_CORRIDOR_SLACK, _CORRIDOR_NARROWED_RAD = 0.02, 0.03
_CORRIDOR_WATCH_RAD = 0.35
_PITCH_SHARE, _YAW_SHARE = 0.95, 0.30


@dataclass(frozen=True, slots=True)
class Formulation:
    """A posed problem: structure, numbers, and what each phase stands for.

    Parameters
    ----------
    key : hashable, equal keys mean the same built problem
    legs : tuple of LegSpec, one per phase
    patterns : tuple of Pattern or None (an orbital coast)
    problem : Problem
    data : Data
    frame : LaunchFrame
    mass_kg : float, lift-off mass without payload
    """

    key: Any
    legs: tuple[LegSpec, ...]
    patterns: tuple[eq.Pattern | None, ...]
    problem: Problem
    data: Data
    frame: LaunchFrame
    mass_kg: float


def formulate(
    mission: Mission,
    legs: tuple[LegSpec, ...],
    end: Ending,
    frame: LaunchFrame,
    refine: int = 1,
) -> Formulation:
    """Pose the ascent as an optimal-control problem.

    Parameters
    ----------
    mission : Mission
    legs : tuple of LegSpec, from `timeline`
    end : Ending
    frame : LaunchFrame
    refine : int, how many times finer than the usual mesh

    Returns
    -------
    Formulation
        Maximises payload, or the final mass where the mission fixes the payload.
    """
    watched = _corridor_matters(mission, frame.azimuth_rad)
    patterns = tuple(_pattern(mission, legs, k, watched) for k in range(len(legs)))
    phases = tuple(
        _phase(mission, legs, patterns, k, end, refine) for k in range(len(legs))
    )
    wanted = mission.payload_kg is None

    def objective(point: Point) -> Any:
        # In tonnes and negative: the solver minimises.
        return -point.statics[0] / 1e3 if wanted else -point.x[6] / 1e3

    statics = ("payload",) if wanted else ()
    scale = (_payload_scale(legs),) if wanted else ()
    problem = Problem(phases, objective, eq.P.size, statics, scale)
    data = Data(
        phases=tuple(_numbers(mission, legs, patterns, k, end, refine) for k in range(len(legs))),
        p=_shared(mission, legs, end, frame),
        # A negative optimum says how far the empty stack falls short.
        statics=Bounds.of((-0.8 * _least_end_mass(legs), _INF)) if wanted else None,
    )
    structure = tuple((leg.name, leg.bounds_s is None, leg.end_mass_kg is None) for leg in legs)
    meshes = tuple((phase.intervals, phase.degree, phase.scales) for phase in phases)
    key = (structure, patterns, meshes, end.kind, wanted)
    return Formulation(key, legs, patterns, problem, data, frame, legs[0].mass_kg)


def _least_end_mass(legs: tuple[LegSpec, ...]) -> float:
    return max(legs[-1].end_mass_kg or 0.0, 1.0)


def _payload_scale(legs: tuple[LegSpec, ...]) -> float:
    return max(0.02 * legs[0].mass_kg, 1.0)


def _pattern(
    mission: Mission, legs: tuple[LegSpec, ...], k: int, watched: bool
) -> eq.Pattern | None:
    leg, limits = legs[k], mission.limits
    if leg.kind == "orbit":
        return None
    after_orbit = _after_orbit(legs, k)
    steering: Any = "rate"
    if leg.kind == "vertical":
        steering = "vertical"
    elif limits.pitch_rate_rad_s is None and leg.kind == "coast":
        steering = "none"
    elif limits.pitch_rate_rad_s is None or after_orbit:
        steering = "free"
    shaped = tuple(e.motor.shape for e in leg.engines if e.motor.shape and not e.free)
    constant = any(not e.motor.shape and not e.free for e in leg.engines)
    return eq.Pattern(
        steering=steering,
        powered=constant,
        shapes=shaped,
        throttled=any(e.free for e in leg.engines),
        thin=not leg.fairing_on and (not leg.first or _sheds_by_heating(mission)),
        rows=_rows(mission, legs, k, watched),
        environment=mission.environment,
        drag_table=mission.vehicle.aerodynamics.drag_table,
    )


def _after_orbit(legs: tuple[LegSpec, ...], k: int) -> bool:
    return any(one.kind == "orbit" for one in legs[:k])


def _rows(
    mission: Mission, legs: tuple[LegSpec, ...], k: int, watched: bool
) -> tuple[str, ...]:
    """Path limits that can matter in a leg."""
    leg, limits = legs[k], mission.limits
    if leg.kind == "vertical":
        return ()
    rows = []
    covered = leg.fairing_on if mission.vehicle.fairing is not None else leg.first
    dense = leg.first and leg.engines and covered
    if dense and limits.dynamic_pressure_pa is not None:
        rows.append("q")
    if limits.q_alpha_pa_rad is not None and covered and leg.engines:
        rows.append("qalpha")
    if limits.acceleration_m_s2 is not None and _may_exceed(mission, leg):
        rows.append("g")
    heated = mission.vehicle.fairing is not None and not leg.fairing_on
    if limits.heating_w_m2 is not None and heated:
        rows.append("heat")
    if dense and watched and k >= 1:
        rows.append("corridor")
    return tuple(rows)


def _may_exceed(mission: Mission, leg: LegSpec) -> bool:
    """Whether full thrust on an empty stack could break the acceleration limit."""
    limit = mission.limits.acceleration_m_s2
    if limit is None or not leg.engines:
        return False
    peak = sum(
        e.count * e.level * e.motor.thrust_vac_n * max((y for _, y in e.motor.shape), default=1.0)
        for e in leg.engines
    )
    g0 = mission.environment.g0_m_s2
    spent = sum(
        e.count * e.level * full_flow(e.motor, g0) for e in leg.engines
    ) * leg.duration_s
    lightest = leg.mass_kg - spent if leg.end_mass_kg is None else leg.end_mass_kg
    return peak > 0.9 * limit * max(lightest, 1.0)


def _sheds_by_heating(mission: Mission) -> bool:
    fairing = mission.vehicle.fairing
    return fairing is not None and fairing.jettison_s is None


def _corridor(mission: Mission) -> tuple[float, float] | None:
    """The corridor in force, where it is narrower than half a turn."""
    for start, stop in mission.limits.azimuths_rad[:1]:
        if (stop - start) % (2.0 * pi) < pi - 1e-6:
            return start, stop
    return None


def _corridor_matters(mission: Mission, azimuth: float) -> bool:
    """Whether a launch direction comes near the corridor's edges, or lies outside.

    Far inside, the corridor costs rows and cannot bind; the judge looks anyway.
    """
    corridor = _corridor(mission)
    if corridor is None:
        return False
    start, stop = corridor
    ahead, width = (azimuth - start) % (2.0 * pi), (stop - start) % (2.0 * pi)
    return not _CORRIDOR_WATCH_RAD < ahead < width - _CORRIDOR_WATCH_RAD


def _phase(
    mission: Mission,
    legs: tuple[LegSpec, ...],
    patterns: tuple[eq.Pattern | None, ...],
    k: int,
    end: Ending,
    refine: int,
) -> Phase:
    leg, pattern = legs[k], patterns[k]
    rate = pattern is not None and pattern.steering == "rate"
    states = ("x", "y", "z", "vx", "vy", "vz", "mass", *(("pitch", "yaw") if rate else ()))
    scales = (_R,) * 3 + (_V,) * 3 + (float(f"{max(leg.mass_kg, 1.0):.1e}"),)
    terminal, count = _terminal(mission, legs, k, end)
    _, degree = _mesh(leg, refine)
    intervals = len(_breaks(leg, refine)) - 1
    common: dict[str, Any] = {
        "name": f"{k} {leg.name}",
        "states": states,
        "scales": scales + ((1.0, 1.0) if rate else ()),
        "parent": None if k == 0 else f"{k - 1} {legs[k - 1].name}",
        "link": _link(patterns, k),
        "terminal": terminal,
        "n_terminal": count,
        "free_duration": leg.bounds_s is not None,
        "duration_scale": float(f"{max(leg.duration_s, 1.0):.0e}"),
        "intervals": intervals,
        "degree": degree,
    }
    if pattern is None:
        table = mission.vehicle.aerodynamics.drag_table
        return Phase(arc=eq.arc(mission.environment, table), n_own=eq.OWN_TAIL, **common)
    return Phase(
        dynamics=eq.dynamics(pattern),
        controls=_controls(mission, pattern),
        path=eq.path_rows(pattern),
        n_path=eq.n_rows(pattern),
        n_own=eq.n_own(pattern),
        **common,
    )


def _controls(mission: Mission, pattern: eq.Pattern) -> tuple[Control, ...]:
    controls: tuple[Control, ...] = ()
    if pattern.steering == "rate":
        assert mission.limits.pitch_rate_rad_s is not None
        scale = mission.limits.pitch_rate_rad_s
        controls = (Control("pitch rate", scale, 1), Control("yaw rate", scale, 1))
    elif pattern.steering == "free":
        controls = (Control("pitch"), Control("yaw"))
    if pattern.throttled:
        if not controls:
            raise ProblemError("throttle is only free where the vehicle steers")
        controls += (Control("throttle", 1.0, 1),)
    return controls


def _mesh(leg: LegSpec, refine: int) -> tuple[int, int]:
    """Intervals and degree before kinks are put in: fine in dense air, coarse above."""
    if leg.kind == "orbit":
        return max(12, ceil(leg.duration_s / 220.0)) * refine, 1
    if leg.kind == "vertical":
        return refine, 5
    if leg.kind == "coast":
        return (1 if leg.bounds_s is None else 3) * refine, 4
    if leg.first:
        return max(2, min(14, ceil(leg.duration_s / 8.0))) * refine, 4
    return max(2, min(12, ceil(leg.duration_s / 80.0))) * refine, 4


def _breaks(leg: LegSpec, refine: int) -> Array:
    """Ends of the mesh intervals as fractions, with one at every kink of a thrust table."""
    count, _ = _mesh(leg, refine)
    kinks = {0.0, 1.0}
    for engine in leg.engines:
        for t, _ in engine.motor.shape:
            share = (engine.lit_s + t - leg.start_s) / leg.duration_s
            if 1e-6 < share < 1.0 - 1e-6:
                kinks.add(share)
    found: list[float] = []
    for start, stop in pairwise(sorted(kinks)):
        parts = max(1, round(count * (stop - start)))
        found += [start + (stop - start) * k / parts for k in range(parts)]
    return np.array([*found, 1.0])


def _link(patterns: tuple[eq.Pattern | None, ...], k: int) -> Any:
    """Start state of a leg from the end of the one before it."""
    mine = patterns[k]
    rate = mine is not None and mine.steering == "rate"
    if k == 0:
        return _root_link(rate)
    before = patterns[k - 1]
    before_rate = before is not None and before.steering == "rate"
    return _CARRY[rate, before_rate]


def _root_link(rate: bool) -> Any:
    def start(point: Point) -> Any:
        p = point.p
        payload = point.statics[0] if point.statics.numel() else p[eq.P.at("payload")]
        angles = [pi / 2.0, 0.0] if rate else []
        mass = p[eq.P.at("mass")] + payload
        return column(p[eq.P.at("start_r")], p[eq.P.at("start_v")], mass, *angles)

    return start


def _carry(rate: bool, before_rate: bool) -> Any:
    def carry(point: Point) -> Any:
        angles: list[Any] = []
        if rate:
            angles = [point.x[7], point.x[8]] if before_rate else [pi / 2.0, 0.0]
        return column(point.x[:6], point.x[6] - point.own[-1], *angles)

    return carry


_CARRY = {(a, b): _carry(a, b) for a in (True, False) for b in (True, False)}


def _terminal(mission: Mission, legs: tuple[LegSpec, ...], k: int, end: Ending) -> tuple[Any, int]:
    """End conditions of a leg and how many rows they have."""
    leg, last = legs[k], k == len(legs) - 1
    before_orbit = not last and legs[k + 1].kind == "orbit"
    floor = before_orbit and mission.limits.coast_perigee_radius_m is not None
    count = (leg.end_mass_kg is not None) + leg.ends_by_heating + floor
    count += len(end.bounds) if last else 0
    if count == 0:
        return None, 0
    drag = eq.forces.drag_law(mission.vehicle.aerodynamics.drag_table)
    environment = mission.environment

    def rows(point: Point) -> Any:
        p, r, v = point.p, point.x[:3], point.x[3:6]
        found: list[Any] = []
        if leg.end_mass_kg is not None:
            payload = point.statics[0] if point.statics.numel() else p[eq.P.at("payload")]
            found.append((point.x[6] - payload - point.own[-2]) / 1e3)
        if leg.ends_by_heating:
            air = eq.forces.conditions(r, v, environment, p[eq.P.at("area")], drag)
            found.append(maths.log(eq.forces.heating(air) / p[eq.P.at("heat_limit")]))
        if floor:
            limit = p[eq.P.at("perigee_limit")]
            found.append(perigee_floor(r, v, limit, environment.mu_m3_s2))
        if last:
            found += end.rows(r, v, p[eq.P.at("ending")])
        return column(*found)

    return rows, count


def _terminal_bounds(
    mission: Mission, legs: tuple[LegSpec, ...], k: int, end: Ending
) -> Bounds | None:
    leg, last = legs[k], k == len(legs) - 1
    pairs: list[tuple[float, float]] = []
    if leg.end_mass_kg is not None:
        pairs.append((0.0, 0.0) if leg.runs_dry else (0.0, _INF))
    if leg.ends_by_heating:
        pairs.append((-_INF, np.log(_INSIDE)))
    if not last and legs[k + 1].kind == "orbit":
        if mission.limits.coast_perigee_radius_m is not None:
            pairs.append((-_INF, 0.0))
    if last:
        pairs += end.bounds
    return Bounds.of(*pairs) if pairs else None


def _numbers(
    mission: Mission,
    legs: tuple[LegSpec, ...],
    patterns: tuple[eq.Pattern | None, ...],
    k: int,
    end: Ending,
    refine: int,
) -> PhaseData:
    leg, pattern = legs[k], patterns[k]
    dropped = legs[k + 1].dropped_kg if k + 1 < len(legs) else 0.0
    tail = [leg.start_s, leg.end_mass_kg or 0.0, dropped]
    own = tail if pattern is None else [*_motors(mission, leg), *tail]
    return PhaseData(
        duration=leg.bounds_s or (leg.duration_s, leg.duration_s),
        own=np.array(own, dtype=float),
        controls=None
        if pattern is None
        else _control_bounds(mission, leg, pattern, after_orbit=_after_orbit(legs, k)),
        path=None if pattern is None else _path_bounds(pattern),
        terminal=_terminal_bounds(mission, legs, k, end),
        fractions=np.diff(_breaks(leg, refine)),
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
            shaped += [n * motor.thrust_vac_n, n * motor.exit_area_m2, n * flow, offset]
        else:
            level = engine.level
            constant[0] += n * level * motor.thrust_vac_n
            constant[1] += n * motor.exit_area_m2
            constant[2] += n * level * flow
    return [*constant, *shaped, *free]


def _control_bounds(
    mission: Mission, leg: LegSpec, pattern: eq.Pattern, *, after_orbit: bool
) -> Bounds | None:
    pairs: list[tuple[float, float]] = []
    if pattern.steering == "rate":
        limit = mission.limits.pitch_rate_rad_s
        assert limit is not None
        pairs += [(-s * limit, s * limit) for s in (_PITCH_SHARE, _YAW_SHARE)]
    elif pattern.steering == "free":
        # One name per direction before a coast; after it the plane has turned on.
        pitch = (-4.0 * pi, 4.0 * pi) if after_orbit else (-3.5, 2.7)
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


def _shared(
    mission: Mission, legs: tuple[LegSpec, ...], end: Ending, frame: LaunchFrame
) -> Array:
    """The numbers every phase sees."""
    limits = mission.limits
    corridor = _corridor(mission)
    edges = np.zeros(6)
    if corridor is not None:
        start, stop = corridor
        edges = frame.corridor_normals(
            start + _CORRIDOR_NARROWED_RAD, stop - _CORRIDOR_NARROWED_RAD
        )
    values = {
        "downrange": frame.downrange,
        "across": frame.across,
        "up": frame.up,
        "start_r": frame.start_r_m,
        "start_v": frame.start_v_m_s,
        "mass": legs[0].mass_kg,
        "payload": mission.payload_kg or 0.0,
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


def _heating_limit(mission: Mission) -> float:
    fairing = mission.vehicle.fairing
    rule = None if fairing is None else fairing.heating_w_m2
    return mission.limits.heating_w_m2 or rule or 1135.0
