"""The optimal-control layer on problems whose answers are known from outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import casadi as ca
import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from cosmodrome.ocp import (
    Bounds,
    Control,
    Data,
    Guess,
    Phase,
    PhaseData,
    PhaseGuess,
    PhaseSolution,
    Point,
    Problem,
    Solution,
    Solver,
    SolverOptions,
    column,
)

INF = float("inf")
EMPTY = np.empty(0)
TIGHT = SolverOptions(tolerance=1e-10)

# Relative; eight intervals of degree 4 leave less than a third of it.
CYCLOID_TIME = 1e-8
# Metres on a curve 2 m deep; the error within the intervals is larger than at their ends.
CYCLOID_PATH_M = 1e-5
# Of 1.0, the planet's radius; measured 1.1e-9 on this mesh.
GODDARD_ALTITUDE = 3e-9
# Of 1.0; how much altitude a thrust in forty steps may give away (measured 5e-7).
GODDARD_STEPS = 5e-6
# Relative; thrust enters the law through its slope, so straight lines leave 5e-5.
SINGULAR_ARC = 2e-4
# Metres of 1 m; the three straight paths are met exactly by any collocation.
FERMAT_M = 1e-7
# By how much a measured slope may miss the theoretical order.
SLOPE = 0.25


def straight(x0: list[float], x1: list[float], u: list[float], duration: float) -> PhaseGuess:
    ends = np.array([x0, x1], dtype=float)
    return PhaseGuess(np.array([0.0, 1.0]), ends, np.tile(np.array(u), (2, 1)), duration)


def nodes_s(phase: PhaseSolution) -> Any:
    """Times of the collocation nodes since the start of the phase."""
    widths = np.diff(phase.breaks)
    return phase.duration * (phase.breaks[:-1, None] + widths[:, None] * phase.grid[None, 1:])


# ------------------------------------------------------------ brachistochrone


def brachistochrone() -> tuple[Problem, Data, Guess]:
    g = 9.81

    def slide(point: Point) -> Any:
        v, angle = point.x[2], point.u[0]
        return column(v * ca.sin(angle), v * ca.cos(angle), g * ca.cos(angle))

    phase = Phase(
        name="slide",
        states=("across", "down", "speed"),
        scales=(1.0, 1.0, 5.0),
        dynamics=slide,
        controls=(Control("angle"),),
        terminal=lambda point: point.x[:2] - ca.DM([3.0, 2.0]),
        n_terminal=2,
        link=lambda _point: ca.SX([0.0, 0.0, 0.0]),
        free_duration=True,
        intervals=8,
    )
    data = PhaseData(
        (0.1, 10.0),
        EMPTY,
        controls=Bounds.of((-0.1, 3.2)),
        terminal=Bounds.of((0.0, 0.0), (0.0, 0.0)),
    )
    guess = straight([0.0, 0.0, 0.1], [3.0, 2.0, 6.0], [1.0], 1.0)
    problem = Problem((phase,), lambda point: point.duration, 0)
    return problem, Data((data,), EMPTY), Guess((guess,), EMPTY)


def test_brachistochrone_is_a_cycloid() -> None:
    problem, data, guess = brachistochrone()
    found = Solver(problem).solve(data, guess, TIGHT)
    turn = brentq(lambda a: (a - np.sin(a)) / (1.0 - np.cos(a)) - 1.5, 0.1, 6.0)
    radius = 2.0 / (1.0 - np.cos(turn))
    time = turn * np.sqrt(radius / 9.81)
    assert found.status == "solved"
    assert found.objective == pytest.approx(time, rel=CYCLOID_TIME)
    phase = found.phases[0]
    angle = nodes_s(phase) / np.sqrt(radius / 9.81)
    exact = radius * np.stack([angle - np.sin(angle), 1.0 - np.cos(angle)], axis=-1)
    assert np.abs(phase.x[:, 1:, :2] - exact).max() < CYCLOID_PATH_M


# ------------------------------------------------------------ Goddard's rocket

DRAG, SCALE_HEIGHT, EXHAUST, FULL = 310.0, 500.0, 0.5, 3.5


def drag(height: Any, speed: Any) -> Any:
    # Works for arrays and symbols.
    exp = ca.exp if isinstance(height, ca.SX) else np.exp
    return DRAG * speed * speed * exp(-SCALE_HEIGHT * (height - 1.0))


def climb(thrust: Callable[[Point], Any]) -> Callable[[Point], Any]:
    def rates(point: Point) -> Any:
        h, v, m = point.x[0], point.x[1], point.x[2]
        push = thrust(point)
        return column(v, (push - drag(h, v)) / m - 1.0 / (h * h), -push / EXHAUST)

    return rates


def goddard_phase(name: str, parent: str | None, thrust: Any, **more: Any) -> Phase:
    return Phase(
        name=name,
        states=("height", "speed", "mass"),
        scales=(1.0, 0.1, 1.0),
        dynamics=climb(thrust),
        parent=parent,
        link=(lambda _point: ca.SX([1.0, 0.0, 1.0])) if parent is None else None,
        free_duration=True,
        duration_scale=0.1,
        **more,
    )


def goddard_in_three() -> tuple[Problem, Data, Guess]:
    """Full thrust, thrust left to the optimiser, coast.

    Thrust is a straight line on each interval: a value at every node would
    chatter on the singular arc and win 2e-5 that no rocket can fly.
    """
    throttled: dict[str, Any] = {"controls": (Control("thrust", 1.0, 1),), "intervals": 12}
    phases = (
        goddard_phase("full", None, lambda _: FULL, intervals=8),
        goddard_phase("arc", "full", lambda point: point.u[0], **throttled),
        goddard_phase(
            "coast",
            "arc",
            lambda _: 0.0,
            intervals=8,
            terminal=lambda point: column(point.x[2] - 0.6, point.x[1]),
            n_terminal=2,
        ),
    )
    data = Data(
        (
            PhaseData((1e-3, 0.1), EMPTY),
            PhaseData((1e-3, 0.2), EMPTY, controls=Bounds.of((0.0, FULL))),
            PhaseData((1e-3, 0.3), EMPTY, terminal=Bounds.of((0.0, 0.0), (0.0, 0.0))),
        ),
        EMPTY,
    )
    guess = Guess(
        (
            straight([1.0, 0.0, 1.0], [1.001, 0.06, 0.86], [], 0.02),
            straight([1.001, 0.06, 0.86], [1.006, 0.13, 0.6], [2.0], 0.05),
            straight([1.006, 0.13, 0.6], [1.012, 0.0, 0.6], [], 0.12),
        ),
        EMPTY,
    )
    return Problem(phases, lambda point: -point.x[0], 0), data, guess


def goddard_in_one(intervals: int) -> tuple[Problem, Data, Guess]:
    """One phase, thrust constant on each interval, nothing known of the structure."""
    phase = goddard_phase(
        "flight",
        None,
        lambda point: point.u[0],
        controls=(Control("thrust", 1.0, 0),),
        intervals=intervals,
        terminal=lambda point: point.x[2] - 0.6,
        n_terminal=1,
    )
    numbers = PhaseData(
        (0.1, 0.4), EMPTY, controls=Bounds.of((0.0, FULL)), terminal=Bounds.of((0.0, INF))
    )
    guess = straight([1.0, 0.0, 1.0], [1.01, 0.0, 0.6], [1.0], 0.2)
    problem = Problem((phase,), lambda point: -point.x[0], 0)
    return problem, Data((numbers,), EMPTY), Guess((guess,), EMPTY)


@pytest.fixture(scope="module")
def goddard() -> Solution:
    problem, data, guess = goddard_in_three()
    return Solver(problem).solve(data, guess, TIGHT)


def singular_law(h: Any, v: Any, m: Any) -> Any:
    """Zero where drag (1 + v / c) is weight: on the singular arc."""
    return drag(h, v) * (1.0 + v / EXHAUST) - m / (h * h)


def singular_thrust(h: float, v: float, m: float) -> float:
    """The thrust that keeps the law: its derivative along the flight is zero."""
    D = float(drag(h, v))
    by_h = -SCALE_HEIGHT * D * (1.0 + v / EXHAUST) + 2.0 * m / h**3
    by_v = 2.0 * D / v * (1.0 + v / EXHAUST) + D / EXHAUST
    by_m = -1.0 / h**2
    return (by_v * (D / m + 1.0 / h**2) - by_h * v) / (by_v / m - by_m / EXHAUST)


def goddard_by_pontryagin() -> tuple[float, float]:
    """Altitude and time by flying full thrust, the singular arc's law, a coast."""

    def until(
        y: Any, thrust: Callable[..., float], stop: Callable[..., float]
    ) -> tuple[Any, float]:
        def rates(_t: float, y: Any) -> list[float]:
            h, v, m = y
            push = thrust(h, v, m)
            return [v, (push - float(drag(h, v))) / m - 1.0 / h**2, -push / EXHAUST]

        def event(_t: float, y: Any) -> float:
            return stop(*y)

        event.terminal = True  # type: ignore[attr-defined]
        done = solve_ivp(rates, (0.0, 1.0), y, events=event, rtol=1e-12, atol=1e-14)
        return done.y[:, -1], float(done.t[-1])

    y, burn = until([1.0, 0.0, 1.0], lambda *_: FULL, singular_law)
    y, arc = until(y, singular_thrust, lambda _h, _v, m: m - 0.6)
    y, coast = until(y, lambda *_: 0.0, lambda _h, v, _m: v)
    return float(y[0]), burn + arc + coast


