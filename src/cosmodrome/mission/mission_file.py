"""Missions as TOML files: written by people, or resolved for a run folder."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import tomli_w

from cosmodrome.errors import InputError
from cosmodrome.mission.catalogue import (
    SiteSheet,
    VehicleSheet,
    default_pad,
    load_site,
    load_vehicle,
    read_site,
    read_vehicle,
)
from cosmodrome.mission.catalogue.keeping import KeptBack, keeping_back
from cosmodrome.mission.catalogue.reading import Place, nearest, read_toml
from cosmodrome.mission.mission_nouns import from_noun, to_noun
from cosmodrome.mission.nouns import Environment, Limits, Mission, Target, Zone
from cosmodrome.mission.orbit_text import from_fields, parse_orbit
from cosmodrome.mission.zone_record import with_rings, zone_table
from cosmodrome.mission.zones import site_zones, with_zones, zone_from

__all__ = [
    "DEFAULT_EPOCH_UTC",
    "load_mission",
    "load_mission_and_sheet",
    "make_mission",
    "mission_toml",
    "read_mission",
]

DEFAULT_EPOCH_UTC = "2027-03-20T12:00:00Z"

_RESOLVED = "resolved"
_HEADER = (
    "# A resolved mission: plain SI values, every default written out.\n"
    "# Planning it again gives the same answer.\n\n"
)
_TABLES = ("form", "mission", "vehicle", "site", "target", "environment", "limits")
_MISSION_KEYS = (
    "name",
    "vehicle",
    "riders",
    "recovery",
    "reserve_m_s",
    "disposal_m_s",
    "site",
    "orbit",
    "payload_kg",
    "epoch_utc",
    "inertial_angle_deg",
)
_EPOCH = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:(\d\d)(\.\d+)?Z")

# Key of the [limits] table: field of Limits, factor to SI.
_LIMITS = {
    "dynamic_pressure_pa": ("dynamic_pressure_pa", 1.0),
    "acceleration_m_s2": ("acceleration_m_s2", 1.0),
    "q_alpha_pa_deg": ("q_alpha_pa_rad", math.pi / 180.0),
    "heating_w_m2": ("heating_w_m2", 1.0),
    "pitch_rate_deg_s": ("pitch_rate_rad_s", math.pi / 180.0),
    "coast_perigee_km": ("coast_perigee_radius_m", 1000.0),
}
_LIMIT_KEYS = ("all", *_LIMITS, "vertical_rise_s", "azimuths_deg", "zones")
_ZONE_KEYS = ("part", "inside", "outside", "margin_km")


def make_mission(
    vehicle: VehicleSheet,
    site: SiteSheet,
    target: Target,
    *,
    payload_kg: float | None = None,
    epoch_utc: str = DEFAULT_EPOCH_UTC,
    environment: Environment | None = None,
    name: str = "",
) -> Mission:
    """A mission from catalogue sheets, with the vehicle's own limits and the site's corridor.

    Parameters
    ----------
    vehicle : VehicleSheet
    site : SiteSheet
        Without a chosen pad the vehicle's own is taken where known.
    target : Target
    payload_kg : float or None
        None asks for the largest payload.
    epoch_utc : str, ISO 8601 with Z
    environment : Environment or None, the WGS-84 Earth by default
    name : str

    Returns
    -------
    Mission

    Raises
    ------
    InputError
        A payload that is negative or not finite, or an epoch that cannot be read.
    """
    place = Place("mission", ("mission",))
    earth = environment or Environment()
    pad, flown = _with_pad(vehicle, site).site(), vehicle.vehicle()
    mission = Mission(
        vehicle=flown,
        site=pad,
        target=target,
        limits=vehicle.limits(pad, earth),
        environment=earth,
        epoch_utc=_epoch(epoch_utc, place.at("epoch_utc")),
        payload_kg=_payload(payload_kg, place.at("payload_kg")),
        name=name,
    )
    return with_zones(mission, site_zones(flown, site.keep_off, site.drop_inside, site.file))


def load_mission(path: str | Path) -> Mission:
    """A mission from a TOML file, written by hand or resolved.

    The `[mission]` table names `vehicle`, `site` and `orbit`, and may say what the
    vehicle keeps back: `recovery`, `reserve_m_s`, `disposal_m_s`. Instead of a name
    there may be a table `[vehicle]`, `[site]` or `[target]` with the thing
    itself, and `vehicle` and `site` may be paths, counted from the file's
    folder. `[environment]` changes the Earth, `[limits]` the vehicle's limits:
    a number sets one, "off" takes it away, `all = "off"` takes all away. Each
    `[[limits.zones]]` names a `part`, the area it comes down `inside` or `outside` of
    (a GeoJSON file or a country), and maybe a `margin_km`.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Mission

    Raises
    ------
    InputError
        Names file, key, value and what is allowed.
    """
    return load_mission_and_sheet(path)[0]


def load_mission_and_sheet(path: str | Path) -> tuple[Mission, VehicleSheet | None]:
    """As `load_mission`, with the sheet its vehicle was made from.

    None for a resolved mission, which has plain numbers without sources.
    """
    return _read(read_toml(Path(path)), str(path))


def read_mission(raw: dict[str, Any], file: str) -> Mission:
    """A mission from a parsed file; see `load_mission`."""
    return _read(raw, file)[0]


def _read(raw: dict[str, Any], file: str) -> tuple[Mission, VehicleSheet | None]:
    place = Place(file)
    _known(raw, _TABLES, place)
    if raw.get("form") == _RESOLVED:
        return _read_resolved(raw, place), None
    if "form" in raw:
        raise place.at("form").refuse("unknown form", raw["form"], f'"{_RESOLVED}", or no `form`')
    head = raw.get("mission", {})
    spot = place.at("mission")
    _known(head, _MISSION_KEYS, spot)
    earth = to_noun(
        Environment, raw.get("environment", {}), place.at("environment"), complete=False
    )
    _check_earth(earth, place.at("environment"))
    vehicle = _vehicle(raw, spot)
    mission = make_mission(
        vehicle,
        _site(raw, vehicle, spot),
        _target(raw, earth, spot),
        payload_kg=_payload(head.get("payload_kg"), spot.at("payload_kg")),
        epoch_utc=_epoch(head.get("epoch_utc", DEFAULT_EPOCH_UTC), spot.at("epoch_utc")),
        environment=earth,
        name=_text(head, "name", spot),
    )
    angle = head.get("inertial_angle_deg")
    if angle is not None:
        angle = math.radians(_number(angle, spot.at("inertial_angle_deg")))
    table, spot = raw.get("limits", {}), place.at("limits")
    limits = _limits(mission.limits, table, earth, spot)
    mission = replace(mission, limits=limits, inertial_angle_rad=angle)
    zones = _zones(table.get("zones", []), spot.at("zones"))
    return with_zones(mission, zones), vehicle


def mission_toml(mission: Mission) -> str:
    """The resolved mission as TOML: `load_mission` of it gives an equal mission.

    Parameters
    ----------
    mission : Mission

    Returns
    -------
    str
        Floats are written so that they read back bit by bit. A zone that is a whole
        country is written by its name and a hash of its corners.
    """
    table = from_noun(mission)
    listed = zip(table["limits"]["zones"], mission.limits.zones, strict=True)
    table["limits"]["zones"] = [zone_table(one, zone) for one, zone in listed]
    rooms = ("vehicle", "site", "target", "environment", "limits")
    head = {key: value for key, value in table.items() if key not in rooms}
    document = {"form": _RESOLVED, "mission": head, **{key: table[key] for key in rooms}}
    return _HEADER + tomli_w.dumps(document)


def _read_resolved(raw: dict[str, Any], place: Place) -> Mission:
    rest = {key: value for key, value in raw.items() if key not in ("form", "mission")}
    head = raw.get("mission", {})
    if not isinstance(head, dict):
        raise place.at("mission").refuse("must be a table", head, "a table")
    rest = with_rings(rest, place)
    mission = to_noun(Mission, {**head, **rest}, place, complete=True)
    _payload(mission.payload_kg, place.at("mission").at("payload_kg"))
    _epoch(mission.epoch_utc, place.at("mission").at("epoch_utc"))
    _check_earth(mission.environment, place.at("environment"))
    if not mission.vehicle.stages:
        raise place.at("vehicle").at("stages").refuse("has no stage", [], "at least one stage")
    return mission


def _known(raw: object, keys: tuple[str, ...], place: Place) -> dict[str, Any]:
    """The table, if it is one and holds no other keys."""
    if not isinstance(raw, dict):
        raise place.refuse("must be a table", raw, "a table")
    for key in raw:
        if key not in keys:
            raise place.at(key).refuse(
                f"unknown key{nearest(key, keys)}", raw[key], ", ".join(keys)
            )
    return raw


def _either(raw: dict[str, Any], table: str, key: str, place: Place) -> None:
    """Exactly one of a name in [mission] and a table of its own."""
    named = key in raw.get("mission", {})
    if named == (table in raw):
        fault = "is given twice" if named else "is missing"
        raise place.at(key).refuse(
            fault,
            raw.get("mission", {}).get(key),
            f"`{key}` here or a table [{table}], one of them",
        )


def _name_or_path(raw: dict[str, Any], key: str, place: Place) -> str | Path:
    """A name, or a path counted from the mission file's folder."""
    text = raw["mission"][key]
    if not isinstance(text, str):
        raise place.at(key).refuse("must be a text", text, "a name or the path of a TOML file")
    return Path(place.file).parent / text if text.endswith(".toml") else text


