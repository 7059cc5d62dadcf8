"""Masses of a stack whose last stage is loaded to the mission."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cosmodrome.flight.vehicle import (
    Vehicle,
    loaded_by_mission,
    stack_mass_kg,
    unloaded_kg,
    with_unloaded,
)
from cosmodrome.mission.catalogue import load_vehicle


def vehicle() -> Vehicle:
    return load_vehicle("electron").vehicle()


def test_a_lighter_load_takes_its_share_of_residual() -> None:
    full = vehicle()
    half = with_unloaded(full, 0.5 * full.stages[-1].loaded_kg)
    assert half.stages[-1].usable_kg == pytest.approx(0.5 * full.stages[-1].usable_kg)
    assert half.stages[-1].residual_kg == pytest.approx(0.5 * full.stages[-1].residual_kg)
    assert half.stages[:-1] == full.stages[:-1]
    assert stack_mass_kg(full) - stack_mass_kg(half) == pytest.approx(
        0.5 * full.stages[-1].loaded_kg
    )


def test_what_is_not_loaded_follows_from_the_masses() -> None:
    full = vehicle()
    lift_off = stack_mass_kg(full) + 100.0 - 30.0
    assert unloaded_kg(full, lift_off, 100.0) == pytest.approx(30.0)
    assert unloaded_kg(full, lift_off + 40.0, 100.0) == pytest.approx(-10.0)


def test_a_stage_that_is_always_full_lacks_nothing() -> None:
    full = load_vehicle("angara-1.2").vehicle()
    assert loaded_by_mission(full) is None
    assert unloaded_kg(full, stack_mass_kg(full) - 500.0, 0.0) == 0.0


def test_a_part_without_a_motor_is_not_loaded() -> None:
    full = vehicle()
    inert = replace(full.stages[-1], motor=None)
    assert loaded_by_mission(replace(full, stages=(*full.stages[:-1], inert))) is None
