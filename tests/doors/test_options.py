"""What several commands share: options of the vehicle, examples in the help, the vehicle's page."""

from __future__ import annotations

import ast
import json
import re
import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

import cosmodrome as cd
from cosmodrome.campaign.answer import Answer
from cosmodrome.campaign.payload_map import MapQuestion, PayloadMap
from cosmodrome.cli import console, listing, main
from cosmodrome.cli.options import VEHICLE_OPTIONS
from cosmodrome.mission.catalogue.keeping import KeptBack
from cosmodrome.mission.catalogue.published import all_published
from cosmodrome.prompt import told_in_full
from cosmodrome.report.remedies import REMEDIES
from cosmodrome.report.screen_page import screen_sections
from cosmodrome.report.validation_page import PAGE
from cosmodrome.report.words import plain, significant

Make = Callable[..., Answer]

PLAIN = {"NO_COLOR": "1", "COLUMNS": "80", "TERM": "dumb"}
FALCON = ["falcon-9-ft", "--from", "ksc"]
CLAIM = ["check", *FALCON, "--to", "200 km 28.6 deg", "--payload", "15000"]
MAP = ["map", *FALCON, "--altitudes", "200", "--inclinations", "28.6"]
CHOSEN = ["--recovery", "barge", "--reserve", "30", "--disposal", "12.5"]
KEPT = KeptBack("barge", 30.0, 12.5)
COMMANDS = list(main.commands)


def run(*words: str) -> Result:
    return CliRunner(env=PLAIN).invoke(main, list(words), prog_name="cosmodrome")


# ---------------------------------------------------------------------- options


def test_every_remedy_is_worded_with_an_option_there_is() -> None:
    for wish, (command, words, _) in REMEDIES.items():
        options = {option: one.name for one in main.commands[command].params for option in one.opts}
        assert options[words.split()[0]] == wish


def wishes(node: ast.AST) -> set[str]:
    """The wishes that a module puts into a document's `remedies`."""
    found: list[ast.AST] = []
    for one in ast.walk(node):
        if isinstance(one, ast.Dict):
            found += [
                value
                for key, value in zip(one.keys, one.values, strict=True)
                if isinstance(key, ast.Constant) and key.value == "remedies"
            ]
        elif isinstance(one, ast.Assign) and "remedies" in ast.unparse(one.targets[0]):
            found.append(one.value)
    return {
        one.value
        for value in found
        for one in ast.walk(value)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }


def test_every_wish_of_a_document_has_its_words(repository: Path) -> None:
    modules = (repository / "src" / "cosmodrome").rglob("*.py")
    found = [wishes(ast.parse(module.read_text("utf-8"))) for module in modules]
    assert set().union(*found) == set(REMEDIES)


def test_notes_speak_of_no_option() -> None:
    """Every document that a test of the doors prints is looked through; see `conftest.py`."""
    told = {"safety": {"notes": ["standard deviations are judged; --sigmas takes others"]}}
    with pytest.raises(AssertionError, match="speaks of an option"):
        console.write_json(told)
    with pytest.raises(AssertionError, match="speaks of an option"):
        listing.print_notes(console.out(), told["safety"] | {"remedies": []})
    with pytest.raises(AssertionError, match="no words"):
        console.write_json({"remedies": ["patience"]})


def test_a_page_says_what_would_help_in_the_words_of_the_terminal() -> None:
    told = {"closed": [], "approaches": [], "notes": [], "remedies": ["orbits", "keep_out_km"]}
    (section,) = screen_sections(told | {"open_seconds": 1.0})
    for words in (
        "--orbits 0 of cosmodrome screen looks at",
        "--keep-out of cosmodrome screen sets",
    ):
        assert words in section


def test_plan_check_and_map_share_the_options_of_a_vehicle() -> None:
    told = []
    for name in ("plan", "check", "map"):
        options = {one.name: one for one in main.commands[name].params}
        told.append([options[key].to_info_dict() for key in VEHICLE_OPTIONS])
        assert [options[key].opts for key in VEHICLE_OPTIONS] == [
            [option] for option in VEHICLE_OPTIONS.values()
        ]
    assert told[0] == told[1] == told[2]


def test_a_claim_is_judged_for_the_vehicle_that_was_chosen(
    monkeypatch: pytest.MonkeyPatch, sample: Make
) -> None:
    asked: list[Any] = []

    def plan(mission: Any, options: Any, **_: object) -> Answer:
        asked.append((mission, options.command))
        return sample()

    monkeypatch.setattr("cosmodrome.campaign.checking.plan_mission", plan)
    done = run(*CLAIM, *CHOSEN, "--json", "--quiet")
    mission, command = asked[0]
    assert mission.vehicle == cd.load_vehicle("falcon-9-ft", kept=KEPT).vehicle()
    assert command.endswith("--payload 15000 --recovery barge --reserve 30 --disposal 12.5")
    kept = json.loads(done.stdout)["kept"]
    assert (kept["reserve_m_s"], kept["disposal_m_s"]) == (30.0, 12.5)
    assert kept["recovery"]["mode"] == "barge"
    text = run(*CLAIM, *CHOSEN, "--quiet").stdout
    assert "kept back: 30 m/s of velocity reserve" in text
    assert "12.5 m/s to bring" in text


