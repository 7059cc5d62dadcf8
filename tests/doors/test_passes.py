"""`cosmodrome passes`: the table, the document, the file, and what is refused."""

from __future__ import annotations

import csv
import json
import math
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cosmodrome.cli import main
from cosmodrome.cli.export import FORMS
from cosmodrome.cli.orbit_options import METHODS
from cosmodrome.cli.propagate import FRAMES
from cosmodrome.io.export import FORMS as WRITTEN
from cosmodrome.orbit.passes import find_passes
from cosmodrome.orbit.stations import station
from cosmodrome.prompt.flying import METHODS as KNOWN
from cosmodrome.prompt.flying import Span, flown
from cosmodrome.prompt.orbit_source import orbit_source
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import FRAMES as TURNED

PLAIN = {"NO_COLOR": "1", "COLUMNS": "80", "TERM": "dumb"}
SSO = ("--orbit", "sso 500 km ltan 10:30")
REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference" / "passes"
ISS = REFERENCE / "iss.tle"
WALLOPS = ("--station", "37.94,-75.47,10", "--min-elevation", "10")
MONTH = ("--start", "2024-09-17T00:00:00Z", "--days", "30")

needs_shared = pytest.mark.skipif(not ISS.is_file(), reason="../shared/reference/passes is missing")


def run(*words: str) -> Result:
    return CliRunner(env=PLAIN).invoke(main, list(words), prog_name="cosmodrome")


def document(*words: str) -> Any:
    done = run(*words, "--json", "--quiet")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_the_document_is_what_the_search_finds() -> None:
    told = document(
        "passes", *SSO, "--station", "svalbard", "--days", "0.3", "--min-elevation", "5"
    )
    source = orbit_source(orbit=SSO[1])
    span = Span(source.start, 0.3 * 86400.0)
    found = find_passes(
        flown(source, span).motions,
        [station("svalbard")],
        span.start,
        span.duration_s,
        min_elevation_rad=math.radians(5.0),
    )
    assert len(told["passes"]) == len(found) >= 2
    for row, one in zip(told["passes"], found, strict=True):
        assert abs(Epoch.parse(row["rise_utc"]) - one.rise.epoch) <= 5e-4
        assert abs(Epoch.parse(row["set_utc"]) - one.set.epoch) <= 5e-4
        assert row["max_elevation_deg"] == pytest.approx(math.degrees(one.max_elevation_rad))
        assert row["duration_s"] == pytest.approx(one.duration_s)
        assert row["station"] == "svalbard"
    assert "secular rates" in told["method"]


@needs_shared
@pytest.mark.needs_shared
def test_all_passes_of_the_reference_are_found() -> None:
    told = document("passes", "--file", str(ISS), *WALLOPS, *MONTH)
    with (REFERENCE / "iss_wallops_30d_10deg.csv").open(encoding="utf-8") as handle:
        known = list(csv.reader(line for line in handle if not line.startswith("#")))
    assert len(told["passes"]) == len(known) - 1 == 146


