"""`cosmodrome map`: ranges, files, table, interruption."""

from __future__ import annotations

import csv
import html
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cosmodrome.campaign.map_kinks import kinks
from cosmodrome.campaign.payload_map import Cell, MapQuestion, PayloadMap
from cosmodrome.cli import main
from cosmodrome.cli import map as door
from cosmodrome.errors import InputError
from cosmodrome.prompt.ranges import read_range
from cosmodrome.report.map_figure import kink_sentences, map_chart
from cosmodrome.report.map_files import map_html, write_files

PLAIN = {"NO_COLOR": "1", "COLUMNS": "80", "TERM": "dumb"}
MAP = ["map", "angara-1.2", "--from", "vostochny"]
RANGES = ["--altitudes", "200:400:100", "--inclinations", "45:65:10"]
HEIGHTS, TILTS = (200.0, 300.0, 400.0), (45.0, 55.0, 65.0)


def run(*words: str) -> Result:
    return CliRunner(env=PLAIN).invoke(main, list(words), prog_name="cosmodrome")


def cell(site: str, altitude_km: float, inclination_deg: float) -> Cell:
    if inclination_deg < 50.0:
        return Cell(site, altitude_km, inclination_deg, "infeasible", reason="below <latitude>")
    burns = 1 if altitude_km < 300.0 else 2
    course = "direct" if inclination_deg < 60.0 else "dogleg"
    payload = 5000.0 - 4.0 * altitude_km - 10.0 * inclination_deg
    return Cell(
        site=site,
        altitude_km=altitude_km,
        inclination_deg=inclination_deg,
        status="optimal",
        payload_kg=payload,
        burns=burns,
        direction="northward",
        course=course,
        limits_reached=("q alpha",),
        found_by="continuation",
    )


def sample(*sites: str) -> PayloadMap:
    sites = sites or ("vostochny",)
    cells = tuple(cell(s, h, i) for s in sites for i in TILTS for h in HEIGHTS)
    made = {"cosmodrome": "0", "inputs_sha256": "ab", "command": 'cosmodrome map "<x>"'}
    return PayloadMap("angara-1.2", sites, HEIGHTS, TILTS, cells, kinks(cells), made)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[MapQuestion]:
    """The door gets the sample instead of computing; what it asked for."""
    asked: list[MapQuestion] = []

    def mapped(question: MapQuestion, *_: Any) -> PayloadMap:
        asked.append(question)
        return sample()

    monkeypatch.setattr(door, "_mapped", mapped)
    return asked


def test_ranges_count_in_decimals() -> None:
    tilts = read_range("51.7:98:5", "--x", "deg", (0.0, 180.0))
    assert (tilts[0], tilts[1], tilts[-1], len(tilts)) == (51.7, 56.7, 96.7, 10)
    assert read_range("200:1000:100", "--x", "km", (80.0, 1e6))[-1] == 1000.0
    assert read_range("0.1:0.3:0.1", "--x", "km", (0.0, 1.0)) == (0.1, 0.2, 0.3)
    assert read_range("500", "--x", "km", (80.0, 1e6)) == (500.0,)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("200:1000", "neither a number nor"),
        ("200:x:100", "no number"),
        ("200:1000:0", "not above zero"),
        ("200:1000:-100", "not above zero"),
        ("1000:200:100", "ends below"),
        ("20:1000:100", "outside"),
        ("200:inf:100", "not finite"),
        ("nan", "not finite"),
        ("200:1000:1e-9", "more than"),
        ("", "no number"),
    ],
)
def test_bad_ranges_are_refused_by_name(text: str, why: str) -> None:
    with pytest.raises(InputError, match=why) as caught:
        read_range(text, "--altitudes", "km", (80.0, 1e6))
    assert caught.value.key == "--altitudes"
    assert "FROM:TO:STEP" in str(caught.value.allowed)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (["--altitudes", "1000:200:100", "--inclinations", "51.7:98:5"], "--altitudes"),
        (["--altitudes", "200:400:100", "--inclinations", "51.7:198:5"], "--inclinations"),
        (["--altitudes", "200:400:100"], "--inclinations"),
        ([*RANGES, "--out", "map.png"], "--out"),
        ([*RANGES, "--out", "/dev/null/map.csv"], "--out"),
        ([*RANGES, "--workers", "0"], "--workers"),
    ],
)
def test_wrong_use_is_two_and_named(words: list[str], key: str) -> None:
    result = run(*MAP, *words, "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"]["key"] == key


