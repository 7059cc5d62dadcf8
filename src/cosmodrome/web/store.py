"""What outlives the server: jobs in SQLite, their folders, and the files that were handed in."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from cosmodrome.errors import InputError
from cosmodrome.web.handed_in import HandedIn
from cosmodrome.web.idents import checked

__all__ = ["ENDED", "Store", "data_folder"]

FORM: Final = "cosmodrome server 1"
ENDED: Final = ("done", "refused", "failed", "stopped")
"""States in which nothing more happens by itself."""

_TABLES: Final = (
    "CREATE TABLE about (form TEXT NOT NULL)",
    """CREATE TABLE jobs (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, state TEXT NOT NULL,
        outcome TEXT, question TEXT NOT NULL, command TEXT NOT NULL, summary TEXT NOT NULL,
        error TEXT, created REAL NOT NULL, started REAL, ended REAL, tries INTEGER NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX newest ON jobs (created DESC, id)",
    """CREATE TABLE files (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, bytes INTEGER NOT NULL, about TEXT NOT NULL,
        created REAL NOT NULL
    ) WITHOUT ROWID""",
)
_JSON: Final = ("question", "summary", "error")


def data_folder() -> Path:
    """Where jobs are kept unless a folder is named: the user's place for data."""
    base = os.environ.get("XDG_DATA_HOME", "")
    home = Path(base) if Path(base).is_absolute() else Path.home() / ".local" / "share"
    return home / "cosmodrome" / "serve"


