"""Writing files: each whole or not at all, and refused before any work where it cannot be."""

from __future__ import annotations

import os
from pathlib import Path

from cosmodrome.errors import InputError

__all__ = ["folder_refused", "prepare_folder", "probe", "write_whole"]


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
    part = _beside(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(b"")
    part.unlink()


def _beside(path: Path) -> Path:
    # With the process in its name, two runs never write the same one.
    return path.with_name(f".{path.name}.{os.getpid()}.tmp")


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


def write_whole(path: Path, content: bytes) -> None:
    """Write beside the file, then put it in its place in one step.

    Parameters
    ----------
    path : Path, in a folder that exists
    content : bytes

    Raises
    ------
    OSError
        As the system says it; the old file, if any, is untouched.
    """
    part = _beside(path)
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
