"""How long a spacecraft stays up after its end of life."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from cosmodrome.errors import InputError
from cosmodrome.orbit.elements import Elements
from cosmodrome.orbit.lifetime import YEAR_S, Draws, Lifetime, lifetime
from cosmodrome.orbit.secular import Secular
from cosmodrome.satellite.drag import met_by_air
from cosmodrome.satellite.flown_orbit import FlownOrbit
from cosmodrome.satellite.spacecraft import Spacecraft

__all__ = ["Disposal", "disposal"]

_SHARES = {"p05": 0.05, "p50": 0.5, "p95": 0.95}
_RULES = (5.0, 25.0)


@dataclass(frozen=True, slots=True, eq=False)
class Disposal:
    """Years from the last manoeuvre to decay.

    Parameters
    ----------
    perigee_m, apogee_m : float, altitudes after the last manoeuvre
    orbit : Secular, what it is left in, at the epoch from which `life` counts
    life : Lifetime, counted from then
    assumptions : tuple of str
    """

    perigee_m: float
    apogee_m: float
    orbit: Secular
    life: Lifetime
    assumptions: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """As the `lifetime` object of the contract; null for years beyond the horizon."""
        years = {name: self.life.quantile(share) for name, share in _SHARES.items()}
        return {
            "years": {name: one if math.isfinite(one) else None for name, one in years.items()},
            **{
                f"probability_within_{rule:g}_years": self.life.within(rule).probability
                for rule in _RULES
            },
            "from_utc": str(self.life.epoch),
            "perigee_km": self.perigee_m / 1e3,
            "apogee_km": self.apogee_m / 1e3,
            "horizon_years": self.life.horizon_years,
            "assumptions": list(self.assumptions),
        }


def disposal(craft: Spacecraft, orbit: FlownOrbit, draws: Draws | None = None) -> Disposal:
    """Years until decay, from the orbit that a spacecraft is left in.

    An orbit that is kept is left after the years of operation, with its perigee
    lowered as the manoeuvres say; one that is not is left at insertion.

    Parameters
    ----------
    craft : Spacecraft
    orbit : FlownOrbit, at insertion
    draws : Draws or None, as of `lifetime`

    Raises
    ------
    InputError
        If an orbit that is not kept is to be lowered (when it has come down to
        where is not known), or is to be lowered to above all of it.
    DataEndError
        If the epoch is before the record of the Sun.

    Accuracy
    --------
    That of `lifetime`. The mass is that at launch: with the propellant gone
    the years are fewer.
    """
    wanted, earth = craft.manoeuvres, orbit.motion.environment
    ground = earth.equatorial_radius_m
    low, high = orbit.perigee_radius_m, orbit.apogee_radius_m
    after = craft.body.years * YEAR_S if wanted.keep_altitude else 0.0
    if wanted.deorbit_perigee_m is not None:
        if not wanted.keep_altitude:
            raise InputError(
                "an orbit that is not kept has no height to be lowered from",
                key="manoeuvres.deorbit_perigee_km",
                value=wanted.deorbit_perigee_m / 1e3,
                allowed="keep_altitude = true with it",
            )
        if ground + wanted.deorbit_perigee_m > high:
            raise InputError(
                f"a perigee at {wanted.deorbit_perigee_m / 1e3:g} km is no way down from an "
                f"orbit that reaches {(high - ground) / 1e3:g} km",
                key="manoeuvres.deorbit_perigee_km",
                value=wanted.deorbit_perigee_m / 1e3,
                allowed=f"below {(high - ground) / 1e3:g}",
            )
        low = min(low, ground + wanted.deorbit_perigee_m)
    mean, rates = orbit.motion.elements, orbit.motion.rates
    left = Elements.keplerian(
        0.5 * (low + high),
        (high - low) / (high + low),
        mean.inclination_rad,
        mean.raan_rad + rates.raan_rad_s * after,
        mean.argp_rad,
    )
    start = replace(orbit.motion, epoch=orbit.motion.epoch + after, elements=left)
    life = lifetime(start, met_by_air(craft.body), draws)
    notes = (f"mass at launch, {craft.body.mass_kg:g} kg", "no explosion, no collision")
    return Disposal(low - ground, high - ground, start, life, notes)
