"""Jobs on the page: stopped, found again after a reload, searched, deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.needs_chromium

Go = Callable[..., Any]
End = Callable[[str], dict[str, Any]]


def test_a_job_is_stopped_and_still_there_after_a_reload(visit: Go, finished: End) -> None:
    page = visit().page
    page.get_by_role("radio", name="A payload map").check()
    page.get_by_label("Altitudes").fill("200:1000:50")
    page.get_by_role("button", name="Draw the map").click()
    progress = page.locator(".progress")
    progress.wait_for()
    ident = progress.get_attribute("data-job")
    page.reload()
    page.locator(f".progress[data-job='{ident}']").wait_for()
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Stopped.").wait_for()
    assert finished(str(ident))["state"] == "stopped"
    assert page.get_by_role("button", name="Go on").is_visible()


def test_a_run_is_searched_and_deleted_only_when_sure(
    visit: Go, server: Any, finished: End
) -> None:
    job = server.api("POST", "jobs", {"kind": "eclipses", "question": {"orbit": "555 km 33 deg"}})
    finished(job["id"])
    page = visit("#/runs").page
    page.get_by_label("Search in the runs").fill("555 km 33 deg")
    row = page.locator(f"li[data-job='{job['id']}']")
    row.wait_for()
    row.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Keep it").click()
    assert row.is_visible()
    row.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete it").click()
    row.wait_for(state="detached")
    assert server.api("GET", "jobs?search=555%20km%2033%20deg")["total"] == 0
    page.get_by_text("No run matches.").wait_for()


def test_a_run_that_is_gone_is_said_so(visit: Go) -> None:
    page = visit("#/run/0123456789ab").page
    page.get_by_text("There is no such run.").wait_for()
