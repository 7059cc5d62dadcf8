"""What the end of the ascent must satisfy for each kind of target orbit.

Angular momentum and eccentricity vectors are used, never angles with their
quadrants, so that a solution cannot settle on a mirrored node or perigee.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import atan2, cos, pi, sin, sqrt
from typing import Any

from cosmodrome.mission.nouns import Environment, Target
from cosmodrome.orbit.mean import circular_osculating, mean_state
from cosmodrome.world import maths

__all__ = ["NUMBERS", "Ending", "ending"]

NUMBERS = 9  # how many numbers an ending reads from the parameters


@dataclass(frozen=True, slots=True)
class Ending:
    """End conditions of one target.

    Parameters
    ----------
    kind : tuple of str, the structure; equal kinds share a built problem
    rows : callable(r, v, numbers) -> list of scalars, order 1
    bounds : tuple of (lower, upper), one per row
    numbers : tuple of float, length NUMBERS
    """

    kind: tuple[str, ...]
    rows: Callable[[Any, Any, Any], list[Any]]
    bounds: tuple[tuple[float, float], ...]
    numbers: tuple[float, ...]


_EXACT = (0.0, 0.0)
# Below this inclination its cosine no longer tells a plane: both parts of the momentum do.
_EQUATORIAL_RAD = 1e-4


def ending(
    target: Target, environment: Environment, *, node_fixed: bool, argp_rad: float | None
) -> Ending:
    """End conditions for a target with its inclination known.

    Parameters
    ----------
    target : Target
    environment : Environment
    node_fixed : bool, the lift-off instant is given, so the node binds the ascent
    argp_rad : float or None, the one argument of perigee asked for in this try

    Returns
    -------
    Ending
    """
    mu = environment.mu_m3_s2
    # An asymptote's declination with free inclination is checked by the caller.
    inclination = 0.0 if target.inclination_rad is None else target.inclination_rad
    if inclination < _EQUATORIAL_RAD:
        argp_rad = None  # no node to count it from
    node = target.raan_rad if node_fixed else None
    if target.kind == "circular" and target.elements == "mean":
        made = _circular_mean(target.perigee_radius_m, inclination, environment)
    elif target.kind == "circular":
        made = _circular(target.perigee_radius_m, inclination, mu)
    elif target.kind == "elliptic":
        made = _elliptic(target, inclination, mu, argp_rad)
        if target.elements == "mean":
            made = _of_mean(made, environment)
    else:
        made = _escape(target, mu)
    if node is not None:
        made = _with_node(made, node)
    padded = (*made.numbers, *([0.0] * (NUMBERS - len(made.numbers))))
    return Ending(made.kind, made.rows, made.bounds, padded)


def _momentum(r: Any, v: Any) -> tuple[Any, Any]:
    h = maths.cross(r, v)
    return h, maths.norm(h)


def _circular(radius: float, inclination: float, mu: float) -> Ending:
    def rows(r: Any, v: Any, n: Any) -> list[Any]:
        h, size = _momentum(r, v)
        return [
            maths.norm(r) / n[0] - 1.0,
            maths.norm(v) / n[1] - 1.0,
            maths.dot(r, v) / (n[0] * n[1]),
            maths.parts(h)[2] / size - n[2],
        ]

    numbers = (radius, sqrt(mu / radius), cos(inclination))
    if inclination < _EQUATORIAL_RAD:
        return _in_equator(Ending(("circular",), rows, (_EXACT,) * 4, numbers), 3)
    return Ending(("circular",), rows, (_EXACT,) * 4, numbers)


def _in_equator(made: Ending, tilt: int) -> Ending:
    """The ending with row `tilt`, the plane's cosine, replaced by both parts of the node."""
    inner = made.rows

    def rows(r: Any, v: Any, n: Any) -> list[Any]:
        found = inner(r, v, n)
        h, size = _momentum(r, v)
        hx, hy, _ = maths.parts(h)
        return [*found[:tilt], *found[tilt + 1 :], hx / size, hy / size]

    kind, bounds = (*made.kind, "equatorial"), (*made.bounds, _EXACT)
    return Ending(kind, rows, bounds, made.numbers)


