"""Which corridor holds for a launch direction, and how much of it."""

from __future__ import annotations

from dataclasses import replace
from math import degrees, radians

import pytest

from cosmodrome.ascent.limits import corridor_in_force, outside
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.orbit_text import parse_orbit


def with_corridors(*pairs_deg: tuple[float, float]) -> Mission:
    mission = make_mission(
        load_vehicle("angara-1.2"), load_site("vostochny"), parse_orbit("200 km 60 deg")
    )
    corridors = tuple((radians(a), radians(b)) for a, b in pairs_deg)
    return replace(mission, limits=replace(mission.limits, azimuths_rad=corridors))


@pytest.mark.parametrize(
    ("azimuth_deg", "held_deg"),
    [(60.0, (30.0, 110.0)), (115.0, (30.0, 110.0)), (170.0, (150.0, 200.0))],
)
def test_the_nearest_of_two_corridors_holds(
    azimuth_deg: float, held_deg: tuple[float, float]
) -> None:
    found = corridor_in_force(with_corridors((30, 110), (150, 200)), radians(azimuth_deg))
    assert found is not None
    assert tuple(map(degrees, found)) == pytest.approx(held_deg)


@pytest.mark.parametrize(
    ("azimuth_deg", "held_deg"),
    [(20.0, (10.0, 110.0)), (200.0, (110.0, 280.0)), (300.0, (190.0, 280.0))],
)
def test_of_a_wide_corridor_the_part_around_the_direction(
    azimuth_deg: float, held_deg: tuple[float, float]
) -> None:
    found = corridor_in_force(with_corridors((10, 280)), radians(azimuth_deg))
    assert found is not None
    assert tuple(map(degrees, found)) == pytest.approx(held_deg, abs=0.01)


def test_no_corridor_holds_nothing() -> None:
    assert corridor_in_force(with_corridors(), 1.0) is None
    assert corridor_in_force(with_corridors((0, 360)), 1.0) is None


@pytest.mark.parametrize(
    ("azimuth_deg", "off_deg"), [(350.0, 0.0), (5.0, 0.0), (15.0, 5.0), (335.0, 5.0)]
)
def test_how_far_outside_across_north(azimuth_deg: float, off_deg: float) -> None:
    corridor = (radians(340.0), radians(10.0))
    assert degrees(outside(radians(azimuth_deg), corridor)) == pytest.approx(off_deg)
