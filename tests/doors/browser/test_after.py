"""What follows a plan on the page: falls, orbit, passes, windows; claims, maps, comparisons."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from cosmodrome.report.theme import PALETTE

# Each runs jobs of its own: together some minutes.
pytestmark = [pytest.mark.needs_chromium, pytest.mark.slow]

Go = Callable[..., Any]
Count = Callable[..., int]
End = Callable[[str], dict[str, Any]]


def shown(page: Any, name: str) -> Any:
    """A part of the answer by its heading."""
    return page.locator("section", has=page.get_by_role("heading", name=name, exact=True)).last


def test_stages_fall_to_their_drop_zones(
    visit: Go, planned: dict[str, Any], server: Any, finished: End, pixels: Count
) -> None:
    page = visit(f"#/run/{planned['id']}", globe=True).page
    page.wait_for_selector("html[data-flight=drawn]", state="attached")
    canvas = page.locator(".globe canvas")
    before = pixels(canvas.screenshot(), PALETTE["second"][0])
    page.get_by_role("button", name="Work out the drop zones").click()
    rows = shown(page, "What falls where").locator("tbody tr")
    rows.first.wait_for()
    job = server.api("GET", "jobs?kind=dropzones&limit=1")["jobs"][0]
    parts = server.api("GET", f"jobs/{finished(job['id'])['id']}/result")["parts"]
    assert rows.count() == len(parts)
    assert f"{parts[0]['range_km']:.0f}" in rows.first.inner_text()
    page.wait_for_timeout(1500)
    assert pixels(canvas.screenshot(), PALETTE["second"][0]) > before + 200


def test_the_orbit_goes_on_into_the_shadow(
    visit: Go, planned: dict[str, Any], server: Any, pixels: Count
) -> None:
    page = visit(f"#/run/{planned['id']}", globe=True).page
    page.wait_for_selector("html[data-flight=drawn]", state="attached")
    page.get_by_role("button", name="Fly on: orbit, ground track, shadow").click()
    page.get_by_role("heading", name="Eclipses,").wait_for()
    eclipses = server.api("GET", "jobs?kind=eclipses&limit=1")["jobs"][0]
    count = len(server.api("GET", f"jobs/{eclipses['id']}/result")["eclipses"])
    assert page.get_by_role("heading", name=f"Eclipses, {count} in three days").is_visible()
    page.get_by_label("Part of the flight").select_option("orbit")
    page.wait_for_timeout(3000)
    assert pixels(page.locator(".globe canvas").screenshot(), PALETTE["third"][0], 40) > 100


def test_passes_over_a_chosen_station(visit: Go, planned: dict[str, Any], server: Any) -> None:
    page = visit(f"#/run/{planned['id']}").page
    page.get_by_label("Station, or latitude,longitude,metres").fill("51.9,128.3,280")
    page.get_by_role("button", name="Find the passes").click()
    table = page.get_by_role("region", name="Passes over ground stations")
    table.wait_for()
    job = server.api("GET", "jobs?kind=passes&limit=1")["jobs"][0]
    passes = server.api("GET", f"jobs/{job['id']}/result")["passes"]
    assert passes
    assert table.locator("tbody tr").count() == min(len(passes), 20)
    assert "51.9,128.3,280" in job["question"]["stations"]


def test_a_lifetime_in_days_or_years(visit: Go, planned: dict[str, Any]) -> None:
    page = visit(f"#/run/{planned['id']}").page
    page.get_by_role("button", name="Estimate the lifetime").click()
    page.get_by_text("One in twenty comes down before").wait_for()


def test_windows_into_a_plane(visit: Go) -> None:
    page = visit().page
    page.get_by_label("Orbit as text").fill("sso 500 km ltan 10:30")
    page.get_by_role("radio", name="When to launch").check()
    page.get_by_role("button", name="Find the windows").click()
    page.wait_for_selector("#plot-windows .main-svg")
    assert page.get_by_role("region", name="When to launch").locator("tbody tr").count() == 7


def test_a_claim_is_judged_as_on_the_command_line(visit: Go, server: Any) -> None:
    page = visit().page
    page.get_by_role("radio", name="Whether a claim holds").check()
    page.get_by_label("Payload, kg").fill("9000")
    page.get_by_role("button", name="Check the claim").click()
    page.wait_for_selector("#claim-verdict")
    job = server.api("GET", "jobs?kind=check&limit=1")["jobs"][0]
    found = server.api("GET", f"jobs/{job['id']}/result")
    assert found["verdict"] == "not supported"
    assert page.locator("#claim-verdict").inner_text() == "Not supported"
    assert f"claimed {found['claimed_kg']:.0f} kg" in page.locator("#answer").inner_text()


def test_a_map_gives_number_and_reason_on_hover(visit: Go, server: Any, finished: End) -> None:
    question = {
        "vehicle": "angara-1.2",
        "sites": ["vostochny"],
        "altitudes": "200:400:200",
        "inclinations": "51.7:61.7:10",
    }
    job = finished(server.api("POST", "jobs", {"kind": "map", "question": question})["id"])
    cells = server.api("GET", f"jobs/{job['id']}/result")["cells"]
    page = visit(f"#/run/{job['id']}").page
    page.wait_for_selector("#plot-map-vostochny .main-svg")
    box = page.locator("#plot-map-vostochny .nsewdrag").bounding_box()
    page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 0.75 * box["height"], steps=3)
    page.wait_for_selector("#plot-map-vostochny .hovertext")
    told = page.locator("#plot-map-vostochny .hovertext").first.text_content()
    low = next(c for c in cells if (c["altitude_km"], c["inclination_deg"]) == (200.0, 51.7))
    assert f"{low['payload_kg']:.0f} kg" in told
    assert "kink: due east to northward" in told


def test_two_plans_side_by_side(
    visit: Go, planned: dict[str, Any], server: Any, finished: End
) -> None:
    question = {"vehicle": "angara-1.2", "site": "plesetsk", "orbit": "200 km 63 deg"}
    other = finished(server.api("POST", "jobs", {"kind": "plan", "question": question})["id"])
    page = visit(f"#/compare/{planned['id']}/{other['id']}").page
    row = page.get_by_role("row").filter(has_text=re.compile("^Payload, kg"))
    row.wait_for()
    one, two = (job["summary"]["payload_kg"] for job in (planned, other))
    assert f"{one:.0f}" in row.inner_text()
    assert f"{two:.0f}" in row.inner_text()
    assert f"{two - one:.0f}" in row.inner_text()


def test_limits_go_into_a_mission_file(visit: Go, server: Any, finished: End) -> None:
    page = visit().page
    page.get_by_text("Launch time, options, limits").click()
    page.get_by_label("Dynamic pressure, kPa").fill("20")
    page.get_by_role("button", name="Plan the launch").click()
    page.wait_for_selector("#payload")
    job = server.api("GET", "jobs?kind=plan&limit=1")["jobs"][0]
    found = server.api("GET", f"jobs/{finished(job['id'])['id']}/result")
    pressure = next(one for one in found["limits"] if one["name"] == "dynamic pressure")
    assert pressure["limit"] == 20.0
    assert pressure["met"]


def test_a_wrong_number_is_named_at_its_field(visit: Go) -> None:
    page = visit().page
    page.get_by_role("radio", name="The flight of a payload").check()
    page.get_by_label("Payload, kg").fill("heavy")
    page.get_by_role("button", name="Fly this payload").click()
    page.wait_for_selector("input[aria-invalid=true]")
    assert page.locator("form [role=alert]").inner_text()
