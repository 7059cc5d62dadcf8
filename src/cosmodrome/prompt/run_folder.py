"""What `plan --out` left in a folder, and refusals where something is missing."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

from cosmodrome.errors import InputError

__all__ = ["RUN_FOLDER", "no_run", "read_result"]

RUN_FOLDER: Final = "the folder of `cosmodrome plan ... --out DIR` with a payload"
"""What a command that looks at a flight wants, in words."""


def no_run(folder: Path, why: str) -> InputError:
    """The refusal of a folder that holds no flight.

    Parameters
    ----------
    folder : Path
    why : str, what is wrong with it
    """
    return InputError(
        f"{folder} holds no flight to follow: {why}",
        file=str(folder),
        key="RUN",
        value=str(folder),
        allowed=RUN_FOLDER,
    )


def read_result(
    folder: Path, taken: Collection[str | None] = ("optimal",)
) -> dict[str, Any] | None:
    """The answer of a run folder whose plan has a payload; None where it holds no answer.

    Parameters
    ----------
    folder : Path
    taken : collection of str or None, the statuses of an answer that will do; None for one without

    Raises
    ------
    InputError
        If there is no such folder, its answer cannot be read, or its status is
        another: as a rule, that of a plan without a payload.
    """
    if not folder.is_dir():
        raise no_run(folder, "there is no such folder")
    try:
        document = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise no_run(folder, f"its result.json cannot be read ({type(error).__name__})") from None
    if not isinstance(document, dict):
        raise no_run(folder, "its result.json is not an answer of plan")
    status = document.get("status")
    if status not in taken:
        told = "states no status" if status is None else f"is {str(status).replace('_', ' ')}"
        raise no_run(folder, f"its plan {told}")
    return document
