"""Ways over a place, held against plain vectors."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.errors import InputError
from cosmodrome.windows.courses import Course, courses, turning_azimuth

LATITUDES = st.floats(-1.55, 1.55)
SHARES = st.floats(0.0, 1.0)


def inclination_beyond(latitude: float, share: float) -> float:
    """An inclination that reaches a latitude, prograde or retrograde."""
    least = abs(latitude)
    return min(max(least + share * (math.pi - 2.0 * least), 1e-3), math.pi - 1e-3)


def in_vectors(latitude: float, inclination: float, way: Course) -> tuple[float, float, float]:
    """Height of the place above the plane, and the direction of flight there (east, north)."""
    place = np.array([math.cos(latitude), 0.0, math.sin(latitude)])
    node = way.node_from_place_rad
    normal = np.array(
        [
            math.sin(inclination) * math.sin(node),
            -math.sin(inclination) * math.cos(node),
            math.cos(inclination),
        ]
    )
    along = np.cross(normal, place)
    north = np.array([-math.sin(latitude), 0.0, math.cos(latitude)])
    return float(normal @ place), float(along[1]), float(along @ north)


@given(LATITUDES, SHARES)
def test_the_plane_passes_over_the_place_in_the_direction_told(
    latitude: float, share: float
) -> None:
    inclination = inclination_beyond(latitude, share)
    for way in courses(latitude, inclination):
        height, east, north = in_vectors(latitude, inclination, way)
        assert height == pytest.approx(0.0, abs=3e-6)
        size = math.hypot(east, north)
        assert math.sin(way.inertial_azimuth_rad) == pytest.approx(east / size, abs=1e-5)
        assert math.cos(way.inertial_azimuth_rad) == pytest.approx(north / size, abs=1e-5)
        if way.leg == "descending":
            assert north < 0.0


@given(LATITUDES, SHARES)
def test_the_argument_of_latitude_is_the_way_from_the_node(latitude: float, share: float) -> None:
    inclination = inclination_beyond(latitude, share)
    for way in courses(latitude, inclination):
        u, node = way.argument_of_latitude_rad, way.node_from_place_rad
        at_node = np.array([math.cos(node), math.sin(node), 0.0])
        ahead = np.array(
            [
                -math.sin(node) * math.cos(inclination),
                math.cos(node) * math.cos(inclination),
                math.sin(inclination),
            ]
        )
        place = np.array([math.cos(latitude), 0.0, math.sin(latitude)])
        assert math.cos(u) * at_node + math.sin(u) * ahead == pytest.approx(place, abs=3e-6)


def test_both_ways_are_there_and_named() -> None:
    up, down = courses(math.radians(28.45), math.radians(51.6))
    assert (up.leg, down.leg) == ("ascending", "descending")
    assert math.degrees(up.inertial_azimuth_rad + down.inertial_azimuth_rad) == pytest.approx(180)


def test_retrograde_goes_west_and_south_of_the_equator_u_is_negative() -> None:
    up, down = courses(math.radians(-39.0), math.radians(97.5))
    assert 270.0 < math.degrees(up.inertial_azimuth_rad) < 360.0
    assert 180.0 < math.degrees(down.inertial_azimuth_rad) < 270.0
    assert up.argument_of_latitude_rad < 0.0
    # From the south the first thing an ascending launch crosses is its node.
    assert -math.pi / 2 < up.argument_of_latitude_rad
    assert math.pi < down.argument_of_latitude_rad < 1.5 * math.pi


@pytest.mark.parametrize("latitude_deg", [51.7, -51.7])
@pytest.mark.parametrize("retrograde", [False, True])
def test_at_the_edge_of_reach_the_two_ways_are_one(latitude_deg: float, retrograde: bool) -> None:
    latitude = math.radians(latitude_deg)
    inclination = math.pi - abs(latitude) if retrograde else abs(latitude)
    (only,) = courses(latitude, inclination)
    assert math.degrees(only.inertial_azimuth_rad) == pytest.approx(270 if retrograde else 90)
    # And they close in on it: a thousandth of a degree more parts them by two thirds of one.
    step = math.radians(1e-3) * (-1.0 if retrograde else 1.0)
    up, down = courses(latitude, inclination + step)
    apart = up.node_from_place_rad - down.node_from_place_rad
    apart = (apart + math.pi) % (2.0 * math.pi) - math.pi
    closed = 2.0 * math.acos(min(1.0, math.tan(abs(latitude)) / abs(math.tan(inclination + step))))
    assert abs(apart) == pytest.approx(closed, rel=1e-4)


def test_out_of_reach_is_refused_with_what_is_within() -> None:
    with pytest.raises(InputError, match="never passes") as caught:
        courses(math.radians(51.7), math.radians(45.0))
    assert caught.value.allowed is not None
    assert caught.value.allowed.startswith("an inclination of 51.700 to 128.300 deg")


@pytest.mark.parametrize("inclination", [0.0, math.pi])
def test_an_equatorial_orbit_has_no_window(inclination: float) -> None:
    with pytest.raises(InputError, match="no node"):
        courses(0.0, inclination)


def test_the_earths_turn_is_taken_off_the_azimuth() -> None:
    # Due east needs less, due west more, north turns west: 400 m/s of 7800.
    assert turning_azimuth(math.pi / 2, 7800.0, 400.0) == pytest.approx(math.pi / 2)
    assert math.degrees(turning_azimuth(0.0, 7800.0, 400.0)) == pytest.approx(
        360.0 - math.degrees(math.atan(400.0 / 7800.0))
    )
