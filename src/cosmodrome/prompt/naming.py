"""What a room calls a thing, under the name that was typed for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cosmodrome.errors import InputError

__all__ = ["keys_named"]


@contextmanager
def keys_named(
    names: Mapping[str, str] | str,
    file: str | Path | None = None,
    *,
    allowed: str | None = None,
    in_files: bool = False,
) -> Iterator[None]:
    """Let refusals through under the names that their keys have where they were typed.

    Parameters
    ----------
    names : mapping of a key to its name, or the one name of whatever is refused
    file : path of the file that a name stands for; what is refused by it says so
    allowed : str or None, what may stand there, if it is not what the refusal says
    in_files : bool
        Also where the refusal says a file; its key is then as a rule one inside it.

    Raises
    ------
    InputError
        The one that was raised inside.
    """
    try:
        yield
    except InputError as error:
        name = names if isinstance(names, str) else names.get(error.key or "")
        if name is not None and (in_files or error.file is None):
            error.key, error.allowed = name, allowed or error.allowed
            if file is not None:
                _say_file(error, str(file))
        raise


def _say_file(error: InputError, file: str) -> None:
    if error.file is None:
        error.message = f"{file}: {error.message}"
        error.args = (error.message,)
    error.file = file
    error.value = file if error.value is None else error.value
