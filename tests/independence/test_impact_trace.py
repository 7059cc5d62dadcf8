"""The impact point in closed form against the fall that is stepped through, and through air."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from cosmodrome.safety.trace import ImpactTrace, impact_trace
from cosmodrome.safety.trace_drag import LIGHTEST_KG_M2, dragged_fall
from cosmodrome.world.environment import Atmosphere, Environment
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import turn_state
from cosmodrome.world.polygons_geodesic import destination, distance_m
from cosmodrome.world.state import Trajectory

START = Epoch.parse("2027-03-20T12:00:00Z")
BARE = Environment(zonals=(), atmosphere=Atmosphere("none"))


def climb(azimuth_deg: float) -> Trajectory:
    """States along a made-up ascent, as if pushed from one to the next; Earth-fixed at first."""
    times = np.linspace(0.0, 300.0, 61)
    share = times / 300.0
    height = 150e3 * share**1.5
    speed = 200.0 + 5200.0 * share**2
    climbing = np.radians(80.0 * (1.0 - share) + 2.0)
    lat0, lon0 = math.radians(51.9), math.radians(128.3)
    way = 400e3 * share**2
    azimuth = math.radians(azimuth_deg)
    latitude, longitude = (np.asarray(x) for x in destination(lat0, lon0, azimuth, way))
    out = np.column_stack(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude),
         np.sin(latitude)]
    )  # fmt: skip
    east = np.column_stack([-np.sin(longitude), np.cos(longitude), 0.0 * longitude])
    north = np.cross(out, east)
    ahead = math.cos(azimuth) * north + math.sin(azimuth) * east
    r = (6378137.0 + height)[:, None] * out
    v = speed[:, None] * (np.sin(climbing)[:, None] * out + np.cos(climbing)[:, None] * ahead)
    r, v = turn_state("ITRF", "GCRF", START, times, r, v)
    return Trajectory(START, "GCRF", times, r, v)


def apart_m(one: ImpactTrace, other: ImpactTrace) -> Any:
    return np.asarray(
        distance_m(one.latitude_rad, one.longitude_rad, other.latitude_rad, other.longitude_rad)
    )


def traced(azimuth_deg: float, **more: Any) -> ImpactTrace:
    return impact_trace(climb(azimuth_deg), step_s=20.0, apart_m=math.inf, **more)


@pytest.mark.parametrize("azimuth_deg", [0.0, 90.0, 200.0, 275.0])
def test_closed_form_and_steps_agree_in_a_vacuum(azimuth_deg: float) -> None:
    closed = traced(azimuth_deg)
    stepped = traced(azimuth_deg, fall=dragged_fall(START, 1e30, BARE))
    assert closed.range_m[-1] > 1000e3
    assert np.max(apart_m(closed, stepped)) < 10.0
    assert np.max(np.abs(closed.fall_s - stepped.fall_s)) < 0.01


def test_oblateness_is_worth_what_is_said() -> None:
    stepped = traced(
        0.0, fall=dragged_fall(START, 1e30, Environment(atmosphere=Atmosphere("none")))
    )
    away = apart_m(traced(0.0), stepped)
    assert 100.0 < np.max(away) < 3000.0


def test_air_brings_light_debris_down_short() -> None:
    closed = traced(60.0)
    braked = traced(60.0, fall=dragged_fall(START))
    assert abs(LIGHTEST_KG_M2 - 14.65) < 0.01
    assert braked.range_m[-1] < closed.range_m[-1] - 5e3
    assert np.all(braked.fall_s[1:] > closed.fall_s[1:])


def test_debris_needs_a_ballistic_coefficient() -> None:
    from cosmodrome.errors import InputError

    for value in (0.0, -1.0, math.nan):
        with pytest.raises(InputError):
            dragged_fall(START, value)
