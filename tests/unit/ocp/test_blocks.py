"""Small functions repeated over index lists: two ways to evaluate them, one result."""

from __future__ import annotations

from typing import Any

import casadi as ca
import numpy as np
import pytest
from scipy import sparse

from cosmodrome.ocp import blocks
from cosmodrome.ocp.blocks import FEW_SOLVES, Abreast, Block, Kernel, assemble


def kernel() -> Kernel:
    """Three rows with branches, a constant entry and every kind of argument."""
    z, q, c, p = (ca.SX.sym(name, size) for name, size in (("z", 3), ("q", 2), ("c", 1), ("p", 2)))
    bent = ca.if_else(z[0] > 0.5, ca.exp(z[0]), z[0] * z[1])
    rows = ca.vertcat(
        bent * q[0] + p[0], ca.sqrt(1.0 + z[2] * z[2]) / c[0], 2.0 * z[1] + q[1] * p[1]
    )
    return Kernel(z, q, c, p, rows)


def programme(n: int, pays: Abreast = FEW_SOLVES) -> tuple[dict[str, Any], int]:
    generator = np.random.default_rng(7)
    columns = np.arange(3 * n).reshape(n, 3)
    numbers = np.arange(2 * n).reshape(n, 2)
    rows = np.arange(3 * n).reshape(n, 3)
    body = Block(kernel(), columns, numbers, 1.0 + generator.random((n, 1)), rows)
    z = ca.SX.sym("z", 3)
    nothing = ca.SX(0, 1)
    cost = Kernel(z, nothing, nothing, ca.SX.sym("p", 2), ca.dot(z, z) ** 2)
    none = np.empty((1, 0), dtype=np.int64)
    goal = Block(cost, columns[:1], none, np.empty((1, 0)), np.array([[-1]]))
    linear = sparse.csc_matrix((3 * n, 3 * n))
    return assemble([body, goal], linear, 2 * n + 2, slice(2 * n, 2 * n + 2), pays), n


def values(n: int, pays: Abreast = FEW_SOLVES) -> list[Any]:
    built, n = programme(n, pays)
    generator = np.random.default_rng(3)
    w, parameters = generator.random(3 * n), generator.random(2 * n + 2)
    jacobian = built["jac_g"](w, parameters)
    hessian = built["hess_lag"](w, parameters, 0.7, generator.random(3 * n))
    return [np.array(each) for each in (*jacobian, hessian)]


def test_abreast_or_one_by_one_to_the_last_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    one_by_one = values(50)
    called: list[int] = []
    honest = blocks._abreast

    def noted(f: Any, n: int) -> Any:
        called.append(n)
        return honest(f, n)

    monkeypatch.setattr(blocks, "_abreast", noted)
    abreast = values(50, Abreast(50, 0))
    assert called == [50, 50, 50]
    for a, b in zip(one_by_one, abreast, strict=True):
        assert (a == b).all()


def test_derivatives_are_those_of_the_values() -> None:
    built, n = programme(4)
    w = ca.MX.sym("w", 3 * n)
    numbers, lam = np.linspace(0.1, 0.9, 2 * n + 2), np.linspace(-1.0, 1.0, 3 * n)
    nlp = ca.Function(
        "nlp", [built["nlp"]["x"], built["nlp"]["p"]], [built["nlp"]["f"], built["nlp"]["g"]]
    )
    f, g = nlp(w, numbers)
    at = np.linspace(0.05, 1.1, 3 * n)
    jacobian = ca.Function("jacobian", [w], [ca.jacobian(g, w)])(at)
    hessian = ca.Function("hessian", [w], [ca.hessian(0.7 * f + ca.dot(lam, g), w)[0]])(at)
    assert np.abs(np.array(built["jac_g"](at, numbers)[1] - jacobian)).max() < 1e-14
    found = built["hess_lag"](at, numbers, 0.7, lam)
    assert np.abs(np.array(found - ca.triu(hessian))).max() < 1e-13