def test_goddard_reaches_the_altitude_of_theory(goddard: Solution) -> None:
    altitude, time = goddard_by_pontryagin()
    assert goddard.status == "solved"
    assert 1.01283 <= altitude < 1.01284  # as printed: COPS 3.0, problem 10
    assert -goddard.objective == pytest.approx(altitude, abs=GODDARD_ALTITUDE)
    assert sum(p.duration for p in goddard.phases) == pytest.approx(time, abs=1e-6)


def test_goddard_flies_its_singular_arc(goddard: Solution) -> None:
    """Where thrust is neither zero nor full, weight is drag (1 + v / c)."""
    arc = goddard.phases[1]
    thrust = arc.u_nodes[:, :, 0]
    # The outermost intervals touch the junctions, where the law need not hold.
    inner = slice(1, -1)
    assert thrust[inner].max() < FULL - 0.1
    assert thrust[inner].min() > 0.1
    h, v, m = (arc.x[inner, 1:, k] for k in range(3))
    assert np.abs(singular_law(h, v, m) / (m / h**2)).max() < SINGULAR_ARC


def test_goddard_without_knowing_the_structure_loses_little(goddard: Solution) -> None:
    """Thrust in forty steps is a worse rocket, by less than the steps' coarseness."""
    problem, data, guess = goddard_in_one(40)
    found = Solver(problem).solve(data, guess, TIGHT)
    assert found.status == "solved"
    lost = found.objective - goddard.objective
    assert 0.0 < lost < GODDARD_STEPS


