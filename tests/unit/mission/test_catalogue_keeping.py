"""What a question keeps back: in the sheet, in a mission file, and found again from a vehicle."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cosmodrome.errors import InputError
from cosmodrome.flight.vehicle import Vehicle
from cosmodrome.mission.catalogue import load_vehicle
from cosmodrome.mission.catalogue.keeping import KeptBack, keeping_back, recovery_factors
from cosmodrome.mission.catalogue.recognised import sheet_behind
from cosmodrome.mission.catalogue.uncertainty import RANGE_SIGMAS, reserve_sigma_m_s
from cosmodrome.mission.mission_file import load_mission, load_mission_and_sheet, mission_toml

FALCON = """
[mission]
vehicle = "falcon-9-ft"
site = "ksc"
orbit = "200 km 28.6 deg"
"""


def falcon(kept: KeptBack) -> Vehicle:
    return load_vehicle("falcon-9-ft", kept=kept).vehicle()


def loaded_kg(vehicle: Vehicle) -> float:
    first = vehicle.stages[0]
    return first.usable_kg + first.residual_kg


@pytest.mark.parametrize("mode", ["barge", "return"])
def test_a_recovery_keeps_propellant_and_carries_hardware(mode: str) -> None:
    told = load_vehicle("falcon-9-ft").recovery[mode]
    plain, kept = falcon(KeptBack()), falcon(KeptBack(recovery=mode))
    before, after = plain.stages[0], kept.stages[0]
    assert after.dry_kg == before.dry_kg + told.hardware_kg
    assert after.usable_kg == pytest.approx(before.usable_kg - told.propellant_kg)
    assert loaded_kg(kept) == pytest.approx(loaded_kg(plain))
    assert replace(kept, stages=plain.stages) == plain
    assert kept.stages[1:] == plain.stages[1:]


def test_a_mode_may_be_spelt_as_one_likes() -> None:
    assert falcon(KeptBack(recovery=" Barge ")) == falcon(KeptBack(recovery="barge"))


def test_reserve_and_disposal_are_flown_as_one() -> None:
    sheet = load_vehicle("falcon-9-ft")
    stated = sheet.reserves.velocity_reserve_m_s
    assert falcon(KeptBack(disposal_m_s=90.0)).reserve_m_s == stated + 90.0
    assert falcon(KeptBack(reserve_m_s=30.0)).reserve_m_s == 30.0
    assert falcon(KeptBack(reserve_m_s=30.0, disposal_m_s=12.5)).reserve_m_s == 42.5
    assert falcon(KeptBack(reserve_m_s=0.0)).reserve_m_s == 0.0


def test_a_reserve_stated_with_the_question_is_exact() -> None:
    sheet = load_vehicle("falcon-9-ft")
    assert reserve_sigma_m_s(sheet) > 0.0
    assert reserve_sigma_m_s(keeping_back(sheet, KeptBack(reserve_m_s=30.0))) == 0.0


@pytest.mark.parametrize(
    ("vehicle", "kept", "key", "allowed"),
    [
        ("falcon-9-ft", KeptBack(recovery="parachute"), "recovery", "barge, return"),
        ("angara-1.2", KeptBack(recovery="barge"), "recovery", "recovery table"),
        ("falcon-9-ft", KeptBack(reserve_m_s=-1.0), "reserve_m_s", "zero or more"),
        ("falcon-9-ft", KeptBack(disposal_m_s=float("nan")), "disposal_m_s", "zero or more"),
        ("antares-230", KeptBack(reserve_m_s=10.0), "reserve_m_s", "shut down"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    vehicle: str, kept: KeptBack, key: str, allowed: str
) -> None:
    with pytest.raises(InputError) as caught:
        load_vehicle(vehicle, kept=kept)
    assert caught.value.key == key
    assert allowed in str(caught.value.allowed)


def test_a_near_miss_is_answered_with_the_name() -> None:
    with pytest.raises(InputError, match="did you mean barge"):
        load_vehicle("falcon-9-ft", kept=KeptBack(recovery="barg"))


def test_an_uncertain_recovery_varies() -> None:
    sheet = load_vehicle("falcon-9-ft", kept=KeptBack(recovery="barge"))
    told = sheet.recovery_sheets["barge"]
    kept, hardware = recovery_factors(sheet)
    width = told.propellant_kg.high - told.propellant_kg.low
    assert kept.sigma == pytest.approx(0.5 * width / RANGE_SIGMAS)
    assert (kept.quantity, hardware.quantity) == ("residual", "dry mass")
    assert {kept.part, hardware.part} == {sheet.vehicle().stages[0].name}
    assert kept.least == -told.propellant_kg.value
    assert recovery_factors(load_vehicle("falcon-9-ft")) == ()


@pytest.mark.parametrize(
    "kept",
    [
        KeptBack(),
        KeptBack(recovery="barge"),
        KeptBack(recovery="return", reserve_m_s=20.0, disposal_m_s=15.0),
        KeptBack(disposal_m_s=40.0),
    ],
)
def test_the_sheet_behind_a_vehicle_is_found_again(kept: KeptBack) -> None:
    vehicle = falcon(kept)
    sheet = sheet_behind(vehicle)
    assert sheet is not None
    assert sheet.vehicle() == vehicle
    assert sheet.recover == (kept.recovery or "")


def test_riders_are_recognised_too() -> None:
    sheet = sheet_behind(load_vehicle("angara-1.2", riders="none").vehicle())
    assert sheet is not None
    assert sheet.carry == "none"


def test_another_number_is_another_vehicle() -> None:
    vehicle = falcon(KeptBack())
    first = replace(vehicle.stages[0], dry_kg=vehicle.stages[0].dry_kg + 1.0)
    assert sheet_behind(replace(vehicle, stages=(first, *vehicle.stages[1:]))) is None
    assert sheet_behind(replace(vehicle, name="my own")) is None


def written(folder: Path, more: str) -> Path:
    file = folder / "mission.toml"
    file.write_text(FALCON + more, encoding="utf-8")
    return file


def test_a_mission_file_says_what_is_kept(tmp_path: Path) -> None:
    more = 'recovery = "barge"\nreserve_m_s = 30\ndisposal_m_s = 12.5\n'
    mission, sheet = load_mission_and_sheet(written(tmp_path, more))
    assert mission.vehicle == falcon(KeptBack("barge", 30.0, 12.5))
    assert sheet is not None
    assert sheet.vehicle() == mission.vehicle


def test_a_resolved_mission_keeps_the_same(tmp_path: Path) -> None:
    mission = load_mission(written(tmp_path, 'recovery = "return"\ndisposal_m_s = 12.5\n'))
    resolved = tmp_path / "resolved.toml"
    resolved.write_text(mission_toml(mission), encoding="utf-8")
    again, sheet = load_mission_and_sheet(resolved)
    assert again == mission
    assert sheet is None


@pytest.mark.parametrize(
    ("more", "key", "allowed"),
    [
        ('recovery = "moon"', "mission.recovery", "barge, return"),
        ("recovery = 3", "mission.recovery", "a text"),
        ("reserve_m_s = -1", "mission.reserve_m_s", "zero or more"),
        ('disposal_m_s = "much"', "mission.disposal_m_s", "a finite number"),
        ("reserve = 1", "mission.reserve", "reserve_m_s"),
    ],
)
def test_a_mission_file_is_refused_by_its_key(
    tmp_path: Path, more: str, key: str, allowed: str
) -> None:
    file = written(tmp_path, more)
    with pytest.raises(InputError) as caught:
        load_mission(file)
    assert (caught.value.file, caught.value.key) == (str(file), key)
    assert allowed in str(caught.value.allowed)


def test_a_vehicle_file_flies_no_recovery_it_does_not_have(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('extends = "falcon-9-ft"\nrecover = "moon"\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_vehicle(file)
    assert caught.value.key == "recover"
    assert "barge" in str(caught.value.allowed)
