"""`cosmodrome export`: every form, its notes, its covariance, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from cosmodrome.cli import main
from cosmodrome.cli.export import FORMS
from cosmodrome.io.message import Message, Oem
from cosmodrome.io.recognise import motions_of, read_any, trajectory_from
from cosmodrome.mission.catalogue import load_vehicle, vehicle_names
from cosmodrome.report.folder import write_run_folder
from cosmodrome.world.state import in_frame

PLAIN = {"NO_COLOR": "1", "COLUMNS": "80", "TERM": "dumb", "SOURCE_DATE_EPOCH": "1800000000"}
Make = Callable[[], Any]


def run(*words: str) -> Result:
    return CliRunner(env=PLAIN).invoke(main, ["export", *words], prog_name="cosmodrome")


@pytest.fixture
def folder(sample: Make, tmp_path: Path) -> Path:
    path = tmp_path / "run"
    write_run_folder(sample(), path)
    return path


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_written_and_the_same_again(folder: Path, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"flight.{form}"
    done = run(str(folder), "--format", form, "--out", str(path), "--quiet")
    assert done.exit_code == 0, done.stderr
    assert "Written: " in done.stdout
    first = path.read_bytes()
    assert run(str(folder), "--format", form, "--out", str(path)).exit_code == 0
    assert path.read_bytes() == first
    assert len(first) > 100


def test_what_is_written_is_the_flight(folder: Path, tmp_path: Path) -> None:
    flown = trajectory_from(read_any(folder / "trajectory.parquet"))
    path = tmp_path / "flight.oem"
    assert run(str(folder), "--format", "oem", "--out", str(path)).exit_code == 0
    reading = read_any(path)
    assert isinstance(reading.content, Oem)
    assert len(reading.content.segments) > 1
    back = in_frame(trajectory_from(reading), "GCRF")
    np.testing.assert_allclose(back.r_m[-1], flown.r_m[-1], atol=1e-3)
    assert reading.content.header.get("CREATION_DATE").startswith("2027-01-15T08:00:00")


def test_elements_are_fitted_and_the_residual_is_said(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "payload.tle"
    words = (str(folder), "--format", "tle", "--out", str(path), "--name", "MY SAT")
    done = run(*words, "--json")
    assert done.exit_code == 0, done.stderr
    notes = json.loads(done.stdout)["notes"]
    assert any("rms" in note for note in notes)
    assert any("TLE's digits" in note for note in notes)
    ((name, motion),) = motions_of(read_any(path))
    assert name == "MY SAT"
    flown = trajectory_from(read_any(folder / "trajectory.parquet"))
    last = flown.state(-1)
    r, _ = motion.at(np.array([last.epoch - motion.epoch]))
    place = in_frame(last, "TEME").r_m
    # The fit's own residual is tens of metres; osculating elements would be kilometres off.
    assert np.linalg.norm(r[0] - place) < 200.0


def test_covariance_where_the_accuracy_is_published(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "insertion.opm"
    words = (str(folder), "--format", "opm", "--out", str(path))
    assert "No covariance" in run(*words).stdout
    message = read_any(path).content
    assert isinstance(message, Message)
    assert message.data.get("CX_X") == ""
    # The stage is still on it, so that its mass is not the payload's.
    assert message.data.get("MASS") == ""

    document = json.loads((folder / "result.json").read_text())
    (folder / "result.json").write_text(json.dumps(document | {"vehicle": with_accuracy()}))
    done = run(*words)
    assert "Covariance from the accuracy printed for" in " ".join(done.stdout.split())
    message = read_any(path).content
    assert isinstance(message, Message)
    # Printed for heights as half widths at so many standard deviations: radial, squared.
    vehicle = load_vehicle(with_accuracy())
    printed = vehicle.accuracy
    assert printed is not None
    height = printed.altitude_km or printed.perigee_km or printed.semi_major_axis_km
    assert height is not None
    sigma_km = height.value / printed.sigma.value
    radial_km = float(message.data.get("CX_X")) ** 0.5
    # Between the two apsides the radius shares in the errors of both.
    assert 0.7 * sigma_km <= radial_km <= 1.01 * sigma_km


def with_accuracy() -> str:
    """A vehicle of the catalogue whose accuracy is printed for a low orbit."""
    for name in vehicle_names():
        printed = load_vehicle(name).accuracy
        if printed is not None and "transfer" not in printed.orbit:
            return name
    raise AssertionError("no accuracy in the catalogue")


def test_without_out_it_goes_into_the_folder(folder: Path) -> None:
    assert run(str(folder), "--format", "czml").exit_code == 0
    assert (folder / "trajectory.czml").exists()
    before = (folder / "trajectory.parquet").read_bytes()
    done = run(str(folder), "--format", "parquet", "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["error"]["key"] == "--out"
    assert (folder / "trajectory.parquet").read_bytes() == before


def test_somebody_elses_table_is_exported_too(folder: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.oem"
    assert run(str(folder), "--format", "oem", "--out", str(theirs)).exit_code == 0
    assert run(str(theirs), "--format", "geojson").exit_code == 0
    assert json.loads((tmp_path / "theirs.geojson").read_text())["type"]
    before = theirs.read_bytes()
    assert run(str(theirs), "--format", "oem").exit_code == 2
    assert theirs.read_bytes() == before


def test_what_cannot_be_exported_is_refused(folder: Path, tmp_path: Path) -> None:
    tle = tmp_path / "payload.tle"
    assert run(str(folder), "--format", "tle", "--out", str(tle)).exit_code == 0
    for words, key in (
        ((str(tle), "--format", "oem"), "RUN"),
        ((str(folder), "--format", "stk"), "--format"),
        ((str(folder / "none"), "--format", "oem"), "RUN"),
        ((str(folder),), "--format"),
        ((str(folder), "--format", "oem", "--out", str(folder)), "--out"),
    ):
        done = run(*words, "--json")
        assert done.exit_code == 2, words
        error = json.loads(done.stdout)["error"]
        assert error["key"] == key
        assert error["allowed"]


@pytest.mark.parametrize("form", ["tle", "omm"])
def test_elements_are_fitted_once(
    folder: Path, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cosmodrome.io.sgp4_fit import fit_sgp4

    counted: list[str] = []

    def counting(*words: Any, **more: Any) -> Any:
        counted.append(form)
        return fit_sgp4(*words, **more)

    monkeypatch.setattr("cosmodrome.io.export.fit_sgp4", counting)
    assert run(str(folder), "--format", form, "--out", str(tmp_path / "x")).exit_code == 0
    assert counted == [form]


@pytest.mark.parametrize(
    ("more", "key"),
    [
        (("--designator", "banana"), "--designator"),
        (("--name", "two\nlines"), "--name"),
        (("--name", "1 25544U"), "--name"),
    ],
)
def test_what_a_tle_has_no_room_for_is_refused(
    folder: Path, tmp_path: Path, more: tuple[str, ...], key: str
) -> None:
    path = tmp_path / "x.tle"
    done = run(str(folder), "--format", "tle", "--out", str(path), *more, "--json")
    assert done.exit_code == 2, done.stdout
    assert json.loads(done.stdout)["error"]["key"] == key
    assert not path.exists()


def test_a_name_of_two_lines_is_refused_by_its_option(folder: Path, tmp_path: Path) -> None:
    words = ("--format", "oem", "--out", str(tmp_path / "x.oem"), "--name", "two\nlines")
    done = run(str(folder), *words, "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["error"]["key"] == "--name"
