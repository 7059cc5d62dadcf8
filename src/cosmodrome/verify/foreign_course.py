"""What somebody else's states say of a flight: air, ground, push, stretches, events."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cosmodrome.flight import forces
from cosmodrome.flight.vehicle import Vehicle
from cosmodrome.mission.nouns import Site
from cosmodrome.verify.foreign_steps import States, Steps
from cosmodrome.world import earth
from cosmodrome.world.environment import Environment
from cosmodrome.world.frames import rotation
from cosmodrome.world.state import Trajectory, in_frame

__all__ = ["Course", "course_of", "first_stage_end_s", "states_of"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """A trajectory as the air and the ground see it, one entry per state, SI units.

    Parameters
    ----------
    gcrf : Trajectory, the same states
    latitude_rad, longitude_rad, altitude_m, downrange_m : arrays, shape (n,)
        Geodetic; downrange from the pad, or from the first state.
    speed_m_s, flight_path_angle_rad : arrays, through the air, above the horizon
    q_pa, heating_w_m2, mach : arrays
    felt_m_s2 : array, acceleration that is not gravity
    axial_m_s2, thrust_n : arrays or None
        By mass and the vehicle's drag: along the thrust, and the thrust. All
        three from differences of velocity.
    """

    gcrf: Trajectory
    latitude_rad: Array
    longitude_rad: Array
    altitude_m: Array
    downrange_m: Array
    speed_m_s: Array
    flight_path_angle_rad: Array
    q_pa: Array
    heating_w_m2: Array
    mach: Array
    felt_m_s2: Array
    axial_m_s2: Array | None
    thrust_n: Array | None


def states_of(trajectory: Trajectory, grains: tuple[float, float]) -> States:
    """The states in the axes of the true equator and equinox at t = 0, standing still.

    Parameters
    ----------
    trajectory : Trajectory
    grains : (metres, metres per second), the last digits of the file
    """
    gcrf = in_frame(trajectory, "GCRF")
    turn = rotation("GCRF", "TOD", trajectory.epoch).T
    return States(gcrf.t_s, gcrf.r_m @ turn, gcrf.v_m_s @ turn, gcrf.mass_kg, *grains)


def course_of(
    trajectory: Trajectory,
    states: States,
    steps: Steps,
    environment: Environment,
    vehicle: Vehicle | None = None,
    site: Site | None = None,
) -> Course:
    """What the air and the ground see of a trajectory.

    Parameters
    ----------
    trajectory : Trajectory, any frame
    states, steps : of it
    environment : Environment
    vehicle : Vehicle or None, whose drag tells thrust from what is felt
    site : Site or None, where downrange begins

    Returns
    -------
    Course

    Accuracy
    --------
    Air exact at every state. Accelerations are means over the steps beside a
    state, carried on to the ends of a stretch: a peak elsewhere is missed by up
    to half of what its step differs from the next.
    """
    aerodynamics = None if vehicle is None else vehicle.aerodynamics
    drag = forces.drag_law(((0.0, 1.0),) if aerodynamics is None else aerodynamics.drag_table)
    area = 1.0 if aerodynamics is None else aerodynamics.area_m2
    air = forces.conditions(states.r_m, states.v_m_s, environment, area, drag)
    a, f = environment.equatorial_radius_m, environment.flattening
    fixed = in_frame(trajectory, "ITRF").r_m
    latitude, longitude, altitude = (np.asarray(one) for one in earth.geodetic(fixed, a, f))
    start = (latitude[0], longitude[0]) if site is None else (site.latitude_rad, site.longitude_rad)
    up = states.r_m / np.linalg.norm(states.r_m, axis=1, keepdims=True)
    speed = np.asarray(air.speed_m_s)
    climb = np.einsum("ij,ij->i", np.asarray(air.velocity_m_s), up)
    axial, thrust = None, None
    if aerodynamics is not None and states.mass_kg is not None:
        axial, thrust = _thrust(states, steps, air)
    return Course(
        gcrf=in_frame(trajectory, "GCRF"),
        latitude_rad=latitude,
        longitude_rad=longitude,
        altitude_m=altitude,
        downrange_m=np.asarray(
            earth.great_circle_distance(start[0], start[1], latitude, longitude, a)
        ),
        speed_m_s=speed,
        flight_path_angle_rad=np.arcsin(np.clip(climb / speed, -1.0, 1.0)),
        q_pa=np.asarray(air.q_pa),
        heating_w_m2=np.asarray(forces.heating(air)),
        mach=np.asarray(air.mach),
        felt_m_s2=_around(steps, np.linalg.norm(steps.felt_m_s2, axis=1), len(states.t_s)),
        axial_m_s2=axial,
        thrust_n=thrust,
    )


def _thrust(states: States, steps: Steps, air: forces.Conditions) -> tuple[Array, Array]:
    """Along the thrust, and the thrust: what is felt, less the vehicle's own drag."""
    assert states.mass_kg is not None
    k, n = steps.index, len(states.t_s)
    brake = np.asarray(air.drag_n / air.speed_m_s)[:, None] * np.asarray(air.velocity_m_s)
    brake = 0.5 * (brake[k] + brake[k + 1])
    mass = 0.5 * (states.mass_kg[k] + states.mass_kg[k + 1])
    thrust = np.linalg.norm(mass[:, None] * steps.felt_m_s2 + brake, axis=1)
    thrust = np.where(steps.pushed, thrust, 0.0)
    axial = (thrust - np.linalg.norm(brake, axis=1)) / mass
    return _around(steps, axial, n), _around(steps, thrust, n)


