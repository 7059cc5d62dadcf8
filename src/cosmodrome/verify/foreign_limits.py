"""The limits of a vehicle that states alone can show to be broken, and what they cannot show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cosmodrome.flight.vehicle import Motor, Vehicle
from cosmodrome.mission.nouns import Limits, Site
from cosmodrome.orbit.elements import elements_from_state
from cosmodrome.verify.foreign_course import Course
from cosmodrome.verify.foreign_steps import Coast, States, Steps
from cosmodrome.verify.limit_checks import (
    acceleration_check,
    coast_perigee_check,
    course_check,
    heating_check,
    pressure_check,
)
from cosmodrome.verify.verdict import Check
from cosmodrome.world import earth
from cosmodrome.world.environment import Environment
from cosmodrome.world.frames import rotation
from cosmodrome.world.state import Trajectory

if TYPE_CHECKING:
    from cosmodrome.verify.foreign import Wanted

__all__ = ["Found", "Unknown", "limit_checks"]

Array = NDArray[np.float64]

# Pads of the catalogue are good to a few hundred metres; another frame or time scale than
# the file says moves its start by kilometres.
_PAD_M = 1000.0
_AT_REST_M_S = 20.0
_ENGINE_ROOM = 1.005  # thrust and impulse of one engine, from two documents, differ by as much
_AIR_PA = 1.0
_LEAST_GAIN_M_S = 5.0  # below it the last digits of a mass would speak


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that was asked for and cannot be judged, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """What the limits came to.

    Parameters
    ----------
    checks : tuple of Check
    unknown : tuple of Unknown
    notes : tuple of str
    """

    checks: tuple[Check, ...]
    unknown: tuple[Unknown, ...]
    notes: tuple[str, ...]


def limit_checks(
    wanted: Wanted,
    trajectory: Trajectory,
    seen: tuple[States, Steps, Course],
    first_end: tuple[float, str],
    fairing: tuple[float, str] | None,
) -> Found:
    """Every limit that can be judged, and every one that cannot.

    Parameters
    ----------
    wanted : Wanted
    trajectory : Trajectory
    seen : (States, Steps, Course), of it
    first_end : (seconds, str), as of `first_stage_end_s`
    fairing : (seconds, str) or None, when the fairing goes and what says so

    Returns
    -------
    Found
    """
    states, steps, course = seen
    limits, notes = wanted.limits, list[str]()
    checks = pressure_check(limits, course.q_pa)
    checks += _acceleration(limits, course, steps, notes)
    gone_s = None if fairing is None else fairing[0]
    checks += heating_check(limits, states.t_s, course.heating_w_m2, gone_s)
    if fairing is not None and limits.heating_w_m2 is not None:
        notes.append(f"the fairing goes at {fairing[0]:.1f} s: {fairing[1]}")
    unknown = _unknown(limits, wanted.vehicle, gone_s)
    coasts, arcs = _coast_perigees(limits, wanted.environment, states, steps)
    checks += coasts
    if arcs:
        notes.append(f"{arcs}: no parking orbit, its perigee lies under the ground")
    if wanted.site is not None:
        meridian, apart = _pad(wanted.site, trajectory, states, wanted.environment)
        checks += _at_pad(course, apart, wanted.site, notes)
        checks += _course(wanted, states, meridian, first_end, notes)
    elif limits.azimuths_rad:
        unknown.append(Unknown("course inside corridor", "needs the launch site"))
    if wanted.vehicle is not None:
        more, missing = _engines(wanted.vehicle, wanted.environment, states, steps, course)
        checks += more
        unknown += missing
    return Found(tuple(checks), tuple(unknown), tuple(notes))


def _acceleration(limits: Limits, course: Course, steps: Steps, notes: list[str]) -> list[Check]:
    """Along the axis where mass and drag are known, else all that is felt, which is more."""
    axial = course.axial_m_s2
    values = course.felt_m_s2 if axial is None else axial
    found = acceleration_check(limits, values)
    if found:
        what = "felt acceleration, drag included," if axial is None else "axial acceleration"
        usual = float(np.median(steps.duration_s))
        notes.append(f"{what} is found from differences of velocity over {usual:.2g} s")
    return found


def _unknown(limits: Limits, vehicle: Vehicle | None, fairing_s: float | None) -> list[Unknown]:
    """What no states show, of what is limited."""
    found: list[Unknown] = []
    if limits.q_alpha_pa_rad is not None:
        found.append(Unknown("q alpha", "needs attitude"))
    if limits.pitch_rate_rad_s is not None:
        found.append(Unknown("turn rate", "needs attitude"))
    if limits.heating_w_m2 is not None and fairing_s is None:
        found.append(Unknown("heating after fairing", "needs the time at which the fairing goes"))
    if limits.zones:
        found.append(Unknown("drop zones", "needs what is dropped, and when"))
    if vehicle is not None:
        found.append(Unknown("propellant of each stage", "needs which engine burns when"))
        if any(stage.settling_kg > 0.0 or stage.burns > 1 for stage in vehicle.stages):
            found.append(Unknown("ignitions and settling", "needs which engine burns when"))
        if vehicle.reserve_m_s > 0.0:
            found.append(Unknown("velocity reserve", "needs the propellant left"))
    return found


def _coast_perigees(
    limits: Limits, environment: Environment, states: States, steps: Steps
) -> tuple[list[Check], str]:
    """Perigees of coasts that a push follows; arcs that fall to the ground are told apart."""
    found: list[Check] = []
    arcs: list[str] = []
    after = states.t_s[steps.index[steps.pushed]]
    for coast in steps.coasts:
        if limits.coast_perigee_radius_m is None or not np.any(after >= coast.end_s):
            continue
        r, v = states.r_m[coast.first], states.v_m_s[coast.first]
        low = float(elements_from_state(r, v, environment.mu_m3_s2).perigee_radius_m)
        if low > environment.equatorial_radius_m:
            found += coast_perigee_check(limits, environment, r, v)
        elif not _staging(coast):
            arcs.append(f"the coast from {coast.start_s:.0f} to {coast.end_s:.0f} s")
    return found, " and ".join(arcs)


_STAGING_S = 30.0


def _staging(coast: Coast) -> bool:
    """Whether a coast is so short that only a stage is dropped in it."""
    return coast.end_s - coast.start_s < _STAGING_S


def _pad(
    site: Site, trajectory: Trajectory, states: States, environment: Environment
) -> tuple[float, float]:
    """The meridian of the pad at t = 0, and the first state's distance from the pad then."""
    a, f = environment.equatorial_radius_m, environment.flattening
    fixed = earth.site_position(site.latitude_rad, site.longitude_rad, site.altitude_m, a, f)
    pad = rotation("ITRF", "TOD", trajectory.epoch) @ np.asarray(fixed, dtype=float)
    meridian = float(np.arctan2(pad[1], pad[0]))
    now = np.asarray(earth.rotate_z(pad, environment.rotation_rad_s * float(states.t_s[0])))
    return meridian, float(np.linalg.norm(states.r_m[0] - now))


