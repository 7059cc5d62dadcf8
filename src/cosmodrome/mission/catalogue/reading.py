"""Strict reading of catalogue tables: every refusal names file, key, value, remedy.

Reading goes in two steps, because variants inherit. `read_block` checks what is
written in one file and attaches a source to every number; blocks are then laid
over each other by `merge`; `assemble` makes the frozen sheet and says what is
missing.
"""

from __future__ import annotations

import difflib
import math
import tomllib
import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec

from cosmodrome.errors import InputError
from cosmodrome.mission.catalogue.figure import CONFIDENCE, Coordinate, Curve, Figure

__all__ = ["Place", "assemble", "merge", "nearest", "read_block", "read_toml", "why_unreadable"]

Block = dict[str, Any]
S = TypeVar("S", bound=msgspec.Struct)

_FIGURE_KEYS = ("value", "low", "high", "source", "confidence", "note")
_CURVE_KEYS = ("points", "source", "confidence", "note")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which file we read, and the source that holds there."""

    file: str
    path: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    confidence: str = "own"

    def at(self, key: str) -> Place:
        """One key deeper."""
        return replace(self, path=(*self.path, key))

    @property
    def key(self) -> str:
        """The dotted path of keys."""
        return ".".join(self.path)

    def refuse(self, message: str, value: object = None, allowed: str | None = None) -> InputError:
        """An `InputError` that says where it stands."""
        where = f"{self.file}: {self.key}" if self.key else self.file
        return InputError(
            f"{where}: {message}",
            file=self.file,
            key=self.key or None,
            value=value,
            allowed=allowed,
        )


def nearest(word: str, known: Iterable[str]) -> str:
    """A sentence part naming the closest known words, empty if none is close."""
    close = difflib.get_close_matches(word, list(known), n=3, cutoff=0.5)
    return f"; did you mean {' or '.join(close)}?" if close else ""


def why_unreadable(error: Exception) -> str:
    """What stands in the way of a file, in words a user knows."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return "it is no UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)


