"""A job as the page sees it: what is stored of it, how far it is, which files it has made."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from cosmodrome.report.folder import REPORT_FILE

__all__ = ["Live", "job_document", "listed_files", "type_of"]

_TYPES: Final = {
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".toml": "application/toml",
    ".html": "text/html; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".oem": "text/plain; charset=utf-8",
    ".czml": "application/json",
    ".kml": "application/vnd.google-earth.kml+xml",
    ".parquet": "application/vnd.apache.parquet",
}
_KEYS: Final = ("id", "kind", "title", "state", "outcome", "question", "command", "summary")
_COUNT: Final = re.compile(r"\d+ of \d+")
_TOO_LITTLE: Final = 0.02
"""Of a whole: no time is foretold from less."""


@dataclass(slots=True)
class Live:
    """A job that runs: what it says of itself.

    Parameters
    ----------
    began : float, by the monotonic clock
    """

    began: float
    text: str = "starting"
    share: float = 0.0
    left_s: float | None = None
    stopping: bool = False
    _since: float = field(init=False)
    _from: float = 0.0
    _counted: str | None = None

    def __post_init__(self) -> None:
        """Time is counted from the beginning, until something else is counted."""
        self._since = self.began

    def heard(self, text: str, share: float, now: float) -> None:
        """Take a word of progress.

        Work that is counted is timed from its first count: what that count has already was found
        in a journal, and took no time. So the time left is the one that its own text says.

        Parameters
        ----------
        text : str
        share : float, of the whole that is done
        now : float, by the monotonic clock
        """
        if text == self.text and share <= self.share:
            return  # said again while nothing has ended
        self.text, self.share = text, max(self.share, share)
        count = _COUNT.search(text)
        if count and text[: count.start()] != self._counted:
            self._counted = text[: count.start()]
            self._since, self._from = now, self.share
        fresh = self.share - self._from
        known = fresh > 0.0 and self.share > _TOO_LITTLE
        self.left_s = (now - self._since) * (1.0 - self.share) / fresh if known else None


def job_document(
    row: Mapping[str, Any],
    live: Live | None,
    folder: Path,
    *,
    place: int | None,
    revision: int,
) -> dict[str, Any]:
    """What is told of a job.

    Parameters
    ----------
    row : mapping, as it is stored
    live : Live or None, where it runs
    folder : Path, its own
    place : int or None, in the queue, where it waits
    revision : int
    """
    files = listed_files(row, folder) if row["state"] == "done" else []
    return {
        **{key: row[key] for key in _KEYS},
        "error": row["error"],
        "progress": _progress(row, live),
        "queue_place": place,
        **{f"{key}_utc": _utc(row[key]) for key in ("created", "started", "ended")},
        "files": [{"name": n, "bytes": size, "type": type_of(n)} for n, size in files],
        "revision": revision,
    }


def _result_files(folder: Path) -> list[Path]:
    """What a job has made, by name; nothing hidden, nothing of its inside."""
    try:
        every = sorted(folder.iterdir())
    except OSError:
        return []
    hidden = (".", "defect")
    return [
        one
        for one in every
        if one.suffix in _TYPES and not one.name.startswith(hidden) and one.is_file()
    ]


def listed_files(row: Mapping[str, Any], folder: Path) -> list[tuple[str, int | None]]:
    """Files of a job by name, with their sizes.

    A plan's report is made when it is opened: until then it has no size, and no file.
    """
    found: dict[str, int | None] = {one.name: one.stat().st_size for one in _result_files(folder)}
    if row["kind"] == "plan" and {"result.json", "mission.toml"} <= found.keys():
        found.setdefault(REPORT_FILE, None)
    return sorted(found.items())


def type_of(name: str) -> str:
    """The media type of a file of ours."""
    return _TYPES.get(Path(name).suffix, "application/octet-stream")


def _progress(row: Mapping[str, Any], live: Live | None) -> dict[str, Any]:
    if live is None:
        done = row["state"] == "done"
        spent = (row["ended"] or row["started"]) - row["started"] if row["started"] else None
        left = 0.0 if done else None
        return {"text": "", "share": float(done), "elapsed_s": spent, "left_s": left}
    spent = time.monotonic() - live.began
    return {"text": live.text, "share": live.share, "elapsed_s": spent, "left_s": live.left_s}


def _utc(when: float | None) -> str | None:
    if when is None:
        return None
    told = datetime.fromtimestamp(when, UTC).isoformat(timespec="milliseconds")
    return told.replace("+00:00", "Z")
