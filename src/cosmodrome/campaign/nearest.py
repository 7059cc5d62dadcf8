"""What to say when it cannot be done: how far short, and what nearly works."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import degrees, log, radians

from cosmodrome.ascent.attempt import Attempt, Workshop
from cosmodrome.ascent.starts import site_latitude, starts
from cosmodrome.campaign.below import Descent, needs_leading
from cosmodrome.mission.nouns import Mission, Target

__all__ = ["Nearby", "Shortfall", "nearest", "one_burn_only"]


@dataclass(frozen=True, slots=True)
class Nearby:
    """A change that works and the payload it then carries."""

    change: str
    target: str
    payload_kg: float


@dataclass(frozen=True, slots=True)
class Shortfall:
    """How far short the best ascent falls.

    Parameters
    ----------
    delta_v_m_s : float, missing ideal velocity of the last stage
    payload_kg : float, missing payload
    best_kg : float, largest payload; negative if even the empty stack falls short
    nearby : tuple of Nearby
    reason : str, why, where it is not a matter of metres per second
    """

    delta_v_m_s: float | None
    payload_kg: float | None
    best_kg: float
    nearby: tuple[Nearby, ...]
    reason: str = ""


def nearest(
    workshop: Workshop,
    mission: Mission,
    best: Attempt | None,
    descent: Descent | None = None,
    wanted_kg: float = 0.0,
) -> Shortfall:
    """Shortfall of the best ascent and the nearest targets that work.

    Parameters
    ----------
    workshop : Workshop
    mission : Mission, asking for the largest payload
    best : Attempt or None, its optimum below `wanted_kg`; None where it was not found
    descent : Descent or None, where flights were led below the latitude
    wanted_kg : float

    Returns
    -------
    Shortfall
        Without figures where `best` is None: the reason then says what is known.
    """
    found = [
        one
        for change, target in _neighbours(mission)
        if (one := _tried(workshop, mission, change, target, wanted_kg)) is not None
    ]
    reason = ""
    if descent is not None and descent.lowest_kg > wanted_kg:
        found.insert(0, _lowest(mission, descent))
    if best is None:
        assert descent is not None
        latitude = abs(degrees(site_latitude(mission)))
        reason = (
            f"below the site's latitude of {latitude:.1f} deg it takes a dogleg, and the last "
            f"flight that carries enough on the way there has {descent.lowest_deg:.1f} deg"
        )
        return Shortfall(None, None, 0.0, tuple(found), reason)
    if best.worth > 0.0:
        found.append(Nearby("lower payload", mission.target.text, best.worth))
    stage = mission.vehicle.stages[-1]
    final = best.solution.phases[-1].end[6]
    missing = max(wanted_kg - best.worth, 0.0)
    isp = 0.0 if stage.motor is None else stage.motor.isp_vac_s
    delta_v = isp * mission.environment.g0_m_s2 * log((final + missing) / final)
    return Shortfall(delta_v, missing, best.worth, tuple(found))


def _lowest(mission: Mission, descent: Descent) -> Nearby:
    """The lowest inclination within reach, for a prograde orbit; the highest for a retrograde."""
    easier = replace(mission.target, inclination_rad=radians(descent.lowest_deg))
    text = _named(easier, mission.environment.equatorial_radius_m).text
    prograde = descent.lowest_deg < 90.0
    return Nearby(
        f"{'lowest' if prograde else 'highest'} inclination within reach", text, descent.lowest_kg
    )


def one_burn_only(workshop: Workshop, mission: Mission) -> Shortfall:
    """Why one burn cannot place a perigee over the equator, and what it can do instead."""
    latitude = abs(degrees(site_latitude(mission)))
    reason = (
        f"the last stage of {mission.vehicle.name} is lit only once, and one burn from "
        f"latitude {latitude:.1f} deg cannot put the perigee over the equator"
    )
    free = _named(replace(mission.target, argp_rad=()), mission.environment.equatorial_radius_m)
    found = _tried(workshop, mission, "argument of perigee", free, 0.0)
    return Shortfall(None, None, 0.0, () if found is None else (found,), reason)


def _neighbours(mission: Mission) -> list[tuple[str, Target]]:
    target, radius = mission.target, mission.environment.equatorial_radius_m
    found: list[tuple[str, Target]] = []
    least = abs(site_latitude(mission)) + 3.5e-4
    if target.inclination_rad is not None and target.inclination_rad < least - 1e-6:
        easier = replace(target, inclination_rad=least)
        found.append(("inclination", _named(easier, radius)))
    if target.kind == "circular" and not needs_leading(mission):
        for share in (0.75, 0.5, 0.25):
            altitude = share * (target.perigee_radius_m - radius)
            if altitude >= 180e3:
                r = radius + altitude
                lower = replace(target, perigee_radius_m=r, apogee_radius_m=r)
                found.append(("altitude", _named(lower, radius)))
    return found


def _named(target: Target, radius: float) -> Target:
    altitude = (target.perigee_radius_m - radius) / 1e3
    shape = f"{altitude:.0f} km"
    if target.kind == "elliptic" and target.apogee_radius_m is not None:
        shape = f"{altitude:.0f}x{(target.apogee_radius_m - radius) / 1e3:.0f} km"
    tilt = "" if target.inclination_rad is None else f" {degrees(target.inclination_rad):.2f} deg"
    return replace(target, text=shape + tilt)


def _tried(
    workshop: Workshop, mission: Mission, change: str, target: Target, wanted_kg: float
) -> Nearby | None:
    other = replace(mission, target=target)
    worth = [
        one.worth
        for start in starts(other)[:2]
        if (one := workshop.attempt(other, start)).solution.status == "solved"
    ]
    if not worth or max(worth) <= max(wanted_kg, 0.0):
        return None
    return Nearby(change, target.text, max(worth))
