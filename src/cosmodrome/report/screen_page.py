"""What in orbit comes near a launch: the part of a report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cosmodrome.report.markup import cells, escaped, heads, section, table
from cosmodrome.report.remedies import remedies_told

__all__ = ["screen_sections"]

Document = Mapping[str, Any]

_SHOWN: Final = 12


def screen_sections(document: Document) -> list[str]:
    """Closed lift-offs and the nearest approaches as sections of HTML.

    Parameters
    ----------
    document : mapping, of `cosmodrome screen --json`

    Returns
    -------
    list of str
        Every text from outside is escaped.
    """
    closed, near = list(document["closed"]), list(document["approaches"])
    parts = []
    if closed:
        rows = [(one["from_utc"], one["to_utc"], one["object"]) for one in closed[:_SHOWN]]
        parts.append(_table(("Closed from<br>UTC", "to<br>UTC", "by"), rows))
    if near:
        rows = [(one["utc"], f"{one['miss_km']:.3g}", one["object"]) for one in near[:_SHOWN]]
        parts.append(_table(("Nearest<br>UTC", "Miss<br>km", "object"), rows))
    told = [*document.get("notes", ()), *remedies_told(document)]
    notes = [f'<p class="note">{escaped(one)}</p>' for one in told]
    return [section("What is in the way", "\n".join([*parts, *notes]), _lead(document))]


def _table(names: tuple[str, ...], rows: list[tuple[str, str, str]]) -> str:
    kinds = ("n", "n", "")
    lines = [f"<tr>{cells([str(one) for one in row], kinds)}</tr>" for row in rows]
    return table(heads(names, kinds), lines)


def _lead(document: Document) -> str:
    closed = len(document["closed"])
    told = "no lift-off of the window is closed" if not closed else f"{closed} closed ranges"
    more = f", the first {_SHOWN} below" if closed > _SHOWN else ""
    return f"Planning aid, not a licence analysis. {told.capitalize()}{more}."
