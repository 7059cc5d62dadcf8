"""Do the states of somebody else's trajectory belong together? Each step held against gravity.

From every state the next one is foretold by gravity alone. What is missing in
velocity is what pushed; what is then still missing in position, nothing explains.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cosmodrome.flight import forces
from cosmodrome.orbit.arc import oblate_step
from cosmodrome.verify.verdict import Check
from cosmodrome.world.environment import Environment

__all__ = ["Coast", "Jump", "States", "Steps", "consistency_checks", "grain", "steps_of"]

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

_STEP_RAD = 0.3  # `oblate_step` holds its accuracy up to 0.4
_MOST_PARTS = 200
_COAST_STEPS = 2000

# Drag coefficient times area over mass of the lightest thing that is flown, m2/kg: a bare
# cube satellite has 0.02, an upper stage with its payload 0.005.
_BALLISTIC_M2_KG = 0.05
# Less than this nobody's engine pushes: settling thrusters give 0.003 to 0.1 m/s2 and are
# told from errors by nothing but their size.
_PUSH_M_S2 = 0.02
# What a coast may differ from J2 to J4: tesserals are below 3e-4 m/s2 in low orbit, Sun and
# Moon below 1e-5 m/s2 up to geostationary height, a settled coast has 0.001 m/s2.
_COAST_M_S2 = 2e-3
_HELD_M_S, _HELD_M_S2 = 0.05, 3e-4
_POSITION_M = 10.0
_VELOCITY_M_S = 1.0
_ROUNDED_M = 0.25  # a table rounded to decimetres and turned to another frame shows no last digit
_JUMP_M = 10.0
_JUMP_M_S = 1.0  # springs that part a payload from its stage give up to 1 m/s
_LOWEST_M = -500.0  # the shore of the Dead Sea lies 430 m below the sea


@dataclass(frozen=True, slots=True, eq=False)
class States:
    """States in axes that stand still, the third along the pole.

    Parameters
    ----------
    t_s : array, shape (n,), never falling
    r_m, v_m_s : arrays, shape (n, 3)
    mass_kg : array, shape (n,), or None
    grain_m, grain_m_s : float, the last digit that positions and velocities are given to
    """

    t_s: Array
    r_m: Array
    v_m_s: Array
    mass_kg: Array | None = None
    grain_m: float = 0.0
    grain_m_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Jump:
    """Two states of one instant: what changes between them."""

    t_s: float
    position_m: float
    velocity_m_s: float
    mass_kg: float | None


@dataclass(frozen=True, slots=True)
class Coast:
    """A stretch that nothing pushes, carried from its first state to its last by gravity.

    Parameters
    ----------
    first, last : int, indices of its states
    start_s, end_s : float
    unexplained_m, unexplained_m_s : float, its last state against the one foretold
    energy_j_kg : float, what its specific energy has gained beyond that
    allowed_m_s : float, what air and the rest of the Earth's field may take
    """

    first: int
    last: int
    start_s: float
    end_s: float
    unexplained_m: float
    unexplained_m_s: float
    energy_j_kg: float
    allowed_m_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Every step from a state to the next one that is later.

    Parameters
    ----------
    index : array of int, shape (m,), of the state a step begins with
    duration_s : array, shape (m,)
    felt_m_s2 : array, shape (m, 3), mean acceleration that is not gravity
    unexplained_m : array, shape (m,), position that neither gravity nor the push explains
    pushed : array of bool, shape (m,)
    stray_m_s2 : array, shape (m,), what is felt in a coast and no air explains
    coasts : tuple of Coast
    jumps : tuple of Jump
    """

    index: NDArray[np.intp]
    duration_s: Array
    felt_m_s2: Array
    unexplained_m: Array
    pushed: Flags
    stray_m_s2: Array
    coasts: tuple[Coast, ...]
    jumps: tuple[Jump, ...]


def grain(values: Array) -> float:
    """The last digit that numbers were given to: 0.001 for thousandths; 0 if none is seen.

    Of the large ones, for where digits are counted from the first, small ones have more.
    """
    size = max(float(np.abs(values).max(initial=0.0)), 1.0)
    large = values[np.abs(values) > 0.1 * size]
    for digits in range(7):
        scaled = large * 10.0**digits
        if np.all(np.abs(scaled - np.round(scaled)) <= 4e-16 * size * 10.0**digits):
            return float(10.0**-digits)
    return 0.0