class Store:
    """A folder that one server at a time works in.

    Parameters
    ----------
    folder : Path, made if it is not there; nobody else may read it

    Raises
    ------
    InputError
        If it cannot be used, or another server has it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        with ExitStack() as undone:
            self._take(undone)
            undone.pop_all()
        self._guard = threading.RLock()
        self.handed_in = HandedIn(self.files, self.base, self._guard)
        _sweep(self)

    def _take(self, undone: ExitStack) -> None:
        """Folders, lock, base; what was opened is closed where it does not come to an end."""
        try:
            for one in (self.folder, self.runs, self.files, self.desk):
                one.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = undone.enter_context((self.folder / "lock").open("w"))
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.base = _opened(self.folder)
        except BlockingIOError as error:
            raise _refused(self.folder, "is in use by another server") from error
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise _refused(self.folder, f"cannot be used ({str(reason).lower()})") from error

    @property
    def runs(self) -> Path:
        """One folder a job."""
        return self.folder / "runs"

    @property
    def files(self) -> Path:
        """One folder a file that was handed in."""
        return self.folder / "files"

    @property
    def desk(self) -> Path:
        """What short calls leave; empty in between."""
        return self.folder / "desk"

    def close(self) -> None:
        """Close; another server may have the folder then."""
        with self._guard:
            self.base.close()
            self._lock.close()

    @contextmanager
    def _held(self) -> Iterator[sqlite3.Connection]:
        with self._guard:
            yield self.base

    # ------------------------------------------------------------------ jobs

    def run_folder(self, ident: str) -> Path:
        """The folder of a job, by an id that is one."""
        return self.runs / checked(ident)

    def add_job(self, row: Mapping[str, Any]) -> None:
        """Keep a new job, and make its folder."""
        self.run_folder(row["id"]).mkdir(mode=0o700)
        keys = list(row)
        marks = ", ".join("?" for _ in keys)
        with self._held() as base:
            base.execute(
                f"INSERT INTO jobs ({', '.join(keys)}) VALUES ({marks})",  # noqa: S608 - our own names
                [_written(key, row[key]) for key in keys],
            )

    def change_job(self, ident: str, **changes: Any) -> None:
        """Write down what has become of a job."""
        sets = ", ".join(f"{key} = ?" for key in changes)
        values = [_written(key, value) for key, value in changes.items()]
        with self._held() as base:
            base.execute(f"UPDATE jobs SET {sets} WHERE id = ?", [*values, ident])  # noqa: S608

    def job(self, ident: str) -> dict[str, Any] | None:
        """A job by its id."""
        with self._held() as base:
            return _read(base.execute("SELECT * FROM jobs WHERE id = ?", (ident,)).fetchone())

    def drop_job(self, ident: str) -> None:
        """Forget a job and take its folder away."""
        with self._held() as base:
            base.execute("DELETE FROM jobs WHERE id = ?", (ident,))
        shutil.rmtree(self.run_folder(ident), ignore_errors=True)

    def count_jobs(self, states: Sequence[str] = ()) -> int:
        """How many jobs there are, or those in some states."""
        where, values = _among("state", states)
        with self._held() as base:
            found = base.execute(f"SELECT COUNT(*) FROM jobs{where}", values)  # noqa: S608
            return int(found.fetchone()[0])

    def waiting(self, states: Sequence[str]) -> list[dict[str, Any]]:
        """Jobs in some states, the oldest first."""
        where, values = _among("state", states)
        with self._held() as base:
            rows = base.execute(f"SELECT * FROM jobs{where} ORDER BY created, id", values)  # noqa: S608
            return [found for row in rows if (found := _read(row))]

    def jobs(
        self, *, search: str = "", kind: str = "", state: str = "", offset: int = 0, limit: int = 50
    ) -> tuple[list[dict[str, Any]], int]:
        """A page of jobs, the newest first, and how many there are in all.

        Parameters
        ----------
        search : str, words that stand in title, command or kind; case does not matter
        kind, state : str, exactly; "" for any
        offset, limit : int
        """
        parts, values = [], []
        for word in search.split()[:8]:
            parts.append("instr(lower(title || ' ' || command || ' ' || kind), ?) > 0")
            values.append(word.lower())
        for column, wanted in (("kind", kind), ("state", state)):
            if wanted:
                parts.append(f"{column} = ?")
                values.append(wanted)
        where = f" WHERE {' AND '.join(parts)}" if parts else ""
        with self._held() as base:
            count = base.execute(f"SELECT COUNT(*) FROM jobs{where}", values)  # noqa: S608
            total = int(count.fetchone()[0])
            rows = base.execute(
                f"SELECT * FROM jobs{where} ORDER BY created DESC, id LIMIT ? OFFSET ?",  # noqa: S608
                [*values, limit, offset],
            )
            return [found for row in rows if (found := _read(row))], total


def _opened(folder: Path) -> sqlite3.Connection:
    base = sqlite3.connect(folder / "jobs.sqlite", isolation_level=None, check_same_thread=False)
    base.row_factory = sqlite3.Row
    base.execute("PRAGMA journal_mode=WAL")
    names = {row[0] for row in base.execute("SELECT name FROM sqlite_master")}
    if not names:
        base.execute("BEGIN IMMEDIATE")
        for table in _TABLES:
            base.execute(table)
        base.execute("INSERT INTO about VALUES (?)", (FORM,))
        base.execute("COMMIT")
    found = base.execute("SELECT form FROM about").fetchone()
    if found is None or found[0] != FORM:
        base.close()
        raise _refused(folder, "was made by another version of the program")
    return base


def _refused(folder: Path, why: str) -> InputError:
    return InputError(
        f"store {folder} {why}",
        file=str(folder),
        key="--store",
        value=str(folder),
        allowed="a folder that can be written to and that no other server uses",
    )


def _sweep(store: Store) -> None:
    """Take away what a killed server has left, and folders that no job owns."""
    for left in store.desk.iterdir():
        shutil.rmtree(left, ignore_errors=True)
    for place, table in ((store.runs, "jobs"), (store.files, "files")):
        known = {row[0] for row in store.base.execute(f"SELECT id FROM {table}")}  # noqa: S608
        for one in place.iterdir():
            if one.name not in known:
                shutil.rmtree(one, ignore_errors=True)


def _among(column: str, values: Sequence[str]) -> tuple[str, list[str]]:
    if not values:
        return "", []
    return f" WHERE {column} IN ({', '.join('?' for _ in values)})", list(values)


def _written(key: str, value: Any) -> Any:
    return json.dumps(value) if key in _JSON and value is not None else value


def _read(row: sqlite3.Row | None) -> dict[str, Any] | None:
    if row is None:
        return None
    found = dict(row)
    for key in _JSON:
        if found.get(key) is not None:
            found[key] = json.loads(found[key])
    return found
