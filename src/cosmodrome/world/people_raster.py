"""A user's own raster of people, such as GHS-POP or GPW, in degrees of latitude and longitude.

Files are read where an area needs them, never whole: global ones hold billions of cells.
"""

from __future__ import annotations

import importlib
import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.world.polygons import Area, contains, real_sides

__all__ = ["PopulationRaster", "open_raster"]

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

_MOST_CELLS: Final = 4_000_000
_HAIR: Final = 1e-6  # of a cell: edges that are meant to be the same
_WGS84: Final = 4326
_KINDS: Final = "an ESRI ASCII grid (.asc) or a GeoTIFF (.tif), people per cell, EPSG:4326"


@dataclass(frozen=True, slots=True)
class _Layout:
    """North-west corner and size of cells in degrees, and how many there are."""

    north_deg: float
    west_deg: float
    tall_deg: float
    wide_deg: float
    rows: int
    columns: int

    @property
    def is_global(self) -> bool:
        """True if the columns go all the way round."""
        return abs(self.columns * self.wide_deg - 360.0) < 0.5 * self.wide_deg


class PopulationRaster(ABC):
    """People per cell, row by row from the north-west corner.

    Parameters
    ----------
    name : str, of the file, for pages
    layout : where the cells lie
    """

    def __init__(self, name: str, layout: _Layout) -> None:
        self.name = name
        self.layout = layout

    @abstractmethod
    def _window(self, rows: range, columns: range) -> Array:
        """People of the cells of a window, NaN where the file has no data."""

    def people_inside(self, area: Area) -> tuple[float, float]:
        """People of cells wholly inside an area, and of all cells that it touches.

        Parameters
        ----------
        area : Area

        Returns
        -------
        low, high : float
            Cells without data, the sea mostly, count as empty.

        Raises
        ------
        InputError
            If the area reaches out of the raster, or holds too many cells.

        Accuracy
        --------
        The truth by the raster's own counts lies between the two. Cells are
        told by their corners and middle, and by the area's sides at half a cell.
        """
        found = [self._part(area, rows, columns) for rows, columns in self._windows(area)]
        return sum(low for low, _ in found), sum(high for _, high in found)

    def people_on_grid(
        self, south_rad: float, west_rad: float, step_rad: float, shape: tuple[int, int]
    ) -> Array:
        """People in the cells of a grid of equal steps of latitude and longitude.

        Parameters
        ----------
        south_rad, west_rad : float, the corner where rows and columns begin
        step_rad : float
        shape : (rows, columns)

        Returns
        -------
        array, shape (rows, columns)
            NaN for a cell that reaches out of the raster.

        Accuracy
        --------
        People are taken to live evenly over a cell of the raster, so that a grid
        that cuts its cells loses nobody and counts nobody twice.
        """
        at, step = self.layout, math.degrees(step_rad)
        rows, columns = shape
        found = np.full(shape, np.nan)
        top = (at.north_deg - math.degrees(south_rad)) / at.tall_deg
        high = top - np.arange(rows + 1) * step / at.tall_deg  # edges, falling northward
        left = np.mod(math.degrees(west_rad) - at.west_deg + np.arange(columns) * step, 360.0)
        left = left / at.wide_deg
        wide = step / at.wide_deg
        if not at.is_global:
            # A corner on the raster's own edge may come out a hair to its west.
            round_ = 360.0 / at.wide_deg
            left = np.where(left > round_ - _HAIR, left - round_, left)
        across = left + wide <= at.columns + _HAIR if not at.is_global else left >= 0.0
        up = (high[:-1] <= at.rows + _HAIR) & (high[1:] >= -_HAIR)
        most = max(1, int(_MOST_CELLS / (wide + 2.0) / (step / at.tall_deg + 2.0)))
        for some in _runs(np.flatnonzero(across), left, most):
            for row in np.flatnonzero(up).tolist():
                found[row, some] = self._shared(high[row + 1], high[row], left[some], wide)
        return found

    def _shared(self, top: float, bottom: float, left: Array, wide: float) -> Array:
        """People between two edges, counted in rows, of columns that lie side by side."""
        at = self.layout
        rows = range(max(math.floor(top), 0), min(math.ceil(bottom), at.rows))
        first, last = math.floor(left[0] + _HAIR), math.ceil(left[-1] + wide - _HAIR)
        if not at.is_global:
            first, last = max(first, 0), min(last, at.columns)
        people = np.nan_to_num(self._wrapped(rows, range(first, last)), nan=0.0)
        line = _overlaps(np.array(rows), np.array([top]), bottom - top)[:, 0] @ people
        return np.asarray(line @ _overlaps(np.arange(first, last), left, wide))

    def _windows(self, area: Area) -> Iterator[tuple[range, range]]:
        """Rows and columns that the area's box needs; columns may lie east of the last."""
        at = self.layout
        corners = np.degrees(np.concatenate(area.rings))
        (south, west), (north, east) = np.min(corners, axis=0), np.max(corners, axis=0)
        first = math.floor((at.north_deg - north) / at.tall_deg)
        last = math.ceil((at.north_deg - south) / at.tall_deg)
        west_of = math.floor(((west - at.west_deg) % 360.0) / at.wide_deg)
        wide = min(math.ceil((east - west) / at.wide_deg) + 1, math.ceil(360.0 / at.wide_deg))
        if first < 0 or last > at.rows or (not at.is_global and west_of + wide > at.columns + 1):
            raise InputError(
                "the area reaches out of the raster of people",
                file=self.name,
                key="people",
                allowed="a raster that reaches round it, or none: listed places are counted then",
            )
        if (last - first) * wide > _MOST_CELLS:
            raise InputError(
                f"the area holds more than {_MOST_CELLS} cells",
                file=self.name,
                key="people",
                allowed="a coarser raster or a smaller area",
            )
        yield range(first, last), range(west_of, west_of + wide)

    def _part(self, area: Area, rows: range, columns: range) -> tuple[float, float]:
        at = self.layout
        y = np.radians(at.north_deg - np.arange(rows.start, rows.stop + 1) * at.tall_deg)
        x = np.radians(at.west_deg + np.arange(columns.start, columns.stop + 1) * at.wide_deg)
        corner = contains(area, *np.meshgrid(y, x, indexing="ij"))
        inner = np.meshgrid(0.5 * (y[:-1] + y[1:]), 0.5 * (x[:-1] + x[1:]), indexing="ij")
        middle = contains(area, *inner)
        four = np.stack([corner[:-1, :-1], corner[:-1, 1:], corner[1:, :-1], corner[1:, 1:]])
        cut = self._sides(area, rows, columns)
        people = np.nan_to_num(self._wrapped(rows, columns), nan=0.0)
        whole = np.all(four, axis=0) & middle & ~cut
        touched = np.any(four, axis=0) | middle | cut
        return float(np.sum(people[whole])), float(np.sum(people[touched]))

    def _sides(self, area: Area, rows: range, columns: range) -> Bools:
        """Cells of the window that a side of the area runs through."""
        at = self.layout
        cut = np.zeros((len(rows), len(columns)), dtype=bool)
        sides = np.degrees(real_sides(area))
        start, way = sides[:, :2], sides[:, 2:] - sides[:, :2]
        step = np.abs(way) / [0.5 * at.tall_deg, 0.5 * at.wide_deg]
        pieces = np.maximum(np.ceil(np.max(step, axis=1)), 1.0).astype(np.int64)
        side = np.repeat(np.arange(pieces.size), pieces)
        place = np.arange(side.size) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        points = start[side] + ((place + 0.5) / pieces[side])[:, None] * way[side]
        row = np.floor((at.north_deg - points[:, 0]) / at.tall_deg).astype(np.int64)
        turned = np.mod(points[:, 1] - at.west_deg - columns.start * at.wide_deg, 360.0)
        column = np.floor(turned / at.wide_deg).astype(np.int64)
        row = np.clip(row - rows.start, 0, len(rows) - 1)
        seen = column < len(columns)
        cut[row[seen], column[seen]] = True
        return cut

    def _wrapped(self, rows: range, columns: range) -> Array:
        """The window, with columns past the last taken from the first, or empty."""
        count = self.layout.columns
        inside = self._window(rows, range(columns.start, min(columns.stop, count)))
        over = columns.stop - max(columns.start, count)
        if over <= 0:
            return inside
        if not self.layout.is_global:
            return np.hstack([inside, np.full((len(rows), over), np.nan)])
        return np.hstack([inside, self._window(rows, range(over))])


