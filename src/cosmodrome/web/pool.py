"""The server's hold on its workers: tasks go in, words of progress and ends come out."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, Final

__all__ = ["Pool"]

Listener = Callable[[dict[str, Any]], None]
_BREATH_S: Final = 1.0


class Pool:
    """A parent process of workers, started again where it dies.

    Parameters
    ----------
    listener : callable(event)
        Called in a thread of its own: {"catalogue": of `known`}, at every start;
        {"ready": True}; {"task", "text", "share"};
        {"task", "code", "late", "stopped"} at an end; {"lost": [tasks]} where
        the parent itself died.
    warm : bool, whether it makes a plan before the first task, so that none waits for it
    """

    def __init__(self, listener: Listener, *, warm: bool = True) -> None:
        self._listener, self._warm = listener, warm
        self._guard = threading.Lock()
        self._under_way: set[str] = set()
        self._closed = False
        self._process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "cosmodrome.web.parent", *(["--warm"] if self._warm else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        threading.Thread(target=self._listen, args=(process,), daemon=True).start()
        return process

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            word = json.loads(line)
            if "code" in word:
                with self._guard:
                    self._under_way.discard(word["task"])
            self._listener(word)
        process.wait()
        if not self._closed:
            time.sleep(_BREATH_S)  # where it cannot even start, not in a flurry
        with self._guard:
            if self._closed:
                return
            lost, self._under_way = sorted(self._under_way), set()
            self._process = self._started()
        self._listener({"lost": lost})

    def give(self, task: str, *, seconds: float, nice: int = 0, **asked: Any) -> None:
        """Have a task done by a worker of its own, within some seconds."""
        with self._guard:
            self._under_way.add(task)
            self._send({"task": task, "seconds": seconds, "nice": nice, **asked})

    def stop(self, task: str) -> None:
        """End a task at once, with everything it has started."""
        with self._guard:
            self._send({"stop": task})

    def _send(self, word: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        # Where the parent has died the listener tells what was lost.
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(json.dumps(word).encode() + b"\n")
            self._process.stdin.flush()

    def close(self) -> None:
        """End everything."""
        with self._guard:
            self._closed = True
            assert self._process.stdin is not None
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        try:
            self._process.wait(5.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
