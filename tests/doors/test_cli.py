"""The command line: what it prints, where, and the code it leaves with."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cosmodrome.campaign.answer import Answer
from cosmodrome.cli import main
from cosmodrome.errors import InputError

Make = Callable[..., Answer]
Give = Callable[[Answer], None]

PLAN = ["plan", "angara-1.2", "--from", "vostochny", "--to", "200 km 51.7 deg"]
PLAIN = {"NO_COLOR": "1", "COLUMNS": "80", "TERM": "dumb"}


def payload_text(found: Answer) -> str:
    """The payload of a sample as the doors write it."""
    return f"{found.payload_kg:.0f} kg"


def run(*words: str) -> Result:
    """Run the program inside this process, 80 columns wide, without colour."""
    return CliRunner(env=PLAIN).invoke(main, list(words), prog_name="cosmodrome")


def program(*words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run the program as a process of its own."""
    start = "import sys; from cosmodrome.cli import main; sys.argv[0] = 'cosmodrome'; main()"
    return subprocess.run(
        [sys.executable, "-c", start, *words],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | PLAIN,
        check=False,
        **more,
    )


def error_of(result: Result) -> dict[str, Any]:
    """The error object on standard output; exit code 2 is checked on the way."""
    assert result.exit_code == 2
    whole = json.loads(result.stdout)
    assert list(whole) == ["error"]
    error: dict[str, Any] = whole["error"]
    assert {"message", "file", "key", "value", "allowed"} <= set(error)
    return error


