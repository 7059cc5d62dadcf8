"""`cosmodrome judge`: our own exports pass it, planted faults do not, nonsense is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from cosmodrome.cli import main
from cosmodrome.cli.app import Doors
from cosmodrome.cli.judge import judge
from cosmodrome.io.recognise import read_any, trajectory_from
from cosmodrome.prompt.judging import Asked
from cosmodrome.prompt.judging import judge as judged
from cosmodrome.report.folder import write_run_folder

PLAIN = {"NO_COLOR": "1", "COLUMNS": "80", "TERM": "dumb", "SOURCE_DATE_EPOCH": "1800000000"}
ORBIT = "200 km 51.7 deg"
WHOLE = ("--to", ORBIT, "--vehicle", "angara-1.2", "--from", "vostochny")
Make = Callable[[], Any]

door = Doors(name="cosmodrome")
door.add_command(judge)


def run(*words: str) -> Result:
    return CliRunner(env=PLAIN).invoke(door, ["judge", *words], prog_name="cosmodrome")


def document(*words: str) -> tuple[int, dict[str, Any]]:
    done = run(*words, "--json", "--quiet")
    return done.exit_code, json.loads(done.stdout)


@pytest.fixture(scope="module")
def folder(sample: Make, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("judge") / "run"
    write_run_folder(sample(), path)
    return path


@pytest.fixture(scope="module")
def exports(folder: Path) -> dict[str, Path]:
    found = {}
    for form in ("oem", "oem-xml", "csv", "parquet"):
        path = folder.parent / f"flight.{form}"
        words = ["export", str(folder), "--format", form, "--out", str(path), "--quiet"]
        assert CliRunner(env=PLAIN).invoke(main, words).exit_code == 0
        found[form] = path
    return found


@pytest.mark.parametrize("form", ["oem", "oem-xml", "csv", "parquet"])
def test_our_own_export_passes(exports: dict[str, Path], form: str) -> None:
    code, found = document(str(exports[form]), *WHOLE)
    assert code == 0, found
    assert found["status"] == "passed"
    assert found["verification"]["passed"] is True
    assert found["verification"]["target_error"]["position_m"] < 100.0
    assert found["achieved"]["perigee_km"] == pytest.approx(200.0, abs=0.1)
    assert len(found["file"]["segments"]) > 1
    assert found["file"]["has_mass"] is (form in ("csv", "parquet"))
    assert {one["name"] for one in found["not_judged"]} >= {"q alpha", "turn rate"}
    assert found["limits"]
    assert all(one["met"] for one in found["limits"])


def test_it_says_what_the_plan_said_of_its_own_flight(
    folder: Path, exports: dict[str, Path]
) -> None:
    plan = json.loads((folder / "result.json").read_text("utf-8"))
    _, found = document(str(exports["csv"]), *WHOLE)
    for key in ("perigee_km", "apogee_km", "inclination_deg", "raan_deg"):
        assert found["achieved"][key] == pytest.approx(plan["achieved"][key], abs=2e-3), key
    ours = {one["name"]: one for one in plan["limits"]}
    shared = [one for one in found["limits"] if one["name"] in ours]
    assert len(shared) >= 3
    for one in shared:
        assert one["limit"] == ours[one["name"]]["limit"]
        # The sample has every third state: a peak may lie between two.
        assert one["reached"] == pytest.approx(ours[one["name"]]["reached"], rel=0.02)
    assert set(plan["events"][0]) == set(found["events"][0])


def test_the_table_tells_the_verdict_first(exports: dict[str, Path]) -> None:
    done = run(str(exports["oem"]), *WHOLE)
    assert done.exit_code == 0, done.stderr
    assert max(len(line) for line in done.stdout.splitlines()) <= 80
    text = done.stdout
    parts = ["Passes: 200.0 x 200.0 km", "The orbit", "Do the states belong together?", "Limits"]
    places = [text.index(part) for part in [*parts, "Events", "Not judged", "needs attitude"]]
    assert places == sorted(places)


# ---------------------------------------------------------------------- planted faults


def edited(path: Path, to: Path, change: Callable[[list[str]], None]) -> Path:
    """A CSV with one row changed."""
    lines = path.read_text("utf-8").splitlines()
    head, row = lines[0].split(","), lines[150].split(",")
    named = dict(zip(head, row, strict=True))
    cells = [named[name] for name in head]
    change(cells)
    lines[150] = ",".join(cells)
    to.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return to


@pytest.mark.parametrize(("column", "off"), [("y_m", 200.0), ("vz_m_s", 20.0)])
def test_a_state_that_was_tampered_with_is_found(
    exports: dict[str, Path], tmp_path: Path, column: str, off: float
) -> None:
    head = exports["csv"].read_text("utf-8").splitlines()[0].split(",")
    at = head.index(column)

    def change(cells: list[str]) -> None:
        cells[at] = repr(float(cells[at]) + off)

    path = edited(exports["csv"], tmp_path / "bad.csv", change)
    code, found = document(str(path), *WHOLE)
    assert code == 5
    assert found["status"] == "verification_failed"
    torn = {one["name"] for one in found["verification"]["consistency"] if not one["met"]}
    assert {"position against velocity", "velocity against position"} & torn
    worst = found["verification"]["worst_state"]
    when = float(
        dict(zip(head, path.read_text("utf-8").splitlines()[150].split(","), strict=True))["t_s"]
    )
    assert worst["from_s"] <= when <= worst["to_s"]
    done = run(str(path), *WHOLE)
    assert done.exit_code == 5
    assert "Does not pass" in done.stdout
    assert "its states do not belong together" in " ".join(done.stdout.split()).lower()


def test_a_tampered_oem_is_found(exports: dict[str, Path], tmp_path: Path) -> None:
    lines = exports["oem"].read_text("utf-8").splitlines()
    rows = [k for k, line in enumerate(lines) if re.match(r"20\d\d-", line)]
    words = lines[rows[200]].split()
    words[1] = repr(float(words[1]) + 0.3)  # 300 m
    lines[rows[200]] = " ".join(words)
    path = tmp_path / "bad.oem"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert document(str(path), *WHOLE)[0] == 5


def test_another_orbit_is_a_miss(exports: dict[str, Path]) -> None:
    code, found = document(str(exports["oem"]), "--to", "205 km 51.7 deg")
    assert code == 5
    assert found["verification"]["target_error"]["perigee_km"] == pytest.approx(-5.0, abs=0.1)
    assert found["verification"]["target_error"]["position_m"] == pytest.approx(5000.0, abs=20.0)
    assert all(one["met"] for one in found["verification"]["consistency"])
    wide = ("--position-tolerance-m", "6000", "--velocity-tolerance-m-s", "10")
    assert document(str(exports["oem"]), "--to", "205 km 51.7 deg", *wide)[0] == 0


def test_a_limit_of_a_mission_file(exports: dict[str, Path], folder: Path, tmp_path: Path) -> None:
    csv = str(exports["csv"])
    code, found = document(csv, "--mission", str(folder / "mission.toml"))
    assert code == 0, found
    path = tmp_path / "strict.toml"
    path.write_text(
        '[mission]\nvehicle = "angara-1.2"\nsite = "vostochny"\norbit = "200 km 51.7 deg"\n'
        "[limits]\ndynamic_pressure_pa = 20000\n",
        encoding="utf-8",
    )
    code, found = document(csv, "--mission", str(path))
    assert code == 5
    assert [one["name"] for one in found["limits"] if not one["met"]] == ["dynamic pressure"]


def test_with_less_said_more_is_left_open(exports: dict[str, Path]) -> None:
    oem = str(exports["oem"])
    code, alone = document(oem, "--to", ORBIT)
    assert code == 0
    assert alone["limits"] == []
    left = {one["name"] for one in alone["not_judged"]}
    assert left == {"limits of the vehicle", "start and corridor"}
    _, vehicle = document(oem, "--to", ORBIT, "--vehicle", "angara-1.2")
    assert "dynamic pressure" in {one["name"] for one in vehicle["limits"]}
    _, site = document(oem, "--to", ORBIT, "--from", "vostochny")
    assert {one["name"] for one in site["limits"]} >= {"distance from the pad at its start"}
    shown = CliRunner(env=PLAIN).invoke(main, ["judge", oem, "--to", ORBIT, "--from", "vostochny"])
    assert "held against a launch from vostochny to" in " ".join(shown.stdout.split())
    code, free = document(oem, "--to", "200 km least")
    assert code == 0
    assert "inclination" in {one["name"] for one in free["not_judged"]}


# ---------------------------------------------------------------------- the folder


def test_the_folder(exports: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "judged"
    code, found = document(str(exports["csv"]), *WHOLE, "--out", str(out))
    assert code == 0
    assert {path.name for path in out.iterdir()} == {
        "report.html",
        "result.json",
        "trajectory.parquet",
    }
    assert json.loads((out / "result.json").read_text("utf-8")) == found
    page = (out / "report.html").read_text("utf-8")
    for chart in ("altitude", "speed", "q", "acceleration", "track", "globe"):
        assert f'id="chart-{chart}"' in page
    assert "needs attitude" in page
    assert "http://" not in re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    again = trajectory_from(read_any(out / "trajectory.parquet"))
    first = trajectory_from(read_any(exports["csv"]))
    np.testing.assert_allclose(again.r_m, first.r_m, atol=1e-6)
    code, twice = document(str(out / "trajectory.parquet"), *WHOLE)
    assert code == 0
    assert twice["achieved"]["t_s"] == found["achieved"]["t_s"]


def test_a_name_in_a_file_cannot_write_into_the_page(
    exports: dict[str, Path], tmp_path: Path
) -> None:
    text = exports["csv"].read_text("utf-8").replace("gravity turn", "<script>x</script>")
    path = tmp_path / "evil.csv"
    path.write_text(text, encoding="utf-8")
    out = tmp_path / "judged"
    assert document(str(path), "--to", ORBIT, "--out", str(out))[0] == 0
    assert "<script>x" not in (out / "report.html").read_text("utf-8")


def test_the_command_it_prints_gives_the_same(exports: dict[str, Path]) -> None:
    import shlex

    more = ("--at", "505.5", "--fairing", "240", "--position-tolerance-m", "1e6")
    _, first = document(str(exports["oem"]), *WHOLE, *more, "--velocity-tolerance-m-s", "1e4")
    words = shlex.split(first["provenance"]["command"])
    assert words[:2] == ["cosmodrome", "judge"]
    _, again = document(*words[2:])
    assert again == first
    assert first["achieved"]["chosen_by"] == "as asked for"
    assert first["achieved"]["t_s"] == pytest.approx(505.5, abs=3.0)


# ---------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ((), "--to"),
        (("--to", "somewhere"), "orbit"),
        (("--to", ORBIT, "--vehicle", "angarra"), "vehicle"),
        (("--to", ORBIT, "--from", "nowhere"), "site"),
        (("--to", ORBIT, "--at", "1e9"), "--at"),
        (("--to", ORBIT, "--at", "nan"), "--at"),
        (("--to", ORBIT, "--epoch", "2027-03-20T12:00:00Z"), "--epoch"),
        (("--to", ORBIT, "--frame", "TOD"), "--frame"),
        (("--to", ORBIT, "--position-tolerance-m", "0"), "--position-tolerance-m"),
        (("--mission", "m.toml", "--vehicle", "angara-1.2"), "--vehicle"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    exports: dict[str, Path], words: tuple[str, ...], key: str
) -> None:
    code, found = document(str(exports["oem"]), *words)
    assert code == 2
    assert found["error"]["key"] == key


def test_files_that_cannot_be_judged_are_refused(
    folder: Path, exports: dict[str, Path], tmp_path: Path
) -> None:
    code, found = document(str(folder), "--to", ORBIT)
    assert code == 2
    assert found["error"]["allowed"] == str(folder / "trajectory.parquet")
    assert document(str(tmp_path / "none.oem"), "--to", ORBIT)[0] == 2
    text = exports["csv"].read_text("utf-8").splitlines()
    back = tmp_path / "back.csv"
    back.write_text("\n".join([text[0], *text[:0:-1]]) + "\n", encoding="utf-8")
    code, found = document(str(back), "--to", ORBIT)
    assert code == 2
    assert "time falls" in found["error"]["message"]
    inside = tmp_path / "units.csv"
    inside.write_text(
        "\n".join([text[0].replace("x_m,y_m,z_m", "x_km,y_km,z_km"), *text[1:]]), "utf-8"
    )
    # Metres said to be kilometres: far away, and no orbit.
    assert document(str(inside), "--to", ORBIT)[0] in (2, 5)
    tle = tmp_path / "x.tle"
    tle.write_text(
        "1 25544U 98067A   24261.50000000  .00016717  00000-0  10270-3 0  9007\n"
        "2 25544  51.6400 208.9163 0006317  69.9862  25.2906 15.54225995 67660\n",
        encoding="utf-8",
    )
    code, found = document(str(tle), "--to", ORBIT)
    assert code == 2
    assert "a TLE holds no trajectory" in found["error"]["message"]


def test_a_bare_table_needs_epoch_and_frame(exports: dict[str, Path], tmp_path: Path) -> None:
    rows = [line.split(",") for line in exports["csv"].read_text("utf-8").splitlines()]
    keep = [k for k, name in enumerate(rows[0]) if name not in ("epoch_utc", "frame")]
    bare = tmp_path / "bare.csv"
    bare.write_text("\n".join(",".join(row[k] for k in keep) for row in rows) + "\n", "utf-8")
    assert document(str(bare), "--to", ORBIT)[0] == 2
    said = ("--epoch", "2027-03-20T12:00:00Z", "--frame", "GCRF")
    code, found = document(str(bare), *WHOLE, *said)
    assert code == 0, found
    late = ("--epoch", "2027-03-20T12:00:37Z", "--frame", "GCRF")
    code, found = document(str(bare), *WHOLE, *late)
    assert code == 5
    missed = {one["name"] for one in found["limits"] if not one["met"]}
    assert missed == {"distance from the pad at its start"}


def test_it_can_be_asked_from_python(exports: dict[str, Path]) -> None:
    found = judged(exports["parquet"], Asked(ORBIT, "angara-1.2", "vostochny"))
    assert found.passed
    assert "passed" in repr(found)
    assert {len(column) for column in found.table.values()} == {found.document["file"]["states"]}
