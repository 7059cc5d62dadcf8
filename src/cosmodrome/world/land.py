"""Land and sea, countries and their borders, offline.

The lines are those of Natural Earth at 1:10 million: as they are held on the
ground, not as anyone claims them, and no statement of ours. Lakes count as
land of the country around them; the Caspian counts as sea.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.world.land_lines import Country, LandLines, load_land
from cosmodrome.world.polygons import Area, area_from_rings
from cosmodrome.world.polygons_geodesic import Lines

__all__ = [
    "SEA",
    "Country",
    "NearestLine",
    "attribution",
    "countries",
    "country",
    "country_area",
    "country_at",
    "country_index",
    "is_land",
    "nearest_line",
]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

SEA: Final = -1
"""What `country_index` gives at sea."""

_COLUMNS: Final = 3600
_ROWS: Final = 1800
_PAIRS: Final = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class _Atlas:
    """Country of the middle of every cell, and the edges that touch a cell.

    `cells` lists the cells that have edges, in order; the edges of cell k are
    `edges[starts[k] : starts[k + 1]]`.
    """

    labels: NDArray[np.int16]
    cells: NDArray[np.int32]
    starts: NDArray[np.int32]
    edges: NDArray[np.int32]


def _caps(land: LandLines) -> tuple[int, int]:
    """What lies at the south and at the north pole: beyond the last lines of one meridian."""
    away = np.mod(0.123 * land.turn - land.x, land.turn)
    away = np.where(land.step_x < 0.0, away - land.turn, away)
    met = np.flatnonzero(np.abs(away) < np.abs(land.step_x))
    y = land.y[met] + away[met] / land.step_x[met] * land.step_y[met]
    first, last = met[np.argmin(y)], met[np.argmax(y)]
    eastward = land.step_x > 0.0
    south = land.right[first] if eastward[first] else land.left[first]
    north = land.left[last] if eastward[last] else land.right[last]
    return int(south), int(north)


def _east_of(land: LandLines, edge: Ints, first: Ints, last: Ints) -> Ints:
    """Country east of each crossing of the rows from `first` to `last`.

    What lies east of one crossing lies west of the next. Where rounding in the
    source has tied islets into knots this fails; those rows are walked, each
    line leading from one of its sides to the other.
    """
    upward = land.step_y[edge] > 0.0
    left, right = land.left[edge].astype(np.int64), land.right[edge].astype(np.int64)
    east, west = np.where(upward, right, left), np.where(upward, left, right)
    before = np.roll(east, 1)
    before[first] = east[last]
    for k in np.unique(np.searchsorted(first, np.flatnonzero(before != west), side="right")) - 1:
        state = west[first[k]] if west[first[k]] == east[last[k]] else SEA
        walked = east[first[k] : last[k] + 1].copy()
        for place, (a, b) in enumerate(zip(walked, west[first[k] : last[k] + 1], strict=True)):
            state = b if state == a else a
            walked[place] = state
        east[first[k] : last[k] + 1] = walked
    return east


def _labels(land: LandLines, cell: tuple[float, float], south: float) -> NDArray[np.int16]:
    """Countries along the middle lines of all rows, from where lines cross them."""
    wide, tall = cell
    y1, y2 = land.y, land.y + land.step_y
    low = np.ceil((np.minimum(y1, y2) - south) / tall - 0.5).astype(np.int64)
    high = np.ceil((np.maximum(y1, y2) - south) / tall - 0.5).astype(np.int64)
    edge = np.repeat(np.arange(y1.size), high - low)
    row = np.arange(edge.size) - np.repeat(np.cumsum(high - low) - high, high - low)
    share = ((row + 0.5) * tall + south - land.y[edge]) / land.step_y[edge]
    x = np.mod(land.x[edge] + share * land.step_x[edge], land.turn)
    order = np.lexsort((x, row))
    row, x, edge = row[order], x[order], edge[order]
    first = np.flatnonzero(np.diff(row, prepend=-1))
    last = np.append(first[1:], row.size) - 1
    east = _east_of(land, edge, first, last)
    column = np.ceil(x / wide - 0.5).astype(np.int64)
    seen = column < _COLUMNS  # past the middle of the last cell it comes round to the first
    # What comes round from the east end of a row stands before the row's own crossings.
    begins = np.concatenate([row[first] * _COLUMNS, (row * _COLUMNS + column)[seen]])
    values = np.concatenate([east[last], east[seen]])
    order = np.argsort(begins, kind="stable")
    begins, values = begins[order], values[order]
    ends = np.append(begins[1:], (row[-1] + 1) * _COLUMNS)
    middle = np.repeat(values.astype(np.int16), ends - begins)
    caps = _caps(land)
    below = np.full(int(begins[0]), caps[0], dtype=np.int16)
    above = np.full(_ROWS * _COLUMNS - below.size - middle.size, caps[1], dtype=np.int16)
    return np.concatenate([below, middle, above])


def _span(
    start: NDArray[np.float32], step: NDArray[np.float32], origin: float, size: float
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """First cell that each edge touches along one axis, and how many."""
    exact = np.float64(origin)  # grid steps are whole numbers, cell sides are not
    first = np.floor((np.minimum(start, start + step) - exact) / size).astype(np.int32)
    last = np.floor((np.maximum(start, start + step) - exact) / size).astype(np.int32)
    return first, last - first + 1


def _edge_cells(
    land: LandLines, cell: tuple[float, float], south: float
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Edges by the cells that their boxes touch."""
    wide, tall = cell
    west, columns = _span(land.x, land.step_x, 0.0, wide)
    low, rows = _span(land.y, land.step_y, south, tall)
    many = columns * rows
    edge = np.repeat(np.arange(many.size, dtype=np.int32), many)
    place = np.arange(edge.size, dtype=np.int32)
    place -= np.repeat(np.cumsum(many, dtype=np.int32) - many, many)
    row, column = np.divmod(place, columns[edge])
    column = np.mod(west[edge] + column, np.int32(_COLUMNS))
    number = (low[edge] + row) * np.int32(_COLUMNS) + column
    order = np.argsort(number, kind="stable")
    cells, starts = np.unique(number[order], return_index=True)
    return (
        cells,
        np.append(starts, edge.size).astype(np.int32),
        edge[order],
    )


