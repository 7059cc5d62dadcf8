"""From a `Problem` to a sparse nonlinear programme, once per structure.

Unknowns are physical values over their scale, ordered in time: first the
statics and the root's free duration; then, for each mesh interval, the start
state (with the statics and a free duration riding along), the collocation
states and the controls. Structure-exploiting solvers can use this order;
others do not mind it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import casadi as ca
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cosmodrome.ocp.blocks import FEW_SOLVES, Abreast, Block, Kernel, assemble
from cosmodrome.ocp.problem import Phase, Point, Problem
from cosmodrome.ocp.radau import Radau, lagrange_matrix, radau

__all__ = ["Layout", "Transcription", "control_matrix", "points_of", "transcribe"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the unknowns and the numbers of one phase stand.

    Parameters
    ----------
    start : int, first unknown of the phase's first interval
    number : int, first parameter of the phase: interval starts, interval
        lengths, the fixed duration, then the phase's own numbers
    intervals : int
    n_states, n_statics, n_duration, n_nodes : int
        Sizes: state, statics, 0 or 1 for a free duration, collocation points.
    control_widths : tuple of int, unknowns per control and interval
    children : tuple of int
        Child phases whose free duration is chosen in this phase's last stage.
    """

    start: int
    number: int
    intervals: int
    n_states: int
    n_statics: int
    n_duration: int
    n_nodes: int
    control_widths: tuple[int, ...]
    children: tuple[int, ...]
    n_own: int

    @property
    def head(self) -> int:
        """Unknowns in a stage's start block."""
        return self.n_states + self.n_statics + self.n_duration

    @property
    def body(self) -> int:
        """Unknowns of the collocation states of one interval."""
        return self.n_nodes * self.n_states

    @property
    def width(self) -> int:
        """Unknowns of one interval."""
        return self.head + self.body + sum(self.control_widths)

    @property
    def stop(self) -> int:
        """One past the last unknown of the phase."""
        return self.start + self.intervals * self.width + len(self.children)

    @property
    def last(self) -> int:
        """First unknown of the last interval."""
        return self.start + (self.intervals - 1) * self.width

    @property
    def number_stop(self) -> int:
        """One past the last parameter of the phase."""
        return self.number + 2 * self.intervals + 1 + self.n_own

    def own(self) -> Index:
        """Parameters that are the phase's own numbers."""
        first = self.number + 2 * self.intervals + 1
        return np.arange(first, first + self.n_own)


@dataclass(frozen=True, slots=True)
class Transcription:
    """The programme and the maps between its vector and the phases.

    Parameters
    ----------
    problem : Problem
    layouts : tuple of Layout, one per phase
    programme : dict from `assemble`
    scale : array, size of each unknown
    equality : array of bool, one per constraint
    rows : dict of (phase name, kind) to array of constraint indices, kind in
        "collocation", "path", "terminal"
    n_numbers : int, parameters before the problem's own `p`
    """

    problem: Problem
    layouts: tuple[Layout, ...]
    programme: dict[str, Any]
    scale: Array
    equality: NDArray[np.bool_]
    rows: dict[tuple[str, str], Index]
    n_numbers: int


def points_of(phase: Phase) -> Radau:
    """Collocation points of a phase; an arc has its end only."""
    return radau(phase.degree if phase.arc is None else 1)


def control_matrix(degree: int | None, points: Radau) -> Array:
    """From a control's unknowns on an interval to its values at the nodes."""
    if degree is None:
        return np.eye(points.nodes.size)
    at = np.linspace(0.0, 1.0, degree + 1) if degree else np.array([0.5])
    return lagrange_matrix(at, points.nodes)


def _layouts(problem: Problem) -> tuple[Layout, ...]:
    layouts: list[Layout] = []
    start = len(problem.statics) + int(problem.phases[0].free_duration)
    number = 0
    for phase in problem.phases:
        points = points_of(phase)
        children = tuple(
            k
            for k, child in enumerate(problem.phases)
            if child.parent == phase.name and child.free_duration
        )
        widths = tuple(control_matrix(c.degree, points).shape[1] for c in phase.controls)
        layout = Layout(
            start=start,
            number=number,
            intervals=phase.intervals,
            n_states=len(phase.states),
            n_statics=len(problem.statics),
            n_duration=int(phase.free_duration),
            n_nodes=points.nodes.size,
            control_widths=widths,
            children=children,
            n_own=phase.n_own,
        )
        layouts.append(layout)
        start, number = layout.stop, layout.number_stop
    return tuple(layouts)


