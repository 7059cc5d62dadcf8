"""Many unguided flights of the first stage at once, in fixed steps.

The equations are those of the re-flight. Classic Runge-Kutta steps of a fixed number
are taken between the kinks of the programme, all samples side by side, each with its
own clock: no sample knows of the others, so its numbers are the same in any company.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.campaign.disperse_course import Course, Unit, level_at, stage_named
from cosmodrome.flight import forces
from cosmodrome.flight.burn import full_flow
from cosmodrome.flight.fall import WindProfiles, blowing
from cosmodrome.flight.vehicle import Vehicle, stack_mass_kg
from cosmodrome.mission.plan import Leg, Profile
from cosmodrome.world import earth
from cosmodrome.world.environment import Wind

__all__ = ["Flyers", "Passed", "flown_open_loop", "flyers_of", "instants"]

Array = NDArray[np.float64]

STEP_S: Final = 2.0
"""Longest step. Halving it moves a separation by less than half a metre."""


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """A stage, or one unit of a strap-on group, as each of n samples has it.

    Parameters
    ----------
    thrust_n, exit_m2, flow_kg_s : array, shape (n,), vacuum thrust, exit area, full flow
    usable_kg, inert_kg : array, shape (n,), what it can burn, and what else falls with it
    stretch : array, shape (n,), of the times of its thrust table; 1 without one
    """

    thrust_n: Array
    exit_m2: Array
    flow_kg_s: Array
    usable_kg: Array
    inert_kg: Array
    stretch: Array


@dataclass(frozen=True, slots=True, eq=False)
class Flyers:
    """n samples ready to fly a course.

    Parameters
    ----------
    units : tuple of Numbers, in the order of the course's units
    liftoff_kg, fairing_kg, area_m2 : array, shape (n,); area is that of drag
    density : array, shape (n,), of the air over the standard's
    winds : WindProfiles
    pitch_rad, yaw_rad : array, shape (n,), off the programme
    """

    units: tuple[Numbers, ...]
    liftoff_kg: Array
    fairing_kg: Array
    area_m2: Array
    density: Array
    winds: WindProfiles
    pitch_rad: Array
    yaw_rad: Array

    def __len__(self) -> int:
        return len(self.liftoff_kg)


@dataclass(frozen=True, slots=True, eq=False)
class Passed:
    """The states of n samples at the m instants of a course.

    Parameters
    ----------
    t_s : array, shape (m, n), seconds after lift-off
    r_m, v_m_s : array, shape (m, n, 3), inertial at lift-off
    mass_kg : array, shape (m, n), before anything is dropped at the instant
    """

    t_s: Array
    r_m: Array
    v_m_s: Array
    mass_kg: Array


def flyers_of(
    course: Course,
    vehicles: list[Vehicle],
    density: Array,
    winds: WindProfiles,
    pitch_rad: Array,
    yaw_rad: Array,
) -> Flyers:
    """Samples from their vehicles, their air and their steering errors.

    Parameters
    ----------
    course : Course
    vehicles : list of Vehicle, varied ones of the course's own
    density, pitch_rad, yaw_rad : array, shape (n,)
    winds : WindProfiles, the wind each meets, mean wind included
    """
    g0 = course.mission.environment.g0_m_s2
    nominal = course.mission.vehicle
    units = tuple(_numbers(unit, vehicles, g0) for unit in course.units)
    extra = np.array([stack_mass_kg(one) for one in vehicles]) - stack_mass_kg(nominal)
    fairing = [0.0 if one.fairing is None else one.fairing.mass_kg for one in vehicles]
    return Flyers(
        units,
        course.plan.liftoff_mass_kg + extra,
        np.array(fairing),
        np.array([one.aerodynamics.area_m2 for one in vehicles]),
        density,
        winds,
        pitch_rad,
        yaw_rad,
    )


def _numbers(unit: Unit, vehicles: list[Vehicle], g0: float) -> Numbers:
    rows = []
    for vehicle in vehicles:
        stage = stage_named(vehicle, unit.name)
        motor, planned = stage.motor, unit.stage.motor
        assert motor is not None
        assert planned is not None
        stretch = motor.shape[-1][0] / planned.shape[-1][0] if planned.shape else 1.0
        inert = stage.dry_kg + stage.residual_kg
        rows.append(
            (motor.thrust_vac_n, motor.exit_area_m2, full_flow(motor, g0), stage.usable_kg, inert,
             stretch)
        )  # fmt: skip
    return Numbers(*np.array(rows).T.copy())


def instants(course: Course, flyers: Flyers) -> tuple[Array, list[Array], list[Array]]:
    """When each sample passes the instants of a course, and when its motors burn.

    Parameters
    ----------
    course : Course
    flyers : Flyers

    Returns
    -------
    (array of shape (m, n), list of array (n,), list of array (n,))
        Instants; ignition and cut-off of each unit. Seconds after lift-off.
    """
    planned, n = course.instants_s, len(flyers)
    found = np.repeat(planned[:, None], n, axis=1)
    lit = [np.full(n, unit.lit_s) for unit in course.units]
    cut = [np.full(n, unit.cut_s) for unit in course.units]
    for k, anchor in enumerate(course.anchors):
        for u, unit in enumerate(course.units):
            if unit.lit_leg == k and k > 0:  # lit in flight: with whatever comes before it
                lit[u] = unit.lit_s + (found[k] - planned[k])
                cut[u] = _cut(unit, flyers.units[u], lit[u])
            elif k == 0 and unit.lit_leg == 0:
                cut[u] = _cut(unit, flyers.units[u], lit[u])
        if anchor is not None:
            found[k] = cut[anchor] + (planned[k] - course.units[anchor].cut_s)
        if k > 0:
            found[k] = np.maximum(found[k], found[k - 1])
    return found, lit, cut


def _cut(unit: Unit, numbers: Numbers, lit_s: Array) -> Array:
    """When a unit goes out: spent, burnt out by its table, or on command."""
    motor = unit.stage.motor
    assert motor is not None
    if motor.shape:
        return np.asarray(lit_s + numbers.stretch * (unit.cut_s - unit.lit_s))
    spent = lit_s + np.interp(numbers.usable_kg / numbers.flow_kg_s, unit.burnt_s, unit.clock_s)
    if unit.commanded:
        return np.asarray(np.minimum(lit_s + (unit.cut_s - unit.lit_s), spent))
    return np.asarray(spent)


def flown_open_loop(course: Course, flyers: Flyers, step_s: float = STEP_S) -> Passed:
    """Fly samples by the plan's programme, with nobody steering against what is off.

    Parameters
    ----------
    course : Course
    flyers : Flyers
    step_s : float, the longest step

    Returns
    -------
    Passed

    Accuracy
    --------
    Without dispersions within 1 m and 0.01 m/s of the re-flight at the separation of
    the first stage. A real launcher steers against what it feels, above the dense air
    at the latest: an unguided flight spreads more.
    """
    n = len(flyers)
    when, lit, cut = instants(course, flyers)
    rate = _Rate(course, flyers, lit)
    y = np.concatenate([np.tile(_at_rest(course), (n, 1)), flyers.liftoff_kg[:, None]], axis=1)
    states = [y]
    for k, leg in enumerate(course.legs):
        if k > 0:
            y = y.copy()
            y[:, 6] -= _dropped(course, flyers, k, lit, cut)
        for piece in _pieces(course, flyers, leg, when[k], when[k + 1], lit):
            y = _stepped(rate, leg, piece, y, step_s)
        states.append(y)
    every = np.array(states)
    return Passed(when, every[:, :, :3], every[:, :, 3:6], every[:, :, 6])


def _at_rest(course: Course) -> Array:
    """Position and velocity on the pad."""
    site, environment = course.mission.site, course.mission.environment
    r = earth.site_position(
        site.latitude_rad,
        course.meridian_rad,
        site.altitude_m,
        environment.equatorial_radius_m,
        environment.flattening,
    )
    return np.concatenate([r, np.cross([0.0, 0.0, environment.rotation_rad_s], r)])


def _dropped(course: Course, flyers: Flyers, k: int, lit: list[Array], cut: list[Array]) -> Array:
    """What leaves at the start of a leg: as planned, but for what is off in each sample."""
    leg = course.legs[k]
    total = np.full(len(flyers), leg.dropped_kg)
    fairing = course.mission.vehicle.fairing
    if "fairing jettison" in leg.events and fairing is not None:
        total += flyers.fairing_kg - fairing.mass_kg
    for u, unit in enumerate(course.units):
        if f"{unit.name} separation" in leg.events:
            off = flyers.units[u].inert_kg - unit.stage.dry_kg - unit.stage.residual_kg
            left = _left(unit, flyers.units[u], cut[u] - lit[u])
            planned = unit.stage.usable_kg - _burnt_kg(course, unit)
            total += unit.count * (off + left - max(planned, 0.0))
    return total


def _burnt_kg(course: Course, unit: Unit) -> float:
    motor = unit.stage.motor
    assert motor is not None
    if motor.shape or not unit.commanded:
        return unit.stage.usable_kg
    flow = full_flow(motor, course.mission.environment.g0_m_s2)
    return flow * float(np.interp(unit.cut_s - unit.lit_s, unit.clock_s, unit.burnt_s))


def _left(unit: Unit, numbers: Numbers, burnt_for_s: Array) -> Array:
    """Propellant that a unit, cut off on command, falls with."""
    if not unit.commanded:
        return np.zeros_like(burnt_for_s)
    burnt = numbers.flow_kg_s * np.interp(burnt_for_s, unit.clock_s, unit.burnt_s)
    return np.asarray(np.maximum(numbers.usable_kg - burnt, 0.0))


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """A stretch without kinks: its planned middle and length, and each sample's ends."""

    middle_s: float
    length_s: float
    start_s: Array
    end_s: Array


