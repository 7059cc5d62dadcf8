"""The queue: jobs wait their turn, run in workers, are told of, stopped, and gone on with."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final

from cosmodrome.web.commands import command_of, title_of
from cosmodrome.web.limits import Limits
from cosmodrome.web.links import links_of, names_of
from cosmodrome.web.news import News
from cosmodrome.web.parent import END_FILE, left_over
from cosmodrome.web.pool import Pool
from cosmodrome.web.refusals import Refused
from cosmodrome.web.shown import Live, job_document
from cosmodrome.web.store import ENDED, Store

__all__ = ["Jobs"]

_HEAVY: Final = ("map", "satellite", "disperse")
_TRIES: Final = 2
_NICE: Final = 5


class Jobs:
    """Every job of a server.

    Parameters
    ----------
    store : Store
    limits : Limits
    warm : bool, as of `Pool`

    Attributes
    ----------
    calls : dict
        Who hears of the end of a short call, by its task: how it ended (None: it
        was lost), and whether it was late.
    known : Future of dict
        The catalogue, as `known.catalogue` makes it, once the workers' parent has told it.
    news : News, of the jobs
    """

    def __init__(self, store: Store, limits: Limits, *, warm: bool = True) -> None:
        self.store, self.limits = store, limits
        self._guard = threading.RLock()
        self._live: dict[str, Live] = {}
        self._places: dict[str, int] = {}
        self.calls: dict[str, Callable[[dict[str, Any] | None, bool], None]] = {}
        self.known: Future[dict[str, Any]] = Future()
        self.news = News(limits.waiting)
        self._closed = False
        for row in store.waiting(("running", "stopping")):
            store.change_job(row["id"], state="queued", started=None)
        self.pool = Pool(self._heard, warm=warm)
        self._next()

    # ------------------------------------------------------------------ what the routes call

    def add(self, kind: str, question: Mapping[str, Any], title: str | None) -> dict[str, Any]:
        """Put a question that has been looked at into the queue."""
        names = names_of(self.store, question)
        with self._guard:
            if self.store.count_jobs() >= self.limits.stored_jobs:
                raise Refused(
                    "busy",
                    f"{self.limits.stored_jobs} runs are stored already",
                    allowed="delete some that are no longer wanted",
                )
            _refuse_crowd(self.store, self.limits)
            ident = secrets.token_hex(6)
            row = {
                "id": ident,
                "kind": kind,
                "title": title or title_of(kind, question, names),
                "state": "queued",
                "question": dict(question),
                "command": command_of(kind, question, names),
                "summary": {},
                "created": time.time(),
                "tries": 0,
            }
            self.store.add_job(row)
            self.news.changed(ident)
            self._next()
            return self.job(ident)

    def job(self, ident: str) -> dict[str, Any]:
        """A job as the page sees it.

        Raises
        ------
        Refused
            If there is none.
        """
        with self._guard:
            row = _row_of(self.store, ident)
            return self._shown(row)

    def listing(self, **asked: Any) -> dict[str, Any]:
        """A page of jobs."""
        with self._guard:
            rows, total = self.store.jobs(**asked)
            shown = [self._shown(row) for row in rows]
            return {"jobs": shown, "total": total, "revision": self.news.revision}

    def changes(self, after: int) -> dict[str, Any] | None:
        """What has changed since a revision; None where nothing has."""
        with self._guard:
            heard = self.news.since(after)
            if heard is None:
                return None
            rows = [row for ident in heard.changed if (row := self.store.job(ident))]
            told = {"revision": heard.revision, "deleted": heard.deleted, "reset": heard.reset}
            return {**told, "jobs": [self._shown(row) for row in rows]}

    def stop(self, ident: str) -> dict[str, Any]:
        """Stop a job; what it has finished stays."""
        with self._guard:
            row = _row_of(self.store, ident)
            if row["state"] == "queued":
                self.store.change_job(ident, state="stopped", ended=time.time())
            elif row["state"] == "running":
                self._live[ident].stopping = True
                self.store.change_job(ident, state="stopping")
                self.pool.stop(ident)
            elif row["state"] in ENDED:
                raise Refused("wrong_state", f"this job is {row['state']} already", key="id")
            self.news.changed(ident)
            self._next()
            return self.job(ident)

    def resume(self, ident: str) -> dict[str, Any]:
        """Put a job that was stopped, refused or failed back into the queue."""
        with self._guard:
            row = _row_of(self.store, ident)
            if row["state"] not in ("stopped", "failed", "refused"):
                raise Refused("wrong_state", f"this job is {row['state']}", key="id")
            _refuse_crowd(self.store, self.limits)
            changes = {"state": "queued", "error": None, "started": None, "ended": None, "tries": 0}
            self.store.change_job(ident, **changes)
            self.news.changed(ident)
            self._next()
            return self.job(ident)

    def delete(self, ident: str) -> None:
        """Forget a job with everything it has made."""
        with self._guard:
            row = _row_of(self.store, ident)
            if row["state"] in ("running", "stopping"):
                self._live.pop(ident, None)
                self.pool.stop(ident)
            self.store.drop_job(ident)
            self.news.gone(ident)
            self._next()

    def made(self, ident: str) -> tuple[dict[str, Any], Path]:
        """A job that is done, as it is stored, and the folder of what it has made.

        Raises
        ------
        Refused
            If there is no such job, or it has nothing yet.
        """
        row = _row_of(self.store, ident)
        if row["state"] != "done":
            raise Refused(
                "wrong_state",
                f"this job is {row['state']}; it has no result",
                key="id",
                allowed="a job that is done",
            )
        return row, self.store.run_folder(ident)

    def close(self) -> None:
        """End all workers; what runs is gone on with by the next server."""
        with self._guard:
            self._closed = True
        self.pool.close()

    # ------------------------------------------------------------------ what the workers say

    def _heard(self, word: dict[str, Any]) -> None:
        with self._guard:
            if self._closed:
                return
            if "lost" in word:
                for task in word["lost"]:
                    self._ended(task, {"code": -9, "late": False, "stopped": False})
            elif "code" in word:
                self._ended(word["task"], word)
            elif "catalogue" in word and not self.known.done():
                self.known.set_result(word["catalogue"])
            elif "text" in word:
                live = self._live.get(word["task"])
                if live is not None:
                    live.heard(word["text"], word["share"], time.monotonic())
                    self.news.changed(word["task"])

    def _ended(self, task: str, word: Mapping[str, Any]) -> None:
        listener = self.calls.pop(task, None)
        if listener is not None:
            end = left_over(self.store.desk / task) if word["code"] == 0 else None
            listener(end, word["late"])
            return
        live = self._live.pop(task, None)
        row = self.store.job(task) if live is not None else None
        if live is None or row is None:
            return  # deleted meanwhile
        folder = self.store.run_folder(task)
        end = left_over(folder) if word["code"] == 0 else None
        changes: dict[str, Any] = {"ended": time.time()}
        if end is not None:
            changes |= {key: end.get(key) for key in ("state", "outcome", "error")}
            changes["summary"] = end.get("summary") or {}
        elif live.stopping:
            changes |= {"state": "stopped"}
        elif word["late"]:
            told = f"it took longer than {self.limits.job_s / 3600.0:g} h, and was ended"
            changes |= {"state": "failed", "error": _error("too_long", told)}
        elif row["tries"] < _TRIES:
            changes = {"state": "queued", "started": None, "ended": None}
        else:
            told = "its process died twice; perhaps it takes more memory than there is"
            changes |= {"state": "failed", "error": _error("defect", told)}
        self.store.change_job(task, **changes)
        self.news.changed(task)
        self._next()

    def _next(self) -> None:
        """Start what may start: the oldest first, but short jobs pass those that take all cores.

        To be called after every change of a state: it also moves up those who wait.
        """
        with self._guard:
            running = self.store.waiting(("running", "stopping"))
            heavy = sum(_is_heavy(row) for row in running)
            free, left = self.limits.at_once - len(running), []
            for row in self.store.waiting(("queued",)):
                if free <= 0 or (_is_heavy(row) and heavy >= self.limits.heavy_at_once):
                    left.append(row["id"])
                    continue
                self._start(row)
                heavy += _is_heavy(row)
                free -= 1
            before, self._places = self._places, {one: k for k, one in enumerate(left, 1)}
            for ident, place in self._places.items():
                if before.get(ident, place) != place:
                    self.news.changed(ident)

    def _start(self, row: Mapping[str, Any]) -> None:
        ident, now = row["id"], time.time()
        try:
            links = links_of(self.store, row["question"])
        except Refused as refused:
            error = refused.told
            self.store.change_job(ident, state="refused", error=error, ended=now)
            self.news.changed(ident)
            return
        folder = self.store.run_folder(ident)
        (folder / END_FILE).unlink(missing_ok=True)
        self._live[ident] = Live(time.monotonic())
        self.store.change_job(ident, state="running", started=now, tries=row["tries"] + 1)
        self.news.changed(ident)
        self.pool.give(
            ident,
            seconds=self.limits.job_s,
            nice=_NICE if _is_heavy(row) else 0,
            call="job",
            asked={"kind": row["kind"], "question": bounded(row["question"], self.limits)},
            folder=str(folder),
            links=links,
            command=row["command"],
        )

    # ------------------------------------------------------------------ what is shown

    def _shown(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return job_document(
            row,
            self._live.get(row["id"]),
            self.store.run_folder(row["id"]),
            place=self._places.get(row["id"]),
            revision=self.news.of(row["id"]),
        )


def _row_of(store: Store, ident: str) -> dict[str, Any]:
    row = store.job(ident)
    if row is None:
        raise Refused("not_found", "there is no such job", key="id", value=ident)
    return row


def _refuse_crowd(store: Store, limits: Limits) -> None:
    """See that one more may wait."""
    if store.count_jobs(("queued", "running", "stopping")) >= limits.open_jobs:
        raise Refused(
            "busy",
            f"{limits.open_jobs} jobs are waiting already",
            allowed="wait until some are done, or stop some",
        )


def bounded(question: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    """A question with this server's bounds beside it, for the job to hold against."""
    return {
        **question,
        "map_cells": limits.map_cells,
        "most_days": limits.days,
        "most_states": limits.states,
        "most_places": limits.places,
        "most_hours": limits.job_s / 3600.0,
    }


def _is_heavy(row: Mapping[str, Any]) -> bool:
    return row["kind"] in _HEAVY or bool(row["question"].get("interval"))


def _error(kind: str, message: str) -> dict[str, Any]:
    return Refused(kind, message).told
