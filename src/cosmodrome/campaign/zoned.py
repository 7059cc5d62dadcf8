"""Flights held to zones: parts come down where they may, at the least cost in payload.

The optimiser knows the impact of a part as a function of its state at release:
the vacuum fall in closed form, and what the real fall with drag differs from it,
to first order. Both are renewed at each flight found, so that where nothing
changes any more the optimum is that of the real fall.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cosmodrome.ascent.attempt import Attempt, Workshop, leg_starts
from cosmodrome.ascent.impacts import released, vacuum_ground
from cosmodrome.campaign.dropped import dropped_parts, known_sheet
from cosmodrome.campaign.progress import Tell
from cosmodrome.campaign.proving import Proof, proved
from cosmodrome.flight.fall import Bodies, fall
from cosmodrome.mission.nouns import ImpactRow, Mission, Zone
from cosmodrome.safety.parts import JettisonedPart
from cosmodrome.verify.judge import Check, Tolerances
from cosmodrome.world import earth
from cosmodrome.world.polygons import Area, area_from_rings, signed_distance_m
from cosmodrome.world.polygons_geodesic import destination
from cosmodrome.world.state import State

__all__ = ["Held", "Hit", "hits", "zoned"]

Array = NDArray[np.float64]

_ROUNDS = 12
_PROOFS = 3
_CUTS = 4  # planes that hold one part to one zone
_SETTLED = 1e-4
_WAYS = 3  # how many kinds of flight are held to the zones side by side
_FROM_EDGE_M = 2e3  # step for the direction in which a zone's edge lies
_INSET_M = 100.0  # a plane lies this far inside the edge: an edge may be bent
_FALL_M = 0.05  # error of a fall per step
# Steps for the derivatives of the fall, at the size where neither curvature nor
# the error of the integration shows.
_STEPS = np.array([50.0, 50.0, 50.0, 0.5, 0.5, 0.5, 0.5])
# A flight is moved this far at once at most: the impact is known to first order.
_FARTHEST_M = 40e3


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a part comes down, seen from a zone.

    Parameters
    ----------
    zone : Zone
    part : str
    latitude_rad, longitude_rad : float
    room_m : float, how far on the right side of the zone's edge, margin taken off
    """

    zone: Zone
    part: str
    latitude_rad: float
    longitude_rad: float
    room_m: float

    @property
    def met(self) -> bool:
        """Whether it is on the right side."""
        return self.room_m >= 0.0

    @property
    def check(self) -> Check:
        """As a limit among the others of a verdict."""
        where = "inside" if self.zone.inside else "outside"
        least, room = 1e-3 * self.zone.margin_m, 1e-3 * self.room_m
        return Check(f"{self.part} {where} {self.zone.name}", least, least + room, "km", floor=True)


@dataclass(frozen=True, slots=True)
class Held:
    """The best flight within its zones.

    Parameters
    ----------
    attempt : Attempt
    mission : Mission, with the rows that hold it
    proof : Proof, with a check per zone and part
    hits : tuple of Hit
    free_kg : float, what the best flight without zones is worth
    """

    attempt: Attempt
    mission: Mission
    proof: Proof
    hits: tuple[Hit, ...]
    free_kg: float


def zoned(
    workshop: Workshop,
    mission: Mission,
    good: Sequence[Attempt],
    tolerances: Tolerances,
    tell: Tell,
) -> Held:
    """The best of several flights once its parts come down where they may.

    Parameters
    ----------
    workshop : Workshop
    mission : Mission, with zones
    good : sequence of Attempt, solved without them, at least one
    tolerances : Tolerances
    tell : callable(text, share)

    Returns
    -------
    Held
        With a verdict that is not passed where no flight could be held to its zones.
    """
    ways = _kinds(good)
    free_kg = ways[0].worth
    best: Held | None = None
    for k, way in enumerate(ways):
        if best is not None and best.proof.verdict.passed and way.worth <= best.attempt.worth:
            break
        tell("holding parts to their zones", 0.8 + 0.05 * k)
        found = _held(workshop, mission, way, tolerances, free_kg)
        if best is None or _better(found, best):
            best = found
    assert best is not None
    return best


