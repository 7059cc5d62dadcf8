"""What the form asks is what it shows: nothing chosen is lost, and nothing left over is asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.needs_chromium

Go = Callable[..., Any]
Drop = Callable[[Any, str, str], None]
MORE = "Launch time, options, limits"
NO_WORK = {
    "error": {
        "kind": "busy",
        "message": "not now",
        "file": None,
        "key": None,
        "value": None,
        "allowed": None,
    }
}


@pytest.fixture
def question_of() -> Callable[[Any, str], tuple[str, dict[str, Any]]]:
    """Presses a button and gives what was asked by it; nothing is worked on."""

    def pressed(page: Any, button: str) -> tuple[str, dict[str, Any]]:
        def keep(route: Any) -> None:
            if route.request.method != "POST":
                route.fallback()
                return
            content = json.dumps(NO_WORK)
            route.fulfill(status=503, content_type="application/json", body=content)

        page.route("**/api/v1/jobs", keep)
        with page.expect_request(
            lambda one: one.url.endswith("/api/v1/jobs") and one.method == "POST"
        ) as waiting:
            page.get_by_role("button", name=button).click()
        asked = waiting.value.post_data_json
        page.unroute("**/api/v1/jobs", keep)
        return asked["kind"], asked["question"]

    return pressed


Asked = Callable[[Any, str], tuple[str, dict[str, Any]]]


def test_the_vehicle_chosen_after_a_search_is_the_one_that_is_asked(
    visit: Go, question_of: Asked
) -> None:
    page = visit().page
    # One that stands before it in the catalogue is chosen, and is then filtered away.
    assert page.locator(".strip input:checked").get_attribute("value") == "angara-1.2"
    page.get_by_label("Find a vehicle by name").fill("electron")
    page.get_by_role("radio", name="Electron").first.check(force=True)
    chosen = page.get_by_role("radio", name="Electron").first.get_attribute("value")
    assert question_of(page, "Plan the launch")[1]["vehicle"] == chosen
    page.get_by_label("Find a vehicle by name").fill("")
    assert page.locator(".strip input:checked").count() == 1
    assert page.locator(".strip input:checked").get_attribute("value") == chosen
    assert question_of(page, "Plan the launch")[1]["vehicle"] == chosen


def test_a_payload_is_flown_with_a_mission_file_too(
    visit: Go, drop: Drop, question_of: Asked, repository: Path
) -> None:
    page = visit().page
    drop(page, "m.toml", (repository / "examples" / "angara-vostochny.toml").read_text("utf-8"))
    page.get_by_text("The mission file is planned as it is").wait_for()
    page.get_by_role("radio", name="The flight of a payload").check()
    page.get_by_label("Payload, kg").fill("1000")
    kind, asked = question_of(page, "Fly this payload")
    assert (kind, asked["payload_kg"]) == ("plan", 1000)
    assert "mission" in asked
    for name in ("Whether a claim holds", "A payload map", "When to launch"):
        assert page.get_by_role("radio", name=name).is_disabled()
    page.get_by_role("button", name="Leave the file, use the fields").click()
    assert page.get_by_role("radio", name="Whether a claim holds").is_enabled()


def stopped(server: Any, kind: str, **question: Any) -> str:
    """A job that need not be worked on: only its question is wanted."""
    job = server.api("POST", "jobs", {"kind": kind, "question": question})
    server.api("POST", f"jobs/{job['id']}/stop", {})
    return str(job["id"])


def open_run(page: Any, ident: str) -> None:
    page.evaluate("to => { location.hash = to }", f"#/run/{ident}")
    page.wait_for_selector(f"#answer[data-job='{ident}']", state="attached")
    page.locator(".head .fault, .head .progress, .head .headline").first.wait_for()


def test_a_run_brings_its_whole_question_back_and_nothing_else(
    visit: Go, server: Any, question_of: Asked
) -> None:
    first = {
        "vehicle": "falcon-9-ft",
        "site": "cape-canaveral",
        "orbit": "300 km 40 deg",
        "payload_kg": 4000,
        "reserve_m_s": 55,
        "recovery": "barge",
        "epoch_utc": "2029-01-02T03:00:00Z",
    }
    second = {"vehicle": "angara-1.2", "site": "plesetsk", "orbit": "400 km 63 deg"}
    third = {
        "site": "vostochny",
        "orbit": "sso 500 km ltan 10:30",
        "start_utc": "2030-05-06T00:00:00Z",
        "days": 3,
    }
    runs = [
        stopped(server, "plan", **first),
        stopped(server, "plan", **second, riders="none"),
        stopped(server, "windows", **third),
        stopped(server, "plan", **second),
    ]
    page = visit().page
    page.get_by_text(MORE).click()
    page.get_by_label("Dynamic pressure, kPa").fill("20")
    open_run(page, runs[0])
    kind, asked = question_of(page, "Fly this payload")
    assert (kind, asked) == ("plan", first)
    open_run(page, runs[1])
    assert question_of(page, "Plan the launch")[1] == second | {"riders": "none"}
    open_run(page, runs[2])
    assert question_of(page, "Find the windows") == ("windows", third)
    open_run(page, runs[3])
    assert question_of(page, "Plan the launch")[1] == second


def test_a_run_of_a_mission_file_brings_the_file_back(
    visit: Go, server: Any, question_of: Asked, repository: Path
) -> None:
    text = (repository / "examples" / "angara-vostochny.toml").read_text("utf-8")
    held = server.api("POST", "files", {"name": "kept.toml", "text": text})["id"]
    run = stopped(server, "plan", mission=held, payload_kg=500)
    page = visit().page
    page.get_by_label("Orbit as text").fill("333 km 70 deg")
    open_run(page, run)
    page.locator(".mission-note").get_by_text("kept.toml").wait_for()
    assert page.get_by_label("Orbit as text").input_value() == "200 km 51.7 deg"
    assert question_of(page, "Fly this payload")[1] == {"mission": held, "payload_kg": 500}


def test_a_number_is_asked_as_it_was_written(
    visit: Go, planned: dict[str, Any], question_of: Asked
) -> None:
    page = visit(f"#/run/{planned['id']}").page
    for label, button, key in (
        ("Node, deg", "Find the windows", "raan_deg"),
        ("Least elevation, deg", "Find the passes", "min_elevation_deg"),
        ("Area, m2", "Estimate the lifetime", "area_m2"),
    ):
        for words, asked in (("12,5", 12.5), ("twelve", "twelve")):
            page.get_by_label(label).fill(words)
            assert question_of(page, button)[1][key] == asked, label


WRONG = (
    ("A payload map", "Altitudes", "from here to there"),
    ("When to launch", "Days", "some"),
    ("The flight of a payload", "Payload, kg", "heavy"),
    ("The largest payload", "Velocity reserve", "much"),
    ("The largest payload", "Earliest lift-off", "in spring"),
    ("The largest payload", "Orbit as text", "two hundred"),
)


def test_what_is_wrong_is_marked_where_it_was_written(visit: Go) -> None:
    page = visit().page
    for view, label, wrong in WRONG:
        page.get_by_role("radio", name=view).check()
        if label in ("Velocity reserve", "Earliest lift-off"):
            page.get_by_text(MORE).evaluate("one => { one.closest('details').open = true }")
        field = page.get_by_label(label, exact=False).first
        before = field.input_value()
        field.fill(wrong)
        page.get_by_text(MORE).evaluate("one => { one.closest('details').open = false }")
        page.locator("form button[type=submit]").click()
        page.locator("form :focus[aria-invalid=true]").wait_for()
        page.locator("form > .bad:not(:empty)").wait_for()
        assert field.get_attribute("aria-invalid") == "true", label
        assert field.is_visible(), label
        assert field.evaluate("one => one === document.activeElement"), label
        field.fill(before)
