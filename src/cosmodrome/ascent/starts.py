"""Physically different ways to begin: directions, burn counts, coasts, climbs.

Local optima are the main hazard of ascent optimisation; each start here leads
to a different one where they differ, and to the same one where they do not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import acos, asin, atan2, cos, degrees, exp, hypot, pi, sin, sqrt

from cosmodrome.ascent.ending import launch_azimuths
from cosmodrome.ascent.legs import Route
from cosmodrome.ascent.rehearse import ideal_speed, payload_guess
from cosmodrome.ascent.timeline import timeline
from cosmodrome.flight.vehicle import Vehicle
from cosmodrome.mission.nouns import Environment, Mission, Target
from cosmodrome.world import earth

__all__ = ["Start", "energies", "resolved_target", "site_latitude", "starts"]

_PARKING_M = 185e3
_LOSSES_M_S = 1650.0  # of an ordinary ascent, before any reserve
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
# The payload is only guessed where the throttle of the last burn is chosen.
_OF_LIMIT = 0.7
# How far the rocket equation may be wrong about reaching orbit without the last stage:
# too hopeful by the first, too careful by the second.
_REACH_M_S = (150.0, 400.0)


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
    second_m_s : float, what a second burn adds
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
        east = 7800.0 * sin(azimuth) + _pad_speed(mission)
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


def _pad_speed(mission: Mission) -> float:
    environment = mission.environment
    return (
        environment.rotation_rad_s * environment.equatorial_radius_m * cos(site_latitude(mission))
    )


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
    found = []
    for way, inertial in _directions(mission):
        for way_through in _routes(mission, inertial, independent=independent):
            climbs = (16.0, 34.0) if independent else (22.0,)
            for climb in climbs:
                straight = _start(mission, way, inertial, way_through, climb)
                found += [straight, *_doglegs(mission, straight, way_through, inertial)]
    if len(found) == 1:
        found.append(replace(found[0], climb_deg=32.0, name=f"{found[0].name}, lofted"))
    return tuple(found)


def _doglegs(
    mission: Mission,
    straight: Start,
    through: tuple[str, Route, float, float | None],
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
    through: tuple[str, Route, float, float | None],
    climb: float,
) -> Start:
    label, route, aim, argp = through
    speed, second = _speeds(mission.target, mission.environment, aim, route)
    azimuth, relative = _relative(mission, inertial, speed)
    route = replace(
        route,
        last_share=_last_share(mission.vehicle, second),
        last_level=_last_level(mission, relative + second + _beside(mission)),
    )
    return Start(
        name=f"{way}, {label}" if way else label,
        azimuth_rad=azimuth,
        north=cos(inertial) >= 0.0,
        route=route,
        climb_deg=climb,
        aim_radius_m=aim,
        speed_m_s=relative + second + _beside(mission),
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
    azimuth, _ = _relative(mission, inertial, 7800.0)
    gaps = []
    for start, stop in mission.limits.azimuths_rad:
        width = (stop - start) % (2.0 * pi) or 2.0 * pi
        ahead = (azimuth - start) % (2.0 * pi)
        gaps.append(0.0 if ahead <= width else min(ahead - width, 2.0 * pi - ahead))
    return min(gaps)


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


def _relative(mission: Mission, inertial: float, speed: float) -> tuple[float, float]:
    """Azimuth and speed relative to the pad for an inertial direction and speed."""
    east = speed * sin(inertial) - _pad_speed(mission)
    north = speed * cos(inertial)
    return atan2(east, north) % (2.0 * pi), hypot(east, north)


def energies(mission: Mission, start: Start) -> tuple[float, float]:
    """Orbital energy at the end of the first powered flight, and at insertion."""
    final = _energy(mission.target, mission.environment)
    if start.route.direct:
        return final, final
    mu, aim, target = mission.environment.mu_m3_s2, start.aim_radius_m, mission.target
    if target.kind == "circular":
        return -mu / (aim + target.perigee_radius_m), final
    return -0.5 * mu / aim, final


def _energy(target: Target, environment: Environment) -> float:
    if target.kind == "escape":
        return 0.5 * (target.c3_m2_s2 or 0.0)
    rp = target.perigee_radius_m
    return -environment.mu_m3_s2 / (rp + (target.apogee_radius_m or rp))


def _speeds(
    target: Target, environment: Environment, aim: float, route: Route
) -> tuple[float, float]:
    """Speed of the first powered flight at the surface's energy, and of the second burn."""
    mu, ground = environment.mu_m3_s2, environment.equatorial_radius_m
    rp = target.perigee_radius_m
    energy = _energy(target, environment)
    if route.direct:
        return sqrt(2.0 * (energy + mu / ground)) * _lift(rp, ground), 0.0
    parking = sqrt(mu / aim)
    at_aim = sqrt(2.0 * (energy + mu / aim)) - parking
    if target.kind == "circular":
        transfer = sqrt(2.0 * mu * rp / (aim * (aim + rp)))
        at_top = sqrt(mu / rp) - sqrt(2.0 * mu * aim / (rp * (aim + rp)))
        return transfer, abs(at_top)
    return parking, at_aim


