"""Falling bodies followed to the ground, many at once.

A Runge-Kutta pair of orders 5 and 4 with a step of its own for every sample:
what becomes of one does not depend on which others fall beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import RK45

from cosmodrome.errors import ShapeError
from cosmodrome.flight.fall_air import quick_air
from cosmodrome.flight.fall_quick import Blow, height_law, quick_rates
from cosmodrome.flight.falling import Drag
from cosmodrome.world import earth
from cosmodrome.world.environment import Environment
from cosmodrome.world.spline import natural_cubic

__all__ = ["Bodies", "Landing", "WindProfiles", "blowing", "fall"]

Array = NDArray[np.float64]
_Rate = Callable[[Array, NDArray[np.intp]], Array]

# The pair of Dormand and Prince, J. Comp. Appl. Math. 6 (1980) 19-26, as SciPy ships it.
_A: Final = np.asarray(RK45.A)
_B: Final = np.asarray(RK45.B)
_ERROR: Final = np.asarray(RK45.E)
_STAGES: Final = 6

_FIRST_STEP_S: Final = 0.5
_LONGEST_STEP_S: Final = 120.0
_SAFETY, _SHRINK, _GROW = 0.9, 0.2, 5.0
_LEAST_ERROR: Final = 1e-8
# An error of the velocity counts as what it shifts the body by in this time.
_LEVER_S: Final = 100.0
_MOST_STEPS: Final = 100_000
_FOUND_M: Final = 1e-3
_MOST_TRIES: Final = 60


@dataclass(frozen=True, slots=True, eq=False)
class Bodies:
    """What falls, n samples.

    Parameters
    ----------
    r_m, v_m_s : array, shape (n, 3), inertial axes with the third along the pole
    turned_rad : array, shape (n,), from the first inertial axis east to Greenwich, at release
    brake_m2_kg : array, shape (n,)
        Drag coefficient times area over mass, one over the ballistic coefficient;
        times whatever the air's density is off by. 0 falls as in a vacuum.

    Raises
    ------
    ShapeError
    """

    r_m: Array
    v_m_s: Array
    turned_rad: Array
    brake_m2_kg: Array

    def __post_init__(self) -> None:
        n = np.shape(self.r_m)[0] if np.ndim(self.r_m) else 0
        wanted = {"r_m": (n, 3), "v_m_s": (n, 3), "turned_rad": (n,), "brake_m2_kg": (n,)}
        for name, shape in wanted.items():
            values = np.asarray(getattr(self, name), dtype=float)
            if values.shape != shape:
                raise ShapeError(f"{name} has shape {values.shape}, expected {shape}")
            object.__setattr__(self, name, values)

    def __len__(self) -> int:
        return len(self.turned_rad)


@dataclass(frozen=True, slots=True, eq=False)
class WindProfiles:
    """Winds of n samples, piecewise linear between common altitudes, held beyond them.

    Parameters
    ----------
    altitude_m : array, shape (k,), rising
    east_m_s, north_m_s : array, shape (n, k), where the wind blows to
    """

    altitude_m: Array
    east_m_s: Array
    north_m_s: Array

    def __post_init__(self) -> None:
        shape = np.shape(self.east_m_s)
        if shape != np.shape(self.north_m_s) or shape[1:] != np.shape(self.altitude_m):
            raise ShapeError("winds need shape (n, k) with k altitudes")
        if np.size(self.altitude_m) < 2 or np.any(np.diff(self.altitude_m) <= 0.0):
            raise ShapeError("the altitudes of a wind profile must rise, two at least")


@dataclass(frozen=True, slots=True, eq=False)
class Landing:
    """Where and when n bodies came down.

    Parameters
    ----------
    down : array of bool, shape (n,)
        False for a body still above the surface asked for when time ran out;
        its other values are then those of that time.
    t_s : array, shape (n,), seconds since release
    latitude_rad, longitude_rad, altitude_m : array, shape (n,)
        Geodetic; longitude in [-pi, pi).
    r_m, v_m_s : array, shape (n, 3), in the axes of the bodies
    """

    down: NDArray[np.bool_]
    t_s: Array
    latitude_rad: Array
    longitude_rad: Array
    altitude_m: Array
    r_m: Array
    v_m_s: Array


def fall(
    bodies: Bodies,
    environment: Environment,
    *,
    drag: Drag | None = None,
    winds: WindProfiles | None = None,
    down_to_m: Any = 0.0,
    longest_s: float = 7200.0,
    tolerance_m: float = 0.002,
) -> Landing:
    """Follow bodies that only fall until each comes down through an altitude.

    Gravity is that of the environment with its zonal terms, the air turns with
    the Earth. The surface asked for counts on the way down alone; a body that
    never gets above it is followed to the ellipsoid.

    Parameters
    ----------
    bodies : Bodies
    environment : Environment
        Its wind blows unless `winds` are given.
    drag : Drag or None
        The drag coefficient over the one in the ballistic coefficient, of Mach number.
    winds : WindProfiles or None
    down_to_m : float or array, shape (n,), metres above the ellipsoid
    longest_s : float, a body that is still up by then is left there
    tolerance_m : float, error allowed per step

    Returns
    -------
    Landing

    Raises
    ------
    ShapeError

    Accuracy
    --------
    Within 1 m of the solution of the equations, for stages and fragments of 1 to
    20,000 kg/m2 released from 30 km up; 5 m for what nearly reaches orbit and
    falls 8000 km away. The surface is found to 1 mm of height. Left out: lift,
    terrain (1 km of height shifts a body that comes down at 60 deg by 0.6 km),
    tesseral gravity (tens of metres).

    References
    ----------
    Hairer, Norsett and Wanner, Solving Ordinary Differential Equations I, II.4.
    """
    if winds is not None and len(winds.east_m_s) != len(bodies):
        raise ShapeError(f"{len(winds.east_m_s)} winds for {len(bodies)} bodies")
    rate = _rate_law(bodies, environment, drag, winds)
    flying = _Flying(bodies, environment, rate, np.broadcast_to(down_to_m, len(bodies)))
    flying.run(longest_s, tolerance_m)
    flying.find()
    return flying.landing()


def _rate_law(
    bodies: Bodies, environment: Environment, drag: Drag | None, winds: WindProfiles | None
) -> _Rate:
    """Rate of the states of some of the bodies, which are told by number."""
    air = quick_air(environment.atmosphere)
    blow = _common(environment) if winds is None else blowing(winds)
    rates, brake = quick_rates(environment, air, drag, blow), bodies.brake_m2_kg

    def rate(y: Array, who: NDArray[np.intp]) -> Array:
        return rates(y, brake[who], who)

    return rate


def _common(environment: Environment) -> Blow | None:
    """The environment's own wind, the same for all."""
    table = environment.wind.table
    if not table:
        return None
    east = natural_cubic(tuple((h, e) for h, e, _ in table))
    north = natural_cubic(tuple((h, n) for h, _, n in table))
    return lambda height, _who: (east(height), north(height))


