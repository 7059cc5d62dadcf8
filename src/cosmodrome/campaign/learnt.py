"""Calibrations on disk: what the project's own comparison has taught, for single questions.

One question cannot plan a hundred points first; it takes what the last whole
comparison learnt from every family but its own, and beside it what the vehicle's
own trusted ratings say.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from statistics import median
from typing import Any

from cosmodrome.campaign.calibration import UNCALIBRATED, Calibration

__all__ = [
    "STORED",
    "OwnRating",
    "Rating",
    "calibration_for",
    "calibrations_document",
    "own_rating",
    "ratings_of",
    "read_calibrations",
    "stored",
]

STORED = Path(__file__).parent / "data" / "calibration.json"


@dataclass(frozen=True, slots=True)
class Rating:
    """A trusted rating of a vehicle beside the optimum for the same orbit.

    Parameters
    ----------
    site : str
    perigee_km, apogee_km, inclination_deg : float
    published_kg, raw_kg : float, in the adapter convention of the rating
    source : str
    """

    site: str
    perigee_km: float
    apogee_km: float
    inclination_deg: float
    published_kg: float
    raw_kg: float
    source: str

    @property
    def ratio(self) -> float:
        """Published over raw."""
        return self.published_kg / self.raw_kg

    def asks(self, site: str, perigee_km: float, apogee_km: float, tilt_deg: float | None) -> bool:
        """Whether an orbit from a site is the one that was rated; a free plane is."""
        near = abs(self.perigee_km - perigee_km) < _SAME_KM
        near = near and abs(self.apogee_km - apogee_km) < _SAME_KM
        tilted = tilt_deg is None or abs(self.inclination_deg - tilt_deg) < _SAME_DEG
        return self.site == site and near and tilted


_SAME_KM, _SAME_DEG = 5.0, 0.25


@dataclass(frozen=True, slots=True)
class OwnRating:
    """The payload by a vehicle's own ratings of other orbits: one scalar for the vehicle.

    Parameters
    ----------
    payload_kg : float
    ratio : float, the median of published over raw
    by : tuple of Rating, at least one, none of the orbit in question
    """

    payload_kg: float
    ratio: float
    by: tuple[Rating, ...]

    def document(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "payload_kg": self.payload_kg,
            "ratio": self.ratio,
            "by": [asdict(one) for one in self.by],
        }


def own_rating(payload_kg: float, ratings: Sequence[Rating]) -> OwnRating | None:
    """A raw payload scaled as the vehicle's ratings of other orbits ask; None without any.

    Accuracy
    --------
    `one_point` of the calibration measures it: each rating from another one of
    the same vehicle.
    """
    if not ratings:
        return None
    ratio = math.exp(median(math.log(one.ratio) for one in ratings))
    return OwnRating(payload_kg * ratio, ratio, tuple(ratings))


def calibrations_document(
    found: Mapping[str, Calibration],
    provenance: Mapping[str, Any],
    ratings: Mapping[str, Sequence[Rating]] | None = None,
) -> dict[str, Any]:
    """Calibrations by the family they have not seen, ratings by vehicle, and what made them."""
    return {
        "provenance": dict(provenance),
        "calibrations": {family: one.document() for family, one in sorted(found.items())},
        "ratings": {
            vehicle: [asdict(one) for one in those]
            for vehicle, those in sorted((ratings or {}).items())
        },
    }


def read_calibrations(path: Path) -> dict[str, Calibration]:
    """Calibrations by family from a file; empty where there is none yet."""
    if not path.is_file():
        return {}
    whole = json.loads(path.read_text("utf-8"))
    return {name: Calibration.of_document(one) for name, one in whole["calibrations"].items()}


@lru_cache(maxsize=1)
def stored() -> dict[str, Calibration]:
    """The calibrations that come with the package."""
    return read_calibrations(STORED)


def calibration_for(family: str) -> Calibration:
    """The calibration for a vehicle of a family: one that has not seen that family.

    A family unknown to the comparison, a user's own vehicle, gets the one that
    has seen all; without any comparison, no correction and an assumed spread.
    """
    found = stored()
    return found.get(family, found.get("", UNCALIBRATED))


@lru_cache(maxsize=1)
def _ratings() -> dict[str, tuple[Rating, ...]]:
    if not STORED.is_file():
        return {}
    found = json.loads(STORED.read_text("utf-8")).get("ratings", {})
    return {vehicle: tuple(Rating(**one) for one in those) for vehicle, those in found.items()}


def ratings_of(vehicle: str) -> tuple[Rating, ...]:
    """The trusted ratings of a vehicle of the catalogue, as the last whole comparison saw them."""
    return _ratings().get(vehicle, ())
