"""What a user's own file may say, and how a wrong one is refused."""

from __future__ import annotations

import copy
import math
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.errors import InputError
from cosmodrome.mission.catalogue import load_site, load_vehicle, read_site, read_vehicle

GOOD: dict[str, Any] = {
    "title": "Test",
    "source": "our own study",
    "stages": {
        "first": {
            "name": "First",
            "propellant_kg": 20000,
            "dry_kg": {"value": 1800, "low": 1700, "high": 2000},
            "thrust_vac_n": 400000.0,
            "thrust_sl_n": 360000.0,
            "isp_vac_s": 300,
            "diameter_m": 1.8,
        },
        "second": {"propellant_kg": 3000, "dry_kg": 300, "thrust_vac_n": 25000, "isp_vac_s": 340},
    },
    "fairing": {"mass_kg": 100, "during": "second"},
}


def put(path: str, value: object) -> dict[str, Any]:
    """The good file with one key changed; None takes it away."""
    table = copy.deepcopy(GOOD)
    *way, last = path.split(".")
    spot = table
    for key in way:
        spot = spot.setdefault(key, {})
    if value is None:
        del spot[last]
    else:
        spot[last] = value
    return table


def refusal(table: dict[str, Any]) -> InputError:
    with pytest.raises(InputError) as caught:
        read_vehicle(table, "mine.toml")
    return caught.value


def test_the_good_file_is_good() -> None:
    sheet = read_vehicle(GOOD, "mine.toml")
    assert sheet.name == "mine"
    assert sheet.stages["first"].dry_kg.low == 1700.0
    assert sheet.stages["second"].propellant_kg.source == "our own study"
    assert sheet.stages["second"].propellant_kg.confidence == "own"
    assert sheet.stages["second"].separation_s.confidence == "assumed"
    vehicle = sheet.vehicle()
    assert [stage.name for stage in vehicle.stages] == ["First", "second"]
    assert vehicle.fairing is not None
    assert vehicle.fairing.during == "second"


