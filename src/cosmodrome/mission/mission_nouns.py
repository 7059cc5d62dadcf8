"""Frozen nouns to and from plain tables, exactly: what a resolved mission is written with."""

from __future__ import annotations

import dataclasses
import math
import types
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from cosmodrome.mission.catalogue.reading import Place, nearest

__all__ = ["from_noun", "to_noun"]

N = TypeVar("N")


def from_noun(value: Any) -> Any:
    """A noun as TOML values; what is None is left out.

    Parameters
    ----------
    value : a frozen dataclass of this package, or anything inside one

    Returns
    -------
    dict, list, str, float, int or bool
    """
    if dataclasses.is_dataclass(value):
        pairs = ((f.name, getattr(value, f.name)) for f in dataclasses.fields(value))
        return {name: from_noun(item) for name, item in pairs if item is not None}
    if isinstance(value, tuple):
        return [from_noun(item) for item in value]
    return value


def to_noun(kind: type[N], raw: object, place: Place, *, complete: bool) -> N:
    """A noun from TOML values.

    Parameters
    ----------
    kind : a dataclass
    raw : the table as parsed
    place : Place
    complete : bool
        True: what is not there is None or an empty list, and what can be neither
        must be there.
        False: what is not there takes its default.

    Raises
    ------
    InputError
        Unknown or missing key, wrong type, a number that is not finite.
    """
    if not isinstance(raw, dict):
        raise place.refuse("must be a table", raw, "a table")
    hints = get_type_hints(kind)
    for key in raw:
        if key not in hints:
            raise place.at(key).refuse(
                f"unknown key{nearest(key, hints)}", raw[key], ", ".join(hints)
            )
    values = {}
    for spec in dataclasses.fields(kind):  # type: ignore[arg-type]
        spot, hint = place.at(spec.name), hints[spec.name]
        if spec.name in raw:
            values[spec.name] = _value(hint, raw[spec.name], spot, complete=complete)
        elif complete and types.NoneType in get_args(hint):
            values[spec.name] = None
        elif complete and spec.default == ():
            values[spec.name] = ()  # a list that an earlier version did not know
        elif complete or not _has_default(spec):
            raise spot.refuse("is missing", allowed="a value")
    return kind(**values)


def _has_default(spec: dataclasses.Field[Any]) -> bool:
    missing = dataclasses.MISSING
    return spec.default is not missing or spec.default_factory is not missing


def _dataclass(hint: Any) -> Any:
    """The dataclass a hint allows, or None."""
    members = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    return next((m for m in members if dataclasses.is_dataclass(m)), None)


def _value(hint: Any, raw: object, place: Place, *, complete: bool) -> Any:
    if (kind := _dataclass(hint)) is not None:
        return to_noun(kind, raw, place, complete=complete)
    arguments = get_args(hint)
    if get_origin(hint) is tuple and (item := _dataclass(arguments[0])) is not None:
        if not isinstance(raw, list):
            raise place.refuse("must be a list of tables", raw, "a list")
        return tuple(
            to_noun(item, each, place.at(str(number)), complete=complete)
            for number, each in enumerate(raw)
        )
    try:
        value = msgspec.convert(raw, hint, strict=True)
    except msgspec.ValidationError as error:
        raise place.refuse(f"{raw!r} cannot stand here: {error}", raw, str(hint)) from error
    _check_finite(value, place)
    return value


def _check_finite(value: Any, place: Place) -> None:
    if isinstance(value, tuple):
        for item in value:
            _check_finite(item, place)
    elif isinstance(value, float) and not math.isfinite(value):
        raise place.refuse(f"{value} is not finite", value, "a finite number")
