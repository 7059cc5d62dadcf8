"""How often places are seen: revisit and response times of one satellite or many."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.orbit.crossings import Points, brackets
from cosmodrome.orbit.motion import Motion
from cosmodrome.orbit.sight import Fleet, Sight, above, first_points, fleet
from cosmodrome.world.earth import local_axes, site_position
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import EarthOrientation, Epoch
from cosmodrome.world.frames import EARTH_ROTATION_RAD_S

__all__ = ["Coverage", "find_coverage"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]

_EARTH: Final = Environment()
_MU: Final = _EARTH.mu_m3_s2
_OMEGA: Final = EARTH_ROTATION_RAD_S
_TIMES_WITHIN_S: Final = 0.1
_SHORTEST_S: Final = 0.1  # a look shorter than this may go unseen
_PULL_MARGIN: Final = 0.01
_PLACES: Final = 250  # at once


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Looks at places, and the gaps between them.

    A look is a stretch of time in which at least one satellite sees the place;
    a gap is the time from the end of a look to the beginning of the next.

    Parameters
    ----------
    start : Epoch
    duration_s : float
    latitude_rad, longitude_rad : array, shape (n,)
    looks : array of int, shape (n,)
    seen_s : array, shape (n,), total time in sight
    mean_revisit_s : array, shape (n,)
        Mean of the gaps between looks; infinite with fewer than two looks.
    max_revisit_s : array, shape (n,)
        Longest gap, those at both ends of the time counted as far as they are
        known; infinite where the place is never seen.
    mean_response_s : array, shape (n,)
        Mean wait for the next look from a moment drawn at random; infinite
        where the place is never seen. After the last look the wait is counted
        to the end of the time: search long enough.
    """

    start: Epoch
    duration_s: float
    latitude_rad: Array
    longitude_rad: Array
    looks: Index
    seen_s: Array
    mean_revisit_s: Array
    max_revisit_s: Array
    mean_response_s: Array

    @property
    def seen_fraction(self) -> float:
        """Share of the places that are seen at all."""
        return float(np.mean(self.looks > 0))


