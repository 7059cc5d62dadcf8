"""Osculating elements, the vectors behind them, two-body motion, the way to GEO.

Frames: any inertial frame whose z axis is the pole the angles refer to (the
true equator and equinox of date for targets). Vectors have a last axis of
length 3; leading axes broadcast. Functions marked "symbolic" also take CasADi
columns.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import CosmodromeError, InputError, ShapeError
from cosmodrome.orbit.universal import stumpff, universal_anomaly, within_half_turn
from cosmodrome.world import maths

__all__ = [
    "Elements",
    "angular_momentum",
    "apogee_radius",
    "asymptote",
    "asymptote_declination",
    "c3",
    "delta_v_to_geo",
    "eccentricity_vector",
    "elements_from_state",
    "geostationary_radius",
    "kepler_propagate",
    "perigee_radius",
    "semi_major_axis",
    "state_from_elements",
]

Array = NDArray[np.float64]
_TINY = 1e-11  # below this sin(i) or e the node or the perigee is fixed by convention


@dataclass(frozen=True, slots=True)
class Elements:
    """Keplerian elements; floats, or arrays of one shape.

    The semi-latus rectum stands in for the semi-major axis because it stays
    finite through the parabola. On an equatorial orbit the node is the x axis
    (`raan_rad` 0); on a circular one the perigee is the node (`argp_rad` 0), so
    that `true_anomaly_rad` is the argument of latitude.

    Parameters
    ----------
    semi_latus_rectum_m : float or array, metres
    eccentricity : float or array
    inclination_rad : float or array, [0, pi]
    raan_rad, argp_rad, true_anomaly_rad : float or array, [0, 2 pi)
    """

    semi_latus_rectum_m: Any
    eccentricity: Any
    inclination_rad: Any
    raan_rad: Any
    argp_rad: Any
    true_anomaly_rad: Any

    @classmethod
    def keplerian(
        cls,
        semi_major_axis_m: Any,
        eccentricity: Any,
        inclination_rad: Any,
        raan_rad: Any = 0.0,
        argp_rad: Any = 0.0,
        true_anomaly_rad: Any = 0.0,
    ) -> Elements:
        """From the semi-major axis (negative for a hyperbola)."""
        p = semi_major_axis_m * (1.0 - eccentricity**2)
        return cls(p, eccentricity, inclination_rad, raan_rad, argp_rad, true_anomaly_rad)

    @property
    def semi_major_axis_m(self) -> Any:
        """Metres; negative for a hyperbola, infinite for a parabola."""
        with np.errstate(divide="ignore"):
            return np.divide(self.semi_latus_rectum_m, 1.0 - self.eccentricity**2)

    @property
    def perigee_radius_m(self) -> Any:
        """Metres from the centre."""
        return self.semi_latus_rectum_m / (1.0 + self.eccentricity)

    @property
    def apogee_radius_m(self) -> Any:
        """Metres from the centre; infinite for an open orbit."""
        e = np.asarray(self.eccentricity)
        closed = np.where(e < 1.0, 1.0 - e, 1.0)
        return np.where(e < 1.0, self.semi_latus_rectum_m / closed, np.inf)[()]

    @property
    def argument_of_latitude_rad(self) -> Any:
        """Argument of perigee plus true anomaly, [0, 2 pi)."""
        return _turn(self.argp_rad + self.true_anomaly_rad)


def _turn(angle: Any) -> Any:
    """An angle brought into [0, 2 pi)."""
    wrapped = np.mod(angle, 2.0 * math.pi)
    # np.mod of a tiny negative angle rounds up to 2 pi itself.
    return np.where(wrapped >= 2.0 * math.pi, 0.0, wrapped)[()]


def _vectors(*values: Any) -> tuple[Array, ...]:
    arrays = tuple(np.asarray(value, dtype=float) for value in values)
    for array in arrays:
        if array.ndim == 0 or array.shape[-1] != 3:
            raise ShapeError(f"expected vectors with a last axis of 3, got shape {array.shape}")
    return arrays


def angular_momentum(r_m: Any, v_m_s: Any) -> Any:
    """Specific angular momentum r x v, m2/s, in the frame given; symbolic."""
    return maths.cross(r_m, v_m_s)


def eccentricity_vector(r_m: Any, v_m_s: Any, mu_m3_s2: Any) -> Any:
    """The vector of length e towards perigee, in the frame given; symbolic.

    Written as ((v2 - mu/r) r - (r.v) v) / mu, which needs no cross product and
    has no singularity away from r = 0.
    """
    r = maths.norm(r_m)
    along = maths.dot(v_m_s, v_m_s) / mu_m3_s2 - 1.0 / r
    radial = maths.dot(r_m, v_m_s) / mu_m3_s2
    return maths.scale(along, r_m) - maths.scale(radial, v_m_s)


def c3(r_m: Any, v_m_s: Any, mu_m3_s2: Any) -> Any:
    """Twice the orbital energy, v2 - 2 mu/r, m2/s2; symbolic."""
    return maths.dot(v_m_s, v_m_s) - 2.0 * mu_m3_s2 / maths.norm(r_m)


def semi_major_axis(r_m: Any, v_m_s: Any, mu_m3_s2: Any) -> Any:
    """Semi-major axis from energy, metres, negative for a hyperbola; symbolic."""
    return -mu_m3_s2 / c3(r_m, v_m_s, mu_m3_s2)


def perigee_radius(r_m: Any, v_m_s: Any, mu_m3_s2: Any) -> Any:
    """Perigee radius h2/mu/(1 + e), metres; symbolic.

    Its derivative is singular on an exactly circular orbit, as e's is.
    """
    h = angular_momentum(r_m, v_m_s)
    e = maths.norm(eccentricity_vector(r_m, v_m_s, mu_m3_s2))
    return maths.dot(h, h) / mu_m3_s2 / (1.0 + e)


def apogee_radius(r_m: Any, v_m_s: Any, mu_m3_s2: Any) -> Any:
    """Apogee radius, metres; infinite (symbolically: negative) on an open orbit; symbolic."""
    h = angular_momentum(r_m, v_m_s)
    e = maths.norm(eccentricity_vector(r_m, v_m_s, mu_m3_s2))
    p = maths.dot(h, h) / mu_m3_s2
    if maths.is_symbolic(p, e):
        return p / (1.0 - e)
    return np.where(e < 1.0, p / np.where(e < 1.0, 1.0 - e, 1.0), np.inf)[()]


def asymptote(r_m: Any, v_m_s: Any, mu_m3_s2: Any) -> Any:
    """Unit vector along which a body on an open orbit finally leaves; symbolic.

    Parameters
    ----------
    r_m, v_m_s : arrays, shape (..., 3), metres and metres per second, inertial
    mu_m3_s2 : float

    Returns
    -------
    array, shape (..., 3)
        NaN on a closed orbit, where there is no asymptote.

    Accuracy
    --------
    Exact for two bodies; smooth down to the parabola, where it is -e.

    References
    ----------
    Battin, An Introduction to the Mathematics and Methods of Astrodynamics,
    section 4.4 (asymptotes of the hyperbola from h and e).
    """
    h = angular_momentum(r_m, v_m_s)
    e = eccentricity_vector(r_m, v_m_s, mu_m3_s2)
    energy = c3(r_m, v_m_s, mu_m3_s2)
    if not maths.is_symbolic(energy):
        energy = np.where(np.asarray(energy) >= 0.0, energy, np.nan)
    ratio = maths.sqrt(energy) / mu_m3_s2
    direction = maths.scale(ratio, maths.cross(h, e)) - e
    return maths.scale(1.0 / (1.0 + ratio**2 * maths.dot(h, h)), direction)


def asymptote_declination(r_m: Any, v_m_s: Any, mu_m3_s2: Any) -> Any:
    """Declination of the outgoing asymptote above the frame's equator, radians; symbolic."""
    x, y, z = maths.parts(asymptote(r_m, v_m_s, mu_m3_s2))
    return maths.atan2(z, maths.sqrt(x**2 + y**2))


