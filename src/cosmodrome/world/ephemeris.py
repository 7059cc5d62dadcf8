"""Where the Sun and the Moon are: JPL's DE421, from the package that ships it."""

from __future__ import annotations

import importlib.util
import io
import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.world.data_end import DataEndError
from cosmodrome.world.epoch import EarthOrientation, Epoch
from cosmodrome.world.frames import rotations

__all__ = ["MU_MOON_M3_S2", "MU_SUN_M3_S2", "BodyPosition", "moon_m", "sun_m"]

Array = NDArray[np.float64]

#: A body's place at epoch + t_s, shape (n, 3), metres, GCRF, geocentric, geometric.
BodyPosition = Callable[[Epoch, Array], Array]

# Standish & Williams, JPL IOM 343R-08-003 (2008): the constants of DE421.
MU_SUN_M3_S2: Final = 1.32712440040945e20
MU_MOON_M3_S2: Final = 4.902800076e12

_LIGHT_M_S: Final = 299792458.0
_SUN, _MOON, _EARTH, _EARTH_MOON, _ORIGIN = 10, 301, 399, 3, 0


@dataclass(frozen=True, slots=True, eq=False)
class _Kernel:
    """The segments of an ephemeris file by (centre, target), and where they hold."""

    segments: dict[tuple[int, int], Any]
    first: Epoch
    last: Epoch


def _epoch_of(tdb_jd: float) -> Epoch:
    # 2 ms between TDB and TT do not matter at the end of a table; an `Epoch`
    # cannot be placed before 1972.
    return Epoch(max(int(tdb_jd - 2400000.5), 41318), 0.0)


def _file() -> Path:
    # Found, not imported: importing the package warns about files we do not read.
    spec = importlib.util.find_spec("skyfield_data")
    if spec is None or spec.origin is None:
        raise InputError(
            "the package skyfield-data, which holds the ephemeris DE421, is not installed",
            allowed="an installation with all run-time dependencies",
        )
    return Path(spec.origin).parent / "data" / "de421.bsp"


@lru_cache(maxsize=1)
def _kernel() -> _Kernel:
    from jplephem.daf import DAF
    from jplephem.spk import SPK

    # Opened, and mapped by the library where it is asked; open for the life of the process,
    # as the descriptor that it is: a file object would warn that nobody has closed it.
    descriptor = os.open(_file(), os.O_RDONLY)
    kernel = SPK(DAF(io.FileIO(descriptor, closefd=False)))
    segments = {(s.center, s.target): s for s in kernel.segments}
    first = max(s.start_jd for s in segments.values())
    last = min(s.end_jd for s in segments.values())
    return _Kernel(segments, _epoch_of(first), _epoch_of(last) - 86400.0)


def _tdb(epoch: Epoch, t_s: Array) -> tuple[float, Array]:
    """TDB as a two-part Julian date; the yearly term alone, good to 50 microseconds."""
    day, rest = epoch.tt_jd
    tt = rest + t_s / 86400.0
    anomaly = math.radians(357.53) + math.radians(0.98560028) * (day - 2451545.0 + tt)
    return day, tt + 0.001657 / 86400.0 * np.sin(anomaly)


def _checked(kernel: _Kernel, epoch: Epoch, t_s: Array) -> None:
    if t_s.size == 0:
        return
    if not np.all(np.isfinite(t_s)):
        raise InputError("a time is not a finite number", key="t_s", allowed="finite seconds")
    for asked in (epoch + float(np.min(t_s)), epoch + float(np.max(t_s))):
        if not kernel.first <= asked <= kernel.last:
            raise DataEndError("the ephemeris DE421", kernel.first, kernel.last, asked)


def _from_earth(body: int, kernel: _Kernel, when: tuple[float, Array]) -> Array:
    """Geocentric and geometric, metres, shape (n, 3)."""
    part = kernel.segments
    earth = part[_EARTH_MOON, _EARTH].compute(*when)[:3]
    if body == _MOON:
        km = part[_EARTH_MOON, _MOON].compute(*when)[:3] - earth
    else:
        centre = part[_ORIGIN, _EARTH_MOON].compute(*when)[:3]
        km = part[_ORIGIN, _SUN].compute(*when)[:3] - centre - earth
    return np.asarray(km.T * 1000.0)


