"""Judging a trajectory that somebody else has made: its states, its orbit, its limits.

There is no plan to compare it with and no control to fly again. What can be
judged is whether the states belong together, whether the orbit they reach is the
one that is asked for, and those limits that follow from states alone. What does
not follow from them is named, and never passed in silence.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.flight.vehicle import Vehicle
from cosmodrome.mission.nouns import Limits, Site, Target
from cosmodrome.orbit.sun import local_time_at_node
from cosmodrome.verify.foreign_course import Course, course_of, first_stage_end_s, states_of
from cosmodrome.verify.foreign_limits import Unknown, limit_checks
from cosmodrome.verify.foreign_steps import States, Steps, consistency_checks, grain, steps_of
from cosmodrome.verify.target_miss import Reached, reached_orbit, target_miss
from cosmodrome.verify.verdict import Check, Tolerances
from cosmodrome.world.environment import Environment
from cosmodrome.world.state import Trajectory

__all__ = ["ForeignVerdict", "Wanted", "judge_foreign"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a trajectory is judged against.

    Parameters
    ----------
    target : Target
        An inclination that is left free is not judged.
    environment : Environment
    limits : Limits, none by default
    vehicle : Vehicle or None, whose drag, thrust and specific impulse are known
    site : Site or None, where it lifts off
    tolerances : Tolerances
    at_s : float or None
        When the orbit is reached, seconds after the trajectory's epoch. By default
        the event "insertion", else where the last push ends, else the first state.
    fairing_s : float or None
        When the fairing goes; by default the event "fairing jettison", else where the
        vehicle's fairing leaves the mass.
    """

    target: Target
    environment: Environment = field(default_factory=Environment)
    limits: Limits = field(default_factory=Limits)
    vehicle: Vehicle | None = None
    site: Site | None = None
    tolerances: Tolerances = field(default_factory=Tolerances)
    at_s: float | None = None
    fairing_s: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ForeignVerdict:
    """The judgement on somebody else's trajectory.

    Parameters
    ----------
    insertion : int, index of the state that is held against the target
    insertion_by : str, what says that it is that one
    reached : Reached, that state and its orbit
    target_position_error_m, target_velocity_error_m_s : float
        As of `judge`: distance from the nearest state on the target orbit.
    target_error : dict, per element, achieved less wanted, door units
    consistency : tuple of Check, whether the states belong together
    limits : tuple of Check
    unknown : tuple of Unknown, what states alone do not say
    notes : tuple of str
    states : States; steps : Steps; course : Course
    passed : bool
    """

    insertion: int
    insertion_by: str
    reached: Reached
    target_position_error_m: float
    target_velocity_error_m_s: float
    target_error: dict[str, float]
    consistency: tuple[Check, ...]
    limits: tuple[Check, ...]
    unknown: tuple[Unknown, ...]
    notes: tuple[str, ...]
    states: States
    steps: Steps
    course: Course
    passed: bool


def judge_foreign(trajectory: Trajectory, wanted: Wanted) -> ForeignVerdict:
    """Judge a trajectory of anybody's against a target orbit and limits.

    Parameters
    ----------
    trajectory : Trajectory
        Any frame. Its epoch is taken as lift-off where a corridor is judged.
    wanted : Wanted

    Returns
    -------
    ForeignVerdict

    Raises
    ------
    InputError
        If it has fewer than two states at different times, states below the
        Earth's core, or the instant asked for lies outside of it.

    Accuracy
    --------
    The orbit as `target_miss`, in the true equator and equinox at the epoch; the
    states as `steps_of`, the limits as `course_of`.
    """
    _refuse_unusable(trajectory)
    # Numbers that overflow meet no check, and are not worth a warning.
    with np.errstate(all="ignore"):
        return _judged(trajectory, wanted)


def _judged(trajectory: Trajectory, wanted: Wanted) -> ForeignVerdict:
    environment = wanted.environment
    states = states_of(trajectory, (grain(trajectory.r_m), grain(trajectory.v_m_s)))
    _refuse_standstill(states)
    steps = steps_of(states, environment)
    course = course_of(trajectory, states, steps, environment, wanted.vehicle, wanted.site)
    index, by = _insertion(trajectory, steps, wanted.at_s)
    reached = reached_orbit(states.r_m[index], states.v_m_s[index], environment)
    off_m, off_m_s, errors = target_miss(wanted.target, environment, reached)
    timed = _local_time(wanted.target, reached, trajectory, index)
    for one in timed:
        errors["local_time_s"] = one.reached
    consistency = consistency_checks(states, steps, course.altitude_m)
    first = first_stage_end_s(trajectory, steps, wanted.vehicle)
    gone = _fairing_gone(trajectory, steps, wanted)
    found = limit_checks(wanted, trajectory, (states, steps, course), first, gone)
    limits = (*timed, *found.checks)
    tolerances = wanted.tolerances
    passed = (
        off_m <= tolerances.position_m
        and off_m_s <= tolerances.velocity_m_s
        and all(check.met for check in (*consistency, *limits))
    )
    return ForeignVerdict(
        insertion=index,
        insertion_by=by,
        reached=reached,
        target_position_error_m=off_m,
        target_velocity_error_m_s=off_m_s,
        target_error=errors,
        consistency=consistency,
        limits=limits,
        unknown=found.unknown,
        notes=found.notes,
        states=states,
        steps=steps,
        course=course,
        passed=passed,
    )


