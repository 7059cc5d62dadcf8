"""Listed places with their people: towns and villages of GeoNames, offline.

Place names, populations and country totals are by GeoNames (geonames.org),
Creative Commons Attribution 4.0; a page that shows them must say so
(`attribution`). A place that is not in the list is not thereby uninhabited.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cosmodrome.world.land_lines import open_data, unpacked
from cosmodrome.world.polygons import Area, contains
from cosmodrome.world.polygons_geodesic import distance_m, earth_fixed

__all__ = [
    "NearPlace",
    "Places",
    "attribution",
    "indices_inside",
    "load_places",
    "nearest_places",
    "place_tree",
    "places_inside",
    "places_told",
]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class NearPlace:
    """A listed place, and how far it is from what was asked about.

    `people` is 0 where the list gives none, which does not mean that nobody
    lives there. `country` is GeoNames' ISO code of two letters.
    """

    name: str
    country: str
    people: int
    latitude_rad: float
    longitude_rad: float
    distance_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """The list: places of 500 people or more, and seats of administration of any size.

    Parameters
    ----------
    latitude_rad, longitude_rad : array, shape (n,), to 0.001 deg
    people : array of int, shape (n,), 0 where not given
    once : array of bool, shape (n,)
        False where the place lies within the disc of a larger one of its
        country (`people.town_radius_m`) and may be counted there already.
    codes : tuple of str, countries in the order of the list
    ends : array of int, number of the first place after each country
    totals : dict, people of each country by its code, listed places or not
    attribution : str
    """

    latitude_rad: Array
    longitude_rad: Array
    people: Ints
    once: NDArray[np.bool_]
    codes: tuple[str, ...]
    ends: Ints
    totals: dict[str, int]
    attribution: str

    def country_of(self, index: int) -> str:
        """ISO code of the country of a place."""
        return self.codes[int(np.searchsorted(self.ends, index, side="right"))]

    def country_numbers(self) -> Ints:
        """For every place the number of its country in `codes`."""
        return np.repeat(np.arange(len(self.codes)), np.diff(self.ends, prepend=0))


@lru_cache(maxsize=1)
def load_places() -> Places:
    """The list, read from the package once; names are read when first asked for."""
    with open_data("places.zip") as archive:
        about = json.loads(archive.read("about.json"))
        latitude, longitude = (
            np.radians(
                np.cumsum(unpacked(archive, f"{key}.i32"), dtype=np.int64) * about["step_deg"]
            )
            for key in ("latitude", "longitude")
        )
        people = unpacked(archive, "people.i32").astype(np.int64)
        bits = np.frombuffer(archive.read("once.bits"), dtype=np.uint8)
    return Places(
        latitude,
        longitude,
        people,
        once=np.unpackbits(bits, count=people.size).astype(bool),
        codes=tuple(code for code, _ in about["runs"]),
        ends=np.array(list(accumulate(count for _, count in about["runs"]))),
        totals=about["totals"],
        attribution=f"{about['attribution']}, by way of {about['by_way_of']}",
    )


@lru_cache(maxsize=1)
def _names() -> tuple[bytes, Ints]:
    """All names in one piece, and where each begins."""
    with open_data("places.zip") as archive:
        text = archive.read("names.txt")
    breaks = np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == ord("\n"))
    return text, np.concatenate([[0], breaks + 1, [len(text) + 1]])


@lru_cache(maxsize=1)
def place_tree() -> Any:
    """All places as a tree (scipy's cKDTree) of Earth-fixed points in metres."""
    from scipy.spatial import cKDTree

    listed = load_places()
    points = earth_fixed(listed.latitude_rad, listed.longitude_rad)
    return cKDTree(points, balanced_tree=False, compact_nodes=False)


def attribution() -> str:
    """The line that a page must show where it names places or counts people."""
    return load_places().attribution


def places_told(indices: Ints, latitude_rad: float, longitude_rad: float) -> tuple[NearPlace, ...]:
    """Places by their numbers in the list, with distances from a point."""
    listed, (text, starts) = load_places(), _names()
    y, x = listed.latitude_rad[indices], listed.longitude_rad[indices]
    far = np.atleast_1d(distance_m(latitude_rad, longitude_rad, y, x))
    return tuple(
        NearPlace(
            text[starts[k] : starts[k + 1] - 1].decode(),
            listed.country_of(k),
            int(listed.people[k]),
            float(listed.latitude_rad[k]),
            float(listed.longitude_rad[k]),
            float(far[n]),
        )
        for n, k in enumerate(indices.tolist())
    )


def nearest_places(
    latitude_rad: float, longitude_rad: float, count: int = 5, at_least: int = 0
) -> tuple[NearPlace, ...]:
    """The listed places nearest to a point, nearest first.

    Parameters
    ----------
    latitude_rad, longitude_rad : float
    count : int, how many
    at_least : int, only places with this many people or more

    Returns
    -------
    tuple of NearPlace, `count` of them unless the list has fewer

    Accuracy
    --------
    The list gives a point for a place, often its centre, to 110 m; the place
    reaches as far as it is built.

    References
    ----------
    GeoNames (geonames.org), CC BY 4.0.
    """
    listed, tree = load_places(), place_tree()
    point = earth_fixed(float(latitude_rad), float(longitude_rad))
    enough = int(np.count_nonzero(listed.people >= at_least))
    wanted, asked = min(count, enough), max(1, min(4 * count, listed.people.size))
    while True:
        _, found = tree.query(point, k=np.arange(1, asked + 1))
        chosen = found[listed.people[found] >= at_least]
        if chosen.size >= wanted:
            break
        asked = min(8 * asked, listed.people.size)
    # The straight distance orders as the geodesic does, to 0.1 %; the last word is the geodesic's.
    told = places_told(chosen[:wanted], latitude_rad, longitude_rad)
    return tuple(sorted(told, key=lambda place: place.distance_m))


def indices_inside(area: Area) -> Ints:
    """Numbers of the listed places whose point lies inside an area."""
    listed = load_places()
    return np.flatnonzero(contains(area, listed.latitude_rad, listed.longitude_rad))


def places_inside(area: Area) -> tuple[NearPlace, ...]:
    """The listed places whose point lies inside an area, largest first.

    Parameters
    ----------
    area : Area

    Returns
    -------
    tuple of NearPlace, with distances from the middle of the area

    References
    ----------
    GeoNames (geonames.org), CC BY 4.0.
    """
    found = indices_inside(area)
    order = np.argsort(-load_places().people[found], kind="stable")
    return places_told(found[order], *area.middle)
