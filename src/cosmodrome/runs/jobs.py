"""The nouns of a run: what is asked, what comes of it, what the next one may use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from cosmodrome.errors import InputError

__all__ = ["Job", "Outcome", "Result", "Work", "lanes_of"]


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work.

    Parameters
    ----------
    key : str, unique in a run; what a journal knows the job by
    asked : anything, handed to the work as it is
    lane : str
        Jobs of one lane are done one after the other, in order, and each is given
        what the one before it left. An empty lane is a lane of its own.
    weight : int, how much of the progress the job stands for
    """

    key: str
    asked: Any
    lane: str = ""
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a piece of work gives back.

    Parameters
    ----------
    value : anything JSON can hold
    after : bytes or None
        What the next job of the lane may start from. It is kept in the journal, so
        that a lane that was cut short goes on as if nothing had happened.
    """

    value: Any
    after: bytes | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A job and what came of it.

    Parameters
    ----------
    key : str
    status : "done" or "failed"
    value : as JSON gives it back; None if it failed
    error : str, why it failed; empty if it did not
    """

    key: str
    status: Literal["done", "failed"]
    value: Any = None
    error: str = ""


Work = Callable[[Any, bytes | None], Outcome]
"""From what is asked and what the job before in the lane left, to an outcome."""


def lanes_of(jobs: Sequence[Job]) -> list[list[int]]:
    """Places of the jobs of each lane, lanes in the order of their first job.

    Raises
    ------
    InputError
        Two jobs of one key: their results could not be told apart.
    """
    seen: set[str] = set()
    lanes: dict[tuple[str, str], list[int]] = {}
    for place, job in enumerate(jobs):
        if job.key in seen:
            raise InputError(
                f"two jobs are called {job.key}",
                key="key",
                value=job.key,
                allowed="a key of its own for each job",
            )
        seen.add(job.key)
        lanes.setdefault((job.lane, "" if job.lane else job.key), []).append(place)
    return list(lanes.values())
