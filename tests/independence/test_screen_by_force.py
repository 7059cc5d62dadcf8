"""Screening by plain force: every lift-off, every second of flight, and axes turned another way.

Nothing of the screening is used but its answer. Objects are propagated by the
package `sgp4`, turned by the sidereal time of 1982 and polar motion, the path
by the IAU 2006/2000A matrix of each instant and splines.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import erfa
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.optimize import minimize, minimize_scalar

from cosmodrome.windows.screen import screen
from cosmodrome.windows.screen_catalogue import catalogue_of
from cosmodrome.windows.screen_path import path_of
from cosmodrome.world.epoch import Epoch, earth_orientation
from cosmodrome.world.state import Trajectory

Array = NDArray[np.float64]
BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
LIFTOFF = Epoch.parse("2027-03-19T03:00:00Z")
START = Epoch.parse("2027-03-20T12:00:00Z")
WINDOW_S, FLIGHT_S, RADIUS_M = 2400, 600, 150e3
STEP_S = 2
OBJECTS = 1500


def flight() -> Trajectory:
    """Up to 550 km in ten minutes and on around the Earth, smoothly; GCRF."""
    t = np.arange(0.0, FLIGHT_S + 0.5, 1.0)
    x = t / FLIGHT_S
    size = 6.371e6 + 550e3 * x * x * (3.0 - 2.0 * x)
    rise = 550e3 * 6.0 * x * (1.0 - x) / FLIGHT_S
    angle, turning = 0.22 * x**3, 0.66 * x**2 / FLIGHT_S
    one, other = np.array([0.8, -0.2, 0.56568542]), np.array([-0.565685425, 0.0, 0.8])
    one /= np.linalg.norm(one)
    other -= (other @ one) * one
    other /= np.linalg.norm(other)
    out = np.cos(angle)[:, None] * one + np.sin(angle)[:, None] * other
    along = -np.sin(angle)[:, None] * one + np.cos(angle)[:, None] * other
    v = rise[:, None] * out + (size * turning)[:, None] * along
    return Trajectory(LIFTOFF, "GCRF", t, size[:, None] * out, v)


def dates(epoch: Epoch, t: Array) -> tuple[tuple[float, Array], tuple[float, Array], Array, Array]:
    """TT and UT1 as two-part Julian dates, and the pole, of instants after an epoch."""
    tt = (epoch.tt_jd[0], epoch.tt_jd[1] + t / 86400.0)
    utc_s = epoch.tai_s - epoch.tai_minus_utc_s + epoch.ut1_minus_utc_s
    ut1 = (2400000.5 + epoch.tai_mjd, (utc_s + t) / 86400.0)
    x, y = (np.broadcast_to(p, t.shape) for p in earth_orientation().pole_rad(epoch, t))
    return tt, ut1, np.asarray(x), np.asarray(y)


class Force:
    """Distances by splines of the path and SGP4 as it is."""

    def __init__(self) -> None:
        trajectory = flight()
        t = np.asarray(trajectory.t_s)
        tt, ut1, x, y = dates(LIFTOFF, t)
        turn = erfa.c2t06a(*tt, *ut1, x, y)
        self.path = CubicSpline(t, np.einsum("nij,nj->ni", turn, trajectory.r_m))

    def object(self, motion: Any, t: Array) -> Array:
        utc_s = START.tai_s - START.tai_minus_utc_s + t
        record = motion.record
        errors, r, _ = record.sgp4_array(
            np.full(t.size, 2400000.5 + START.tai_mjd), utc_s / 86400.0
        )
        assert not np.any(errors)
        _, ut1, x, y = dates(START, t)
        angle = erfa.gmst82(*ut1)
        c, s = np.cos(angle), np.sin(angle)
        turned = np.stack([c * r[:, 0] + s * r[:, 1], c * r[:, 1] - s * r[:, 0], r[:, 2]], axis=1)
        return np.asarray(np.einsum("nij,nj->ni", erfa.pom00(x, y, 0.0), 1e3 * turned))

    def apart(self, motion: Any, s: float, tau: float) -> float:
        q = self.object(motion, np.array([s + tau]))[0]
        return float(np.linalg.norm(q - self.path(tau)))

    def least(self, motion: Any, s: float, near: float) -> float:
        """Over the flight, near a time of it."""
        low, high = max(near - 20.0, 0.0), min(near + 20.0, float(FLIGHT_S))
        found = minimize_scalar(
            lambda tau: self.apart(motion, s, tau),
            bounds=(low, high),
            method="bounded",
            options={"xatol": 1e-6},
        )
        ends = (self.apart(motion, s, end) for end in (low, high))
        return min(float(found.fun), *ends)


@pytest.fixture(scope="module")
def cases() -> Any:
    sys.path.insert(0, str(BENCHMARKS))
    try:
        return importlib.import_module("cases.catalogue_of_objects")
    finally:
        sys.path.remove(str(BENCHMARKS))


def test_what_force_finds_is_what_screening_finds(cases: Any) -> None:
    objects = {
        f"{name} {one.catalogue}": one
        for name, one in cases.drawn(OBJECTS, seed=11)
        if one.mean_motion_rad_s > 1e-3
    }
    found = screen(path_of(flight()), catalogue_of(objects), START, float(WINDOW_S), RADIUS_M)
    force = Force()
    tau = np.arange(0, FLIGHT_S + STEP_S, STEP_S)
    p = force.path(tau)
    # Lift-offs down, flight across: the places of the object they ask for.
    s = np.arange(0, WINDOW_S + STEP_S, STEP_S)
    place = (s[:, None] + tau[None, :]) // STEP_S
    seen = 0
    for k, motion in enumerate(objects.values()):
        q = force.object(motion, np.arange(0, WINDOW_S + FLIGHT_S + STEP_S, STEP_S, dtype=float))
        mine = np.flatnonzero(found.which == k)
        if not mine.size and not near(q, p):
            continue
        d = np.linalg.norm(q[place] - p[None, :, :], axis=2)
        least = np.min(d, axis=1)
        closed = np.zeros(s.size, dtype=bool)
        for one in mine.tolist():
            closed |= (s >= found.from_s[one]) & (s <= found.to_s[one])
        # What the grid says inside is closed; between two of its seconds a way is short.
        assert np.all(closed[least < RADIUS_M])
        assert np.all(least[closed] < RADIUS_M + 8e3 * STEP_S)
        for one in mine.tolist():
            seen += 1
            check_one(force, motion, found, one)
    assert seen > 20


def near(q: Array, p: Array) -> bool:
    """Whether an object comes into the box of the path at all."""
    low, high = np.min(p, axis=0) - 3 * RADIUS_M, np.max(p, axis=0) + 3 * RADIUS_M
    return bool(np.any(np.all((q > low) & (q < high), axis=1)))


def check_one(force: Force, motion: Any, found: Any, k: int) -> None:
    tau, s = float(found.tau_s[k]), float(found.liftoff_s[k])
    assert force.apart(motion, s, tau) == pytest.approx(found.miss_m[k], abs=1.0)
    for edge in (float(found.from_s[k]), float(found.to_s[k])):
        if 0.0 < edge < WINDOW_S:
            # At the edge the least distance over the flight is the radius.
            near_tau = nearest(force, motion, edge)
            assert force.least(motion, edge, near_tau) == pytest.approx(RADIUS_M, abs=1.0)
    if 1.0 < s < WINDOW_S - 1.0 and 1.0 < tau < FLIGHT_S - 1.0:
        best = minimize(
            lambda x: force.apart(motion, s + x[0], tau + x[1]) ** 2 / 1e6,
            np.array([0.3, -0.3]),
            method="Nelder-Mead",
            options={"xatol": 1e-6, "fatol": 1e-9, "maxfev": 250},
        )
        assert np.sqrt(1e6 * best.fun) == pytest.approx(found.miss_m[k], abs=1.0)


def nearest(force: Force, motion: Any, s: float) -> float:
    tau = np.arange(0.0, FLIGHT_S + 0.5, 1.0)
    d = np.linalg.norm(force.object(motion, s + tau) - force.path(tau), axis=1)
    return float(tau[np.argmin(d)])
