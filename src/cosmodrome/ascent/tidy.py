"""What an optimum holds that means nothing: burns of no length, turns around the circle.

Both are blind alleys of the optimiser and not of the rocket. A burn after a coast that
has shrunk to its least length still costs a restart, and leaves two coasts that share
one length in any way. A straight line in pitch that goes once around inside an interval
of the mesh wastes that interval, and more intervals do not mend it.
"""

from __future__ import annotations

from dataclasses import replace
from math import pi

import numpy as np
from numpy.typing import NDArray

from cosmodrome.ascent.formulate import Formulation
from cosmodrome.ascent.legs import LegSpec
from cosmodrome.ascent.starts import Start
from cosmodrome.ocp import Guess, PhaseGuess, PhaseSolution, Solution

__all__ = ["unwound", "with_loose_coasts", "without_idle_burn"]

Array = NDArray[np.float64]

_IDLE_M_S = 1.0  # a burn that adds no more than this does nothing
# No burn turns as far within one interval: at 2 deg/s that takes 80 s.
_SPUN_RAD = 2.8
_SHORTEST_COAST_S = 30.0


def without_idle_burn(
    start: Start, legs: tuple[LegSpec, ...], guess: Guess
) -> tuple[Start, Guess] | None:
    """A start and a guess with the first idle burn between two coasts left out.

    Parameters
    ----------
    start : Start
    legs : tuple of LegSpec, of the flight as it was solved
    guess : Guess, its solution

    Returns
    -------
    (Start, Guess) or None
        One coast in the place of two, held as long as both and the burn; None
        where every burn does something.
    """
    coasts = [k for k, leg in enumerate(legs) if leg.kind == "orbit"]
    for number, k in enumerate(coasts[:-1]):
        if coasts[number + 1] == k + 2 and _added_m_s(legs[k + 1], guess.phases[k + 1]) < _IDLE_M_S:
            one = _one_coast(guess.phases[k : k + 3])
            phases = (*guess.phases[:k], one, *guess.phases[k + 3 :])
            return _with_one_coast(start, number, one.duration), replace(guess, phases=phases)
    return None


def _added_m_s(leg: LegSpec, burn: PhaseGuess) -> float:
    """What a short burn adds to the velocity."""
    thrust = sum(one.count * one.level * one.motor.thrust_vac_n for one in leg.engines)
    return float(thrust * burn.duration / burn.x[0, 6])


def _one_coast(parts: tuple[PhaseGuess, ...]) -> PhaseGuess:
    """Two coasts and what is between them as one coast."""
    whole = sum(one.duration for one in parts)
    before, _, after = parts
    fraction = np.concatenate(
        [
            before.fraction * before.duration / whole,
            1.0 - (1.0 - after.fraction) * after.duration / whole,
        ]
    )
    x = np.vstack([before.x, after.x])
    return PhaseGuess(fraction, x, np.empty((len(x), 0)), whole)


def _with_one_coast(start: Start, number: int, length_s: float) -> Start:
    """A start whose coast of that number goes on through the next one."""
    coasts = start.route.coasts
    held = (length_s, length_s, length_s)
    one = replace(coasts[number + 1], coast_s=held, at_rad=coasts[number].at_rad)
    route = replace(start.route, coasts=(*coasts[:number], one, *coasts[number + 2 :]))
    return replace(start, route=route, name=start.name.replace(start.route.told, route.told))


def with_loose_coasts(start: Start) -> Start:
    """A start whose coasts may be longer or shorter than they are."""
    coasts = tuple(
        replace(one, coast_s=(_SHORTEST_COAST_S, one.coast_s[1], 1.5 * one.coast_s[1] + 2400.0))
        for one in start.route.coasts
    )
    return replace(start, route=replace(start.route, coasts=coasts))


def unwound(posed: Formulation, solution: Solution) -> Solution | None:
    """A solution whose pitch goes nowhere around the circle; None where it does not anyway.

    Parameters
    ----------
    posed : Formulation
    solution : Solution

    Returns
    -------
    Solution or None
        To be solved again: what was spun is set between its neighbours.
    """
    phases = list(solution.phases)
    spun = False
    for k, pattern in enumerate(posed.patterns):
        if pattern is not None and pattern.steering == "free" and posed.legs[k].after_coast:
            pitch = _unwound_pitch(phases[k].u[0])
            if pitch is not None:
                phases[k], spun = _with_pitch(phases[k], pitch), True
    return replace(solution, phases=tuple(phases)) if spun else None


def _unwound_pitch(raw: Array) -> Array | None:
    """Pitch by interval, shape (n, points), without turns; None where there is none."""
    spun = np.ptp(raw, axis=1) > _SPUN_RAD
    if not spun.any() or spun.all():
        return None
    middle = raw.mean(axis=1)
    sound = np.flatnonzero(~spun)
    named = np.unwrap(middle[sound])
    named -= 2.0 * pi * np.round(named.mean() / (2.0 * pi))
    level = np.interp(np.arange(len(raw)), sound, named)
    pitch = np.repeat(level[:, None], raw.shape[1], axis=1)
    pitch[sound] = raw[sound] + (named - middle[sound])[:, None]
    return np.asarray(pitch)


def _with_pitch(phase: PhaseSolution, pitch: Array) -> PhaseSolution:
    nodes = phase.u_nodes.copy()
    width = pitch.shape[1]
    at = phase.grid[1:]
    own = np.linspace(0.0, 1.0, width) if width != at.size else at
    nodes[:, :, 0] = [np.interp(at, own, row) for row in pitch]
    return replace(phase, u=(pitch, *phase.u[1:]), u_nodes=nodes)
