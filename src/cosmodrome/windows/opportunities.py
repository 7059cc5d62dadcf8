"""Launch opportunities over days or a year: instants, their conditions, and which are wanted."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.mission.nouns import Environment, LocalTime, Site
from cosmodrome.orbit.motion import Motion
from cosmodrome.windows.climbs import Climb
from cosmodrome.windows.conditions import Daylight, daylight, first_days, sun_elevation_rad
from cosmodrome.windows.instants import Greenwich, instants
from cosmodrome.windows.phases import inside, phase_rad
from cosmodrome.windows.planes import NodeTrack, Plane, local_time_node
from cosmodrome.windows.widths import NodeCurve, opening_s
from cosmodrome.world.epoch import Epoch

__all__ = ["Asked", "Opportunity", "Wanted", "in_corridor", "opportunities", "wanted_only"]

Array = NDArray[np.float64]

_TURN: Final = 2.0 * math.pi
_NOON: Final = LocalTime(12.0, "ascending")  # its node is where the mean Sun stands
_CORRIDOR_SLACK_RAD: Final = math.radians(1.0)  # an estimated azimuth is good to that


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A lift-off into the plane, and what it brings.

    Parameters
    ----------
    liftoff : Epoch
    climb : Climb, the way up
    raan_rad : float, at insertion, from the true equinox of date, [0, 2 pi)
    ltan_h : float, mean local time of the ascending node at insertion, [0, 24)
    sun_elevation_rad : float, over the pad's horizon at lift-off
    daylight : of `conditions.DAYLIGHTS`
    beta_rad : (at insertion, least, greatest in the first days)
    eclipse : (at insertion, greatest in the first days), share of a revolution
    phase_rad : float or None
        How far the satellite to be met is ahead at insertion.
    opens, closes : Epoch or None, of a window with a width
    """

    liftoff: Epoch
    climb: Climb
    raan_rad: float
    ltan_h: float
    sun_elevation_rad: float
    daylight: Daylight
    beta_rad: tuple[float, float, float]
    eclipse: tuple[float, float]
    phase_rad: float | None = None
    opens: Epoch | None = None
    closes: Epoch | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be found out beside the instants.

    Parameters
    ----------
    first_days : int, of Sun and shadow
    meets : Motion or None, the satellite whose phase is wanted
    curve : NodeCurve or None, payload against node
    payload_kg : float or None, for which a window is to be open
    """

    first_days: int = 3
    meets: Motion | None = None
    curve: NodeCurve | None = None
    payload_kg: float | None = None


def opportunities(
    climbs: Sequence[Climb],
    site: Site,
    plane: Plane,
    start: Epoch,
    duration_s: float,
    *,
    asked: Asked | None = None,
    environment: Environment | None = None,
) -> tuple[Opportunity, ...]:
    """Every lift-off into a plane by any of several ways up, in order of time.

    Parameters
    ----------
    climbs : sequence of Climb, as of `direct_climbs` or `flown_climb`
    site : Site
    plane : Plane, wanted at insertion
    start : Epoch
    duration_s : float
    asked : Asked or None
    environment : Environment or None, the WGS-84 Earth by default

    Returns
    -------
    tuple of Opportunity

    Raises
    ------
    InputError
        If the time is none, the plane is not known all the time, the payload is
        carried nowhere on the curve, or the ephemeris does not reach.

    Accuracy
    --------
    That of the climb: `flown_climb` or `direct_climbs`.
    """
    if not (math.isfinite(duration_s) and duration_s > 0.0):
        raise InputError(
            "the time to search must be longer than nothing",
            key="days",
            value=duration_s / 86400.0,
            allowed="a positive number",
        )
    if not climbs:
        return ()
    flights = [climb.flight_s for climb in climbs]
    ends = (min(flights), duration_s + max(flights))
    sky = _Sky(
        start,
        duration_s,
        NodeTrack.of(plane, start, ends),
        NodeTrack.of(local_time_node(_NOON), start, ends),
        Greenwich.of(start, (0.0, duration_s)),
    )
    found: list[Opportunity] = []
    for climb in climbs:
        found += _of_climb(climb, site, sky, asked or Asked(), environment)
    return tuple(sorted(found, key=lambda one: one.liftoff))


@dataclass(frozen=True, slots=True, eq=False)
class _Sky:
    """What all ways up share: the time, the plane wanted, the mean Sun, the turning Earth."""

    start: Epoch
    duration_s: float
    plane: NodeTrack
    mean_sun: NodeTrack
    greenwich: Greenwich


def _of_climb(
    climb: Climb, site: Site, sky: _Sky, asked: Asked, environment: Environment | None
) -> list[Opportunity]:
    start = sky.start
    t = instants(climb, site.longitude_rad, sky.plane, sky.greenwich, sky.duration_s)
    if t.size == 0:
        return []
    there = t + climb.flight_s
    nodes = np.mod(sky.plane.at(there), _TURN)
    local = (12.0 + (nodes - sky.mean_sun.at(there)) * 12.0 / math.pi) % 24.0
    early = first_days(climb.orbit, nodes, start, there, asked.first_days, environment)
    height = sun_elevation_rad(site, start, t, sky.greenwich.at(t), environment)
    phases: Sequence[float | None] = [None] * t.size
    if asked.meets is not None:
        phases = phase_rad(asked.meets, climb, nodes, start, there).tolist()
    widths = _widths(asked, sky.plane, there)
    return [
        Opportunity(
            start + float(t[k]),
            climb,
            float(nodes[k]),
            float(local[k]),
            float(height[k]),
            light,
            (float(early.beta_rad[k, 0]), *_ends(early.beta_rad[k])),
            (float(early.eclipse[k, 0]), float(np.max(early.eclipse[k]))),
            phases[k],
            None if widths is None else start + (float(t[k]) + widths[k][0]),
            None if widths is None else start + (float(t[k]) + widths[k][1]),
        )
        for k, light in enumerate(daylight(height))
    ]


def _ends(values: Array) -> tuple[float, float]:
    return float(np.min(values)), float(np.max(values))


def _widths(asked: Asked, track: NodeTrack, there: Array) -> list[tuple[float, float]] | None:
    """Seconds from each instant to the window's opening and close."""
    if asked.curve is None or asked.payload_kg is None:
        return None
    around = (track.at(there + 600.0) - track.at(there - 600.0)) / 1200.0
    both = [opening_s(asked.curve, asked.payload_kg, float(rate)) for rate in around]
    found = [one for one in both if one is not None]
    if len(found) < len(both):
        most = float(np.max(asked.curve.payload_kg))
        raise InputError(
            f"{asked.payload_kg:g} kg are carried at no instant: the most is {most:.1f} kg",
            key="payload_kg",
            value=asked.payload_kg,
            allowed=f"up to {most:.1f}",
        )
    return found


