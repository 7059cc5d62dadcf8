"""What the page of a satellite's life draws: its first day, week and year, and its fall."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.io.ground import ground_path
from cosmodrome.orbit.averaged import Fall
from cosmodrome.orbit.eclipses import SunProfile, sun_profile
from cosmodrome.orbit.lifetime import Lifetime, decay_curves
from cosmodrome.orbit.motion import Motion
from cosmodrome.orbit.passes import Look, Pass, Passes, find_passes, look
from cosmodrome.orbit.propagate import propagate
from cosmodrome.orbit.stations import Station, station
from cosmodrome.satellite.disposal import Disposal
from cosmodrome.satellite.drag import met_by_air
from cosmodrome.satellite.flown_orbit import FlownOrbit
from cosmodrome.satellite.link import closing_elevation_rad
from cosmodrome.satellite.spacecraft import Ground, Spacecraft
from cosmodrome.world.epoch import Epoch

__all__ = ["DAY_S", "WEEK_S", "Arc", "LifeCourse", "Path", "View", "best_arcs", "life_course"]

Floats = NDArray[np.float64]

DAY_S: Final = 86400.0
WEEK_S: Final = 7.0 * DAY_S
_BEST: Final = 3  # passes in one sky plot; more cannot be told apart in grey
_STEP_S: Final = 30.0  # 2 deg along a low orbit
_ROOM: Final = 1.25  # of the fan beyond the life that one in twenty outlasts
_SHORTEST_FAN_Y: Final = 0.25
_ARC_POINTS: Final = 61
_ALIKE_RAD: Final = math.radians(5.0)  # two lines nearer than that are one to the eye
_STRAIGHT_UP: Final = math.radians(89.0)  # above it there is no pass to speak of


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """The ground under a day of flight.

    Parameters
    ----------
    t_s, longitude_deg, latitude_deg : array, shape (n,), geodetic, east, [-180, 180]
    period_s : float, of a revolution
    """

    t_s: Floats
    longitude_deg: Floats
    latitude_deg: Floats
    period_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Arc:
    """One pass across a station's sky, from rise to set."""

    seen: Pass
    look: Look


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A station, and a week of passes over it.

    Parameters
    ----------
    name : str, as the spacecraft file has it
    place : Station
    mask_rad : float or None, least elevation from which the link closes; None if nowhere
    passes : Passes or None, those above the mask; None without one
    best : tuple of Arc, the highest passes, the highest first
    """

    name: str
    place: Station
    mask_rad: float | None
    passes: Passes | None
    best: tuple[Arc, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LifeCourse:
    """What is drawn of a satellite's life; times count from its start.

    Parameters
    ----------
    start : Epoch, of insertion
    path : Path, a day of it
    profile : SunProfile, a year of days
    views : tuple of View, one for each station
    fan : dict of Fall by "low", "mean", "high", from the epoch of the disposal
    """

    start: Epoch
    path: Path
    profile: SunProfile
    views: tuple[View, ...]
    fan: dict[str, Fall]


def life_course(craft: Spacecraft, orbit: FlownOrbit, left: Disposal) -> LifeCourse:
    """The first day, week and year of a spacecraft in its orbit, and its fall at the end.

    Parameters
    ----------
    craft : Spacecraft
    orbit : FlownOrbit, at insertion; its motion's epoch is the start
    left : Disposal, the orbit it is left in and how long it lasts

    Raises
    ------
    InputError
        If a station is not known, or data does not reach.

    Accuracy
    --------
    Of the mean motion: drag, Sun and Moon are left out, which moves passes by
    minutes within the week. The fan is by NRLMSISE-00.
    """
    start = orbit.motion.epoch
    days = np.arange(0.0, 365.0) * DAY_S
    views = tuple(_view(craft, ground, orbit, start) for ground in craft.stations)
    return LifeCourse(
        start,
        _path(orbit),
        sun_profile(orbit.motion, start, days),
        views,
        decay_curves(left.orbit, met_by_air(craft.body), _fan_years(left.life)),
    )


def _path(orbit: FlownOrbit) -> Path:
    times = np.append(np.arange(0.0, DAY_S, _STEP_S), DAY_S)
    ground = ground_path(propagate(orbit.motion, times, frame="ITRF"))
    return Path(times, ground.longitude_deg, ground.latitude_deg, orbit.period_s)


def _view(craft: Spacecraft, ground: Ground, orbit: FlownOrbit, start: Epoch) -> View:
    place = station(ground.place or ground.name)
    mask: float | None = ground.min_elevation_rad
    if craft.radio is not None:
        mask = closing_elevation_rad(craft.radio, ground, orbit.apogee_radius_m)
    if mask is None or mask >= _STRAIGHT_UP:
        return View(ground.name, place, None, None, ())
    found = find_passes({craft.body.name: orbit.motion}, [place], start, WEEK_S,
                        min_elevation_rad=mask)  # fmt: skip
    return View(ground.name, place, mask, found, best_arcs(found, orbit.motion, place))


def best_arcs(
    passes: Passes, motion: Motion, place: Station, count: int = _BEST
) -> tuple[Arc, ...]:
    """The highest passes with their way across the sky, no two of them alike.

    Those that the searched time cuts are left out.

    Parameters
    ----------
    passes : Passes, of this motion over this one station
    motion : Motion
    place : Station
    count : int, at most so many
    """
    whole = np.flatnonzero(~(passes.begins_cut | passes.ends_cut))
    heights = passes.look.elevation_rad[1, whole]
    order = _unlike(passes, whole[np.argsort(-heights, kind="stable")])[:count]
    return tuple(
        Arc(
            passes[int(k)],
            look(motion, place, passes.start, _along(passes, int(k))),
        )
        for k in order
    )


def _along(passes: Passes, k: int) -> Floats:
    """Times from rise to set."""
    return np.linspace(float(passes.t_s[0, k]), float(passes.t_s[2, k]), _ARC_POINTS)


def _unlike(passes: Passes, order: NDArray[np.intp]) -> list[int]:
    """Of passes that rise and set at nearly the same places, only the first."""
    kept: list[int] = []
    ends = passes.look.azimuth_rad[[0, 2]]
    for k in order.tolist():
        turns = np.abs(ends[:, [k]] - ends[:, kept])
        apart = np.minimum(turns, 2.0 * math.pi - turns)
        if not np.any(np.all(apart < _ALIKE_RAD, axis=0)):
            kept.append(k)
    return kept


def _fan_years(life: Lifetime) -> float:
    """So far that 19 lives in 20 have ended, or as far as lives were carried."""
    late = life.quantile(0.95)
    if not math.isfinite(late):
        return life.horizon_years
    return min(life.horizon_years, max(_SHORTEST_FAN_Y, _ROOM * late))
