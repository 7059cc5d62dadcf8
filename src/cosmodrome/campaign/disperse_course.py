"""The plan's flight to the separation of the first stage, as a programme anyone can fly.

Steering and throttle run by the clock. A motor goes out when its propellant is spent,
and what follows its cut-off (a wait, a separation) follows it in each sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.flight.burn import full_flow
from cosmodrome.flight.vehicle import Stage, Vehicle
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.plan import Burning, Leg, Plan, Profile

__all__ = ["Course", "Unit", "course_of", "stage_named"]

Array = NDArray[np.float64]

_SAME_S: Final = 1e-6
_SPENT: Final = 0.999  # one that burns less of its usable propellant is cut off on command
_GRID: Final = 200  # points of a piece of the throttle at which burning is added up
_LATER: Final = 1.5  # how far past its planned cut-off a motor may burn on, times its burn


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """A stage or a strap-on group that burns while the first stage is there.

    Parameters
    ----------
    name : str
    count : int
    stage : Stage, one of them, as planned
    lit_s, cut_s : float, seconds after lift-off
    lit_leg, cut_leg : int, the first leg in which it burns, and does not any more
    clock_s, burnt_s : array, shape (m,)
        Times since ignition, and seconds at full thrust burnt by then; for a motor
        without a thrust table of its own.
    commanded : bool, cut off with propellant left
    """

    name: str
    count: int
    stage: Stage
    lit_s: float
    cut_s: float
    lit_leg: int
    cut_leg: int
    clock_s: Array
    burnt_s: Array
    commanded: bool


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """The flight to the separation of the first stage.

    Parameters
    ----------
    mission : Mission
    plan : Plan
    meridian_rad : float, of the pad from the inertial axis at lift-off
    legs : tuple of Leg, those flown
    instants_s : array, shape (len(legs) + 1,), where they begin, and the end
    anchors : tuple of int or None
        For every instant the unit whose cut-off it follows; None goes by the clock.
    units : tuple of Unit
    """

    mission: Mission
    plan: Plan
    meridian_rad: float
    legs: tuple[Leg, ...]
    instants_s: Array
    anchors: tuple[int | None, ...]
    units: tuple[Unit, ...]


def course_of(mission: Mission, plan: Plan, meridian_rad: float) -> Course:
    """The flight of a plan to the separation of the first stage.

    Parameters
    ----------
    mission : Mission, its vehicle as planned
    plan : Plan
    meridian_rad : float

    Returns
    -------
    Course

    Raises
    ------
    InputError
        If the plan drops no first stage.
    """
    first = mission.vehicle.stages[0].name
    ends = [k for k, leg in enumerate(plan.legs) if f"{first} separation" in leg.events]
    if not ends:
        raise InputError(
            f"the plan of {mission.vehicle.name} drops no first stage",
            key="RUN",
            value=mission.vehicle.name,
            allowed="a vehicle of two stages or more",
        )
    end = ends[0]
    legs = plan.legs[:end]
    units = tuple(_units(mission, legs))
    instants = np.array([leg.start_s for leg in plan.legs[: end + 1]])
    anchors = tuple(_anchor(plan.legs, k, units) for k in range(end + 1))
    return Course(mission, plan, meridian_rad, legs, instants, anchors, units)


def stage_named(vehicle: Vehicle, name: str) -> Stage:
    """A stage, or one unit of a strap-on group, by its name."""
    for stage in vehicle.stages:
        if stage.name == name:
            return stage
    return next(group.unit for group in vehicle.boosters if group.name == name)


def _units(mission: Mission, legs: tuple[Leg, ...]) -> list[Unit]:
    """Units in the order of their ignition."""
    names = list(dict.fromkeys(one.stage for leg in legs for one in leg.burning))
    found = []
    for name in names:
        alight = [k for k, leg in enumerate(legs) if any(b.stage == name for b in leg.burning)]
        burning = [next(b for b in legs[k].burning if b.stage == name) for k in alight]
        stage = stage_named(mission.vehicle, name)
        clock, burnt = _burnt(burning, [legs[k] for k in alight])
        cut = legs[alight[-1]].end_s
        assert stage.motor is not None
        flow = full_flow(stage.motor, mission.environment.g0_m_s2)
        spent = flow * float(np.interp(cut - burning[0].lit_s, clock, burnt))
        found.append(
            Unit(
                name,
                burning[0].count,
                stage,
                burning[0].lit_s,
                cut,
                alight[0],
                alight[-1] + 1,
                clock,
                burnt,
                not stage.motor.shape and spent < _SPENT * stage.usable_kg,
            )
        )
    return found


def _burnt(burning: list[Burning], legs: list[Leg]) -> tuple[Array, Array]:
    """Seconds at full thrust over time since ignition, going on at the last level."""
    lit = burning[0].lit_s
    clock, burnt = [np.zeros(1)], [np.zeros(1)]
    level = 1.0
    for one, leg in zip(burning, legs, strict=True):
        ends = np.array([leg.start_s, leg.end_s])
        if isinstance(one.throttle, Profile):
            breaks = one.throttle.breaks_s
            inside = breaks[(breaks > leg.start_s) & (breaks < leg.end_s)]
            ends = np.concatenate([ends[:1], inside, ends[1:]])
        for a, b in pairwise(ends.tolist()):
            t = np.linspace(a, b, 2 * _GRID + 1)
            levels = level_at(one.throttle, t, 0.5 * (a + b))
            # Simpson's rule from one grid point to the next.
            parts = (levels[:-2:2] + 4.0 * levels[1::2] + levels[2::2]) * (b - a) / (6.0 * _GRID)
            clock.append(t[2::2] - lit)
            burnt.append(burnt[-1][-1] + np.cumsum(parts))
            level = float(levels[-1])
    longer = (_LATER - 1.0) * clock[-1][-1:]
    return (
        np.concatenate([*clock, clock[-1][-1:] + longer]),
        np.concatenate([*burnt, burnt[-1][-1:] + level * longer]),
    )


def level_at(throttle: float | Profile | None, t: Array, inside: float) -> Array:
    """Throttle level at some times, all taken from the piece that `inside` lies in."""
    if throttle is None:
        return np.ones_like(t)
    if not isinstance(throttle, Profile):
        return np.full_like(t, throttle)
    breaks = throttle.breaks_s
    k = int(np.clip(np.searchsorted(breaks, inside, side="right") - 1, 0, len(breaks) - 2))
    x = np.clip((t - breaks[k]) / (breaks[k + 1] - breaks[k]), 0.0, 1.0)
    powers = np.linalg.solve(np.vander(throttle.nodes, increasing=True), throttle.values[k, :, 0])
    return np.asarray(np.polynomial.polynomial.polyval(x, powers))


def _anchor(legs: tuple[Leg, ...], k: int, units: tuple[Unit, ...]) -> int | None:
    """The unit whose cut-off the start of a leg follows, by its place among the units."""
    if k == 0:
        return None
    cut = [u for u, one in enumerate(units) if one.cut_leg == k]
    if cut:
        return cut[0]  # the first stage, where several go out at once
    named = [event.removesuffix(" separation") for event in legs[k].events]
    parted = [u for u, one in enumerate(units) if one.name in named and one.cut_leg < k]
    if parted:
        return parted[0]
    # A wait: nothing burns, and the clock starts at the last cut-off.
    before = [u for u, one in enumerate(units) if one.cut_leg < k]
    if not legs[k - 1].burning and before:
        return max(before, key=lambda u: units[u].cut_s)
    return None
