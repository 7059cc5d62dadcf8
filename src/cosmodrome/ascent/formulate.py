"""From a mission and a route to an optimal-control problem with its numbers.

The structure (who burns when, which limits act) decides the built problem;
masses, thrusts, site and target are numbers, so one built problem serves other
targets, other starts and other vehicles of the same make.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log2, log10, pi
from typing import Any

from cosmodrome.ascent import equations as eq
from cosmodrome.ascent.ending import Ending, perigee_floor
from cosmodrome.ascent.frame import LaunchFrame
from cosmodrome.ascent.impacts import N_NUMBERS, impact_rows, rows_at
from cosmodrome.ascent.legs import LegSpec
from cosmodrome.ascent.limits import corridor_matters, leg_pattern
from cosmodrome.ascent.mesh import mesh_breaks, mesh_degree
from cosmodrome.ascent.numbers import payload_scale, phase_numbers, shared_numbers
from cosmodrome.errors import ProblemError
from cosmodrome.flight import forces
from cosmodrome.flight.vehicle import loaded_by_mission
from cosmodrome.mission.nouns import Mission
from cosmodrome.ocp import Bounds, Control, Data, Phase, Point, Problem, column
from cosmodrome.world import maths

__all__ = ["Formulation", "duration_scale", "formulate"]

_R, _V = 6.4e6, 7.0e3
_INF = float("inf")


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

    @property
    def worth_kg(self) -> float:
        """Kilograms that a unit of the objective stands for."""
        return float(self.data.p[eq.P.at("worth")][0])


def formulate(
    mission: Mission,
    legs: tuple[LegSpec, ...],
    end: Ending,
    frame: LaunchFrame,
    *,
    watch: bool = False,
    static_scale_kg: float | None = None,
) -> Formulation:
    """Pose the ascent as an optimal-control problem.

    Parameters
    ----------
    mission : Mission
    legs : tuple of LegSpec, from `timeline`
    end : Ending
    frame : LaunchFrame
    watch : bool, hold the corridor even where it seems far away
    static_scale_kg : float or None
        What payload and load are measured in; by the launcher's own mass if None.

    Returns
    -------
    Formulation
        Maximises payload, or the final mass where the mission fixes the payload.
    """
    watched = corridor_matters(mission, frame.azimuth_rad, asked=watch)
    patterns = tuple(leg_pattern(mission, legs, k, watched=watched) for k in range(len(legs)))
    statics = _statics(mission, legs)
    phases = tuple(_phase(mission, legs, patterns, k, end) for k in range(len(legs)))
    wanted = "payload" in statics

    def objective(point: Point) -> Any:
        # Negative: the solver minimises. In units of a typical payload, so that the
        # solver's barrier weighs the same for a small launcher and a large one.
        kilograms = point.statics[0] if wanted else point.x[6]
        return -kilograms / point.p[eq.P.at("worth")]

    # A power of two, so that like launchers share a problem.
    static = static_scale_kg or 2.0 ** round(log2(payload_scale(legs)))
    problem = Problem(phases, objective, eq.P.size, tuple(statics), (static,) * len(statics))
    data = Data(
        phases=tuple(phase_numbers(mission, legs, patterns, k, end) for k in range(len(legs))),
        p=shared_numbers(mission, legs, end, frame),
        statics=Bounds.of(*statics.values()) if statics else None,
    )
    structure = tuple(
        (leg.name, leg.bounds_s is None, leg.end_mass_kg is None, leg.after_coast) for leg in legs
    )
    # Scales are part of it: a problem built with another's would end elsewhere.
    meshes = tuple(
        (
            *(one.intervals, one.degree, one.scales, one.duration_scale),
            *(one.n_terminal, leg.ends_by_heating, one.n_own),
            tuple(control.scale for control in one.controls),
        )
        for one, leg in zip(phases, legs, strict=True)
    )
    key = (structure, patterns, meshes, end.kind, tuple(statics), static)
    return Formulation(key, legs, patterns, problem, data, frame, legs[0].mass_kg)


def _statics(mission: Mission, legs: tuple[LegSpec, ...]) -> dict[str, tuple[float, float]]:
    """Unknowns of the whole flight and their bounds: payload, and propellant not loaded."""
    found: dict[str, tuple[float, float]] = {}
    if mission.payload_kg is None:
        # A negative optimum says how far the empty stack falls short.
        found["payload"] = (-0.8 * _least_end_mass(legs), _INF)
    sized = loaded_by_mission(mission.vehicle)
    if sized is not None:
        found["unloaded"] = (0.0, sized.loaded_kg - (sized.least_loaded_kg or 0.0))
    return found


def _aboard(mission: Mission) -> Callable[[Point, Any], Any]:
    """Payload less a share of what the last stage is not loaded with, kilograms."""
    wanted = mission.payload_kg is None
    sized = loaded_by_mission(mission.vehicle) is not None

    def aboard(point: Point, share: Any) -> Any:
        payload = point.statics[0] if wanted else point.p[eq.P.at("payload")]
        return payload - share * point.statics[int(wanted)] if sized else payload

    return aboard


def duration_scale(leg: LegSpec) -> float:
    """What a leg's duration is measured in, seconds: its nominal length, to one digit."""
    return leg.scale_s or float(f"{max(leg.duration_s, 1.0):.0e}")


def _least_end_mass(legs: tuple[LegSpec, ...]) -> float:
    return max(legs[-1].end_mass_kg or 0.0, 1.0)


