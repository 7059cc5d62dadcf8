"""From a flight vehicle back to the catalogue's sheet it was made from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cosmodrome.flight.vehicle import Vehicle
from cosmodrome.mission.catalogue.keeping import KeptBack, keeping_back
from cosmodrome.mission.catalogue.load import load_vehicle, vehicle_names
from cosmodrome.mission.catalogue.sheet import Carried, VehicleSheet

__all__ = ["sheet_behind"]

CARRIED: tuple[Carried, ...] = ("default", "none", "all")


def sheet_behind(vehicle: Vehicle) -> VehicleSheet | None:
    """The catalogue's sheet of a vehicle, with the riders, recovery and reserve that fly.

    Parameters
    ----------
    vehicle : Vehicle, as a mission has it

    Returns
    -------
    VehicleSheet or None
        `sheet.vehicle()` is the vehicle, number for number; None where no sheet
        gives it: then the catalogue's sources are not those of this flight. A
        velocity kept back that is not the sheet's stands there as a reserve
        stated with the question, disposal included.
    """
    if vehicle.name not in vehicle_names():
        return None
    for sheet in _variants(vehicle.name):
        made = sheet.vehicle()
        if made == vehicle:
            return sheet
        if replace(made, reserve_m_s=vehicle.reserve_m_s) == vehicle:
            return keeping_back(sheet, KeptBack(None, vehicle.reserve_m_s, 0.0))
    return None


def _variants(name: str) -> Iterator[VehicleSheet]:
    """A sheet of the catalogue in every way it may fly, as published first."""
    for riders in CARRIED:
        sheet = load_vehicle(name, riders=riders)
        yield sheet
        for mode in sheet.recovery_sheets:
            yield keeping_back(sheet, KeptBack(recovery=mode))
