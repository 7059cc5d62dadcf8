"""How the program leaves: closed pipes, full disks, interrupts, and what it says on the way."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import cosmodrome as cd
from cosmodrome.campaign.answer import Answer
from cosmodrome.cli import console, main

PLAIN = {"NO_COLOR": "1", "COLUMNS": "80", "TERM": "dumb"}
START = "import sys; from cosmodrome.cli import main; sys.argv[0] = 'cosmodrome'; main()"
GOES_ON = (
    "interrupted; what was finished is kept in some.journal; the same command goes on from there\n"
)
PLAN = ["plan", "angara-1.2", "--from", "vostochny", "--to", "200 km 51.7 deg"]
TABLE = (
    "vehicle,site,perigee_km,apogee_km,inclination_deg,payload_kg,includes_adapter,source,"
    "confidence"
)
GOOD = "angara-1.2,vostochny,200,200,51.7,3800,no,me,A"


def run(*words: str) -> Result:
    return CliRunner(env=PLAIN).invoke(main, list(words), prog_name="cosmodrome")


def error_of(*words: str) -> dict[str, Any]:
    """The error object of a refusal, whose every text is plain."""
    done = run(*words, "--json")
    assert done.exit_code == 2
    error: dict[str, Any] = json.loads(done.stdout)["error"]
    assert "Errno" not in done.output
    assert error["message"]
    assert error["allowed"]
    return error


# ------------------------------------------------------------- standard output


@pytest.mark.parametrize(
    "words",
    [("sites",), ("vehicles",), ("sites", "--json"), ("vehicles", "angara-1.2"), ("--help",)],
)
def test_a_closed_pipe_is_no_fault(words: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-c", START, *words],
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("words", [("sites",), ("sites", "--json")])
def test_a_full_disk_is_said_and_is_no_defect(words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-c", START, *words],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 2
    assert done.stderr == "cosmodrome: standard output cannot be written to: no space left\n"


# ------------------------------------------------------------------ interrupts


def test_an_interrupt_is_one_line_and_a_library_adds_none(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    libc = ctypes.CDLL(None)

    def solving(_: object, __: object, tell: Callable[[str, float], None]) -> Answer:
        libc.dprintf(2, b"before\n")
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            libc.dprintf(2, b"a library's warning\n")
        tell("next start", 0.5)
        raise AssertionError("went on")

    monkeypatch.setattr("cosmodrome.cli.plan.solved", solving)
    with pytest.raises(SystemExit) as left:
        main(PLAN)
    told = capfd.readouterr()
    assert left.value.code == 130
    assert told.out == ""
    assert told.err == "before\ninterrupted\n"
    libc.dprintf(2, b"and after\n")
    assert capfd.readouterr().err == "and after\n"


@pytest.mark.parametrize(
    ("place", "words", "end"),
    [
        ("plan.solved", PLAN, "interrupted\n"),
        (
            "check.checked",
            ["check", *PLAN[1:], "--payload", "3000"],
            "interrupted\n",
        ),
        (
            "map._mapped",
            ["map", *PLAN[1:4], "--altitudes", "200", "--inclinations", "52"],
            "interrupted; nothing is kept without --out or --journal\n",
        ),
        (
            "validate.predicted",
            ["validate", "--vehicles", "electron", "--journal", "some.journal"],
            GOES_ON,
        ),
    ],
)
def test_every_command_is_interrupted_in_one_line(
    monkeypatch: pytest.MonkeyPatch, place: str, words: list[str], end: str
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"cosmodrome.cli.{place}", interrupted)
    done = run(*words)
    assert (done.exit_code, done.stdout, done.stderr) == (130, "", end)


# -------------------------------------------------------------------- progress


def told_over(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], parts: list[float]
) -> list[str]:
    """Lines of a job that says something new every second, at these parts of it."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    tell = console._lines()
    for k, part in enumerate(parts):
        now[0] += 1.0
        tell(f"sample {k}", part)
    return capsys.readouterr().err.splitlines()