def elements_from_state(r_m: Any, v_m_s: Any, mu_m3_s2: float) -> Elements:
    """Osculating elements of a state, for every orbit that is not a straight line.

    Parameters
    ----------
    r_m, v_m_s : arrays, shape (..., 3), metres and metres per second, inertial
    mu_m3_s2 : float

    Returns
    -------
    Elements
        Scalars for single vectors, arrays of the leading shape otherwise.

    Raises
    ------
    ShapeError
        If a last axis is not of length 3.

    Accuracy
    --------
    Rounding only. Node (perigee) directions lose digits as 1/sin i (1/e);
    below 1e-11 they are set by the convention of `Elements`, which moves the
    state by less than 0.1 mm in low orbit.
    """
    r, v = np.broadcast_arrays(*_vectors(r_m, v_m_s))
    h = angular_momentum(r, v)
    h_size = maths.norm(h)[..., None]
    if not np.all(h_size > 0.0):
        raise CosmodromeError("a straight fall through the centre has no orbital plane")
    w = h / h_size
    flat = np.hypot(w[..., 0], w[..., 1])
    raan = np.where(flat > _TINY, np.arctan2(w[..., 0], -w[..., 1]), 0.0)
    node = maths.vector(np.cos(raan), np.sin(raan), np.zeros_like(raan))
    # On the plane itself, ahead of the node by a right angle.
    ahead = maths.cross(w, node)
    e_vector = eccentricity_vector(r, v, mu_m3_s2)
    e = maths.norm(e_vector)
    argp = np.arctan2(maths.dot(e_vector, ahead), maths.dot(e_vector, node))
    argp = np.where(e > _TINY, argp, 0.0)
    latitude = np.arctan2(maths.dot(r, ahead), maths.dot(r, node))
    return Elements(
        (h_size[..., 0] ** 2 / mu_m3_s2)[()],
        np.asarray(e)[()],
        np.arctan2(flat, w[..., 2])[()],
        _turn(raan),
        _turn(argp),
        _turn(latitude - argp),
    )


