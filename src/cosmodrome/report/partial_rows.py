"""What one unit more of everything is worth in payload, as rows for a reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cosmodrome.report.words import ABSENT, Document, significant

__all__ = ["LEAD", "STAGE_HEADS", "other_partials", "stage_partials"]

STAGE_HEADS = (
    ("dry mass", "kg"),
    ("propellant", "kg"),
    ("residual", "kg"),
    ("specific impulse", "s"),
    ("thrust", "%"),
)
"""Quantities that every stage has, each with the unit that its column counts in."""

NOTHING_KG = 5e-4
NAMES = {"velocity": "velocity kept at insertion"}

LEAD = (
    "Kilograms of payload for one unit more, the flight optimised anew; of strap-ons, for "
    "one unit more in each."
)


def stage_partials(document: Document) -> list[tuple[str, ...]]:
    """A row for each stage and strap-on: its name, then kilograms by `STAGE_HEADS`.

    Parameters
    ----------
    document : mapping, the plan's JSON

    Returns
    -------
    list of tuple of str
        Stages in the order of the document; empty where it has no partials.
    """
    columns = [quantity for quantity, _ in STAGE_HEADS]
    found: dict[str, dict[str, str]] = {}
    for row in _partials(document):
        if row["quantity"] in columns:
            found.setdefault(str(row["part"]), {})[str(row["quantity"])] = _per(row)[0]
    return [(part, *(cells.get(name, ABSENT) for name in columns)) for part, cells in found.items()]


def other_partials(document: Document) -> list[tuple[str, str, str]]:
    """What belongs to no stage: its name, kilograms, and the unit they are for."""
    columns = [quantity for quantity, _ in STAGE_HEADS]
    return [
        (NAMES.get(str(row["quantity"]), str(row["quantity"])), *_per(row))
        for row in _partials(document)
        if row["quantity"] not in columns
    ]


def _partials(document: Document) -> Sequence[Mapping[str, Any]]:
    return document.get("partials") or ()


def _per(row: Mapping[str, Any]) -> tuple[str, str]:
    """Signed kilograms, and the unit they are for; a fraction is told by the percent."""
    kg, unit = row.get("kg_per_unit"), str(row.get("unit") or "")
    if kg is None:
        return ABSENT, unit
    if unit == "fraction":
        kg, unit = 0.01 * kg, "%"
    kg = float(f"{kg:.3g}")  # 0.9999 is 1.00, not 1.000
    told = significant(kg) if abs(kg) >= NOTHING_KG else "0"
    return (f"+{told}" if kg >= NOTHING_KG else told), unit
