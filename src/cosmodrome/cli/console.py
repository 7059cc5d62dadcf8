"""Standard output for results, standard error for progress."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from cosmodrome.cli.exits import Exit

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Tell", "heeding_interrupts", "out", "progress", "write_json"]

PATIENCE_S = 1.0
"""Work shorter than this says nothing."""

GRACE_S = 2.0
"""How long an interrupted library may take to come to an end by itself."""

Tell = Callable[[str, float], None]


def out() -> Console:
    """The console results are printed to: plain where it is not a terminal."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)


def write_json(document: Any) -> None:
    """One JSON document on standard output."""
    from cosmodrome.report.as_json import json_text

    click.echo(json_text(document), nl=False)


def _silent(_message: str, _part: float) -> None:
    """Say nothing."""


@contextmanager
def heeding_interrupts(tell: Tell) -> Iterator[Tell]:
    """Progress that remembers an interrupt which a library has swallowed.

    The nonlinear solver takes Ctrl-C as a wish to stop one solve; the program
    takes it as a wish to stop. The next word of progress, or the end, raises it
    again; a second Ctrl-C, or a while without either, leaves at once, and so
    does a forked worker.
    """
    asked, owner = False, os.getpid()

    def leave(_number: int, _frame: object) -> None:
        click.echo("interrupted", err=True)
        os._exit(Exit.INTERRUPTED)

    def interrupt(number: int, frame: object) -> None:
        nonlocal asked
        if os.getpid() != owner:
            os._exit(Exit.INTERRUPTED)
        if asked:
            leave(number, frame)
        asked = True
        signal.signal(signal.SIGALRM, leave)
        signal.setitimer(signal.ITIMER_REAL, GRACE_S)
        raise KeyboardInterrupt

    def heed(message: str, part: float) -> None:
        if asked:
            raise KeyboardInterrupt
        tell(message, part)

    if threading.current_thread() is not threading.main_thread():
        yield tell  # only the main thread is told of signals
        return
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield heed
        if asked:
            raise KeyboardInterrupt
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGINT, before)


@contextmanager
def progress(*, quiet: bool) -> Iterator[Tell]:
    """A function to tell progress with: what is being done, and the part done (0 to 1).

    A bar on a terminal, short lines elsewhere, once a second of work has gone by.
    """
    if quiet:
        yield _silent
    elif sys.stderr.isatty():
        with _bar() as tell:
            yield tell
    else:
        yield _lines()


def _lines() -> Tell:
    """Progress as lines, at most one per second and stage of work."""
    began = last = time.monotonic()
    told = ""

    def tell(message: str, _part: float) -> None:
        nonlocal last, told
        now = time.monotonic()
        if now - began < PATIENCE_S or message == told or now - last < PATIENCE_S:
            return
        last, told = now, message
        click.echo(f"{now - began:6.1f} s  {message}", err=True)

    return tell


@contextmanager
def _bar() -> Iterator[Tell]:
    """Progress as one line on the terminal that is gone at the end."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("planning", total=1.0, start=True)

        def tell(message: str, part: float) -> None:
            shown.update(task, description=message, completed=min(max(part, 0.0), 1.0))

        yield tell
