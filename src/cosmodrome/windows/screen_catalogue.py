"""A catalogue of objects in orbit, read fast; broken records are told and stop nothing."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.io.bounds import Source, read_bytes
from cosmodrome.io.tle import tles_from_text
from cosmodrome.io.xml_items import read_xml
from cosmodrome.orbit.sgp4_motion import Sgp4, catalogue_number
from cosmodrome.world.epoch import Epoch

__all__ = ["Catalogue", "Refused", "catalogue_from_text", "catalogue_of", "read_catalogue"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]

_DAY_S: Final = 86400.0
_TURN: Final = 2.0 * math.pi
_ANGLE: Final = r"([ \d]{3}\.\d{4})"
_POWER: Final = r"([ +-]\d{5}[+-]\d)"
# The columns of `io.tle`, whose own reader says what is wrong with a line that does not fit.
_FIRST: Final = re.compile(
    rf"1 ([ \dA-HJ-NP-Z][ \d]{{3}}\d)[A-Z ] [ \dA-Z]{{8}} (\d{{2}}[ \d]{{3}})(\.\d{{8}}) "
    rf"[ +-]\.\d{{8}} {_POWER} {_POWER} [ \d] [ \d]{{4}}\d",
    re.ASCII,
)
_SECOND: Final = re.compile(
    rf"2 ([ \dA-HJ-NP-Z][ \d]{{3}}\d) {_ANGLE} {_ANGLE} (\d{{7}}) {_ANGLE} {_ANGLE} "
    r"([ \d]{2}\.\d{8})[ \d]{5}\d",
    re.ASCII,
)
_WEIGHTS: Final = bytes(
    c - 48 if 48 <= c <= 57 else int(c == 45) for c in range(256)
)  # a digit counts itself, a minus one
_LONGEST_NAME: Final = 24
_FIELDS: Final = ("EPOCH", "MEAN_MOTION")
_FORMS: Final = "TLE with or without names, OMM in KVN, XML, CSV or JSON"


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that could not be used: the line it begins at (0 if not known), and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """Objects in orbit, each by its newest elements.

    Parameters
    ----------
    source : str, the file
    motions : tuple of Sgp4
    names : tuple of str, the number where there is no name
    refused : tuple of Refused
    older : int, element sets left out because the file has newer ones of the object
    """

    source: str
    motions: tuple[Sgp4, ...]
    names: tuple[str, ...]
    refused: tuple[Refused, ...] = ()
    older: int = 0

    def __len__(self) -> int:
        return len(self.motions)

    @property
    def numbers(self) -> NDArray[np.int64]:
        """Catalogue numbers, shape (n,)."""
        return np.array([one.catalogue for one in self.motions], dtype=np.int64)

    def age_s(self, epoch: Epoch) -> Array:
        """Time from the epoch of each set of elements to an instant, shape (n,)."""
        tai = np.array([(m.epoch.tai_mjd, m.epoch.tai_s) for m in self.motions]).reshape(-1, 2)
        return (epoch.tai_mjd - tai[:, 0]) * _DAY_S + (epoch.tai_s - tai[:, 1])

    def take(self, chosen: Index) -> Catalogue:
        """Some of the objects; what was refused stays told."""
        motions = tuple(self.motions[k] for k in chosen.tolist())
        names = tuple(self.names[k] for k in chosen.tolist())
        return Catalogue(self.source, motions, names, self.refused, self.older)


def catalogue_of(motions: Mapping[str, Sgp4], source: str = "") -> Catalogue:
    """A catalogue of motions at hand, by name."""
    return Catalogue(source, tuple(motions.values()), tuple(motions))


def read_catalogue(path: str | os.PathLike[str]) -> Catalogue:
    """Read a file of many element sets.

    Parameters
    ----------
    path : path of the file
        TLE with or without lines of names; OMM in KVN or XML, or as tables of
        the same fields in CSV or JSON.

    Raises
    ------
    InputError
        If it cannot be read, or holds not one usable record.

    Accuracy
    --------
    Elements as written. Of an object that stands there more than once, the
    newest elements are kept.
    """
    source, content = read_bytes(path)
    return catalogue_from_text(source, source.decoded(content))


def catalogue_from_text(source: Source, text: str) -> Catalogue:
    """As `read_catalogue`, from a text."""
    found: list[tuple[str, Sgp4]] = []
    refused: list[Refused] = []
    for one in _records(source, text):
        if isinstance(one, Refused):
            refused.append(one)
        else:
            found.append(one)
    if not found:
        first = f"; line {refused[0].line}: {refused[0].reason}" if refused else ""
        raise source.refused(None, f"no usable elements stand in it{first}", allowed=_FORMS)
    newest = _newest(found)
    motions = tuple(found[k][1] for k in newest)
    names = tuple(found[k][0] or f"{found[k][1].catalogue:05d}" for k in newest)
    return Catalogue(source.name, motions, names, tuple(refused), len(found) - len(newest))


def _newest(found: list[tuple[str, Sgp4]]) -> list[int]:
    """Places of the newest elements of each number; what has no number is all kept."""
    best: dict[int, int] = {}
    kept: list[int] = []
    for k, (_, motion) in enumerate(found):
        if not motion.catalogue:
            kept.append(k)
            continue
        other = best.get(motion.catalogue)
        if other is None or motion.epoch > found[other][1].epoch:
            best[motion.catalogue] = k
    return sorted([*kept, *best.values()])


def _records(source: Source, text: str) -> Iterator[tuple[str, Sgp4] | Refused]:
    start = text.lstrip()[:4096]
    if start.startswith("<"):
        fields = (_of_leaves(message.leaves) for message in read_xml(source, text))
        return _of_tables(fields)
    if start.startswith(("[", "{")):
        return _of_tables(_json(source, text))
    first = start.partition("\n")[0]
    if all(name in first for name in _FIELDS) and "," in first:
        return _of_tables(_csv_rows(text))
    if start.startswith("CCSDS_OMM_VERS"):
        return _of_tables(_kvn(source, text))
    return _of_lines(source, text)


# ---------------------------------------------------------------------- OMM, in any dress


def _of_tables(
    rows: Iterator[tuple[int, Mapping[str, Any]]],
) -> Iterator[tuple[str, Sgp4] | Refused]:
    for line, fields in rows:
        try:
            yield _of_fields(fields)
        except InputError as error:
            yield Refused(line, error.message)


def _of_fields(fields: Mapping[str, Any]) -> tuple[str, Sgp4]:
    for key, allowed in (("CENTER_NAME", "EARTH"), ("TIME_SYSTEM", "UTC")):
        value = str(fields.get(key) or allowed).strip().upper()
        if value != allowed:
            raise InputError(f"{key} {value[:40]} is not {allowed}", key=key, value=value)
    motion = Sgp4.from_omm({k: v for k, v in fields.items() if v not in (None, "")})
    return str(fields.get("OBJECT_NAME") or "").strip(), motion


def _of_leaves(leaves: Any) -> tuple[int, dict[str, str]]:
    fields = {leaf.entry.keyword: leaf.entry.value for leaf in leaves}
    return (leaves[0].entry.line if leaves else 0), fields


def _csv_rows(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Rows of a CSV by the names of its head line, with their line."""
    reader = csv.DictReader(io.StringIO(text.lstrip()))
    for row in reader:
        yield reader.line_num, {str(k).strip(): v for k, v in row.items() if isinstance(v, str)}


