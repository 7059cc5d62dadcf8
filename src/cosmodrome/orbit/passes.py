"""Passes of satellites over stations: every one of them, with contacts to a millisecond."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.orbit.crossings import Points, brackets, roots
from cosmodrome.orbit.eclipses import sunlit
from cosmodrome.orbit.motion import Motion
from cosmodrome.orbit.sight import Sight, above, first_points, fleet
from cosmodrome.orbit.stations import Station
from cosmodrome.world.earth import local_axes
from cosmodrome.world.epoch import EarthOrientation, Epoch

__all__ = ["Contact", "Look", "Pass", "Passes", "find_passes", "look"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]

_LIGHT_M_S: Final = 299792458.0
_SHORTEST_S: Final = 0.01  # a pass shorter than this may go unseen
_CONTACT_S: Final = 1e-3
_CULMINATION_S: Final = 1e-2


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A satellite as a station sees it, geometrically: no refraction, no light time.

    Parameters
    ----------
    azimuth_rad : array, from north over east, [0, 2 pi)
    elevation_rad : array, above the plane normal to the ellipsoid's vertical
    range_m, range_rate_m_s : array; the rate is positive when it goes away

    Accuracy
    --------
    Refraction, left out, lifts a satellite on the horizon by about half a
    degree and at 10 deg by 0.1 deg; light time in low orbit is below 10 ms.
    """

    azimuth_rad: Array
    elevation_rad: Array
    range_m: Array
    range_rate_m_s: Array

    def doppler_hz(self, frequency_hz: float) -> Array:
        """What is received of a carrier sent at a frequency, less that frequency.

        To first order in v/c; the second order is below 5e-10 of the frequency.
        """
        return np.asarray(-self.range_rate_m_s / _LIGHT_M_S * frequency_hz)


@dataclass(frozen=True, slots=True)
class Contact:
    """One instant of a pass; as `Look`, with its epoch and whether the Sun shines up there."""

    epoch: Epoch
    azimuth_rad: float
    elevation_rad: float
    range_m: float
    range_rate_m_s: float
    sunlit: bool | None

    def doppler_hz(self, frequency_hz: float) -> float:
        """As `Look.doppler_hz`."""
        return -self.range_rate_m_s / _LIGHT_M_S * frequency_hz


@dataclass(frozen=True, slots=True)
class Pass:
    """A stretch of time in which a station sees a satellite above its mask.

    Parameters
    ----------
    satellite, station : str
    rise, culmination, set : Contact
    begins_cut, ends_cut : bool
        True where the time searched begins or ends inside the pass; rise or
        set is then that end.
    """

    satellite: str
    station: str
    rise: Contact
    culmination: Contact
    set: Contact
    begins_cut: bool
    ends_cut: bool

    @property
    def duration_s(self) -> float:
        """From rise to set."""
        return self.set.epoch - self.rise.epoch

    @property
    def max_elevation_rad(self) -> float:
        """At culmination."""
        return self.culmination.elevation_rad


