"""The smooth curve through a short table."""

from __future__ import annotations

import casadi as ca
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmodrome.errors import InputError
from cosmodrome.world.spline import natural_cubic

DRAG = (
    (0.0, 0.30), (0.6, 0.30), (0.8, 0.33), (0.95, 0.45), (1.05, 0.55), (1.2, 0.56),
    (1.5, 0.50), (2.0, 0.40), (3.0, 0.30), (5.0, 0.22), (10.0, 0.20),
)  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> list[tuple[float, float]]:
    gaps = draw(st.lists(st.floats(0.1, 10.0), min_size=1, max_size=14))
    x = np.concatenate([[0.0], np.cumsum(gaps)]) + draw(st.floats(-50.0, 50.0))
    y = draw(st.lists(st.floats(-100.0, 100.0), min_size=x.size, max_size=x.size))
    return list(zip(x.tolist(), y, strict=True))


@settings(max_examples=150, deadline=None)
@given(tables())
def test_it_meets_the_points_and_goes_on_flat(table: list[tuple[float, float]]) -> None:
    x, y = np.array(table).T
    curve = natural_cubic(table)
    size = 1.0 + np.abs(y).max()
    assert np.abs(curve(x) - y).max() < 1e-8 * size
    assert curve(x[0] - 1e6) == y[0]
    assert abs(curve(x[-1] + 1e6) - y[-1]) < 1e-8 * size


@settings(max_examples=50, deadline=None)
@given(tables())
def test_slope_and_curvature_are_continuous(table: list[tuple[float, float]]) -> None:
    s = ca.SX.sym("s")
    value = natural_cubic(table)(s)
    bend, slope = ca.hessian(value, s)
    both = ca.Function("both", [s], [slope, bend])
    x, y = np.array(table).T
    gaps = np.diff(x)
    knots = [*x, x[0] + gaps[0] / 2, x[-1] - gaps[-1] / 2]
    steep = np.ptp(y) + 1e-9
    for knot in knots:
        h = 1e-7 * gaps.min()
        left, right = both(knot - h), both(knot + h)
        assert abs(float(left[0] - right[0])) < 1e-4 * steep / gaps.min()
        assert abs(float(left[1] - right[1])) < 1e-3 * steep / gaps.min() ** 2


def test_the_ends_are_level() -> None:
    s = ca.SX.sym("s")
    bend, slope = ca.hessian(natural_cubic(DRAG)(s), s)
    both = ca.Function("both", [s], [slope, bend])
    for end in (0.0 - 1e-3, 0.0 + 1e-7, 10.0 - 1e-7, 10.0 + 1e-3):
        assert abs(float(both(end)[0])) < 1e-9
        assert abs(float(both(end)[1])) < 1e-5


def test_one_pair_is_a_constant_of_any_shape() -> None:
    curve = natural_cubic([(3.0, 0.5)])
    assert curve(-7.0) == 0.5
    assert curve(np.zeros((2, 3))).shape == (2, 3)
    assert float(curve(ca.SX.sym("s"))) == 0.5


def test_two_pairs_rise_without_overshoot() -> None:
    y = natural_cubic([(0.0, 1.0), (2.0, 4.0)])(np.linspace(-1, 3, 401))
    assert np.diff(y).min() >= 0.0
    assert y[200] == pytest.approx(2.5)


def test_error_falls_with_the_fourth_power_of_the_spacing() -> None:
    # Flat with no curvature at both ends, so the end rule costs nothing.
    def smooth(x: np.ndarray) -> np.ndarray:
        return np.asarray(np.sin(np.pi * x) ** 4)

    fine = np.linspace(0, 1, 2001)
    errors = []
    for n in (11, 21, 41):
        x = np.linspace(0, 1, n)
        curve = natural_cubic(list(zip(x, smooth(x), strict=True)))
        errors.append(np.abs(curve(fine) - smooth(fine)).max())
    assert errors[0] / errors[1] > 12
    assert errors[1] / errors[2] > 12


def test_a_lone_step_overshoots_by_about_a_tenth() -> None:
    y = natural_cubic([(k, float(k >= 4)) for k in range(8)])(np.linspace(0, 7, 701))
    assert 0.05 < y.max() - 1.0 < 0.15


def test_a_drag_curve_stays_within_two_hundredths_of_its_points() -> None:
    y = natural_cubic(DRAG)(np.linspace(0, 30, 3001))
    assert 0.195 < y.min() < y.max() < 0.58


def test_numbers_arrays_and_symbols_agree() -> None:
    curve, s = natural_cubic(DRAG), ca.SX.sym("s")
    compiled = ca.Function("f", [s], [curve(s)])
    x = np.linspace(-1.0, 12.0, 131)
    many = curve(x.reshape(1, -1))[0]
    for k, at in enumerate(x):
        assert many[k] == pytest.approx(curve(at), rel=1e-14)
        assert float(compiled(at)) == pytest.approx(float(curve(at)), rel=1e-12)


@pytest.mark.parametrize(
    ("table", "word"),
    [
        ([], "at least one"),
        ([(1.0, 2.0, 3.0)], "at least one"),
        ([(0.0, 1.0), (0.0, 2.0)], "strictly rise"),
        ([(1.0, 1.0), (0.0, 2.0)], "strictly rise"),
        ([(0.0, float("nan"))], "finite"),
    ],
)
def test_a_bad_table_is_refused(table: list[tuple[float, float]], word: str) -> None:
    with pytest.raises(InputError, match=word):
        natural_cubic(table)
