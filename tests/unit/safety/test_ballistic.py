from __future__ import annotations

from math import pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.errors import InputError
from cosmodrome.safety.ballistic import (
    STAGNATION,
    Ballistic,
    blunt_block,
    fairing_half,
    fragments,
    guessed_cylinder,
    tumbling_cylinder,
)

SAMPLED = 0.01  # of a mean over 200,000 attitudes


def pressed_cylinder(diameter: float, length: float, axis: np.ndarray) -> float:
    """Drag coefficient times area of a cylinder, its axis told, by pressure on small pieces.

    The stream blows along x; a piece that it does not see carries no pressure.
    """
    side = np.cross(axis, [0.3, 0.5, 0.7])
    side /= np.linalg.norm(side)
    other = np.cross(axis, side)
    turn = 2.0 * pi * (np.arange(720) + 0.5) / 720
    normals = np.cos(turn)[:, None] * side + np.sin(turn)[:, None] * other
    facing = np.maximum(-normals[:, 0], 0.0)
    mantle = float(np.sum(STAGNATION * facing**3)) * diameter * length * pi / 720.0
    return float(mantle + STAGNATION * abs(axis[0]) ** 3 * 0.25 * pi * diameter**2)


def test_tumbling_is_the_mean_over_attitudes() -> None:
    """The closed forms against pressure summed over pieces of the surface."""
    rng = np.random.default_rng(2)
    axes = rng.normal(size=(2000, 3))
    axes /= np.linalg.norm(axes, axis=1, keepdims=True)
    found = np.mean([pressed_cylinder(3.0, 20.0, axis) for axis in axes])
    part = tumbling_cylinder(10_000.0, 3.0, 20.0)
    assert 10_000.0 / part.kg_m2 == pytest.approx(found, rel=3.0 * SAMPLED)
    broadside = pressed_cylinder(3.0, 20.0, np.array([0.0, 0.0, 1.0]))
    assert 10_000.0 / part.low_kg_m2 == pytest.approx(broadside, rel=1e-4)
    angles = 2.0 * pi * (np.arange(360) + 0.5) / 360
    turning = np.mean([pressed_cylinder(3.0, 20.0, np.array([np.cos(x), np.sin(x), 0.0]))
                       for x in angles])  # fmt: skip
    assert 10_000.0 / part.high_kg_m2 == pytest.approx(turning, rel=1e-3)


def test_random_tumbling_is_the_known_law() -> None:
    """0.72 + 0.33 D/L on diameter times length is what re-entry codes use."""
    for slender in (1.0, 5.0, 12.0):
        part = tumbling_cylinder(1000.0, 2.0, 2.0 * slender)
        coefficient = 1000.0 / part.kg_m2 / (4.0 * slender)
        assert coefficient == pytest.approx(0.72 + 0.326 / slender, rel=0.04)


@given(st.floats(50.0, 2e5), st.floats(0.5, 10.0), st.floats(1.0, 10.0))
def test_ranges_hold_their_value(mass: float, diameter: float, slender: float) -> None:
    for part in (
        tumbling_cylinder(mass, diameter, slender * diameter),
        fairing_half(mass, diameter, slender * diameter),
        guessed_cylinder(mass, 10.0 * mass, diameter),
        guessed_cylinder(mass, 0.0, None),
        blunt_block(mass),
    ):
        assert 0.0 < part.low_kg_m2 <= part.kg_m2 <= part.high_kg_m2
        assert part.told


def test_a_fairing_is_lighter_than_a_stage() -> None:
    assert fairing_half(328.0, 2.7, 8.1).kg_m2 < 0.2 * tumbling_cylinder(11438.0, 2.9, 25.7).kg_m2


def test_fragments_begin_where_debris_is_counted() -> None:
    assert fragments().low_kg_m2 == pytest.approx(14.6, abs=0.1)  # 3 lb/ft2
    assert fragments().high_kg_m2 == pytest.approx(488.2, abs=0.1)  # 100 lb/ft2


@pytest.mark.parametrize("numbers", [(1.0, 2.0, 3.0), (0.0, 0.0, 0.0), (2.0, 1.0, 1.5)])
def test_a_range_that_does_not_hold_its_value_is_refused(numbers: tuple[float, ...]) -> None:
    with pytest.raises(InputError, match="inside its range"):
        Ballistic(numbers[0], numbers[1], numbers[2], "test")
