"""The Python prompt as a door: names and texts in, an answer that shows itself out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cosmodrome.prompt.answer import Answer, plan
    from cosmodrome.prompt.asking import changed, mission_from, sheet_from, site_from
    from cosmodrome.prompt.command import command_line
    from cosmodrome.prompt.satellite import passes, propagate, read
    from cosmodrome.prompt.told import told_in_full
    from cosmodrome.prompt.windows import windows

__all__ = [
    "Answer",
    "changed",
    "command_line",
    "mission_from",
    "passes",
    "plan",
    "propagate",
    "read",
    "sheet_from",
    "site_from",
    "told_in_full",
    "windows",
]

_HOME = {
    "Answer": "answer",
    "changed": "asking",
    "command_line": "command",
    "mission_from": "asking",
    "passes": "satellite",
    "plan": "answer",
    "propagate": "satellite",
    "read": "satellite",
    "sheet_from": "asking",
    "site_from": "asking",
    "told_in_full": "told",
    "windows": "windows",
}


def __getattr__(name: str) -> Any:
    # Loaded on first use: a question can be refused before the optimiser is loaded.
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"cosmodrome.prompt.{_HOME[name]}"), name)
