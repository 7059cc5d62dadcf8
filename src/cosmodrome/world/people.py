"""How many people live inside an area: listed, and a low and a high estimate.

The list knows towns and villages as points with counts of mixed years. It
leaves out farms and hamlets everywhere, and in some countries most villages;
in others it counts suburbs twice. So three numbers are given, and none is the
truth. Nobody at sea is counted; where no place is listed, people may live.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.world.land import SEA, countries, country_index
from cosmodrome.world.places import (
    NearPlace,
    attribution,
    indices_inside,
    load_places,
    place_tree,
    places_told,
)
from cosmodrome.world.polygons import Area, area_m2, contains, sample_points, signed_distance_m
from cosmodrome.world.polygons_geodesic import destination, distance_m, earth_fixed

if TYPE_CHECKING:
    from cosmodrome.world.people_raster import PopulationRaster

__all__ = [
    "BUILT_UP_PER_M2",
    "PeopleInside",
    "most_people",
    "people_inside",
    "people_weights",
    "town_people",
    "town_radius_m",
    "unlisted_per_m2",
]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

BUILT_UP_PER_M2: Final = 1500.0e-6
"""People per square metre of a town taken as a disc round its point.

What the Degree of Urbanisation, endorsed by the UN Statistical Commission in
2020, asks of an urban centre; most towns are denser, so the disc is wide.
"""

_DENSEST_PER_M2: Final = 43.0e-3  # Manila, 1.85 million on 42.9 km2: census of the Philippines 2020
_LEAST_RADIUS_M: Final = 1000.0  # a point of the list may stand beside its village
_TOTAL_MARGIN: Final = 1.2  # totals of the list are of about 2018; few countries grew by more
_LEAST_UNLISTED: Final = 0.05  # of a country's people, at least, live outside listed places
_LOW_MARGIN: Final = 0.85  # people move away, and the list has suburbs twice beyond what is found
_NEIGHBOURHOOD_M: Final = 50e3
_AROUND: Final = 12  # points that tell how much of the neighbourhood is land
_CHUNK: Final = 50_000
_SUNFLOWER: Final = 61
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class PeopleInside:
    """People inside an area, three ways.

    Parameters
    ----------
    listed : int, people of the listed places whose point lies inside
    low, high : float, estimates
    listed_places : int, how many listed places lie inside
    largest : tuple of NearPlace, the largest of them
    land_share : float, 0 to 1, of the area that is land
    source : str, where the counts come from
    """

    listed: int
    low: float
    high: float
    listed_places: int
    largest: tuple[NearPlace, ...]
    land_share: float
    source: str

    @property
    def statement(self) -> str:
        """How many places are listed, in words; an empty list is not an empty land."""
        if self.listed_places == 0:
            return "no listed place"
        noun = "place" if self.listed_places == 1 else "places"
        return f"{self.listed_places} listed {noun}"


@dataclass(frozen=True, slots=True, eq=False)
class _Census:
    """By country of the list: the factor on places counted once, and the people left over.

    `uniform` is per square metre of the country's land, `each` per listed place.
    """

    scale: Array
    uniform: Array
    each: Array


def town_radius_m(people: Any) -> Any:
    """Radius of the disc that a town is taken to fill, metres; see `BUILT_UP_PER_M2`."""
    disc = np.sqrt(np.asarray(people, dtype=float) / (math.pi * BUILT_UP_PER_M2))
    return np.maximum(disc, _LEAST_RADIUS_M)


@lru_cache(maxsize=1)
def _census() -> _Census:
    listed = load_places()
    size = len(listed.codes)
    number = listed.country_numbers()
    once = np.bincount(number, listed.people * listed.once, minlength=size)
    total = np.array([float(listed.totals.get(code, 0)) for code in listed.codes])
    known = np.where(total > 0.0, total, once)
    scale = np.where(once > known, known / np.maximum(once, 1.0), 1.0)
    unlisted = np.maximum(_TOTAL_MARGIN * known - scale * once, _LEAST_UNLISTED * known)
    land = np.zeros(size)
    place = {code: k for k, code in enumerate(listed.codes)}
    for one in countries():
        if one.counted_as in place:
            land[place[one.counted_as]] += one.land_m2
    uniform = np.where(land > 0.0, unlisted / np.maximum(land, 1.0), 0.0)
    many = np.bincount(number, minlength=size)
    return _Census(scale, uniform, unlisted / np.maximum(many, 1))


@lru_cache(maxsize=1)
def _census_of_country() -> Ints:
    """For each of `countries()` its number in the list of places, -1 for none."""
    place = {code: k for k, code in enumerate(load_places().codes)}
    return np.array([place.get(one.counted_as, -1) for one in countries()])


def most_people() -> dict[str, float]:
    """The most people that a country can have, by its code in the list.

    Its total of the list, raised by a fifth for its age: what no sum over places
    may exceed, whatever suburbs the list counts twice. A country without a total
    is not there.
    """
    return {
        code: _TOTAL_MARGIN * float(total)
        for code, total in load_places().totals.items()
        if total > 0
    }


def _ceilings() -> Array:
    """`most_people` by the number of the country, without end where no total is known."""
    most = most_people()
    return np.array([most.get(code, math.inf) for code in load_places().codes])


def unlisted_per_m2(
    latitude_rad: Array, longitude_rad: Array
) -> tuple[Array, NDArray[np.bool_], Ints]:
    """High density of people outside listed places, whether it is land, and whose.

    A country's people who live in no listed place are its total, raised by a
    fifth for its age, less the listed ones counted once, and at least 5 %. They
    are spread twice, evenly over its land and in proportion to the number of
    listed places within 50 km; the larger of the two stands.

    Parameters
    ----------
    latitude_rad, longitude_rad : array, shape (n,)

    Returns
    -------
    density : array, shape (n,), people per square metre, 0 at sea
    on_land : array of bool, shape (n,)
    country : array of int, shape (n,), its number in the list of places, -1 for none

    Accuracy
    --------
    An assumption, meant to be too high: real land is emptier away from
    villages and roads. Low is nobody.
    """
    parts = [
        _unlisted(latitude_rad[k : k + _CHUNK], longitude_rad[k : k + _CHUNK])
        for k in range(0, max(latitude_rad.size, 1), _CHUNK)
    ]
    density, on_land, country = (np.concatenate(column) for column in zip(*parts, strict=True))
    return density, on_land, country


def _unlisted(latitude: Array, longitude: Array) -> tuple[Array, NDArray[np.bool_], Ints]:
    census = _census()
    index = country_index(latitude, longitude)
    number = np.where(index != SEA, _census_of_country()[index], -1)
    known = np.flatnonzero(number >= 0)
    density = np.zeros(index.shape)
    if known.size:
        points = earth_fixed(latitude[known], longitude[known])
        near = place_tree().query_ball_point(points, _NEIGHBOURHOOD_M, return_length=True)
        density[known] = census.uniform[number[known]]
        some = known[near > 0]
        land = _land_around(latitude[some], longitude[some])
        by_places = census.each[number[some]] * near[near > 0]
        density[some] = np.maximum(density[some], by_places / land)
    return density, index != SEA, number


def _land_around(latitude: Array, longitude: Array) -> Array:
    """Land within the neighbourhood of points on land, square metres."""
    step = np.arange(_AROUND) + 0.5
    y, x = destination(
        latitude[:, None],
        longitude[:, None],
        step * math.pi * (3.0 - math.sqrt(5.0)),
        _NEIGHBOURHOOD_M * np.sqrt(step / _AROUND),
    )
    land = np.count_nonzero(country_index(y, x) != SEA, axis=1) + 1
    return np.asarray(land / (_AROUND + 1) * math.pi * _NEIGHBOURHOOD_M**2)


def _near_enough(area: Area) -> Ints:
    """Places that may reach into the area."""
    listed = load_places()
    y, x = area.middle
    corners = np.concatenate(area.rings)
    reach = float(np.max(distance_m(y, x, corners[:, 0], corners[:, 1])))
    reach += float(town_radius_m(np.max(listed.people)))
    if reach > 5e6:
        return np.flatnonzero(listed.people > 0)
    found = place_tree().query_ball_point(earth_fixed(y, x), reach)
    near = np.sort(np.array(found, dtype=np.int64))
    return near[listed.people[near] > 0]


def _discs(towns: Ints, count: int) -> tuple[Array, Array]:
    """Points spread evenly over the discs of towns, shape (towns, count)."""
    listed = load_places()
    radius = town_radius_m(listed.people[towns])
    step = np.arange(count) + 0.5
    spread = radius[:, None] * np.sqrt(step / count)
    turn = step * math.pi * (3.0 - math.sqrt(5.0))
    y, x = listed.latitude_rad[towns], listed.longitude_rad[towns]
    return destination(y[:, None], x[:, None], turn, spread)


def people_weights(south_rad: float, north_rad: float) -> tuple[Array, Array, Array, Array, Ints]:
    """The people of listed towns between two latitudes, as many points with weights.

    Parameters
    ----------
    south_rad, north_rad : float; towns that reach in from outside are there too

    Returns
    -------
    latitude_rad, longitude_rad, low, high : array, shape (n,)
        Low counts each place once, high all places as listed.
    country : array of int, shape (n,), number of the town's country in the list
    """
    listed, census = load_places(), _census()
    margin = float(town_radius_m(np.max(listed.people))) / 6.3e6
    y = listed.latitude_rad
    near = (y >= south_rad - margin) & (y <= north_rad + margin) & (listed.people > 0)
    factor = _LOW_MARGIN * census.scale[listed.country_numbers()] * listed.once
    number = listed.country_numbers()
    found: list[tuple[Any, ...]] = []
    # Villages are points beside any cell; large towns are spread over many.
    for least, most, count in ((1, 20_000, 1), (20_000, 500_000, 7), (500_000, 10**9, 61)):
        chosen = np.flatnonzero(near & (listed.people >= least) & (listed.people < most))
        latitude, longitude = (values.ravel() for values in _discs(chosen, count))
        high = np.repeat(listed.people[chosen] / count, count)
        low, own = high * np.repeat(factor[chosen], count), np.repeat(number[chosen], count)
        found.append((latitude, longitude, low, high, own))
    latitude, longitude, low, high, own = (
        np.concatenate(parts) for parts in zip(*found, strict=True)
    )
    return latitude, longitude, low, high, own


def _disc_share(area: Area, size_m2: float, towns: Ints) -> Array:
    """Share of each town's disc that lies inside the area."""
    listed = load_places()
    y, x = listed.latitude_rad[towns], listed.longitude_rad[towns]
    radius = town_radius_m(listed.people[towns])
    inside = contains(area, *_discs(towns, _SUNFLOWER))
    share = np.mean(inside, axis=1)
    # An area smaller than a few samples of the disc is weighed by its size instead.
    small = size_m2 < math.pi * radius**2 * 6.0 / _SUNFLOWER
    covered = distance_m(y, x, *area.middle) < radius
    by_size = covered * np.minimum(size_m2 / (math.pi * radius**2), 1.0)
    return np.asarray(np.where(small, by_size, share))