# ------------------------------------------------------------ a tree


def fermat() -> tuple[Problem, Data, Guess]:
    """A path that forks: the shortest net from the origin to two places."""
    places = np.array([[1.0, 0.7], [1.2, -0.5]])

    def walk(point: Point) -> Any:
        angle = point.u[0]
        return column(ca.cos(angle), ca.sin(angle), 1.0)

    def phase(name: str, parent: str | None, link: Any, rows: Any) -> Phase:
        return Phase(
            name=name,
            states=("x", "y", "length"),
            scales=(1.0, 1.0, 1.0),
            dynamics=walk,
            controls=(Control("heading", 1.0, 0),),
            terminal=rows,
            n_terminal=0 if rows is None else 2 + (name == "branch"),
            parent=parent,
            link=link,
            free_duration=True,
            intervals=2,
            degree=2,
        )

    def to_branch(point: Point) -> Any:
        return column(point.x[:2] - ca.DM(places[0]), point.x[2] - point.statics[0])

    phases = (
        phase("trunk", None, lambda _point: ca.SX([0.0, 0.0, 0.0]), None),
        phase("branch", "trunk", lambda point: column(point.x[:2], 0.0), to_branch),
        phase("main", "trunk", None, lambda point: point.x[:2] - ca.DM(places[1])),
    )
    zero = (0.0, 0.0)
    span = (0.01, 5.0)
    data = Data(
        (
            PhaseData(span, EMPTY),
            PhaseData(span, EMPTY, terminal=Bounds.of(zero, zero, zero)),
            PhaseData(span, EMPTY, terminal=Bounds.of(zero, zero)),
        ),
        EMPTY,
    )
    guess = Guess(
        (
            straight([0.0, 0.0, 0.0], [0.3, 0.0, 0.3], [0.0], 0.3),
            straight([0.3, 0.0, 0.0], [1.0, 0.7, 1.0], [0.7], 1.0),
            straight([0.3, 0.0, 0.3], [1.2, -0.5, 1.3], [-0.5], 1.0),
        ),
        np.array([1.0]),
    )
    problem = Problem(
        phases, lambda point: point.x[2] + point.statics[0], 0, ("branch length",), (1.0,)
    )
    return problem, data, guess