def _placed(error: InputError, place: Place) -> InputError:
    """An error from below, told where in the mission file it comes from."""
    return error if error.file else place.refuse(error.message, error.value, error.allowed)


def _vehicle(raw: dict[str, Any], place: Place) -> VehicleSheet:
    """The sheet of the vehicle, keeping back what the mission says."""
    kept = _kept_back(raw.get("mission", {}), place)
    sheet = _sheet(raw, place)
    try:
        return keeping_back(sheet, kept)
    except InputError as error:
        raise _placed(error, place.at(error.key or "vehicle")) from error


def _kept_back(head: dict[str, Any], place: Place) -> KeptBack:
    speeds = {
        key: _not_negative(head[key], place.at(key))
        for key in ("reserve_m_s", "disposal_m_s")
        if key in head
    }
    recovery = _text(head, "recovery", place) if "recovery" in head else None
    return KeptBack(recovery, speeds.get("reserve_m_s"), speeds.get("disposal_m_s"))


def _sheet(raw: dict[str, Any], place: Place) -> VehicleSheet:
    _either(raw, "vehicle", "vehicle", place)
    if "vehicle" in raw:
        return read_vehicle(raw["vehicle"], place.file, ("vehicle",))
    riders = raw["mission"].get("riders", "default")
    try:
        return load_vehicle(_name_or_path(raw, "vehicle", place), riders=riders)
    except InputError as error:
        key = error.key if error.key == "riders" else "vehicle"
        raise _placed(error, place.at(key)) from error


