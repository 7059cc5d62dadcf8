"""What would help, in words: a document names wishes, a terminal and a page tell how to ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

__all__ = ["REMEDIES", "remedies_told"]

REMEDIES: Final = {
    "any_azimuth": ("windows", "--any-azimuth", "shows ways outside the corridor too"),
    "keep_out_km": ("screen", "--keep-out", "sets one radius for all kinds"),
    "orbits": ("screen", "--orbits 0", "looks at the ascent alone"),
    "phases": ("casualty", "--phase", "gives your own probabilities"),
    "sigmas": ("disperse", "--sigmas", "takes other standard deviations"),
}
"""By a wish of a document's `remedies`: the command that has it, how it is typed, what it does."""


def remedies_told(document: Mapping[str, Any]) -> list[str]:
    """What would show more than a document does, as sentences without their full stop.

    Parameters
    ----------
    document : mapping, with `remedies` or without
    """
    # The command is named: the same words stand below a plan and on a page by themselves.
    wanted = [REMEDIES[one] for one in document.get("remedies", ())]
    return [f"{option} of cosmodrome {command} {effect}" for command, option, effect in wanted]
