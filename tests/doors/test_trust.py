"""`validate` and `check`: what they print, write and leave with, on made-up predictions."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from markdown_it import MarkdownIt

from cosmodrome.campaign.answer import Answer
from cosmodrome.campaign.calibration import Calibration
from cosmodrome.campaign.learnt import calibrations_document, read_calibrations
from cosmodrome.campaign.validation import Prediction
from cosmodrome.cli import main
from cosmodrome.mission.catalogue import PublishedPayload
from cosmodrome.report.validation_page import validation_markdown
from cosmodrome.report.validation_plot import validation_svg

Make = Callable[..., Answer]

PLAIN = {"NO_COLOR": "1", "COLUMNS": "80", "TERM": "dumb"}
CLAIM = ("check", "angara-1.2", "--from", "vostochny", "--to", "200 km 51.7 deg", "--payload")
KEYS = {
    "vehicle",
    "site",
    "perigee_km",
    "apogee_km",
    "inclination_deg",
    "published_kg",
    "confidence",
    "raw_kg",
    "predicted_kg",
    "interval_kg",
    "error_percent",
    "status",
}


def run(*words: str) -> Result:
    return CliRunner(env=PLAIN).invoke(main, list(words), prog_name="cosmodrome")


def made_up(points: Sequence[PublishedPayload], *_: object) -> list[Prediction]:
    """Predictions a tenth too high, a little apart by vehicle; one vehicle has no data."""
    found = []
    for k, point in enumerate(points):
        kg = point.payload_kg * (1.1 + 0.002 * (hash_of(point.vehicle) - k % 3))
        one = Prediction("optimal", kg, 0.0, "excluded", f"family of {point.vehicle}")
        if point.vehicle == "atlas-v-552":
            one = Prediction("unknown vehicle", reason="no vehicle is called 'atlas-v-552'")
        found.append(one)
    return found


def hash_of(name: str) -> int:
    return sum(map(ord, name)) % 20 - 10


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cosmodrome.cli.validate.predicted", made_up)


@pytest.fixture
def document(planned: None) -> dict[str, Any]:  # noqa: ARG001
    found: dict[str, Any] = json.loads(run("validate", "--json", "--quiet").stdout)
    return found


def test_validate_keeps_the_contract(document: dict[str, Any]) -> None:
    assert all(set(point) >= KEYS for point in document["points"])
    first = document["points"][0]
    low, high = first["interval_kg"]
    assert low < first["predicted_kg"] < high
    assert first["raw_kg"] > first["predicted_kg"] > 0.0
    absent = [point for point in document["points"] if point["vehicle"] == "atlas-v-552"]
    assert all(point["predicted_kg"] is None for point in absent)
    assert document["summary"]["clean"]["leave_family_out"]["vehicles"] > 5


def test_every_point_that_is_not_clean_is_listed_with_its_reason(document: dict[str, Any]) -> None:
    told = document["summary"]["left_out"]
    assert len(told) == sum(not point["clean"] for point in document["points"])
    assert all(one["reason"] for one in told)


@pytest.mark.usefixtures("planned")
def test_the_table_fits_80_columns_and_ends_with_the_summary() -> None:
    result = run("validate", "--quiet")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert max(len(line.rstrip()) for line in lines) <= 80
    assert "…" not in result.stdout
    assert result.stdout.index("electron") < result.stdout.index("How good")


@pytest.mark.usefixtures("planned")
def test_the_page_and_its_picture_are_written(tmp_path: Path) -> None:
    result = run("validate", "--out", str(tmp_path / "docs"), "--quiet")
    assert result.exit_code == 0
    names = {path.name for path in (tmp_path / "docs").iterdir()}
    assert names == {"validation.md", "validation.svg", "validation.json", "calibration.json"}
    learnt = read_calibrations(tmp_path / "docs" / "calibration.json")
    assert learnt[""].measured
    assert learnt["family of electron"].without == "family of electron"


def test_every_link_of_the_page_leads_somewhere(document: dict[str, Any]) -> None:
    text = validation_markdown(document)
    anchors = {part.split('"')[0] for part in text.split('<a id="')[1:]}
    links = [
        str(child.attrs["href"])
        for token in MarkdownIt("commonmark").enable("table").parse(text)
        for child in token.children or []
        if child.type == "link_open"
    ]
    assert links
    assert {link.removeprefix("#") for link in links} <= anchors
    assert anchors == {point["vehicle"] for point in document["points"]}


def test_every_row_of_the_page_has_as_many_cells_as_its_head(document: dict[str, Any]) -> None:
    document["points"][0]["source"] = "a | bar\nand a line"
    width = 0
    for line in validation_markdown(document).splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        cells = line.replace("\\|", "").count("|")
        width = width or cells
        assert cells == width, line


def test_the_plot_is_well_formed_and_the_same_every_time(document: dict[str, Any]) -> None:
    document["points"][0] |= {"family": "<&> family", "vehicle": "<&> vehicle"}
    text = validation_svg(document)
    assert text == validation_svg(document)
    drawn = ET.fromstring(text)  # noqa: S314 - our own text
    space = "{http://www.w3.org/2000/svg}"
    titles = [one.text or "" for one in drawn.iter(f"{space}title")]
    shown = [point for point in document["points"] if point["predicted_kg"] is not None]
    assert sum("published" in title for title in titles) == len(shown)


@pytest.mark.usefixtures("planned")
def test_an_unknown_vehicle_or_table_is_refused(tmp_path: Path) -> None:
    result = run("validate", "--vehicles", "electron,rocket", "--json")
    error = json.loads(result.stdout)["error"]
    assert (result.exit_code, error["key"], error["value"]) == (2, "--vehicles", "rocket")
    assert "electron" in error["allowed"]
    (tmp_path / "empty.csv").write_text("vehicle,site\n", "utf-8")
    assert run("validate", "--points", str(tmp_path / "empty.csv")).exit_code == 2
    assert run("validate", "--points", str(tmp_path / "none.csv")).exit_code == 2


# ---------------------------------------------------------------------- check

PARTIALS = [
    {"quantity": "dry mass", "part": "URM-2", "kg_per_unit": -1.0},
    {"quantity": "specific impulse", "part": "URM-2", "kg_per_unit": 25.0},
    {"quantity": "velocity", "part": "vehicle", "kg_per_unit": -1.4},
]


@pytest.fixture
def plan_gives(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answer], None]:
    """Let `check` plan this answer, with a calibration that does not change with the data."""
    known = Calibration("factor", 0.0, 0.08, 20, 40)
    monkeypatch.setattr("cosmodrome.campaign.checking.calibration_for", lambda _: known)

    def give(found: Answer) -> None:
        monkeypatch.setattr("cosmodrome.campaign.checking.plan_mission", lambda *_, **__: found)

    return give


def test_a_claim_is_judged_and_the_code_follows(
    plan_gives: Callable[[Answer], None], sample: Make
) -> None:
    found = sample()
    found.document["partials"] = PARTIALS
    plan_gives(found)
    most = found.payload_kg
    assert most is not None
    wanted = {0.9: ("supported", 0), 1.08: ("marginal", 0), 1.5: ("not supported", 6)}
    for share, (verdict, code) in wanted.items():
        result = run(*CLAIM, str(share * most), "--json", "--quiet")
        told = json.loads(result.stdout)
        assert (told["verdict"], result.exit_code) == (verdict, code)
        assert {"probability", "payload_kg", "interval_kg", "published"} <= set(told)
    assert told["payload_kg"] == pytest.approx(most)
    assert told["would_be_true_if"].startswith("needs about")
    assert "not to be believed" in told["would_be_true_if"]
    changed = told["assumption"]
    rate = {"dry mass": -1.0, "specific impulse": 25.0}[changed["quantity"]]
    assert most + rate * changed["change"] == pytest.approx(1.5 * most)


def test_the_verdict_comes_first_on_a_terminal(
    plan_gives: Callable[[Answer], None], sample: Make
) -> None:
    plan_gives(sample())
    text = run(*CLAIM, "100", "--quiet").stdout
    assert text.splitlines()[2].startswith("supported  probability 100 %")
    assert "to spare" in text
    assert "published:" in text


def test_a_claim_to_an_orbit_out_of_reach_is_not_supported(
    plan_gives: Callable[[Answer], None], without_result: Make
) -> None:
    plan_gives(without_result("infeasible"))
    result = run(*CLAIM, "100", "--json", "--quiet")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["verdict"], told["payload_kg"]) == (6, "not supported", None)
    assert "412 m/s more" in told["would_be_true_if"]
    assert run(*CLAIM, "100", "--quiet").exit_code == 6


@pytest.mark.parametrize(("status", "code"), [("not_converged", 4), ("verification_failed", 5)])
def test_without_a_proved_plan_there_is_no_verdict(
    status: str, code: int, plan_gives: Callable[[Answer], None], without_result: Make
) -> None:
    plan_gives(without_result(status))
    result = run(*CLAIM, "100", "--json", "--quiet")
    assert (result.exit_code, json.loads(result.stdout)["verdict"]) == (code, None)
    assert "so no verdict" in run(*CLAIM, "100", "--quiet").stdout


def test_a_check_can_be_made_again_by_its_command(
    plan_gives: Callable[[Answer], None], sample: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def plan(_mission: object, options: Any, **_: object) -> Answer:
        asked.append(options.command)
        return sample()

    plan_gives(sample())
    monkeypatch.setattr("cosmodrome.campaign.checking.plan_mission", plan)
    run(*CLAIM, "3800", "--includes-adapter", "yes", "--riders", "none", "--quiet")
    wanted = 'cosmodrome check angara-1.2 --from vostochny --to "200 km 51.7 deg" --payload 3800'
    assert asked[0] == f"{wanted} --riders none --includes-adapter yes"


@pytest.mark.parametrize("kg", ["-1", "0", "nan", "much"])
def test_a_claim_that_is_no_payload_is_refused(kg: str) -> None:
    result = run(*CLAIM, kg, "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"]["key"] == "--payload"


def test_calibrations_are_read_back(tmp_path: Path) -> None:
    known = {
        "": Calibration("factor", -0.05, 0.07, 9, 31),
        "A": Calibration("factor", -0.04, 0.08, 8, 30, "A"),
    }
    path = tmp_path / "calibration.json"
    path.write_text(json.dumps(calibrations_document(known, {})), "utf-8")
    assert read_calibrations(path) == known
    assert read_calibrations(tmp_path / "none.json") == {}