def test_json_has_the_keys_of_the_contract(given: list[MapQuestion]) -> None:
    result = run(*MAP, *RANGES, "--json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert len(document["cells"]) == 9
    for one in document["cells"]:
        assert {"altitude_km", "inclination_deg", "payload_kg", "status", "burns"} <= set(one)
        assert {"site", "direction", "found_by"} <= set(one)
    assert set(document["provenance"]) == {"cosmodrome", "inputs_sha256", "command"}
    (asked,) = given
    assert (asked.altitudes_km, asked.inclinations_deg) == (HEIGHTS, TILTS)
    assert asked.command == f"cosmodrome {' '.join([*MAP, *RANGES])}"


def test_the_table_shows_payloads_marks_and_kinks(given: list[MapQuestion]) -> None:
    text = run(*MAP, *RANGES).stdout
    assert given
    assert "3650" in text
    assert "2750*~" in text
    assert "- out of reach" in text
    assert "Between one burn and two burns: 200 to 300 km at 55 to 65 deg." in text
    assert max(map(len, text.splitlines())) <= 80


def test_files_hold_the_same_cells_and_what_made_them(
    given: list[MapQuestion], tmp_path: Path
) -> None:
    from pyarrow import parquet

    names = [tmp_path / "new" / f"map{ending}" for ending in (".csv", ".parquet", ".json", ".html")]
    outs = [word for name in names for word in ("--out", str(name))]
    assert run(*MAP, *RANGES, *outs, "--quiet").exit_code == 0
    assert given
    assert sorted(names) == sorted((tmp_path / "new").iterdir())  # and nothing else is left
    rows = rows_of(names[0])
    assert (rows[4]["payload_kg"], rows[4]["burns"]) == ("3250.0", "2")
    assert rows[0]["payload_kg"] == ""
    assert rows[0]["provenance_inputs_sha256"] == "ab"
    table = parquet.read_table(names[1])
    assert table.column("payload_kg").to_pylist()[4] == 3250.0
    assert table.schema.metadata[b"cosmodrome.inputs_sha256"] == b"ab"
    assert json.loads(names[2].read_text("utf-8"))["cells"][4]["payload_kg"] == 3250.0
    page = names[3].read_text("utf-8")
    assert "cosmodrome map &quot;&lt;x&gt;&quot;" in page
    assert "below <latitude>" not in page
    assert "default-src &#x27;none&#x27;" in page or "default-src 'none'" in page


def test_a_file_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "map.csv"
    old.write_text("old")

    def full(self: Path, content: bytes) -> int:  # noqa: ARG001
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="no space left"):
        write_files(sample(), [old])
    assert old.read_text() == "old"


def test_the_chart_draws_each_kink_once_and_explains_it() -> None:
    found = sample("vostochny", "plesetsk")
    chart = map_chart(found, "plesetsk", "map-1")
    kinds = [t.type for t in chart.figure.data]
    assert kinds.count("contour") == 1
    assert list(chart.figure.data[0].x) == [55.0, 65.0]  # not out to where nothing goes
    lines = [t for t in chart.figure.data if t.type == "scatter" and t.mode == "lines"]
    assert len(lines) == 2  # burns and course
    assert list(lines[0].y[:2]) == [250.0, 250.0]  # between 200 and 300 km
    told = kink_sentences(found.kinks)
    assert any(text.startswith("plesetsk: Between direct course and dogleg") for text in told)
    # Why is said once, however many lines there are of a kind.
    assert sum("A second burn after a coast" in text for text in told) == 1
    page = map_html(found)
    assert all(html.escape(text) in page for text in told)


def test_a_dogleg_below_the_latitude_is_a_boundary_with_its_reason() -> None:
    low = [replace(cell("here", h, 55.0), course="below latitude") for h in HEIGHTS]
    cells = (*low, *(replace(cell("here", h, 65.0), course="direct") for h in HEIGHTS))
    made = {"cosmodrome": "0", "inputs_sha256": "ab", "command": ""}
    found = PayloadMap("v", ("here",), HEIGHTS, (55.0, 65.0), cells, kinks(cells), made)
    (told,) = [text for text in kink_sentences(found.kinks) if "latitude" in text]
    assert told.startswith("Between direct course and dogleg below the site's latitude: ")
    assert "No direct course has an inclination below" in told
    chart = map_chart(found, "here", "map-0")
    assert ("dogleg below the site's latitude", "third") in chart.series


def test_a_map_of_one_row_still_draws() -> None:
    cells = tuple(cell("vostochny", 200.0, i) for i in TILTS)
    found = PayloadMap("v", ("vostochny",), (200.0,), TILTS, cells, (), {})
    assert all(t.type == "scatter" for t in map_chart(found, "vostochny", "map-0").figure.data)


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        (["infeasible", "optimal"], 0),
        (["infeasible", "infeasible"], 3),
        (["infeasible", "not_converged"], 4),
        (["not_converged", "verification_failed"], 5),
    ],
)
def test_exit_codes(statuses: list[str], code: int) -> None:
    assert door._exit_of(statuses) == code


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def journals(folder: Path) -> list[Path]:
    return list(folder.glob(".map.csv.*.journal"))


def test_an_interrupted_map_says_how_to_go_on_and_does(tmp_path: Path) -> None:
    start = "import sys; from cosmodrome.cli import main; sys.argv[0] = 'cosmodrome'; main()"
    words = [*MAP, "--altitudes", "200:400:100", "--inclinations", "55:95:10"]
    command = [sys.executable, "-c", start, *words, "--out", "map.csv", "--workers", "1"]
    with subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=os.environ | PLAIN
    ) as running:
        assert running.stderr is not None
        end = time.monotonic() + 60
        for line in running.stderr:
            # The first orbits are done.
            if " of 15, " in line or time.monotonic() > end:
                break
        running.send_signal(signal.SIGINT)
        told = running.stderr.read()
        assert running.wait(10) == 130
    assert "the same command goes on from there" in told
    assert len(journals(tmp_path)) == 1
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, env=os.environ | PLAIN, check=False
    )
    assert done.returncode == 0
    assert len(rows_of(tmp_path / "map.csv")) == 15
    assert not journals(tmp_path)
