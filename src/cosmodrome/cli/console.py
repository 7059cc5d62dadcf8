"""Standard output for results, standard error for progress."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import click

from cosmodrome.cli.exits import Exit

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

__all__ = ["Tell", "heeding_interrupts", "how_to_go_on", "out", "progress", "write_json"]

PATIENCE_S = 1.0
"""Work shorter than this says nothing."""

LINE_EVERY_S = 10.0
"""Without a terminal, lines nearer to one another than this mark a tenth of the work."""

GRACE_S = 2.0
"""How long an interrupted library may take to come to an end by itself."""

Tell = Callable[[str, float], None]


def out() -> Console:
    """The console results are printed to: plain where it is not a terminal.

    Raises
    ------
    BrokenPipeError
        On printing, once whoever read it has gone; the program's way out is
        decided in one place.
    """
    from rich.console import Console

    class Results(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # rich would leave with 1, as if something had failed

    return Results(highlight=False, soft_wrap=False)


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
    does a forked worker. What a library says of it on standard error is dropped:
    it is no news to whoever asked for it.
    """
    asked, owner = False, os.getpid()
    hushed = _Hush()

    def leave(_number: int, _frame: object) -> None:
        hushed.end()
        click.echo("interrupted", err=True)
        os._exit(Exit.INTERRUPTED)

    def interrupt(number: int, frame: object) -> None:
        nonlocal asked
        if os.getpid() != owner:
            os._exit(Exit.INTERRUPTED)
        if asked:
            leave(number, frame)
        asked = True
        hushed.begin()
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
        hushed.end()


def how_to_go_on(journal: str | Path | None, options: str) -> str:
    """What an interrupted run of many plans has kept, or what would have kept it."""
    if journal is None:
        return f"nothing is kept without {options}"
    return f"what was finished is kept in {journal}; the same command goes on from there"


class _Hush:
    """Standard error, the descriptor that compiled libraries write to, turned off and on."""

    def __init__(self) -> None:
        self._kept: int | None = None

    def begin(self) -> None:
        """Drop what is written from now on."""
        try:
            sys.stderr.flush()
            self._kept = os.dup(2)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 2)
            os.close(nowhere)
        except OSError:
            return  # a closed standard error says nothing anyway

    def end(self) -> None:
        """Let standard error through again."""
        if self._kept is None:
            return
        sys.stderr.flush()
        os.dup2(self._kept, 2)
        os.close(self._kept)
        self._kept = None


@contextmanager
def progress(*, quiet: bool) -> Iterator[Tell]:
    """A function to tell progress with: what is being done, and the part done (0 to 1).

    A bar on a terminal; elsewhere short lines, few of them, once a second of work
    has gone by.
    """
    if quiet:
        yield _silent
    elif sys.stderr.isatty():
        with _bar() as tell:
            yield tell
    else:
        yield _lines()


def _lines() -> Tell:
    """Progress as lines, when another tenth of the work is done or `LINE_EVERY_S` have gone by."""
    began = last = time.monotonic()
    told, tenth = "", 0

    def tell(message: str, part: float) -> None:
        nonlocal last, told, tenth
        now, reached = time.monotonic(), int(10.0 * part + 1e-9)
        news = reached > tenth or (message != told and now - last >= LINE_EVERY_S)
        if not news or message == told or now - last < PATIENCE_S:
            return
        last, told, tenth = now, message, reached
        # Nobody listening is no reason to stop working.
        with suppress(BrokenPipeError):
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
