"""The figure of the Earth, its gravity, and velocity through its air.

Every function takes floats, NumPy arrays (leading axes broadcast) or CasADi
symbols. Cartesian vectors have their third axis along the pole. Angles are
radians, latitudes geodetic unless a name says otherwise, longitudes east.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cosmodrome.errors import ShapeError
from cosmodrome.world import maths

__all__ = [
    "air_relative_velocity",
    "geocentric_latitude",
    "geodetic",
    "geodetic_altitude",
    "gravity",
    "great_circle_distance",
    "local_axes",
    "rotate_z",
    "site_position",
]

# Square metres; keeps the slope finite on the polar axis, moves latitude by
# less than 1e-12 rad anywhere else than within a metre of it.
_AXIS_M2 = 1e-12
# Square radians; keeps the slope of a distance finite where it is zero.
_POINT_RAD2 = 1e-30


def gravity(r_m: Any, mu_m3_s2: Any, radius_m: Any, zonals: tuple[Any, ...]) -> Any:
    """Acceleration by a point mass with zonal harmonics.

    The potential is mu/r (1 - sum J_n (R/r)^n P_n(z/r)). Its gradient needs
    only derivatives of Legendre polynomials, which follow one recursion:
    -mu/r^2 [(1 - sum J_n (R/r)^n P'_{n+1}) r/|r| + (sum J_n (R/r)^n P'_n) z].

    Parameters
    ----------
    r_m : array, shape (..., 3), metres, any frame whose third axis is the pole
    mu_m3_s2 : float, gravitational parameter
    radius_m : float, the radius the coefficients refer to
    zonals : tuple of float
        Unnormalised J2, J3, J4, ... to any degree; empty for a point mass.

    Returns
    -------
    array, shape (..., 3), metres per second squared, same frame as `r_m`

    Accuracy
    --------
    Exact for the coefficients given. Leaving out tesseral terms and degrees
    above 4 changes the pull in low orbit by less than 1e-5 of itself.

    References
    ----------
    Vallado, Fundamentals of Astrodynamics and Applications, section 8.6.
    """
    x, y, z = maths.parts(r_m)
    r = maths.sqrt(x * x + y * y + z * z)
    s, ratio = z / r, radius_m / r
    slope, slope_next = 1.0, 3.0 * s  # P'_1 and P'_2
    rho, radial, axial = ratio, 1.0, 0.0
    for n, coefficient in enumerate(zonals, start=2):
        slope, slope_next = (
            slope_next,
            ((2 * n + 1) * s * slope_next - (n + 1) * slope) / n,
        )
        rho = rho * ratio
        weight = coefficient * rho
        radial = radial - weight * slope_next
        axial = axial + weight * slope
    pull = mu_m3_s2 / (r * r)
    along = -pull * radial / r
    return maths.vector(along * x, along * y, along * z - pull * axial)


def _normal(r_m: Any, a: Any, f: Any, passes: int) -> tuple[Any, Any, Any]:
    """Squared distance from the axis, and factors of (p, z) along the vertical.

    Bowring's step in squares of p and z, so that nothing is singular on the
    polar axis: the outward normal of the ellipsoid is along (p k_p, z k_z).
    """
    x, y, z = maths.parts(r_m)
    p2, z2 = x * x + y * y, z * z
    b = a * (1.0 - f)
    e2 = f * (2.0 - f)
    second = e2 * a * a / b  # e'^2 b
    tangent = (1.0 - f) * (1.0 + second / maths.sqrt(p2 + z2))
    k_p, k_z = 1.0, 1.0
    for _ in range(passes):
        # tangent * z / p is the tangent of the reduced latitude
        w2 = p2 + tangent * tangent * z2
        w3 = 1.0 / (w2 * maths.sqrt(w2))
        k_p = 1.0 - e2 * a * p2 * w3
        k_z = 1.0 + second * tangent * tangent * tangent * z2 * w3
        tangent = (1.0 - f) * k_z / k_p
    return p2, k_p, k_z


def _height(p2: Any, z2: Any, k_p: Any, k_z: Any, a: Any, f: Any) -> Any:
    """Distance from the tangent plane whose normal is (p k_p, z k_z)."""
    p_normal, z_normal = p2 * k_p, z2 * k_z
    square = p_normal * k_p + z_normal * k_z
    drop = f * (2.0 - f) * z_normal * k_z / square
    return (p_normal + z_normal) / maths.sqrt(square) - a * maths.sqrt(1.0 - drop)


def geodetic_altitude(r_m: Any, equatorial_radius_m: Any, flattening: Any) -> Any:
    """Height above the ellipsoid.

    One step of Bowring's closed form, then the distance to the tangent plane,
    in which the error of the latitude enters only squared. Smooth everywhere
    outside the Earth's core, poles and equator included; no branches.

    Parameters
    ----------
    r_m : array, shape (..., 3), metres, third axis along the pole
    equatorial_radius_m, flattening : float; flattening 0 gives the exact sphere

    Returns
    -------
    float or array, shape (...), metres

    Accuracy
    --------
    Better than 1e-7 m from 10 km below the ellipsoid to 1e8 m above it (Earth's
    flattening; rounding is most of it). Not meant within 100 km of the centre.

    References
    ----------
    Bowring, Survey Review 28 (1985) 202-206.
    """
    p2, k_p, k_z = _normal(r_m, equatorial_radius_m, flattening, 1)
    _, _, z = maths.parts(r_m)
    return _height(p2, z * z, k_p, k_z, equatorial_radius_m, flattening)


def geodetic(r_m: Any, a: Any, f: Any) -> tuple[Any, Any, Any]:
    """Geodetic latitude, longitude and altitude of a point.

    Two steps of Bowring's closed form. Longitude is not differentiable on the
    polar axis, where it is given as 0.

    Parameters
    ----------
    r_m : array, shape (..., 3), metres, Earth-fixed
    a, f : float, equatorial radius in metres and flattening

    Returns
    -------
    latitude_rad, longitude_rad, altitude_m : float or array, shape (...)
        Longitude in (-pi, pi].

    Accuracy
    --------
    Latitude 1e-12 rad, altitude 1e-7 m, from -10 km to 1e8 m, for Earth's
    flattening.

    References
    ----------
    Bowring, Survey Review 28 (1985) 202-206.
    """
    x, y, z = maths.parts(r_m)
    p2, k_p, k_z = _normal(r_m, a, f, 2)
    latitude = maths.atan2(z * k_z, maths.sqrt(p2 + _AXIS_M2) * k_p)
    return latitude, maths.atan2(y, x), _height(p2, z * z, k_p, k_z, a, f)


def _meridian(latitude_rad: Any, altitude_m: Any, a: Any, f: Any) -> tuple[Any, Any]:
    """Distance from the axis and from the equator's plane."""
    sine, cosine = maths.sin(latitude_rad), maths.cos(latitude_rad)
    e2 = f * (2.0 - f)
    normal = a / maths.sqrt(1.0 - e2 * sine * sine)
    return (normal + altitude_m) * cosine, (normal * (1.0 - e2) + altitude_m) * sine


