"""A number that knows where it comes from."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["CONFIDENCE", "Confidence", "Coordinate", "Curve", "Figure"]

Confidence = Literal["A", "B", "C", "D", "recall", "assumed", "computed", "own"]

CONFIDENCE: dict[str, str] = {
    "A": "primary document, quoted by a named transcriber",
    "B": "secondary source, or two that agree",
    "C": "quoted from memory of a named document",
    "D": "doubtful: sources disagree or the origin is unclear",
    "recall": "quoted from memory; check before relying on it",
    "assumed": "not published; our assumption, stated in the note",
    "computed": "worked out from other figures, as the note says",
    "own": "given by the user",
}


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One number with its range, its source and how far to trust it.

    Parameters
    ----------
    value : float
        In the unit that the key it stands under ends with.
    low, high : float
        The range its sources span; both equal `value` where only one is known.
    source : str
        In words; several are joined by a semicolon.
    confidence : str
        A key of `CONFIDENCE`.
    note : str
    """

    value: float
    low: float
    high: float
    source: str
    confidence: Confidence
    note: str = ""

    def document(self) -> dict[str, object]:
        """The figure as a JSON object."""
        return {name: getattr(self, name) for name in self.__struct_fields__}


class Coordinate(Figure, frozen=True, kw_only=True):
    """A figure that may be negative: a latitude, a longitude, a height."""


class Curve(msgspec.Struct, frozen=True, kw_only=True):
    """A tabulated function with one source for all its points.

    Parameters
    ----------
    points : tuple of (float, float)
        The first column never falls.
    source, confidence, note
        As for a `Figure`.
    """

    points: tuple[tuple[float, float], ...]
    source: str
    confidence: Confidence
    note: str = ""

    def document(self) -> dict[str, object]:
        """The curve as a JSON object."""
        return {
            "points": [list(point) for point in self.points],
            "source": self.source,
            "confidence": self.confidence,
            "note": self.note,
        }