def _overlaps(cells: NDArray[np.int64], left: Array, wide: float) -> Array:
    """Share of each raster cell that lies in each stretch, shape (cells, stretches)."""
    start, stop = left[None, :], left[None, :] + wide
    cell = cells[:, None]
    return np.asarray(np.clip(np.minimum(cell + 1, stop) - np.maximum(cell, start), 0.0, 1.0))


def _runs(chosen: NDArray[np.int64], left: Array, most: int) -> list[NDArray[np.int64]]:
    """Columns that lie side by side in the raster, at most so many together."""
    breaks = np.flatnonzero((np.diff(chosen) > 1) | (np.diff(left[chosen]) < 0.0)) + 1
    runs = [run for run in np.split(chosen, breaks) if run.size]
    return [run[k : k + most] for run in runs for k in range(0, run.size, most)]


class _AsciiGrid(PopulationRaster):
    """ESRI ASCII grid: six lines of header, then one line for each row."""

    def __init__(self, path: Path) -> None:
        header = _ascii_header(path)
        self._path, self._skip = path, len(header)
        self._nodata = header.get("nodata_value", math.nan)
        size = header["cellsize"]
        shift = 0.5 * size if "xllcenter" in header else 0.0
        south = header.get("yllcorner", header.get("yllcenter", math.nan)) - shift
        west = header.get("xllcorner", header.get("xllcenter", math.nan)) - shift
        rows, columns = int(header["nrows"]), int(header["ncols"])
        super().__init__(path.name, _Layout(south + rows * size, west, size, size, rows, columns))

    def _window(self, rows: range, columns: range) -> Array:
        found = np.empty((len(rows), len(columns)))
        with self._path.open(encoding="ascii", errors="replace") as lines:
            chosen = islice(lines, self._skip + rows.start, self._skip + rows.stop)
            count = 0
            for count, line in enumerate(chosen, start=1):
                words = line.split(maxsplit=columns.stop)[columns.start : columns.stop]
                try:
                    found[count - 1] = [float(word) for word in words]
                except ValueError:
                    raise self._broken(rows.start + count) from None
        if count < len(rows):
            raise self._broken(rows.start + count + 1)
        return np.where(found == self._nodata, np.nan, found)

    def _broken(self, row: int) -> InputError:
        return InputError(
            f"row {row} of the raster is not {self.layout.columns} numbers on one line",
            file=self.name,
            key="people",
            allowed=_KINDS,
        )