def transcribe(problem: Problem, pays: Abreast = FEW_SOLVES) -> Transcription:
    """Build the nonlinear programme of a problem.

    Parameters
    ----------
    problem : Problem
    pays : Abreast, as of `assemble`

    Returns
    -------
    Transcription
        Parameters of the programme are, per phase, the interval start fractions,
        the interval lengths, the fixed duration and the phase's own numbers,
        then the problem's `p`.
    """
    return _Builder(problem).build(pays)


def _scaled(unknowns: Any, scales: tuple[float, ...]) -> Any:
    """Physical values of a slice of unknowns; an empty one stays an empty column."""
    return ca.reshape(unknowns, -1, 1) * ca.DM(scales) if scales else ca.SX(0, 1)


def _same_state(point: Point) -> Any:
    return point.x


def _linked(link: Callable[[Point], Any], scales: Any) -> Callable[[Point, Any], Any]:
    return lambda point, _q: link(point) / scales


class _Nodes:
    """Collocation nodes of the phases: what a kernel sees there, and where it goes."""

    def __init__(self, problem: Problem, layouts: tuple[Layout, ...], p: Any) -> None:
        self.problem, self.layouts, self.p = problem, layouts, p

    def point(self, index: int, z: Any, q: Any, c: Any) -> Point:
        """A node: z = state, control unknowns, statics, free duration; q = interval
        start, interval length, fixed duration, own numbers; c = node, weights.
        """
        phase, layout = self.problem.phases[index], self.layouts[index]
        offset, weight, controls = layout.n_states, 1, []
        for control, width in zip(phase.controls, layout.control_widths, strict=True):
            size = 1 if control.degree is None else width
            raw = z[offset : offset + size] * control.scale
            controls.append(
                raw if control.degree is None else ca.dot(raw, c[weight : weight + size])
            )
            weight += 0 if control.degree is None else size
            offset += size
        statics = _scaled(z[offset : offset + layout.n_statics], self.problem.static_scales)
        free = z[offset + layout.n_statics :]
        duration = free * phase.duration_scale if layout.n_duration else q[2]
        x = z[: layout.n_states] * ca.DM(phase.scales)
        u = ca.vertcat(*controls) if controls else ca.SX(0, 1)
        t = (q[0] + c[0] * q[1]) * duration
        return Point(x, u, t, duration, statics, q[3:], self.p)

    def columns(self, index: int, interval: int, node: int) -> list[int]:
        phase, layout = self.problem.phases[index], self.layouts[index]
        base = layout.start + interval * layout.width
        first = base + layout.head + node * layout.n_states
        columns = list(range(first, first + layout.n_states))
        offset = base + layout.head + layout.body
        for control, width in zip(phase.controls, layout.control_widths, strict=True):
            where = [offset + node] if control.degree is None else range(offset, offset + width)
            columns += where
            offset += width
        return columns + list(range(base + layout.n_states, base + layout.head))

    def constants(self, index: int) -> Array:
        """Node fraction and control weights, shape (nodes, 1 + weights)."""
        phase = self.problem.phases[index]
        points = points_of(phase)
        parts = [control_matrix(c.degree, points) for c in phase.controls if c.degree is not None]
        return np.hstack([points.nodes[:, None], *parts])

    def symbols(self, index: int) -> tuple[Any, Any, Any]:
        layout = self.layouts[index]
        z = ca.SX.sym("z", len(self.columns(index, 0, 0)))
        q = ca.SX.sym("q", 3 + layout.n_own)
        return z, q, ca.SX.sym("c", self.constants(index).shape[1])

    def kernel(self, index: int, make: Callable[[Point, Any], Any]) -> Kernel:
        """A kernel whose rows are made from a node's Point and its q."""
        z, q, c = self.symbols(index)
        return Kernel(z, q, c, self.p, make(self.point(index, z, q, c), q))

    def key(self, index: int) -> Any:
        """Phases with the same key share their derivatives."""
        phase, layout = self.problem.phases[index], self.layouts[index]
        controls = tuple((c.degree, c.scale) for c in phase.controls)
        sizes = (layout.n_duration, layout.n_own, phase.duration_scale)
        return (phase.dynamics, phase.path, phase.scales, controls, sizes)

    def block(self, index: int, kernel: Kernel, where: list[tuple[int, int]], rows: Index) -> Block:
        """Put a kernel of node points at the given (interval, node) pairs."""
        layout = self.layouts[index]
        columns = np.array([self.columns(index, k, j) for k, j in where])
        interval = np.array([k for k, _ in where])
        numbers = np.column_stack(
            [
                layout.number + interval,
                layout.number + layout.intervals + interval,
                np.full(len(where), layout.number + 2 * layout.intervals),
                np.tile(layout.own(), (len(where), 1)),
            ]
        )
        constants = self.constants(index)[[j for _, j in where]]
        return Block(kernel, columns, numbers, constants, rows)


