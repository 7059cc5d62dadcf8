"""Run many jobs: lanes to workers, results to the journal, nothing lost."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cosmodrome.runs.crew import Crew, Report, attempted, can_fork
from cosmodrome.runs.jobs import Job, Outcome, Result, Work, lanes_of
from cosmodrome.runs.journal import Journal

if TYPE_CHECKING:
    from cosmodrome.runs.cluster import Cluster

__all__ = ["Tell", "cores", "run_jobs"]

Tell = Callable[[str, float], None]

DIED_ONCE_MORE = 2
"""A job that has cost this many workers their life is given up."""

_LOOK_S = 0.5  # how often progress is told while nothing finishes


def run_jobs(
    jobs: Sequence[Job],
    make_work: Callable[[], Work],
    *,
    journal: Path | None = None,
    stamp: str = "",
    workers: int | None = None,
    cluster: str | None = None,
    tell: Tell | None = None,
) -> list[Result]:
    """Do every job and give the results in the order of the jobs.

    Lanes are shared out among forked workers, or those of a cluster; within a lane
    the jobs are done in order, each given what the one before left. A job's result
    may depend on that and on what it asks, on nothing else, so it is the same for any
    number of workers and after any interruption. Work that raises is a failed job; a
    worker that dies has its job done once more by another (on a cluster as often as
    its scheduler allows), and after that the job has failed. After a failed job the
    lane goes on from the last one that was done.

    Parameters
    ----------
    jobs : sequence of Job
    make_work : callable() -> Work
        Called once in each worker, which keeps what it has built.
    journal : Path or None
        Where finished jobs are kept as they finish. A journal that holds some of
        them already is gone on with; failed jobs, and what follows them in their
        lane, are tried again.
    stamp : str, of inputs and program, see `stamp_of`
    workers : int or None, one per core this process may use by default
    cluster : str or None
        Address of a Dask scheduler whose workers do the jobs instead, see
        `cosmodrome.runs.cluster`; the journal stays with this process. What is asked
        and the work are sent as pickles, so that what cannot be pickled cannot be used.
    tell : callable(text, share done) or None
        Told of count, rate and time left; may raise KeyboardInterrupt.

    Returns
    -------
    list of Result

    Raises
    ------
    JournalError
        A journal of another stamp, in use, unreadable, or on a disk that is full.
    ClusterError
        A cluster that is not there, is lost, or has another installation.
    KeyboardInterrupt
        After stopping the workers; what was finished is in the journal.
    """
    with contextlib.ExitStack() as stack:
        book = None if journal is None else stack.enter_context(Journal(journal, stamp))
        state = _State(list(jobs), book, tell)
        if state.lanes and cluster is not None:
            from cosmodrome.runs.cluster import Cluster

            _with_crew(state, Cluster(state.jobs, make_work, cluster))
        elif state.lanes and can_fork():
            wanted = min(max(workers or cores(), 1), len(state.lanes))
            _with_crew(state, Crew(state.jobs, make_work, wanted))
        elif state.lanes:
            _alone(state, make_work)
        return state.results()


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _State:
    """What is done, what is under way, and what is left."""

    def __init__(self, jobs: list[Job], book: Journal | None, tell: Tell | None) -> None:
        self.jobs, self.book, self.tell = jobs, book, tell
        self.found: dict[int, Result] = {}
        self.lanes: deque[deque[int]] = deque()
        self.before: dict[int, bytes | None] = {}
        self.deaths: dict[int, int] = {}
        known = {} if book is None else book.finished()
        for lane in lanes_of(jobs):
            self._resume(lane, known)
        self.told = ""
        self.resumed, self.began = self.weighed(), time.monotonic()

    def _resume(self, lane: list[int], known: dict[str, Outcome]) -> None:
        """Take over the finished beginning of a lane; the rest is to be done."""
        before, done = None, 0
        for place in lane:
            outcome = known.get(self.jobs[place].key)
            if outcome is None:
                break
            self.found[place] = Result(self.jobs[place].key, "done", outcome.value)
            before, done = outcome.after, done + 1
        if done < len(lane):
            self.lanes.append(deque(lane[done:]))
            self.before[lane[done]] = before

    def ended(self, lane: deque[int], report: Report) -> None:
        """Write down what came of the first job of a lane."""
        place = lane.popleft()
        before, key = self.before.pop(place), self.jobs[place].key
        if report.value is None:
            self.found[place] = Result(key, "failed", error=report.error)
        else:
            if self.book is not None:
                self.book.keep(key, report.value, report.after)
            self.found[place] = Result(key, "done", json.loads(report.value))
            before = report.after
        if lane:
            self.before[lane[0]] = before

    def weighed(self) -> int:
        """How much has come to an end, by weight."""
        return sum(self.jobs[place].weight for place in self.found)

    def say(self, *, news: bool) -> None:
        """Progress with the rate of this run and the time it would still take."""
        if self.tell is None:
            return
        done, every = self.weighed(), sum(job.weight for job in self.jobs)
        if news:
            self.told, fresh = f"{done} of {every}", done - self.resumed
            spent = time.monotonic() - self.began
            if fresh and spent > 0.0 and done < every:
                left = (every - done) * spent / fresh
                self.told += f", {_rate(fresh / spent)}, {_duration(left)} left"
        self.tell(self.told, done / max(every, 1))

    def results(self) -> list[Result]:
        return [self.found[place] for place in range(len(self.jobs))]


def _rate(per_s: float) -> str:
    return f"{per_s:.1f} per s" if per_s >= 1.0 else f"{60.0 * per_s:.1f} per min"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _alone(state: _State, make_work: Callable[[], Work]) -> None:
    """In this process, where none can be forked."""
    work = make_work()
    for lane in state.lanes:
        while lane:
            state.say(news=True)
            job = state.jobs[lane[0]]
            state.ended(lane, attempted(work, job, state.before[lane[0]]))
    state.say(news=True)


def _with_crew(state: _State, crew: Crew | Cluster) -> None:
    """Give the jobs out and write down what comes back, until all is done."""
    under_way: dict[int, deque[int]] = {}
    waiting, news = state.lanes, True
    try:
        while waiting or under_way:
            while waiting and crew.idle:
                lane = waiting.popleft()
                under_way[lane[0]] = lane
                crew.give(lane[0], state.before[lane[0]])
            # Said again while nothing ends: whoever listens may want to stop.
            state.say(news=news)
            reports = crew.reports(_LOOK_S)
            news = bool(reports)
            for place, report in reports:
                lane = under_way.pop(place)
                told = report if report is not None else _died(state, place)
                if told is not None:
                    state.ended(lane, told)
                if lane:
                    # The lane goes on before a new one begins: its worker is warm.
                    waiting.appendleft(lane)
        state.say(news=True)
    finally:
        crew.leave()


def _died(state: _State, place: int) -> Report | None:
    """None if the job may be tried again."""
    state.deaths[place] = state.deaths.get(place, 0) + 1
    if state.deaths[place] < DIED_ONCE_MORE:
        return None
    return Report(None, error=f"{state.deaths[place]} workers died over this job")
