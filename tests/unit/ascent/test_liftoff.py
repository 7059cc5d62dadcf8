"""A launcher too heavy for its engines is found out before anything is optimised."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cosmodrome.ascent.liftoff import grounded, lift_off_ratio
from cosmodrome.mission.catalogue import load_site, load_vehicle, vehicle_names
from cosmodrome.mission.catalogue.implied import thrust_to_weight
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.orbit_text import parse_orbit


def mission_of(name: str) -> Mission:
    return make_mission(load_vehicle(name), load_site("baikonur"), parse_orbit("400 km 65 deg"))


@pytest.mark.parametrize("name", vehicle_names())
def test_every_vehicle_of_the_catalogue_lifts_off(name: str) -> None:
    mission = mission_of(name)
    assert grounded(mission) == ""
    if mission.vehicle.stages[-1].least_loaded_kg is None:
        usual = thrust_to_weight(mission.vehicle, 0.0)
        # The catalogue's ratio is at sea level, with the first thrust of the tables.
        assert lift_off_ratio(mission) == pytest.approx(usual, rel=0.02)


def test_vulcan_without_solids_cannot_lift_a_full_booster() -> None:
    mission = mission_of("vulcan-vc0")
    booster = mission.vehicle.stages[0]
    full = replace(booster, usable_kg=481700.0 - booster.residual_kg)
    vehicle = replace(mission.vehicle, stages=(full, *mission.vehicle.stages[1:]))
    reason = grounded(replace(mission, vehicle=vehicle))
    ratio = lift_off_ratio(replace(mission, vehicle=vehicle))
    assert ratio < 1.0
    assert f"{ratio:.3f} times its weight" in reason
    assert "vulcan-vc0" in reason


def test_a_payload_counts_as_weight() -> None:
    mission = mission_of("angara-1.2")
    heavy = replace(mission, payload_kg=40e3)
    assert "with 40000 kg" in grounded(heavy)
    assert lift_off_ratio(heavy) < lift_off_ratio(mission)
