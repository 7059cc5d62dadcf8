"""Something that moves: a place for every time, however it was come by.

Passes, eclipses and coverage take a `Motion` and do not ask whether it is an
orbit of two bodies, of mean elements, of SGP4 or a table of states.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.orbit.elements import (
    Elements,
    elements_from_state,
    kepler_propagate,
    state_from_elements,
)
from cosmodrome.orbit.secular import Secular, mean_from_true, true_from_mean
from cosmodrome.orbit.sgp4_motion import Sgp4
from cosmodrome.orbit.spans import FOREVER, check_span, times_array
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import State, Trajectory

__all__ = ["Motion", "Secular", "Sgp4", "Tabulated", "TwoBody"]

Array = NDArray[np.float64]
_NEARLY_OPEN = 0.99  # eccentricity above which anomalies lose digits
_WINDOW = 4  # states that one interpolating polynomial goes through


class Motion(Protocol):
    """A place for every time.

    Attributes
    ----------
    epoch : Epoch, of t = 0
    frame : str, of `world.frames.FRAMES`; TOD and TEME are those of each instant
    span_s : (first, last) seconds where it holds; may be infinite
    """

    @property
    def epoch(self) -> Epoch:
        """Of t = 0."""
        ...

    @property
    def frame(self) -> str:
        """Of `world.frames.FRAMES`."""
        ...

    @property
    def span_s(self) -> tuple[float, float]:
        """First and last second."""
        ...

    def at(self, t_s: Array) -> tuple[Array, Array]:
        """Positions and velocities, each shape (n, 3), metres and metres per second."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class TwoBody:
    """An orbit about a point mass.

    Parameters
    ----------
    state : State, in any frame but ITRF
    mu_m3_s2 : float

    Accuracy
    --------
    Exact for a point mass; leaving out the Earth's oblateness moves a low
    orbit by up to 10 km in a revolution.
    """

    state: State
    mu_m3_s2: float = Environment().mu_m3_s2

    def __post_init__(self) -> None:
        if self.state.frame == "ITRF":
            raise InputError(
                "two-body motion needs a frame that does not turn with the Earth",
                key="frame",
                value="ITRF",
                allowed="GCRF, EME2000, TOD, TEME",
            )

    @property
    def epoch(self) -> Epoch:
        """Of the state."""
        return self.state.epoch

    @property
    def frame(self) -> str:
        """Of the state."""
        return self.state.frame

    @property
    def span_s(self) -> tuple[float, float]:
        """Without end."""
        return FOREVER

    def at(self, t_s: Any) -> tuple[Array, Array]:
        """Positions and velocities, shape (n, 3)."""
        times = times_array(t_s)
        start = elements_from_state(self.state.r_m, self.state.v_m_s, self.mu_m3_s2)
        e = start.eccentricity
        if e > _NEARLY_OPEN:
            r = np.broadcast_to(self.state.r_m, (times.size, 3))
            v = np.broadcast_to(self.state.v_m_s, (times.size, 3))
            return kepler_propagate(r, v, self.mu_m3_s2, times)
        # Ten times as quick as universal variables.
        rate = np.sqrt(self.mu_m3_s2 / start.semi_major_axis_m**3)
        mean = np.mod(mean_from_true(start.true_anomaly_rad, e) + rate * times, 2.0 * np.pi)
        ones = np.ones_like(times)
        here = Elements(
            start.semi_latus_rectum_m * ones,
            e * ones,
            start.inclination_rad * ones,
            start.raan_rad * ones,
            start.argp_rad * ones,
            true_from_mean(mean, e),
        )
        return state_from_elements(here, self.mu_m3_s2)


