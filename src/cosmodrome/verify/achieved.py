"""The orbit that was reached, in the words of the contract's `achieved`."""

from __future__ import annotations

from math import degrees, isfinite
from typing import Any

import numpy as np

from cosmodrome.orbit.elements import (
    Elements,
    asymptote_declination,
    delta_v_to_geo,
    state_from_elements,
)
from cosmodrome.verify.target_miss import Reached
from cosmodrome.world import earth
from cosmodrome.world.environment import Environment

__all__ = ["achieved_orbit"]


def achieved_orbit(
    reached: Reached, environment: Environment, frame: str, *, to_geo: bool = False
) -> dict[str, Any]:
    """The orbit of a state as a plain document, altitudes above the equatorial radius.

    Parameters
    ----------
    reached : Reached
    environment : Environment
    frame : str, what the elements are referred to, in words
    to_geo : bool, also the delta-v left to geostationary orbit

    Returns
    -------
    dict
        Keys of the contract's `achieved`; None where an open orbit has no value.
    """
    osculating, mean = reached.osculating, reached.mean
    radius, mu = environment.equatorial_radius_m, environment.mu_m3_s2
    found = _elements(osculating, radius)
    found["mean"] = None if mean is None else _elements(mean, radius)
    found["geodetic_perigee_km"] = _geodetic_perigee_km(osculating, environment)
    found["frame"] = frame
    found["delta_v_to_geo_m_s"] = None
    closed = float(osculating.eccentricity) < 1.0
    if closed and to_geo:
        radii = float(osculating.perigee_radius_m), float(osculating.apogee_radius_m)
        left = delta_v_to_geo(*radii, float(osculating.inclination_rad), mu)
        found["delta_v_to_geo_m_s"] = float(left)
    if not closed:
        r, v = reached.r_m, reached.v_m_s
        found["c3_km2_s2"] = float(v @ v - 2.0 * mu / np.linalg.norm(r)) / 1e6
        found["dla_deg"] = degrees(float(asymptote_declination(r, v, mu)))
    return found


def _elements(elements: Elements, radius_m: float) -> dict[str, Any]:
    apogee = float(elements.apogee_radius_m - radius_m) / 1e3
    return {
        "perigee_km": float(elements.perigee_radius_m - radius_m) / 1e3,
        "apogee_km": apogee if isfinite(apogee) else None,
        "inclination_deg": degrees(float(elements.inclination_rad)),
        "raan_deg": degrees(float(elements.raan_rad)),
        "argp_deg": degrees(float(elements.argp_rad)),
        "eccentricity": float(elements.eccentricity),
    }


def _geodetic_perigee_km(elements: Elements, environment: Environment) -> float:
    angles = (elements.inclination_rad, elements.raan_rad, elements.argp_rad, 0.0)
    at = Elements(elements.semi_latus_rectum_m, elements.eccentricity, *angles)
    r, _ = state_from_elements(at, environment.mu_m3_s2)
    altitude = earth.geodetic_altitude(r, environment.equatorial_radius_m, environment.flattening)
    return float(altitude) / 1e3
