"""How much a file may ask of us, how it is opened, and what is said of a broken one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cosmodrome.errors import InputError

__all__ = ["MOST_BYTES", "MOST_LINE", "MOST_NUMBERS", "MOST_STATES", "Source", "read_bytes"]

MOST_BYTES: Final = 128 * 2**20
MOST_LINE: Final = 4096  # the standard asks for 254; comments of real files are longer
MOST_STATES: Final = 1_000_000
MOST_NUMBERS: Final = 40  # characters of one number
_SHOWN = 60


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text came from; makes the errors that name file and line.

    Parameters
    ----------
    name : str, the file's path, or what stands in for it
    """

    name: str

    def refused(
        self,
        line: int | None,
        reason: str,
        *,
        key: str | None = None,
        value: object = None,
        allowed: str | None = None,
    ) -> InputError:
        """The error for a broken file: file, line (from 1), reason."""
        place = self.name if line is None else f"{self.name}, line {line}"
        where = key or (None if line is None else f"line {line}")
        shown = None if value is None else _shown(value)
        return InputError(
            f"{place}: {reason}", file=self.name, key=where, value=shown, allowed=allowed
        )

    def lines(self, text: str) -> list[str]:
        """The lines of a text, without their ends.

        Raises
        ------
        InputError
            If one is longer than `MOST_LINE` characters.
        """
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if len(max(lines, key=len)) > MOST_LINE:
            number = next(k for k, line in enumerate(lines, 1) if len(line) > MOST_LINE)
            raise self.refused(
                number, "the line is too long", allowed=f"at most {MOST_LINE} characters a line"
            )
        return lines

    def decoded(self, content: bytes) -> str:
        """The text of a file, UTF-8 with or without a byte-order mark.

        Raises
        ------
        InputError
            If it is too large, empty, or no text.
        """
        if len(content) > MOST_BYTES:
            raise self.refused(None, "the file is too large", allowed=f"{MOST_BYTES} bytes")
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise self.refused(line, "this is not text (UTF-8)", allowed="a text file") from None
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            raise self.refused(line, "a zero byte stands in the text", allowed="a text file")
        if not text.strip():
            raise self.refused(None, "the file is empty")
        return text


def read_bytes(path: str | os.PathLike[str]) -> tuple[Source, bytes]:
    """A file's content, never more than `MOST_BYTES` of it.

    Raises
    ------
    InputError
        If it is not there, no file, not readable, or too large.
    """
    source = Source(str(Path(path)))
    try:
        with Path(path).open("rb") as stream:
            # One byte more than allowed tells too much, whatever the system says of the size.
            content = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise source.refused(None, f"cannot be read ({str(reason).lower()})") from None
    if len(content) > MOST_BYTES:
        raise source.refused(
            None, "the file is too large", allowed=f"at most {MOST_BYTES // 2**20} MiB"
        )
    return source, content