def _site(raw: dict[str, Any], vehicle: VehicleSheet, place: Place) -> SiteSheet:
    _either(raw, "site", "site", place)
    if "site" in raw:
        table = raw["site"]
        if isinstance(table, dict) and "latitude_deg" in table:
            table = _one_pad(table)
        return read_site(table, place.file, ("site",))
    try:
        return _with_pad(vehicle, load_site(_name_or_path(raw, "site", place)))
    except InputError as error:
        raise _placed(error, place.at("site")) from error


def _one_pad(table: dict[str, Any]) -> dict[str, Any]:
    """A site with its coordinates written in it has one pad."""
    inside = ("latitude_deg", "longitude_deg", "altitude_m")
    pad = {key: table[key] for key in inside if key in table}
    return {k: v for k, v in table.items() if k not in inside} | {"pads": {"pad": pad}}


def _with_pad(vehicle: VehicleSheet, site: SiteSheet) -> SiteSheet:
    """The site with the vehicle's own pad chosen, if it is one of the catalogue."""
    own = any(pad.partition("/")[0] == site.name for pad in vehicle.pads)
    return site if site.pad or not own else load_site(default_pad(vehicle, site.name))


def _target(raw: dict[str, Any], earth: Environment, place: Place) -> Target:
    _either(raw, "target", "orbit", place)
    known: dict[str, float] = {
        "equatorial_radius_m": earth.equatorial_radius_m,
        "mu_m3_s2": earth.mu_m3_s2,
    }
    if earth.zonals:
        # Without it a sun-synchronous orbit is that of the real Earth.
        known["j2"] = earth.zonals[0]
    spot = place.at("orbit")
    try:
        if "target" not in raw:
            text = raw["mission"]["orbit"]
            if not isinstance(text, str):
                raise spot.refuse("must be a text", text, "an orbit text")
            return parse_orbit(text, **known)
        spot = Place(place.file, ("target",))
        return _by_fields(raw["target"], known, spot)
    except InputError as error:
        raise _placed(error, spot if spot.key != "target" else spot.at(error.key or "")) from error


