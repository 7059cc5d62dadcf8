"""One tree of named errors. A user's mistake is always an `InputError`."""

from __future__ import annotations

__all__ = [
    "CosmodromeError",
    "FrameError",
    "InputError",
    "ProblemError",
    "ShapeError",
]


class CosmodromeError(Exception):
    """Root of every error this package raises on purpose."""


class InputError(CosmodromeError):
    """Something the user wrote cannot be used; says where and what is allowed.

    Parameters
    ----------
    message : str
        One sentence that says what is wrong and how to mend it.
    file, key, value, allowed : str or None
        The file, the key inside it, the offending value and what may stand there.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        key: str | None = None,
        value: object = None,
        allowed: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.key = key
        self.value = value
        self.allowed = allowed

    def to_dict(self) -> dict[str, object]:
        """The contract's `error` object."""
        return {
            "message": self.message,
            "file": self.file,
            "key": self.key,
            "value": self.value,
            "allowed": self.allowed,
        }


class ShapeError(CosmodromeError):
    """An array has the wrong shape."""


class FrameError(CosmodromeError):
    """Two states of different frame or epoch were mixed."""


class ProblemError(CosmodromeError):
    """An optimal-control problem is posed in a way that cannot be transcribed."""
