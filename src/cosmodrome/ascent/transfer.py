"""Three burns and more: a parking orbit, a transfer, the target; by impulses, for a first guess.

The perigee of a transfer lies over the equator where the plane is to be turned:
at its apogee, over the equator too and slow, turning is cheap. A perigee burn too
long for its stage's thrust is cut in two or three, a revolution apart: so even
where the transfer is itself the target, for the weakest stages.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import asin, ceil, cos, degrees, exp, pi, sin, sqrt

from cosmodrome.ascent.legs import Coast, Route
from cosmodrome.ascent.planes import relative_to_pad, resolved_target, site_latitude
from cosmodrome.ascent.rehearse import payload_guess
from cosmodrome.ascent.speeds import beside, last_level, load_share, reach
from cosmodrome.ascent.timeline import timeline
from cosmodrome.flight.burn import full_flow
from cosmodrome.mission.nouns import Mission

__all__ = ["Transfer", "parking_inclination", "transfers", "worth_raising", "worth_three"]

_PARKING_M = 200e3
# Below this perigee, and with this little to turn, two burns do as well.
_HIGH_M, _TURN_RAD = 3000e3, 0.03
# The same where the perigee is asked for, at a node: turned by t while a burn of 2.5 km/s
# goes on there, a plane costs 16 t^2 km/s; at the apogee it costs 1.6 t.
_TURN_AT_PERIGEE_RAD = 0.09
# A perigee burn longer than this, a fifth of a revolution, loses too much to gravity.
_LONGEST_RAISE_S = 1000.0
_MOST_RAISES = 3
# A target that one burn reaches is raised to in several from here on.
_LONGEST_ALONE_S = 1500.0
_SIX_HOURS_S = 21600.0


@dataclass(frozen=True, slots=True)
class Transfer:
    """One way to a target by a parking orbit.

    Parameters
    ----------
    label : str, for people
    route : Route, with speeds and shares
    aim_radius_m : float, of the parking orbit
    speed_m_s : float, in it
    ideal_m_s : float, everything that the vehicle must give
    argp_rad : float or None, argument of perigee asked of the target
    """

    label: str
    route: Route
    aim_radius_m: float
    speed_m_s: float
    ideal_m_s: float
    argp_rad: float | None


def parking_inclination(mission: Mission) -> float:
    """The target's inclination, or the least that needs no dogleg if that is higher."""
    target = mission.target
    free = resolved_target(replace(mission, target=replace(target, inclination_rad=None)))
    least = free.inclination_rad or 0.0
    wanted = least if target.inclination_rad is None else target.inclination_rad
    return wanted if wanted > 0.5 * pi else max(least, wanted)


def worth_three(mission: Mission) -> bool:
    """Whether the last stage can be lit three times and the target is worth it.

    It is where the perigee lies high, or the plane has to be turned once in orbit.
    """
    target, stage = mission.target, mission.vehicle.stages[-1]
    if target.kind == "escape" or target.apogee_radius_m is None or stage.motor is None:
        return False
    if stage.burns < 3 or target.elements == "mean":
        return False
    ground = mission.environment.equatorial_radius_m
    high = target.perigee_radius_m - ground > _HIGH_M
    far = target.apogee_radius_m - ground > _HIGH_M
    little = _TURN_AT_PERIGEE_RAD if target.argp_rad else _TURN_RAD
    return high or (far and _turn(mission) > little)


def worth_raising(mission: Mission) -> bool:
    """Whether one burn from a parking orbit reaches the target, but is too long for its arc."""
    target, stage, mu = mission.target, mission.vehicle.stages[-1], mission.environment.mu_m3_s2
    if target.kind != "elliptic" or target.apogee_radius_m is None or stage.motor is None:
        return False
    if stage.burns < 2 or target.elements == "mean" or _turn(mission) > _TURN_RAD:
        return False
    low, top = target.perigee_radius_m, target.apogee_radius_m
    speed = sqrt(2.0 * mu * top / (low * (low + top))) - sqrt(mu / low)
    # By its own tanks: what a stage carries in vain does not make its burn longer.
    exhaust = stage.motor.isp_vac_s * mission.environment.g0_m_s2
    full = stage.dry_kg + stage.usable_kg
    spent = full * (1.0 - exp(-speed / exhaust))
    return spent / full_flow(stage.motor, mission.environment.g0_m_s2) > _LONGEST_ALONE_S