def _json(source: Source, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise source.refused(line, "this is no JSON", allowed=_FORMS) from None
    rows = document if isinstance(document, list) else [document]
    return ((0, row if isinstance(row, dict) else {}) for row in rows)


def _kvn(source: Source, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """One OMM after the other, by their keywords; units in brackets are those of the standard."""
    begun, fields = 0, dict[str, Any]()
    for number, line in enumerate(source.lines(text), 1):
        key, equals, value = line.partition("=")
        key = key.strip()
        if key == "CCSDS_OMM_VERS":
            if begun:
                yield begun, fields
            begun, fields = number, {}
        elif equals and not key.startswith("COMMENT"):
            fields[key] = value.partition("[")[0].strip()
    yield begun, fields


# ---------------------------------------------------------------------- two lines


def _of_lines(source: Source, text: str) -> Iterator[tuple[str, Sgp4] | Refused]:
    """Every pair of lines 1 and 2; a line right before them is their name."""
    lines = source.lines(text)
    days: dict[str, Epoch] = {}
    name, named, k = "", -1, 0
    while k < len(lines):
        line = lines[k].rstrip()
        k += 1
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("1 ") and len(line) > _LONGEST_NAME:
            two = lines[k].rstrip() if k < len(lines) else ""
            if not two.startswith("2 "):
                yield Refused(k, "line 2 of these elements is missing")
            else:
                yield _pair(name if named == k - 1 else "", (line, two), k, days)
                k += 1
            name = ""
        elif name and named == k - 1:
            yield Refused(k - 1, "this is no line of elements, nor a name before them")
            name, named = line, k
        else:
            name, named = line, k
            after = lines[k] if k < len(lines) else ""
            if line.startswith("2 ") or not after.startswith("1 "):
                yield Refused(k, "this is no line of elements, nor a name before them")
                name = ""


def _pair(
    name: str, lines: tuple[str, str], number: int, days: dict[str, Epoch]
) -> tuple[str, Sgp4] | Refused:
    one, two = (_FIRST.fullmatch(lines[0]), _SECOND.fullmatch(lines[1]))
    right = one is not None and two is not None and one[1] == two[1]
    if not right or any(_digit(line) != int(line[-1]) for line in lines):
        return Refused(number, _why(lines))
    assert one is not None and two is not None  # noqa: PT018 - both follow from `right`
    plain = name.removeprefix("0 ").strip()
    try:
        day = days.get(one[2])
        if day is None:
            day = days[one[2]] = _day(one[2])
        motion = Sgp4(
            day + float(one[3]) * _DAY_S,
            float(two[7]) * _TURN / _DAY_S,
            float(f"0.{two[4]}"),
            math.radians(float(two[2])),
            math.radians(float(two[3])),
            math.radians(float(two[5])),
            math.radians(float(two[6])),
            float(f"{one[5][0].strip()}.{one[5][1:6]}e{one[5][6:]}"),
            catalogue_number(one[1].replace(" ", "0")),
        )
    except (InputError, ValueError) as error:
        return Refused(number, str(error))
    return plain, motion


def _digit(line: str) -> int:
    return sum(line[:68].encode("ascii").translate(_WEIGHTS)) % 10


def _day(text: str) -> Epoch:
    """The midnight that two digits of the year and the day of it name."""
    year = int(text[:2]) + (1900 if int(text[:2]) >= 57 else 2000)
    day = int(text[2:].replace(" ", "0"))
    if not 1 <= day <= 366:
        raise InputError(f"day {day} of the year does not exist", key="epoch", value=text)
    start = Epoch.parse(f"{year}-01-01T00:00:00Z")
    begun = start + (day - 1) * _DAY_S
    # A leap second earlier in the year moves its later midnights.
    return begun + (begun.tai_minus_utc_s - start.tai_minus_utc_s)


def _why(lines: tuple[str, str]) -> str:
    """What the strict reader says of two lines."""
    try:
        tles_from_text(Source("TLE"), "\n".join(lines))
    except InputError as error:
        return error.message.partition(": ")[2] or error.message
    return "these lines cannot be read"
