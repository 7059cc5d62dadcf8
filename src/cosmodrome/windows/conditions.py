"""What a launch instant brings: the light at the pad, and the Sun on the first days' orbit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from cosmodrome.mission.nouns import Environment, Site
from cosmodrome.orbit.eclipses import sun_profile
from cosmodrome.orbit.elements import Elements
from cosmodrome.orbit.secular import Secular
from cosmodrome.orbit.sun_angle import sun_track
from cosmodrome.world import earth
from cosmodrome.world.epoch import Epoch

__all__ = ["DAYLIGHTS", "Daylight", "FirstDays", "daylight", "first_days", "sun_elevation_rad"]

Array = NDArray[np.float64]
Daylight = Literal["day", "civil", "nautical", "astronomical", "night"]

DAYLIGHTS: Final[tuple[Daylight, ...]] = ("day", "civil", "nautical", "astronomical", "night")
"""From light to dark."""

_LIMITS_RAD: Final = np.radians([-18.0, -12.0, -6.0, -50.0 / 60.0])
"""The Sun's centre at the ends of the twilights [Astronomical Almanac, glossary]; it
rises with 34' of refraction and 16' of its own radius."""
_DAY_S: Final = 86400.0
_EARTH: Final = Environment()


def sun_elevation_rad(
    site: Site,
    epoch: Epoch,
    t_s: Any,
    greenwich_rad: Any,
    environment: Environment | None = None,
) -> Array:
    """Elevation of the Sun's centre over the pad's horizon.

    Parameters
    ----------
    site : Site
    epoch : Epoch, of t = 0
    t_s : array, shape (n,), seconds
    greenwich_rad : array, shape (n,), apparent sidereal time then
    environment : Environment or None, the WGS-84 Earth by default

    Returns
    -------
    array, shape (n,), radians, without refraction

    Raises
    ------
    InputError
        If the ephemeris does not reach.

    Accuracy
    --------
    0.001 deg, polar motion among it; the horizon is that of a flat country.
    """
    planet = environment or _EARTH
    times = np.atleast_1d(np.asarray(t_s, dtype=float))
    if times.size == 0:
        return times
    span = float(np.min(times)), float(np.max(times))
    sun, _ = sun_track(epoch, *span, "TOD", apparent=True).at(times)
    a, f = planet.equatorial_radius_m, planet.flattening
    meridian = np.asarray(greenwich_rad) + site.longitude_rad
    pad = earth.site_position(site.latitude_rad, meridian, site.altitude_m, a, f)
    seen = sun - pad
    up = earth.local_axes(site.latitude_rad, meridian)[2]
    height = np.sum(seen * up, axis=-1) / np.linalg.norm(seen, axis=-1)
    return np.asarray(np.arcsin(height))


def daylight(elevation_rad: Any) -> tuple[Daylight, ...]:
    """Day, the three twilights or night, by the Sun's elevation."""
    rank = np.searchsorted(_LIMITS_RAD, np.atleast_1d(elevation_rad), side="right")
    return tuple(DAYLIGHTS[4 - int(k)] for k in rank)


@dataclass(frozen=True, slots=True, eq=False)
class FirstDays:
    """Sun and shadow on the orbits of several launches.

    Parameters
    ----------
    beta_rad : array, shape (n, m)
        Angle of the Sun above the orbit's plane, at insertion and on each day after.
    eclipse : array, shape (n, m), share of the revolution then spent in shadow
        Penumbra and umbra.
    """

    beta_rad: Array
    eclipse: Array


@dataclass(frozen=True, slots=True, eq=False)
class _InTurn:
    """One orbit after another, each from half-way to its predecessor on: a `Motion`.

    All are alike but for their node, so that the Sun's angle and the shadow of
    every launch of a year are found in one search.
    """

    epoch: Epoch
    begin_s: Array
    node_rad: Array
    orbit: Secular
    turned_s: Array

    @property
    def frame(self) -> str:
        return "TOD"

    @property
    def span_s(self) -> tuple[float, float]:
        return (-math.inf, math.inf)

    def at(self, t_s: Array) -> tuple[Array, Array]:
        k = np.clip(np.searchsorted(self.begin_s, t_s + 1.0, side="right") - 1, 0, None)
        r, v = self.orbit.at(t_s - self.turned_s[k])
        turn = self.node_rad[k]
        return earth.rotate_z(r, turn), earth.rotate_z(v, turn)


def first_days(
    orbit: Elements,
    node_rad: Array,
    epoch: Epoch,
    insertion_s: Array,
    days: int,
    environment: Environment | None = None,
) -> FirstDays:
    """The Sun's angle and the shadow in the first days after each of several launches.

    Parameters
    ----------
    orbit : Elements, at insertion, of all launches; its node is not used
    node_rad : array, shape (n,), at insertion, from the true equinox of date
    epoch : Epoch, of t = 0
    insertion_s : array, shape (n,), rising, more than a revolution apart
    days : int, looked at after the first instant; m is one more
    environment : Environment or None, the WGS-84 Earth by default

    Returns
    -------
    FirstDays

    Raises
    ------
    InputError
        If the ephemeris does not reach.

    Accuracy
    --------
    As `orbit.eclipses.sun_profile` for an orbit that turns at the secular rates;
    drag and manoeuvres of the first days are left out.
    """
    planet = environment or _EARTH
    still = Elements(
        orbit.semi_latus_rectum_m, orbit.eccentricity, orbit.inclination_rad,
        0.0, orbit.argp_rad, orbit.true_anomaly_rad,
    )  # fmt: skip
    base = Secular(epoch, "TOD", still, planet, osculating=False)
    beta = np.empty((insertion_s.size, days + 1))
    share = np.empty_like(beta)
    for k in range(days + 1 if insertion_s.size else 0):
        begin = insertion_s + k * _DAY_S
        motion = _InTurn(epoch, begin, node_rad, base, insertion_s)
        found = sun_profile(motion, epoch, begin)
        beta[:, k], share[:, k] = found.beta_rad, found.penumbra_s / found.period_s
    return FirstDays(beta, share)
