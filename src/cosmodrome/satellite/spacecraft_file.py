"""Spacecraft as TOML files: every key checked, door units made SI once."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from cosmodrome.errors import InputError
from cosmodrome.mission.catalogue.reading import Place, nearest, read_toml
from cosmodrome.orbit.stations import station
from cosmodrome.satellite.spacecraft import (
    Array,
    Battery,
    Body,
    Ground,
    Instrument,
    Load,
    Manoeuvres,
    Part,
    Propulsion,
    Radio,
    Spacecraft,
)

__all__ = ["load_spacecraft", "read_spacecraft"]

N = TypeVar("N")

_SINGLE = {
    "array": Array,
    "battery": Battery,
    "radio": Radio,
    "instrument": Instrument,
    "propulsion": Propulsion,
    "manoeuvres": Manoeuvres,
}
_MANY = {"loads": Load, "stations": Ground, "parts": Part}
_TABLES = ("spacecraft", *_SINGLE, *_MANY)
_SYSTEM_MARGIN = "system_margin"


def load_spacecraft(path: str | Path) -> Spacecraft:
    """A spacecraft from a TOML file.

    `[spacecraft]` must be there; `[array]`, `[battery]`, `[radio]`,
    `[instrument]`, `[propulsion]`, `[manoeuvres]` and the named tables
    `[loads.NAME]`, `[stations.NAME]`, `[parts.NAME]` may be. Keys end in their
    unit.

    Parameters
    ----------
    path : str or Path

    Raises
    ------
    InputError
        Names file, key, value and what is allowed.
    """
    return read_spacecraft(read_toml(Path(path)), str(path))


def read_spacecraft(raw: Mapping[str, Any], file: str) -> Spacecraft:
    """A spacecraft from a parsed file; see `load_spacecraft`."""
    place = Place(file)
    _known(raw, _TABLES, place)
    if "spacecraft" not in raw:
        raise place.at("spacecraft").refuse("is missing", allowed="a table [spacecraft]")
    single: dict[str, Any] = {
        key: _noun(kind, raw[key], place.at(key)) for key, kind in _SINGLE.items() if key in raw
    }
    head = dict(_table(raw["spacecraft"], place.at("spacecraft")))
    spot = place.at("spacecraft")
    spec = next(f for f in dataclasses.fields(Spacecraft) if f.name == _SYSTEM_MARGIN)
    if _SYSTEM_MARGIN in head:
        single[_SYSTEM_MARGIN] = _scaled(head.pop(_SYSTEM_MARGIN), spec, spot.at(_SYSTEM_MARGIN))
    name = head.pop("name", Path(file).name.removesuffix(".toml"))
    body = _noun(Body, head, spot, name=_text(name, spot.at("name")))
    many: dict[str, Any] = {
        key: _named(kind, raw.get(key, {}), place.at(key)) for key, kind in _MANY.items()
    }
    craft = Spacecraft(body=body, **single, **many)
    _check(craft, place)
    return craft


def _table(raw: object, place: Place) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise place.refuse("must be a table", raw, "a table")
    return raw


def _known(raw: Mapping[str, Any], keys: tuple[str, ...], place: Place) -> None:
    for key in raw:
        if key not in keys:
            raise place.at(key).refuse(
                f"unknown key{nearest(key, keys)}", raw[key], ", ".join(keys)
            )


def _named(kind: type[N], raw: object, place: Place) -> tuple[N, ...]:
    """A table of tables as nouns that know their names."""
    return tuple(
        _noun(kind, table, place.at(name), name=name) for name, table in _table(raw, place).items()
    )


def _noun(kind: type[N], raw: object, place: Place, **said: Any) -> N:
    """A noun from a table, by what its fields say of their keys."""
    table = _table(raw, place)
    hints = get_type_hints(kind)
    specs = [f for f in dataclasses.fields(kind) if f.name not in said]  # type: ignore[arg-type]
    keys = {f.metadata.get("key", f.name): f for f in specs}
    _known(table, tuple(keys), place)
    for key, spec in keys.items():
        if key in table:
            said[spec.name] = _value(hints[spec.name], table[key], spec, place.at(key))
        elif spec.default is dataclasses.MISSING:
            raise place.at(key).refuse("is missing", allowed=_allowed(spec))
    return kind(**said)


def _value(hint: Any, raw: object, spec: dataclasses.Field[Any], place: Place) -> Any:
    if "key" in spec.metadata:
        return _scaled(raw, spec, place)
    if hint is bool:
        if not isinstance(raw, bool):
            raise place.refuse(f"{raw!r} is neither true nor false", raw, "true, false")
        return raw
    if get_origin(hint) is Literal:
        words = get_args(hint)
        if raw not in words:
            raise place.refuse(f"{raw!r} cannot stand here", raw, ", ".join(words))
        return raw
    return _text(raw, place) if hint is str else _direction(raw, place)


def _scaled(raw: object, spec: dataclasses.Field[Any], place: Place) -> float:
    """A number inside its range, in SI."""
    number = _number(raw, place)
    low, high = spec.metadata["range"]
    if not low <= number <= high or (spec.metadata["above"] and number == low):
        raise place.refuse(f"{number:g} is out of range", raw, _allowed(spec))
    return float(number * spec.metadata["factor"])


def _number(raw: object, place: Place) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw):
        raise place.refuse(f"{raw!r} is not a finite number", raw, "a finite number")
    return float(raw)


def _allowed(spec: dataclasses.Field[Any]) -> str:
    if "range" not in spec.metadata:
        return "a text"
    low, high = spec.metadata["range"]
    return f"{'above ' if spec.metadata['above'] else ''}{low:g} to {high:g}"


def _text(raw: object, place: Place) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise place.refuse(f"{raw!r} is no text", raw, "a text")
    return raw


def _direction(raw: object, place: Place) -> tuple[float, float, float]:
    if not isinstance(raw, list) or len(raw) != 3:
        raise place.refuse("must be three numbers", raw, "[along, across, up]")
    along, across, up = (_number(one, place) for one in raw)
    size = math.hypot(along, across, up)
    if size == 0.0:
        raise place.refuse("has no direction", raw, "[along, across, up], not all zero")
    return along / size, across / size, up / size


def _check(craft: Spacecraft, place: Place) -> None:
    """What one table cannot see of another."""
    together = {
        "array": craft.array is not None,
        "battery": craft.battery is not None,
        "loads": bool(craft.loads),
    }
    if any(together.values()) and not all(together.values()):
        lacking = next(key for key, there in together.items() if not there)
        raise place.at(lacking).refuse(
            "is missing: a power budget takes array, battery and loads",
            allowed=f"a table [{lacking}]",
        )
    if (craft.radio is None) != (not craft.stations):
        lacking = "radio" if craft.radio is None else "stations"
        raise place.at(lacking).refuse(
            "is missing: a link has two ends", allowed="tables [radio] and [stations.NAME]"
        )
    if craft.propulsion is not None and craft.propulsion.propellant_kg >= craft.body.mass_kg:
        raise (
            place.at("propulsion")
            .at("propellant_kg")
            .refuse(
                "is the whole spacecraft",
                craft.propulsion.propellant_kg,
                f"below mass_kg, {craft.body.mass_kg:g}",
            )
        )
    wanted = craft.manoeuvres
    if wanted.deorbit_perigee_m is not None and not wanted.keep_altitude:
        raise (
            place.at("manoeuvres")
            .at("deorbit_perigee_km")
            .refuse(
                "an orbit that is not kept has no height to be lowered from",
                wanted.deorbit_perigee_m / 1e3,
                "keep_altitude = true with it",
            )
        )
    for ground in craft.stations:
        try:
            station(ground.place or ground.name)
        except InputError as error:
            spot = place.at("stations").at(ground.name).at("place")
            raise spot.refuse(error.message, error.value, error.allowed) from error
