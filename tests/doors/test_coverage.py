"""`cosmodrome coverage`: places, ways of seeing, constellations, and what is refused."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from cosmodrome.cli import main
from cosmodrome.orbit.coverage import find_coverage
from cosmodrome.orbit.swath import swath_m
from cosmodrome.prompt.flying import Span, flown
from cosmodrome.prompt.orbit_source import orbit_source

PLAIN = {"NO_COLOR": "1", "COLUMNS": "80", "TERM": "dumb"}
SSO = ("--orbit", "sso 500 km ltan 10:30")
MOSCOW = ("--point", "55.75,37.62")
SHORT = ("--days", "1")


def run(*words: str) -> Result:
    return CliRunner(env=PLAIN).invoke(main, ["coverage", *words], prog_name="cosmodrome")


def document(*words: str) -> Any:
    done = run(*words, "--json", "--quiet")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_points_have_the_revisit_that_is_found() -> None:
    told = document(*SSO, *MOSCOW, "--swath", "1500", "--days", "2")
    source = orbit_source(orbit=SSO[1])
    span = Span(source.start, 2.0 * 86400.0)
    found = find_coverage(
        flown(source, span).motions,
        np.radians([55.75]),
        np.radians([37.62]),
        span.start,
        span.duration_s,
        swath_m=1.5e6,
    )
    (point,) = told["points"]
    assert point["latitude_deg"] == pytest.approx(55.75)
    assert point["longitude_deg"] == pytest.approx(37.62)
    assert point["mean_revisit_h"] == pytest.approx(found.mean_revisit_s[0] / 3600.0)
    assert point["max_revisit_h"] == pytest.approx(found.max_revisit_s[0] / 3600.0)
    assert point["looks"] == found.looks[0] > 2


def test_an_angle_off_nadir_is_the_swath_of_the_height() -> None:
    angle = document(*SSO, *MOSCOW, *SHORT, "--half-angle", "45")["points"]
    width = swath_m(500e3, math.radians(45.0)) / 1e3
    swath = document(*SSO, *MOSCOW, *SHORT, "--swath", str(width))["points"]
    assert angle[0]["seen_min"] == pytest.approx(swath[0]["seen_min"], rel=1e-3)


def test_what_is_never_seen_is_null_and_counted() -> None:
    words = ("--orbit", "500 km 10 deg", *MOSCOW, *SHORT, "--swath", "200")
    (point,) = document(*words)["points"]
    assert point["mean_revisit_h"] is None
    assert point["max_revisit_h"] is None
    assert "1 never seen" in run(*words).stdout


def test_a_constellation_is_set_about_the_orbit() -> None:
    words = [
        "--band",
        "-10:10",
        "--spacing",
        "20",
        "--min-elevation",
        "10",
        "--days",
        "0.5",
        "--orbit",
    ]
    words.append("1200 km 53 deg mean")
    one = document(*words)
    many = document(*words, "--walker", "53:12/3/1")
    assert (one["satellites"], many["satellites"]) == (1, 12)
    assert "53:12/3/1" in many["method"]
    gaps = [max(p["max_revisit_h"] or 99.0 for p in told["points"]) for told in (one, many)]
    assert gaps[1] < gaps[0]
    # The first of them is the orbit itself.
    single = document(*words, "--walker", "53:1/1/0")
    assert [p["looks"] for p in single["points"]] == [p["looks"] for p in one["points"]]


def test_an_area_is_read_from_geojson(tmp_path: Path) -> None:
    ring = [[30.0, 50.0], [40.0, 50.0], [40.0, 60.0], [30.0, 60.0], [30.0, 50.0]]
    path = tmp_path / "area.geojson"
    path.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    words = (*SSO, "--area", str(path), "--spacing", "2", "--swath", "500", *SHORT)
    points = document(*words)["points"]
    assert len(points) > 5
    assert all(30 < p["longitude_deg"] < 40 and 50 < p["latitude_deg"] < 60 for p in points)


def test_the_table_is_by_latitude_and_the_file_by_place(tmp_path: Path) -> None:
    path = tmp_path / "coverage.csv"
    words = (*SSO, "--band", "0:30", "--spacing", "15", "--swath", "1500", *SHORT)
    done = run(*words, "--out", str(path))
    assert done.exit_code == 0
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()) <= 80
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert f"{len(rows)} places, 1 satellite" in done.stdout
    assert {round(float(row["latitude_deg"]), 6) for row in rows} == {7.5, 22.5}


GOOD = (*SSO, *MOSCOW, *SHORT, "--swath", "200")
REFUSED = [
    ((*SSO, *MOSCOW), "--swath", "not said"),
    ((*GOOD, "--min-elevation", "10"), "--swath", "said twice"),
    ((*SSO, "--swath", "200"), "--band", "not said"),
    ((*GOOD, "--band", "0:10"), "--band", "said twice"),
    ((*SSO, "--band", "10", "--swath", "200"), "--band", "cannot be read"),
    ((*SSO, "--band", "20:10", "--swath", "200"), "--band", "out of range"),
    ((*SSO, "--point", "95,0", "--swath", "200"), "--point", "not on the globe"),
    ((*SSO, "--point", "x", "--swath", "200"), "--point", "cannot be read"),
    ((*SSO, *MOSCOW, *SHORT, "--swath", "1e6"), "--swath", "out of range"),
    ((*SSO, *MOSCOW, *SHORT, "--half-angle", "89"), "--half-angle", "does not meet the ground"),
    ((*GOOD, "--walker", "53:24/5/1"), "--walker", "planes"),
    ((*GOOD, "--walker", "many"), "--walker", "Walker"),
    ((*GOOD, "--walker", "53:4/2/1", "--method", "numerical"), "--walker", "secular"),
    ((*GOOD, "--star"), "--star", "belongs to --walker"),
    ((*SSO, "--area", "none.geojson", "--swath", "200"), "--area", "cannot be read"),
    ((*SSO, "--band", "-90:90", "--spacing", "0.1", "--swath", "9"), "--spacing", "more than"),
]


@pytest.mark.parametrize(("words", "key", "said"), REFUSED)
def test_what_cannot_be_used_is_refused_by_name(
    words: tuple[str, ...], key: str, said: str
) -> None:
    done = run(*words, "--json")
    assert done.exit_code == 2, done.stdout[-500:]
    error = json.loads(done.stdout)["error"]
    assert said in error["message"]
    assert error["key"] == key
    assert error["allowed"]


def test_a_broken_area_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "area.geojson"
    none = '{"type": "FeatureCollection", "features": []}'
    line = '{"type": "LineString", "coordinates": []}'
    for text in ("{", line, none, "[1, 2]", "[" * 100000):
        path.write_text(text)
        done = run(*SSO, "--area", str(path), "--swath", "200", "--json")
        assert done.exit_code == 2
        error = json.loads(done.stdout)["error"]
        assert str(path) in error["message"]
        assert (error["file"], error["key"]) == (str(path), "--area")
