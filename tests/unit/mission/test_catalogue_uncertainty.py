"""Every uncertain number has a deviation, and errors that go together are one draw."""

from __future__ import annotations

from statistics import NormalDist

import msgspec
import pytest

from cosmodrome.errors import InputError
from cosmodrome.flight.variation import Quantity, variations_of, varied_by_all
from cosmodrome.mission.catalogue import CONFIDENCE, VehicleSheet, load_vehicle, vehicle_names
from cosmodrome.mission.catalogue.uncertainty import (
    CAP,
    RANGE_SIGMAS,
    TRUST,
    Factor,
    drawn,
    factors,
    groups,
    reserve_sigma_m_s,
)


def factor(sheet: VehicleSheet, quantity: Quantity, part: str) -> Factor:
    found = [f for f in factors(sheet) if (f.quantity, f.part) == (quantity, part)]
    assert len(found) == 1
    return found[0]


def test_every_confidence_has_a_deviation_and_worse_is_wider() -> None:
    for quantity, shares in TRUST.items():
        assert set(shares) == set(CONFIDENCE), quantity
        ladder = [shares[level] for level in ("A", "B", "C", "D")]
        assert ladder == sorted(ladder)
        assert max(shares.values()) <= CAP[quantity]


@pytest.mark.parametrize("name", vehicle_names())
def test_every_vehicle_can_be_drawn(name: str) -> None:
    """All that can be varied is uncertain, and three sigmas of it still fly."""
    sheet = load_vehicle(name)
    vehicle, found = sheet.vehicle(), factors(sheet)
    known = {(item.quantity, item.part) for item in variations_of(vehicle)}
    told = {(f.quantity, f.part) for f in found}
    assert told <= known
    assert {q for q, _ in known - told} <= {"adapter mass"}
    assert all(f.why and f.sigma > 0.0 for f in found)
    for seed in range(20):
        numbers = NormalDist().samples(len(groups(found)), seed=seed)
        held = (max(-3.0, min(3.0, number)) for number in numbers)
        normals = dict(zip(groups(found), held, strict=True))
        sample = varied_by_all(vehicle, drawn(found, normals))
        assert min(stage.usable_kg for stage in sample.stages) > 0.0
        assert sample != vehicle
    for extreme in (-3.0, 3.0):
        varied_by_all(vehicle, drawn(found, dict.fromkeys(groups(found), extreme)))


def test_confidence_gives_the_deviation_where_the_range_is_none() -> None:
    stage = load_vehicle("atlas-v-401").stages["centaur"]
    assert stage.dry_kg.low == stage.dry_kg.high
    found = factor(load_vehicle("atlas-v-401"), "dry mass", "Centaur")
    assert found.sigma == pytest.approx(TRUST["dry mass"]["A"] * stage.dry_kg.value)


def test_a_wide_range_wins_over_confidence() -> None:
    sheet = load_vehicle("angara-a5")
    figure = sheet.stages["urm-1-core"].dry_kg
    found = factor(sheet, "dry mass", "URM-1 core")
    assert found.sigma == pytest.approx(0.5 * (figure.high - figure.low) / RANGE_SIGMAS)
    assert "90 %" in found.why


def test_a_range_of_versions_is_held_to_the_cap() -> None:
    sheet = load_vehicle("electron")
    kick = sheet.stages["kick"]
    figure = msgspec.structs.replace(kick.propellant_kg, value=20.0, low=6.4, high=245.0)
    kick = msgspec.structs.replace(kick, propellant_kg=figure)
    sheet = msgspec.structs.replace(sheet, stages={**sheet.stages, "kick": kick})
    found = factor(sheet, "propellant", "Kick stage")
    assert found.sigma == pytest.approx(CAP["propellant"] * figure.value)
    assert "held to" in found.why