def _pieces(
    course: Course, flyers: Flyers, leg: Leg, start: Array, end: Array, lit: list[Array]
) -> list[_Piece]:
    """A leg cut at the kinks of its programme and of its motors' thrust."""
    n = len(flyers)
    kinks: list[tuple[float, Array]] = []
    profiles = [leg.angles, *(one.throttle for one in leg.burning)]
    for profile in profiles:
        if isinstance(profile, Profile):
            kinks += [(float(t), np.full(n, t)) for t in profile.breaks_s]
    burning = {one.stage for one in leg.burning}
    for u, unit in enumerate(course.units):
        motor = unit.stage.motor
        if unit.name in burning and motor is not None:
            for t, _ in motor.shape:
                kinks.append((unit.lit_s + t, lit[u] + flyers.units[u].stretch * t))
    inside = sorted((k for k in kinks if leg.start_s < k[0] < leg.end_s), key=lambda k: k[0])
    pieces, at, before = [], leg.start_s, start
    for planned, mine in [*inside, (leg.end_s, end)]:
        after = end if mine is end else np.clip(np.maximum(mine, before), None, end)
        if planned > at or np.any(after > before):
            pieces.append(_Piece(0.5 * (at + planned), planned - at, before, after))
        at, before = planned, after
    return pieces


