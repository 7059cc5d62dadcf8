"""Legs from vehicles: nothing burns twice, nothing is lost, every part falls once."""

from __future__ import annotations

import pytest

from cosmodrome.ascent.legs import Coast, LegSpec, Route
from cosmodrome.ascent.timeline import timeline
from cosmodrome.flight.burn import burn_duration, full_flow
from cosmodrome.flight.vehicle import Vehicle, with_plain_thrust
from cosmodrome.mission.catalogue import load_vehicle, vehicle_names

G0 = 9.80665


def legs_of(name: str, burns: int = 1) -> tuple[Vehicle, tuple[LegSpec, ...]]:
    sheet = load_vehicle(name)
    vehicle = with_plain_thrust(sheet.vehicle())
    return vehicle, timeline(vehicle, sheet.limits(), Route((Coast(),) * (burns - 1)), G0)


def loaded_kg(vehicle: Vehicle) -> float:
    units = [(1, stage) for stage in vehicle.stages]
    units += [(group.count, group.unit) for group in vehicle.boosters]
    total = sum(n * (s.dry_kg + s.usable_kg + s.residual_kg) for n, s in units)
    total += sum(part.mass_kg for part in vehicle.jettisons)
    total += 0.0 if vehicle.fairing is None else vehicle.fairing.mass_kg
    return total + vehicle.adapter_kg + vehicle.rider_kg


@pytest.mark.parametrize("name", vehicle_names())
def test_legs_follow_one_another(name: str) -> None:
    _, legs = legs_of(name)
    now = 0.0
    for leg in legs:
        assert leg.start_s == pytest.approx(now, abs=1e-6)
        assert leg.duration_s > 0.0
        now += leg.duration_s


@pytest.mark.parametrize("name", vehicle_names())
def test_the_stack_is_whole_at_lift_off_and_bare_at_the_end(name: str) -> None:
    vehicle, legs = legs_of(name)
    assert legs[0].mass_kg == pytest.approx(loaded_kg(vehicle), rel=1e-12)
    last = vehicle.stages[-1]
    bare = last.dry_kg + last.residual_kg + vehicle.adapter_kg + vehicle.rider_kg
    if last.motor is not None:
        assert legs[-1].end_mass_kg == pytest.approx(bare, rel=1e-6)


@pytest.mark.parametrize("name", ["angara-1.2", "soyuz-2.1b-fregat", "ariane-64", "saturn-v"])
def test_what_is_dropped_is_what_the_sheet_holds(name: str) -> None:
    vehicle, legs = legs_of(name)
    dropped = sum(leg.dropped_kg for leg in legs)
    last = vehicle.stages[-1]
    usable = sum(stage.usable_kg for stage in vehicle.stages)
    usable += sum(group.count * group.unit.usable_kg for group in vehicle.boosters)
    kept = last.dry_kg + last.residual_kg + vehicle.adapter_kg + vehicle.rider_kg
    assert dropped + usable + kept == pytest.approx(loaded_kg(vehicle), rel=1e-6)


@pytest.mark.parametrize("name", vehicle_names())
def test_every_separation_and_jettison_happens_once(name: str) -> None:
    vehicle, legs = legs_of(name)
    events = [event for leg in legs for event in leg.events]
    falls = [event for event in events if event.endswith(("separation", "jettison"))]
    assert len(falls) == len(set(falls))
    wanted = len(vehicle.jettisons) + len(vehicle.boosters) + (vehicle.fairing is not None)
    assert len(falls) >= wanted
    assert events[0] == "liftoff"


def test_an_upper_stage_follows_its_prescribed_throttle() -> None:
    """Saturn V's second stage is throttled after its mixture shift."""
    vehicle, legs = legs_of("saturn-v")
    second = vehicle.stages[1]
    assert second.motor is not None
    burns = [leg for leg in legs if leg.stage == second.name and leg.engines]
    levels = [leg.engines[0].level for leg in burns]
    assert len(set(levels)) == len({level for _, level in second.schedule})
    flow = full_flow(second.motor, G0)
    spent = sum(leg.duration_s * leg.engines[0].level * flow for leg in burns)
    assert spent == pytest.approx(second.usable_kg, rel=1e-6)


def test_two_burns_are_parted_by_a_coast_in_orbit() -> None:
    _, legs = legs_of("atlas-v-401", burns=2)
    kinds = [leg.kind for leg in legs[-3:]]
    assert kinds == ["powered", "orbit", "powered"]
    assert legs[-1].events == (f"{legs[-1].stage} ignition 2",)


def test_a_fairing_shed_in_the_first_stage_leaves_a_leg_bare() -> None:
    _, legs = legs_of("soyuz-2.1b-fregat")
    first = [leg for leg in legs if leg.first and leg.engines]
    assert first[-2].ends_by_heating
    assert not first[-1].fairing_on


def test_strap_ons_may_outlast_the_core() -> None:
    """GSLV's solid core is burnt out 35 s before the strap-ons that carry it on."""
    vehicle, legs = legs_of("gslv-mk2")
    core = vehicle.stages[0]
    out = next(leg.start_s for leg in legs if f"{core.name} cutoff" in leg.events)
    assert out == pytest.approx(burn_duration(core, G0))
    alight = [leg for leg in legs if any(e.stage == core.name for e in leg.engines)]
    assert sum(leg.duration_s for leg in alight) == pytest.approx(burn_duration(core, G0))
    falls = next(leg.start_s for leg in legs if f"{core.name} separation" in leg.events)
    assert falls == pytest.approx(out + core.separation_s)
    assert sum(f"{core.name} cutoff" in leg.events for leg in legs) == 1


@pytest.mark.parametrize("burns", [2, 3, 5])
def test_every_restart_is_paid_for_with_settling(burns: int) -> None:
    vehicle, legs = legs_of("proton-m-briz-m", burns)
    stage = vehicle.stages[-1]
    assert stage.settling_kg == pytest.approx(0.001 * stage.loaded_kg)
    again = [leg for leg in legs if leg.after_coast]
    assert [leg.dropped_kg for leg in again] == [stage.settling_kg] * (burns - 1)
    assert sum(leg.kind == "orbit" for leg in legs) == burns - 1
    assert [leg.end_mass_kg is not None for leg in again] == [False] * (burns - 2) + [True]


@pytest.mark.parametrize(
    ("name", "free"),
    [
        ("antares-230", True),
        ("epsilon", True),
        ("angara-1.2", False),
        ("pslv-xl", True),
        ("soyuz-2.1b-fregat", False),
    ],
)
def test_the_coast_to_the_last_stage_is_free_beside_a_solid(name: str, free: bool) -> None:
    vehicle, legs = legs_of(name)
    coasts = [leg for leg in legs if leg.name == f"coast to {vehicle.stages[-1].name}"]
    assert any(leg.bounds_s is not None for leg in coasts) is free
