"""Make the pictures of the page for the README, with the page as it is built.

    python tools/make_screenshots.py docs

Starts a server in a store of its own, asks the newcomer's question in a real
browser and takes pictures of what comes: page-plan.png (the answer on the
globe), page-flight.png (plots and tables), page-vehicles.png (the vehicles and
the question, in the dark). Needs the built page (`make web`), Chromium and
playwright; without one of them it says so and leaves the old pictures.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "src" / "cosmodrome" / "web" / "page" / "index.html"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--hide-scrollbars",
]
SERVE = "import sys; from cosmodrome.cli.serve import serve; sys.exit(serve(sys.argv[1:]))"
TOKEN = "for-the-pictures"  # noqa: S105 - of a server that lives a minute
SIZE = {"width": 1200, "height": 900}
PATIENCE_MS = 180_000


def missing() -> str | None:
    """What this machine lacks, in words, or None."""
    if not PAGE.is_file():
        return "the page is not built: make web"
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed"
    if not any(shutil.which(name) for name in BROWSERS):
        return "no Chromium is installed"
    return None


@contextmanager
def server() -> Iterator[str]:
    """The address of a server that ends with the block."""
    with tempfile.TemporaryDirectory() as store:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, "--port", "0", "--store", store, "--quiet"],
            env=os.environ | {"COSMODROME_TOKEN": TOKEN},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            process.wait(timeout=30)


def opened(engine: Any, address: str, scheme: str) -> Any:
    """The page, with its globe drawn."""
    page = engine.new_context(viewport=SIZE, color_scheme=scheme).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    page.wait_for_selector("html[data-page=ready]", state="attached")
    page.wait_for_selector("html[data-globe=drawn]", state="attached")
    return page


def take(engine: Any, address: str, folder: Path) -> None:
    """All pictures."""
    page = opened(engine, address, "light")
    page.get_by_role("button", name="Plan the launch").click()
    page.wait_for_selector("html[data-flight=drawn]", state="attached")
    page.get_by_role("button", name="Work out the drop zones").click()
    page.get_by_text("fairing x2").wait_for()
    page.get_by_role("button", name="urm-1 separation").click()
    page.locator(".columns").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('.columns').scrollIntoView()")
    page.wait_for_timeout(1500)
    page.screenshot(path=folder / "page-plan.png")
    page.evaluate("document.querySelector('.plots').parentElement.scrollIntoView()")
    page.wait_for_selector("#plot-pitch .main-svg")
    page.wait_for_timeout(1500)
    page.locator(".plots").screenshot(path=folder / "page-flight.png")
    page = opened(engine, address, "dark")
    page.get_by_label("Orbit as text").fill("sso 500 km ltan 10:30")
    page.get_by_text("Within reach.").wait_for()
    page.wait_for_timeout(1500)
    page.screenshot(path=folder / "page-vehicles.png")


def main() -> int:
    """Take the pictures, or say why not."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs")
    reason = missing()
    if reason:
        print(f"{reason}; the pictures in {folder} are left as they are")
        return 0
    from playwright.sync_api import sync_playwright

    program = next(found for name in BROWSERS if (found := shutil.which(name)))
    with server() as address, sync_playwright() as play:
        engine = play.chromium.launch(executable_path=program, args=FLAGS)
        take(engine, address, folder)
        engine.close()
    for picture in sorted(folder.glob("page-*.png")):
        print(f"{picture}: {picture.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
