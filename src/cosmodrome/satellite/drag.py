"""Drag of a spacecraft that keeps its orbit: velocity a year, by activity of the Sun."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mean

from cosmodrome.orbit import lifetime
from cosmodrome.orbit.averaged_air import Version
from cosmodrome.orbit.decay import drag_make_up
from cosmodrome.orbit.solar_cycle import Level
from cosmodrome.satellite.flown_orbit import FlownOrbit
from cosmodrome.satellite.spacecraft import Body
from cosmodrome.world.space_weather import SpaceWeather, space_weather

__all__ = ["DragUpkeep", "drag_upkeep", "met_by_air"]


@dataclass(frozen=True, slots=True)
class DragUpkeep:
    """Velocity a year that makes up for drag, mean over the years of operation.

    Parameters
    ----------
    low_m_s_year, mean_m_s_year, high_m_s_year : float
        For weak, mean and strong solar cycles to come.
    source : str
    assumptions : tuple of str
    """

    low_m_s_year: float
    mean_m_s_year: float
    high_m_s_year: float
    source: str
    assumptions: tuple[str, ...] = ()


def met_by_air(body: Body) -> lifetime.Body:
    """The spacecraft as the air meets it, with its mass at launch."""
    return lifetime.Body(body.mass_kg, body.drag_area_m2, body.drag_coefficient)


def drag_upkeep(body: Body, orbit: FlownOrbit, weather: SpaceWeather | None = None) -> DragUpkeep:
    """Velocity a year that makes up for drag, from the orbit's epoch through the years.

    The thinner of the two density models with a weak Sun, the mean of both with
    a mean one, the denser with a strong one.

    Parameters
    ----------
    body : Body
    orbit : FlownOrbit
    weather : SpaceWeather or None, the shipped record by default

    Raises
    ------
    DataEndError
        If the epoch is before the record of the Sun.

    Accuracy
    --------
    That of `drag_make_up`: 15 % from the air, and what the Sun will do, which
    low and high are for.
    """
    record = weather or space_weather()

    def by_both(level: Level) -> tuple[float, ...]:
        models: tuple[Version, ...] = ("00", "2.1")
        one = met_by_air(body)
        return tuple(
            drag_make_up(orbit.motion, one, body.years, level, model, record).delta_v_m_s_per_year
            for model in models
        )

    return DragUpkeep(
        min(by_both("low")),
        mean(by_both("mean")),
        max(by_both("high")),
        f"solar cycles of {record.name}; NRLMSISE-00 and 2.1",
        ("drag of mean solar cycles; weak and strong ones beside it",),
    )
