"""Planes that a pad reaches: its latitude, and the least inclination without a dogleg."""

from __future__ import annotations

from dataclasses import replace
from math import atan2, cos, hypot, pi, sin, sqrt

from cosmodrome.mission.nouns import Mission, Target
from cosmodrome.world import earth

__all__ = ["pad_speed", "relative_to_pad", "resolved_target", "site_latitude"]


def site_latitude(mission: Mission) -> float:
    """Geocentric latitude of the pad, radians; what decides the inclinations."""
    environment, site = mission.environment, mission.site
    a, f = environment.equatorial_radius_m, environment.flattening
    return float(earth.geocentric_latitude(site.latitude_rad, site.altitude_m, a, f))


def resolved_target(mission: Mission) -> Target:
    """The target with its inclination known: the least one without a dogleg if free."""
    target = mission.target
    if target.inclination_rad is not None or target.kind == "escape":
        return target
    latitude = abs(site_latitude(mission))
    least = latitude
    if mission.limits.azimuths_rad:
        least = min(_least_inclination(mission, pair) for pair in mission.limits.azimuths_rad)
    # A hundredth of a degree above the edge, where the set of ascents is not a point.
    return replace(target, inclination_rad=max(least, latitude) + 3.5e-4)


def _least_inclination(mission: Mission, corridor: tuple[float, float]) -> float:
    """Least inclination whose direct launch lies in a corridor."""
    latitude = site_latitude(mission)
    start, width = corridor[0], (corridor[1] - corridor[0]) % (2.0 * pi) or 2.0 * pi
    best = pi
    for k in range(721):
        azimuth = start + width * k / 720.0
        east = 7800.0 * sin(azimuth) + pad_speed(mission)
        inertial = atan2(east, 7800.0 * cos(azimuth))
        best = min(
            best,
            abs(
                atan2(
                    sqrt(max(1.0 - (cos(latitude) * sin(inertial)) ** 2, 0.0)),
                    cos(latitude) * sin(inertial),
                )
            ),
        )
    return best


def pad_speed(mission: Mission) -> float:
    """Eastward speed that the turning Earth gives a launcher, m/s."""
    environment = mission.environment
    return (
        environment.rotation_rad_s * environment.equatorial_radius_m * cos(site_latitude(mission))
    )


def relative_to_pad(mission: Mission, inertial: float, speed: float) -> tuple[float, float]:
    """Azimuth and speed relative to the pad for an inertial direction and speed."""
    east = speed * sin(inertial) - pad_speed(mission)
    north = speed * cos(inertial)
    return atan2(east, north) % (2.0 * pi), hypot(east, north)