def _phase(
    mission: Mission,
    legs: tuple[LegSpec, ...],
    patterns: tuple[eq.Pattern | None, ...],
    k: int,
    end: Ending,
) -> Phase:
    leg, pattern = legs[k], patterns[k]
    rate = pattern is not None and pattern.steering == "rate"
    states = ("x", "y", "z", "vx", "vy", "vz", "mass", *(("pitch", "yaw") if rate else ()))
    scales = (_R,) * 3 + (_V,) * 3 + (10.0 ** round(log10(max(leg.mass_kg, 1.0))),)
    terminal, count = _terminal(mission, legs, k, end)
    degree = mesh_degree(leg)
    intervals = len(mesh_breaks(leg)) - 1
    common: dict[str, Any] = {
        "name": f"{k} {leg.name}",
        "states": states,
        "scales": scales + ((1.0, 1.0) if rate else ()),
        "parent": None if k == 0 else f"{k - 1} {legs[k - 1].name}",
        "link": _link(mission, patterns, k),
        "terminal": terminal,
        "n_terminal": count,
        "free_duration": leg.bounds_s is not None,
        "duration_scale": duration_scale(leg),
        "intervals": intervals,
        "degree": degree,
    }
    if pattern is None:
        table = mission.vehicle.aerodynamics.drag_table
        return Phase(arc=eq.arc(mission.environment, table), n_own=eq.OWN_TAIL, **common)
    return Phase(
        dynamics=eq.dynamics(pattern),
        controls=_controls(mission, pattern, after_coast=leg.after_coast),
        path=eq.path_rows(pattern),
        n_path=eq.n_rows(pattern),
        n_own=eq.n_own(pattern) + N_NUMBERS * len(impact_rows(mission, legs, k)),
        **common,
    )


def _controls(mission: Mission, pattern: eq.Pattern, *, after_coast: bool) -> tuple[Control, ...]:
    controls: tuple[Control, ...] = ()
    # A burn after a coast is short or long and flat: straight lines in time lose
    # nothing, and leave the solver no directions that are worth nothing.
    degree = 1 if after_coast else None
    if pattern.steering == "rate":
        assert mission.limits.pitch_rate_rad_s is not None
        scale = mission.limits.pitch_rate_rad_s
        controls = (Control("pitch rate", scale, 1), Control("yaw rate", scale, 1))
    elif pattern.steering == "free":
        controls = (Control("pitch", 1.0, degree), Control("yaw", 1.0, degree))
    if pattern.throttled:
        if not controls:
            raise ProblemError("throttle is only free where the vehicle steers")
        controls += (Control("throttle", 1.0, 1),)
    return controls


def _link(mission: Mission, patterns: tuple[eq.Pattern | None, ...], k: int) -> Any:
    """Start state of a leg from the end of the one before it."""
    mine = patterns[k]
    rate = mine is not None and mine.steering == "rate"
    if k == 0:
        return _root_link(mission, rate=rate)
    before = patterns[k - 1]
    before_rate = before is not None and before.steering == "rate"
    return _CARRY[rate, before_rate]


def _root_link(mission: Mission, *, rate: bool) -> Any:
    aboard = _aboard(mission)

    def start(point: Point) -> Any:
        p = point.p
        angles = [pi / 2.0, 0.0] if rate else []
        mass = p[eq.P.at("mass")] + aboard(point, 1.0)
        return column(p[eq.P.at("start_r")], p[eq.P.at("start_v")], mass, *angles)

    return start


def _carry(*, rate: bool, before_rate: bool) -> Any:
    def carry(point: Point) -> Any:
        angles: list[Any] = []
        if rate:
            angles = [point.x[7], point.x[8]] if before_rate else [pi / 2.0, 0.0]
        return column(point.x[:6], point.x[6] - point.own[-1], *angles)

    return carry


_CARRY = {(a, b): _carry(rate=a, before_rate=b) for a in (True, False) for b in (True, False)}


def _terminal(mission: Mission, legs: tuple[LegSpec, ...], k: int, end: Ending) -> tuple[Any, int]:
    """End conditions of a leg and how many rows they have."""
    leg, last = legs[k], k == len(legs) - 1
    before_orbit = not last and legs[k + 1].kind == "orbit"
    floor = before_orbit and mission.limits.coast_perigee_radius_m is not None
    count = (leg.end_mass_kg is not None) + leg.ends_by_heating + floor
    count += len(end.bounds) if last else 0
    falling = len(impact_rows(mission, legs, k))
    count += falling
    if count == 0:
        return None, 0
    drag = forces.drag_law(mission.vehicle.aerodynamics.drag_table)
    environment, aboard = mission.environment, _aboard(mission)

    def rows(point: Point) -> Any:
        p, r, v = point.p, point.x[:3], point.x[3:6]
        found: list[Any] = []
        if leg.end_mass_kg is not None:
            least = point.own[-3] * (aboard(point, point.own[-4]) + point.own[-2])
            found.append((point.x[6] - least) / 1e3)
        if leg.ends_by_heating:
            air = forces.conditions(r, v, environment, p[eq.P.at("area")], drag)
            found.append(maths.log(forces.heating(air) / p[eq.P.at("heat_limit")]))
        if floor:
            limit = p[eq.P.at("perigee_limit")]
            found.append(perigee_floor(r, v, limit, environment.mu_m3_s2))
        if last:
            found += end.rows(r, v, p[eq.P.at("ending")])
        if falling:
            found += rows_at(point, falling, environment)
        return column(*found)

    return rows, count
