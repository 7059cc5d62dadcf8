"""The benchmarks' own arithmetic: whose passes agree, and a section that fails says so."""

import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks"
LISTED = [(100.0, 400.0), (6000.0, 6009.0), (9000.0, 9300.0)]
Load = Callable[[str], ModuleType]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Load:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module


def test_a_missed_pass_and_an_invented_one_are_told_apart(load: Load) -> None:
    found = [(100.2, 399.9), (9000.0, 9300.4), (20000.0, 20100.0)]
    one = load("iss_month").agreement(found, LISTED)
    assert (one.agree, one.beyond) == (2, 1)
    assert one.largest_s == pytest.approx(0.4)


def test_rise_and_set_must_both_be_within_the_second(load: Load) -> None:
    one = load("iss_month").agreement([(100.0, 401.1), (6001.1, 6009.0)], LISTED)
    assert (one.agree, one.beyond, one.largest_s) == (0, 2, 0.0)


def test_a_pass_found_twice_counts_once(load: Load) -> None:
    one = load("iss_month").agreement([(100.0, 400.0), (100.1, 400.0)], LISTED)
    assert (one.agree, one.beyond) == (1, 1)


def test_times_are_set_beside_ours_and_passes_beside_the_grid(load: Load) -> None:
    passes = load("side_by_side.passes")

    def row(again_s: float, contacts: list[tuple[float, float]]) -> dict[str, object]:
        return {
            "program": "p",
            "version": "1",
            "first_s": 1.0,
            "again_s": again_s,
            "contacts": contacts,
        }

    rows = passes.compared(
        {
            "cosmodrome": [row(0.01, LISTED), row(0.02, LISTED), row(0.06, LISTED)],
            "other": [row(0.05, LISTED[:2])],
            passes.GRID: [row(2.0, LISTED)],
        }
    )
    assert [one["agree"] for one in rows] == [3, 2, 3]
    assert rows[1]["over_ours"] == pytest.approx(2.5)  # of the median, 0.02 s
    assert all("contacts" not in one for one in rows)


def test_every_section_has_its_place_in_the_readme(load: Load) -> None:
    text = (BENCHMARKS / "README.md").read_text()
    for name in load("run").SECTIONS:
        marker = name.replace("-", " ")
        assert text.count(f"<!-- {marker} -->") == text.count(f"<!-- /{marker} -->") == 1


def test_a_section_that_fails_is_named_and_the_next_goes_on(
    load: Load,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    run, record, fresh = load("run"), load("record"), load("fresh")
    broken = tmp_path / "broken.py"
    broken.write_text("raise SystemExit('no such kernel')")

    def failing(_runs: int | None) -> object:
        return fresh.Entrant("the broken one", Path(sys.executable), broken).measure()

    def working(_runs: int | None) -> object:
        return record.Measured("b", {"value": 1}, ["| b |"])

    monkeypatch.setattr(run, "SECTIONS", {"a": failing, "b": working})
    monkeypatch.setattr(record, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(record, "README", tmp_path / "README.md")
    (tmp_path / "README.md").write_text("x\n<!-- b -->\nold\n<!-- /b -->\ny\n")
    assert run.main([]) == 1
    told = capsys.readouterr().err
    assert "section a failed" in told
    assert "the broken one" in told
    assert "no such kernel" in told
    assert "section b failed" not in told
    assert json.loads((tmp_path / "results.json").read_text())["b"]["value"] == 1
    assert (tmp_path / "README.md").read_text() == "x\n<!-- b -->\n| b |\n<!-- /b -->\ny\n"


def test_only_to_be_shown_nothing_is_written(
    load: Load, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run, record = load("run"), load("record")
    found = record.Measured("b", {}, ["| b |"])
    monkeypatch.setattr(run, "SECTIONS", {"b": lambda _runs: found})
    monkeypatch.setattr(record, "RESULTS", tmp_path / "results.json")
    assert run.main(["--show"]) == 0
    assert not list(tmp_path.iterdir())