class _Rate:
    """The rate of n states under the controls of a piece."""

    def __init__(self, course: Course, flyers: Flyers, lit: list[Array]) -> None:
        mission, plan = course.mission, course.plan
        self.course, self.flyers, self.lit = course, flyers, lit
        self.still = replace(mission.environment, wind=Wind())
        self.drag = forces.drag_law(mission.vehicle.aerodynamics.drag_table)
        east, north, up = earth.local_axes(mission.site.latitude_rad, course.meridian_rad)
        downrange = math.cos(plan.azimuth_rad) * north + math.sin(plan.azimuth_rad) * east
        self.axes = downrange, np.cross(downrange, up), up
        self.area = flyers.area_m2 * flyers.density
        self.blow = blowing(flyers.winds)

    def controls(self, leg: Leg, piece: _Piece) -> Callable[[Array], tuple[Array, Array]]:
        """Axis and push (vacuum thrust, exit area, flow) as functions of the clock."""
        angles = None if leg.angles is None else _steering(leg.angles, piece.middle_s)
        alight = [
            (one, u) for one in leg.burning for u, unit in enumerate(self.course.units)
            if unit.name == one.stage
        ]  # fmt: skip
        n = len(self.flyers)

        def at(t: Array) -> tuple[Array, Array]:
            push = np.zeros((3, n))
            for one, u in alight:
                numbers, unit = self.flyers.units[u], self.course.units[u]
                motor = unit.stage.motor
                assert motor is not None
                level = level_at(one.throttle, t, piece.middle_s)
                if motor.shape:
                    since = (t - self.lit[u]) / numbers.stretch
                    table = np.array(motor.shape)
                    level = level * np.interp(since, table[:, 0], table[:, 1])
                push[0] += one.count * level * numbers.thrust_n
                push[1] += one.count * numbers.exit_m2
                push[2] += one.count * level * numbers.flow_kg_s
            return self._axis(angles, t), push

        return at

    def _axis(self, angles: Callable[[Array], Array] | None, t: Array) -> Array:
        if angles is None:
            return np.broadcast_to(self.axes[2], (len(t), 3))
        pitch, yaw = angles(t)
        pitch, yaw = pitch + self.flyers.pitch_rad, yaw + self.flyers.yaw_rad
        return np.asarray(forces.body_axis(pitch, yaw, *self.axes))

    def __call__(self, y: Array, axis: Array, push: Array) -> Array:
        r, v, mass = y[:, :3], y[:, 3:6], y[:, 6]
        # The air moves with the wind: against it the vehicle is that much slower.
        past = v - self._wind(r)
        air = forces.conditions(r, past, self.still, self.area, self.drag)
        thrust = push[0] - push[1] * air.pressure_pa
        a = forces.acceleration(r, mass, thrust, axis, air, self.still)
        return np.concatenate([v, a, -push[2][:, None]], axis=1)

    def _wind(self, r: Array) -> Array:
        shape = self.still
        h = earth.geodetic_altitude(r, shape.equatorial_radius_m, shape.flattening)
        return np.asarray(forces.level_vector(r, *self.blow(h, np.arange(len(h)))))


