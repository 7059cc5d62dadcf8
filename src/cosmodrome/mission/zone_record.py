"""A country as a zone of a resolved mission: by name and a hash, not by ten thousand corners."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.mission.catalogue.reading import Place
from cosmodrome.mission.nouns import Zone

__all__ = ["rings_sha256", "with_rings", "zone_table"]

Rings = tuple[tuple[tuple[float, float], ...], ...]


def rings_sha256(rings: Rings) -> str:
    """What the corners of a zone are known by, to the last bit.

    Parameters
    ----------
    rings : tuple of rings, each a tuple of (latitude, longitude) in radians
    """
    found = hashlib.sha256()
    for ring in rings:
        found.update(len(ring).to_bytes(8, "little"))
        found.update(np.asarray(ring, dtype="<f8").tobytes())
    return found.hexdigest()


@lru_cache(maxsize=16)
def _country_rings(name: str) -> Rings | None:
    """The corners of the country of exactly this name; None where there are none."""
    from cosmodrome.world.land import countries, country_area

    for one in countries():
        if one.name == name:
            try:
                rings = country_area(one).rings
            except InputError:  # too small to be drawn
                return None
            return tuple(tuple((float(a), float(b)) for a, b in ring) for ring in rings)
    return None


def zone_table(table: dict[str, Any], zone: Zone) -> dict[str, Any]:
    """A zone for a resolved mission, without its corners where it is a whole country.

    Parameters
    ----------
    table : dict, the zone with all of its fields
    zone : Zone

    Returns
    -------
    dict
        With `country_sha256` instead of `rings_rad` where the corners are, to the
        last bit, those that this program has for the country `name`.
    """
    if _country_rings(zone.name) != zone.rings_rad:
        return table
    short = {key: value for key, value in table.items() if key != "rings_rad"}
    return short | {"country_sha256": rings_sha256(zone.rings_rad)}


def with_rings(raw: dict[str, Any], place: Place) -> dict[str, Any]:
    """A resolved mission as read, with the corners of every country that is a zone put in.

    Parameters
    ----------
    raw : dict, the tables of the mission as parsed
    place : Place

    Returns
    -------
    dict
        What is no such zone is given back as it is.

    Raises
    ------
    InputError
        A country is not known, or its corners are others than those planned with.
    """
    limits = raw.get("limits")
    if not isinstance(limits, dict) or not isinstance(limits.get("zones"), list):
        return raw
    spot = place.at("limits").at("zones")
    zones = [_with_rings(one, spot.at(str(k))) for k, one in enumerate(limits["zones"])]
    return raw | {"limits": limits | {"zones": zones}}


def _with_rings(raw: object, place: Place) -> object:
    if not isinstance(raw, dict) or "country_sha256" not in raw:
        return raw
    wanted, name, spot = raw["country_sha256"], raw.get("name"), place.at("country_sha256")
    if "rings_rad" in raw:
        raise spot.refuse("stands beside `rings_rad`", wanted, "one of the two")
    rings = _country_rings(name) if isinstance(name, str) else None
    if rings is None:
        raise place.at("name").refuse(f"no country is called {name!r}", name, "as it was written")
    if rings_sha256(rings) != wanted:
        raise spot.refuse(
            f"the borders of {name} are not those this mission was planned with",
            wanted,
            "the version of cosmodrome that wrote it; or plan again with the country by name",
        )
    rest = {key: value for key, value in raw.items() if key != "country_sha256"}
    return rest | {"rings_rad": [[list(corner) for corner in ring] for ring in rings]}
