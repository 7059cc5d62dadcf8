"""Everyone can use it: by keyboard, by ear, in the dark, on a phone, without a globe."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.needs_chromium

Go = Callable[..., Any]
Faults = Callable[[Any], list[str]]

VIEWS = {"the question": "", "an answer": "#/run/{}", "runs": "#/runs", "compare": "#/compare"}


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_seriously_wrong(
    visit: Go, faults: Faults, planned: dict[str, Any], view: str
) -> None:
    page = visit(VIEWS[view].format(planned["id"])).page
    if view == "an answer":
        page.locator("#plot-losses").scroll_into_view_if_needed()
        page.wait_for_selector("#plot-losses .main-svg")
    if view == "runs":
        page.wait_for_selector("li[data-job]")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(500)
        assert faults(page) == [], scheme


def test_the_checker_finds_a_planted_fault(visit: Go, faults: Faults) -> None:
    page = visit().page
    page.evaluate("document.querySelector('#page').append(document.createElement('button'))")
    assert any(one.startswith("button-name") for one in faults(page))


@pytest.mark.slow
def test_the_globe_is_no_fault_either(visit: Go, faults: Faults) -> None:
    page = visit(globe=True).page
    page.wait_for_selector("html[data-globe=drawn]", state="attached")
    assert faults(page) == []


def test_a_plan_by_keyboard_alone(visit: Go) -> None:
    page = visit().page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "radio":
            break
    chosen = page.evaluate("document.activeElement.value")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.value") != chosen
    page.keyboard.press("ArrowLeft")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "submit":
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("#payload, .progress")


@pytest.mark.parametrize("view", VIEWS)
def test_a_phone_is_wide_enough(visit: Go, planned: dict[str, Any], view: str) -> None:
    page = visit(VIEWS[view].format(planned["id"]), viewport={"width": 360, "height": 740}).page
    page.wait_for_timeout(1500)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_light_and_dark_follow_the_system_until_one_is_chosen(visit: Go) -> None:
    page = visit(color_scheme="dark").page
    colour = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(colour)
    page.get_by_label("Colours").select_option("light")
    assert page.evaluate(colour) != dark
    page.reload()
    page.wait_for_selector("html[data-page=ready]", state="attached")
    assert page.evaluate(colour) != dark


def test_without_webgl_all_but_the_globe_works(visit: Go, planned: dict[str, Any]) -> None:
    page = visit(f"#/run/{planned['id']}").page
    page.wait_for_selector("#payload")
    assert "WebGL 2 is off" in page.locator(".waiting").inner_text()


def test_every_field_shows_its_unit(visit: Go) -> None:
    page = visit().page
    page.get_by_text("Launch time, options, limits").click()
    for kind, units in (
        ("circular", ["km", "deg"]),
        ("elliptic", ["km", "km", "deg", "deg"]),
        ("escape", ["km2/s2", "deg"]),
    ):
        page.get_by_label("Kind").select_option(kind)
        assert page.locator("fieldset.orbit .unit").all_inner_texts() == units


@pytest.mark.slow
def test_a_server_that_went_away_is_said_and_come_back_to(visit: Go) -> None:
    made = visit()
    page = made.page
    page.context.route("**/api/v1/**", lambda route: route.abort())
    page.get_by_role("button", name="Plan the launch").click()
    page.locator("form > .bad", has_text="The server does not answer.").wait_for()
    page.locator(".gone").wait_for()
    page.context.unroute("**/api/v1/**")
    page.wait_for_selector("html[data-server=here]", state="attached")


TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<text>"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)"""
    r"""|(?P<call>\b[\w.]+\()|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<comma>,)|(?P<same>[!=]==?\s*)""",
    re.DOTALL,
)
WORDS = re.compile(r"[A-Z][a-z]{2}|[A-Za-z]{3,}[,.]? +[A-Za-z]{2,}")
SAID = re.compile(r"""(?:textContent|innerText|document\.title) = ("[^"\n]*"|`[^`]*`)""")
LABELS = re.compile(r"""["']?(?:aria-label|placeholder|title|alt)["']?: ("[^"\n]*"|`[^`]*`)""")


def plain(source: str) -> str:
    """A source without what its templates fill in, which may be templates again."""
    before = ""
    while before != source:
        before = source
        source = re.sub(r"\$\{[^`{}]*\}", "", source)
        source = re.sub(r"(\$\{[^`{}]*)`[^`$]*`", r"\1", source)
    return source


def spoken(source: str) -> list[str]:
    """Words that a source puts on the page itself: children of `h`, `s` and `put`, labels."""
    found, stack, before = [], [("", 0)], ""
    source = plain(source)
    for token in TOKEN.finditer(source):
        kind, words = str(token.lastgroup), token.group()
        if kind == "call":
            stack.append((words[:-1], 0))
        elif kind == "open":
            # An array or a bracket hands its place on; what stands in braces is no child.
            stack.append(("" if words == "{" else stack[-1][0], 9 if words != "{" else 0))
        elif kind == "close" and len(stack) > 1:
            stack.pop()
        elif kind == "comma" and stack[-1][1] < 9:
            stack[-1] = (stack[-1][0], stack[-1][1] + 1)
        elif kind == "text" and before != "same":
            call, at = stack[-1]
            if at >= {"h": 2, "s": 2, "put": 1, "append": 0}.get(call.split(".")[-1], 99):
                found.append(words)
        if kind != "comment":
            before = kind
    found += SAID.findall(source) + LABELS.findall(source)
    return [one for one in found if WORDS.search(one)]


def test_texts_are_kept_apart_from_code(repository: Path) -> None:
    """No sentence in the sources but in the file of its language, and each name has one."""
    sources = repository / "web" / "src"
    kept = (sources / "text" / "en.ts").read_text("utf-8")
    names = {line.split('"')[1] for line in kept.splitlines() if line.startswith('  "')}
    assert len(names) > 200
    for source in sources.rglob("*.ts"):
        if source.parent.name == "text":
            continue
        written = source.read_text("utf-8")
        assert spoken(written) == [], source.name
        for part in written.split('say("')[1:]:
            name = part.split('"')[0]
            assert name in names, f"{source.name}: {json.dumps(name)} has no text"


@pytest.mark.parametrize(
    "planted",
    [
        'h("p", { class: "small" }, "Nothing was found.")',
        'h("li", {}, h("b", {}, say("a.b")), good ? "Reached" : null)',
        'put(place, [h("i"), `No pass in ${days} days.`])',
        'button.textContent = "Copied to the clipboard";',
        'h("input", { placeholder: "Find a vehicle" })',
    ],
)
def test_a_sentence_in_a_source_is_found(planted: str) -> None:
    assert spoken(planted)
    assert not spoken('h("p", { class: job.state === "Not this" ? "a b" : "c" }, say("a.b"))')
