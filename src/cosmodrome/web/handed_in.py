"""Files that were handed in, as the store keeps them."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from collections.abc import Mapping
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

    def add(self, ident: str, name: str, content: bytes, created: float) -> None:
        """Keep a file; what is known of it comes later."""
        place = self.path(ident, name)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        place.write_bytes(content)
        row = (ident, name, len(content), "{}", created)
        with self._guard:
            self._base.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", row)

    def describe(self, ident: str, about: Mapping[str, Any]) -> None:
        """Write down what a file turned out to be."""
        with self._guard:
            row = (json.dumps(about), ident)
            self._base.execute("UPDATE files SET about = ? WHERE id = ?", row)

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
