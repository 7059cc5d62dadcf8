"""When a target takes three burns or more, and where they are put."""

from __future__ import annotations

from dataclasses import replace
from math import degrees, pi

import pytest

from cosmodrome.ascent.starts import resolved_target, site_latitude, starts
from cosmodrome.ascent.transfer import parking_inclination, worth_raising, worth_three
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.orbit_text import parse_orbit

GEO = "35786 km 0 deg"


def mission_of(vehicle: str, site: str, orbit: str) -> Mission:
    made = make_mission(load_vehicle(vehicle), load_site(site), parse_orbit(orbit))
    return replace(made, target=resolved_target(made))


def test_geostationary_takes_three_burns_by_a_node() -> None:
    mission = mission_of("atlas-v-551", "cape-canaveral", GEO)
    (start,) = starts(mission)
    raising, last = start.route.coasts
    assert start.route.burns == 3
    assert raising.at_rad == pytest.approx(pi)
    assert raising.apogee_radius_m == pytest.approx(6378137.0 + 35786e3)
    assert last.apogee_radius_m is None
    # From 200 km and 28.5 degrees: 2455 m/s at the node, 1834 m/s at the apogee.
    assert raising.speed_m_s == pytest.approx(2455.0, abs=5.0)
    assert last.speed_m_s == pytest.approx(1834.0, abs=5.0)
    assert parking_inclination(mission) == pytest.approx(site_latitude(mission), abs=1e-3)


def test_weak_thrust_cuts_the_perigee_burn() -> None:
    found = starts(mission_of("proton-m-briz-m", "baikonur", GEO))
    assert [one.route.burns for one in found] == [5, 4]
    for one in found:
        steps = [coast.speed_m_s for coast in one.route.coasts[:-1]]
        assert max(steps) == pytest.approx(min(steps))
        tops = [coast.apogee_radius_m or 0.0 for coast in one.route.coasts[:-1]]
        assert tops == sorted(tops)
        assert sum(coast.share for coast in one.route.coasts) < 1.0


@pytest.mark.parametrize(
    ("vehicle", "orbit", "worth"),
    [
        ("atlas-v-551", "500 km 40 deg", False),
        ("atlas-v-551", "185x35786 km 29 deg", False),
        ("atlas-v-551", "185x35786 km 20 deg", True),
        # By 3.5 degrees: where the perigee is at a node, its burn turns the plane for little.
        ("atlas-v-551", "185x35786 km 25 deg", True),
        ("atlas-v-551", "185x35786 km 25 deg argp 180", False),
        ("atlas-v-551", "185x35786 km 20 deg argp 180", True),
        ("atlas-v-551", "20200 km 55 deg", True),
        ("delta-iii-8930", GEO, False),
        ("atlas-v-551", "escape c3 10 dla 20", False),
    ],
)
def test_only_high_or_turned_orbits_take_three_burns(vehicle: str, orbit: str, worth: bool) -> None:
    """Delta III's stage can be lit only twice."""
    assert worth_three(mission_of(vehicle, "cape-canaveral", orbit)) is worth


@pytest.mark.parametrize(
    ("vehicle", "site", "orbit", "worth"),
    [
        ("electron", "mahia", "gto", True),
        ("electron", "mahia", "185x1000 km 45 deg", False),
        ("electron", "mahia", "500 km 45 deg", False),
        ("soyuz-2.1b-fregat", "vostochny", "gto", False),
        ("atlas-v-551", "cape-canaveral", "gto", False),
    ],
)
def test_only_a_burn_too_long_for_its_arc_is_cut(
    vehicle: str, site: str, orbit: str, worth: bool
) -> None:
    """Curie would burn for an hour; Fregat and Centaur are done in a quarter of it."""
    assert worth_raising(mission_of(vehicle, site, orbit)) is worth


def test_a_transfer_that_is_the_target_is_raised_to_at_its_perigee() -> None:
    mission = mission_of("electron", "mahia", "gto")
    found = starts(mission)
    assert {one.route.burns for one in found} == {2, 3}
    assert {one.argp_rad for one in found} == {0.0, pi}
    for one in found:
        first, *_, last = one.route.coasts
        assert one.route.late
        assert first.at_rad == one.argp_rad
        # The last burn is one at the perigee too, and ends in the target itself.
        assert last.apogee_radius_m == pytest.approx(mission.target.apogee_radius_m)
        assert sum(coast.speed_m_s for coast in one.route.coasts) == one.second_m_s


def test_a_retrograde_target_is_parked_retrograde() -> None:
    mission = mission_of("atlas-v-551", "vandenberg", "20200 km 110 deg")
    assert degrees(parking_inclination(mission)) == pytest.approx(110.0)
