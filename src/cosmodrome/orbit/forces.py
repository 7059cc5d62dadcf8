"""The forces on a satellite, and what each of them is computed from.

Everything outside the satellite comes in by argument: gravity coefficients,
ephemeris, density model, Earth orientation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.orbit.forces_sunlight import sunlit_fraction
from cosmodrome.world import earth
from cosmodrome.world.density import Density, Msis
from cosmodrome.world.environment import Environment
from cosmodrome.world.ephemeris import MU_MOON_M3_S2, MU_SUN_M3_S2, BodyPosition, moon_m, sun_m
from cosmodrome.world.epoch import EarthOrientation, Epoch
from cosmodrome.world.frames import EARTH_ROTATION_RAD_S, rotations
from cosmodrome.world.gravity_field import GravityField, egm96

__all__ = ["Drag", "ForceModel", "Forces", "Radiation"]

Array = NDArray[np.float64]
_INDEX_S: Final = 10800.0  # how long one Ap holds
_AU_M: Final = 149597870700.0
_SUN_PRESSURE_PA: Final = 1361.0 / 299792458.0  # [Kopp & Lean 2011] over c, at 1 au
_EARTH = Environment()


@dataclass(frozen=True, slots=True)
class Drag:
    """Drag on a sphere, or on a body whose attitude is averaged over.

    Parameters
    ----------
    cd_area_over_mass_m2_kg : float, drag coefficient times area over mass
    density : Density, NRLMSISE-00 with the shipped space weather by default

    Accuracy
    --------
    The air turns with the Earth; winds (100 to 300 m/s) change drag by up to 5 %.
    """

    cd_area_over_mass_m2_kg: float
    density: Density = field(default_factory=Msis)

    def __post_init__(self) -> None:
        _positive("cd_area_over_mass_m2_kg", self.cd_area_over_mass_m2_kg)


@dataclass(frozen=True, slots=True)
class Radiation:
    """Pressure of sunlight on a sphere; the Earth's shadow is a cone.

    Parameters
    ----------
    cr_area_over_mass_m2_kg : float, radiation coefficient times area over mass

    Accuracy
    --------
    Light from the Earth (up to a third of the Sun's in low orbit) is left out.
    """

    cr_area_over_mass_m2_kg: float

    def __post_init__(self) -> None:
        _positive("cr_area_over_mass_m2_kg", self.cr_area_over_mass_m2_kg)


def _positive(name: str, value: float) -> None:
    if not 0.0 < value < np.inf:
        raise InputError(f"{name} must be above zero", key=name, value=value, allowed="above 0")


@dataclass(frozen=True, slots=True)
class ForceModel:
    """Which forces act, and from what data.

    Parameters
    ----------
    gravity : GravityField, EGM96 to degree 20 by default
    sun, moon : where they are, as `world.ephemeris`; None leaves them out
    drag : Drag or None
    radiation : Radiation or None; needs `sun`
    orientation : EarthOrientation or None, the shipped one by default

    Raises
    ------
    InputError
        If radiation is asked for without a Sun.

    Accuracy
    --------
    Tides of the solid Earth and relativity are left out: about 1 m and 1 cm in
    a day of low orbit.
    """

    gravity: GravityField = field(default_factory=lambda: egm96(20))
    sun: BodyPosition | None = sun_m
    moon: BodyPosition | None = moon_m
    drag: Drag | None = None
    radiation: Radiation | None = None
    orientation: EarthOrientation | None = None

    def __post_init__(self) -> None:
        if self.radiation is not None and self.sun is None:
            raise InputError("radiation pressure needs the Sun", key="sun", allowed="a position")

    def at(self, epoch: Epoch, t_s: Array) -> Forces:
        """The forces at given instants, for any places there."""
        turn = rotations("GCRF", "ITRF", epoch, t_s, self.orientation)
        sun = None if self.sun is None else self.sun(epoch, t_s)
        moon = None if self.moon is None else self.moon(epoch, t_s)
        return Forces(self, epoch, t_s, turn, sun, moon)

    def next_break(self, epoch: Epoch, t_s: float, end_s: float) -> float:
        """The first instant between where a force jumps with the clock, or the end.

        The indices of the density change every three hours, UTC.
        """
        if self.drag is None:
            return end_s
        of_day = (epoch.tai_s - epoch.tai_minus_utc_s + t_s) / _INDEX_S
        if end_s > t_s:
            ahead = np.floor(of_day + 1e-7) + 1.0 - of_day
            return float(min(t_s + ahead * _INDEX_S, end_s))
        behind = of_day - np.ceil(of_day - 1e-7) + 1.0
        return float(max(t_s - behind * _INDEX_S, end_s))


@dataclass(frozen=True, slots=True, eq=False)
class Forces:
    """A force model at given instants; `turn` is GCRF to ITRF, shape (n, 3, 3)."""

    model: ForceModel
    epoch: Epoch
    t_s: Array
    turn: Array
    sun: Array | None
    moon: Array | None

    def near(self, r: Array) -> Array:
        """The point mass and the Earth's oblateness alone, shape (n, 3), GCRF."""
        gravity = self.model.gravity
        pole = self.turn[:, 2]
        square = np.einsum("ni,ni->n", r, r)
        pull = gravity.mu_m3_s2 / (square * np.sqrt(square))
        if gravity.degree < 2:
            return np.asarray(-pull[:, None] * r)
        height = np.einsum("ni,ni->n", r, pole)
        k = 1.5 * gravity.zonal(2) * gravity.radius_m**2 / square
        radial = pull * (1.0 + k * (1.0 - 5.0 * height**2 / square))
        return np.asarray(-radial[:, None] * r - (2.0 * pull * k * height)[:, None] * pole)

    def acceleration(self, r: Array, v: Array) -> Array:
        """All forces, shape (n, 3), metres per second squared, GCRF."""
        fixed = np.einsum("nij,nj->ni", self.turn, r)
        pull = self.model.gravity.acceleration(fixed)
        total = np.einsum("nji,nj->ni", self.turn, pull)
        if self.sun is not None:
            total += _third_body(r, self.sun, MU_SUN_M3_S2)
        if self.moon is not None:
            total += _third_body(r, self.moon, MU_MOON_M3_S2)
        if self.model.radiation is not None:
            total += self._sunlight(r)
        if self.model.drag is not None:
            total += self._drag(r, v, fixed)
        return np.asarray(total)

    def _sunlight(self, r: Array) -> Array:
        assert self.sun is not None
        assert self.model.radiation is not None
        away = r - self.sun
        distance = np.linalg.norm(away, axis=1)
        pressure = _SUN_PRESSURE_PA * (_AU_M / distance) ** 2 * sunlit_fraction(r, self.sun)
        size = self.model.radiation.cr_area_over_mass_m2_kg * pressure / distance
        return np.asarray(size[:, None] * away)

    def _drag(self, r: Array, v: Array, fixed: Array) -> Array:
        drag = self.model.drag
        assert drag is not None
        latitude, longitude, altitude = earth.geodetic(
            fixed, _EARTH.equatorial_radius_m, _EARTH.flattening
        )
        rho = drag.density.kg_m3(self.epoch, self.t_s, latitude, longitude, altitude)
        through = v - np.cross(EARTH_ROTATION_RAD_S * self.turn[:, 2], r)
        speed = np.linalg.norm(through, axis=1)
        size = -0.5 * drag.cd_area_over_mass_m2_kg * rho * speed
        return np.asarray(size[:, None] * through)


def _third_body(r: Array, body: Array, mu: float) -> Array:
    """The body's pull on the satellite less its pull on the Earth."""
    to_body = body - r
    near = np.einsum("ni,ni->n", to_body, to_body) ** 1.5
    far = np.einsum("ni,ni->n", body, body) ** 1.5
    return np.asarray(mu * (to_body / near[:, None] - body / far[:, None]))
