"""What a re-flight looked like: a table over time, events, the loss budget."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import pi

import numpy as np
from numpy.typing import NDArray

from cosmodrome.flight import forces
from cosmodrome.mission.nouns import Mission
from cosmodrome.verify.fly import Flight, Flown
from cosmodrome.world import earth

__all__ = ["EventRecord", "Losses", "Record", "events", "losses", "record"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Record:
    """The re-flown trajectory, one entry per sample, SI units.

    All arrays have shape (n,), vectors (n, 3), in the inertial frame at
    lift-off. `pitch_rad` is the thrust axis above the local horizontal,
    `alpha_rad` its angle to the air-relative velocity, `course_rad` the bearing
    of the vacuum impact point from the pad (NaN where there is none).
    """

    t_s: Array
    leg: NDArray[np.int64]
    r_m: Array
    v_m_s: Array
    mass_kg: Array
    axis: Array
    altitude_m: Array
    latitude_rad: Array
    longitude_rad: Array
    downrange_m: Array
    speed_m_s: Array
    inertial_speed_m_s: Array
    flight_path_angle_rad: Array
    q_pa: Array
    acceleration_m_s2: Array
    pitch_rad: Array
    alpha_rad: Array
    throttle: Array
    thrust_n: Array
    vacuum_thrust_n: Array
    drag_n: Array
    heating_w_m2: Array
    mach: Array


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An event of the flight and the sample of the record at which it happens."""

    name: str
    index: int


@dataclass(frozen=True, slots=True)
class Losses:
    """Where the velocity went, m/s: ideal less the losses is the gain in inertial speed.

    `closure_m_s` is what is left over, from the quadrature alone.
    """

    ideal_m_s: float
    gravity_m_s: float
    drag_m_s: float
    steering_m_s: float
    back_pressure_m_s: float
    gained_m_s: float
    closure_m_s: float


def record(mission: Mission, flight: Flight) -> Record:
    """Everything the doors show, from a re-flight.

    Parameters
    ----------
    mission : Mission
    flight : Flight

    Returns
    -------
    Record
    """
    parts = [_leg_record(mission, flight, k, one) for k, one in enumerate(flight.legs)]
    joined = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts])
        for field in fields(Record)
    }
    return Record(**joined)


def _leg_record(mission: Mission, flight: Flight, k: int, one: Flown) -> Record:
    environment, vehicle = mission.environment, mission.vehicle
    r, v, mass = one.y[:, :3], one.y[:, 3:6], one.y[:, 6]
    drag = forces.drag_law(vehicle.aerodynamics.drag_table)
    air = forces.conditions(r, v, environment, vehicle.aerodynamics.area_m2, drag)
    turned = environment.rotation_rad_s * one.t_s + flight.meridian_rad
    fixed = earth.rotate_z(r, -turned)
    a, f = environment.equatorial_radius_m, environment.flattening
    latitude, east, altitude = earth.geodetic(fixed, a, f)
    longitude = (east + mission.site.longitude_rad + pi) % (2.0 * pi) - pi
    site = mission.site
    downrange = earth.great_circle_distance(
        site.latitude_rad, site.longitude_rad, latitude, longitude, a
    )
    up = r / np.linalg.norm(r, axis=1, keepdims=True)
    speed = np.linalg.norm(air.velocity_m_s, axis=1)
    climb = np.einsum("ij,ij->i", air.velocity_m_s, up)
    cosine = np.einsum("ij,ij->i", air.velocity_m_s, one.axis) / np.maximum(speed, 1e-9)
    alight = one.vacuum_thrust_n > 0.0
    return Record(
        t_s=one.t_s,
        leg=np.full(len(one.t_s), k, dtype=np.int64),
        r_m=r,
        v_m_s=v,
        mass_kg=mass,
        axis=one.axis,
        altitude_m=altitude,
        latitude_rad=latitude,
        longitude_rad=longitude,
        downrange_m=downrange,
        speed_m_s=speed,
        inertial_speed_m_s=np.linalg.norm(v, axis=1),
        flight_path_angle_rad=np.arcsin(np.clip(climb / np.maximum(speed, 1e-3), -1.0, 1.0)),
        q_pa=air.q_pa,
        acceleration_m_s2=(one.thrust_n - air.drag_n) / mass,
        pitch_rad=np.arcsin(np.clip(np.einsum("ij,ij->i", one.axis, up), -1.0, 1.0)),
        alpha_rad=np.where(alight & (speed > 1.0), np.arccos(np.clip(cosine, -1.0, 1.0)), 0.0),
        throttle=np.where(alight, one.throttle, 0.0),
        thrust_n=one.thrust_n,
        vacuum_thrust_n=one.vacuum_thrust_n,
        drag_n=air.drag_n,
        heating_w_m2=forces.heating(air),
        mach=air.mach,
    )


