"""What a planned flight drops on its way, and what it takes to orbit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.flight.vehicle import Stage, Vehicle
from cosmodrome.mission.catalogue import VehicleSheet, load_vehicle
from cosmodrome.mission.catalogue.sheet import FairingSheet, StageSheet
from cosmodrome.mission.nouns import Mission
from cosmodrome.orbit.elements import elements_from_state
from cosmodrome.safety.ballistic import (
    Ballistic,
    blunt_block,
    fairing_half,
    fragments,
    guessed_cylinder,
    tumbling_cylinder,
)
from cosmodrome.safety.parts import BreakUp, JettisonedPart, Kind
from cosmodrome.verify.fly import Flight, Flown
from cosmodrome.world import earth
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import State

__all__ = ["Dropped", "KeptUp", "dropped_parts", "known_sheet"]

Array = NDArray[np.float64]

_FAIRING_HALVES: Final = 2
# A part whose path stays above this all round does not come down by itself at once.
_STAYS_UP_M: Final = 80e3
# Meeting the air faster than this a stage comes apart: an assumption. First stages
# are found whole below 3 km/s, second stages of 4 km/s and more in pieces.
_BREAKS_M_S: Final = 3000.0
_BREAKS_BETWEEN_M: Final = (40e3, 80e3)
_AIR_M: Final = 80e3
_MUCH_LEFT: Final = 0.05  # share of its propellant that a stage falls with, worth telling


@dataclass(frozen=True, slots=True)
class KeptUp:
    """Something that is not dropped: it reaches orbit, or leaves the Earth.

    Parameters
    ----------
    name : str
    mass_kg : float
    perigee_m, apogee_m : float, above the equatorial radius; apogee infinite on an escape
    told : str, what becomes of it, and which command goes on from there
    """

    name: str
    mass_kg: float
    perigee_m: float
    apogee_m: float
    told: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """Parts in the order they are let go, what stays up, and what is to be said.

    Parameters
    ----------
    parts : tuple of JettisonedPart
    kept_up : tuple of KeptUp
    notes : tuple of str
    """

    parts: tuple[JettisonedPart, ...]
    kept_up: tuple[KeptUp, ...]
    notes: tuple[str, ...]


def known_sheet(mission: Mission) -> VehicleSheet | None:
    """The catalogue's sheet of a mission's vehicle, for the sizes of its stages.

    None for a vehicle that the catalogue does not have.
    """
    try:
        return load_vehicle(mission.vehicle.name)
    except InputError:
        return None


def dropped_parts(
    mission: Mission, flight: Flight, epoch_utc: str, sheet: VehicleSheet | None = None
) -> Dropped:
    """The parts of a re-flown plan at the instants they are let go.

    Parameters
    ----------
    mission : Mission, as it was planned
    flight : Flight, of `verify.fly`
    epoch_utc : str, of lift-off
    sheet : VehicleSheet or None
        Where sizes are taken from; without it they are guessed from the propellant.

    Returns
    -------
    Dropped
        Strap-ons group by group. What would stay in orbit is not a part.

    Accuracy
    --------
    States as the re-flight's, no push at separation. The Earth's attitude is the
    flight's own: the ground below is where the plan had it.
    """
    epoch = Epoch.parse(epoch_utc)
    parts: list[JettisonedPart] = []
    kept: list[KeptUp] = []
    for leg in flight.legs[1:]:
        if leg.leg.dropped_kg <= 0.0:
            continue
        for piece in _let_go(mission.vehicle, leg, sheet):
            part = _part(mission, flight, leg, epoch, piece)
            orbit = _staying_up(mission, part, leg)
            (parts if orbit is None else kept).append(part if orbit is None else orbit)  # type: ignore[arg-type]
    kept.append(_last(mission, flight))
    return Dropped(tuple(parts), tuple(kept), _notes(mission, parts))


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is let go, before its state is known."""

    name: str
    kind: Kind
    count: int
    mass_kg: float
    ballistic: Ballistic


def _let_go(vehicle: Vehicle, leg: Flown, sheet: VehicleSheet | None) -> list[_Piece]:
    """The pieces that leave at the start of a leg; masses of all add up to what it drops."""
    found: list[_Piece] = []
    stage: Stage | None = None
    for event in leg.leg.events:
        if event == "fairing jettison" and vehicle.fairing is not None:
            found.append(_fairing(vehicle.fairing.mass_kg, sheet))
        elif event.endswith(" jettison"):
            found += _other(vehicle, event)
        elif event.endswith(" separation"):
            name = event.removesuffix(" separation")
            found += _strap_ons(vehicle, name, sheet)
            stage = next((one for one in vehicle.stages if one.name == name), stage)
    if stage is not None:
        left = leg.leg.dropped_kg - sum(one.count * one.mass_kg for one in found)
        found.append(_Piece(stage.name, "stage", 1, left, _cylinder(stage, left, sheet)))
    return found


def _fairing(mass_kg: float, sheet: VehicleSheet | None) -> _Piece:
    half = mass_kg / _FAIRING_HALVES
    known: FairingSheet | None = None if sheet is None else sheet.fairing
    if known is not None and known.diameter_m is not None:
        diameter = known.diameter_m.value
        # Fairings are three times as long as wide where nobody says.
        length = 3.0 * diameter if known.length_m is None else known.length_m.value
        ballistic = fairing_half(half, diameter, length)
    else:
        ballistic = blunt_block(half)
    return _Piece("fairing", "fairing", _FAIRING_HALVES, half, ballistic)


