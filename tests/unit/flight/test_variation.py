"""One number changed: masses add up, and burn times follow propellant and flow."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.errors import InputError
from cosmodrome.flight.burn import burn_duration, burnt, full_flow
from cosmodrome.flight.variation import (
    UNITS,
    Quantity,
    Variation,
    variations_of,
    varied,
    varied_by_all,
)
from cosmodrome.flight.vehicle import (
    Aerodynamics,
    Boosters,
    Fairing,
    Motor,
    Stage,
    Vehicle,
)

G0 = 9.80665
SHARE = 1e-12  # relative, of sums of a few products
SHAPE = ((0.0, 1.2), (30.0, 1.4), (70.0, 0.4))


def solid(usable: float = 9000.0) -> Stage:
    """A solid whose table has a mean of one and burns what is usable."""
    mean = (0.5 * (1.2 + 1.4) * 30.0 + 0.5 * (1.4 + 0.4) * 40.0) / 70.0
    shape = tuple((t, level / mean) for t, level in SHAPE)
    thrust = usable * 280.0 * G0 / 70.0
    motor = Motor(thrust, 280.0, exit_area_m2=0.4, shape=shape)
    return Stage("booster", 900.0, usable, 50.0, motor, solid=True)


@pytest.fixture
def vehicle() -> Vehicle:
    core = Stage("core", 5000.0, 90000.0, 1000.0, Motor(1.5e6, 310.0, 0.9))
    scheduled = Stage(
        "upper", 800.0, 9000.0, 90.0, Motor(8e4, 340.0), schedule=((0.0, 1.0), (50.0, 0.6))
    )
    return Vehicle(
        name="test",
        stages=(core, scheduled),
        boosters=(Boosters("booster", 2, solid()),),
        fairing=Fairing(300.0, "upper"),
        jettisons=(),
        aerodynamics=Aerodynamics(10.0, ((0.0, 0.3), (1.0, 0.5))),
        adapter_kg=40.0,
        rider_kg=100.0,
    )


def part(vehicle: Vehicle, name: str) -> Stage:
    units = [*vehicle.stages, *(group.unit for group in vehicle.boosters)]
    return next(unit for unit in units if unit.name == name)


def loaded(vehicle: Vehicle) -> float:
    total = vehicle.adapter_kg + vehicle.rider_kg
    total += vehicle.fairing.mass_kg if vehicle.fairing else 0.0
    units = [(1, s) for s in vehicle.stages] + [(g.count, g.unit) for g in vehicle.boosters]
    return total + sum(n * (s.dry_kg + s.usable_kg + s.residual_kg) for n, s in units)


@pytest.mark.parametrize(
    ("quantity", "name", "amount", "more_kg"),
    [
        ("dry mass", "core", 120.0, 120.0),
        ("dry mass", "booster", 30.0, 60.0),
        ("propellant", "upper", -200.0, -200.0),
        ("propellant", "booster", 100.0, 200.0),
        ("residual", "core", 300.0, 0.0),
        ("residual", "booster", -50.0, 0.0),
        ("specific impulse", "core", 2.0, 0.0),
        ("thrust", "booster", 0.03, 0.0),
        ("drag", "vehicle", 0.2, 0.0),
        ("fairing mass", "fairing", 25.0, 25.0),
        ("adapter mass", "adapter", -40.0, -40.0),
        ("rider mass", "rider", 500.0, 500.0),
    ],
)
def test_mass_is_kept(
    vehicle: Vehicle, quantity: Quantity, name: str, amount: float, more_kg: float
) -> None:
    changed = varied(vehicle, Variation(quantity, name, amount))
    assert changed != vehicle
    assert loaded(changed) - loaded(vehicle) == pytest.approx(more_kg, abs=1e-6)
    back = varied(changed, Variation(quantity, name, -amount))
    if quantity not in ("thrust", "drag"):  # fractions do not undo each other
        assert loaded(back) == pytest.approx(loaded(vehicle), rel=SHARE)


def test_propellant_keeps_the_residual(vehicle: Vehicle) -> None:
    changed = part(varied(vehicle, Variation("propellant", "core", 700.0)), "core")
    assert (changed.usable_kg, changed.residual_kg) == (90700.0, 1000.0)


def test_residual_is_taken_from_usable(vehicle: Vehicle) -> None:
    changed = part(varied(vehicle, Variation("residual", "core", 700.0)), "core")
    assert (changed.usable_kg, changed.residual_kg) == (89300.0, 1700.0)


def test_thrust_is_kept_with_specific_impulse(vehicle: Vehicle) -> None:
    before = part(vehicle, "core").motor
    after = part(varied(vehicle, Variation("specific impulse", "core", 3.0)), "core").motor
    assert before is not None
    assert after is not None
    assert after.thrust_vac_n == before.thrust_vac_n
    assert full_flow(after, G0) == pytest.approx(full_flow(before, G0) * 310.0 / 313.0, rel=SHARE)


@given(
    quantity=st.sampled_from(["propellant", "residual", "specific impulse", "thrust"]),
    share=st.floats(-0.2, 0.2),
)
def test_a_shaped_motor_burns_what_is_usable(quantity: Quantity, share: float) -> None:
    """Burnt over the full burn equals usable, whatever was changed."""
    vehicle = Vehicle("test", (solid(),), (), None, (), Aerodynamics(1.0, ((0.0, 0.3),)))
    scale = {"propellant": 9000.0, "residual": 250.0, "specific impulse": 280.0, "thrust": 1.0}
    unit = varied(vehicle, Variation(quantity, "booster", share * scale[quantity])).stages[0]
    assert unit.motor is not None
    end = burn_duration(unit, G0)
    assert burnt(unit, 0.0, end, G0) == pytest.approx(unit.usable_kg, rel=1e-9)
    levels = [level for _, level in unit.motor.shape]
    assert levels == [level for _, level in solid().motor.shape]  # type: ignore[union-attr]


def test_a_schedule_keeps_its_times(vehicle: Vehicle) -> None:
    changed = part(varied(vehicle, Variation("propellant", "upper", 100.0)), "upper")
    assert changed.schedule == part(vehicle, "upper").schedule
    assert burn_duration(changed, G0) > burn_duration(part(vehicle, "upper"), G0)
    end = burn_duration(changed, G0)
    assert burnt(changed, 0.0, end, G0) == pytest.approx(changed.usable_kg, rel=SHARE)


def test_drag_scales_the_area(vehicle: Vehicle) -> None:
    changed = varied(vehicle, Variation("drag", "vehicle", -0.1))
    assert changed.aerodynamics.area_m2 == pytest.approx(0.9 * vehicle.aerodynamics.area_m2)
    assert changed.aerodynamics.drag_table == vehicle.aerodynamics.drag_table


def test_everything_listed_can_be_varied(vehicle: Vehicle) -> None:
    listed = variations_of(vehicle)
    assert {item.quantity for item in listed} == set(get_args(Quantity))
    assert len(listed) == 3 * 5 + 4
    for item in listed:
        assert item.unit == UNITS[item.quantity]
        varied(vehicle, Variation(item.quantity, item.part, 0.01))
    both = next(i for i in listed if (i.quantity, i.part) == ("dry mass", "booster"))
    assert (both.count, both.nominal) == (2, 900.0)


def test_several_at_once(vehicle: Vehicle) -> None:
    changes = (Variation("dry mass", "core", 10.0), Variation("dry mass", "core", 5.0))
    assert part(varied_by_all(vehicle, changes), "core").dry_kg == 5015.0


@pytest.mark.parametrize(
    ("quantity", "name", "amount", "match"),
    [
        ("dry mass", "cores", 1.0, "no part"),
        ("dry mass", "core", -5001.0, "nothing would be left"),
        ("residual", "upper", -91.0, "nothing would be left"),
        ("residual", "upper", 9000.0, "nothing would be left"),
        ("specific impulse", "booster", -280.0, "nothing would be left"),
        ("thrust", "core", -1.0, "nothing would be left"),
        ("thrust", "core", float("nan"), "nothing would be left"),
        ("drag", "vehicle", -1.0, "nothing would be left"),
        ("adapter mass", "adapter", -41.0, "nothing would be left"),
        ("colour", "core", 1.0, "cannot be varied"),
    ],
)
def test_what_cannot_fly_is_refused(
    vehicle: Vehicle, quantity: Quantity, name: str, amount: float, match: str
) -> None:
    with pytest.raises(InputError, match=match):
        varied(vehicle, Variation(quantity, name, amount))


def test_a_missing_fairing_or_motor_is_refused() -> None:
    bare = Vehicle(
        "test",
        (Stage("dummy", 100.0, 0.0, 0.0, None),),
        (),
        None,
        (),
        Aerodynamics(1.0, ((0.0, 0.3),)),
    )
    with pytest.raises(InputError, match="cannot be varied"):
        varied(bare, Variation("fairing mass", "fairing", 1.0))
    with pytest.raises(InputError, match="no motor"):
        varied(bare, Variation("thrust", "dummy", 0.1))
    assert [item.quantity for item in variations_of(bare)] == ["dry mass", "adapter mass", "drag"]
