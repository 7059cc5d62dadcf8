"""Sun-synchronous inclination, the Sun's right ascension, local time at a node."""

from __future__ import annotations

import math
from typing import Literal

from cosmodrome.errors import InputError
from cosmodrome.world.epoch import EarthOrientation, Epoch, earth_orientation

__all__ = [
    "TROPICAL_YEAR_S",
    "apparent_sun_right_ascension",
    "local_time_at_node",
    "mean_sun_right_ascension",
    "raan_for_local_time",
    "sun_synchronous_inclination",
]

TROPICAL_YEAR_S = 365.242190 * 86400.0  # [Astronomical Almanac], 2000.0

Node = Literal["ascending", "descending"]
Sun = Literal["mean", "apparent"]


def sun_synchronous_inclination(
    semi_major_axis_m: float,
    eccentricity: float,
    mu_m3_s2: float,
    radius_m: float,
    j2: float,
) -> float:
    """Mean inclination at which the node keeps pace with the mean Sun.

    The node is counted from the moving equinox of date, so the mean Sun goes
    round it in one tropical year; the node moves at the first-order secular
    rate of J2 alone.

    Parameters
    ----------
    semi_major_axis_m, eccentricity : float, mean elements, metres
    mu_m3_s2, radius_m, j2 : float, the gravity field

    Returns
    -------
    float, radians, between 90 and 180 deg

    Raises
    ------
    InputError
        If the orbit is so high that no inclination turns the node fast enough.

    Accuracy
    --------
    J2 squared and J4, left out, change the node's rate by about 0.1 %, the
    inclination by about 0.01 deg.

    References
    ----------
    Vallado, Fundamentals of Astrodynamics and Applications, section 11.4.1.
    """
    p = semi_major_axis_m * (1.0 - eccentricity**2)
    motion = math.sqrt(mu_m3_s2 / semi_major_axis_m**3)
    rate_over_cosine = -1.5 * motion * j2 * (radius_m / p) ** 2
    cosine = 2.0 * math.pi / TROPICAL_YEAR_S / rate_over_cosine
    if not -1.0 <= cosine < 0.0:
        # The circular orbit on which even an equatorial retrograde node is just fast enough.
        cap = (1.5 * j2 * radius_m**2 * math.sqrt(mu_m3_s2) * TROPICAL_YEAR_S / 2.0 / math.pi) ** (
            2.0 / 7.0
        )
        raise InputError(
            "no inclination makes this orbit sun-synchronous: it is too high, the highest "
            f"circular one is {(cap - radius_m) / 1e3:.0f} km",
            key="orbit",
            value=semi_major_axis_m,
            allowed=f"a circular orbit below {(cap - radius_m) / 1e3:.0f} km",
        )
    return math.acos(cosine)


def mean_sun_right_ascension(epoch: Epoch, orientation: EarthOrientation | None = None) -> float:
    """Right ascension of the mean Sun from the true equinox of date, radians, [0, 2 pi).

    Mean solar time at Greenwich is UT1 by definition, so the mean Sun stands
    12 h - UT1 east of Greenwich; exact but for UT1 itself.
    """
    from cosmodrome.world.frames import apparent_sidereal_angle_rad

    data = earth_orientation() if orientation is None else orientation
    ut1_s = epoch.tai_s + float(data.ut1_minus_tai_s(epoch))
    greenwich = apparent_sidereal_angle_rad(epoch, data)
    return float((greenwich + math.pi - 2.0 * math.pi * ut1_s / 86400.0) % (2.0 * math.pi))


def apparent_sun_right_ascension(epoch: Epoch) -> float:
    """Apparent right ascension of the Sun from the true equinox of date, radians, [0, 2 pi).

    Seen from the Earth's centre, aberration included.

    Accuracy
    --------
    About 0.1" (the analytic ephemeris of SOFA's epv00 errs by 0.01").
    """
    import erfa
    import numpy as np

    from cosmodrome.world.frames import rotation

    heliocentric, barycentric = erfa.epv00(*epoch.tt_jd)
    to_sun = -np.asarray(heliocentric["p"])
    to_sun = to_sun / np.linalg.norm(to_sun)
    speed = np.asarray(barycentric["v"]) * (erfa.DAU / erfa.DAYSEC / erfa.CMPS)
    # First order in v/c: the second adds 1 mas.
    seen = to_sun + speed
    x, y, _ = rotation("GCRF", "TOD", epoch) @ seen
    return math.atan2(y, x) % (2.0 * math.pi)


def _sun_right_ascension(epoch: Epoch, sun: Sun, orientation: EarthOrientation | None) -> float:
    if sun == "mean":
        return mean_sun_right_ascension(epoch, orientation)
    if sun == "apparent":
        return apparent_sun_right_ascension(epoch)
    raise InputError("unknown Sun", key="sun", value=sun, allowed="mean, apparent")


def _node_ahead(node: Node) -> float:
    if node not in ("ascending", "descending"):
        raise InputError("unknown node", key="node", value=node, allowed="ascending, descending")
    return 0.0 if node == "ascending" else math.pi


def local_time_at_node(
    raan_rad: float,
    epoch: Epoch,
    *,
    node: Node = "ascending",
    sun: Sun = "mean",
    orientation: EarthOrientation | None = None,
) -> float:
    """Local solar time where the orbit crosses the equator, hours in [0, 24).

    Holds for every inclination: the ascending node is where the orbit goes
    north, prograde or retrograde. On an equatorial orbit the node is a
    convention (`Elements`) and so is the local time.

    Parameters
    ----------
    raan_rad : float, of the ascending node from the true equinox of date
    epoch : Epoch, of the node crossing
    node : "ascending" (LTAN) or "descending" (LTDN)
    sun : "mean" or "apparent"; they differ by up to 16.5 minutes
    orientation : EarthOrientation or None, the shipped one by default
    """
    angle = raan_rad + _node_ahead(node) - _sun_right_ascension(epoch, sun, orientation)
    hours = (12.0 + angle * 12.0 / math.pi) % 24.0
    return 0.0 if hours >= 24.0 else hours


def raan_for_local_time(
    hours: float,
    epoch: Epoch,
    *,
    node: Node = "ascending",
    sun: Sun = "mean",
    orientation: EarthOrientation | None = None,
) -> float:
    """Right ascension of the ascending node that has this local time, radians, [0, 2 pi).

    The inverse of `local_time_at_node`, with the same parameters.
    """
    angle = (hours - 12.0) * math.pi / 12.0 - _node_ahead(node)
    raan = (angle + _sun_right_ascension(epoch, sun, orientation)) % (2.0 * math.pi)
    return 0.0 if raan >= 2.0 * math.pi else raan
