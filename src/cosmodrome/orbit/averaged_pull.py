"""What Sun and Moon do to an orbit over months: their pull averaged over the orbit.

The Sun's is averaged over the satellite's revolution, the Moon's over its own
too. Quadrupole terms only.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.world.ephemeris import MU_MOON_M3_S2, MU_SUN_M3_S2

__all__ = ["mean_sun_longitude", "pull_rates", "sun_direction"]

Array = NDArray[np.float64]
_J2000_MJD: Final = 51544.5
_OBLIQUITY: Final = np.radians(23.439291)
_AU_M: Final = 149597870700.0
_MOON_M: Final = 384399e3  # semi-major axis
_MOON_E: Final = 0.0549
_MOON_TILT: Final = np.radians(5.145)
_SUN_E: Final = 0.0167


def mean_sun_longitude(mjd: Array) -> Array:
    """Longitude of the mean Sun, equal to its right ascension, radians.

    Accuracy
    --------
    0.01 deg within a century of 2000 [Astronomical Almanac, low precision].
    """
    return np.asarray(np.radians(280.460 + 0.9856474 * (mjd - _J2000_MJD)))


def sun_direction(mjd: Array) -> Array:
    """Unit vectors to the Sun, equator and equinox of date, shape (n, 3).

    Accuracy
    --------
    0.02 deg within a century of 2000 [Astronomical Almanac, low precision].
    An ephemeris would end before a lifetime of decades does.
    """
    anomaly = np.radians(357.528 + 0.9856003 * (mjd - _J2000_MJD))
    longitude = mean_sun_longitude(mjd) + np.radians(
        1.915 * np.sin(anomaly) + 0.020 * np.sin(2.0 * anomaly)
    )
    sine = np.sin(longitude)
    return np.stack(
        [np.cos(longitude), np.cos(_OBLIQUITY) * sine, np.sin(_OBLIQUITY) * sine], axis=-1
    )


def _moon_normal(mjd: Array) -> Array:
    """Pole of the Moon's orbit, whose node goes round the ecliptic in 18.6 years."""
    node = np.radians(125.04452 - 0.0529537648 * (mjd - _J2000_MJD))
    tilt, level = np.sin(_MOON_TILT), np.cos(_MOON_TILT)
    x, y = tilt * np.sin(node), -tilt * np.cos(node)
    c, s = np.cos(_OBLIQUITY), np.sin(_OBLIQUITY)
    return np.stack([x, c * y - s * level, s * y + c * level], axis=-1)


def _cross(p: Array, q: Array) -> Array:
    """As numpy's, in a quarter of its time for short arrays."""
    (a, b, c), (x, y, z) = p.T, q.T
    return np.stack([b * z - c * y, c * x - a * z, a * y - b * x], axis=-1)


def pull_rates(orbit: Array, mu_m3_s2: float, mjd: Array) -> tuple[Array, ...]:
    """Rates of e, i, node and perigee by the averaged pull of Sun and Moon.

    Parameters
    ----------
    orbit : array, shape (5, n): semi-major axis, e, i, node, argument of perigee
    mu_m3_s2 : float, the Earth's
    mjd : array, shape (n,)

    Returns
    -------
    e, i, node, perigee : arrays, shape (n,), per second

    Accuracy
    --------
    On a geostationary transfer orbit, against numerical propagation, the perigee
    is within 8 km after four months in which it swings by 30 to 80 km: where
    the Moon stands in its month is left out. Meant for eccentric orbits: the
    perigee of a circular one has no direction.

    References
    ----------
    Allan & Cook, Proc. R. Soc. A 280 (1964) 97; Tremaine, Touma & Namouni,
    Astronomical Journal 137 (2009) 3706, for the vectorial form.
    """
    a, e, i, node, perigee = orbit
    along_node = np.stack([np.cos(node), np.sin(node), np.zeros_like(node)], axis=-1)
    across = np.stack([-np.cos(i) * np.sin(node), np.cos(i) * np.cos(node), np.sin(i)], axis=-1)
    normal = _cross(along_node, across)
    to_perigee = np.cos(perigee)[:, None] * along_node + np.sin(perigee)[:, None] * across
    size = np.sqrt(1.0 - e * e)
    h, ecc = size[:, None] * normal, e[:, None] * to_perigee
    motion = np.sqrt(mu_m3_s2 / a**3)
    sun, pole = sun_direction(mjd), _moon_normal(mjd)
    sun_k = 1.5 * MU_SUN_M3_S2 / (motion * _AU_M**3) * (1.0 - _SUN_E**2) ** -1.5
    moon_k = 1.5 * MU_MOON_M3_S2 / (motion * _MOON_M**3) * (1.0 - _MOON_E**2) ** -1.5

    def spread(v: Array) -> Array:
        """The sum of strength d d' over both bodies, times a vector."""
        by_sun = (sun_k * np.einsum("ni,ni->n", v, sun))[:, None] * sun
        beside = v - np.einsum("ni,ni->n", v, pole)[:, None] * pole
        return np.asarray(by_sun + 0.5 * moon_k[:, None] * beside)

    mh, me = spread(h), spread(ecc)
    total = (sun_k + moon_k)[:, None]
    ecc_rate = -_cross(ecc, mh) + 5.0 * _cross(h, me) - 2.0 * total * _cross(h, ecc)
    h_rate = -_cross(h, mh) + 5.0 * _cross(ecc, me)
    turn = h_rate / size[:, None]
    sine = np.maximum(np.sin(i), 1e-6)
    node_rate = np.einsum("ni,ni->n", turn, along_node) / sine
    tilt_rate = -np.einsum("ni,ni->n", turn, across)
    forward = np.einsum("ni,ni->n", ecc_rate, _cross(normal, to_perigee))
    perigee_rate = forward / np.maximum(e, 1e-3) - np.cos(i) * node_rate
    return np.einsum("ni,ni->n", ecc_rate, to_perigee), tilt_rate, node_rate, perigee_rate