def _circular_mean(radius: float, inclination: float, environment: Environment) -> Ending:
    j2 = environment.zonals[0] if environment.zonals else 0.0
    earth, mu = environment.gravity_radius_m, environment.mu_m3_s2

    def rows(r: Any, v: Any, n: Any) -> list[Any]:
        h, size = _momentum(r, v)
        wanted, rising, across, tilt = circular_osculating(n[0], n[2], r, v, mu, earth, j2)
        distance = maths.norm(r)
        return [
            (distance - wanted) / n[0],
            (maths.dot(r, v) / distance - rising) / n[1],
            (size / distance - across) / n[1],
            maths.parts(h)[2] / size - maths.cos(tilt),
        ]

    numbers = (radius, sqrt(mu / radius), inclination)
    return Ending(("circular mean",), rows, (_EXACT,) * 4, numbers)


def _elliptic(target: Target, inclination: float, mu: float, argp: float | None) -> Ending:
    assert target.apogee_radius_m is not None
    rp, ra = target.perigee_radius_m, target.apogee_radius_m
    e = (ra - rp) / (ra + rp)
    momentum = sqrt(mu * 2.0 * rp * ra / (rp + ra))

    def rows(r: Any, v: Any, n: Any) -> list[Any]:
        h, size = _momentum(r, v)
        ex, ey, ez = maths.parts(_eccentricity(r, v, h, mu))
        plane = [size / n[0] - 1.0, maths.parts(h)[2] / size - n[2]]
        if argp is None:
            squared = ex * ex + ey * ey + ez * ez
            return [*plane, (squared - n[1] * n[1]) / (2.0 * n[1])]
        hx, hy, hz = maths.parts(h)
        flat = maths.sqrt(hx * hx + hy * hy)
        # node = (-hy, hx, 0) / flat; the third axis is h x node.
        along = (hx * ey - hy * ex) / flat
        beyond = (ez * flat * flat - hz * (hx * ex + hy * ey)) / (flat * size)
        return [*plane, along - n[1] * n[3], beyond - n[1] * n[4]]

    angle = 0.0 if argp is None else argp
    numbers = (momentum, e, cos(inclination), cos(angle), sin(angle))
    if argp is None:
        made = Ending(("elliptic",), rows, (_EXACT,) * 3, numbers)
        return _in_equator(made, 1) if inclination < _EQUATORIAL_RAD else made
    return Ending(("elliptic", "argp"), rows, (_EXACT,) * 4, numbers)


def _of_mean(made: Ending, environment: Environment) -> Ending:
    """The same conditions, asked of the mean state instead of the osculating one."""
    j2 = environment.zonals[0] if environment.zonals else 0.0
    earth, mu = environment.gravity_radius_m, environment.mu_m3_s2

    def rows(r: Any, v: Any, n: Any) -> list[Any]:
        return made.rows(*mean_state(r, v, mu, earth, j2), n)

    return Ending((*made.kind, "mean"), rows, made.bounds, made.numbers)


def _eccentricity(r: Any, v: Any, h: Any, mu: float) -> Any:
    size = maths.norm(r)
    ax, ay, az = maths.parts(maths.cross(v, h))
    x, y, z = maths.parts(r)
    return maths.vector(ax / mu - x / size, ay / mu - y / size, az / mu - z / size)


