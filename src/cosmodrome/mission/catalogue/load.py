"""Vehicles and sites by name or by path."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from cosmodrome.errors import InputError
from cosmodrome.mission.catalogue.checks import check_site, check_vehicle
from cosmodrome.mission.catalogue.keeping import AS_STATED, KeptBack, keeping_back
from cosmodrome.mission.catalogue.reading import (
    Place,
    assemble,
    merge,
    nearest,
    read_block,
    read_toml,
)
from cosmodrome.mission.catalogue.sheet import (
    Carried,
    SiteSheet,
    StrapOnSheet,
    VehicleSheet,
)

__all__ = [
    "default_pad",
    "load_site",
    "load_vehicle",
    "read_site",
    "read_vehicle",
    "site_names",
    "vehicle_names",
]

DATA = Path(__file__).parent / "data"
Block = dict[str, Any]


def vehicle_names() -> tuple[str, ...]:
    """Names of all vehicles of the catalogue, in alphabetical order."""
    return _names("vehicles")


def site_names() -> tuple[str, ...]:
    """Names of all launch sites of the catalogue, in alphabetical order."""
    return _names("sites")


def load_vehicle(
    name_or_path: str | Path, *, riders: Carried = "default", kept: KeptBack = AS_STATED
) -> VehicleSheet:
    """A vehicle of the catalogue by name, or a user's own by path.

    Parameters
    ----------
    name_or_path : str or Path
        A name as `vehicle_names` lists them (case and spacing do not matter),
        or the path of a TOML file.
    riders : "default", "all" or "none"
        Which inert riders fly.
    kept : KeptBack
        Recovery of the first stage, and velocities kept back instead of the sheet's.

    Returns
    -------
    VehicleSheet

    Raises
    ------
    InputError
        Unknown name (with the nearest ones), a file that cannot be used, or
        something that this vehicle cannot keep back.
    """
    path = _find("vehicles", "vehicle", name_or_path)
    sheet = _vehicle_at(path)
    if riders not in ("default", "all", "none"):
        raise InputError(
            f"riders {riders!r} is unknown",
            key="riders",
            value=riders,
            allowed="default, all, none",
        )
    if riders != "default":
        sheet = msgspec.structs.replace(sheet, carry=riders)
    return keeping_back(sheet, kept)


def load_site(name_or_path: str | Path) -> SiteSheet:
    """A launch site, "vostochny" or "cape-canaveral/slc-41", or a file by path.

    Parameters
    ----------
    name_or_path : str or Path
        A pad may follow a catalogue name after a slash.

    Returns
    -------
    SiteSheet
        With `pad` set if one was named.

    Raises
    ------
    InputError
        Unknown site or pad (with the nearest ones), or a file that cannot be used.
    """
    name, _, pad = str(name_or_path).partition("/")
    if _is_path(name_or_path):
        return _site_at(_find("sites", "site", name_or_path))
    sheet = _site_at(_find("sites", "site", name))
    if not pad:
        return sheet
    key = _plain(pad)
    if key not in sheet.pads:
        raise InputError(
            f"{sheet.name} has no pad {pad!r}{nearest(key, sheet.pads)}",
            key="site",
            value=str(name_or_path),
            allowed=", ".join(f"{sheet.name}/{p}" for p in sheet.pads),
        )
    return msgspec.structs.replace(sheet, pad=key)


def default_pad(vehicle: VehicleSheet, site: str) -> str:
    """The pad a vehicle uses at a site, as "site/pad".

    Its own pad there where known, else the site's first. A text that names a
    pad is returned as it is, in catalogue spelling.

    Raises
    ------
    InputError
        If there is no such site.
    """
    sheet = load_site(site)
    if sheet.pad:
        return f"{sheet.name}/{sheet.pad}"
    own = [pad for pad in vehicle.pads if pad.partition("/")[0] == sheet.name]
    return own[0] if own else f"{sheet.name}/{next(iter(sheet.pads))}"


def read_vehicle(raw: Block, file: str, path: tuple[str, ...] = ()) -> VehicleSheet:
    """A vehicle from a parsed table, e.g. the `[vehicle]` table of a mission file.

    Parameters
    ----------
    raw : dict
    file : str, for messages, and the folder `use` and `extends` start from
    path : tuple of str, where in that file the table stands
    """
    place = Place(file, path)
    block = _with_defaults(_vehicle_block(raw, place))
    block.setdefault("name", Path(file).name.removesuffix(".toml"))
    block["file"] = file
    sheet = assemble(VehicleSheet, block, place)
    check_vehicle(sheet, place)
    _check_pads(sheet, place)
    if sheet.recover and sheet.recover not in sheet.recovery_sheets:
        known = ", ".join(sheet.recovery_sheets) or "empty: no recovery is known"
        raise place.at("recover").refuse("is no recovery of this vehicle", sheet.recover, known)
    return sheet


def read_site(raw: Block, file: str, path: tuple[str, ...] = ()) -> SiteSheet:
    """A site from a parsed table, e.g. the `[site]` table of a mission file."""
    place = _with_sources(raw, Place(file, path))
    block = read_block(SiteSheet, {k: v for k, v in raw.items() if k != "sources"}, place)
    block.setdefault("name", Path(file).name.removesuffix(".toml"))
    block["file"] = file
    sheet = assemble(SiteSheet, block, place)
    check_site(sheet, place)
    return sheet


@lru_cache(maxsize=64)
def _vehicle_at(path: Path) -> VehicleSheet:
    return read_vehicle(read_toml(path), str(path))


@lru_cache(maxsize=64)
def _site_at(path: Path) -> SiteSheet:
    return read_site(read_toml(path), str(path))


@lru_cache(maxsize=2)
def _names(kind: str) -> tuple[str, ...]:
    return tuple(sorted(p.name.removesuffix(".toml") for p in (DATA / kind).glob("*.toml")))


def _plain(name: str) -> str:
    """Lower case, spaces and underscores as hyphens."""
    return "-".join(name.lower().replace("_", " ").split())


def _is_path(name: str | Path) -> bool:
    return isinstance(name, Path) or str(name).endswith(".toml")


def _find(kind: str, word: str, name_or_path: str | Path) -> Path:
    """The file of a name, or the path itself."""
    if _is_path(name_or_path):
        return Path(name_or_path)
    name, known = _plain(str(name_or_path)), _names(kind)
    if name not in known:
        raise InputError(
            f"no {word} is called {str(name_or_path)!r}{nearest(name, known)}",
            key=word,
            value=str(name_or_path),
            allowed=", ".join(known),
        )
    return DATA / kind / f"{name}.toml"


def _with_sources(raw: Block, place: Place) -> Place:
    """The place with the shared sources and those of this table."""
    own = raw.get("sources", {})
    if not isinstance(own, dict) or not all(isinstance(text, str) for text in own.values()):
        raise place.at("sources").refuse("must hold texts", own, 'key = "source in words"')
    return replace(place, sources={**_shared_sources(), **own})


@lru_cache(maxsize=1)
def _shared_sources() -> dict[str, str]:
    return {key: str(text) for key, text in read_toml(DATA / "sources.toml").items()}


def _vehicle_block(raw: Block, place: Place) -> Block:
    """A vehicle's block with `use` and `extends` followed, defaults not yet added."""
    place = _with_sources(raw, place)
    block = read_block(VehicleSheet, {k: v for k, v in raw.items() if k != "sources"}, place)
    for group in ("stages", "strapons"):
        parts = block.get(group, {})
        for key, stage in parts.items():
            if stage.get("use"):
                spot = place.at(group).at(key).at("use")
                parts[key] = merge(_shared_stage(stage["use"], spot), stage)
    if block.get("extends"):
        parent = _parent_path(block["extends"], place.at("extends"))
        base = _vehicle_block(read_toml(parent), Place(str(parent)))
        block = merge(_remove(base, block.get("remove", ()), place.at("remove")), block)
    return block


