"""Where a body would come down if nothing but gravity acted on it from now on."""

from __future__ import annotations

from typing import Any

from cosmodrome.world import maths

__all__ = ["vacuum_impact"]


def vacuum_impact(r_m: Any, v_m_s: Any, mu_m3_s2: Any, radius_m: Any) -> tuple[Any, Any]:
    """Impact of a Keplerian fall onto a sphere, in closed form.

    The orbit must be bound, with its perigee below the sphere and the present
    point above it; the impact taken is the next one on the way down.

    Parameters
    ----------
    r_m, v_m_s : vectors, inertial
    mu_m3_s2, radius_m : floats, gravity parameter and radius of the sphere

    Returns
    -------
    (position, time) : vector inertial, seconds until impact

    Accuracy
    --------
    Exact for a point mass; oblateness shifts it by up to some kilometres, drag
    by tens of kilometres on light parts.

    References
    ----------
    Lagrange coefficients, e.g. Bate, Mueller & White, Fundamentals of Astrodynamics, 4.4.
    """
    r = maths.norm(r_m)
    energy = 0.5 * maths.dot(v_m_s, v_m_s) - mu_m3_s2 / r
    a = -0.5 * mu_m3_s2 / energy
    n = maths.sqrt(mu_m3_s2 / (a * a * a))
    cos_part = 1.0 - r / a
    sin_part = maths.dot(r_m, v_m_s) / maths.sqrt(mu_m3_s2 * a)
    e2 = cos_part * cos_part + sin_part * sin_part
    cos_end = 1.0 - radius_m / a
    sin_end = -maths.sqrt(maths.maximum(e2 - cos_end * cos_end, 1e-12))
    # Angle from the present eccentric anomaly to the one at impact, in (0, 2 pi).
    sine = (sin_end * cos_part - cos_end * sin_part) / e2
    cosine = (cos_end * cos_part + sin_end * sin_part) / e2
    half_turn = 3.141592653589793
    step = maths.atan2(-sine, -cosine) + half_turn
    time = (step - (sin_end - sin_part)) / n
    f = 1.0 - a / r * (1.0 - maths.cos(step))
    g = time - (step - maths.sin(step)) / n
    x, y, z = maths.parts(r_m)
    vx, vy, vz = maths.parts(v_m_s)
    return maths.vector(f * x + g * vx, f * y + g * vy, f * z + g * vz), time
