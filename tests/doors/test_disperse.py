"""`cosmodrome disperse`: the contract's keys, files whole or not at all, errors by name."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cosmodrome.campaign import PlanOptions, plan_mission
from cosmodrome.cli import main
from cosmodrome.cli.exits import Exit
from cosmodrome.prompt import mission_from
from cosmodrome.report import write_run_folder


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder as `plan --out` writes it."""
    folder = tmp_path_factory.mktemp("disperse") / "run"
    mission = mission_from("angara-1.2", "vostochny", "200 km 51.7 deg")
    options = PlanOptions(alternatives=False, partials=False)
    write_run_folder(plan_mission(mission, options), folder)
    return folder


def asked(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(["disperse", *words])
    out, err = capsys.readouterr()
    return int(left.value.code or 0), out, err


def test_json_files_and_table_tell_the_same(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new"
    words = [str(run), "--samples", "60", "--seed", "4", "--payload-samples", "20"]
    code, said, err = asked([*words, "--out", str(out), "--json", "--quiet"], capsys)
    assert (code, err) == (Exit.DONE, "")
    told: dict[str, Any] = json.loads(said)
    assert told["samples"] == 60
    assert told["seed"] == 4
    assert told["note"] == "planning aid, not a licence analysis"
    margin = told["payload_margin_kg"]
    assert margin["p01"] < margin["p50"] < margin["p99"]
    assert margin["upper_bound"] is True
    assert abs(margin["nominal_kg"]) < 1e-3 * margin["carried_kg"]
    assert told["propellant_margin_kg"]["p01"] == pytest.approx(0.9 * margin["p01"], rel=0.15)
    assert set(told["insertion"]) >= {"covariance", "source"}
    assert {path.name for path in out.iterdir()} == {"samples.parquet", "disperse.json"}
    assert json.loads((out / "disperse.json").read_text()) == told
    table = pq.read_table(io.BytesIO((out / "samples.parquet").read_bytes())).to_pydict()
    assert table["sample"] == list(range(60))
    assert sum(kg is not None for kg in table["payload_kg"]) == 20
    assert {"URM-1 latitude_deg", "URM-1 longitude_deg", "drawn: thrust of URM-1"} <= set(table)
    # What it says to type gives the same again.
    assert told["provenance"]["command"].startswith("cosmodrome disperse ")
    assert "--seed 4" in told["provenance"]["command"]


def test_a_terminal_gets_the_same_in_words(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said, _ = asked([str(run), "--samples", "50", "--payload-samples", "0"], capsys)
    assert code == Exit.DONE
    for words in ("Planning aid, not a licence analysis", "URM-1", "nobody steering", "1705"):
        assert words in " ".join(said.split())


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (["--samples", "7"], "--samples"),
        (["--seed", "-1"], "--seed"),
        (["--method", "dice"], "--method"),
        (["--payload-samples", "7"], "--payload-samples"),
        (["--cluster", "nowhere:1"], "--cluster"),
        (["--sigmas", "nothing.toml"], None),
        (["--samples", "900000", "--payload-samples", "900000", "--workers", "1"], "--samples"),
        (["--perigee-sigma-km", "-1"], "--perigee-sigma-km"),
        (["--perigee-sigma-km", "0"], "--perigee-sigma-km"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(
    words: list[str], key: str | None, run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said, err = asked([str(run), *words, "--json"], capsys)
    assert code == Exit.BAD_INPUT
    assert "Traceback" not in err
    error = json.loads(said)["error"]
    assert error["key"] == key
    assert error["allowed"]


def test_a_folder_without_a_plan_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = asked([str(tmp_path)], capsys)
    assert code == Exit.BAD_INPUT
    assert "mission.toml" in err