def site_position(latitude_rad: Any, longitude_rad: Any, altitude_m: Any, a: Any, f: Any) -> Any:
    """Earth-fixed position of a geodetic place.

    Parameters
    ----------
    latitude_rad, longitude_rad : float or array, radians, geodetic, east
    altitude_m : float or array, metres above the ellipsoid
    a, f : float, equatorial radius in metres and flattening

    Returns
    -------
    array, shape (..., 3), metres, Earth-fixed

    Accuracy
    --------
    Exact.
    """
    p, z = _meridian(latitude_rad, altitude_m, a, f)
    return maths.vector(p * maths.cos(longitude_rad), p * maths.sin(longitude_rad), z)


def local_axes(latitude_rad: Any, longitude_rad: Any) -> tuple[Any, Any, Any]:
    """Unit vectors towards east, north and up at a place.

    Up is the normal of the ellipsoid if the latitude is geodetic, the radius if
    it is geocentric.

    Parameters
    ----------
    latitude_rad, longitude_rad : float or array, radians

    Returns
    -------
    east, north, up : array, shape (..., 3), in the frame of the longitude

    Accuracy
    --------
    Exact.
    """
    sin_lat, cos_lat = maths.sin(latitude_rad), maths.cos(latitude_rad)
    sin_lon, cos_lon = maths.sin(longitude_rad), maths.cos(longitude_rad)
    east = maths.vector(-sin_lon, cos_lon, 0.0 * sin_lat)
    north = maths.vector(-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat)
    up = maths.vector(cos_lat * cos_lon, cos_lat * sin_lon, sin_lat)
    return east, north, up


