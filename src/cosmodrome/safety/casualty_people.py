"""Who lives in a corridor: the populated areas that the casualty expectation sums over."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError, ShapeError
from cosmodrome.safety.casualty_cells import COLUMNS, NAMED, Cells
from cosmodrome.safety.corridor import Corridor, placed, within
from cosmodrome.world.land import SEA, countries, country_index
from cosmodrome.world.people import most_people
from cosmodrome.world.people_grid import PeopleGrid, people_grid
from cosmodrome.world.places import load_places
from cosmodrome.world.polygons import belt_area_m2

if TYPE_CHECKING:
    from cosmodrome.world.people_raster import PopulationRaster

__all__ = ["corridor_cells", "grid_cells"]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Box = tuple[float, float, float, float]

_FINE_DEG: Final = 0.1
_COARSE_DEG: Final = 0.5
_AROUND_DEG: Final = 2.0  # of latitude about the pad: 120 nm, where the recipe wants it fine
_POLAR_DEG: Final = 80.0
_TILE_DEG: Final = 5.0
_EARTH_M: Final = 6378e3

# Where in a cell a country is looked for: its middle, then towards its corners.
_LOOKED: Final = ((0.0, 0.0), (0.25, 0.25), (0.25, -0.25), (-0.25, 0.25), (-0.25, -0.25),
                  (0.45, 0.45), (0.45, -0.45), (-0.45, 0.45), (-0.45, -0.45))  # fmt: skip


def corridor_cells(found: Corridor, raster: PopulationRaster | None = None) -> Cells:
    """Populated areas near a corridor, from the lists of the program or a raster of people.

    Cells of 0.1 deg about the pad and of 0.5 deg further out: appendix C
    (b)(2) wants census blocks up to 100 nautical miles from the pad, which no
    list of towns has, and 1 deg or finer from there on.

    Parameters
    ----------
    found : Corridor
    raster : PopulationRaster or None
        Its own counts, low and high alike, where it reaches; elsewhere the lists.

    Returns
    -------
    Cells
        From the lists with the most people that each country has.

    Raises
    ------
    InputError
        If the raster reaches no part of the corridor, or cannot be read.
    """
    pad = math.degrees(found.trace.latitude_rad[0]), math.degrees(found.trace.longitude_rad[0])
    boxes = [(box, _COARSE_DEG) for box in _boxes(found)]
    fine = _about_pad(*pad)
    asked: list[tuple[Box, float, Box | None]] = [(box, step, fine) for box, step in boxes]
    if fine is not None:
        asked.append((fine, _FINE_DEG, None))
    if raster is None:
        return _joined([_of_box(*one, found, None)[0] for one in asked])
    both = [_of_box(*one, found, raster) for one in asked]
    if not any(reached for _, _, reached in both):
        raise _elsewhere(raster, found)
    counted = [part for _, part, _ in both if part is not None and len(part)]
    return _joined([*counted, *(part for part, _, _ in both if len(part) or not counted)])


def _elsewhere(raster: PopulationRaster, found: Corridor) -> InputError:
    south, north = (
        math.degrees(float(edge(found.trace.latitude_rad))) for edge in (np.min, np.max)
    )
    return InputError(
        "the raster of people reaches no part of the corridor",
        file=raster.name,
        key="people",
        allowed=f"one that reaches the trace, {south:.1f} to {north:.1f} deg of latitude; or none",
    )


def _boxes(found: Corridor) -> list[Box]:
    """South, north, west and east in degrees of boxes that hold the corridor, and not much more."""
    side = _TILE_DEG
    rows, columns = round(180.0 / side), round(360.0 / side)
    south = -90.0 + side * np.arange(rows)
    west = -180.0 + side * np.arange(columns)
    latitude, longitude = (
        grid.ravel() for grid in np.meshgrid(south + 0.5 * side, west + 0.5 * side, indexing="ij")
    )
    where = placed(found, np.radians(latitude), np.radians(longitude))
    reach = 0.75 * math.radians(side) * _EARTH_M
    edge = np.maximum(found.half_width_m[where.node], found.pad_radius_m) + reach
    near = np.abs(where.across_m) <= edge
    near &= (where.along_m >= -reach) & (where.along_m <= found.along_m[-1] + reach)
    boxes: list[Box] = []
    for row, line in enumerate(near.reshape(rows, columns)):
        jumps = np.flatnonzero(np.diff(np.concatenate([[0], line.astype(np.int8), [0]])))
        for first, last in zip(jumps[::2].tolist(), jumps[1::2].tolist(), strict=True):
            low = float(south[row])
            boxes.append(
                (low, low + side, float(west[first]), float(west[first]) + side * (last - first))
            )
    return boxes


def _about_pad(latitude: float, longitude: float) -> Box | None:
    """South, north, west and east in degrees, on lines of the coarse grid; None at the poles."""
    if abs(latitude) > _POLAR_DEG:
        return None
    wide = _AROUND_DEG / math.cos(math.radians(latitude))
    step = _COARSE_DEG
    south, west = (step * math.floor(x / step) for x in (latitude - _AROUND_DEG, longitude - wide))
    north, east = (step * math.ceil(x / step) for x in (latitude + _AROUND_DEG, longitude + wide))
    return south, north, (west + 180.0) % 360.0 - 180.0, (east + 180.0) % 360.0 - 180.0


def _of_box(
    box: Box,
    step_deg: float,
    but: Box | None,
    found: Corridor,
    raster: PopulationRaster | None,
) -> tuple[Cells, Cells | None, bool]:
    """People of a box by the lists and by a raster, and whether it reaches into the box.

    Without those of another box, whose edges lie on the same lines.
    """
    south, north, west, east = box
    grid = people_grid(*(math.radians(x) for x in (south, west, north, east, step_deg)))
    if raster is None:
        return _without(grid_cells(grid, found), but), None, False
    people = raster.people_on_grid(grid.south_rad, grid.west_rad, grid.step_rad, grid.low.shape)
    reached = np.isfinite(people)
    low, high = (np.where(reached, 0.0, values) for values in (grid.low, grid.high))
    listed = grid_cells(replace(grid, low=low, high=high), found)
    counted = grid_cells(_by_raster(grid, np.where(reached, people, 0.0), raster.name), found)
    return _without(listed, but), _without(counted, but), bool(np.any(reached))


def _by_raster(grid: PeopleGrid, people: Array, source: str) -> PeopleGrid:
    """A grid with other people, who are counted against no country's total."""
    nobody, nowhere = np.zeros_like(people), np.full(people.shape, -1)
    return replace(grid, low=people, high=people, source=source, country=nowhere, own=nobody)