def _at_pad(course: Course, apart_m: float, site: Site, notes: list[str]) -> list[Check]:
    """A flight that begins on the ground begins at its pad: that ties its frame and its clock."""
    low = float(course.altitude_m[0]) - site.altitude_m < _PAD_M
    if not (low and float(course.speed_m_s[0]) < _AT_REST_M_S):
        notes.append("the file does not begin on the ground: its start is not held against the pad")
        return []
    return [Check("distance from the pad at its start", _PAD_M, apart_m, "m")]


def _course(
    wanted: Wanted,
    states: States,
    meridian_rad: float,
    first_end: tuple[float, str],
    notes: list[str],
) -> list[Check]:
    """The impact point's course while the first stage can be burning."""
    assert wanted.site is not None
    if not wanted.limits.azimuths_rad:
        return []
    until, by = first_end
    chosen = (states.t_s > wanted.limits.vertical_rise_s) & (states.t_s <= until)
    chosen[chosen] = _falls(states.r_m[chosen], states.v_m_s[chosen], wanted.environment)
    notes.append(f"the first stage is taken to burn until {until:.1f} s, by {by}")
    under = (states.t_s[chosen], states.r_m[chosen], states.v_m_s[chosen])
    return course_check(wanted.limits, wanted.environment, wanted.site, meridian_rad, under)


