"""A plan as a file: the same to the last bit, and refused whole where it is off."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmodrome.errors import InputError
from cosmodrome.io.plan_file import load_plan, load_planned, plan_from_json, plan_json
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission, mission_toml
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.mission.plan import Burning, Leg, Plan, Profile

TOML = "a resolved mission"


def a_plan(start: float = 0.1) -> Plan:
    """Small, but with every kind of thing a plan can hold."""
    angles = Profile(
        np.array([10.0, 20.5, 31.25]),
        np.array([0.1, 0.7, 1.0]),
        np.linspace(-0.2, 1.0 / 3.0, 12).reshape(2, 3, 2),
    )
    level = Profile(np.array([31.25, 40.0]), np.array([0.0, 1.0]), np.array([[[1.0], [0.7]]]))
    legs = (
        Leg("rise", start, 10.0, (Burning("one", 4, 0.0),), "vertical", None, ("liftoff",), 0.0,
            "time"),
        Leg("turn", 10.0, 31.25, (Burning("one", 4, 0.0, 0.85),), "angles", angles, (), 0.0,
            "propellant"),
        Leg("burn", 31.25, 40.0, (Burning("two", 1, 31.25, level),), "angles", angles,
            ("one cutoff", "one separation"), 1234.5, "heating"),
        Leg("coast", 40.0, 40.0, (), "coast", None, (), 0.0, "insertion"),
    )  # fmt: skip
    rows = np.arange(12.0).reshape(4, 3) / 7.0
    return Plan(100.0 / 3.0, 5e5 / 7.0, 1e-17, legs, np.arange(4.0), rows, -rows, rows[:, 0])


def same(a: Any, b: Any) -> bool:
    """Equal to the last bit, arrays and all."""
    if isinstance(a, np.ndarray):
        return bool(a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes())
    if isinstance(a, tuple):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if hasattr(a, "__dataclass_fields__"):
        return type(a) is type(b) and all(
            same(getattr(a, f.name), getattr(b, f.name)) for f in fields(a)
        )
    return bool(type(a) is type(b) and a == b)


def test_a_plan_comes_back_bit_for_bit() -> None:
    plan = a_plan()
    content = plan_json(plan, TOML)
    back = plan_from_json(content, "plan.json", TOML)
    assert same(back, plan)
    assert plan_json(back, TOML) == content
    assert not same(back, replace(plan, payload_kg=float(np.nextafter(plan.payload_kg, 0.0))))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=8, max_size=8))
def test_any_finite_number_comes_back(numbers: list[float]) -> None:
    plan = replace(
        a_plan(),
        azimuth_rad=numbers[0],
        predicted_r_m=np.array([numbers[1:4], numbers[4:7], numbers[:3], numbers[5:8]]),
    )
    assert same(plan_from_json(plan_json(plan, TOML), "plan.json"), plan)


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    raw = json.loads(plan_json(a_plan(), TOML))
    change(raw)
    return json.dumps(raw).encode()


BAD: dict[str, tuple[Callable[[dict[str, Any]], object], str | None]] = {
    "another form": (lambda d: d.update(form="a letter"), "form"),
    "a later version": (lambda d: d.update(version=2), "version"),
    "an unknown key": (lambda d: d.update(more=1), None),
    "a missing key": (lambda d: d.pop("azimuth_rad"), None),
    "a text for a number": (lambda d: d["legs"][1].update(start_s="10"), "legs[1].start_s"),
    "no legs": (lambda d: d.update(legs=[]), "legs"),
    "a gap": (lambda d: d["legs"][1].update(start_s=11.0), "legs[1].start_s"),
    "time running back": (lambda d: d["legs"][3].update(end_s=39.0), "legs[3].end_s"),
    "mass from nowhere": (lambda d: d["legs"][2].update(dropped_kg=-1.0), "legs[2].dropped_kg"),
    "no angles": (lambda d: d["legs"][1].update(angles=None), "legs[1].angles"),
    "angles in a coast": (lambda d: d["legs"][1].update(steering="coast"), "legs[1].angles"),
    "an unknown steering": (lambda d: d["legs"][1].update(steering="up"), "legs[1].steering"),
    "breaks that fall": (
        lambda d: d["legs"][1]["angles"].update(breaks_s=[10.0, 9.0, 31.25]),
        "legs[1].angles.breaks_s",
    ),
    "a piece too few": (lambda d: d["legs"][1]["angles"]["values"].pop(), "legs[1].angles.values"),
    "a row too short": (
        lambda d: d["legs"][1]["angles"]["values"][0][0].pop(),
        "legs[1].angles.values",
    ),
    "a throttle with two columns": (
        lambda d: d["legs"][2]["burning"][0].update(throttle=d["legs"][1]["angles"]),
        "legs[2].burning[0].throttle.values",
    ),
    "no units": (lambda d: d["legs"][0]["burning"][0].update(count=0), "legs[0].burning[0].count"),
    "negative mass": (lambda d: d.update(liftoff_mass_kg=-1.0), "liftoff_mass_kg"),
    "a short column": (lambda d: d["predicted"]["v_m_s"].pop(), "predicted.v_m_s"),
    "a flat row": (lambda d: d["predicted"]["r_m"][0].pop(), "predicted.r_m"),
    "no prediction": (lambda d: d["predicted"].update(t_s=[]), "predicted.t_s"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_off_is_refused_by_its_name(what: str) -> None:
    change, key = BAD[what]
    with pytest.raises(InputError) as caught:
        plan_from_json(changed(change), "plan.json")
    assert caught.value.key == key
    assert caught.value.file == "plan.json"
    assert "plan again" in str(caught.value.allowed)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"form": "cosmodrome plan"}']
)
def test_what_is_no_plan_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match=r"plan\.json"):
        plan_from_json(content, "plan.json")


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 4000), st.integers(0, 255))
def test_a_damaged_file_is_a_plan_or_an_input_error(place: int, byte: int) -> None:
    content = bytearray(plan_json(a_plan(), TOML))
    content[place % len(content)] = byte
    refused = None
    try:
        plan_from_json(bytes(content), "plan.json", TOML)
    except InputError as error:
        refused = error
    assert refused is None or refused.file == "plan.json"


def test_numbers_out_of_range_are_refused() -> None:
    content = plan_json(a_plan(), TOML).replace(b"1234.5", b"1e999")
    with pytest.raises(InputError):
        plan_from_json(content, "plan.json")


def test_the_plan_of_another_mission_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(plan_json(a_plan(), TOML))
    assert same(load_plan(file, TOML), a_plan())
    with pytest.raises(InputError, match="another mission"):
        load_plan(file, TOML + " with a change")
    with pytest.raises(InputError, match="no such file"):
        load_plan(tmp_path / "nothing.json")


def test_a_run_folder_gives_mission_and_plan(tmp_path: Path) -> None:
    orbit = parse_orbit("200 km 51.7 deg")
    mission = make_mission(load_vehicle("angara-1.2"), load_site("vostochny"), orbit)
    text = mission_toml(mission)
    (tmp_path / "mission.toml").write_text(text)
    first = mission.vehicle.stages[0].name
    leg = Leg("rise", 0.0, 10.0, (Burning(first, 1, 0.0),), "vertical", None, (), 0.0, "time")
    plan = replace(a_plan(), legs=(leg,))
    (tmp_path / "plan.json").write_bytes(plan_json(plan, text))
    found, back = load_planned(tmp_path)
    assert found == mission
    assert same(back, plan)
    # Nobody can fly a stage that the vehicle has not got.
    strange = replace(leg, burning=(Burning("stage of another", 1, 0.0),))
    (tmp_path / "plan.json").write_bytes(plan_json(replace(plan, legs=(strange,)), text))
    with pytest.raises(InputError, match="no part 'stage of another'"):
        load_planned(tmp_path)
