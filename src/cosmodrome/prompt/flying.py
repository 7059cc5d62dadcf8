"""From where an orbit comes from to motions over a stretch of time, and how they were made."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from cosmodrome.campaign.progress import Tell
from cosmodrome.errors import CosmodromeError, InputError
from cosmodrome.orbit.elements import elements_from_state
from cosmodrome.orbit.forces import Drag, ForceModel
from cosmodrome.orbit.motion import Motion, Secular, Sgp4, Tabulated, TwoBody
from cosmodrome.orbit.propagate import propagate
from cosmodrome.prompt.orbit_source import Method, OrbitSource, Satellite
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import State

__all__ = ["METHODS", "Flown", "Span", "ages", "flown", "mean_orbit", "span_of"]

METHODS: Final[tuple[Method, ...]] = ("numerical", "secular", "two-body", "sgp4", "table")
_STEP_S: Final = 60.0
_LOW_RADIUS_M: Final = 6.9e6
_WIDEST_STEP_S: Final = 1800.0
_MOST_STATES: Final = 1_000_000
_DAY_S: Final = 86400.0
_MOST_DAYS: Final = 3660.0
_OLD_DAYS: Final = 3.0

_HOW: Final = {
    "sgp4": "SGP4",
    "table": "the file's own states, interpolated",
    "secular": "mean elements turning at the secular rates of J2 to J4; no drag",
    "two-body": "two bodies: neither oblateness nor drag",
}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time that is searched."""

    start: Epoch
    duration_s: float

    @property
    def end(self) -> Epoch:
        """Its last instant."""
        return self.start + self.duration_s


@dataclass(frozen=True, slots=True, eq=False)
class Flown:
    """Satellites as they move, and how that was found.

    Parameters
    ----------
    motions : dict of name to Motion
    how : str, in words
    notes : tuple of str, the age of elements
    """

    motions: dict[str, Motion]
    how: str
    notes: tuple[str, ...]


def span_of(source: OrbitSource, start_utc: str | None, days: float | None) -> Span:
    """The stretch of time that was asked for.

    Parameters
    ----------
    source : OrbitSource
    start_utc : str or None, the source's own start by default
    days : float or None
        By default one day, or as much of it as a table holds.

    Raises
    ------
    InputError
        If the days are none or too many, or the start cannot be read.
    """
    start = source.start if start_utc is None else Epoch.parse(start_utc)
    if days is None:
        whole = source.trajectory is not None and source.satellites[0].method == "table"
        left = _left(source, start) if whole else _DAY_S
        return Span(start, min(_DAY_S, left) if left > 0.0 else _DAY_S)
    if not 0.0 < days <= _MOST_DAYS:
        raise InputError(
            f"{days:g} days cannot be searched",
            key="--days",
            value=days,
            allowed=f"more than 0, at most {_MOST_DAYS:g}",
        )
    return Span(start, days * _DAY_S)


def _left(source: OrbitSource, start: Epoch) -> float:
    table = source.satellites[0].body
    assert isinstance(table, Tabulated)
    return table.epoch + table.span_s[1] - start


def flown(
    source: OrbitSource,
    span: Span,
    method: Method | None = None,
    *,
    drag_m2_kg: float | None = None,
    tell: Tell | None = None,
) -> Flown:
    """Every satellite of a source as a motion over a stretch of time.

    Parameters
    ----------
    source : OrbitSource
    span : Span
    method : Method or None
        None: SGP4 for TLE and OMM, a table as it stands, mean elements for an
        orbit text, numerical for a run folder and an OPM.
    drag_m2_kg : float or None
        Drag coefficient times area over mass, for the numerical method; what an
        OPM says by default, else none.
    tell : callable(text, share) or None

    Raises
    ------
    InputError
        If a method does not fit, the orbit comes down, or data does not reach.

    Accuracy
    --------
    As `orbit.propagate` and `orbit.motion`. The numerical states are tabulated
    so closely that interpolation adds below 1 mm.
    """
    motions: dict[str, Motion] = {}
    for k, one in enumerate(source.satellites):
        if tell is not None:
            tell(f"orbit of {one.name}", 0.0 if k == 0 else k / len(source.satellites))
        motions[one.name] = _motion(one, span, method, drag_m2_kg)
    first = source.satellites[0]
    used = method or first.method
    drag = first.drag_m2_kg if drag_m2_kg is None else drag_m2_kg
    if drag_m2_kg is not None and used != "numerical":
        raise _misfit(used, "it takes no drag", "--drag", "--method numerical with it")
    how = _numerical_told(drag) if used == "numerical" else _HOW[used]
    return Flown(motions, f"by {how}" if used == "sgp4" else how, ages(source, span))


