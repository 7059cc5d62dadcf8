"""`cosmodrome eclipses`: contacts, and the profile of a season."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from cosmodrome.cli import main
from cosmodrome.orbit.eclipses import find_eclipses, sun_profile
from cosmodrome.prompt.flying import Span, flown
from cosmodrome.prompt.orbit_source import orbit_source
from cosmodrome.world.epoch import Epoch

PLAIN = {"NO_COLOR": "1", "COLUMNS": "80", "TERM": "dumb"}
SSO = ("--orbit", "sso 500 km ltan 10:30")
CONTACTS = ("penumbra_entry", "umbra_entry", "umbra_exit", "penumbra_exit")


def run(*words: str) -> Result:
    return CliRunner(env=PLAIN).invoke(main, list(words), prog_name="cosmodrome")


def document(*words: str) -> Any:
    done = run("eclipses", *words, "--json", "--quiet")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_the_document_has_the_contacts_that_are_found() -> None:
    told = document(*SSO, "--days", "0.25")["eclipses"]
    source = orbit_source(orbit=SSO[1])
    span = Span(source.start, 0.25 * 86400.0)
    (motion,) = flown(source, span).motions.values()
    found = find_eclipses(motion, span.start, span.duration_s)
    assert len(told) == len(found) >= 3
    for row, one in zip(told, found, strict=True):
        for name in CONTACTS:
            exact, text = getattr(one, name), row[f"{name}_utc"]
            assert (exact is None) == (text is None)
            assert exact is None or abs(Epoch.parse(text) - exact) <= 1e-6


def test_a_contact_past_the_end_is_null_and_shown_as_such() -> None:
    whole = document(*SSO, "--days", "0.1")["eclipses"][0]
    begin, end = (Epoch.parse(whole[f"umbra_{k}_utc"]) for k in ("entry", "exit"))
    days = str(0.5 * (end - begin) / 86400.0)
    words = (*SSO, "--start", whole["umbra_entry_utc"], "--days", days)
    (cut,) = document(*words)["eclipses"]
    assert cut["penumbra_entry_utc"] is None
    assert cut["umbra_exit_utc"] is None
    assert run("eclipses", *words).stdout.count(" - ") >= 1


def test_the_profile_is_the_season_of_the_orbit() -> None:
    words = (*SSO, "--profile", "5", "--days", "20")
    told = document(*words)
    source = orbit_source(orbit=SSO[1])
    span = Span(source.start, 20.0 * 86400.0)
    (motion,) = flown(source, span).motions.values()
    exact = sun_profile(motion, span.start, np.array([0.0, 432000.0, 864000.0, 1296000.0]))
    assert [row["epoch_utc"][:10] for row in told["profile"]] == [
        "2027-03-20", "2027-03-25", "2027-03-30", "2027-04-04",
    ]  # fmt: skip
    assert [row["umbra_s"] for row in told["profile"]] == pytest.approx(list(exact.umbra_s))
    longest = max(row["umbra_s"] for row in told["eclipses"])
    assert longest == pytest.approx(max(exact.umbra_s), abs=10.0)
    text = run("eclipses", *words).stdout
    assert "beta from" in text
    assert "min a revolution" in text


def test_sun_and_earth_by_choice_change_the_contacts() -> None:
    plain, seen, oblate = (
        Epoch.parse(document(*SSO, "--days", "0.1", *more)["eclipses"][0]["umbra_entry_utc"])
        for more in ((), ("--apparent",), ("--oblate",))
    )
    assert 0.001 < abs(seen - plain) < 0.2
    assert 0.01 < abs(oblate - plain) < 20.0


def test_an_orbit_in_the_sun_has_none() -> None:
    words = ("--orbit", "sso 800 km ltan 18:00", "--epoch", "2027-03-20T12:00:00Z", "--days", "0.2")
    assert document(*words)["eclipses"] == []
    assert "no eclipse in this time" in run("eclipses", *words).stdout


def test_the_table_keeps_to_eighty_columns_and_the_file_has_all(tmp_path: Path) -> None:
    path = tmp_path / "eclipses.csv"
    done = run("eclipses", *SSO, "--days", "0.25", "--out", str(path))
    assert done.exit_code == 0
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()) <= 80
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert f"{len(rows)} eclipses" in done.stdout
    assert all(row["satellite"] == "sso 500 km ltan 10:30" for row in rows)


def test_past_the_ephemeris_is_said_with_its_age() -> None:
    words = ("--orbit", "sso 500 km", "--epoch", "2080-01-01T00:00:00Z", "--days", "0.1")
    done = run("eclipses", *words, "--json")
    assert done.exit_code == 2
    error = json.loads(done.stdout)["error"]
    assert "past its end" in error["message"]
    assert error["allowed"]


def test_a_profile_of_millions_of_rows_is_refused() -> None:
    done = run("eclipses", *SSO, "--profile", "0.00001", "--json")
    assert done.exit_code == 2
    error = json.loads(done.stdout)["error"]
    assert error["key"] == "--profile"
    assert "or more" in error["allowed"]
