"""The same jobs on a Dask cluster: same bytes, same journal, whoever dies."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.runs import Job, Outcome, Result, Work, run_jobs, seeds_for
from cosmodrome.runs.cluster import ClusterError, check_address

pytest.importorskip("distributed")

WORKERS = 3


def working(
    marks: Path | None = None, deadly: bool = False, sleep_s: float = 0.0
) -> Callable[[], Work]:
    """Work whose result depends on the lane so far; job 4 may cost its worker its life, once."""

    def make() -> Work:
        def work(asked: int, before: bytes | None) -> Outcome:
            if marks is not None:
                (marks / f"{asked}-{os.getpid()}-{time.monotonic_ns()}").touch()
                if deadly and asked == 4 and len(list(marks.glob("4-*"))) == 1:
                    os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(sleep_s)
            so_far = int(before or b"0") + asked
            draw = np.random.default_rng(seeds_for(7, str(asked))).normal(size=3)
            value = {"sum": so_far, "draw": np.exp(draw).tolist()}
            return Outcome(value, str(so_far).encode())

        return work

    return make


def jobs() -> list[Job]:
    return [Job(f"job {k}", k, lane=f"lane {k % 5}") for k in range(20)]


def told(found: list[Result]) -> str:
    return json.dumps([(one.key, one.status, one.value, one.error) for one in found])


def test_a_cluster_gives_the_same_bytes(machines: Any, tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    there = run_jobs(jobs(), working(marks, sleep_s=0.05), cluster=machines.address)
    assert told(there) == told(run_jobs(jobs(), working(), workers=1))
    hands = {name.name.split("-")[1] for name in marks.iterdir()}
    assert len(hands) == WORKERS  # everybody had some
    assert str(os.getpid()) not in hands


def test_a_worker_killed_at_work_costs_nothing(machines: Any, tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    journal = tmp_path / "journal"
    there = run_jobs(
        jobs(), working(marks, deadly=True), cluster=machines.address, journal=journal, stamp="s"
    )
    assert len(list(marks.glob("4-*"))) == 2  # it was tried, and done again by another
    here = run_jobs(jobs(), working(), workers=2)
    assert told(there) == told(here)
    assert machines.workers() == WORKERS - 1
    machines.start_worker()
    # The journal is whole: nothing is left to do, here or there.
    marks_after = tmp_path / "after"
    marks_after.mkdir()
    again = run_jobs(jobs(), working(marks_after), journal=journal, stamp="s")
    assert told(again) == told(here)
    assert not list(marks_after.iterdir())


def test_a_run_begun_here_goes_on_there(machines: Any, tmp_path: Path) -> None:
    def stop(_text: str, share: float) -> None:
        if share >= 0.4:
            raise KeyboardInterrupt

    journal = tmp_path / "journal"
    with pytest.raises(KeyboardInterrupt):
        run_jobs(jobs(), working(), journal=journal, stamp="s", workers=2, tell=stop)
    there = run_jobs(jobs(), working(), journal=journal, stamp="s", cluster=machines.address)
    assert told(there) == told(run_jobs(jobs(), working(), workers=1))


def test_an_interrupt_leaves_the_cluster_usable(machines: Any, tmp_path: Path) -> None:
    def stop(_text: str, share: float) -> None:
        if share >= 0.2:
            raise KeyboardInterrupt

    journal = tmp_path / "journal"
    work = working(sleep_s=0.05)
    with pytest.raises(KeyboardInterrupt):
        run_jobs(jobs(), work, journal=journal, stamp="s", cluster=machines.address, tell=stop)
    there = run_jobs(jobs(), work, journal=journal, stamp="s", cluster=machines.address)
    assert told(there) == told(run_jobs(jobs(), working(), workers=1))


def test_work_that_raises_is_a_failed_job_there_too(machines: Any) -> None:
    def make() -> Work:
        def work(asked: int, _before: bytes | None) -> Outcome:
            if asked == 1:
                raise ValueError("one too many")
            return Outcome(asked)

        return work

    plain = [Job(str(k), k) for k in range(4)]
    there = run_jobs(plain, make, cluster=machines.address)
    assert told(there) == told(run_jobs(plain, make, workers=1))
    assert there[1].error == "ValueError: one too many"


def test_workers_of_another_installation_are_refused(
    machines: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.python_version", lambda: "2.7.18")
    with pytest.raises(ClusterError, match=r"Python 2\.7\.18") as caught:
        run_jobs(jobs(), working(), cluster=machines.address)
    assert caught.value.key == "--cluster"


def test_a_scheduler_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cosmodrome.runs.cluster.CONNECT_S", 1.0)
    with pytest.raises(ClusterError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        run_jobs(jobs(), working(), cluster="tcp://127.0.0.1:9")


@pytest.mark.parametrize(
    "address", ["", "127.0.0.1:8786", "http://host:1", "tcp://host", "tcp://host:99999", "tcp://:1"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="no address of a Dask scheduler") as caught:
        check_address(address)
    assert caught.value.key == "--cluster"


def test_addresses_are_taken_as_dask_writes_them() -> None:
    for address in ("tcp://10.0.0.7:8786", " tls://node-3.cluster:40000", "tcp://[fe80::1]:8786"):
        assert check_address(address) == address.strip()


@pytest.mark.slow
def test_a_scheduler_that_dies_leaves_the_journal(own_machines: Any, tmp_path: Path) -> None:
    journal = tmp_path / "journal"

    def kill(_text: str, share: float) -> None:
        if share >= 0.2:
            own_machines.processes[0].kill()

    work, address = working(sleep_s=0.2), own_machines.address
    with pytest.raises(ClusterError, match=r"is gone; what was finished is kept"):
        run_jobs(jobs(), work, journal=journal, stamp="s", cluster=address, tell=kill)
    done = tmp_path / "done"
    done.mkdir()
    rest = run_jobs(jobs(), working(done), journal=journal, stamp="s")
    assert told(rest) == told(run_jobs(jobs(), working(), workers=1))
    assert 0 < len(list(done.iterdir())) <= 17


@pytest.mark.slow
def test_a_run_without_workers_says_so(own_machines: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cosmodrome.runs.cluster.ALONE_S", 3.0)
    own_machines.processes[1].kill()
    with pytest.raises(ClusterError, match="no worker is left at tcp"):
        run_jobs(jobs(), working(), cluster=own_machines.address)
