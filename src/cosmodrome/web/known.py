"""What is known before anything is asked: the catalogue, as the page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cosmodrome.mission.catalogue import load_site, load_vehicle, site_names, vehicle_names
from cosmodrome.prompt.pass_list import known_stations
from cosmodrome.report.as_json import plain
from cosmodrome.web.drawn import value_of, vehicle_drawn
from cosmodrome.world.land import countries

__all__ = ["catalogue"]


def catalogue() -> dict[str, Any]:
    """Everything the page shows before anything is asked.

    The page waits for this: nothing is loaded for it that plans or draws.

    Returns
    -------
    dict, as JSON can hold it
        `vehicles` and `sites` as the page lists them, `vehicle_sheets` and `site_sheets`
        by name with every source, `stations`, `countries`.
    """
    loaded = {name: load_vehicle(name) for name in vehicle_names()}
    vehicles = {name: sheet.document() for name, sheet in loaded.items()}
    sites = {name: load_site(name).document() for name in site_names()}
    for sheet in (*vehicles.values(), *sites.values()):
        if sheet.get("file"):
            sheet["file"] = Path(sheet["file"]).name  # where it is installed is nobody's business
    found: dict[str, Any] = plain(
        {
            "vehicles": [vehicle_drawn(sheet) for sheet in loaded.values()],
            "vehicle_sheets": vehicles,
            "sites": [_site(sheet) for sheet in sites.values()],
            "site_sheets": sites,
            "stations": known_stations(),
            "countries": [{"name": one.name, "iso2": one.iso2} for one in countries()],
        }
    )
    return found


def _site(sheet: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("name", "title", "country", "time_zone", "reachable")
    corridors = sheet.get("corridors_deg")
    pads = [
        {"key": pad["key"], "title": pad.get("title") or pad["key"]}
        | {key: value_of(pad.get(key)) for key in ("latitude_deg", "longitude_deg", "altitude_m")}
        for pad in sheet.get("pads") or []
    ]
    points = corridors.get("points") if isinstance(corridors, Mapping) else None
    return {key: sheet.get(key) or "" for key in kept} | {
        "corridors_deg": points or [],
        "pads": pads,
    }
