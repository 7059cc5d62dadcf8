"""How one flight differs from the next: the standard deviations that are drawn.

What the catalogue holds as uncertain is what nobody outside knows of a vehicle; it is
the same error on every flight. Here stands what changes from flight to flight of a
vehicle that is known: parts are weighed, tanks are gauged, engines are tested before.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from cosmodrome.errors import InputError
from cosmodrome.flight.variation import FAIRING, VEHICLE, Quantity, Variation
from cosmodrome.flight.vehicle import Stage, Vehicle
from cosmodrome.mission.catalogue.reading import Place, read_toml
from cosmodrome.mission.mission_nouns import to_noun
from cosmodrome.safety.drop_zones import Dispersions

__all__ = ["SOURCES", "Draw", "FlightSigmas", "draws_of", "load_sigmas", "variations"]

_FALL: Final = Dispersions()


@dataclass(frozen=True, slots=True)
class FlightSigmas:
    """One standard deviation of everything that is drawn, flight to flight.

    Parameters
    ----------
    dry_mass, propellant, fairing_mass : float, shares of the mass
    liquid_thrust, liquid_isp, solid_thrust, solid_isp, solid_propellant : float, shares
        The thrust of a solid moves with its burning rate: its burn time follows.
    drag : float, share of the drag coefficient of the stack
    ascent_density, fall_density : float, shares of the air's density, the former
        while a stage burns, the latter on its way down; one number drawn for both
    wind : float, times `safety.samples.WIND_SPREAD`; the whole profile together
    steering_rad : float, of the thrust axis in pitch and in yaw, for a whole flight
    separation_m_s : float, of each component of the push at a separation
    """

    dry_mass: float = 0.005
    propellant: float = 0.0025
    fairing_mass: float = 0.01
    liquid_thrust: float = 0.007
    liquid_isp: float = 0.002
    solid_thrust: float = 0.01
    solid_isp: float = 0.003
    solid_propellant: float = 0.001
    drag: float = 0.05
    ascent_density: float = 0.03
    fall_density: float = _FALL.density_share
    wind: float = 1.0
    steering_rad: float = 0.003
    separation_m_s: float = _FALL.push_m_s

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            most = 0.2 if one.name not in ("wind", "separation_m_s") else 100.0
            if not 0.0 <= value <= most:
                raise InputError(
                    f"a standard deviation {one.name} of {value} cannot be drawn",
                    key=one.name,
                    value=value,
                    allowed=f"0 to {most:g}",
                )


SOURCES: Final = {
    "dry_mass": "judged: stages are weighed to 0.1 %, serial numbers differ by about 1 %",
    "propellant": "judged: loads are gauged to some 0.3 % (mission/catalogue/uncertainty.py)",
    "fairing_mass": "judged: acoustic panels and access doors differ from mission to mission",
    "liquid_thrust": "judged: engines are set to 0.7 % at acceptance "
    "(mission/catalogue/uncertainty.py)",
    "liquid_isp": "judged: acceptance tests scatter by 0.2 % (mission/catalogue/uncertainty.py)",
    "solid_thrust": "judged: burning rate from batch to batch and with grain temperature, 1 %",
    "solid_isp": "judged: nozzle erosion and inert expelled; half as much again as a liquid's",
    "solid_propellant": "judged: a cast grain is weighed",
    "drag": "judged: one vehicle from flight to flight; which curve is right is the "
    "catalogue's uncertainty, 20 %",
    "ascent_density": "judged: air below 20 km about the standard atmosphere, some per cent",
    "fall_density": "as `cosmodrome dropzones`: safety.drop_zones.Dispersions",
    "wind": "as `cosmodrome dropzones`: WIND_SPREAD, of the order of monthly deviations "
    "in range reference atmospheres at middle latitudes",
    "steering_rad": "judged: 0.17 deg between the programme and the axis flown",
    "separation_m_s": "as `cosmodrome dropzones`: safety.drop_zones.Dispersions",
}
"""Why each is what it is. None is published for a vehicle in service; a file replaces them."""


@dataclass(frozen=True, slots=True)
class Draw:
    """One number that is drawn for a flight.

    Parameters
    ----------
    name : str, unique: "thrust of URM-1"
    quantity, part : as of a `Variation`; the quantity is None for what is no part of
        the vehicle: air, wind, steering
    sigma : float, in the unit of the quantity; shares, radians or 1 otherwise
    """

    name: str
    quantity: Quantity | None
    part: str
    sigma: float


def draws_of(vehicle: Vehicle, sigmas: FlightSigmas) -> tuple[Draw, ...]:
    """Everything drawn for a flight of a vehicle, in a fixed order.

    Like units of a strap-on group differ by themselves: what is drawn is their mean,
    whose deviation is smaller by the root of their number.

    Parameters
    ----------
    vehicle : Vehicle
    sigmas : FlightSigmas

    Returns
    -------
    tuple of Draw
        First what all flights share (air, wind, steering), then part by part.
    """
    found = [
        Draw("density", None, "", 1.0),
        Draw("wind towards east", None, "", sigmas.wind),
        Draw("wind towards north", None, "", sigmas.wind),
        Draw("pitch", None, "", sigmas.steering_rad),
        Draw("yaw", None, "", sigmas.steering_rad),
        Draw("drag", "drag", VEHICLE, sigmas.drag),
    ]
    if vehicle.fairing is not None:
        mass = sigmas.fairing_mass * vehicle.fairing.mass_kg
        found.append(Draw("fairing mass", "fairing mass", FAIRING, mass))
    for stage in vehicle.stages:
        found += _of_unit(stage.name, stage, 1, sigmas)
    for group in vehicle.boosters:
        found += _of_unit(group.name, group.unit, group.count, sigmas)
    return tuple(found)


def _of_unit(name: str, stage: Stage, count: int, sigmas: FlightSigmas) -> list[Draw]:
    mean = 1.0 / math.sqrt(count)
    rows: list[tuple[Quantity, float]] = [("dry mass", sigmas.dry_mass * stage.dry_kg)]
    if stage.motor is not None:
        solid = stage.solid
        load = sigmas.solid_propellant if solid else sigmas.propellant
        isp = sigmas.solid_isp if solid else sigmas.liquid_isp
        thrust = sigmas.solid_thrust if solid else sigmas.liquid_thrust
        rows += [
            ("propellant", load * stage.loaded_kg),
            ("specific impulse", isp * stage.motor.isp_vac_s),
            ("thrust", thrust),
        ]
    return [Draw(f"{q} of {name}", q, name, mean * sigma) for q, sigma in rows]


def variations(draws: tuple[Draw, ...], normals: list[float]) -> tuple[Variation, ...]:
    """The changes of a vehicle that one row of standard normal numbers stands for."""
    return tuple(
        Variation(one.quantity, one.part, one.sigma * z)
        for one, z in zip(draws, normals, strict=True)
        if one.quantity is not None
    )


def load_sigmas(path: str | os.PathLike[str]) -> FlightSigmas:
    """Standard deviations from a TOML file; what is not there is as usual.

    Raises
    ------
    InputError
        Unknown key, wrong type, or a number out of range.
    """
    raw = read_toml(Path(path))
    return to_noun(FlightSigmas, raw, Place(str(path)), complete=False)
