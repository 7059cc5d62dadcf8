"""Refusals in plain words: what the system says of a file, without its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cosmodrome.errors import InputError

__all__ = ["in_plain_words", "refused_as_file"]

SAID = {
    FileNotFoundError: "there is no such file",
    IsADirectoryError: "it is a folder, not a file",
    NotADirectoryError: "a part of its path is no folder",
    PermissionError: "it may not be read",
    UnicodeDecodeError: "it is no text in UTF-8",
}


@contextmanager
def in_plain_words() -> Iterator[None]:
    """Let refusals of a file through with the system's words made plain.

    "[Errno 2] No such file or directory: 'x.toml'" becomes "there is no such
    file"; the file is named by the refusal already.

    Raises
    ------
    InputError
        The one that was raised inside, its message in plain words.
    """
    try:
        yield
    except InputError as error:
        cause = error.__cause__
        said = _said(cause)
        if said and isinstance(cause, Exception):
            from cosmodrome.mission.catalogue.reading import why_unreadable

            # Some readers repeat the system, some have put it into words of their own.
            for was in (str(cause), why_unreadable(cause)):
                error.message = error.message.replace(f"({was})", f"({said})")
            error.args = (error.message, *error.args[1:])
        raise


def _said(cause: BaseException | None) -> str:
    """What a system's error means, "" for any other."""
    for kind, words in SAID.items():
        if isinstance(cause, kind):
            return words
    return str(cause.strerror).lower() if isinstance(cause, OSError) and cause.strerror else ""


def refused_as_file(name: str | Path, what: str) -> InputError | None:
    """Why a word that is no name of the catalogue is no file either.

    Parameters
    ----------
    name : str or Path, as it was given
    what : "vehicle" or "site"

    Returns
    -------
    InputError or None
        None where nothing speaks for a path.
    """
    path = Path(name)
    if path.is_dir():
        why = "is a folder"
    elif path.is_file():
        why = "is not a .toml file"
    elif path.is_absolute() or str(name).startswith((".", "~")):
        why = "is no .toml file"
    else:
        return None
    if len(path.parts) == 1 and path.name == str(name):
        return None  # a slip in a name; what happens to lie here has nothing to do with it
    return InputError(
        f"{name} {why}, and no {what} is called so",
        file=str(name),
        key=what,
        value=str(name),
        allowed=f"the name of a {what} as `cosmodrome {what}s` lists them, or the path of a "
        ".toml file",
    )