def town_people(area: Area) -> tuple[float, float]:
    """Low and high count of the people of listed towns inside an area.

    A town is a disc round its point. Low takes each disc's share inside, only
    of towns whose point lies inside too, leaves out places that lie within the
    disc of a larger one of the same country, brings a country listed above its
    total back to it, and takes off 15 % for the age of the counts. High takes the
    whole of towns whose point lies inside, and the share of the others, all
    places as listed.

    Parameters
    ----------
    area : Area

    Returns
    -------
    low, high : float
    """
    low, high, _ = _towns(area)
    return low, high


def _towns(area: Area) -> tuple[float, float, Array]:
    """Low and high count of the people of listed towns, and high by the country's number."""
    listed, census = load_places(), _census()
    near = _near_enough(area)
    if not near.size:
        return 0.0, 0.0, np.zeros(len(listed.codes))
    people = listed.people[near].astype(float)
    y, x = listed.latitude_rad[near], listed.longitude_rad[near]
    deep = signed_distance_m(area, y, x)
    radius = town_radius_m(people)
    share = (deep > 0.0).astype(float)
    cut = np.flatnonzero(np.abs(deep) < radius)
    share[cut] = _disc_share(area, area_m2(area), near[cut])
    inside = deep > 0.0
    number = listed.country_numbers()[near]
    factor = _LOW_MARGIN * census.scale[number] * listed.once[near]
    low = float(np.sum(people * factor * np.where(inside, share, 0.0)))
    high = people * np.where(inside, 1.0, share)
    by_country: Array = np.zeros(len(listed.codes))
    np.add.at(by_country, number, high)
    return low, float(np.sum(high)), by_country