def _turn(mission: Mission) -> float:
    """How much the plane has to be turned in orbit, radians."""
    tilt = mission.target.inclination_rad
    return 0.0 if tilt is None else abs(parking_inclination(mission) - tilt)


def transfers(mission: Mission, inertial: float, *, independent: bool) -> list[Transfer]:
    """Ways to the target by three to five burns; none where fewer will do.

    Parameters
    ----------
    mission : Mission, its target resolved
    inertial : float, azimuth of the launch into the parking orbit
    independent : bool, the other node first

    Returns
    -------
    list of Transfer
    """
    alone = worth_raising(mission)
    if not alone and not worth_three(mission):
        return []
    ground = mission.environment.equatorial_radius_m
    floor = mission.limits.coast_perigee_radius_m or ground
    aim = max(ground + _PARKING_M, floor + 10e3)
    if alone:
        aim = max(mission.target.perigee_radius_m, floor + 5e3)
    nodes: tuple[float | None, ...] = (0.0, pi) if independent else (pi,)
    asked = [angle % (2.0 * pi) for angle in mission.target.argp_rad]
    if asked:
        nodes = tuple(angle for angle in asked if abs(sin(angle)) < 0.1) or tuple(asked)
    elif _turn(mission) < 1e-6:
        nodes = (None,)
    way = _raised if alone else _transfer
    found: dict[str, Transfer] = {}
    for node in nodes:
        for fewer in (0, 1):
            one = way(mission, inertial, aim, node, fewer)
            found.setdefault(one.label, one)
    return list(found.values())


def _transfer(
    mission: Mission, inertial: float, aim: float, node: float | None, fewer: int
) -> Transfer:
    """One way by impulses; `fewer` leaves out that many of the raising burns, but one stays."""
    target, mu = mission.target, mission.environment.mu_m3_s2
    assert target.apogee_radius_m is not None
    top = target.apogee_radius_m
    parking, perigee = sqrt(mu / aim), sqrt(2.0 * mu * top / (aim * (aim + top)))
    slow = perigee * aim / top
    wanted = sqrt(2.0 * mu * target.perigee_radius_m / (top * (target.perigee_radius_m + top)))
    turn = sqrt(max(slow**2 + wanted**2 - 2.0 * slow * wanted * cos(_turn(mission)), 0.0))
    added = perigee - parking + turn
    _, relative = relative_to_pad(mission, inertial, parking)
    ideal = relative + added + beside(mission)
    before, exhaust = _before_last(mission, ideal, turn)
    most = mission.vehicle.stages[-1].burns - 2
    count = max(min(_raises(mission, perigee - parking, before, exhaust), most) - fewer, 1)
    speeds = [parking + (perigee - parking) * (k + 1) / count for k in range(count)]
    times = [_first_coast(mission, inertial, aim, node), *_turns(speeds, aim, mu)]
    steps = [(perigee - parking) / count] * count + [turn]
    tops = [*_apogees(speeds, aim, mu), None]
    mass = before * exp((perigee - parking) / exhaust)
    coasts = _coasts(mission, (times, steps, tops), node, mass, exhaust)
    route = Route(coasts, last_level=last_level(mission, ideal))
    route = replace(route, load_share=load_share(mission, route, relative, added))
    return _way(mission, route, aim, ideal, node)


def _raised(
    mission: Mission, inertial: float, aim: float, node: float | None, fewer: int
) -> Transfer:
    """One way to a target that the raising burns reach by themselves."""
    target, mu = mission.target, mission.environment.mu_m3_s2
    assert target.apogee_radius_m is not None
    parking = sqrt(mu / aim)
    added = sqrt(2.0 * mu * target.apogee_radius_m / (aim * (aim + target.apogee_radius_m)))
    added -= parking
    _, relative = relative_to_pad(mission, inertial, parking)
    ideal = relative + added + beside(mission)
    after, exhaust = _before_last(mission, ideal, 0.0)
    late = reach(mission, aim)[0]
    most = mission.vehicle.stages[-1].burns - (not late)
    count = max(min(_raises(mission, added, after, exhaust), most) - fewer, 1)
    speeds = [parking + added * (k + 1) / count for k in range(count)]
    times = [_first_coast(mission, inertial, aim, node), *_turns(speeds, aim, mu)[:-1]]
    between = (times, [added / count] * count, _apogees(speeds, aim, mu))
    coasts = _coasts(mission, between, node, after * exp(added / exhaust), exhaust)
    route = Route(coasts, late=late, last_level=last_level(mission, ideal))
    route = replace(route, load_share=load_share(mission, route, relative, added))
    return _way(mission, route, aim, ideal, node)