@pytest.mark.parametrize("name", ["passes", "eclipses", "coverage", "propagate", "lifetime"])
def test_help_loads_no_heavy_library(name: str) -> None:
    program = (
        "import sys\nfrom cosmodrome.cli import main\n"
        f"try: main(['{name}', '--help'])\nexcept SystemExit: pass\n"
        "print('loaded', [m for m in ('numpy', 'erfa', 'sgp4', 'casadi') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert done.stdout.decode().splitlines()[-1] == "loaded []"


def test_words_of_the_help_are_those_of_the_program() -> None:
    assert set(METHODS) == set(KNOWN)
    assert tuple(TURNED) == FRAMES
    assert FORMS == WRITTEN


def test_doppler_changes_its_sign_and_grows_with_frequency() -> None:
    both = [
        document("passes", *SSO, "--station", "svalbard", "--days", "0.1", "--frequency", mhz)
        for mhz in ("400", "800")
    ]
    low, high = (told["passes"][0] for told in both)
    assert low["rise_doppler_hz"] > 0.0 > low["set_doppler_hz"]
    assert high["rise_doppler_hz"] == pytest.approx(2.0 * low["rise_doppler_hz"])
    # At 7.6 km/s and less, towards the station.
    assert low["rise_doppler_hz"] < 7600.0 / 299792458.0 * 400e6


def test_a_pass_that_the_time_cuts_is_marked() -> None:
    whole = document("passes", *SSO, "--station", "svalbard", "--days", "0.1")["passes"][0]
    middle = whole["culmination_utc"]
    words = ("passes", *SSO, "--station", "svalbard", "--start", middle, "--days", "0.05")
    cut = document(*words)["passes"][0]
    assert cut["begins_cut"]
    assert cut["rise_utc"] == middle
    assert "time searched begins or ends inside" in run(*words).stdout


def test_the_table_keeps_to_eighty_columns() -> None:
    stations = ("--station", "svalbard", "--station", "wallops", "--station", "37.94,-75.47,10")
    for words in (
        ("--station", "svalbard"),
        ("--station", "svalbard", "--frequency", "8200"),
        stations,
    ):
        done = run("passes", *SSO, *words, "--days", "0.5")
        assert done.exit_code == 0
        assert max(len(line.rstrip()) for line in done.stdout.splitlines()) <= 80
        assert re.search(r"2027-03-20 \d\d:\d\d:\d\d", done.stdout)
    assert "svalbard" in done.stdout
    assert "wallops" in done.stdout


def test_the_table_says_where_the_orbit_came_from_and_how_old_the_data_is() -> None:
    text = " ".join(run("passes", *SSO, "--station", "svalbard", "--days", "0.1").stdout.split())
    assert "sso 500 km ltan 10:30, mean elements at 2027-03-20T12:00:00Z" in text
    assert "ascending node at the epoch" in text
    far = ("--epoch", "2040-01-01T00:00:00Z", "--station", "svalbard", "--days", "0.1")
    assert "its value is held" in " ".join(run("passes", *SSO, *far).stdout.split())


def test_no_pass_is_an_answer() -> None:
    done = run("passes", "--orbit", "500 km 10 deg", "--station", "svalbard", "--days", "0.2")
    assert done.exit_code == 0
    assert "no pass above 0 deg" in done.stdout


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_files_have_every_pass(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"passes.{ending}"
    words = ("passes", *SSO, "--station", "svalbard", "--days", "0.3", "--out", str(path))
    told = document(*words)
    if ending == "json":
        assert json.loads(path.read_text()) == told
    else:
        rows = list(csv.DictReader(path.read_text().splitlines()))
        assert [row["rise_utc"] for row in rows] == [row["rise_utc"] for row in told["passes"]]


def test_stations_are_listed() -> None:
    listed = document("passes", "--stations")["stations"]
    assert {"svalbard", "wallops"} <= {one["name"] for one in listed}
    assert "svalbard" in run("passes", "--stations").stdout


REFUSED = [
    (("--station", "svalbard"), "RUN", "say where the orbit comes from"),
    (SSO, "--station", "--station is missing"),
    ((*SSO, "--station", "svalbart"), "--station", "svalbard"),
    ((*SSO, "--station", "91,0"), "--station", "out of range"),
    ((*SSO, "--station", "svalbard", "--min-elevation", "95"), "--min-elevation", "out of range"),
    ((*SSO, "--station", "svalbard", "--min-elevation", "-1"), "--min-elevation", "usable number"),
    ((*SSO, "--station", "svalbard", "--days", "0"), "--days", "usable number"),
    ((*SSO, "--station", "svalbard", "--days", "1e9"), "--days", "cannot be searched"),
    ((*SSO, "--station", "svalbard", "--start", "soon"), "--start", "ISO 8601"),
    ((*SSO, "--station", "svalbard", "--method", "sgp4"), "--method", "TLE or an OMM"),
    ((*SSO, "--station", "svalbard", "--satellite", "X"), "--satellite", "no satellite 'X'"),
    ((*SSO, "--station", "svalbard", "--out", "a.txt"), "--out", "ending"),
    (("--orbit", "sso", "--station", "svalbard"), "--orbit", "altitude"),
    (("--file", "none.tle", "--station", "svalbard"), "--file", "none.tle"),
    (("none", "--station", "svalbard"), "RUN", "neither a run folder nor a file"),
]


@pytest.mark.parametrize(("words", "key", "said"), REFUSED)
def test_what_cannot_be_used_is_refused_by_name(
    words: tuple[str, ...], key: str, said: str
) -> None:
    done = run("passes", *words, "--json")
    assert done.exit_code == 2
    error = json.loads(done.stdout)["error"]
    assert said in error["message"]
    assert error["allowed"]
    assert error["key"] == key
    assert "Traceback" not in done.stderr
