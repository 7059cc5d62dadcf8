"""Short calls: what the page asks while somebody types, and files made of a finished run."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from cosmodrome.errors import InputError
from cosmodrome.web.work import Made, Place, Tell

__all__ = ["ANSWER_FILE", "CALLS"]

ANSWER_FILE: Final = "answer.json"

_EDGE_RAD: Final = math.radians(0.1)
_FORMS: Final = {"oem-xml": "oem.xml", "opm-xml": "opm.xml", "omm-xml": "omm.xml"}


def _answered(place: Place, document: Any) -> Made:
    from cosmodrome.report.as_json import json_text

    (place.folder / ANSWER_FILE).write_text(json_text(document), "utf-8")
    return Made()


# ---------------------------------------------------------------------- while somebody types


def ask(asked: Mapping[str, Any], place: Place, _tell: Tell) -> Made:
    """Whether a job's question can be used, without working on it."""
    from cosmodrome.web.doors import JOBS

    JOBS[asked["kind"]](asked["question"], place)
    return Made()


def orbit(asked: Mapping[str, Any], place: Place, _tell: Tell) -> Made:
    """An orbit text as it is understood, and what a site makes of it."""
    from cosmodrome.mission.orbit_text import describe, parse_orbit, to_fields

    target = parse_orbit(asked["orbit"])
    document: dict[str, Any] = {"text": target.text, "told": describe(target)}
    document["target"] = to_fields(target)
    site = None if asked["site"] is None else _pad(asked["site"], _own_vehicle(asked, place))
    document["site"] = None if site is None else _ground(site)
    document["reach"] = None if site is None else _reach(site, target)
    return _answered(place, document)


def _own_vehicle(asked: Mapping[str, Any], place: Place) -> str | Path | None:
    """The vehicle by its name, or the file that was handed in."""
    if not asked["vehicle_file"]:
        return None if asked["vehicle"] is None else str(asked["vehicle"])
    from cosmodrome.web.uploads import checked_toml

    file = Path(str(place.named(asked["vehicle_file"])))
    checked_toml(file)
    return file


def _pad(name: str, vehicle: str | Path | None) -> Any:
    """The site with the vehicle's own pad, as a plan takes it."""
    from cosmodrome.mission.catalogue import default_pad
    from cosmodrome.prompt import sheet_from, site_from

    sheet = site_from(name)
    if vehicle is not None and not sheet.pad:
        sheet = site_from(default_pad(sheet_from(vehicle), sheet.name))
    return sheet.site()


def _ground(site: Any) -> dict[str, Any]:
    from cosmodrome.prompt.corridors import corridor_rows

    corridors = [[math.degrees(x) for x in pair] for pair in site.azimuths_rad]
    latitude_deg = math.degrees(site.latitude_rad)
    return {
        "name": site.name,
        "pad": site.pad,
        "latitude_deg": latitude_deg,
        "longitude_deg": math.degrees(site.longitude_rad),
        "geocentric_latitude_deg": math.degrees(_geocentric(site)),
        "corridors_deg": corridors,
        "inclinations": [
            {"azimuths": azimuths, "inclinations": reached}
            for azimuths, reached in corridor_rows(corridors, latitude_deg)
        ],
    }


def _geocentric(site: Any) -> float:
    from cosmodrome.mission.nouns import Environment
    from cosmodrome.world.earth import geocentric_latitude

    planet = Environment()
    radius, flattening = planet.equatorial_radius_m, planet.flattening
    return float(geocentric_latitude(site.latitude_rad, site.altitude_m, radius, flattening))


