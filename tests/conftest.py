"""What every test shares: the reference data beside the repository, and a list of skips."""

from __future__ import annotations

import importlib.util
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples every time: a run is repeatable, and so is its failure. No deadline:
# a busy machine is not a defect.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT.parent / "shared" / "reference"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def missing(need: str) -> str | None:
    """What this machine lacks for a marker, in words, or None."""
    if need == "needs_shared" and not REFERENCE.is_dir():
        return "the reference data ../shared/reference is not here"
    if need == "needs_java":
        if shutil.which("java") is None:
            return "java is not installed"
        if importlib.util.find_spec("orekit_jpype") is None:
            return "orekit-jpype is not installed"
    if need == "needs_chromium" and not any(shutil.which(name) for name in BROWSERS):
        return "no Chromium is installed"
    return None


def pytest_runtest_setup(item: pytest.Item) -> None:
    for need in ("needs_shared", "needs_java", "needs_chromium"):
        reason = missing(need) if item.get_closest_marker(need) else None
        if reason:
            pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_reference() -> Path:
    """The folder of published figures; the test is skipped where it is missing."""
    reason = missing("needs_shared")
    if reason:
        pytest.skip(reason)
    return REFERENCE


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the working copy."""
    return ROOT


def _reasons(reports: list[pytest.TestReport]) -> Iterator[tuple[str, str]]:
    for report in reports:
        text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        yield text.removeprefix("Skipped: "), report.nodeid


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was not run, and why."""
    grouped: dict[str, list[str]] = defaultdict(list)
    for reason, name in _reasons(terminalreporter.stats.get("skipped", [])):
        grouped[reason].append(name)
    left_out = len(terminalreporter.stats.get("deselected", []))
    if left_out:
        terminalreporter.write_line(f"{left_out} slow tests left out; `make test-all` runs them")
    if not grouped:
        terminalreporter.write_line("nothing was skipped")
    for reason, names in sorted(grouped.items()):
        terminalreporter.write_line(f"skipped {len(names)}: {reason}")
        for name in names:
            terminalreporter.write_line(f"    {name}")