def _by_fields(table: object, known: dict[str, float], place: Place) -> Target:
    """A target field by field; size and shape may be semi-major axis and eccentricity."""
    if not isinstance(table, dict):
        raise place.refuse("must be a table", table, "a table")
    if not {"semi_major_axis_m", "eccentricity"} & set(table):
        return from_fields(table, **known)
    a_m = _number(table.get("semi_major_axis_m"), place.at("semi_major_axis_m"))
    e = _number(table.get("eccentricity"), place.at("eccentricity"))
    if not 0.0 <= e < 1.0:
        raise place.at("eccentricity").refuse("is not that of an ellipse", e, "0 to below 1")
    both = [key for key in ("perigee_km", "apogee_km", "altitude_km") if key in table]
    if both:
        raise place.at(both[0]).refuse("the size is given twice", table[both[0]])
    low_m, high_m = a_m * (1.0 - e), a_m * (1.0 + e)
    radius_m = known["equatorial_radius_m"]
    rest = {k: v for k, v in table.items() if k not in ("semi_major_axis_m", "eccentricity")}
    heights = {"perigee_km": (low_m - radius_m) / 1e3, "apogee_km": (high_m - radius_m) / 1e3}
    target = from_fields({**rest, **heights}, **known)
    return replace(target, perigee_radius_m=low_m, apogee_radius_m=high_m)


def _limits(limits: Limits, table: object, earth: Environment, place: Place) -> Limits:
    """The vehicle's limits with a mission's changes laid over them."""
    table = _known(table, _LIMIT_KEYS, place)
    if "all" in table:
        if table["all"] != "off":
            raise place.at("all").refuse("can only be switched off", table["all"], '"off"')
        limits = Limits(vertical_rise_s=limits.vertical_rise_s)
    changes: dict[str, Any] = {}
    for key, (field, factor) in _LIMITS.items():
        if key in table and table[key] == "off":
            changes[field] = None
        elif key in table:
            changes[field] = factor * _positive(table[key], place.at(key))
    if changes.get("coast_perigee_radius_m") is not None:
        changes["coast_perigee_radius_m"] += earth.equatorial_radius_m
    if "vertical_rise_s" in table:
        rise = table["vertical_rise_s"]
        changes["vertical_rise_s"] = (
            0.0 if rise == "off" else _not_negative(rise, place.at("vertical_rise_s"))
        )
    if "azimuths_deg" in table:
        changes["azimuths_rad"] = _azimuths(table["azimuths_deg"], place.at("azimuths_deg"))
    return replace(limits, **changes)


