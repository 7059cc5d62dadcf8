"""The bound that no pass is missed by, held against how curves do bend."""

import math

import numpy as np
import pytest

from cosmodrome.orbit.coverage import _Swath
from cosmodrome.orbit.motion import Motion, Sgp4
from cosmodrome.orbit.sight import Fleet, Sight, fleet
from cosmodrome.world.earth import local_axes, site_position
from cosmodrome.world.epoch import Epoch

START = Epoch.parse("2026-03-01T00:00:00Z")
MU = 3.986004418e14
SHAPES = [(6.75e6, 0.001), (7.5e6, 0.02), (2.65e7, 0.74), (2.66e7, 0.01), (4.2164e7, 0.0)]


@pytest.fixture(scope="module")
def ships() -> Fleet:
    """Low, long, middle and high orbits, each at three inclinations."""
    motions: list[Motion] = [
        Sgp4(START, math.sqrt(MU / a**3), e, tilt, 1.0 + tilt, 2.0, 0.5)
        for a, e in SHAPES
        for tilt in (0.01, 1.1, 1.7)
    ]
    return fleet(tuple(motions), START, 86400.0)


def curves(ships: Fleet) -> list[Sight | _Swath]:
    latitude, longitude = np.radians([5.0, -52.0, 89.0]), np.radians([0.0, 100.0, -60.0])
    places = np.asarray(site_position(latitude, longitude, 300.0, 6378137.0, 1 / 298.257))
    up = np.asarray(local_axes(latitude, longitude)[2])
    unit = places / np.linalg.norm(places, axis=1)[:, None]
    masks = [np.full(3, math.sin(math.radians(x))) for x in (0.0, 10.0, 60.0)]
    swaths = [_Swath(ships, unit, math.cos(x)) for x in (0.01, 0.3)]
    return [*(Sight(ships, places, up, mask) for mask in masks), *swaths]


def test_no_curve_bends_upwards_by_more_than_its_ceiling(ships: Fleet) -> None:
    rng = np.random.default_rng(3)
    count = 6000
    for curve in curves(ships):
        key = rng.integers(0, 3 * len(ships.motions), count)
        span = np.minimum(ships.step_s[key // 3] * rng.uniform(0.01, 1.0, count), 80000.0)
        begin = rng.uniform(0.0, 86000.0 - span)
        first, last = curve.at(key, begin), curve.at(key, begin + span)
        middle = begin + span * rng.uniform(0.0, 1.0, count)
        # Slopes 0.2 s apart: rounding leaves 1e-6 m/s2.
        bend = (curve.at(key, middle + 0.1).slope - curve.at(key, middle - 0.1).slope) / 0.2
        ceiling = curve.ceiling(first, last)
        assert np.all(bend <= ceiling)
        # And it is not so loose that the search would have to look everywhere.
        assert np.median(ceiling - bend) < 30.0


def test_slopes_are_those_of_the_values_within_the_slack(ships: Fleet) -> None:
    rng = np.random.default_rng(4)
    key = rng.integers(0, 3 * len(ships.motions), 500)
    t = rng.uniform(10.0, 86000.0, 500)
    for curve in curves(ships):
        slope = (curve.at(key, t + 0.05).value - curve.at(key, t - 0.05).value) / 0.1
        points = curve.at(key, t)
        assert np.all(np.abs(points.slope - slope) <= curve.slack(points))
        # SGP4's own velocities: centimetres per second off in low orbit, metres in deep space.
        assert curve.slack(points).min() < 1.0
        assert curve.slack(points).max() < 30.0