@dataclass(frozen=True, slots=True, eq=False)
class Passes:
    """All passes of a search as columns, ordered by rise; one by one as `Pass`.

    Parameters
    ----------
    start : Epoch, of t = 0
    satellites, stations : tuple of str
    satellite, station : array of int, shape (n,), places in those
    t_s : array, shape (3, n), rise, culmination and set
    look : Look, its arrays of shape (3, n)
    sunlit : array of bool, shape (3, n), or None where it was not asked for
    begins_cut, ends_cut : array of bool, shape (n,)
    """

    start: Epoch
    satellites: tuple[str, ...]
    stations: tuple[str, ...]
    satellite: Index
    station: Index
    t_s: Array
    look: Look
    sunlit: NDArray[np.bool_] | None
    begins_cut: NDArray[np.bool_]
    ends_cut: NDArray[np.bool_]

    def __len__(self) -> int:
        return int(self.satellite.size)

    def __iter__(self) -> Iterator[Pass]:
        return (self[k] for k in range(len(self)))

    def __getitem__(self, k: int) -> Pass:
        rise, culmination, end = (self._contact(row, k) for row in range(3))
        return Pass(
            self.satellites[int(self.satellite[k])],
            self.stations[int(self.station[k])],
            rise,
            culmination,
            end,
            bool(self.begins_cut[k]),
            bool(self.ends_cut[k]),
        )

    def _contact(self, row: int, k: int) -> Contact:
        return Contact(
            self.start + float(self.t_s[row, k]),
            float(self.look.azimuth_rad[row, k]),
            float(self.look.elevation_rad[row, k]),
            float(self.look.range_m[row, k]),
            float(self.look.range_rate_m_s[row, k]),
            None if self.sunlit is None else bool(self.sunlit[row, k]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Climb:
    """The rate of elevation, made smooth: zero where elevation is greatest."""

    sight: Sight

    def at(self, key: Index, t_s: Array) -> Points:
        return _climbing(self.sight.at(key, t_s))


def _climbing(points: Points) -> Points:
    """The same points as values of the elevation's rate; the mark is its sine."""
    sine, value, slope = points.marks[3:6]
    return Points(points.key, points.t_s, value, slope, sine[None])


def _seen(r: Array, v: Array, place: Array, axes: tuple[Array, Array, Array]) -> Look:
    d = r - place
    east, north, up = (np.sum(axis * d, axis=1) for axis in axes)
    far = np.linalg.norm(d, axis=1)
    return Look(
        np.arctan2(east, north) % (2.0 * math.pi),
        np.arctan2(up, np.hypot(east, north)),
        far,
        np.sum(d * v, axis=1) / far,
    )


def look(
    motion: Motion,
    station: Station,
    start: Epoch,
    t_s: Array,
    orientation: EarthOrientation | None = None,
) -> Look:
    """Where a station sees a satellite at given times, above the horizon or below.

    Parameters
    ----------
    motion : Motion
    station : Station
    start : Epoch, of t = 0
    t_s : array, shape (n,), seconds
    orientation : EarthOrientation or None, the shipped one by default

    Returns
    -------
    Look, arrays of shape (n,)

    Raises
    ------
    InputError
        If a time is outside what is known of the satellite.
    """
    times = np.atleast_1d(np.asarray(t_s, dtype=float))
    first = float(np.min(times))
    ship = fleet((motion,), start + first, max(float(np.ptp(times)), 1.0), orientation)
    r, v = ship.places(np.zeros(times.size, dtype=np.intp), times - first)
    n = times.size
    axes = tuple(
        np.broadcast_to(axis, (n, 3))
        for axis in local_axes(station.latitude_rad, station.longitude_rad)
    )
    return _seen(r, v, station.position_m, (axes[0], axes[1], axes[2]))


def _culminations(sight: Sight, seen: Points, rise: Points, end: Points) -> Array:
    """Time of the greatest elevation of each stretch, given all points above the mask."""
    n = len(rise)
    # Which stretch a point belongs to: curves and times in one row.
    scale = 2.0 * sight.fleet.duration_s
    order = np.argsort(rise.key * scale + rise.t_s)
    begins = (rise.key * scale + rise.t_s)[order]
    home = np.searchsorted(begins, seen.key * scale + seen.t_s, side="right") - 1
    inside = home >= 0
    home = order[np.maximum(home, 0)]
    inside &= (seen.key == rise.key[home]) & (seen.t_s > rise.t_s[home])
    inside &= seen.t_s < end.t_s[home]
    known = _climbing(Points.join([rise, end, seen.take(inside)]))
    owner = np.concatenate((np.arange(n), np.arange(n), home[inside]))
    order = np.lexsort((known.t_s, owner))
    known, owner = known.take(order), owner[order]
    tops = (owner[:-1] == owner[1:]) & (known.value[:-1] > 0.0) & (known.value[1:] <= 0.0)
    place = np.flatnonzero(tops)
    found = roots(_Climb(sight), known.take(place), known.take(place + 1), _CULMINATION_S)
    # Usually one top a stretch; of several, or beside an end that is cut, the highest.
    highest = np.maximum(rise.marks[3], end.marks[3])
    best = np.where(rise.marks[3] >= end.marks[3], rise.t_s, end.t_s)
    cut = (rise.t_s == 0.0) | (end.t_s == sight.fleet.duration_s)
    plain = (np.bincount(owner[place], minlength=n) == 1) & ~cut
    clear = plain[owner[place]]
    best[owner[place[clear]]] = found[clear]
    rivals, when = owner[place[~clear]], found[~clear]
    if rivals.size:
        height = sight.at(rise.key[rivals], when).marks[3]
        rank = np.argsort(height, kind="stable")
        rank = rank[height[rank] > highest[rivals[rank]]]
        best[rivals[rank]] = when[rank]
    return np.asarray(best)


def _checked(stations: Sequence[Station], min_elevation_rad: float) -> None:
    if not stations:
        raise InputError("there is no station to look from", key="station", allowed="one or more")
    if not 0.0 <= min_elevation_rad < math.radians(89.0):
        raise InputError(
            "the least elevation is out of range",
            key="min_elevation",
            value=math.degrees(min_elevation_rad),
            allowed="0 to 89 deg",
        )


def find_passes(
    motions: dict[str, Motion],
    stations: Sequence[Station],
    start: Epoch,
    duration_s: float,
    *,
    min_elevation_rad: float = 0.0,
    sunlight: bool = True,
    other_m_s2: float = 0.02,
    orientation: EarthOrientation | None = None,
) -> Passes:
    """Every pass of satellites over stations.

    None is missed: between two instants looked at, gravity bounds how far a
    satellite can come up, and only what that bound rules out is left out.

    Parameters
    ----------
    motions : dict of name to Motion
    stations : sequence of Station
    start : Epoch
    duration_s : float
    min_elevation_rad : float, the mask of every station, 0 to 89 deg
    sunlight : bool, also find whether the satellite is lit (needs the ephemeris)
    other_m_s2 : float, bound on accelerations other than gravity; the thrust
        for a table of a powered flight
    orientation : EarthOrientation or None, the shipped one by default

    Returns
    -------
    Passes, ordered by rise

    Raises
    ------
    InputError
        If nothing is given to search, the mask is out of range, or a satellite
        is not known over all of the time.

    Accuracy
    --------
    Contacts within 1 ms, culmination 10 ms, of the motion given. A pass
    shorter than 10 ms may be missed. Refraction is off.
    """
    _checked(stations, min_elevation_rad)
    ships = fleet(tuple(motions.values()), start, duration_s, orientation)
    places = np.array([station.position_m for station in stations])
    axes = [local_axes(s.latitude_rad, s.longitude_rad) for s in stations]
    mask = np.full(len(stations), math.sin(min_elevation_rad))
    sight = Sight(ships, places, np.array([up for _, _, up in axes]), mask, other_m_s2)
    points, first, last = brackets(sight, *first_points(sight), _SHORTEST_S)
    key, ends = above(sight, points, first, last, duration_s, _CONTACT_S)
    order = np.argsort(ends[0], kind="stable")
    key, ends = key[order], ends[:, order]
    satellite, station = np.divmod(key, len(stations))
    r, v = ships.places(np.tile(satellite, 2), ends.ravel())
    both = sight.points(np.tile(key, 2), ends.ravel(), r.T, v.T, np.tile(station, 2))
    rise, end = both.take(np.arange(key.size)), both.take(np.arange(key.size, 2 * key.size))
    top = _culminations(sight, points.take(points.value > 0.0), rise, end)
    top_r, top_v = ships.places(satellite, top)
    r = np.concatenate((r[: key.size], top_r, r[key.size :]))
    v = np.concatenate((v[: key.size], top_v, v[key.size :]))
    times = np.stack((ends[0], top, ends[1]))
    return Passes(
        start,
        tuple(motions),
        tuple(s.name for s in stations),
        satellite,
        station,
        times,
        _looks(r, v, np.tile(station, 3), places, axes),
        sunlit(start, times.ravel(), r, orientation=orientation).reshape(3, -1)
        if sunlight
        else None,
        ends[0] == 0.0,
        ends[1] == duration_s,
    )


def _looks(
    r: Array, v: Array, where: Index, places: Array, axes: list[tuple[Array, Array, Array]]
) -> Look:
    """Angles and ranges at all contacts, arrays of shape (3, n)."""
    table = np.array(axes)[where]
    flat = _seen(r, v, places[where], (table[:, 0], table[:, 1], table[:, 2]))
    parts = (flat.azimuth_rad, flat.elevation_rad, flat.range_m, flat.range_rate_m_s)
    return Look(*(part.reshape(3, -1) for part in parts))