def geocentric_latitude(latitude_rad: Any, altitude_m: Any, a: Any, f: Any) -> Any:
    """Angle between the equator's plane and the radius to a geodetic place.

    What a site can reach without a dogleg is judged by this latitude.

    Parameters
    ----------
    latitude_rad : float or array, radians, geodetic
    altitude_m : float or array, metres above the ellipsoid
    a, f : float, equatorial radius in metres and flattening

    Returns
    -------
    float or array, radians

    Accuracy
    --------
    Exact; it differs from the geodetic one by up to 0.19 deg.
    """
    p, z = _meridian(latitude_rad, altitude_m, a, f)
    return maths.atan2(z, p)


def rotate_z(vector: Any, angle_rad: Any) -> Any:
    """A vector turned about the third axis, counter-clockwise seen from the pole.

    Turns Earth-fixed components into inertial ones if the angle is that of the
    Earth's rotation, and back with the angle negated.

    Parameters
    ----------
    vector : array, shape (..., 3)
    angle_rad : float or array, shape (...), radians

    Returns
    -------
    array, shape (..., 3)

    Accuracy
    --------
    Exact.
    """
    x, y, z = maths.parts(vector)
    c, s = maths.cos(angle_rad), maths.sin(angle_rad)
    return maths.vector(c * x - s * y, s * x + c * y, z + 0.0 * c)


def _check_vector(name: str, value: Any) -> None:
    shape = value.shape[:1] if maths.is_symbolic(value) else np.shape(value)
    if tuple(shape[-1:]) != (3,):
        raise ShapeError(f"{name} must have a last axis of length 3, not shape {shape}")


def air_relative_velocity(
    r_m: Any, v_m_s: Any, rotation_rad_s: Any, wind_m_s: Any | None = None
) -> Any:
    """Velocity of the vehicle through the air, seen from the inertial frame.

    The air is taken to turn rigidly with the Earth; any wind is added to that.

    Parameters
    ----------
    r_m : array, shape (..., 3), metres, inertial with the third axis along the pole
    v_m_s : array, shape (..., 3), metres per second, same frame
    rotation_rad_s : float, rate of the Earth's rotation, radians per second
    wind_m_s : array, shape (..., 3), metres per second, same frame, or None for still air

    Returns
    -------
    array, shape (..., 3), metres per second, same frame
        v - omega x r - wind; leading axes broadcast.

    Raises
    ------
    ShapeError
        If a last axis is not of length 3.

    Accuracy
    --------
    Exact for the rotation given. Leaving out a jet stream of 50 m/s changes
    dynamic pressure by a fifth when flying along it at 500 m/s.
    """
    _check_vector("position", r_m)
    _check_vector("velocity", v_m_s)
    x, y, _ = maths.parts(r_m)
    u, v, w = maths.parts(v_m_s)
    u, v = u + rotation_rad_s * y, v - rotation_rad_s * x
    if wind_m_s is not None:
        _check_vector("wind", wind_m_s)
        a, b, c = maths.parts(wind_m_s)
        u, v, w = u - a, v - b, w - c
    return maths.vector(u, v, w)


def great_circle_distance(lat1: Any, lon1: Any, lat2: Any, lon2: Any, radius: Any) -> Any:
    """Distance along a sphere between two places, for downrange.

    Parameters
    ----------
    lat1, lon1, lat2, lon2 : float or array, radians
    radius : float, metres

    Returns
    -------
    float or array, metres, from 0 to pi * radius

    Accuracy
    --------
    Exact on the sphere, near and antipodal points included (1e-8 m for the
    Earth); the ellipsoid's geodesic differs by up to 0.6 %.

    References
    ----------
    Vincenty's arctangent form, Survey Review 23 (1975) 88-93, on a sphere.
    """
    sin1, cos1 = maths.sin(lat1), maths.cos(lat1)
    sin2, cos2 = maths.sin(lat2), maths.cos(lat2)
    turn = lon2 - lon1
    sin_turn, cos_turn = maths.sin(turn), maths.cos(turn)
    across = cos2 * sin_turn
    along = cos1 * sin2 - sin1 * cos2 * cos_turn
    opposite = maths.sqrt(across * across + along * along + _POINT_RAD2)
    return radius * maths.atan2(opposite, sin1 * sin2 + cos1 * cos2 * cos_turn)