def _falls(r_m: Array, v_m_s: Array, environment: Environment) -> NDArray[np.bool_]:
    """Whether states come down, so that there is an impact point to speak of."""
    found = elements_from_state(r_m, v_m_s, environment.mu_m3_s2)
    polar = environment.equatorial_radius_m * (1.0 - environment.flattening)
    return np.asarray((found.perigee_radius_m < polar) & (found.eccentricity < 1.0))


def _engines(
    vehicle: Vehicle, environment: Environment, states: States, steps: Steps, course: Course
) -> tuple[list[Check], list[Unknown]]:
    """Whether any engines of the vehicle could have pushed so hard, and so sparingly."""
    if states.mass_kg is None or course.thrust_n is None:
        return [], [Unknown("thrust and specific impulse", "needs the mass")]
    motors = [stage.motor for stage in vehicle.stages if stage.motor is not None]
    units = [(group.count, group.unit.motor) for group in vehicle.boosters]
    aside = [(count, motor) for count, motor in units if motor is not None]
    # Strap-ons burn with the first stage at most; any later stage burns alone.
    low = sum(count * _strongest(motor) for count, motor in aside)
    first = vehicle.stages[0].motor
    most = max(
        [_strongest(motor) for motor in motors] + [low + (_strongest(first) if first else 0)]
    )
    best = max(motor.isp_vac_s for motor in [*motors, *(motor for _, motor in aside)])
    found = [
        Check(
            "thrust, all that can burn",
            most * _ENGINE_ROOM / 1e3,
            course.thrust_n.max() / 1e3,
            "kN",
        )
    ]
    reached = _impulse_s(environment, states, steps, course)
    if reached is not None:
        name = "specific impulse, the best engine's"
        found.append(Check(name, best * _ENGINE_ROOM, reached, "s"))
    return found, []


def _strongest(motor: Motor) -> float:
    """The most that a motor gives in vacuum."""
    level = max((one for _, one in motor.shape), default=1.0)
    return motor.thrust_vac_n * motor.throttle_max * level


def _impulse_s(
    environment: Environment, states: States, steps: Steps, course: Course
) -> float | None:
    """The best specific impulse of any stretch of pushed steps, by what it lost in mass."""
    assert states.mass_kg is not None
    ratio = np.log(states.mass_kg[steps.index] / states.mass_kg[steps.index + 1])
    felt = np.linalg.norm(steps.felt_m_s2, axis=1) * steps.duration_s
    # In the air drag hides a part of the push; above it, what is felt is all there is.
    thin = np.maximum(course.q_pa[steps.index], course.q_pa[steps.index + 1]) < _AIR_PA
    used = steps.pushed & thin
    best: float | None = None
    for piece in _pieces(used, steps.index):
        lost, gained = float(ratio[piece].sum()), float(felt[piece].sum())
        if gained > _LEAST_GAIN_M_S:
            reached = gained / (environment.g0_m_s2 * max(lost, 1e-9))
            best = reached if best is None else max(best, reached)
    return best


def _pieces(used: NDArray[np.bool_], index: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Runs of steps that are used and follow one another without a jump."""
    chosen = np.flatnonzero(used)
    if not chosen.size:
        return []
    apart = (np.diff(chosen) > 1) | (np.diff(index[chosen]) > 1)
    return list(np.split(chosen, np.flatnonzero(apart) + 1))
