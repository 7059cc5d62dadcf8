"""An answer on a terminal: the payload first, everything else after it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cosmodrome.campaign.answer import Answer
from cosmodrome.cli.console import out as standard_output
from cosmodrome.cli.sheets import plain_table
from cosmodrome.report import words

__all__ = ["print_answer"]

EVENT_HEADS = (
    ("event", "left"),
    ("time\ns", "right"),
    ("alt.\nkm", "right"),
    ("speed\nm/s", "right"),
    ("inert.\nm/s", "right"),
    ("range\nkm", "right"),
    ("mass\nkg", "right"),
    ("q\nkPa", "right"),
    ("acc.\nm/s2", "right"),
)


def print_answer(answer: Answer, out: str | None, files: Sequence[Path]) -> None:
    """Print an answer in the order a reader asks: how much, is it true, how, how close.

    Parameters
    ----------
    answer : Answer
    out : str or None
        The run folder as the user named it.
    files : sequence of Path
        What was written there.
    """
    console = standard_output()
    document = answer.document
    _print_head(console, document)
    _print_nearest(console, document)
    _print_events(console, document)
    _print_losses(console, document)
    _print_limits(console, document)
    told = words.starts(document)
    console.print(Text(f"\n{words.reflight(document)}{' ' + told if told else ''}"))
    _print_next(console, document, out, files)


def _print_head(console: Console, document: words.Document) -> None:
    console.print(
        Text(f"{words.question(document)}, lift-off {words.lift_off(document)}", style="dim")
    )
    big, below = words.headline(document)
    console.print(Text.assemble("\n", (big, "bold"), f"  {below}"))
    for row in words.published_rows(document):
        if row[0] == "published":
            _, payload, orbit, source = row
            console.print(Text.assemble(f"published: {payload} to {orbit}", (f", {source}", "dim")))
    found = words.verdict(document)
    style = "" if found.good else "bold"
    console.print(Text.assemble("\n", (found.sentence, style)))
    for name, payload in words.alternative_rows(document):
        console.print(Text(f"  {name}: {payload}"))


def _headed(console: Console, title: str, table: Table) -> None:
    console.print(Text(f"\n{title}", style="bold"))
    console.print(table)


def _table(heads: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]]) -> Table:
    table = plain_table()
    table.padding = (0, 1, 0, 0)
    for i, (name, side) in enumerate(heads):
        justify = "right" if side == "right" else "left"
        table.add_column(name, justify=justify, no_wrap=i > 0)  # type: ignore[arg-type]
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _print_nearest(console: Console, document: words.Document) -> None:
    rows = words.nearest_rows(document)
    if rows:
        heads = (("change", "left"), ("target", "left"), ("payload", "right"))
        _headed(console, "Nearest that works", _table(heads, rows))


def _print_events(console: Console, document: words.Document) -> None:
    rows = words.event_rows(document)
    if rows:
        _headed(console, "Events", _table(EVENT_HEADS, rows))


def _print_losses(console: Console, document: words.Document) -> None:
    rows = [(name, words.number(v), share) for name, v, share in words.loss_rows(document)]
    if rows:
        heads = (("", "left"), ("m/s", "right"), ("of ideal", "right"))
        _headed(console, "Where the delta-v went", _table(heads, rows))


def _print_limits(console: Console, document: words.Document) -> None:
    rows = words.limit_rows(document)
    if rows:
        heads = (("limit", "left"), ("allowed", "right"), ("reached", "right"))
        rest = (("margin", "right"), ("", "left"))
        _headed(console, "Limits", _table(heads + rest, rows))


def _print_next(
    console: Console, document: words.Document, out: str | None, files: Sequence[Path]
) -> None:
    if files:
        names = ", ".join(path.name for path in files)
        console.print(Text(f"\nWritten to {out}: {names}"))
    console.print(Text("\nNext", style="bold"))
    for command, why in words.next_steps(document, out):
        console.print(Text.assemble(f"  {command}", (f"\n      {why}", "dim")), soft_wrap=True)
