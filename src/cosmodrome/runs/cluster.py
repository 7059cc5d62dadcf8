"""Workers on other machines: a Dask scheduler hands the jobs out, the journal stays here.

The scheduler and its workers are started by the user with Dask's own commands, and
every worker needs the same installation of this program. Dask sends code and data
as pickles, so that whoever reaches the scheduler can run anything on the workers:
it belongs into a trusted network.
"""

from __future__ import annotations

import logging
import platform
import queue
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import metadata
from typing import Any

from cosmodrome.errors import InputError
from cosmodrome.runs.crew import Report, attempted
from cosmodrome.runs.jobs import Job, Work

__all__ = ["Cluster", "ClusterError", "check_address"]

CONNECT_S = 10.0
"""How long a scheduler may take to answer."""

ALONE_S = 60.0
"""How long a run waits for a worker where there is none."""

LEAVING_S = 5.0
"""How long a worker that goes may still stand on the list."""

_AHEAD = 2  # jobs given out per worker thread, so that none waits for the client
_LOOK_S = 2.0  # how often it is asked whether anybody is left
_ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9A-Fa-f:.%]+\]|[^\s:/\[\]]+):(\d{1,5})")
_INSTALL = "pip install 'cosmodrome[cluster]'"


class ClusterError(InputError):
    """A cluster that cannot be used: not reached, lost, without workers, or unlike us."""


def check_address(address: str) -> str:
    """The address of a scheduler, if it can be one.

    Raises
    ------
    ClusterError
        It is not of the form tcp://host:port or tls://host:port.
    """
    found = _ADDRESS.fullmatch(address.strip())
    if found is None or not 0 < int(found[3]) < 65536:
        raise _refused(f"{address!r} is no address of a Dask scheduler", address)
    return address.strip()


def _refused(message: str, address: str, allowed: str | None = None) -> ClusterError:
    return ClusterError(
        message,
        key="--cluster",
        value=address,
        allowed=allowed or "tcp://HOST:PORT, as `dask scheduler` prints it",
    )


class _Works:
    """What a Dask worker keeps: the work, made when first asked for.

    One process does one job at a time, whatever its number of threads: a solver is
    not to be shared.
    """

    def __init__(self, make_work: Callable[[], Work]) -> None:
        self.make_work = make_work
        self.work: Work | None = None
        self.turn: threading.Lock | None = None

    def setup(self, worker: Any) -> None:  # noqa: ARG002 - Dask's signature
        """Called by Dask on each worker, those that join later included."""
        self.turn = threading.Lock()

    def teardown(self, worker: Any) -> None:  # noqa: ARG002 - Dask's signature
        """Called by Dask when the run is over."""
        self.work = None

    def attempt(self, asked: Any, before: bytes | None) -> Report:
        """Do one job; whatever it raises is told."""
        assert self.turn is not None
        with self.turn:
            try:
                if self.work is None:
                    self.work = self.make_work()
            except Exception as error:  # noqa: BLE001 - told to whoever asked, as for a job
                return Report(None, error=f"{type(error).__name__}: {error}")
            return attempted(self.work, Job("", asked), before)


def _do(name: str, asked: Any, before: bytes | None) -> Report:
    """One job, on a Dask worker."""
    from distributed import get_worker

    works: Any = get_worker().plugins[name]
    report: Report = works.attempt(asked, before)
    return report


def _installation() -> str:
    """What has to be alike on every machine for results to be alike."""
    names = ("cosmodrome", "numpy", "scipy", "casadi")
    versions = [f"{name} {metadata.version(name)}" for name in names]
    return ", ".join([f"Python {platform.python_version()}", *versions])


