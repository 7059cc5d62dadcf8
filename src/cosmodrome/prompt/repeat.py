"""Orbits whose ground track repeats, as the plain document every door shows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cosmodrome.orbit.repeat import RepeatOrbit

__all__ = ["repeat_document"]


def repeat_document(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Orbits that come back over the same ground; the JSON of `cosmodrome repeat --json`.

    Parameters
    ----------
    asked : mapping
        `days`, `altitude_km`, `within_km`, `inclination_deg` (None: sun-synchronous),
        `circular`.

    Returns
    -------
    dict
        The nearest in height first.

    Raises
    ------
    InputError
        If there is none, or the wish cannot be used.

    Accuracy
    --------
    As `orbit.repeat.repeat_orbits`.
    """
    from cosmodrome.orbit.repeat import repeat_orbits

    tilt = asked["inclination_deg"]
    found = repeat_orbits(
        asked["days"],
        1e3 * asked["altitude_km"],
        within_m=1e3 * asked["within_km"],
        inclination_rad=None if tilt is None else math.radians(tilt),
        frozen=not asked["circular"],
    )
    rows = [_row(one) for one in found]
    return {"days": asked["days"], "altitude_km": asked["altitude_km"], "orbits": rows}


def _row(one: RepeatOrbit) -> dict[str, Any]:
    a, e = one.semi_major_axis_m, one.eccentricity
    radius = a - one.altitude_m
    return {
        "days": one.days,
        "revolutions": one.revolutions,
        "altitude_km": one.altitude_m / 1e3,
        "perigee_km": (a * (1.0 - e) - radius) / 1e3,
        "apogee_km": (a * (1.0 + e) - radius) / 1e3,
        "eccentricity": e,
        "inclination_deg": math.degrees(one.inclination_rad),
        "argp_deg": math.degrees(one.argp_rad),
        "nodal_period_s": one.nodal_period_s,
        "track_spacing_km": one.track_spacing_m / 1e3,
        "sun_synchronous": one.sun_synchronous,
    }
