"""Files that were handed in: what they are, and that they ask for nothing beside themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from cosmodrome.errors import InputError

__all__ = ["ENDINGS", "MOST_TEXT_BYTES", "checked_toml", "recognised", "safe_name"]

ENDINGS: Final = (
    ".toml", ".tle", ".3le", ".txt", ".oem", ".opm", ".omm", ".kvn", ".xml",
    ".csv", ".json", ".geojson", ".kml", ".parquet",
)  # fmt: skip
"""What a file may end in; its content decides what it is."""

MOST_TEXT_BYTES: Final = 1 * 2**20
"""Of a TOML file; the largest of the catalogue has 20 kB."""

MOST_PARTS: Final = 20
MOST_DEPTH: Final = 12
MOST_VALUES: Final = 20_000
_SHOWN: Final = 200
_KEPT: Final = re.compile(r"[^A-Za-z0-9._+-]")
_STAGE: Final = re.compile(r"stages/[a-z0-9][a-z0-9.+-]*")
_PATHS: Final = ("vehicle", "site", "extends")
_MANY: Final = ("stages", "strapons", "boosters", "jettisons", "zones", "pads", "recovery")
_QUOTED: Final = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")


def safe_name(name: str) -> str:
    """A file's name as it may stand in a folder: its last part, plain letters, a known ending.

    Parameters
    ----------
    name : str, as it was said

    Raises
    ------
    InputError
        If its ending is none that we read.
    """
    last = _KEPT.sub("_", re.split(r"[/\\]", name)[-1]).lstrip("._-")
    stem, dot, ending = last.rpartition(".")
    if not dot or not stem or f".{ending.lower()}" not in ENDINGS:
        raise InputError(
            f"{name[:60]!r} has no ending that says what it is",
            file=name[:60],
            key="name",
            value=name[:60],
            allowed=f"a name ending in {', '.join(ENDINGS)}",
        )
    return f"{stem[:60]}.{ending.lower()}"


def checked_toml(path: Path) -> dict[str, Any]:
    """A TOML file as a dictionary, if it is of a size and depth that a person writes.

    It may name what the catalogue has, and no other file: what comes from outside
    shall not choose what is read here.

    Parameters
    ----------
    path : Path

    Raises
    ------
    InputError
        Names file, key, value and what is allowed.
    """
    from cosmodrome.mission.catalogue.reading import read_toml

    file = str(path)
    if path.stat().st_size > MOST_TEXT_BYTES:
        raise InputError(
            f"{file}: is too large for a TOML file",
            file=file,
            allowed=f"at most {MOST_TEXT_BYTES // 1024} KiB",
        )
    text = path.read_bytes().decode("utf-8", "replace")
    # The reader takes quadratic time over a long dotted key.
    if any(_dots(line) > MOST_DEPTH for line in _QUOTED.sub("", text).splitlines()):
        raise _too_deep(file)
    try:
        raw = read_toml(path)
    except (RecursionError, ValueError) as error:
        raise _too_deep(file) from error
    for count, (where, key, value) in enumerate(_walk(raw, ()), 1):
        if count > MOST_VALUES or len(where) > MOST_DEPTH:
            raise _too_deep(file)
        _check_value(file, where, key, value)
    return raw


def _dots(line: str) -> int:
    """How deep the keys of a line go."""
    keys = [line] if line.lstrip().startswith("[") else line.split("=")[:-1]
    return max((key.count(".") for key in keys), default=0)


def _too_deep(file: str) -> InputError:
    return InputError(
        f"{file}: is nested too deep, or holds too much, for a file that a person writes",
        file=file,
        allowed=f"at most {MOST_DEPTH} levels and {MOST_VALUES} values",
    )


def _walk(node: Any, where: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str, Any]]:
    if len(where) > MOST_DEPTH:
        yield where, where[-1], None
        return
    inner = node.items() if isinstance(node, Mapping) else enumerate(node)
    for key, value in inner:
        place = (*where, str(key))
        yield place, str(key), value
        if isinstance(value, Mapping | list):
            yield from _walk(value, place)


def _check_value(file: str, where: tuple[str, ...], key: str, value: Any) -> None:
    dotted = ".".join(where)
    if key in _MANY and isinstance(value, Mapping | list) and len(value) > MOST_PARTS:
        raise InputError(
            f"{file}: {dotted}: {len(value)} are more than a launch vehicle has",
            file=file,
            key=dotted,
            value=len(value),
            allowed=f"at most {MOST_PARTS}",
        )
    if not isinstance(value, str):
        return
    names_a_file = key in _PATHS and value.lower().endswith(".toml")
    names_a_file |= key == "use" and _STAGE.fullmatch(value) is None
    names_a_file |= key in ("inside", "outside") and (
        any(mark in value for mark in "/\\") or value.lower().endswith((".json", ".geojson"))
    )
    if names_a_file:
        raise InputError(
            f"{file}: {dotted}: names another file, which a file that is handed in may not",
            file=file,
            key=dotted,
            value=value[:60],
            allowed="a name of the catalogue, a country, or the thing itself written out",
        )


# ---------------------------------------------------------------------- what a file is


def recognised(path: Path) -> dict[str, Any]:
    """What a file holds, refused as the command line refuses it.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict
        `form`: mission, vehicle, spacecraft, orbit, area or other; `told` in words;
        `mission`, `vehicle` or `satellites` where it has them.

    Raises
    ------
    InputError
        With file, key or line, and reason.
    """
    ending = path.suffix.lower()
    if ending == ".toml":
        return _of_toml(path, checked_toml(path))
    if ending in (".geojson", ".kml"):
        return _of_area(path)
    if ending in (".json", ".txt", ".csv"):
        try:
            return _of_orbit(path)
        except InputError as error:
            # A table of wind, a catalogue in JSON, a list of coordinates: read when it is used.
            return {"form": "other", "told": "read when it is used", "why": error.message[:300]}
    return _of_orbit(path)


def _of_toml(path: Path, raw: Mapping[str, Any]) -> dict[str, Any]:
    from cosmodrome.mission.mission_file import load_mission_and_sheet
    from cosmodrome.mission.orbit_text import describe

    if "spacecraft" in raw:
        from cosmodrome.satellite.spacecraft_file import load_spacecraft

        return {"form": "spacecraft", "told": load_spacecraft(path).body.name}
    if "mission" not in raw and ("stages" in raw or "extends" in raw):
        from cosmodrome.prompt import sheet_from
        from cosmodrome.web.drawn import vehicle_drawn

        sheet = sheet_from(path)
        told = sheet.title or sheet.name
        return {"form": "vehicle", "told": told, "vehicle": vehicle_drawn(sheet)}
    mission, _ = load_mission_and_sheet(path)
    orbit = mission.target.text or describe(mission.target)
    site = f"{mission.site.name}/{mission.site.pad}" if mission.site.pad else mission.site.name
    said = {
        "vehicle": mission.vehicle.name,
        "site": site,
        "orbit": orbit,
        "payload_kg": mission.payload_kg,
        "epoch_utc": mission.epoch_utc,
    }
    told = f"{mission.vehicle.name} from {site} to {orbit}"
    return {"form": "mission", "told": told, "mission": said}


def _of_orbit(path: Path) -> dict[str, Any]:
    from cosmodrome.prompt.orbit_source import orbit_source

    found = orbit_source(file=path)
    names = [one.name for one in found.satellites]
    count = f"{len(names)} satellites" if len(names) > 1 else names[0]
    return {"form": "orbit", "told": count, "satellites": names[:_SHOWN]}


def _of_area(path: Path) -> dict[str, Any]:
    from cosmodrome.io.hazard_text import published_area

    published_area(path)
    return {"form": "area", "told": path.stem}
