"""A flight held to a drop zone: where its first stage falls, and what that costs."""

from __future__ import annotations

from dataclasses import replace
from math import degrees, radians

import numpy as np
import pytest

from cosmodrome.ascent.attempt import Workshop
from cosmodrome.campaign import PlanOptions, plan_mission
from cosmodrome.campaign.answer import Answer
from cosmodrome.campaign.zoned import hits
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.nouns import Mission, Zone
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.mission.zones import with_zones
from cosmodrome.world.polygons import ellipse

QUICK = PlanOptions(workers=1, alternatives=False, partials=False)
TO_PLAN_KG = 0.2
"""How exactly a payload comes out again from another start: a ten-thousandth."""


def round_zone(latitude_deg: float, longitude_deg: float, radius_km: float, **more: object) -> Zone:
    area = ellipse(
        radians(latitude_deg), radians(longitude_deg), 1e3 * radius_km, 1e3 * radius_km, 0.0
    )
    ring = tuple((float(a), float(b)) for a, b in area.rings[0])
    zone = Zone("the zone", "urm-1", inside=True, rings_rad=(ring,))
    return replace(zone, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def workshop() -> Workshop:
    return Workshop()


@pytest.fixture(scope="module")
def mission() -> Mission:
    return make_mission(
        load_vehicle("angara-1.2"), load_site("vostochny"), parse_orbit("sso 500 km")
    )


@pytest.fixture(scope="module")
def free(workshop: Workshop, mission: Mission) -> Answer:
    """The flight with a zone as large as a continent: nothing is held."""
    everywhere = round_zone(61.0, 124.0, 1500.0)
    return plan_mission(with_zones(mission, [everywhere]), QUICK, workshop=workshop)


def impact_deg(answer: Answer) -> tuple[float, float]:
    (one,) = answer.document["zones"]["each"]
    return one["latitude_deg"], one["longitude_deg"]


def test_a_zone_that_holds_nothing_costs_nothing(
    free: Answer, mission: Mission, workshop: Workshop
) -> None:
    alone = plan_mission(mission, QUICK, workshop=workshop)
    assert free.payload_kg is not None
    assert alone.payload_kg == pytest.approx(free.payload_kg, abs=TO_PLAN_KG)
    assert free.document["zones"]["cost_kg"] == pytest.approx(0.0, abs=TO_PLAN_KG)
    assert "zones" not in alone.document


def test_the_stage_comes_down_at_the_edge_and_it_costs(
    free: Answer, mission: Mission, workshop: Workshop
) -> None:
    latitude, longitude = impact_deg(free)
    # Two zones back along the track whose edges lie 30 and 40 km short of the free impact.
    costs = []
    for short_km in (30.0, 40.0):
        south = round_zone(latitude - 1.0, longitude, 111.0 - short_km)
        answer = plan_mission(with_zones(mission, [south]), QUICK, workshop=workshop)
        assert answer.status == "optimal"
        (one,) = answer.document["zones"]["each"]
        assert 0.0 <= one["to_edge_km"] < 0.5  # at the edge: farther in would cost more
        costs.append(answer.document["zones"]["cost_kg"])
    assert 0.0 < costs[0] < costs[1]


def test_keeping_off_leads_round_the_area(
    free: Answer, mission: Mission, workshop: Workshop
) -> None:
    latitude, longitude = impact_deg(free)
    town = round_zone(latitude + 0.1, longitude, 30.0, inside=False, margin_m=5e3)
    answer = plan_mission(with_zones(mission, [town]), QUICK, workshop=workshop)
    assert answer.status == "optimal"
    (one,) = answer.document["zones"]["each"]
    assert one["met"]
    assert one["to_edge_km"] >= 5.0 - 0.05
    assert 0.0 < answer.document["zones"]["cost_kg"] < 60.0
    names = [row["name"] for row in answer.document["limits"]]
    assert "urm-1 outside the zone" in names


def test_room_is_measured_to_the_edge_and_the_margin(mission: Mission) -> None:
    zone = round_zone(60.0, 120.0, 50.0, margin_m=10e3)
    held = replace(mission, limits=replace(mission.limits, zones=(zone,)))
    (middle,) = hits(held, {"urm-1": (radians(60.0), radians(120.0))})
    (beyond,) = hits(held, {"urm-1": (radians(61.0), radians(120.0))})
    # A 72-sided ring lies up to 0.1 % of its radius inside the circle.
    assert middle.room_m == pytest.approx(40e3, abs=60.0)
    assert not beyond.met
    assert degrees(beyond.latitude_rad) == pytest.approx(61.0)
    assert np.isclose(beyond.room_m, -(111_414.0 - 50e3) - 10e3, atol=100.0)
