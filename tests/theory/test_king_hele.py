"""Contraction of orbits in an exponential atmosphere: King-Hele's closed forms.

D. G. King-Hele, Satellite Orbits in an Atmosphere (1987), chapter 4: a still,
spherical atmosphere of one scale height, a spherical Earth, force along the
track. Bessel functions from scipy.
"""

from __future__ import annotations

from math import exp, pi, sqrt

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ive

from cosmodrome.orbit.averaged import END_ALTITUDE_M, Fall, Sky, drag_rates, fall
from cosmodrome.orbit.averaged_air import ExponentialAir
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import Epoch

RATE = 2e-4  # relative; the series leave out e^4, and H/a e is not expanded in them
CIRCULAR = 2e-4  # relative; steps of 0.3 scale heights in the fourth order
ELLIPTIC = 2e-3  # relative; of King-Hele's own series, third order in e and H/ae left out

BARE = Environment(zonals=(), flattening=0.0, rotation_rad_s=0.0)
RADIUS_M, MU = BARE.equatorial_radius_m, BARE.mu_m3_s2
EPOCH = Epoch.parse("2027-01-01T00:00:00Z")
SCALE_M, DENSITY, REFERENCE_M = 50e3, 2e-11, 300e3
AIR = ExponentialAir(DENSITY, REFERENCE_M, SCALE_M)
B_M2_KG = 0.02


def density(altitude_m: float) -> float:
    return DENSITY * exp(-(altitude_m - REFERENCE_M) / SCALE_M)


def lane(perigee_m: float, eccentricity: float) -> np.ndarray:
    size = (RADIUS_M + perigee_m) / (1.0 - eccentricity)
    return np.array([size, eccentricity, 0.9, 0.3, 0.7])[:, None]


def fallen(perigee_m: float, eccentricity: float, years: float = 30.0) -> Fall:
    b = np.array([B_M2_KG])
    return fall(lane(perigee_m, eccentricity), b, AIR, EPOCH, years * 3.15576e7, BARE)


@pytest.mark.parametrize("eccentricity", [0.0, 1e-3, 0.01, 0.05])
def test_the_rates_are_the_series_in_bessel_functions(eccentricity: float) -> None:
    orbit = lane(300e3, eccentricity)
    a, e = orbit[0, 0], eccentricity
    z = a * e / SCALE_M
    one = np.zeros(1)
    sky = Sky.over(AIR, np.zeros(1, dtype=np.intp), EPOCH, one)
    falls, rounds, _, push = drag_rates(orbit, np.array([B_M2_KG]), sky, BARE)[:, 0]
    # Per second, I_k exp(-z) being ive(k, z): the perigee's density is that at 300 km.
    size = -B_M2_KG * density(300e3) * sqrt(MU * a)
    i0, i1, i2, i3 = (ive(k, z) for k in range(4))
    of_a = i0 + 2 * e * i1 + 0.75 * e**2 * (i0 + i2) + 0.25 * e**3 * (3 * i1 + i3)
    of_x = i1 + 0.5 * e * (3 * i0 + i2) + 0.125 * e**2 * (11 * i1 + i3)
    assert falls == pytest.approx(size * of_a, rel=RATE)
    assert a * rounds + e * falls == pytest.approx(size * of_x, rel=5 * RATE, abs=1e-12)
    if e == 0.0:
        assert push == pytest.approx(-falls / 2.0 * sqrt(MU / a**3), rel=1e-9)


def test_a_circular_orbit_lives_as_long_as_the_quadrature_says() -> None:
    start = 400e3

    def seconds_per_metre(height: float) -> float:
        return 1.0 / (B_M2_KG * density(height) * sqrt(MU * (RADIUS_M + height)))

    expected, _ = quad(seconds_per_metre, END_ALTITUDE_M, start, epsrel=1e-10)
    found = fallen(start, 0.0).end_s[0]
    assert found == pytest.approx(expected, rel=CIRCULAR)
    # And King-Hele's own first order: H / (b rho sqrt(mu a)).
    a = RADIUS_M + start
    assert found == pytest.approx(SCALE_M / (B_M2_KG * density(start) * sqrt(MU * a)), rel=0.01)


def test_the_square_of_the_eccentricity_falls_evenly() -> None:
    """Phase 1 (ae/H above 3): e^2 = e0^2 (1 - t/L), L = 3/4 e0 T0 / |dT/dt|."""
    e0 = 0.08
    found = fallen(300e3, e0)
    size = 0.5 * (found.perigee_m + found.apogee_m)[:, 0] + RADIUS_M
    e = 0.5 * (found.apogee_m - found.perigee_m)[:, 0] / size
    early = (size * e / SCALE_M > 3.0) & (e > 0.3 * e0)
    share = 1.0 - (e[early] / e0) ** 2
    slope = share[1:] / found.t_s[early, 0][1:]
    assert share.max() > 0.8
    assert slope.min() == pytest.approx(slope.max(), rel=0.12)
    period = 2.0 * pi * sqrt(size[0] ** 3 / MU)
    falls = drag_rates(
        lane(300e3, e0),
        np.array([B_M2_KG]),
        Sky.over(AIR, np.zeros(1, dtype=np.intp), EPOCH, np.zeros(1)),
        BARE,
    )[0, 0]
    period_rate = 1.5 * period * falls / size[0]
    first_order = 0.75 * e0 * period / -period_rate
    # What King-Hele multiplies it by (RAE Technical Report 77111, for e below 0.2).
    y = SCALE_M / (size[0] * e0)
    factor = 1.0 + 7.0 / 6.0 * e0 + 5.0 / 16.0 * e0**2
    factor += 0.5 * y * (1.0 + 11.0 / 12.0 * e0 + 0.75 * y + 0.75 * y * y)
    assert found.end_s[0] / first_order == pytest.approx(factor, rel=ELLIPTIC)


def test_a_plate_twice_as_light_falls_in_half_the_time() -> None:
    start = np.repeat(lane(400e3, 0.01), 2, axis=1)
    found = fall(start, np.array([0.02, 0.04]), AIR, EPOCH, 3e9, BARE)
    assert found.end_s[0] == pytest.approx(2.0 * found.end_s[1], rel=1e-3)
