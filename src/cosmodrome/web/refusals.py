"""What is said when a request is not answered: one shape, whatever went wrong."""

from __future__ import annotations

from typing import Any, Final

__all__ = ["STATUS", "Refused"]

STATUS: Final = {
    "bad_input": 400,
    "unauthorized": 401,
    "forbidden": 403,
    "not_found": 404,
    "wrong_method": 405,
    "wrong_state": 409,
    "too_large": 413,
    "unconfirmed": 428,
    "defect": 500,
    "busy": 503,
    "too_long": 504,
}
"""HTTP status by kind."""


class Refused(Exception):  # noqa: N818 - it is what the answer says
    """A request that is not answered, and why.

    Parameters
    ----------
    kind : str, of `STATUS`
    message : str, one sentence
    file, key, value, allowed : as of `errors.InputError`
    """

    def __init__(self, kind: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.kind = kind
        keys = ("file", "key", "value", "allowed")
        shown = {key: None if more.get(key) is None else str(more[key]) for key in keys}
        self.told: dict[str, Any] = {"kind": kind, "message": message, **shown}

    @property
    def status(self) -> int:
        """The HTTP status."""
        return STATUS.get(self.kind, 500)
