from __future__ import annotations

from dataclasses import replace
from math import degrees, radians
from typing import Any

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.safety.ballistic import fragments, tumbling_cylinder
from cosmodrome.safety.drop_zones import (
    Dispersions,
    DropZone,
    drop_zone,
    landed,
    scattered,
    zone_of,
)
from cosmodrome.safety.drop_zones_ground import ground_of
from cosmodrome.safety.parts import BreakUp, JettisonedPart
from cosmodrome.world import earth
from cosmodrome.world.environment import Environment, Wind
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.polygons_geodesic import distance_m
from cosmodrome.world.state import State

EARTH = Environment()
SAMPLES = 300
QUIET = Dispersions(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, ())


def dropped(
    latitude_deg: float = 52.0,
    longitude_deg: float = 128.0,
    *,
    height_m: float = 60e3,
    speed_m_s: float = 2000.0,
    climb_deg: float = 25.0,
    heading_deg: float = 345.0,
) -> JettisonedPart:
    """An empty first stage, let go on its way."""
    a, f = EARTH.equatorial_radius_m, EARTH.flattening
    latitude, longitude = radians(latitude_deg), radians(longitude_deg)
    r = earth.site_position(latitude, longitude, height_m, a, f)
    east, north, up = earth.local_axes(latitude, longitude)
    heading, climb = radians(heading_deg), radians(climb_deg)
    level = np.sin(heading) * east + np.cos(heading) * north
    v = speed_m_s * (np.cos(climb) * level + np.sin(climb) * up)
    state = State(Epoch.parse("2027-03-20T12:02:00Z"), "ITRF", r, v)
    ballistic = tumbling_cylinder(11_000.0, 2.9, 25.0)
    return JettisonedPart("stage 1", "stage", 1, 11_000.0, ballistic, 120.0, state)


def found(part: JettisonedPart, dispersions: Dispersions | None = None, seed: int = 1) -> DropZone:
    zone = drop_zone(part, EARTH, dispersions, samples=SAMPLES, seed=seed)
    assert zone is not None
    return zone


def test_without_dispersions_all_fall_on_the_nominal_point() -> None:
    part = dropped()
    value = part.ballistic.kg_m2
    sure = replace(part, ballistic=replace(part.ballistic, low_kg_m2=value, high_kg_m2=value))
    zone = found(sure, QUIET)
    assert np.ptp(zone.impacts.latitude_rad) == 0.0
    assert float(zone.impacts.latitude_rad[0]) == pytest.approx(zone.latitude_rad, abs=1e-10)
    assert zone.ellipses[-1].semi_major_m < 10.0
    assert zone.t_s == pytest.approx(120.0 + float(zone.impacts.t_s[0]))


@pytest.mark.parametrize(
    ("name", "value", "along"),
    [
        ("speed_share", 0.02, True),
        ("climb_rad", 0.02, None),
        ("heading_rad", 0.02, False),
        ("density_share", 0.2, True),
        ("position_m", 3e3, None),
        ("push_m_s", 20.0, None),
    ],
)
def test_each_dispersion_spreads_the_impacts(name: str, value: Any, along: bool | None) -> None:
    """What changes the speed spreads along the way, what turns it spreads across."""
    part = dropped()
    kg_m2 = part.ballistic.kg_m2
    sure = replace(part, ballistic=replace(part.ballistic, low_kg_m2=kg_m2, high_kg_m2=kg_m2))
    one = found(sure, replace(QUIET, **{name: value})).ellipses[-1]
    assert one.semi_major_m > 1e3
    if along is not None:
        off = abs((degrees(one.azimuth_rad) - 344.0 + 90.0) % 180.0 - 90.0)
        assert (off < 10.0) if along else (off > 80.0)


def test_errors_of_a_guided_stage_stop_growing_with_its_speed() -> None:
    given = Dispersions()
    spread = []
    for speed in (2000.0, 7000.0):
        drawn = scattered(dropped(speed_m_s=speed), EARTH, replace(given, push_m_s=0.0), 2000, 1)
        spread.append(float(np.std(drawn.bodies.v_m_s, axis=0).max()))
    assert spread[0] == pytest.approx(10.0, rel=0.25)
    assert spread[1] == pytest.approx(given.most_m_s, rel=0.25)


def test_the_wind_that_is_drawn_spreads_them_too() -> None:
    part = dropped()
    kg_m2 = part.ballistic.kg_m2
    sure = replace(part, ballistic=replace(part.ballistic, low_kg_m2=kg_m2, high_kg_m2=kg_m2))
    windy = found(sure, replace(QUIET, wind_m_s=((0.0, 10.0), (2e4, 10.0))))
    assert windy.ellipses[-1].semi_minor_m > 1e3


def test_the_mean_wind_moves_the_zone() -> None:
    table = ((0.0, 30.0, 0.0), (1e4, 30.0, 0.0), (2e4, 30.0, 0.0))
    still = found(dropped())
    blown = drop_zone(dropped(), replace(EARTH, wind=Wind(table)), samples=SAMPLES)
    assert blown is not None
    assert 1e3 < distance_m(
        still.latitude_rad, still.longitude_rad, blown.latitude_rad, blown.longitude_rad
    ) < 20e3  # fmt: skip
    assert blown.longitude_rad > still.longitude_rad


