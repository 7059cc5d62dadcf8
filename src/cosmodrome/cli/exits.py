"""Exit codes: the program's last word, for scripts."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["Exit", "of_status"]


class Exit(IntEnum):
    """What each exit code means."""

    DONE = 0
    DEFECT = 1
    BAD_INPUT = 2
    INFEASIBLE = 3
    NOT_CONVERGED = 4
    REFLIGHT_DISAGREES = 5
    NOT_SUPPORTED = 6
    INTERRUPTED = 130


_BY_STATUS = {
    "optimal": Exit.DONE,
    "infeasible": Exit.INFEASIBLE,
    "not_converged": Exit.NOT_CONVERGED,
    "verification_failed": Exit.REFLIGHT_DISAGREES,
}


def of_status(status: str) -> Exit:
    """The exit code of a plan's status; anything unknown is a defect."""
    return _BY_STATUS.get(status, Exit.DEFECT)
