"""The figure of the Earth, gravity, and velocity through the air."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import casadi as ca
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.polynomial import legendre

from cosmodrome.errors import ShapeError
from cosmodrome.world import earth

A, F = 6378137.0, 1.0 / 298.257223563
MU, RADIUS = 3.986004418e14, 6378136.3
ZONALS = (1.08262982131e-3, -2.53241051856e-6, -1.61989759991e-6, -2.2775e-7, 5.4067e-7)
ROUNDING = 1e-12

latitudes = st.floats(-np.pi / 2, np.pi / 2)
longitudes = st.floats(-3.1415926, 3.1415926)
altitudes = st.floats(-1e3, 1e6)


def potential(r: Any, zonals: tuple[float, ...]) -> float:
    """Minus the potential energy per kilogram, from Legendre polynomials themselves."""
    d = float(np.linalg.norm(r))
    series = np.zeros(len(zonals) + 2)
    series[2:] = [j * (RADIUS / d) ** n for n, j in enumerate(zonals, start=2)]
    return float(MU / d * (1.0 - legendre.legval(r[2] / d, series)))


@pytest.mark.parametrize("count", [0, 1, 3, 5])
@pytest.mark.parametrize("place", [(7e6, 1e5, 2e5), (-3e6, 4e6, 5e6), (10.0, 0.0, -6.6e6)])
def test_gravity_is_the_gradient_of_the_potential(
    place: tuple[float, float, float], count: int
) -> None:
    r, zonals, h = np.array(place), ZONALS[:count], 100.0
    steps = np.eye(3) * h
    slope = [
        (8 * (potential(r + s, zonals) - potential(r - s, zonals))
         - (potential(r + 2 * s, zonals) - potential(r - 2 * s, zonals))) / (12 * h)
        for s in steps
    ]  # fmt: skip
    # Differences of 6e7 lose eight digits: 1e-8 m/s2 of 9 (J6 is worth 1e-6).
    assert earth.gravity(r, MU, RADIUS, zonals) == pytest.approx(slope, abs=3e-9)


def test_gravity_of_the_second_zonal_is_the_textbook_formula() -> None:
    x, y, z = r = np.array([4.1e6, -3.2e6, 4.9e6])
    d = np.linalg.norm(r)
    k = 1.5 * ZONALS[0] * (RADIUS / d) ** 2
    s = 5 * (z / d) ** 2
    expected = (
        -MU / d**3 * np.array([x * (1 + k * (1 - s)), y * (1 + k * (1 - s)), z * (1 + k * (3 - s))])
    )
    assert earth.gravity(r, MU, RADIUS, ZONALS[:1]) == pytest.approx(expected, rel=1e-14)


@settings(max_examples=300, deadline=None)
@given(latitudes, longitudes, st.floats(-1e3, 1e8))
def test_geodetic_undoes_site_position(latitude: float, longitude: float, altitude: float) -> None:
    r = earth.site_position(latitude, longitude, altitude, A, F)
    lat, lon, alt = earth.geodetic(r, A, F)
    assert abs(lat - latitude) < 1e-12
    assert abs(alt - altitude) < 1e-6
    if abs(latitude) < np.pi / 2 - 1e-6:
        assert abs(lon - longitude) < 1e-9


@settings(max_examples=300, deadline=None)
@given(latitudes, longitudes, altitudes)
def test_altitude_is_good_to_a_thousandth_of_a_millimetre(
    latitude: float, longitude: float, altitude: float
) -> None:
    r = earth.site_position(latitude, longitude, altitude, A, F)
    assert abs(earth.geodetic_altitude(r, A, F) - altitude) < 1e-6


@pytest.mark.parametrize("altitude", [1e7, 1e8, 1e9])
def test_altitude_far_out(altitude: float) -> None:
    latitude = np.linspace(-np.pi / 2, np.pi / 2, 181)
    r = earth.site_position(latitude, 0.3, altitude, A, F)
    assert earth.geodetic_altitude(r, A, F) == pytest.approx(np.full(181, altitude), abs=1e-5)


def test_flattening_none_is_the_sphere() -> None:
    r = np.array([[7e6, 0, 0], [0, 0, -6.5e6], [1e6, -2e6, 6.3e6]])
    expected = np.linalg.norm(r, axis=1) - A
    assert earth.geodetic_altitude(r, A, 0.0) == pytest.approx(expected, abs=1e-8)
    assert earth.geodetic(r, A, 0.0)[0][2] == pytest.approx(np.arcsin(6.3e6 / np.sqrt(44.69e12)))


def test_altitude_grows_along_the_normal_and_not_across_it() -> None:
    x = ca.SX.sym("x", 3)
    slope = ca.Function("s", [x], [ca.gradient(earth.geodetic_altitude(x, A, F), x)])
    for latitude in (-np.pi / 2, -0.8, 0.0, 0.7, np.pi / 2):
        r = earth.site_position(latitude, 0.4, 150e3, A, F)
        up = earth.local_axes(latitude, 0.4)[2]
        assert slope(r).full().ravel() == pytest.approx(up, abs=1e-8)


@pytest.mark.parametrize(
    "place", [(0, 0, 6.4e6), (0, 0, -1e9), (6.4e6, 0, 0), (0, -7e6, 0), (1e-3, 0, 6.4e6)]
)
def test_altitude_and_gravity_have_finite_second_derivatives(place: Any) -> None:
    x = ca.SX.sym("x", 3)
    for e in (earth.geodetic_altitude(x, A, F), earth.geodetic(x, A, F)[0],
              earth.gravity(x, MU, RADIUS, ZONALS)[2]):  # fmt: skip
        hessian, gradient = ca.hessian(e, x)
        values = ca.Function("h", [x], [hessian, gradient])(place)
        assert all(np.isfinite(v.full()).all() for v in values)


def test_altitude_stays_a_small_expression() -> None:
    x = ca.SX.sym("x", 3)
    assert ca.Function("f", [x], [earth.geodetic_altitude(x, A, F)]).n_instructions() < 60


def test_local_axes_are_a_right_handed_triad_tangent_to_the_ellipsoid() -> None:
    lat, lon, h = np.array([0.9, -0.3]), np.array([2.2, -1.0]), 1.0
    east, north, up = earth.local_axes(lat, lon)
    assert np.cross(east, north) == pytest.approx(up)
    moved = earth.site_position(lat + h / A, lon, 0.0, A, F)
    step = moved - earth.site_position(lat - h / A, lon, 0.0, A, F)
    assert step / np.linalg.norm(step, axis=1, keepdims=True) == pytest.approx(north, abs=1e-8)
    assert east[:, 2] == pytest.approx([0, 0])


def test_vostochny_lies_at_51_69_degrees_geocentric() -> None:
    geocentric = earth.geocentric_latitude(np.radians(51.884), 0.0, A, F)
    assert np.degrees(geocentric) == pytest.approx(51.697, abs=2e-3)
    # On the surface the tangents differ by the factor (1 - f)^2.
    expected = np.arctan((1 - F) ** 2 * np.tan(np.radians(51.884)))
    assert geocentric == pytest.approx(expected, rel=1e-14)


def test_rotation_is_counter_clockwise_from_the_pole() -> None:
    assert earth.rotate_z([1.0, 0.0, 5.0], np.pi / 2) == pytest.approx([0, 1, 5])
    many = earth.rotate_z(np.array([1.0, 2.0, 3.0]), np.array([0.0, 0.5]))
    assert many.shape == (2, 3)
    assert earth.rotate_z(many[1], -0.5) == pytest.approx([1, 2, 3])


def test_a_rocket_on_the_pad_stands_still_in_the_air() -> None:
    rate = 7.292115e-5
    r = earth.site_position(0.5, 1.0, 0.0, A, F)
    v = np.cross([0, 0, rate], r)
    assert earth.air_relative_velocity(r, v, rate) == pytest.approx([0, 0, 0], abs=1e-10)
    east, _, _ = earth.local_axes(0.5, 1.0)
    relative = earth.air_relative_velocity(r, v, rate, 50.0 * east)
    assert relative == pytest.approx(-50.0 * east, abs=1e-10)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_vector_of_the_wrong_length_is_refused(which: int) -> None:
    arguments: list[Any] = [np.ones(3), np.ones(3), np.ones(3)]
    for wrong in (np.ones(2), np.ones((3, 4)), 1.0, ca.SX.sym("x", 4)):
        arguments[which] = wrong
        with pytest.raises(ShapeError, match="length 3"):
            earth.air_relative_velocity(arguments[0], arguments[1], 7e-5, arguments[2])


def test_great_circle_distance() -> None:
    assert earth.great_circle_distance(0.0, 0.0, 0.0, np.pi / 2, A) == pytest.approx(A * np.pi / 2)
    assert earth.great_circle_distance(0.2, 1.0, -0.2, 1.0 + np.pi, A) == pytest.approx(A * np.pi)
    assert earth.great_circle_distance(0.2, 1.0, 0.2, 1.0, A) < 1e-6
    step = earth.great_circle_distance(0.8, 1.0, 0.8, 1.0 + 1e-7, A)
    assert step == pytest.approx(A * np.cos(0.8) * 1e-7, rel=1e-6)
    rng = np.random.default_rng(1)
    lat, lon = rng.uniform(-1.5, 1.5, (2, 50)), rng.uniform(-3, 3, (2, 50))
    up = [earth.local_axes(lat[k], lon[k])[2] for k in (0, 1)]
    expected = A * np.arccos(np.sum(up[0] * up[1], axis=1))
    found = earth.great_circle_distance(lat[0], lon[0], lat[1], lon[1], A)
    assert found == pytest.approx(expected, rel=1e-9)


CASES: dict[str, tuple[Callable[..., Any], tuple[int, ...]]] = {
    "gravity": (lambda r: earth.gravity(r, MU, RADIUS, ZONALS), (3,)),
    "altitude": (lambda r: earth.geodetic_altitude(r, A, F), (3,)),
    "latitude": (lambda r: earth.geodetic(r, A, F)[0], (3,)),
    "longitude": (lambda r: earth.geodetic(r, A, F)[1], (3,)),
    "height": (lambda r: earth.geodetic(r, A, F)[2], (3,)),
    "site": (lambda a, b, c: earth.site_position(a, b, c, A, F), (1, 1, 1)),
    "east": (lambda a, b: earth.local_axes(a, b)[0], (1, 1)),
    "north": (lambda a, b: earth.local_axes(a, b)[1], (1, 1)),
    "up": (lambda a, b: earth.local_axes(a, b)[2], (1, 1)),
    "geocentric": (lambda a, b: earth.geocentric_latitude(a, b, A, F), (1, 1)),
    "rotate": (earth.rotate_z, (3, 1)),
    "air": (lambda r, v, w: earth.air_relative_velocity(r, v, 7e-5, w), (3, 3, 3)),
    "distance": (lambda a, b, c, d: earth.great_circle_distance(a, b, c, d, A), (1, 1, 1, 1)),
}


@pytest.mark.parametrize("name", CASES)
def test_numbers_arrays_and_symbols_agree(name: str) -> None:
    function, sizes = CASES[name]
    rng = np.random.default_rng(7)
    inputs = [
        rng.uniform(5e6, 7e6, (20, 3)) if n == 3 else rng.uniform(0.1, 1.4, 20) for n in sizes
    ]
    symbols = [ca.SX.sym(f"s{k}", n) for k, n in enumerate(sizes)]
    compiled = ca.Function("f", symbols, [function(*symbols)])
    arrays = np.asarray(function(*inputs))
    for k in range(20):
        one = np.asarray(function(*[x[k] for x in inputs]))
        symbolic = compiled(*[x[k] for x in inputs]).full().ravel()
        scale = float(np.linalg.norm(np.atleast_1d(one)))
        assert np.abs(np.ravel(arrays[k]) - np.ravel(one)).max() <= ROUNDING * scale
        # Heights of 1e6 m come from subtracting radii of 1e7 m.
        digits = ROUNDING * max(scale, A if name in {"altitude", "height"} else 0.0)
        assert np.abs(symbolic - np.ravel(one)).max() <= digits
