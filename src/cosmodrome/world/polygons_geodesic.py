"""Distances on the ellipsoid: between points, and from points to lines.

Latitudes are geodetic (WGS-84) and come first; longitudes are east, in any turn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.world.environment import Environment

__all__ = [
    "ECCENTRICITY2",
    "EQUATOR_M",
    "FLATTENING",
    "Lines",
    "Nearest",
    "destination",
    "distance_m",
    "earth_fixed",
]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

EQUATOR_M: Final = Environment().equatorial_radius_m
FLATTENING: Final = Environment().flattening
ECCENTRICITY2: Final = FLATTENING * (2.0 - FLATTENING)
_POLAR_M: Final = EQUATOR_M * (1.0 - FLATTENING)
_MEAN_M: Final = EQUATOR_M * (1.0 - FLATTENING / 3.0)
_TURN: Final = 2.0 * math.pi
_PIECE_M: Final = 2500.0  # lines are cut into pieces no longer than about this
_FIRST, _MOST = 8, 512  # how many nearest pieces are looked at


def _series(u2: Any) -> tuple[Any, Any]:
    """Vincenty's A and B in Helmert's k."""
    root = np.sqrt(1.0 + u2)
    k = (root - 1.0) / (root + 1.0)
    return (1.0 + 0.25 * k * k) / (1.0 - k), k * (1.0 - 0.375 * k * k)


def _correction(B: Any, sin_s: Any, cos_s: Any, cos_2m: Any) -> Any:
    """Vincenty's delta sigma."""
    last = B / 6.0 * cos_2m * (4.0 * sin_s * sin_s - 3.0) * (4.0 * cos_2m * cos_2m - 3.0)
    return B * sin_s * (cos_2m + 0.25 * B * (cos_s * (2.0 * cos_2m * cos_2m - 1.0) - last))


def _reduced(latitude: Any) -> tuple[Any, Any]:
    """Sine and cosine of the reduced latitude."""
    tangent = (1.0 - FLATTENING) * np.sin(latitude)
    cosine = np.cos(latitude)
    length = np.hypot(tangent, cosine)
    return tangent / length, cosine / length


def _longitude_gain(cos2_a: Any) -> Any:
    """Vincenty's C."""
    return FLATTENING / 16.0 * cos2_a * (4.0 + FLATTENING * (4.0 - 3.0 * cos2_a))


def distance_m(lat1_rad: Any, lon1_rad: Any, lat2_rad: Any, lon2_rad: Any) -> Any:
    """Length of the geodesic between two points of the WGS-84 ellipsoid.

    Parameters
    ----------
    lat1_rad, lon1_rad, lat2_rad, lon2_rad : float or array, shape (...)

    Returns
    -------
    array, shape (...), metres

    Accuracy
    --------
    A millimetre, except within about 150 km of the antipode, where Vincenty's
    iteration does not settle and the result is good to 0.6 %.

    References
    ----------
    Vincenty, Survey Review 23 (1975) 88-93; the modified series of 1976.
    """
    sin1, cos1 = _reduced(np.asarray(lat1_rad, dtype=float))
    sin2, cos2 = _reduced(np.asarray(lat2_rad, dtype=float))
    turn = np.asarray(lon2_rad, dtype=float) - lon1_rad
    turn = np.mod(turn + math.pi, _TURN) - math.pi
    lam, settled = turn, np.zeros(np.shape(turn), dtype=bool)
    for _ in range(30):
        across = cos2 * np.sin(lam)
        along = cos1 * sin2 - sin1 * cos2 * np.cos(lam)
        sin_s, cos_s = np.hypot(across, along), sin1 * sin2 + cos1 * cos2 * np.cos(lam)
        sigma = np.arctan2(sin_s, cos_s)
        safe = np.where(sin_s > 0.0, sin_s, 1.0)
        sin_a = cos1 * cos2 * np.sin(lam) / safe
        cos2_a = 1.0 - sin_a * sin_a
        level = cos2_a < 1e-14
        cos_2m = np.where(level, 0.0, cos_s - 2.0 * sin1 * sin2 / np.where(level, 1.0, cos2_a))
        C = _longitude_gain(cos2_a)
        inner = cos_2m + C * cos_s * (2.0 * cos_2m * cos_2m - 1.0)
        following = turn + (1.0 - C) * FLATTENING * sin_a * (sigma + C * sin_s * inner)
        settled = np.abs(following - lam) < 1e-12
        if np.all(settled):
            break
        lam = np.where(np.abs(following) <= math.pi, following, lam)
    A, B = _series(cos2_a * (EQUATOR_M**2 / _POLAR_M**2 - 1.0))
    result = _POLAR_M * A * (sigma - _correction(B, sin_s, cos_s, cos_2m))
    sphere = np.arctan2(
        np.hypot(cos2 * np.sin(turn), cos1 * sin2 - sin1 * cos2 * np.cos(turn)),
        sin1 * sin2 + cos1 * cos2 * np.cos(turn),
    )
    return np.where(settled, result, _MEAN_M * sphere)


