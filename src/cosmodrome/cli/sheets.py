"""Vehicle and site sheets on a terminal, readable at 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cosmodrome.mission.catalogue import CONFIDENCE
from cosmodrome.prompt.corridors import corridor_rows, first_latitude_deg
from cosmodrome.report.sources import FigureRow, figures, labelled

__all__ = ["plain_table", "print_hung", "print_list", "print_sheet", "site_row", "vehicle_row"]

CORRIDORS = "corridors_deg"

LISTED = ("name", "status", "country", "pads")
TOLD = (
    ("engine", "engine"),
    ("key", "called"),
    ("orbit", "stated for"),
    ("reserve_confidence", "the reserve stands for"),
    ("family", "family"),
    ("shares", "stages that other families fly too"),
    ("during", "dropped during the burn of"),
    ("adapter_convention", "published payloads and the adapter"),
    ("reachable", "inclinations reached, deg"),
    ("time_zone", "time zone"),
    ("pads", "pads"),
    ("riders_carried", "rides along unless told otherwise"),
)

KINDS = {
    "stages": "stage",
    "strapons": "strap-on",
    "pads": "pad",
    "recovery": "first stage brought back, where asked for:",
}


def vehicle_row(document: Mapping[str, Any]) -> dict[str, Any]:
    """The line of a vehicle in the list."""
    told = ("name", "title", "status", "country")
    row: dict[str, Any] = {key: document.get(key, "") for key in told}
    row["pads"] = [str(pad) for pad in document.get("pads", [])]
    return row


def site_row(document: Mapping[str, Any]) -> dict[str, Any]:
    """The line of a site in the list."""
    row: dict[str, Any] = {key: document.get(key, "") for key in ("name", "title", "country")}
    row["pads"] = [str(pad["key"]) for pad in document.get("pads", [])]
    return row


def plain_table(*, header: bool = True) -> Table:
    """A table with a rule under its heads and no other lines."""
    return Table(
        box=box.SIMPLE_HEAD,
        show_header=header,
        show_edge=False,
        pad_edge=False,
        padding=(0, 2, 0, 0),
        header_style="dim",
    )


def print_hung(console: Console, head: str, told: str | Text, width: int = 10) -> None:
    """A head, and its text beside it in a column of its own; plain text is dim."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=width, no_wrap=True)
    grid.add_column()
    grid.add_row(Text(head), told if isinstance(told, Text) else Text(told, style="dim"))
    console.print(grid)


def print_list(console: Console, rows: Sequence[Mapping[str, Any]], after: str) -> None:
    """Names with what tells them apart."""
    table = plain_table()
    keys = [key for key in LISTED if rows and key in rows[0]]
    for key in keys:
        wraps = key == "pads"
        style = "bold" if key == "name" else ""
        table.add_column(key, style=style, no_wrap=not wraps, overflow="fold")
    for row in rows:
        cells = [row[key] for key in keys]
        table.add_row(*(Text(", ".join(c) if isinstance(c, list) else str(c)) for c in cells))
    console.print(table)
    console.print(Text(f"\n{after}", style="dim"))


def print_sheet(console: Console, document: Mapping[str, Any]) -> None:
    """One sheet: notes first, then every part with its numbers, then the sources."""
    name, title = str(document.get("name", "")), str(document.get("title", ""))
    rest = [str(document[key]) for key in ("country", "status") if document.get(key)]
    console.print(Text.assemble((title or name, "bold"), f"  {name}  ", (", ".join(rest), "dim")))
    sources = _Footnotes()
    for part, block in _parts(document):
        _print_part(console, part, block, sources)
    _print_closure(console, document.get("closure"))
    _print_foot(console, sources)


class _Footnotes:
    """Sources numbered in the order they are met, and the confidences met."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.confidences: set[str] = set()

    def mark(self, figure: Mapping[str, Any]) -> str:
        """What stands beside a figure: `B [3]` for confidence B from source 3."""
        sure, source = str(figure.get("confidence", "")), str(figure.get("source", ""))
        self.confidences.add(sure)
        number = self.numbers.setdefault(source, len(self.numbers) + 1)
        return f"{sure} [{number}]"


def _parts(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The sheet itself and the tables inside it, each with a heading."""
    yield "", document
    for key, value in document.items():
        if key == "closure":
            continue
        if isinstance(value, Mapping) and "value" not in value and "points" not in value:
            yield key, value
        if isinstance(value, list):
            for item in value:
                if isinstance(item, Mapping):
                    name = str(item.get("name") or item.get("title") or item.get("key") or key)
                    yield f"{KINDS.get(key, '')} {name}".strip(), item