def blowing(winds: WindProfiles) -> Blow:
    """The wind of some of the samples, towards east and north, as a function of altitude.

    Parameters
    ----------
    winds : WindProfiles

    Returns
    -------
    callable(altitude in metres, shape (m,), numbers of the samples, shape (m,))
        East and north in m/s, each of shape (m,).
    """
    knots = np.asarray(winds.altitude_m, dtype=float)
    table = np.stack([winds.east_m_s, winds.north_m_s], axis=-1)
    last = len(knots) - 2

    def blow(height: Array, who: Any) -> tuple[Array, Array]:
        h = np.minimum(np.maximum(height, knots[0]), knots[-1])
        k = np.minimum(np.searchsorted(knots, h, side="right") - 1, last)
        share = (h - knots[k]) / (knots[k + 1] - knots[k])
        low = table[who, k]
        blown = low + share[:, None] * (table[who, k + 1] - low)
        return blown[:, 0], blown[:, 1]

    return blow


class _Flying:
    """The states of all bodies on their way down."""

    def __init__(
        self, bodies: Bodies, environment: Environment, rate: _Rate, down_to_m: Array
    ) -> None:
        self.bodies, self.environment, self.rate, self.goal = bodies, environment, rate, down_to_m
        self.altitude = height_law(environment)
        n = len(bodies)
        self.t = np.zeros(n)
        self.y = np.concatenate([bodies.r_m.T, bodies.v_m_s.T])
        self.step = np.full(n, _FIRST_STEP_S)
        self.down = np.zeros(n, dtype=bool)
        self.target = np.zeros(n)  # the altitude that the last step comes through

    def run(self, longest_s: float, tolerance_m: float) -> None:
        """Step every body to where its next step would come through the surface."""
        who = np.flatnonzero(np.isfinite(self.y).all(axis=0))
        y = self.y[:, who]
        height = self.altitude(y)
        # At or below the ground already: it lies where it is.
        lying = height <= 0.0
        self.down[who[lying]], self.target[who[lying]] = True, height[lying]
        self.step[who[lying]] = 0.0
        who, y, height = who[~lying], y[:, ~lying], height[~lying]
        first = self.rate(y, who)
        for _ in range(_MOST_STEPS):
            if not who.size:
                break
            h = np.minimum(self.step[who], longest_s - self.t[who])
            new, last, error = self._try(y, first, h, who, tolerance_m)
            good = error <= 1.0
            growth = np.clip(_SAFETY * np.maximum(error, _LEAST_ERROR) ** -0.2, _SHRINK, _GROW)
            below = self.altitude(new)
            through = good & self._through(who, height, below)
            self._keep(who, good & ~through, new, h)
            self.step[who] = np.where(through, h, np.minimum(h * growth, _LONGEST_STEP_S))
            self.down[who[through]] = True
            moved = good & ~through
            y, first = np.where(moved, new, y), np.where(moved, last, first)
            height = np.where(moved, below, height)
            left = ~through & (self.t[who] < longest_s)
            if not left.all():
                who, y, first, height = who[left], y[:, left], first[:, left], height[left]

    def _through(self, who: NDArray[np.intp], height: Array, below: Array) -> NDArray[np.bool_]:
        """Whether a step comes down through the surface asked for, or else the ground."""
        goal = self.goal[who]
        surface = np.where((height > goal) & (below <= goal), goal, 0.0)
        through = (height > surface) & (below <= surface)
        self.target[who[through]] = surface[through]
        return np.asarray(through)

    def _keep(self, who: NDArray[np.intp], moved: NDArray[np.bool_], new: Array, h: Array) -> None:
        self.y[:, who[moved]] = new[:, moved]
        self.t[who[moved]] += h[moved]

    def _try(
        self, y: Array, first: Array, h: Array, who: NDArray[np.intp], tolerance_m: float
    ) -> tuple[Array, Array, Array]:
        """One step: the new state, its rate, and the error over the tolerance."""
        slopes = [first]
        for stage in range(1, _STAGES):
            slopes.append(self.rate(y + h * _mixed(slopes, _A[stage]), who))
        new = y + h * _mixed(slopes, _B)
        slopes.append(self.rate(new, who))
        off = np.abs(h * _mixed(slopes, _ERROR)) * (1.0 / tolerance_m)
        off[3:] *= _LEVER_S
        error = off.max(axis=0)
        # What is not a number is an error too large.
        return new, slopes[-1], np.where(np.isfinite(error), error, np.inf)

    def find(self) -> None:
        """Shorten the last step of every body so that it ends on its surface."""
        who = np.flatnonzero(self.down & (self.step > 0.0))
        if not who.size:
            return
        y, target = self.y[:, who], self.target[who]
        first = self.rate(y, who)
        low, high = np.zeros(who.size), self.step[who]
        above = self.altitude(y) - target
        under = self.altitude(self._try(y, first, high, who, 1.0)[0]) - target
        new, h = y, high
        for _ in range(_MOST_TRIES):
            # Illinois' variant of the false position: never leaves the bracket.
            h = np.where(under < above, high - under * (high - low) / (under - above), high)
            new = self._try(y, first, h, who, 1.0)[0]
            gap = self.altitude(new) - target
            if np.all(np.abs(gap) <= _FOUND_M):
                break
            done = np.abs(gap) <= _FOUND_M
            up = gap > 0.0
            above = np.where(done, above, np.where(up, gap, 0.5 * above))
            under = np.where(done, under, np.where(up, 0.5 * under, gap))
            low = np.where(done | ~up, low, h)
            high = np.where(done | up, high, h)
        self.y[:, who] = new
        self.t[who] += h

    def landing(self) -> Landing:
        """What became of everyone."""
        environment = self.environment
        turned = self.bodies.turned_rad + environment.rotation_rad_s * self.t
        r, v = np.ascontiguousarray(self.y[:3].T), np.ascontiguousarray(self.y[3:].T)
        fixed = earth.rotate_z(r, -turned)
        latitude, longitude, altitude = earth.geodetic(
            fixed, environment.equatorial_radius_m, environment.flattening
        )
        return Landing(
            self.down,
            self.t,
            np.asarray(latitude),
            np.asarray((longitude + np.pi) % (2.0 * np.pi) - np.pi),
            np.asarray(altitude),
            r,
            v,
        )


def _mixed(slopes: list[Array], weights: Array) -> Array:
    """Weighted sum in a fixed order."""
    total = weights[0] * slopes[0]
    for weight, slope in zip(weights[1:], slopes[1:], strict=False):
        if weight:
            total = total + weight * slope
    return np.asarray(total)
