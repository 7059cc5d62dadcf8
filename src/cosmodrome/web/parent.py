"""The parent of all workers: it has loaded everything once, and forks a child for each task.

Run as `python -m cosmodrome.web.parent [--warm]`. It reads lines of JSON and writes lines of
JSON, the catalogue first; a child writes its words of progress into the same pipe,
whole lines shorter than a pipe's atomic write. When its standard input ends, so do
all its children.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import selectors
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

__all__ = ["END_FILE", "main"]

END_FILE: Final = ".end.json"
"""What a child leaves in its task's folder: how it ended."""

PRELOADED: Final = (
    "cosmodrome.campaign.checking",
    "cosmodrome.campaign.payload_map",
    "cosmodrome.campaign.plan",
    "cosmodrome.campaign.plan_interval",
    "cosmodrome.mission.mission_file",
    "cosmodrome.orbit.passes",
    "cosmodrome.prompt.answer",
    "cosmodrome.prompt.exporting",
    "cosmodrome.prompt.orbit_source",
    "cosmodrome.report.folder",
    "cosmodrome.report.page",
    "cosmodrome.verify.fly",
    "cosmodrome.web.doors",
    "cosmodrome.web.quick",
    "cosmodrome.web.work",
    "pandas",
    "pyarrow.parquet",
)
WARMED: Final = ("angara-1.2", "vostochny", "200 km 51.7 deg")
"""Planned once before the first task; the answer is dropped."""

_PR_SET_PDEATHSIG: Final = 1


@dataclass(slots=True)
class _Child:
    task: str
    ends_at: float
    late: bool = False
    stopped: bool = False


def main() -> None:
    """Serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    events = os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    os.set_inheritable(events, False)
    # First what the page cannot be drawn without; the rest takes several times as long.
    from cosmodrome.web.known import catalogue

    _say(events, {"catalogue": catalogue()})
    _preload(warm="--warm" in sys.argv[1:])
    _say(events, {"ready": True})
    _Parent(events).serve()


def _preload(*, warm: bool) -> None:
    """Load what tasks need; warm also what loads itself only when a plan is made.

    Nothing is done here that starts a thread: a child would inherit its locks, not it.
    """
    from importlib import import_module

    for name in PRELOADED:
        import_module(name)
    if warm:
        from cosmodrome.prompt import mission_from, sheet_from
        from cosmodrome.prompt.solving import solved
        from cosmodrome.report.page import report_html

        sheet = sheet_from(WARMED[0])
        mission = mission_from(sheet, *WARMED[1:])
        report_html(solved(mission, {"sheet": sheet}, lambda _text, _share: None))
    # What is here now is here for good: a child that looked through it for what can go
    # would copy every page of it.
    gc.collect()
    gc.freeze()


def _say(events: int, word: dict[str, Any]) -> None:
    rest = json.dumps(word).encode() + b"\n"
    while rest:
        rest = rest[os.write(events, rest) :]


class _Parent:
    """Tasks in, children out."""

    def __init__(self, events: int) -> None:
        self.events = events
        self.children: dict[int, _Child] = {}
        self.wake, waker = os.pipe()
        for end in (self.wake, waker):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def serve(self) -> None:
        selector = selectors.DefaultSelector()
        selector.register(0, selectors.EVENT_READ)
        selector.register(self.wake, selectors.EVENT_READ)
        rest = b""
        while True:
            for key, _ in selector.select(self._patience()):
                chunk = _drained(key.fd)
                if key.fd != 0:
                    continue
                if not chunk:
                    self._leave()
                    return
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    self._heed(json.loads(line))
            self._late()
            self._reap()

    def _patience(self) -> float | None:
        if not self.children:
            return None
        return max(min(one.ends_at for one in self.children.values()) - time.monotonic(), 0.05)

    def _heed(self, word: dict[str, Any]) -> None:
        if "stop" in word:
            for pid, child in self.children.items():
                if child.task == word["stop"]:
                    child.stopped = True
                    _kill(pid)
            return
        pid = os.fork()
        if pid == 0:
            _live(word, self.events)
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)  # on both sides: whoever comes first
        self.children[pid] = _Child(word["task"], time.monotonic() + word["seconds"])

    def _late(self) -> None:
        for pid, child in self.children.items():
            if time.monotonic() >= child.ends_at and not child.late:
                child.late = True
                _kill(pid)

    def _reap(self) -> None:
        for pid in list(self.children):
            gone, status = os.waitpid(pid, os.WNOHANG)
            if not gone:
                continue
            child = self.children.pop(pid)
            _kill(pid)  # whatever it has left behind
            said = {"task": child.task, "code": os.waitstatus_to_exitcode(status)}
            _say(self.events, said | {"late": child.late, "stopped": child.stopped})

    def _leave(self) -> None:
        for pid in self.children:
            _kill(pid)
        for pid in self.children:
            os.waitpid(pid, 0)


def _drained(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except BlockingIOError:
        return b""


def _kill(pid: int) -> None:
    """A child and all that it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _live(word: dict[str, Any], events: int) -> NoReturn:
    """A child's life: one task, told and done; nothing of it comes back but an exit code."""
    code = 1
    try:
        with contextlib.suppress(OSError):
            os.setpgid(0, 0)
        _die_with_parent()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        os.nice(int(word.get("nice", 0)))
        from cosmodrome.web.work import work

        code = work(word, _teller(word["task"], events))
    except BaseException:  # noqa: BLE001 - a child never returns into its parent's code
        code = 1
    finally:
        os._exit(code)


def _die_with_parent() -> None:
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _teller(task: str, events: int) -> Any:
    """Progress, at most ten words a second, each a line that a pipe takes whole."""
    last, owner = 0.0, os.getpid()

    def tell(text: str, share: float) -> None:
        nonlocal last
        now = time.monotonic()
        if os.getpid() != owner or now - last < 0.1:
            return
        last = now
        part = share if 0.0 <= share <= 1.0 else 0.0
        _say(events, {"task": task, "text": text[:300], "share": part})

    return tell


def left_over(folder: Path) -> dict[str, Any] | None:
    """What a child wrote at its end, None where it did not come to that."""
    try:
        found = json.loads((folder / END_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


if __name__ == "__main__":
    main()
