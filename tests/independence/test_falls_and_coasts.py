"""Closed forms of falls and coasts against step-by-step integration."""

from __future__ import annotations

from math import pi, sqrt
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from cosmodrome.flight.impact import vacuum_impact
from cosmodrome.orbit.arc import kepler_step, oblate_step
from cosmodrome.world import earth
from cosmodrome.world.environment import Environment

EARTH = Environment()
RADIUS_M = 6.371e6
FALL_M, FALL_S = 1e-3, 1e-6  # the integration's own error over half an hour
COAST_M = 0.5  # stated by `oblate_step`, over half a revolution in twelve steps
COAST_M_S = 1e-3  # the same at the orbit's 1.2e-3 rad/s, rounded up


def turning(_t: float, y: Any) -> Any:
    """Point mass seen from the turning Earth: Coriolis and centrifugal terms."""
    r, v, w = y[:3], y[3:], EARTH.rotation_rad_s
    pull = -EARTH.mu_m3_s2 * r / np.linalg.norm(r) ** 3
    coriolis = 2.0 * w * np.array([v[1], -v[0], 0.0])
    return np.concatenate([v, pull + coriolis + w * w * np.array([r[0], r[1], 0.0])])


def ground_hit(r: Any, v: Any) -> tuple[Any, float]:
    """Where and when a body comes down, by integrating in Earth-fixed axes."""
    moving = v - np.cross([0.0, 0.0, EARTH.rotation_rad_s], r)

    def above(_t: float, y: Any) -> float:
        return float(np.linalg.norm(y[:3]) - RADIUS_M)

    above.terminal, above.direction = True, -1  # type: ignore[attr-defined]
    done = solve_ivp(
        turning, (0.0, 6000.0), np.concatenate([r, moving]),
        method="DOP853", events=above, rtol=1e-12, atol=1e-6,
    )  # fmt: skip
    assert done.status == 1
    return done.y[:3, -1], float(done.t[-1])


# Height km, speed m/s, climb and heading deg: from a pad's first minutes to nearly in orbit.
FALLS = [
    (12.0, 600.0, 70.0, 90.0),
    (45.0, 1800.0, 40.0, 10.0),
    (70.0, 2600.0, 25.0, 200.0),
    (150.0, 5200.0, 5.0, 97.0),
    (180.0, 7300.0, 1.0, 60.0),
    (160.0, 4000.0, -20.0, 300.0),
]


@pytest.mark.parametrize(("height_km", "speed", "climb", "heading"), FALLS)
def test_vacuum_impact_is_where_a_fall_ends(
    height_km: float, speed: float, climb: float, heading: float
) -> None:
    east, north, up = earth.local_axes(np.radians(46.0), 0.4)
    r = (RADIUS_M + 1e3 * height_km) * up
    c, h = np.radians(climb), np.radians(heading)
    along = np.cos(h) * north + np.sin(h) * east
    v = speed * (np.cos(c) * along + np.sin(c) * up)
    v = v + np.cross([0.0, 0.0, EARTH.rotation_rad_s], r)
    place, fall = vacuum_impact(r, v, EARTH.mu_m3_s2, RADIUS_M)
    ground = earth.rotate_z(place, -EARTH.rotation_rad_s * float(fall))
    expected, seconds = ground_hit(r, v)
    assert float(fall) == pytest.approx(seconds, abs=FALL_S)
    assert np.linalg.norm(ground - expected) < FALL_M
    # Without the Earth's turn it would come down elsewhere: the turn is really there.
    assert np.linalg.norm(np.asarray(place) - expected) > 1e3


