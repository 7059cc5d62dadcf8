"""Delta III on the public interface of asset-asrl: one JSON line."""

from __future__ import annotations

import time

_BEGIN = time.perf_counter()

from importlib.metadata import version  # noqa: E402 (the import itself is timed)

import asset_asrl as asset  # noqa: E402
import delta3_data as data  # noqa: E402
import numpy as np  # noqa: E402

vf, oc = asset.VectorFunctions, asset.OptimalControl
_IMPORTED = time.perf_counter()

SEGMENTS = (6, 6, 6, 10)
X = {"r": [0, 1, 2], "v": [3, 4, 5], "mass": 6, "time": 7, "u": [8, 9, 10]}


class Ascent(oc.ODEBase):
    """Motion under gravity, thrust and drag of a turning atmosphere."""

    def __init__(self, thrust: float, flow: float) -> None:
        arguments = oc.ODEArguments(7, 3)
        r, v = arguments.XVec().head3(), arguments.XVec().segment3(3)
        mass, u = arguments.XVar(6), arguments.UVec()
        airspeed = v + r.cross(np.array([0.0, 0.0, data.ROTATION]))
        speed = vf.sqrt(airspeed.squared_norm() + data.SPEED_FLOOR_SQUARED)
        density = vf.exp((1.0 - r.norm()) / data.SCALE_HEIGHT)
        drag = airspeed * speed * density * (-data.DRAG)
        push = u.normalized() * thrust
        acceleration = r.normalized_power3() * (-1.0) + (push + drag) / mass
        flow_out = vf.ConstantVector(11, np.array([-flow]))
        super().__init__(vf.stack([v, acceleration, flow_out]), 7, 3)


def insertion() -> vf.VectorFunction:
    """Angular momentum and, in its plane, eccentricity: five independent conditions."""
    momentum, perigee, quarter = data.target_vectors()
    r, v = vf.Arguments(6).tolist([(0, 3), (3, 3)])
    h = r.cross(v)
    e = v.cross(h) - r.normalized()
    return vf.stack([h - momentum, vf.stack([e.dot(perigee) - data.TARGET_E, e.dot(quarter)])])


def phases(threads: int) -> list[oc.PhaseInterface]:
    """The four phases with their own limits."""
    found = []
    for stretch, segments in zip(data.stretches(), SEGMENTS, strict=True):
        times = np.linspace(stretch.start, stretch.end, 40)
        states, controls = data.first_guess(times)
        mass = stretch.mass - stretch.flow * (times - stretch.start)
        rows = [np.hstack(row) for row in zip(states, mass, times, controls, strict=True)]
        phase = Ascent(stretch.thrust, stretch.flow).phase("LGL7", rows, segments)
        # The fastest of six ways to keep the direction's length (22 iterations against 38 to 86).
        phase.addLUNormBound("Path", X["u"], 0.97, 1.03)
        phase.addBoundaryValue("Front", X["mass"], stretch.mass)
        phase.addLowerNormBound("Path", X["r"], 1.0 - 1e-6)
        if threads:
            phase.setThreads(threads, threads)
        found.append(phase)
    return found


def build(threads: int) -> oc.OptimalControlProblem:
    """Phases, links, ends and objective."""
    problem = oc.OptimalControlProblem()
    parts = phases(threads)
    stretches = data.stretches()
    for phase in parts:
        problem.addPhase(phase)
    pad = np.hstack([*data.pad_state(), [0.0]])
    parts[0].addBoundaryValue("Front", [*X["r"], *X["v"], X["time"]], pad)
    for phase, stretch in zip(parts[:3], stretches, strict=False):
        phase.addBoundaryValue("Back", X["time"], stretch.end)
    last = parts[3]
    last.addLUVarBound("Back", X["time"], stretches[3].start, stretches[3].end)
    last.addEqualCon("Back", insertion(), [*X["r"], *X["v"]])
    last.addValueObjective("Back", X["mass"], -1.0)
    problem.addForwardLinkEqualCon(parts[0], last, [*X["r"], *X["v"], X["time"]])
    problem.optimizer.set_PrintLevel(3)
    problem.optimizer.set_tols(1e-9, 1e-9, 1e-9, 1e-9)
    if threads:
        problem.setThreads(threads, threads)
    return problem


def main() -> None:
    """Build, solve and report."""
    threads = data.arguments()
    started = time.perf_counter()
    problem = build(threads)
    problem.transcribe(False, False)
    built = time.perf_counter()
    flag = problem.optimize()
    solved = time.perf_counter()
    end = problem.Phase(3).returnTraj()[-1]
    data.report(
        "asset-asrl",
        version("asset-asrl"),
        final_mass_kg=end[X["mass"]] * data.MASS_KG,
        t_f_s=end[X["time"]] * data.TIME_S,
        import_s=_IMPORTED - _BEGIN,
        build_s=built - started,
        solve_s=solved - built,
        total_s=solved - started,
        iterations=problem.optimizer.LastIterNum,
        converged=str(flag).rsplit(".", 1)[-1] == "CONVERGED",
        threads=threads or None,
    )


if __name__ == "__main__":
    main()
