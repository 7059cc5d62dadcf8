"""A journal under blows: killed at any instant, or on a full disk, it keeps what was finished."""

from __future__ import annotations

import json
import os
import resource
import signal
import sqlite3
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cosmodrome.runs import Job, Journal, JournalError, Outcome, Work, run_jobs

KILLS = 20
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks a run to kill it")


def jobs(count: int, text: str = "") -> list[Job]:
    return [Job(f"job {k}", (k, text), lane=f"lane {k % 7}") for k in range(count)]


def adding(log: Path | None = None, sleep_s: float = 0.0) -> Callable[[], Work]:
    """Work that adds up its lane, and says when it begins a job."""

    def work(asked: tuple[int, str], before: bytes | None) -> Outcome:
        if log is not None:
            with log.open("a") as file:
                file.write(f"{asked[0]}\n")
        time.sleep(sleep_s)
        so_far = int(before or b"0") + asked[0]
        return Outcome([so_far, asked[1]], str(so_far).encode())

    return lambda: work


def forked(task: Callable[[], object]) -> int:
    """The task in a process of its own; 0 if it went well, 7 if the journal gave up."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child:
        return child
    status = 1
    try:
        task()
        status = 0
    except JournalError:
        status = 7
    finally:
        os._exit(status)


def kept(journal: Path) -> dict[str, str]:
    """What a journal holds, read by SQLite itself after its own check."""
    base = sqlite3.connect(journal)
    try:
        assert base.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        if not base.execute("SELECT name FROM sqlite_master").fetchall():
            return {}
        return dict(base.execute("SELECT key, value FROM jobs").fetchall())
    finally:
        base.close()


def test_a_run_killed_at_twenty_random_instants_loses_nothing_and_does_nothing_twice(
    tmp_path: Path,
) -> None:
    journal, log = tmp_path / "journal", tmp_path / "log"
    asked = jobs(400)
    waits = np.random.default_rng(20).uniform(0.0, 0.12, KILLS)
    before: dict[str, str] = {}
    for number, wait_s in enumerate(waits):
        log.write_text("")
        run = forked(
            lambda: run_jobs(asked, adding(log, 0.01), journal=journal, stamp="s", workers=2)
        )
        # Every other one is killed at work, however long a busy machine takes to begin.
        end = time.monotonic() + 30.0
        while number % 2 and not log.read_text() and time.monotonic() < end:
            time.sleep(0.005)
        time.sleep(float(wait_s))
        os.kill(run, signal.SIGKILL)
        os.waitpid(run, 0)
        now = kept(journal)
        assert before.items() <= now.items(), "something finished was lost"
        begun = [f"job {k}" for k in log.read_text().split()]
        assert not set(begun) & set(before), "something finished was done again"
        # Two at work, and two that were just being written down.
        assert len(set(begun) - set(now)) <= 4, "something finished was not written down"
        before = now
    assert 0 < len(before) < len(asked)
    whole = run_jobs(asked, adding(), journal=journal, stamp="s", workers=2)
    assert whole == run_jobs(asked, adding(), workers=1)
    assert len(kept(journal)) == len(asked)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits the size of files")
def test_a_disk_that_takes_no_more_ends_the_run_and_keeps_what_was_finished(
    tmp_path: Path,
) -> None:
    journal, asked = tmp_path / "journal", jobs(200, "x" * 2000)

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, resource.RLIM_INFINITY))
        run_jobs(asked, adding(), journal=journal, stamp="s", workers=2)

    run = forked(limited)
    assert os.waitstatus_to_exitcode(os.waitpid(run, 0)[1]) == 7
    finished = kept(journal)
    assert 0 < len(finished) < len(asked)
    log = tmp_path / "log"
    again = run_jobs(asked, adding(log), journal=journal, stamp="s", workers=2)
    assert again == run_jobs(asked, adding(), workers=1)
    assert not {f"job {k}" for k in log.read_text().split()} & set(finished)


def test_a_full_disk_is_said_in_plain_words(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal", "s") as book:
        book.keep("first", json.dumps("kept"), None)
        # As many pages as there are: SQLite then answers as on a disk without room.
        pages = book._base.execute("PRAGMA page_count").fetchone()[0]
        book._base.execute(f"PRAGMA max_page_count={pages}")
        with pytest.raises(JournalError, match="the disk is full or fails") as caught:
            book.keep("second", json.dumps("x" * 100_000), None)
        assert "goes on from there" in str(caught.value.allowed)
        assert caught.value.key == "--journal"
    with Journal(tmp_path / "journal", "s") as book:
        assert book.finished() == {"first": Outcome("kept")}


def test_no_journal_is_begun_where_there_is_no_room(tmp_path: Path) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
        run_jobs(jobs(3), adding(), journal=tmp_path / "journal", stamp="s")

    run = forked(limited)
    assert os.waitstatus_to_exitcode(os.waitpid(run, 0)[1]) == 7
    # And with room again it is a journal like any other.
    found = run_jobs(jobs(3), adding(), journal=tmp_path / "journal", stamp="s")
    assert [one.status for one in found] == ["done"] * 3
