import math
from pathlib import Path

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.io.conversion import Label
from cosmodrome.io.export import FORMS, coasted, exported, fitted
from cosmodrome.io.recognise import motions_of, read_any, trajectory_from
from cosmodrome.io.writing import write_whole
from cosmodrome.orbit.elements import Elements, state_from_elements
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import State, Trajectory, in_frame

START = Epoch.parse("2027-03-20T12:00:00Z")
LABEL = Label(START, "SAT")


def flight() -> Trajectory:
    one = Elements.keplerian(6878137.0, 1e-3, math.radians(97.4), 1.0, 2.0, 0.5)
    r, v = state_from_elements(one, 3.986004418e14)
    return coasted(State(START, "TOD", r, v), 600.0)


@pytest.mark.parametrize("form", [f for f in FORMS if f not in ("czml", "kml", "geojson")])
def test_what_is_written_is_told_by_its_content_and_moves_alike(form: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, exported(flight(), form, LABEL))
    reading = read_any(path)
    assert reading.form == form.partition("-")[0].upper()
    ((name, motion),) = motions_of(reading)
    assert name == ("SAT" if form not in ("csv", "parquet") else str(path))
    body = flight()
    end = body.state(-1)
    t = np.array([end.epoch - motion.epoch])
    r, v = motion.at(t)
    there = in_frame(State(end.epoch, motion.frame, r[0], v[0]), "GCRF")
    miss = float(np.linalg.norm(there.r_m - end.r_m))
    # Elements follow within the residual of their fit, states within a micrometre or so.
    assert miss < (100.0 if form in ("omm", "omm-xml", "tle") else 1e-3)


@pytest.mark.parametrize("form", ["oem", "oem-xml", "csv", "parquet"])
def test_a_trajectory_comes_back(form: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(exported(flight(), form, LABEL))
    body = in_frame(trajectory_from(read_any(path)), "GCRF")
    assert body.r_m == pytest.approx(flight().r_m, abs=2e-5)


@pytest.mark.parametrize("form", ["opm", "tle"])
def test_one_state_is_no_trajectory(form: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(exported(flight(), form, LABEL))
    with pytest.raises(InputError, match="holds no trajectory"):
        trajectory_from(read_any(path))


def test_the_residual_stands_in_the_omm() -> None:
    text = exported(flight(), "omm", LABEL).decode()
    assert "COMMENT residual " in text
    assert "m rms" in text
    assert "NORAD_CAT_ID = 00000" in text
    assert "OBJECT_ID = 2027-000A" in text


def test_an_unknown_form_and_an_empty_trajectory() -> None:
    with pytest.raises(InputError, match="form 'docx'") as caught:
        exported(flight(), "docx", LABEL)
    assert "geojson" in str(caught.value.allowed)
    none = Trajectory(START, "GCRF", np.zeros(0), np.zeros((0, 3)), np.zeros((0, 3)))
    with pytest.raises(InputError, match="empty"):
        exported(none, "oem", LABEL)


def test_a_coast_ends_where_smaller_steps_end() -> None:
    first = flight().state(0)
    whole = coasted(first, 5600.0).state(-1)
    half = coasted(coasted(first, 2800.0).state(-1), 2800.0).state(-1)
    # Halves refer to the pole of their own start: the difference is precession's.
    assert np.linalg.norm(whole.r_m - half.r_m) < 1.0


def test_a_fit_that_is_known_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    fit = fitted(flight().state(-1), LABEL)
    before = exported(flight(), "omm", LABEL)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("fitted a second time")

    monkeypatch.setattr("cosmodrome.io.export.fitted", refuse)
    assert exported(flight(), "omm", LABEL, fit=fit) == before
    with pytest.raises(AssertionError, match="second time"):
        exported(flight(), "omm", LABEL)