def state_from_elements(elements: Elements, mu_m3_s2: float) -> tuple[Array, Array]:
    """Position and velocity from osculating elements.

    Parameters
    ----------
    elements : Elements
    mu_m3_s2 : float

    Returns
    -------
    r_m, v_m_s : arrays, shape (..., 3), in the frame the elements refer to

    Raises
    ------
    CosmodromeError
        If a true anomaly lies beyond the asymptote of an open orbit.
    """
    p, e = elements.semi_latus_rectum_m, elements.eccentricity
    anomaly = elements.true_anomaly_rad
    widening = 1.0 + e * np.cos(anomaly)
    if np.any(widening <= 0.0):
        raise CosmodromeError("the true anomaly lies beyond the asymptote of this open orbit")
    i, raan = elements.inclination_rad, elements.raan_rad
    node = maths.vector(np.cos(raan), np.sin(raan), 0.0 * np.asarray(i))
    ahead = maths.vector(-np.sin(raan) * np.cos(i), np.cos(raan) * np.cos(i), np.sin(i))
    u = elements.argp_rad + anomaly
    out = maths.scale(np.cos(u), node) + maths.scale(np.sin(u), ahead)
    along = maths.scale(np.cos(u), ahead) - maths.scale(np.sin(u), node)
    speed = np.sqrt(mu_m3_s2 / p)
    r = maths.scale(p / widening, out)
    v = maths.scale(speed * e * np.sin(anomaly), out) + maths.scale(speed * widening, along)
    return r, v


def kepler_propagate(r_m: Any, v_m_s: Any, mu_m3_s2: Any, dt_s: Any) -> tuple[Any, Any]:
    """Two-body motion over a time of either sign, by universal variables; symbolic.

    One formula for ellipse, parabola and hyperbola; Laguerre's iteration on
    the universal equation of time, a fixed number of steps so that it is also
    one CasADi expression (there, use it for less than about one revolution).

    Parameters
    ----------
    r_m, v_m_s : arrays, shape (..., 3), metres and metres per second, inertial
    mu_m3_s2 : float
    dt_s : float or array of the leading shape, seconds

    Returns
    -------
    r_m, v_m_s : arrays, shape (..., 3)

    Raises
    ------
    ShapeError
        If a last axis is not of length 3.
    CosmodromeError
        If the iteration has not closed the equation of time to 1e-9 of its size.

    Accuracy
    --------
    About 1e-12 of the path flown plus rounding of the period in many revolutions.

    References
    ----------
    Battin (as above), sections 4.5 to 4.7; Conway, Celestial Mechanics 39
    (1986) 199 for Laguerre's method.
    """
    if not maths.is_symbolic(r_m, v_m_s, mu_m3_s2, dt_s):
        r_m, v_m_s = np.broadcast_arrays(*_vectors(r_m, v_m_s))
    r0 = maths.norm(r_m)
    alpha = -c3(r_m, v_m_s, mu_m3_s2) / mu_m3_s2
    sigma = maths.dot(r_m, v_m_s) / maths.sqrt(mu_m3_s2)
    flight = maths.sqrt(mu_m3_s2) * within_half_turn(dt_s, alpha, mu_m3_s2)
    x = universal_anomaly(r0, alpha, sigma, flight)
    _, c1, c2, c3_ = stumpff(alpha * x * x)
    u1, u2, u3 = x * c1, x * x * c2, x * x * x * c3_
    r1 = r0 + sigma * u1 + (1.0 - alpha * r0) * u2
    f = 1.0 - u2 / r0
    g = (flight - u3) / maths.sqrt(mu_m3_s2)
    f_dot = -maths.sqrt(mu_m3_s2) * u1 / (r0 * r1)
    g_dot = 1.0 - u2 / r1
    r = maths.scale(f, r_m) + maths.scale(g, v_m_s)
    return r, maths.scale(f_dot, r_m) + maths.scale(g_dot, v_m_s)