def _way(mission: Mission, route: Route, aim: float, ideal: float, node: float | None) -> Transfer:
    label = route.told + ("" if node is None else f", perigee at {degrees(node):.0f} deg")
    parking = sqrt(mission.environment.mu_m3_s2 / aim)
    argp = node if mission.target.argp_rad else None
    return Transfer(label, route, aim, parking, ideal, argp)


def _coasts(
    mission: Mission,
    between: tuple[list[float], list[float], list[float | None]],
    node: float | None,
    mass_kg: float,
    exhaust_m_s: float,
) -> tuple[Coast, ...]:
    """Coasts and their burns, from times, speeds and apogees; the first is lit at the node."""
    usable = mission.vehicle.stages[-1].usable_kg
    coasts: list[Coast] = []
    for time, step, apogee in zip(*between, strict=True):
        spent = mass_kg * (1.0 - exp(-step / exhaust_m_s))
        mass_kg -= spent
        fixed = not coasts and node is None
        bounds = (time, time, time) if fixed else (30.0, time, min(1.5 * time + 2400.0, 26e3))
        place = None if coasts else node
        coasts.append(Coast(bounds, min(spent / usable, 0.8), step, apogee, place))
    return tuple(_fitting(coasts))


def _apogees(speeds: list[float], aim: float, mu: float) -> list[float | None]:
    """Apogee radii that speeds at the parking orbit's radius lead to."""
    return [aim / (2.0 * mu / (aim * v * v) - 1.0) for v in speeds]


def _fitting(coasts: list[Coast]) -> list[Coast]:
    """Shares that leave something for the first burn."""
    whole = sum(coast.share for coast in coasts)
    scale = min(1.0, 0.95 / whole)
    return [replace(coast, share=coast.share * scale) for coast in coasts]


def _before_last(mission: Mission, ideal: float, turn: float) -> tuple[float, float]:
    """Mass before the last burn, and the exhaust speed."""
    vehicle, g0 = mission.vehicle, mission.environment.g0_m_s2
    stage = vehicle.stages[-1]
    assert stage.motor is not None
    exhaust = stage.motor.isp_vac_s * g0
    legs = timeline(vehicle, mission.limits, Route(), g0)
    payload = mission.payload_kg or payload_guess(mission, legs, ideal)
    dry = stage.dry_kg + stage.residual_kg + vehicle.rider_kg + vehicle.adapter_kg
    return (dry + payload) * exp((turn + vehicle.reserve_m_s) / exhaust), exhaust


def _raises(mission: Mission, speed: float, after: float, exhaust: float) -> int:
    """In how many burns the apogee is raised."""
    stage = mission.vehicle.stages[-1]
    assert stage.motor is not None
    flow = full_flow(stage.motor, mission.environment.g0_m_s2)
    length = after * (exp(speed / exhaust) - 1.0) / flow
    return max(1, min(ceil(length / _LONGEST_RAISE_S), _MOST_RAISES))


def _turns(speeds: list[float], aim: float, mu: float) -> list[float]:
    """Coasts after each raising burn: a revolution, the last half a one."""
    periods = [2.0 * pi * sqrt((1.0 / (2.0 / aim - v * v / mu)) ** 3 / mu) for v in speeds]
    return [*periods[:-1], min(0.5 * periods[-1], _SIX_HOURS_S)]


def _first_coast(mission: Mission, inertial: float, aim: float, node: float | None) -> float:
    """From the end of the climb to the node; a short one where any place will do."""
    period = 2.0 * pi * sqrt(aim**3 / mission.environment.mu_m3_s2)
    if node is None:
        return 0.25 * period
    ratio = sin(site_latitude(mission)) / max(sin(parking_inclination(mission)), 1e-9)
    rising = asin(min(max(ratio, -1.0), 1.0))
    at_pad = rising if cos(inertial) >= 0.0 else pi - rising
    return max((node - at_pad - 0.40) % (2.0 * pi) / (2.0 * pi) * period - 150.0, 60.0)
