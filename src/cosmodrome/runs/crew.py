"""Workers: forked processes that do one job after another and say what came of it."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any

from cosmodrome.runs.jobs import Job, Outcome, Work
from cosmodrome.runs.journal import as_json

if TYPE_CHECKING:
    from multiprocessing.context import ForkProcess

__all__ = ["Crew", "Report", "attempted", "can_fork"]

_LEAVE_S = 1.0  # how long a worker told to stop may take before it is made to


@dataclass(frozen=True, slots=True)
class Report:
    """What came of one job: the JSON of its value and what it left, or an error."""

    value: str | None
    after: bytes | None = None
    error: str = ""


@dataclass(slots=True)
class _Worker:
    process: ForkProcess
    pipe: Connection
    busy: int | None = None


def can_fork() -> bool:
    """Whether workers can be forked and may be: not where libraries forbid it."""
    return hasattr(os, "fork") and sys.platform.startswith("linux")


def attempted(work: Work, job: Job, before: bytes | None) -> Report:
    """Do one job; whatever it raises is told, not thrown."""
    try:
        found: Outcome = work(job.asked, before)
        return Report(as_json(found.value), found.after)
    except Exception as error:  # noqa: BLE001 - one job's failure must not cost the others
        return Report(None, error=f"{type(error).__name__}: {error}")


def _serve(
    jobs: list[Job], make_work: Callable[[], Work], pipe: Connection, others: Iterable[Connection]
) -> None:
    """A worker's life: it ends when the other end of its pipe is closed."""
    # A terminal sends Ctrl-C to everyone; the parent decides for its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for other in others:
        # Or a brother would never see that the parent is gone.
        other.close()
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        work = make_work()
        while True:
            place, before = pipe.recv()
            pipe.send(attempted(work, jobs[place], before))


class Crew:
    """The workers of one run.

    Parameters
    ----------
    jobs : list of Job, shared by forking, never sent
    make_work : callable() -> Work, called once in each worker
    size : int
    """

    def __init__(self, jobs: list[Job], make_work: Callable[[], Work], size: int) -> None:
        self._jobs, self._make_work = jobs, make_work
        self._workers: list[_Worker] = []
        for _ in range(size):
            self._hire()

    def _hire(self) -> None:
        context = multiprocessing.get_context("fork")
        mine, theirs = context.Pipe()
        others = [mine, *(worker.pipe for worker in self._workers)]
        process = context.Process(
            target=_serve, args=(self._jobs, self._make_work, theirs, others), daemon=True
        )
        with warnings.catch_warnings():
            # A progress display may own a thread; the worker never touches it.
            warnings.simplefilter("ignore", DeprecationWarning)
            process.start()
        theirs.close()
        self._workers.append(_Worker(process, mine))

    @property
    def idle(self) -> int:
        """How many have nothing to do."""
        return sum(worker.busy is None for worker in self._workers)

    def give(self, place: int, before: bytes | None) -> None:
        """Give a job to somebody idle, who may turn out to have died meanwhile."""
        worker = next(one for one in self._workers if one.busy is None)
        worker.busy = place
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            worker.pipe.send((place, before))

    def reports(self, patience_s: float) -> list[tuple[int, Report | None]]:
        """Jobs that came to an end within some seconds; None where the worker died."""
        found: list[tuple[int, Report | None]] = []
        busy: dict[Any, _Worker] = {one.pipe: one for one in self._workers if one.busy is not None}
        for pipe in wait(list(busy), patience_s):
            worker = busy[pipe]
            place = worker.busy
            assert place is not None
            try:
                found.append((place, worker.pipe.recv()))
                worker.busy = None
            except (EOFError, ConnectionResetError):
                found.append((place, None))
                self._replace(worker)
        return found

    def _replace(self, worker: _Worker) -> None:
        worker.process.join()
        worker.pipe.close()
        self._workers.remove(worker)
        self._hire()

    def leave(self) -> None:
        """Stop everybody, at once; what they were at is lost."""
        for worker in self._workers:
            worker.pipe.close()
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join(_LEAVE_S)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
        self._workers.clear()
