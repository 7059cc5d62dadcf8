"""A payload map on a terminal: altitudes down, inclinations across."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from cosmodrome.cli.console import out as standard_output
from cosmodrome.cli.sheets import plain_table
from cosmodrome.report.map_figure import kink_sentences
from cosmodrome.report.words import number, plain

if TYPE_CHECKING:
    from cosmodrome.campaign.payload_map import Cell, PayloadMap

__all__ = ["print_map"]

WIDTH = 9
"""Characters of a column with its gap."""

NO_PAYLOAD = {"infeasible": "-", "not_converged": "n.c.", "verification_failed": "failed"}
MEANING = {
    "-": "out of reach",
    "n.c.": "not converged",
    "failed": "the re-flight disagrees",
    "*": "more than one burn of the last stage",
    "~": "dogleg, or along the corridor's edge",
}
REASONS_SHOWN = 4


def print_map(found: PayloadMap, out: Sequence[str], chosen: str = "") -> None:
    """Print the payloads, what the marks mean, the kinks, and the files written.

    Parameters
    ----------
    found : PayloadMap
    out : sequence of str, the files as they were named
    chosen : str, what was chosen of the vehicle, as it was typed
    """
    console = standard_output()
    for site in found.sites:
        _print_site(console, found, site)
    if chosen:
        console.print(Text(f"\nThe vehicle as asked for: {chosen}"))
    used = "".join(_text(cell) for cell in found.cells)
    told = "   ".join(f"{mark} {text}" for mark, text in MEANING.items() if mark in used)
    if told:
        console.print(Text(f"\n{told}", style="dim"))
    for sentence in kink_sentences(found.kinks):
        console.print(Text(sentence))
    _print_reasons(console, found.cells)
    if out:
        console.print(Text(f"\nWritten: {', '.join(out)}"))


def _print_site(console: Console, found: PayloadMap, site: str) -> None:
    console.print(Text(f"\n{found.vehicle} from {site}, payload in kg", style="bold"))
    cells = {(c.altitude_km, c.inclination_deg): c for c in found.cells if c.site == site}
    room = max((console.width - WIDTH) // WIDTH, 1)
    for begin in range(0, len(found.inclinations_deg), room):
        tilts = found.inclinations_deg[begin : begin + room]
        table = plain_table()
        table.padding = (0, 1, 0, 0)
        table.add_column("km", justify="right", no_wrap=True)
        for tilt in tilts:
            table.add_column(f"{plain(tilt)} deg", justify="right", no_wrap=True)
        for height in found.altitudes_km:
            row = [_text(cells[height, tilt]) for tilt in tilts]
            table.add_row(plain(height), *map(Text, row))
        console.print(table)


def _text(cell: Cell) -> str:
    if cell.status != "optimal":
        return NO_PAYLOAD[cell.status]
    marks = "*" * ((cell.burns or 1) > 1) + "~" * (
        cell.course in ("dogleg", "edge", "below latitude")
    )
    return number(cell.payload_kg) + marks


def _print_reasons(console: Console, cells: Sequence[Cell]) -> None:
    """Why cells have no payload, the commonest first; each with the first such orbit."""
    counted = Counter(cell.reason for cell in cells if cell.reason)
    for reason, count in counted.most_common(REASONS_SHOWN):
        first = next(cell for cell in cells if cell.reason == reason)
        more = "" if count == 1 else f" and {count - 1} more"
        where = f"{plain(first.altitude_km)} km {plain(first.inclination_deg)} deg{more}"
        console.print(Text(f"{where}: {reason}", style="dim"))
    if len(counted) > REASONS_SHOWN:
        console.print(Text("Every cell's reason stands in --json and --out.", style="dim"))
