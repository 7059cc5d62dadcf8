"""The page in a real browser: a server in a store of its own, and Chromium.

Every address that is not the server's own is cut off, and kept in a list, so
that a request to the outside fails the test that looks at the list.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "src" / "cosmodrome" / "web" / "page" / "index.html"
TOKEN = "a-token-for-the-browser"  # noqa: S105 - of a server that lives as long as the tests
SERVE = "import sys; from cosmodrome.cli.serve import serve; sys.exit(serve(sys.argv[1:]))"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Drawn by the processor: the same pictures on every machine, graphics card or not.
FLAGS = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
# A browser without WebGL: drawing the globe is most of a page's work.
NO_GLOBE = """
const given = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return kind.startsWith("webgl") ? null : given.call(this, kind, ...more);
};
"""
DESK = {"width": 1280, "height": 900}
PATIENCE_MS = 120_000
"""For a machine that is busy with other things; what has a limit is measured by itself."""


@dataclass
class Served:
    """A running server."""

    process: subprocess.Popen[str]
    base: str
    store: Path

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """A request past the browser, answered in JSON."""
        port = int(self.base.rsplit(":", 1)[1])
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            said = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
            content = None if body is None else json.dumps(body)
            connection.request(method, f"/api/v1/{path}", content, said)
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status < 400, text
            return json.loads(text) if text else None
        finally:
            connection.close()


@dataclass
class Visit:
    """A page, what it asked for outside, and what went wrong in it."""

    page: Any
    outside: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def start(store: Path) -> Served:
    """A server on a free port."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, "--port", "0", "--store", str(store), "--quiet"],
        env=os.environ | {"COSMODROME_TOKEN": TOKEN},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address, "the server said nothing"
    return Served(process, address.split("/?")[0], store)


def end(served: Served) -> None:
    """Stop a server as Ctrl-C does, or at once where that does not help."""
    served.process.terminate()
    try:
        served.process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        served.process.kill()
        served.process.wait(timeout=15)
    if served.process.stdout is not None:
        served.process.stdout.close()


@pytest.fixture(scope="session")
def _built() -> None:
    """The page as it is shipped; the test is skipped where it is not built."""
    if not PAGE.is_file():
        pytest.skip("the page is not built: make web")


@pytest.fixture(scope="session")
def server(_built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all tests of the page."""
    served = start(tmp_path_factory.mktemp("store"))
    yield served
    end(served)


@pytest.fixture(scope="session")
def browser(_built: None) -> Iterator[Any]:
    """One Chromium for all of them."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("no Chromium is installed")
    with playwright.sync_playwright() as engine:
        opened = engine.chromium.launch(executable_path=program, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Any, server: Served) -> Iterator[Callable[..., Visit]]:
    """Opens the page with the server's key; every page ends with the test."""
    contexts = []

    def go(path: str = "", *, globe: bool = False, **look: Any) -> Visit:
        context = browser.new_context(**({"viewport": DESK} | look))
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        if not globe:
            context.add_init_script(NO_GLOBE)
        made = Visit(context.new_page())

        def gate(route: Any) -> None:
            made.outside.append(route.request.url)
            route.abort()

        # Only what goes outside comes by here: what the page asks of its own server is
        # not held up by a test that is busy.
        context.route(re.compile(rf"^(?!{re.escape(server.base)}|data:|blob:)"), gate)
        made.page.on("pageerror", lambda error: made.faults.append(str(error)))
        made.page.on(
            "console",
            lambda said: made.faults.append(said.text) if said.type == "error" else None,
        )
        made.page.goto(f"{server.base}/?token={TOKEN}")
        made.page.wait_for_selector("html[data-page=ready]", state="attached")
        if path:
            made.page.evaluate("to => { location.hash = to }", path)
        return made

    yield go
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def planned(server: Served) -> dict[str, Any]:
    """A finished plan of Angara-1.2, made once, as the newcomer's is."""
    question = {"vehicle": "angara-1.2", "site": "vostochny", "orbit": "200 km 51.7 deg"}
    job = server.api("POST", "jobs", {"kind": "plan", "question": question})
    return _finished(server, job["id"])


@pytest.fixture(scope="session")
def finished(server: Served) -> Callable[[str], dict[str, Any]]:
    """Waits for a job to come to its end."""
    return lambda ident: _finished(server, ident)


def _finished(server: Served, ident: str) -> dict[str, Any]:
    revision, until = 1, time.monotonic() + PATIENCE_MS / 1e3
    while time.monotonic() < until:
        job: dict[str, Any] = server.api("GET", f"jobs/{ident}")
        if job["state"] in ("done", "refused", "failed", "stopped"):
            return job
        revision = server.api("GET", f"changes?after={revision}&wait_s=20")["revision"]
    raise AssertionError(f"{job['title']} did not end: {job['progress']}")


@pytest.fixture(scope="session")
def faults(repository: Path) -> Callable[[Any], list[str]]:
    """What is seriously wrong for people with a disability, one line each.

    The checker comes with the page's own development packages.
    """
    script = repository / "web" / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        pytest.skip("axe-core is not installed: make web")
    axe = script.read_text("utf-8")

    def look(page: Any) -> list[str]:
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        return [
            f"{one['id']}: {one['help']}: {[node['target'] for node in one['nodes'][:4]]}"
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]

    return look


DROP = """([name, text]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([text], name));
  for (const kind of ["dragover", "drop"]) {
    document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true }));
  }
}"""


@pytest.fixture
def drop() -> Callable[[Any, str, str], None]:
    """Drops a file on a page, as a hand does from a folder."""

    def dropped(page: Any, name: str, text: str) -> None:
        page.evaluate(DROP, [name, text])

    return dropped


COUNT = """async ([base64, colour, within]) => {
  const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const brush = canvas.getContext("2d");
  brush.drawImage(picture, 0, 0);
  const { data } = brush.getImageData(0, 0, picture.width, picture.height);
  const wanted = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (wanted.every((part, k) => Math.abs(part - data[i + k]) <= within)) count += 1;
  }
  return count;
}"""


@pytest.fixture
def pixels(browser: Any) -> Callable[..., int]:
    """Counts the pixels of a picture that have a colour: what is drawn, not what is meant."""

    def count(png: bytes, colour: str, within: int = 24) -> int:
        page = browser.new_page()
        try:
            said = base64.b64encode(png).decode()
            return int(page.evaluate(COUNT, [said, colour, within]))
        finally:
            page.close()

    return count
