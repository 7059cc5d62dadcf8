from __future__ import annotations

import numpy as np
import pytest

from cosmodrome.ocp.radau import lagrange_matrix, radau

DEGREES = [1, 2, 3, 4, 5, 7]
ROUNDING = 1e-12  # absolute, of matrices of order 1 to 50


@pytest.mark.parametrize("degree", DEGREES)
def test_nodes_end_at_one_and_weights_add_up(degree: int) -> None:
    points = radau(degree)
    assert points.nodes.shape == (degree,)
    assert points.nodes[-1] == 1.0
    assert (np.diff(points.grid) > 0.0).all()
    assert points.weights.sum() == pytest.approx(1.0, abs=ROUNDING)
    assert (points.weights > 0.0).all()


def test_the_two_point_rule_of_the_books() -> None:
    points = radau(2)
    assert points.nodes == pytest.approx([1.0 / 3.0, 1.0], abs=ROUNDING)
    assert points.weights == pytest.approx([0.75, 0.25], abs=ROUNDING)
    # Hairer & Wanner IV.5: nodes (4 -+ sqrt 6) / 10 of the three-point rule.
    assert radau(3).nodes[:2] == pytest.approx((4.0 + np.array([-1, 1]) * 6**0.5) / 10.0)


@pytest.mark.parametrize("degree", DEGREES)
def test_derivative_is_exact_for_polynomials(degree: int) -> None:
    points = radau(degree)
    for power in range(degree + 1):
        slope = power * points.nodes ** max(power - 1, 0)
        assert points.derivative @ points.grid**power == pytest.approx(slope, abs=1e-10)
    beyond = points.derivative @ points.grid ** (degree + 1)
    assert np.abs(beyond - (degree + 1) * points.nodes**degree).max() > 1e-4


@pytest.mark.parametrize("degree", DEGREES)
def test_weights_are_exact_to_degree_2d_minus_2_and_no_further(degree: int) -> None:
    points = radau(degree)
    for power in range(2 * degree - 1):
        assert points.weights @ points.nodes**power == pytest.approx(1 / (power + 1), abs=ROUNDING)
    beyond = points.weights @ points.nodes ** (2 * degree - 1)
    assert abs(beyond - 1.0 / (2 * degree)) > 1e-9


def test_lagrange_passes_through_its_nodes() -> None:
    nodes = np.array([0.0, 0.2, 0.7, 1.0])
    assert lagrange_matrix(nodes, nodes) == pytest.approx(np.eye(4), abs=ROUNDING)
    at = np.linspace(-0.2, 1.3, 11)
    matrix = lagrange_matrix(nodes, at)
    assert matrix.sum(axis=1) == pytest.approx(np.ones(11), abs=1e-12)
    assert matrix @ nodes**3 == pytest.approx(at**3, abs=1e-12)
    assert lagrange_matrix(np.array([0.4]), at) == pytest.approx(np.ones((11, 1)))
