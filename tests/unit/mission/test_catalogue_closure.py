"""Bad data are told by the data: each flag is planted once and seen, and good data pass."""

from __future__ import annotations

import math
from dataclasses import replace

import msgspec
import pytest

from cosmodrome.flight.vehicle import Aerodynamics, Boosters, Motor, Stage, Vehicle
from cosmodrome.mission.catalogue import Figure, VehicleSheet, load_vehicle, vehicle_names
from cosmodrome.mission.catalogue.closure import (
    BURN_RATIO,
    LOSSES_M_S,
    MASS_RATIO,
    cautions,
    check,
    flags,
    losses_flag,
    sum_kg,
)
from cosmodrome.mission.catalogue.implied import (
    implied_losses_m_s,
    needed_speed_m_s,
    rotation_m_s,
    stage_velocities_m_s,
    thrust_to_weight,
    weak_upper_stage,
)

G0 = 9.80665
GOOD = "zenit-2"


def figure(value: float, confidence: str = "A", spread: float = 0.0) -> Figure:
    low, high = value * (1.0 - spread), value * (1.0 + spread)
    return Figure(value=value, low=low, high=high, source="a test", confidence=confidence)  # type: ignore[arg-type]


def with_stage(sheet: VehicleSheet, key: str, **changes: object) -> VehicleSheet:
    stage = msgspec.structs.replace(sheet.stages[key], **changes)
    return msgspec.structs.replace(sheet, stages={**sheet.stages, key: stage})


def kinds(sheet: VehicleSheet) -> set[str]:
    return {flag.kind for flag in flags(sheet)}


def test_good_data_carry_no_flag() -> None:
    assert flags(load_vehicle(GOOD)) == ()
    assert flags(load_vehicle("atlas-v-401")) == ()
    assert flags(load_vehicle("saturn-v")) == ()


def test_a_wrong_gross_mass_is_told() -> None:
    sheet = load_vehicle(GOOD)
    light = msgspec.structs.replace(sheet, gross_kg=figure(sum_kg(sheet) / 1.04))
    (flag,) = flags(light)
    assert (flag.kind, flag.part) == ("gross mass", "vehicle")
    assert flag.value == pytest.approx(1.04)
    wide = msgspec.structs.replace(sheet, gross_kg=figure(sum_kg(sheet) / 1.04, spread=0.02))
    assert flags(wide) == (), "a published range counts as a whole"


@pytest.mark.parametrize(("factor", "told"), [(0.90, True), (0.97, False), (1.12, True)])
def test_a_wrong_burn_time_is_told(factor: float, told: bool) -> None:
    sheet = load_vehicle(GOOD)
    closure = {stage.name: stage for stage in check(sheet).stages}
    model = closure["Stage 2"].burn_model_s
    changed = with_stage(sheet, "stage-2", burn_s=figure(model * factor))
    assert ("burn time" in kinds(changed)) == told
    assert BURN_RATIO[0] < 0.97 < BURN_RATIO[1]


def test_throttling_explains_a_longer_burn_only() -> None:
    sheet = load_vehicle(GOOD)
    model = {stage.name: stage for stage in check(sheet).stages}["Stage 2"].burn_model_s
    able = {"throttle_min": figure(0.5)}
    assert flags(with_stage(sheet, "stage-2", burn_s=figure(1.5 * model), **able)) == ()
    assert kinds(with_stage(sheet, "stage-2", burn_s=figure(0.8 * model), **able)) == {"burn time"}


def test_a_stage_that_is_lit_again_may_stop_early() -> None:
    sheet = load_vehicle(GOOD)
    model = {stage.name: stage for stage in check(sheet).stages}["Stage 2"].burn_model_s
    short = figure(0.85 * model)
    assert kinds(with_stage(sheet, "stage-2", burn_s=short)) == {"burn time"}
    assert flags(with_stage(sheet, "stage-2", burn_s=short, burns=figure(2.0))) == ()


def test_an_inconsistent_pair_is_told() -> None:
    sheet = load_vehicle(GOOD)
    isp = sheet.stages["stage-1"].isp_sl_s
    assert isp is not None
    assert kinds(with_stage(sheet, "stage-1", isp_sl_s=figure(isp.value * 0.95))) == {"sea level"}
    assert flags(with_stage(sheet, "stage-1", isp_sl_s=figure(isp.value * 0.98))) == ()


def test_a_vehicle_that_cannot_lift_off_is_told() -> None:
    sheet = load_vehicle(GOOD)
    heavy = msgspec.structs.replace(sheet, gross_payload_kg=figure(300000.0), gross_kg=None)
    assert "thrust to weight" in kinds(heavy)


def cautioned(sheet: VehicleSheet) -> list[tuple[str, str]]:
    return [(one.kind, one.part) for one in cautions(sheet)]


def test_doubt_is_told_where_it_matters() -> None:
    sheet = load_vehicle(GOOD)
    dry = sheet.stages["stage-2"].dry_kg.value
    doubtful = with_stage(sheet, "stage-2", dry_kg=figure(dry, "D"))
    assert cautioned(doubtful) == [("doubtful", "Stage 2")]
    disputed = with_stage(sheet, "stage-2", dry_kg=figure(dry, "A", 0.2))
    assert cautioned(disputed) == [("disputed", "Stage 2")]
    small = {"dry_kg": figure(40.0, "D"), "propellant_kg": figure(5.0)}
    kick = with_stage(load_vehicle("electron"), "kick", **small)
    assert ("doubtful", "Kick stage") not in cautioned(kick), "it gives little of the velocity"


