"""Where an orbit comes from: a run folder, a text, a file; and how each is then moved."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cosmodrome as cd
from cosmodrome.errors import InputError
from cosmodrome.io.conversion import Label
from cosmodrome.io.export import exported
from cosmodrome.orbit.elements import elements_from_state
from cosmodrome.orbit.motion import Secular, Sgp4, Tabulated, TwoBody
from cosmodrome.orbit.sun import local_time_at_node
from cosmodrome.prompt.data_age import data_age
from cosmodrome.prompt.flying import Span, flown, mean_orbit, span_of
from cosmodrome.prompt.orbit_source import DEFAULT_EPOCH_UTC, chosen, orbit_source, source_of
from cosmodrome.prompt.run_folder import read_result
from cosmodrome.report.folder import write_run_folder
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import Epoch, earth_orientation
from cosmodrome.world.state import State, Trajectory, in_frame

Make = Callable[[], Any]
EARTH = Environment()
TWO = """ONE
1 25544U 98067A   24261.37289443  .00023000  00000+0  40000-3 0  9998
2 25544  51.6373 218.7500 0007547   3.3902 131.6140 15.49300000472920
ONE
1 00005U 58002B   00179.78495062  .00000023  00000-0  28098-4 0  4753
2 00005  34.2682 348.7242 1859667 331.7664  19.3264 10.82419157413667
"""


def with_digits(text: str) -> str:
    """The element sets with their check digits put right."""
    from cosmodrome.io.tle import check_digit

    return "".join(
        f"{line[:68]}{check_digit(line)}\n" if line[:2] in ("1 ", "2 ") else f"{line}\n"
        for line in text.splitlines()
    )


@pytest.fixture
def two(tmp_path: Path) -> Path:
    path = tmp_path / "two.tle"
    path.write_text(with_digits(TWO))
    return path


def leo() -> State:
    r = EARTH.equatorial_radius_m + 500e3
    v = math.sqrt(EARTH.mu_m3_s2 / r)
    return State(
        Epoch.parse("2024-09-17T00:00:00Z"),
        "GCRF",
        np.array([r, 0.0, 0.0]),
        np.array([0.0, 0.6 * v, 0.8 * v]),
    )


def written(tmp_path: Path, form: str, mass_kg: float | None = None) -> Path:
    """A short flight in a form."""
    t = np.arange(0.0, 601.0, 60.0)
    motion = TwoBody(leo())
    r, v = motion.at(t)
    mass = None if mass_kg is None else np.full(t.size, mass_kg)
    body = Trajectory(motion.epoch, "GCRF", t, r, v, mass)
    path = tmp_path / f"flight.{form}"
    path.write_bytes(exported(body, form, Label(motion.epoch, "MINE"), frame="GCRF"))
    return path


# ---------------------------------------------------------------------- run folder


def test_a_run_folder_goes_on_from_its_insertion(sample: Make, tmp_path: Path) -> None:
    answer = sample()
    write_run_folder(answer, tmp_path)
    source = orbit_source(tmp_path)
    (one,) = source.satellites
    assert one.method == "numerical"
    assert source.vehicle == "angara-1.2"
    lift_off = Epoch.parse(answer.document["epoch_utc"])
    assert source.start - lift_off == pytest.approx(answer.document["t_final_s"], abs=1e-3)
    mean = mean_orbit(one).elements
    told = answer.document["achieved"]["mean"]
    height = float(mean.perigee_radius_m) - EARTH.equatorial_radius_m
    assert height / 1e3 == pytest.approx(told["perigee_km"], abs=0.1)
    assert math.degrees(mean.raan_rad) == pytest.approx(told["raan_deg"], abs=0.01)
    found = flown(source, Span(source.start, 3600.0))
    assert "numerical" in found.how
    (motion,) = found.motions.values()
    r, _ = motion.at(np.array([source.start - motion.epoch]))
    np.testing.assert_allclose(r[0], one.state().r_m, atol=1e-3)


@pytest.mark.parametrize("status", [None, [], "later"])
def test_a_status_that_no_plan_has_is_told_as_it_is(
    sample: Make, status: object, tmp_path: Path
) -> None:
    write_run_folder(sample(), tmp_path)
    document = json.loads((tmp_path / "result.json").read_text()) | {"status": status}
    (tmp_path / "result.json").write_text(json.dumps(document))
    with pytest.raises(InputError, match="holds no flight") as caught:
        read_result(tmp_path)
    assert "None" not in str(caught.value)
    if status is None:
        assert orbit_source(tmp_path).vehicle == "angara-1.2"
    else:
        with pytest.raises(InputError, match="holds no flight"):
            orbit_source(tmp_path)


@pytest.mark.parametrize("status", ["infeasible", "not_converged", "verification_failed"])
def test_a_run_without_a_proved_flight_is_refused(
    without_result: Callable[[str], Any], status: str, tmp_path: Path
) -> None:
    write_run_folder(without_result(status), tmp_path)
    with pytest.raises(InputError, match="holds no orbit") as caught:
        orbit_source(tmp_path)
    assert caught.value.key == "RUN"


def test_an_empty_folder_and_no_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"trajectory\.parquet"):
        orbit_source(tmp_path)
    with pytest.raises(InputError, match="neither a run folder nor a file"):
        orbit_source(tmp_path / "none")
    for broken in ("{", "[" * 100_000, "[]"):
        (tmp_path / "result.json").write_text(broken)
        with pytest.raises(InputError, match=r"cannot be read|not an answer") as caught:
            orbit_source(tmp_path)
        assert caught.value.key == "RUN"


# ---------------------------------------------------------------------- orbit text


def test_a_local_time_sets_the_node() -> None:
    source = orbit_source(orbit="sso 500 km ltan 10:30")
    mean = mean_orbit(source.satellites[0])
    assert mean.epoch == Epoch.parse(DEFAULT_EPOCH_UTC) == source.start
    hours = local_time_at_node(float(mean.elements.raan_rad), mean.epoch)
    assert hours == pytest.approx(10.5, abs=1e-9)
    assert DEFAULT_EPOCH_UTC in source.told
    assert "mean elements" in source.told


def test_elements_are_mean_or_osculating_as_the_text_says() -> None:
    heights = {}
    for text in ("500 km 60 deg", "500 km 60 deg mean"):
        source = orbit_source(orbit=text, epoch_utc="2024-09-17T00:00:00Z")
        (one,) = source.satellites
        state = one.state()
        assert state.frame == "TOD"
        osculating = elements_from_state(state.r_m, state.v_m_s, EARTH.mu_m3_s2)
        axes = osculating.semi_major_axis_m, mean_orbit(one).elements.semi_major_axis_m
        heights[text] = [(float(a) - EARTH.equatorial_radius_m) / 1e3 for a in axes]
    # The one that is said stands as said; the other differs by kilometres of J2.
    assert heights["500 km 60 deg"][0] == pytest.approx(500.0, abs=1e-3)
    assert heights["500 km 60 deg mean"][1] == pytest.approx(500.0, abs=1e-6)
    assert abs(heights["500 km 60 deg"][1] - 500.0) > 1.0
    assert any("no node is given" in note for note in orbit_source(orbit="500 km 60 deg").notes)


@pytest.mark.parametrize("text", ["escape c3 10 dla 20", "gto"])
def test_an_orbit_without_a_place_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="cannot be followed") as caught:
        orbit_source(orbit=text)
    assert caught.value.key == "--orbit"


def test_the_perigee_is_where_the_text_puts_it() -> None:
    source = orbit_source(orbit="400x800 km 63 deg argp 270 raan 120 mean")
    mean = mean_orbit(source.satellites[0]).elements
    assert math.degrees(mean.argp_rad) == pytest.approx(270.0)
    assert math.degrees(mean.raan_rad) == pytest.approx(120.0)
    assert "(assumed)" not in " ".join(source.notes)
    assert "(assumed)" in " ".join(orbit_source(orbit="400x800 km 63 deg").notes)


# ---------------------------------------------------------------------- files


def test_several_satellites_of_one_name_are_told_apart(two: Path) -> None:
    source = orbit_source(file=two)
    assert [one.name for one in source.satellites] == ["ONE (25544)", "ONE (5)"]
    assert {one.method for one in source.satellites} == {"sgp4"}
    assert [one.name for one in chosen(source, ["5"]).satellites] == ["ONE (5)"]
    assert chosen(source, ["5"]).told.endswith("2 satellites: ONE (5)")
    assert [one.name for one in chosen(source, ["one (25544)"]).satellites] == ["ONE (25544)"]
    with pytest.raises(InputError) as caught:
        chosen(source, ["TWO"])
    assert caught.value.allowed == "ONE (25544), ONE (5)"


def test_every_form_is_moved_in_its_own_way(tmp_path: Path, two: Path) -> None:
    kinds = {}
    for form in ("oem", "csv", "parquet", "opm"):
        source = orbit_source(written(tmp_path, form))
        found = flown(source, Span(source.start, 600.0))
        (motion,) = found.motions.values()
        kinds[form] = (type(motion), found.how.split(" ")[0])
    assert {k: v[0] for k, v in kinds.items()} == dict.fromkeys(kinds, Tabulated)
    assert kinds["oem"][1] == kinds["csv"][1] == kinds["parquet"][1] == "the"
    assert kinds["opm"][1] == "numerical:"
    source = orbit_source(two)
    span = Span(source.start, 600.0)
    assert all(isinstance(m, Sgp4) for m in flown(source, span).motions.values())
    assert all(isinstance(m, Secular) for m in flown(source, span, "secular").motions.values())
    assert all(isinstance(m, TwoBody) for m in flown(source, span, "two-body").motions.values())


def test_another_method_goes_on_from_the_last_state_of_a_table(tmp_path: Path) -> None:
    source = orbit_source(file=written(tmp_path, "oem"))
    later = source.start + 600.0
    found = flown(source, Span(later, 60.0), "two-body")
    assert found.motions["MINE"].epoch - later == pytest.approx(0.0, abs=1e-6)
    # Two bodies made the table: what goes on from its end is the same orbit.
    r, _ = found.motions["MINE"].at(np.array([-300.0]))
    np.testing.assert_allclose(r[0], TwoBody(leo()).at(np.array([300.0]))[0][0], atol=1.0)


def test_the_numbers_are_those_of_propagation(tmp_path: Path) -> None:
    from cosmodrome.orbit.forces import ForceModel
    from cosmodrome.orbit.propagate import propagate

    source = orbit_source(file=written(tmp_path, "opm"))
    span = Span(source.start + 7200.0, 1800.0)
    (motion,) = flown(source, span).motions.values()
    times = (span.start - motion.epoch) + np.linspace(0.0, 1800.0, 7)
    there = source.satellites[0].state()
    exact = propagate(there, (span.start - there.epoch) + np.linspace(0.0, 1800.0, 7), ForceModel())
    np.testing.assert_allclose(motion.at(times)[0], exact.r_m, atol=0.05)


def test_drag_of_an_opm_is_taken(tmp_path: Path) -> None:
    path = written(tmp_path, "opm", 100.0)
    assert orbit_source(file=path).satellites[0].drag_m2_kg is None
    text = path.read_text().rstrip() + "\nDRAG_AREA = 2.0 [m**2]\nDRAG_COEFF = 2.2\n"
    path.write_text(text)
    assert orbit_source(file=path).satellites[0].drag_m2_kg == pytest.approx(0.044)


def test_an_orbit_that_comes_down_is_said(tmp_path: Path) -> None:
    low = leo()
    state = State(low.epoch, "GCRF", low.r_m, 0.9 * low.v_m_s)
    t = np.array([0.0, 1.0])
    r, v = TwoBody(state).at(t)
    path = tmp_path / "down.opm"
    body = Trajectory(state.epoch, "GCRF", t, r, v)
    path.write_bytes(exported(body, "opm", Label(state.epoch), frame="GCRF"))
    source = orbit_source(file=path)
    with pytest.raises(InputError, match="meets the surface"):
        flown(source, Span(source.start, 86400.0))


@pytest.mark.parametrize(
    ("orbit", "method", "key"),
    [("sso 500 km", "sgp4", "--method"), ("sso 500 km", "table", "--method")],
)
def test_a_method_that_does_not_fit_is_refused(orbit: str, method: Any, key: str) -> None:
    source = orbit_source(orbit=orbit)
    with pytest.raises(InputError, match="cannot be used here") as caught:
        flown(source, Span(source.start, 600.0), method)
    assert caught.value.key == key


def test_drag_without_numbers_is_refused() -> None:
    source = orbit_source(orbit="sso 500 km")
    with pytest.raises(InputError, match="takes no drag"):
        flown(source, Span(source.start, 600.0), drag_m2_kg=0.02)


def test_one_orbit_and_not_two(two: Path) -> None:
    with pytest.raises(InputError, match="say where"):
        orbit_source()
    with pytest.raises(InputError, match="exclude each other"):
        orbit_source(orbit="sso 500 km", file=two)
    with pytest.raises(InputError, match="epoch belongs to an orbit text"):
        orbit_source(file=two, epoch_utc=DEFAULT_EPOCH_UTC)


# ---------------------------------------------------------------------- time and data


def test_a_span_is_as_long_as_a_table_unless_asked_otherwise(tmp_path: Path) -> None:
    source = orbit_source(file=written(tmp_path, "oem"))
    assert span_of(source, None, None).duration_s == pytest.approx(600.0)
    assert span_of(source, None, 2.0).duration_s == 2.0 * 86400.0
    assert span_of(orbit_source(orbit="sso 500 km"), None, None).duration_s == 86400.0
    with pytest.raises(InputError, match="cannot be searched"):
        span_of(source, None, 1e9)


def test_the_age_of_the_orientation_is_said() -> None:
    table = earth_orientation()
    measured = Span(Epoch.parse("2020-01-01"), 86400.0)
    assert data_age(measured) == ()
    predicted = Span(Epoch(int(table.predicted_from_mjd) + 3, 0.0), 86400.0)
    assert "prediction" in data_age(predicted)[0]
    past = Span(Epoch(int(table.mjd[-1]), 0.0), 10.0 * 86400.0)
    assert "10.0 days before the last instant" in data_age(past)[0]


def test_old_elements_are_said(two: Path) -> None:
    source = chosen(orbit_source(two), ["25544"])
    start = source.satellites[0].epoch
    assert flown(source, Span(start, 86400.0)).notes == ()
    (note,) = flown(source, Span(start, 20.0 * 86400.0)).notes
    assert "20.0 days" in note


# ---------------------------------------------------------------------- from Python


def test_python_takes_texts_paths_and_readings(two: Path) -> None:
    reading = cd.read(two)
    assert reading.form == "TLE"
    assert [one.name for one in source_of(reading).satellites] == ["ONE (25544)", "ONE (5)"]
    start = "2024-09-17T09:00:00Z"
    by_path = cd.passes(two, "svalbard", start_utc=start, days=0.2)
    by_reading = cd.passes(reading, ["svalbard"], start_utc=start, days=0.2)
    assert [p.rise.epoch for p in by_path] == [p.rise.epoch for p in by_reading]
    assert len(cd.passes("sso 500 km ltan 10:30", "svalbard", days=0.2)) >= 2


def test_python_propagates_as_the_door_does() -> None:
    found = cd.propagate("sso 500 km", days=0.01, step_s=100.0, frame="ITRF")
    assert found.frame == "ITRF"
    assert found.t_s.tolist() == [
        0.0,
        100.0,
        200.0,
        300.0,
        400.0,
        500.0,
        600.0,
        700.0,
        800.0,
        864.0,
    ]
    mean = mean_orbit(orbit_source(orbit="sso 500 km").satellites[0])
    r, v = mean.at(found.t_s)
    same = in_frame(Trajectory(mean.epoch, "TOD", found.t_s, r, v), "ITRF")
    np.testing.assert_allclose(found.r_m, same.r_m, atol=1e-6)
    with pytest.raises(InputError, match="frame"):
        cd.propagate("sso 500 km", frame="ECI")
    with pytest.raises(InputError, match="step"):
        cd.propagate("sso 500 km", step_s=0.0)


def test_an_epoch_beside_a_file_that_has_one_is_refused(two: Path) -> None:
    with pytest.raises(InputError, match="a TLE has its own"):
        orbit_source(two, epoch_utc="2027-01-01T00:00:00Z")


def test_a_table_without_an_epoch_is_given_one(tmp_path: Path) -> None:
    path = written(tmp_path, "csv")
    rows = [line.split(",", 1)[1] for line in path.read_text().splitlines()]
    path.write_text("\n".join(rows) + "\n")
    with pytest.raises(InputError, match="epoch"):
        orbit_source(file=path)
    source = orbit_source(file=path, epoch_utc="2025-01-01T00:00:00Z")
    assert source.start == Epoch.parse("2025-01-01")


def test_a_result_is_read_as_it_was_written(sample: Make, tmp_path: Path) -> None:
    write_run_folder(sample(), tmp_path)
    document = json.loads((tmp_path / "result.json").read_text())
    assert document["vehicle"] in orbit_source(tmp_path).told
