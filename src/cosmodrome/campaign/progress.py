"""Progress that one part of the work tells as progress of the whole."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["Tell", "part_of", "silent"]

Tell = Callable[[str, float], None]
"""Told a text and the share done, 0 to 1."""


def silent(_text: str, _share: float) -> None:
    """Progress that nobody watches."""


def part_of(tell: Tell, low: float, high: float, before: str = "") -> Tell:
    """Progress of one part of the work, told as progress of the whole.

    Parameters
    ----------
    tell : callable(text, share done)
    low, high : float, the shares of the whole between which the part lies
    before : str, put in front of its texts
    """

    def told(text: str, share: float) -> None:
        tell(before + text, low + (high - low) * share)

    return told