def destination(
    latitude_rad: Any, longitude_rad: Any, azimuth_rad: Any, along_m: Any
) -> tuple[Array, Array]:
    """Where a geodesic leads.

    Parameters
    ----------
    latitude_rad, longitude_rad, azimuth_rad : float or array, shape (...)
        Azimuth from north through east.
    along_m : float or array, shape (...), metres

    Returns
    -------
    latitude_rad, longitude_rad : array, shape (...), longitude in [-pi, pi)

    Accuracy
    --------
    A millimetre.

    References
    ----------
    Vincenty, Survey Review 23 (1975) 88-93; the modified series of 1976.
    """
    sin_u, cos_u = _reduced(np.asarray(latitude_rad, dtype=float))
    sin_1, cos_1 = np.sin(azimuth_rad), np.cos(azimuth_rad)
    start = np.arctan2(sin_u, cos_u * cos_1)
    sin_a = cos_u * sin_1
    cos2_a = 1.0 - sin_a * sin_a
    A, B = _series(cos2_a * (EQUATOR_M**2 / _POLAR_M**2 - 1.0))
    plain = np.asarray(along_m, dtype=float) / (_POLAR_M * A)
    sigma = plain
    for _ in range(12):
        cos_2m = np.cos(2.0 * start + sigma)
        sigma = plain + _correction(B, np.sin(sigma), np.cos(sigma), cos_2m)
    sin_s, cos_s = np.sin(sigma), np.cos(sigma)
    cos_2m = np.cos(2.0 * start + sigma)
    north = sin_u * cos_s + cos_u * sin_s * cos_1
    inward = sin_u * sin_s - cos_u * cos_s * cos_1
    latitude = np.arctan2(north, (1.0 - FLATTENING) * np.hypot(sin_a, inward))
    lam = np.arctan2(sin_s * sin_1, cos_u * cos_s - sin_u * sin_s * cos_1)
    C = _longitude_gain(cos2_a)
    inner = cos_2m + C * cos_s * (2.0 * cos_2m * cos_2m - 1.0)
    turn = lam - (1.0 - C) * FLATTENING * sin_a * (sigma + C * sin_s * inner)
    return latitude, np.mod(longitude_rad + turn + math.pi, _TURN) - math.pi


