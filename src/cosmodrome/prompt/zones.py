"""From what was typed about drop zones to the mission's zones."""

from __future__ import annotations

from collections.abc import Sequence

from cosmodrome.errors import InputError
from cosmodrome.mission.nouns import Mission, Zone
from cosmodrome.mission.zones import with_zones, zone_from
from cosmodrome.prompt.naming import keys_named

__all__ = ["zoned_mission"]


def zoned_mission(
    mission: Mission,
    inside: Sequence[str],
    outside: Sequence[str],
    margin_km: float | None = None,
) -> Mission:
    """The mission with its parts held to zones.

    Parameters
    ----------
    mission : Mission
    inside : sequence of str, "PART=AREA": the part comes down in the area
    outside : sequence of str, "PART=AREA", or "AREA" for every part
        An area is the path of a GeoJSON file or a country.
    margin_km : float or None, kept to every edge

    Returns
    -------
    Mission

    Raises
    ------
    InputError
        A part or an area nobody knows, or a margin without a zone.
    """
    if margin_km is not None and not (inside or outside):
        raise InputError(
            "a margin belongs to a zone",
            key="--zone-margin",
            value=margin_km,
            allowed="with --drop-inside or --keep-off",
        )
    margin_m = 1e3 * (margin_km or 0.0)
    zones = [_inside(text, margin_m) for text in inside]
    zones += [_outside(text, margin_m) for text in outside]
    return with_zones(mission, zones) if zones else mission


def _inside(text: str, margin_m: float) -> Zone:
    part, equals, area = text.partition("=")
    if not equals or not part.strip() or not area.strip():
        raise InputError(
            f"{text!r} does not say which part comes down where",
            key="--drop-inside",
            value=text,
            allowed="PART=AREA, e.g. urm-1=zone.geojson",
        )
    return _named("--drop-inside", area, part, inside=True, margin_m=margin_m)


def _outside(text: str, margin_m: float) -> Zone:
    part, equals, area = text.rpartition("=")
    return _named("--keep-off", area, part if equals else "", inside=False, margin_m=margin_m)


def _named(option: str, area: str, part: str, *, inside: bool, margin_m: float) -> Zone:
    with keys_named(option, in_files=True):
        return zone_from(area.strip(), part, inside=inside, margin_m=margin_m)