@pytest.mark.parametrize(
    ("status", "code"),
    [("optimal", 0), ("infeasible", 3), ("not_converged", 4), ("verification_failed", 5)],
)
def test_exit_code_and_json_follow_the_status(
    give: Give, status: str, code: int, sample: Make, without_result: Make
) -> None:
    give(sample() if status == "optimal" else without_result(status))
    result = run(*PLAN, "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == code
    assert document["status"] == status
    assert (document["payload_kg"] is None) == (status != "optimal")


@pytest.mark.parametrize("status", ["infeasible", "not_converged", "verification_failed"])
def test_no_payload_of_ours_is_printed_without_a_result(
    give: Give, status: str, sample: Make, without_result: Make
) -> None:
    give(without_result(status))
    result = run(*PLAN)
    assert "No payload" in result.stdout
    first = result.stdout.split("Nearest that works")[0]
    assert payload_text(sample()) not in first
    assert "1234" not in first


def test_infeasible_says_how_far_and_what_works(give: Give, without_result: Make) -> None:
    give(without_result("infeasible"))
    text = run(*PLAN).stdout
    assert "412 m/s or 350.0 kg" in " ".join(text.split())
    assert "inclination" in text
    assert 'cosmodrome plan angara-1.2 --from vostochny --to "180 km 45 deg"' in text


def test_a_payload_that_is_too_much_is_told_beside_the_most(
    give: Give, without_result: Make
) -> None:
    found = without_result("infeasible")
    found.document["best_payload_kg"] = 650.0
    give(found)
    text = run(*PLAN).stdout
    assert "1000 kg is too much" in text
    assert "at most 650.0 kg goes to 200 km 51.7 deg" in text


def test_a_fixed_payload_is_told_with_what_is_left(give: Give, sample: Make) -> None:
    found = sample()
    found.document.update(payload_kg=2000.0, margin_kg=2268.0, alternatives=[])
    found.document["provenance"]["command"] += " --payload 2000"
    give(found)
    text = run(*PLAN, "--payload", "2000").stdout
    assert "2000 kg with 2268 kg of propellant left in the last stage" in text
    assert "--payload 2000 --out run" in text


def test_starts_that_differ_are_listed(give: Give, sample: Make) -> None:
    found = sample()
    tried = found.document["starts"]
    tried["each"][0] |= {"status": "not_converged", "payload_kg": None}
    tried["agreed"] = 1
    give(found)
    text = run(*PLAN).stdout
    assert "1 did not converge" in " ".join(text.split())
    assert "\nStarts\n" in text
    assert "not converged" in text.split("\nStarts\n")[1]


def test_the_command_of_an_answer_asks_the_same_again(
    monkeypatch: pytest.MonkeyPatch, sample: Make
) -> None:
    asked: list[dict[str, Any]] = []

    def note(_: object, options: dict[str, Any], *__: object) -> Answer:
        asked.append(dict(options))
        return sample()

    monkeypatch.setattr("cosmodrome.cli.plan.solved", note)
    more = ("--payload", "2000", "--riders", "none", "--epoch", "2027-05-01T00:00:00Z",
            "--position-tolerance-m", "1e-6", "--mesh-check", "--other-starts")  # fmt: skip
    assert run(*PLAN, *more, "--json", "--quiet").exit_code == 0
    first, *words = shlex.split(asked[0]["command"])
    assert first == "cosmodrome"
    assert run(*words, "--json").exit_code == 0
    assert asked[0] == asked[1]
    assert asked[0]["position_tolerance_m"] == 1e-6


def test_the_table_at_80_columns(give: Give, sample: Make) -> None:
    give(sample())
    text = "".join(line.rstrip() + "\n" for line in run(*PLAN).stdout.splitlines())
    assert max(len(line) for line in text.splitlines()[:-4]) <= 80
    assert text == (Path(__file__).parent / "data/plan_table.txt").read_text("utf-8")


def test_payload_stands_above_published_verdict_events_losses_and_limits(
    give: Give, sample: Make
) -> None:
    give(sample())
    text = run(*PLAN).stdout
    order = (payload_text(sample()), "without AM module", "published: 3800 kg",
             "Reaches the target", "Events", "Where the delta-v went", "Limits", "Flown again",
             "Next")  # fmt: skip
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_out_writes_the_run_folder_and_names_the_files(
    give: Give, tmp_path: Path, sample: Make
) -> None:
    give(sample())
    folder = tmp_path / "deep" / "run"
    result = run(*PLAN, "--out", str(folder))
    names = {"mission.toml", "result.json", "trajectory.parquet", "report.html"}
    assert result.exit_code == 0
    assert {path.name for path in folder.iterdir()} == names
    assert all(name in result.stdout for name in names)


def test_unwritable_out_is_refused_before_any_work(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def never(*_: object) -> Answer:
        raise AssertionError("the planner was asked")

    monkeypatch.setattr("cosmodrome.cli.plan.solved", never)
    taken = tmp_path / "file"
    taken.write_text("in the way")
    error = error_of(run(*PLAN, "--json", "--out", str(taken / "run")))
    assert error["key"] == "--out"
    assert str(taken / "run") in error["message"]


@pytest.mark.parametrize("words", [("--payload", "nan"), ("--payload", "-5"), ("--payload", "x")])
def test_unusable_payload_is_named(words: tuple[str, str]) -> None:
    error = error_of(run(*PLAN, "--json", *words))
    assert error["key"] == "--payload"
    assert error["value"] == words[1]
    assert "kilograms" in error["allowed"]


def test_misspelt_vehicle_gets_the_nearest_names() -> None:
    error = error_of(run("plan", "angara1.2", *PLAN[2:], "--json"))
    assert error["value"] == "angara1.2"
    assert "angara-1.2" in error["message"]


def test_misspelt_site_gets_the_nearest_names() -> None:
    error = error_of(run("plan", "angara-1.2", "--from", "vostochni", *PLAN[4:], "--json"))
    assert "vostochny" in error["message"]


def test_unreadable_orbit_says_what_is_allowed() -> None:
    error = error_of(run(*PLAN[:5], "200 parsecs", "--json"))
    assert error["value"] == "200 parsecs"
    assert "200 km 51.7 deg" in error["allowed"]


def test_unreadable_epoch_is_refused() -> None:
    error = error_of(run(*PLAN, "--epoch", "tomorrow", "--json"))
    assert error["value"] == "tomorrow"


def test_missing_mission_file_is_named() -> None:
    error = error_of(run("plan", "nowhere.toml", "--json"))
    assert error["file"] == "nowhere.toml"


@pytest.mark.parametrize(
    "words",
    [
        ("plan",),
        ("plan", "angara-1.2"),
        ("plann", "angara-1.2"),
        (*PLAN, "--paylod", "3"),
        (*PLAN, "--riders", "some"),
        ("vehicles", "a", "b"),
    ],
)
def test_wrong_use_is_an_error_object_and_never_a_trace(words: tuple[str, ...]) -> None:
    error_of(run(*words, "--json"))
    spoken = run(*words)
    assert spoken.exit_code == 2
    assert spoken.stdout == ""
    assert "Traceback" not in spoken.stderr


def test_a_defect_is_called_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Answer:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("cosmodrome.cli.plan.solved", broken)
    result = run(*PLAN)
    assert result.exit_code == 1
    assert "a defect" in result.stderr
    assert "planted" in result.stderr
    assert "Traceback" not in result.stderr


def test_interrupt_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> Answer:
        raise KeyboardInterrupt

    monkeypatch.setattr("cosmodrome.cli.plan.solved", interrupted)
    assert run(*PLAN).exit_code == 130


def test_an_interrupt_that_a_library_swallows_is_heeded(
    monkeypatch: pytest.MonkeyPatch, sample: Make
) -> None:
    reached: list[str] = []

    def swallowing(_: object, __: object, tell: Callable[[str, float], None]) -> Answer:
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        reached.append("solved")
        tell("next start", 0.5)
        reached.append("told")
        return sample()

    monkeypatch.setattr("cosmodrome.cli.plan.solved", swallowing)
    before = signal.getsignal(signal.SIGINT)
    result = run(*PLAN, "--json")
    assert (result.exit_code, result.stdout) == (130, "")
    assert reached == ["solved"]
    assert signal.getsignal(signal.SIGINT) is before


def test_an_input_error_from_the_planner_is_bad_input(monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(*_: object) -> Answer:
        raise InputError("stage has no thrust", key="stages.urm-1.thrust_vac_n", value=0.0)

    monkeypatch.setattr("cosmodrome.cli.plan.solved", refusing)
    assert error_of(run(*PLAN, "--json"))["key"] == "stages.urm-1.thrust_vac_n"


def test_a_mission_file_written_out_is_the_same_mission(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sample: Make
) -> None:
    asked: list[Any] = []

    def note(mission: Any, *_: object) -> Answer:
        asked.append(mission)
        return sample()

    monkeypatch.setattr("cosmodrome.cli.plan.solved", note)
    file = tmp_path / "mission.toml"
    file.write_text(sample().mission_toml)
    assert run(*PLAN, "--json").exit_code == 0
    assert run("plan", str(file), "--json").exit_code == 0
    assert asked[0] == asked[1]


def test_vehicle_sheet_as_json_has_the_contract_keys() -> None:
    document = json.loads(run("vehicles", "angara-1.2", "--json").stdout)
    figure = document["stages"][0]["propellant_kg"]
    assert document["name"] == "angara-1.2"
    assert {"value", "low", "high", "source", "confidence"} <= set(figure)


def test_vehicle_sheet_shows_every_number_range_source_and_the_height_question() -> None:
    text = run("vehicles", "angara-1.2").stdout
    flat = " ".join(text.split())
    assert "42.7 m" in flat
    assert "41.5 to 42.8" in flat
    assert "test article" in flat
    assert "128800 kg 128000 to 132600" in flat
    assert "Mission Planner's Guide" in flat
    assert "assumed" in flat
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 80


def test_lists_name_everything() -> None:
    listed = json.loads(run("vehicles", "--json").stdout)["vehicles"]
    assert "angara-1.2" in {row["name"] for row in listed}
    assert "vostochny" in run("sites").stdout
    assert "site-1a" in run("sites", "vostochny", "--json").stdout


def test_processes_leave_with_the_code_and_keep_the_streams_apart() -> None:
    done = program("vehicles", "angara-1.2", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["name"] == "angara-1.2"
    wrong = program("vehicles", "angara-9")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "Traceback" not in wrong.stderr


def test_a_reader_that_stops_early_is_no_error() -> None:
    start = "from cosmodrome.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", start, "vehicles", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as piped:
        assert piped.stdout is not None
        assert piped.stderr is not None
        piped.stdout.close()
        told = piped.stderr.read()
    assert "Traceback" not in told
    assert piped.returncode == 0


def test_help_loads_no_heavy_library() -> None:
    start = (
        "import sys\nfrom cosmodrome.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'casadi', 'plotly', 'rich', 'pandas', 'scipy', 'pyarrow', 'msgspec'}\n"
        "sys.exit(','.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", start], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stderr == ""
    assert done.returncode == 0


def test_vehicle_sheet_tells_reserves_accuracy_recovery_and_doubts() -> None:
    falcon = " ".join(run("vehicles", "falcon-9-ft").stdout.split())
    assert "velocity reserve 70 m/s 30 to 110" in falcon
    assert "the reserve stands for: usual practice" in falcon
    assert "envelope diameter 4.6 m" in falcon
    assert "stated for: low circular orbit" in falcon
    assert "where asked for: landing on a barge down range" in falcon
    assert "Nothing here speaks against these numbers." in falcon
    ariane = " ".join(run("vehicles", "ariane-64").stdout.split())
    assert "stages that other families fly too: p120c" in ariane
    closure = json.loads(run("vehicles", "ariane-64", "--json").stdout)["closure"]
    assert closure["cautions"]  # sources disagree about its upper stage
    for one in closure["cautions"]:
        assert f"uncertain, {one['part']}: {one['why']}" in ariane
    nuri = " ".join(run("vehicles", "nuri").stdout.split())
    flags = json.loads(run("vehicles", "nuri", "--json").stdout)["closure"]["flags"]
    assert flags  # its burn times do not agree with its flow
    assert all(f"doubt, {flag['part']}: {flag['why']}" in nuri for flag in flags)


def test_help_lists_every_command_in_the_order_of_use_and_every_exit_code() -> None:
    told = run("--help").stdout
    listed = told.partition("Commands:\n")[2].split("\n")
    names = [line.split()[0] for line in listed if line.strip()]
    assert names[:6] == ["vehicles", "sites", "plan", "check", "map", "validate"]
    assert {"passes", "eclipses", "coverage", "lifetime", "propagate"} < set(names[6:])
    assert names[names.index("export") :][:3] == ["export", "judge", "satellite"]
    ranges = ["dropzones", "casualty", "hazard", "disperse", "windows", "screen"]
    assert names[names.index("satellite") + 1 :] == [*ranges, "serve"]
    assert all(len(line.split()) > 2 for line in listed if line.strip())
    assert "6 claim not supported" in " ".join(told.split())


PARTIALS = [
    {"quantity": "dry mass", "part": "URM-2", "unit": "kg", "kg_per_unit": -0.99999},
    {"quantity": "thrust", "part": "URM-1", "unit": "fraction", "kg_per_unit": 1234.0},
    {"quantity": "specific impulse", "part": "URM-2", "unit": "s", "kg_per_unit": 21.5},
    {"quantity": "drag", "part": "vehicle", "unit": "fraction", "kg_per_unit": -99.0},
    {"quantity": "adapter mass", "part": "adapter", "unit": "kg", "kg_per_unit": 1e-9},
    {"quantity": "velocity", "part": "", "unit": "m/s", "kg_per_unit": -3.14},
]


def test_partials_are_printed_where_asked_for(give: Give, sample: Make) -> None:
    answer = sample()
    give(replace(answer, document=answer.document | {"partials": PARTIALS}))
    assert "one unit more" not in run(*PLAN).stdout
    told = run(*PLAN, "--partials").stdout
    rows = [line.split() for line in told.partition("one unit more is worth, kg")[2].split("\n")]
    assert ["URM-2", "-1.00", "-", "-", "+21.5", "-"] in rows
    assert ["URM-1", "-", "-", "-", "-", "+12.3"] in rows
    assert ["drag", "-0.990", "per", "%"] in rows
    assert ["adapter", "mass", "0", "per", "kg"] in rows
    assert ["velocity", "kept", "at", "insertion", "-3.14", "per", "m/s"] in rows
    assert max(len(line.rstrip()) for line in told.splitlines()) <= 80


def test_a_plan_without_partials_says_so(give: Give, sample: Make) -> None:
    answer = sample()
    give(replace(answer, document=answer.document | {"partials": []}))
    assert "No partials" in run(*PLAN, "--partials").stdout