def _numerical_told(drag_m2_kg: float | None) -> str:
    drag = "no drag" if drag_m2_kg is None else f"drag with CdA/m {drag_m2_kg:g} m2/kg"
    return f"numerical: gravity of degree 20 (EGM96), Sun, Moon, {drag}"


def _motion(one: Satellite, span: Span, method: Method | None, drag: float | None) -> Motion:
    used = method or one.method
    if used == "secular":
        return mean_orbit(one)
    if used == "two-body":
        return TwoBody(one.state())
    if used == "numerical":
        model = one.drag_m2_kg if drag is None else drag
        return _tabulated(one, span, model)
    fits = isinstance(one.body, Sgp4) if used == "sgp4" else isinstance(one.body, Tabulated)
    if not fits or isinstance(one.body, State):
        what = "a TLE or an OMM" if used == "sgp4" else "a file with states, as an OEM"
        raise _misfit(used, f"it needs {what}", "--method", "numerical, secular, two-body")
    return one.body


def _misfit(method: str, why: str, key: str, allowed: str) -> InputError:
    return InputError(
        f"the method {method} cannot be used here: {why}", key=key, value=method, allowed=allowed
    )


def mean_orbit(one: Satellite) -> Secular:
    """The mean orbit of a satellite, turning at the secular rates.

    Raises
    ------
    InputError
        If its orbit is open.
    """
    return one.body if isinstance(one.body, Secular) else Secular.from_state(one.state())


def _tabulated(one: Satellite, span: Span, drag_m2_kg: float | None) -> Tabulated:
    """States by numbers, close enough to interpolate."""
    state = one.state()
    low = float(
        elements_from_state(state.r_m, state.v_m_s, Environment().mu_m3_s2).perigee_radius_m
    )
    step = min(_STEP_S * max(1.0, low / _LOW_RADIUS_M) ** 1.5, _WIDEST_STEP_S)
    count = math.ceil(span.duration_s / step) + 3
    if count > _MOST_STATES:
        raise InputError(
            f"{span.duration_s / _DAY_S:g} days are too long for the numerical method",
            key="--days",
            value=span.duration_s / _DAY_S,
            allowed="fewer days, or --method secular",
        )
    # One step more on either side, so that no end is interpolated from one side alone.
    times = (span.start - state.epoch) + step * (np.arange(count) - 1.0)
    forces = ForceModel(drag=None if drag_m2_kg is None else Drag(drag_m2_kg))
    try:
        return Tabulated(propagate(state, times, forces))
    except InputError:
        raise
    except CosmodromeError as error:
        raise InputError(
            f"{one.name}: {error}",
            key="--days",
            value=span.duration_s / _DAY_S,
            allowed="a time in which it stays up",
        ) from None


def ages(source: OrbitSource, span: Span) -> tuple[str, ...]:
    """How old the elements of SGP4 are, where that matters, in words."""
    elements = [one for one in source.satellites if isinstance(one.body, Sgp4)]
    away = [max(abs(span.start - s.epoch), abs(span.end - s.epoch)) / _DAY_S for s in elements]
    if not away or max(away) <= _OLD_DAYS:
        return ()
    worst = f"{max(away):.1f} days from their epoch"
    return (f"elements are used up to {worst}; in low orbit a TLE loses 1 to 3 km a day",)
