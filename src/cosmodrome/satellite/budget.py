"""A budget: what goes in, what comes out and by which formula, and what limits."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

__all__ = ["Budget", "Line", "Table", "given", "result"]


@dataclass(frozen=True, slots=True)
class Line:
    """One number of a budget.

    Parameters
    ----------
    kind : "input" or "result"
    name : str, in words
    value : float
    unit : str, as a door prints it; "" for a plain number
    formula : str
        Of a result how it follows; of an input where it comes from.
    """

    kind: Literal["input", "result"]
    name: str
    value: float
    unit: str
    formula: str


@dataclass(frozen=True, slots=True)
class Table:
    """A result that is a curve: named columns with units, and rows of numbers."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[float | str, ...], ...]


@dataclass(frozen=True, slots=True)
class Budget:
    """One budget of a spacecraft.

    Parameters
    ----------
    name : "power", "link", "data", "delta_v" or "mass"
    lines : tuple of Line, inputs and results in the order of the reckoning
    limit : str, what limits, in words
    margin : float, what is left of it; negative where it is overdrawn
    unit : str, of the margin
    tables : tuple of Table
    assumptions : tuple of str
    """

    name: str
    lines: tuple[Line, ...]
    limit: str
    margin: float
    unit: str
    tables: tuple[Table, ...] = ()
    assumptions: tuple[str, ...] = ()

    @property
    def met(self) -> bool:
        """Whether the budget closes."""
        return self.margin >= 0.0

    def value(self, name: str) -> float:
        """The number of the line with this name.

        Raises
        ------
        KeyError
            If there is none.
        """
        for line in self.lines:
            if line.name == name:
                return line.value
        raise KeyError(name)

    def document(self) -> dict[str, Any]:
        """As a JSON object."""
        return {**asdict(self), "met": self.met}


def given(name: str, value: float, unit: str, source: str) -> Line:
    """An input and where it comes from: a key of the file, the orbit, a constant."""
    return Line("input", name, float(value), unit, source)


def result(name: str, value: float, unit: str, formula: str) -> Line:
    """A result and its formula."""
    return Line("result", name, float(value), unit, formula)
