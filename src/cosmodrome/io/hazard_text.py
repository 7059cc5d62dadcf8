"""Areas as lists of coordinates in degrees and minutes, the way notices write them.

Two styles: `515305N 1282003E` (degrees, minutes, seconds without marks, as
notices to airmen) and `51-53.1N 128-20.0E` (degrees and tenths of minutes, as
navigational warnings). Both are written, and both are read again.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Sequence
from typing import Any, Final
from xml.parsers import expat

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.io.bounds import Source, read_bytes
from cosmodrome.io.hazard_files import DRAFT, PLANNING_AID, DraftArea
from cosmodrome.world.polygons import Area, area_from_rings
from cosmodrome.world.polygons_geojson import area_from_geojson
from cosmodrome.world.polygons_overlap import union

__all__ = [
    "hazard_text",
    "in_minutes",
    "in_seconds",
    "published_area",
    "read_positions",
]

Array = NDArray[np.float64]

_SECONDS: Final = re.compile(
    r"(?<![\w.-])(\d{2})(\d{2})(\d{2}(?:\.\d{1,6})?)?([NS])\s{0,4}[,/]?\s{0,4}"
    r"(\d{3})(\d{2})(\d{2}(?:\.\d{1,6})?)?([EW])(?!\w)",
    re.IGNORECASE,
)
_MINUTES: Final = re.compile(
    r"(?<![\w.-])(\d{1,2})-(\d{1,2}(?:\.\d{1,6})?)([NS])\s{0,4}[,/]?\s{0,4}"
    r"(\d{1,3})-(\d{1,2}(?:\.\d{1,6})?)([EW])(?!\w)",
    re.IGNORECASE,
)
_ALLOWED: Final = "515305N 1282003E or 51-53.1N 128-20.0E"
_MOST_POSITIONS: Final = 100_000
_DEEPEST: Final = 32


def in_seconds(latitude_rad: float, longitude_rad: float) -> str:
    """A position as `515305N 1282003E`, to the nearest second (31 m at most).

    Raises
    ------
    InputError
        If it is not on the globe.
    """
    parts = []
    for value, digits, sides in _sides(latitude_rad, longitude_rad):
        minutes, seconds = divmod(round(abs(value) * 3600.0), 60)
        degrees, minutes = divmod(minutes, 60)
        parts.append(f"{degrees:0{digits}d}{minutes:02d}{seconds:02d}{sides[value < 0.0]}")
    return " ".join(parts)


def in_minutes(latitude_rad: float, longitude_rad: float) -> str:
    """A position as `51-53.1N 128-20.0E`, to the nearest tenth of a minute (186 m).

    Raises
    ------
    InputError
        If it is not on the globe.
    """
    parts = []
    for value, digits, sides in _sides(latitude_rad, longitude_rad):
        degrees, tenths = divmod(round(abs(value) * 600.0), 600)
        parts.append(f"{degrees:0{digits}d}-{tenths / 10.0:04.1f}{sides[value < 0.0]}")
    return " ".join(parts)


def _sides(latitude_rad: float, longitude_rad: float) -> list[tuple[float, int, str]]:
    """Degrees, digits of the whole degrees, and the letters for plus and minus."""
    latitude, longitude = math.degrees(latitude_rad), math.degrees(longitude_rad)
    if not (abs(latitude) <= 90.0 + 1e-9 and math.isfinite(longitude)):
        raise InputError(
            "this is no position on the globe", key="position", value=f"{latitude}, {longitude}"
        )
    turned = (longitude + 180.0) % 360.0 - 180.0
    return [(latitude, 2, "NS"), (turned, 3, "EW")]


def hazard_text(areas: Sequence[DraftArea], heading: str) -> str:
    """Hazard areas as a text to be read, and to be copied into a draft.

    Every corner stands in both styles. Lines between corners are meant
    straight in latitude and longitude; the last corner joins the first.

    Parameters
    ----------
    areas : sequence of DraftArea
    heading : str, what flight they belong to

    Returns
    -------
    str
        ASCII, lines of at most 78 characters but for names.
    """
    lines = [
        f"{DRAFT.upper()}",
        f"{PLANNING_AID[0].upper()}{PLANNING_AID[1:]}.",
        heading,
        "WGS 84, corners in order, the last joins the first. Times UTC.",
    ]
    if not areas:
        lines += ["", "No area."]
    for k, one in enumerate(areas, 1):
        lines += ["", f"{k}. {one.name} ({DRAFT})"]
        lines.append(f"   from {_minute(one.begins.utc(0))} until {_minute(one.ends.utc(0))} UTC")
        lines.append(f"   {_group(one.begins.utc(0))}-{_group(one.ends.utc(0))}")
        lines += [f"   {key}: {_plain(value)}" for key, value in one.facts if value is not None]
        lines += [f"   {in_seconds(a, b)}   {in_minutes(a, b)}" for a, b in one.corners.tolist()]
    return "\n".join(_ascii(line) for line in lines) + "\n"


def _minute(utc: str) -> str:
    return f"{utc[:10]} {utc[11:16]}"


def _group(utc: str) -> str:
    """Year, month, day, hour, minute as ten digits."""
    return "".join(re.findall(r"\d", utc))[2:12]


def _plain(value: str | float) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _ascii(text: str) -> str:
    """One line of ASCII, whatever a name holds."""
    return " ".join(text.encode("ascii", "replace").decode().split("\n")).rstrip()


# ---------------------------------------------------------------- reading


def read_positions(source: Source, text: str) -> Array:
    """Positions written in either style, in the order they stand in a text.

    Where both styles stand in it, the one that comes first counts: a list
    gives each position twice.

    Parameters
    ----------
    source : Source, for what is said of a broken one
    text : str

    Returns
    -------
    array, shape (n, 2), latitude and longitude in radians

    Raises
    ------
    InputError
        If a position is off the globe, or there are none or too many.
    """
    source.lines(text)  # none of them too long
    styles = [list(style.finditer(text)) for style in (_SECONDS, _MINUTES)]
    matches = min((found for found in styles if found), key=lambda m: m[0].start(), default=[])
    if not matches:
        raise source.refused(None, "there is no position in it", allowed=_ALLOWED)
    if len(matches) > _MOST_POSITIONS:
        raise source.refused(None, "there are too many positions", value=len(matches))
    found = [
        _position(match.groups(), source, text.count("\n", 0, match.start()) + 1)
        for match in matches
    ]
    return np.asarray(np.radians(np.array(found)))


def _position(groups: Sequence[str | None], source: Source, line: int) -> tuple[float, float]:
    half = len(groups) // 2
    values = []
    for part, most in ((groups[:half], 90.0), (groups[half:], 180.0)):
        *numbers, side = part
        figures = [float(number) if number else 0.0 for number in numbers]
        value = sum(figure / 60.0**k for k, figure in enumerate(figures))
        if max(figures[1:]) >= 60.0 or value > most:
            raise source.refused(
                line, "a position is off the globe", value="".join(x or "" for x in part),
                allowed=_ALLOWED,
            )  # fmt: skip
        values.append(-value if str(side).upper() in "SW" else value)
    return values[0], values[1]


def published_area(path: str | os.PathLike[str]) -> Area:
    """An area of somebody else's: GeoJSON, KML, or a list of coordinates.

    Told by its content. A list of coordinates is one polygon; a paragraph of
    its own (an empty line before it) begins another. Polygons that overlap are
    joined.

    Parameters
    ----------
    path : path

    Returns
    -------
    Area

    Raises
    ------
    InputError
        If it is broken, or has no area.
    """
    source, content = read_bytes(path)
    text = source.decoded(content)
    begin = text.lstrip()[:1]
    if begin == "{":
        return area_from_geojson(_json(source, text), file=source.name)
    polygons = _kml_polygons(source, text) if begin == "<" else _listed(source, text)
    try:
        return union([area_from_rings(rings) for rings in polygons])
    except InputError as error:
        raise source.refused(None, error.message, allowed=error.allowed) from None


def _json(source: Source, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0][:80]
        raise source.refused(None, f"this is not JSON ({reason})") from None


def _listed(source: Source, text: str) -> list[list[Array]]:
    """A polygon for each paragraph with positions."""
    source.lines(text)  # none of them too long
    rings = [
        read_positions(source, paragraph)
        for paragraph in re.split(r"\n[ \t\r]*\n", text)
        if _SECONDS.search(paragraph) or _MINUTES.search(paragraph)
    ]
    if not rings:
        raise source.refused(
            None, "it is neither GeoJSON nor KML, and no position is in it", allowed=_ALLOWED
        )
    short = [ring for ring in rings if len(ring) < 3]
    if short:
        raise source.refused(None, "an area needs three corners or more", value=len(short[0]))
    return [[ring] for ring in rings]


def _kml_polygons(source: Source, text: str) -> list[list[Array]]:
    """Rings of the polygons of a KML; nothing outside the file is ever opened."""
    polygons: list[list[Array]] = []
    path: list[str] = []
    words: list[str] = []

    def start(name: str, _: dict[str, str]) -> None:
        path.append(name.rpartition(":")[2])
        if len(path) > _DEEPEST:
            raise source.refused(parser.CurrentLineNumber, "elements stand too deep")
        words.clear()
        if path[-1] == "Polygon":
            polygons.append([])

    def end(_: str) -> None:
        if path[-2:] == ["LinearRing", "coordinates"] and "Polygon" in path:
            ring = _kml_ring("".join(words), source, parser.CurrentLineNumber)
            polygons[-1].append(ring)
        path.pop()
        words.clear()

    def doctype(*_: object) -> None:
        raise source.refused(parser.CurrentLineNumber, "a document type is not read")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = words.append
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise source.refused(error.lineno, f"this is not KML ({error})") from None
    found = [rings for rings in polygons if rings]
    if not found:
        raise source.refused(None, "there is no polygon in it", allowed="KML with a Polygon")
    return found


def _kml_ring(text: str, source: Source, line: int) -> Array:
    points = []
    for word in text.split():
        try:
            longitude, latitude = (float(part) for part in word.split(",")[:2])
        except ValueError:
            raise source.refused(line, "this is no coordinate", value=word) from None
        if not (abs(latitude) <= 90.0 and abs(longitude) <= 360.0):
            raise source.refused(line, "a position is off the globe", value=word)
        points.append((latitude, longitude))
        if len(points) > _MOST_POSITIONS:
            raise source.refused(line, "there are too many positions")
    if len(points) < 3:
        raise source.refused(line, "an area needs three corners or more", value=len(points))
    return np.asarray(np.radians(np.array(points)))