def _cell_size(land: LandLines) -> tuple[tuple[float, float], float]:
    """Size of a cell and the latitude of the south pole, in the units of the lines."""
    wide, tall = land.turn / _COLUMNS, 180.0 / _ROWS / land.scale_deg[1]
    return (wide, tall), (-90.0 - land.shift_deg[1]) / land.scale_deg[1]


@lru_cache(maxsize=1)
def _atlas() -> _Atlas:
    land = load_land()
    cell, south = _cell_size(land)
    cells, starts, edges = _edge_cells(land, cell, south)
    return _Atlas(_labels(land, cell, south), cells, starts, edges)


def _crossed(land: LandLines, edge: Ints, middle: Array, way: Array) -> tuple[Array, Ints]:
    """Where the way from a cell's middle crosses edges (0 to 1, else -1), and what is behind.

    `middle` and `way` have shape (pairs, 2), x and y in the units of the lines.
    """
    half = 0.5 * land.turn
    x1 = np.mod(land.x[edge] - middle[:, 0] + half, land.turn) - half
    y1 = land.y[edge] - middle[:, 1]
    step_x, step_y = land.step_x[edge], land.step_y[edge]
    side1 = way[:, 0] * y1 - way[:, 1] * x1
    side2 = way[:, 0] * (y1 + step_y) - way[:, 1] * (x1 + step_x)
    turning = step_x * way[:, 1] - step_y * way[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (step_x * y1 - step_y * x1) / turning
    met = ((side1 > 0.0) != (side2 > 0.0)) & (share > 0.0) & (share <= 1.0)
    behind = np.where(turning > 0.0, land.left[edge], land.right[edge])
    return np.where(met, share, -1.0), behind


def _settle(
    land: LandLines, atlas: _Atlas, found: tuple[Ints, Ints], x: Array, y: Array
) -> tuple[Ints, NDArray[np.bool_]]:
    """Country of points in cells with edges, and whether any edge lay between.

    The last edge on the way from the cell's middle to the point decides.
    """
    place, number = found
    cell, south = _cell_size(land)
    row, column = np.divmod(number, _COLUMNS)
    middle = np.stack([(column + 0.5) * cell[0], (row + 0.5) * cell[1] + south], axis=-1)
    way = np.stack([x, y], axis=-1) - middle
    many = (atlas.starts[place + 1] - atlas.starts[place]).astype(np.int64)
    point = np.repeat(np.arange(place.size), many)
    first = np.cumsum(many) - many
    edge = atlas.edges[np.arange(point.size) + np.repeat(atlas.starts[place] - first, many)]
    share, behind = _crossed(land, edge.astype(np.int64), middle[point], way[point])
    last = np.maximum.reduceat(share, first)
    decides = (share == last[point]) & (share > 0.0)
    country_behind = np.full(place.size, SEA, dtype=np.int64)
    country_behind[point[decides]] = behind[decides]
    return country_behind, last > 0.0


def country_index(latitude_rad: Any, longitude_rad: Any) -> Ints:
    """Number of the country at each point, in the order of `countries()`.

    Parameters
    ----------
    latitude_rad, longitude_rad : float or array, shape (...)

    Returns
    -------
    array of int, shape (...), `SEA` where there is none

    Accuracy
    --------
    Exact for the lines of Natural Earth at 1:10 million, kept to 200 m. The
    lines themselves are good to about 1 km, and small islands are missing.

    References
    ----------
    Natural Earth 4.1.0 (public domain), by way of world-atlas 2.0.2.
    """
    land, atlas = load_land(), _atlas()
    latitude, longitude = np.broadcast_arrays(
        np.asarray(latitude_rad, dtype=float), np.asarray(longitude_rad, dtype=float)
    )
    (wide, tall), south = _cell_size(land)
    x = np.mod(np.degrees(longitude.ravel()) - land.shift_deg[0], 360.0) / land.scale_deg[0]
    y = (np.degrees(latitude.ravel()) - land.shift_deg[1]) / land.scale_deg[1]
    column = np.minimum((x / wide).astype(np.int64), _COLUMNS - 1)
    row = np.clip(np.floor((y - south) / tall).astype(np.int64), 0, _ROWS - 1)
    number = row * _COLUMNS + column
    result = atlas.labels[number].astype(np.int64)
    place = np.minimum(np.searchsorted(atlas.cells, number), atlas.cells.size - 1)
    hard = np.flatnonzero(atlas.cells[place] == number)
    size = max(1, _PAIRS // 20)
    for part in (hard[k : k + size] for k in range(0, hard.size, size)):
        behind, crossed = _settle(land, atlas, (place[part], number[part]), x[part], y[part])
        result[part] = np.where(crossed, behind, result[part])
    return np.asarray(result.reshape(latitude.shape))


def countries() -> tuple[Country, ...]:
    """All countries and territories that Natural Earth draws, in the order of their names."""
    return load_land().countries


def country(text: str) -> Country:
    """A country by its name or ISO code of two or three letters, in any case.

    Raises
    ------
    InputError
        If there is none, with the nearest names.
    """
    wanted = text.strip().casefold()
    for key in ("iso2", "iso3", "name"):
        for one in countries():
            if wanted and getattr(one, key).casefold() == wanted:
                return one
    names = {one.name.casefold(): one.name for one in countries()}
    near = difflib.get_close_matches(wanted, names, n=3, cutoff=0.6)
    raise InputError(
        f"there is no country {text.strip()[:40]!r}",
        key="country",
        value=text[:40],
        allowed=", ".join(names[n] for n in near) or "a name or an ISO code such as KZ or KAZ",
    )


def country_at(latitude_rad: Any, longitude_rad: Any) -> list[Country | None]:
    """The country at each point, None at sea; see `country_index`."""
    table = countries()
    return [
        None if k == SEA else table[k] for k in country_index(latitude_rad, longitude_rad).ravel()
    ]


def is_land(latitude_rad: Any, longitude_rad: Any) -> NDArray[np.bool_]:
    """True on land; lakes count as land, the Caspian as sea. See `country_index`."""
    return np.asarray(country_index(latitude_rad, longitude_rad) != SEA)


def country_area(wanted: Country) -> Area:
    """The polygons of a country, to keep impacts out of it or in it.

    Parameters
    ----------
    wanted : Country, of `countries()`

    Returns
    -------
    Area
        All parts, islands and exclaves too.

    Raises
    ------
    InputError
        If it is too small to be drawn (the Vatican).

    Accuracy
    --------
    As `country_index`, which is quicker for many points of the large countries.
    """
    land = load_land()
    rings = land.rings(land.countries.index(wanted))
    if not rings:
        raise InputError(
            f"{wanted.name} is too small to be drawn at 1:10 million",
            key="country",
            value=wanted.name,
            allowed="a country of 1 km2 or more",
        )
    return area_from_rings(rings)


@dataclass(frozen=True, slots=True, eq=False)
class NearestLine:
    """The nearest border or coast, for each point asked about.

    Parameters
    ----------
    distance_m : array, along the ground
    latitude_rad, longitude_rad : array, of the nearest point of the line
    left, right : array of int, the countries on its two sides, `SEA` for the sea
    """

    distance_m: Array
    latitude_rad: Array
    longitude_rad: Array
    left: Ints
    right: Ints


@lru_cache(maxsize=16)
def _lines(kind: str, number: int) -> tuple[Lines, Ints]:
    land = load_land()
    coast = (land.left == SEA) | (land.right == SEA)
    wanted = {"border": ~coast, "coast": coast, "any": np.ones_like(coast)}[kind]
    if number != SEA:
        wanted = wanted & ((land.left == number) | (land.right == number))
    chosen = np.flatnonzero(wanted)
    if not chosen.size:
        raise InputError(
            f"{land.countries[number].name} has no {kind}",
            key="kind",
            value=kind,
            allowed="coast" if kind == "border" else "border",
        )
    return Lines(*land.ends_rad(chosen)), chosen


def nearest_line(
    latitude_rad: Any,
    longitude_rad: Any,
    kind: Literal["border", "coast", "any"] = "border",
    of: Country | None = None,
) -> NearestLine:
    """The nearest border between countries, or coast, to each point.

    Parameters
    ----------
    latitude_rad, longitude_rad : float or array, shape (...)
    kind : "border" on land between two countries, "coast", or "any" of the two
    of : Country or None
        Only lines of this country: how far is it to China?

    Returns
    -------
    NearestLine, of arrays of shape (...)

    Raises
    ------
    InputError
        If the country has no such line.

    Accuracy
    --------
    To the lines as drawn, a metre to 1000 km; the lines are good to about 1 km.

    References
    ----------
    Natural Earth 4.1.0 (public domain), by way of world-atlas 2.0.2.
    """
    land = load_land()
    lines, chosen = _lines(kind, SEA if of is None else land.countries.index(of))
    found = lines.nearest(latitude_rad, longitude_rad)
    edge = chosen[found.line]
    return NearestLine(
        found.distance_m,
        found.latitude_rad,
        found.longitude_rad,
        land.left[edge].astype(np.int64),
        land.right[edge].astype(np.int64),
    )


def attribution() -> str:
    """Where the lines come from, for a page that shows them."""
    return load_land().attribution