def test_sample_k_depends_on_seed_and_k_alone() -> None:
    part, given = dropped(), Dispersions()
    few = landed(scattered(part, EARTH, given, 40, 7), EARTH)
    many = landed(scattered(part, EARTH, given, 90, 7), EARTH)
    other = landed(scattered(part, EARTH, given, 40, 8), EARTH)
    assert np.array_equal(few.latitude_rad, many.latitude_rad[:40])
    assert np.array_equal(few.t_s, many.t_s[:40])
    assert not np.any(few.latitude_rad == other.latitude_rad)


def test_ballistic_coefficients_keep_their_range() -> None:
    part = dropped()
    drawn = scattered(part, EARTH, replace(Dispersions(), density_share=0.0), 2000, 1)
    kg_m2 = 1.0 / drawn.bodies.brake_m2_kg
    low, middle, high = np.quantile(kg_m2, (0.05, 0.5, 0.95))
    assert low == pytest.approx(part.ballistic.low_kg_m2, rel=0.05)
    assert middle == pytest.approx(part.ballistic.kg_m2, rel=0.03)
    assert high == pytest.approx(part.ballistic.high_kg_m2, rel=0.05)


def test_what_breaks_up_is_strewn_along_the_way() -> None:
    fast = dropped(height_m=150e3, speed_m_s=5000.0, climb_deg=5.0)
    whole = found(fast)
    broken = found(replace(fast, breakup=BreakUp(40e3, 80e3, fragments())))
    assert broken.ellipses[-1].semi_major_m > 1.3 * whole.ellipses[-1].semi_major_m
    assert any("breaks up" in note for note in broken.notes)


def test_below_its_break_up_altitude_it_stays_whole() -> None:
    low = dropped(height_m=20e3, speed_m_s=600.0)
    whole, asked = found(low), found(replace(low, breakup=BreakUp(60e3, 80e3, fragments())))
    assert np.array_equal(whole.impacts.latitude_rad, asked.impacts.latitude_rad)


def test_a_light_part_lands_at_its_terminal_speed() -> None:
    part = dropped()
    light = replace(part, ballistic=tumbling_cylinder(2_000.0, 2.9, 25.0))
    zone = found(light)
    terminal = np.sqrt(2.0 * 9.81 * light.ballistic.kg_m2 / 1.225)
    assert zone.speed_m_s == pytest.approx(terminal, rel=0.02)


def test_what_stays_in_orbit_has_no_drop_zone() -> None:
    part = dropped(height_m=300e3, speed_m_s=7600.0, climb_deg=0.0, heading_deg=90.0)
    assert drop_zone(part, EARTH, samples=60) is None


def test_impacts_found_elsewhere_make_the_same_zone() -> None:
    part = dropped()
    here = found(part)
    there = zone_of(part, EARTH, here.impacts)
    assert there is not None
    assert there.ellipses == here.ellipses
    assert there.latitude_rad == here.latitude_rad


def test_the_ground_of_the_forest_north_of_vostochny() -> None:
    zone = found(dropped())
    ground = ground_of(zone)
    assert ground.surface == "land"
    assert ground.country is not None
    assert ground.country.iso2 == "RU"
    assert ground.shares == (("Russia", 1.0),)
    assert set(ground.border.sides) == {"Russia", "China"}
    assert 100e3 < ground.border.distance_m < 500e3
    assert 0.0 < ground.border.clear_m < ground.border.distance_m
    assert ground.near[0].distance_m <= ground.near[-1].distance_m
    for one, people in ground.people:
        assert people.low <= people.high
        assert "nobody" not in people.statement
        assert one.probability in (0.5, 0.9, 0.99)


def test_the_ground_of_the_open_sea() -> None:
    ground = ground_of(found(dropped(-40.0, -120.0)))
    assert ground.surface == "sea"
    assert ground.country is None
    assert ground.shares == (("sea", 1.0),)
    assert ground.people[-1][1].statement == "no listed place"


def test_an_ellipse_over_the_border_is_told_to_reach_it() -> None:
    """Let go towards the Amur at Blagoveshchensk, aimed at the river itself."""
    aimed = dropped(52.6, 126.9, heading_deg=190.0)
    ground = ground_of(found(aimed))
    shares = dict(ground.shares)
    if {"Russia", "China"} <= set(shares):
        assert ground.border.clear_m < 5e3
    assert ground.border.clear_m <= ground.border.distance_m


@pytest.mark.parametrize("change", [{"position_m": -1.0}, {"density_share": float("nan")}])
def test_dispersions_that_cannot_be_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="standard deviation"):
        replace(Dispersions(), **change)


def test_parts_that_cannot_be_are_refused() -> None:
    part = dropped()
    with pytest.raises(InputError, match="mass"):
        replace(part, mass_kg=0.0)
    inertial = State(part.state.epoch, "GCRF", part.state.r_m, part.state.v_m_s)
    with pytest.raises(InputError, match="GCRF"):
        replace(part, state=inertial)
    with pytest.raises(InputError, match="break-up"):
        BreakUp(80e3, 40e3, fragments())
    with pytest.raises(InputError, match="too few"):
        scattered(part, EARTH, Dispersions(), 0, 1)