@pytest.mark.parametrize(
    ("path", "value", "key", "allowed"),
    [
        ("stages.first.dri_kg", 5, "stages.first.dri_kg", "dry_kg"),
        ("stages.first.dry_kg", -1.0, "stages.first.dry_kg", "zero or more"),
        ("stages.first.dry_kg", math.nan, "stages.first.dry_kg", "finite"),
        ("stages.first.dry_kg", math.inf, "stages.first.dry_kg", "finite"),
        ("stages.first.dry_kg", "heavy", "stages.first.dry_kg", "number"),
        ("stages.first.dry_kg", True, "stages.first.dry_kg", "number"),
        ("stages.first.dry_kg", {"value": 1, "low": 2}, "stages.first.dry_kg", "low <= value"),
        ("stages.first.dry_kg", {"low": 2}, "stages.first.dry_kg", "value"),
        ("stages.first.dry_kg", {"valeu": 2}, "stages.first.dry_kg.valeu", "value"),
        ("stages.first.dry_kg", {"value": math.nan}, "stages.first.dry_kg.value", "finite"),
        ("stages.first.dry_kg", None, "stages.first.dry_kg", "number"),
        ("stages.first.thrust_vac_n", None, "stages.first.thrust_vac_n", "rider"),
        ("stages.first.thrust_vac_n", 0, "stages.first.thrust_vac_n", "above zero"),
        ("stages.first.isp_vac_s", None, "stages.first.isp_vac_s", "isp_vac_s"),
        ("stages.first.isp_vac_s", 0.0, "stages.first.isp_vac_s", "above zero"),
        ("stages.first.propellant_kg", 0, "stages.first.propellant_kg", "above zero"),
        ("stages.first.least_propellant_kg", 0, "stages.first.least_propellant_kg", "the last"),
        ("stages.second.least_propellant_kg", 3000, "stages.second.least_propellant_kg", "3000"),
        ("stages.first.usable_kg", 30000, "stages.first.usable_kg", "propellant_kg"),
        ("stages.first.residual_fraction", 1.0, "stages.first.residual_fraction", "below 1"),
        ("stages.first.thrust_sl_n", 5e5, "stages.first.thrust_sl_n", "400000"),
        ("stages.first.burns", 1.5, "stages.first.burns", "1, 2"),
        ("stages.first.burns", 0, "stages.first.burns", "1, 2"),
        ("stages.first.throttle_min", 2.0, "stages.first.throttle_min", "throttle_max"),
        ("stages.first.schedule", [[5, 1.0]], "stages.first.schedule", "0"),
        ("stages.first.schedule", [[0, 1.0], [0, 0.5]], "stages.first.schedule", "rising"),
        ("stages.first.schedule", [[0, 1.0, 2]], "stages.first.schedule.0", "[x, y]"),
        ("stages.first.schedule", 0.8, "stages.first.schedule", "[[x, y], ...]"),
        ("stages.first.shape", [[0, 1], [0.5, 1]], "stages.first.shape", "0 to 1"),
        ("stages.first.solid", "yes", "stages.first.solid", "true or false"),
        ("stages.first.confidence", "sure", "stages.first.confidence", "assumed"),
        ("stages.first.source", "mpg", "stages.first.source", "words"),
        ("stages.first.source", "", "stages.first.source", "text"),
        ("stages.first.use", "stages/urm-2", "stages.first.use", "stages/urm-1"),
        ("stages.first.name", "second", "stages.second.name", "own"),
        ("stages.first", 7, "stages.first", "table"),
        ("stages", {}, "stages", "at least one stage"),
        ("stages", [], "stages", "table"),
        ("stages", None, "stages", "stage"),
        ("fairing.during", "secnd", "fairing.during", "second"),
        ("fairing.mass_kg", -3, "fairing.mass_kg", "zero or more"),
        ("status", "flown", "status", "retired"),
        ("pads", ["vostochni/site-1a"], "pads", "vostochny"),
        ("extends", "angara-1.3", "extends", "angara-1.2"),
        ("sources", {"a": 3}, "sources", "words"),
        ("colour", "red", "colour", "country"),
        ("limits.heating_w_m2", "on", "limits.heating_w_m2", "finite"),
        ("aerodynamics.drag", [], "aerodynamics.drag", "Mach"),
        ("aerodynamics.drag", [[1, 0.3], [0.5, 0.3]], "aerodynamics.drag", "rising"),
        ("jettisons.skirt", {"mass_kg": 9, "during": "x", "delay_s": 5}, None, "first, second"),
        (
            "strapons.s",
            {"propellant_kg": 9, "dry_kg": 1, "thrust_vac_n": 5, "isp_vac_s": 9},
            None,
            "number",
        ),
    ],
)
def test_a_wrong_file_names_key_and_remedy(
    path: str, value: object, key: str | None, allowed: str
) -> None:
    error = refusal(put(path, value))
    assert error.file == "mine.toml"
    if key is not None:
        assert error.key == key
        assert key in error.message
    assert allowed in (error.allowed or "")


def test_the_nearest_key_is_named() -> None:
    assert "did you mean dry_kg" in refusal(put("stages.first.dri_kg", 5)).message
    assert "did you mean fairing" in refusal(put("fearing", {})).message


def test_a_number_needs_a_source() -> None:
    error = refusal({key: value for key, value in GOOD.items() if key != "source"})
    assert error.key == "stages.first.propellant_kg"
    assert "source" in (error.allowed or "")


def test_a_vehicle_without_any_diameter_has_no_drag_area() -> None:
    sheet = read_vehicle(put("stages.first.diameter_m", None), "mine.toml")
    with pytest.raises(InputError, match="diameter"):
        sheet.vehicle()


def test_a_solid_burns_once_and_keeps_its_time() -> None:
    table = put("stages.first.solid", True)
    table["stages"]["first"] |= {"burn_s": 100}
    stage = read_vehicle(table, "mine.toml").vehicle().stages[0]
    assert stage.motor is not None
    assert stage.residual_kg == 0.0
    assert stage.motor.thrust_vac_n == pytest.approx(20000 * 300 * 9.80665 / 100)
    assert stage.motor.shape[-1][0] == 100.0
    table["stages"]["first"]["burns"] = 2
    assert refusal(table).key == "stages.first.burns"


