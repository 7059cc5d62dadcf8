"""A season of opportunities: in order, with their conditions, and sorted out by them."""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.mission.catalogue import load_site
from cosmodrome.mission.nouns import LocalTime
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.orbit.sun import local_time_at_node
from cosmodrome.windows.climbs import direct_climbs
from cosmodrome.windows.opportunities import (
    Asked,
    Opportunity,
    Wanted,
    in_corridor,
    opportunities,
    wanted_only,
)
from cosmodrome.windows.planes import given_node, local_time_node
from cosmodrome.windows.widths import NodeCurve
from cosmodrome.world.epoch import Epoch

START = Epoch.parse("2026-11-01T00:00:00Z")
DAY_S = 86400.0
SITE = load_site("vostochny").site()
SSO = parse_orbit("sso 500 km ltan 10:30")
MORNING = local_time_node(LocalTime(10.5, "ascending"))


def season(days: float, asked: Asked | None = None) -> tuple[Opportunity, ...]:
    return opportunities(direct_climbs(SITE, SSO), SITE, MORNING, START, days * DAY_S, asked=asked)


def test_both_ways_in_order_of_time_each_once_a_day() -> None:
    found = season(10.0)
    times = [one.liftoff - START for one in found]
    assert times == sorted(times)
    assert [one.climb.leg for one in found].count("ascending") == 10
    assert len(found) == 20


def test_each_has_the_local_time_that_was_wanted() -> None:
    for one in season(10.0):
        at = one.liftoff + one.climb.flight_s
        assert one.ltan_h == pytest.approx(10.5, abs=1e-6)
        assert one.ltan_h == pytest.approx(local_time_at_node(one.raan_rad, at), abs=1e-6)


def test_a_year_takes_less_than_three_seconds() -> None:
    season(1.0)  # the tables are read once
    began = time.process_time()
    found = season(365.0)
    assert time.process_time() - began < 3.0
    assert len(found) == 730


def test_beta_and_shadow_belong_together() -> None:
    for one in season(30.0):
        first, least, greatest = one.beta_rad
        assert least <= first <= greatest
        assert one.eclipse[0] <= one.eclipse[1]
        # A morning orbit keeps its beta within two degrees in three days.
        assert math.degrees(greatest - least) < 2.0


def test_an_empty_time_is_refused() -> None:
    with pytest.raises(InputError, match="longer than nothing"):
        season(0.0)
    assert opportunities((), SITE, MORNING, START, DAY_S) == ()


def test_each_condition_turns_away_its_own() -> None:
    found = season(5.0)
    up, down = (
        next(one for one in found if one.climb.leg == leg) for leg in ("ascending", "descending")
    )
    assert up.daylight == "day"
    assert down.daylight == "night"
    kept, turned = wanted_only(found, Wanted(daylight=("day", "civil")))
    assert {one.climb.leg for one in kept} == {"ascending"}
    assert turned == {"daylight": len(found) - len(kept)}
    beta = math.radians(10.0)
    assert wanted_only(found, Wanted(beta_max_rad=beta)) == ((), {"beta_max": len(found)})
    assert wanted_only(found, Wanted(beta_min_rad=beta))[0] == found
    assert wanted_only(found, Wanted(eclipse_max=0.2)) == ((), {"eclipse_max": len(found)})
    assert wanted_only(found, Wanted(phase_rad=(0.0, 1.0)))[1] == {"phase": len(found)}
    assert wanted_only(found, Wanted()) == (found, {})


def test_beta_that_goes_through_zero_is_no_larger_than_zero() -> None:
    through = replace(season(1.0)[0], beta_rad=(0.1, -0.2, 0.3))
    one_side = replace(through, beta_rad=(-0.2, -0.3, -0.2))
    assert wanted_only((through,), Wanted(beta_min_rad=0.05))[0] == ()
    assert wanted_only((one_side,), Wanted(beta_min_rad=0.15))[0] == (one_side,)
    assert wanted_only((one_side,), Wanted(beta_max_rad=0.25))[0] == ()


def test_a_width_goes_about_each_instant() -> None:
    degrees = np.array([-3.0, -1.5, 0.0, 1.5, 3.0])
    curve = NodeCurve(np.radians(degrees), 1000.0 - 10.0 * degrees**2)
    for one in season(3.0, Asked(curve=curve, payload_kg=977.5)):
        assert one.opens is not None
        assert one.closes is not None
        # 1.5 deg at 15 deg an hour is six minutes; the plane follows the Sun.
        assert one.closes - one.liftoff == pytest.approx(360.0, abs=0.5)
        assert one.opens - one.liftoff == pytest.approx(-360.0, abs=0.5)
    with pytest.raises(InputError, match="carried at no instant"):
        season(3.0, Asked(curve=curve, payload_kg=1000.1))


def test_a_corridor_lets_one_way_through() -> None:
    up, down = direct_climbs(SITE, SSO)
    assert in_corridor(up, SITE)
    assert not in_corridor(down, SITE)
    assert in_corridor(replace(down, flown=True), SITE)
    assert in_corridor(down, replace(SITE, azimuths_rad=()))
    # Through north: 340 to 95.
    near = replace(up, azimuth_rad=math.radians(339.2))
    assert in_corridor(near, SITE)
    assert not in_corridor(replace(up, azimuth_rad=math.radians(338.8)), SITE)
    assert in_corridor(replace(up, azimuth_rad=math.radians(95.9)), SITE)
    assert not in_corridor(replace(up, azimuth_rad=math.radians(96.2)), SITE)


def test_at_the_edge_of_reach_there_is_one_a_day() -> None:
    from cosmodrome.ascent.planes import site_latitude
    from cosmodrome.mission.catalogue import load_vehicle
    from cosmodrome.mission.mission_file import make_mission

    mission = make_mission(load_vehicle("angara-1.2"), load_site("vostochny"), SSO)
    edge = replace(parse_orbit("200 km 51.7 deg"), inclination_rad=site_latitude(mission))
    climbs = direct_climbs(mission.site, edge)
    assert len(climbs) == 1
    found = opportunities(climbs, mission.site, given_node(1.0), START, 5.0 * DAY_S)
    assert len(found) == 5
