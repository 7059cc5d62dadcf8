"""Payloads that others have published or flown, for comparison."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast

from cosmodrome.errors import InputError
from cosmodrome.mission.catalogue.reading import why_unreadable

__all__ = [
    "COLUMNS",
    "PublishedPayload",
    "all_published",
    "published_payloads",
    "read_published",
]

COLUMNS = (
    "vehicle",
    "site",
    "perigee_km",
    "apogee_km",
    "inclination_deg",
    "payload_kg",
    "includes_adapter",
    "source",
    "confidence",
)


@dataclass(frozen=True, slots=True)
class PublishedPayload:
    """One published figure.

    Parameters
    ----------
    vehicle, site : str, names of the catalogue
    perigee_km, apogee_km : float, above 6378.137 km
    inclination_deg, payload_kg : float
    includes_adapter : "yes", "no" or "unknown"
    source : str
    confidence : str
        A to D; "-flown" behind it marks a mass that flew: a lower bound.
    """

    vehicle: str
    site: str
    perigee_km: float
    apogee_km: float
    inclination_deg: float
    payload_kg: float
    includes_adapter: Literal["yes", "no", "unknown"]
    source: str
    confidence: str

    @property
    def flown(self) -> bool:
        """Whether this is a lower bound rather than a rating."""
        return self.confidence.endswith("-flown")

    @property
    def orbit(self) -> str:
        """The orbit as an orbit text."""
        shape = _plainly(self.perigee_km)
        if self.apogee_km != self.perigee_km:
            shape += f"x{_plainly(self.apogee_km)}"
        return f"{shape} km {_plainly(self.inclination_deg)} deg"

    def document(self) -> dict[str, object]:
        """As a JSON object."""
        return {
            "payload_kg": self.payload_kg,
            "orbit": self.orbit,
            "site": self.site,
            "includes_adapter": self.includes_adapter,
            "source": self.source,
            "confidence": self.confidence,
        }


def published_payloads(vehicle: str, site: str | None = None) -> tuple[PublishedPayload, ...]:
    """Published payloads of a vehicle, from one site (a pad is ignored) or from all.

    An unknown vehicle has none; that is not an error.
    """
    place = None if site is None else site.partition("/")[0]
    return tuple(
        point
        for point in all_published()
        if point.vehicle == vehicle and place in (None, point.site)
    )


@lru_cache(maxsize=1)
def all_published() -> tuple[PublishedPayload, ...]:
    """Every published payload of the project's own table, in its order."""
    return read_published(Path(__file__).parent / "data" / "published.csv")


def _plainly(value: float) -> str:
    """A number as orbit texts take it: no exponent, no needless ".0"."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def read_published(path: Path) -> tuple[PublishedPayload, ...]:
    """A table of published payloads with the columns of `COLUMNS`.

    Further columns are passed over; empty lines too.

    Raises
    ------
    InputError
        A missing column, a value that is no number or cannot be, or a word
        that is not among those allowed, naming the line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise InputError(
                    f"{path}: column {missing[0]!r} is missing",
                    file=str(path),
                    key=missing[0],
                    allowed=", ".join(COLUMNS),
                )
            return tuple(_point(row, path, reader.line_num) for row in reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            f"{path}: cannot be read ({why_unreadable(error)})",
            file=str(path),
            allowed="a readable CSV file",
        ) from error


def _point(row: dict[str, str | None], path: Path, line: int) -> PublishedPayload:
    def refuse(key: str, allowed: str) -> InputError:
        value = row[key]
        told = "is missing" if not value else f"is {value!r}"
        return InputError(
            f"{path} line {line}: {key} {told}",
            file=str(path),
            key=f"line {line}.{key}",
            value=value,
            allowed=allowed,
        )

    numbers = {}
    for key, (least, most, allowed) in NUMBERS.items():
        value = _number(row[key])
        if value is None or not least <= value <= most:
            raise refuse(key, allowed)
        numbers[key] = value
    if numbers["payload_kg"] == 0.0:
        raise refuse("payload_kg", NUMBERS["payload_kg"][2])
    if numbers["apogee_km"] < numbers["perigee_km"]:
        raise refuse("apogee_km", "no less than perigee_km")
    words = {}
    for key in ("vehicle", "site", "includes_adapter", "source", "confidence"):
        words[key] = (row[key] or "").strip()
        allowed_words = WORDS.get(key)
        if allowed_words and words[key] not in allowed_words:
            raise refuse(key, ", ".join(allowed_words))
        if not words[key] and key != "source":
            raise refuse(key, "a name")
    return PublishedPayload(
        vehicle=words["vehicle"],
        site=words["site"],
        includes_adapter=cast("Literal['yes', 'no', 'unknown']", words["includes_adapter"]),
        source=words["source"],
        confidence=words["confidence"],
        **numbers,
    )


NUMBERS: dict[str, tuple[float, float, str]] = {
    "perigee_km": (0.0, math.inf, "a finite number of kilometres, zero or more"),
    "apogee_km": (0.0, math.inf, "a finite number of kilometres, zero or more"),
    "inclination_deg": (0.0, 180.0, "a number of degrees from 0 to 180"),
    "payload_kg": (0.0, math.inf, "a finite number of kilograms, more than zero"),
}
"""Least, most and what is allowed, in words."""

WORDS = {
    "includes_adapter": ("yes", "no", "unknown"),
    "confidence": tuple(f"{level}{end}" for end in ("", "-flown") for level in "ABCD"),
}


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None
