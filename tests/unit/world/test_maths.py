"""One spelling of mathematics for numbers, arrays and CasADi symbols."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import casadi as ca
import numpy as np
import pytest

from cosmodrome.world import maths

UNARY: dict[str, tuple[Callable[[float], float], float, float]] = {
    "sqrt": (math.sqrt, 0.1, 9.0),
    "exp": (math.exp, -5.0, 5.0),
    "log": (math.log, 0.1, 9.0),
    "sin": (math.sin, -9.0, 9.0),
    "cos": (math.cos, -9.0, 9.0),
    "tan": (math.tan, -1.5, 1.5),
    "asin": (math.asin, -0.99, 0.99),
    "acos": (math.acos, -0.99, 0.99),
}


@pytest.mark.parametrize("name", UNARY)
def test_functions_of_one_variable(name: str) -> None:
    truth, low, high = UNARY[name]
    function = getattr(maths, name)
    x, s = np.linspace(low, high, 17), ca.SX.sym("s")
    compiled = ca.Function("f", [s], [function(s)])
    expected = [truth(v) for v in x]
    assert function(x) == pytest.approx(expected, rel=1e-14, abs=1e-15)
    assert [float(compiled(v)) for v in x] == pytest.approx(expected, rel=1e-14, abs=1e-15)
    assert function(float(x[3])) == pytest.approx(expected[3], rel=1e-14)
    assert function.__name__ == name


def test_functions_of_two_variables() -> None:
    a, b = np.array([-1.0, 2.0, 0.5]), np.array([3.0, -4.0, 0.5])
    s, t = ca.SX.sym("s"), ca.SX.sym("t")
    cases: list[tuple[Callable[..., Any], list[float]]] = [
        (maths.minimum, [-1.0, -4.0, 0.5]),
        (maths.maximum, [3.0, 2.0, 0.5]),
        (maths.atan2, [math.atan2(p, q) for p, q in zip(a, b, strict=True)]),
    ]
    for function, expected in cases:
        compiled = ca.Function("f", [s, t], [function(s, t)])
        assert function(a, b) == pytest.approx(expected)
        found = [float(compiled(p, q)) for p, q in zip(a, b, strict=True)]
        assert found == pytest.approx(expected)


def test_clip_where_and_power() -> None:
    s = ca.SX.sym("s")
    x = np.array([-2.0, 0.25, 5.0])
    cases: list[tuple[Callable[[Any], Any], list[float]]] = [
        (lambda v: maths.clip(v, -1.0, 1.0), [-1.0, 0.25, 1.0]),
        (lambda v: maths.where(v > 0.0, v, -3.0), [-3.0, 0.25, 5.0]),
        (lambda v: maths.power(v * v, 1.5), [8.0, 0.015625, 125.0]),
    ]
    for function, expected in cases:
        compiled = ca.Function("f", [s], [function(s)])
        assert function(x) == pytest.approx(expected)
        assert [float(compiled(v)) for v in x] == pytest.approx(expected)


def test_smoothstep_is_twice_differentiable_and_symmetric() -> None:
    x = np.linspace(-0.5, 1.5, 41)
    y = maths.smoothstep(x)
    assert y[x <= 0].max() == 0.0
    assert y[x >= 1].min() == 1.0
    assert y + y[::-1] == pytest.approx(np.ones(41))
    s = ca.SX.sym("s")
    bend, slope = ca.hessian(maths.smoothstep(s), s)
    both = ca.Function("b", [s], [slope, bend])
    for edge in (0.0, 1.0):
        for side in (-1e-6, 0.0, 1e-6):
            assert abs(float(both(edge + side)[0])) < 1e-9
            assert abs(float(both(edge + side)[1])) < 1e-4
    assert float(both(0.5)[0]) == pytest.approx(1.875)


def test_vectors_of_numbers_broadcast() -> None:
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(4, 1, 3)), rng.normal(size=(5, 3))
    assert maths.dot(a, b) == pytest.approx((a * b).sum(-1))
    assert maths.cross(a, b) == pytest.approx(np.cross(a, b))
    assert maths.norm(b) == pytest.approx(np.linalg.norm(b, axis=-1))
    assert maths.scale(np.arange(5.0), b) == pytest.approx(np.arange(5.0)[:, None] * b)
    assert maths.vector(1.0, np.zeros(4), 2.0).shape == (4, 3)


def test_vectors_of_symbols_agree_with_numbers() -> None:
    s, t = ca.SX.sym("s", 3), ca.SX.sym("t", 3)
    a, b = np.array([1.0, -2.0, 3.0]), np.array([0.5, 4.0, -1.0])
    for function in (maths.dot, maths.cross, lambda p, q: maths.scale(maths.norm(p), q)):
        compiled = ca.Function("f", [s, t], [function(s, t)])
        assert compiled(a, b).full().ravel() == pytest.approx(np.ravel(function(a, b)), rel=1e-14)


def test_symbols_are_told_from_numbers() -> None:
    assert maths.is_symbolic(1.0, ca.SX.sym("s"))
    assert maths.is_symbolic(ca.MX.sym("m"))
    assert maths.is_symbolic(ca.DM(1.0))
    assert not maths.is_symbolic(1.0, np.ones(3), None)


COMPILED = """
import gc
import numpy as np
from cosmodrome.world import maths