def _steering(angles: Profile, inside: float) -> Callable[[Array], Array]:
    """Pitch and yaw, shape (2, n), by the polynomial of one piece, held beyond its ends."""
    breaks = angles.breaks_s
    k = int(np.clip(np.searchsorted(breaks, inside, side="right") - 1, 0, len(breaks) - 2))
    powers = np.linalg.solve(np.vander(angles.nodes, increasing=True), angles.values[k])
    start, length = breaks[k], breaks[k + 1] - breaks[k]

    def at(t: Array) -> Array:
        x = np.clip((t - start) / length, 0.0, 1.0)
        return np.asarray(np.polynomial.polynomial.polyval(x, powers))

    return at


def _stepped(rate: _Rate, leg: Leg, piece: _Piece, y: Array, step_s: float) -> Array:
    """Classic Runge-Kutta steps over a piece, as many for every sample."""
    count = max(math.ceil(piece.length_s / step_s), 1)
    h = (piece.end_s - piece.start_s) / count
    controls, t = rate.controls(leg, piece), piece.start_s
    wide = h[:, None]
    here = controls(t)
    for _ in range(count):
        middle, ahead = controls(t + 0.5 * h), controls(t + h)
        k1 = rate(y, *here)
        k2 = rate(y + 0.5 * wide * k1, *middle)
        k3 = rate(y + 0.5 * wide * k2, *middle)
        k4 = rate(y + wide * k3, *ahead)
        y = y + wide * (k1 + 2.0 * (k2 + k3) + k4) / 6.0
        t, here = t + h, ahead
    return y
