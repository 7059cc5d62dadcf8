"""Ways through the last stage: how many burns, and the coasts between them."""

from __future__ import annotations

from math import acos, asin, cos, degrees, pi, sin, sqrt

from cosmodrome.ascent.legs import Coast, Route
from cosmodrome.ascent.planes import site_latitude
from cosmodrome.ascent.speeds import reach
from cosmodrome.mission.nouns import Mission, Target

__all__ = ["Through", "routes"]

Through = tuple[str, Route, float, float | None]
"""Label, route, radius where the first powered flight ends, argument of perigee."""

_PARKING_M = 185e3


def routes(mission: Mission, inertial: float, *, independent: bool) -> list[Through]:
    """Label, route, insertion radius of the first powered flight, argument of perigee."""
    target, ground = mission.target, mission.environment.equatorial_radius_m
    restart = mission.vehicle.stages[-1].burns > 1
    floor = mission.limits.coast_perigee_radius_m or ground
    halfway = 0.5 * (floor + target.perigee_radius_m)
    parking = max(min(ground + _PARKING_M, halfway), floor + 5e3)
    angles: tuple[float | None, ...] = target.argp_rad or _towards_asymptote(mission, parking)
    found: list[Through] = []
    equatorial = abs(site_latitude(mission)) < 0.18
    for argp in angles:
        # Perigee over the equator is out of reach of one burn from high latitude.
        if target.kind == "escape" and found:
            pass  # one burn towards an asymptote is one start, wherever its perigee
        elif argp is None or not len(target.argp_rad) > 1 or equatorial:
            found.append((Route().told, Route(), target.perigee_radius_m, argp))
        if not _worth_two(target, floor):
            continue
        late, early = reach(mission, parking)
        for label, coast in _coasts(mission, inertial, parking, argp, independent=independent):
            bounds = (30.0, coast, max(6500.0, 1.3 * coast))
            if target.kind != "circular" and argp is None and target.dla_rad is None:
                # With the perigee free its place along the orbit is worth nothing:
                # a free coast would leave the optimiser a flat direction.
                bounds = (coast, coast, coast)
            ways = [Route((Coast(bounds, 1.0),), late=True)] if late else []
            ways += [Route((Coast(bounds),))] if early and restart else []
            found += [(f"{route.told}, {label}", route, parking, argp) for route in ways]
    return found


def _towards_asymptote(mission: Mission, parking: float) -> tuple[float | None, ...]:
    """Arguments of perigee from which an escape leaves along a given declination."""
    target = mission.target
    if target.kind != "escape" or target.dla_rad is None:
        return (None,)
    tilt = target.inclination_rad or abs(site_latitude(mission))
    tilt = max(tilt, abs(target.dla_rad) + 1e-6, abs(site_latitude(mission)))
    e = 1.0 + parking * (target.c3_m2_s2 or 0.0) / mission.environment.mu_m3_s2
    beyond = acos(-1.0 / e)
    rising = asin(min(max(sin(target.dla_rad) / sin(tilt), -1.0), 1.0))
    angles = [(angle - beyond) % (2.0 * pi) for angle in (rising, pi - rising)]
    return tuple(angles if abs(pi - 2.0 * rising) > 0.1 else angles[:1])


def _worth_two(target: Target, floor: float) -> bool:
    """Whether there is room for a parking orbit below a circular target."""
    return target.kind != "circular" or target.perigee_radius_m > floor + 30e3


def _coasts(
    mission: Mission, inertial: float, parking: float, argp: float | None, *, independent: bool
) -> list[tuple[str, float]]:
    """Coasts worth trying, seconds."""
    period = 2.0 * pi * sqrt(parking**3 / mission.environment.mu_m3_s2)
    target = mission.target
    if target.kind == "circular":
        return [("half-turn coast", 0.47 * period)]
    if argp is not None:
        latitude = site_latitude(mission)
        inclination = target.inclination_rad or abs(latitude)
        ratio = sin(latitude) / max(sin(inclination), 1e-9)
        rising = asin(min(max(ratio, -1.0), 1.0))
        at_pad = rising if cos(inertial) >= 0.0 else pi - rising
        arc = (argp - at_pad - 0.40) % (2.0 * pi)
        share = arc / (2.0 * pi)
        label = f"perigee at {degrees(argp):.0f} deg"
        return [(label, max(share * period - 150.0, 60.0))]
    shares = (0.1, 0.6) if independent else (0.18, 0.5)
    return [("short coast", shares[0] * period), ("long coast", shares[1] * period)]
