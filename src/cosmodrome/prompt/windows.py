"""When to launch: from words to the plain document that every door shows."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from cosmodrome.campaign.progress import Tell
from cosmodrome.errors import InputError
from cosmodrome.mission.mission_file import load_mission
from cosmodrome.mission.nouns import Environment, Mission, Site, Target
from cosmodrome.mission.orbit_text import describe, parse_orbit
from cosmodrome.prompt.asking import site_from
from cosmodrome.prompt.data_age import data_age
from cosmodrome.prompt.flying import Span
from cosmodrome.prompt.orbit_source import DEFAULT_EPOCH_UTC, orbit_source
from cosmodrome.prompt.run_folder import RUN_FOLDER
from cosmodrome.prompt.window_aim import (
    Aim,
    PlaneWords,
    aim_of,
    in_plane,
    satellite_of,
    unlike,
    waited,
)
from cosmodrome.windows.climbs import FLIGHT_S, LEAD_S, Climb, direct_climbs, flown_climb
from cosmodrome.windows.conditions import DAYLIGHTS, Daylight
from cosmodrome.windows.opportunities import (
    Asked,
    Opportunity,
    Wanted,
    in_corridor,
    opportunities,
    wanted_only,
)
from cosmodrome.windows.widths import NodeCurve
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import Trajectory

__all__ = ["PlaneWords", "Wishes", "windows", "windows_of_flight"]


_DAY_S: Final = 86400.0
_DAYS: Final = 7.0
_MOST_DAYS: Final = 3660.0
_SPREAD_S: Final = 140.0


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a launch has to be like, and what more is wanted of it.

    Parameters
    ----------
    leg : "ascending", "descending" or None for both
    any_azimuth : bool, ways up outside the site's corridors too
    daylight : tuple of "day", "civil", "nautical", "astronomical", "night"
    beta_min_deg, beta_max_deg : float or None, of the size of beta in the first days
    eclipse_max_percent : float or None, of a revolution in the first days
    phase_deg : (first, last) or None, how far the satellite is ahead at insertion
    payload_kg : float or None, for which windows are to be open
    node_curve : path of a CSV with columns offset_deg, payload_kg, or None
        Without it the vehicle of a run folder is planned a few times.
    first_days : int
    """

    leg: str | None = None
    any_azimuth: bool = False
    daylight: tuple[Daylight, ...] = ()
    beta_min_deg: float | None = None
    beta_max_deg: float | None = None
    eclipse_max_percent: float | None = None
    phase_deg: tuple[float, float] | None = None
    payload_kg: float | None = None
    node_curve: str | Path | None = None
    first_days: int = 3


@dataclass(frozen=True, slots=True, eq=False)
class _Ascent:
    """Where a launch starts and leads: of a run, or estimated."""

    told: str
    site: Site
    target: Target | None
    environment: Environment
    mission: Mission | None = None
    trajectory: Trajectory | None = None
    start_utc: str = DEFAULT_EPOCH_UTC


def windows(
    place: str | Path | None = None,
    *,
    site: str | Path | None = None,
    orbit: str | None = None,
    plane: PlaneWords | None = None,
    start_utc: str | None = None,
    days: float | None = None,
    wishes: Wishes | None = None,
    progress: Tell | None = None,
) -> dict[str, Any]:
    """Launch opportunities into a plane; the same as `cosmodrome windows`.

    Parameters
    ----------
    place : path of a run folder, whose flight is taken; or None
    site, orbit : site and orbit text, where there is no run: a direct ascent is estimated
    plane : PlaneWords or None, the orbit's own node or local time by default
    start_utc : str or None
        The mission's epoch, the satellite's, or 2027-03-20T12:00:00Z by default.
    days : float or None, 7 by default
    wishes : Wishes or None
    progress : callable(text, share done) or None

    Returns
    -------
    dict
        As the contract's `windows`, with the ways up, what turned others away and notes;
        `remedies` names the wishes that would show more, for each door to put in its words.

    Raises
    ------
    InputError
        Anything that cannot be used, or a plane that the site does not reach.

    Examples
    --------
    ``windows(site="vostochny", orbit="sso 500 km ltan 10:30", days=30)``
    """
    words = plane or PlaneWords()
    ascent = _ascent(place, site, orbit, with_plane=words.file is not None)
    return _told(ascent, words, (start_utc, days), wishes or Wishes(), progress)


