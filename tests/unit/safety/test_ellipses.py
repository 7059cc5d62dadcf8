from __future__ import annotations

from math import degrees, radians, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmodrome.errors import InputError
from cosmodrome.safety.ellipses import ellipse_area, fitted_ellipses, flat_places
from cosmodrome.world.polygons import area_m2, contains
from cosmodrome.world.polygons_geodesic import destination

POINTS = 4000
AXES = 0.06  # of a semi-axis: three standard deviations for this many points
THERE_AND_BACK_M = 2.0  # 500 km away: by 3.4e-6 rad the vertical plane leaves the geodesic


def strewn(
    latitude: float, longitude: float, major: float, minor: float, azimuth: float, *, seed: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Normally spread points with these standard deviations."""
    rng = np.random.default_rng(seed)
    along, across = major * rng.standard_normal(POINTS), minor * rng.standard_normal(POINTS)
    away = np.arctan2(across, along) + radians(azimuth)
    found = destination(radians(latitude), radians(longitude), away, np.hypot(along, across))
    return np.asarray(found[0]), np.asarray(found[1])


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(61.0, 124.0), (0.0, 180.0), (-45.0, -179.9), (89.5, 10.0)]
)
def test_the_ellipse_of_a_normal_spread_is_found(latitude: float, longitude: float) -> None:
    places = strewn(latitude, longitude, 10e3, 4e3, 160.0)
    for one in fitted_ellipses(*places):
        size = sqrt(-2.0 * np.log(1.0 - one.probability))
        assert one.semi_major_m == pytest.approx(10e3 * size, rel=AXES)
        assert one.semi_minor_m == pytest.approx(4e3 * size, rel=AXES)
        assert one.elliptical
        if abs(latitude) < 80.0:
            assert degrees(one.azimuth_rad) == pytest.approx(160.0, abs=2.0)
        east, north = flat_places(
            np.array([one.latitude_rad]),
            np.array([one.longitude_rad]),
            (radians(latitude), radians(longitude)),
        )
        assert np.hypot(east, north)[0] < 600.0


@pytest.mark.parametrize("probability", [0.5, 0.9, 0.99])
@pytest.mark.parametrize("size_m", [5e3, 250e3])
def test_the_drawn_ellipse_holds_its_share(probability: float, size_m: float) -> None:
    places = strewn(20.0, 179.5, size_m, 0.2 * size_m, 75.0)
    (one,) = fitted_ellipses(*places, probabilities=(probability,))
    # 360 corners: what a polygon loses of an ellipse stays below one point in a thousand.
    inside = contains(ellipse_area(one, 360), *places)
    assert np.mean(inside) == pytest.approx(probability, abs=2e-3)
    if size_m < 1e5:
        assert area_m2(ellipse_area(one, 360)) == pytest.approx(one.area_m2, rel=2e-3)


def test_a_spread_that_is_no_ellipse_is_said_to_be_none() -> None:
    """Two heaps 40 km apart: a normal ellipse would hold too much or too little."""
    one, other = strewn(50.0, 60.0, 1e3, 1e3, 0.0), strewn(50.36, 60.0, 1e3, 1e3, 0.0, seed=2)
    both = [np.concatenate(pair) for pair in zip(one, other, strict=True)]
    found = fitted_ellipses(both[0], both[1])
    assert not all(ellipse.elliptical for ellipse in found)
    for ellipse in found:
        inside = contains(ellipse_area(ellipse, 360), *both)
        assert np.mean(inside) >= ellipse.probability - 2e-3


def test_points_in_one_place_have_a_small_ellipse() -> None:
    (one,) = fitted_ellipses(np.full(30, 0.5), np.full(30, 1.0), (0.99,))
    assert one.semi_minor_m > 0.0
    assert one.semi_major_m < 10.0


@given(
    st.floats(-80.0, 80.0), st.floats(-180.0, 180.0), st.floats(0.0, 360.0), st.floats(1.0, 500e3)
)
@settings(max_examples=50, deadline=None)
def test_flat_places_are_where_the_geodesic_leads(
    latitude: float, longitude: float, azimuth: float, away: float
) -> None:
    centre = (radians(latitude), radians(longitude))
    there = destination(*centre, radians(azimuth), away)
    east, north = flat_places(np.array([there[0]]), np.array([there[1]]), centre)
    expected = (away * np.sin(radians(azimuth)), away * np.cos(radians(azimuth)))
    assert np.hypot(east[0] - expected[0], north[0] - expected[1]) < THERE_AND_BACK_M


@pytest.mark.parametrize(
    ("latitude", "shares"),
    [
        (np.zeros(5), (0.5,)),
        (np.array([np.nan] * 30), (0.5,)),
        (np.zeros(30), (1.0,)),
        (np.zeros(30), (0.0,)),
    ],
)
def test_what_no_ellipse_fits_is_refused(latitude: np.ndarray, shares: tuple[float]) -> None:
    with pytest.raises(InputError):
        fitted_ellipses(latitude, np.zeros_like(latitude), shares)
