"""Three burns and more: a parking orbit, a transfer, the target; by impulses, for a first guess.

The perigee of a transfer lies over the equator where the plane is to be turned:
at its apogee, over the equator too and slow, turning is cheap. A perigee burn too
long for its stage's thrust is cut in two or three, a revolution apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import asin, ceil, cos, degrees, exp, pi, sin, sqrt

from cosmodrome.ascent.legs import Coast, Route
from cosmodrome.ascent.planes import pad_speed, resolved_target, site_latitude
from cosmodrome.ascent.rehearse import payload_guess
from cosmodrome.ascent.speeds import beside, last_level, load_share
from cosmodrome.ascent.timeline import timeline
from cosmodrome.flight.burn import full_flow
from cosmodrome.mission.nouns import Mission

__all__ = ["Transfer", "parking_inclination", "transfers", "worth_three"]

_PARKING_M = 200e3
# Below this perigee, and with this little to turn, two burns do as well.
_HIGH_M, _TURN_RAD = 3000e3, 0.03
# A perigee burn longer than this, a fifth of a revolution, loses too much to gravity.
_LONGEST_RAISE_S = 1000.0
_MOST_RAISES = 3
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
    return high or (far and _turn(mission) > _TURN_RAD)


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
    if not worth_three(mission):
        return []
    ground = mission.environment.equatorial_radius_m
    floor = mission.limits.coast_perigee_radius_m or ground
    aim = max(ground + _PARKING_M, floor + 10e3)
    nodes: tuple[float | None, ...] = (0.0, pi) if independent else (pi,)
    asked = [angle % (2.0 * pi) for angle in mission.target.argp_rad]
    if asked:
        nodes = tuple(angle for angle in asked if abs(sin(angle)) < 0.1) or tuple(asked)
    elif _turn(mission) < 1e-6:
        nodes = (None,)
    found: dict[str, Transfer] = {}
    for node in nodes:
        for fewer in (0, 1):
            one = _transfer(mission, inertial, aim, node, fewer)
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
    east = parking * sin(inertial) - pad_speed(mission)
    relative = sqrt(east**2 + (parking * cos(inertial)) ** 2)
    ideal = relative + added + beside(mission)
    before, exhaust = _before_last(mission, ideal, turn)
    count = max(_raises(mission, perigee - parking, before, exhaust) - fewer, 1)
    speeds = [parking + (perigee - parking) * (k + 1) / count for k in range(count)]
    coasts, place = [], node
    times = [_first_coast(mission, inertial, aim, node), *_turns(speeds, aim, mu)]
    steps = [(perigee - parking) / count] * count + [turn]
    usable = mission.vehicle.stages[-1].usable_kg
    mass = before * exp((perigee - parking) / exhaust)
    for k, (time, step) in enumerate(zip(times, steps, strict=True)):
        apogee = None if k == count else aim / (2.0 * mu / (aim * speeds[k] ** 2) - 1.0)
        spent = mass * (1.0 - exp(-step / exhaust))
        mass -= spent
        fixed = k == 0 and node is None
        bounds = (time, time, time) if fixed else (30.0, time, min(1.5 * time + 2400.0, 26e3))
        coasts.append(Coast(bounds, min(spent / usable, 0.8), step, apogee, place))
        place = None
    coasts = _fitting(coasts)
    route = Route(tuple(coasts), last_level=last_level(mission, ideal))
    route = replace(route, load_share=load_share(mission, route, relative, added))
    named = "" if node is None else f", perigee at {degrees(node):.0f} deg"
    words = {3: "three", 4: "four", 5: "five"}[count + 2]
    argp = node if mission.target.argp_rad else None
    return Transfer(f"{words} burns{named}", route, aim, parking, ideal, argp)


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
    return max(1, min(ceil(length / _LONGEST_RAISE_S), _MOST_RAISES, stage.burns - 2))


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