def events(flight: Flight, flown: Record) -> tuple[EventRecord, ...]:
    """Events in time order, repeated names numbered.

    A cut-off comes at the last sample of its leg, everything else at the first
    sample of the leg it begins.
    """
    found: list[EventRecord] = []
    start = 0
    for k, one in enumerate(flight.legs):
        for name in one.leg.events:
            ends = name.endswith("cutoff") and k > 0
            found.append(EventRecord(name.lower(), start - 1 if ends else start))
        start += len(one.t_s)
    peak = int(np.argmax(flown.q_pa))
    found.append(EventRecord("max_q", peak))
    found.append(EventRecord("insertion", start - 1))
    found.sort(key=lambda event: (flown.t_s[event.index], event.index))
    return tuple(_numbered(found))


def _numbered(found: list[EventRecord]) -> list[EventRecord]:
    seen: dict[str, int] = {}
    named = []
    for event in found:
        seen[event.name] = seen.get(event.name, 0) + 1
        again = seen[event.name]
        name = event.name if again == 1 else f"{event.name} {again}"
        named.append(EventRecord(name, event.index))
    return named


def losses(mission: Mission, flight: Flight, flown: Record) -> Losses:
    """The loss budget, by quadrature over the re-flight.

    Each term is the part of the acceleration along the inertial velocity, so
    that ideal - gravity - drag - steering - back pressure = gain, term by term.

    Accuracy
    --------
    Simpson's rule on the samples of each smooth piece; closes to 0.1 m/s.
    """
    environment = mission.environment
    speed = np.maximum(flown.inertial_speed_m_s, 1e-9)
    along = flown.v_m_s / speed[:, None]
    pull = earth.gravity(
        flown.r_m, environment.mu_m3_s2, environment.gravity_radius_m, environment.zonals
    )
    ideal = flown.vacuum_thrust_n / flown.mass_kg
    delivered = flown.thrust_n / flown.mass_kg
    cosine = np.einsum("ij,ij->i", flown.axis, along)
    wind = flown.r_m @ _spin(environment.rotation_rad_s)
    through = flown.v_m_s - wind
    brake = flown.drag_n / flown.mass_kg / np.maximum(flown.speed_m_s, 1e-3)
    parts = {
        "ideal": ideal,
        "gravity": -np.einsum("ij,ij->i", pull, along),
        "drag": brake * np.einsum("ij,ij->i", through, along),
        "steering": delivered * (1.0 - cosine),
        "back": ideal - delivered,
    }
    total = {name: _integral(flight, flown.t_s, values) for name, values in parts.items()}
    gained = float(flown.inertial_speed_m_s[-1] - flown.inertial_speed_m_s[0])
    left = total["ideal"] - sum(total[n] for n in ("gravity", "drag", "steering", "back"))
    return Losses(
        total["ideal"],
        total["gravity"],
        total["drag"],
        total["steering"],
        total["back"],
        gained,
        left - gained,
    )


def _spin(rate: float) -> Array:
    """Matrix M with r @ M = omega x r."""
    return np.array([[0.0, rate, 0.0], [-rate, 0.0, 0.0], [0.0, 0.0, 0.0]])


def _integral(flight: Flight, t: Array, values: Array) -> float:
    """Simpson's rule over the evenly sampled pieces of every leg."""
    total, start = 0.0, 0
    for one in flight.legs:
        n = len(one.t_s)
        x, y = t[start : start + n], values[start : start + n]
        start += n
        for k in range(0, n - 2, 2):
            total += float((x[k + 2] - x[k]) / 6.0 * (y[k] + 4.0 * y[k + 1] + y[k + 2]))
    return total