def test_without_a_terminal_a_long_job_says_little(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Two hundred seconds: nine tenths on the way and the end.
    lines = told_over(monkeypatch, capsys, [(k + 1) / 200.0 for k in range(200)])
    assert len(lines) <= 20
    assert lines[-1].endswith("sample 199")


def test_a_job_that_gets_nowhere_is_heard_every_ten_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(told_over(monkeypatch, capsys, [0.01] * 60)) == 6


def test_nobody_listening_to_progress_does_not_stop_the_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("click.echo", gone)
    monkeypatch.setattr(console, "PATIENCE_S", 0.0)
    console._lines()("half", 0.5)


# -------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("plan", "nowhere.toml"), "there is no such file"),
        (("plan", "folder.toml"), "it is a folder, not a file"),
        (("plan", "latin.toml"), "no text in UTF-8"),
        (("vehicles", "./nowhere.toml"), "there is no such file"),
        (("sites", "nowhere.toml"), "there is no such file"),
        (("validate", "--points", "nowhere.csv"), "there is no such file"),
        (("validate", "--points", "folder.toml"), "it is a folder, not a file"),
        (("plan", "/etc"), "/etc is a folder, not a vehicle or mission file"),
        (("plan", "/etc", *PLAN[2:]), "/etc is a folder, and no vehicle is called so"),
        (("check", "/etc", *PLAN[2:], "--payload", "3"), "/etc is a folder"),
        (("vehicles", "./run"), "./run is a folder"),
        (("vehicles", "./run/notes.txt"), "is not a .toml file"),
        (("sites", "/no/such/place"), "is no .toml file"),
        (("sites", "/etc"), "/etc is a folder, and no site is called so"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_plain_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "notes.txt").write_text("")
    (tmp_path / "latin.toml").write_bytes(b'title = "\xe9"\n')
    error = error_of(*words)
    assert why in error["message"]
    assert error["file"]


def test_a_run_folder_is_answered_with_its_mission(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "mission.toml").write_text("")
    assert error_of("plan", "run")["allowed"].startswith("run/mission.toml")


def test_a_folder_beside_does_not_hide_a_misspelt_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "angara1.2").mkdir()
    assert "did you mean angara-1.2" in error_of("vehicles", "angara1.2")["message"]


def test_python_refuses_a_file_in_the_same_words() -> None:
    with pytest.raises(cd.InputError, match="there is no such file") as caught:
        cd.plan("nowhere.toml")
    assert "Errno" not in str(caught.value)
    with pytest.raises(cd.InputError, match="/etc is a folder"):
        cd.plan("/etc", "vostochny", "200 km 51.7 deg")


# ------------------------------------------------------------------ validation


def test_a_vehicle_without_published_payloads_is_told_from_an_unknown_one() -> None:
    known = error_of("validate", "--vehicles", "nuri")
    assert "no published payload of nuri" in known["message"]
    unknown = error_of("validate", "--vehicles", "angara-9")
    assert "no vehicle is called 'angara-9'" in unknown["message"]
    for error in (known, unknown):
        assert error["key"] == "--vehicles"
        assert "electron" in error["allowed"]


@pytest.mark.parametrize(
    ("row", "key", "value", "allowed"),
    [
        (GOOD.replace("angara-1.2", "rocket-x"), "vehicle", "rocket-x", "angara-1.2"),
        (GOOD.replace("vostochny", "vostochni"), "site", "vostochni", "vostochny"),
    ],
)
def test_a_table_of_an_unknown_name_is_refused_by_its_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    row: str,
    key: str,
    value: str,
    allowed: str,
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("the planner was asked")

    monkeypatch.setattr("cosmodrome.cli.validate.predicted", never)
    file = tmp_path / "mine.csv"
    # An empty line counts as a line and not as a row.
    file.write_text("\n".join((TABLE, GOOD, "", row)) + "\n", "utf-8")
    error = error_of("validate", "--points", str(file))
    assert (error["file"], error["key"], error["value"]) == (str(file), f"line 4.{key}", value)
    assert "line 4" in error["message"]
    assert allowed in error["allowed"].split(", ")


def test_a_vehicle_that_the_catalogue_leaves_out_knowingly_is_no_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cosmodrome.cli.validate import chosen_points

    monkeypatch.chdir(tmp_path)
    Path("mine.csv").write_text(f"{TABLE}\n{GOOD.replace('angara-1.2', 'atlas-v-552')}\n", "utf-8")
    (point,) = chosen_points("mine.csv", None)
    assert point.vehicle == "atlas-v-552"