def people_inside(area: Area, raster: PopulationRaster | None = None) -> PeopleInside:
    """People inside an area: listed places, and a low and a high estimate.

    Without a raster, low is the towns as `town_people` counts them and nobody
    else; high adds `unlisted_per_m2` on the land, and stops at `most_people` of
    each country and at the density of the densest city. With a raster, low is its
    cells that lie wholly inside and high every cell that the area touches.

    Parameters
    ----------
    area : Area
    raster : PopulationRaster or None, from `people_raster.open_raster`

    Returns
    -------
    PeopleInside

    Accuracy
    --------
    Of thirteen islands with a census, of a third of a million to 26 million
    people, low was 0.15 to 0.92 and high 1.3 to 3.2 times the truth, the plain
    list 0.22 to 2.0; a smaller area is known less well. Counts are residents:
    no visitors, no ships.

    References
    ----------
    GeoNames (geonames.org), CC BY 4.0; land by Natural Earth.
    """
    listed = load_places()
    found = indices_inside(area)
    order = found[np.argsort(-listed.people[found], kind="stable")]
    size = area_m2(area)
    y, x, piece = sample_points(area)
    density, on_land, number = unlisted_per_m2(y, x)
    if raster is None:
        low, towns, by_country = _towns(area)
        by_country += np.bincount(
            np.maximum(number, 0), density * (number >= 0) * piece, minlength=by_country.size
        )
        over = float(np.sum(np.maximum(by_country - _ceilings(), 0.0)))
        high = min(towns + float(np.sum(density)) * piece - over, _DENSEST_PER_M2 * size)
        source = attribution()
    else:
        low, high = raster.people_inside(area)
        source = raster.name
    return PeopleInside(
        listed=int(np.sum(listed.people[found])),
        low=min(low, high),
        high=high,
        listed_places=int(found.size),
        largest=places_told(order[:_SHOWN], *area.middle),
        land_share=float(np.mean(on_land)),
        source=source,
    )