def geostationary_radius(mu_m3_s2: float, rotation_rad_s: float = 7.292115e-5) -> float:
    """Radius of the circular orbit that keeps pace with the Earth, metres."""
    return float((mu_m3_s2 / rotation_rad_s**2) ** (1.0 / 3.0))


def delta_v_to_geo(
    perigee_radius_m: float,
    apogee_radius_m: float,
    inclination_rad: float,
    mu_m3_s2: float,
    *,
    geo_radius_m: float | None = None,
    share_plane_change: bool = False,
) -> float:
    """Delta-v left from an orbit to the geostationary one, m/s.

    Impulsive burns, the line of apsides in the equator (argument of perigee 0
    or 180 deg), no wait for a longitude. From a transfer orbit that already
    touches the geostationary radius this is the usual single apogee burn with
    the whole plane change. Otherwise two burns: at apogee, moving the other
    apsis to the geostationary radius, or at perigee, moving the apogee there;
    the cheaper is taken, with the plane change in the higher burn.

    Parameters
    ----------
    perigee_radius_m, apogee_radius_m : float, metres from the centre
    inclination_rad : float
    mu_m3_s2 : float
    geo_radius_m : float or None, from `geostationary_radius` by default
    share_plane_change : bool
        Also allow a part of the plane change in the other burn, the best split.

    Returns
    -------
    float, metres per second; infinite if the orbit is not closed

    Raises
    ------
    InputError
        If the perigee is not positive or lies above the apogee.

    Accuracy
    --------
    Finite burns of real apogee engines cost 1 to 2 % more. Sharing the plane
    change saves 34 m/s from a low circular orbit at 28.5 deg, nothing from GTO.
    """
    if not 0.0 < perigee_radius_m <= apogee_radius_m * (1.0 + 1e-12):
        raise InputError(
            "perigee must be positive and not above apogee",
            key="perigee_radius_m",
            value=perigee_radius_m,
            allowed="0 < perigee <= apogee",
        )
    if not math.isfinite(apogee_radius_m):
        return math.inf
    geo = geostationary_radius(mu_m3_s2) if geo_radius_m is None else geo_radius_m
    apsides = (perigee_radius_m, apogee_radius_m)
    routes = ((apsides[1], apsides[0]), (apsides[0], apsides[1]))
    return min(
        _two_burns(here, there, geo, inclination_rad, mu_m3_s2, share=share_plane_change)
        for here, there in routes
    )


def _two_burns(
    here_m: float, there_m: float, geo_m: float, tilt_rad: float, mu: float, *, share: bool
) -> float:
    """Burn at the apsis `here` to move the opposite one to GEO, burn again there."""

    def speed(at: float, other: float) -> float:
        return math.sqrt(2.0 * mu * other / (at * (at + other)))

    def burn(before: float, after: float, turn: float) -> float:
        # (before - after)^2 + ... loses no digits when nothing changes.
        return math.sqrt((before - after) ** 2 + 4.0 * before * after * math.sin(turn / 2.0) ** 2)

    def total(turn_here: float) -> float:
        first = burn(speed(here_m, there_m), speed(here_m, geo_m), turn_here)
        return first + burn(speed(geo_m, here_m), speed(geo_m, geo_m), tilt_rad - turn_here)

    whole = (0.0, tilt_rad)
    if not share:
        return total(whole[1] if here_m >= geo_m * (1.0 - 1e-3) else whole[0])
    low, high = whole
    for _ in range(60):  # unimodal in the split: thirds close in on the best
        a, b = low + (high - low) / 3.0, high - (high - low) / 3.0
        low, high = (low, b) if total(a) < total(b) else (a, high)
    return min(total(0.0), total(tilt_rad), total((low + high) / 2.0))