def _other(vehicle: Vehicle, event: str) -> list[_Piece]:
    name = event.removesuffix(" jettison")
    return [
        _Piece(one.name, "other", 1, one.mass_kg, blunt_block(one.mass_kg))
        for one in vehicle.jettisons
        if one.name == name
    ]


def _strap_ons(vehicle: Vehicle, name: str, sheet: VehicleSheet | None) -> list[_Piece]:
    found = []
    for group in vehicle.boosters:
        if group.name == name:
            mass = group.unit.dry_kg + group.unit.residual_kg
            ballistic = _cylinder(group.unit, mass, sheet)
            found.append(_Piece(group.name, "strap-on", group.count, mass, ballistic))
    return found


def _cylinder(stage: Stage, mass_kg: float, sheet: VehicleSheet | None) -> Ballistic:
    """By its size where the catalogue has it, else by the room its propellant needs."""
    diameter = length = None
    if sheet is not None:
        known = _sheet_of(stage.name, sheet)
        if known is not None and known.diameter_m is not None:
            diameter = known.diameter_m.value
            length = None if known.length_m is None else known.length_m.value
    if diameter is not None and length is not None:
        return tumbling_cylinder(mass_kg, diameter, length)
    return guessed_cylinder(mass_kg, stage.loaded_kg, diameter)


def _sheet_of(name: str, sheet: VehicleSheet) -> StageSheet | None:
    every: dict[str, StageSheet] = {**sheet.stages, **sheet.strapons}
    return next((one for key, one in every.items() if name in (key, one.name)), None)


def _part(
    mission: Mission, flight: Flight, leg: Flown, epoch: Epoch, piece: _Piece
) -> JettisonedPart:
    """A piece with its state at the start of the leg, over the turning Earth."""
    environment = mission.environment
    t = float(leg.t_s[0])
    turned = flight.meridian_rad + environment.rotation_rad_s * t - mission.site.longitude_rad
    r = earth.rotate_z(leg.y[0, :3], -turned)
    v = earth.rotate_z(leg.y[0, 3:6], -turned)
    v = v - np.cross([0.0, 0.0, environment.rotation_rad_s], r)
    breakup = None
    if piece.kind == "stage" and _meets_air_at(r, v, mission) > _BREAKS_M_S:
        breakup = BreakUp(*_BREAKS_BETWEEN_M, fragments())
    return JettisonedPart(
        piece.name,
        piece.kind,
        piece.count,
        piece.mass_kg,
        piece.ballistic,
        t,
        State(epoch + t, "ITRF", r, v),
        breakup,
    )


def _meets_air_at(r: Array, v: Array, mission: Mission) -> float:
    """Speed over the ground at which a body will meet the air, by its energy."""
    mu, radius = mission.environment.mu_m3_s2, mission.environment.equatorial_radius_m
    height = float(np.linalg.norm(r))
    gained = max(2.0 * mu * (1.0 / (radius + _AIR_M) - 1.0 / height), 0.0)
    return sqrt(float(v @ v) + gained)


def _staying_up(mission: Mission, part: JettisonedPart, leg: Flown) -> KeptUp | None:
    perigee, apogee = _heights(mission, leg.y[0])
    if perigee < _STAYS_UP_M:
        return None
    if apogee == float("inf"):
        told = "leaves the Earth with the rest"
    else:
        told = "is let go in orbit: see `lifetime`"
    return KeptUp(part.name, part.count * part.mass_kg, perigee, apogee, told)


def _heights(mission: Mission, y: Array) -> tuple[float, float]:
    """Perigee and apogee of a state, metres above the equatorial radius."""
    environment = mission.environment
    found = elements_from_state(y[:3], y[3:6], environment.mu_m3_s2)
    radius = environment.equatorial_radius_m
    closed = float(found.eccentricity) < 1.0
    apogee = float(found.apogee_radius_m) - radius if closed else float("inf")
    return float(found.perigee_radius_m) - radius, apogee


def _last(mission: Mission, flight: Flight) -> KeptUp:
    """The last stage, which is on the target orbit when the flight ends."""
    stage = mission.vehicle.stages[-1]
    perigee, apogee = _heights(mission, flight.end)
    if apogee == float("inf"):
        told = "leaves the Earth with the payload"
    elif perigee < _STAYS_UP_M:
        told = "ends on a path that comes down within a revolution; the plan does not say where"
    else:
        told = "is in orbit with the payload until it is brought down: see `lifetime`"
    return KeptUp(stage.name, stage.dry_kg + stage.residual_kg, perigee, apogee, told)


def _notes(mission: Mission, parts: Sequence[JettisonedPart]) -> tuple[str, ...]:
    """What a drop zone does not tell: a stage that flies on by itself."""
    vehicle = mission.vehicle
    units = {stage.name: stage for stage in vehicle.stages}
    units |= {group.name: group.unit for group in vehicle.boosters}
    return tuple(
        f"{part.name} falls with {units[part.name].residual_kg:.0f} kg of propellant kept back: "
        "a return under power is not followed, this is where it falls without"
        for part in parts
        if part.name in units
        and units[part.name].residual_kg > _MUCH_LEFT * units[part.name].loaded_kg
    )