@dataclass(frozen=True, slots=True, eq=False)
class Tabulated:
    """A table of states, with polynomials through four neighbours in between.

    Position and velocity of four states make a polynomial of degree seven;
    near the ends of a segment the nearest four, in a short one what there is.
    Nothing is interpolated across a jump: neither a time that stands twice nor
    from one of the trajectory's segments to the next. At a jump the later
    segment answers.

    Parameters
    ----------
    trajectory : Trajectory, of two states or more

    Accuracy
    --------
    In low orbit below 1 micrometre for a table of 60 s, 0.1 mm for 180 s, 5 cm
    for 300 s if the states are exact and no force jumps.
    """

    trajectory: Trajectory
    pieces: tuple[tuple[int, int], ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pieces", _pieces(self.trajectory))

    @property
    def epoch(self) -> Epoch:
        """Of the trajectory."""
        return self.trajectory.epoch

    @property
    def frame(self) -> str:
        """Of the trajectory."""
        return self.trajectory.frame

    @property
    def span_s(self) -> tuple[float, float]:
        """First and last state that can be interpolated."""
        t = self.trajectory.t_s
        return float(t[self.pieces[0][0]]), float(t[self.pieces[-1][1] - 1])

    def at(self, t_s: Any) -> tuple[Array, Array]:
        """Positions and velocities, shape (n, 3).

        Raises
        ------
        DataEndError
            Outside the table.
        InputError
            Between two segments with a gap in time.
        """
        times = times_array(t_s)
        check_span(times, self.span_s, self.epoch, "the table of states")
        r, v = np.empty((times.size, 3)), np.empty((times.size, 3))
        left = np.ones(times.size, dtype=bool)
        table = self.trajectory.t_s
        # Backwards, so that the later of two segments answers at a jump.
        for start, stop in reversed(self.pieces):
            chosen = left & (times >= table[start]) & (times <= table[stop - 1])
            if np.any(chosen):
                r[chosen], v[chosen] = _interpolate(self.trajectory, start, stop, times[chosen])
                left &= ~chosen
        if np.any(left):
            raise InputError(
                "a time falls into the gap between two segments of the table",
                key="t_s",
                value=float(times[left][0]),
                allowed="times inside a segment",
            )
        return r, v


def _pieces(trajectory: Trajectory) -> tuple[tuple[int, int], ...]:
    """(start, stop) of the smooth stretches of two states or more, in order."""
    cuts = {0, len(trajectory)}
    cuts.update(int(k) + 1 for k in np.flatnonzero(np.diff(trajectory.t_s) == 0.0))
    for _, start, stop in trajectory.segments:
        cuts.update((start, stop))
    edges = sorted(cuts)
    found = [(a, b) for a, b in pairwise(edges) if b - a >= 2]
    if not found:
        raise InputError(
            "a table needs two states of different times in one segment",
            key="trajectory",
            value=len(trajectory),
            allowed="two states or more",
        )
    return tuple(found)


def _interpolate(
    trajectory: Trajectory, start: int, stop: int, times: Array
) -> tuple[Array, Array]:
    """Newton's form with every node taken twice: position and velocity."""
    table = trajectory.t_s[start:stop]
    width = min(_WINDOW, stop - start)
    right = np.searchsorted(table, times, side="right")
    first = np.clip(right - width // 2, 0, stop - start - width)
    index = start + first[:, None] + np.repeat(np.arange(width), 2)[None, :]
    scale = trajectory.t_s[index[:, -1]] - trajectory.t_s[index[:, 0]]
    # Times in units of the window, so that the powers stay near one.
    origin = trajectory.t_s[index[:, 0]]
    x = (trajectory.t_s[index] - origin[:, None]) / scale[:, None]
    at = ((times - origin) / scale)[:, None]
    rate = trajectory.v_m_s[index] * scale[:, None, None]
    place = trajectory.r_m[index]
    # Differences from the window's first place keep the rounding at its size.
    table_of = place - place[:, :1]
    weights = [table_of[:, 0]]
    for order in range(1, 2 * width):
        span = x[:, order:] - x[:, :-order]
        same = span == 0.0
        step = np.diff(table_of, axis=1) / np.where(same, 1.0, span)[..., None]
        table_of = np.where(same[..., None], rate[:, : step.shape[1]], step)
        weights.append(table_of[:, 0])
    value, slope = weights[-1], np.zeros_like(weights[-1])
    for order in range(2 * width - 2, -1, -1):
        gap = at - x[:, order : order + 1]
        slope = slope * gap + value
        value = value * gap + weights[order]
    return value + place[:, 0], slope / scale[:, None]