class _Builder:
    """Collects the blocks of one programme in time order."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.layouts = _layouts(problem)
        self.n_numbers = self.layouts[-1].number_stop
        self.p = ca.SX.sym("p", problem.n_parameters)
        self.nodes = _Nodes(problem, self.layouts, self.p)
        self.blocks: list[Block] = []
        self.kernels: dict[Any, Kernel] = {}
        self.triplets: list[tuple[Index, Index, Array]] = []
        self.equality: list[NDArray[np.bool_]] = []
        self.rows: dict[tuple[str, str], Index] = {}
        self.count = 0

    def build(self, pays: Abreast) -> Transcription:
        self._root()
        for index in range(len(self.layouts)):
            self._gaps(index)
            self._links(index)
            self._interior(index)
            self._terminal(index)
        self._objective()
        rows, columns, values = (np.concatenate(part) for part in zip(*self.triplets, strict=True))
        shape = (self.count, self.layouts[-1].stop)
        linear = sparse.csc_matrix((values, (rows, columns)), shape=shape)
        n_all = self.n_numbers + self.problem.n_parameters
        programme = assemble(self.blocks, linear, n_all, slice(self.n_numbers, n_all), pays)
        return Transcription(
            self.problem,
            self.layouts,
            programme,
            self._scale(),
            np.concatenate(self.equality),
            self.rows,
            self.n_numbers,
        )

    def _new_rows(self, shape: tuple[int, ...], *, equality: bool) -> Index:
        size = int(np.prod(shape))
        rows = self.count + np.arange(size).reshape(shape)
        self.count += size
        self.equality.append(np.full(size, equality))
        return rows

    def _interior(self, index: int) -> None:
        """Collocation defects and path rows of every node of a phase."""
        phase, layout = self.problem.phases[index], self.layouts[index]
        n, d, nx = layout.intervals, layout.n_nodes, layout.n_states
        defect = self._new_rows((n * d, nx), equality=True)
        self.rows[phase.name, "collocation"] = defect.ravel()
        if phase.arc is not None:
            self._arc(index, defect)
            return
        self._differences(index, defect.reshape(n, d, nx))

        def make(point: Point, q: Any) -> Any:
            assert phase.dynamics is not None
            rate = phase.dynamics(point) / ca.DM(phase.scales)
            path = ca.SX(0, 1) if phase.path is None else phase.path(point)
            return ca.vertcat(-q[1] * point.duration * rate, path)

        key = self.nodes.key(index)
        if key not in self.kernels:
            self.kernels[key] = self.nodes.kernel(index, make)
        rows = defect
        if phase.path is not None:
            path = self._new_rows((n * d, phase.n_path), equality=False)
            self.rows[phase.name, "path"] = path.ravel()
            rows = np.hstack([defect, path])
        self.blocks.append(
            self.nodes.block(
                index, self.kernels[key], [(k, j) for k in range(n) for j in range(d)], rows
            )
        )

    def _differences(self, index: int, defect: Index) -> None:
        """The linear part of the defects: the derivative matrix on the states."""
        layout = self.layouts[index]
        derivative = points_of(self.problem.phases[index]).derivative
        n, d, nx = defect.shape
        for k in range(n):
            base = layout.start + k * layout.width
            for j in range(d + 1):
                first = base if j == 0 else base + layout.head + (j - 1) * nx
                for i in range(d):
                    self._linear(defect[k, i], first + np.arange(nx), derivative[i, j])

    def _linear(self, rows: Index, columns: Index, value: float) -> None:
        self.triplets.append((rows, columns, np.full(rows.size, value)))

    def _arc(self, index: int, defect: Index) -> None:
        """end - arc(start, dt) = 0 on every interval of a phase that steps in closed form."""
        phase, layout = self.problem.phases[index], self.layouts[index]
        assert phase.arc is not None
        n, s, count = layout.n_states, layout.n_statics, layout.intervals
        z, q = ca.SX.sym("z", layout.head), ca.SX.sym("q", 3 + layout.n_own)
        statics = z[n : n + s] * ca.DM(self.problem.static_scales)
        duration = z[n + s :] * phase.duration_scale if layout.n_duration else q[2]
        x = z[:n] * ca.DM(phase.scales)
        point = Point(x, ca.SX(0, 1), q[0] * duration, duration, statics, q[3:], self.p)
        rows = -phase.arc(point, q[1] * duration) / ca.DM(phase.scales)
        kernel = Kernel(z, q, ca.SX(0, 1), self.p, rows)
        step = np.arange(count)
        base = layout.start + step * layout.width
        columns = base[:, None] + np.arange(layout.head)
        first = layout.number
        mesh = [first + step, first + count + step, np.full(count, first + 2 * count)]
        numbers = np.column_stack([*mesh, np.tile(layout.own(), (count, 1))])
        self.blocks.append(Block(kernel, columns, numbers, np.empty((count, 0)), defect))
        for k in range(count):
            self._linear(defect[k], base[k] + layout.head + np.arange(n), 1.0)

    def _gaps(self, index: int) -> None:
        """Every interval starts where the one before it ended: all linear."""
        layout = self.layouts[index]
        n, nx = layout.intervals, layout.n_states
        rows = self._new_rows((n - 1, layout.head), equality=True)
        for k in range(n - 1):
            base = layout.start + k * layout.width
            end = base + layout.head + layout.body - nx
            carried = np.concatenate([end + np.arange(nx), base + np.arange(nx, layout.head)])
            self._linear(rows[k], carried, 1.0)
            self._linear(rows[k], base + layout.width + np.arange(layout.head), -1.0)

    def _root(self) -> None:
        """The root starts where statics and parameters say."""
        phase, layout = self.problem.phases[0], self.layouts[0]
        assert phase.link is not None
        z = ca.SX.sym("z", layout.n_statics)
        q = ca.SX.sym("q", layout.n_own)
        nothing = ca.SX(0, 1)
        statics = z * ca.DM(self.problem.static_scales)
        start = phase.link(Point(nothing, nothing, 0.0, 0.0, statics, q, self.p))
        kernel = Kernel(z, q, ca.SX(0, 1), self.p, start / ca.DM(phase.scales))
        rows = self._new_rows((layout.head,), equality=True)
        columns = np.arange(layout.n_statics)[None, :]
        nx = layout.n_states
        self.blocks.append(
            Block(kernel, columns, layout.own()[None, :], np.empty((1, 0)), rows[None, :nx])
        )
        self._linear(rows[nx:], np.arange(layout.start), 1.0)
        self._linear(rows, layout.start + np.arange(layout.head), -1.0)

    def _links(self, index: int) -> None:
        """Gaps from the end of a phase to the starts of its children."""
        parent, layout = self.problem.phases[index], self.layouts[index]
        nx, s = layout.n_states, layout.n_statics
        for k, child in enumerate(self.problem.phases):
            if child.parent != parent.name:
                continue
            below = self.layouts[k]
            rows = self._new_rows((below.head,), equality=True)
            first, scales = below.n_states, ca.DM(child.scales)
            link = child.link or _same_state
            kernel = self.nodes.kernel(index, _linked(link, scales))
            end = [(layout.intervals - 1, layout.n_nodes - 1)]
            self.blocks.append(self.nodes.block(index, kernel, end, rows[None, :first]))
            self._linear(rows[first : first + s], layout.last + nx + np.arange(s), 1.0)
            if child.free_duration:
                chosen = layout.last + layout.width + layout.children.index(k)
                self._linear(rows[first + s :], np.array([chosen]), 1.0)
            self._linear(rows, below.start + np.arange(below.head), -1.0)

    def _terminal(self, index: int) -> None:
        phase, layout = self.problem.phases[index], self.layouts[index]
        if phase.terminal is None:
            return
        rows = self._new_rows((1, phase.n_terminal), equality=False)
        self.rows[phase.name, "terminal"] = rows.ravel()
        terminal = phase.terminal
        kernel = self.nodes.kernel(index, lambda point, _q: terminal(point))
        self.blocks.append(
            self.nodes.block(index, kernel, [(layout.intervals - 1, layout.n_nodes - 1)], rows)
        )

    def _objective(self) -> None:
        index = len(self.layouts) - 1
        layout = self.layouts[index]
        kernel = self.nodes.kernel(index, lambda point, _q: self.problem.objective(point))
        end = [(layout.intervals - 1, layout.n_nodes - 1)]
        self.blocks.append(self.nodes.block(index, kernel, end, np.array([[-1]])))

    def _scale(self) -> Array:
        problem = self.problem
        pieces: list[Array] = [np.array(problem.static_scales, dtype=float)]
        if problem.phases[0].free_duration:
            pieces.append(np.array([problem.phases[0].duration_scale]))
        for phase, layout in zip(problem.phases, self.layouts, strict=True):
            state = np.array(phase.scales)
            widths = zip(phase.controls, layout.control_widths, strict=True)
            one = np.concatenate(
                [
                    state,
                    np.array(problem.static_scales, dtype=float),
                    np.full(layout.n_duration, phase.duration_scale),
                    np.tile(state, layout.n_nodes),
                    *[np.full(width, control.scale) for control, width in widths],
                ]
            )
            pieces.append(np.tile(one, layout.intervals))
            pieces.append(np.array([problem.phases[k].duration_scale for k in layout.children]))
        return np.concatenate(pieces)
