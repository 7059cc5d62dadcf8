"""`cosmodrome satellite`: budgets, revisit, life and launchers of the example."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cosmodrome.cli import main

PLAIN = {"NO_COLOR": "1", "COLUMNS": "80", "TERM": "dumb"}
CRAFT = Path(__file__).resolve().parents[2] / "examples" / "satellites" / "earth-observer.toml"
ORBIT = ("--orbit", "sso 500 km ltan 10:30")


def run(folder: Path, *words: str) -> Result:
    """Ask with no payload maps: what they hold is tried with `who_launches`."""
    fixed = ["satellite", "--maps", str(folder), "--no-build", "--quiet"]
    return CliRunner(env=PLAIN).invoke(main, [*fixed, *words], prog_name="cosmodrome")


def test_the_document_has_the_keys_of_the_contract(tmp_path: Path) -> None:
    done = run(tmp_path, str(CRAFT), *ORBIT, "--vehicles", "electron", "--json")
    assert done.exit_code == 0, done.stderr
    told: Any = json.loads(done.stdout)
    assert {"power", "link", "data", "delta_v", "mass"} <= set(told["budgets"])
    keys = {"vehicle", "site", "payload_kg", "margin_kg", "status"}
    assert told["launchers"]
    assert all(keys <= set(one) and one["vehicle"] == "electron" for one in told["launchers"])
    assert told["orbit"]["ltan"] == "10:30"
    command = told["provenance"]["command"]
    assert command.endswith("--epoch 2027-03-20T12:00:00Z --vehicles electron")
    assert "'sso 500 km ltan 10:30'" in command or '"sso 500 km ltan 10:30"' in command


def test_the_table_is_calm_and_has_every_line_where_asked(tmp_path: Path) -> None:
    words = (str(CRAFT), *ORBIT, "--vehicles", "electron")
    done = run(tmp_path, *words, "--details")
    assert done.exit_code == 0, done.stderr
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()) <= 80
    for said in ("delta-v", "depth of discharge", "free-space loss", "How long it stays"):
        assert said in done.stdout
    assert "1 not computed" in done.stdout


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ((str(CRAFT), "--orbit", "500 km"), "--orbit"),
        ((str(CRAFT), *ORBIT, "--epoch", "soon"), "--epoch"),
        ((str(CRAFT), *ORBIT, "--workers", "0"), "--workers"),
        ((str(CRAFT),), "--orbit"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(
    tmp_path: Path, words: tuple[str, ...], key: str
) -> None:
    done = run(tmp_path, *words, "--json")
    assert done.exit_code == 2
    error = json.loads(done.stdout)["error"]
    assert error["key"] == key
    assert error["allowed"]


def test_a_spacecraft_that_is_not_there_is_refused(tmp_path: Path) -> None:
    done = run(tmp_path, str(tmp_path / "none.toml"), *ORBIT, "--json")
    assert done.exit_code == 2
    assert "none.toml" in json.loads(done.stdout)["error"]["message"]


@pytest.mark.parametrize(
    "orbit", [pytest.param("300x35786 km 27 deg", marks=pytest.mark.slow), "5000 km 40 deg"]
)
def test_an_orbit_off_the_payload_maps_has_its_budgets(tmp_path: Path, orbit: str) -> None:
    """Who can launch it is one question, what the satellite needs there another."""
    words = (str(CRAFT), "--orbit", orbit, "--vehicles", "electron")
    done = run(tmp_path, *words, "--out", str(tmp_path / "life"))
    assert done.exit_code == 0, done.stderr
    assert "Not asked: " in done.stdout
    told = json.loads((tmp_path / "life" / "result.json").read_text("utf-8"))
    assert told["launchers"] == []
    assert told["launchers_unasked"]
    assert told["budgets"]["power"] is not None
    page = (tmp_path / "life" / "life.html").read_text("utf-8")
    assert "No launcher was asked: " in page


def test_a_way_down_that_goes_up_is_refused(tmp_path: Path) -> None:
    craft = tmp_path / "up.toml"
    text = CRAFT.read_text("utf-8")
    assert "deorbit_perigee_km = 250" in text
    craft.write_text(text.replace("deorbit_perigee_km = 250", "deorbit_perigee_km = 900"), "utf-8")
    done = run(tmp_path, str(craft), *ORBIT, "--vehicles", "electron", "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["error"]["key"] == "manoeuvres.deorbit_perigee_km"


def test_a_file_is_no_folder_of_maps(tmp_path: Path) -> None:
    file = tmp_path / "maps"
    file.write_text("not a folder")
    done = run(file, str(CRAFT), *ORBIT, "--vehicles", "electron", "--json")
    assert done.exit_code == 2
    assert "no folder for payload maps" in json.loads(done.stdout)["error"]["message"]
