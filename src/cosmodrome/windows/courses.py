"""Courses from a place on the turning Earth into a plane: two a day, one at the edge of reach.

A plane of inclination i passes over a place of geocentric latitude phi where
sin u = sin phi / sin i: once going north (ascending) and once going south. With
i over 90 deg the same formulas lead west; south of the equator u is negative.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from cosmodrome.errors import InputError

__all__ = ["Course", "Leg", "courses", "turning_azimuth"]

Leg = Literal["ascending", "descending"]

_EDGE_RAD: Final = 1e-6  # 6 m on the ground: what rounding of an inclination may leave
_FLAT_RAD: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Course:
    """How a plane passes over a place.

    Parameters
    ----------
    leg : "ascending" (northward) or "descending"
    node_from_place_rad : float, (-pi, pi]
        Right ascension of the ascending node less that of the place.
    argument_of_latitude_rad : float, of the place in the plane, [-pi/2, 3 pi/2]
    inertial_azimuth_rad : float, clockwise from north, [0, 2 pi)
    """

    leg: Leg
    node_from_place_rad: float
    argument_of_latitude_rad: float
    inertial_azimuth_rad: float


def courses(latitude_rad: float, inclination_rad: float) -> tuple[Course, ...]:
    """The ways a plane passes over a place.

    Parameters
    ----------
    latitude_rad : float, geocentric, either hemisphere
    inclination_rad : float, [0, pi]

    Returns
    -------
    tuple of Course
        Ascending, then descending. At the edge of reach, where the plane only
        touches the parallel, the two are one: it is called ascending.

    Raises
    ------
    InputError
        If the plane never passes over the place, or lies in the equator and has
        no node.

    Accuracy
    --------
    Exact on a sphere; with the geocentric latitude exact for the ellipsoid too.

    References
    ----------
    Vallado, Fundamentals of Astrodynamics and Applications, section 6.4 (launch).
    """
    if math.sin(inclination_rad) < _FLAT_RAD:
        raise InputError(
            "an equatorial orbit has no node, so no plane has to be waited for",
            key="orbit",
            value=math.degrees(inclination_rad),
            allowed="an inclined orbit; into an equatorial one a launch is possible at any time",
        )
    reach = min(inclination_rad, math.pi - inclination_rad)
    if abs(latitude_rad) > reach + _EDGE_RAD:
        least = math.degrees(abs(latitude_rad))
        raise InputError(
            f"a plane of {math.degrees(inclination_rad):.3f} deg never passes over the pad, whose "
            f"geocentric latitude is {math.degrees(latitude_rad):.3f} deg",
            key="orbit",
            value=math.degrees(inclination_rad),
            allowed=f"an inclination of {least:.3f} to {180.0 - least:.3f} deg, or the folder of a "
            "plan that flies the dogleg",
        )
    # Through the complement, which keeps its digits where the two ways meet.
    ratio = math.sin(latitude_rad) / math.sin(inclination_rad)
    rest = math.cos(2.0 * latitude_rad) - math.cos(2.0 * inclination_rad)
    if abs(ratio) >= 1.0 or rest <= 0.0:
        return (_course("ascending", math.copysign(0.5 * math.pi, latitude_rad), inclination_rad),)
    u = math.atan2(ratio, math.sqrt(0.5 * rest) / math.sin(inclination_rad))
    return (
        _course("ascending", u, inclination_rad),
        _course("descending", math.pi - u, inclination_rad),
    )


def _course(leg: Leg, u: float, inclination_rad: float) -> Course:
    east = math.atan2(math.cos(inclination_rad) * math.sin(u), math.cos(u))
    # Components of the direction of flight, both times cos(latitude).
    azimuth = math.atan2(math.cos(inclination_rad), math.sin(inclination_rad) * math.cos(u))
    return Course(leg, -east, u, azimuth % (2.0 * math.pi))


def turning_azimuth(inertial_azimuth_rad: float, speed_m_s: float, carried_m_s: float) -> float:
    """Azimuth over the turning Earth of a course that is given inertially.

    The speed that the Earth lends is taken off once: this is the heading in
    which the launcher's own velocity has to point.

    Parameters
    ----------
    inertial_azimuth_rad : float, clockwise from north
    speed_m_s : float, inertial, horizontal, at insertion
    carried_m_s : float, eastward, of the pad

    Returns
    -------
    float, radians, [0, 2 pi)

    Accuracy
    --------
    A guide to a degree: vehicles turn on the way, and programmes are stated at
    different instants.
    """
    east = speed_m_s * math.sin(inertial_azimuth_rad) - carried_m_s
    north = speed_m_s * math.cos(inertial_azimuth_rad)
    return math.atan2(east, north) % (2.0 * math.pi)
