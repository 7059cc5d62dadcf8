"""A Dask scheduler and its workers, as processes of their own, for the tests that need them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

WORKERS = 3


@dataclass
class Machines:
    """A scheduler and its workers, each a process of its own."""

    folder: Path
    address: str = ""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def _start(self, module: str, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{module}", *words]
        log = (self.folder / f"{module}-{len(self.processes)}.log").open("wb")
        process = subprocess.Popen(
            [*command, "--no-dashboard"], stdout=log, stderr=log, cwd=self.folder
        )
        log.close()
        self.processes.append(process)
        return process

    def start_scheduler(self) -> None:
        file = self.folder / "scheduler.json"
        file.unlink(missing_ok=True)
        self._start(
            "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file)
        )
        assert until(lambda: file.exists() and file.stat().st_size > 0, 30.0)
        self.address = json.loads(file.read_text())["address"]

    def start_worker(self) -> subprocess.Popen[bytes]:
        words = ("--nthreads", "1", "--no-nanny", "--host", "127.0.0.1", "--memory-limit", "0")
        return self._start(
            "dask_worker", self.address, *words, "--local-directory", str(self.folder)
        )

    def workers(self) -> int:
        """How many are there now."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            return len(client.nthreads())

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.kill()
        for process in self.processes:
            process.wait()
        self.processes.clear()


def until(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


@pytest.fixture(scope="session")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """A cluster of `WORKERS` workers of one thread each, on this machine."""
    found = Machines(tmp_path_factory.mktemp("cluster"))
    try:
        found.start_scheduler()
        for _ in range(WORKERS):
            found.start_worker()
        assert until(lambda: found.workers() == WORKERS, 60.0)
        yield found
    finally:
        found.stop()


@pytest.fixture
def own_machines(tmp_path: Path) -> Iterator[Machines]:
    """A cluster of one worker that a test may break."""
    found = Machines(tmp_path)
    try:
        found.start_scheduler()
        found.start_worker()
        assert until(lambda: found.workers() == 1, 60.0)
        yield found
    finally:
        found.stop()
