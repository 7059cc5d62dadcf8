"""Delta III on the public interface of yapss: one JSON line."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator

_BEGIN = time.perf_counter()

from importlib.metadata import version  # noqa: E402 (the import itself is timed)

import delta3_data as data  # noqa: E402
import numpy as np  # noqa: E402
import yapss  # noqa: E402
from yapss.math import exp, sqrt  # noqa: E402

_IMPORTED = time.perf_counter()

SEGMENTS, POINTS = (5, 5, 5, 8), 6


def _cross(a, b):  # noqa: ANN001, ANN202 (floats or symbols)
    return (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )


def _dot(a, b):  # noqa: ANN001, ANN202 (floats or symbols)
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def dynamics(argument: yapss.ContinuousArg) -> None:
    """Motion under gravity, thrust and drag of a turning atmosphere."""
    stretches = data.stretches()
    for p in argument.phase_list:
        phase, stretch = argument.phase[p], stretches[p]
        state, u = phase.state, phase.control
        r, v, mass = state[:3], state[3:6], state[6]
        air = (v[0] + data.ROTATION * r[1], v[1] - data.ROTATION * r[0], v[2])
        speed = sqrt(_dot(air, air) + data.SPEED_FLOOR_SQUARED)
        radius = sqrt(_dot(r, r))
        drag = data.DRAG * exp((1.0 - radius) / data.SCALE_HEIGHT) * speed
        for k in range(3):
            phase.dynamics[k] = v[k]
            push = (stretch.thrust * u[k] - drag * air[k]) / mass
            phase.dynamics[3 + k] = push - r[k] / radius**3
        phase.dynamics[6] = -stretch.flow + 0.0 * mass
        phase.path[0] = _dot(u, u)


def links(argument: yapss.DiscreteArg) -> None:
    """Continuity of position, velocity and time, then insertion by vectors."""
    rows = []
    for p in range(3):
        ends, begins = argument.phase[p], argument.phase[p + 1]
        rows += list(begins.initial_state[:6] - ends.final_state[:6])
        rows.append(begins.initial_time - ends.final_time)
    momentum, perigee, quarter = data.target_vectors()
    final = argument.phase[3].final_state
    r, v = final[:3], final[3:6]
    h = _cross(r, v)
    radius = sqrt(_dot(r, r))
    e = [c - x / radius for c, x in zip(_cross(v, h), r, strict=True)]
    rows += [h[k] - momentum[k] for k in range(3)]
    rows += [_dot(e, perigee) - data.TARGET_E, _dot(e, quarter)]
    argument.discrete[:] = rows


def final_mass(argument: yapss.ObjectiveArg) -> None:
    """What is maximised."""
    argument.objective = argument.phase[3].final_state[6]


def set_bounds(problem: yapss.Problem) -> None:
    """Times, masses, the pad, unit thrust direction, and equalities of `links`."""
    problem.bounds.discrete.lower[:] = problem.bounds.discrete.upper[:] = 0.0
    for p, stretch in enumerate(data.stretches()):
        bounds = problem.bounds.phase[p]
        bounds.initial_time.lower = bounds.initial_time.upper = stretch.start
        bounds.final_time.upper = stretch.end
        bounds.final_time.lower = stretch.start if p == 3 else stretch.end
        bounds.state.lower[:] = [-2.0] * 3 + [-2.0] * 3 + [1e-3]
        bounds.state.upper[:] = [2.0] * 3 + [2.0] * 3 + [1.0]
        bounds.initial_state.lower[6] = bounds.initial_state.upper[6] = stretch.mass
        bounds.control.lower[:], bounds.control.upper[:] = -1.1, 1.1
        bounds.path.lower[:] = bounds.path.upper[:] = 1.0
    pad = np.hstack(data.pad_state())
    first = problem.bounds.phase[0]
    first.initial_state.lower[:6] = first.initial_state.upper[:6] = pad


def set_guess_and_mesh(problem: yapss.Problem) -> None:
    """The guess every peer gets, on a mesh fine enough for a gram."""
    for p, stretch in enumerate(data.stretches()):
        times = np.linspace(stretch.start, stretch.end, 40)
        states, controls = data.first_guess(times)
        mass = stretch.mass - stretch.flow * (times - stretch.start)
        guess = problem.guess.phase[p]
        guess.time, guess.control = times, controls.T
        guess.state = np.vstack([states.T, mass])
        mesh, count = problem.mesh.phase[p], SEGMENTS[p]
        mesh.collocation_points = (POINTS,) * count
        mesh.fraction = (1.0 / count,) * count


def build() -> yapss.Problem:
    """The whole problem."""
    problem = yapss.Problem(name="Delta III", nx=[7] * 4, nu=[3] * 4, nh=[1] * 4, nd=26)
    problem.functions.continuous = dynamics
    problem.functions.discrete = links
    problem.functions.objective = final_mass
    problem.sense = "maximize"
    problem.derivatives.method, problem.derivatives.order = "auto", "second"
    problem.spectral_method = "lgr"
    set_bounds(problem)
    set_guess_and_mesh(problem)
    problem.ipopt_options.tol = 1e-8
    problem.ipopt_options.print_level = 3
    return problem


@contextlib.contextmanager
def captured() -> Iterator[list[str]]:
    """What the solver prints from C, as text after the block."""
    found: list[str] = []
    sys.stdout.flush()
    keep = os.dup(1)
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 1)
        try:
            yield found
        finally:
            sys.stdout.flush()
            os.dup2(keep, 1)
            os.close(keep)
            file.seek(0)
            found.append(file.read().decode(errors="replace"))


def main() -> None:
    """Build, solve and report."""
    threads = data.arguments()
    started = time.perf_counter()
    problem = build()
    with captured() as printed:
        solution = problem.solve()
    solved = time.perf_counter()
    count = re.search(r"Number of Iterations\.*:\s*(\d+)", printed[0])
    # Symbolic derivatives are made inside solve(); the solver says its own time.
    inside = sum(float(x) for x in re.findall(r"Total seconds in .*=\s*([\d.]+)", printed[0]))
    last = solution.phase[3]
    data.report(
        "yapss",
        version("yapss"),
        final_mass_kg=last.state[6][-1] * data.MASS_KG,
        t_f_s=last.final_time * data.TIME_S,
        import_s=_IMPORTED - _BEGIN,
        build_s=solved - started - inside,
        solve_s=inside,
        total_s=solved - started,
        iterations=int(count.group(1)) if count else None,
        converged=solution.nlp_info.ipopt_status == 0,
        threads=threads or None,
    )


if __name__ == "__main__":
    main()
