"""Calibrations on disk: what the project's own comparison has taught, for single questions.

One question cannot plan a hundred points first; it takes what the last whole
comparison learnt from every family but its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from cosmodrome.campaign.calibration import UNCALIBRATED, Calibration

__all__ = ["STORED", "calibration_for", "calibrations_document", "read_calibrations", "stored"]

STORED = Path(__file__).parent / "data" / "calibration.json"


def calibrations_document(
    found: Mapping[str, Calibration], provenance: Mapping[str, Any]
) -> dict[str, Any]:
    """Calibrations by the family they have not seen, and what made them."""
    return {
        "provenance": dict(provenance),
        "calibrations": {family: one.document() for family, one in sorted(found.items())},
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
