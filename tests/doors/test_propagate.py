"""`cosmodrome propagate`, `repeat` and `lifetime`."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

import cosmodrome as cd
from cosmodrome.cli import main
from cosmodrome.io.recognise import read_any, trajectory_from
from cosmodrome.orbit.repeat import repeat_orbits
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import in_frame

PLAIN = {"NO_COLOR": "1", "COLUMNS": "80", "TERM": "dumb"}
SSO = ("--orbit", "sso 500 km ltan 10:30")


def run(*words: str) -> Result:
    return CliRunner(env=PLAIN).invoke(main, list(words), prog_name="cosmodrome")


def document(*words: str) -> Any:
    done = run(*words, "--json", "--quiet")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def refusal(*words: str) -> Any:
    done = run(*words, "--json")
    assert done.exit_code == 2, done.stdout[-500:]
    error = json.loads(done.stdout)["error"]
    assert error["allowed"]
    return error


# ---------------------------------------------------------------------- propagate


@pytest.mark.parametrize("frame", ["GCRF", "TEME", "ITRF"])
def test_the_states_are_those_of_python(frame: str) -> None:
    told = document("propagate", *SSO, "--days", "0.01", "--step", "200", "--frame", frame.lower())
    same = cd.propagate(SSO[1], days=0.01, step_s=200.0, frame=frame)
    assert told["frame"] == frame
    assert len(told["states"]) == len(same) == 6
    r = np.array([state["r_km"] for state in told["states"]])
    v = np.array([state["v_km_s"] for state in told["states"]])
    np.testing.assert_allclose(1e3 * r, same.r_m, atol=1e-6)
    np.testing.assert_allclose(1e3 * v, same.v_m_s, atol=1e-9)
    times = [Epoch.parse(state["epoch_utc"]) - same.epoch for state in told["states"]]
    np.testing.assert_allclose(times, same.t_s, atol=1e-6)


def test_a_later_start_is_farther_along_the_same_way() -> None:
    whole = document("propagate", *SSO, "--days", "0.02", "--step", "864")
    later = whole["states"][1]
    words = ("--start", later["epoch_utc"], "--days", "0.01", "--step", "864")
    first = document("propagate", *SSO, *words)["states"][0]
    assert first["epoch_utc"] == later["epoch_utc"]
    np.testing.assert_allclose(first["r_km"], later["r_km"], atol=1e-6)


@pytest.mark.parametrize("ending", ["csv", "parquet", "oem", "xml"])
def test_a_file_gives_the_states_back(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"after.{ending}"
    words = ("propagate", *SSO, "--days", "0.02", "--frame", "TEME", "--out", str(path))
    assert run(*words).exit_code == 0
    same = cd.propagate(SSO[1], days=0.02, frame="TEME")
    back = trajectory_from(read_any(path))
    assert back.frame == "TEME"
    np.testing.assert_allclose(back.r_m, same.r_m, atol=1e-5)
    # Told by its content, it is an orbit to go on from.
    again = document("propagate", str(path), "--step", "60")
    first = in_frame(same, "GCRF")
    np.testing.assert_allclose(1e3 * np.array(again["states"][0]["r_km"]), first.r_m[0], atol=1e-3)
    assert "interpolated" in again["method"]


def test_methods_part_as_their_physics_do() -> None:
    last = {}
    for method in ("two-body", "secular", "numerical"):
        words = ("propagate", *SSO, "--days", "0.2", "--step", "1e5", "--method", method)
        last[method] = np.array(document(*words)["states"][-1]["r_km"])
    # Oblateness moves it by tens of kilometres in three revolutions, the rest by less.
    assert np.linalg.norm(last["two-body"] - last["numerical"]) > 20.0
    assert np.linalg.norm(last["secular"] - last["numerical"]) < 10.0


def test_drag_brings_it_down() -> None:
    words = [*["propagate", "--days", "0.1", "--step", "1e5", "--method", "numerical"], "--orbit"]
    words += ["250 km 51.6 deg", "--epoch", "2024-05-11T00:00:00Z"]
    free = document(*words)
    held = document(*words, "--drag", "0.05")
    assert "CdA/m 0.05" in held["method"]
    assert "no drag" in free["method"]
    far = [np.array(told["states"][-1]["r_km"]) for told in (free, held)]
    speed = np.array(free["states"][-1]["v_km_s"])
    # What loses height runs ahead.
    assert float((far[1] - far[0]) @ speed) > 0.0


def test_the_table_keeps_to_eighty_columns_and_says_what_it_leaves_out() -> None:
    done = run("propagate", *SSO, "--days", "0.2")
    assert done.exit_code == 0
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()) <= 80
    assert "th of 289 states" in done.stdout
    assert "th of" not in run("propagate", *SSO, "--days", "0.01").stdout


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (("--step", "0"), "--step"),
        (("--step", "1e-6"), "--step"),
        (("--frame", "ECI"), "--frame"),
        (("--out", "a.tle"), "--out"),
        (("--out", "/proc/none/a.oem"), "--out"),
        (("--drag", "0.02"), "--drag"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(words: tuple[str, ...], key: str) -> None:
    assert refusal("propagate", *SSO, *words)["key"] == key


def test_one_of_several_satellites_has_to_be_chosen(tmp_path: Path) -> None:
    path = tmp_path / "two.tle"
    both = [tle(name) for name in ("A", "B")]
    path.write_text("".join(both))
    error = refusal("propagate", "--file", str(path))
    assert error["key"] == "--satellite"
    assert error["allowed"] == "A, B"
    assert document("propagate", "--file", str(path), "--satellite", "b")["states"]


def tle(name: str) -> str:
    """Elements fitted to an orbit, as `export` writes them."""
    from cosmodrome.io.conversion import Label
    from cosmodrome.io.export import exported

    there = cd.propagate(SSO[1], days=0.001, frame="GCRF")
    return exported(there, "tle", Label(there.epoch, name)).decode()


# ---------------------------------------------------------------------- repeat


def test_repeating_orbits_are_those_that_are_found() -> None:
    told = document("repeat", "--days", "16", "--altitude", "700", "--within", "30")
    found = repeat_orbits(16, 700e3, within_m=30e3)
    assert [row["revolutions"] for row in told["orbits"]] == [one.revolutions for one in found]
    # Landsat's own cycle: 233 revolutions in 16 days.
    assert told["orbits"][0]["revolutions"] == 233
    assert told["orbits"][0]["altitude_km"] == pytest.approx(found[0].altitude_m / 1e3)
    done = run("repeat", "--days", "16", "--altitude", "700", "--within", "30")
    assert "233 in 16" in done.stdout
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()) <= 80


def test_an_inclination_and_a_circle_by_choice() -> None:
    words = ("--days", "3", "--altitude", "550", "--inclination", "53", "--circular")
    first = document("repeat", *words)["orbits"][0]
    assert first["inclination_deg"] == pytest.approx(53.0)
    assert first["eccentricity"] == 0.0
    assert not first["sun_synchronous"]
    assert "circular" in run("repeat", *words).stdout


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (("--days", "3", "--altitude", "10"), "--altitude"),
        (("--days", "3", "--altitude", "500", "--inclination", "200"), "--inclination"),
        (("--days", "0", "--altitude", "500"), "--days"),
        (("--altitude", "500"), "--days"),
    ],
)
def test_a_wish_that_cannot_be_is_refused(words: tuple[str, ...], key: str) -> None:
    assert refusal("repeat", *words)["key"] == key


# ---------------------------------------------------------------------- lifetime

LIFE = ("lifetime", "--orbit", "sso 400 km", "--mass", "120", "--samples", "20")


def test_the_years_are_those_of_the_distribution() -> None:
    from cosmodrome.orbit.lifetime import Body, Draws, lifetime
    from cosmodrome.prompt.flying import mean_orbit
    from cosmodrome.prompt.orbit_source import orbit_source

    told = document(*LIFE, "--area", "1.1", "--seed", "3")
    mean = mean_orbit(orbit_source(orbit="sso 400 km").satellites[0])
    life = lifetime(mean, Body(120.0, 1.1), Draws(samples=20, seed=3))
    assert told["years"]["p50"] == pytest.approx(life.quantile(0.5))
    assert told["years"]["p05"] <= told["years"]["p50"] <= told["years"]["p95"]
    assert told["probability_within_5_years"] == pytest.approx(life.within(5.0).probability)
    assert told["probability_within_25_years"] == 1.0
    assert told["perigee_km"] == pytest.approx(400.0, abs=1.0)
    assert told["rules"][0]["paragraph"] == "47 CFR 25.283(e)"


def test_a_box_that_tumbles_shows_a_quarter_of_its_surface() -> None:
    told = document(*LIFE, "--box", "1x2x3", "--panels", "2")
    assert told["area_m2"] == pytest.approx(0.25 * 2.0 * (2.0 + 6.0 + 3.0) + 0.5 * 2.0)
    assert told["cd_area_over_mass_m2_kg"] == pytest.approx(2.2 * told["area_m2"] / 120.0)


def test_the_price_of_a_rule_is_told() -> None:
    words = [
        "lifetime",
        "--mass",
        "120",
        "--area",
        "1.1",
        "--samples",
        "20",
        "--isp",
        "220",
        "--probability",
        "0.5",
    ]
    words += ["--orbit", "sso 560 km"]
    done = run(*words, "--quiet")
    assert done.exit_code == 0
    assert "five-year rule with 50 %: perigee down to" in done.stdout
    assert "25-year rule is met with 50 % as it is" in done.stdout
    assert "47 CFR 25.283(e)" in done.stdout
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()) <= 80


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ((), "--area"),
        (("--area", "1", "--box", "1x1x1"), "--area"),
        (("--area", "1", "--panels", "1"), "--panels"),
        (("--box", "1x1"), "--box"),
        (("--box", "1x1xnan"), "--box"),
        (("--area", "-1"), "--area"),
        (("--area", "1", "--probability", "1"), "--probability"),
        (("--area", "1", "--epoch", "1960-01-01"), "--epoch"),
    ],
)
def test_a_body_that_cannot_be_is_refused(words: tuple[str, ...], key: str) -> None:
    assert refusal(*LIFE, *words)["key"] == key


def test_days_are_said_where_years_are_none() -> None:
    words = ("lifetime", "--orbit", "220 km 60 deg", "--mass", "100", "--area", "2")
    done = run(*words, "--samples", "20", "--quiet")
    assert done.exit_code == 0
    assert " days until it decays" in done.stdout
    assert math.isfinite(document(*words, "--samples", "20")["years"]["p50"])


def test_a_life_of_minutes_is_told_as_one() -> None:
    words = ("lifetime", "--orbit", "100 km 50 deg", "--mass", "100", "--area", "1")
    done = run(*words, "--samples", "20", "--quiet")
    assert done.exit_code == 0, done.stderr
    assert "0.0 days" not in done.stdout
    assert "under an hour until it decays" in done.stdout


def test_a_life_past_the_horizon_is_said_once() -> None:
    words = ("lifetime", "--orbit", "36000 km 0 deg", "--mass", "100", "--area", "1")
    done = run(*words, "--samples", "20", "--quiet")
    assert done.exit_code == 0, done.stderr
    assert "between over" not in done.stdout
    assert "nine in ten over 100 years" in done.stdout


def test_a_number_out_of_its_range_is_told_the_range() -> None:
    assert refusal("repeat", "--days", "0", "--altitude", "700")["allowed"] == (
        "a whole number, 1 to 400"
    )
    words = ("lifetime", *SSO, "--mass", "1", "--area", "1", "--probability", "1.5")
    assert refusal(*words)["allowed"] == "a number, above 0 to below 1"
