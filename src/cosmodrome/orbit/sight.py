"""Satellites over horizons: the curves that passes and coverage look for crossings of.

A satellite is seen above a mask when h = n.d - sin(mask) |d| is not negative,
with d from the place to the satellite and n the vertical there, Earth-fixed. Its
second derivative is (n - sin(mask) u).a - sin(mask) v_across^2 / |d|, u = d/|d|,
and the last term only ever lowers it; the rest is bounded by gravity.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.orbit.bounds import bounds, check_time
from cosmodrome.orbit.crossings import Curve, Points, roots
from cosmodrome.orbit.motion import Motion
from cosmodrome.orbit.turning import Turning, turning
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import EarthOrientation, Epoch
from cosmodrome.world.frames import EARTH_ROTATION_RAD_S

__all__ = ["Fleet", "Sight", "Sighting", "above", "first_points", "fleet"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]

_MU: Final = Environment().mu_m3_s2
_OMEGA: Final = EARTH_ROTATION_RAD_S
# J2 adds 0.5 % to the pull in the lowest orbits, all else less than 0.01 %.
_PULL_MARGIN: Final = 0.01
_BLOCK: Final = 3_000_000  # satellites' instants times places, at once


@dataclass(frozen=True, slots=True, eq=False)
class Fleet:
    """Motions on one clock, Earth-fixed, with what bounds them.

    Parameters
    ----------
    motions : tuple of Motion
    start : Epoch, of t = 0 here
    duration_s : float
    offset_s : array, shape (m,), what to add to t for a motion's own time
    turns : tuple of Turning, one for each frame
    frame : array of int, shape (m,), which of them
    step_s : array, shape (m,), between the instants looked at first
    lowest_m, speed_m_s : array, shape (m,), bounds over the whole time
    slack_m_s : array, shape (m,), how far velocities may be from the rate of positions
    """

    motions: tuple[Motion, ...]
    start: Epoch
    duration_s: float
    offset_s: Array
    turns: tuple[Turning, ...]
    frame: Index
    step_s: Array
    lowest_m: Array
    speed_m_s: Array
    slack_m_s: Array

    def places(self, satellite: Index, t_s: Array) -> tuple[Array, Array]:
        """Earth-fixed positions and velocities of satellites by number, in the order asked."""
        r, v = np.empty((t_s.size, 3)), np.empty((t_s.size, 3))
        order = np.argsort(satellite, kind="stable")
        numbers = satellite[order]
        cuts = np.flatnonzero(np.diff(numbers)) + 1
        edges = [0, *cuts.tolist(), numbers.size]
        sorted_t = t_s[order]
        for low, high in pairwise(edges):
            if low == high:
                continue
            m = int(numbers[low])
            r[low:high], v[low:high] = self.motions[m].at(sorted_t[low:high] + self.offset_s[m])
        if len(self.turns) == 1:
            r, v = self.turns[0].at(sorted_t, r, v)
        else:
            which = self.frame[numbers]
            for k, turn in enumerate(self.turns):
                part = which == k
                r[part], v[part] = turn.at(sorted_t[part], r[part], v[part])
        if cuts.size == 0:
            return r, v
        back = np.empty_like(order)
        back[order] = np.arange(order.size)
        return r[back], v[back]

    def nodes(self, satellite: int) -> Array:
        """Instants looked at first, both ends of the time included."""
        count = max(2, math.ceil(self.duration_s / self.step_s[satellite]) + 1)
        return np.linspace(0.0, self.duration_s, count)


def fleet(
    motions: tuple[Motion, ...],
    start: Epoch,
    duration_s: float,
    orientation: EarthOrientation | None = None,
) -> Fleet:
    """Motions put on one clock and bounded.

    Parameters
    ----------
    motions : tuple of Motion
    start : Epoch
    duration_s : float
    orientation : EarthOrientation or None, the shipped one by default

    Raises
    ------
    InputError
        If a motion does not cover the time.
    """
    if not motions:
        raise InputError(
            "there is no satellite to look for", key="satellite", allowed="one or more"
        )
    offsets = [check_time(motion, start, duration_s) for motion in motions]
    names = sorted({motion.frame for motion in motions})
    turns = tuple(turning(name, start, (0.0, duration_s), orientation) for name in names)
    own = np.array(offsets)
    limits = bounds(motions, own, own + duration_s)
    return Fleet(
        motions,
        start,
        duration_s,
        own,
        turns,
        np.array([names.index(motion.frame) for motion in motions]),
        np.array([limit.step_s for limit in limits]),
        np.array([limit.lowest_m for limit in limits]),
        np.array([limit.speed_m_s + _OMEGA * limit.highest_m for limit in limits]),
        np.array([limit.slack_m_s for limit in limits]),
    )


class Sighting(Protocol):
    """What `first_points` needs to know of a curve over satellites and places."""

    @property
    def fleet(self) -> Fleet:
        """The satellites."""
        ...

    @property
    def places(self) -> int:
        """How many places."""
        ...

    def near(self, owner: Index, t: Array, r: Array) -> tuple[Index, Index]:
        """Place and first node of intervals that a speed limit leaves open."""
        ...

    def points(self, key: Index, t_s: Array, r: Array, v: Array, place: Index) -> Points:
        """Values from Earth-fixed states, shape (3, n)."""
        ...


def first_points(curve: Sighting) -> tuple[Points, Index, Index]:
    """First points of every curve, and the intervals that a speed limit does not settle."""
    grids = [curve.fleet.nodes(m) for m in range(len(curve.fleet.motions))]
    parts, firsts, lasts, count, m = [], [], [], 0, 0
    while m < len(grids):
        # As many satellites at a time as memory bears.
        sizes = np.cumsum([grid.size for grid in grids[m:]])
        stop = m + max(1, int(np.searchsorted(sizes, _BLOCK // curve.places)))
        t = np.concatenate(grids[m:stop])
        owner = np.repeat(np.arange(m, stop), [grid.size for grid in grids[m:stop]])
        r, v = curve.fleet.places(owner, t)
        place, node = curve.near(owner, t, r)
        m = stop
        if not node.size:
            continue
        flat = place * t.size + node
        used = np.zeros(curve.places * t.size, dtype=bool)
        used[flat] = used[flat + 1] = True
        keep = np.flatnonzero(used)
        where, which = np.divmod(keep, t.size)
        key = owner[which] * curve.places + where
        parts.append(curve.points(key, t[which], r[which].T, v[which].T, where))
        firsts.append(count + np.searchsorted(keep, flat))
        lasts.append(count + np.searchsorted(keep, flat + 1))
        count += keep.size
    if not parts:
        none: Index = np.zeros(0, dtype=np.intp)
        nowhere = np.zeros((3, 0))
        return curve.points(none, np.zeros(0), nowhere, nowhere, none), none, none
    return Points.join(parts), np.concatenate(firsts), np.concatenate(lasts)


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """How far satellites stand above masks, metres; a `Curve` with key satellite * places + place.

    Parameters
    ----------
    fleet : Fleet
    place_m, vertical : array, shape (s, 3), Earth-fixed
    mask_sine : array, shape (s,), sines of the masks, 0 to below 1
    other_m_s2 : float
        Bound on any acceleration that is not gravity: 0.02 m/s2 is far above
        drag and solar pressure; give the thrust for a table of a powered flight.
    """

    fleet: Fleet
    place_m: Array
    vertical: Array
    mask_sine: Array
    other_m_s2: float = 0.02

    def at(self, key: Index, t_s: Array) -> Points:
        """Height above the mask's cone; see `points` for the marks."""
        satellite, place = np.divmod(key, self.places)
        r, v = self.fleet.places(satellite, t_s)
        return self.points(key, t_s, r.T, v.T, place)

    @property
    def places(self) -> int:
        """How many places."""
        return len(self.place_m)

    def points(self, key: Index, t_s: Array, r: Array, v: Array, place: Index) -> Points:
        """As `at` from Earth-fixed states, shape (3, n).

        Marks: acceleration along the vertical, radius, speed, sine of elevation,
        |d|^3 times that sine's rate, and the rate of this.
        """
        s, n, sine = self.place_m.T[:, place], self.vertical.T[:, place], self.mask_sine[place]
        d = r - s
        far = np.sqrt(_dot(d, d))
        up, climb, along = _dot(n, d), _dot(n, v), _dot(d, v)
        size, speed2 = np.sqrt(_dot(r, r)), _dot(v, v)
        # Gravity, Coriolis and centrifugal acceleration.
        pull = -_MU / size**3
        even = pull + _OMEGA**2
        a = (even * r[0] + 2.0 * _OMEGA * v[1], even * r[1] - 2.0 * _OMEGA * v[0], pull * r[2])
        bend = n[0] * a[0] + n[1] * a[1] + n[2] * a[2]
        tow = d[0] * a[0] + d[1] * a[1] + d[2] * a[2]
        # |d|^3 times the rate of the sine of elevation, and the rate of that.
        lift = climb * far**2 - up * along
        lift_rate = bend * far**2 + climb * along - up * (speed2 + tow)
        marks = np.stack((bend, size, np.sqrt(speed2), up / far, lift, lift_rate))
        return Points(key, t_s, up - sine * far, climb - sine * along / far, marks)

    def near(self, owner: Index, t: Array, r: Array) -> tuple[Index, Index]:
        """Place and first node of intervals in which a satellite may come above a mask."""
        up = self.vertical @ r.T - np.sum(self.vertical * self.place_m, axis=1)[:, None]
        # sin(mask) |d| >= sin(mask) |up| leaves a lower cone: cheaper, and still safe.
        steep = 1.0 + self.mask_sine[:, None]
        height = np.where(up > 0.0, up, up * steep)
        reach = self.fleet.speed_m_s[owner[:-1]] * steep * np.diff(t)
        near = (height[:, :-1] + height[:, 1:] + reach >= 0.0) & (owner[:-1] == owner[1:])
        place, node = np.nonzero(near)
        return place, node

    def slack(self, first: Points) -> Array:
        """How far a slope may be from the rate of the height, metres per second."""
        satellite, place = np.divmod(first.key, self.places)
        return np.asarray(self.fleet.slack_m_s[satellite] * (1.0 + self.mask_sine[place]))

    def ceiling(self, first: Points, last: Points) -> Array:
        """Bound on how the height may bend upwards between two points."""
        satellite, place = np.divmod(first.key, self.places)
        span = last.t_s - first.t_s
        sine, top = self.mask_sine[place], self.fleet.speed_m_s[satellite]
        (bend_a, r_a, v_a), (bend_b, r_b, v_b) = first.marks[:3], last.marks[:3]
        # No nearer than the lowest point of the orbit, nor than the speed allows.
        low = np.maximum(self.fleet.lowest_m[satellite], 0.5 * (r_a + r_b - top * span))
        high = 0.5 * (r_a + r_b + top * span)
        pull = _MU / low**2
        across = 2.0 * _OMEGA * top + _OMEGA**2 * high
        v = np.minimum(top, np.maximum(v_a, v_b) + 0.5 * span * (pull + across))
        jerk = 2.0 * _MU * v / low**3 + 2.0 * _OMEGA * (pull + across) + _OMEGA**2 * v
        extra = _PULL_MARGIN * pull + self.other_m_s2
        bend = np.maximum(bend_a, bend_b) + 0.5 * jerk * span + extra
        return np.asarray(bend + sine * (pull + across + extra))