def _lift(radius: float, ground: float) -> float:
    """Direct climbs to high orbits cost more than their energy."""
    return 1.0 + 0.05 * max((radius - ground) / 1e6 - 0.2, 0.0)


def _last_share(vehicle: Vehicle, speed: float) -> float:
    """Share of the last stage's propellant for a burn of this speed, payload as the dry mass."""
    stage = vehicle.stages[-1]
    if stage.motor is None or speed <= 0.0:
        return 0.2
    dry = stage.dry_kg + vehicle.rider_kg + vehicle.adapter_kg
    final = dry + 0.5 * stage.usable_kg
    share = final * (exp(speed / (9.8 * stage.motor.isp_vac_s)) - 1.0) / stage.usable_kg
    return min(max(share, 0.01), 0.7)


def _beside(mission: Mission) -> float:
    """Ideal speed beside the orbit's own: what is lost on the way, and what is kept."""
    return _LOSSES_M_S + mission.vehicle.reserve_m_s


def _last_level(mission: Mission, speed: float) -> float:
    """Throttle of a burn after a coast that keeps the nearly empty stack below its limit."""
    stage, limit = mission.vehicle.stages[-1], mission.limits.acceleration_m_s2
    motor = stage.motor
    if motor is None or limit is None or motor.throttle_min >= motor.throttle_max:
        return 1.0
    environment = mission.environment
    legs = timeline(mission.vehicle, mission.limits, Route(), environment.g0_m_s2)
    payload = mission.payload_kg or payload_guess(mission, legs, speed)
    end = stage.dry_kg + mission.vehicle.rider_kg + mission.vehicle.adapter_kg + payload
    level = _OF_LIMIT * limit * end / motor.thrust_vac_n
    return float(f"{min(max(level, motor.throttle_min), motor.throttle_max, 1.0):.2f}")


def _routes(
    mission: Mission, inertial: float, *, independent: bool
) -> list[tuple[str, Route, float, float | None]]:
    """Label, route, insertion radius of the first powered flight, argument of perigee."""
    target, ground = mission.target, mission.environment.equatorial_radius_m
    restart = mission.vehicle.stages[-1].burns > 1
    floor = mission.limits.coast_perigee_radius_m or ground
    halfway = 0.5 * (floor + target.perigee_radius_m)
    parking = max(min(ground + _PARKING_M, halfway), floor + 5e3)
    angles: tuple[float | None, ...] = target.argp_rad or _towards_asymptote(mission, parking)
    found: list[tuple[str, Route, float, float | None]] = []
    equatorial = abs(site_latitude(mission)) < 0.18
    for argp in angles:
        # Perigee over the equator is out of reach of one burn from high latitude.
        if target.kind == "escape" and found:
            pass  # one burn towards an asymptote is one start, wherever its perigee
        elif argp is None or not len(target.argp_rad) > 1 or equatorial:
            found.append(("one burn", Route(), target.perigee_radius_m, argp))
        if not _worth_two(target, floor):
            continue
        late, early = _reach(mission, parking)
        for label, coast in _coasts(mission, inertial, parking, argp, independent=independent):
            bounds = (30.0, coast, max(6500.0, 1.3 * coast))
            if target.kind != "circular" and argp is None and target.dla_rad is None:
                # With the perigee free its place along the orbit is worth nothing:
                # a free coast would leave the optimiser a flat direction.
                bounds = (coast, coast, coast)
            if late:
                found.append(
                    (f"one late burn, {label}", Route(1, 1.0, bounds, True), parking, argp)
                )
            if early and restart:
                found.append((f"two burns, {label}", Route(2, 0.2, bounds), parking, argp))
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


def _reach(mission: Mission, parking: float) -> tuple[bool, bool]:
    """Whether the stages below the last may reach the parking orbit, and may fail to."""
    vehicle, environment = mission.vehicle, mission.environment
    if len(vehicle.stages) < 3 or vehicle.stages[-1].motor is None:
        return False, True
    legs = timeline(vehicle, mission.limits, Route(), environment.g0_m_s2)
    last = next(k for k, leg in enumerate(legs) if leg.stage == vehicle.stages[-1].name)
    speed, second = _speeds(mission.target, environment, parking, Route(2))
    payload = mission.payload_kg
    if payload is None:
        payload = payload_guess(mission, legs, speed + second + _beside(mission))
    below = ideal_speed(mission, legs[:last], payload)
    # Relative to the ground's turning: what the pad gives is part of the margin.
    spare = below - (speed + _LOSSES_M_S)
    return spare > -_REACH_M_S[0], spare < _REACH_M_S[1]


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
