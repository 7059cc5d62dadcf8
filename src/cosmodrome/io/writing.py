"""Writing a file whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from cosmodrome.errors import InputError

__all__ = ["write_whole"]


def write_whole(path: str | os.PathLike[str], content: bytes, *, key: str | None = None) -> None:
    """Write beside the file, then put it in its place in one step.

    Parameters
    ----------
    path : path, in a folder that exists
    content : bytes
    key : str or None, what asked for the file, for the error: "--out"

    Raises
    ------
    InputError
        If it cannot be written; the old file, if any, is untouched.
    """
    place = Path(path)
    # With the process in its name, two runs never write the same one.
    part = place.with_name(f".{place.name}.{os.getpid()}.tmp")
    try:
        try:
            part.write_bytes(content)
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InputError(
            f"{place}: cannot be written ({reason}); name a file that can be",
            file=str(place),
            key=key,
            value=str(place),
            allowed="a file in a folder that exists and can be written to",
        ) from error