class Cluster:
    """The workers of one run, behind a Dask scheduler.

    It has the face of a `Crew`, so that a run does not know where its jobs are done.

    Parameters
    ----------
    jobs : list of Job
    make_work : callable() -> Work, sent to each worker by value, called there once
    address : str, of the scheduler

    Raises
    ------
    ClusterError
        No scheduler answers, Dask is not installed, or a worker has another
        installation than this process.
    """

    def __init__(self, jobs: list[Job], make_work: Callable[[], Work], address: str) -> None:
        self.address = check_address(address)
        self._jobs = jobs
        self._ended: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()
        self._busy: dict[int, Any] = {}
        self._hushed = _hushed()
        self._hushed.__enter__()
        self._client: Any = None
        try:
            self._client = _connected(self.address)
            self._check_installations()
            self._name = self._send(make_work)
        except BaseException:
            self.leave()
            raise
        self._places = self._threads()
        self._looked = self._seen = time.monotonic()

    @property
    def idle(self) -> int:
        """How many jobs more may be given out."""
        return max(_AHEAD * max(self._places, 1) - len(self._busy), 0)

    def give(self, place: int, before: bytes | None) -> None:
        """Give a job to the scheduler."""
        future = self._client.submit(
            _do, self._name, self._jobs[place].asked, before, pure=False, retries=0
        )
        self._busy[place] = future
        future.add_done_callback(lambda one: self._ended.put((place, one)))

    def reports(self, patience_s: float) -> list[tuple[int, Report | None]]:
        """Jobs that came to an end within some seconds.

        Raises
        ------
        ClusterError
            If the scheduler is gone, or there has been no worker for `ALONE_S`.
        """
        found: list[tuple[int, Report | None]] = []
        patience: float | None = patience_s
        while True:
            try:
                place, future = self._ended.get(timeout=patience)
            except queue.Empty:
                break
            if self._busy.get(place) is future:
                del self._busy[place]
                found.append((place, self._report(future)))
            patience = 0.0
        self._look()
        return found

    def _report(self, future: Any) -> Report:
        from distributed import KilledWorker

        if future.status in ("cancelled", "lost"):
            raise self._gone()
        try:
            report: Report = future.result(timeout=CONNECT_S)
        except KilledWorker as error:
            return Report(None, error=f"workers died over this job ({type(error).__name__})")
        except Exception as error:  # noqa: BLE001 - a job Dask could not do costs no other
            return Report(None, error=f"{type(error).__name__}: {error}")
        return report

    def _look(self) -> None:
        """Whether the scheduler is there, and somebody to do the work."""
        now = time.monotonic()
        if now - self._looked < _LOOK_S:
            return
        self._looked = now
        if self._client.status != "running":
            raise self._gone()
        try:
            self._places = self._threads()
        except (OSError, TimeoutError) as error:
            raise self._gone() from error
        if self._places:
            self._seen = now
        elif now - self._seen > ALONE_S:
            raise _refused(
                f"no worker is left at {self.address}; what was finished is kept by --journal "
                "or --out",
                self.address,
                f"workers, started with `dask worker {self.address} --nthreads 1`",
            )

    def _gone(self) -> ClusterError:
        return _refused(
            f"the scheduler at {self.address} is gone; what was finished is kept by --journal "
            "or --out, and the same command goes on from there",
            self.address,
        )

    def _threads(self) -> int:
        return sum(self._client.nthreads().values())

    def _asked_of_all(self, question: Callable[[], Any]) -> dict[str, Any]:
        """What every worker answers; those that go while they are asked are not counted."""
        until = time.monotonic() + LEAVING_S
        while True:
            try:
                return dict(self._client.run(question))
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def _check_installations(self) -> None:
        ours = _installation()
        try:
            theirs = self._asked_of_all(_installation)
        except Exception as error:
            raise _refused(
                f"a worker at {self.address} cannot run this program "
                f"({type(error).__name__}: {error})",
                self.address,
                f"workers with the same installation: {ours}",
            ) from error
        for worker, installed in sorted(theirs.items()):
            if installed != ours:
                raise _refused(
                    f"the worker {worker} has {installed}, and this machine {ours}: results "
                    "would depend on who did them",
                    self.address,
                    f"workers with {ours}",
                )

    def _send(self, make_work: Callable[[], Work]) -> str:
        """Send the work to every worker, those that join later included."""
        from distributed import WorkerPlugin

        class Plugin(_Works, WorkerPlugin):
            """Ours, as Dask wants it; a class of this function, so that Dask is optional."""

        # Two runs at one time have each their own; no result depends on it.
        name = f"cosmodrome-{uuid.uuid4().hex}"
        self._client.register_plugin(Plugin(make_work), name=name)
        return name

    def leave(self) -> None:
        """Take back what is under way, and go; the workers stay for others."""
        try:
            if self._client is not None and self._client.status == "running":
                with suppress(Exception):  # a scheduler that goes while we go
                    self._client.cancel(list(self._busy.values()), force=True)
                    name = getattr(self, "_name", None)
                    if name is not None:
                        self._client.unregister_worker_plugin(name)
            if self._client is not None:
                with suppress(Exception):
                    self._client.close(timeout=_LOOK_S)
        finally:
            self._busy.clear()
            self._hushed.__exit__(None, None, None)


def _connected(address: str) -> Any:
    try:
        from distributed import Client as Connection
    except ImportError as error:
        raise _refused(
            f"a cluster needs Dask, which is not installed: {_INSTALL}", address, _INSTALL
        ) from error
    try:
        client: Any = Connection(address, timeout=CONNECT_S, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError) as error:
        raise _refused(f"no Dask scheduler answers at {address}", address) from error
    return client


@contextmanager
def _hushed() -> Iterator[None]:
    """Dask's own words on standard error, dropped: what matters is told by us."""
    log = logging.getLogger("distributed")
    before = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(before)
