"""Is an entry of an orbit data message what its keyword promises?"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from cosmodrome.io import keywords
from cosmodrome.io.bounds import MOST_NUMBERS, Source
from cosmodrome.io.keywords import Rule
from cosmodrome.io.message import Entry
from cosmodrome.io.times import SYSTEMS, read_time

__all__ = [
    "VERSIONS",
    "check_complete",
    "check_entry",
    "check_once",
    "number",
    "system_of",
    "version",
    "warnings_of",
]

VERSIONS: Final = ("1.0", "2.0", "3.0")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,12}", re.ASCII)
_MAY_BE_EMPTY = "OBJECT_ID"


def number(text: str, source: Source, line: int, key: str) -> float:
    """A finite decimal number, or an error that names the line."""
    if len(text) <= MOST_NUMBERS and _NUMBER.fullmatch(text):
        value = float(text)
        if math.isfinite(value):
            return value
    raise source.refused(
        line, f"{key} {text[:40]!r} is not a number", key=key, value=text, allowed="a number"
    )


def version(text: str, source: Source, line: int) -> str:
    """The version of a message, if we can read it."""
    if text not in VERSIONS:
        raise source.refused(
            line,
            f"version {text[:20]!r} cannot be read",
            key="version",
            value=text,
            allowed=", ".join(VERSIONS),
        )
    return text


def system_of(entries: Iterable[Entry], source: Source, line: int | None) -> str:
    """The TIME_SYSTEM among entries, known."""
    for entry in entries:
        if entry.keyword == "TIME_SYSTEM":
            if entry.value.upper() not in SYSTEMS:
                raise source.refused(
                    entry.line,
                    f"time system {entry.value[:20]!r} is not known",
                    key="TIME_SYSTEM",
                    value=entry.value,
                    allowed=", ".join(sorted(SYSTEMS)),
                )
            return entry.value.upper()
    raise source.refused(line, "TIME_SYSTEM is missing", key="TIME_SYSTEM")


def _check_unit(entry: Entry, rule: Rule, source: Source) -> None:
    unit = entry.unit
    if rule.sort == "text":  # a name may end in brackets of its own
        return
    if unit is None or (unit == "n/a" and rule.unit is None):
        return
    if rule.unit is None or unit.replace(" ", "").lower() != rule.unit.lower():
        raise source.refused(
            entry.line,
            f"{entry.keyword} has unit {unit[:20]!r}",
            key=entry.keyword,
            value=unit,
            allowed=rule.unit or "no unit",
        )


def check_entry(entry: Entry, rule: Rule, source: Source, system: str) -> None:
    """Refuse a value or unit that its keyword does not allow.

    Parameters
    ----------
    entry, rule : what stands there and what may
    source : Source, for the error
    system : str, the time system of the message

    Raises
    ------
    InputError
    """
    _check_unit(entry, rule, source)
    key, value, line = entry.keyword, entry.value, entry.line
    if not value:
        if key != _MAY_BE_EMPTY:
            raise source.refused(line, f"{key} is empty", key=key, value="")
    elif rule.sort == "number":
        number(value, source, line, key)
    elif rule.sort == "integer":
        if not _INTEGER.fullmatch(value):
            raise source.refused(
                line, f"{key} {value[:20]!r} is not a whole number", key=key, value=value
            )
    elif rule.sort == "time":
        read_time(value, system, source, line, key)
    elif rule.sort == "created":
        read_time(value, "UTC", source, line, key)
    elif rule.sort == "frame" and not keywords.known_frame(value):
        raise source.refused(
            line,
            f"frame {value[:20]!r} is not known",
            key=key,
            value=value,
            allowed="a frame of CCSDS 502.0-B-3, annex B, or of the SANA registry",
        )


def check_once(entries: Sequence[Entry], source: Source, repeated: Sequence[str] = ()) -> None:
    """Refuse a keyword that stands twice."""
    seen: dict[str, int] = {}
    for entry in entries:
        if entry.keyword == "COMMENT" or entry.keyword in repeated:
            continue
        if entry.keyword in seen:
            raise source.refused(
                entry.line,
                f"{entry.keyword} stands twice (first in line {seen[entry.keyword]})",
                key=entry.keyword,
                value=entry.value,
            )
        seen[entry.keyword] = entry.line


def check_complete(
    entries: Iterable[Entry],
    wanted: Sequence[str],
    source: Source,
    line: int | None,
    where: str,
) -> None:
    """Refuse a block in which a mandatory keyword is missing."""
    there = {entry.keyword for entry in entries}
    missing = [word for word in wanted if word not in there]
    if missing:
        raise source.refused(
            line, f"{', '.join(missing)} missing in the {where}", key=missing[0], allowed=missing[0]
        )


def warnings_of(entries: Iterable[Entry], rules: Mapping[str, Rule], source: Source) -> list[str]:
    """What was let pass."""
    return [
        f"{source.name}, line {e.line}: {e.keyword} is empty"
        for e in entries
        if e.keyword in rules and not e.value
    ]
