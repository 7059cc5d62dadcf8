"""What lies where a part comes down: land or sea, whose, how near to whom, how many people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from cosmodrome.safety.drop_zones import DropZone
from cosmodrome.safety.ellipses import Ellipse, ellipse_area
from cosmodrome.world.land import SEA, Country, countries, country_index, nearest_line
from cosmodrome.world.people import PeopleInside, people_inside
from cosmodrome.world.places import NearPlace, nearest_places
from cosmodrome.world.polygons import Area, contains

if TYPE_CHECKING:
    from cosmodrome.world.people_raster import PopulationRaster

__all__ = ["Ground", "Line", "ground_of"]

_PLACES: Final = 3
_TOWN: Final = 10_000  # people of a place that is named beside the nearest ones


@dataclass(frozen=True, slots=True)
class Line:
    """The nearest border or coast of a place.

    Parameters
    ----------
    distance_m : float, from the nominal impact
    clear_m : float, from the outline of the largest ellipse; 0 where it reaches the line
    latitude_rad, longitude_rad : float, of the line's nearest point
    sides : tuple of str, the countries on its two sides; "sea" for the sea
    """

    distance_m: float
    clear_m: float
    latitude_rad: float
    longitude_rad: float
    sides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies where a part comes down.

    Parameters
    ----------
    surface : "land" or "sea", at the nominal impact; lakes are land
    country : Country or None, there
    shares : tuple of (country's name or "sea", share of the samples), largest first
    near : tuple of NearPlace, the nearest listed places to the nominal impact
    town : NearPlace or None, the nearest of 10,000 people and more
    border : Line, between countries
    coast : Line
    people : tuple of (Ellipse, PeopleInside), one for each ellipse
    """

    surface: Literal["land", "sea"]
    country: Country | None
    shares: tuple[tuple[str, float], ...]
    near: tuple[NearPlace, ...]
    town: NearPlace | None
    border: Line
    coast: Line
    people: tuple[tuple[Ellipse, PeopleInside], ...]


def ground_of(zone: DropZone, raster: PopulationRaster | None = None) -> Ground:
    """The ground of a drop zone.

    Parameters
    ----------
    zone : DropZone
    raster : PopulationRaster or None, the user's own count of people

    Returns
    -------
    Ground

    Accuracy
    --------
    Lines and places as `world.land` and `world.places`: about a kilometre. People
    as `world.people`; where no place is listed that is not to say that nobody is
    there.
    """
    place = (zone.latitude_rad, zone.longitude_rad)
    here = int(np.ravel(country_index(*place))[0])
    widest = ellipse_area(max(zone.ellipses, key=lambda one: one.probability))
    towns = nearest_places(*place, count=1, at_least=_TOWN)
    return Ground(
        surface="sea" if here == SEA else "land",
        country=None if here == SEA else countries()[here],
        shares=_shares(zone),
        near=tuple(nearest_places(*place, count=_PLACES)),
        town=towns[0] if towns else None,
        border=_line(place, widest, "border"),
        coast=_line(place, widest, "coast"),
        people=tuple((one, people_inside(ellipse_area(one), raster)) for one in zone.ellipses),
    )


def _shares(zone: DropZone) -> tuple[tuple[str, float], ...]:
    down = zone.impacts.down
    found = country_index(zone.impacts.latitude_rad[down], zone.impacts.longitude_rad[down])
    which, counts = np.unique(found, return_counts=True)
    shares = [(_name(int(k)), float(n) / found.size) for k, n in zip(which, counts, strict=True)]
    return tuple(sorted(shares, key=lambda pair: (-pair[1], pair[0])))


def _name(number: int) -> str:
    return "sea" if number == SEA else countries()[number].name


def _line(place: tuple[float, float], widest: Area, kind: Literal["border", "coast"]) -> Line:
    """Nearest line to the middle, and to the outline of an ellipse."""
    found = nearest_line(*place, kind=kind)
    outline = widest.rings[0]
    around = nearest_line(outline[:, 0], outline[:, 1], kind=kind)
    latitude, longitude = np.ravel(found.latitude_rad), np.ravel(found.longitude_rad)
    reached = bool(np.any(contains(widest, latitude, longitude)))
    left, right = (int(np.ravel(side)[0]) for side in (found.left, found.right))
    return Line(
        distance_m=float(np.ravel(found.distance_m)[0]),
        clear_m=0.0 if reached else float(np.min(around.distance_m)),
        latitude_rad=float(latitude[0]),
        longitude_rad=float(longitude[0]),
        sides=(_name(left), _name(right)),
    )
