"""A server of one's own: a real process on a free port, in a store of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

TOKEN = "a-token-for-tests"  # noqa: S105 - of a server that lives as long as a test
OPEN = ("queued", "running", "stopping")
START = """
import json, sys
from pathlib import Path
from cosmodrome.web.limits import Limits
from cosmodrome.web.serving import Asked, serve
store, port, limits, more = json.loads(sys.argv[1])
asked = Asked(store=Path(store), port=port, token=sys.argv[2],
              limits=Limits(**limits), **{"warm": False, **more})
serve(asked, lambda address, remark: print(address, flush=True))
"""


@dataclass
class Reply:
    """What came back."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> dict[str, Any]:
        found: dict[str, Any] = self.json["error"]
        return found


@dataclass
class Client:
    """A server's address, and requests to it."""

    process: subprocess.Popen[str]
    address: str
    store: Path
    port: int = field(init=False)

    def __post_init__(self) -> None:
        self.port = int(self.address.split(":")[2].split("/")[0])

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        bearer: bool = True,
        patience_s: float = 90.0,
    ) -> Reply:
        said = {"Authorization": f"Bearer {TOKEN}"} if bearer else {}
        content = None
        if body is not None:
            said["Content-Type"] = "application/json"
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=patience_s)
        try:
            connection.request(method, path, content, said | (headers or {}))
            answer = connection.getresponse()
            found = {key.lower(): value for key, value in answer.getheaders()}
            return Reply(answer.status, answer.read(), found)
        finally:
            connection.close()

    def get(self, path: str, **more: Any) -> Reply:
        return self.ask("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Reply:
        return self.ask("POST", path, {} if body is None else body, **more)

    def delete(self, path: str, confirmed: bool = True) -> Reply:
        said = {"X-Confirm-Delete": path.rsplit("/", 1)[1]} if confirmed else {}
        return self.ask("DELETE", path, headers=said)

    def add(self, kind: str, **question: Any) -> dict[str, Any]:
        reply = self.post("/api/v1/jobs", {"kind": kind, "question": question})
        assert reply.status == 201, reply.body
        found: dict[str, Any] = reply.json
        return found

    def job(self, ident: str) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/api/v1/jobs/{ident}").json
        return found

    def until(
        self, ident: str, wanted: Callable[[dict[str, Any]], bool], patience_s: float = 120.0
    ) -> dict[str, Any]:
        ends = time.monotonic() + patience_s
        while time.monotonic() < ends:
            found = self.job(ident)
            if wanted(found):
                return found
            time.sleep(0.05)
        raise AssertionError(f"still {found['state']}: {found['progress']}")

    def done(self, kind: str, **question: Any) -> dict[str, Any]:
        return self.until(self.add(kind, **question)["id"], lambda one: one["state"] not in OPEN)

    def hand_in(self, name: str, text: str) -> Reply:
        return self.post("/api/v1/files", {"name": name, "text": text})

    def alive(self) -> bool:
        return self.process.poll() is None and self.get("/api/v1/session").status == 200

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


Begin = Callable[..., Client]


def begun(store: Path, limits: dict[str, Any], port: int = 0, **more: Any) -> Client:
    words = json.dumps([str(store), port, limits, more])
    process = subprocess.Popen(
        [sys.executable, "-c", START, words, TOKEN], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address.startswith("http://"), "the server did not start"
    return Client(process, address, store)


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Start a server; it ends with the test."""
    clients: list[Client] = []

    def start(store: Path, limits: dict[str, Any] | None = None, **more: Any) -> Client:
        clients.append(begun(store, limits or {}, **more))
        return clients[-1]

    yield start
    for client in clients:
        client.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """One server for all tests that leave it as it was."""
    client = begun(tmp_path_factory.mktemp("store"), {"map_cells": 400})
    yield client
    client.close()


@pytest.fixture(scope="session")
def flown(server: Client) -> dict[str, Any]:
    """A plan that is done: Angara-1.2 from Vostochny to 200 km."""
    found = server.done("plan", vehicle="angara-1.2", site="vostochny", orbit="200 km 51.7 deg")
    assert found["state"] == "done", found
    return found
