"""The way of a newcomer: open, choose, ask, read, look, take away."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cosmodrome.io.oem import read_oem
from cosmodrome.report.theme import PALETTE

pytestmark = pytest.mark.needs_chromium

Go = Callable[..., Any]
Count = Callable[..., int]
Drop = Callable[[Any, str, str], None]


COMMAND = "import sys; from cosmodrome.cli import main; sys.exit(main())"
QUESTION = ("plan", "angara-1.2", "--from", "vostochny", "--to", "200 km 51.7 deg")


@pytest.fixture(scope="module")
def commanded() -> dict[str, Any]:
    """What the command line says to the same question."""
    run = subprocess.run(
        [sys.executable, "-c", COMMAND, *QUESTION, "--json", "--quiet"],
        check=True,
        capture_output=True,
        timeout=240,
    )
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_a_newcomer_gets_the_payload_of_the_command_line(
    visit: Go, commanded: dict[str, Any], pixels: Count
) -> None:
    made = visit(globe=True)
    page = made.page
    page.get_by_label("Find a vehicle by name").fill("angara-1.2")
    page.get_by_role("radio", name="Angara-1.2").check(force=True)
    page.get_by_label("Launch site", exact=True).select_option(label="Vostochny, Russia")
    page.get_by_role("textbox", name="Altitude").fill("200")
    page.get_by_role("textbox", name="Inclination").fill("51.7")
    assert page.get_by_label("Orbit as text").input_value() == "200 km 51.7 deg"
    page.get_by_text("Within reach.").wait_for()

    page.wait_for_selector("html[data-globe=drawn]", state="attached")
    canvas = page.locator(".globe canvas")
    before = pixels(canvas.screenshot(), PALETTE["first"][0])
    page.get_by_role("button", name="Plan the launch").click()
    payload = page.wait_for_selector("#payload")
    # To the last digit, and as the command line prints it.
    assert float(payload.get_attribute("value")) == commanded["payload_kg"]
    assert payload.inner_text() == f"{commanded['payload_kg']:.0f} kg"
    assert page.get_by_text("Verified", exact=True).is_visible()

    page.wait_for_selector("html[data-flight=drawn]", state="attached")
    after = pixels(canvas.screenshot(), PALETTE["first"][0])
    assert after > before + 400, "the track is not drawn on the globe"
    assert made.outside == []
    assert made.faults == []


def test_a_request_to_the_outside_would_be_seen(visit: Go) -> None:
    made = visit()
    made.page.evaluate("window.open('http://outside.example/')")
    made.page.wait_for_timeout(500)
    assert made.outside == ["http://outside.example/"]


def test_the_answer_says_what_the_result_says(
    visit: Go, planned: dict[str, Any], server: Any
) -> None:
    page = visit(f"#/run/{planned['id']}").page
    page.wait_for_selector("#plot-altitude")
    document = server.api("GET", f"jobs/{planned['id']}/result")
    events = page.get_by_role("region", name="Events").last.locator("tbody tr")
    names = [row.replace("max q", "max_q") for row in events.locator("td.name").all_inner_texts()]
    assert names == [event["name"] for event in document["events"]]
    limits = page.get_by_role("region", name="Limits").last.locator("tbody tr")
    assert limits.count() == len(document["limits"])
    published = page.get_by_role("region", name="Beside what is published").last
    for point in document["published"]:
        assert point["source"] in published.inner_text()


@pytest.mark.slow
def test_hover_one_plot_and_all_follow(visit: Go, planned: dict[str, Any]) -> None:
    page = visit(f"#/run/{planned['id']}").page
    page.locator("#plot-altitude").scroll_into_view_if_needed()
    page.wait_for_selector("#plot-altitude .main-svg")
    page.wait_for_selector("#plot-speed .main-svg")
    box = page.locator("#plot-altitude .nsewdrag").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.5, steps=4)
    page.wait_for_selector("#plot-speed .hovertext, #plot-speed .hoverlayer .legend")
    shown = page.locator("#plot-speed .hoverlayer").text_content()
    assert "m/s" in shown


def test_the_slider_moves_the_plots_and_names_the_event(visit: Go, planned: dict[str, Any]) -> None:
    page = visit(f"#/run/{planned['id']}").page
    slider = page.get_by_role("slider", name="Seconds from lift-off")
    slider.wait_for()
    page.locator("#plot-altitude").scroll_into_view_if_needed()
    page.wait_for_selector("#plot-altitude .main-svg")
    page.get_by_role("button", name="urm-1 separation").click()
    assert "urm-1 separation" in page.locator("output.clock").inner_text()
    cursor = page.locator("#plot-altitude .cursor")
    there = cursor.bounding_box()["x"]
    slider.focus()
    page.keyboard.press("PageUp")
    assert cursor.bounding_box()["x"] > there
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").click()


FILES = ("result.json", "mission.toml", "report.html")
FORMS = ("OEM", "CZML", "KML", "GeoJSON", "CSV")


def test_every_file_can_be_taken_away_and_read(
    visit: Go, planned: dict[str, Any], tmp_path: Path
) -> None:
    page = visit(f"#/run/{planned['id']}").page
    page.wait_for_selector("#plot-altitude")
    # What follows the plan may have files of the same name.
    whole = page.locator("section", has=page.get_by_role("heading", name="Take away", exact=True))
    saved = {}
    for name in FILES + FORMS:
        with page.expect_download() as waiting:
            whole.last.get_by_role("link", name=name, exact=True).click()
        saved[name] = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(saved[name])
    assert json.loads(saved["result.json"].read_text("utf-8"))["status"] == "optimal"
    mission = tomllib.loads(saved["mission.toml"].read_text("utf-8"))
    assert mission["vehicle"]["name"] == "angara-1.2"
    assert "</html>" in saved["report.html"].read_text("utf-8")
    assert read_oem(saved["OEM"]).segments
    assert json.loads(saved["CZML"].read_text("utf-8"))[0]["id"] == "document"
    assert ET.parse(saved["KML"]).getroot().tag.endswith("kml")  # noqa: S314 - our own file
    assert json.loads(saved["GeoJSON"].read_text("utf-8"))["type"] == "FeatureCollection"
    rows = list(csv.reader(io.StringIO(saved["CSV"].read_text("utf-8"))))
    assert len(rows) > 100


@pytest.mark.slow
def test_a_plot_is_saved_as_a_picture(
    visit: Go, planned: dict[str, Any], pixels: Count, tmp_path: Path
) -> None:
    page = visit(f"#/run/{planned['id']}").page
    page.wait_for_selector("#plot-altitude")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as PNG: Altitude, km").click()
    picture = tmp_path / "altitude.png"
    waiting.value.save_as(picture)
    assert pixels(picture.read_bytes(), PALETTE["first"][0]) > 500


@pytest.mark.slow
def test_a_plot_is_let_go_with_its_answer(visit: Go, planned: dict[str, Any]) -> None:
    page = visit(f"#/run/{planned['id']}").page
    page.locator("#plot-altitude").scroll_into_view_if_needed()
    page.wait_for_selector("#plot-altitude .main-svg")
    plot = page.query_selector("#plot-altitude")
    assert plot.evaluate("one => Boolean(one._fullLayout)")
    page.evaluate("location.hash = '#/run/0123456789ab'")
    page.get_by_text("There is no such run.").wait_for()
    page.wait_for_timeout(500)
    assert not plot.evaluate("one => Boolean(one._fullLayout)")


def test_the_command_can_be_copied(visit: Go, planned: dict[str, Any]) -> None:
    made = visit(f"#/run/{planned['id']}", permissions=["clipboard-read", "clipboard-write"])
    made.page.get_by_role("button", name="Copy as command").click()
    made.page.get_by_role("button", name="Copied").wait_for()
    assert made.page.evaluate("navigator.clipboard.readText()") == planned["command"]


def test_a_mission_file_is_opened_by_dropping_it(visit: Go, drop: Drop, repository: Path) -> None:
    page = visit().page
    text = (repository / "examples" / "angara-vostochny.toml").read_text("utf-8")
    drop(page, "angara-vostochny.toml", text)
    page.get_by_text("The mission file is planned as it is").wait_for()
    assert page.get_by_label("Orbit as text").input_value() == "200 km 51.7 deg"
    page.get_by_role("button", name="Plan the launch").click()
    page.wait_for_selector("#payload, .progress")


def test_a_broken_mission_file_is_refused_in_words(visit: Go) -> None:
    page = visit().page
    page.set_input_files(
        "input[type=file]",
        {"name": "m.toml", "mimeType": "text/plain", "buffer": b"[mission]\nvehicle = 'angra'\n"},
    )
    fault = page.locator("form .bad[role=alert]")
    page.wait_for_selector("form .bad[role=alert]:not(:empty)")
    assert "angra" in fault.inner_text() or "site" in fault.inner_text()


def test_an_orbit_out_of_reach_is_told_before_asking(visit: Go) -> None:
    page = visit().page
    page.get_by_label("Orbit as text").fill("200 km 5 deg")
    page.get_by_text("Out of reach.").wait_for()
    page.get_by_label("Orbit as text").fill("two hundred")
    page.get_by_text("Not understood:").wait_for()
    assert page.get_by_label("Orbit as text").get_attribute("aria-invalid") == "true"
