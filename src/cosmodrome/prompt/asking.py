"""From names and texts to a mission, for every door that takes them."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Literal

from cosmodrome.errors import InputError
from cosmodrome.mission.catalogue import SiteSheet, VehicleSheet, load_site, load_vehicle
from cosmodrome.mission.catalogue.keeping import AS_STATED, KeptBack, keeping_back
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.nouns import Mission, Target
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.prompt.plainly import refused_as_file
from cosmodrome.world.epoch import Epoch

__all__ = ["Riders", "changed", "mission_from", "sheet_from", "site_from"]

Riders = Literal["default", "all", "none"]


def mission_from(
    vehicle: str | Path | VehicleSheet,
    site: str | Path | SiteSheet,
    orbit: str | Target,
    riders: Riders | None = None,
    kept: KeptBack = AS_STATED,
) -> Mission:
    """The mission of a vehicle, a site and an orbit, each by name or as a thing.

    Parameters
    ----------
    vehicle : name, path of a TOML file, or sheet
    site : name, name/pad, path of a TOML file, or sheet
    orbit : orbit text or target
    riders : what happens to inert parts that ride along; None as "default"
    kept : KeptBack, recovery and velocities instead of the sheet's

    Returns
    -------
    Mission

    Raises
    ------
    InputError
        A name or a text that cannot be used, or riders for a loaded vehicle.
    """
    sheet = sheet_from(vehicle, riders, kept)
    return make_mission(
        sheet, site_from(site), parse_orbit(orbit) if isinstance(orbit, str) else orbit
    )


def sheet_from(
    vehicle: str | Path | VehicleSheet, riders: Riders | None = None, kept: KeptBack = AS_STATED
) -> VehicleSheet:
    """The sheet of a vehicle as `mission_from` flies it.

    Raises
    ------
    InputError
        A name that cannot be used, something that this vehicle cannot keep back,
        or riders for a loaded vehicle.
    """
    if not isinstance(vehicle, VehicleSheet):
        try:
            return load_vehicle(vehicle, riders=riders or "default", kept=kept)
        except InputError as error:
            _refuse_path(error, vehicle, "vehicle")
            raise
    if riders is not None:
        raise InputError(
            "riders are chosen when a vehicle is loaded",
            key="riders",
            value=riders,
            allowed="load_vehicle(name, riders=...)",
        )
    return keeping_back(vehicle, kept)


def site_from(site: str | Path | SiteSheet) -> SiteSheet:
    """The sheet of a launch site, by name, name/pad or file.

    Raises
    ------
    InputError
        A name or a file that cannot be used.
    """
    if isinstance(site, SiteSheet):
        return site
    try:
        return load_site(site)
    except InputError as error:
        _refuse_path(error, site, "site")
        raise


def _refuse_path(error: InputError, name: str | Path, what: str) -> None:
    """Where a name that was refused is a path: what is wrong with that."""
    better = refused_as_file(name, what) if error.file is None and error.key == what else None
    if better is not None:
        raise better from error


def changed(mission: Mission, payload_kg: float | None, epoch_utc: str | None) -> Mission:
    """The mission with another payload or lift-off; None leaves things as they are.

    Raises
    ------
    InputError
        A payload that is negative or not finite, or an epoch that cannot be read.
    """
    if payload_kg is not None:
        if not (math.isfinite(payload_kg) and payload_kg >= 0.0):
            raise InputError(
                f"payload {payload_kg} kg cannot be flown",
                key="payload_kg",
                value=payload_kg,
                allowed="a finite number of kilograms, zero or more",
            )
        mission = replace(mission, payload_kg=float(payload_kg))
    if epoch_utc is not None:
        mission = replace(mission, epoch_utc=str(Epoch.parse(epoch_utc)))
    return mission
