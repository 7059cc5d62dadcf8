"""Where the numbers of a vehicle or site come from, as rows for a reader.

Works on the JSON documents of the catalogue's sheets: whatever carries a value
or points and a source is a figure, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cosmodrome.campaign.answer import Answer

__all__ = ["FigureRow", "Origin", "figures", "labelled", "origins", "vehicle_document"]

UNITS = (
    ("_w_m2", "W/m2"),
    ("_m_s2", "m/s2"),
    ("_pa_deg", "Pa deg"),
    ("_deg_s", "deg/s"),
    ("_m_s", "m/s"),
    ("_kg", "kg"),
    ("_km", "km"),
    ("_pa", "Pa"),
    ("_deg", "deg"),
    ("_m2", "m2"),
    ("_m", "m"),
    ("_n", "N"),
    ("_s", "s"),
)

WORDS = {"vac": "vacuum", "sl": "sea level", "isp": "Isp", "q": "q", "dry": "dry mass"}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure: the part it belongs to, its key, and what the sheet says of it."""

    part: str
    key: str
    figure: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """One source and confidence with the numbers that rest on it."""

    source: str
    confidence: str
    numbers: str


def labelled(key: str) -> tuple[str, str]:
    """A key in words, and its unit: "thrust_vac_n" is ("thrust, vacuum", "N")."""
    stem, unit = key, ""
    for suffix, name in UNITS:
        if key.endswith(suffix):
            stem, unit = key.removesuffix(suffix), name
            break
    first, *rest = (WORDS.get(word, word) for word in stem.split("_"))
    if rest and rest[-1] in ("vacuum", "sea level"):
        return f"{' '.join([first, *rest[:-1]])}, {rest[-1]}", unit
    return " ".join([first, *rest]), unit


def figures(document: Mapping[str, Any], part: str = "") -> Iterator[FigureRow]:
    """Every figure and curve of a sheet's document, part by part."""
    for key, value in document.items():
        if isinstance(value, Mapping) and ("value" in value or "points" in value):
            yield FigureRow(part, key, value)
    for key, value in document.items():
        if key == "closure":
            continue
        inner = [value] if isinstance(value, Mapping) else value
        if isinstance(inner, list):
            for item in inner:
                if isinstance(item, Mapping) and not ("value" in item or "points" in item):
                    yield from figures(item, str(item.get("name") or item.get("key") or key))


def origins(document: Mapping[str, Any]) -> list[Origin]:
    """The sources of a sheet, each once, with the numbers that rest on it."""
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in figures(document):
        place = (str(row.figure.get("source", "")), str(row.figure.get("confidence", "")))
        parts = found.setdefault(place, {})
        parts.setdefault(row.part, []).append(labelled(row.key)[0])
    return [
        Origin(
            source,
            confidence,
            "; ".join(f"{part} {', '.join(keys)}".strip() for part, keys in parts.items()),
        )
        for (source, confidence), parts in found.items()
    ]


def vehicle_document(answer: Answer) -> Mapping[str, Any] | None:
    """The catalogue's sheet of the vehicle that flew.

    None if the vehicle is not the catalogue's own, number for number: then the
    catalogue's sources would not be those of this flight.
    """
    import tomllib

    from cosmodrome.errors import InputError
    from cosmodrome.mission.catalogue.recognised import sheet_behind
    from cosmodrome.mission.mission_file import read_mission

    try:
        flown = read_mission(tomllib.loads(answer.mission_toml), "mission.toml").vehicle
    except (InputError, tomllib.TOMLDecodeError):
        return None
    sheet = sheet_behind(flown)
    return None if sheet is None else sheet.document()