def _escape(target: Target, mu: float) -> Ending:
    assert target.c3_m2_s2 is not None
    dla, tilt = target.dla_rad, target.inclination_rad

    def rows(r: Any, v: Any, n: Any) -> list[Any]:
        energy = 0.5 * maths.dot(v, v) - mu / maths.norm(r)
        h, size = _momentum(r, v)
        found = [(energy - n[0]) / n[1], _floor(r, v, n[2], mu)]
        if dla is not None:
            found.append(_rise(r, v, h, mu, n[5]) - n[3])
        if tilt is not None:
            found.append(maths.parts(h)[2] / size - n[4])
        return found

    numbers = (
        0.5 * target.c3_m2_s2,
        mu / target.perigee_radius_m,
        target.perigee_radius_m - 1000.0,
        sin(dla or 0.0),
        cos(tilt or 0.0),
        sqrt(max(target.c3_m2_s2, 0.0)),
    )
    bounds = [_EXACT, (-float("inf"), 0.0)]
    bounds += [_EXACT] * ((dla is not None) + (tilt is not None))
    kind = ("escape", *(["dla"] * (dla is not None)), *(["plane"] * (tilt is not None)))
    return Ending(kind, rows, tuple(bounds), numbers)


def _rise(r: Any, v: Any, h: Any, mu: float, root: Any) -> Any:
    """Sine of the asymptote's declination, at the target's own energy.

    With the state's energy there is a square root that a first guess, still
    bound to the Earth, cannot take; at the solution both are one.
    """
    e = _eccentricity(r, v, h, mu)
    turned = maths.parts(maths.cross(h, e))[2]
    ratio = root / mu
    return (ratio * turned - maths.parts(e)[2]) / (1.0 + ratio * ratio * maths.dot(h, h))


def _floor(r: Any, v: Any, radius: Any, mu: float) -> Any:
    """Not positive if and only if the orbit does not cross `radius`.

    An open orbit then has its perigee above; a closed one may lie wholly below.
    It is the square of the radial speed that the orbit would have at that
    radius, over the square of circular speed: no square root, no angle.
    """
    energy = 0.5 * maths.dot(v, v) - mu / maths.norm(r)
    h, _ = _momentum(r, v)
    return 2.0 * (energy * radius / mu + 1.0) - maths.dot(h, h) / (mu * radius)


_ROUND = 1e-8  # squared eccentricity below which an orbit counts as round


def perigee_floor(r: Any, v: Any, radius: Any, mu: float) -> Any:
    """Not positive if the perigee is at or above `radius`; see `Limits.coast_perigee_radius_m`.

    The eccentricity is kept off zero, where it has no derivative: a round orbit
    is taken 0.6 km lower than it is.
    """
    energy = 0.5 * maths.dot(v, v) - mu / maths.norm(r)
    h, _ = _momentum(r, v)
    length = maths.dot(h, h) / mu
    squared = 1.0 + 2.0 * energy * length / mu
    eccentricity = maths.sqrt(maths.maximum(squared, 0.0) + _ROUND)
    return 1.0 - length / ((1.0 + eccentricity) * radius)


def _with_node(made: Ending, node: float) -> Ending:
    first = len(made.numbers)
    inner = made.rows

    def rows(r: Any, v: Any, n: Any) -> list[Any]:
        hx, hy, _ = maths.parts(maths.cross(r, v))
        size = maths.norm(maths.cross(r, v))
        return [*inner(r, v, n), (hx * n[first] + hy * n[first + 1]) / size]

    numbers = (*made.numbers, cos(node), sin(node))
    return Ending((*made.kind, "node"), rows, (*made.bounds, _EXACT), numbers)


def launch_azimuths(inclination: float, latitude: float) -> tuple[float, float]:
    """Inertial azimuths, northward then southward, that give an inclination.

    Due east (or west) where the latitude is above the inclination's reach.
    """
    sine = cos(inclination) / max(cos(latitude), 1e-9)
    sine = min(max(sine, -1.0), 1.0)
    north = sqrt(max(1.0 - sine * sine, 0.0))
    return atan2(sine, north) % (2.0 * pi), atan2(sine, -north) % (2.0 * pi)
