"""Short calls, each in a worker of its own that is ended where it takes too long."""

from __future__ import annotations

import json
import secrets
import shutil
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from cosmodrome.web.jobs import Jobs, bounded
from cosmodrome.web.links import links_of
from cosmodrome.web.quick import ANSWER_FILE
from cosmodrome.web.refusals import Refused

__all__ = ["Desk"]

_WARMING_S: Final = 60.0


class Desk:
    """Where the page's small questions are answered.

    Parameters
    ----------
    jobs : Jobs, whose workers do it
    """

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs
        self._seats = threading.BoundedSemaphore(jobs.limits.quick_at_once)
        self._waiting = threading.BoundedSemaphore(
            jobs.limits.quick_at_once + jobs.limits.quick_waiting
        )

    def call(
        self, name: str, asked: Mapping[str, Any], links: Mapping[str, tuple[str, str]]
    ) -> tuple[Any, bytes]:
        """Have a short call done.

        Returns
        -------
        tuple of (document or None, bytes)
            What it answered, and the content of the file it made.

        Raises
        ------
        Refused
            What it refused, or that it came to no end.
        """
        if not self._waiting.acquire(blocking=False):
            raise Refused("busy", "the server is busy", allowed="the same again in a second")
        try:
            with self._seats:
                return self._done(name, asked, links)
        finally:
            self._waiting.release()

    def _done(
        self, name: str, asked: Mapping[str, Any], links: Mapping[str, tuple[str, str]]
    ) -> tuple[Any, bytes]:
        task = secrets.token_hex(6)
        folder = self.jobs.store.desk / task
        folder.mkdir(mode=0o700)
        over = threading.Event()
        ended: dict[str, Any] = {}

        def listen(end: dict[str, Any] | None, late: bool) -> None:  # noqa: FBT001
            ended.update(end=end, late=late)
            over.set()

        limits = self.jobs.limits
        try:
            self.jobs.calls[task] = listen
            self.jobs.pool.give(
                task,
                seconds=limits.quick_s,
                call=name,
                asked=dict(asked),
                folder=str(folder),
                links=dict(links),
            )
            # The first call waits until the workers have loaded what they need.
            if not over.wait(limits.quick_s + _WARMING_S):
                raise _not_ready()
            return _read(ended, folder, limits.quick_s)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def ask(self, kind: str, question: Mapping[str, Any]) -> None:
        """See whether a job's question can be used.

        Raises
        ------
        Refused
            As the command line refuses it.
        """
        asked = {"kind": kind, "question": bounded(question, self.jobs.limits)}
        self.call("ask", asked, links_of(self.jobs.store, question))

    def catalogue(self) -> dict[str, Any]:
        """Vehicles, sites, stations, as `known.catalogue` tells them.

        Raises
        ------
        Refused
            Where the workers do not come to themselves.
        """
        try:
            return self.jobs.known.result(_WARMING_S)
        except TimeoutError:
            raise _not_ready() from None


def _not_ready() -> Refused:
    return Refused("busy", "the workers are not ready", allowed="try again")


def _read(ended: Mapping[str, Any], folder: Path, quick_s: float) -> tuple[Any, bytes]:
    end = ended["end"]
    if end is None and ended["late"]:
        raise Refused("too_long", f"this took longer than {quick_s:g} s, and was ended")
    if end is None:
        raise Refused("defect", "the worker died; perhaps this takes more memory than there is")
    if end["state"] != "done":
        error = dict(end["error"])
        raise Refused(error.pop("kind"), error.pop("message"), **error)
    answer, content = folder / ANSWER_FILE, folder / "content"
    document = json.loads(answer.read_text("utf-8")) if answer.is_file() else None
    return document, content.read_bytes() if content.is_file() else b""
