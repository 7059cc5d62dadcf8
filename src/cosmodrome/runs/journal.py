"""What is finished, on disk: one row a job, committed as it finishes."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Any

from cosmodrome.errors import InputError
from cosmodrome.runs.jobs import Outcome

__all__ = ["Journal", "JournalError", "stamp_of"]

FORM = "cosmodrome journal 1"
ALLOWED = "a journal of the same question and program, or a new file"
_TABLES = (
    "CREATE TABLE about (form TEXT NOT NULL, stamp TEXT NOT NULL)",
    "CREATE TABLE jobs (key TEXT PRIMARY KEY, value TEXT NOT NULL, after BLOB) WITHOUT ROWID",
)


class JournalError(InputError):
    """A journal that cannot be used: of another question, in use, or none at all."""


def stamp_of(*parts: str) -> str:
    """The stamp of a run: SHA-256 over everything its results depend on.

    Parameters
    ----------
    parts : texts; where one ends and the next begins counts too

    Returns
    -------
    str, 64 hexadecimal digits
    """
    found = hashlib.sha256()
    for part in parts:
        content = part.encode()
        found.update(len(content).to_bytes(8, "big") + content)
    return found.hexdigest()


class Journal:
    """A journal that is open, for this process alone.

    Parameters
    ----------
    path : Path, made if it is not there
    stamp : str
        Of the inputs and the program. A journal of another stamp is refused: its
        results would answer another question.

    Raises
    ------
    JournalError
        If it has another stamp, is in use, is no journal, or cannot be written.
    """

    def __init__(self, path: Path, stamp: str) -> None:
        self.path = path
        try:
            # Every statement commits by itself: what is finished is on disk.
            self._base = sqlite3.connect(path, timeout=0.2, isolation_level=None)
        except sqlite3.Error as error:
            raise self._refused(f"cannot be opened ({error})") from error
        try:
            self._open(stamp)
        except sqlite3.Error as error:
            self._base.close()
            busy = "locked" in str(error)
            told = "is in use by another run" if busy else f"cannot be used ({error})"
            raise self._refused(told) from error
        except JournalError:
            self._base.close()
            raise

    def _open(self, stamp: str) -> None:
        # One run at a time: the lock is held until the journal is closed.
        self._base.execute("PRAGMA locking_mode=EXCLUSIVE")
        self._base.execute("PRAGMA journal_mode=WAL")
        # Each commit reaches the disk itself: a job costs far more than that.
        self._base.execute("PRAGMA synchronous=FULL")
        self._base.execute("BEGIN IMMEDIATE")
        names = {row[0] for row in self._base.execute("SELECT name FROM sqlite_master")}
        if not names:
            for table in _TABLES:
                self._base.execute(table)
            self._base.execute("INSERT INTO about VALUES (?, ?)", (FORM, stamp))
        self._base.execute("COMMIT")
        found = self._base.execute("SELECT form, stamp FROM about").fetchone()
        if found is None or found[0] != FORM:
            raise self._refused("is not a journal of this program")
        if found[1] != stamp:
            raise self._refused(
                "belongs to another question or another version of the program", found[1]
            )

    def _refused(self, why: str, value: str | None = None) -> JournalError:
        return JournalError(
            f"journal {self.path} {why}",
            file=str(self.path),
            key="--journal",
            value=value or str(self.path),
            allowed=ALLOWED,
        )

    def finished(self) -> dict[str, Outcome]:
        """Everything that is finished, by key."""
        rows = self._base.execute("SELECT key, value, after FROM jobs")
        return {key: Outcome(json.loads(value), after) for key, value, after in rows}

    def keep(self, key: str, value: str, after: bytes | None) -> None:
        """Keep a finished job; `value` is its JSON. On disk when this returns.

        Raises
        ------
        JournalError
            If the disk is full or fails. What was kept before stays kept.
        """
        try:
            self._base.execute("INSERT OR REPLACE INTO jobs VALUES (?, ?, ?)", (key, value, after))
        except sqlite3.Error as error:
            raise self._stuck(error) from error

    def _stuck(self, error: sqlite3.Error) -> JournalError:
        """Nothing more can be written: why, and how to go on."""
        return JournalError(
            f"journal {self.path} cannot be written to ({error}): the disk is full or fails; "
            "what was finished before is kept in it",
            file=str(self.path),
            key="--journal",
            value=str(self.path),
            allowed="room on that disk; then the same command goes on from there",
        )

    def close(self) -> None:
        """Close; the write-ahead log goes into the file, if there is room."""
        self._base.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def as_json(value: Any) -> str:
    """A value as strict JSON, as a journal holds it."""
    return json.dumps(value, allow_nan=False, separators=(",", ":"))
