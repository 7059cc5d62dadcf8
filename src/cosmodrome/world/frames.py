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
    "turn_state",
]

Array = NDArray[np.float64]

FRAMES: Final = ("GCRF", "EME2000", "TOD", "TEME", "ITRF")
EARTH_ROTATION_RAD_S: Final = 7.292115146706979e-5  # [IERS2010] eq. 5.15, per second of UT1

_GRID_S = 300.0
_FEW = 16


def _two_part(epoch: Epoch, t_s: Any) -> tuple[float, Any]:
    """Terrestrial time of epoch + t, two-part Julian date."""
    day, rest = epoch.tt_jd
    return day, rest + t_s / 86400.0


def _ut1(epoch: Epoch, t_s: Array, orientation: EarthOrientation) -> tuple[float, Array]:
    day, rest = epoch.tai_jd
    return day, rest + (t_s + orientation.ut1_minus_tai_s(epoch, t_s)) / 86400.0


def _precession_nutation(epoch: Epoch, t_s: Array) -> Array:
    """GCRF to TOD, shape (n, 3, 3).

    Many instants are interpolated linearly between 5-minute nodes: the fastest
    nutation (13.7 days, 0.2") bends by less than 4e-13 rad between them.
    """
    import erfa

    span = float(np.ptp(t_s)) if t_s.size else 0.0
    nodes = int(span / _GRID_S) + 2
    if t_s.size <= max(_FEW, nodes):
        return np.asarray(erfa.pnm06a(*_two_part(epoch, t_s)))
    start = float(np.min(t_s))
    grid = start + _GRID_S * np.arange(nodes)
    matrices = np.asarray(erfa.pnm06a(*_two_part(epoch, grid)))
    place = (t_s - start) / _GRID_S
    left = np.minimum(place.astype(int), nodes - 2)
    weight = (place - left)[:, None, None]
    return np.asarray((1.0 - weight) * matrices[left] + weight * matrices[left + 1])


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
    to_tod = _precession_nutation(epoch, t_s)
    if frame == "TOD":
        return to_tod
    angle = _sidereal(epoch, t_s, orientation, to_tod)
    if frame == "TEME":
        # TEME is what GMST 1982 turns into the Earth-fixed frame: [Vallado2006].
        mean = np.asarray(erfa.gmst82(*_ut1(epoch, t_s, orientation)))
        return np.asarray(_about_z(angle - mean) @ to_tod)
    turned = _about_z(angle) @ to_tod
    return np.asarray(_polar_motion(epoch, t_s, orientation) @ turned)


def _known(frame: str) -> str:
    if frame not in FRAMES:
        raise FrameError(f"frame {frame!r} is not one of {', '.join(FRAMES)}")
    return frame


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
    The observed pole offsets dX, dY are left out: up to 0.5 mas, 2 cm in low
    orbit. TEME by its usual definition through GMST 1982. See
    `earth_orientation` for UT1 and the pole.

    References
    ----------
    IERS Conventions (2010), chapter 5; Vallado et al., AIAA 2006-6753.
    """
    times = np.atleast_1d(np.asarray(t_s, dtype=float))
    data = earth_orientation() if orientation is None else orientation
    start = _from_gcrf(_known(frame_from), epoch, times, data)
    end = _from_gcrf(_known(frame_to), epoch, times, data)
    return np.asarray(end @ np.swapaxes(start, -1, -2))


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
    return float(_sidereal(epoch, now, data, _precession_nutation(epoch, now))[0])


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
        return turn(r_m), turn(v_m_s + np.cross(axis, r_m))
    r = turn(r_m)
    return r, turn(v_m_s) - np.cross(axis, r)