def _ascii_header(path: Path) -> dict[str, float]:
    """Keys of the header in lower case; the first line of numbers ends it."""
    header: dict[str, float] = {}
    with path.open(encoding="ascii", errors="replace") as lines:
        for line in islice(lines, 7):
            words = line.split()
            if len(words) != 2 or not words[0][:1].isalpha():
                break
            try:
                header[words[0].lower()] = float(words[1])
            except ValueError:
                break
    corner = {"xllcorner", "yllcorner"} <= header.keys()
    centre = {"xllcenter", "yllcenter"} <= header.keys()
    whole = {"ncols", "nrows", "cellsize"} <= header.keys() and (corner or centre)
    if not whole or min(header["ncols"], header["nrows"], header["cellsize"]) <= 0.0:
        raise InputError(
            "this is not an ESRI ASCII grid", file=path.name, key="people", allowed=_KINDS
        )
    return header


class _GeoTiff(PopulationRaster):
    """A GeoTIFF with one band, read by its strips or tiles."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with _tiff(path) as file:
            page = file.pages[0]
            tags = page.geotiff_tags or {}
            super().__init__(path.name, _tiff_layout(path, page, tags))
            text = page.tags.get("GDAL_NODATA")
            self._nodata = float(str(text.value).strip("\0 ")) if text else math.nan

    def _window(self, rows: range, columns: range) -> Array:
        found = np.full((len(rows), len(columns)), np.nan)
        with _tiff(self._path) as file:
            page = file.pages[0]
            tall = page.tilelength or page.rowsperstrip
            wide = page.tilewidth or page.imagewidth
            across = -(-page.imagewidth // wide)
            for band in range(rows.start // tall, -(-rows.stop // tall)):
                for strip in range(columns.start // wide, -(-columns.stop // wide)):
                    piece = self._segment(file, page, band * across + strip)
                    if piece is not None:
                        corner = (band * tall - rows.start, strip * wide - columns.start)
                        _laid_into(found, piece, corner)
        return np.where((found == self._nodata) | (found < 0.0), np.nan, found)

    def _segment(self, file: Any, page: Any, number: int) -> Array | None:
        offset, size = page.dataoffsets[number], page.databytecounts[number]
        if size == 0:
            return None
        file.filehandle.seek(offset)
        try:
            piece, _, _ = page.decode(file.filehandle.read(size), number)
        except (ValueError, RuntimeError, ImportError, TypeError) as error:
            raise InputError(
                f"the raster's compression ({page.compression.name}) cannot be read here",
                file=self.name,
                key="people",
                allowed="none or deflate; others where the library imagecodecs is installed",
            ) from error
        return None if piece is None else np.asarray(piece[0, :, :, 0], dtype=float)


def _laid_into(found: Array, piece: Array, corner: tuple[int, int]) -> None:
    """Copy what a piece, whose first cell falls on `corner`, has of a window."""
    inside = [
        (max(0, start), min(size, start + have))
        for start, size, have in zip(corner, found.shape, piece.shape, strict=True)
    ]
    (top, bottom), (left, right) = inside
    if top < bottom and left < right:
        found[top:bottom, left:right] = piece[
            top - corner[0] : bottom - corner[0], left - corner[1] : right - corner[1]
        ]


def _tiff(path: Path) -> Any:
    try:
        library = importlib.import_module("tifffile")
    except ImportError:
        raise InputError(
            "reading a GeoTIFF needs the library tifffile: pip install 'cosmodrome[raster]'",
            file=path.name,
            key="people",
            allowed="an ESRI ASCII grid (.asc) needs nothing more",
        ) from None
    try:
        return library.TiffFile(path)
    except library.TiffFileError as error:
        raise InputError(
            "this is not a TIFF file", file=path.name, key="people", allowed=_KINDS
        ) from error


def _tiff_layout(path: Path, page: Any, tags: dict[str, Any]) -> _Layout:
    scale, tie = tags.get("ModelPixelScale"), tags.get("ModelTiepoint")
    code = int(tags.get("GeographicTypeGeoKey", 0))
    if scale is None or tie is None or code != _WGS84 or "ProjectedCSTypeGeoKey" in tags:
        raise InputError(
            "the GeoTIFF is not in degrees of latitude and longitude (EPSG:4326)",
            file=path.name,
            key="people",
            value=int(tags.get("ProjectedCSTypeGeoKey", code)),
            allowed=_KINDS,
        )
    point = int(tags.get("GTRasterTypeGeoKey", 1)) == 2  # the tie point is a cell's middle
    column, row, _, x, y, _ = (float(value) for value in tie[:6])
    half = 0.5 if point else 0.0
    wide, tall = float(scale[0]), float(scale[1])
    return _Layout(
        north_deg=y + (row + half) * tall,
        west_deg=x - (column + half) * wide,
        tall_deg=tall,
        wide_deg=wide,
        rows=int(page.imagelength),
        columns=int(page.imagewidth),
    )


def open_raster(path: Path) -> PopulationRaster:
    """A raster of people per cell; only its header is read now.

    Parameters
    ----------
    path : Path
        An ESRI ASCII grid (.asc), or a GeoTIFF (.tif) in EPSG:4326, uncompressed
        or deflated; the latter needs the extra `raster` (tifffile). Other
        compressions work where the library imagecodecs is installed.

    Returns
    -------
    PopulationRaster

    Raises
    ------
    InputError
        If the file is missing or of another kind.

    References
    ----------
    GHS-POP (European Commission, JRC) and GPW (NASA SEDAC) give such files.
    """
    if not path.is_file():
        raise InputError("there is no such file", file=str(path), key="people", allowed=_KINDS)
    kind = path.suffix.lower()
    if kind == ".asc":
        return _AsciiGrid(path)
    if kind in (".tif", ".tiff"):
        return _GeoTiff(path)
    raise InputError(
        "this is not a raster of people", file=path.name, key="people", value=kind, allowed=_KINDS
    )
