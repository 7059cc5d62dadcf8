"""Physics written once gives the same numbers with NumPy and with CasADi."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import casadi as ca
import numpy as np
import pytest

from cosmodrome.flight import forces
from cosmodrome.flight.impact import vacuum_impact
from cosmodrome.flight.vehicle import Motor
from cosmodrome.orbit.arc import kepler_step, oblate_step
from cosmodrome.world.environment import Atmosphere, Environment, Wind

# Relative to the largest entry of a vector, else to the number itself: some
# twenty roundings of what goes in.
SAME = 1e-12
# Altitude is a difference of two radii of 6.4e6 m.
ALTITUDE_M = 1e-8
# Air over altitude: what a nanometre of altitude does, and exp and log as each has them.
SAME_AIR = 4e-12

CASES = 60
RANDOM = np.random.default_rng(20270320)
DRAG = ((0.0, 0.3), (0.8, 0.33), (1.1, 0.62), (2.0, 0.45), (5.0, 0.24), (9.0, 0.2))
WINDY = Environment(
    wind=Wind(((0.0, 3.0, 1.0), (9e3, 25.0, -12.0), (14e3, 40.0, 5.0), (3e4, 0.0, 0.0)))
)
ENVIRONMENTS = {
    "us76": Environment(),
    "wind": WINDY,
    "exponential": Environment(
        flattening=0.0, zonals=(), atmosphere=Atmosphere("exponential", 1.225, 7200.0)
    ),
    "vacuum": Environment(atmosphere=Atmosphere("none")),
}


def directions(n: int) -> Any:
    v = RANDOM.normal(size=(n, 3))
    return v / np.linalg.norm(v, axis=1, keepdims=True)


# Heights from the ground to orbit, speeds from the pad's to orbital.
HEIGHTS_M = np.concatenate(
    [RANDOM.uniform(0.0, 9e4, CASES // 2), RANDOM.uniform(9e4, 8e5, CASES // 2)]
)
R = directions(CASES) * (6.378e6 + HEIGHTS_M)[:, None]
V = directions(CASES) * RANDOM.uniform(10.0, 7.9e3, CASES)[:, None]
AXIS = directions(CASES)


def symbolic(function: Callable[..., Any], sizes: tuple[int, ...]) -> ca.Function:
    symbols = [ca.SX.sym(f"a{k}", n) for k, n in enumerate(sizes)]
    return ca.Function("f", symbols, [ca.vertcat(*_flat(function(*symbols)))])


def _flat(result: Any) -> list[Any]:
    return list(result) if isinstance(result, tuple) else [result]


def by_casadi(function: Callable[..., Any], *arrays: Any) -> Any:
    """All cases, one call each, as an array of shape (cases, outputs)."""
    sizes = tuple(1 if a.ndim == 1 else a.shape[1] for a in arrays)
    made = symbolic(function, sizes)
    return np.array([np.asarray(made(*row)).ravel() for row in zip(*arrays, strict=True)])


def by_numpy(function: Callable[..., Any], *arrays: Any) -> Any:
    """All cases in one call on whole arrays."""
    columns = [np.reshape(part, (len(arrays[0]), -1)) for part in _flat(function(*arrays))]
    return np.hstack(columns)


def assert_same(found: Any, other: Any, share: float, floor: float = 0.0) -> None:
    assert found.shape == other.shape
    assert np.isfinite(found).all()
    size = np.maximum(np.abs(found).max(axis=1, keepdims=True), floor)
    assert (np.abs(found - other) <= share * size).all()


def air(environment: Environment) -> Callable[[Any, Any], forces.Conditions]:
    law = forces.drag_law(DRAG)
    return lambda r, v: forces.conditions(r, v, environment, 9.1, law)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_conditions(name: str) -> None:
    function = air(ENVIRONMENTS[name])
    for k, field in enumerate(forces.Conditions._fields):

        def one(r: Any, v: Any, k: int = k) -> Any:
            return function(r, v)[k]

        found, other = by_numpy(one, R, V), by_casadi(one, R, V)
        if field == "altitude_m":
            assert np.abs(found - other).max() < ALTITUDE_M
        else:
            thin = field in ("density_kg_m3", "pressure_pa", "q_pa", "drag_n")
            assert_same(found, other, SAME_AIR if thin else SAME)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_acceleration(name: str) -> None:
    environment = ENVIRONMENTS[name]
    state = air(environment)

    def one(r: Any, v: Any, axis: Any, mass: Any, thrust: Any) -> Any:
        return forces.acceleration(r, mass, thrust, axis, state(r, v), environment)

    mass = RANDOM.uniform(1e3, 5e5, CASES)
    thrust = RANDOM.uniform(0.0, 20.0, CASES) * mass
    arrays = (R, V, AXIS, mass, thrust)
    assert_same(by_numpy(one, *arrays), by_casadi(one, *arrays), SAME_AIR)


def test_body_axis() -> None:
    pitch, yaw = RANDOM.uniform(-4.0, 4.0, CASES), RANDOM.uniform(-1.5, 1.5, CASES)
    frame = [directions(CASES) for _ in range(3)]
    arrays = (pitch, yaw, *frame)
    assert_same(by_numpy(forces.body_axis, *arrays), by_casadi(forces.body_axis, *arrays), SAME)


def test_flow_angles() -> None:
    state = air(WINDY)
    across = directions(CASES)

    def one(r: Any, v: Any, axis: Any, across: Any) -> Any:
        return forces.flow_angles(axis, state(r, v), across)

    arrays = (R, V, AXIS, across)
    assert_same(by_numpy(one, *arrays), by_casadi(one, *arrays), SAME)


def test_heating() -> None:
    state = air(WINDY)

    def one(r: Any, v: Any) -> Any:
        return forces.heating(state(r, v))

    assert_same(by_numpy(one, R, V), by_casadi(one, R, V), SAME_AIR)


@pytest.mark.parametrize(
    "table", [(), ((0.0, 1.0), (1.0, 1.0)), ((0.0, 1.2), (20.0, 1.1), (70.0, 0.6))]
)
def test_shape_level(table: tuple[tuple[float, float], ...]) -> None:
    motor = Motor(1.0, 1.0, shape=table)
    since = RANDOM.uniform(-5.0, 90.0, CASES)

    def one(t: Any) -> Any:
        return forces.shape_level(motor, t) + 0.0 * t

    assert_same(by_numpy(one, since), by_casadi(one, since), SAME)


def test_wind() -> None:
    law = forces.wind_law(WINDY)
    assert law is not None
    height = RANDOM.uniform(-1e3, 4e4, CASES)
    # Where the table's wind dies down, what is left is a difference of 40 m/s and 40 m/s.
    assert_same(by_numpy(law, R, height), by_casadi(law, R, height), SAME, floor=40.0)


def test_vacuum_impact() -> None:
    """Bound orbits with their perigee below the sphere and the point above it."""

    def one(r: Any, v: Any) -> Any:
        place, fall = vacuum_impact(r, v, 3.986004418e14, 6.37e6)
        return place, fall

    slow = 0.9 * V
    found, other = by_numpy(one, R, slow), by_casadi(one, R, slow)
    assert_same(found[:, :3], other[:, :3], SAME * 10.0)
    assert np.abs(found[:, 3] - other[:, 3]).max() < 1e-8


@pytest.mark.parametrize("name", ["us76", "exponential"])
def test_arcs(name: str) -> None:
    environment = ENVIRONMENTS[name]
    step = RANDOM.uniform(-150.0, 300.0, CASES)
    fast = directions(CASES) * RANDOM.uniform(6e3, 9e3, CASES)[:, None]
    for arc in (
        lambda r, v, t: kepler_step(r, v, t, environment.mu_m3_s2),
        lambda r, v, t: oblate_step(r, v, t, environment),
    ):
        found, other = by_numpy(arc, R, fast, step), by_casadi(arc, R, fast, step)
        assert_same(found[:, :3], other[:, :3], SAME)
        assert_same(found[:, 3:], other[:, 3:], SAME)


def test_a_planted_difference_is_seen() -> None:
    """One part in 1e11 of gravity is enough to be told apart."""
    mass, thrust = np.full(CASES, 1e4), np.zeros(CASES)

    def pull(environment: Environment) -> Callable[..., Any]:
        state = air(ENVIRONMENTS["vacuum"])
        return lambda r, v, axis, m, t: forces.acceleration(r, m, t, axis, state(r, v), environment)

    arrays = (R, V, AXIS, mass, thrust)
    other = replace(ENVIRONMENTS["vacuum"], mu_m3_s2=3.986004418e14 * (1.0 + 1e-11))
    with pytest.raises(AssertionError):
        assert_same(
            by_numpy(pull(ENVIRONMENTS["vacuum"]), *arrays),
            by_casadi(pull(other), *arrays),
            SAME_AIR,
        )
