"""Passes over stations as the plain document that every door shows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cosmodrome.campaign.progress import Tell
from cosmodrome.orbit.motion import Motion
from cosmodrome.orbit.passes import Contact, Pass, find_passes
from cosmodrome.orbit.stations import Station, stations
from cosmodrome.prompt.flying import Flown, Span
from cosmodrome.prompt.listing import about
from cosmodrome.prompt.orbit_source import OrbitSource

__all__ = ["found_passes", "known_stations", "pass_document"]


AT_ONCE: Final = 100
"""Satellites between two words of progress."""


def found_passes(
    motions: Mapping[str, Motion],
    places: Sequence[Station],
    span: Span,
    min_elevation_deg: float,
    tell: Tell,
) -> list[Pass]:
    """All passes of satellites over stations, in order of their rise.

    Parameters
    ----------
    motions : mapping of name to Motion
    places : sequence of Station
    span : Span
    min_elevation_deg : float, of every station
    tell : callable(text, share done)

    Raises
    ------
    InputError
        As `orbit.passes.find_passes`.
    """
    found: list[Pass] = []
    names = list(motions)
    for low in range(0, len(names), AT_ONCE):
        tell(f"passes, {low} of {len(names)} satellites", low / len(names))
        found += find_passes(
            {name: motions[name] for name in names[low : low + AT_ONCE]},
            places,
            span.start,
            span.duration_s,
            min_elevation_rad=math.radians(min_elevation_deg),
        )
    found.sort(key=lambda one: one.rise.epoch)
    return found


def pass_document(
    source: OrbitSource,
    span: Span,
    flown: Flown,
    found: Sequence[Pass],
    *,
    min_elevation_deg: float,
    frequency_mhz: float | None = None,
) -> dict[str, Any]:
    """The document of `cosmodrome passes --json`.

    Parameters
    ----------
    source : OrbitSource
    span : Span
    flown : Flown
    found : sequence of Pass
    min_elevation_deg : float, as it was asked
    frequency_mhz : float or None, of a carrier, for its Doppler shift
    """
    return about(source, span, flown) | {
        "min_elevation_deg": min_elevation_deg,
        "passes": [_row(one, frequency_mhz) for one in found],
    }


def _row(one: Pass, frequency_mhz: float | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "satellite": one.satellite,
        "station": one.station,
        "rise_utc": one.rise.epoch.utc(3),
        "culmination_utc": one.culmination.epoch.utc(3),
        "set_utc": one.set.epoch.utc(3),
        "max_elevation_deg": math.degrees(one.max_elevation_rad),
        "duration_s": one.duration_s,
    }
    contacts: dict[str, Contact] = {
        "rise": one.rise,
        "culmination": one.culmination,
        "set": one.set,
    }
    for name, contact in contacts.items():
        row[f"{name}_azimuth_deg"] = math.degrees(contact.azimuth_rad)
        row[f"{name}_range_km"] = contact.range_m / 1e3
        row[f"{name}_sunlit"] = contact.sunlit
        if frequency_mhz is not None:
            row[f"{name}_doppler_hz"] = contact.doppler_hz(1e6 * frequency_mhz)
    return row | {"begins_cut": one.begins_cut, "ends_cut": one.ends_cut}


def known_stations() -> list[dict[str, Any]]:
    """The stations known by name, as `cosmodrome passes --stations --json` lists them."""
    return [
        {
            "name": one.name,
            "latitude_deg": math.degrees(one.latitude_rad),
            "longitude_deg": math.degrees(one.longitude_rad),
            "altitude_m": one.altitude_m,
            "operator": one.operator,
            "source": one.source,
        }
        for one in stations()
    ]
