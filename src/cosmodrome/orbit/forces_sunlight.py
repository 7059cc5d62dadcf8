"""How much of the Sun's disc a satellite sees past a round Earth."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["shadow_margins", "sunlit_fraction"]

Array = NDArray[np.float64]
_SUN_RADIUS_M: Final = 6.957e8  # [IAU 2015 Resolution B3]
_EARTH_RADIUS_M: Final = 6378137.0


def _angles(r: Array, sun: Array) -> tuple[Array, Array, Array]:
    """Half widths of the Sun and the Earth, and the angle between their centres."""
    to_sun = sun - r
    distance, height = np.linalg.norm(to_sun, axis=1), np.linalg.norm(r, axis=1)
    sun_half = np.arcsin(_SUN_RADIUS_M / distance)
    earth_half = np.arcsin(np.minimum(1.0, _EARTH_RADIUS_M / height))
    across = np.linalg.norm(np.cross(to_sun, -r), axis=1)
    between = np.arctan2(across, -np.einsum("ni,ni->n", to_sun, r))
    return sun_half, earth_half, between


def shadow_margins(r: Array, sun: Array) -> tuple[Array, Array]:
    """Angles above the edges of penumbra and umbra, radians, negative inside.

    Parameters
    ----------
    r, sun : arrays, shape (n, 3), metres, geocentric, one frame

    Returns
    -------
    penumbra, umbra : arrays, shape (n,)
    """
    sun_half, earth_half, between = _angles(r, sun)
    return between - (earth_half + sun_half), between - (earth_half - sun_half)


def sunlit_fraction(r: Array, sun: Array) -> Array:
    """The part of the Sun's disc that is not covered, 0 to 1, shape (n,).

    Parameters
    ----------
    r, sun : arrays, shape (n, 3), metres, geocentric, one frame

    Accuracy
    --------
    The Earth is a ball of its equatorial radius without air: contacts shift by
    up to 4 s at high latitudes in low orbit. The disc is uniform.

    References
    ----------
    Montenbruck & Gill, Satellite Orbits, section 3.4.2.
    """
    a, b, c = _angles(r, sun)
    covered = np.where(c >= a + b, 0.0, np.where(b >= a, 1.0, (b / a) ** 2))
    partial = (c < a + b) & (c > np.abs(b - a))
    if np.any(partial):
        a, b, c = a[partial], b[partial], c[partial]
        x = (c * c + a * a - b * b) / (2.0 * c)
        y = np.sqrt(np.maximum(a * a - x * x, 0.0))
        overlap = (
            a * a * np.arccos(np.clip(x / a, -1.0, 1.0))
            + b * b * np.arccos(np.clip((c - x) / b, -1.0, 1.0))
            - c * y
        )
        covered[partial] = overlap / (np.pi * a * a)
    return 1.0 - covered
