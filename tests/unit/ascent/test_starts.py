"""Which ways of beginning are tried."""

from __future__ import annotations

from dataclasses import replace
from math import degrees, pi

import pytest

from cosmodrome.ascent.ending import launch_azimuths
from cosmodrome.ascent.starts import energies, resolved_target, site_latitude, starts
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.orbit_text import parse_orbit


def mission_of(vehicle: str, site: str, orbit: str) -> Mission:
    made = make_mission(load_vehicle(vehicle), load_site(site), parse_orbit(orbit))
    return replace(made, target=resolved_target(made))


def test_northward_and_southward_azimuths_mirror_each_other() -> None:
    north, south = launch_azimuths(1.2, 0.5)
    assert north + south == pytest.approx(pi)
    assert 0.0 < north < pi / 2


def test_an_inclination_below_the_latitude_goes_due_east() -> None:
    north, south = launch_azimuths(0.3, 0.5)
    assert north == pytest.approx(pi / 2)
    assert south == pytest.approx(pi / 2)


def test_the_site_is_judged_by_geocentric_latitude() -> None:
    latitude = site_latitude(mission_of("angara-1.2", "vostochny", "200 km 55 deg"))
    assert degrees(latitude) == pytest.approx(51.69, abs=0.005)


def test_gto_takes_the_least_inclination_without_a_dogleg() -> None:
    mission = mission_of("atlas-v-401", "cape-canaveral", "gto")
    assert mission.target.inclination_rad is not None
    least = degrees(site_latitude(mission))
    assert degrees(mission.target.inclination_rad) == pytest.approx(least + 0.02, abs=0.01)


def test_a_corridor_rules_out_the_southward_launch() -> None:
    names = {one.name for one in starts(mission_of("angara-1.2", "vostochny", "200 km 65 deg"))}
    assert names == {"northward, one burn", "northward, one burn, lofted"}


def test_without_a_corridor_both_directions_are_tried() -> None:
    mission = mission_of("angara-1.2", "vostochny", "200 km 65 deg")
    free = replace(mission, limits=replace(mission.limits, azimuths_rad=()))
    directions = {one.name.split(",")[0] for one in starts(free)}
    assert directions == {"northward", "southward"}


def test_a_restartable_stage_is_tried_with_two_burns() -> None:
    found = starts(mission_of("atlas-v-401", "cape-canaveral", "500 km 40 deg"))
    assert {one.route.burns for one in found} == {1, 2}


def test_a_second_set_of_starts_differs_from_the_first() -> None:
    mission = mission_of("angara-1.2", "vostochny", "200 km 65 deg")
    usual = {one.climb_deg for one in starts(mission)}
    other = {one.climb_deg for one in starts(mission, independent=True)}
    assert not usual & other


def test_parking_energy_lies_below_the_target_energy() -> None:
    mission = mission_of("atlas-v-401", "cape-canaveral", "gto")
    for one in starts(mission):
        parking, final = energies(mission, one)
        assert parking < final or one.route.burns == 1