def steps_of(states: States, environment: Environment) -> Steps:
    """Hold every step of a trajectory against gravity.

    Parameters
    ----------
    states : States, two at least
    environment : Environment

    Returns
    -------
    Steps

    Accuracy
    --------
    Gravity with the environment's zonals, to a millimetre a step. A push is taken
    as even over its step; what an uneven one moves is allowed for by how much it
    differs from its neighbours, so that a thrust that begins within a step is no
    fault. A velocity that is off by dv is still seen in the position, as an
    eighth of dv times the step or more; at the very ends of a file one that only
    weakens the push is not.
    """
    t = states.t_s
    index = np.flatnonzero(np.diff(t) > 0.0)
    h = np.diff(t)[index]
    r, v = _foretold(states.r_m[index], states.v_m_s[index], h, environment)
    dv = states.v_m_s[index + 1] - v
    felt = dv / h[:, None]
    left = states.r_m[index + 1] - r - 0.5 * h[:, None] * dv
    unexplained = np.linalg.norm(left, axis=1) - 0.125 * h**2 * _unevenness(felt, index)
    unexplained -= 2.0 * states.grain_m + h * states.grain_m_s
    free, stray = _strays(states, felt, index, h, environment)
    coasts = _coasts(states, index, free, environment)
    return Steps(index, h, felt, np.maximum(unexplained, 0.0), ~free, stray, coasts, _jumps(states))


def _foretold(r: Array, v: Array, h: Array, environment: Environment) -> tuple[Array, Array]:
    """Every state carried over its step by gravity."""
    rate = math.sqrt(environment.mu_m3_s2 / float(np.linalg.norm(r, axis=1).min()) ** 3)
    parts = min(max(math.ceil(float(h.max()) * rate / _STEP_RAD), 1), _MOST_PARTS)
    for _ in range(parts):
        r, v = oblate_step(r, v, h / parts, environment)
    return np.asarray(r), np.asarray(v)


def _unevenness(felt: Array, index: NDArray[np.intp]) -> Array:
    """How much the push of a step differs from those before and after it, m/s2.

    A push that begins within the first step of a file, or ends within the last,
    may move four times as much as the one neighbour there shows.
    """
    change = np.linalg.norm(np.diff(felt, axis=0), axis=1)
    # Over a jump the push changes at once: that says nothing of the steps beside it.
    change[np.diff(index) > 1] = 0.0
    found = np.concatenate([[0.0], change]) + np.concatenate([change, [0.0]])
    if len(felt) > 1:
        found[0] += 3.0 * _lacking(felt[0], felt[1])
        found[-1] += 3.0 * _lacking(felt[-1], felt[-2])
    return np.asarray(found)


def _lacking(felt: Array, beside: Array) -> float:
    """By how much a push is weaker than the one beside it, along that one."""
    full = float(np.linalg.norm(beside))
    if not full > 0.0:
        return 0.0
    return float(np.clip((beside - felt) @ beside / full, 0.0, full))


def _strays(
    states: States, felt: Array, index: NDArray[np.intp], h: Array, environment: Environment
) -> tuple[Flags, Array]:
    """Which steps are coasts, and what is felt in them beyond drag and the last digit."""
    both = [_air(states, k, environment) for k in (index, index + 1)]
    q = np.maximum(both[0].q_pa, both[1].q_pa)
    against = -np.asarray(both[0].velocity_m_s) / np.asarray(both[0].speed_m_s)[:, None]
    along = np.clip(np.einsum("ij,ij->i", felt, against), 0.0, _BALLISTIC_M2_KG * q)
    rest = np.linalg.norm(felt - along[:, None] * against, axis=1)
    rest = np.maximum(rest - 2.0 * states.grain_m_s / h, 0.0)
    free = rest < _PUSH_M_S2
    return free, np.where(free, rest, 0.0)


def _air(states: States, chosen: NDArray[np.intp], environment: Environment) -> forces.Conditions:
    law = forces.drag_law(((0.0, 1.0),))
    return forces.conditions(states.r_m[chosen], states.v_m_s[chosen], environment, 1.0, law)


