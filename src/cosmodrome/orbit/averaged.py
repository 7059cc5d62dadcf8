"""Orbits carried through years by what a revolution does to them on average.

Mean elements under J2, J2 squared and J4, drag averaged by quadrature over the
revolution, and for high orbits Sun and Moon; many lanes at once, each with a
time and a step of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError, ShapeError
from cosmodrome.orbit.averaged_air import AirOfYears, Column
from cosmodrome.orbit.averaged_pull import mean_sun_longitude, pull_rates
from cosmodrome.orbit.secular import Secular, brouwer_rates
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import Epoch

__all__ = ["END_ALTITUDE_M", "Fall", "Sky", "drag_rates", "fall", "lanes_of"]

Array = NDArray[np.float64]

END_ALTITUDE_M: Final = 110e3  # an orbit whose mean perigee is lower ends within hours
_NODES, _NODES_ROUND = 16, 12  # of the quadrature over a revolution
_DAY_S: Final = 86400.0
_STEP_S, _STEP_SLOW_S, _STEP_HIGH_S = 20.0 * _DAY_S, 150.0 * _DAY_S, 30.0 * _DAY_S
_HIGH_APOGEE_M: Final = 5000e3  # above it Sun and Moon move a perigee by more than a kilometre
_GOLDEN: Final = 0.6180339887498949


@dataclass(frozen=True, slots=True, eq=False)
class Fall:
    """How orbits came down.

    Parameters
    ----------
    end_s : array, shape (lanes,), when the perigee reached `END_ALTITUDE_M`; inf if it did not
    t_s, perigee_m, apogee_m : arrays, shape (steps, lanes)
        Mean altitudes above the equator, without the swing by J3 (7 km). After
        its end a lane repeats its last values.
    """

    end_s: Array
    t_s: Array
    perigee_m: Array
    apogee_m: Array


def lanes_of(orbit: Secular, count: int) -> Array:
    """The mean orbit as `count` equal lanes, shape (5, count): a, e, i, node, perigee."""
    mean = orbit.elements
    five = (
        *(mean.semi_major_axis_m, mean.eccentricity, mean.inclination_rad),
        *(mean.raan_rad, mean.argp_rad),
    )
    return np.repeat(np.array(five, dtype=float)[:, None], count, axis=1)


def _rough_scale_height(altitude_m: Array) -> Array:
    """A line through 10 km at 120 km and 46 km at 400 km; it only sizes steps and windows."""
    return np.asarray(np.maximum(6e3, 6e3 + 0.13 * (altitude_m - 90e3)))


@dataclass(frozen=True, slots=True, eq=False)
class Sky:
    """Air and Sun over some lanes at an instant of each.

    Parameters
    ----------
    column : Column, the air
    mjd : array, shape (n,), TAI
    """

    column: Column
    mjd: Array

    @classmethod
    def over(cls, air: AirOfYears, which: NDArray[np.intp], epoch: Epoch, t_s: Array) -> Sky:
        """The sky of given lanes at given seconds, both shape (n,)."""
        mjd = epoch.tai_mjd + (epoch.tai_s + t_s) / _DAY_S
        return cls(air.column(which, t_s), mjd)


def drag_rates(
    lanes: Array, cd_area_over_mass_m2_kg: Array, sky: Sky, environment: Environment
) -> Array:
    """Mean rates by drag, and the mean size of its acceleration.

    The air turns with the Earth. Over the revolution the middle-point rule in
    the eccentric anomaly, on the part of it within 25 scale heights of the
    perigee: of spectral accuracy, as the integrand is periodic or falls off on
    both sides.

    Parameters
    ----------
    lanes : array, shape (5, n), as `lanes_of`
    cd_area_over_mass_m2_kg : array, shape (n,)
    sky : Sky, of the same lanes
    environment : Environment

    Returns
    -------
    array, shape (4, n)
        Of the semi-major axis (m/s), the eccentricity, the inclination (rad/s),
        and the mean acceleration (m/s2).

    Accuracy
    --------
    1e-4 of the rate for a given air. Winds are left out (5 %).
    """
    a, e, i, node, perigee = lanes
    mu, radius = environment.mu_m3_s2, environment.equatorial_radius_m
    scale = _rough_scale_height(a * (1.0 - e) - radius)
    window = np.arccos(np.clip(1.0 - 25.0 * scale / np.maximum(a * e, 1.0), -1.0, 1.0))
    # Fewer are enough where the altitude hardly changes.
    nodes = _NODES if np.any(a * e > 2.0 * scale) else _NODES_ROUND
    anomaly = window[:, None] * ((2.0 * np.arange(nodes) + 1.0) / nodes - 1.0)
    cosine, e_ = np.cos(anomaly), e[:, None]
    near = 1.0 - e_ * cosine
    cos_f, sin_f = (cosine - e_) / near, np.sqrt(1.0 - e_ * e_) * np.sin(anomaly) / near
    cos_w, sin_w = np.cos(perigee)[:, None], np.sin(perigee)[:, None]
    cos_u, sin_u = cos_w * cos_f - sin_w * sin_f, sin_w * cos_f + cos_w * sin_f
    sin_i, cos_i = np.sin(i)[:, None], np.cos(i)[:, None]
    r = a[:, None] * near
    height = sin_i * sin_u
    up = height * height
    wave = _oblate_wave(lanes, e_ * cos_f, e_ * sin_f, cos_u**2 - sin_u**2, environment)
    altitude = r + wave - radius * (1.0 - environment.flattening * up)
    noon = (node - mean_sun_longitude(sky.mjd))[:, None]
    cos_n, sin_n = np.cos(noon), np.sin(noon)
    direction = np.stack(
        [cos_n * cos_u - sin_n * cos_i * sin_u, sin_n * cos_u + cos_n * cos_i * sin_u, height],
        axis=-1,
    )
    density = sky.column(altitude, direction)
    turn = environment.rotation_rad_s
    h = np.sqrt(mu * a * (1.0 - e * e))[:, None]
    square = mu * (2.0 / r - 1.0 / a[:, None])
    wind = turn * h * cos_i
    speed = np.sqrt(square - 2.0 * wind + (turn * r) ** 2 * (1.0 - up))
    push = 0.5 * cd_area_over_mass_m2_kg[:, None] * density * speed
    share = near * (window / (np.pi * nodes))[:, None]
    work = share * push * (square - wind)
    sideways = share * push * turn * (r * cos_u) ** 2 * sin_i / h
    return np.stack(
        [
            -2.0 * a * a / mu * work.sum(axis=1),
            -(2.0 * (e_ + cos_f) * work / square).sum(axis=1),
            -sideways.sum(axis=1),
            (share * push * speed).sum(axis=1),
        ]
    )


def _oblate_wave(
    lanes: Array, x: Array, y: Array, cos_2u: Array, environment: Environment
) -> Array:
    """What J2 adds to the radius within a revolution; x, y are e cos f and e sin f.

    Up to 10 km, a fifth of a scale height; the theory of `orbit.mean`.
    """
    if not environment.zonals:
        return np.zeros_like(cos_2u)
    a, e, i = lanes[:3]
    eta = np.sqrt(1.0 - e * e)[:, None]
    size = environment.zonals[0] * environment.gravity_radius_m**2 / (a * (1.0 - e * e))
    square = (np.sin(i) ** 2)[:, None]
    q = (1.0 + eta + eta * eta) / (1.0 + eta)
    round_part = (2.0 + x + x * q - y * y * (2.0 + x) / (1.0 + eta)) / (1.0 + x) ** 2 + 1.0
    bulge = (1.0 - 1.5 * square) * round_part - 0.5 * square * cos_2u
    return np.asarray(-0.5 * size[:, None] * bulge)


def _forced_eccentricity(lanes: Array, environment: Environment) -> Array:
    """How far J3 shifts the eccentricity vector towards the northernmost point.

    The rest of the vector turns with the perigee and keeps its length; it is
    what a lane carries. The perigee's height swings by 7 km as it turns.
    """
    if len(environment.zonals) < 2:
        return np.zeros(lanes.shape[1])
    j2, j3 = environment.zonals[:2]
    size = environment.gravity_radius_m / lanes[0]
    return np.asarray(-0.5 * j3 / j2 * size * np.sin(lanes[2]))


def _shifted(lanes: Array, forced: Array) -> Array:
    """Lanes whose eccentricity vector is moved by so much along y."""
    x, y = lanes[1] * np.cos(lanes[4]), lanes[1] * np.sin(lanes[4]) + forced
    found = lanes.copy()
    found[1], found[4] = np.hypot(x, y), np.arctan2(y, x)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _World:
    """What acts on the lanes."""

    cd_area_over_mass: Array
    air: AirOfYears
    epoch: Epoch
    environment: Environment
    high: bool

    def rates(self, lanes: Array, b: Array, sky: Sky) -> Array:
        """Of the five elements, shape (5, n)."""
        # An intermediate stage may overshoot the end of a fall; it is cut off there.
        lanes = lanes.copy()
        lanes[1] = np.clip(lanes[1], 0.0, 0.99)
        lowest = self.environment.equatorial_radius_m + 60e3
        lanes[0] = np.maximum(lanes[0], lowest / (1.0 - lanes[1]))
        whole = _shifted(lanes, _forced_eccentricity(lanes, self.environment))
        drag = drag_rates(whole, b, sky, self.environment)
        secular = brouwer_rates(lanes[0], lanes[1], lanes[2], self.environment)
        found = np.stack([*drag[:3], secular.raan_rad_s, secular.argp_rad_s])
        # Drag shortens the whole vector; what turns takes its share of that.
        ahead = whole[4] - lanes[4]
        found[4] += drag[1] * np.sin(ahead) / np.maximum(lanes[1], 1e-3)
        found[1] *= np.cos(ahead)
        if self.high:
            found[1:] += np.stack(pull_rates(lanes, self.environment.mu_m3_s2, sky.mjd))
        return found

    def step_s(self, lanes: Array, rates: Array, count: int) -> Array:
        """As long as perigee and size change by a fraction of what density falls over."""
        a, e = lanes[:2]
        scale = _rough_scale_height(a * (1.0 - e) - self.environment.equatorial_radius_m)
        perigee = np.abs(rates[0] * (1.0 - e) - a * rates[1])
        shrink = np.abs(rates[0])
        # Steps of changing length, so that none keeps pace with node or perigee.
        change = 0.6 + 0.8 * (count * _GOLDEN % 1.0)
        # Sun and Moon move a perigee without drag; then the size keeps watch on drag.
        by_perigee = (1.0 if self.high else 0.3) * scale / np.maximum(perigee, 1e-12)
        slow = np.clip(by_perigee / 6.0, _STEP_S, _STEP_SLOW_S)
        longest = change * (_STEP_HIGH_S if self.high else slow)
        by_size = 0.15 * np.maximum(a * e, 2.0 * scale) / np.maximum(shrink, 1e-12)
        return np.asarray(np.minimum(longest, np.minimum(by_perigee, by_size)))


def fall(
    start: Array,
    cd_area_over_mass_m2_kg: Array,
    air: AirOfYears,
    epoch: Epoch,
    horizon_s: float,
    environment: Environment | None = None,
) -> Fall:
    """Carry orbits until they decay, or to a horizon.

    Classical Runge-Kutta steps of fourth order, of a twentieth of the life left,
    but 12 to 210 days (18 to 42 in high orbits), and shorter as the fall ends.

    Parameters
    ----------
    start : array, shape (5, lanes), mean elements as `lanes_of`
    cd_area_over_mass_m2_kg : array, shape (lanes,)
    air : AirOfYears, of as many lanes
    epoch : Epoch, of t = 0
    horizon_s : float
    environment : Environment or None

    Returns
    -------
    Fall

    Raises
    ------
    ShapeError
        If the arrays do not fit each other.
    InputError
        If an orbit is open or inside the Earth.

    Accuracy
    --------
    Against numerical propagation in the very same air 0.2 to 1 % of the lifetime
    in low orbit; by the table of MSIS up to 2 % where the local time stays. The
    pull of Sun and Moon enters where the apogee starts above 5000 km; solar
    pressure and tesseral resonances are left out, which matters for light
    bodies (above 0.1 m2/kg).

    References
    ----------
    King-Hele, Satellite Orbits in an Atmosphere (1987); ISO 27852, the
    semi-analytical method.
    """
    earth = environment or Environment()
    count = start.shape[1]
    if start.shape != (5, count) or cd_area_over_mass_m2_kg.shape != (count,):
        raise ShapeError(f"five elements of each lane, not {start.shape}")
    lowest = float((start[0] * (1.0 - start[1])).min())
    if not (lowest > earth.equatorial_radius_m and np.all((start[1] >= 0.0) & (start[1] < 1.0))):
        raise InputError(
            "a fall starts from a closed orbit above the ground",
            key="perigee_m",
            value=lowest - earth.equatorial_radius_m,
            allowed="above 0",
        )
    high = bool(np.any(start[0] * (1.0 + start[1]) > earth.equatorial_radius_m + _HIGH_APOGEE_M))
    world = _World(cd_area_over_mass_m2_kg, air, epoch, earth, high)
    lanes, now = _shifted(start, -_forced_eccentricity(start, earth)), np.zeros(count)
    going = np.arange(count)[_perigee(lanes, earth) > END_ALTITUDE_M]
    end = np.where(_perigee(lanes, earth) > END_ALTITUDE_M, np.inf, 0.0)
    kept = [(now.copy(), lanes.copy())]
    while going.size:
        moved, step = _stepped(world, lanes[:, going], going, now[going], horizon_s, len(kept))
        before = _perigee(lanes[:, going], earth)
        lanes[:, going], now[going] = moved, now[going] + step
        after = _perigee(moved, earth)
        down = after <= END_ALTITUDE_M
        share = (before - END_ALTITUDE_M) / np.maximum(before - after, 1e-9)
        end[going[down]] = (now[going] - step * (1.0 - share))[down]
        kept.append((now.copy(), lanes.copy()))
        going = going[~down & (now[going] < horizon_s)]
    radius = earth.equatorial_radius_m
    track = np.array([state for _, state in kept])
    return Fall(
        end,
        np.array([t for t, _ in kept]),
        track[:, 0] * (1.0 - track[:, 1]) - radius,
        track[:, 0] * (1.0 + track[:, 1]) - radius,
    )


def _perigee(lanes: Array, earth: Environment) -> Array:
    return np.asarray(lanes[0] * (1.0 - lanes[1]) - earth.equatorial_radius_m)


def _stepped(
    world: _World,
    lanes: Array,
    which: NDArray[np.intp],
    now: Array,
    horizon_s: float,
    count: int,
) -> tuple[Array, Array]:
    b = world.cd_area_over_mass[which]
    sky = Sky.over(world.air, which, world.epoch, now)
    k1 = world.rates(lanes, b, sky)
    step = np.minimum(world.step_s(lanes, k1, count), horizon_s - now)
    half = 0.5 * step
    sky = Sky.over(world.air, which, world.epoch, now + half)
    k2 = world.rates(lanes + half * k1, b, sky)
    k3 = world.rates(lanes + half * k2, b, sky)
    sky = Sky.over(world.air, which, world.epoch, now + step)
    k4 = world.rates(lanes + step * k3, b, sky)
    moved = lanes + step / 6.0 * (k1 + 2.0 * (k2 + k3) + k4)
    moved[1] = np.maximum(moved[1], 0.0)
    return moved, step
