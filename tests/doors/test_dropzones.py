"""`cosmodrome dropzones`: from a run folder to parts on the ground.

The run folder is one of `cosmodrome plan angara-1.2 --from vostochny --to "sso 500 km" --out`,
without its page and its table.
"""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from cosmodrome.cli.dropzones import ENDINGS as OFFERED
from cosmodrome.cli.dropzones import dropzones as command
from cosmodrome.errors import InputError
from cosmodrome.io.hazard_files import PLANNING_AID
from cosmodrome.prompt.dropzones import dropzones, read_wind
from cosmodrome.prompt.dropzones_files import ENDINGS, zones_file

RUN = Path(__file__).parent / "data" / "run_angara"
PLAIN = {"NO_COLOR": "1", "COLUMNS": "80", "TERM": "dumb"}
FEW = ("--samples", "60", "--quiet")


def run(*words: str) -> Result:
    return CliRunner(env=PLAIN).invoke(command, list(words), standalone_mode=False)


@pytest.fixture(scope="module")
def found() -> Any:
    return dropzones(RUN, samples=60)


def test_the_document_has_the_contracts_keys(found: Any) -> None:
    done = run(str(RUN), *FEW, "--json")
    assert done.exception is None
    told = json.loads(done.stdout)
    assert told == json.loads(json.dumps(found.document))
    stage, fairing = told["parts"]
    for part in (stage, fairing):
        assert {"name", "latitude_deg", "longitude_deg", "t_s", "country"} <= set(part)
        assert part["surface"] == "land"
        assert part["country"] == "Russia"
        assert {"listed", "estimate_lo", "estimate_hi"} <= set(part["people_99"])
        assert part["people_99"] == part["ellipses"][-1]["people"]
        assert [one["probability"] for one in part["ellipses"]] == [0.5, 0.9, 0.99]
        for one in part["ellipses"]:
            assert one["semi_major_km"] >= one["semi_minor_km"] > 0.0
            assert 0.0 <= one["azimuth_deg"] <= 180.0
            assert one["area_km2"] > 0.0
    assert told["note"] == PLANNING_AID
    assert stage["name"] == "URM-1"
    assert 900.0 < stage["range_km"] < 1200.0
    assert fairing["count"] == 2
    assert told["in_orbit"][0]["name"] == "URM-2"


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(found: Any) -> None:
    again, other = dropzones(RUN, samples=60), dropzones(RUN, samples=60, seed=2)
    assert json.dumps(again.document) == json.dumps(found.document)
    parts = [one.document["parts"][0] for one in (found, other)]
    assert parts[0]["latitude_deg"] == parts[1]["latitude_deg"]  # nominal
    assert parts[0]["ellipses"] != parts[1]["ellipses"]


def test_the_table_says_what_it_is() -> None:
    done = run(str(RUN), *FEW)
    assert done.exception is None
    assert "Planning aid, not a licence analysis" in done.stdout
    assert "URM-1" in done.stdout
    assert "fairing x 2" in done.stdout
    assert "see `lifetime`" in done.stdout
    assert "nobody" not in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 80