@dataclass(frozen=True, slots=True, eq=False)
class _Swath:
    """Metres a satellite is inside the cone around a place: |r| (cos psi - cos half width).

    psi is the angle at the Earth's centre between satellite and place. Its
    second derivative is n.a - cos(half width) r'', with r'' = v_across^2 / r + u.a.
    """

    fleet: Fleet
    vertical: Array
    cosine: float

    @property
    def places(self) -> int:
        return len(self.vertical)

    def at(self, key: Index, t_s: Array) -> Points:
        satellite, place = np.divmod(key, self.places)
        r, v = self.fleet.places(satellite, t_s)
        return self.points(key, t_s, r.T, v.T, place)

    def points(self, key: Index, t_s: Array, r: Array, v: Array, place: Index) -> Points:
        n = self.vertical.T[:, place]
        size = np.sqrt(np.sum(r * r, axis=0))
        away = np.sum(r * v, axis=0) / size
        speed2 = np.sum(v * v, axis=0)
        pull = -_MU / size**3
        even = pull + _OMEGA**2
        a = np.stack(
            (even * r[0] + 2.0 * _OMEGA * v[1], even * r[1] - 2.0 * _OMEGA * v[0], pull * r[2])
        )
        rise = (speed2 - away**2) / size + np.sum(r * a, axis=0) / size
        bend = np.sum(n * a, axis=0) - self.cosine * rise
        value = np.sum(n * r, axis=0) - self.cosine * size
        slope = np.sum(n * v, axis=0) - self.cosine * away
        return Points(key, t_s, value, slope, np.stack((bend, size, np.sqrt(speed2))))

    def near(self, owner: Index, t: Array, r: Array) -> tuple[Index, Index]:
        """Place and first node of intervals in which a satellite may see a place."""
        height = self.vertical @ r.T - self.cosine * np.linalg.norm(r, axis=1)
        reach = self.fleet.speed_m_s[owner[:-1]] * (1.0 + self.cosine) * np.diff(t)
        near = (height[:, :-1] + height[:, 1:] + reach >= 0.0) & (owner[:-1] == owner[1:])
        place, node = np.nonzero(near)
        return place, node

    def slack(self, first: Points) -> Array:
        return np.asarray(self.fleet.slack_m_s[first.key // self.places] * (1.0 + self.cosine))

    def ceiling(self, first: Points, last: Points) -> Array:
        satellite = first.key // self.places
        span = last.t_s - first.t_s
        top = self.fleet.speed_m_s[satellite]
        (bend_a, r_a, v_a), (bend_b, r_b, v_b) = first.marks, last.marks
        low = np.maximum(self.fleet.lowest_m[satellite], 0.5 * (r_a + r_b - top * span))
        high = 0.5 * (r_a + r_b + top * span)
        pull = _MU / low**2
        across = 2.0 * _OMEGA * top + _OMEGA**2 * high
        v = np.minimum(top, np.maximum(v_a, v_b) + 0.5 * span * (pull + across))
        jerk = 2.0 * _MU * v / low**3 + 2.0 * _OMEGA * (pull + across) + _OMEGA**2 * v
        # How fast v^2 / r and the direction of u.a may change.
        swing = 3.0 * v * (pull + across) / low + v**3 / low**2
        rate = (1.0 + self.cosine) * jerk + self.cosine * swing
        extra = (1.0 + self.cosine) * (_PULL_MARGIN * pull + 0.02)
        return np.asarray(np.maximum(bend_a, bend_b) + 0.5 * rate * span + extra)


def _statistics(key: Index, ends: Array, places: int, duration_s: float) -> tuple[Array, ...]:
    """Looks, time seen, mean and longest gap, mean wait; of merged stretches by place."""
    order = np.lexsort((ends[0], key))
    key, begin, end = key[order], ends[0][order], ends[1][order]
    # Stretches that overlap become one: a running latest end, place by place.
    scale = 2.0 * duration_s
    latest = np.maximum.accumulate(key * scale + end) - key * scale
    new = np.ones(key.size, dtype=bool)
    new[1:] = (key[1:] != key[:-1]) | (begin[1:] > latest[:-1])
    starts = np.flatnonzero(new)
    stops = np.append(starts[1:], key.size) - 1 if starts.size else starts
    place, t0, t1 = key[starts], begin[starts], latest[stops]
    looks = np.bincount(place, minlength=places).astype(float)
    seen = np.bincount(place, weights=t1 - t0, minlength=places)
    same = place[1:] == place[:-1]
    inner, owner = (t0[1:] - t1[:-1])[same], place[1:][same]
    count = np.bincount(owner, minlength=places)
    total = np.bincount(owner, weights=inner, minlength=places)
    mean = np.where(count > 0, total / np.maximum(count, 1), np.inf)
    first, last = np.full(places, duration_s), np.zeros(places)
    np.minimum.at(first, place, t0)
    np.maximum.at(last, place, t1)
    longest = np.maximum(first, duration_s - last)
    np.maximum.at(longest, owner, inner)
    wait = 0.5 * np.bincount(owner, weights=inner**2, minlength=places)
    wait = wait + 0.5 * first**2 + 0.5 * (duration_s - last) ** 2
    unseen = looks == 0.0
    longest[unseen] = np.inf
    waits = np.where(unseen, np.inf, wait / duration_s)
    return tuple(np.asarray(x, dtype=float) for x in (looks, seen, mean, longest, waits))


def _checked(
    latitude_rad: Array,
    longitude_rad: Array,
    swath_m: float | None,
    min_elevation_rad: float | None,
) -> None:
    if latitude_rad.shape != longitude_rad.shape or latitude_rad.ndim != 1 or not latitude_rad.size:
        raise InputError(
            "coverage needs places: as many latitudes as longitudes, one or more",
            key="points",
            value=f"{latitude_rad.shape}, {longitude_rad.shape}",
            allowed="two rows of one length",
        )
    if not np.all(np.abs(latitude_rad) <= 0.5 * math.pi + 1e-9):
        raise InputError("a latitude is out of range", key="latitude", allowed="-90 to 90 deg")
    if (swath_m is None) == (min_elevation_rad is None):
        raise InputError(
            "give the swath or the least elevation, one of the two",
            key="swath",
            value=swath_m,
            allowed="a width, or a least elevation instead",
        )
    if swath_m is not None and not 0.0 < swath_m <= 15e6:
        raise InputError(
            "the swath is out of range", key="swath", value=swath_m, allowed="0 to 15000 km"
        )
    if min_elevation_rad is not None and not 0.0 <= min_elevation_rad < math.radians(89.0):
        raise InputError(
            "the least elevation is out of range",
            key="min_elevation",
            value=math.degrees(min_elevation_rad),
            allowed="0 to 89 deg",
        )


def find_coverage(
    motions: dict[str, Motion],
    latitude_rad: Array,
    longitude_rad: Array,
    start: Epoch,
    duration_s: float,
    *,
    swath_m: float | None = None,
    min_elevation_rad: float | None = None,
    orientation: EarthOrientation | None = None,
) -> Coverage:
    """When places are seen by one satellite or several, and how long they wait.

    Parameters
    ----------
    motions : dict of name to Motion
    latitude_rad, longitude_rad : array, shape (n,), geodetic; altitude 0
    start : Epoch
    duration_s : float
        Long against the revisit: a repeat cycle, or ten days.
    swath_m : float or None
        Width on the ground, centred on the track: a place is seen within half
        of it of the sub-satellite point, on a sphere of the equatorial radius.
    min_elevation_rad : float or None
        In place of the swath: a place is seen while the satellite stands as
        high over its horizon, on the ellipsoid.
    orientation : EarthOrientation or None, the shipped one by default

    Returns
    -------
    Coverage

    Raises
    ------
    InputError
        If an argument is out of range, or a satellite is not known over all of
        the time.

    Accuracy
    --------
    Looks to 0.1 s and none missed that lasts longer, as with passes. A swath
    is taken as a cap around the point below the satellite, not as a line
    across the track: a look lasts longer, gaps between passes stay.
    """
    latitude = np.atleast_1d(np.asarray(latitude_rad, dtype=float))
    longitude = np.atleast_1d(np.asarray(longitude_rad, dtype=float))
    _checked(latitude, longitude, swath_m, min_elevation_rad)
    ships = fleet(tuple(motions.values()), start, duration_s, orientation)
    earth = (_EARTH.equatorial_radius_m, _EARTH.flattening)
    rows = []
    for low in range(0, latitude.size, _PLACES):
        part = slice(low, low + _PLACES)
        places = np.asarray(site_position(latitude[part], longitude[part], 0.0, *earth))
        curve: Sight | _Swath
        if min_elevation_rad is not None:
            up = np.asarray(local_axes(latitude[part], longitude[part])[2])
            mask = np.full(len(places), math.sin(min_elevation_rad))
            curve = Sight(ships, places, up, mask)
        else:
            assert swath_m is not None
            up = places / np.linalg.norm(places, axis=1)[:, None]
            curve = _Swath(ships, up, math.cos(0.5 * swath_m / earth[0]))
        points, first, last = brackets(curve, *first_points(curve), _SHORTEST_S)
        key, ends = above(curve, points, first, last, duration_s, _TIMES_WITHIN_S)
        rows.append(_statistics(key % len(places), ends, len(places), duration_s))
    columns = [np.concatenate(column) for column in zip(*rows, strict=True)]
    looks, seen, mean, longest, wait = columns
    return Coverage(
        start, duration_s, latitude, longitude, looks.astype(np.intp), seen, mean, longest, wait
    )