def _kinds(good: Sequence[Attempt]) -> list[Attempt]:
    """The best of each direction and number of burns, best first."""
    found: dict[tuple[int, str], Attempt] = {}
    for one in sorted(good, key=lambda one: -one.worth):
        found.setdefault((one.start.route.burns, one.start.name.partition(",")[0]), one)
    return list(found.values())[:_WAYS]


def _better(one: Held, other: Held) -> bool:
    passed = one.proof.verdict.passed, other.proof.verdict.passed
    return passed[0] > passed[1] or (passed[0] and one.attempt.worth > other.attempt.worth)


def _held(
    workshop: Workshop, mission: Mission, way: Attempt, tolerances: Tolerances, free_kg: float
) -> Held:
    """Lead a flight to where its parts come down where they may, and prove it."""
    best, proof = proved(workshop, mission, way, tolerances)
    parts = _parts(mission, proof)
    cuts: dict[tuple[str, str], list[_Cut]] = {}
    now = mission
    for _ in range(_PROOFS):
        if not proof.verdict.passed or all(one.met for one in _hits_of(mission, parts)):
            break
        best, now = _led(workshop, mission, best, parts, cuts)
        best, proof = proved(workshop, now, best, tolerances)
        parts = _parts(mission, proof)
    seen = _hits_of(mission, parts)
    verdict = replace(
        proof.verdict,
        checks=(*proof.verdict.checks, *(one.check for one in seen)),
        passed=proof.verdict.passed and all(one.met for one in seen),
    )
    return Held(best, now, replace(proof, verdict=verdict), seen, free_kg)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A plane on whose far side a part is to come down: normal . impact >= level, metres."""

    normal: Array
    level_m: float


def _led(
    workshop: Workshop,
    mission: Mission,
    best: Attempt,
    parts: dict[str, JettisonedPart],
    cuts: dict[tuple[str, str], list[_Cut]],
) -> tuple[Attempt, Mission]:
    """Solve again and again, each time with the falls of the flight before."""
    now, worth = mission, inf
    for _ in range(_ROUNDS):
        falls = {
            name: _impact(mission, _released_by(mission, best, part))
            for name, part in parts.items()
        }
        seen = hits(mission, {name: one.place for name, one in falls.items() if one.down})
        for one in seen:
            # An edge to keep off is only known close by: its plane is renewed each time.
            known = (one.zone.name, one.part) in cuts
            if not one.met or (known and not one.zone.inside):
                _cut(mission, cuts.setdefault((one.zone.name, one.part), []), one)
        settled = abs(best.worth - worth) <= _SETTLED * abs(best.worth)
        if all(one.met for one in seen) and settled:
            break
        worth = best.worth
        rows = tuple(
            row
            for (_, name), those in cuts.items()
            for row in _rows(mission, best, falls[name], those)
        )
        now = replace(mission, limits=replace(mission.limits, impacts=rows))
        again = workshop.again(now, best)
        if again.solution.status != "solved":
            break
        best = again
    return best, now


def _cut(mission: Mission, those: list[_Cut], hit: Hit) -> None:
    """Another plane along the nearest edge of a zone; of one to keep off, the only one."""
    inward = earth.rotate_z(_inward(hit), _turn(mission))
    here = earth.rotate_z(_ground(mission, hit.latitude_rad, hit.longitude_rad), _turn(mission))
    if not hit.zone.inside:
        those.clear()
    those.append(_Cut(inward, float(inward @ here) - hit.room_m + _INSET_M))
    del those[:-_CUTS]


def _released_by(mission: Mission, attempt: Attempt, part: JettisonedPart) -> JettisonedPart:
    """The part as another flight lets it go."""
    k = released(attempt.posed.legs, part.name)
    assert k is not None
    t = sum(phase.duration for phase in attempt.solution.phases[: k + 1])
    spin = mission.environment.rotation_rad_s
    end = attempt.solution.phases[k].end
    back = -_turn(mission) - spin * t
    r, v = earth.rotate_z(end[:3], back), earth.rotate_z(end[3:6], back)
    fixed = State(part.state.epoch + (t - part.t_s), "ITRF", r, v - np.cross([0.0, 0.0, spin], r))
    return replace(part, t_s=t, state=fixed)


def _parts(mission: Mission, proof: Proof) -> dict[str, JettisonedPart]:
    """The parts that zones are meant for, by name."""
    found = dropped_parts(mission, proof.flight, proof.epoch_utc, known_sheet(mission))
    asked = {zone.part for zone in mission.limits.zones}
    named = {part.name.lower(): part for part in found.parts}
    return {name: part for name, part in named.items() if name in asked or "" in asked}


def _hits_of(mission: Mission, parts: dict[str, JettisonedPart]) -> tuple[Hit, ...]:
    falls = {name: _impact(mission, part) for name, part in parts.items()}
    return hits(mission, {name: one.place for name, one in falls.items() if one.down})


def hits(mission: Mission, places: Mapping[str, tuple[float, float]]) -> tuple[Hit, ...]:
    """Every nominal impact against every zone that is meant for it.

    Parameters
    ----------
    mission : Mission
    places : mapping of a part's name in lower case to its latitude and longitude

    Returns
    -------
    tuple of Hit
    """
    found = []
    for zone in mission.limits.zones:
        area = _area(zone)
        for name, place in places.items():
            if zone.part in ("", name):
                found.append(Hit(zone, name, *place, _room(zone, area, *place)))
    return tuple(found)


def _area(zone: Zone) -> Area:
    return area_from_rings([np.array(ring) for ring in zone.rings_rad])


@dataclass(frozen=True, slots=True)
class _Impact:
    """A nominal impact and how it moves with the state at release.

    `slopes` has shape (3, 7): metres on the ground per unit of position, velocity
    and time, all in Earth-fixed axes.
    """

    part: JettisonedPart
    place: tuple[float, float]
    slopes: Array
    down: bool


def _impact(mission: Mission, part: JettisonedPart) -> _Impact:
    """The real fall of a part, with drag, and of its neighbours."""
    environment = mission.environment
    off = np.zeros((15, 7))
    for k in range(7):
        off[1 + 2 * k, k], off[2 + 2 * k, k] = _STEPS[k], -_STEPS[k]
    r, v = part.inertial(environment.rotation_rad_s)
    bodies = Bodies(
        r + off[:, :3],
        v + off[:, 3:6],
        environment.rotation_rad_s * off[:, 6],
        np.full(len(off), 1.0 / part.ballistic.kg_m2),
    )
    landing = fall(bodies, environment, tolerance_m=_FALL_M)
    ground = _ground(mission, landing.latitude_rad, landing.longitude_rad)
    slopes = (ground[1::2] - ground[2::2]) / (2.0 * _STEPS[:, None])
    place = float(landing.latitude_rad[0]), float(landing.longitude_rad[0])
    return _Impact(part, place, slopes.T, bool(landing.down.all()))


def _room(zone: Zone, area: Area, latitude_rad: float, longitude_rad: float) -> float:
    inward = float(signed_distance_m(area, np.array(latitude_rad), np.array(longitude_rad)))
    return (inward if zone.inside else -inward) - zone.margin_m


def _rows(
    mission: Mission, attempt: Attempt, impact: _Impact, cuts: Sequence[_Cut]
) -> list[ImpactRow]:
    """The planes of a zone as rows, at the flight that is known; always as many."""
    part, turn = impact.part, _turn(mission)
    sphere = float(np.linalg.norm(attempt.posed.frame.start_r_m))
    k = released(attempt.posed.legs, part.name)
    assert k is not None
    # By the clock that the optimiser will go by when it starts from this flight.
    t = leg_starts(attempt.posed, attempt.solution)[k] + attempt.solution.phases[k].duration
    state = np.append(attempt.solution.phases[k].end[:6], t)
    known, _ = vacuum_ground(state[:3], state[3:6], t, sphere, mission.environment)
    here = earth.rotate_z(_ground(mission, *impact.place), turn)
    angle = turn + mission.environment.rotation_rad_s * part.t_s
    slopes = _turned(impact.slopes, turn, angle) - _vacuum_slopes(state, sphere, mission)
    rows = []
    for cut in cuts:
        weights = slopes.T @ cut.normal
        ask = min(cut.level_m - float(cut.normal @ here), _FARTHEST_M)
        least = ask + float(cut.normal @ known) + float(weights @ state)
        rows.append(ImpactRow(part.name.lower(), _three(cut.normal), _seven(weights), least))
    nothing = ImpactRow(part.name.lower(), (0.0,) * 3, (0.0,) * 7, -_FARTHEST_M)
    return rows + [nothing] * (_CUTS - len(rows))


def _turned(slopes: Array, turn: float, angle: float) -> Array:
    """Slopes of the ground in the optimiser's axes per unit of state in the same."""
    on_ground = earth.rotate_z(slopes.T, turn).T
    state = np.eye(7)
    state[:3, :3] = state[3:6, 3:6] = earth.rotate_z(np.eye(3), angle).T
    return np.asarray(on_ground @ state.T)


