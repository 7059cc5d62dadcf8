"""Many jobs: whoever does them, however often they are cut short, the same results."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmodrome.errors import InputError
from cosmodrome.runs import Job, Journal, JournalError, Outcome, Work, run_jobs, seeds_for, stamp_of

LANES = ["", "a", "b", "c"]


def chained() -> Work:
    """Work whose result depends on the lane so far."""

    def work(asked: int, before: bytes | None) -> Outcome:
        so_far = int(before or b"0")
        draw = np.random.default_rng(seeds_for(7, str(asked))).normal()
        after = str(so_far + asked).encode()
        return Outcome({"asked": asked, "sum": so_far + asked, "draw": float(draw)}, after)

    return work


def jobs_of(lanes: list[str]) -> list[Job]:
    return [Job(f"job {k}", k, lane) for k, lane in enumerate(lanes)]


@settings(max_examples=6, deadline=None)
@given(st.lists(st.sampled_from(LANES), max_size=12))
def test_results_do_not_depend_on_the_number_of_workers(lanes: list[str]) -> None:
    jobs = jobs_of(lanes)
    one, two, four = (run_jobs(jobs, chained, workers=n) for n in (1, 2, 4))
    assert one == two == four
    assert [result.key for result in one] == [job.key for job in jobs]


def test_a_lane_is_done_in_order_and_handed_on() -> None:
    found = run_jobs(jobs_of(["a", "b", "a", "", "b"]), chained, workers=2)
    assert [result.value["sum"] for result in found] == [0, 1, 2, 3, 5]


def test_the_work_is_made_once_per_worker() -> None:
    def make() -> Work:
        made = time.monotonic_ns()
        return lambda _asked, _before: Outcome([os.getpid(), made])

    found = run_jobs(jobs_of([""] * 20), make, workers=2)
    makers = {tuple(result.value) for result in found}
    assert len(makers) == len({pid for pid, _ in makers}) <= 2


def test_two_jobs_of_one_key_are_refused() -> None:
    with pytest.raises(InputError, match="two jobs are called x"):
        run_jobs([Job("x", 1), Job("x", 2)], chained)


def test_work_that_raises_is_a_failed_job_and_costs_no_other() -> None:
    def make() -> Work:
        def work(asked: int, before: bytes | None) -> Outcome:
            if asked == 1:
                raise ValueError("one too many")
            return chained()(asked, before)

        return work

    found = run_jobs(jobs_of(["a"] * 3), make, workers=1)
    assert [result.status for result in found] == ["done", "failed", "done"]
    assert found[1].error == "ValueError: one too many"
    assert found[2].value["sum"] == 2  # goes on from the last one done


def test_a_value_that_json_cannot_hold_is_a_failed_job() -> None:
    found = run_jobs([Job("x", 0)], lambda: lambda _a, _b: Outcome(float("nan")))
    assert found[0].status == "failed"


def dying(marks: Path, deaths: int) -> Callable[[], Work]:
    """Work whose job 1 kills its worker the first times."""

    def work(asked: int, before: bytes | None) -> Outcome:
        if asked == 1:
            mark = marks / f"{len(list(marks.iterdir()))}"
            mark.touch()
            if int(mark.name) < deaths:
                os.kill(os.getpid(), signal.SIGKILL)
        return chained()(asked, before)

    return lambda: work


def test_a_dead_worker_has_its_job_done_by_another(tmp_path: Path) -> None:
    jobs = jobs_of(["a", "a", "a", "b"])
    assert run_jobs(jobs, dying(tmp_path, 1), workers=2) == run_jobs(jobs, chained, workers=1)
    assert len(list(tmp_path.iterdir())) == 2


def test_after_a_second_death_the_job_has_failed(tmp_path: Path) -> None:
    found = run_jobs(jobs_of(["a", "a", "a", "b"]), dying(tmp_path, 99), workers=2)
    assert [result.status for result in found] == ["done", "failed", "done", "done"]
    assert found[1].error == "2 workers died over this job"


def counting(marks: Path) -> Callable[[], Work]:
    """Work that leaves a mark for each job it does."""

    def work(asked: int, before: bytes | None) -> Outcome:
        (marks / f"{asked}-{time.monotonic_ns()}").touch()
        return chained()(asked, before)

    return lambda: work


def test_a_journal_spares_what_is_finished(tmp_path: Path) -> None:
    jobs, journal = jobs_of(["a", "a", "b", ""]), tmp_path / "journal"
    marks = tmp_path / "marks"
    marks.mkdir()
    first = run_jobs(jobs, counting(marks), journal=journal, stamp="s")
    again = run_jobs(jobs, counting(marks), journal=journal, stamp="s")
    assert first == again == run_jobs(jobs, chained)
    assert len(list(marks.iterdir())) == len(jobs)


def test_a_failed_job_and_what_follows_it_in_its_lane_are_tried_again(tmp_path: Path) -> None:
    jobs, journal = jobs_of(["a", "a", "a", "b"]), tmp_path / "journal"
    marks = tmp_path / "marks"
    marks.mkdir()
    run_jobs(jobs, dying(marks, 2), journal=journal, stamp="s")
    again = run_jobs(jobs, dying(marks, 2), journal=journal, stamp="s")
    assert again == run_jobs(jobs, chained)


def test_a_journal_of_another_stamp_is_refused_and_untouched(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    run_jobs(jobs_of([""]), chained, journal=journal, stamp="one")
    before = journal.read_bytes()
    with pytest.raises(JournalError, match="another question") as caught:
        run_jobs(jobs_of([""]), chained, journal=journal, stamp="two")
    assert caught.value.key == "--journal"
    assert journal.read_bytes() == before


def test_what_is_no_journal_is_refused(tmp_path: Path) -> None:
    text, base = tmp_path / "text", tmp_path / "base"
    text.write_text("a letter to somebody, longer than a hundred bytes " * 4)
    with sqlite3.connect(base) as other:
        other.execute("CREATE TABLE about (form TEXT, stamp TEXT)")
    other.close()
    for path in (text, base, tmp_path / "nowhere" / "journal"):
        with pytest.raises(JournalError):
            Journal(path, "s")


def test_a_journal_serves_one_run_at_a_time(tmp_path: Path) -> None:
    with (
        Journal(tmp_path / "journal", "s"),
        pytest.raises(JournalError, match="in use by another run"),
    ):
        Journal(tmp_path / "journal", "s")


SLOW = """
    import signal, sys, time
    from pathlib import Path
    from cosmodrome.runs import Job, Outcome, run_jobs

    # Tests that run in the background of a shell are started with interrupts ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)

    def work(asked, before):
        with open(sys.argv[2], "a") as log:
            log.write("x")
        time.sleep({sleep})
        so_far = int(before or b"0") + asked
        return Outcome(so_far, str(so_far).encode())

    jobs = [Job(f"job {{k}}", k, f"lane {{k % 3}}") for k in range(30)]
    found = run_jobs(jobs, lambda: work, journal=Path(sys.argv[1]), stamp="s", workers=2)
    print([result.value for result in found])
