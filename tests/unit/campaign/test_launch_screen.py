"""The bound on payload: closed forms, and above every payload that was ever published."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from cosmodrome.campaign.launch_screen import (
    least_velocity_m_s,
    most_payload_kg,
    most_velocity_m_s,
)
from cosmodrome.flight.vehicle import Aerodynamics, Boosters, Fairing, Motor, Stage, Vehicle
from cosmodrome.mission.catalogue import load_site, load_vehicle, site_names, vehicle_names
from cosmodrome.mission.catalogue.published import all_published
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.orbit_text import parse_orbit

G0 = 9.80665


def stage(name: str, isp_s: float, dry_kg: float = 1e3, usable_kg: float = 9e3) -> Stage:
    return Stage(name, dry_kg, usable_kg, 100.0, Motor(1e6, isp_s))


def stack(*stages: Stage, boosters: tuple[Boosters, ...] = ()) -> Vehicle:
    fairing = Fairing(500.0, stages[-1].name)
    return Vehicle("made-up", stages, boosters, fairing, (), Aerodynamics(1.0, ((0.0, 0.3),)))


def mission(
    vehicle: str = "electron", site: str = "mahia", orbit: str = "500 km 97.4 deg"
) -> Mission:
    return make_mission(load_vehicle(vehicle), load_site(site), parse_orbit(orbit))


def test_velocity_is_tsiolkovskys_stage_by_stage() -> None:
    found = most_velocity_m_s(stack(stage("one", 300.0), stage("two", 350.0)), 400.0, G0)
    first = 10100.0 + 10100.0 + 500.0 + 400.0
    second = 10100.0 + 400.0  # the fairing goes when the second is lit
    closed = 300.0 * G0 * math.log(first / (first - 9e3))
    closed += 350.0 * G0 * math.log(second / (second - 9e3))
    assert found == pytest.approx(closed)


def test_strap_ons_burn_first_with_the_better_impulse() -> None:
    group = Boosters("side", 2, stage("side", 280.0))
    found = most_velocity_m_s(stack(stage("one", 310.0), boosters=(group,)), 0.0, G0)
    whole = 3 * 10100.0 + 500.0
    closed = 310.0 * G0 * math.log(whole / (whole - 18e3))
    left = 10100.0  # the fairing belongs to the only stage
    closed += 310.0 * G0 * math.log(left / (left - 9e3))
    assert found == pytest.approx(closed)


def test_least_velocity_is_hohmanns_from_the_turning_earth() -> None:
    """From the ground to 500 km due east of the equator, by energies worked out here."""
    east = mission("ariane-64", "kourou", "500 km 6 deg")
    mu, ground, radius = 3.986004418e14, 6378137.0, 6878137.0
    low = math.sqrt(2.0 * mu * (1.0 / ground - 1.0 / (ground + radius)))
    high = math.sqrt(2.0 * mu * (1.0 / radius - 1.0 / (ground + radius)))
    gained = 7.292115e-5 * ground * math.cos(math.radians(6.0))
    closed = low - gained + math.sqrt(mu / radius) - high
    assert least_velocity_m_s(east) == pytest.approx(closed, rel=1e-9)
    west = mission("ariane-64", "kourou", "500 km 174 deg")
    assert least_velocity_m_s(west) - closed == pytest.approx(2.0 * gained, rel=1e-9)


def test_the_bound_is_where_velocity_just_suffices() -> None:
    asked = mission("soyuz-2.1a", "plesetsk")  # its last stage is always full
    needed = least_velocity_m_s(asked) + asked.vehicle.reserve_m_s
    found = most_velocity_m_s(asked.vehicle, most_payload_kg(asked), G0)
    assert found == pytest.approx(needed, abs=0.1)


def test_a_load_chosen_for_the_mission_is_chosen_best() -> None:
    asked = mission("electron", "mahia")
    last = asked.vehicle.stages[-1]
    full = replace(last, least_loaded_kg=None)
    always_full = replace(
        asked, vehicle=replace(asked.vehicle, stages=(*asked.vehicle.stages[:-1], full))
    )
    assert most_payload_kg(asked) >= most_payload_kg(always_full)


def test_a_vehicle_that_gets_nowhere_carries_nothing() -> None:
    asked = replace(mission(), vehicle=stack(stage("only", 300.0)))
    assert most_payload_kg(asked) == 0.0


def test_no_published_payload_is_above_the_bound() -> None:
    known, sites = set(vehicle_names()), set(site_names())
    checked = 0
    for point in all_published():
        if point.vehicle not in known or point.site not in sites or point.apogee_km > 2e5:
            continue
        asked = mission(point.vehicle, point.site, point.orbit)
        assert most_payload_kg(asked) > point.payload_kg, point
        checked += 1
    assert checked > 50
