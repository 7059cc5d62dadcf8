"""Orbits whose ground track repeats, found for a wish: every N days at about so high."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from cosmodrome.errors import InputError
from cosmodrome.orbit.secular import brouwer_rates
from cosmodrome.orbit.sun import TROPICAL_YEAR_S, sun_synchronous_inclination
from cosmodrome.world.environment import Environment

__all__ = ["RepeatOrbit", "frozen_eccentricity", "repeat_orbits"]

# Of mean sidereal time, against the moving equinox: [Aoki1982].
_SIDEREAL_RAD_S: Final = 2.0 * math.pi * 1.002737909350795 / 86400.0
_LOWEST_M: Final = 150e3
_HIGHEST_M: Final = 40000e3
_LONGEST_DAYS: Final = 400
_WITHIN_M: Final = 1e-4


@dataclass(frozen=True, slots=True)
class RepeatOrbit:
    """A circular or frozen orbit that comes back over the same ground.

    Parameters
    ----------
    days : int, nodal days of the cycle (calendar days if sun-synchronous)
    revolutions : int, in that cycle; the two have no common divisor
    semi_major_axis_m, eccentricity, inclination_rad : float, mean elements
    argp_rad : float, mean; 90 deg, where a frozen perigee stands still
    altitude_m : float, of the semi-major axis above the equatorial radius
    nodal_period_s : float, from ascending node to ascending node
    track_spacing_m : float, between neighbouring tracks on the equator
    sun_synchronous : bool
    """

    days: int
    revolutions: int
    semi_major_axis_m: float
    eccentricity: float
    inclination_rad: float
    argp_rad: float
    altitude_m: float
    nodal_period_s: float
    track_spacing_m: float
    sun_synchronous: bool


def frozen_eccentricity(
    semi_major_axis_m: float, inclination_rad: float, environment: Environment | None = None
) -> float:
    """Mean eccentricity at which, with the perigee at 90 deg, J3 holds the perigee still.

    Accuracy
    --------
    First order in J3 / J2; the odd zonals above J3, left out, change it by
    about a tenth. Below 1 deg inclination and within 1 deg of 63.4 and
    116.6 deg, where the perigee stands still by itself, it means nothing.

    References
    ----------
    Cutting, Born & Frautnick, Journal of the Astronautical Sciences 26 (1978) 315.
    """
    earth = environment or Environment()
    j2, j3 = (*earth.zonals, 0.0, 0.0)[:2]
    if j2 == 0.0:
        return 0.0
    size = earth.gravity_radius_m / semi_major_axis_m
    return abs(0.5 * j3 / j2 * size * math.sin(inclination_rad))


@dataclass(frozen=True, slots=True)
class _Shape:
    """Inclination and eccentricity that go with a semi-major axis."""

    inclination_rad: float | None
    frozen: bool
    earth: Environment

    def at(self, a: float) -> tuple[float, float]:
        tilt, e = self.inclination_rad, 0.0
        for _ in range(4):
            if self.inclination_rad is None:
                tilt = self._sun_synchronous(a, e)
            assert tilt is not None
            if not self.frozen:
                break
            e = frozen_eccentricity(a, tilt, self.earth)
        assert tilt is not None
        return tilt, e

    def _sun_synchronous(self, a: float, e: float) -> float:
        """By the rates of J2 to J4, from the inclination for J2 alone."""
        earth = self.earth
        tilt = sun_synchronous_inclination(
            a, e, earth.mu_m3_s2, earth.gravity_radius_m, earth.zonals[0]
        )
        wanted = 2.0 * math.pi / TROPICAL_YEAR_S
        for _ in range(6):
            rate = float(brouwer_rates(a, e, tilt, earth).raan_rad_s)
            # The rate goes nearly as the cosine.
            cosine = math.cos(tilt) * wanted / rate
            tilt = math.acos(max(-1.0, min(1.0, cosine)))
        return tilt

    def turns_a_day(self, a: float) -> float:
        """Revolutions from node to node in a nodal day."""
        tilt, e = self.at(a)
        rates = brouwer_rates(a, e, tilt, self.earth)
        latitude = float(rates.mean_anomaly_rad_s) + float(rates.argp_rad_s)
        return latitude / (_SIDEREAL_RAD_S - float(rates.raan_rad_s))


def _solve(shape: _Shape, turns: float, low: float, high: float) -> float | None:
    """Semi-major axis at which so many turns go into a nodal day, by regula falsi and halving."""
    f_low, f_high = shape.turns_a_day(low) - turns, shape.turns_a_day(high) - turns
    if f_low < 0.0 or f_high > 0.0:
        return None
    while high - low > _WITHIN_M:
        a = low + (high - low) * f_low / (f_low - f_high)
        a = min(max(a, low + 0.01 * (high - low)), high - 0.01 * (high - low))
        f = shape.turns_a_day(a) - turns
        if f >= 0.0:
            low, f_low = a, f
        else:
            high, f_high = a, f
        middle = 0.5 * (low + high)
        f = shape.turns_a_day(middle) - turns
        if f >= 0.0:
            low, f_low = middle, f
        else:
            high, f_high = middle, f
    return 0.5 * (low + high)


def _checked(days: int, altitude_m: float, inclination_rad: float | None) -> None:
    if not 1 <= days <= _LONGEST_DAYS:
        raise InputError(
            "a ground track cannot repeat after so many days",
            key="days",
            value=days,
            allowed=f"1 to {_LONGEST_DAYS}",
        )
    if not _LOWEST_M <= altitude_m <= _HIGHEST_M:
        raise InputError(
            "the altitude is out of range",
            key="altitude",
            value=altitude_m,
            allowed=f"{_LOWEST_M / 1e3:g} to {_HIGHEST_M / 1e3:g} km",
        )
    if inclination_rad is not None and not 0.0 <= inclination_rad <= math.pi:
        raise InputError(
            "the inclination is out of range",
            key="inclination",
            value=math.degrees(inclination_rad),
            allowed="0 to 180 deg",
        )


def repeat_orbits(
    days: int,
    altitude_m: float,
    *,
    within_m: float = 100e3,
    inclination_rad: float | None = None,
    frozen: bool = True,
    environment: Environment | None = None,
) -> tuple[RepeatOrbit, ...]:
    """Orbits that repeat their ground track in exactly so many days, nearest in altitude first.

    Parameters
    ----------
    days : int, nodal days
    altitude_m : float, wished for
    within_m : float
        How far from it; the nearest one is given even if it is farther.
    inclination_rad : float or None
        None for sun-synchronous orbits, whose inclination goes with altitude.
    frozen : bool, frozen eccentricity with the perigee at 90 deg, or circular
    environment : Environment or None, WGS 84's size and J2 to J4 by default

    Returns
    -------
    tuple of RepeatOrbit, at least one

    Raises
    ------
    InputError
        If an argument is out of range or no orbit fits at all.

    Accuracy
    --------
    By the secular rates of J2, J2 squared and J4: the track closes within
    about 1 km a cycle of 16 days; drag and the rest of the field are for the
    numerical orbit to correct.

    References
    ----------
    Vallado, Fundamentals of Astrodynamics and Applications, section 11.4.2.
    """
    _checked(days, altitude_m, inclination_rad)
    earth = environment or Environment()
    shape = _Shape(inclination_rad, frozen, earth)
    radius = earth.equatorial_radius_m
    low, high = radius + _LOWEST_M, radius + _HIGHEST_M
    if inclination_rad is None:
        high = min(high, radius + 5.8e6)  # where sun-synchronous orbits end
    wished = min(max(radius + altitude_m, low), high)
    centre = days * shape.turns_a_day(wished)
    inner = days * shape.turns_a_day(max(wished - within_m, low))
    outer = days * shape.turns_a_day(min(wished + within_m, high))
    chosen = {q for q in range(math.ceil(outer), math.floor(inner) + 1) if math.gcd(q, days) == 1}
    # The nearest on each side, however far.
    for step in (-1, 1):
        q = math.floor(centre) if step < 0 else math.ceil(centre)
        while q > 0 and math.gcd(q, days) != 1:
            q += step
        chosen.add(q)
    found = []
    for q in sorted(chosen - {0}):
        a = _solve(shape, q / days, low, high)
        if a is not None:
            found.append(_orbit(shape, days, q, a))
    found.sort(key=lambda orbit: abs(orbit.altitude_m - altitude_m))
    near = [orbit for orbit in found if abs(orbit.altitude_m - altitude_m) <= within_m]
    if not found:
        raise InputError(
            f"no orbit repeats its track in {days} days there",
            key="days",
            value=days,
            allowed="more days",
        )
    return tuple(near or found[:1])


def _orbit(shape: _Shape, days: int, revolutions: int, a: float) -> RepeatOrbit:
    tilt, e = shape.at(a)
    rates = brouwer_rates(a, e, tilt, shape.earth)
    radius = shape.earth.equatorial_radius_m
    return RepeatOrbit(
        days,
        revolutions,
        a,
        e,
        tilt,
        0.5 * math.pi,
        a - radius,
        2.0 * math.pi / (float(rates.mean_anomaly_rad_s) + float(rates.argp_rad_s)),
        2.0 * math.pi * radius / revolutions,
        shape.inclination_rad is None,
    )
