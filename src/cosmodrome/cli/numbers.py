"""Numbers on the command line: refused by name when they are not usable."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from cosmodrome.errors import InputError

__all__ = ["Quantity"]

if TYPE_CHECKING:
    Numeric = click.ParamType[float]
else:
    # Older versions of click do not know the bracket.
    Numeric = click.ParamType


class Quantity(Numeric):
    """A finite number above zero (or from zero on) in a stated unit.

    Parameters
    ----------
    unit : str, in words: "kilograms"
    zero : bool, whether zero itself will do
    """

    name = "number"

    def __init__(self, unit: str, *, zero: bool = False) -> None:
        self.unit = unit
        self.zero = zero

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,
        ctx: click.Context | None,  # noqa: ARG002 - click's signature
    ) -> float:
        """The number, or an `InputError` that names the option and what may stand there."""
        key = param.opts[0] if param is not None else None
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = math.nan
        least = number >= 0.0 if self.zero else number > 0.0
        if math.isfinite(number) and least:
            return number
        floor = "zero or more" if self.zero else "more than zero"
        raise InputError(
            f"{key} {value!r} is not a usable number of {self.unit}",
            key=key,
            value=str(value),
            allowed=f"a finite number of {self.unit}, {floor}",
        )