def _around(steps: Steps, values: Array, n: int) -> Array:
    """Of each state, the larger mean of the steps that begin and end there.

    At both ends of a stretch, where nothing lies beyond, the trend goes on.
    """
    found = np.full(n, -np.inf)
    np.maximum.at(found, steps.index, values)
    np.maximum.at(found, steps.index + 1, values)
    cuts = np.flatnonzero(np.diff(steps.index) > 1) + 1
    for piece in np.split(np.arange(steps.index.size), cuts):
        for inward, state in (
            (piece, steps.index[piece[0]]),
            (piece[::-1], steps.index[piece[-1]] + 1),
        ):
            near = inward[:3]
            found[state] = max(found[state], _at_end(values[near], steps.duration_s[near]))
    return np.where(np.isfinite(found), found, 0.0)


def _at_end(means: Array, durations_s: Array) -> float:
    """A value at the end of its stretch, by the parabola whose means these three are.

    Only a rise goes on, and by no more than the last two means differ: a kink
    shortly before the end is no rise.
    """
    if means.size < 3 or not means[0] > means[1]:
        return float(means[0])
    times = np.concatenate([[0.0], np.cumsum(durations_s)])
    sums = np.concatenate([[0.0], np.cumsum(means * durations_s)])
    slope = float(np.linalg.solve(np.vander(times[1:], 4)[:, :3], sums[1:])[-1])
    return min(max(slope, float(means[0])), 2.0 * float(means[0]) - float(means[1]))


def first_stage_end_s(
    trajectory: Trajectory, steps: Steps, vehicle: Vehicle | None
) -> tuple[float, str]:
    """Until when the first stage can be burning, and what says so.

    The earliest of: an event that ends it; a segment that names a later stage;
    the first coast; the end of the file.

    Returns
    -------
    (seconds, str)
    """
    first = "" if vehicle is None else vehicle.stages[0].name.lower()
    later = () if vehicle is None else tuple(stage.name.lower() for stage in vehicle.stages[1:])
    ends = {f"{first} cutoff", f"{first} separation"} if first else set()
    t = trajectory.t_s
    found = [(float(t[-1]), "the end of the file")]
    found += [(coast.start_s, "the first coast") for coast in steps.coasts[:1]]
    found += [(e.t_s, f'the event "{e.name}"') for e in trajectory.events if e.name.lower() in ends]
    found += [
        (float(t[start]), f'the segment "{name}"')
        for name, start, _ in trajectory.segments
        if any(stage in name.lower() for stage in later)
    ]
    return min(found)