_LEAST_RADIUS_M = 6.2e6


def _refuse_unusable(trajectory: Trajectory) -> None:
    later = np.count_nonzero(np.diff(trajectory.t_s) > 0.0)
    if not later:
        raise InputError(
            "a trajectory needs two states at different times to be judged",
            key="trajectory",
            value=len(trajectory),
            allowed="two states or more",
        )
    size = np.linalg.norm(trajectory.r_m, axis=1)
    low = int(np.argmin(size))
    if not float(size[low]) > _LEAST_RADIUS_M:
        raise InputError(
            f"state {low + 1} lies {float(size[low]) / 1e3:.0f} km from the Earth's centre: "
            "inside the Earth, or in other units than the file says",
            key="trajectory",
            value=float(size[low]),
            allowed="positions from the Earth's centre, above the ground",
        )
    for name in ("v_m_s", "t_s"):
        if not np.all(np.isfinite(getattr(trajectory, name))):
            raise InputError(f"a number of {name} is not finite", key="trajectory", value=None)
    mass = trajectory.mass_kg
    if mass is not None and not float(mass.min()) > 0.0:
        raise InputError(
            f"state {int(np.argmin(mass)) + 1} has no mass",
            key="mass_kg",
            value=float(mass.min()),
            allowed="above zero, or no masses at all",
        )


def _refuse_standstill(states: States) -> None:
    """An orbit needs a plane: even on the pad a state moves with the turning Earth."""
    spin = np.linalg.norm(np.cross(states.r_m, states.v_m_s), axis=1)
    speed = np.linalg.norm(states.v_m_s, axis=1)
    still = np.flatnonzero(~(spin > 1e-9 * np.linalg.norm(states.r_m, axis=1) * speed))
    if still.size:
        raise InputError(
            f"state {int(still[0]) + 1} stands still or moves straight up in inertial axes: "
            "are the velocities those seen from the turning Earth?",
            key="frame",
            allowed="inertial velocities, or the frame ITRF",
        )


def _insertion(trajectory: Trajectory, steps: Steps, at_s: float | None) -> tuple[int, str]:
    """The state at which the orbit is reached, and what says so."""
    t = trajectory.t_s
    if at_s is not None:
        if not t[0] <= at_s <= t[-1]:
            raise InputError(
                f"{at_s:g} s lie outside the trajectory",
                key="at_s",
                value=at_s,
                allowed=f"{t[0]:g} to {t[-1]:g} seconds after its epoch",
            )
        return int(np.argmin(np.abs(t - at_s))), "as asked for"
    named = [event.t_s for event in trajectory.events if event.name.lower() == "insertion"]
    if named:
        return int(np.argmin(np.abs(t - named[-1]))), 'the event "insertion"'
    if not steps.pushed.any():
        return 0, "nothing pushes in it: its first state"
    last = int(steps.index[np.flatnonzero(steps.pushed)[-1]]) + 1
    if last == len(t) - 1:
        return last, "its last state"
    return last, "the last push ends there"


_HALF_MINUTE_S = 30.0  # local times are stated in whole minutes


def _local_time(
    target: Target, reached: Reached, trajectory: Trajectory, index: int
) -> tuple[Check, ...]:
    """How far the local time at the node is off, either way, where one is asked for."""
    time = target.local_time
    if time is None:
        return ()
    mean = reached.mean if target.elements == "mean" else None
    node = reached.osculating if mean is None else mean
    moment = trajectory.epoch + float(trajectory.t_s[index])
    hours = local_time_at_node(float(node.raan_rad), moment, node=time.node, sun=time.sun)
    off_s = 3600.0 * abs((hours - time.hours + 12.0) % 24.0 - 12.0)
    return (Check("local time at the node", _HALF_MINUTE_S, off_s, "s"),)


_LIKE = 0.01  # share of the fairing's mass that a file may differ by


def _fairing_gone(trajectory: Trajectory, steps: Steps, wanted: Wanted) -> tuple[float, str] | None:
    """When the fairing goes, and what says so: who asks, an event, or the mass that leaves."""
    if wanted.fairing_s is not None:
        return wanted.fairing_s, "as asked for"
    for event in trajectory.events:
        if event.name.lower().startswith("fairing jettison"):
            return event.t_s, f'the event "{event.name}"'
    fairing = None if wanted.vehicle is None else wanted.vehicle.fairing
    for jump in steps.jumps:
        lost = -(jump.mass_kg or 0.0)
        if fairing is not None and abs(lost - fairing.mass_kg) < _LIKE * fairing.mass_kg:
            return jump.t_s, "its mass leaves then"
    return None