def windows_of_flight(
    mission: Mission,
    trajectory: Trajectory,
    *,
    plane: PlaneWords | None = None,
    start_utc: str | None = None,
    days: float | None = None,
    wishes: Wishes | None = None,
    progress: Tell | None = None,
) -> dict[str, Any]:
    """As `windows`, for a flight in hand.

    Parameters
    ----------
    mission : Mission, that was flown
    trajectory : Trajectory, from lift-off (its epoch) to insertion
    plane, start_utc, days, wishes, progress : as of `windows`

    Raises
    ------
    InputError
        As `windows`; a target without a node needs a `plane`.
    """
    ascent = _flight(mission, trajectory, "as flown")
    return _told(ascent, plane or PlaneWords(), (start_utc, days), wishes or Wishes(), progress)


def _told(
    ascent: _Ascent,
    words: PlaneWords,
    when: tuple[str | None, float | None],
    wishes: Wishes,
    progress: Tell | None,
) -> dict[str, Any]:
    """The document, once it is known where a launch starts."""
    source = satellite_of(words)
    start = Epoch.parse(when[0] or (source.start.utc(0) if source else ascent.start_utc))
    span = Span(start, _length(when[1]))
    run = ascent.trajectory is not None
    aim = aim_of(ascent.target, words, source, span, flown_already=run)
    target = ascent.target or in_plane(aim)
    climbs = _climbs(ascent, target, mean=aim.motion is not None)
    kept, notes = _allowed(climbs, ascent.site, wishes)
    barred = any(one not in kept and wishes.leg in (None, one.leg) for one in climbs)
    aim = waited(aim, kept, words, ascent.environment)
    asked = Asked(
        wishes.first_days, aim.motion, _curve(ascent, wishes, progress), wishes.payload_kg
    )
    found = opportunities(
        kept, ascent.site, aim.plane, span.start, span.duration_s,
        asked=asked, environment=ascent.environment,
    )  # fmt: skip
    good, turned = wanted_only(found, _wanted(wishes, aim))
    return {
        "from": ascent.told,
        "orbit": describe(target),
        "plane": aim.told,
        "method": _method(kept),
        "start_utc": span.start.utc(3),
        "end_utc": span.end.utc(3),
        "days": span.duration_s / _DAY_S,
        "first_days": wishes.first_days,
        "ways": [_way(one, ascent.site) for one in climbs],
        "found": len(found),
        "turned_away": turned,
        "windows": [_row(one) for one in good],
        "node_curve": _curve_told(asked.curve),
        "notes": [*notes, *aim.notes, *unlike(aim, target), *data_age(span)],
        "remedies": ["any_azimuth"] if barred else [],
    }


# ---------------------------------------------------------------- where from, where to


def _ascent(
    place: str | Path | None, site: str | Path | None, orbit: str | None, *, with_plane: bool
) -> _Ascent:
    if place is not None:
        if site is not None or orbit is not None:
            raise InputError(
                "a run folder has its own site and orbit",
                key="RUN",
                value=str(place),
                allowed="RUN alone, or --from SITE with --to ORBIT",
            )
        run = orbit_source(place)
        if run.trajectory is None or not (Path(place) / "mission.toml").is_file():
            raise InputError(
                f"{place} is not the folder of a plan",
                file=str(place),
                key="RUN",
                value=str(place),
                allowed=RUN_FOLDER,
            )
        mission = load_mission(Path(place) / "mission.toml")
        return _flight(mission, run.trajectory, f"as flown in {place}")
    if site is None or (orbit is None and not with_plane):
        raise InputError(
            "say where it starts and where it goes",
            key="--from" if site is None else "--to",
            allowed="RUN, or --from SITE with --to ORBIT or --plane-of FILE",
        )
    target = None if orbit is None else parse_orbit(orbit)
    pad = site_from(site).site()
    return _Ascent(_pad(pad), pad, target, Environment())


