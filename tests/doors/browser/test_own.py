"""What somebody brings along: a vehicle of one's own, a zone, a file that is none of ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.needs_chromium

Go = Callable[..., Any]
End = Callable[[str], dict[str, Any]]
Drop = Callable[[Any, str, str], None]
# A vehicle whose one stage holds less than nothing.
BAD = """
name = "bad"
title = "Bad"
source = "made for a test"
[stages.first]
name = "First stage"
propellant_kg = -1
dry_kg = 1900
thrust_vac_n = 420000
isp_vac_s = 305
diameter_m = 1.8
"""
ZONE = {"type": "Polygon", "coordinates": [[[100, 20], [110, 20], [110, 25], [100, 20]]]}


@pytest.mark.slow
def test_a_vehicle_of_ones_own_stays_out_of_a_zone(
    visit: Go, drop: Drop, server: Any, finished: End, tern: str
) -> None:
    made = visit()
    page = made.page
    drop(page, "tern.toml", tern)
    own = page.get_by_role("radio", name="Tern, <b>imagined</b>")
    own.wait_for(state="attached")
    assert own.is_checked()
    page.get_by_text("Launch time, options, limits").click()
    assert page.get_by_text("A vehicle of your own states its limits").is_visible()
    page.get_by_role("button", name="Add a drop zone").click()
    page.get_by_label("Part").select_option("first stage")
    page.get_by_label("Country, by name or code").fill("China")
    drop(page, "far.geojson", json.dumps(ZONE))
    page.locator(".zone").nth(1).get_by_text("far.geojson").wait_for()
    page.get_by_label("Kept to every edge, km").fill("5")
    page.get_by_role("button", name="Plan the launch").click()
    payload = page.wait_for_selector("#payload")
    job = finished(server.api("GET", "jobs?kind=plan&limit=1")["jobs"][0]["id"])
    found = server.api("GET", f"jobs/{job['id']}/result")
    assert float(payload.get_attribute("value")) == found["payload_kg"]
    assert job["command"].startswith("cosmodrome plan tern.toml --from vostochny")
    assert '--keep-off "first stage=China" --keep-off far.geojson --zone-margin 5' in job["command"]
    assert any("China" in one["name"] for one in found["limits"])
    # Everything is still there when the run is opened again, and in another visit.
    page = visit(f"#/run/{job['id']}").page
    page.wait_for_selector("#payload")
    page.get_by_text("Launch time, options, limits").click()
    assert page.get_by_role("radio", name="Tern, <b>imagined</b>").is_checked()
    assert page.get_by_label("Country, by name or code").first.input_value() == "China"
    assert page.locator(".zone").nth(1).get_by_text("far.geojson").is_visible()
    assert made.faults == []


def test_a_vehicle_of_ones_own_is_forgotten_only_when_it_is_meant(
    visit: Go, server: Any, tern: str
) -> None:
    text = tern.replace('name = "tern"', 'name = "gull"').replace("Tern, <b>imagined</b>", "Gull")
    held = server.api("POST", "files", {"name": "gull.toml", "text": text})["id"]
    page = visit().page
    page.get_by_role("radio", name="Gull").check(force=True)
    page.locator("summary", has_text="Gull: its stages").click()
    page.get_by_role("button", name="Forget this file").click()
    page.get_by_role("button", name="Keep it").click()
    assert any(one["id"] == held for one in server.api("GET", "files")["files"])
    page.get_by_role("button", name="Forget this file").click()
    page.get_by_role("dialog").get_by_role("button", name="Forget this file").click()
    page.get_by_role("radio", name="Gull").wait_for(state="detached")
    assert all(one["id"] != held for one in server.api("GET", "files")["files"])


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("bad.toml", BAD, "propellant_kg"),
        pytest.param(
            *("out.toml", 'name = "x"\nextends = "../../x.toml"\n', "names another file"),
            marks=pytest.mark.slow,
        ),
        pytest.param(
            *("notes.exe", "x", "has no ending that says what it is"), marks=pytest.mark.slow
        ),
        ("fleet.tle", "ISS\n1 25544U", "Possible here"),
    ],
)
def test_a_file_that_cannot_be_is_refused_with_what_is_possible(
    visit: Go, drop: Drop, name: str, text: str, told: str
) -> None:
    page = visit().page
    drop(page, name, text)
    alert = page.locator("form > .bad")
    alert.get_by_text(told).wait_for()
    assert "Possible here:" in alert.inner_text()
    page.get_by_role("button", name="Plan the launch").click()
    page.wait_for_selector("#payload, .progress")


def test_a_zone_that_nobody_knows_is_named(visit: Go) -> None:
    page = visit().page
    page.get_by_text("Launch time, options, limits").click()
    page.get_by_role("button", name="Add a drop zone").click()
    page.get_by_label("Country, by name or code").fill("Chine")
    page.get_by_role("button", name="Plan the launch").click()
    page.locator("form > .bad", has_text="neither a file nor a country").wait_for()


@pytest.mark.slow
def test_a_mission_file_brings_its_own_vehicle(
    visit: Go, drop: Drop, server: Any, finished: End, repository: Path
) -> None:
    page = visit().page
    text = (repository / "examples" / "own-vehicle.toml").read_text("utf-8")
    drop(page, "own-vehicle.toml", text)
    page.get_by_text("The mission file is planned as it is").wait_for()
    page.get_by_role("button", name="Plan the launch").click()
    payload = page.wait_for_selector("#payload")
    job = finished(server.api("GET", "jobs?kind=plan&limit=1")["jobs"][0]["id"])
    found = server.api("GET", f"jobs/{job['id']}/result")
    assert found["vehicle"] == "tern"
    assert float(payload.get_attribute("value")) == found["payload_kg"]
