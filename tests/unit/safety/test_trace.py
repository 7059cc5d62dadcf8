"""The impact point's trace, held against a numerical fall and against what must not change."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from cosmodrome.errors import InputError
from cosmodrome.safety.trace import impact_trace
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import rotations, turn_state
from cosmodrome.world.polygons_geodesic import distance_m
from cosmodrome.world.state import Trajectory

EARTH = Environment()
START = Epoch.parse("2027-03-20T12:00:00Z")


def thrown(
    latitude_deg: float = 52.0,
    height_m: float = 150e3,
    up: float = 800.0,
    east: float = 500.0,
    north: float = 3000.0,
) -> Any:
    """An Earth-fixed state over 128 deg E as GCRF."""
    a = EARTH.equatorial_radius_m + height_m
    lat, lon = math.radians(latitude_deg), math.radians(128.0)
    out = np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])
    side = np.array([-math.sin(lon), math.cos(lon), 0.0])
    r = a * out
    v = up * out + east * side + north * np.cross(out, side)
    r, v = turn_state("ITRF", "GCRF", START, np.zeros(1), r[None], v[None])
    return r[0], v[0]


def coast(state: Any, times: Any) -> Any:
    """Two bodies, by numbers."""

    def pull(_: Any, y: Any) -> Any:
        return np.concatenate([y[3:], -EARTH.mu_m3_s2 * y[:3] / np.linalg.norm(y[:3]) ** 3])

    found = solve_ivp(
        pull, (0.0, times[-1]), np.concatenate(state), t_eval=times, rtol=1e-12, atol=1e-6
    )
    return found.y.T


def fixed_height(t: Any, r: Any) -> Any:
    from cosmodrome.world.earth import geodetic

    turned = np.einsum("nij,nj->ni", rotations("GCRF", "ITRF", START, t), r)
    return geodetic(turned, EARTH.equatorial_radius_m, EARTH.flattening)


def trace_of(times: Any, states: Any, **more: Any) -> Any:
    flight = Trajectory(START, "GCRF", times, states[:, :3], states[:, 3:], **more)
    return impact_trace(flight)


def test_a_coasting_body_keeps_its_impact_point_on_the_turning_earth() -> None:
    times = np.linspace(0.0, 120.0, 61)
    found = trace_of(times, coast(thrown(), times))
    away = distance_m(
        found.latitude_rad[0], found.longitude_rad[0], found.latitude_rad, found.longitude_rad
    )
    assert np.max(away) < 1.0
    assert np.ptp(found.t_s + found.fall_s) < 1e-3


def test_the_impact_is_where_a_numerical_fall_ends() -> None:
    r, v = thrown()
    found = trace_of(np.array([0.0, 1.0]), coast((r, v), np.array([0.0, 1.0])))
    times = found.fall_s[0] + np.linspace(-0.5, 0.5, 101)
    path = coast((r, v), np.concatenate([[0.0], times]))[1:]
    latitude, longitude, height = fixed_height(times, path[:, :3])
    k = int(np.argmin(np.abs(height)))
    assert height[0] > 0.0 > height[-1]
    share = float(np.interp(0.0, -np.asarray(height), times))
    assert share == pytest.approx(found.fall_s[0], abs=1e-3)
    away = distance_m(latitude[k], longitude[k], found.latitude_rad[0], found.longitude_rad[0])
    assert float(away) < 30.0  # the path moves 25 m between two of these instants
    exact = [float(np.interp(found.fall_s[0], times, np.asarray(x))) for x in (latitude, longitude)]
    assert (
        float(distance_m(exact[0], exact[1], found.latitude_rad[0], found.longitude_rad[0])) < 1.0
    )


def test_an_earth_that_stood_still_would_be_seen() -> None:
    """The fault: the ground's turn during the fall left out shifts the point by kilometres."""
    r, v = thrown()
    found = trace_of(np.array([0.0, 1.0]), coast((r, v), np.array([0.0, 1.0])))
    end = coast((r, v), np.array([0.0, found.fall_s[0]]))[-1]
    latitude, longitude, _ = fixed_height(np.zeros(1), end[None, :3])
    away = distance_m(latitude[0], longitude[0], found.latitude_rad[0], found.longitude_rad[0])
    assert float(away) > 50e3


