"""What stands in an orbit data message: entries in their order, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cosmodrome.io.times import Times

__all__ = ["Block", "Covariance", "Entry", "Message", "Oem", "OemSegment"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Entry:
    """One keyword and its value, as written.

    Parameters
    ----------
    keyword : str; "COMMENT" for a comment
    value : str, without unit
    unit : str or None, as written between brackets or as an attribute
    line : int, where it stands in the file; 0 if it never stood in one
    """

    keyword: str
    value: str
    unit: str | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Block:
    """Entries in their order: a header, metadata, or the data of a message."""

    entries: tuple[Entry, ...] = ()

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def entry(self, keyword: str) -> Entry | None:
        """The first entry of a keyword, or None."""
        return next((e for e in self.entries if e.keyword == keyword), None)

    def get(self, keyword: str, otherwise: str = "") -> str:
        """The text of a keyword."""
        found = self.entry(keyword)
        return otherwise if found is None else found.value

    def number(self, keyword: str) -> float | None:
        """The number of a keyword, in the unit of the file; None if it is not there."""
        found = self.entry(keyword)
        return None if found is None else float(found.value)

    @property
    def comments(self) -> tuple[str, ...]:
        """All comments, in order."""
        return tuple(e.value for e in self.entries if e.keyword == "COMMENT")


@dataclass(frozen=True, slots=True, eq=False)
class Covariance:
    """Uncertainty of a state.

    Parameters
    ----------
    time : Times of length 1
    frame : str, as written; the segment's where the file names none
    matrix_km : array, shape (6, 6), km2, km2/s and km2/s2; position then velocity
    comments : tuple of str
    """

    time: Times
    frame: str
    matrix_km: Array
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class OemSegment:
    """States of one object between which one may interpolate.

    Parameters
    ----------
    metadata : Block
    comments : tuple of str, before the states
    times : Times, shape (n,), rising
    r_km, v_km_s : arrays, shape (n, 3), in the centre and frame of the metadata
    accelerated : array of int, indices of the states that carry an acceleration
    a_km_s2 : array, shape (len(accelerated), 3)
    covariances : tuple of Covariance
    line : int, where the segment begins
    """

    metadata: Block
    comments: tuple[str, ...]
    times: Times
    r_km: Array
    v_km_s: Array
    accelerated: NDArray[np.int64]
    a_km_s2: Array
    covariances: tuple[Covariance, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Oem:
    """An orbit ephemeris message.

    Parameters
    ----------
    version : str, as "3.0"
    header : Block
    segments : tuple of OemSegment, in the order of the file
    warnings : tuple of str, what was let pass
    source : str, the file
    """

    version: str
    header: Block
    segments: tuple[OemSegment, ...]
    warnings: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Message:
    """An orbit parameter (OPM) or orbit mean-elements (OMM) message.

    Parameters
    ----------
    kind : str, "OPM" or "OMM"
    version : str, as "3.0"
    header, metadata, data : Block
    warnings : tuple of str, what was let pass
    source : str, the file
    """

    kind: str
    version: str
    header: Block
    metadata: Block
    data: Block
    warnings: tuple[str, ...] = ()
    source: str = ""