def test_what_a_recovery_keeps_widens_the_interval_of_a_claim(
    monkeypatch: pytest.MonkeyPatch, sample: Make
) -> None:
    first = cd.load_vehicle("falcon-9-ft").vehicle().stages[0].name
    found = sample()
    found.document["partials"] = [
        {"quantity": "residual", "part": first, "kg_per_unit": -0.2},
        {"quantity": "dry mass", "part": first, "kg_per_unit": -0.1},
    ]
    monkeypatch.setattr("cosmodrome.campaign.checking.plan_mission", lambda *_, **__: found)
    wide = []
    for words in ([], ["--recovery", "barge"]):
        low, high = json.loads(run(*CLAIM, *words, "--json", "--quiet").stdout)["interval_kg"]
        wide.append(high - low)
    assert wide[1] > 1.02 * wide[0]


def test_a_map_is_of_the_vehicle_that_was_chosen_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[MapQuestion] = []

    def mapped(question: MapQuestion, *_: object) -> PayloadMap:
        asked.append(question)
        return PayloadMap("falcon-9-ft", (), (), (), (), (), {})

    monkeypatch.setattr("cosmodrome.cli.map._mapped", mapped)
    text = run(*MAP, *CHOSEN).stdout
    assert asked[0].missions[0].vehicle == cd.load_vehicle("falcon-9-ft", kept=KEPT).vehicle()
    assert asked[0].command.endswith("--recovery barge --reserve 30 --disposal 12.5")
    assert "as asked for: --recovery barge --reserve 30 --disposal 12.5" in text
    assert "as asked for" not in run(*MAP).stdout


@pytest.mark.parametrize("words", [CLAIM, MAP])
def test_a_recovery_that_is_not_known_is_refused_by_its_option(words: list[str]) -> None:
    done = run(*words, "--recovery", "moon", "--json")
    error = json.loads(done.stdout)["error"]
    assert (done.exit_code, error["key"], error["value"]) == (2, "--recovery", "moon")
    assert error["allowed"] == "barge, return"


# --------------------------------------------------------------------- examples


def examples(name: str) -> list[list[str]]:
    """The command lines that a help shows."""
    text = run(name, "--help").stdout.replace("\\\n", " ")
    lines = re.findall(r"^ +cosmodrome (.+)$", text, re.MULTILINE)
    return [shlex.split(line) for line in lines]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_has_examples_and_they_parse(name: str) -> None:
    found = examples(name)
    assert found
    for words in found:
        assert words[0] == name
        with main.commands[name].make_context(name, words[1:]) as context:
            assert context.params


def test_a_wrong_example_would_be_seen() -> None:
    with pytest.raises(click.ClickException):
        main.commands["map"].make_context("map", ["angara-1.2", "--altitude", "200"])


# ------------------------------------------------------------------------ pages


def test_every_answer_names_the_page_of_its_vehicle(sample: Make, repository: Path) -> None:
    answer = told_in_full(sample(), None)
    page = answer.document["validation_page"]
    file, _, anchor = page.partition("#")
    assert file == f"docs/{PAGE}"
    assert f'<a id="{anchor}"></a>' in (repository / file).read_text("utf-8")
    note = cd.Answer(answer.status, answer.document, answer.table, answer.mission_toml)
    assert page in note._repr_html_()
    unknown = replace(answer, document=answer.document | {"published": []})
    assert told_in_full(unknown, None).document["validation_page"] is None


@pytest.mark.parametrize("name", sorted({point.vehicle for point in all_published()}))
def test_every_vehicle_with_published_payloads_has_its_page(name: str, repository: Path) -> None:
    page = (repository / "docs" / PAGE).read_text("utf-8")
    assert f'<a id="{name}"></a>' in page


def test_parts_that_do_not_add_up_to_what_flew_are_not_told(sample: Make) -> None:
    plainly = sample()
    plainly.document["kept"] = {"velocity_m_s": 70.0, "stage": "URM-2", "recovery": None}
    sheet = cd.load_vehicle("angara-1.2")
    assert told_in_full(plainly, sheet).document["kept"]["disposal_m_s"] == 0.0
    plainly.document["kept"]["velocity_m_s"] = 99.0
    assert "disposal_m_s" not in told_in_full(plainly, sheet).document["kept"]


# ---------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [(2e6, "2000000"), (51.7, "51.7"), (200.0, "200"), (-0.0, "0"), (0.0000001, "0")],
)
def test_numbers_are_plain(value: float, text: str) -> None:
    assert plain(value) == text


def test_large_numbers_have_no_exponent() -> None:
    assert significant(5_321_987.0) == "5320000"
    done = run("map", *FALCON, "--altitudes", "3000000", "--inclinations", "28.6")
    assert "80 to 2000000 km" in done.stderr
    assert "e+0" not in done.output
