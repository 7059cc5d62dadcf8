"""Make the picture of the page for the README, with the page as it is built.

    python tools/make_screenshots.py docs

Asks the newcomer's question in a real browser, of a server in a store of its own, and
takes a picture of what comes: page-plan.png, the answer on the globe. Server and
browser are those of the tests (tests/doors/browser/conftest.py). Needs the built page
(`make web`), Chromium and playwright; without one of them it says so and leaves the
old picture.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests" / "doors" / "browser" / "conftest.py"
SIZE = {"width": 1200, "height": 900}
PATIENCE_MS = 180_000


def tests_own() -> Any:
    """What the tests of the page start a server and a browser with."""
    spec = importlib.util.spec_from_file_location("browser_tests", TESTS)
    assert spec is not None
    assert spec.loader is not None
    found = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def missing(tests: Any) -> str | None:
    """What this machine lacks, in words, or None."""
    if not tests.PAGE.is_file():
        return "the page is not built: make web"
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed"
    if not any(shutil.which(name) for name in tests.BROWSERS):
        return "no Chromium is installed"
    return None


def take(engine: Any, address: str, place: Path) -> None:
    """The question asked, and the picture of its answer."""
    page = engine.new_context(viewport=SIZE, color_scheme="light").new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    page.wait_for_selector("html[data-page=ready]", state="attached")
    page.wait_for_selector("html[data-globe=drawn]", state="attached")
    page.get_by_role("button", name="Plan the launch").click()
    page.wait_for_selector("html[data-flight=drawn]", state="attached")
    page.get_by_role("button", name="Work out the drop zones").click()
    page.get_by_text("fairing x2").wait_for()
    page.get_by_role("button", name="urm-1 separation").click()
    page.evaluate("document.querySelector('.columns').scrollIntoView()")
    page.wait_for_timeout(1500)
    page.screenshot(path=place)


def main() -> int:
    """Take the picture, or say why not."""
    place = Path(sys.argv[1] if len(sys.argv) > 1 else "docs") / "page-plan.png"
    tests = tests_own()
    reason = missing(tests)
    if reason:
        print(f"{reason}; {place} is left as it is")
        return 0
    from playwright.sync_api import sync_playwright

    program = next(found for name in tests.BROWSERS if (found := shutil.which(name)))
    flags = [*tests.FLAGS, "--hide-scrollbars"]
    with tempfile.TemporaryDirectory() as store, sync_playwright() as play:
        served = tests.start(Path(store))
        try:
            engine = play.chromium.launch(executable_path=program, args=flags)
            take(engine, f"{served.base}/?token={tests.TOKEN}", place)
            engine.close()
        finally:
            tests.end(served)
    print(f"{place}: {place.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
