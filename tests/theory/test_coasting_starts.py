"""Flights with a coast: every start of a hard pair converges, and to the same place."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from cosmodrome.ascent.attempt import Attempt, Workshop
from cosmodrome.ascent.starts import resolved_target, starts
from cosmodrome.flight.vehicle import with_plain_thrust
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.orbit_text import parse_orbit


@cache
def attempts(vehicle: str, site: str, orbit: str) -> list[Attempt]:
    mission = make_mission(load_vehicle(vehicle), load_site(site), parse_orbit(orbit))
    mission = replace(mission, vehicle=with_plain_thrust(mission.vehicle))
    mission = replace(mission, target=resolved_target(mission))
    workshop = Workshop()
    return [workshop.attempt(mission, start) for start in starts(mission)]


@pytest.mark.parametrize(
    ("vehicle", "site", "orbit"),
    [
        ("atlas-v-551", "cape-canaveral", "gto"),
        pytest.param("soyuz-2.1b-fregat", "vostochny", "sso 500 km", marks=pytest.mark.slow),
        pytest.param("soyuz-2.1b-fregat", "vostochny", "gto", marks=pytest.mark.slow),
        pytest.param("electron", "mahia", "sso 500 km", marks=pytest.mark.slow),
        pytest.param(
            *("atlas-v-401", "cape-canaveral", "escape c3 10 dla 20"), marks=pytest.mark.slow
        ),
    ],
)
def test_every_start_converges(vehicle: str, site: str, orbit: str) -> None:
    """Weak stages around a coast once took hundreds of iterations, or ended nowhere."""
    found = attempts(vehicle, site, orbit)
    assert len(found) >= 2
    assert [one.solution.status for one in found] == ["solved"] * len(found)


@pytest.mark.slow
def test_a_second_burn_is_worth_more_than_it_weighs() -> None:
    """To 500 km a weak upper stage gains by coasting to the top and burning there."""
    found = attempts("soyuz-2.1b-fregat", "vostochny", "sso 500 km")
    straight = max(one.worth for one in found if one.start.route.direct)
    (two,) = (one for one in found if one.start.route.burns == 2)
    assert two.worth > 1.03 * straight


@pytest.mark.slow
def test_a_parking_orbit_reached_by_the_upper_stage_is_worth_its_burn() -> None:
    """To GTO the stages below can just reach it, and do better with some help."""
    found = attempts("soyuz-2.1b-fregat", "vostochny", "gto")
    late = max(one.worth for one in found if one.start.route.late)
    two = max(one.worth for one in found if one.start.route.burns == 2)
    assert two > 1.005 * late


def test_a_coast_keeps_its_perigee_and_the_stage_its_reserve() -> None:
    found = attempts("soyuz-2.1b-fregat", "vostochny", "sso 500 km")
    two = found[-1]
    last = two.posed.legs[-1]
    assert last.kept_ratio > 1.0
    final, (payload, unloaded) = two.solution.phases[-1].end[6], two.solution.statics
    empty = payload + (last.end_mass_kg or 0.0) - last.unloaded_share * unloaded
    assert final == pytest.approx(last.kept_ratio * empty, rel=1e-6)
