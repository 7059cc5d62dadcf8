"""Spacecraft files: door units once, and every mistake named."""

from __future__ import annotations

import copy
import math
import tomllib
from pathlib import Path
from typing import Any

import pytest

from cosmodrome.errors import InputError
from cosmodrome.satellite.spacecraft import Spacecraft
from cosmodrome.satellite.spacecraft_file import load_spacecraft, read_spacecraft


@pytest.fixture
def raw(example: Path) -> dict[str, Any]:
    return copy.deepcopy(tomllib.loads(example.read_text("utf-8")))


def test_units_become_si_once(craft: Spacecraft) -> None:
    assert craft.battery is not None
    assert craft.radio is not None
    assert craft.instrument is not None
    assert craft.battery.capacity_j == 350.0 * 3600.0
    assert craft.radio.frequency_hz == 8.2e9
    assert craft.instrument.storage_bit == 256e9 * 8.0
    assert craft.stations[0].min_elevation_rad == pytest.approx(math.pi / 18.0)
    assert craft.manoeuvres.deorbit_perigee_m == 250e3
    assert craft.body.name == "earth-observer"


def test_what_is_left_out_takes_what_is_stated(raw: dict[str, Any]) -> None:
    only = read_spacecraft({"spacecraft": raw["spacecraft"]}, "only.toml")
    assert (only.array, only.radio, only.propulsion, only.parts) == (None, None, None, ())
    assert only.manoeuvres.keep_altitude is True


def test_a_direction_becomes_a_unit_vector(raw: dict[str, Any]) -> None:
    raw["array"] |= {"pointing": "fixed", "normal": [0, 3, 4]}
    array = read_spacecraft(raw, "a.toml").array
    assert array is not None
    assert array.normal == pytest.approx((0.0, 0.6, 0.8))


@pytest.mark.parametrize(
    ("table", "key", "value", "named"),
    [
        ("spacecraft", "mass_kg", -1, "spacecraft.mass_kg"),
        ("spacecraft", "mass_kg", "heavy", "spacecraft.mass_kg"),
        ("spacecraft", "mas_kg", 3, "spacecraft.mas_kg"),
        ("spacecraft", "system_margin", 2, "spacecraft.system_margin"),
        ("spacecraft", "name", "", "spacecraft.name"),
        ("array", "pointing", "moon", "array.pointing"),
        ("array", "normal", [0, 0, 0], "array.normal"),
        ("array", "normal", [1, 2], "array.normal"),
        ("battery", "depth_of_discharge", 1.2, "battery.depth_of_discharge"),
        ("battery", "capacity_wh", float("nan"), "battery.capacity_wh"),
        ("radio", "frequency_mhz", True, "radio.frequency_mhz"),
        ("manoeuvres", "keep_altitude", "yes", "manoeuvres.keep_altitude"),
        ("manoeuvres", "keep_altitude", False, "manoeuvres.deorbit_perigee_km"),
        ("propulsion", "propellant_kg", 120, "propulsion.propellant_kg"),
    ],
)
def test_a_mistake_is_named(
    raw: dict[str, Any], table: str, key: str, value: object, named: str
) -> None:
    raw[table][key] = value
    with pytest.raises(InputError) as caught:
        read_spacecraft(raw, "craft.toml")
    assert (caught.value.file, caught.value.key) == ("craft.toml", named)
    assert caught.value.allowed


@pytest.mark.parametrize("table", ["spacecraft", "array", "battery", "loads", "radio", "stations"])
def test_half_of_what_belongs_together_is_refused(raw: dict[str, Any], table: str) -> None:
    del raw[table]
    with pytest.raises(InputError) as caught:
        read_spacecraft(raw, "craft.toml")
    assert caught.value.key == table


def test_a_missing_key_and_an_unknown_station_are_named(raw: dict[str, Any]) -> None:
    wrong = copy.deepcopy(raw)
    del wrong["battery"]["capacity_wh"]
    with pytest.raises(InputError, match=r"battery\.capacity_wh: is missing"):
        read_spacecraft(wrong, "craft.toml")
    raw["stations"]["far-north"]["place"] = "nowhere-at-all"
    with pytest.raises(InputError) as caught:
        read_spacecraft(raw, "craft.toml")
    assert caught.value.key == "stations.far-north.place"


@pytest.mark.parametrize("raw_text", ["[spacecraft\n", "spacecraft = 3\n", "loads = []\n"])
def test_what_is_no_spacecraft_file_is_an_input_error(tmp_path: Path, raw_text: str) -> None:
    path = tmp_path / "craft.toml"
    path.write_text(raw_text, "utf-8")
    with pytest.raises(InputError):
        load_spacecraft(path)
