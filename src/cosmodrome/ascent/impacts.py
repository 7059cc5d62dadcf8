"""Where a part that leaves comes down, as rows of the leg that ends with its release.

The fall is a branch of the problem without unknowns of its own: the impact is a
function of the state at release, see `mission.nouns.ImpactRow`.
"""

from __future__ import annotations

from typing import Any

from cosmodrome.ascent import equations as eq
from cosmodrome.ascent.legs import LegSpec
from cosmodrome.flight.impact import vacuum_impact
from cosmodrome.mission.nouns import Environment, ImpactRow, Mission
from cosmodrome.ocp import Point
from cosmodrome.world import earth, maths

__all__ = ["N_NUMBERS", "impact_rows", "numbers_of", "released", "rows_at", "vacuum_ground"]

N_NUMBERS = 11
"""Numbers of one row: normal, weights, least."""

# Rows are in hundreds of kilometres.
_SCALE_M = 1e5


def released(legs: tuple[LegSpec, ...], part: str) -> int | None:
    """The leg at whose end a part leaves; None if no leg ends so.

    Parameters
    ----------
    legs : tuple of LegSpec
    part : str, name of a stage or strap-on group, or "fairing"; any case
    """
    wanted = (f"{part} separation".lower(), f"{part} jettison".lower())
    for k, leg in enumerate(legs[1:]):
        if any(event.lower() in wanted for event in leg.events):
            return k
    return None


def impact_rows(mission: Mission, legs: tuple[LegSpec, ...], k: int) -> tuple[ImpactRow, ...]:
    """The rows that hold at the end of a leg; none at the end of a coast in orbit."""
    if legs[k].kind == "orbit":
        return ()
    return tuple(row for row in mission.limits.impacts if released(legs, row.part) == k)


def numbers_of(rows: tuple[ImpactRow, ...]) -> list[float]:
    """What a leg is given for its rows."""
    return [value for row in rows for value in (*row.normal, *row.weights, row.least)]


def vacuum_ground(
    r_m: Any, v_m_s: Any, t_s: Any, radius_m: Any, environment: Environment
) -> tuple[Any, Any]:
    """Impact of a fall in vacuum on the turning Earth, and when.

    Parameters
    ----------
    r_m, v_m_s : vectors, inertial at lift-off
    t_s : scalar, after lift-off
    radius_m : scalar, of the sphere it falls onto

    Returns
    -------
    (vector, scalar)
        Metres, in axes that turn with the Earth and are the inertial ones at
        lift-off; seconds of fall.
    """
    place, fall = vacuum_impact(r_m, v_m_s, environment.mu_m3_s2, radius_m)
    return earth.rotate_z(place, -environment.rotation_rad_s * (t_s + fall)), fall


def rows_at(point: Point, count: int, environment: Environment) -> list[Any]:
    """The rows of a leg at its end, each at least 0."""
    r, v, own = point.x[:3], point.x[3:6], point.own
    t = own[-eq.OWN_TAIL] + point.t
    ground, _ = vacuum_ground(r, v, t, point.p[eq.P.at("impact_radius")], environment)
    first = -eq.OWN_TAIL - N_NUMBERS * count
    found = []
    for k in range(count):
        at = first + N_NUMBERS * k
        moved = maths.dot(own[at + 3 : at + 6], r) + maths.dot(own[at + 6 : at + 9], v)
        reached = maths.dot(own[at : at + 3], ground) + moved + own[at + 9] * t
        found.append((reached - own[at + 10]) / _SCALE_M)
    return found
