"""The range and the clock of a plan on a terminal, after the plan itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from cosmodrome.cli.console import out as standard_output

if TYPE_CHECKING:
    from rich.console import Console

    from cosmodrome.prompt.range_answer import RangeFound

__all__ = ["print_range"]


def print_range(found: RangeFound) -> None:
    """Print what stands beside a plan: drop zones, casualties, windows, screening.

    Parameters
    ----------
    found : RangeFound
    """
    from cosmodrome.cli.casualty import print_casualty
    from cosmodrome.cli.dropzones import print_dropzones
    from cosmodrome.cli.screen import print_screening
    from cosmodrome.cli.windows import print_windows

    console = standard_output()
    if found.dropzones is not None:
        _headed(console, "Drop zones")
        print_dropzones(console, found.dropzones.document, None)
    if found.casualty is not None:
        _headed(console, "Casualty expectation")
        print_casualty(console, found.casualty.document, None)
    if found.windows is not None:
        _headed(console, "When to launch")
        if "ways" in found.windows:
            print_windows(console, found.windows, None)
        for note in found.windows["notes"] if "ways" not in found.windows else ():
            console.print(Text(str(note)))
    if found.screening is not None:
        _headed(console, "What is in the way")
        print_screening(console, found.screening, None)


def _headed(console: Console, title: str) -> None:
    console.print(Text(f"\n{title}", style="bold"))
