"""How far a state is from the orbit it was to be on: one measure for every flight."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import CosmodromeError
from cosmodrome.mission.nouns import Target
from cosmodrome.orbit.elements import Elements, asymptote_declination, elements_from_state
from cosmodrome.orbit.mean import circular_osculating, mean_elements
from cosmodrome.world.environment import Environment

__all__ = ["Reached", "reached_orbit", "target_miss"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """A state, and the orbit it is on.

    Parameters
    ----------
    r_m, v_m_s : arrays, shape (3,), inertial, third axis along the true pole
    osculating : Elements
    mean : Elements or None, first-order J2; None on an open orbit and deep below the ground
    """

    r_m: Array
    v_m_s: Array
    osculating: Elements
    mean: Elements | None


def reached_orbit(r_m: Array, v_m_s: Array, environment: Environment) -> Reached:
    """The orbit of a state, osculating and mean.

    Parameters
    ----------
    r_m, v_m_s : arrays, shape (3,), inertial, third axis along the true pole
    environment : Environment

    Returns
    -------
    Reached
    """
    osculating = elements_from_state(r_m, v_m_s, environment.mu_m3_s2)
    mean = None
    if float(osculating.eccentricity) < 1.0:
        j2 = environment.zonals[0] if environment.zonals else 0.0
        try:
            mean = mean_elements(r_m, v_m_s, environment.mu_m3_s2, environment.gravity_radius_m, j2)
        except CosmodromeError:
            mean = None  # far below the ground the first order has no orbit left
    return Reached(r_m, v_m_s, osculating, mean)


def target_miss(
    target: Target, environment: Environment, reached: Reached
) -> tuple[float, float, dict[str, float]]:
    """Distance of a state from the nearest state on the target orbit, and errors per element.

    Parameters
    ----------
    target : Target
        What it leaves free is not judged, a free inclination included.
    environment : Environment
    reached : Reached

    Returns
    -------
    (metres, metres per second, dict)
        Errors are achieved less wanted, in the units of their names.

    Accuracy
    --------
    Exact on the target orbit; off it to first order in the errors.
    """
    r, v = reached.r_m, reached.v_m_s
    mu, osculating, mean = environment.mu_m3_s2, reached.osculating, reached.mean
    size, speed = float(np.linalg.norm(r)), float(np.linalg.norm(v))
    errors: dict[str, float] = {}
    found = mean if target.elements == "mean" and mean is not None else osculating
    radial = float(r @ v) / size
    across = sqrt(max(speed**2 - radial**2, 0.0))
    side = _out_of_plane(target, found, speed, errors)
    if target.kind == "escape":
        return _escape_miss(target, reached, mu, errors, side)
    assert target.apogee_radius_m is not None
    errors["perigee_km"] = float(found.perigee_radius_m - target.perigee_radius_m) / 1e3
    errors["apogee_km"] = float(found.apogee_radius_m - target.apogee_radius_m) / 1e3
    if target.kind == "circular":
        wanted = _circular_wanted(target, environment, r, v)
        off = abs(size - wanted[0])
        miss = sqrt((radial - wanted[1]) ** 2 + (across - wanted[2]) ** 2 + side**2)
        return off, miss, errors
    rp, ra = target.perigee_radius_m, target.apogee_radius_m
    if target.elements == "mean":
        # The mean orbit's own distances, as if it were flown two-body.
        if mean is None:
            return inf, inf, errors
        off = max(abs(errors["perigee_km"]), 0.0) * 1e3
        shift = mu * (errors["apogee_km"] * 1e3) / (2.0 * (0.5 * (rp + ra)) ** 2 * speed)
        return off, sqrt(shift**2 + side**2), errors
    near = min(max(size, rp), ra)
    total = sqrt(mu * (2.0 / near - 2.0 / (rp + ra)))
    flat = sqrt(2.0 * mu * rp * ra / (rp + ra)) / near
    upward = sqrt(max(total**2 - flat**2, 0.0)) * (1.0 if radial >= 0.0 else -1.0)
    turn = 0.0
    if target.argp_rad:
        turn = min(abs(_wrap(float(osculating.argp_rad) - w)) for w in target.argp_rad)
        errors["argp_deg"] = float(np.degrees(turn))
    e = (ra - rp) / (ra + rp)
    miss = sqrt((radial - upward) ** 2 + (across - flat) ** 2 + side**2 + (e * turn * speed) ** 2)
    return abs(size - near), miss, errors


def _out_of_plane(target: Target, found: Elements, speed: float, errors: dict[str, float]) -> float:
    """Speed out of the target's plane, by inclination and node where they are asked for."""
    side = 0.0
    if target.inclination_rad is not None:
        tilt = float(found.inclination_rad) - target.inclination_rad
        errors["inclination_deg"] = float(np.degrees(tilt))
        side = speed * abs(tilt)
    if target.raan_rad is not None:
        shift = _wrap(float(found.raan_rad) - target.raan_rad)
        errors["raan_deg"] = float(np.degrees(shift))
        side = float(np.hypot(side, speed * np.sin(found.inclination_rad) * shift))
    return side


def _circular_wanted(
    target: Target, environment: Environment, r: Array, v: Array
) -> tuple[float, float, float]:
    """Radius, radial and transverse speed of the target at this place."""
    mu = environment.mu_m3_s2
    if target.elements == "mean":
        j2 = environment.zonals[0] if environment.zonals else 0.0
        tilt = target.inclination_rad or 0.0
        wanted = circular_osculating(
            target.perigee_radius_m, tilt, r, v, mu, environment.gravity_radius_m, j2
        )
        return float(wanted[0]), float(wanted[1]), float(wanted[2])
    return target.perigee_radius_m, 0.0, sqrt(mu / target.perigee_radius_m)


def _escape_miss(
    target: Target, reached: Reached, mu: float, errors: dict[str, float], side: float
) -> tuple[float, float, dict[str, float]]:
    assert target.c3_m2_s2 is not None
    r, v = reached.r_m, reached.v_m_s
    size, speed = float(np.linalg.norm(r)), float(np.linalg.norm(v))
    wanted = sqrt(max(target.c3_m2_s2 + 2.0 * mu / size, 0.0))
    errors["c3_km2_s2"] = (speed**2 - 2.0 * mu / size - target.c3_m2_s2) / 1e6
    turn = 0.0
    if target.dla_rad is not None:
        turn = float(asymptote_declination(r, v, mu)) - target.dla_rad
        errors["dla_deg"] = float(np.degrees(turn))
    low = max(target.perigee_radius_m - 1000.0 - float(reached.osculating.perigee_radius_m), 0.0)
    return low, sqrt((speed - wanted) ** 2 + side**2 + (speed * turn) ** 2), errors


def _wrap(angle: float) -> float:
    return (angle + pi) % (2.0 * pi) - pi
