"""The plane to launch into, from words: a node, a local time, or another satellite's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.mission.nouns import Environment, LocalTime, Target
from cosmodrome.mission.orbit_text import describe, parse_orbit
from cosmodrome.orbit.motion import Motion
from cosmodrome.orbit.secular import brouwer_rates
from cosmodrome.prompt.flying import Span, ages, flown
from cosmodrome.prompt.naming import keys_named
from cosmodrome.prompt.orbit_source import OrbitSource, chosen, orbit_source
from cosmodrome.windows.climbs import Climb
from cosmodrome.windows.planes import (
    Plane,
    given_node,
    local_time_node,
    mean_plane,
    met_after,
    node_of_orbit,
)

__all__ = ["Aim", "PlaneWords", "aim_of", "in_plane", "satellite_of", "unlike", "waited"]

_DAY_S: Final = 86400.0
_INSERTED_S: Final = 3.0 * 3600.0  # beyond the last lift-off a plane must still be known
_UNLIKE_DEG: Final = 1.0
_TELLING_DEG: Final = 0.02
_PARKING_KM: Final = 200.0
_WHAT: Final = (
    'RUN with a node in its orbit, --to "sso 500 km ltan 10:30", --raan DEG, --ltan HH:MM, '
    "--ltdn HH:MM or --plane-of FILE"
)


@dataclass(frozen=True, slots=True)
class PlaneWords:
    """Which plane, in words; at most one of the first four.

    Parameters
    ----------
    raan_deg : float or None, from the true equinox of date
    ltan, ltdn : str or None, as "10:30" or "10:30 apparent"
    file : path of a TLE, OMM, OEM, ... or of a run folder; its satellite's plane
    satellite : str or None, which one of the file
    meet_days : float
        Days after insertion at which the two planes are to be one.
    """

    raan_deg: float | None = None
    ltan: str | None = None
    ltdn: str | None = None
    file: str | Path | None = None
    satellite: str | None = None
    meet_days: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Aim:
    """The plane wanted, in words and as it moves.

    Parameters
    ----------
    told : str
    plane : Plane
    motion : Motion or None, of the satellite whose plane it is
    inclination_rad : float or None, its mean one at the start
    notes : tuple of str
    """

    told: str
    plane: Plane
    motion: Motion | None = None
    inclination_rad: float | None = None
    notes: tuple[str, ...] = field(default=())


def in_plane(aim: Aim) -> Target:
    """A parking orbit of 200 km in a satellite's plane, where no orbit is asked for."""
    assert aim.inclination_rad is not None
    tilt = math.degrees(aim.inclination_rad)
    return parse_orbit(f"{_PARKING_KM:g} km {tilt:.4f} deg")


def satellite_of(words: PlaneWords) -> OrbitSource | None:
    """The one satellite whose plane is wanted; None where no file is named.

    Raises
    ------
    InputError
        If the file cannot be used or holds several.
    """
    if words.file is None:
        return None
    holds = "a TLE, OMM, OEM, OPM, CSV, Parquet or a run folder"
    with keys_named({"RUN": "--plane-of"}, allowed=holds, in_files=True):
        source = orbit_source(words.file)
        source = chosen(source, [words.satellite] if words.satellite else [])
    if len(source.satellites) > 1:
        raise InputError(
            f"{words.file} holds {len(source.satellites)} satellites: one plane is needed",
            file=str(words.file),
            key="--satellite",
            allowed=", ".join(one.name for one in source.satellites),
        )
    return source


def aim_of(
    own: Target | None,
    words: PlaneWords,
    source: OrbitSource | None,
    span: Span,
    *,
    flown_already: bool,
) -> Aim:
    """The one plane that was named.

    Parameters
    ----------
    own : Target or None, whose node or local time is taken where no other is named
    words : PlaneWords
    source : OrbitSource or None, of `satellite_of`
    span : Span, of lift-offs
    flown_already : bool
        A flight serves for another plane than the one it was planned for.

    Raises
    ------
    InputError
        If none or several are named, or a text is no node.
    """
    has_own = own is not None and (own.raan_rad is not None or own.local_time is not None)
    said = {
        "--plane-of": words.file,
        "--raan": words.raan_deg,
        "--ltan": words.ltan,
        "--ltdn": words.ltdn,
    }
    given = [key for key, value in said.items() if value is not None]
    # The plane of a run may be another than the one it was planned for.
    if len(given) > 1 or (given and has_own and not flown_already):
        both = [*given, *(["the node in --to"] if has_own and not flown_already else [])]
        raise InputError(
            f"one plane, please: {' and '.join(both)} exclude each other",
            key=given[0],
            value=str(said[given[0]]),
            allowed=_WHAT,
        )
    if source is not None:
        return _aim_at(source, span, words)
    if given:
        key = given[0].removeprefix("--")
        own = _node_words(key, said[given[0]], given[0])
    if own is None or not (given or has_own):
        raise InputError(
            "no plane is named: without a node any instant will do", key="--to", allowed=_WHAT
        )
    if own.raan_rad is not None:
        angle = math.degrees(own.raan_rad)
        return Aim(f"node at {angle:.4f} deg, true equinox of date", given_node(own.raan_rad))
    assert own.local_time is not None
    return Aim(_clock_words(own.local_time), local_time_node(own.local_time))


