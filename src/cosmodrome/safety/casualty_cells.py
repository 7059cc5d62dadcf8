"""Populated areas, and how many people they can hold together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError, ShapeError

__all__ = ["COLUMNS", "NAMED", "Cells", "within_totals"]

Array = NDArray[np.float64]

COLUMNS: Final = (
    "latitude_rad", "longitude_rad", "height_rad", "width_rad", "area_m2", "low", "high", "own"
)  # fmt: skip
"""Of `Cells`, its arrays."""

NAMED: Final = ("country", "counted_in")
"""Of `Cells`, its tuples of names, one for each area."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Populated areas: small pieces of ground with how many people live on each.

    Parameters
    ----------
    latitude_rad, longitude_rad : array, shape (n,), middles
    height_rad, width_rad : array, shape (n,), extent in latitude and in longitude
    area_m2 : array, shape (n,)
    low, high : array, shape (n,), people: those listed, and with those who may not be
    country : tuple of str, names, "" at sea
    own : array, shape (n,), how many of `high` are counted against a country's total
    counted_in : tuple of str, that country of each, as `most` names it; "" for none
    source : str
    most : mapping, the most people that these countries have

    Raises
    ------
    ShapeError, InputError
        If lengths differ, or a number of people is negative, none, or falls
        from low to high.
    """

    latitude_rad: Array
    longitude_rad: Array
    height_rad: Array
    width_rad: Array
    area_m2: Array
    low: Array
    high: Array
    country: tuple[str, ...]
    own: Array
    counted_in: tuple[str, ...]
    source: str = ""
    most: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sizes = {len(getattr(self, name)) for name in (*COLUMNS, *NAMED)}
        if sizes != {len(self.latitude_rad)}:
            raise ShapeError(f"cells of {len(self.latitude_rad)} have columns of {sorted(sizes)}")
        right = (np.asarray(self.low) >= 0.0) & (np.asarray(self.high) >= self.low)
        if not (np.all(right) and np.all(np.isfinite(self.high))):
            raise InputError("people are to be 0 or more, and high not below low", key="people")
        if not np.all(np.asarray(self.area_m2) > 0.0):
            raise InputError("a populated area needs an area", key="area")

    def __len__(self) -> int:
        return len(self.latitude_rad)

    def at(self, chosen: NDArray[np.int64]) -> Cells:
        """Some of them."""
        kept: dict[str, Any] = {name: getattr(self, name)[chosen] for name in COLUMNS}
        for name in NAMED:
            kept[name] = tuple(getattr(self, name)[k] for k in chosen.tolist())
        return replace(self, **kept)


def within_totals(cells: Cells, inside: Array, harm: Array) -> tuple[Cells, tuple[str, ...]]:
    """Populated areas with no more people of a country than it has.

    A bound of each area alone is no bound of their sum: a list that counts suburbs
    twice holds more people than a country. What is to be left away is taken from
    where it is hurt least, so that the sum of casualties stays a bound.

    Parameters
    ----------
    cells : Cells, all with a share in the corridor
    inside : array, shape (n,), that share, above zero
    harm : array, shape (n,), casualties for each person of an area

    Returns
    -------
    Cells
        `high` is lower where a country had to be held to `most`, never below `low`.
    held : tuple of str, the countries that were
    """
    high, own, held = cells.high.copy(), cells.own.copy(), []
    named = np.array(cells.counted_in, dtype=object)
    for name, most in cells.most.items():
        mine = np.flatnonzero(named == name)
        if float(np.sum(inside[mine] * cells.own[mine])) <= most:
            continue
        held.append(name)
        others = high[mine] - cells.own[mine]
        sure = np.minimum(np.maximum(cells.low[mine] - others, 0.0), cells.own[mine])
        room = inside[mine] * (cells.own[mine] - sure)
        left = max(most - float(np.sum(inside[mine] * sure)), 0.0)
        order = np.argsort(-harm[mine] / inside[mine], kind="stable")
        before = np.cumsum(room[order]) - room[order]
        taken = np.empty(mine.size)
        taken[order] = np.clip(left - before, 0.0, room[order])
        own[mine] = sure + taken / inside[mine]
        high[mine] = others + own[mine]
    if not held:
        return cells, ()
    return replace(cells, high=np.maximum(high, cells.low), own=own), tuple(held)
