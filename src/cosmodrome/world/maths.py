"""Mathematics that runs on floats, NumPy arrays and CasADi symbols alike.

Physics is written once with the functions of this module. With floats or
arrays they are NumPy; with a CasADi operand they build an expression. This is
the only module outside `ocp` that imports casadi, and it does so on first
symbolic use.

Vectors are arrays with a last axis of length 3 (NumPy) or 3x1 columns
(CasADi): take them apart with `parts`, put them together with `vector`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

__all__ = [
    "acos",
    "asin",
    "atan2",
    "clip",
    "compiled",
    "cos",
    "cross",
    "dot",
    "exp",
    "is_symbolic",
    "log",
    "maximum",
    "minimum",
    "norm",
    "parts",
    "pick",
    "power",
    "scale",
    "sin",
    "smoothstep",
    "sqrt",
    "stacked",
    "tan",
    "traced",
    "vector",
    "where",
]


def is_symbolic(*values: Any) -> bool:
    """True if any value is a CasADi symbol (SX or MX)."""
    casadi = sys.modules.get("casadi")
    if casadi is None:
        return False
    kinds = (casadi.SX, casadi.MX, casadi.DM)
    return any(isinstance(value, kinds) for value in values)


def _unary(name: str, casadi_name: str | None = None) -> Callable[[Any], Any]:
    numpy_function = getattr(np, name)

    def function(x: Any) -> Any:
        if is_symbolic(x):
            return getattr(sys.modules["casadi"], casadi_name or name)(x)
        return numpy_function(x)

    function.__name__ = casadi_name or name
    function.__doc__ = f"`{casadi_name or name}` of a float, array or CasADi symbol."
    return function


sqrt = _unary("sqrt")
exp = _unary("exp")
log = _unary("log")
sin = _unary("sin")
cos = _unary("cos")
tan = _unary("tan")
asin = _unary("arcsin", "asin")
acos = _unary("arccos", "acos")


def atan2(y: Any, x: Any) -> Any:
    """Angle of the point (x, y), radians, in (-pi, pi]."""
    if is_symbolic(y, x):
        return sys.modules["casadi"].atan2(y, x)
    return np.arctan2(y, x)


def power(x: Any, exponent: float) -> Any:
    """x to a constant exponent."""
    return x**exponent


def minimum(x: Any, y: Any) -> Any:
    """The smaller of two."""
    if is_symbolic(x, y):
        return sys.modules["casadi"].fmin(x, y)
    return np.minimum(x, y)


def maximum(x: Any, y: Any) -> Any:
    """The larger of two."""
    if is_symbolic(x, y):
        return sys.modules["casadi"].fmax(x, y)
    return np.maximum(x, y)


def clip(x: Any, low: Any, high: Any) -> Any:
    """x held between low and high."""
    return minimum(maximum(x, low), high)


def where(condition: Any, yes: Any, no: Any) -> Any:
    """yes where the condition holds, else no; both are evaluated."""
    if is_symbolic(condition, yes, no):
        return sys.modules["casadi"].if_else(condition, yes, no)
    return np.where(condition, yes, no)


def pick(x: Any, knots: Sequence[float], rows: Sequence[Sequence[float]]) -> tuple[Any, ...]:
    """The row of a table that belongs to the gap in which x lies, number by number.

    A piecewise polynomial is cheapest this way: its coefficients are picked, and
    only one polynomial is evaluated and differentiated, for what is picked is
    constant as far as derivatives know.

    Parameters
    ----------
    x : float, array or CasADi scalar
    knots : sequence of float, rising, length n
    rows : sequence of n + 1 rows, below the first knot, between, from the last on

    Returns
    -------
    tuple
        One value of the shape of `x` per column of `rows`.

    Accuracy
    --------
    Exact with numbers; with symbols to rounding of the largest entry of a column.
    """
    if not is_symbolic(x):
        found = np.asarray(rows, dtype=float)[np.searchsorted(knots, x, side="right")]
        return tuple(found[..., k] for k in range(found.shape[-1]))
    casadi = sys.modules["casadi"]
    table = np.asarray(rows, dtype=float)
    if len(table) == 1:
        return tuple(table[0].tolist())
    steps = casadi.sparsify(casadi.DM(np.diff(table, axis=0).T))
    totals = casadi.DM(table[0]) + steps @ (x >= casadi.DM(list(knots)))
    return tuple(casadi.vertsplit(totals))


def smoothstep(x: Any) -> Any:
    """0 below 0, 1 above 1, between them the quintic with two smooth derivatives."""
    s = clip(x, 0.0, 1.0)
    return s * s * s * (10.0 + s * (-15.0 + 6.0 * s))


def parts(v: Any) -> tuple[Any, Any, Any]:
    """The three components of a vector, each with the leading axes of `v`."""
    if is_symbolic(v):
        return v[0], v[1], v[2]
    v = np.asarray(v)
    return v[..., 0], v[..., 1], v[..., 2]


def vector(x: Any, y: Any, z: Any) -> Any:
    """A vector from three components; leading axes broadcast."""
    if is_symbolic(x, y, z):
        return sys.modules["casadi"].vertcat(x, y, z)
    return np.stack(np.broadcast_arrays(x, y, z), axis=-1)


def stacked(*parts: Any) -> Any:
    """One column from scalars and columns, symbols or 1-D arrays."""
    if is_symbolic(*parts):
        return sys.modules["casadi"].vertcat(*parts)
    return np.concatenate([np.atleast_1d(part) for part in parts])


def scale(s: Any, v: Any) -> Any:
    """A vector times a scalar; leading axes broadcast."""
    x, y, z = parts(v)
    return vector(s * x, s * y, s * z)


def dot(a: Any, b: Any) -> Any:
    """Scalar product over the last axis."""
    ax, ay, az = parts(a)
    bx, by, bz = parts(b)
    return ax * bx + ay * by + az * bz


def cross(a: Any, b: Any) -> Any:
    """Vector product over the last axis."""
    ax, ay, az = parts(a)
    bx, by, bz = parts(b)
    return vector(ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx)


def norm(a: Any) -> Any:
    """Euclidean length over the last axis; not differentiable at zero."""
    return sqrt(dot(a, a))


def traced(function: Callable[..., Any], sizes: tuple[int, ...]) -> Any:
    """A written-once function as a CasADi function of columns of fixed sizes.

    With symbols it expands at once, far faster than tracing the original again.
    """
    import casadi

    symbols = [casadi.SX.sym(f"a{k}", n) for k, n in enumerate(sizes)]
    return casadi.Function("traced", symbols, [casadi.densify(function(*symbols))])


def compiled(
    function: Callable[..., Any], sizes: tuple[int, ...]
) -> Callable[..., np.ndarray[Any, Any]]:
    """A fast callable of one written-once function at vectors of fixed sizes.

    The function is traced once with symbols and evaluated by CasADi's virtual
    machine: the same expressions, about twenty times faster than NumPy scalars.

    Parameters
    ----------
    function : callable
        Takes one column per entry of `sizes` and returns one column.
    sizes : tuple of int
        Length of each argument; 1 is passed as a scalar symbol.

    Returns
    -------
    callable
        Takes arrays of those sizes, returns a 1-D float array.
    """
    traced_once = traced(function, sizes)
    buffer, trigger = traced_once.buffer()
    result = np.zeros(traced_once.size1_out(0))
    inputs = [np.zeros(n) for n in sizes]
    for k, array in enumerate(inputs):
        buffer.set_arg(k, array.data)
    buffer.set_res(0, result.data)

    # The buffer does not own what it points to: all of it must outlive the calls.
    kept = (traced_once, buffer, trigger)

    def call(*arguments: Any) -> np.ndarray[Any, Any]:
        for array, argument in zip(inputs, arguments, strict=True):
            array[:] = argument
        kept[2]()
        return result.copy()

    return call
