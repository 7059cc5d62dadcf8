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


@pytest.mark.slow
def test_a_slow_answer_does_not_take_the_place_of_the_one_that_is_shown(
    visit: Go, server: Any, finished: End
) -> None:
    slow, quick = (
        server.api("POST", "jobs", {"kind": "eclipses", "question": {"orbit": text}})["id"]
        for text in ("601 km 41 deg", "602 km 42 deg")
    )
    finished(slow)
    finished(quick)
    page = visit().page
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    page.route(f"**/api/v1/jobs/{slow}", hold)
    page.evaluate("to => { location.hash = to }", f"#/run/{slow}")
    while not held:
        page.wait_for_timeout(50)
    page.evaluate("to => { location.hash = to }", f"#/run/{quick}")
    page.locator(".head .mission", has_text="602 km 42 deg").wait_for()
    held[0].fallback()
    page.wait_for_timeout(1000)
    assert "602 km 42 deg" in page.locator(".head .mission").inner_text()
    assert page.get_by_label("Orbit as text").input_value() == "602 km 42 deg"
    assert "602 km 42 deg" in page.title()


@pytest.mark.slow
def test_an_answer_that_cannot_be_fetched_is_a_fault_in_words(
    visit: Go, planned: dict[str, Any]
) -> None:
    made = visit(f"#/run/{planned['id']}")
    page = made.page
    button = page.get_by_role("button", name="Estimate the lifetime")
    button.wait_for()
    page.route("**/api/v1/jobs/*/result", lambda route: route.abort())
    button.click()
    page.locator(".job-place .fault", has_text="The server does not answer.").wait_for()
    # Nothing but what the browser itself says of a request that was cut off.
    assert [one for one in made.faults if "ERR_FAILED" not in one] == []
    page.evaluate("location.hash = '#/plan'")
    page.reload()
    page.wait_for_selector("html[data-page=ready]", state="attached")
    page.evaluate("to => { location.hash = to }", f"#/run/{planned['id']}")
    page.locator(".head .fault", has_text="The server does not answer.").wait_for()


LONG = {"vehicle": "angara-1.2", "sites": ["vostochny"], "altitudes": "200:1000:50"}


@pytest.mark.slow
def test_a_change_outside_a_search_is_heard_of(visit: Go, server: Any, finished: End) -> None:
    question = LONG | {"inclinations": "51.7:91.7:10"}
    run = server.api("POST", "jobs", {"kind": "map", "question": question})["id"]
    page = visit(f"#/run/{run}").page
    page.locator(".head .progress").wait_for()
    page.route("**/api/v1/changes*", lambda route: route.abort())
    page.evaluate("location.hash = '#/runs'")
    page.wait_for_selector("html[data-server=gone]", state="attached")
    server.api("POST", f"jobs/{run}/stop", {})
    assert finished(run)["state"] == "stopped"
    page.wait_for_timeout(1500)
    page.get_by_label("Search in the runs").fill("nothing is called so")
    page.get_by_text("No run matches.").wait_for()
    page.unroute("**/api/v1/changes*")
    page.locator(".head .fault", has_text="Stopped.").wait_for(state="attached")


@pytest.mark.slow
def test_a_run_that_was_deleted_unheard_leaves_the_list(
    visit: Go, server: Any, finished: End
) -> None:
    job = server.api("POST", "jobs", {"kind": "eclipses", "question": {"orbit": "603 km 43 deg"}})
    finished(job["id"])
    page = visit("#/runs").page
    row = page.locator(f"li[data-job='{job['id']}']")
    row.wait_for()
    page.route("**/api/v1/changes*", lambda route: route.abort())
    page.wait_for_selector("html[data-server=gone]", state="attached")
    other = visit("#/runs").page
    other.locator(f"li[data-job='{job['id']}']").get_by_role("button", name="Delete").click()
    other.get_by_role("button", name="Delete it").click()
    other.locator(f"li[data-job='{job['id']}']").wait_for(state="detached")
    told = {"revision": server.api("GET", "jobs")["revision"], "jobs": [], "deleted": []}

    def forgotten(route: Any) -> None:
        route.fulfill(json=told | {"reset": True})
        page.unroute("**/api/v1/changes*")

    page.unroute("**/api/v1/changes*")
    page.route("**/api/v1/changes*", forgotten)
    row.wait_for(state="detached")


def test_the_list_leaves_the_focus_where_it_is(visit: Go, server: Any, finished: End) -> None:
    job = server.api("POST", "jobs", {"kind": "eclipses", "question": {"orbit": "604 km 44 deg"}})
    finished(job["id"])
    page = visit("#/runs").page
    row = page.locator(f"li[data-job='{job['id']}']")
    row.wait_for()
    row.get_by_role("link").focus()
    question = LONG | {"inclinations": "51.7:91.7:5"}
    other = server.api("POST", "jobs", {"kind": "map", "question": question})["id"]
    page.locator(f"li[data-job='{other}'] .outcome", has_text="%").wait_for()
    assert row.get_by_role("link").evaluate("one => one === document.activeElement")
    # A row that changes its kind keeps the focus in itself; one that goes hands it on.
    page.locator(f"li[data-job='{other}']").get_by_role("button", name="Stop").press("Enter")
    page.locator(f"li[data-job='{other}'].stopped").wait_for()
    within = "one => one.contains(document.activeElement)"
    assert page.locator(f"li[data-job='{other}']").evaluate(within)
    page.locator(f"li[data-job='{other}']").get_by_role("button", name="Delete").press("Enter")
    page.get_by_role("button", name="Delete it").press("Enter")
    page.locator(f"li[data-job='{other}']").wait_for(state="detached")
    page.wait_for_timeout(300)
    assert page.locator("ul.runs").evaluate(within)


@pytest.mark.parametrize(
    ("kind", "more", "title", "rows"),
    [
        ("eclipses", {"days": 1}, "eclipses", "eclipses"),
        ("passes", {"days": 1, "stations": ["svalbard"]}, "Passes over ground stations", "passes"),
        ("propagate", {"days": 0.01, "step_s": 100}, "orbit", "states"),
    ],
)
def test_a_run_that_is_opened_shows_what_it_found(
    visit: Go, server: Any, finished: End, kind: str, more: dict[str, Any], title: str, rows: str
) -> None:
    question = {"orbit": "500 km 97.4 deg"} | more
    job = finished(server.api("POST", "jobs", {"kind": kind, "question": question})["id"])
    found = server.api("GET", f"jobs/{job['id']}/result")[rows]
    page = visit(f"#/run/{job['id']}").page
    table = page.get_by_role("region", name=title, exact=True)
    table.wait_for()
    most = 20 if kind == "passes" else 12
    assert table.locator("tbody tr").count() == min(len(found), most) > 0
    assert page.get_by_text(f"{len(found) - most} more").is_visible() == (len(found) > most)
    assert page.get_by_role("button", name="Copy as command").is_visible()
    assert page.get_by_role("link", name="result.json").count() == 1


def test_what_was_asked_about_a_plan_stands_beside_its_question(
    visit: Go, server: Any, planned: dict[str, Any]
) -> None:
    job = server.api("POST", "jobs", {"kind": "dropzones", "question": {"run": planned["id"]}})
    page = visit().page
    page.get_by_label("Orbit as text").fill("333 km 70 deg")
    page.evaluate("to => { location.hash = to }", f"#/run/{job['id']}")
    page.locator(".head .mission, .head .progress").first.wait_for()
    page.wait_for_timeout(500)
    assert page.get_by_label("Orbit as text").input_value() == planned["question"]["orbit"]