def _remove(base: Block, names: tuple[str, ...], place: Place) -> Block:
    """`base` without what a variant does without, named as "stages.key" or "gross_kg"."""
    for dotted in names:
        base = _without(base, dotted.split("."), dotted, place)
    return base


def _without(block: Block, path: list[str], dotted: str, place: Place) -> Block:
    if path[0] not in block:
        raise place.refuse(
            f"{dotted!r} is not there to be removed{nearest(path[0], block)}",
            dotted,
            ", ".join(block),
        )
    if len(path) == 1:
        return {key: value for key, value in block.items() if key != path[0]}
    return {**block, path[0]: _without(block[path[0]], path[1:], dotted, place)}


def _parent_path(name: str, place: Place) -> Path:
    """The file of the vehicle that is extended; a path starts from this file's folder."""
    if name.endswith(".toml"):
        return Path(place.file).parent / name
    if name not in _names("vehicles"):
        raise place.refuse(
            f"no vehicle is called {name!r}{nearest(name, _names('vehicles'))}",
            name,
            ", ".join(_names("vehicles")),
        )
    return DATA / "vehicles" / f"{name}.toml"


def _shared_stage(name: str, place: Place) -> Block:
    """The block of a stage file that several vehicles use."""
    path = DATA / f"{name}.toml"
    if name.endswith(".toml"):
        path = Path(place.file).parent / name
    elif not path.is_file():
        known = [f"stages/{p.name.removesuffix('.toml')}" for p in (DATA / "stages").glob("*.toml")]
        raise place.refuse(
            f"no stage is called {name!r}{nearest(name, known)}", name, ", ".join(sorted(known))
        )
    raw = read_toml(path)
    inner = _with_sources(raw, Place(str(path)))
    return read_block(StrapOnSheet, {k: v for k, v in raw.items() if k != "sources"}, inner)


