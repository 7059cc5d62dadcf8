"""Falls with drag against another formulation and another integrator.

Earth-fixed spherical coordinates with Coriolis and centrifugal terms, gravity
from the derivatives of Legendre polynomials, height by iteration, the standard
atmosphere itself instead of its table; SciPy's DOP853 with rtol 1e-10 and its
own event search.
"""

from __future__ import annotations

from math import asin, atan2, cos, degrees, hypot, radians, sin, sqrt
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from cosmodrome.flight.fall import Bodies, WindProfiles, fall
from cosmodrome.world import air, earth
from cosmodrome.world.environment import Environment

EARTH = Environment()
AGREE_M = 1.0  # 0.4 m is found; 1 % of drag is worth 100 m and more
AGREE_S = 0.01

# Height km, speed m/s over the ground, climb, heading, latitude deg, ballistic kg/m2, wind m/s.
FALLS = [
    (45.0, 1500.0, 35.0, 340.0, 51.9, 130.0, (0.0, 0.0)),
    (70.0, 2500.0, 25.0, 10.0, 51.9, 300.0, (30.0, -10.0)),
    (130.0, 2700.0, 17.0, 95.0, 5.2, 20.0, (-20.0, 5.0)),
    (160.0, 5200.0, 4.0, 190.0, 34.4, 160.0, (0.0, 40.0)),
    (180.0, 6800.0, 1.0, 72.0, 28.6, 488.0, (0.0, 0.0)),
]


def geodetic_height(radius: float, latitude: float) -> tuple[float, float]:
    """Height over the ellipsoid and geodetic latitude, by iteration on the latitude."""
    a, f = EARTH.equatorial_radius_m, EARTH.flattening
    e2 = f * (2.0 - f)
    p, z = radius * cos(latitude), radius * sin(latitude)
    phi = latitude
    for _ in range(12):
        n = a / sqrt(1.0 - e2 * sin(phi) ** 2)
        phi = atan2(z + e2 * n * sin(phi), p)
    n = a / sqrt(1.0 - e2 * sin(phi) ** 2)
    return p * cos(phi) + z * sin(phi) - a * a / n, phi


def pull(radius: float, latitude: float) -> tuple[float, float]:
    """Gravity outward and northward, of J2 to J4."""
    s = sin(latitude)
    legendre = {
        2: (0.5 * (3 * s**2 - 1), 3 * s),
        3: (0.5 * (5 * s**3 - 3 * s), 0.5 * (15 * s**2 - 3)),
        4: (0.125 * (35 * s**4 - 30 * s**2 + 3), 0.125 * (140 * s**3 - 60 * s)),
    }
    out, north = 1.0, 0.0
    for n, coefficient in zip((2, 3, 4), EARTH.zonals, strict=True):
        share = coefficient * (EARTH.gravity_radius_m / radius) ** n
        out -= (n + 1) * share * legendre[n][0]
        north -= share * legendre[n][1] * cos(latitude)
    scale = EARTH.mu_m3_s2 / radius**2
    return -scale * out, scale * north


def rate(_t: float, y: Any, ballistic: float, wind: tuple[float, float]) -> list[float]:
    radius, latitude, _, ve, vn, vu = y
    w = EARTH.rotation_rad_s
    height, geodetic = geodetic_height(radius, latitude)
    # The wind blows along the ground of the ellipsoid's own east and the radius's north,
    # as `forces.wind_law` takes it.
    du, de, dn = vu, ve - wind[0], vn - wind[1]
    speed = sqrt(de * de + dn * dn + du * du)
    density = float(air.us76(height).density_kg_m3)
    brake = -0.5 * density * speed / ballistic
    gu, gn = pull(radius, latitude)
    s, c = sin(latitude), cos(latitude)
    tan = s / c
    ae = brake * de + ve * vn * tan / radius - ve * vu / radius + 2.0 * w * (vn * s - vu * c)
    an = brake * dn - ve * ve * tan / radius - vn * vu / radius
    an += gn - 2.0 * w * ve * s - w * w * radius * s * c
    au = brake * du + (ve * ve + vn * vn) / radius + gu + 2.0 * w * ve * c + w * w * radius * c * c
    assert abs(geodetic - latitude) < 0.004
    return [vu, vn / radius, ve / (radius * c), ae, an, au]


def spherical_fall(row: tuple[Any, ...]) -> tuple[float, float, float]:
    """Geodetic latitude, longitude and time of impact."""
    height_km, speed, climb, heading, latitude, ballistic, wind = row
    a, f = EARTH.equatorial_radius_m, EARTH.flattening
    r = earth.site_position(radians(latitude), 0.0, 1e3 * height_km, a, f)
    radius = float(np.linalg.norm(r))
    centric = asin(r[2] / radius)
    tilt = radians(latitude) - centric
    north, up = speed * cos(radians(climb)) * cos(radians(heading)), speed * sin(radians(climb))
    east = speed * cos(radians(climb)) * sin(radians(heading))
    # From the ellipsoid's vertical to the radius.
    vn, vu = north * cos(tilt) + up * sin(tilt), up * cos(tilt) - north * sin(tilt)

    def ground(_t: float, y: Any, *_: Any) -> float:
        return geodetic_height(y[0], y[1])[0]

    ground.terminal, ground.direction = True, -1  # type: ignore[attr-defined]
    done = solve_ivp(
        rate, (0.0, 5000.0), [radius, centric, 0.0, east, vn, vu], args=(ballistic, wind),
        method="DOP853", events=ground, rtol=1e-10, atol=1e-8,
    )  # fmt: skip
    assert done.status == 1
    y = done.y[:, -1]
    return geodetic_height(y[0], y[1])[1], float(y[2]), float(done.t[-1])


@pytest.mark.parametrize("row", FALLS, ids=lambda row: f"{row[0]:.0f} km, {row[5]:.0f} kg/m2")
def test_another_formulation_comes_down_in_the_same_place(row: tuple[Any, ...]) -> None:
    height_km, speed, climb, heading, latitude, ballistic, wind = row
    a, f = EARTH.equatorial_radius_m, EARTH.flattening
    r = earth.site_position(radians(latitude), 0.0, 1e3 * height_km, a, f)
    east, north, up = earth.local_axes(radians(latitude), 0.0)
    level = sin(radians(heading)) * east + cos(radians(heading)) * north
    v = speed * (cos(radians(climb)) * level + sin(radians(climb)) * up)
    v = v + np.cross([0.0, 0.0, EARTH.rotation_rad_s], r)
    bodies = Bodies(r[None], v[None], np.zeros(1), np.array([1.0 / ballistic]))
    blowing = WindProfiles(np.array([0.0, 1e5]), np.full((1, 2), wind[0]), np.full((1, 2), wind[1]))
    landing = fall(bodies, EARTH, winds=blowing)
    wanted_latitude, wanted_longitude, wanted_s = spherical_fall(row)
    x = (landing.longitude_rad[0] - wanted_longitude) * cos(wanted_latitude) * a
    y = (landing.latitude_rad[0] - wanted_latitude) * a
    assert hypot(x, y) < AGREE_M, (x, y, degrees(wanted_latitude))
    assert abs(landing.t_s[0] - wanted_s) < AGREE_S
