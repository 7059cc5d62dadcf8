"""Many SGP4 objects over a stretch of time: on a common grid, and as short polynomials."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.orbit.sgp4_motion import Sgp4
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import EarthOrientation, Epoch
from cosmodrome.world.frames import EARTH_ROTATION_RAD_S, rotations

__all__ = ["BEND_M_S2", "DEGREE", "FROM_NODES", "NODES", "Objects", "Pieces", "shells"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]

_DAY_S: Final = 86400.0
_MU: Final = Environment().mu_m3_s2
_LOWEST_M: Final = 6.36e6  # no object moves nearer to the Earth's centre
_HIGHEST_M: Final = 5e7  # no path that is screened goes further
_SPEED_M_S: Final = math.sqrt(2.0 * _MU / _LOWEST_M)
_MARGIN: Final = 0.995  # an osculating perigee moves by up to 10 km in a revolution
_SAMPLES: Final = 3

DEGREE: Final = 9
"""Of the polynomials; over a minute of the lowest orbit they are right to a micrometre."""

BEND_M_S2: Final = (
    1.01 * _MU / _LOWEST_M**2
    + 2.0 * EARTH_ROTATION_RAD_S * (_SPEED_M_S + EARTH_ROTATION_RAD_S * _HIGHEST_M)
    + EARTH_ROTATION_RAD_S**2 * _HIGHEST_M
)
"""What gravity accelerates an object by at most, as seen from the turning Earth."""

NODES: Final = np.cos(math.pi * (np.arange(DEGREE + 1) + 0.5) / (DEGREE + 1))
FROM_NODES: Final = np.linalg.inv(np.vander(NODES, increasing=True))


@dataclass(frozen=True, slots=True, eq=False)
class Objects:
    """Objects that move by SGP4, and the clock they are asked by.

    Parameters
    ----------
    motions : tuple of Sgp4
    start : Epoch, of t = 0
    frame : "TEME" or "ITRF", of what is told
    orientation : EarthOrientation or None, the shipped one by default

    Accuracy
    --------
    Times are UTC seconds counted on from the start. Elements from before the
    last leap second are 1 s late for each since, which their age makes nothing.
    """

    motions: tuple[Sgp4, ...]
    start: Epoch
    frame: str = "TEME"
    orientation: EarthOrientation | None = None

    def clock(self, t_s: Array) -> tuple[Array, Array]:
        """UTC Julian dates in two parts, as SGP4 takes them."""
        utc_s = self.start.tai_s - self.start.tai_minus_utc_s
        return np.full(t_s.shape, 2400000.5 + self.start.tai_mjd), (utc_s + t_s) / _DAY_S

    def turns(self, t_s: Array) -> Array:
        """Matrices from TEME to the frame of the answers, shape (n, 3, 3)."""
        if self.frame == "TEME":
            return np.broadcast_to(np.eye(3), (t_s.size, 3, 3))
        return rotations("TEME", self.frame, self.start, t_s, self.orientation)

    def grid(self, first: int, last: int, t_s: Array, turns: Array) -> tuple[Array, Array]:
        """Places and velocities of the objects from `first` to before `last` at common times.

        Returns
        -------
        r_m, v_m_s : arrays, shape (m, n, 3)
            NaN where SGP4 gives none. The velocity is only turned: in ITRF it
            is still that of an observer who does not turn.
        """
        from sgp4.api import SatrecArray

        records = SatrecArray([m.record for m in self.motions[first:last]])
        errors, r, v = records.sgp4(*self.clock(t_s))
        lost = errors != 0
        r[lost], v[lost] = math.nan, math.nan
        if self.frame != "TEME":
            r, v = (np.einsum("nij,mnj->mni", turns, x, optimize=True) for x in (r, v))
        r *= 1e3
        v *= 1e3
        return r, v

    def places(self, which: Index, t_s: Array, turns: Array) -> Array:
        """Places of one object after the other, each at times of its own.

        Parameters
        ----------
        which : array of int, shape (m,)
        t_s : array, shape (m, k)
        turns : array, shape (m, k, 3, 3)

        Returns
        -------
        array, shape (m, k, 3), metres; NaN where SGP4 gives none
        """
        days, fractions = self.clock(t_s)
        r = np.empty((*t_s.shape, 3))
        for row, k in enumerate(which.tolist()):
            errors, places, _ = self.motions[k].record.sgp4_array(days[row], fractions[row])
            r[row] = places
            r[row, errors != 0] = math.nan
        if self.frame != "TEME":
            r = np.einsum("mkij,mkj->mki", turns, r, optimize=True)
        return np.asarray(1e3 * r)


def shells(motions: Sequence[Sgp4], start: Epoch, duration_s: float) -> tuple[Array, Array, Any]:
    """How low and how high each object can be, from its osculating ellipses.

    Returns
    -------
    low_m, high_m : arrays, shape (n,), from the Earth's centre; of an object
        that SGP4 gives no state for at any of three instants, 0 and infinity
    lost : array of bool, shape (n,), without a state at one of the instants or more
    """
    if not motions:
        return np.empty(0), np.empty(0), np.empty(0, dtype=bool)
    objects = Objects(tuple(motions), start)
    t = duration_s * np.arange(_SAMPLES) / (_SAMPLES - 1)
    r, v = objects.grid(0, len(motions), t, objects.turns(t))
    size = np.linalg.norm(r, axis=2)
    energy = 0.5 * np.sum(v * v, axis=2) - _MU / size
    h2 = np.sum(np.cross(r, v) ** 2, axis=2)
    e = np.sqrt(np.maximum(1.0 + 2.0 * energy * h2 / _MU**2, 0.0))
    lost = np.any(np.isnan(size), axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.min(h2 / _MU / (1.0 + e), axis=1) * _MARGIN
        high = np.where(energy < 0.0, -0.5 * _MU / energy * (1.0 + e), math.inf)
    top = np.maximum(np.max(high, axis=1), np.max(size, axis=1)) / _MARGIN
    return np.where(lost, 0.0, low), np.where(lost, math.inf, top), lost


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Ways of objects as polynomials over steps of a grid, those that were asked for.

    Parameters
    ----------
    objects : Objects
    origin_s, step_s : float, the steps are [origin + j step, origin + (j + 1) step]
    keys : array of int, shape (p,), rising: object * 2**20 + j + 2**19
    weights : array, shape (p, DEGREE + 1, 3), by powers of -1 to 1 over the step
    """

    objects: Objects
    origin_s: float
    step_s: float
    keys: Index
    weights: Array

    @staticmethod
    def none(objects: Objects, origin_s: float, step_s: float) -> Pieces:
        """To begin with."""
        keys, weights = np.empty(0, dtype=np.intp), np.empty((0, DEGREE + 1, 3))
        return Pieces(objects, origin_s, step_s, keys, weights)

    def key(self, which: Index, t_s: Array) -> Index:
        """The piece that holds an object at a time."""
        step = np.floor((t_s - self.origin_s) / self.step_s).astype(np.intp)
        return np.asarray(which * 2**20 + step + 2**19)

    def missing(self, which: Index, t_s: Array) -> Index:
        """Keys of the pieces that objects at times need and that are not there."""
        keys = self.key(which, t_s)
        if not self.keys.size:
            return np.unique(keys)
        row = np.minimum(np.searchsorted(self.keys, keys), self.keys.size - 1)
        return np.unique(keys[self.keys[row] != keys])

    def having(self, new: Index) -> Pieces:
        """The same with more pieces, by keys that `missing` gave."""
        which, step = np.divmod(new, 2**20)
        # What steps have in common is turned once.
        steps, place = np.unique(step - 2**19, return_inverse=True)
        nodes = self.origin_s + self.step_s * (steps[:, None] + 0.5 * (1.0 + NODES))
        turns = self.objects.turns(nodes.ravel()).reshape(*nodes.shape, 3, 3)
        r = self.objects.places(which, nodes[place], turns[place])
        weights = np.einsum("pk,mki->mpi", FROM_NODES, r)
        keys = np.concatenate((self.keys, new))
        order = np.argsort(keys)
        weights = np.concatenate((self.weights, weights))[order]
        return Pieces(self.objects, self.origin_s, self.step_s, keys[order], weights)

    def at(self, which: Index, t_s: Array) -> tuple[Array, Array, Array]:
        """Places, rates and their rates, each shape (n, 3); the pieces must be there.

        Rates are those of the coordinates told: in ITRF, seen from the turning Earth.
        """
        row = np.searchsorted(self.keys, self.key(which, t_s))
        step = np.floor((t_s - self.origin_s) / self.step_s)
        x = (2.0 * ((t_s - self.origin_s) / self.step_s - step) - 1.0)[:, None]
        w = self.weights[row]
        value = w[:, DEGREE]
        slope, bend = np.zeros_like(value), np.zeros_like(value)
        for power in range(DEGREE - 1, -1, -1):
            bend = bend * x + slope
            slope = slope * x + value
            value = value * x + w[:, power]
        rate = 2.0 / self.step_s
        return value, slope * rate, 2.0 * bend * rate**2
