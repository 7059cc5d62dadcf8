"""Reserves, recovery and the interval at the doors: what is asked, refused and shown."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import cosmodrome as cd
from cosmodrome.campaign.answer import Answer
from cosmodrome.campaign.plan_interval import Draws
from cosmodrome.cli import main
from cosmodrome.mission.catalogue.keeping import KeptBack
from cosmodrome.report.page import report_html

Make = Callable[..., Answer]
Give = Callable[[Answer], None]

FALCON = ["plan", "falcon-9-ft", "--from", "ksc", "--to", "200 km 28.6 deg"]
PLAN = ["plan", "angara-1.2", "--from", "vostochny", "--to", "200 km 51.7 deg"]
PLAIN = {"NO_COLOR": "1", "COLUMNS": "80", "TERM": "dumb"}
KEPT = {
    "velocity_m_s": 72.5,
    "reserve_m_s": 60.5,
    "disposal_m_s": 12.0,
    "stage": "URM-2",
    "recovery": {
        "mode": "barge",
        "title": "landing on a barge",
        "stage": "URM-1",
        "propellant_kg": 18500.0,
        "hardware_kg": 3400.0,
    },
}
LEARNT = {
    "kind": "factor",
    "offset": -0.03,
    "spread": 0.06,
    "vehicles": 31,
    "points": 92,
    "without": "Angara",
    "measured": True,
}
FIRST = {
    "kept": KEPT,
    "corrected_payload_kg": 4281.0,
    "first_order_interval_kg": [3507.0, 5226.0],
    "calibration": LEARNT,
}
INTERVAL = {
    "samples": 198,
    "lost": 2,
    "seed": 5,
    "inputs_spread_kg": {"sampling": 402.0, "first_order": 417.0},
    "by": "sampling",
    "interval_kg": [3466.0, 5177.0],
    "corrected_payload_kg": 4290.0,
    "first_order_interval_kg": [3507.0, 5226.0],
    "first_order_agrees": True,
    "calibration": LEARNT,
    "sampling_s": 18.0,
}


def run(*words: str) -> Result:
    """The program in this process, 80 columns wide, without colour."""
    return CliRunner(env=PLAIN).invoke(main, list(words), prog_name="cosmodrome")


def told(answer: Answer, **more: Any) -> Answer:
    return replace(answer, document=answer.document | FIRST | more)


def flat(text: str) -> str:
    """A printed text without its line breaks."""
    return " ".join(text.split())


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch, sample: Make) -> list[tuple[Any, dict[str, Any]]]:
    """What reaches the planner from the command line; it answers with the sample."""
    asked: list[tuple[Any, dict[str, Any]]] = []

    def note(mission: Any, options: dict[str, Any], *_: object) -> Answer:
        asked.append((mission, dict(options)))
        return sample()

    monkeypatch.setattr("cosmodrome.cli.plan.solved", note)
    return asked


def test_options_reach_the_vehicle_and_the_command_asks_again(
    seen: list[tuple[Any, dict[str, Any]]],
) -> None:
    more = ("--recovery", "barge", "--reserve", "30", "--disposal", "12.5", "--interval",
            "--samples", "40", "--seed", "7")  # fmt: skip
    assert run(*FALCON, *more, "--json", "--quiet").exit_code == 0
    mission, options = seen[0]
    kept = KeptBack("barge", 30.0, 12.5)
    assert mission.vehicle == cd.load_vehicle("falcon-9-ft", kept=kept).vehicle()
    assert options["sheet"].vehicle() == mission.vehicle
    first, *words = shlex.split(options["command"])
    assert first == "cosmodrome"
    assert run(*words, "--json").exit_code == 0
    assert seen[0] == seen[1]


def test_who_does_it_reaches_the_planner_and_not_the_command(
    seen: list[tuple[Any, dict[str, Any]]], tmp_path: Path
) -> None:
    hands = ("--workers", "2", "--cluster", "tcp://10.0.0.1:8786")
    run(*PLAN, "--interval", *hands, "--journal", str(tmp_path / "kept"), "--json", "--quiet")
    run(*PLAN, "--interval", "--out", str(tmp_path / "run"), "--json", "--quiet")
    run(*PLAN, "--interval", "--seed", "1", "--out", str(tmp_path / "run"), "--json", "--quiet")
    run(*PLAN, "--json", "--quiet")
    (_, named), (_, beside), (_, other), (_, plain) = seen
    assert (named["workers"], named["cluster"]) == (2, "tcp://10.0.0.1:8786")
    assert named["journal"] == tmp_path / "kept"
    assert not {"--workers", "--cluster", "--journal"} & set(shlex.split(named["command"]))
    assert beside["journal"].parent == other["journal"].parent == tmp_path / "run"
    assert beside["journal"] != other["journal"]
    assert plain["journal"] is None


def test_draws_are_kept_by_the_question_and_by_what_decides_where_they_start(
    seen: list[tuple[Any, dict[str, Any]]], tmp_path: Path
) -> None:
    ways = ((), ("--seed", "0"), ("--workers", "1"), ("--other-starts",),
            ("--position-tolerance-m", "50"))  # fmt: skip
    for more in ways:
        run(*PLAN, "--interval", *more, "--out", str(tmp_path), "--json", "--quiet")
    plain, said, hands, *others = (options["journal"] for _, options in seen)
    assert plain == said == hands
    assert len({plain, *others}) == 1 + len(others)


@pytest.mark.parametrize(
    ("words", "key", "allowed"),
    [
        ([*FALCON, "--recovery", "moon"], "--recovery", "barge, return"),
        ([*PLAN, "--recovery", "barge"], "--recovery", "recovery table"),
        ([*PLAN, "--reserve", "-3"], "--reserve", "zero or more"),
        ([*PLAN, "--disposal", "some"], "--disposal", "zero or more"),
        ([*PLAN, "--samples", "40"], "--samples", "--interval"),
        ([*PLAN, "--seed", "0"], "--seed", "--interval"),
        ([*PLAN, "--journal", "draws"], "--journal", "--interval"),
        ([*PLAN, "--cluster", "tcp://127.0.0.1:9"], "--cluster", "--interval"),
        ([*PLAN, "--interval", "--cluster", "nowhere:1"], "--cluster", "tcp://HOST:PORT"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_its_option(
    words: list[str], key: str, allowed: str
) -> None:
    done = run(*words, "--json")
    assert done.exit_code == 2
    error = json.loads(done.stdout)["error"]
    assert error["key"] == key
    assert allowed in error["allowed"]


@pytest.mark.parametrize(
    ("option", "value", "line"),
    [
        ("--recovery", "barge", 'recovery = "barge"'),
        ("--reserve", "30", "reserve_m_s = 30"),
        ("--disposal", "12.5", "disposal_m_s = 12.5"),
    ],
)
def test_a_mission_file_says_itself_what_is_kept(
    tmp_path: Path, sample: Make, option: str, value: str, line: str
) -> None:
    file = tmp_path / "mission.toml"
    file.write_text(sample().mission_toml)
    done = run("plan", str(file), option, value, "--json")
    assert done.exit_code == 2
    error = json.loads(done.stdout)["error"]
    assert (error["file"], error["key"]) == (str(file), option)
    assert line in error["allowed"]


def test_bare_numbers_have_no_interval(tmp_path: Path, sample: Make) -> None:
    file = tmp_path / "mission.toml"
    file.write_text(sample().mission_toml.replace("angara-1.2", "my rocket"))
    done = run("plan", str(file), "--interval", "--json")
    assert done.exit_code == 2
    assert "my rocket" in json.loads(done.stdout)["error"]["message"]


def test_the_table_says_what_is_kept(give: Give, sample: Make) -> None:
    give(told(sample()))
    text = flat(run(*PLAN).stdout)
    lines = run(*PLAN).stdout.splitlines()
    first = next(k for k, line in enumerate(lines) if line.startswith("kept back: "))
    assert lines[first].rstrip() == "kept back: 60.5 m/s of velocity reserve in URM-2"
    assert lines[first + 1].strip() == "12 m/s to bring URM-2 down"
    assert lines[first + 2].strip().startswith("18500 kg of propellant and 3400 kg of hardware")
    assert "3400 kg of hardware in URM-1 for landing on a barge" in text
    bare = sample()
    document = {key: value for key, value in bare.document.items() if key != "kept"}
    give(replace(bare, document=document))
    assert "kept back" not in run(*PLAN).stdout


def test_raw_corrected_and_published_stand_together(give: Give, sample: Make) -> None:
    give(told(sample()))
    done = run(*PLAN).stdout
    text = flat(done)
    places = [text.index(word) for word in ("raw: ", "corrected: 4281 kg", "published: 3800 kg")]
    assert places == sorted(places)
    assert "nine in ten between 3507 and 5226 kg, to first order" in text
    assert "A published rating is not a prediction" in text
    assert "need not be of a first stage that comes back" in text
    assert "92 published ratings of 31 vehicles of other families" in text
    assert "How sure the payload is" not in text
    assert max(len(line.rstrip()) for line in done.splitlines()) <= 80


def test_the_sampled_interval_stands_beside_first_order(give: Give, sample: Make) -> None:
    give(told(sample(), interval=INTERVAL, payload_interval_kg=[3466.0, 5177.0]))
    done = run(*PLAN).stdout
    assert "nine in ten between 3466 and 5177 kg, sampled" in flat(done)
    rows = [line.split() for line in done.partition("How sure the payload is")[2].splitlines()]
    assert ["by", "198", "samples", "402.0", "kg", "3466", "to", "5177", "kg"] in rows
    assert ["to", "first", "order", "417.0", "kg", "3507", "to", "5226", "kg"] in rows
    assert "agree. 2 of 200 samples were not found again. Seed 5." in flat(done)


@pytest.mark.parametrize(
    ("agrees", "words"), [(False, "first order differ"), (None, "Too few samples")]
)
def test_a_doubtful_interval_is_called_one(
    give: Give, sample: Make, agrees: bool | None, words: str
) -> None:
    by = "sampling" if agrees is False else "first order"
    give(told(sample(), interval=INTERVAL | {"first_order_agrees": agrees, "by": by}))
    text = flat(run(*PLAN).stdout)
    assert words in text
    assert ("by 198 samples" in text) is (agrees is False)


def test_an_assumed_model_term_is_called_assumed(give: Give, sample: Make) -> None:
    assumed = LEARNT | {"measured": False, "spread": 0.1}
    give(told(sample(), calibration=assumed))
    text = flat(run(*PLAN).stdout)
    assert "10 % of the payload is assumed as model term" in text


def test_no_estimate_is_shown_without_a_result(give: Give, without_result: Make) -> None:
    give(told(without_result("verification_failed")))
    assert "corrected" not in run(*PLAN).stdout


def test_page_and_notebook_tell_the_same(sample: Make) -> None:
    answer = told(sample(), interval=INTERVAL)
    page = report_html(answer)
    for word in (
        "4281 kg",
        "3466 to 5177 kg",
        "417.0 kg",
        "is not a prediction",
        "<dd>60.5 m/s of velocity reserve in URM-2</dd><dd>12 m/s to bring URM-2 down</dd>",
    ):
        assert word in page
    assert "4281 kg" not in report_html(sample())
    note = cd.Answer(answer.status, answer.document, answer.table, answer.mission_toml)
    assert "Corrected" in note._repr_html_()
    assert "60.5 m/s of velocity reserve" in note._repr_html_()


def test_python_asks_for_the_same(monkeypatch: pytest.MonkeyPatch, sample: Make) -> None:
    asked: list[Any] = []

    def note(mission: Any, sheet: Any, options: Any, *, draws: Draws, **_: object) -> Answer:
        asked.append((mission, sheet, options.command, draws))
        return sample()

    monkeypatch.setattr("cosmodrome.campaign.plan_interval.plan_with_interval", note)
    kept = KeptBack("return", disposal_m_s=20.0)
    cd.plan("falcon-9-ft", "ksc", "200 km 28.6 deg", kept=kept, interval=True)
    cd.plan("falcon-9-ft", "ksc", "200 km 28.6 deg", kept=kept, interval=Draws(50, 4))
    usual, other = asked
    assert usual[1].vehicle() == usual[0].vehicle
    assert usual[1].recover == "return"
    assert usual[2].endswith("--recovery return --disposal 20 --interval")
    assert other[2].endswith("--interval --samples 50 --seed 4")
    assert (usual[3], other[3]) == (Draws(), Draws(50, 4))


def test_what_is_kept_belongs_to_a_vehicle_that_is_named(sample: Make, tmp_path: Path) -> None:
    file = tmp_path / "mission.toml"
    file.write_text(sample().mission_toml)
    with pytest.raises(cd.InputError):
        cd.plan(file, kept=KeptBack(reserve_m_s=3.0))


@pytest.mark.slow
def test_a_recovered_flight_costs_payload_and_can_be_run_again(tmp_path: Path) -> None:
    words = ("falcon-9-ft", "ksc", "200 km 28.6 deg")
    expended = cd.plan(*words)
    kept = KeptBack(recovery="barge", reserve_m_s=40.0, disposal_m_s=25.0)
    first = cd.plan(*words, kept=kept)
    first.save(tmp_path)
    again = cd.plan(tmp_path / "mission.toml")
    assert again.payload_kg == first.payload_kg
    for key in ("corrected_payload_kg", "first_order_interval_kg"):
        assert again.document[key] == first.document[key]
    # A mission of bare numbers does not tell the reserve from the disposal.
    assert again.document["kept"].items() <= first.document["kept"].items()
    assert first.document["kept"]["disposal_m_s"] == 25.0
    assert first.payload_kg is not None
    assert expended.payload_kg is not None
    # A coarse bound: the propellant kept is an estimate of the sheet, with a wide range.
    assert 0.65 < first.payload_kg / expended.payload_kg < 0.95
    reserve = next(row for row in first.document["limits"] if row["name"] == "velocity reserve")
    assert reserve["limit"] == 65.0
    assert reserve["met"]
