"""The command line that asks the same question, for whoever wants the answer again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cosmodrome.prompt.option_names import OPTIONS
from cosmodrome.report.words import quoted

__all__ = ["OPTIONS", "command_line"]


def command_line(words: Sequence[str], asked: Mapping[str, Any]) -> str:
    """The command that gives the same answer again, as one would type it.

    Parameters
    ----------
    words : sequence of str, the command and its subject
    asked : mapping, parameter to value; None and False are "not said"

    Returns
    -------
    str
    """
    typed = [quoted(word) for word in ("cosmodrome", *words)]
    for name, option in OPTIONS.items():
        value = asked.get(name)
        if value is True:
            typed.append(option)
        elif isinstance(value, tuple | list):
            for one in value:
                typed += [option, quoted(str(one))]
        elif value is not None and value is not False:
            typed += [option, quoted(f"{value:.15g}" if isinstance(value, float) else str(value))]
    return " ".join(typed)