def test_geojson_holds_the_ellipses_and_says_what_they_are(tmp_path: Path, found: Any) -> None:
    place = tmp_path / "zones.geojson"
    assert run(str(RUN), *FEW, "--out", str(place)).exception is None
    told = json.loads(place.read_text("utf-8"))
    assert told["type"] == "FeatureCollection"
    assert told["note"] == PLANNING_AID
    kinds = [one["geometry"]["type"] for one in told["features"]]
    assert kinds == ["Point", "Polygon", "Polygon", "Polygon"] * 2
    for one in told["features"]:
        assert one["properties"]["note"] == PLANNING_AID
    point = told["features"][0]["geometry"]["coordinates"]
    part = found.document["parts"][0]
    assert point == pytest.approx([part["longitude_deg"], part["latitude_deg"]], abs=1e-6)
    ring = told["features"][1]["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]


def test_kml_is_well_formed_and_says_what_it_is(found: Any) -> None:
    root = ET.fromstring(zones_file(found, ".kml"))  # noqa: S314 - our own text
    space = "{http://www.opengis.net/kml/2.2}"
    assert len(root.findall(f".//{space}Placemark")) == 8
    assert PLANNING_AID in (root.findtext(f".//{space}description") or "")
    for line in root.iter(f"{space}coordinates"):
        for corner in (line.text or "").split():
            longitude, latitude, _ = (float(x) for x in corner.split(","))
            assert 100.0 < longitude < 140.0
            assert 50.0 < latitude < 70.0


def test_csv_has_a_row_for_each_ellipse(found: Any) -> None:
    rows = list(csv.DictReader(zones_file(found, ".csv").decode().splitlines()))
    assert [row["probability"] for row in rows] == ["0.5", "0.9", "0.99"] * 2
    assert all(row["note"] == PLANNING_AID for row in rows)
    assert float(rows[0]["latitude_deg"]) == found.document["parts"][0]["latitude_deg"]


def test_json_is_the_document(found: Any) -> None:
    assert json.loads(zones_file(found, ".json")) == json.loads(json.dumps(found.document))


def test_every_form_is_offered() -> None:
    assert ENDINGS == OFFERED


def test_wind_moves_the_fairing_more_than_the_stage(tmp_path: Path, found: Any) -> None:
    table = tmp_path / "wind.csv"
    table.write_text("altitude_m,east_m_s,north_m_s\n0,5,0\n10000,40,0\n20000,5,0\n")
    blown = dropzones(RUN, samples=60, wind=table)
    moved = [
        after["longitude_deg"] - before["longitude_deg"]
        for before, after in zip(found.document["parts"], blown.document["parts"], strict=True)
    ]
    assert 0.0 < 2.0 * moved[0] < moved[1]
    assert any("mean wind" in note for note in blown.document["notes"])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no column"),
        ("altitude_m,east_m_s\n0,1\n", "no column north_m_s"),
        ("altitude_m,east_m_s,north_m_s\n0,1,2\n", "two altitudes"),
        ("altitude_m,east_m_s,north_m_s\n0,1,2\n0,1,2\n", "line 3"),
        ("altitude_m,east_m_s,north_m_s\n0,1,2\n5,x,2\n", "not a number"),
        ("altitude_m,east_m_s,north_m_s\n0,1,2\n5,nan,2\n", "200 m/s"),
        ("altitude_m,east_m_s,north_m_s\n0,1,2\n5,900,2\n", "200 m/s"),
        ("altitude_m,east_m_s,north_m_s\n0,1,2\nnan,1,2\n", "rise"),
        ("altitude_m,east_m_s,north_m_s\n0,1,2\n5,,\n", "not a number"),
    ],
)
def test_a_wind_that_cannot_be_used_is_refused_by_line(tmp_path: Path, text: str, why: str) -> None:
    table = tmp_path / "wind.csv"
    table.write_text(text)
    with pytest.raises(InputError, match=why) as caught:
        read_wind(table)
    assert caught.value.to_dict()["key"] == "--wind"


def test_a_raster_of_ones_own_is_counted(tmp_path: Path, found: Any) -> None:
    """A person in every tenth of a degree around the drop zones."""
    raster = tmp_path / "people.asc"
    head = "ncols 120\nnrows 60\nxllcorner 118\nyllcorner 58\ncellsize 0.1\nNODATA_value -1\n"
    raster.write_text(head + (" ".join(["1"] * 120) + "\n") * 60)
    counted = dropzones(RUN, samples=60, population=raster).document["parts"][0]["people_99"]
    area_km2 = found.document["parts"][0]["ellipses"][-1]["area_km2"]
    cell_km2 = 11.13**2 * 0.48  # a tenth of a degree each way at 61 N
    assert counted["estimate_lo"] < area_km2 / cell_km2 < counted["estimate_hi"]
    assert counted["source"] != found.document["parts"][0]["people_99"]["source"]
    with pytest.raises(InputError):
        dropzones(RUN, samples=60, population=tmp_path / "none.asc")


def test_a_wind_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_wind(tmp_path / "none.csv")


def test_folders_that_hold_no_flight_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        dropzones(tmp_path / "none")
    with pytest.raises(InputError, match=r"no mission\.toml"):
        dropzones(tmp_path)
    (tmp_path / "result.json").write_text('{"status": "infeasible"}')
    with pytest.raises(InputError, match="infeasible"):
        dropzones(tmp_path)
    (tmp_path / "result.json").write_text("{")
    with pytest.raises(InputError, match=r"result\.json"):
        dropzones(tmp_path)


def test_a_plan_of_another_mission_is_refused(tmp_path: Path) -> None:
    copy = tmp_path / "run"
    shutil.copytree(RUN, copy)
    text = (copy / "mission.toml").read_text("utf-8")
    (copy / "mission.toml").write_text(text + "\n# changed\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"plan\.json"):
        dropzones(copy)


@pytest.mark.parametrize("asked", [{"samples": 10}, {"seed": -1}])
def test_counts_out_of_range_are_refused(asked: dict[str, int]) -> None:
    with pytest.raises(InputError):
        dropzones(RUN, **asked)  # type: ignore[arg-type]


def test_help_loads_nothing_heavy() -> None:
    done = run("--help")
    assert "planning aid" in done.stdout.lower()
