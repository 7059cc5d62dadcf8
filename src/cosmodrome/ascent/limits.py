"""Which limits can matter in which leg: the form of its equations."""

from __future__ import annotations

from math import pi
from typing import Any

from cosmodrome.ascent import equations as eq
from cosmodrome.ascent.legs import LegSpec
from cosmodrome.flight.burn import full_flow
from cosmodrome.mission.nouns import Mission

__all__ = ["after_orbit", "corridor_in_force", "corridor_matters", "leg_pattern", "outside"]

_CORRIDOR_WATCH_RAD = 0.35

_EDGE_RAD = 1e-6


def leg_pattern(
    mission: Mission, legs: tuple[LegSpec, ...], k: int, *, watched: bool
) -> eq.Pattern | None:
    """The form of a leg's equations; None for a coast in orbit.

    `watched` puts the corridor among the rows of the first stage.
    """
    leg, limits = legs[k], mission.limits
    if leg.kind == "orbit":
        return None
    steering: Any = "rate"
    if leg.kind == "vertical":
        steering = "vertical"
    elif limits.pitch_rate_rad_s is None and leg.kind == "coast":
        steering = "none"
    elif limits.pitch_rate_rad_s is None or after_orbit(legs, k):
        steering = "free"
    shaped = tuple(_by_share(e.motor.shape) for e in leg.engines if e.motor.shape and not e.free)
    constant = any(not e.motor.shape and not e.free for e in leg.engines)
    return eq.Pattern(
        steering=steering,
        powered=constant,
        shapes=shaped,
        throttled=any(e.free for e in leg.engines),
        thin=not leg.fairing_on and (not leg.first or _sheds_by_heating(mission)),
        rows=_rows(mission, legs, k, watched=watched),
        environment=mission.environment,
        drag_table=mission.vehicle.aerodynamics.drag_table,
    )


def _by_share(table: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    """A thrust table against the share of the burn, rounded: stretching leaves it the same."""
    end = table[-1][0]
    return tuple((round(t / end, 12), round(level, 12)) for t, level in table)


def after_orbit(legs: tuple[LegSpec, ...], k: int) -> bool:
    """Whether a leg comes after a coast in orbit."""
    return any(one.kind == "orbit" for one in legs[:k])


def _rows(mission: Mission, legs: tuple[LegSpec, ...], k: int, *, watched: bool) -> tuple[str, ...]:
    """Path limits that can matter in a leg."""
    leg, limits = legs[k], mission.limits
    if leg.kind == "vertical":
        return ()
    rows = []
    covered = leg.fairing_on if mission.vehicle.fairing is not None else leg.first
    dense = leg.first and leg.engines and covered
    if dense and limits.dynamic_pressure_pa is not None:
        rows.append("q")
    if limits.q_alpha_pa_rad is not None and covered and leg.engines:
        rows.append("qalpha")
    if limits.acceleration_m_s2 is not None and _may_exceed(mission, leg):
        rows.append("g")
    heated = mission.vehicle.fairing is not None and not leg.fairing_on
    if limits.heating_w_m2 is not None and heated:
        rows.append("heat")
    if leg.first and leg.engines and watched and k >= 1:
        rows.append("corridor")
    return tuple(rows)


def _may_exceed(mission: Mission, leg: LegSpec) -> bool:
    """Whether full thrust on an empty stack could break the acceleration limit."""
    limit = mission.limits.acceleration_m_s2
    if limit is None or not leg.engines:
        return False
    peak = sum(
        e.count * e.level * e.motor.thrust_vac_n * max((y for _, y in e.motor.shape), default=1.0)
        for e in leg.engines
    )
    g0 = mission.environment.g0_m_s2
    spent = sum(e.count * e.level * full_flow(e.motor, g0) for e in leg.engines) * leg.duration_s
    lightest = leg.mass_kg - spent if leg.end_mass_kg is None else leg.end_mass_kg
    return peak > 0.9 * limit * max(lightest, 1.0)


def _sheds_by_heating(mission: Mission) -> bool:
    fairing = mission.vehicle.fairing
    return fairing is not None and fairing.jettison_s is None


def corridor_in_force(mission: Mission, azimuth: float) -> tuple[float, float] | None:
    """The corridor that a launch direction lies in or next to.

    Of one as wide as half a turn or wider, the part within a quarter turn of the
    direction: no ascent turns farther, and the rows are planes, which bound no more.
    """
    corridors = mission.limits.azimuths_rad
    if not corridors:
        return None
    start, stop = min(corridors, key=lambda pair: outside(azimuth, pair))
    width = (stop - start) % (2.0 * pi) or 2.0 * pi
    if width < pi - _EDGE_RAD:
        return start, stop
    if width >= 2.0 * pi - _EDGE_RAD:
        return None
    ahead = (azimuth - start) % (2.0 * pi)
    # Outside, the nearer edge counts as the direction.
    ahead = ahead if ahead <= width else (width if ahead - width < 2.0 * pi - ahead else 0.0)
    quarter = 0.5 * pi - _EDGE_RAD
    return start + max(ahead - quarter, 0.0), start + min(ahead + quarter, width)


def outside(azimuth: float, corridor: tuple[float, float]) -> float:
    """How far a direction lies outside a corridor, radians; 0 inside."""
    start, stop = corridor
    width = (stop - start) % (2.0 * pi) or 2.0 * pi
    ahead = (azimuth - start) % (2.0 * pi)
    return 0.0 if ahead <= width else min(ahead - width, 2.0 * pi - ahead)


def corridor_matters(mission: Mission, azimuth: float, *, asked: bool = False) -> bool:
    """Whether a launch direction comes near the corridor's edges, or lies outside.

    Far inside, the corridor costs rows and cannot bind; the judge looks anyway.
    """
    corridor = corridor_in_force(mission, azimuth)
    if corridor is None:
        return False
    if asked:
        return True
    start, stop = corridor
    ahead, width = (azimuth - start) % (2.0 * pi), (stop - start) % (2.0 * pi)
    return not _CORRIDOR_WATCH_RAD < ahead < width - _CORRIDOR_WATCH_RAD
