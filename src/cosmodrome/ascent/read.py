"""From a solution of the control problem to a plan that anybody can fly."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cosmodrome.ascent.equations import Pattern
from cosmodrome.ascent.formulate import Formulation
from cosmodrome.ascent.legs import Engine, LegSpec
from cosmodrome.flight.vehicle import loaded_by_mission
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.plan import Burning, Leg, Plan, Profile
from cosmodrome.ocp import PhaseSolution, Solution

__all__ = ["read"]

Array = NDArray[np.float64]


def read(mission: Mission, posed: Formulation, solution: Solution) -> Plan:
    """The plan that a solution stands for.

    Parameters
    ----------
    mission : Mission
    posed : Formulation, what was solved
    solution : Solution

    Returns
    -------
    Plan
        Steering as the solution's own polynomials, so that a re-flight differs
        from it by the error of the collocation alone.
    """
    wanted = mission.payload_kg is None
    payload = float(solution.statics[0]) if wanted else float(mission.payload_kg or 0.0)
    sized = loaded_by_mission(mission.vehicle) is not None
    unloaded = float(solution.statics[-1]) if sized else 0.0
    legs: list[Leg] = []
    times, states = [], []
    lit: dict[str, float] = {}
    now = 0.0
    for leg, pattern, phase in zip(posed.legs, posed.patterns, solution.phases, strict=True):
        end = now + phase.duration
        for engine in leg.engines:
            if leg.start_s - engine.lit_s < 1e-6 or engine.stage not in lit:
                lit[engine.stage] = now - (leg.start_s - engine.lit_s)
        legs.append(_leg(leg, pattern, phase, now, lit))
        t, x = _samples(phase, now)
        times.append(t)
        states.append(x)
        now = end
    t, x = np.concatenate(times), np.vstack(states)
    return Plan(
        payload_kg=payload,
        liftoff_mass_kg=posed.mass_kg + payload - unloaded,
        azimuth_rad=posed.frame.azimuth_rad,
        legs=tuple(legs),
        predicted_t_s=t,
        predicted_r_m=x[:, :3],
        predicted_v_m_s=x[:, 3:6],
        predicted_mass_kg=x[:, 6],
    )


def _samples(phase: PhaseSolution, start: float) -> tuple[Array, Array]:
    """Interval ends of a phase: absolute times and the first seven states."""
    t = start + phase.breaks * phase.duration
    x = np.vstack([phase.x[:, 0, :7], phase.end[None, :7]])
    return t, x


def _leg(
    leg: LegSpec,
    pattern: Pattern | None,
    phase: PhaseSolution,
    start: float,
    lit: dict[str, float],
) -> Leg:
    steering: Literal["vertical", "angles", "coast"] = "coast"
    angles = None
    breaks = start + phase.breaks * phase.duration
    if pattern is not None and pattern.steering == "vertical":
        steering = "vertical"
    elif pattern is not None and pattern.steering == "rate":
        steering = "angles"
        angles = Profile(breaks, phase.grid, phase.x[:, :, 7:9].copy())
    elif pattern is not None and pattern.steering == "free":
        steering = "angles"
        angles = Profile(breaks, phase.grid[1:], _unwrapped(phase.u_nodes[:, :, :2]))
    burning = tuple(_burning(engine, phase, breaks, lit) for engine in leg.engines)
    return Leg(
        name=leg.name,
        start_s=start,
        end_s=start + phase.duration,
        burning=burning,
        steering=steering,
        angles=angles,
        events=leg.events,
        dropped_kg=leg.dropped_kg,
        ends_by=_ends_by(leg),
    )


def _unwrapped(angles: Array) -> Array:
    """Free angles without turns between neighbouring nodes: the same directions."""
    flat = angles.reshape(-1, angles.shape[-1])
    return np.asarray(np.unwrap(flat, axis=0).reshape(angles.shape))


def _burning(engine: Engine, phase: PhaseSolution, breaks: Array, lit: dict[str, float]) -> Burning:
    throttle: float | Profile | None = None if engine.level == 1.0 else engine.level
    if engine.free:
        ends = phase.u[2][:, :, None]
        throttle = Profile(breaks, np.linspace(0.0, 1.0, ends.shape[1]), ends)
    return Burning(engine.stage, engine.count, lit[engine.stage], throttle)


def _ends_by(leg: LegSpec) -> Literal["time", "propellant", "heating", "insertion"]:
    if leg.ends_by_heating:
        return "heating"
    if leg.end_mass_kg is not None:
        return "propellant" if leg.runs_dry else "insertion"
    return "time"
