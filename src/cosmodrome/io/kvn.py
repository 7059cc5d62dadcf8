"""Keyword = value notation: lines to entries and back."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cosmodrome.errors import InputError
from cosmodrome.io.bounds import Source
from cosmodrome.io.message import Entry

__all__ = ["entry_of", "kvn_line", "kvn_lines", "one_line"]

_ENTRY = re.compile(r"([A-Z][A-Z0-9_]*)[ \t]*=[ \t]*(.*)", re.ASCII)
_UNIT = re.compile(r"([^\[\]]*?)[ \t]*\[([^\[\]]*)\]")
# Texts may end in brackets of their own; a unit follows a number alone.
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_NUMBER_LIKE = re.compile(r"[+\-.\d]", re.ASCII)


def entry_of(line: str, number: int, source: Source) -> Entry | None:
    """What one line says; None if it is blank.

    Raises
    ------
    InputError
        If it is neither a comment nor KEYWORD = value.
    """
    text = line.strip(" \t")
    if not text:
        return None
    if text.startswith("COMMENT") and (len(text) == 7 or text[7] in " \t"):
        return Entry("COMMENT", text[7:].strip(" \t"), None, number)
    found = _ENTRY.fullmatch(text)
    if found is None:
        raise source.refused(
            number, "this is not KEYWORD = value", value=text, allowed="KEYWORD = value or COMMENT"
        )
    keyword, value = found[1], found[2].strip(" \t")
    unit = None
    if value.endswith("]") and _NUMBER_LIKE.match(value):
        parts = _UNIT.fullmatch(value)
        if parts is not None:
            value, unit = parts[1], parts[2].strip()
    return Entry(keyword, value, unit, number)


def one_line(entry: Entry) -> None:
    """Refuse to write a value that would not stay on its line.

    Raises
    ------
    InputError
        If a control character or line end stands in it.
    """
    if _CONTROL.search(entry.value):
        raise InputError(
            f"{entry.keyword} holds a line end or control character",
            key=entry.keyword,
            value=entry.value[:60],
            allowed="text of one line",
        )


def kvn_line(entry: Entry) -> str:
    """One entry as a line."""
    one_line(entry)
    if entry.keyword == "COMMENT":
        return f"COMMENT {entry.value}".rstrip()
    unit = f" [{entry.unit}]" if entry.unit else ""
    return f"{entry.keyword} = {entry.value}{unit}".rstrip()


def kvn_lines(entries: Iterable[Entry]) -> list[str]:
    """Entries as lines."""
    return [kvn_line(entry) for entry in entries]
