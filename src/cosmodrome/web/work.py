"""A worker's task: from the words of a request to files in a folder, and how it ended."""

from __future__ import annotations

import json
import os
import resource
import shutil
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cosmodrome.errors import CosmodromeError, InputError
from cosmodrome.io.writing import write_whole
from cosmodrome.report.as_json import json_text
from cosmodrome.web.parent import END_FILE

__all__ = ["Made", "Place", "Question", "Tell", "Work", "keep", "work"]

Tell = Callable[[str, float], None]
"""Told a text and the share done, 0 to 1."""

Question = Mapping[str, Any]
"""What was asked, of one of `questions.KINDS`, every key in it."""

INSIDE: Final = "in"
DEFECT_FILE: Final = "defect.txt"
_DATA_BYTES: Final = 8 * 2**30
_FILE_BYTES: Final = 2 * 2**30


@dataclass(frozen=True, slots=True)
class Place:
    """Where a task works.

    Parameters
    ----------
    folder : Path, where its results go
    names : mapping of id to str
        What files and runs are called beside the task: names without a path.
    command : str, what to type for the same answer
    """

    folder: Path
    names: Mapping[str, str]
    command: str = ""

    def named(self, ident: str | None) -> str | None:
        """What a file or a run is called here; None stays None."""
        return None if ident is None else self.names[ident]


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a task.

    Parameters
    ----------
    outcome : str, in a word
    summary : dict, what a list shows of it
    """

    outcome: str = "done"
    summary: dict[str, Any] | None = None


Work = Callable[[Tell], Made]
"""What a question that has been read leaves to be done."""


def keep(place: Place, document: Any, **files: str | bytes) -> None:
    """Files, then the document as `--json` prints it: where that is, all is there and whole.

    Parameters
    ----------
    place : Place
    document : as JSON can hold it
    **files : str or bytes, by name
    """
    for name, content in files.items():
        found = content.encode() if isinstance(content, str) else content
        write_whole(place.folder / name, found)
    write_whole(place.folder / "result.json", json_text(document).encode())


def work(word: Mapping[str, Any], tell: Tell) -> int:
    """Do a task, and leave in its folder how it ended.

    Parameters
    ----------
    word : mapping
        `call` (a name of `CALLS`), `asked` (its arguments), `folder`, `links` (id to
        name and place of what it may read), `command`.
    tell : callable(text, share done)

    Returns
    -------
    int
        0 where the end was written down, whatever it was.
    """
    from cosmodrome.prompt.plainly import in_plain_words
    from cosmodrome.web.commands import field_of
    from cosmodrome.web.quick import CALLS

    resource.setrlimit(resource.RLIMIT_DATA, (_DATA_BYTES, _DATA_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE_BYTES, _FILE_BYTES))
    place = _placed(word)
    calls: dict[str, Callable[[Any, Place, Tell], Made]] = {"job": _job, **CALLS}
    try:
        with in_plain_words():
            made = calls[word["call"]](word["asked"], place, tell)
        end = {"state": "done", "outcome": made.outcome, "summary": made.summary or {}}
    except InputError as error:
        if isinstance(word["asked"], Mapping) and "kind" in word["asked"]:
            error.key = field_of(word["asked"]["kind"], error.key)
        end = {"state": "refused", "error": {"kind": "bad_input", **_plain(error, place)}}
    except MemoryError:
        told = "this takes more memory than one task may have; ask for less"
        end = {"state": "failed", "error": {"kind": "too_large", "message": told}}
    except CosmodromeError as error:
        end = {"state": "failed", "error": {"kind": "defect", "message": str(error)[:500]}}
    except Exception as error:  # noqa: BLE001 - told in words; the trace stays in the folder
        end = {"state": "failed", "error": _defect(error, place.folder)}
    shutil.rmtree(place.folder / INSIDE, ignore_errors=True)
    part = place.folder / f"{END_FILE}.tmp"
    part.write_text(json.dumps(end), "utf-8")
    part.replace(place.folder / END_FILE)
    return 0


def _plain(error: InputError, place: Place) -> dict[str, Any]:
    """An error's five words: none long enough to be a nuisance, none telling where we are."""
    here = f"{place.folder}/"
    return {
        key: None if value is None else str(value).replace(here, "")[:4000]
        for key, value in error.to_dict().items()
    }


def _defect(error: Exception, folder: Path) -> dict[str, Any]:
    with suppress(OSError):
        (folder / DEFECT_FILE).write_text("".join(traceback.format_exception(error)), "utf-8")
    told = f"internal error, a defect in the program ({type(error).__name__})"
    return {
        "kind": "defect",
        "message": told,
        "allowed": f"{DEFECT_FILE} in the job's folder of the store says more; please report it",
    }


def _placed(word: Mapping[str, Any]) -> Place:
    """Go where everything that may be read lies side by side, under names without a path."""
    folder = Path(word["folder"])
    inside = folder / INSIDE
    shutil.rmtree(inside, ignore_errors=True)
    inside.mkdir()
    names: dict[str, str] = {}
    for ident, (name, target) in word["links"].items():
        free = name if name not in names.values() else f"{ident}-{name}"
        (inside / free).symlink_to(target)
        names[ident] = free
    os.chdir(inside)
    return Place(folder, names, word.get("command", ""))


def _job(asked: Mapping[str, Any], place: Place, tell: Tell) -> Made:
    from cosmodrome.web.doors import JOBS

    return JOBS[asked["kind"]](asked["question"], place)(tell)