@lru_cache(maxsize=1)
def _census_names() -> dict[str, str]:
    """For each code of the list the largest country that is counted there."""
    names: dict[str, str] = {}
    for one in sorted(countries(), key=lambda one: one.land_m2):
        names[one.counted_as] = one.name
    return names


def _without(made: Cells, but: Box | None) -> Cells:
    if but is None:
        return made
    latitude, longitude = np.degrees(made.latitude_rad), np.degrees(made.longitude_rad)
    inside = (latitude > but[0]) & (latitude < but[1])
    inside &= np.mod(longitude - but[2], 360.0) < np.mod(but[3] - but[2], 360.0)
    return made.at(np.flatnonzero(~inside))


def _joined(parts: Sequence[Cells]) -> Cells:
    whole: dict[str, Any] = {n: np.concatenate([getattr(p, n) for p in parts]) for n in COLUMNS}
    whole |= {n: tuple(name for p in parts for name in getattr(p, n)) for n in NAMED}
    most = {name: people for one in parts for name, people in one.most.items()}
    source = "; ".join(sorted({p.source for p in parts}))
    return Cells(**whole, source=source, most=most)


def grid_cells(grid: PeopleGrid, found: Corridor) -> Cells:
    """Cells of a grid of people that lie near a corridor.

    Parameters
    ----------
    grid : PeopleGrid
    found : Corridor

    Returns
    -------
    Cells
        Those with people, within the corridor's half width of the trace. A
        cell's country is that of its middle, or of the nearest part on land.

    Raises
    ------
    ShapeError
        If the grid's columns do not match.
    """
    shapes = {one.shape for one in (grid.low, grid.high, grid.country, grid.own)}
    if shapes != {grid.low.shape} or grid.low.ndim != 2:
        raise ShapeError(f"grids of people have shapes {sorted(shapes)}")
    step = grid.step_rad
    row, column = np.nonzero(grid.high > 0.0)
    latitude = np.asarray(grid.south_rad + (row + 0.5) * step, dtype=np.float64)
    longitude = np.asarray(grid.west_rad + (column + 0.5) * step, dtype=np.float64)
    reach = float(found.half_width_m.max(initial=found.pad_radius_m)) + 9e6 * step
    near = within(found, latitude, longitude, reach)
    row, column = row[near], column[near]
    latitude, longitude = latitude[near], longitude[near]
    edge = grid.south_rad + row * step
    area = step * (belt_area_m2(edge + step) - belt_area_m2(edge))
    counted_in, most = _totals(grid.country[row, column])
    return Cells(
        latitude_rad=latitude,
        longitude_rad=(longitude + np.pi) % (2.0 * np.pi) - np.pi,
        height_rad=np.full(latitude.size, step),
        width_rad=np.full(latitude.size, step),
        area_m2=np.asarray(area),
        low=grid.low[row, column],
        high=grid.high[row, column],
        own=grid.own[row, column],
        country=_countries(latitude, longitude, step),
        counted_in=counted_in,
        source=grid.source,
        most=most,
    )


def _totals(number: Ints) -> tuple[tuple[str, ...], dict[str, float]]:
    """The countries that people are counted in, and the most people that these have."""
    names, codes = _census_names(), load_places().codes
    counted_in = tuple(names.get(codes[k], "") if k >= 0 else "" for k in number.tolist())
    most = {names[code]: people for code, people in most_people().items() if code in names}
    return counted_in, {name: most[name] for name in sorted(set(counted_in)) if name in most}


def _countries(latitude: Array, longitude: Array, step_rad: float) -> tuple[str, ...]:
    """The country of each cell; "" where no part of it is on land."""
    index = np.full(latitude.size, SEA)
    for up, right in _LOOKED:
        left = np.flatnonzero(index == SEA)
        if not left.size:
            break
        index[left] = country_index(
            np.clip(latitude[left] + up * step_rad, -0.5 * np.pi, 0.5 * np.pi),
            longitude[left] + right * step_rad,
        )
    names = [country.name for country in countries()]
    return tuple("" if k == SEA else names[k] for k in index.tolist())
