"""What follows a plan, for the range and the satellite: each view holds what its job found."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cosmodrome.report.theme import PALETTE

# Each runs jobs of its own: together some minutes.
pytestmark = [pytest.mark.needs_chromium, pytest.mark.slow]

Go = Callable[..., Any]
Count = Callable[..., int]
End = Callable[[str], dict[str, Any]]
Drop = Callable[[Any, str, str], None]
Faults = Callable[[Any], list[str]]


@pytest.fixture(scope="module")
def objects(repository: Path) -> str:
    """300 objects in orbit, drawn, as TLE."""
    sys.path.insert(0, str(repository / "benchmarks"))
    try:
        cases = importlib.import_module("cases.catalogue_of_objects")
    finally:
        sys.path.remove(str(repository / "benchmarks"))
    return str(cases.written(cases.drawn(300, seed=3)))


@pytest.fixture(scope="module")
def craft(repository: Path) -> str:
    """The example of a spacecraft."""
    return (repository / "examples" / "satellites" / "earth-observer.toml").read_text("utf-8")


def newest(server: Any, finished: End, kind: str) -> tuple[dict[str, Any], Any]:
    """The last job of a kind, at its end, and what it found."""
    job = finished(server.api("GET", f"jobs?kind={kind}&limit=1")["jobs"][0]["id"])
    assert job["state"] == "done", job["error"]
    return job, server.api("GET", f"jobs/{job['id']}/result")


def test_casualties_beside_the_limit(
    visit: Go, planned: dict[str, Any], server: Any, finished: End, pixels: Count
) -> None:
    made = visit(f"#/run/{planned['id']}", globe=True)
    page = made.page
    page.wait_for_selector("html[data-flight=drawn]", state="attached")
    canvas = page.locator(".globe canvas")
    before = pixels(canvas.screenshot(), PALETTE["bad"][0])
    page.get_by_label("Failure probability by burn").fill("urm-1=0.02")
    page.get_by_role("button", name="Estimate the casualties").click()
    page.get_by_text("expected casualties a launch").wait_for()
    job, found = newest(server, finished, "casualty")
    assert job["question"]["phases"] == ["urm-1=0.02"]
    table = page.get_by_role("region", name="Casualty expectation", exact=True)
    assert table.locator("tbody tr").count() == len(found["estimates"])
    told = page.get_by_text("expected casualties a launch").inner_text()
    assert f"{found['estimates'][0]['expected_casualties']['high']:#.2g}" in told
    over = not found["estimates"][0]["within_limit"]
    assert page.get_by_text("Over the limit." if over else "Within the limit.").is_visible()
    page.wait_for_timeout(1500)
    assert pixels(canvas.screenshot(), PALETTE["bad"][0]) > before + 50, "the trace is not drawn"
    assert made.faults == []


def test_areas_to_keep_clear(
    visit: Go, planned: dict[str, Any], server: Any, finished: End, pixels: Count
) -> None:
    page = visit(f"#/run/{planned['id']}", globe=True).page
    page.wait_for_selector("html[data-flight=drawn]", state="attached")
    canvas = page.locator(".globe canvas")
    before = pixels(canvas.screenshot(), PALETTE["bad"][0], 40)
    page.get_by_label("Window, min").first.fill("30")
    page.get_by_role("button", name="Draw the areas").click()
    table = page.get_by_role("region", name="Areas to keep clear")
    table.wait_for()
    _, found = newest(server, finished, "hazard")
    assert found["window_minutes"] == 30.0
    assert table.locator("tbody tr").count() == len(found["features"]) > 0
    assert page.get_by_text("A draft, not a notice.").is_visible()
    page.wait_for_timeout(1500)
    assert pixels(canvas.screenshot(), PALETTE["bad"][0], 40) > before + 20, "no area is drawn"


def test_dispersions_are_told_stopped_and_gone_on_with(
    visit: Go, planned: dict[str, Any], server: Any, finished: End
) -> None:
    page = visit(f"#/run/{planned['id']}").page
    page.get_by_label("Flights of the first stage").fill("20000")
    page.get_by_label("Of these optimised again").fill("0")
    page.get_by_role("button", name="Fly it many times").click()
    page.locator(".progress", has_text="so far").wait_for()
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("What was finished is kept; it can go on from there.").wait_for()
    page.get_by_role("button", name="Go on").click()
    page.locator(".progress").wait_for()
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("What was finished is kept; it can go on from there.").wait_for()
    page.get_by_label("Flights of the first stage").fill("60")
    page.get_by_label("Of these optimised again").fill("20")
    page.get_by_role("button", name="Fly it many times").click()
    table = page.get_by_role("region", name="Where the first stage comes down")
    table.wait_for()
    _, found = newest(server, finished, "disperse")
    assert table.locator("tbody tr").count() == len(found["drop"]) > 0
    assert f"{found['drop'][0]['down']} / 60" in table.inner_text()
    carries = found["payload_margin_kg"]["carries"]
    done = carries["runs"] - carries["failures"]
    assert page.get_by_text(f"{done} of {carries['runs']} flights carry").is_visible()


@pytest.mark.parametrize(
    ("samples", "told"),
    [("1000000", "at most 20000"), ("10", "50"), ("many", "integer"), ("../../x", "integer")],
)
def test_what_cannot_be_flown_is_refused_beside_its_button(
    visit: Go, planned: dict[str, Any], samples: str, told: str
) -> None:
    page = visit(f"#/run/{planned['id']}").page
    page.get_by_label("Flights of the first stage").fill(samples)
    page.get_by_role("button", name="Fly it many times").click()
    fault = page.locator("#answer .fault")
    fault.wait_for()
    assert told in fault.inner_text()
    assert page.get_by_role("button", name="Fly it many times").is_enabled()


def test_a_catalogue_that_is_dropped_is_screened_against(
    visit: Go, drop: Drop, planned: dict[str, Any], server: Any, finished: End, objects: str
) -> None:
    page = visit(f"#/run/{planned['id']}").page
    page.get_by_role("button", name="Screen the window").click()
    page.get_by_text("Choose a catalogue first").wait_for()
    drop(page, "all.tle", objects)
    page.get_by_text("300 satellites").wait_for()
    page.get_by_label("Keep away, km").fill("200")
    page.get_by_label("Revolutions after insertion").fill("0.5")
    page.get_by_role("button", name="Screen the window").click()
    page.get_by_text("Against 300 objects of all.tle").wait_for()
    job, found = newest(server, finished, "screen")
    assert "--catalogue all.tle" in job["command"]
    assert found["closed"]
    closed = page.get_by_role("region", name="Closed", exact=True)
    assert closed.locator("tbody tr").count() == min(len(found["closed"]), 30)
    assert found["closed"][0]["object"] in closed.inner_text()
    assert f"{found['open_seconds'] / 60:.1f} of 120.0 min are open" in (
        page.locator("#answer").inner_text()
    )
    page.locator("#plot-screen").scroll_into_view_if_needed()
    page.wait_for_selector("#plot-screen .main-svg")


def test_a_catalogue_that_is_broken_is_refused_with_its_line(
    visit: Go, planned: dict[str, Any]
) -> None:
    page = visit(f"#/run/{planned['id']}").page
    field = page.get_by_label("Catalogue of objects")
    content = {"name": "x.tle", "mimeType": "text/plain", "buffer": b"ISS\n1 25544U\n"}
    field.set_input_files([content])
    told = page.locator(".file .fault")
    told.wait_for()
    assert "x.tle" in told.inner_text()
    field.set_input_files([content | {"name": "sat.toml", "buffer": b"[spacecraft]\n"}])
    page.locator(".file .fault", has_text="sat.toml").wait_for()


def test_budgets_of_a_spacecraft_that_is_dropped(
    visit: Go, drop: Drop, server: Any, finished: End, craft: str
) -> None:
    page = visit().page
    page.get_by_role("radio", name="What a satellite needs").check()
    page.get_by_role("button", name="Draw up the budgets").click()
    page.locator("form > .bad", has_text="Choose a spacecraft file first.").wait_for()
    drop(page, "observer.toml", craft)
    page.get_by_label("Spacecraft file").wait_for()
    page.locator(".file-told", has_text="observer.toml: earth-observer").wait_for()
    page.get_by_label("Orbit as text").fill("sso 500 km ltan 10:30")
    page.get_by_role("button", name="Draw up the budgets").click()
    table = page.get_by_role("region", name="Budgets", exact=True)
    table.wait_for()
    job, found = newest(server, finished, "satellite")
    assert job["command"].startswith("cosmodrome satellite observer.toml --orbit")
    assert table.locator("tbody tr").count() == len(found["budgets"]) == 5
    assert f"{found['budgets']['link']['margin']:.2f} dB" in table.inner_text()
    page.get_by_text("Power: every line").click()
    page.wait_for_selector("#plot-power-W .main-svg")
    page.get_by_text("Comes down within, median").wait_for()
    rows = page.get_by_role("region", name="Who can launch it").locator("tbody tr")
    assert rows.count() == min(len(found["launchers"]), 12)


def test_budgets_and_coverage_after_a_plan(
    visit: Go, drop: Drop, planned: dict[str, Any], server: Any, finished: End, craft: str
) -> None:
    page = visit(f"#/run/{planned['id']}").page
    page.get_by_role("button", name="Draw up the budgets").wait_for()
    # The example comes down from higher up, by a perigee that is above this orbit.
    lower = craft.replace("deorbit_perigee_km = 250", "deorbit_perigee_km = 100")
    assert lower != craft
    drop(page, "observer.toml", lower)
    page.locator("#answer .file-told", has_text="observer.toml: earth-observer").wait_for()
    page.get_by_role("button", name="Draw up the budgets").click()
    page.get_by_role("region", name="Budgets", exact=True).wait_for()
    job, found = newest(server, finished, "satellite")
    assert job["question"]["orbit"] == "200 km 51.7 deg"
    assert {one["vehicle"] for one in found["launchers"]} == {"angara-1.2"}
    page.get_by_label("Band south:north").fill("55.75,37.62; 0,10")
    page.get_by_label("Days, d").nth(1).fill("1")
    page.get_by_role("button", name="Work out the coverage").click()
    rows = page.get_by_role("region", name="How often places are seen").locator("tbody tr")
    rows.first.wait_for()
    _, found = newest(server, finished, "coverage")
    assert rows.count() == len(found["points"]) == 2
    page.get_by_role("button", name="Find repeating tracks").click()
    page.get_by_role("region", name="Heights whose track comes back").wait_for()
    _, found = newest(server, finished, "repeat")
    assert f"{found['orbits'][0]['revolutions']} in 3 days" in page.locator("#answer").inner_text()


@pytest.fixture(scope="module")
def followed(
    server: Any, planned: dict[str, Any], finished: End, objects: str, craft: str
) -> dict[str, str]:
    """A finished job of each kind, by kind."""
    run = {"run": planned["id"]}
    tle = server.api("POST", "files", {"name": "all.tle", "text": objects})["id"]
    toml = server.api("POST", "files", {"name": "observer.toml", "text": craft})["id"]
    asked: dict[str, dict[str, Any]] = {
        "dropzones": run, "casualty": run, "hazard": run,
        "disperse": run | {"samples": 60, "payload_samples": 20},
        "screen": run | {"catalogue": tle, "orbits": 0.5, "keep_out_km": 200.0},
        "satellite": {"spacecraft": toml, "orbit": "sso 500 km", "build": False,
                      "vehicles": ["electron"]},
        "coverage": run | {"band": "-40:40", "spacing_deg": 20.0, "swath_km": 100.0, "days": 1.0},
        "repeat": {"days": 3, "altitude_km": 500.0},
        "lifetime": run | {"mass_kg": 500.0, "area_m2": 3.0, "samples": 20},
    }  # fmt: skip
    made = {
        kind: server.api("POST", "jobs", {"kind": kind, "question": question})["id"]
        for kind, question in asked.items()
    }
    for ident in made.values():
        assert finished(ident)["state"] == "done"
    return made


KINDS = ("dropzones", "casualty", "hazard", "disperse", "screen", "satellite", "coverage",
         "repeat", "lifetime")  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_job_opened_from_the_list_is_fit_for_everyone(
    visit: Go, faults: Faults, followed: dict[str, str], kind: str
) -> None:
    for scheme, wide in (("light", 1280), ("dark", 360)):
        look = {"color_scheme": scheme, "viewport": {"width": wide, "height": 800}}
        made = visit(f"#/run/{followed[kind]}", **look)
        page = made.page
        page.wait_for_selector("#answer .files")
        for one in page.locator("#answer summary").all():
            one.click()
        page.wait_for_timeout(500)
        assert faults(page) == [], scheme
        assert page.evaluate("document.documentElement.scrollWidth") <= wide
        assert page.locator("#answer .command").inner_text().startswith(f"cosmodrome {kind}")
        assert made.faults == []


def test_the_whole_answer_with_everything_open_is_fit_for_everyone(
    visit: Go, faults: Faults, planned: dict[str, Any], followed: dict[str, str]
) -> None:
    assert followed
    for scheme, wide in (("dark", 1280), ("light", 360)):
        look = {"color_scheme": scheme, "viewport": {"width": wide, "height": 800}}
        page = visit(f"#/run/{planned['id']}", **look).page
        page.get_by_text("expected casualties a launch").wait_for()
        page.wait_for_timeout(1000)
        assert faults(page) == [], scheme
        assert page.evaluate("document.documentElement.scrollWidth") <= wide