def physics(r, k):
    return maths.scale(maths.exp(k) / maths.norm(r), r)

fast = maths.compiled(physics, (3, 1))
gc.collect()
clutter = [np.ones(16) for _ in range(20000)]
a, b = np.array([3.0, 0.0, 4.0]), np.array([1.0, 2.0, 2.0])
first = fast([3.0, 0.0, 4.0], 0.5)
second = fast(b, -0.5)
assert np.allclose(first, physics(a, 0.5), rtol=1e-15), "overwritten by the second call"
assert np.allclose(second, physics(b, -0.5), rtol=1e-15)
try:
    fast([1.0, 2.0, 3.0])
except ValueError:
    print("good")
"""


def test_compiled_gives_the_same_numbers_and_fresh_arrays() -> None:
    # In a process of its own: a buffer freed too early kills the interpreter.
    child = subprocess.run(
        [sys.executable, "-c", COMPILED], capture_output=True, text=True, check=False, timeout=60
    )
    assert (child.returncode, child.stdout.strip()) == (0, "good"), child.stderr


def test_pick_takes_the_row_of_the_gap_and_the_upper_one_on_a_knot() -> None:
    knots, rows = [0.0, 2.0], [(1.0, 5.0), (2.0, 5.0), (-4.0, 7.0)]
    x = np.array([[-1.0, 0.0], [1.0, 2.0], [3.0, 9.0]])
    first, second = maths.pick(x, knots, rows)
    assert (first == [[1.0, 2.0], [2.0, -4.0], [-4.0, -4.0]]).all()
    assert (second == [[5.0, 5.0], [5.0, 7.0], [7.0, 7.0]]).all()
    s = ca.SX.sym("s")
    compiled = ca.Function("f", [s], [ca.vertcat(*maths.pick(s, knots, rows))])
    for at, one, two in zip(x.ravel(), first.ravel(), second.ravel(), strict=True):
        assert np.array(compiled(at)).ravel() == pytest.approx([one, two])


def test_what_is_picked_is_constant_to_derivatives() -> None:
    s = ca.SX.sym("s")
    (value,) = maths.pick(s, [0.0], [(1.0,), (3.0,)])
    assert ca.jacobian(value * s, s).nnz() == 1
    assert float(ca.Function("f", [s], [ca.jacobian(value * s, s)])(0.5)) == 3.0


def test_traced_functions_expand_into_the_same_expression() -> None:
    function = maths.traced(lambda v: maths.vector(v[0], v[1] * v[2], maths.sin(v[0])), (3,))
    v = ca.SX.sym("v", 3)
    expanded = ca.Function("f", [v], [function(v)])
    assert np.array(expanded([0.3, 2.0, 4.0])).ravel() == pytest.approx([0.3, 8.0, np.sin(0.3)])