def _dot(a: Array, b: Array) -> Array:
    return np.asarray(a[0] * b[0] + a[1] * b[1] + a[2] * b[2])


def above(
    curve: Curve, points: Points, first: Index, last: Index, duration_s: float, within_s: float
) -> tuple[Index, Array]:
    """Key and (first, last) time of every stretch on which a curve is not negative.

    Parameters
    ----------
    curve : Curve
    points, first, last : what `brackets` gave
    duration_s : float
        A stretch under way at 0 or at the end begins or ends there.
    within_s : float, accuracy of the times

    Returns
    -------
    key : array of int, shape (n,), rising
    ends : array, shape (2, n), rising for each key
    """
    a, b = points.take(first), points.take(last)
    t = roots(curve, a, b, within_s)
    rising, up = b.value >= 0.0, points.value >= 0.0
    begin, end = up & (points.t_s == 0.0), up & (points.t_s == duration_s)
    key_up = np.concatenate((a.key[rising], points.key[begin]))
    rise = np.concatenate((t[rising], points.t_s[begin]))
    key_down = np.concatenate((a.key[~rising], points.key[end]))
    fall = np.concatenate((t[~rising], points.t_s[end]))
    i, j = np.lexsort((rise, key_up)), np.lexsort((fall, key_down))
    return key_up[i], np.stack((rise[i], fall[j]))
