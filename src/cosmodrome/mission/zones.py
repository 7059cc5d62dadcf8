"""Zones in words: a part, a side, and an area by the path of a GeoJSON file or a country."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from cosmodrome.errors import InputError
from cosmodrome.flight.vehicle import Vehicle
from cosmodrome.mission.nouns import Mission, Zone

__all__ = ["part_names", "site_zones", "with_zones", "zone_from"]

_LARGEST_BYTES: Final = 20_000_000
_SUFFIXES: Final = (".geojson", ".json")


def part_names(vehicle: Vehicle) -> tuple[str, ...]:
    """What a zone may name: every part that is let go on the way, in lower case."""
    names = [stage.name for stage in vehicle.stages[:-1]]
    names += [group.name for group in vehicle.boosters]
    names += [one.name for one in vehicle.jettisons]
    if vehicle.fairing is not None:
        names.append("fairing")
    return tuple(name.lower() for name in names)


def zone_from(
    area: str, part: str = "", *, inside: bool, margin_m: float = 0.0, folder: Path | None = None
) -> Zone:
    """A zone from words.

    Parameters
    ----------
    area : str
        The path of a GeoJSON file with polygons, or a country by name or ISO code.
    part : str, stage, strap-on group or "fairing"; empty for every part
    inside : bool, the part has to come down in it; else outside of it
    margin_m : float, not negative
    folder : Path or None, where a path is counted from

    Returns
    -------
    Zone

    Raises
    ------
    InputError
        A file that is not there or holds no polygon, or a country nobody knows.
    """
    if margin_m < 0.0:
        raise InputError(
            f"a margin of {margin_m:g} m is negative",
            key="margin",
            value=margin_m,
            allowed="zero or more",
        )
    name, found = _area(area, folder)
    rings = tuple(tuple((float(a), float(b)) for a, b in ring) for ring in found.rings)
    return Zone(name, part.strip().lower(), inside, rings, margin_m)


def _area(text: str, folder: Path | None) -> tuple[str, Any]:
    from cosmodrome.world.land import country, country_area
    from cosmodrome.world.polygons_geojson import area_from_geojson

    path = Path(text) if folder is None else folder / text
    if path.is_file() or text.lower().endswith(_SUFFIXES):
        return path.stem, area_from_geojson(_document(path), file=str(path))
    try:
        known = country(text)
    except InputError as error:
        raise InputError(
            f"{text!r} is neither a file nor a country",
            key="zone",
            value=text,
            allowed=f"the path of a GeoJSON file, or a country; nearest: {error.allowed}",
        ) from error
    return known.name, country_area(known)


def _document(path: Path) -> Any:
    def refused(why: str) -> InputError:
        allowed = "a GeoJSON file with polygons, or the name of a country"
        named = str(path)
        return InputError(f"{path} {why}", file=named, key="zone", value=named, allowed=allowed)

    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise refused(f"is larger than {_LARGEST_BYTES // 1_000_000} MB")
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise refused(f"cannot be read as GeoJSON ({type(error).__name__})") from error


def site_zones(
    vehicle: Vehicle, keep_off: Sequence[str], drop_inside: Sequence[str], file: str
) -> list[Zone]:
    """The zones of a site's file, those for parts that this vehicle has.

    Parameters
    ----------
    vehicle : Vehicle
    keep_off, drop_inside : sequences of str, see `SiteSheet`
    file : str, the site's, in whose folder areas are looked for

    Raises
    ------
    InputError
        An area nobody knows, or a text that names no part where one is needed.
    """
    folder, known, found = Path(file).parent, part_names(vehicle), []
    for inside, texts in ((False, keep_off), (True, drop_inside)):
        for text in texts:
            part, equals, area = text.rpartition("=")
            if inside and not equals:
                raise InputError(
                    f"{text!r} does not say which part comes down there",
                    file=file,
                    key="drop_inside",
                    value=text,
                    allowed="PART=AREA",
                )
            zone = zone_from(area.strip(), part, inside=inside, folder=folder)
            if zone.part in ("", *known):
                found.append(zone)
    return found


def with_zones(mission: Mission, zones: Sequence[Zone]) -> Mission:
    """The mission with zones added to those it has.

    Raises
    ------
    InputError
        A part that the vehicle does not let go on its way.
    """
    known = part_names(mission.vehicle)
    for zone in zones:
        if zone.part and zone.part not in known:
            raise InputError(
                f"{mission.vehicle.name} lets go of no {zone.part!r} on its way",
                key="zone",
                value=zone.part,
                allowed=", ".join(known) or "nothing: it has one stage",
            )
    limits = replace(mission.limits, zones=(*mission.limits.zones, *zones))
    return replace(mission, limits=limits)
