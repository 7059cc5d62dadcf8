"""Launch corridors in words: azimuths from and to, and the inclinations they lead to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import acos, cos, degrees, radians, sin, sqrt
from typing import Any

from cosmodrome.report.words import number, plain
from cosmodrome.world.environment import Environment

__all__ = ["corridor_rows", "first_latitude_deg"]

QUARTERS = (0.0, 90.0, 180.0, 270.0)
HEIGHT_M = 200e3


def corridor_rows(points: Sequence[Sequence[float]], latitude_deg: float) -> list[tuple[str, str]]:
    """Azimuths of a corridor, and the inclinations of a direct ascent through it.

    Parameters
    ----------
    points : pairs of azimuths from and to, degrees, clockwise from north
        Relative to the turning Earth, as corridors are stated.
    latitude_deg : float, of the first pad

    Returns
    -------
    list of tuple of str, "340 to 95" and "about 52 to 101"

    Accuracy
    --------
    On a sphere, for a circular orbit at 200 km whose course over ground is that
    of the corridor at the pad: within a degree. A source that states inertial
    azimuths without saying so is four degrees off near the poles.
    """
    rows = []
    for first, last in points:
        width = (last - first) % 360.0 or 360.0
        inside = [a for a in QUARTERS if (a - first) % 360.0 <= width]
        reached = [_inclination_deg(a, latitude_deg) for a in (first, last, *inside)]
        ends = f"about {number(min(reached))} to {number(max(reached))}"
        rows.append((f"{plain(first)} to {plain(last)}", ends))
    return rows


def _inclination_deg(azimuth_deg: float, latitude_deg: float) -> float:
    """Inclination of the orbit whose course over ground has an azimuth at a latitude."""
    earth, latitude, course = Environment(), radians(latitude_deg), radians(azimuth_deg)
    speed = sqrt(earth.mu_m3_s2 / (earth.equatorial_radius_m + HEIGHT_M))
    carried = earth.rotation_rad_s * earth.equatorial_radius_m * cos(latitude)
    # The speed over ground that, with what the Earth adds, makes the orbit's.
    ground = sqrt(speed**2 - (carried * cos(course)) ** 2) - carried * sin(course)
    east = (ground * sin(course) + carried) / speed
    return degrees(acos(cos(latitude) * east))


def first_latitude_deg(document: Mapping[str, Any]) -> float | None:
    """The latitude of a site's first pad, degrees; None where it has none."""
    pads = document.get("pads") or []
    return float(pads[0]["latitude_deg"]["value"]) if pads else None
