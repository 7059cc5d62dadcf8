"""Physically different ways to begin: directions, burn counts, coasts, climbs.

Local optima are the main hazard of ascent optimisation; each start here leads
to a different one where they differ, and to the same one where they do not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, pi

from cosmodrome.ascent.ending import launch_azimuths
from cosmodrome.ascent.legs import Route
from cosmodrome.ascent.limits import outside
from cosmodrome.ascent.planes import relative_to_pad, resolved_target, site_latitude
from cosmodrome.ascent.routes import Through, routes
from cosmodrome.ascent.speeds import beside, energy_of, last_level, last_share, load_share, speeds
from cosmodrome.ascent.transfer import parking_inclination, transfers
from cosmodrome.flight.vehicle import loaded_by_mission
from cosmodrome.mission.nouns import Mission

__all__ = ["Start", "energies", "resolved_target", "site_latitude", "starts"]

# A launch direction this far outside the corridor is not worth a dogleg.
_DOGLEG_RAD = 0.7
# How far above a circular target a dogleg may go over the top.
_OVER_M = 1.0e6
# How far outside the corridor a direction lies for a dogleg to be a start of its own,
# and for one over the top.
_BEND_RAD, _OVER_RAD = 0.05, 0.3
# Northward and southward launches closer than this lead to one optimum.
_SAME_WAY_RAD = 0.08
# A dogleg starts this far inside the corridor's edge.
_OFF_EDGE_RAD = 0.05


@dataclass(frozen=True, slots=True)
class Start:
    """One way to begin.

    Parameters
    ----------
    name : str, for people
    azimuth_rad : float, of the launch plane, relative to the turning Earth
    route : Route
    climb_deg : float, flight-path angle aimed at when the first stage is done
    aim_radius_m : float, where the first powered flight ends
    speed_m_s : float, ideal speed needed, for the payload guess
    argp_rad : float or None
    second_m_s : float, what the burns after the first coast add
    watch : bool, hold the corridor even where it seems far away
    north : bool, the target's plane is flown northward at the pad
    dogleg : bool, the first guess stays in the corridor and turns into the plane later
    """

    name: str
    azimuth_rad: float
    route: Route
    climb_deg: float
    aim_radius_m: float
    speed_m_s: float
    argp_rad: float | None
    second_m_s: float = 0.0
    watch: bool = False
    north: bool = True
    dogleg: bool = False


def starts(mission: Mission, *, independent: bool = False) -> tuple[Start, ...]:
    """The starts worth trying for a mission with its target resolved.

    Parameters
    ----------
    mission : Mission
    independent : bool
        A second, different set: other climbs and coasts, to check the first.

    Returns
    -------
    tuple of Start, best bets first
        Empty where the target's perigee lies over the equator, far from the pad,
        and the last stage burns only once.
    """
    several = _through_parking(mission, independent=independent)
    if several:
        return several
    found = []
    # A long weak burn into orbit has several optima, by how steeply it is begun.
    weak = loaded_by_mission(mission.vehicle) is not None
    for way, inertial in _directions(mission):
        for way_through in routes(mission, inertial, independent=independent):
            climbs = (12.0 if weak else 16.0, 34.0) if independent else (22.0,)
            for climb in climbs:
                straight = _start(mission, way, inertial, way_through, climb)
                found += [straight, *_doglegs(mission, straight, way_through, inertial)]
                if not independent and straight.route.direct and weak:
                    for word, more in (("flatter", -6.0), ("lofted", 10.0)):
                        other = replace(straight, climb_deg=climb + more)
                        found.append(replace(other, name=f"{straight.name}, {word}"))
    if len(found) == 1:
        found.append(replace(found[0], climb_deg=32.0, name=f"{found[0].name}, lofted"))
    return tuple(found)


def _through_parking(mission: Mission, *, independent: bool) -> tuple[Start, ...]:
    """Starts by way of a parking orbit and a transfer, for targets that take three burns."""
    found = []
    north, south = launch_azimuths(parking_inclination(mission), site_latitude(mission))
    inertial = north
    if mission.limits.azimuths_rad and _outside(mission, south) < _outside(mission, north):
        inertial = south
    for one in transfers(mission, inertial, independent=independent):
        azimuth, _ = relative_to_pad(mission, inertial, one.speed_m_s)
        found.append(
            Start(
                name=one.label,
                azimuth_rad=azimuth,
                north=cos(inertial) >= 0.0,
                route=one.route,
                climb_deg=16.0 if independent else 22.0,
                aim_radius_m=one.aim_radius_m,
                speed_m_s=one.ideal_m_s,
                argp_rad=one.argp_rad,
                second_m_s=sum(coast.speed_m_s for coast in one.route.coasts),
            )
        )
    return tuple(found)


def _doglegs(
    mission: Mission,
    straight: Start,
    through: Through,
    inertial: float,
) -> list[Start]:
    """The same start from the corridor's edge, where the straight way lies outside.

    Turning is cheap where the flight is slow: high up. So a flight with two burns
    is also begun over the top, braking down to a circular target from above it.
    """
    gap = _outside(mission, inertial) if mission.limits.azimuths_rad else 0.0
    if gap < _BEND_RAD:
        return []
    edge = _inside(mission, straight.azimuth_rad)
    bent = replace(straight, azimuth_rad=edge, dogleg=True)
    found = [replace(bent, name=f"{straight.name}, dogleg")]
    label, route, _, argp = through
    if gap > _OVER_RAD and not route.direct and mission.target.kind == "circular":
        over = mission.target.perigee_radius_m + _OVER_M
        high = _start(mission, "", inertial, (label, route, over, argp), straight.climb_deg + 20.0)
        name = f"{straight.name}, dogleg over the top"
        found.append(replace(high, name=name, azimuth_rad=edge, dogleg=True))
    return found


def _start(
    mission: Mission,
    way: str,
    inertial: float,
    through: Through,
    climb: float,
) -> Start:
    label, route, aim, argp = through
    speed, second = speeds(mission.target, mission.environment, aim, route)
    azimuth, relative = relative_to_pad(mission, inertial, speed)
    share = last_share(mission.vehicle, second)
    coasts = tuple(
        replace(one, speed_m_s=second, share=1.0 if route.late else share) for one in route.coasts
    )
    route = replace(
        route,
        coasts=coasts,
        last_level=last_level(mission, relative + second + beside(mission)),
    )
    route = replace(route, load_share=load_share(mission, route, relative, second))
    return Start(
        name=f"{way}, {label}" if way else label,
        azimuth_rad=azimuth,
        north=cos(inertial) >= 0.0,
        route=route,
        climb_deg=climb,
        aim_radius_m=aim,
        speed_m_s=relative + second + beside(mission),
        argp_rad=argp,
        second_m_s=second,
    )


def _directions(mission: Mission) -> list[tuple[str, float]]:
    """Northward and southward inertial azimuths that the corridor allows."""
    target, latitude = mission.target, site_latitude(mission)
    inclination = target.inclination_rad
    if inclination is None:
        inclination = max(abs(target.dla_rad or 0.0), abs(latitude))
    north, south = launch_azimuths(inclination, latitude)
    if abs(((north - south) + pi) % (2.0 * pi) - pi) < _SAME_WAY_RAD:
        return [("", north)]
    pairs = [("northward", north), ("southward", south)]
    if not mission.limits.azimuths_rad:
        return pairs
    gaps = [_outside(mission, inertial) for _, inertial in pairs]
    least = min(gaps)
    kept = [pair for pair, gap in zip(pairs, gaps, strict=True) if gap <= max(least, 0.0) + 0.05]
    if least <= 0.0:
        return kept  # no dogleg where there is a straight way
    also = [
        pair
        for pair, gap in zip(pairs, gaps, strict=True)
        if pair not in kept and gap < _DOGLEG_RAD and gap < least + 0.3
    ]
    return kept + also


def _outside(mission: Mission, inertial: float) -> float:
    """How far a direction lies outside the corridor, radians; 0 inside."""
    azimuth, _ = relative_to_pad(mission, inertial, 7800.0)
    return min(outside(azimuth, pair) for pair in mission.limits.azimuths_rad)


def _inside(mission: Mission, azimuth: float) -> float:
    """The azimuth, or the nearest edge of the corridor: from there a dogleg turns on."""
    best, least = azimuth, 2.0 * pi
    for start, stop in mission.limits.azimuths_rad:
        width = (stop - start) % (2.0 * pi) or 2.0 * pi
        ahead = (azimuth - start) % (2.0 * pi)
        if ahead <= width:
            return azimuth
        margin = min(_OFF_EDGE_RAD, 0.5 * width)
        for gap, edge in ((ahead - width, stop - margin), (2.0 * pi - ahead, start + margin)):
            if gap < least:
                best, least = edge % (2.0 * pi), gap
    return best


def energies(mission: Mission, start: Start) -> tuple[float, float]:
    """Orbital energy at the end of the first powered flight, and at insertion."""
    final = energy_of(mission.target, mission.environment)
    if start.route.direct:
        return final, final
    mu, aim, target = mission.environment.mu_m3_s2, start.aim_radius_m, mission.target
    if target.kind == "circular":
        return -mu / (aim + target.perigee_radius_m), final
    return -0.5 * mu / aim, final
