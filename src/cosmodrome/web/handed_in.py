"""Files that were handed in, as the store keeps them."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cosmodrome.web.idents import checked

__all__ = ["HandedIn"]


class HandedIn:
    """The files of a store.

    Parameters
    ----------
    folder : Path, with a folder for each
    base : Connection
    guard : RLock, held while the base is used
    """

    def __init__(self, folder: Path, base: sqlite3.Connection, guard: threading.RLock) -> None:
        self.folder, self._base, self._guard = folder, base, guard

    def path(self, ident: str, name: str) -> Path:
        """Where a file lies."""
        return self.folder / checked(ident) / name

    def add(
        self, ident: str, draft: Path, about: Mapping[str, Any], *, room: Callable[[int, int], None]
    ) -> None:
        """Keep a file with what it is; where it is kept already, nothing is done.

        Parameters
        ----------
        ident : str
        draft : Path, on the same disk, under the file's own name; it is moved
        about : mapping, what it turned out to be
        room : callable(files, bytes)
            Told how many files would be kept then, and how large together; raises
            where that is too much.
        """
        size = draft.stat().st_size
        row = (ident, draft.name, size, json.dumps(about), time.time())
        with self._guard:
            if self.get(ident) is not None:
                return
            files, together = self.size()
            room(files + 1, together + size)
            place = self.path(ident, draft.name)
            place.parent.mkdir(mode=0o700, exist_ok=True)
            draft.replace(place)
            # Last, so that no row stands for less than a whole file that was looked at.
            self._base.execute("INSERT INTO files VALUES (?, ?, ?, ?, ?)", row)

    def size(self) -> tuple[int, int]:
        """How many files there are, and their bytes together."""
        with self._guard:
            found = self._base.execute("SELECT COUNT(*), COALESCE(SUM(bytes), 0) FROM files")
            files, together = found.fetchone()
            return int(files), int(together)

    def get(self, ident: str) -> dict[str, Any] | None:
        """A file by its id."""
        with self._guard:
            found = self._base.execute("SELECT * FROM files WHERE id = ?", (ident,)).fetchone()
            return None if found is None else _read(found)

    def every(self) -> list[dict[str, Any]]:
        """All files, the newest first."""
        with self._guard:
            rows = self._base.execute("SELECT * FROM files ORDER BY created DESC, id")
            return [_read(row) for row in rows]

    def drop(self, ident: str) -> None:
        """Forget a file."""
        with self._guard:
            self._base.execute("DELETE FROM files WHERE id = ?", (ident,))
        shutil.rmtree(self.folder / checked(ident), ignore_errors=True)


def _read(row: sqlite3.Row) -> dict[str, Any]:
    return {**dict(row), "about": json.loads(row["about"])}
