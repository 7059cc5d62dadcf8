"""What jobs and files are called: nothing else ever becomes a part of a path."""

from __future__ import annotations

import re
from typing import Final

from cosmodrome.errors import InputError

__all__ = ["IDENT", "checked"]

IDENT: Final = r"[0-9a-f]{12}"
"""Twelve hexadecimal digits."""

_IDENT: Final = re.compile(IDENT)


def checked(ident: str) -> str:
    """An id, if it is one.

    Raises
    ------
    InputError
        If it is anything else.
    """
    if _IDENT.fullmatch(ident) is None:
        raise InputError(f"{ident[:40]!r} is no id", key="id", allowed="twelve hexadecimal digits")
    return ident