def _reach(site: Any, target: Any) -> dict[str, Any]:
    """Whether a direct ascent leads there; doglegs are for the plan to find."""
    from cosmodrome.windows.climbs import direct_climbs
    from cosmodrome.windows.opportunities import in_corridor

    tilt = target.inclination_rad
    if tilt is None or target.apogee_radius_m is None:
        told = "the inclination is free: the plan takes the best that the site reaches"
        return {"verdict": "open", "told": told, "ways": []}
    latitude = abs(_geocentric(site))
    short = latitude - min(tilt, math.pi - tilt)
    try:
        climbs = direct_climbs(site, target)
    except InputError:
        climbs = ()
    ways = [
        {
            "node": one.leg,
            "azimuth_deg": math.degrees(one.azimuth_rad),
            "inertial_azimuth_deg": math.degrees(one.inertial_azimuth_rad),
            "in_corridor": in_corridor(one, site),
        }
        for one in climbs
    ]
    limit = f"{math.degrees(latitude):.2f} deg"
    if not ways:
        told = (
            f"{math.degrees(tilt):g} deg lies {math.degrees(short):.2f} deg below the site's "
            f"geocentric latitude, {limit}: it takes a dogleg and costs payload"
        )
        return {"verdict": "below_latitude", "told": told, "ways": ways}
    if not any(way["in_corridor"] for way in ways):
        azimuths = " or ".join(f"{way['azimuth_deg']:.1f} deg" for way in ways)
        told = f"a direct launch at {azimuths} lies outside the site's corridor: it takes a dogleg"
        return {"verdict": "outside_corridor", "told": told, "ways": ways}
    if abs(short) < _EDGE_RAD:
        told = f"at the edge of reach, {limit}: launch due east"
        return {"verdict": "edge", "told": told, "ways": ways}
    azimuths = " or ".join(f"{w['azimuth_deg']:.1f} deg" for w in ways if w["in_corridor"])
    return {"verdict": "direct", "told": f"a direct launch at azimuth {azimuths}", "ways": ways}


def file(asked: Mapping[str, Any], place: Place, _tell: Tell) -> Made:
    """What a file is that was handed in."""
    from cosmodrome.web.uploads import recognised

    return _answered(place, recognised(Path(str(place.named(asked["file"])))))


# ---------------------------------------------------------------------- of a finished run


def trajectory(asked: Mapping[str, Any], place: Place, _tell: Tell) -> Made:
    """The flight of a plan as columns, thinned where it has more samples than asked for."""
    from pyarrow import parquet

    folder = Path(str(place.named(asked["run"])))
    if not (folder / "trajectory.parquet").is_file():
        raise InputError("nothing was flown in this run", key="id", allowed="a run with a payload")
    table = parquet.read_table(folder / "trajectory.parquet")
    columns = table.to_pydict()
    kept = _kept(columns, table.num_rows, asked["most"])
    made = {k.decode(): v.decode() for k, v in (table.schema.metadata or {}).items()}
    document = {
        "samples": len(kept),
        "thinned": len(kept) < table.num_rows,
        "epoch_utc": made.get("cosmodrome.epoch_utc"),
        "frame": made.get("cosmodrome.frame"),
        "columns": {name: [column[k] for k in kept] for name, column in columns.items()},
    }
    return _answered(place, document)


def _kept(columns: Mapping[str, list[Any]], count: int, most: int) -> list[int]:
    """Places of the samples that stay: the ends, both sides of every change of leg, even steps."""
    if count <= most:
        return list(range(count))
    legs = columns.get("leg") or [None] * count
    sides = {k for k in range(1, count) if legs[k] != legs[k - 1]}
    fixed = {0, count - 1} | sides | {k - 1 for k in sides}
    step = count / max(most - len(fixed), 1)
    even = {int(k * step) for k in range(int(count / step))} if len(fixed) < most else set()
    return sorted(fixed | even)


def export(asked: Mapping[str, Any], place: Place, _tell: Tell) -> Made:
    """A run's flight in a standard form, as `cosmodrome export` writes it."""
    from cosmodrome.io.conversion import Label
    from cosmodrome.prompt.clock import now
    from cosmodrome.prompt.exporting import export as made
    from cosmodrome.prompt.exporting import named
    from cosmodrome.prompt.orbit_source import orbit_source

    source, form = orbit_source(place.named(asked["run"])), asked["form"]
    found = made(source, form, Label(now(), named(source), ""))
    name = f"trajectory.{_FORMS.get(form, form)}"
    (place.folder / "content").write_bytes(found.content)
    told = {"name": name, "notes": list(found.notes)}
    (place.folder / ANSWER_FILE).write_text(json.dumps(told), "utf-8")
    return Made()


def report(asked: Mapping[str, Any], place: Place, _tell: Tell) -> Made:
    """The one-file page of a finished plan, as `cosmodrome plan --out` writes it."""
    from cosmodrome.report.folder import report_of_folder

    run = Path(str(place.named(asked["run"])))
    (place.folder / "content").write_bytes(report_of_folder(run))
    return Made()


CALLS: Final[dict[str, Callable[[Any, Place, Tell], Made]]] = {
    "ask": ask,
    "orbit": orbit,
    "file": file,
    "trajectory": trajectory,
    "export": export,
    "report": report,
}