def fermat_length(a: Any, b: Any, c: Any) -> float:
    """Total length of the shortest net of three points: Torricelli's formula."""
    sides = [float(np.linalg.norm(p - q)) for p, q in ((a, b), (b, c), (c, a))]
    area = 0.5 * abs(float((b - a)[0] * (c - a)[1] - (b - a)[1] * (c - a)[0]))
    return float(np.sqrt(0.5 * sum(s * s for s in sides) + 2.0 * np.sqrt(3.0) * area))


def test_a_branch_meets_torricelli() -> None:
    problem, data, guess = fermat()
    assert not problem.is_chain
    found = Solver(problem).solve(data, guess, TIGHT)
    assert found.status == "solved"
    length = fermat_length(np.zeros(2), np.array([1.0, 0.7]), np.array([1.2, -0.5]))
    assert found.objective == pytest.approx(length, abs=FERMAT_M)
    trunk, branch, main = found.phases
    for child in (branch, main):
        assert np.abs(child.x[0, 0, :2] - trunk.end[:2]).max() < FERMAT_M
    headings = [phase.u_nodes[0, 0, 0] for phase in found.phases]
    # Three roads meet at 120 deg: the two that leave turn by 60 deg each way.
    assert headings[1] - headings[0] == pytest.approx(np.pi / 3.0, abs=1e-6)
    assert headings[0] - headings[2] == pytest.approx(np.pi / 3.0, abs=1e-6)
    assert found.statics[0] == pytest.approx(branch.duration, abs=FERMAT_M)


# ------------------------------------------------------------ convergence


def end_error(degree: int, intervals: int) -> float:
    """x' = x cos(t), y' = x y over 3 time units: x against exp(sin t)."""
    phase = Phase(
        name="one",
        states=("x", "y"),
        scales=(2.0, 5.0),
        dynamics=lambda point: column(point.x[0] * ca.cos(point.t), point.x[0] * point.x[1] / 3.0),
        link=lambda _point: ca.SX([1.0, 1.0]),
        intervals=intervals,
        degree=degree,
    )
    data = Data((PhaseData((3.0, 3.0), EMPTY),), EMPTY)
    guess = Guess((straight([1.0, 1.0], [1.0, 1.0], [], 3.0),), EMPTY)
    solver = Solver(Problem((phase,), lambda point: point.x[0], 0))
    found = solver.solve(data, guess, SolverOptions(tolerance=1e-13))
    assert found.status == "solved"
    return abs(float(found.phases[0].end[0]) - float(np.exp(np.sin(3.0))))


@pytest.mark.parametrize(("degree", "meshes"), [(2, (8, 32)), (3, (4, 16)), (4, (8, 16))])
def test_interval_ends_converge_with_order_2d_minus_1(degree: int, meshes: tuple[int, int]) -> None:
    coarse, fine = (end_error(degree, n) for n in meshes)
    slope = np.log(coarse / fine) / np.log(meshes[1] / meshes[0])
    assert slope == pytest.approx(2 * degree - 1, abs=SLOPE)


def test_uneven_intervals_follow_the_fractions() -> None:
    """The mesh may be uneven; where the action is, fine intervals pay."""
    problem, data, guess = brachistochrone()
    uneven = np.array([1.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 3.0]) / 16.0
    numbers = replace(data.phases[0], fractions=uneven)
    found = Solver(problem).solve(replace(data, phases=(numbers,)), guess, TIGHT)
    assert np.diff(found.phases[0].breaks) == pytest.approx(uneven, abs=1e-15)
    turn = brentq(lambda a: (a - np.sin(a)) / (1.0 - np.cos(a)) - 1.5, 0.1, 6.0)
    time = turn * np.sqrt(2.0 / (1.0 - np.cos(turn)) / 9.81)
    assert found.objective == pytest.approx(time, rel=CYCLOID_TIME)