@lru_cache(maxsize=1)
def _defaults() -> dict[str, Block]:
    """The stated assumptions for what a file leaves open."""
    path = DATA / "defaults.toml"
    raw = read_toml(path)
    place = Place(str(path), sources=_shared_sources())
    stages = ("stage", "liquid", "solid", "strapon")
    blocks = {key: read_block(StrapOnSheet, raw[key], place.at(key)) for key in stages}
    for key in ("vehicle", "solid-last"):
        blocks[key] = read_block(VehicleSheet, raw[key], place.at(key))
    return blocks


def _with_defaults(block: Block) -> Block:
    """The block with every number filled in that the file leaves open."""
    defaults = _defaults()
    standard = defaults["vehicle"]
    if _ends_solid(block):
        standard = merge(standard, defaults["solid-last"])
    result = merge({k: v for k, v in standard.items() if k != "fairing"}, block)
    for group in ("stages", "strapons"):
        parts = result.get(group, {})
        result[group] = {
            key: _stage_defaults(stage, group, first=number == 0)
            for number, (key, stage) in enumerate(parts.items())
        }
    fairing = result.get("fairing")
    if fairing is not None and not {"heating_w_m2", "jettison_s"} & set(fairing):
        result["fairing"] = merge(standard["fairing"], fairing)
    return result


def _ends_solid(block: Block) -> bool:
    """Whether the last stage cannot be shut down, so that it holds no reserve."""
    stages = list(block.get("stages", {}).values())
    return bool(stages) and bool(stages[-1].get("solid"))


def _stage_defaults(stage: Block, group: str, *, first: bool) -> Block:
    defaults = _defaults()
    base = dict(defaults["stage"])
    if first or group == "strapons":
        base = merge(base, defaults["strapon"])
    base = merge(base, defaults["solid" if stage.get("solid") else "liquid"])
    if "usable_kg" in stage:
        base.pop("residual_fraction", None)
    if "schedule" in stage:
        levels = {"throttle_min", "throttle_max"}
        base = {key: value for key, value in base.items() if key not in levels}
    return merge(base, stage)


def _check_pads(sheet: VehicleSheet, place: Place) -> None:
    """Every pad a vehicle calls its own must exist."""
    for pad in sheet.pads:
        try:
            load_site(pad)
        except InputError as error:
            raise place.at("pads").refuse(error.message, pad, error.allowed) from error