def zonal_pull(r: Any) -> Any:
    """Gradient of the potential by central differences: no formula shared."""

    def potential(at: Any) -> float:
        d = float(np.linalg.norm(at))
        s = at[2] / d
        legendre = (1.5 * s**2 - 0.5, 2.5 * s**3 - 1.5 * s, (35 * s**4 - 30 * s**2 + 3) / 8)
        total = sum(
            j * (EARTH.gravity_radius_m / d) ** n * p
            for n, (j, p) in enumerate(zip(EARTH.zonals, legendre, strict=True), start=2)
        )
        return -EARTH.mu_m3_s2 / d * float(total)

    step = 500.0
    pull = [(potential(r + e) - potential(r - e)) / (2.0 * step) for e in step * np.eye(3)]
    return np.array(pull) - EARTH.mu_m3_s2 * r / np.linalg.norm(r) ** 3


def coast(r: Any, v: Any, seconds: float) -> Any:
    done = solve_ivp(
        lambda _t, y: np.concatenate([y[3:], zonal_pull(y[:3])]),
        (0.0, seconds), np.concatenate([r, v]), method="DOP853", rtol=1e-11, atol=1e-5,
    )  # fmt: skip
    return done.y[:, -1]


def orbit(height_m: float, tilt_deg: float, latitude_argument_deg: float) -> tuple[Any, Any, float]:
    a, i, u = (
        EARTH.equatorial_radius_m + height_m,
        np.radians(tilt_deg),
        np.radians(latitude_argument_deg),
    )
    radial = np.array([np.cos(u), np.sin(u) * np.cos(i), np.sin(u) * np.sin(i)])
    forward = np.array([-np.sin(u), np.cos(u) * np.cos(i), np.cos(u) * np.sin(i)])
    speed = sqrt(EARTH.mu_m3_s2 / a)
    # A little off circular, as a parking orbit is.
    return a * radial, speed * (1.002 * forward + 0.003 * radial), pi * a / speed


@pytest.mark.parametrize(
    ("height_m", "tilt", "where"), [(185e3, 51.6, 40.0), (200e3, 97.5, 170.0), (500e3, 28.5, 300.0)]
)
def test_twelve_arcs_make_half_a_revolution(height_m: float, tilt: float, where: float) -> None:
    r, v, half = orbit(height_m, tilt, where)
    expected = coast(r, v, half)
    for _ in range(12):
        r, v = oblate_step(r, v, half / 12.0, EARTH)
    assert np.linalg.norm(r - expected[:3]) < COAST_M
    assert np.linalg.norm(v - expected[3:]) < COAST_M_S


def test_steps_three_times_as_long_are_seen() -> None:
    """The tolerance is of the size of the error, not far above it."""
    r, v, half = orbit(185e3, 51.6, 40.0)
    expected = coast(r, v, half)
    for _ in range(4):
        r, v = oblate_step(r, v, half / 4.0, EARTH)
    assert np.linalg.norm(r - expected[:3]) > COAST_M


@pytest.mark.parametrize("eccentricity", [0.0, 0.02, 0.3, 0.73])
def test_a_drift_needs_less_effort_than_a_long_step(eccentricity: float) -> None:
    """What an oblate step saves is not to be seen; over three times the angle it is."""
    mu, parameter = EARTH.mu_m3_s2, 6.6e6 * (1.0 + eccentricity)
    worst = {0.16: 0.0, 0.5: 0.0}
    for anomaly in np.linspace(-3.0, 3.0, 61):
        distance = parameter / (1.0 + eccentricity * np.cos(anomaly))
        r = distance * np.array([np.cos(anomaly), np.sin(anomaly), 0.0])
        v = sqrt(mu / parameter) * np.array([-np.sin(anomaly), eccentricity + np.cos(anomaly), 0.0])
        for turn, off in worst.items():
            dt = turn * distance**2 / sqrt(mu * parameter)
            full, less = kepler_step(r, v, dt, mu), kepler_step(r, v, dt, mu, (2, 4))
            apart = np.linalg.norm(np.subtract(full[0], less[0])) / distance
            worst[turn] = max(off, float(apart))
    assert worst[0.16] < 1e-12
    assert worst[0.5] > worst[0.16]
