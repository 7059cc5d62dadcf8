"""How long a unit burns and what it has burnt by then, from its own tables."""

from __future__ import annotations

import itertools

from cosmodrome.flight.vehicle import Motor, Stage

__all__ = ["burn_duration", "burnt", "full_flow"]


def full_flow(motor: Motor, g0_m_s2: float) -> float:
    """Mass flow at full throttle and mean shape, kg/s."""
    return motor.thrust_vac_n / (motor.isp_vac_s * g0_m_s2)


def burn_duration(stage: Stage, g0_m_s2: float) -> float:
    """Seconds from ignition until the usable propellant is gone.

    A motor with a thrust shape burns for the length of its table; a prescribed
    throttle schedule is followed; otherwise full throttle is taken.
    """
    motor = stage.motor
    if motor is None or stage.usable_kg == 0.0:
        return 0.0
    flow = full_flow(motor, g0_m_s2)
    if motor.shape:
        return motor.shape[-1][0]
    if not stage.schedule:
        return stage.usable_kg / flow
    left, ends = stage.usable_kg, [t for t, _ in stage.schedule[1:]] + [float("inf")]
    for (start, level), end in zip(stage.schedule, ends, strict=True):
        spent = flow * level * (end - start)
        if spent >= left:
            return start + left / (flow * level)
        left -= spent
    raise AssertionError("the last level of a schedule has no end")


def burnt(stage: Stage, start_s: float, end_s: float, g0_m_s2: float) -> float:
    """Propellant burnt between two times since ignition, kg, by shape and schedule."""
    motor = stage.motor
    if motor is None:
        return 0.0
    flow = full_flow(motor, g0_m_s2)
    return flow * (_level_integral(stage, end_s) - _level_integral(stage, start_s))


def _level_integral(stage: Stage, t: float) -> float:
    """Integral of level from 0 to t; level = shape or schedule."""
    assert stage.motor is not None
    table = stage.motor.shape
    if table:
        total = 0.0
        for (t0, y0), (t1, y1) in itertools.pairwise(table):
            if t <= t0:
                break
            end = min(t, t1)
            y = y0 + (y1 - y0) * (end - t0) / (t1 - t0)
            total += 0.5 * (y0 + y) * (end - t0)
        return total
    if not stage.schedule:
        return t
    ends = [s for s, _ in stage.schedule[1:]] + [float("inf")]
    pieces = zip(stage.schedule, ends, strict=True)
    return sum(level * (min(t, end) - start) for (start, level), end in pieces if t > start)
