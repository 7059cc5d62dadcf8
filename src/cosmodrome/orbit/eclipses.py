"""Eclipses of a satellite by the Earth: contacts with the cones of shadow, and the year's profile.

A point at depth x behind the Earth, along the line from the Sun, and at distance
y from that line is inside a cone of shadow when y < R / cos(a) -+ x tan(a), with
sin(a) = (S - R) / D for the umbra (minus) and (S + R) / D for the penumbra (plus);
R and S are the radii of Earth and Sun, D their distance. An oblate Earth is made
a sphere by stretching the polar axis, the Sun with it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.orbit.bounds import Bounds, bounds, check_time
from cosmodrome.orbit.crossings import Points, brackets, roots
from cosmodrome.orbit.motion import Motion
from cosmodrome.orbit.sun_angle import SunTrack, beta_rad, inertial, sun_track
from cosmodrome.orbit.turning import turning
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import EarthOrientation, Epoch
from cosmodrome.world.frames import rotation

__all__ = [
    "SUN_RADIUS_M",
    "Eclipse",
    "Shadow",
    "SunProfile",
    "find_eclipses",
    "sun_profile",
    "sunlit",
]

Array = NDArray[np.float64]
Index = NDArray[np.intp]

SUN_RADIUS_M: Final = 6.957e8  # nominal, IAU 2015 resolution B3
_MU: Final = Environment().mu_m3_s2
_CONTACT_S: Final = 1e-6
_SHORTEST_S: Final = 0.01  # an eclipse shorter than this may go unseen
_UMBRA, _PENUMBRA = 0, 1


@dataclass(frozen=True, slots=True)
class Shadow:
    """What casts the shadow.

    Parameters
    ----------
    earth_radius_m : float, equatorial
    flattening : float, 0 for a sphere (the default); 1/298.257 for WGS 84
    sun_radius_m : float
    apparent : bool
        The Sun where it is seen (True: light time and aberration, which shift
        contacts by up to 0.1 s) or where it is (False).

    Accuracy
    --------
    Air, left out, dims and reddens the Sun 10 to 20 km above the limb and
    widens the shadow by about 1 %; the sphere with equatorial radius moves
    contacts over the poles by up to 6 s.
    """

    earth_radius_m: float = Environment().equatorial_radius_m
    flattening: float = 0.0
    sun_radius_m: float = SUN_RADIUS_M
    apparent: bool = False

    def __post_init__(self) -> None:
        for key, low, high in (
            ("earth_radius_m", 6.2e6, 6.6e6),
            ("flattening", 0.0, 0.01),
            ("sun_radius_m", 0.0, 1e9),
        ):
            value = getattr(self, key)
            if not low <= value <= high:
                raise InputError(
                    f"{key} of the shadow is out of range",
                    key=key,
                    value=value,
                    allowed=f"{low:g} to {high:g}",
                )


@dataclass(frozen=True, slots=True)
class Eclipse:
    """One way through the shadow; None for a contact that was not met.

    Parameters
    ----------
    penumbra_entry, penumbra_exit : Epoch or None
        None where the time searched begins or ends inside.
    umbra_entry, umbra_exit : Epoch or None
        None also where only the penumbra is met.
    """

    penumbra_entry: Epoch | None
    umbra_entry: Epoch | None
    umbra_exit: Epoch | None
    penumbra_exit: Epoch | None

    @property
    def umbra_s(self) -> float:
        """Seconds from umbra entry to exit; 0 if one of the two was not met."""
        if self.umbra_entry is None or self.umbra_exit is None:
            return 0.0
        return self.umbra_exit - self.umbra_entry


@dataclass(frozen=True, slots=True, eq=False)
class SunProfile:
    """Sun angle and shadow through a season.

    Parameters
    ----------
    start : Epoch, of t = 0
    t_s : array, shape (n,)
    beta_rad : array, shape (n,), of the plane at that time, geometric or apparent as asked
    umbra_s, penumbra_s : array, shape (n,)
        Time inside the cones in the one revolution that begins then; the
        penumbra includes the umbra.
    period_s : float, of that revolution
    """

    start: Epoch
    t_s: Array
    beta_rad: Array
    umbra_s: Array
    penumbra_s: Array
    period_s: float


def _depth(r: Array, v: Array, sun: Array, sun_v: Array, shadow: Shadow) -> tuple[Array, ...]:
    """Metres inside umbra and penumbra, and their rates; arrays of shape (n, 3) in, (2, n) out.

    On the sunny side the distance from the axis gives way to the distance from
    the centre, so that the value stays below zero there and the slope has no jump.
    """
    stretch = np.array([1.0, 1.0, 1.0 / (1.0 - shadow.flattening)])
    r, v, sun, sun_v = r * stretch, v * stretch, sun * stretch, sun_v * stretch
    far = np.linalg.norm(sun, axis=1)
    s = sun / far[:, None]
    s_rate = (sun_v - s * np.sum(s * sun_v, axis=1)[:, None]) / far[:, None]
    x = -np.sum(r * s, axis=1)
    x_rate = -np.sum(v * s, axis=1) - np.sum(r * s_rate, axis=1)
    aside = r + x[:, None] * s
    front = np.minimum(x, 0.0)
    off = np.sqrt(np.sum(aside**2, axis=1) + front**2)
    y_rate = np.sum(aside * v, axis=1) + x * np.sum(aside * s_rate, axis=1) + front * x_rate
    # The stretched Sun is seen from the side it shows the satellite's edge of shadow.
    width = np.linalg.norm(aside, axis=1)
    edge = aside / np.maximum(width, 1.0)[:, None]
    size = shadow.sun_radius_m * np.linalg.norm(edge * stretch, axis=1)
    size = np.where(width > 1.0, size, shadow.sun_radius_m)
    radius = shadow.earth_radius_m
    sine = np.stack((radius - size, radius + size)) / far
    cosine = np.sqrt(1.0 - sine**2)
    tangent = sine / cosine
    return radius / cosine + x * tangent - off, x_rate * tangent - y_rate / off


@dataclass(frozen=True, slots=True, eq=False)
class _Cones:
    """Depth inside the shadow, metres, as a `Curve`; key 2 * window + cone."""

    motion: Motion
    start: Epoch
    offset_s: float
    track: SunTrack
    to_pole: Array
    shadow: Shadow
    limits: Bounds
    orientation: EarthOrientation | None

    def at(self, key: Index, t_s: Array) -> Points:
        r, v, _ = inertial(self.motion, t_s + self.offset_s, self.start, t_s, self.orientation)
        sun, sun_v = self.track.at(t_s)
        turned = [a @ self.to_pole.T for a in (r, v, sun, sun_v)]
        value, slope = _depth(turned[0], turned[1], turned[2], turned[3], self.shadow)
        cone, place = key % 2, np.arange(t_s.size)
        return Points(key, t_s, value[cone, place], slope[cone, place], np.zeros((0, t_s.size)))

    def slack(self, first: Points) -> Array:
        return np.full(len(first), 1.02 * self.limits.slack_m_s)

    def ceiling(self, first: Points, last: Points) -> Array:
        # Gravity is all that bends the way out of the shadow; the Sun's own
        # motion and the cones' opening add below 1 %, an oblate Earth's stretch 0.4 %.
        pull = _MU / self.limits.lowest_m**2
        return np.full(len(first), 1.02 * pull + 0.02) + 0.0 * last.t_s


def _cones(
    motion: Motion,
    start: Epoch,
    duration_s: float,
    shadow: Shadow,
    orientation: EarthOrientation | None,
) -> _Cones:
    offset = check_time(motion, start, duration_s)
    frame = "GCRF" if motion.frame == "ITRF" else motion.frame
    track = sun_track(
        start, 0.0, duration_s, frame, apparent=shadow.apparent, orientation=orientation
    )
    pole = np.eye(3)
    if shadow.flattening > 0.0 and frame not in ("TEME", "TOD"):
        # The pole moves by 1e-4 rad a year: 2 m of the Earth's outline.
        pole = rotation(frame, "TOD", start + 0.5 * duration_s, orientation)
    own = np.array([offset])
    limits = bounds((motion,), own, own + duration_s)[0]
    return _Cones(motion, start, offset, track, pole, shadow, limits, orientation)


def _stretches(cones: _Cones, begin: Array, end: Array) -> tuple[Index, Array, Array]:
    """Key, entry and exit of every stretch in shadow; windows' ends where it is cut."""
    count = max(2, math.ceil(float(np.max(end - begin)) / cones.limits.step_s) + 1)
    grid = begin[:, None] + (end - begin)[:, None] * np.linspace(0.0, 1.0, count)
    windows = begin.size
    key = np.repeat(np.arange(2 * windows), count)
    points = cones.at(key, np.repeat(grid, 2, axis=0).ravel())
    first = np.flatnonzero(np.arange(key.size) % count < count - 1)
    points, first, last = brackets(cones, points, first, first + 1, _SHORTEST_S)
    a, b = points.take(first), points.take(last)
    t = roots(cones, a, b, _CONTACT_S)
    enters = b.value >= 0.0
    inside = points.value >= 0.0
    at_begin = inside & (points.t_s == begin[points.key // 2])
    at_end = inside & (points.t_s == end[points.key // 2])
    key_in = np.concatenate((a.key[enters], points.key[at_begin]))
    t_in = np.concatenate((t[enters], points.t_s[at_begin]))
    key_out = np.concatenate((a.key[~enters], points.key[at_end]))
    t_out = np.concatenate((t[~enters], points.t_s[at_end]))
    i, j = np.lexsort((t_in, key_in)), np.lexsort((t_out, key_out))
    return key_in[i], t_in[i], t_out[j]


def find_eclipses(
    motion: Motion,
    start: Epoch,
    duration_s: float,
    *,
    shadow: Shadow | None = None,
    orientation: EarthOrientation | None = None,
) -> tuple[Eclipse, ...]:
    """Every eclipse of a satellite by the Earth, in order of time.

    Parameters
    ----------
    motion : Motion
    start : Epoch
    duration_s : float
    shadow : Shadow or None, a spherical Earth and the geometric Sun by default
    orientation : EarthOrientation or None, the shipped one by default

    Returns
    -------
    tuple of Eclipse
        One whose penumbra is cut by an end of the time has None there.

    Raises
    ------
    InputError
        If the satellite is not known over all of the time, or the ephemeris
        does not reach.

    Accuracy
    --------
    Contacts within 1 microsecond of the motion and the cones given; 1 ms for
    an oblate Earth. Grazes shorter than 10 ms may go unseen. Eclipses by the
    Moon are not looked for.

    References
    ----------
    Montenbruck & Gill, Satellite Orbits (2000), section 3.4.2, for the cones.
    """
    cones = _cones(motion, start, duration_s, shadow or Shadow(), orientation)
    key, entry, leave = _stretches(cones, np.zeros(1), np.array([duration_s]))

    def instant(t: float) -> Epoch | None:
        return None if t in (0.0, duration_s) else start + t

    umbra = [(float(a), float(b)) for k, a, b in zip(key, entry, leave, strict=True) if k == _UMBRA]
    found: list[Eclipse] = []
    for k, a, b in zip(key, entry, leave, strict=True):
        if k != _PENUMBRA:
            continue
        inner = [u for u in umbra if a <= u[0] and u[1] <= b] or [(0.0, duration_s)]
        found.extend(
            Eclipse(instant(float(a)), instant(u[0]), instant(u[1]), instant(float(b)))
            for u in inner
        )
    return tuple(found)


def sun_profile(
    motion: Motion,
    start: Epoch,
    t_s: Array,
    *,
    shadow: Shadow | None = None,
    orientation: EarthOrientation | None = None,
) -> SunProfile:
    """Sun angle and time in shadow a revolution, at given times: a year's profile.

    Parameters
    ----------
    motion : Motion
    start : Epoch, of t = 0
    t_s : array, shape (n,), seconds; one a day makes a smooth year
    shadow : Shadow or None, a spherical Earth and the geometric Sun by default
    orientation : EarthOrientation or None, the shipped one by default

    Raises
    ------
    InputError
        If the satellite is not known from the first time to one revolution
        after the last, or the ephemeris does not reach.

    Accuracy
    --------
    As `find_eclipses` for the motion given. A year ahead the motion itself
    decides: drag shifts where the node is.
    """
    times = np.atleast_1d(np.asarray(t_s, dtype=float))
    first, last = float(np.min(times)), float(np.max(times))
    offset = check_time(motion, start + first, max(last - first, 1e-6)) - first
    own = np.array([offset + first])
    period = bounds((motion,), own, own + last - first)[0].period_s
    begin = times - first
    cones = _cones(motion, start + first, last - first + period, shadow or Shadow(), orientation)
    key, entry, leave = _stretches(cones, begin, begin + period)
    totals = np.bincount(key, weights=leave - entry, minlength=2 * times.size)
    sums: Array = np.asarray(totals, dtype=float).reshape(-1, 2)
    r, v, _ = inertial(motion, times + offset, start, times, orientation)
    beta = beta_rad(r, v, cones.track.at(begin)[0])
    return SunProfile(start, times, np.asarray(beta), sums[:, 0], sums[:, 1], period)


def sunlit(
    start: Epoch,
    t_s: Array,
    r_m: Array,
    *,
    shadow: Shadow | None = None,
    orientation: EarthOrientation | None = None,
) -> NDArray[np.bool_]:
    """Whether any of the Sun's disc is seen from places given Earth-fixed.

    Parameters
    ----------
    start : Epoch, of t = 0
    t_s : array, shape (n,), seconds
    r_m : array, shape (n, 3), ITRF
    shadow : Shadow or None, a spherical Earth and the geometric Sun by default
    orientation : EarthOrientation or None, the shipped one by default

    Returns
    -------
    array of bool, shape (n,); False in the umbra

    Raises
    ------
    InputError
        If the ephemeris does not reach.
    """
    if t_s.size == 0:
        return np.zeros(0, dtype=bool)
    span = float(np.min(t_s)), float(np.max(t_s))
    shape = shadow or Shadow()
    track = sun_track(start, *span, "TEME", apparent=shape.apparent, orientation=orientation)
    sun, _ = turning("TEME", start, span, orientation).at(t_s, *track.at(t_s))
    still = np.zeros_like(sun)
    return np.asarray(_depth(r_m, still, sun, still, shape)[0][_UMBRA] < 0.0)
