"""Places that cannot be written to, refused before any work; `io.writing` writes."""

from __future__ import annotations

import os
from pathlib import Path

from cosmodrome.errors import InputError

__all__ = ["folder_refused", "prepare_folder", "probe"]


def prepare_folder(folder: Path) -> None:
    """Make the folder, and see that files can be written in it, before any work.

    Raises
    ------
    InputError
        If it cannot be made, is not a folder, or cannot be written to.
    """
    try:
        probe(folder / "cosmodrome")
    except OSError as error:
        raise folder_refused(folder, error) from error


def probe(path: Path) -> None:
    """Make the folder of a file and see that one can be written in it.

    Raises
    ------
    OSError
        As the system says it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # With the process in its name, two runs never write the same one.
    part = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    part.write_bytes(b"")
    part.unlink()


def folder_refused(path: Path, error: OSError) -> InputError:
    """What to say of a folder that cannot be written to."""
    reason = error.strerror or type(error).__name__
    return InputError(
        f"{path}: cannot be written ({reason.lower()}); name a folder that can be",
        file=str(path),
        key="--out",
        value=str(path),
        allowed="a folder that exists or can be made, and written to",
    )