def _from_origin(body: int, kernel: _Kernel, when: tuple[float, Array]) -> Array:
    """Barycentric, metres, shape (n, 3)."""
    part = kernel.segments
    if body == _SUN:
        return np.asarray(part[_ORIGIN, _SUN].compute(*when)[:3].T * 1000.0)
    km = part[_ORIGIN, _EARTH_MOON].compute(*when)[:3] + part[_EARTH_MOON, body].compute(*when)[:3]
    return np.asarray(km.T * 1000.0)


def _earth_velocity(kernel: _Kernel, when: tuple[float, Array]) -> Array:
    """Barycentric, metres per second, shape (n, 3)."""
    total = 0.0
    for pair in ((_ORIGIN, _EARTH_MOON), (_EARTH_MOON, _EARTH)):
        _, velocity = kernel.segments[pair].compute_and_differentiate(*when)
        total = total + velocity[:3].T
    return np.asarray(total * (1000.0 / 86400.0))


def _apparent(body: int, kernel: _Kernel, epoch: Epoch, t_s: Array) -> Array:
    """As light shows it from the Earth's moving centre: light time and aberration."""
    now = _tdb(epoch, t_s)
    earth = _from_origin(_EARTH, kernel, now)
    seen = _from_origin(body, kernel, now) - earth
    for _ in range(2):  # the body moves 1e-4 c at most: the second pass settles it
        late = np.linalg.norm(seen, axis=1) / _LIGHT_M_S
        seen = _from_origin(body, kernel, _tdb(epoch, t_s - late)) - earth
    distance = np.linalg.norm(seen, axis=1)[:, None]
    beta = _earth_velocity(kernel, now) / _LIGHT_M_S
    direction = seen / distance
    # Exact relativistic aberration, with the Lorentz factor.
    slow = np.sqrt(1.0 - np.sum(beta * beta, axis=1))[:, None]
    along = np.sum(direction * beta, axis=1)[:, None]
    moved = slow * direction + (1.0 + along / (1.0 + slow)) * beta
    return np.asarray(distance * moved / (1.0 + along))


def _place(
    body: int,
    epoch: Epoch,
    t_s: Any,
    frame: str,
    orientation: EarthOrientation | None,
    *,
    apparent: bool,
) -> Array:
    times = np.atleast_1d(np.asarray(t_s, dtype=float))
    kernel = _kernel()
    _checked(kernel, epoch, times)
    if apparent:
        r = _apparent(body, kernel, epoch, times)
    else:
        r = _from_earth(body, kernel, _tdb(epoch, times))
    if frame == "GCRF":
        return r
    turn = rotations("GCRF", frame, epoch, times, orientation)
    return np.asarray(np.einsum("nij,nj->ni", turn, r))


def sun_m(
    epoch: Epoch,
    t_s: Any,
    frame: str = "GCRF",
    *,
    apparent: bool = False,
    orientation: EarthOrientation | None = None,
) -> Array:
    """The Sun from the Earth's centre.

    Parameters
    ----------
    epoch : Epoch
    t_s : float or array, shape (n,), seconds after the epoch
    frame : str, of `frames.FRAMES`
    apparent : bool
        False: where it is at that instant (forces, shadows, JEOD's beta).
        True: where it is seen, with light time and aberration (20.5", which
        shifts eclipse contacts by up to about 0.1 s).
    orientation : EarthOrientation or None, for the frame; the shipped one by default

    Returns
    -------
    array, shape (n, 3), metres

    Raises
    ------
    DataEndError
        Outside 1972 to October 2053, with the days outside.
    FrameError
        If the frame is not known.

    Accuracy
    --------
    DE421 itself: below 1 km against DE440 until 2050. TDB by its yearly term:
    2 m. The bending of light by the Sun (below 2") is left out.

    References
    ----------
    Folkner, Williams & Boggs, IPN Progress Report 42-178 (2009).
    """
    return _place(_SUN, epoch, t_s, frame, orientation, apparent=apparent)


def moon_m(
    epoch: Epoch,
    t_s: Any,
    frame: str = "GCRF",
    *,
    apparent: bool = False,
    orientation: EarthOrientation | None = None,
) -> Array:
    """The Moon from the Earth's centre; as `sun_m`, metre accuracy."""
    return _place(_MOON, epoch, t_s, frame, orientation, apparent=apparent)