def _flight(mission: Mission, trajectory: Trajectory, how: str) -> _Ascent:
    if mission.inertial_angle_rad is not None:
        raise InputError(
            "a mission with a given inertial angle lifts off at no instant",
            key="inertial_angle_deg",
            value=math.degrees(mission.inertial_angle_rad),
            allowed="a mission without it; its node or local time then sets the instant",
        )
    told = f"{mission.vehicle.name} from {_pad(mission.site)} {how}"
    start = mission.epoch_utc
    where = (mission.site, mission.target, mission.environment)
    return _Ascent(told, *where, mission, trajectory, start)


def _pad(site: Site) -> str:
    return f"{site.name}/{site.pad}" if site.pad else site.name


def _length(days: float | None) -> float:
    length = _DAYS if days is None else days
    if not 0.0 < length <= _MOST_DAYS:
        raise InputError(
            f"{length:g} days cannot be searched",
            key="--days",
            value=length,
            allowed=f"more than 0, at most {_MOST_DAYS:g}",
        )
    return length * _DAY_S


# ---------------------------------------------------------------- ways up


def _climbs(ascent: _Ascent, target: Target, *, mean: bool) -> tuple[Climb, ...]:
    if ascent.trajectory is not None:
        by_mean = mean or target.elements == "mean"
        return (flown_climb(ascent.trajectory, ascent.site, ascent.environment, mean=by_mean),)
    return direct_climbs(ascent.site, target, ascent.environment)


def _allowed(
    climbs: Sequence[Climb], site: Site, wishes: Wishes
) -> tuple[tuple[Climb, ...], list[str]]:
    """The ways up that are wanted, and what is to be said of the others."""
    kept, notes = [], []
    if not climbs[0].flown:
        notes.append(
            f"no flight is given: lift-off is set {LEAD_S:g} s before the pad is in the plane and "
            f"insertion {FLIGHT_S:g} s after it, as in optimal plans within about {_SPREAD_S:g} s; "
            "a run folder gives its own"
        )
    for one in climbs:
        if wishes.leg not in (None, one.leg):
            continue
        if wishes.any_azimuth or in_corridor(one, site):
            kept.append(one)
            continue
        notes.append(
            f"the {one.leg} way, azimuth {math.degrees(one.azimuth_rad):.1f} deg, is outside the "
            f"corridor of {_pad(site)}, {_corridors(site)}"
        )
    if not kept:
        said = notes[-1] if len(notes) > 1 else f"there is no {wishes.leg} way up"
        raise InputError(
            said,
            key="--leg" if wishes.leg else "--from",
            value=wishes.leg or _pad(site),
            allowed="; ".join(
                f"{one.leg} at azimuth {math.degrees(one.azimuth_rad):.1f} deg" for one in climbs
            ),
        )
    return tuple(kept), notes


def _corridors(site: Site) -> str:
    pairs = (tuple(math.degrees(x) for x in pair) for pair in site.azimuths_rad)
    return ", ".join(f"{first:g} to {last:g} deg" for first, last in pairs)


def _method(climbs: Sequence[Climb]) -> str:
    if climbs[0].flown:
        return f"the flight of the run, {climbs[0].flight_s:.1f} s to insertion"
    return "a direct ascent, estimated"


def _wanted(wishes: Wishes, aim: Aim) -> Wanted:
    for one in wishes.daylight:
        if one not in DAYLIGHTS:
            raise InputError(
                "unknown light", key="--daylight", value=one, allowed=", ".join(DAYLIGHTS)
            )
    if wishes.phase_deg is not None and aim.motion is None:
        raise InputError(
            "a phase belongs to the plane of another satellite",
            key="--phase",
            value=f"{wishes.phase_deg[0]:g}:{wishes.phase_deg[1]:g}",
            allowed="--plane-of FILE with it",
        )

    def angle(value: float | None) -> float | None:
        return None if value is None else math.radians(value)

    most = wishes.eclipse_max_percent
    first, last = wishes.phase_deg or (0.0, 0.0)
    return Wanted(
        wishes.daylight,
        angle(wishes.beta_min_deg),
        angle(wishes.beta_max_deg),
        None if most is None else 0.01 * most,
        None if wishes.phase_deg is None else (math.radians(first), math.radians(last)),
    )


