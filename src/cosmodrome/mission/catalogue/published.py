"""Payloads that others have published or flown, for comparison."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast

from cosmodrome.errors import InputError

__all__ = ["COLUMNS", "PublishedPayload", "published_payloads", "read_published"]

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
        shape = f"{self.perigee_km:g}"
        if self.apogee_km != self.perigee_km:
            shape += f"x{self.apogee_km:g}"
        return f"{shape} km {self.inclination_deg:g} deg"

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
        point for point in _catalogue() if point.vehicle == vehicle and place in (None, point.site)
    )


@lru_cache(maxsize=1)
def _catalogue() -> tuple[PublishedPayload, ...]:
    return read_published(Path(__file__).parent / "data" / "published.csv")


def read_published(path: Path) -> tuple[PublishedPayload, ...]:
    """A table of published payloads with the columns of `COLUMNS`.

    Raises
    ------
    InputError
        A missing column or a value that is no number, naming the line.
    """
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise InputError(
                    f"{path}: column {missing[0]!r} is missing",
                    file=str(path),
                    key=missing[0],
                    allowed=", ".join(COLUMNS),
                )
            return tuple(_point(row, path, reader.line_num) for row in reader)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path}: cannot be read ({error})", file=str(path), allowed="a readable CSV file"
        ) from error


def _point(row: dict[str, str], path: Path, line: int) -> PublishedPayload:
    adapter = row["includes_adapter"]
    if adapter not in ("yes", "no", "unknown"):
        raise InputError(
            f"{path} line {line}: includes_adapter is {adapter!r}",
            file=str(path),
            key=f"line {line}.includes_adapter",
            value=adapter,
            allowed="yes, no, unknown",
        )
    numbers = {}
    for name in ("perigee_km", "apogee_km", "inclination_deg", "payload_kg"):
        try:
            numbers[name] = float(row[name])
        except (TypeError, ValueError) as error:
            raise InputError(
                f"{path} line {line}: {name} is {row[name]!r}",
                file=str(path),
                key=f"line {line}.{name}",
                value=row[name],
                allowed="a number",
            ) from error
    return PublishedPayload(
        vehicle=row["vehicle"],
        site=row["site"],
        includes_adapter=cast("Literal['yes', 'no', 'unknown']", adapter),
        source=row["source"],
        confidence=row["confidence"],
        **numbers,
    )
