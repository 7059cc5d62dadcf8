"""The Earth that a flight happens on: gravity, shape, rotation, air, wind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Atmosphere", "Environment", "Wind"]


@dataclass(frozen=True, slots=True)
class Atmosphere:
    """Which air: "us76", "exponential" (surface density and scale height) or "none"."""

    kind: Literal["us76", "exponential", "none"] = "us76"
    surface_density_kg_m3: float = 1.225
    scale_height_m: float = 7200.0


@dataclass(frozen=True, slots=True)
class Wind:
    """Horizontal wind over geometric altitude; empty means still air.

    `table` holds (altitude m, towards east m/s, towards north m/s).
    """

    table: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Environment:
    """The Earth of a mission.

    Parameters
    ----------
    mu_m3_s2, equatorial_radius_m, flattening, rotation_rad_s : float
        WGS-84 by default. `equatorial_radius_m` is also what orbit altitudes
        are counted from.
    zonals : tuple of float
        Unnormalised zonal coefficients J2, J3, J4, ...; empty for a point mass.
    g0_m_s2 : float, standard gravity that turns specific impulse into mass flow
    gravity_radius_m : float, the radius the zonal coefficients refer to
    """

    mu_m3_s2: float = 3.986004418e14
    equatorial_radius_m: float = 6378137.0
    flattening: float = 1.0 / 298.257223563
    rotation_rad_s: float = 7.292115e-5
    zonals: tuple[float, ...] = (
        1.08262982131e-3,
        -2.53241051856e-6,
        -1.61989759991e-6,
    )
    gravity_radius_m: float = 6378136.3
    g0_m_s2: float = 9.80665
    atmosphere: Atmosphere = field(default_factory=Atmosphere)
    wind: Wind = field(default_factory=Wind)