# ---------------------------------------------------------------- width


def _curve(ascent: _Ascent, wishes: Wishes, progress: Tell | None) -> NodeCurve | None:
    """Payload against node: read, or planned."""
    if wishes.payload_kg is None:
        if wishes.node_curve is not None:
            raise InputError(
                "a curve of payload against node needs the payload to be carried",
                key="--width-payload",
                allowed="--width-payload KG with --node-curve FILE",
            )
        return None
    if wishes.node_curve is not None:
        return _read_curve(Path(wishes.node_curve))
    if ascent.mission is None:
        raise InputError(
            "how wide a window is depends on the vehicle",
            key="--width-payload",
            value=wishes.payload_kg,
            allowed="a run folder, or --node-curve FILE with columns offset_deg, payload_kg",
        )
    from cosmodrome.campaign.node_curve import node_curve

    return node_curve(ascent.mission, wishes.payload_kg, progress=progress)


def _read_curve(path: Path) -> NodeCurve:
    try:
        with path.open(encoding="utf-8", newline="") as text:
            rows = list(csv.DictReader(text))
        pairs = sorted((float(row["offset_deg"]), float(row["payload_kg"])) for row in rows)
        offset, payload = (np.array(column) for column in zip(*pairs, strict=True))
        return NodeCurve(np.radians(offset), payload)
    except (OSError, UnicodeDecodeError, KeyError, TypeError, ValueError, InputError) as error:
        why = error.strerror.lower() if isinstance(error, OSError) and error.strerror else error
        raise InputError(
            f"{path} is no curve of payload against node ({why})",
            file=str(path),
            key="--node-curve",
            value=str(path),
            allowed="a CSV with the columns offset_deg and payload_kg, two rows or more",
        ) from error


def _curve_told(curve: NodeCurve | None) -> list[dict[str, float]] | None:
    if curve is None:
        return None
    return [
        {"offset_deg": math.degrees(float(x)), "payload_kg": float(y)}
        for x, y in zip(curve.offset_rad, curve.payload_kg, strict=True)
    ]


# ---------------------------------------------------------------- the document


def _way(one: Climb, site: Site) -> dict[str, Any]:
    return {
        "node": one.leg,
        "azimuth_deg": math.degrees(one.azimuth_rad),
        "inertial_azimuth_deg": math.degrees(one.inertial_azimuth_rad),
        "node_from_pad_deg": math.degrees(one.node_from_pad_rad),
        "flight_s": one.flight_s,
        "flown": one.flown,
        "in_corridor": in_corridor(one, site),
    }


def _row(one: Opportunity) -> dict[str, Any]:
    row: dict[str, Any] = {
        "utc": one.liftoff.utc(3),
        "azimuth_deg": math.degrees(one.climb.azimuth_rad),
        "inertial_azimuth_deg": math.degrees(one.climb.inertial_azimuth_rad),
        "node": one.climb.leg,
        "raan_deg": math.degrees(one.raan_rad),
    }
    if one.opens is not None and one.closes is not None:
        row |= {"opens_utc": one.opens.utc(0), "closes_utc": one.closes.utc(0)}
    seconds = round(one.ltan_h * 3600.0) % 86400
    beta, dark = [math.degrees(x) for x in one.beta_rad], one.eclipse
    row["conditions"] = {
        "daylight": one.daylight,
        "sun_elevation_deg": math.degrees(one.sun_elevation_rad),
        "ltan": f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}",
        "beta_deg": beta[0],
        "beta_min_deg": beta[1],
        "beta_max_deg": beta[2],
        "eclipse_percent": 100.0 * dark[0],
        "eclipse_max_percent": 100.0 * dark[1],
        "phase_deg": None if one.phase_rad is None else math.degrees(one.phase_rad),
    }
    return row