def test_the_trace_ends_where_the_perigee_rises_above_the_ground() -> None:
    r, v = thrown(up=0.0, east=0.0, north=7000.0, height_m=200e3)
    outward = v / np.linalg.norm(v)
    times = np.linspace(0.0, 100.0, 201)
    speeds = np.linalg.norm(v) + 15.0 * times
    steps = np.concatenate([[0.0], np.cumsum(0.5 * (speeds[1:] + speeds[:-1]) * np.diff(times))])
    states = np.hstack([r + steps[:, None] * outward, speeds[:, None] * outward])
    found = trace_of(times, states)
    assert found.left_s is not None
    assert 0.0 < found.left_s < 100.0
    assert found.t_s[-1] < found.left_s
    assert np.all(np.isfinite(found.range_m))
    # Close to its end it has been followed in short steps.
    steps_m = distance_m(
        found.latitude_rad[:-1], found.longitude_rad[:-1],
        found.latitude_rad[1:], found.longitude_rad[1:],
    )  # fmt: skip
    assert np.median(steps_m[-50:]) < 25e3


def test_on_the_pad_the_impact_point_is_the_pad() -> None:
    r = np.array([EARTH.equatorial_radius_m, 0.0, 0.0])[None].repeat(2, 0)
    times = np.array([0.0, 1.0])
    r, v = turn_state("ITRF", "GCRF", START, times, r, np.zeros((2, 3)))
    found = impact_trace(Trajectory(START, "GCRF", times, r, v))
    assert found.fall_s[0] == pytest.approx(0.0, abs=0.1)
    assert found.latitude_rad[0] == pytest.approx(0.0, abs=1e-7)
    assert found.longitude_rad[0] == pytest.approx(0.0, abs=1e-6)


def test_time_under_power_is_counted_by_phase() -> None:
    times = np.array([0.0, 10.0, 20.0, 20.0, 30.0, 40.0])
    r, v = thrown()
    states = np.concatenate(
        [coast((r, v), times[:3]), coast((r, v), np.array([0.0, 20.0, 30.0, 40.0]))[1:]]
    )
    flight = Trajectory(
        START, "GCRF", times, states[:, :3], states[:, 3:],
        segments=(("burn", 0, 3), ("coast", 3, 6)),
    )  # fmt: skip
    found = impact_trace(flight, powered=[True, True, True, False, False, False])
    assert found.powered_s[-1] == pytest.approx(20.0)
    assert found.legs[0] == "burn"
    assert found.legs[-1] == "coast"


def test_another_fall_can_be_handed_in() -> None:
    def straight_down(t: Any, *_: Any) -> Any:
        n = t.size
        return np.full(n, 0.5), np.full(n, 3.5), np.full(n, 7.0)

    times = np.array([0.0, 1.0])
    states = coast(thrown(), times)
    flight = Trajectory(START, "GCRF", times, states[:, :3], states[:, 3:])
    found = impact_trace(flight, fall=straight_down, how="down a shaft")
    assert found.how == "down a shaft"
    assert found.longitude_rad[0] == pytest.approx(3.5 - 2.0 * math.pi)


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_states_are_refused(count: Any) -> None:
    times = np.arange(float(count))
    empty = np.ones((count, 3))
    with pytest.raises(InputError):
        impact_trace(Trajectory(START, "GCRF", times, empty, empty))


def test_an_orbit_comes_down_nowhere() -> None:
    times = np.linspace(0.0, 10.0, 11)
    states = coast(thrown(up=0.0, north=8200.0, height_m=400e3), times)
    with pytest.raises(InputError, match="nowhere"):
        trace_of(times, states)


def test_flags_of_power_must_fit() -> None:
    times = np.array([0.0, 1.0])
    states = coast(thrown(), times)
    flight = Trajectory(START, "GCRF", times, states[:, :3], states[:, 3:])
    with pytest.raises(InputError, match="flag"):
        impact_trace(flight, powered=[True])
