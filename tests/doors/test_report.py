"""The report page and the run folder: whole, offline, escaped, honest."""

from __future__ import annotations

import base64
import gzip
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plotly.offline import get_plotlyjs

from cosmodrome.campaign.answer import Answer
from cosmodrome.errors import InputError
from cosmodrome.report import (
    answer_dataframe,
    answer_figure,
    answer_html,
    report_html,
    write_run_folder,
)
from cosmodrome.report.as_json import json_text
from cosmodrome.report.charts import marks
from cosmodrome.report.folder import report_of_folder
from cosmodrome.report.maps import coastlines, land_mask, split_at_180
from cosmodrome.report.markup import PACKED
from cosmodrome.report.theme import PALETTE
from cosmodrome.report.words import significant

Make = Callable[..., Answer]

MOST_BYTES = 3_000_000  # half of what it is unpacked; it was 6.4 MB
VOID = {"meta", "link", "br", "img", "input", "hr"}
HOSTILE = "<img src=http://evil.example/x onerror=alert(1)></script><b>&"


class Page(HTMLParser):
    """Reads a page, checks that tags nest, and keeps what would be fetched."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.tags: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [str(v) for k, v in attrs if k in ("src", "href", "srcset", "data")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


def payload_text(found: Answer) -> str:
    """The payload of a sample as the doors write it."""
    return f"{found.payload_kg:.0f} kg"


@pytest.fixture(scope="module")
def page(sample: Make) -> str:
    """The report of the sample."""
    return report_html(sample())


def packed(text: str, name: str) -> str:
    """What a page holds packed, as the browser unpacks it."""
    found = re.search(f'<script type="{re.escape(PACKED)}" id="{name}">(.*?)</script>', text)
    assert found is not None
    return gzip.decompress(base64.b64decode(found[1], validate=True)).decode()


def without_library(text: str) -> str:
    """The page with its charts, without the drawing library, which is not ours to check."""
    return text + (packed(text, "charts") if PACKED in text else "")


def test_the_drawing_library_is_inside_whole_and_the_page_is_small(page: str) -> None:
    assert packed(page, "library") == get_plotlyjs()
    assert len(page) <= MOST_BYTES


def test_page_is_well_formed_html_and_fetches_nothing(page: str) -> None:
    read = Page(page)
    assert read.open == []
    assert read.fetched == ["data:,"]
    assert "default-src 'none'" in page
    assert "@import" not in without_library(page)
    assert "url(" not in without_library(page)


def test_page_holds_every_chart_of_the_issue(page: str) -> None:
    for name in ("altitude", "speed", "q", "acceleration", "mass", "pitch", "alpha", "track",
                 "globe", "losses"):  # fmt: skip
        assert f'id="chart-{name}"' in page


def test_page_is_headed_by_payload_orbit_and_verdict(page: str, sample: Make) -> None:
    head = page[page.index("<header") : page.index("</header>")]
    assert f"<h1>{payload_text(sample())}</h1>" in head
    assert "with AM module" in head
    assert "without AM module" in head
    assert "200.0 x 200.0 km, 51.70 deg" in head
    assert "Reaches the target orbit" in head
    error_m = sample().document["verification"]["position_error_m"]
    assert f"{significant(error_m, 2)} m and" in head


def test_page_names_the_sources_of_the_vehicle(page: str) -> None:
    sources = page[page.index("<h2>Sources</h2>") :]
    assert "Mission Planner&#x27;s Guide" in sources
    assert "Natural Earth" in sources


@pytest.mark.parametrize("status", ["infeasible", "not_converged", "verification_failed"])
def test_page_without_a_result_states_no_payload(
    status: str, sample: Make, without_result: Make
) -> None:
    text = report_html(without_result(status))
    head = text[text.index("<header") : text.index("</header>")]
    assert Page(text).open == []
    assert "No payload" in head
    assert payload_text(sample()) not in head


def test_page_shows_what_one_unit_more_is_worth(sample: Make) -> None:
    given = [
        {"quantity": "thrust", "part": HOSTILE, "unit": "fraction", "kg_per_unit": 1234.0},
        {"quantity": "velocity", "part": "", "unit": "m/s", "kg_per_unit": -3.14},
    ]
    answer = sample()
    shown = without_library(
        report_html(replace(answer, document=answer.document | {"partials": given}))
    )
    assert "+12.3</td>" in shown
    assert "-3.14</td><td>per m/s" in shown
    assert HOSTILE not in shown
    bare = replace(answer, document=answer.document | {"partials": []})
    assert "one unit more" not in report_html(bare)


def test_every_text_is_escaped(sample: Make) -> None:
    found = sample()
    document = json.loads(json.dumps(found.document))
    document["vehicle"] = document["site"] = document["target"]["text"] = HOSTILE
    for item in (*document["events"], *document["limits"], *document["alternatives"]):
        item["name"] = HOSTILE
    document["published"] = [
        {"payload_kg": 1.0, "orbit": HOSTILE, "includes_adapter": HOSTILE, "source": HOSTILE}
    ]
    document["provenance"] = dict.fromkeys(document["provenance"], HOSTILE)
    document["achieved"]["frame"] = document["verification"]["integrator"] = HOSTILE
    document["nearest"] = [{"change": HOSTILE, "target": HOSTILE, "payload_kg": 1.0}]
    hostile = Answer(found.status, document, found.table, HOSTILE)
    for text in (report_html(hostile), answer_html(hostile)):
        read = Page(text)
        assert "img" not in read.tags
        assert "b" not in read.tags or "<b>Verified</b>" in text
        assert "<img" not in without_library(text)
        assert read.open == []


def test_dark_colours_replace_light_ones_one_for_one() -> None:
    lights = [pair[0] for pair in PALETTE.values()]
    assert len(set(lights)) == len(lights)
    assert not set(lights) & {pair[1] for pair in PALETTE.values()}


def test_folder_holds_four_whole_files(tmp_path: Path, sample: Make) -> None:
    from pyarrow import parquet

    found = sample()
    written = write_run_folder(found, tmp_path / "run")
    names = ["mission.toml", "report.html", "trajectory.parquet", "result.json"]
    assert [path.name for path in written] == names
    assert sorted(p.name for p in (tmp_path / "run").iterdir()) == sorted(names)
    assert json.loads((tmp_path / "run/result.json").read_text()) == found.document
    assert (tmp_path / "run/mission.toml").read_text() == found.mission_toml
    table = parquet.read_table(tmp_path / "run/trajectory.parquet")
    assert table.column_names == list(found.table)
    np.testing.assert_array_equal(table["altitude_km"].to_numpy(), found.table["altitude_km"])
    sha = found.document["provenance"]["inputs_sha256"].encode()
    assert table.schema.metadata[b"cosmodrome.inputs_sha256"] == sha


def test_a_report_made_later_is_the_same_to_the_byte(
    tmp_path: Path, sample: Make, without_result: Make
) -> None:
    for found in (sample(), without_result("infeasible"), without_result("verification_failed")):
        now, later = tmp_path / found.status, tmp_path / f"{found.status}-later"
        write_run_folder(found, now)
        write_run_folder(found, later, report=False)
        assert not (later / "report.html").exists()
        assert report_of_folder(later) == (now / "report.html").read_bytes()


def test_folder_without_a_flight_keeps_no_old_trajectory(
    tmp_path: Path, sample: Make, without_result: Make
) -> None:
    write_run_folder(sample(), tmp_path)
    (tmp_path / "mine.txt").write_text("kept")
    written = write_run_folder(without_result("infeasible"), tmp_path)
    assert "trajectory.parquet" not in {path.name for path in written}
    assert not (tmp_path / "trajectory.parquet").exists()
    assert (tmp_path / "mine.txt").read_text() == "kept"


def test_a_write_that_fails_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample: Make, without_result: Make
) -> None:
    write_run_folder(sample(), tmp_path)
    before = (tmp_path / "result.json").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(InputError, match="no space left"):
        write_run_folder(without_result("infeasible"), tmp_path)
    assert (tmp_path / "result.json").read_bytes() == before
    assert not list(tmp_path.glob(".*.tmp"))


def test_json_has_no_numbers_that_json_lacks() -> None:
    text = json_text({"a": np.float64("nan"), "b": np.array([1.0, np.inf]), "c": np.bool_(True)})
    assert json.loads(text) == {"a": None, "b": [1.0, None], "c": True}


def test_python_face_gives_table_figure_and_frame(sample: Make, without_result: Make) -> None:
    text = answer_html(sample())
    assert Page(text).open == []
    assert payload_text(sample()) in text
    frame = answer_dataframe(sample())
    assert list(frame.columns) == list(sample().table)
    assert len(frame) == len(sample().table["t_s"])
    assert len(answer_figure(sample()).data) == 8
    with pytest.raises(InputError, match="nothing to plot"):
        answer_figure(without_result("infeasible"))


def test_close_events_share_a_mark() -> None:
    events: list[dict[str, Any]] = [
        {"name": name, "t_s": t}
        for name, t in (("liftoff", 0.0), ("a", 200.0), ("b", 202.0), ("insertion", 500.0))
    ]
    assert [mark.label for mark in marks(events)] == ["1", "2-3", "4"]


def test_tracks_are_cut_where_the_longitude_jumps() -> None:
    lon, lat = split_at_180(np.array([178.0, 179.5, -179.0, -177.0]), np.arange(4.0))
    np.testing.assert_array_equal(lon, [178.0, 179.5, np.nan, -179.0, -177.0])
    np.testing.assert_array_equal(lat, [0.0, 1.0, np.nan, 2.0, 3.0])


@pytest.mark.parametrize(
    ("place", "lon", "lat", "land"),
    [
        ("Vostochny", 128.3, 51.9, 1),
        ("Pacific", -140.0, 0.0, 0),
        ("Chukotka, beyond 180", -175.0, 66.5, 1),
        ("Caspian Sea", 51.0, 42.0, 0),
        ("South Pole", 0.0, -90.0, 1),
        ("North Pole", 0.0, 89.0, 0),
        ("Australia", 134.0, -25.0, 1),
    ],
)
def test_land_is_where_it_is(place: str, lon: float, lat: float, land: int) -> None:
    cell = land_mask()[round((lat + 90.0) * 4.0), round((lon + 180.0) * 4.0)]
    assert cell == land, place


def test_no_coast_runs_across_the_map() -> None:
    for ring in coastlines():
        polar = ring[:, 1] <= -90.0
        steps = np.abs(np.diff(ring[:, 0]))[~(polar[1:] | polar[:-1])]
        assert steps.max() < 20.0


@pytest.mark.needs_chromium
def test_page_in_a_browser_draws_all_and_asks_nobody(tmp_path: Path, page: str) -> None:
    browser = next(b for b in ("chromium", "chromium-browser", "google-chrome") if shutil.which(b))
    file = tmp_path / "report.html"
    file.write_text(page, "utf-8")
    log = tmp_path / "net.json"
    done = subprocess.run(
        [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader",
            f"--user-data-dir={tmp_path / 'profile'}", "--disable-background-networking",
            "--no-first-run", "--disable-component-update", f"--log-net-log={log}",
            "--virtual-time-budget=8000", "--enable-logging=stderr", "--dump-dom",
            file.as_uri(),
        ],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    told = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    wrong = [t for t in told if re.search(r"Error|Refused|violates|Failed to load", t)]
    assert wrong == []
    assert done.stdout.count('class="main-svg"') >= 10
    asked = set(re.findall(r'"url":"(https?://[^"]+)"', log.read_text(errors="replace")))
    # The browser itself may look for its maker's services; the page may ask for nothing.
    assert not [url for url in asked if not re.search(r"google(apis)?\.com|gvt1\.com", url)]


KEPT = {
    "velocity_m_s": 130.0,
    "reserve_m_s": 70.0,
    "disposal_m_s": 60.0,
    "stage": "URM-2",
    "recovery": {
        "mode": "barge",
        "title": "landing on a barge down range",
        "stage": "URM-1",
        "propellant_kg": 18500.0,
        "hardware_kg": 3400.0,
    },
}
MEASURE = """<script>
const wide = [...document.querySelectorAll("header dd, header p, td")].filter(
  (one) => one.scrollWidth > one.clientWidth + 1 && !one.closest(".scroll"));
document.title = "too wide: " + wide.map((one) => one.textContent).join("; ");
</script></body>"""


@pytest.mark.needs_chromium
def test_facts_stay_in_their_boxes(tmp_path: Path, sample: Make) -> None:
    answer = sample()
    page = report_html(replace(answer, document=answer.document | {"kept": KEPT}))
    browser = next(b for b in ("chromium", "chromium-browser", "google-chrome") if shutil.which(b))
    file = tmp_path / "report.html"
    file.write_text(page.replace("</body>", MEASURE), "utf-8")
    done = subprocess.run(
        [
            browser, "--headless", "--no-sandbox", "--disable-gpu",
            f"--user-data-dir={tmp_path / 'profile'}", "--window-size=1000,900",
            "--virtual-time-budget=2000", "--dump-dom", file.as_uri(),
        ],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "landing on a barge" in done.stdout
    title = re.search(r"<title>(.*?)</title>", done.stdout, re.DOTALL)
    assert title is not None
    assert title[1].strip() == "too wide:"
