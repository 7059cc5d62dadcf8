"""Rules on how soon a satellite has to be gone, and the propellant that meets them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from cosmodrome.errors import InputError
from cosmodrome.orbit.averaged import END_ALTITUDE_M
from cosmodrome.orbit.elements import Elements
from cosmodrome.orbit.lifetime import Body, Chance, Draws, lifetime
from cosmodrome.orbit.secular import Secular
from cosmodrome.world.space_weather import SpaceWeather

__all__ = [
    "FIVE_YEARS",
    "TWENTY_FIVE_YEARS",
    "Compliance",
    "Rule",
    "comply",
    "perigee_burn_m_s",
    "propellant_for_burn_kg",
]

_LEO_TOP_M: Final = 2000e3
_CLOSE_M: Final = 2e3  # how exactly the perigee is found


@dataclass(frozen=True, slots=True)
class Rule:
    """How long a satellite may stay after its mission.

    Parameters
    ----------
    name : str
    years : float, from the end of the mission
    paragraph : str, where it is written
    binds : str, whom
    """

    name: str
    years: float
    paragraph: str
    binds: str


#: No date is given: the paragraphs about existing licences have dates of their own.
FIVE_YEARS: Final = Rule(
    "five-year rule",
    5.0,
    "47 CFR 25.283(e)",
    "satellites licensed by or given market access to the United States that end their "
    "mission in or pass through low Earth orbit below 2000 km and come down uncontrolled",
)
TWENTY_FIVE_YEARS: Final = Rule(
    "25-year rule",
    25.0,
    # The paragraphs are quoted from memory; of the standard the edition of 2019 is meant,
    # which was withdrawn in April 2025 in favour of that of 2023.
    "ISO 24113:2019, 6.3.3; IADC-02-01, 5.3.2",
    "members of the agencies and users of the standard, for objects that cross the region "
    "below 2000 km",
)


@dataclass(frozen=True, slots=True)
class Compliance:
    """What it takes to meet a rule.

    Parameters
    ----------
    rule : Rule
    before : Chance, of meeting it as things are
    wanted_probability : float
    perigee_m : float, mean altitude of the perigee to go to; today's if nothing is needed
    after : Chance, of meeting it from there
    delta_v_m_s, propellant_kg : float, 0 if nothing is needed
    """

    rule: Rule
    before: Chance
    wanted_probability: float
    perigee_m: float
    after: Chance
    delta_v_m_s: float
    propellant_kg: float


def perigee_burn_m_s(orbit: Secular, perigee_m: float) -> float:
    """Speed to lose at the apogee so that the perigee comes down to an altitude.

    Parameters
    ----------
    orbit : Secular; perigee_m : float, above the equator, not above today's

    Raises
    ------
    InputError
        If the perigee asked for is higher than today's or below the centre.

    Accuracy
    --------
    Two-body, an instant burn: 1 % for low orbit; a finite burn of a low thrust
    costs up to twice as much.
    """
    mu, radius = orbit.environment.mu_m3_s2, orbit.environment.equatorial_radius_m
    low, high = orbit.elements.perigee_radius_m, orbit.elements.apogee_radius_m
    if not 0.0 < perigee_m + radius <= low:
        raise InputError(
            "a burn against the motion at the apogee lowers the perigee",
            key="perigee_m",
            value=perigee_m,
            allowed=f"up to {low - radius:.0f}",
        )
    speeds = [math.sqrt(2.0 * mu * p / (high * (high + p))) for p in (low, perigee_m + radius)]
    return speeds[0] - speeds[1]


def propellant_for_burn_kg(mass_kg: float, delta_v_m_s: float, isp_s: float, g0: float) -> float:
    """Propellant by the rocket equation from the mass before the burn."""
    if not 0.0 < isp_s < math.inf:
        raise InputError(
            "isp_s must be above zero", key="isp_s", value=isp_s, allowed="above 0 seconds"
        )
    return -mass_kg * math.expm1(-delta_v_m_s / (isp_s * g0))


def comply(
    orbit: Secular,
    body: Body,
    rule: Rule,
    isp_s: float,
    probability: float = 0.9,
    draws: Draws | None = None,
    weather: SpaceWeather | None = None,
) -> Compliance:
    """The highest perigee from which a rule is met as surely as wanted, and its price.

    One burn at the apogee; the same draws for every perigee tried, so that the
    answer does not tremble.

    Parameters
    ----------
    orbit, body, draws, weather : as `lifetime`; the orbit and mass at the mission's end
    rule : Rule
    isp_s : float, of the satellite's propulsion
    probability : float, that the rule is met, given the burn works

    Returns
    -------
    Compliance

    Raises
    ------
    InputError
        As `lifetime`; and if the apogee is above 2000 km: there the rule is not
        only about decay, and a lower perigee may not be enough.

    Accuracy
    --------
    The perigee within 2 km and what the number of samples allows; the mass lost
    by the burn (which shortens the life by as much) is left out.
    """
    _in_range(probability)
    mean, earth = orbit.elements, orbit.environment
    radius = earth.equatorial_radius_m
    if mean.apogee_radius_m - radius > _LEO_TOP_M:
        raise InputError(
            "the rules on decay are applied to orbits wholly below 2000 km",
            key="apogee_m",
            value=mean.apogee_radius_m - radius,
            allowed="up to 2000000",
        )
    carried = replace(draws or Draws(samples=100), horizon_years=rule.years)

    def chance(perigee_m: float) -> Chance:
        found = lifetime(_with_perigee(orbit, perigee_m), body, carried, weather)
        return found.within(rule.years)

    high = float(mean.perigee_radius_m) - radius
    before = after = chance(high)
    burn = 0.0
    if before.probability < probability:
        low = END_ALTITUDE_M
        while high - low > _CLOSE_M:
            middle = 0.5 * (low + high)
            found = chance(middle)
            if found.probability >= probability:
                low, after = middle, found
            else:
                high = middle
        high = low
        burn = perigee_burn_m_s(orbit, low)
    propellant = propellant_for_burn_kg(body.mass_kg, burn, isp_s, earth.g0_m_s2)
    return Compliance(rule, before, probability, high, after, burn, propellant)


def _in_range(probability: float) -> None:
    if not 0.0 < probability < 1.0:
        raise InputError(
            "a probability lies between 0 and 1",
            key="probability",
            value=probability,
            allowed="above 0 and below 1",
        )


def _with_perigee(orbit: Secular, perigee_m: float) -> Secular:
    """The same apogee and angles, another perigee."""
    mean = orbit.elements
    low = orbit.environment.equatorial_radius_m + perigee_m
    high = float(mean.apogee_radius_m)
    size = 0.5 * (low + high)
    angles = (mean.inclination_rad, mean.raan_rad, mean.argp_rad, mean.true_anomaly_rad)
    return replace(orbit, elements=Elements.keplerian(size, (high - low) / (high + low), *angles))
