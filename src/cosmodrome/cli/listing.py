"""Rows of a result: as a calm table, as CSV, or in a document; and what stands around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cosmodrome.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console


__all__ = [
    "SHOWN",
    "can_be_written",
    "print_head",
    "print_notes",
    "print_rows",
    "ready",
    "write_listing",
]

SHOWN = 200
"""Rows on a terminal; the rest stand in --json and --out."""

Head = tuple[str, str]


def print_head(console: Console, document: Mapping[str, Any]) -> None:
    """Whose orbit, how it was moved, and when."""
    from rich.text import Text

    console.print(Text(str(document["orbit"]), style="dim"))
    told = f"{document['method']}; {document['start_utc']} to {document['end_utc']}"
    console.print(Text(told, style="dim"))
    console.print()


def print_notes(
    console: Console, document: Mapping[str, Any], out: str | None = None, *, blank: bool = True
) -> None:
    """What was assumed and how old the data is, what would change it, then what was written."""
    from rich.text import Text

    from cosmodrome.report.remedies import remedies_told

    notes = [f"{note[:1].upper()}{note[1:]}." for note in document["notes"]]
    notes += [f"{told}." for told in remedies_told(document)]
    if out is not None:
        notes.append(f"Written: {out}")
    if notes and blank:
        console.print()
    for note in notes:
        console.print(Text(note, style="dim"))


def print_rows(console: Console, heads: Sequence[Head], cells: Sequence[Sequence[str]]) -> None:
    """A table with units in its heads; of many rows the first ones.

    Parameters
    ----------
    console : Console
    heads : of (text, "left" or "right")
    cells : rows of text
    """
    from rich.text import Text

    from cosmodrome.cli.sheets import plain_table

    table = plain_table()
    table.padding = (0, 1, 0, 0)
    for name, side in heads:
        fold = side == "left"
        table.add_column(
            name, justify="left" if fold else "right", no_wrap=not fold, overflow="fold"
        )
    for row in cells[:SHOWN]:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)
    if len(cells) > SHOWN:
        rest = f"and {len(cells) - SHOWN} more, in --json and --out"
        console.print(Text(rest, style="dim"))


def ready(out: str | None, endings: Sequence[str]) -> Path | None:
    """The file that was asked for, refused before any work where it cannot be written.

    Raises
    ------
    InputError
        If its ending says nothing, or the place cannot be written to.
    """
    if out is None:
        return None
    path = Path(out)
    if path.suffix.lower() not in endings:
        raise _refused(path, "has no ending that says what to write", endings)
    can_be_written(path, endings)
    return path


def can_be_written(path: Path, endings: Sequence[str] = ()) -> None:
    """Refuse a file that cannot be written.

    Raises
    ------
    InputError
        If it is a folder, or its folder cannot be made or written to.
    """
    from cosmodrome.report.writing import probe

    if path.is_dir():
        raise _refused(path, "is a folder", endings)
    try:
        probe(path)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise _refused(path, f"cannot be written ({reason})", endings) from error


def _refused(path: Path, why: str, endings: Sequence[str]) -> InputError:
    kind = f"a file ending in {', '.join(endings)}" if endings else "a file"
    return InputError(
        f"{path} {why}",
        file=str(path),
        key="--out",
        value=str(path),
        allowed=f"{kind}, in a folder that can be written to",
    )


def write_listing(
    path: Path, document: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
) -> None:
    """The document as .json, or its rows as .csv; whole or not at all.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    from cosmodrome.io.writing import write_whole
    from cosmodrome.prompt.listing import rows_csv
    from cosmodrome.report.as_json import json_text

    text = json_text(document) if path.suffix.lower() == ".json" else rows_csv(rows)
    write_whole(path, text.encode(), key="--out")