def _three(values: Array) -> tuple[float, float, float]:
    x, y, z = (float(one) for one in values)
    return x, y, z


def _seven(values: Array) -> tuple[float, float, float, float, float, float, float]:
    a, b, c, d, e, f, g = (float(one) for one in values)
    return a, b, c, d, e, f, g


def _turn(mission: Mission) -> float:
    """From Earth-fixed axes to those of the optimiser at lift-off."""
    return (mission.inertial_angle_rad or 0.0) - mission.site.longitude_rad


def _inward(hit: Hit) -> Array:
    """Unit vector along the ground to the right side of the zone, Earth-fixed axes."""
    zone, area = hit.zone, _area(hit.zone)
    azimuth = np.linspace(0.0, 2.0 * np.pi, 8, endpoint=False)
    there = destination(hit.latitude_rad, hit.longitude_rad, azimuth, _FROM_EDGE_M)
    room = signed_distance_m(area, *there) * (1.0 if zone.inside else -1.0)
    north, east = float(room @ np.cos(azimuth)), float(room @ np.sin(azimuth))
    size = float(np.hypot(north, east)) or 1.0
    to_east, to_north, _ = earth.local_axes(hit.latitude_rad, hit.longitude_rad)
    return np.asarray((north * to_north + east * to_east) / size)


def _vacuum_slopes(state: Array, sphere: float, mission: Mission) -> Array:
    """The same for the closed form that the optimiser has."""
    slopes = np.empty((3, 7))
    for k in range(7):
        ends = []
        for sign in (1.0, -1.0):
            off = state.copy()
            off[k] += sign * _STEPS[k]
            place, _ = vacuum_ground(off[:3], off[3:6], off[6], sphere, mission.environment)
            ends.append(np.asarray(place))
        slopes[:, k] = (ends[0] - ends[1]) / (2.0 * _STEPS[k])
    return slopes


def _ground(mission: Mission, latitude_rad: Any, longitude_rad: Any) -> Array:
    """The place on the ellipsoid, Earth-fixed."""
    shape = mission.environment
    flat = 0.0 * latitude_rad
    a, f = shape.equatorial_radius_m, shape.flattening
    return np.asarray(earth.site_position(latitude_rad, longitude_rad, flat, a, f))