def read_toml(path: Path) -> Block:
    """A TOML file as a dictionary; a missing or broken file is an `InputError`."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path}: cannot be read ({why_unreadable(error)})",
            file=str(path),
            allowed="a readable TOML file",
        ) from error
    try:
        return tomllib.loads(text)
    except (RecursionError, ValueError) as error:
        # What nests too deep, or has a number of thousands of digits, is no TOML of anybody's.
        why = "nested too deep" if isinstance(error, RecursionError) else str(error)
        raise InputError(
            f"{path}: not valid TOML: {why}", file=str(path), allowed="valid TOML"
        ) from error


def _members(hint: Any) -> tuple[Any, ...]:
    """The alternatives of a type, None left out."""
    if get_origin(hint) in (Union, types.UnionType):
        return tuple(m for m in get_args(hint) if m is not types.NoneType)
    return (hint,)


def _struct(hint: Any, parent: type[msgspec.Struct]) -> Any:
    """The first alternative that is a subclass of `parent`, or None."""
    for member in _members(hint):
        if isinstance(member, type) and issubclass(member, parent):
            return member
    return None


def _words(hint: Any) -> str:
    """What may stand there, for people."""
    words = []
    for member in _members(hint):
        if get_origin(member) is Literal:
            words += [f'"{value}"' for value in get_args(member)]
        elif isinstance(member, type) and issubclass(member, Figure):
            words.append("a number or a table with value, source, confidence")
        else:
            words.append({str: "a text", bool: "true or false"}.get(member, "a list of texts"))
    return ", ".join(words)


def read_block(kind: type[msgspec.Struct], raw: object, place: Place) -> Block:
    """Check one table against a sheet and attach sources; missing keys are allowed.

    Parameters
    ----------
    kind : a sheet class
    raw : the table as parsed
    place : Place

    Returns
    -------
    dict
        Figures and curves complete, sub-tables as dictionaries.

    Raises
    ------
    InputError
        Unknown key, wrong type, not finite, negative, or without source.
    """
    if not isinstance(raw, dict):
        raise place.refuse("must be a table", raw, "a table")
    hints = {f.encode_name: f.type for f in msgspec.structs.fields(kind)}
    place = _with_source(raw, place)
    block: Block = {}
    for key, value in raw.items():
        if key not in hints:
            raise place.at(key).refuse(
                f"unknown key{nearest(key, hints)}", value, ", ".join(sorted(hints))
            )
        if key == "source":
            block[key] = place.source
        else:
            block[key] = _value(hints[key], value, place.at(key))
    return block


def _with_source(raw: Block, place: Place) -> Place:
    """The place with the source and confidence this table sets."""
    source, confidence = place.source, place.confidence
    if "source" in raw:
        source = _source(raw["source"], place.at("source"))
    if "confidence" in raw:
        confidence = _confidence(raw["confidence"], place.at("confidence"))
    return replace(place, source=source, confidence=confidence)


def _value(hint: Any, raw: object, place: Place) -> Any:
    """One value checked against its type."""
    if raw == "off" and any(get_args(m) == ("off",) for m in _members(hint)):
        return "off"
    if (figure := _struct(hint, Figure)) is not None:
        return _figure(figure, raw, place)
    if _struct(hint, Curve) is not None:
        return _curve(raw, place)
    if (block := _struct(hint, msgspec.Struct)) is not None:
        return read_block(block, raw, place)
    if get_origin(hint) is dict:
        if not isinstance(raw, dict):
            raise place.refuse("must be a table of tables", raw, "a table")
        child = get_args(hint)[1]
        return {key: read_block(child, value, place.at(key)) for key, value in raw.items()}
    try:
        return msgspec.convert(raw, hint, strict=True)
    except msgspec.ValidationError as error:
        allowed = _words(hint)
        raise place.refuse(f"{raw!r} cannot stand here; allowed: {allowed}", raw, allowed) from (
            error
        )


def _finite(raw: object, place: Place) -> float:
    """A finite float."""
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise place.refuse(f"{raw!r} is not a number", raw, "a finite number")
    if not math.isfinite(raw):
        raise place.refuse(f"{raw} is not finite", raw, "a finite number")
    return float(raw)


def _source(raw: object, place: Place) -> str:
    """Sources in words; a text without a space is a key of the sources table."""
    keys = raw if isinstance(raw, list) else [raw]
    texts = []
    for key in keys:
        if not isinstance(key, str) or not key.strip():
            raise place.refuse("a source must be a text", raw, "a text or a list of texts")
        if " " not in key.strip() and key not in place.sources:
            raise place.refuse(
                f"no source is called {key!r}{nearest(key, place.sources)}",
                key,
                "a key of the [sources] table, or the source in words",
            )
        texts.append(place.sources.get(key, key))
    return "; ".join(texts)


def _confidence(raw: object, place: Place) -> str:
    if not isinstance(raw, str) or raw not in CONFIDENCE:
        raise place.refuse(f"{raw!r} is no confidence", raw, ", ".join(CONFIDENCE))
    return raw


def _origin(raw: Block, keys: tuple[str, ...], place: Place) -> Block:
    """Source, confidence and note of a figure or curve given as a table."""
    for key in raw:
        if key not in keys:
            raise place.at(key).refuse(
                f"unknown key{nearest(key, keys)}", raw[key], ", ".join(keys)
            )
    inner = _with_source(raw, place)
    if not inner.source:
        raise place.refuse(
            "has no source", allowed="a `source` here or in the table around it, in words"
        )
    note = raw.get("note", "")
    if not isinstance(note, str):
        raise place.at("note").refuse("a note must be a text", note, "a text")
    return {"source": inner.source, "confidence": inner.confidence, "note": note}


def _figure(kind: type[Figure], raw: object, place: Place) -> Figure:
    """A figure from a bare number or a table."""
    table: Block = raw if isinstance(raw, dict) else {"value": raw}
    origin = _origin(table, _FIGURE_KEYS, place)
    if "value" not in table:
        raise place.refuse("has no value", allowed="a table with `value`")
    spot = place if table is not raw else place.at("value")
    value = _finite(table["value"], spot)
    low = _finite(table.get("low", value), place.at("low"))
    high = _finite(table.get("high", value), place.at("high"))
    if min(value, low) < 0.0 and not issubclass(kind, Coordinate):
        raise spot.refuse(f"{min(value, low)} is negative", min(value, low), "zero or more")
    if not low <= value <= high:
        raise place.refuse(
            f"value {value} is outside its range {low} to {high}", value, "low <= value <= high"
        )
    return kind(value=value, low=low, high=high, **origin)


def _curve(raw: object, place: Place) -> Curve:
    """A curve from a list of pairs or a table with `points`."""
    table: Block = raw if isinstance(raw, dict) else {"points": raw}
    origin = _origin(table, _CURVE_KEYS, place)
    points = table.get("points")
    if not isinstance(points, list):
        raise place.refuse("must be a list of pairs", points, "[[x, y], ...]")
    pairs = []
    for number, pair in enumerate(points):
        spot = place.at(str(number))
        if not isinstance(pair, list) or len(pair) != 2:
            raise spot.refuse("must be a pair of numbers", pair, "[x, y]")
        pairs.append((_finite(pair[0], spot), _finite(pair[1], spot)))
        if min(pairs[-1]) < 0.0:
            raise spot.refuse("is negative", pair, "zero or more")
    return Curve(points=tuple(pairs), **origin)


def merge(base: Block, over: Block) -> Block:
    """`over` laid over `base`: tables merge, all else replaces.

    A table that says `use` starts afresh and inherits nothing from `base`.
    """
    result = dict(base)
    for key, value in over.items():
        old = result.get(key)
        if isinstance(old, dict) and isinstance(value, dict) and not value.get("use"):
            result[key] = merge(old, value)
        else:
            result[key] = value
    return result


def assemble(kind: type[S], block: Block, place: Place) -> S:
    """The frozen sheet from a merged block; a missing key is an `InputError`."""
    values: Block = {}
    for spec in msgspec.structs.fields(kind):
        key = spec.encode_name
        spot = place.at(key)
        if key not in block:
            if spec.required:
                raise spot.refuse("is missing", allowed=_words(spec.type))
            continue
        value = block[key]
        child = _struct(spec.type, msgspec.Struct)
        if isinstance(value, dict) and child is not None:
            value = assemble(child, value, spot)
        elif isinstance(value, dict):
            inner = get_args(spec.type)[1]
            value = {name: assemble(inner, item, spot.at(name)) for name, item in value.items()}
        values[spec.name] = value
    return kind(**values)
