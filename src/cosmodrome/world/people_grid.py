"""People on a coarse grid, low and high: for casualty expectation along a corridor."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.world.people import people_weights, unlisted_per_m2
from cosmodrome.world.places import attribution
from cosmodrome.world.polygons import belt_area_m2

__all__ = ["PeopleGrid", "people_grid"]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_TURN: Final = 2.0 * math.pi
_MOST_CELLS: Final = 700_000
_SAMPLES: Final = 3  # along each side of a cell, to find its share of land


@dataclass(frozen=True, slots=True, eq=False)
class PeopleGrid:
    """People in cells of equal steps of latitude and longitude.

    Parameters
    ----------
    south_rad, west_rad : float, the corner where rows and columns begin
    step_rad : float
    low, high : array, shape (rows, columns), people in each cell
    land_m2 : array, shape (rows, columns), land in each cell
    cell_m2 : array, shape (rows,), size of the cells of a row
    source : str
    country : array of int, shape (rows, columns)
        Whose people most of `high` are, by the number in the list of places; -1 for none.
    own : array, shape (rows, columns), how many of `high` are of that country
    """

    south_rad: float
    west_rad: float
    step_rad: float
    low: Array
    high: Array
    land_m2: Array
    cell_m2: Array
    source: str
    country: Ints
    own: Array

    def density(self, latitude_rad: Any, longitude_rad: Any) -> tuple[Array, Array]:
        """People per square metre at points, low and high: cell means, land and sea alike.

        Raises
        ------
        InputError
            If a point lies outside the grid.
        """
        row = np.floor((np.asarray(latitude_rad, float) - self.south_rad) / self.step_rad)
        turned = np.mod(np.asarray(longitude_rad, float) - self.west_rad, _TURN)
        column = np.floor(turned / self.step_rad)
        rows, columns = self.low.shape
        if np.any((row < 0) | (row >= rows) | (column >= columns)):
            raise InputError("a point lies outside the grid of people", key="grid")
        r, c = row.astype(np.int64), column.astype(np.int64)
        return self.low[r, c] / self.cell_m2[r], self.high[r, c] / self.cell_m2[r]


def people_grid(
    south_rad: float, west_rad: float, north_rad: float, east_rad: float, step_rad: float
) -> PeopleGrid:
    """People between two latitudes and two longitudes, on a grid.

    Towns are discs, as in `people.town_people`, and fall into the cells that
    the discs cover; low counts each place once, high all places as listed and
    the unlisted people of `people.unlisted_per_m2`.

    Parameters
    ----------
    south_rad, west_rad, north_rad, east_rad : float
        From west eastward; east may be the smaller number.
    step_rad : float, 0.05 to 5 deg

    Returns
    -------
    PeopleGrid, of whole cells from the south-west corner

    Raises
    ------
    InputError
        If the box or the step is out of range, or makes too many cells.

    References
    ----------
    GeoNames (geonames.org), CC BY 4.0; land by Natural Earth.
    """
    shape = _checked(south_rad, north_rad, np.mod(east_rad - west_rad, _TURN) or _TURN, step_rad)
    rows, columns = shape
    edges = np.clip(south_rad + np.arange(rows + 1) * step_rad, -0.5 * math.pi, 0.5 * math.pi)
    cell_m2 = np.diff(belt_area_m2(edges)) * step_rad
    place = (np.arange(_SAMPLES) + 0.5) / _SAMPLES
    y = (edges[:-1, None] + place * np.diff(edges)[:, None]).ravel()
    x = west_rad + ((np.arange(columns)[:, None] + place) * step_rad).ravel()
    points = np.repeat(y, x.size), np.tile(x, y.size)
    density, on_land, whose = unlisted_per_m2(*points)
    blocks = (rows, _SAMPLES, columns, _SAMPLES)
    unlisted = np.mean(density.reshape(blocks), axis=(1, 3)) * cell_m2[:, None]
    land = np.mean(on_land.reshape(blocks), axis=(1, 3)) * cell_m2[:, None]
    latitude, longitude, low, high, number = people_weights(edges[0], edges[-1])
    row = np.floor((latitude - south_rad) / step_rad).astype(np.int64)
    column = np.floor(np.mod(longitude - west_rad, _TURN) / step_rad).astype(np.int64)
    inside = (row >= 0) & (row < rows) & (column < columns)
    cell = row[inside] * columns + column[inside]
    low_grid, high_grid = (
        np.bincount(cell, weights[inside], minlength=rows * columns).reshape(shape).astype(float)
        for weights in (low, high)
    )
    numbered = np.arange(rows * columns).reshape(shape)
    at = np.repeat(np.repeat(numbered, _SAMPLES, axis=0), _SAMPLES, axis=1).ravel()
    spread = density / _SAMPLES**2 * np.repeat(cell_m2, _SAMPLES * columns * _SAMPLES)
    country, own = _owners(
        np.concatenate([cell, at]),
        np.concatenate([number[inside], whose]),
        np.concatenate([high[inside], spread]),
        rows * columns,
    )
    return PeopleGrid(
        south_rad,
        west_rad,
        step_rad,
        low_grid,
        high_grid + unlisted,
        land,
        cell_m2,
        attribution(),
        country.reshape(shape),
        np.minimum(own.reshape(shape), high_grid + unlisted),
    )


def _owners(cell: Ints, number: Ints, people: Array, cells: int) -> tuple[Ints, Array]:
    """For each cell the country that most of its people are of, and how many that is."""
    country, own = np.full(cells, -1), np.zeros(cells)
    lived = np.flatnonzero((people > 0.0) & (number >= 0))
    if lived.size:
        key, place = np.unique(
            cell[lived] * (number.max() + 1) + number[lived], return_inverse=True
        )
        sums = np.bincount(place, people[lived])
        order = np.argsort(sums, kind="stable")  # the largest of a cell is written last
        where, whose = np.divmod(key[order], number.max() + 1)
        country[where], own[where] = whose, sums[order]
    return country, own


def _checked(south: float, north: float, span: float, step: float) -> tuple[int, int]:
    if not (-0.5 * math.pi - 1e-9 <= south < north <= 0.5 * math.pi + 1e-9):
        raise InputError(
            "the latitudes of the grid are out of range",
            key="grid",
            value=f"{math.degrees(south):g} to {math.degrees(north):g} deg",
            allowed="-90 to 90 deg, south first",
        )
    if not math.radians(0.0499) <= step <= math.radians(5.01):
        raise InputError(
            "the step of the grid is out of range",
            key="step",
            value=math.degrees(step),
            allowed="0.05 to 5 deg",
        )
    shape = (math.ceil((north - south) / step - 1e-9), math.ceil(span / step - 1e-9))
    if shape[0] * shape[1] > _MOST_CELLS:
        raise InputError(
            f"this makes more than {_MOST_CELLS} cells",
            key="step",
            value=math.degrees(step),
            allowed="a smaller box or a wider step",
        )
    return shape