@dataclass(frozen=True, slots=True)
class Wanted:
    """Conditions that a launch has to meet; None asks for nothing.

    Parameters
    ----------
    daylight : tuple of `conditions.DAYLIGHTS`, any of them; empty for any
    beta_min_rad, beta_max_rad : float or None
        For the size of beta, whichever side the Sun is on, in all the first days.
    eclipse_max : float or None, greatest share of a revolution in the first days
    phase_rad : (first, last) or None, counted forward
    """

    daylight: tuple[Daylight, ...] = ()
    beta_min_rad: float | None = None
    beta_max_rad: float | None = None
    eclipse_max: float | None = None
    phase_rad: tuple[float, float] | None = None


def wanted_only(
    found: Sequence[Opportunity], wanted: Wanted
) -> tuple[tuple[Opportunity, ...], dict[str, int]]:
    """The opportunities that meet every condition, and how many each one turned away.

    Returns
    -------
    (tuple of Opportunity, dict of str to int)
        One that several conditions turn away is counted for each of them.
    """
    kept, turned = [], Counter[str]()
    for one in found:
        against = _against(one, wanted)
        turned.update(against)
        if not against:
            kept.append(one)
    return tuple(kept), dict(turned)


def _against(one: Opportunity, wanted: Wanted) -> list[str]:
    least = 0.0 if one.beta_rad[1] * one.beta_rad[2] < 0.0 else min(map(abs, one.beta_rad[1:]))
    greatest = max(map(abs, one.beta_rad[1:]))
    said = []
    if wanted.daylight and one.daylight not in wanted.daylight:
        said.append("daylight")
    if wanted.beta_min_rad is not None and least < wanted.beta_min_rad:
        said.append("beta_min")
    if wanted.beta_max_rad is not None and greatest > wanted.beta_max_rad:
        said.append("beta_max")
    if wanted.eclipse_max is not None and one.eclipse[1] > wanted.eclipse_max:
        said.append("eclipse_max")
    if wanted.phase_rad is not None and (
        one.phase_rad is None or not inside(np.array([one.phase_rad]), *wanted.phase_rad)[0]
    ):
        said.append("phase")
    return said


def in_corridor(climb: Climb, site: Site) -> bool:
    """Whether a way up leaves through one of the site's corridors.

    A flown one was held inside by its plan. An estimate within a degree of an
    edge counts as inside.
    """
    if climb.flown or not site.azimuths_rad:
        return True
    for first, last in site.azimuths_rad:
        width = (last - first) % _TURN or _TURN
        past = (climb.azimuth_rad - first + _CORRIDOR_SLACK_RAD) % _TURN
        if past <= width + 2.0 * _CORRIDOR_SLACK_RAD:
            return True
    return False
