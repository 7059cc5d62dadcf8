"""What drag takes from an orbit that is held: metres a day, metres per second a year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.orbit.averaged import Sky, drag_rates, lanes_of
from cosmodrome.orbit.averaged_air import MsisAir, Version
from cosmodrome.orbit.lifetime import YEAR_S, Body
from cosmodrome.orbit.secular import Secular
from cosmodrome.orbit.solar_cycle import LEVELS, Level, named_histories
from cosmodrome.world.space_weather import SpaceWeather, space_weather

__all__ = ["MakeUp", "drag_make_up"]

_EVERY_S = 10.0 * 86400.0


@dataclass(frozen=True, slots=True)
class MakeUp:
    """Drag on an orbit that is kept where it is.

    Parameters
    ----------
    decay_m_per_day : float, by which the mean semi-major axis would fall, mean over the time
    worst_decay_m_per_day : float, at the worst instant of it
    delta_v_m_s_per_year : float, to make up for drag, mean over the time
    delta_v_m_s : float, over the whole time
    level, version : the Sun and the density model it was found with
    """

    decay_m_per_day: float
    worst_decay_m_per_day: float
    delta_v_m_s_per_year: float
    delta_v_m_s: float
    level: Level
    version: Version


def drag_make_up(
    orbit: Secular,
    body: Body,
    years: float = 1.0,
    level: Level = "mean",
    version: Version = "00",
    weather: SpaceWeather | None = None,
) -> MakeUp:
    """The delta-v that keeps an orbit up for some years from its epoch.

    Size, shape and inclination are held; node and perigee turn as they do, and
    the Sun goes through its cycle.

    Parameters
    ----------
    orbit : Secular; body : Body
    years : float
    level : "low", "mean" or "high", the Sun's cycles to come
    version : "00" or "2.1", the density model
    weather : SpaceWeather or None, the shipped record by default; constant ones are held

    Returns
    -------
    MakeUp

    Raises
    ------
    InputError
        For years that are not above 0 and up to 100, or an unknown word.
    DataEndError
        If the epoch is before the record of the Sun.

    Accuracy
    --------
    That of the density, 15 %, and of what the Sun will do: a factor of three to
    ten between low and high. Corrections are taken to be along the track and
    without loss.
    """
    if not 0.0 < years <= 100.0:
        raise InputError("years out of range", key="years", value=years, allowed="above 0 to 100")
    if level not in LEVELS or version not in ("00", "2.1"):
        raise InputError(
            "unknown Sun or density model",
            key="level or version",
            value=f"{level}, {version}",
            allowed="low, mean, high; 00, 2.1",
        )
    t_s = np.linspace(0.0, years * YEAR_S, 2 + int(years * YEAR_S / _EVERY_S))
    lanes = lanes_of(orbit, t_s.size)
    rates = orbit.rates
    lanes[3] += rates.raan_rad_s * t_s
    lanes[4] += rates.argp_rad_s * t_s
    histories = named_histories(weather or space_weather(), orbit.epoch, years)
    rows = np.full(t_s.size, LEVELS.index(level))
    air = MsisAir(histories, rows, np.full(t_s.size, version == "2.1"))
    sky = Sky.over(air, np.arange(t_s.size), orbit.epoch, t_s)
    b = np.full(t_s.size, body.cd_area_over_mass_m2_kg)
    found = drag_rates(lanes, b, sky, orbit.environment)
    falls, push = -found[0] * 86400.0, found[3]
    per_year = float(np.trapezoid(push, t_s) / t_s[-1] * YEAR_S)
    return MakeUp(
        float(np.trapezoid(falls, t_s) / t_s[-1]),
        float(falls.max()),
        per_year,
        per_year * years,
        level,
        version,
    )