"""


def script(sleep: float) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(SLOW).format(sleep=sleep)]


def kept(journal: Path) -> int:
    """Rows of a journal that nobody holds open."""
    base = sqlite3.connect(journal)
    try:
        return int(base.execute("SELECT count(*) FROM jobs").fetchone()[0])
    finally:
        base.close()


def children_of(pid: int) -> list[int]:
    return [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_killed_run_goes_on_where_it_stopped(how: signal.Signals, tmp_path: Path) -> None:
    journal, log = tmp_path / "journal", tmp_path / "log"
    with subprocess.Popen(
        [*script(0.4), str(journal), str(log)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as running:
        # Some jobs are done before the blow falls; all of them would take six seconds.
        assert until(lambda: log.exists() and len(log.read_text()) >= 5)
        workers = children_of(running.pid)
        running.send_signal(how)
        running.wait(10)
    assert until(lambda: not any(alive(pid) for pid in workers)), "a worker outlived its parent"
    done = kept(journal)
    assert 0 < done < 30
    log.unlink()
    rest = subprocess.run(
        [*script(0.0), str(journal), str(log)], capture_output=True, text=True, check=True
    )
    assert len(log.read_text()) == 30 - done
    whole = subprocess.run(
        [*script(0.0), str(tmp_path / "other"), str(log)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert rest.stdout == whole.stdout


def test_an_interrupt_from_progress_stops_and_keeps(tmp_path: Path) -> None:
    def stop(_text: str, share: float) -> None:
        if share >= 0.5:
            raise KeyboardInterrupt

    jobs, journal = jobs_of(["a"] * 10), tmp_path / "journal"
    with pytest.raises(KeyboardInterrupt):
        run_jobs(jobs, chained, journal=journal, stamp="s", tell=stop)
    assert kept(journal) == 5
    assert run_jobs(jobs, chained, journal=journal, stamp="s") == run_jobs(jobs, chained)


def test_progress_tells_count_rate_and_time_left() -> None:
    told: list[tuple[str, float]] = []

    def make() -> Work:
        def work(_asked: int, _before: bytes | None) -> Outcome:
            time.sleep(0.02)
            return Outcome(None)

        return work

    run_jobs(jobs_of([""] * 6), make, workers=1, tell=lambda *one: told.append(one))
    assert told[0] == ("0 of 6", 0.0)
    assert told[-1] == ("6 of 6", 1.0)
    assert any("per s" in text and "0:00 left" in text for text, _ in told)


def test_seeds_follow_seed_and_key_alone() -> None:
    def drawn(seed: int, key: str) -> list[int]:
        return [int(word) for word in seeds_for(seed, key).generate_state(4)]

    assert drawn(1, "a") == drawn(1, "a")
    assert drawn(1, "a") != drawn(1, "b")
    assert drawn(1, "a") != drawn(2, "a")


def test_stamps_tell_where_a_part_ends() -> None:
    assert stamp_of("ab", "c") != stamp_of("a", "bc")
    assert stamp_of("ab", "c") == stamp_of("ab", "c")
