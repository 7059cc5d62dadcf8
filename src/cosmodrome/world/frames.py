"""Rotations between GCRF, EME2000, TOD, TEME and ITRF, by IAU 2006/2000A.

TOD is the true equator and equinox of date: its x axis is the true equinox,
and targets refer to it. All frames but ITRF are treated as standing still when
a velocity is turned; their own motion (precession, below 8e-12 rad/s) would
change a velocity in low orbit by 0.05 mm/s.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import FrameError
from cosmodrome.world.epoch import EarthOrientation, Epoch, earth_orientation

__all__ = [
    "EARTH_ROTATION_RAD_S",
    "FRAMES",
    "apparent_sidereal_angle_rad",
    "rotation",
    "rotations",
    "rtn_axes",
    "turn_state",
]

Array = NDArray[np.float64]

FRAMES: Final = ("GCRF", "EME2000", "TOD", "TEME", "ITRF")
EARTH_ROTATION_RAD_S: Final = 7.292115146706979e-5  # [IERS2010] eq. 5.15, per second of UT1

_GRID_S = 3600.0
_FEW = 4
_BLOCK = 8192  # instants at once: stays in the cache


def _two_part(epoch: Epoch, t_s: Any) -> tuple[float, Any]:
    """Terrestrial time of epoch + t, two-part Julian date."""
    day, rest = epoch.tt_jd
    return day, rest + t_s / 86400.0


def _ut1(epoch: Epoch, t_s: Array, orientation: EarthOrientation) -> tuple[float, Array]:
    day, rest = epoch.tai_jd
    return day, rest + (t_s + orientation.ut1_minus_tai_s(epoch, t_s)) / 86400.0


_Evaluate = Callable[[Array], Array]


def _on_grid(t_s: Array, made: _Evaluate) -> _Evaluate:
    """A slowly changing value as something quick to evaluate at any of many instants.

    Many instants are interpolated by cubics between hourly nodes: the fastest
    large nutation (13.7 days, 0.2") leaves 3e-15 rad, the smaller ones less.
    """
    span = float(np.ptp(t_s)) if t_s.size else 0.0
    nodes = max(int(span / _GRID_S) + 2, 4)
    if t_s.size <= max(_FEW, nodes):
        return made
    start = float(np.min(t_s))
    values = made(np.asarray(start + _GRID_S * np.arange(nodes)))
    # Newton's forward form through four nodes each.
    first = np.diff(values, axis=0)
    second = 0.5 * np.diff(first, axis=0)
    third = np.diff(second, axis=0) / 3.0

    def between(t: Array) -> Array:
        place = (t - start) / _GRID_S
        left = np.clip(place.astype(int) - 1, 0, nodes - 4)
        x = (place - left).reshape(-1, *[1] * (values.ndim - 1))
        inner = second[left] + (x - 2.0) * third[left]
        return np.asarray(values[left] + x * (first[left] + (x - 1.0) * inner))

    return between


def _precession_nutation(epoch: Epoch, t_s: Array, orientation: EarthOrientation) -> Array:
    """GCRF to TOD with the observed pole, shape (n, 3, 3)."""
    import erfa

    def made(t: Array) -> Array:
        matrix = np.asarray(erfa.pnm06a(*_two_part(epoch, t)))
        dx, dy = np.broadcast_arrays(*orientation.pole_offset_rad(epoch, t))
        pole = matrix[..., 2, :]
        dz = -(pole[..., 0] * dx + pole[..., 1] * dy) / pole[..., 2]
        # The least turn that brings the pole over; to first order, 1e-17 rad.
        turn = np.cross(pole, np.stack(np.broadcast_arrays(dx, dy, dz), axis=-1))
        return np.asarray(matrix + np.cross(turn[..., None, :], matrix))

    return _on_grid(t_s, made)(t_s)


def _to_itrf(epoch: Epoch, t_s: Array, orientation: EarthOrientation) -> Array:
    """GCRF to ITRF by the celestial intermediate origin, shape (n, 3, 3)."""
    import erfa

    pole = _on_grid(t_s, lambda t: np.stack(erfa.xys06a(*_two_part(epoch, t)), axis=-1))
    out = np.empty((t_s.size, 3, 3))
    for k in range(0, t_s.size, _BLOCK):
        t = t_s[k : k + _BLOCK]
        _turn_block(out[k : k + _BLOCK], epoch, t, pole(t), orientation)
    return out


def _turn_block(
    out: Array, epoch: Epoch, t_s: Array, pole: Array, orientation: EarthOrientation
) -> None:
    """Fill in GCRF to ITRF: the pole's X, Y, s, then the Earth's angle, then polar motion."""
    import erfa

    dx, dy = orientation.pole_offset_rad(epoch, t_s)
    px, py = pole[:, 0] + dx, pole[:, 1] + dy
    pz = np.sqrt(1.0 - px * px - py * py)
    k = 1.0 / (1.0 + pz)
    # [IERS2010] eq. 5.10; the locators s and s' turn about the axis that the Earth turns about.
    side = -k * px * py
    rows = ((1.0 - k * px * px, side, -px), (side, 1.0 - k * py * py, -py), (px, py, pz))
    tide = erfa.sp00(*_two_part(epoch, t_s))
    angle = erfa.era00(*_ut1(epoch, t_s, orientation)) - pole[:, 2] + tide
    cosine, sine = np.cos(angle), np.sin(angle)
    # Below 1": sines are the angles themselves to 1e-17.
    x, y = orientation.pole_rad(epoch, t_s)
    flat_x, flat_y = 1.0 - 0.5 * x * x, 1.0 - 0.5 * y * y
    for j in range(3):
        a = cosine * rows[0][j] + sine * rows[1][j]
        b = cosine * rows[1][j] - sine * rows[0][j]
        c = flat_x * rows[2][j] - x * a
        out[:, 0, j] = flat_x * a + x * rows[2][j]
        out[:, 1, j] = flat_y * b - y * c
        out[:, 2, j] = flat_y * c + y * b


def _about_z(angle: Array) -> Array:
    """Rotation of axes by an angle about z, shape (n, 3, 3)."""
    matrix = np.zeros((*angle.shape, 3, 3))
    matrix[..., 0, 0] = matrix[..., 1, 1] = np.cos(angle)
    matrix[..., 0, 1] = np.sin(angle)
    matrix[..., 1, 0] = -np.sin(angle)
    matrix[..., 2, 2] = 1.0
    return matrix


def _sidereal(epoch: Epoch, t_s: Array, orientation: EarthOrientation, to_tod: Array) -> Array:
    import erfa

    ut1, tt = _ut1(epoch, t_s, orientation), _two_part(epoch, t_s)
    return np.asarray(erfa.gst06(*ut1, *tt, to_tod))


def _polar_motion(epoch: Epoch, t_s: Array, orientation: EarthOrientation) -> Array:
    import erfa

    x, y = orientation.pole_rad(epoch, t_s)
    return np.asarray(erfa.pom00(x, y, erfa.sp00(*_two_part(epoch, t_s))))


def _from_gcrf(frame: str, epoch: Epoch, t_s: Array, orientation: EarthOrientation) -> Array:
    """GCRF to `frame`, shape (n, 3, 3)."""
    import erfa

    if frame == "GCRF":
        return np.broadcast_to(np.eye(3), (*t_s.shape, 3, 3))
    if frame == "EME2000":
        bias = np.asarray(erfa.bp06(2451545.0, 0.0)[0])
        return np.broadcast_to(bias, (*t_s.shape, 3, 3))
    if frame == "ITRF":
        return _to_itrf(epoch, t_s, orientation)
    to_tod = _precession_nutation(epoch, t_s, orientation)
    if frame == "TOD":
        return to_tod
    # TEME is what GMST 1982 turns into the Earth-fixed frame: [Vallado2006].
    angle = _sidereal(epoch, t_s, orientation, to_tod)
    mean = np.asarray(erfa.gmst82(*_ut1(epoch, t_s, orientation)))
    return np.asarray(_about_z(angle - mean) @ to_tod)


def _known(frame: str) -> None:
    if frame not in FRAMES:
        raise FrameError(f"frame {frame!r} is not one of {', '.join(FRAMES)}")


def rotations(
    frame_from: str,
    frame_to: str,
    epoch: Epoch,
    t_s: Any,
    orientation: EarthOrientation | None = None,
) -> Array:
    """Matrices that turn vectors of one frame into another at many instants.

    Parameters
    ----------
    frame_from, frame_to : str, of `FRAMES`
    epoch : Epoch
    t_s : array, shape (n,), seconds after the epoch
    orientation : EarthOrientation or None, the shipped one by default

    Returns
    -------
    array, shape (n, 3, 3)

    Raises
    ------
    FrameError
        If a frame is not known.

    Accuracy
    --------
    GCRF-ITRF within 1 micrometre at geostationary height of IAU 2006/2000A
    with the Earth orientation given; the pole of TOD and TEME is the observed
    one too (dX, dY). TEME by its usual definition through GMST 1982. See
    `earth_orientation` for its data.

    References
    ----------
    IERS Conventions (2010), chapter 5; Vallado et al., AIAA 2006-6753.
    """
    times = np.atleast_1d(np.asarray(t_s, dtype=float))
    data = earth_orientation() if orientation is None else orientation
    for frame in (frame_from, frame_to):
        _known(frame)
    if frame_from == "GCRF":
        return np.asarray(_from_gcrf(frame_to, epoch, times, data))
    start = np.swapaxes(_from_gcrf(frame_from, epoch, times, data), -1, -2)
    if frame_to == "GCRF":
        return np.asarray(start)
    return np.asarray(_from_gcrf(frame_to, epoch, times, data) @ start)


def rotation(
    frame_from: str, frame_to: str, epoch: Epoch, orientation: EarthOrientation | None = None
) -> Array:
    """The matrix that turns a vector of one frame into another at an epoch.

    As `rotations`, shape (3, 3). To fly in axes that stand still as TOD stood
    at lift-off, turn the result to GCRF by the matrix of that one epoch.
    """
    return np.asarray(rotations(frame_from, frame_to, epoch, 0.0, orientation)[0])


def apparent_sidereal_angle_rad(epoch: Epoch, orientation: EarthOrientation | None = None) -> float:
    """Greenwich apparent sidereal time: from the TOD x axis east to Greenwich, [0, 2 pi).

    Polar motion (up to 0.5", 15 m on the ground) is not in it.
    """
    data = earth_orientation() if orientation is None else orientation
    now = np.zeros(1)
    return float(_sidereal(epoch, now, data, _precession_nutation(epoch, now, data))[0])


def turn_state(
    frame_from: str,
    frame_to: str,
    epoch: Epoch,
    t_s: Any,
    r_m: Array,
    v_m_s: Array,
    *,
    orientation: EarthOrientation | None = None,
) -> tuple[Array, Array]:
    """Positions and velocities of one frame in another; ITRF velocities turn with the Earth.

    Parameters
    ----------
    frame_from, frame_to : str, of `FRAMES`
    epoch : Epoch
    t_s : array, shape (n,), seconds after the epoch
    r_m, v_m_s : arrays, shape (n, 3)

    Returns
    -------
    r_m, v_m_s : arrays, shape (n, 3)

    Accuracy
    --------
    As `rotations`; the length of the day, left out of the rate, is worth
    0.02 mm/s in low orbit.
    """
    matrices = rotations(frame_from, frame_to, epoch, t_s, orientation)
    turn: Callable[[Array], Array] = lambda x: np.einsum("nij,nj->ni", matrices, x)  # noqa: E731
    if (frame_from == "ITRF") == (frame_to == "ITRF"):
        return turn(r_m), turn(v_m_s)
    data = earth_orientation() if orientation is None else orientation
    times = np.atleast_1d(np.asarray(t_s, dtype=float))
    # The Earth turns about the axis that polar motion tilts out of ITRF's z.
    axis = _polar_motion(epoch, times, data)[..., :, 2] * EARTH_ROTATION_RAD_S
    if frame_from == "ITRF":
        return turn(r_m), turn(v_m_s + _cross(axis, r_m))
    r = turn(r_m)
    return r, turn(v_m_s) - _cross(axis, r)


def _cross(a: Array, b: Array) -> Array:
    """Cross products of rows; three times as quick as NumPy's on long columns."""
    out = np.empty_like(b)
    for k, (i, j) in enumerate(((1, 2), (2, 0), (0, 1))):
        out[:, k] = a[:, i] * b[:, j] - a[:, j] * b[:, i]
    return out


def rtn_axes(r_m: Any, v_m_s: Any) -> Array:
    """Matrices that turn vectors into a satellite's own axes: radial, transverse, normal.

    Parameters
    ----------
    r_m, v_m_s : arrays, shape (..., 3), in any frame that stands still

    Returns
    -------
    array, shape (..., 3, 3)
        Rows outward, along the track (at a right angle to outward), and along
        the angular momentum.

    Raises
    ------
    FrameError
        If position and velocity lie on one line: there is no orbital plane.
    """
    r, v = np.broadcast_arrays(np.asarray(r_m, dtype=float), np.asarray(v_m_s, dtype=float))
    momentum = np.cross(r, v)
    size = np.linalg.norm(momentum, axis=-1, keepdims=True)
    if not np.all(size > 0.0):
        raise FrameError("position and velocity lie on one line: no radial-transverse-normal axes")
    normal = momentum / size
    out = r / np.linalg.norm(r, axis=-1, keepdims=True)
    return np.stack([out, np.cross(normal, out), normal], axis=-2)