def test_doubt_alone_is_no_contradiction() -> None:
    """Sources that disagree widen the interval; only numbers that clash are not clean."""
    sheet = load_vehicle(GOOD)
    dry = sheet.stages["stage-2"].dry_kg.value
    assert flags(with_stage(sheet, "stage-2", dry_kg=figure(dry, "D", 0.2))) == ()


def test_a_doubtful_rider_is_told_while_it_is_carried() -> None:
    assert cautioned(load_vehicle("angara-1.2")) == [("doubtful", "AM module")]
    assert cautioned(load_vehicle("angara-1.2", riders="none")) == []


@pytest.mark.parametrize(
    "name", ["long-march-2d", "nuri", "vulcan-vc0", "falcon-1", "firefly-alpha"]
)
def test_vehicles_known_to_be_bad_are_found_out(name: str) -> None:
    """Those whose notes say that masses, loads or burn times contradict one another."""
    assert flags(load_vehicle(name))


@pytest.mark.parametrize("name", vehicle_names())
def test_a_flag_says_which_number_and_why(name: str) -> None:
    for flag in flags(load_vehicle(name)):
        key, _, why = flag.why.partition(": ")
        assert key.endswith(("_kg", "_s", "_n"))
        assert len(why) > 10
        assert flag.part
    low, high = MASS_RATIO
    ratio = check(load_vehicle(name)).mass_ratio
    if ratio is not None and not any(f.kind == "gross mass" for f in flags(load_vehicle(name))):
        assert low - 0.02 < ratio < high + 0.02


def test_the_document_tells_the_flags() -> None:
    document = load_vehicle("nuri").closure().document()
    found = document["flags"]
    assert isinstance(found, tuple)
    assert found[0]["kind"] == "burn time"


def plain(*stages: Stage) -> Vehicle:
    return Vehicle("test", stages, (), None, (), Aerodynamics(1.0, ((0.0, 0.3),)))


def test_the_rocket_equation_of_two_stages() -> None:
    lower = Stage("one", 1000.0, 20000.0, 200.0, Motor(4e5, 300.0))
    upper = Stage("two", 300.0, 4000.0, 50.0, Motor(5e4, 340.0))
    found = stage_velocities_m_s(plain(lower, upper), 500.0)
    first = 300.0 * G0 * math.log(26050.0 / 6050.0)
    second = 340.0 * G0 * math.log(4850.0 / 850.0)
    assert list(found.values()) == pytest.approx([first, second], rel=1e-12)
    needed = needed_speed_m_s(200.0, 200.0)
    losses = implied_losses_m_s(plain(lower, upper), 500.0, needed, rotation_m_s(90.0))
    assert losses == pytest.approx(first + second - needed, rel=1e-12)
    assert thrust_to_weight(plain(lower, upper), 500.0) == pytest.approx(4e5 / (26050.0 * G0))
    assert not weak_upper_stage(plain(lower, upper), 500.0)
    assert weak_upper_stage(plain(lower, upper), 9000.0)


def test_strap_ons_burn_beside_the_core() -> None:
    """Two strap-ons of half the core's flow each burn 4 t while the core burns 8 t of 20."""
    core = Stage("core", 1000.0, 20000.0, 200.0, Motor(4e5, 300.0))
    unit = Stage("side", 400.0, 4000.0, 40.0, Motor(2e5, 300.0))
    vehicle = replace(plain(core), boosters=(Boosters("side", 2, unit),))
    start = 21200.0 + 2 * 4440.0 + 500.0
    at_drop = start - 16000.0
    below = at_drop - 2 * 440.0
    wanted = 300.0 * G0 * (math.log(start / at_drop) + math.log(below / (below - 12000.0)))
    assert stage_velocities_m_s(vehicle, 500.0)["core"] == pytest.approx(wanted, rel=1e-12)
    late = replace(vehicle, boosters=(Boosters("side", 2, replace(unit, ignition_s=60.0)),))
    assert thrust_to_weight(vehicle, 500.0) == pytest.approx(8e5 / (start * G0))
    assert thrust_to_weight(late, 500.0) == pytest.approx(4e5 / (start * G0))


def test_speeds_of_known_orbits() -> None:
    """Textbook figures: 7793 m/s at 185 km, 3075 m/s and 1.48 km/s of apogee burn at GEO."""
    assert needed_speed_m_s(185.0, 185.0) == pytest.approx(7793.0, abs=1.0)
    # A Hohmann transfer of 15 km: half the circular speed times 15 over 6570.
    assert needed_speed_m_s(200.0, 200.0) == pytest.approx(7793.0 * (1 + 7.5 / 6570), abs=1.0)
    assert needed_speed_m_s(185.0, 35786.0) == pytest.approx(10252.0, abs=10.0)
    assert needed_speed_m_s(35786.0, 35786.0) - needed_speed_m_s(185.0, 35786.0) == pytest.approx(
        1478.0, abs=5.0
    )
    assert rotation_m_s(0.0) == pytest.approx(465.1, abs=0.1)
    assert rotation_m_s(98.0) < 0.0


def test_healthy_and_unhealthy_losses() -> None:
    orbit = (200.0, 200.0, 28.5)
    falcon = load_vehicle("falcon-9-ft").vehicle()
    assert losses_flag(falcon, 22800.0, orbit) is None
    held_back = losses_flag(load_vehicle("falcon-9-v1.1").vehicle(), 13150.0, (185, 185, 28.5))
    assert held_back is not None
    assert held_back.value > LOSSES_M_S[1]
    assert losses_flag(falcon, 9000.0, orbit, flown=True) is None
    assert losses_flag(falcon, 9000.0, orbit, direct=False) is None
    for flown in (False, True):
        too_much = losses_flag(falcon, 32000.0, orbit, flown=flown)
        assert too_much is not None
        assert "too high" in too_much.why