def _azimuths(value: object, place: Place) -> tuple[tuple[float, float], ...]:
    if value == "off":
        return ()
    pairs = value if isinstance(value, list) else [value]
    result = []
    for pair in pairs:
        if not isinstance(pair, list) or len(pair) != 2:
            raise place.refuse("must be pairs of azimuths", pair, '[[from, to], ...] or "off"')
        start, end = (_not_negative(azimuth, place) for azimuth in pair)
        result.append((math.radians(start), math.radians(end)))
    return tuple(result)


def _zones(value: object, place: Place) -> list[Zone]:
    """Zones as `[[limits.zones]]`: paths are counted from the mission file's folder."""
    if not isinstance(value, list):
        raise place.refuse("must be a list of tables", value, "[[limits.zones]]")
    return [_zone(one, place.at(str(number))) for number, one in enumerate(value)]


def _zone(value: object, place: Place) -> Zone:
    table = _known(value, _ZONE_KEYS, place)
    sides = [side for side in ("inside", "outside") if side in table]
    if len(sides) != 1:
        raise place.refuse("needs one side", list(table), "`inside` or `outside`, one of them")
    try:
        return zone_from(
            _text(table, sides[0], place),
            _text(table, "part", place),
            inside=sides[0] == "inside",
            margin_m=1e3 * _not_negative(table.get("margin_km", 0.0), place.at("margin_km")),
            folder=Path(place.file).parent,
        )
    except InputError as error:
        raise _placed(error, place.at(sides[0])) from error


def _number(value: object, place: Place) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise place.refuse(f"{value!r} is not a finite number", value, "a finite number")
    return float(value)


def _not_negative(value: object, place: Place) -> float:
    number = _number(value, place)
    if number < 0.0:
        raise place.refuse(f"{number:g} is negative", value, "zero or more")
    return number


def _positive(value: object, place: Place) -> float:
    number = _number(value, place)
    if number <= 0.0:
        raise place.refuse(f"{number:g} is not above zero", value, 'above zero, or "off"')
    return number


def _payload(value: object, place: Place) -> float | None:
    return None if value is None else _not_negative(value, place)


def _text(table: dict[str, Any], key: str, place: Place) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise place.at(key).refuse("must be a text", value, "a text")
    return value


def _epoch(value: object, place: Place) -> str:
    """An instant in UTC as text with Z; a TOML date-time with an offset is converted."""
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        utc = value.astimezone(dt.UTC).replace(tzinfo=None)
        return utc.isoformat() + "Z"
    match = _EPOCH.fullmatch(value) if isinstance(value, str) else None
    if match is None or not isinstance(value, str):
        raise place.refuse(f"{value!r} is no instant", value, "2027-03-20T12:00:00Z")
    # datetime knows no leap second, which is a valid UTC instant.
    ordinary = value[:17] + "59" + value[19:] if match[1] == "60" else value
    try:
        dt.datetime.fromisoformat(ordinary)
    except ValueError as error:
        raise place.refuse(f"{value!r}: {error}", value, "2027-03-20T12:00:00Z") from error
    return value


def _check_earth(earth: Environment, place: Place) -> None:
    for name in ("mu_m3_s2", "equatorial_radius_m", "gravity_radius_m", "g0_m_s2"):
        _positive(getattr(earth, name), place.at(name))
    if not 0.0 <= earth.flattening < 1.0:
        raise place.at("flattening").refuse("is no flattening", earth.flattening, "0 to below 1")
    _not_negative(earth.atmosphere.surface_density_kg_m3, place.at("atmosphere"))
    _positive(earth.atmosphere.scale_height_m, place.at("atmosphere"))
