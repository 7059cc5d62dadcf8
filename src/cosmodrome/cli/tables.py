"""An answer on a terminal: the payload first, everything else after it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cosmodrome.cli.console import out as standard_output
from cosmodrome.cli.sheets import plain_table, print_hung
from cosmodrome.report import interval_rows, partial_rows, rows, words

if TYPE_CHECKING:
    from cosmodrome.campaign.answer import Answer

__all__ = ["print_answer"]

PUBLISHED_SHOWN = 3
"""Published figures on the terminal; the nearest come first."""

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


def print_answer(
    answer: Answer, out: str | None, files: Sequence[Path], *, partials: bool = False
) -> None:
    """Print an answer in the order a reader asks: how much, is it true, how, how close.

    Parameters
    ----------
    answer : Answer
    out : str or None
        The run folder as the user named it.
    files : sequence of Path
        What was written there.
    partials : bool
        Also what one unit more of everything is worth.
    """
    console = standard_output()
    document = answer.document
    _print_head(console, document)
    _print_interval(console, document)
    _print_nearest(console, document)
    _print_events(console, document)
    _print_losses(console, document)
    _print_limits(console, document)
    if partials:
        _print_partials(console, document)
    _print_proof(console, document)
    _print_next(console, document, out, files)


def _print_head(console: Console, document: words.Document) -> None:
    console.print(
        Text(f"{words.question(document)}, lift-off {words.lift_off(document)}", style="dim")
    )
    big, below = words.headline(document)
    console.print(Text.assemble("\n", (big, "bold"), f" {words.aside(document)}".rstrip()))
    console.print(Text(below))
    for k, one in enumerate(interval_rows.kept_back(document)):
        print_hung(console, "" if k else "kept back:", one)
    _print_beside(console, document)
    found = words.verdict(document)
    console.print(Text.assemble("\n", (found.sentence, "" if found.good else "bold")))


def _print_beside(console: Console, document: words.Document) -> None:
    """Raw, corrected and published, one below the other; what they are is said."""
    ours = interval_rows.estimate_rows(document)
    wide = max((len(payload) for _, payload, _ in ours), default=0)
    for who, payload, what in ours:
        figure = f"{payload:>{wide}}"
        print_hung(console, f"{who}:", Text.assemble(figure, (f", {what}", "dim")))
    published = [row for row in rows.published_rows(document) if row[0] == "published"]
    for _, payload, orbit, source in published[:PUBLISHED_SHOWN]:
        figure = f"{payload:>{wide}} to {orbit}"
        print_hung(console, "published:", Text.assemble(figure, (f", {source}", "dim")))
    if len(published) > PUBLISHED_SHOWN:
        rest = len(published) - PUBLISHED_SHOWN
        print_hung(console, "", f"and {rest} more, in --json and --out")
    page = words.vehicle_page(document)
    if page:
        print_hung(console, "its page:", f"{page}, every figure beside its prediction")
    if ours:
        rating = interval_rows.rating(document) if published else ""
        told = f"{rating} {interval_rows.correction(document)}".strip()
        console.print(Text(told, style="dim"))


def _headed(console: Console, title: str, table: Table) -> None:
    console.print(Text(f"\n{title}", style="bold"))
    console.print(table)


def _table(heads: Sequence[tuple[str, str]], cells: Sequence[Sequence[str]]) -> Table:
    table = plain_table()
    table.padding = (0, 1, 0, 0)
    for i, (name, side) in enumerate(heads):
        justify = "right" if side == "right" else "left"
        table.add_column(name, justify=justify, no_wrap=i > 0)  # type: ignore[arg-type]
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _print_interval(console: Console, document: words.Document) -> None:
    found = interval_rows.spread_rows(document)
    if found:
        heads = (("", "left"), ("spread of inputs", "right"), ("nine in ten between", "right"))
        _headed(console, "How sure the payload is", _table(heads, found))
        console.print(Text(interval_rows.interval_lead(document), style="dim"))


def _print_nearest(console: Console, document: words.Document) -> None:
    found = rows.nearest_rows(document)
    if found:
        heads = (("change", "left"), ("target", "left"), ("payload", "right"))
        _headed(console, "Nearest that works (not re-flown)", _table(heads, found))


def _print_events(console: Console, document: words.Document) -> None:
    found = rows.event_rows(document)
    if found:
        _headed(console, "Events", _table(EVENT_HEADS, found))


def _print_losses(console: Console, document: words.Document) -> None:
    found = [(name, words.number(v), share) for name, v, share in rows.loss_rows(document)]
    if found:
        heads = (("", "left"), ("m/s", "right"), ("of ideal", "right"))
        _headed(console, "Where the delta-v went", _table(heads, found))


def _print_limits(console: Console, document: words.Document) -> None:
    found = rows.limit_rows(document)
    if found:
        heads = (("limit", "left"), ("allowed", "right"), ("reached", "right"))
        rest = (("margin", "right"), ("", "left"))
        _headed(console, "Limits", _table(heads + rest, found))


def _print_partials(console: Console, document: words.Document) -> None:
    stages = partial_rows.stage_partials(document)
    if not stages:
        console.print(Text("\nNo partials: they belong to a largest payload.", style="dim"))
        return
    heads = [(f"{name}\nper {unit}", "right") for name, unit in partial_rows.STAGE_HEADS]
    _headed(console, "What one unit more is worth, kg", _table([("", "left"), *heads], stages))
    others = [(n, kg, f"per {unit}") for n, kg, unit in partial_rows.other_partials(document)]
    if others:
        console.print()
        heads = [("", "left"), ("kg", "right"), ("", "left")]
        console.print(_table(heads, others))
    console.print(Text(partial_rows.LEAD, style="dim"))


def _print_proof(console: Console, document: words.Document) -> None:
    """The re-flight, the starts, the finer mesh; each start where they differ."""
    told = (words.reflight(document), words.starts(document), words.finer_mesh(document))
    console.print(Text("\n" + " ".join(part for part in told if part)))
    if not words.starts_agree(document):
        heads = (("start", "left"), ("", "left"), (rows.worth_head(document), "right"))
        rest = (("iterations", "right"), ("s", "right"))
        found = rows.start_rows(document)
        if found:
            _headed(console, "Starts", _table(heads + rest, found))


def _print_next(
    console: Console, document: words.Document, out: str | None, files: Sequence[Path]
) -> None:
    if files:
        names = ", ".join(path.name for path in files)
        console.print(Text(f"\nWritten to {out}: {names}"))
    steps = words.next_steps(document, out)
    if steps:
        console.print(Text("\nNext", style="bold"))
    for command, why in steps:
        console.print(Text.assemble(f"  {command}", (f"\n      {why}", "dim")), soft_wrap=True)
