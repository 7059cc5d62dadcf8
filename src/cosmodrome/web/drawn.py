"""A vehicle as the page draws it and asks about it: from the catalogue or from a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cosmodrome.mission.zones import part_names

if TYPE_CHECKING:
    from cosmodrome.mission.catalogue import VehicleSheet

__all__ = ["value_of", "vehicle_drawn"]


def value_of(figure: Any) -> float | None:
    """The value of a figure that carries its source; None where there is none."""
    return figure.get("value") if isinstance(figure, Mapping) else None


def vehicle_drawn(loaded: VehicleSheet) -> dict[str, Any]:
    """A vehicle as a picture to scale and a form need it.

    Parameters
    ----------
    loaded : VehicleSheet

    Returns
    -------
    dict
        Names, pads, what it may keep back, the parts it lets go of, sizes.
    """
    sheet = loaded.document()
    plain = ("name", "title", "status", "country", "family")
    fairing = sheet.get("fairing")
    drawing = {
        "height_m": value_of(sheet.get("height_m")),
        "stages": [_stage(one) for one in sheet.get("stages") or []],
        "strapons": [_stage(one) for one in sheet.get("strapons") or []],
        "fairing": None
        if not fairing
        else {
            "diameter_m": value_of(fairing.get("diameter_m")),
            "length_m": value_of(fairing.get("length_m")),
            "mass_kg": value_of(fairing.get("mass_kg")),
        },
    }
    recovery = [str(one.get("key") or one.get("name")) for one in sheet.get("recovery") or []]
    riders = [str(one.get("name")) for one in sheet.get("riders") or []]
    return {
        **{key: sheet.get(key) or "" for key in plain},
        "pads": [str(pad) for pad in sheet.get("pads") or []],
        "recovery": recovery,
        "riders": riders,
        "parts": list(part_names(loaded.vehicle())),
        "height_m": drawing["height_m"],
        "drawing": drawing,
    }


def _stage(one: Mapping[str, Any]) -> dict[str, Any]:
    numbers = ("diameter_m", "length_m", "propellant_kg", "dry_kg", "thrust_vac_n")
    counts = {key: int(value_of(one.get(key)) or 1) for key in ("count", "burns")}
    said = {"key": one.get("key") or one.get("use") or one.get("name"), "name": one.get("name")}
    solid = {"solid": bool(one.get("solid"))}
    return said | solid | counts | {key: value_of(one.get(key)) for key in numbers}
