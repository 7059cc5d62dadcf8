"""`cosmodrome windows`: from words, from a run folder, from another satellite's file."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cosmodrome.campaign.answer import Answer
from cosmodrome.cli import main
from cosmodrome.io.tle import check_digit
from cosmodrome.prompt.windows import PlaneWords, Wishes, windows
from cosmodrome.report.folder import write_run_folder
from cosmodrome.report.window_page import window_page
from cosmodrome.world.epoch import Epoch

PLAIN = {"NO_COLOR": "1", "COLUMNS": "80", "TERM": "dumb"}
SSO = ("--from", "vostochny", "--to", "sso 500 km ltan 10:30")
STATION = """STATION
1 25544U 98067A   24261.37289443  .00023000  00000+0  40000-3 0  9998
2 25544  51.6373 218.7500 0007547   3.3902 131.6140 15.49300000472920
"""
START = ("--start", "2024-09-17T12:00:00Z")
CONDITIONS = {
    "daylight", "sun_elevation_deg", "ltan", "beta_deg", "beta_min_deg", "beta_max_deg",
    "eclipse_percent", "eclipse_max_percent", "phase_deg",
}  # fmt: skip


def run(*words: str) -> Result:
    return CliRunner(env=PLAIN).invoke(main, ["windows", *words], prog_name="cosmodrome")


def document(*words: str) -> Any:
    done = run(*words, "--json", "--quiet")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("tle") / "station.tle"
    lines = [x[:68] + str(check_digit(x)) if x[1] == " " else x for x in STATION.splitlines()]
    path.write_text("\n".join(lines) + "\n")
    return str(path)


@pytest.fixture
def folder(tmp_path: Path, sample: Callable[[], Answer]) -> str:
    """A run: Angara-1.2 from Vostochny to 200 km, 51.7 deg, the edge of its reach."""
    write_run_folder(sample(), tmp_path / "run")
    return str(tmp_path / "run")


def test_the_contracts_keys_are_there() -> None:
    told = document(*SSO, "--days", "3")
    assert len(told["windows"]) == 3
    for row in told["windows"]:
        assert row["node"] == "ascending"
        assert row["azimuth_deg"] == pytest.approx(345.9, abs=1.0)
        assert set(row["conditions"]) == CONDITIONS
        assert row["conditions"]["ltan"] == "10:30:00"
        assert row["utc"].endswith("Z")


def test_both_azimuths_are_printed_and_the_way_outside_the_corridor_named() -> None:
    done = run(*SSO, "--days", "2")
    assert done.exit_code == 0
    assert "345.90 deg over the turning Earth" in done.stdout
    assert "348.00 deg inertial" in done.stdout
    assert "--any-azimuth of cosmodrome windows shows ways" in done.stdout
    assert "2 launch instants" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "4 launch instants" in run(*SSO, "--days", "2", "--any-azimuth").stdout


def test_what_would_show_more_is_named_for_every_door_to_word() -> None:
    """The document says it by the wish's own name; an option is the command line's word alone."""
    told = document(*SSO, "--days", "2")
    assert told["remedies"] == ["any_azimuth"]
    assert any("outside the corridor" in note for note in told["notes"])
    assert not any("--" in note for note in told["notes"])
    assert document(*SSO, "--days", "2", "--any-azimuth")["remedies"] == []
    assert document(*SSO, "--days", "2", "--leg", "ascending")["remedies"] == []


def test_a_given_node_and_a_local_time_by_options_are_the_same_as_in_the_text() -> None:
    words = ("--from", "vostochny", "--to", "sso 500 km", "--days", "2")
    by_text = document(*SSO, "--days", "2")["windows"]
    assert document(*words, "--ltan", "10:30")["windows"] == by_text
    assert document(*words, "--ltdn", "22:30")["windows"] == by_text
    node = by_text[0]["raan_deg"]
    (first, _, *_) = document(*words, "--raan", repr(node))["windows"]
    apart = Epoch.parse(first["utc"]) - Epoch.parse(by_text[0]["utc"])
    assert apart == pytest.approx(0.0, abs=0.01)
    later = document(*words, "--ltan", "10:30 apparent")["windows"]
    # In March the apparent Sun is seven minutes behind.
    late = Epoch.parse(later[0]["utc"]) - Epoch.parse(by_text[0]["utc"])
    assert late / 60.0 == pytest.approx(7.3, abs=0.5)


def test_the_plane_of_a_satellite_falls_back_each_day(station: str) -> None:
    told = document("--from", "baikonur", "--plane-of", station, *START, "--days", "5")
    assert told["orbit"] == "200 km 51.6373 deg"
    times = [Epoch.parse(row["utc"]) for row in told["windows"]]
    gaps = [b - a for a, b in pairwise(times)]
    assert gaps == pytest.approx([86400.0 - 23.4 * 60.0] * len(gaps), abs=10.0)
    for row in told["windows"]:
        assert 0.0 <= row["conditions"]["phase_deg"] < 360.0


def test_a_phase_keeps_only_its_days(station: str) -> None:
    words = ("--from", "baikonur", "--plane-of", station, *START, "--days", "9")
    every = document(*words)["windows"]
    told = document(*words, "--phase", "300:60")
    kept = [row for row in every if not 60.0 < row["conditions"]["phase_deg"] < 300.0]
    assert told["windows"] == kept
    assert 0 < len(kept) < len(every)
    assert told["turned_away"] == {"phase": len(every) - len(kept)}
    assert f"{len(kept)} launch instants of {len(every)}" in run(*words, "--phase", "300:60").stdout


def test_meeting_later_means_launching_later(station: str) -> None:
    words = ("--from", "baikonur", "--plane-of", station, *START, "--days", "1")
    (now,) = document(*words)["windows"]
    (later,) = document(*words, "--meet-days", "2")["windows"]
    # Two days at 0.6 deg a day: the lower orbit falls faster.
    late = Epoch.parse(later["utc"]) - Epoch.parse(now["utc"])
    assert late == pytest.approx(290.0, abs=30.0)


def test_a_run_brings_its_own_way_up(folder: str) -> None:
    told = document(folder, "--raan", "100", "--days", "3")
    (way,) = told["ways"]
    assert way["flown"]
    assert 80.0 < way["azimuth_deg"] < 100.0
    assert 400.0 < way["flight_s"] < 600.0
    assert len(told["windows"]) in (3, 4)
    for row in told["windows"]:
        assert row["raan_deg"] == pytest.approx(100.0)
    assert not any("estimated" in note or "no flight" in note for note in told["notes"])


def test_a_curve_of_payload_gives_each_window_a_width(folder: str, tmp_path: Path) -> None:
    curve = tmp_path / "curve.csv"
    rows = [f"{x:g},{3000.0 - 20.0 * x * x:g}" for x in (-4, -2, 0, 2, 4)]
    curve.write_text("\n".join(["offset_deg,payload_kg", *rows]) + "\n")
    words = (folder, "--raan", "100", "--days", "1", "--node-curve", str(curve))
    told = document(*words, "--width-payload", "2920")
    row = told["windows"][0]
    wide = Epoch.parse(row["closes_utc"]) - Epoch.parse(row["opens_utc"])
    assert wide == pytest.approx(4.0 / 360.0 * 86164.1, abs=2.0)
    assert [one["offset_deg"] for one in told["node_curve"]] == pytest.approx([-4, -2, 0, 2, 4])
    shown = run(*words, "--width-payload", "2920").stdout
    assert "opens" in shown
    assert max(map(len, shown.splitlines())) <= 80
    assert run(*words, "--width-payload", "3001").exit_code == 2


@pytest.mark.parametrize("ending", ["csv", "json", "html"])
def test_what_is_written_holds_every_window(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"calendar.{ending}"
    assert run(*SSO, "--days", "4", "--out", str(path), "--quiet").exit_code == 0
    text = path.read_text("utf-8")
    if ending == "csv":
        rows = list(csv.DictReader(text.splitlines()))
        assert len(rows) == 4
        assert {"utc", "azimuth_deg", "node", "daylight", "ltan"} <= set(rows[0])
    elif ending == "json":
        assert len(json.loads(text)["windows"]) == 4
    else:
        assert "4 launch instants" in text
        assert text.count("10:30:00") >= 4


def test_a_page_of_nothing_says_why_and_a_foreign_name_stays_text() -> None:
    told = windows(
        site="vostochny", orbit="sso 500 km ltan 10:30", days=2.0,
        wishes=Wishes(daylight=("night",)),
    )  # fmt: skip
    page = window_page(told | {"from": "<script>alert(1)</script>"})
    assert "--any-azimuth of cosmodrome windows shows ways" in page
    assert "No instant." in page
    assert "turned away by daylight 2" in page
    assert "<script>alert" not in page


def test_the_orbit_may_be_asked_for_beside_the_satellite(station: str) -> None:
    told = windows(
        site="baikonur", orbit="250 km 51.6 deg", plane=PlaneWords(file=station),
        start_utc="2024-09-17T12:00:00Z", days=1.0,
    )  # fmt: skip
    assert any("0.037 deg apart" in note for note in told["notes"])


@pytest.mark.parametrize(
    ("words", "key", "said"),
    [
        ((), "--from", "where it starts"),
        (("--from", "vostochny"), "--to", "where it starts"),
        (("--from", "vostochny", "--to", "sso 500 km"), "--to", "no plane is named"),
        ((*SSO, "--raan", "5"), "--raan", "exclude each other"),
        ((*SSO[:3], "200 km 45 deg", "--raan", "5"), "--to", "never passes"),
        ((*SSO[:3], "sso 500 km", "--ltan", "25:00"), "--ltan", "is no node"),
        ((*SSO[:3], "sso 500 km", "--raan", "x"), "--raan", "is no angle"),
        ((*SSO, "--leg", "descending"), "--leg", "outside the corridor"),
        ((*SSO, "--phase", "1:2"), "--phase", "another satellite"),
        ((*SSO, "--phase", "1"), "--phase", "no pair"),
        ((*SSO, "--meet-days", "1"), "--meet-days", "another satellite"),
        ((*SSO, "--width-payload", "5"), "--width-payload", "depends on the vehicle"),
        ((*SSO, "--node-curve", "x.csv"), "--width-payload", "needs the payload"),
        ((*SSO, "--beta-min", "5", "--beta-max", "4"), "--beta-min", "no beta"),
        ((*SSO, "--days", "99999"), "--days", "cannot be searched"),
        ((*SSO, "--satellite", "ISS"), "--satellite", "from a file"),
        ((*SSO[:3], "200 km 60 deg", "--plane-of", "nothing.tle"), "--plane-of", "neither"),
        (("nothing",), "RUN", "neither"),
        ((*SSO, "--start", "2060-01-01"), None, "does not reach"),
        ((*SSO, "--out", "calendar.txt"), "--out", "no ending"),
    ],
)
def test_what_cannot_be_used_is_named(words: tuple[str, ...], key: str | None, said: str) -> None:
    done = run(*words, "--json", "--quiet")
    assert done.exit_code == 2
    error = json.loads(done.stdout)["error"]
    assert said in error["message"]
    assert error["allowed"]
    if key is not None:
        assert error["key"] == key


def test_a_run_takes_no_site_beside_it(folder: str) -> None:
    done = run(folder, "--from", "vostochny", "--raan", "1")
    assert done.exit_code == 2
    assert "its own site" in done.stderr


def test_a_file_of_several_needs_a_choice(station: str, tmp_path: Path) -> None:
    text = Path(station).read_text()
    both = tmp_path / "both.tle"
    both.write_text(text + text.replace("STATION", "OTHER"))
    words = ("--from", "baikonur", "--plane-of", str(both), *START, "--days", "1")
    assert "one plane is needed" in run(*words).stderr
    assert run(*words, "--satellite", "OTHER").exit_code == 0


def test_an_inclination_of_another_plane_is_refused(station: str) -> None:
    words = ("--from", "vandenberg", "--to", "500 km 97 deg", "--plane-of", station, *START)
    done = run(*words)
    assert done.exit_code == 2
    assert "45.36 deg apart" in done.stderr


def test_angles_of_the_document_are_those_of_the_way() -> None:
    told = document(*SSO, "--days", "1", "--any-azimuth")
    for row in told["windows"]:
        way = next(one for one in told["ways"] if one["node"] == row["node"])
        for key in ("azimuth_deg", "inertial_azimuth_deg"):
            assert math.isclose(row[key], way[key])