def _print_part(console: Console, part: str, block: Mapping[str, Any], sources: _Footnotes) -> None:
    if part:
        console.print(Text(f"\n{part}", style="bold"))
    for key, words in TOLD:
        told = _told(block.get(key))
        if told and not (key == "key" and _keyed(told) == _keyed(part)):
            console.print(Text.assemble((f"{words}: ", "dim"), told))
    for note in block.get("notes", []):
        console.print(Padding(Text.assemble("- ", str(note)), (0, 0, 0, 2)))
    own = list(figures({k: v for k, v in block.items() if not _is_tables(v)}))
    values = [row for row in own if "value" in row.figure]
    if values:
        console.print(_figure_table(values, sources))
    for row in own:
        if row.key == CORRIDORS:
            _print_corridors(console, row, sources, first_latitude_deg(block))
        elif "points" in row.figure:
            _print_curve(console, row, sources)


def _keyed(text: str) -> str:
    """The last words of a heading as a key would spell them."""
    return text.lower().split(" ", 1)[-1].replace(" ", "-")


def _is_tables(value: Any) -> bool:
    """Whether a value holds tables of its own, which are parts by themselves."""
    if isinstance(value, Mapping):
        return "value" not in value and "points" not in value
    return isinstance(value, list)


def _told(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value) if all(isinstance(item, str) for item in value) else ""
    return str(value) if value else ""


def _figure_table(rows: Sequence[FigureRow], sources: _Footnotes) -> Table:
    table = plain_table()
    table.padding = (0, 1, 0, 0)
    table.add_column("", max_width=20)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("range", no_wrap=True, style="dim")
    table.add_column("how sure", no_wrap=True)
    table.add_column("note", style="dim", overflow="fold")
    for row in rows:
        label, unit = labelled(row.key)
        figure = row.figure
        low, high = figure.get("low"), figure.get("high")
        spread = "" if low == high else f"{_plain(low)} to {_plain(high)}"
        value = f"{_plain(figure['value'])} {unit}".strip()
        cells = (label, value, spread, sources.mark(figure), str(figure.get("note", "")))
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _plain(value: Any) -> str:
    """A number as it stands in the sheet, without a needless ".0"."""
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def _print_corridors(
    console: Console, row: FigureRow, sources: _Footnotes, latitude_deg: float | None
) -> None:
    """Azimuths from and to, and where they lead."""
    mark = sources.mark(row.figure)
    if latitude_deg is None:
        _print_curve(console, row, sources)
        return
    table = plain_table()
    table.add_column("launch azimuths, deg", no_wrap=True)
    table.add_column("inclinations without a turn, deg", no_wrap=True)
    table.add_column("how sure", no_wrap=True)
    for cells in corridor_rows(row.figure["points"], latitude_deg):
        table.add_row(*map(Text, (*cells, mark)))
    console.print()
    console.print(table)
    if row.figure.get("note"):
        console.print(Text(str(row.figure["note"]), style="dim"))


def _print_curve(console: Console, row: FigureRow, sources: _Footnotes) -> None:
    label, unit = labelled(row.key)
    points = ", ".join(f"{_plain(a)}: {_plain(b)}" for a, b in row.figure["points"])
    mark = sources.mark(row.figure)
    head = Text.assemble((f"{label} {unit}".strip(), ""), (f"  {mark}", ""))
    console.print(head)
    console.print(Padding(Text(points, style=""), (0, 0, 0, 2)))
    if row.figure.get("note"):
        console.print(Padding(Text(str(row.figure["note"]), style="dim"), (0, 0, 0, 2)))


def _print_closure(console: Console, closure: Mapping[str, Any] | None) -> None:
    """How well the numbers agree with one another."""
    if not closure:
        return
    console.print(Text("\ndo the numbers agree?", style="bold"))
    if closure.get("mass_ratio") is not None:
        console.print(
            f"The parts sum to {closure['sum_kg']:.0f} kg, "
            f"{100.0 * closure['mass_ratio']:.1f} % of the published gross mass."
        )
    for stage in closure.get("stages", []):
        if stage.get("burn_ratio") is not None:
            console.print(
                Text(
                    f"{stage['name']}: burns {stage['burn_model_s']:.0f} s by these numbers, "
                    f"{stage['burn_published_s']:.0f} s as published."
                )
            )
    for flag in closure.get("flags", []):
        console.print(Text.assemble((f"doubt, {flag['part']}: ", "bold"), str(flag["why"])))
    if not closure.get("flags"):
        console.print("Nothing here speaks against these numbers.")
    for caution in closure.get("cautions", []):
        told = (f"uncertain, {caution['part']}: ", "dim")
        console.print(Text.assemble(told, (str(caution["why"]), "dim")))


def _print_foot(console: Console, sources: _Footnotes) -> None:
    console.print(Text("\nsources", style="bold"))
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for source, number in sources.numbers.items():
        table.add_row(Text(f"[{number}]"), Text(source or "not stated"))
    console.print(table)
    console.print(Text("\nhow sure", style="bold"))
    known = Table.grid(padding=(0, 2, 0, 0))
    for key, words in CONFIDENCE.items():
        if key in sources.confidences:
            known.add_row(key, words)
    console.print(known)