def test_isp_follows_from_thrust_and_time() -> None:
    table = put("stages.first.isp_vac_s", None)
    table["stages"]["first"] |= {"burn_s": 150, "residual_fraction": 0}
    stage = read_vehicle(table, "mine.toml").vehicle().stages[0]
    assert stage.motor is not None
    assert stage.motor.isp_vac_s == pytest.approx(400000 * 150 / (20000 * 9.80665))


def test_a_variant_may_use_remove_and_override(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(tomli_w.dumps(GOOD), encoding="utf-8")
    variant = {
        "extends": "base.toml",
        "source": "another study",
        "remove": ["fairing", "stages.second"],
        "stages": {
            "first": {"dry_kg": 1750},
            "upper": {"use": "stages/briz-m", "dry_kg": 2400},
        },
    }
    path = tmp_path / "variant.toml"
    path.write_text(tomli_w.dumps(variant), encoding="utf-8")
    sheet = load_vehicle(path)
    assert list(sheet.stages) == ["first", "upper"]
    assert sheet.stages["first"].dry_kg.source == "another study"
    assert sheet.stages["first"].propellant_kg.source == "our own study"
    assert sheet.stages["upper"].dry_kg.value == 2400.0
    assert sheet.stages["upper"].propellant_kg.value == 19800.0
    assert sheet.fairing is None
    variant["remove"] = ["stages.third"]
    path2 = tmp_path / "wrong.toml"
    path2.write_text(tomli_w.dumps(variant), encoding="utf-8")
    with pytest.raises(InputError, match=r"stages\.third"):
        load_vehicle(path2)


def test_a_missing_or_broken_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_vehicle(tmp_path / "none.toml")
    path = tmp_path / "broken.toml"
    path.write_text("stages = [", encoding="utf-8")
    with pytest.raises(InputError, match="not valid TOML"):
        load_vehicle(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be read"):
        load_site(str(path))


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"latitude_deg": 91.0}, "pads.pad.latitude_deg"),
        ({"longitude_deg": 400.0}, "pads.pad.longitude_deg"),
        ({"latitude_deg": math.nan}, "pads.pad.latitude_deg"),
        ({"lattitude_deg": 1.0}, "pads.pad.lattitude_deg"),
    ],
)
def test_a_wrong_site_is_refused(change: dict[str, float], key: str) -> None:
    pad = {"latitude_deg": -10.0, "longitude_deg": 20.0, "altitude_m": -3.0}
    good = {"source": "our own survey", "pads": {"pad": pad}}
    assert read_site(good, "here.toml").site().altitude_m == -3.0
    with pytest.raises(InputError) as caught:
        read_site({**good, "pads": {"pad": {**pad, **change}}}, "here.toml")
    assert caught.value.key == key


def test_a_site_needs_a_pad_and_real_azimuths() -> None:
    with pytest.raises(InputError, match="no pad"):
        read_site({"pads": {}}, "here.toml")
    pad = {"latitude_deg": 1.0, "longitude_deg": 2.0, "altitude_m": 0.0}
    table = {"source": "our own survey", "pads": {"p": pad}, "corridors_deg": [[10, 400]]}
    with pytest.raises(InputError, match="azimuth"):
        read_site(table, "here.toml")


KEYS = ("propellant_kg", "dry_kg", "thrust_vac_n", "isp_vac_s", "separation_s", "burns")
ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.lists(st.floats())
)


@given(st.sampled_from(KEYS), ANYTHING)
def test_any_value_is_used_or_refused_by_name(key: str, value: object) -> None:
    table = copy.deepcopy(GOOD)
    table["stages"]["first"][key] = value
    try:
        sheet = read_vehicle(table, "mine.toml")
    except InputError as error:
        assert error.file == "mine.toml"  # noqa: PT017 - refusing is one of two right answers
        assert error.key is not None  # noqa: PT017
        assert error.key.startswith("stages.first")  # noqa: PT017
    else:
        found = getattr(sheet.stages["first"], key).value
        assert math.isfinite(found)
        assert found >= 0.0


@given(st.text(min_size=1, max_size=12).filter(lambda key: key not in GOOD))
def test_any_unknown_key_is_refused(key: str) -> None:
    known = set(read_vehicle(GOOD, "mine.toml").__struct_encode_fields__)
    if key in known or key == "sources":
        return
    error = refusal({**GOOD, key: 1})
    assert error.key == key
