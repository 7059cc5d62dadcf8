"""What an instrument sees of the ground: swath, viewing angles, ground sampling.

The ground is a sphere; the ellipsoid changes swaths by up to 0.4 %.
"""

from __future__ import annotations

import math
from typing import Final

from cosmodrome.errors import InputError
from cosmodrome.world.environment import Environment

__all__ = [
    "edge_elevation_rad",
    "ground_sample_m",
    "half_angle_rad",
    "horizon_half_angle_rad",
    "swath_m",
]

EARTH_RADIUS_M: Final = Environment().equatorial_radius_m


def horizon_half_angle_rad(altitude_m: float, earth_radius_m: float = EARTH_RADIUS_M) -> float:
    """Angle off nadir at which the line of sight touches the ground."""
    if not altitude_m > 0.0:
        raise InputError(
            "an altitude must be positive", key="altitude", value=altitude_m, allowed="above 0"
        )
    return math.asin(earth_radius_m / (earth_radius_m + altitude_m))


def edge_elevation_rad(
    altitude_m: float, half_angle: float, earth_radius_m: float = EARTH_RADIUS_M
) -> float:
    """Elevation of the satellite seen from where the line of sight off nadir meets the ground.

    Raises
    ------
    InputError
        If the line of sight misses the Earth.
    """
    limit = horizon_half_angle_rad(altitude_m, earth_radius_m)
    if not 0.0 <= half_angle <= limit:
        raise InputError(
            "this line of sight does not meet the ground",
            key="half_angle",
            value=math.degrees(half_angle),
            allowed=f"0 to {math.degrees(limit):.2f} deg",
        )
    return math.acos(min(1.0, math.sin(half_angle) / math.sin(limit)))


def swath_m(altitude_m: float, half_angle: float, earth_radius_m: float = EARTH_RADIUS_M) -> float:
    """Width on the ground of what is seen up to an angle off nadir on both sides, metres.

    Parameters
    ----------
    altitude_m : float
    half_angle : float, radians off nadir
    earth_radius_m : float

    Raises
    ------
    InputError
        If the line of sight misses the Earth.

    References
    ----------
    Wertz & Larson, Space Mission Analysis and Design, section 5.2.
    """
    edge = edge_elevation_rad(altitude_m, half_angle, earth_radius_m)
    return 2.0 * earth_radius_m * max(0.5 * math.pi - edge - half_angle, 0.0)


def half_angle_rad(
    altitude_m: float, swath: float, earth_radius_m: float = EARTH_RADIUS_M
) -> float:
    """The inverse of `swath_m`: the angle off nadir of a swath's edge.

    Raises
    ------
    InputError
        If the swath reaches beyond the horizon.
    """
    limit = horizon_half_angle_rad(altitude_m, earth_radius_m)
    widest = 2.0 * earth_radius_m * (0.5 * math.pi - limit)
    if not 0.0 <= swath <= widest:
        raise InputError(
            "this swath reaches beyond the horizon",
            key="swath",
            value=swath,
            allowed=f"0 to {widest / 1e3:.0f} km",
        )
    angle = 0.5 * swath / earth_radius_m
    high = 1.0 + altitude_m / earth_radius_m
    return math.atan2(math.sin(angle), high - math.cos(angle))


def ground_sample_m(
    altitude_m: float,
    pixel_rad: float,
    off_nadir_rad: float = 0.0,
    earth_radius_m: float = EARTH_RADIUS_M,
) -> tuple[float, float]:
    """Size of a pixel on the ground, metres: along the line of sight's tilt, and across it.

    Parameters
    ----------
    altitude_m : float
    pixel_rad : float, angle of a pixel: its size over the focal length
    off_nadir_rad : float
    earth_radius_m : float

    Raises
    ------
    InputError
        If the line of sight misses the Earth.
    """
    edge = edge_elevation_rad(altitude_m, off_nadir_rad, earth_radius_m)
    angle = 0.5 * math.pi - edge - off_nadir_rad
    high = earth_radius_m + altitude_m
    slant = math.sqrt(high**2 + earth_radius_m**2 - 2.0 * high * earth_radius_m * math.cos(angle))
    if edge <= 0.0:
        raise InputError(
            "the line of sight only grazes the ground",
            key="off_nadir",
            value=math.degrees(off_nadir_rad),
            allowed="less",
        )
    return slant * pixel_rad / math.sin(edge), slant * pixel_rad