def test_a_residual_is_a_share_of_the_load_and_never_below_zero() -> None:
    sheet = load_vehicle("angara-1.2")
    fraction = sheet.stages["urm-1"].residual_fraction
    assert fraction is not None
    found = factor(sheet, "residual", "URM-1")
    wanted = 0.5 * (fraction.high - fraction.low) / RANGE_SIGMAS * 128800.0
    assert found.sigma == pytest.approx(wanted)
    (low,) = drawn([found], {found.group: -30.0})
    assert low.amount == pytest.approx(-0.01 * 128800.0)
    solid = factor(load_vehicle("vega"), "residual", "P80")
    assert 0.0 < solid.sigma < 0.2 * found.sigma / 128800.0 * 87710.0
    assert drawn([solid], {solid.group: -1.0})[0].amount == 0.0


def test_a_solid_takes_its_thrust_from_the_burn_time() -> None:
    found = factor(load_vehicle("vega"), "thrust", "P80")
    assert "burn time" in found.why
    assert "profile" in found.why
    plain = factor(load_vehicle("angara-1.2"), "thrust", "URM-1")
    assert "burn time" not in plain.why


def test_an_assumed_schedule_widens_the_thrust() -> None:
    sheet = load_vehicle("angara-a5")
    assert (
        factor(sheet, "thrust", "URM-1 core").sigma > factor(sheet, "thrust", "URM-1 booster").sigma
    )


def test_errors_that_go_together_are_one_group() -> None:
    heavy, light = load_vehicle("angara-a5"), load_vehicle("angara-1.2")
    core = factor(heavy, "dry mass", "URM-1 core")
    assert core.group == factor(heavy, "dry mass", "URM-1 booster").group
    assert core.group == factor(light, "dry mass", "URM-1").group
    engine = factor(load_vehicle("soyuz-2.1b"), "specific impulse", "Blok I").group
    assert engine == factor(light, "specific impulse", "URM-2").group
    one, nine = load_vehicle("delta-ii-7320-10"), load_vehicle("delta-ii-7920-10")
    assert (
        factor(one, "propellant", "GEM-40 ground-lit").group
        == factor(nine, "propellant", "GEM-40 air-lit").group
    )
    centaur = factor(load_vehicle("atlas-v-401"), "dry mass", "Centaur").group
    assert centaur == factor(load_vehicle("atlas-v-551"), "dry mass", "Centaur").group
    assert centaur != factor(load_vehicle("vulcan-vc2"), "dry mass", "Centaur V").group
    assert (
        factor(load_vehicle("long-march-2c"), "dry mass", "Stage 1").group
        != factor(load_vehicle("long-march-4c"), "dry mass", "Stage 1").group
    )


def test_one_number_per_group_is_needed() -> None:
    found = factors(load_vehicle("vega"))
    normals = dict.fromkeys(groups(found), 0.5)
    assert len(drawn(found, normals)) == len(found)
    normals.pop(found[0].group)
    with pytest.raises(InputError, match="no number was drawn"):
        drawn(found, normals)


def test_an_unstated_adapter_is_a_share_of_the_payload() -> None:
    sheet = load_vehicle("atlas-v-401")
    assert sheet.gross_payload_kg is not None
    found = factor(sheet, "adapter mass", "adapter")
    assert found.sigma == pytest.approx(0.01 * sheet.gross_payload_kg.value)
    included = msgspec.structs.replace(sheet, adapter_convention="included")
    assert not [f for f in factors(included) if f.quantity == "adapter mass"]


def test_riders_count_only_when_carried() -> None:
    carried = factor(load_vehicle("angara-1.2"), "rider mass", "rider")
    assert carried.sigma == pytest.approx(CAP["rider mass"] * 1000.0)
    none = load_vehicle("angara-1.2", riders="none")
    assert not [f for f in factors(none) if f.quantity == "rider mass"]


def test_the_reserve_is_uncertain_too() -> None:
    assert reserve_sigma_m_s(load_vehicle("angara-1.2")) == pytest.approx(40.0 / RANGE_SIGMAS)
    assert reserve_sigma_m_s(load_vehicle("antares-230")) == 0.0
