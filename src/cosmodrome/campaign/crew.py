"""Attempts side by side: every start of one question, on the cores there are."""

from __future__ import annotations

import os
import pickle
import sys
import warnings
from collections.abc import Callable
from itertools import pairwise

from cosmodrome.ascent.attempt import Attempt, Workshop, pose
from cosmodrome.ascent.starts import Start
from cosmodrome.campaign.progress import Tell
from cosmodrome.mission.nouns import Mission
from cosmodrome.ocp import Solution

__all__ = ["attempt_all"]


def attempt_all(
    workshop: Workshop,
    mission: Mission,
    starts: tuple[Start, ...],
    tell: Tell,
    workers: int | None = None,
    *,
    patient: bool = True,
) -> list[Attempt]:
    """Attempt every start; the order of the answers is the order of the starts.

    Built problems are shared with forked workers where the system can fork, so
    nothing is built twice; each attempt is the same whoever runs it.
    """
    if not starts:
        return []
    for start in starts:
        workshop.solver(pose(mission, start))
    workers = min(len(starts), workers or os.cpu_count() or 1)
    if workers < 2 or not _can_fork():
        found = []
        for k, start in enumerate(starts):
            tell(f"start {k + 1} of {len(starts)}: {start.name}", k / len(starts))
            found.append(workshop.attempt(mission, start, patient=patient))
        return found

    def attempt(start: Start) -> Attempt:
        return workshop.attempt(mission, start, patient=patient)

    return _forked(attempt, mission, starts, workers, tell)


def _can_fork() -> bool:
    return hasattr(os, "fork") and sys.platform.startswith("linux")


def _forked(
    attempt: Callable[[Start], Attempt],
    mission: Mission,
    starts: tuple[Start, ...],
    workers: int,
    tell: Tell,
) -> list[Attempt]:
    # Neighbours together: starts of one direction differ in cost, directions do not.
    ends = [round(k * len(starts) / workers) for k in range(workers + 1)]
    shares = [list(range(a, b)) for a, b in pairwise(ends)]
    tell(f"{len(starts)} starts on {workers} cores", 0.0)
    children = [_child(attempt, starts, share) for share in shares[1:]]
    found: dict[int, Attempt] = {}
    try:
        for done, k in enumerate(shares[0]):
            tell(f"start {k + 1} of {len(starts)}: {starts[k].name}", done / len(shares[0]))
            found[k] = attempt(starts[k])
    finally:
        results = [_collect(*child) for child in children]
    for share, result in zip(shares[1:], results, strict=True):
        for place, k in enumerate(share):
            if result is None:  # the worker died: do its share here
                found[k] = attempt(starts[k])
            else:
                start, solution = result[place]
                found[k] = Attempt(start, pose(mission, start), solution)
    return [found[k] for k in range(len(starts))]


def _child(
    attempt: Callable[[Start], Attempt], starts: tuple[Start, ...], share: list[int]
) -> tuple[int, int]:
    """Fork a worker for some starts; returns its process and the pipe to read."""
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        # A progress display may own a thread; the worker never touches it.
        warnings.simplefilter("ignore", DeprecationWarning)
        process = os.fork()
    if process:
        os.close(writer)
        return process, reader
    status = 1
    try:
        os.close(reader)
        # An attempt may tell its coasts otherwise than its start did; both are sent.
        solutions = [(one.start, one.solution) for one in (attempt(starts[k]) for k in share)]
        with os.fdopen(writer, "wb") as pipe:
            pickle.dump(solutions, pipe)
        status = 0
    finally:
        os._exit(status)


def _collect(process: int, reader: int) -> list[tuple[Start, Solution]] | None:
    with os.fdopen(reader, "rb") as pipe:
        content = pipe.read()
    _, status = os.waitpid(process, 0)
    if status != 0:
        return None
    # What this process's own child wrote.
    loaded: list[tuple[Start, Solution]] = pickle.loads(content)  # noqa: S301
    return loaded
