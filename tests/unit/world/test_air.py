"""Air at any altitude a solver may try: finite, smooth, the same for numbers and symbols."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import casadi as ca
import numpy as np
import pytest

from cosmodrome.world import air, us76_fit
from cosmodrome.world.air import AirState, exponential, us76

FIELDS = AirState._fields
REACHABLE_M = np.concatenate(
    [np.linspace(-1e3, 130e3, 263), np.geomspace(130e3, 1e9, 60), [-6356766.0, -7e6]]
)


def delta3(altitude_m: Any) -> AirState:
    return exponential(altitude_m, 1.225, 7200.0)


def vacuum_side(altitude_m: Any) -> AirState:
    return us76(altitude_m, above_m=80e3)


def far_side(altitude_m: Any) -> AirState:
    return us76(altitude_m, above_m=100e3)


MODELS = [us76, vacuum_side, far_side, delta3]


def with_derivatives(function: Callable[[Any], Any], field: str) -> ca.Function:
    """Value, slope and curvature of one field."""
    z = ca.SX.sym("z")
    value = ca.SX(getattr(function(z), field))
    bend, slope = ca.hessian(value, z)
    return ca.Function("f", [z], [value, slope, bend])


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("model", MODELS)
def test_numbers_arrays_and_symbols_agree(model: Callable[[Any], Any], field: str) -> None:
    compiled = with_derivatives(model, field)
    many = getattr(model(REACHABLE_M.reshape(5, -1)), field).ravel()
    assert many.size == REACHABLE_M.size
    for k, z in enumerate(REACHABLE_M):
        one = float(getattr(model(float(z)), field))
        assert many[k] == pytest.approx(one, rel=1e-12)
        assert float(compiled(z)[0]) == pytest.approx(one, rel=1e-12)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("model", MODELS)
def test_no_derivative_is_ever_infinite(model: Callable[[Any], Any], field: str) -> None:
    compiled = with_derivatives(model, field)
    edges = [row[0] for row in air._ROWS] + [1e3 * km for km in us76_fit.JOINTS_KM]
    blends = [z + d for z in [*edges, 86e3, 91e3, 110e3, 120e3] for d in (-240.0, 0.0, 240.0)]
    for z in [*REACHABLE_M, *blends, -5000.0]:
        assert np.isfinite([float(v) for v in compiled(z)]).all()


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("model", [us76, vacuum_side])
def test_slope_and_curvature_are_continuous(model: Callable[[Any], Any], field: str) -> None:
    compiled = with_derivatives(model, field).map(40001)
    ranges = ((-1e3, 79e3), (80.5e3, 130e3), (130e3, 1200e3))
    for low, high in ranges[model is vacuum_side :]:
        z = np.linspace(low, high, 40001)
        value, slope, bend = (row.full().ravel() for row in compiled(z))
        step = z[1] - z[0]
        # The trapezoid rule on the next derivative gives each change back, save for
        # a jump: one in slope or curvature would show at full height.
        for lower, upper in ((value, slope), (slope, bend)):
            change = np.diff(lower)
            miss = change - step * (upper[1:] + upper[:-1]) / 2
            scale = np.abs(change).max() + 1e-14 * np.abs(lower).max()
            assert np.abs(miss).max() <= 0.02 * scale
        jump = np.abs(np.diff(bend)).max()
        assert jump <= 0.1 * np.abs(bend).max() + 1e-30


def test_pressure_and_density_fall_all_the_way() -> None:
    z = np.concatenate([np.linspace(-4e3, 1300e3, 26001), np.geomspace(1.31e6, 1e9, 200)])
    state = us76(z)
    for field in ("pressure_pa", "density_kg_m3"):
        y = getattr(state, field)
        assert (np.diff(y) < 0.0).all()
        assert y[-1] > 0.0


def test_beyond_1000_km_the_scale_height_goes_on() -> None:
    z = np.array([900e3, 990e3, 1010e3, 1100e3])
    height = 1e3 / (np.log(us76(z - 500).density_kg_m3) - np.log(us76(z + 500).density_kg_m3))
    assert (np.diff(height) > 0.0).all()
    assert height[2] / height[1] < 1.1


@pytest.mark.parametrize("field", ["pressure_pa", "density_kg_m3"])
def test_the_join_at_1000_km_is_smooth_in_the_logarithm(field: str) -> None:
    z = ca.SX.sym("z")
    bend, slope = ca.hessian(ca.log(getattr(us76(z), field)), z)
    both = ca.Function("both", [z], [slope, bend])
    below, above = ([float(v) for v in both(1e6 + d)] for d in (-0.1, 0.1))
    assert above == pytest.approx(below, rel=1e-4)


@pytest.mark.parametrize(
    "above_m", [-1e3, 5e3, 11.5e3, 48e3, 80e3, 85.8e3, 86.3e3, 123.76e3, 400e3, 1100e3]
)
def test_promising_an_altitude_changes_nothing_above_it(above_m: float) -> None:
    z = np.linspace(above_m, above_m + 40e3, 2001)
    for a, b in zip(us76(z), us76(z, above_m=above_m), strict=True):
        assert np.abs(b / a - 1.0).max() < 1e-12


def test_promising_an_altitude_saves_work() -> None:
    z, weights = ca.SX.sym("z"), ca.SX.sym("weights", 3)

    def size(above_m: float | None) -> int:
        # With both derivatives, which is what a solver pays for.
        state = ca.vertcat(*us76(z, above_m=above_m)[1:])
        bend, slope = ca.hessian(ca.dot(weights, state), z)
        return int(ca.Function("f", [z, weights], [state, slope, bend]).n_instructions())

    assert size(None) < 1750
    assert size(80e3) < 0.9 * size(None)
    assert size(100e3) < 0.6 * size(None)
    assert size(150e3) < 0.5 * size(None)


def test_a_field_nobody_reads_costs_nothing() -> None:
    z = ca.SX.sym("z")
    assert ca.Function("f", [z], [us76(z).sound_speed_m_s]).n_instructions() < 200


def test_sound_speed_holds_above_86_km() -> None:
    assert us76(0.0).sound_speed_m_s == pytest.approx(340.294, rel=1e-5)
    assert us76(np.array([86.5e3, 120e3, 1e7])).sound_speed_m_s == pytest.approx([274.096] * 3)


def test_exponential_air() -> None:
    z = np.array([0.0, 7200.0, 72000.0])
    state = exponential(z, 1.225, 7200.0)
    assert state.density_kg_m3 == pytest.approx(1.225 * np.exp([0, -1, -10]), rel=1e-15)
    assert state.temperature_k == pytest.approx([288.15] * 3)
    assert state.pressure_pa == pytest.approx(state.density_kg_m3 * 287.053 * 288.15, rel=1e-5)
    assert state.sound_speed_m_s == pytest.approx([340.294] * 3, rel=1e-5)


def test_exponential_air_does_not_overflow_inside_the_earth() -> None:
    state = exponential(np.array([-6.4e6, 1e12]), 1.225, 7200.0)
    assert np.isfinite(np.array(state)).all()
    assert state.density_kg_m3[0] < 1e10
    assert 0.0 < state.density_kg_m3[1] < 1e-200
