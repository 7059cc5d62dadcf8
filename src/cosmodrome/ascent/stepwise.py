"""A first guess for flights with a coast: the powered flight to it first, optimised alone.

The flight to the orbit that is coasted in is an ascent of its own, and an easy
one. Solved first, it leaves to the guess only the coast and the burn after it,
which are flown from its end. Without this, long weak burns around a coast need
hundreds of iterations, or end nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp

import numpy as np
from numpy.typing import NDArray

from cosmodrome.ascent.formulate import Formulation
from cosmodrome.ascent.legs import LegSpec, Route
from cosmodrome.ascent.onward import Onward, coasted, onward
from cosmodrome.ascent.planes import site_latitude
from cosmodrome.ascent.rehearse import pitch_and_yaw
from cosmodrome.ascent.speeds import without_last
from cosmodrome.ascent.starts import Start
from cosmodrome.ascent.transfer import parking_inclination
from cosmodrome.flight.vehicle import loaded_by_mission
from cosmodrome.mission.nouns import Environment, Mission, Target
from cosmodrome.ocp import Guess, PhaseGuess

__all__ = ["Approach", "approach", "continued"]

Array = NDArray[np.float64]

_WAIT_STEPS = 4
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
    burnt_share : float, first guess of the last stage's propellant burnt by then
    """

    mission: Mission
    start: Start
    kept_ratio: float
    burnt_share: float = 1.0


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
    if route.late and loaded_by_mission(vehicle) is not None:
        # As much above the stages below as they carry: shared out afterwards.
        vehicle, mission = without_last(vehicle), replace(mission, payload_kg=None)
        ratio = 1.0
    elif route.late:
        kept = stage.dry_kg + stage.usable_kg + stage.residual_kg
        vehicle = replace(
            vehicle, stages=vehicle.stages[:-1], rider_kg=vehicle.rider_kg + kept, reserve_m_s=0.0
        )
        ratio = 1.0
    orbit = _coasted_in(mission, start)
    direct = Route(load_share=route.load_share)
    one = replace(start, route=direct, argp_rad=None, second_m_s=0.0)
    share = 1.0
    if len(route.coasts) > 1:
        one = replace(one, speed_m_s=start.speed_m_s - start.second_m_s)
        if not route.late:
            share = max(1.0 - sum(coast.share for coast in route.coasts), 0.05)
    return Approach(replace(mission, vehicle=vehicle, target=orbit), one, ratio, share)


def _coasted_in(mission: Mission, start: Start) -> Target:
    """The orbit of the coast: up (or down) to a circular target's radius, else circular."""
    target, floor = mission.target, mission.limits.coast_perigee_radius_m or 0.0
    low = max(start.aim_radius_m, floor + _ABOVE_FLOOR_M)
    high = low
    several = len(start.route.coasts) > 1
    if not several and target.kind == "circular":
        low, high = sorted((low, target.perigee_radius_m))
    return replace(
        target,
        kind="elliptic" if high > low + 1e3 else "circular",
        perigee_radius_m=low,
        apogee_radius_m=max(high, low),
        inclination_rad=parking_inclination(mission) if several else _inclination(mission),
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
    coasts = [k for k, leg in enumerate(legs) if leg.kind == "orbit"]
    for k in range(len(phases), coasts[0]):
        phases.append(_waiting(posed, k, phases[-1], mission.environment))
    state = phases[-1].x[-1, :7].copy()
    masses: list[Array] = []
    angles: list[tuple[float, float]] = []
    for number, k in enumerate(coasts):
        state[6] -= legs[k].dropped_kg
        room = (posed.problem.phases[k].intervals, legs[k + 1].dropped_kg)
        flown = onward(mission, start, number, state, room)
        if flown is None:
            return None
        phases += _as_phases(posed, k + 1, flown, angles)
        masses.append(flown.burn[:, 6])
        state = flown.burn[-1].copy()
    statics = before.statics
    if start.route.late and loaded_by_mission(mission.vehicle) is not None:
        statics = _shared_out(mission, float(before.statics[0]), np.concatenate(masses))
    return Guess(tuple(phases), statics)


def _as_phases(
    posed: Formulation, k: int, flown: Onward, angles: list[tuple[float, float]]
) -> list[PhaseGuess]:
    """A coast and the burn after it, leg `k`, as guesses; `angles` is gone on from."""
    steps = np.linspace(0.0, 1.0, len(flown.coast))
    coast = PhaseGuess(steps, flown.coast, np.empty((len(steps), 0)), flown.coast_s)
    for axis in flown.axis:
        angles.append(pitch_and_yaw(posed.frame, axis, angles))
    columns = list(np.array(angles[-len(flown.axis) :]).T)
    pattern = posed.patterns[k]
    if pattern is not None and pattern.throttled:
        columns.append(np.full(len(flown.burn), 0.97))
    fraction = np.linspace(0.0, 1.0, len(flown.burn))
    burn = PhaseGuess(fraction, flown.burn, np.stack(columns, axis=1), flown.burn_s)
    return [coast, burn]


def _shared_out(mission: Mission, carried_kg: float, mass_kg: Array) -> Array:
    """Payload (if it is asked for) and propellant not loaded, from what was carried up.

    The last burn's masses say what it needs; the reserve and residual come on top.
    """
    stage, g0 = mission.vehicle.stages[-1], mission.environment.g0_m_s2
    assert stage.motor is not None
    kept = 1.0 - exp(-mission.vehicle.reserve_m_s / (stage.motor.isp_vac_s * g0))
    usable = float(mass_kg[0] - mass_kg[-1] * (1.0 - kept))
    load = usable / (1.0 - stage.residual_share)
    if mission.payload_kg is not None:
        load = carried_kg - mission.payload_kg
    load = min(max(load, stage.least_loaded_kg or 0.0), stage.loaded_kg)
    unloaded = stage.loaded_kg - load
    return np.array([carried_kg - load, unloaded] if mission.payload_kg is None else [unloaded])


def _waiting(
    posed: Formulation, k: int, before: PhaseGuess, environment: Environment
) -> PhaseGuess:
    """A short wait between the approach and the coast, angles held."""
    leg: LegSpec = posed.legs[k]
    begin = before.x[-1, :7].copy()
    begin[6] -= leg.dropped_kg
    rows = coasted(begin, max(leg.duration_s, 1e-3), environment, _WAIT_STEPS)
    pattern = posed.patterns[k]
    assert pattern is not None
    u = np.empty((len(rows), 0))
    if pattern.steering == "rate":
        held = before.x[-1, 7:9] if before.x.shape[1] > 7 else before.u[-1, :2]
        rows = np.hstack([rows, np.tile(held, (len(rows), 1))])
        u = np.zeros((len(rows), 2))
    return PhaseGuess(np.linspace(0.0, 1.0, len(rows)), rows, u, leg.duration_s)