def earth_fixed(latitude_rad: Any, longitude_rad: Any) -> Array:
    """Points of the ellipsoid, shape (..., 3), metres, ITRF."""
    sine, cosine = np.sin(latitude_rad), np.cos(latitude_rad)
    normal = EQUATOR_M / np.sqrt(1.0 - ECCENTRICITY2 * sine * sine)
    return np.stack(
        [
            normal * cosine * np.cos(longitude_rad),
            normal * cosine * np.sin(longitude_rad),
            normal * (1.0 - ECCENTRICITY2) * sine,
        ],
        axis=-1,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """The nearest point of a set of lines, for each point asked about.

    `line` is the number of the line (or side), `distance_m` the geodesic to it.
    """

    distance_m: Array
    latitude_rad: Array
    longitude_rad: Array
    line: Ints


class Lines:
    """Many lines on the ground, to be asked which is nearest.

    Parameters
    ----------
    y1, x1, y2, x2 : array, shape (n,), radians
        Ends of each line, straight in longitude and latitude, with longitudes
        that do not jump between the two ends.
    """

    __slots__ = ("_ends", "_line", "_reach", "_starts", "_tree")

    def __init__(self, y1: Array, x1: Array, y2: Array, x2: Array) -> None:
        from scipy.spatial import cKDTree

        a, b = earth_fixed(y1, x1), earth_fixed(y2, x2)
        length = np.maximum(np.linalg.norm(b - a, axis=-1), self._along(y1, x1, y2, x2))
        pieces = np.maximum(np.ceil(length / _PIECE_M), 1.0).astype(np.int64)
        self._line = np.repeat(np.arange(y1.size), pieces)
        place = np.arange(self._line.size) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        many = pieces[self._line]
        start, step = np.stack([y1, x1], -1), np.stack([y2 - y1, x2 - x1], -1)
        low = start[self._line] + (place / many)[:, None] * step[self._line]
        high = start[self._line] + ((place + 1) / many)[:, None] * step[self._line]
        self._starts, self._ends = low, high
        a, b = earth_fixed(*low.T), earth_fixed(*high.T)
        self._reach = 0.5 * float(np.max(np.linalg.norm(b - a, axis=-1), initial=0.0))
        self._tree = cKDTree(0.5 * (a + b), balanced_tree=False, compact_nodes=False)

    @staticmethod
    def _along(y1: Array, x1: Array, y2: Array, x2: Array) -> Array:
        """About the length in longitude and latitude; a parallel is longer than its chord."""
        wide = np.cos(np.where(np.abs(y1) < np.abs(y2), y1, y2)) * (x2 - x1)
        return np.asarray(EQUATOR_M * np.hypot(wide, y2 - y1))

    def nearest(self, latitude_rad: Any, longitude_rad: Any) -> Nearest:
        """The nearest of the lines to each point.

        Parameters
        ----------
        latitude_rad, longitude_rad : float or array, shape (...)

        Returns
        -------
        Nearest, of arrays of shape (...)

        Accuracy
        --------
        A metre to 1000 km, 0.01 % to 3000 km, 0.05 % beyond: the nearest is
        found by the straight distance through the Earth, then measured along
        the ground.
        """
        y, x = np.broadcast_arrays(
            np.asarray(latitude_rad, float), np.asarray(longitude_rad, float)
        )
        shape = y.shape
        points = earth_fixed(y.ravel(), x.ravel())
        chosen = np.zeros(len(points), dtype=np.int64)
        share = np.zeros(len(points))
        left, count = np.arange(len(points)), min(_FIRST, self._line.size)
        while left.size:
            reached, found = self._tree.query(points[left], k=np.arange(1, count + 1))
            best, near, at = self._closest(points[left], found)
            chosen[left], share[left] = near, at
            # What is left out has its middle farther off, so it cannot come nearer than this.
            sure = reached[:, -1] - self._reach >= best
            if count >= min(_MOST, self._line.size):
                break
            left, count = left[~sure], min(4 * count, self._line.size, _MOST)
        foot = self._starts[chosen] + share[:, None] * (self._ends[chosen] - self._starts[chosen])
        distance = distance_m(y.ravel(), x.ravel(), foot[:, 0], foot[:, 1])
        turned = np.mod(foot[:, 1] + math.pi, _TURN) - math.pi
        return Nearest(
            np.asarray(distance).reshape(shape),
            foot[:, 0].reshape(shape),
            turned.reshape(shape),
            self._line[chosen].reshape(shape),
        )

    def _closest(self, points: Array, found: Ints) -> tuple[Array, Ints, Array]:
        """Least straight distance, the piece that has it, and where along the piece."""
        a = earth_fixed(*np.moveaxis(self._starts[found], -1, 0))
        step = earth_fixed(*np.moveaxis(self._ends[found], -1, 0)) - a
        way = points[:, None, :] - a
        square = np.maximum(np.sum(step * step, axis=-1), 1e-12)
        share = np.clip(np.sum(way * step, axis=-1) / square, 0.0, 1.0)
        distance = np.linalg.norm(way - share[..., None] * step, axis=-1)
        best = np.argmin(distance, axis=1)
        row = np.arange(len(points))
        return distance[row, best], found[row, best], share[row, best]
