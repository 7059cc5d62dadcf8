"""Lines of land and borders as they are kept: each once, with what lies on both sides."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Country", "LandLines", "load_land", "open_data", "unpacked"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory.

    Parameters
    ----------
    name : str, in English
    iso2, iso3 : str, ISO 3166 codes; empty where there is none
    counted_as : str
        Code under which GeoNames counts the people: mostly its own, Somalia's
        for Somaliland; empty where nobody is listed.
    land_m2 : float, area inside its lines, lakes included
    """

    name: str
    iso2: str
    iso3: str
    counted_as: str
    land_m2: float


@dataclass(frozen=True, slots=True, eq=False)
class LandLines:
    """Every edge between two countries, or between one and the sea.

    Parameters
    ----------
    countries : tuple of Country, in the order of their names
    x, y : array of float32, shape (n,)
        Start of each edge in steps of the source's grid, x in [0, turn).
    step_x, step_y : array of float32, shape (n,), from start to end; no jump at 180 deg
    left, right : array of int16, shape (n,), number of the country on either side, -1 for the sea
    scale_deg, shift_deg : (x, y), longitude and latitude are shift + scale * step
    turn : float, steps in 360 deg
    attribution : str
    """

    countries: tuple[Country, ...]
    x: NDArray[np.float32]
    y: NDArray[np.float32]
    step_x: NDArray[np.float32]
    step_y: NDArray[np.float32]
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    scale_deg: tuple[float, float]
    shift_deg: tuple[float, float]
    turn: float
    attribution: str

    def ends_rad(self, chosen: Any) -> tuple[Array, Array, Array, Array]:
        """Latitude and longitude of the start, then of the end, of chosen edges."""
        return _ends_rad(self, chosen)

    def rings(self, owner: int) -> list[Array]:
        """The rings of a country, by its number: latitude and longitude, radians, open."""
        with open_data("land.zip") as archive:
            return _rings(archive, owner)


def open_data(name: str) -> zipfile.ZipFile:
    """One of the data files of this package."""
    path = resources.files("cosmodrome.world").joinpath("data").joinpath(name)
    return zipfile.ZipFile(io.BytesIO(path.read_bytes()))


def unpacked(archive: zipfile.ZipFile, member: str) -> NDArray[Any]:
    """Integers of a member, whose first bytes stand first: `steps.i16` holds int16."""
    kind = np.dtype("<i" + str(int(member.rpartition(".i")[2]) // 8))
    content = np.frombuffer(archive.read(member), dtype=np.uint8).reshape(kind.itemsize, -1)
    return np.ascontiguousarray(content.T).view(kind).ravel()


def _ends_rad(land: LandLines, chosen: Any) -> tuple[Array, Array, Array, Array]:
    x, y = land.x[chosen].astype(float), land.y[chosen].astype(float)
    x2, y2 = x + land.step_x[chosen], y + land.step_y[chosen]
    (sx, sy), (ox, oy) = land.scale_deg, land.shift_deg
    return (
        np.radians(oy + sy * y),
        np.radians(ox + sx * x),
        np.radians(oy + sy * y2),
        np.radians(ox + sx * x2),
    )


def _arcs(archive: zipfile.ZipFile) -> tuple[NDArray[Any], NDArray[Any]]:
    """Rows (points, first x, first y, left, right) of arcs as columns, and steps x and y."""
    arcs = unpacked(archive, "arcs.i32").reshape(-1)
    return arcs.reshape(5, -1), unpacked(archive, "steps.i16").reshape(2, -1)


def _points(arcs: NDArray[Any], steps: NDArray[Any]) -> tuple[Array, NDArray[np.int64]]:
    """All points of all arcs, x and y; and the number of the first point of each arc."""
    first = np.cumsum(arcs[0]) - arcs[0]
    moves = np.zeros((2, int(np.sum(arcs[0]))))
    inner = np.ones(moves.shape[1], dtype=bool)
    inner[first] = False
    moves[:, inner] = steps
    moves[:, first] = arcs[1:3]
    moves[:, first[1:]] -= arcs[1:3, :-1] + _total(steps, arcs[0] - 1)[:, :-1]
    return np.cumsum(moves, axis=1), first


def _total(steps: NDArray[Any], counts: NDArray[Any]) -> NDArray[np.int64]:
    """Sum of each arc's steps."""
    ends = np.concatenate([[[0], [0]], np.cumsum(steps, axis=1, dtype=np.int64)], axis=1)
    last = np.cumsum(counts)
    return np.asarray(ends[:, last] - ends[:, last - counts])


def _rings(archive: zipfile.ZipFile, owner: int) -> list[Array]:
    about = json.loads(archive.read("about.json"))
    arcs, steps = _arcs(archive)
    path, first = _points(arcs, steps)
    scale, shift = np.array(about["scale_deg"]), np.array(about["shift_deg"])
    owners, lengths = unpacked(archive, "rings.i32").reshape(2, -1)
    walks = unpacked(archive, "walks.i32")
    starts = np.cumsum(lengths) - lengths
    found = []
    for ring in np.flatnonzero(owners == owner).tolist():
        pieces = []
        for arc in walks[starts[ring] : starts[ring] + lengths[ring]].tolist():
            k = arc if arc >= 0 else ~arc
            piece = path[:, first[k] : first[k] + arcs[0, k]].T
            pieces.append(piece[:-1] if arc >= 0 else piece[:0:-1])
        corners = np.concatenate(pieces)
        # Islets below the grid of the source have come down to a line or a point.
        if len(corners) > 50 or len(np.unique(corners, axis=0)) > 2:
            found.append(np.radians(corners * scale + shift)[:, ::-1])
    return found


@lru_cache(maxsize=1)
def load_land() -> LandLines:
    """The lines, read from the package once.

    Accuracy
    --------
    The grid of the source: 0.0036 deg of longitude, 0.0017 deg of latitude.
    """
    with open_data("land.zip") as archive:
        about = json.loads(archive.read("about.json"))
        arcs, steps = _arcs(archive)
    path, first = _points(arcs, steps)
    starts = np.ones(path.shape[1], dtype=bool)
    starts[first + arcs[0] - 1] = False
    left, right = (np.repeat(side, arcs[0] - 1).astype(np.int16) for side in arcs[3:5])
    turn = round(360.0 / about["scale_deg"][0])
    x, y = path[:, starts]
    # The source cuts some islands of Fiji and Russia along 180 deg; the cut is no coast.
    cut = (np.mod(x, turn) == 0.0) & (steps[0] == 0)
    real = (left != right) & np.any(steps != 0, axis=0) & ~cut
    x, y = x[real], y[real]
    return LandLines(
        countries=tuple(Country(**row) for row in about["countries"]),
        x=np.mod(x, turn).astype(np.float32),
        y=y.astype(np.float32),
        step_x=steps[0, real].astype(np.float32),
        step_y=steps[1, real].astype(np.float32),
        left=left[real],
        right=right[real],
        scale_deg=(about["scale_deg"][0], about["scale_deg"][1]),
        shift_deg=(about["shift_deg"][0], about["shift_deg"][1]),
        turn=float(turn),
        attribution=f"{about['source']} ({about['licence']}), by way of {about['by_way_of']}",
    )
