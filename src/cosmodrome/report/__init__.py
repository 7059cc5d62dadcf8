"""Pages, tables and files made of an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cosmodrome.report.folder import write_run_folder
    from cosmodrome.report.notebook import answer_dataframe, answer_figure, answer_html
    from cosmodrome.report.page import report_html

__all__ = [
    "answer_dataframe",
    "answer_figure",
    "answer_html",
    "prepare_folder",
    "report_html",
    "write_run_folder",
]

_HOME = {
    "answer_dataframe": "notebook",
    "answer_figure": "notebook",
    "answer_html": "notebook",
    "prepare_folder": "writing",
    "report_html": "page",
    "write_run_folder": "folder",
}


def __getattr__(name: str) -> Any:
    # Loaded on first use: the command line must start without numpy.
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"cosmodrome.report.{_HOME[name]}"), name)