def _node_words(key: str, value: Any, option: str) -> Target:
    """A node as an orbit text would say it."""
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    try:
        return parse_orbit(f"500 km 90 deg {key} {text}")
    except InputError as error:
        raise InputError(
            f"{option} {text!r} is no node",
            key=option,
            value=text,
            allowed="degrees" if key == "raan" else 'as "10:30" or "10:30 apparent"',
        ) from error


def _clock_words(time: LocalTime) -> str:
    minutes = round(time.hours * 3600.0)
    clock = f"{minutes // 3600:02d}:{minutes // 60 % 60:02d}:{minutes % 60:02d}"
    return f"{time.sun} local time {clock} at the {time.node} node"


def _aim_at(source: OrbitSource, span: Span, words: PlaneWords) -> Aim:
    """The plane of another satellite, as it turns."""
    longer = Span(span.start, span.duration_s + _INSERTED_S + words.meet_days * _DAY_S)
    one = source.satellites[0]
    if one.method == "table":
        motion = flown(source, span).motions[one.name]
        how = "as its file has it"
    else:
        moved = flown(source, longer)
        motion, how = moved.motions[one.name], moved.how
    now = mean_plane(motion, span.start, np.zeros(1))
    tilt, node = float(now.inclination_rad[0]), math.degrees(float(now.raan_rad[0]))
    told = (
        f"that of {one.name}: mean node at {node:.3f} deg on {span.start.utc(0)}, "
        f"inclined {math.degrees(tilt):.3f} deg, {how}"
    )
    return Aim(told, node_of_orbit(motion), motion, tilt, (*source.notes, *ages(source, span)))


def waited(aim: Aim, climbs: Sequence[Climb], words: PlaneWords, environment: Environment) -> Aim:
    """The plane to launch into so that both are one some days later.

    Raises
    ------
    InputError
        If days are said and no satellite.
    """
    if words.meet_days == 0.0:
        return aim
    if aim.motion is None or words.meet_days < 0.0:
        raise InputError(
            "days to a meeting belong to the plane of another satellite",
            key="--meet-days",
            value=words.meet_days,
            allowed="--plane-of FILE with it, and days from 0 on",
        )
    orbit = climbs[0].orbit
    rates = brouwer_rates(
        orbit.semi_major_axis_m, orbit.eccentricity, orbit.inclination_rad, environment
    )
    rate = float(rates.raan_rad_s)
    note = (
        f"the planes are one {words.meet_days:g} days after insertion if the launched one stays "
        f"in its first orbit, whose node moves by {math.degrees(rate * _DAY_S):.3f} deg a day"
    )
    plane = met_after(aim.plane, words.meet_days * _DAY_S, rate)
    return replace(aim, plane=plane, notes=(*aim.notes, note))


def unlike(aim: Aim, target: Target) -> list[str]:
    """How far the inclinations of satellite and target are apart, in words.

    Raises
    ------
    InputError
        By more than a degree.
    """
    if aim.inclination_rad is None or target.inclination_rad is None:
        return []
    apart = math.degrees(target.inclination_rad - aim.inclination_rad)
    if abs(apart) > _UNLIKE_DEG:
        raise InputError(
            f"{describe(target)} is no orbit in that plane: the inclinations are "
            f"{abs(apart):.2f} deg apart",
            key="--to",
            value=target.text,
            allowed=f"an inclination of about {math.degrees(aim.inclination_rad):.3f} deg",
        )
    if abs(apart) < _TELLING_DEG:
        return []
    return [f"the inclinations of the two orbits are {abs(apart):.3f} deg apart"]
