"""What a lift-off leads to, seen from the pad: which plane, how much later, where in it.

An ascent is fixed to the turning Earth, so a flown one serves for every other
day: its node stays where it is relative to the pad's meridian at lift-off.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.mission.nouns import Environment, Site, Target
from cosmodrome.orbit.elements import Elements, elements_from_state
from cosmodrome.orbit.mean import mean_elements
from cosmodrome.windows.courses import Leg, courses, turning_azimuth
from cosmodrome.world import earth
from cosmodrome.world.epoch import EarthOrientation
from cosmodrome.world.frames import apparent_sidereal_angle_rad, rotation
from cosmodrome.world.state import Trajectory, in_frame

__all__ = ["FLIGHT_S", "LEAD_S", "SWEPT_RAD", "Climb", "direct_climbs", "flown_climb"]

FLIGHT_S: Final = 520.0
LEAD_S: Final = 260.0
SWEPT_RAD: Final = math.radians(16.0)
"""Of a direct ascent that nobody has flown: seconds to insertion, seconds by which
lift-off comes before the pad is in the plane, angle flown in the plane. The lead is
half the time under power, because what the Earth lends across the plane is taken off
evenly in velocity. Optimal plans of six vehicles from five sites lead by 236 to 323 s
where nothing hinders them, by 395 s where a corridor does, by 144 s at the edge of
reach (Vostochny to 51.7 deg)."""

_COURSE_M: Final = 100e3


@dataclass(frozen=True, slots=True)
class Climb:
    """An ascent as far as timing needs it.

    Parameters
    ----------
    leg : "ascending" or "descending", the way it leaves the pad
    node_from_pad_rad : float, (-pi, pi]
        Right ascension of the node at insertion less that of the pad at lift-off.
    flight_s : float, lift-off to insertion
    orbit : Elements, at insertion; its node is not used
    azimuth_rad : float, over the turning Earth, clockwise from north
    inertial_azimuth_rad : float, of the plane over the pad's parallel
    flown : bool, from a trajectory; else an estimate
    """

    leg: Leg
    node_from_pad_rad: float
    flight_s: float
    orbit: Elements
    azimuth_rad: float
    inertial_azimuth_rad: float
    flown: bool


def direct_climbs(
    site: Site,
    target: Target,
    environment: Environment | None = None,
    *,
    flight_s: float = FLIGHT_S,
    lead_s: float = LEAD_S,
    swept_rad: float = SWEPT_RAD,
) -> tuple[Climb, ...]:
    """Direct ascents into a target orbit, estimated.

    Parameters
    ----------
    site : Site
    target : Target, with an inclination; closed
    environment : Environment or None, the WGS-84 Earth by default
    flight_s, lead_s, swept_rad : float, as `FLIGHT_S`, `LEAD_S`, `SWEPT_RAD`

    Returns
    -------
    tuple of Climb
        Ascending and descending; one at the edge of reach.

    Raises
    ------
    InputError
        If the site does not reach the inclination, or the target has none.

    Accuracy
    --------
    The lead is good to about 140 s, and so is the lift-off. A flown plan's own
    offsets (`flown_climb`) leave nothing of that.
    """
    planet = environment or Environment()
    inclination, axis, shape = _closed(target)
    latitude = float(
        earth.geocentric_latitude(
            site.latitude_rad, site.altitude_m, planet.equatorial_radius_m, planet.flattening
        )
    )
    radius = target.perigee_radius_m
    speed = math.sqrt(planet.mu_m3_s2 * (2.0 / radius - 1.0 / axis))
    carried = planet.rotation_rad_s * planet.equatorial_radius_m * math.cos(latitude)
    found = []
    for way in courses(latitude, inclination):
        u = way.argument_of_latitude_rad + swept_rad
        # Insertion at perigee; a circle has none and counts from the node.
        perigee, anomaly = (u, 0.0) if shape > 0.0 else (0.0, u)
        orbit = Elements.keplerian(axis, shape, inclination, 0.0, perigee, anomaly)
        found.append(
            Climb(
                way.leg,
                _half(way.node_from_place_rad + planet.rotation_rad_s * lead_s),
                flight_s,
                orbit,
                turning_azimuth(way.inertial_azimuth_rad, speed, carried),
                way.inertial_azimuth_rad,
                flown=False,
            )
        )
    return tuple(found)


def _closed(target: Target) -> tuple[float, float, float]:
    """Inclination, semi-major axis and eccentricity of a closed target."""
    if target.apogee_radius_m is None or target.inclination_rad is None:
        raise InputError(
            f"launch windows need a closed orbit with an inclination, not {target.text!r}",
            key="orbit",
            value=target.text,
            allowed='as "200 km 51.6 deg" or "sso 500 km ltan 10:30"',
        )
    low, high = target.perigee_radius_m, target.apogee_radius_m
    return target.inclination_rad, 0.5 * (low + high), (high - low) / (high + low)


def flown_climb(
    trajectory: Trajectory,
    site: Site,
    environment: Environment | None = None,
    *,
    mean: bool = False,
    orientation: EarthOrientation | None = None,
) -> Climb:
    """An ascent as it was flown, from lift-off to insertion.

    Parameters
    ----------
    trajectory : Trajectory
        Its epoch is lift-off, its last state insertion.
    site : Site, it lifted off from
    environment : Environment or None, the WGS-84 Earth by default
    mean : bool
        The node and orbit by mean elements of first order in J2, as for a target
        that is stated so; by osculating ones otherwise.
    orientation : EarthOrientation or None, the shipped one by default

    Returns
    -------
    Climb

    Raises
    ------
    InputError
        If it ends on an open orbit.

    Accuracy
    --------
    That of the trajectory. Sun and Moon, which differ from day to day, move
    a plane by less than 0.1 m in ten minutes.
    """
    planet = environment or Environment()
    if trajectory.frame == "ITRF":
        trajectory = in_frame(trajectory, "GCRF", orientation)
    # Axes that stand still as the true equator and equinox stood at lift-off.
    turn = rotation(trajectory.frame, "TOD", trajectory.epoch, orientation)
    r, v = turn @ trajectory.r_m[-1], turn @ trajectory.v_m_s[-1]
    orbit = elements_from_state(r, v, planet.mu_m3_s2)
    if mean and planet.zonals and orbit.eccentricity < 1.0:
        orbit = mean_elements(r, v, planet.mu_m3_s2, planet.gravity_radius_m, planet.zonals[0])
    if orbit.eccentricity >= 1.0:
        raise InputError(
            "an escape meets no plane",
            key="orbit",
            value=float(orbit.eccentricity),
            allowed="a run that ends on a closed orbit",
        )
    meridian = apparent_sidereal_angle_rad(trajectory.epoch, orientation) + site.longitude_rad
    pad = turn @ trajectory.r_m[0]
    # Which way it left: by where it was headed when it left, not by the plane, which
    # a dogleg may put beyond the pad's parallel.
    heading = _inertial_azimuth(pad, np.cross(r, v))
    leg: Leg = "ascending" if _goes_north(trajectory, turn) else "descending"
    return Climb(
        leg,
        _half(float(orbit.raan_rad) - meridian),
        float(trajectory.t_s[-1]),
        orbit,
        _course_over_ground(trajectory, turn, planet),
        heading,
        flown=True,
    )


def _half(angle_rad: float) -> float:
    """An angle brought into [-pi, pi)."""
    return (angle_rad + math.pi) % (2.0 * math.pi) - math.pi


def _inertial_azimuth(place: np.ndarray, normal: np.ndarray) -> float:
    """Azimuth of a plane where it is nearest to a place."""
    up = place / np.linalg.norm(place)
    along = np.cross(normal, up)
    east = np.array([-up[1], up[0], 0.0]) / math.hypot(up[0], up[1])
    north = np.cross(up, east)
    return math.atan2(float(along @ east), float(along @ north)) % (2.0 * math.pi)


def _goes_north(trajectory: Trajectory, turn: np.ndarray) -> bool:
    places = trajectory.r_m @ turn.T
    height = places[:, 2] / np.linalg.norm(places, axis=1)
    angle = _flown_angle(places)
    # The first degree of the way: later a long coast may have turned back.
    k = int(np.argmax(angle >= math.radians(1.0))) or len(angle) - 1
    return bool(height[k] >= height[0])


def _flown_angle(places: np.ndarray) -> np.ndarray:
    out = places / np.linalg.norm(places, axis=1, keepdims=True)
    return np.asarray(np.arccos(np.clip(out @ out[0], -1.0, 1.0)))


def _course_over_ground(
    trajectory: Trajectory, turn: np.ndarray, environment: Environment
) -> float:
    """Bearing from the pad of the place over ground a hundred kilometres away."""
    places = trajectory.r_m @ turn.T
    fixed = earth.rotate_z(places, -environment.rotation_rad_s * trajectory.t_s)
    out = fixed / np.linalg.norm(fixed, axis=1, keepdims=True)
    pad = out[0]
    east = np.array([-pad[1], pad[0], 0.0]) / math.hypot(pad[0], pad[1])
    north = np.cross(pad, east)
    far = environment.equatorial_radius_m * np.hypot(out @ east, out @ north)
    k = int(np.argmax(far >= _COURSE_M)) or len(far) - 1
    return math.atan2(float(out[k] @ east), float(out[k] @ north)) % (2.0 * math.pi)
