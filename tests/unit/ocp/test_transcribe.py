"""Sizes, order and derivatives of the transcribed programme."""

from __future__ import annotations

from typing import Any

import casadi as ca
import numpy as np
import pytest

from cosmodrome.ocp import Control, Phase, Point, Problem, column
from cosmodrome.ocp.radau import radau
from cosmodrome.ocp.transcribe import Transcription, control_matrix, transcribe


def rates(point: Point) -> Any:
    v = point.x[1]
    return column(
        v * ca.sin(point.t) + point.own[0],
        point.u[0] * point.x[0]
        - v * v * point.statics[0]
        + point.duration * point.p[1]
        + point.u[1],
    )


def path(point: Point) -> Any:
    return column(point.x[0] * point.u[1], point.x[1] + point.t)


def problem() -> Problem:
    shared: dict[str, Any] = {
        "states": ("x", "v"),
        "scales": (2.0, 30.0),
        "dynamics": rates,
        "controls": (Control("a", 0.5, 1), Control("b")),
        "n_own": 1,
    }
    root = Phase(
        name="root",
        link=lambda point: column(point.p[0] + point.own[0], point.statics[0]),
        path=path,
        n_path=2,
        free_duration=True,
        duration_scale=7.0,
        intervals=3,
        degree=3,
        **shared,
    )
    branch = Phase(
        name="branch",
        parent="root",
        intervals=2,
        degree=2,
        terminal=lambda point: column(point.x[0] ** 2 * point.statics[0]),
        n_terminal=1,
        **shared,
    )
    sail = Phase(
        name="sail",
        states=("x", "v"),
        scales=(2.0, 30.0),
        parent="root",
        link=lambda point: column(point.x[0] * point.u[0], point.x[1] - point.own[0]),
        arc=lambda point, dt: column(point.x[0] + ca.sin(dt) * point.x[1], point.x[1]),
        free_duration=True,
        duration_scale=3.0,
        intervals=4,
        n_own=1,
    )
    return Problem(
        (root, branch, sail),
        lambda point: point.x[0] * point.x[1] * point.statics[0] + point.duration,
        2,
        ("mass",),
        (5.0,),
    )


@pytest.fixture(scope="module")
def made() -> Transcription:
    return transcribe(problem())


def test_sizes_are_what_the_layout_says(made: Transcription) -> None:
    root, branch, sail = made.layouts
    # Start state, static and duration; then collocation states; then controls.
    assert (root.head, root.body, root.width) == (2 + 1 + 1, 3 * 2, 4 + 6 + 2 + 3)
    assert (branch.head, branch.body, branch.width) == (2 + 1, 2 * 2, 3 + 4 + 2 + 2)
    assert (sail.head, sail.body, sail.width) == (4, 2, 6)
    assert root.children == (2,)  # the arc's free duration is chosen at the root's end
    assert root.start == 2  # the static and the root's own duration come first
    assert branch.start == root.stop == 2 + 3 * 15 + 1
    assert sail.stop == made.scale.size == made.programme["nlp"]["x"].numel()
    assert sail.number_stop == made.n_numbers == (2 * 3 + 2) + (2 * 2 + 2) + (2 * 4 + 2)
    assert made.programme["nlp"]["p"].numel() == made.n_numbers + 2


def test_rows_are_counted_once(made: Transcription) -> None:
    assert made.rows["root", "collocation"].size == 3 * 3 * 2
    assert made.rows["root", "path"].size == 3 * 3 * 2
    assert made.rows["branch", "terminal"].size == 1
    assert made.rows["sail", "collocation"].size == 4 * 2
    named = np.concatenate(list(made.rows.values()))
    assert np.unique(named).size == named.size
    gaps = 2 * 4 + 1 * 3 + 3 * 4  # within the phases
    links = 4 + 3 + 4  # root, branch, arc
    assert made.programme["nlp"]["g"].numel() == named.size + gaps + links == made.equality.size
    assert not made.equality[made.rows["root", "path"]].any()
    assert made.equality[made.rows["sail", "collocation"]].all()


def test_scales_stand_where_their_unknowns_do(made: Transcription) -> None:
    root = made.layouts[0]
    assert made.scale[:2].tolist() == [5.0, 7.0]
    first = made.scale[root.start : root.start + root.width]
    assert first.tolist() == [2.0, 30.0, 5.0, 7.0, *([2.0, 30.0] * 3), 0.5, 0.5, 1.0, 1.0, 1.0]
    assert made.scale[root.stop - 1] == 3.0


def test_derivatives_are_those_of_the_programme(made: Transcription) -> None:
    """Mapped Jacobian, gradient and Hessian against CasADi's of the whole expression."""
    programme = made.programme
    nlp = programme["nlp"]
    w, p, f, g = nlp["x"], nlp["p"], nlp["f"], nlp["g"]
    random = np.random.default_rng(5)
    x0, p0 = random.uniform(0.2, 1.5, w.numel()), random.uniform(0.2, 1.5, p.numel())
    plain = ca.Function("plain", [w, p], [ca.jacobian(g, w), ca.gradient(f, w)])
    jacobian, gradient = plain(x0, p0)
    assert np.abs(programme["jac_g"](x0, p0)[1].full() - jacobian.full()).max() < 1e-11
    assert np.abs(programme["grad_f"](x0, p0)[1].full() - gradient.full()).max() < 1e-11
    lam = random.normal(size=g.numel())
    lagrangian = 1.7 * f + ca.dot(ca.DM(lam), g)
    plain = ca.Function("plain", [w, p], [ca.hessian(lagrangian, w)[0]])
    found = programme["hess_lag"](x0, p0, 1.7, lam).full()
    expected = np.triu(plain(x0, p0).full())
    assert np.abs(found - expected).max() < 1e-10
    assert np.abs(expected).max() > 1.0


def test_controls_of_every_degree() -> None:
    points = radau(3)
    assert control_matrix(None, points) == pytest.approx(np.eye(3))
    assert control_matrix(0, points) == pytest.approx(np.ones((3, 1)))
    line = control_matrix(1, points) @ np.array([2.0, 5.0])
    assert line == pytest.approx(2.0 + 3.0 * points.nodes)


def test_one_state_and_nothing_else_is_a_problem_too() -> None:
    phase = Phase(
        name="decay",
        states=("x",),
        scales=(1.0,),
        dynamics=lambda point: -point.x,
        link=lambda _point: ca.SX([1.0]),
    )
    assert transcribe(Problem((phase,), lambda point: point.x[0], 0)).scale.size > 0