def _coasts(
    states: States, index: NDArray[np.intp], free: Flags, environment: Environment
) -> tuple[Coast, ...]:
    """Neighbouring steps that nothing pushes, put together; a jump parts them."""
    found: list[Coast] = []
    begun: int | None = None
    for k, quiet in enumerate(free):
        if begun is not None and (not quiet or index[k] != index[k - 1] + 1):
            found.append(_coast(states, int(index[begun]), int(index[k - 1]) + 1, environment))
            begun = None
        if quiet and begun is None:
            begun = k
    if begun is not None:
        found.append(_coast(states, int(index[begun]), int(index[-1]) + 1, environment))
    return tuple(found)


def _coast(states: States, first: int, last: int, environment: Environment) -> Coast:
    """A coast carried from its first state to its last."""
    t = states.t_s
    span = float(t[last] - t[first])
    r, v = states.r_m[first], states.v_m_s[first]
    mu, passed = environment.mu_m3_s2, 0.0
    for _ in range(_COAST_STEPS):
        if passed >= span:
            break
        rate = math.sqrt(mu / float(np.linalg.norm(r)) ** 3)
        step = min(_STEP_RAD / rate, span - passed)
        r, v = (np.asarray(one) for one in oblate_step(r, v, step, environment))
        passed = span if span - passed - step < 1e-9 else passed + step
    if passed < span:
        return _coast(states, first, int(np.searchsorted(t, t[first] + passed)) - 1, environment)
    there, fast = states.r_m[last], states.v_m_s[last]
    gained = 0.5 * float(fast @ fast - v @ v)
    gained -= mu / float(np.linalg.norm(there)) - mu / float(np.linalg.norm(r))
    air = _air(states, np.arange(first, last + 1), environment)
    drag = _BALLISTIC_M2_KG * float(np.trapezoid(air.q_pa, t[first : last + 1]))
    allowed = _HELD_M_S + _HELD_M_S2 * span + drag + 2.0 * states.grain_m_s
    off, slow = (float(np.linalg.norm(one)) for one in (there - r, fast - v))
    return Coast(first, last, float(t[first]), float(t[first]) + span, off, slow, gained, allowed)


def _jumps(states: States) -> tuple[Jump, ...]:
    found = []
    for k in np.flatnonzero(np.diff(states.t_s) == 0.0).tolist():
        r, v = states.r_m[k + 1] - states.r_m[k], states.v_m_s[k + 1] - states.v_m_s[k]
        mass = states.mass_kg
        step = None if mass is None else float(mass[k + 1] - mass[k])
        off, slow = float(np.linalg.norm(r)), float(np.linalg.norm(v))
        found.append(Jump(float(states.t_s[k]), off, slow, step))
    return tuple(found)


def consistency_checks(states: States, steps: Steps, altitude_m: Array) -> tuple[Check, ...]:
    """What every flight has to meet, whoever made it: its states belong together.

    Parameters
    ----------
    states : States
    steps : Steps
    altitude_m : array, shape (n,), geodetic

    Returns
    -------
    tuple of Check
    """
    worst = float(steps.unexplained_m.max(initial=0.0))
    left = np.maximum(steps.unexplained_m - _ROUNDED_M, 0.0)
    slow = float((2.0 * left / steps.duration_s).max(initial=0.0))
    stray = float(steps.stray_m_s2.max(initial=0.0))
    found = [
        Check("position against velocity", _POSITION_M, worst, "m"),
        Check("velocity against position", _VELOCITY_M_S, slow, "m/s"),
        Check("coast against gravity", _COAST_M_S2, stray, "m/s2"),
    ]
    if steps.coasts:
        held = max(steps.coasts, key=lambda one: one.unexplained_m_s / one.allowed_m_s)
        name = "coast from its start to its end"
        found.append(Check(name, held.allowed_m_s, held.unexplained_m_s, "m/s"))
    if steps.jumps:
        off = max(one.position_m for one in steps.jumps)
        slow = max(one.velocity_m_s for one in steps.jumps)
        found.append(Check("position jump", _JUMP_M + 2.0 * states.grain_m, off, "m"))
        found.append(Check("velocity jump", _JUMP_M_S + 2.0 * states.grain_m_s, slow, "m/s"))
    if states.mass_kg is not None:
        gained = float(np.diff(states.mass_kg).max(initial=0.0))
        found.append(Check("mass gained", 0.0, gained, "kg"))
    lowest = float(altitude_m.min()) / 1e3
    found.append(Check("lowest altitude", _LOWEST_M / 1e3, lowest, "km", floor=True))
    return tuple(found)
