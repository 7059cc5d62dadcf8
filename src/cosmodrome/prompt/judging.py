"""Somebody else's trajectory put through our judge: from words to a plain document."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cosmodrome.campaign.progress import Tell, silent
from cosmodrome.errors import InputError
from cosmodrome.io.recognise import Reading, read_any, trajectory_from
from cosmodrome.mission.mission_file import load_mission
from cosmodrome.mission.nouns import Limits, Mission, Target
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.prompt.asking import mission_from, sheet_from, site_from
from cosmodrome.prompt.command import command_line
from cosmodrome.prompt.judging_document import flight_table, judged_document
from cosmodrome.prompt.naming import keys_named
from cosmodrome.verify.foreign import Wanted, judge_foreign
from cosmodrome.verify.verdict import Tolerances
from cosmodrome.version import VERSION
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import Trajectory

__all__ = ["Asked", "Judged", "judge"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a file is to be judged against, as it was typed; None is "not said".

    Parameters
    ----------
    orbit : orbit text; may be left out with a mission
    vehicle, site : names or files, each without the other if wanted
    mission : path of a mission file, instead of vehicle and site
    at_s, fairing_s : when the orbit is reached, when the fairing goes, after the
        file's t = 0
    epoch_utc, frame : of a table that does not say them
    tolerances : Tolerances
    """

    orbit: str | None = None
    vehicle: str | None = None
    site: str | None = None
    mission: str | None = None
    at_s: float | None = None
    fairing_s: float | None = None
    epoch_utc: str | None = None
    frame: str | None = None
    tolerances: Tolerances = field(default_factory=Tolerances)


@dataclass(frozen=True, slots=True, repr=False)
class Judged:
    """A judged trajectory, ready to be shown.

    Parameters
    ----------
    status : "passed" or "verification_failed"
    document : dict, the JSON of `cosmodrome judge --json`
    table : dict of str to array, the trajectory in door units, as of a run folder
    """

    status: str
    document: dict[str, Any]
    table: dict[str, NDArray[np.generic]]

    @property
    def passed(self) -> bool:
        """Whether the states belong together, reach the orbit and keep the limits."""
        return self.status == "passed"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.status}: {self.document['file']['name']}>"


def judge(file: str | Path, asked: Asked, tell: Tell | None = None) -> Judged:
    """Judge a trajectory of anybody's: an OEM, a CSV or a Parquet.

    Parameters
    ----------
    file : path
    asked : Asked
    tell : callable(text, share) or None

    Returns
    -------
    Judged

    Raises
    ------
    InputError
        If the file or what was asked cannot be used.

    Accuracy
    --------
    As `verify.foreign.judge_foreign`.
    """
    tell = tell or silent
    wanted, mission = _wanted(asked)
    tell("reading the file", 0.0)
    reading, trajectory = _read(file, asked)
    tell("judging it", 0.3)
    try:
        with keys_named({"at_s": "--at"}):
            verdict = judge_foreign(trajectory, wanted)
    except InputError as error:
        error.file = error.file or str(file)
        raise
    document = judged_document(reading, trajectory, wanted, verdict, mission)
    content = Path(file).read_bytes()
    document["provenance"] = {
        "cosmodrome": VERSION,
        "inputs_sha256": hashlib.sha256(content).hexdigest(),
        "command": _command(file, asked),
    }
    table = flight_table(trajectory, verdict)
    return Judged(str(document["status"]), document, table)


def _read(file: str | Path, asked: Asked) -> tuple[Reading, Trajectory]:
    place = Path(file)
    if place.is_dir():
        inside = place / "trajectory.parquet"
        raise InputError(
            f"{place} is a folder, not a file",
            file=str(place),
            key="FILE",
            value=str(place),
            allowed=str(inside) if inside.is_file() else "an OEM, CSV or Parquet",
        )
    epoch = None if asked.epoch_utc is None else Epoch.parse(asked.epoch_utc)
    reading = read_any(place, epoch=epoch, frame=asked.frame)
    if reading.form != "CSV" and (epoch is not None or asked.frame is not None):
        option = "--epoch" if epoch is not None else "--frame"
        raise InputError(
            f"{option} belongs to a CSV that does not say it; an {reading.form} has its own",
            file=str(place),
            key=option,
            allowed=f"{place} without {option}",
        )
    return reading, trajectory_from(reading)


def _wanted(asked: Asked) -> tuple[Wanted, Mission | None]:
    """What it is judged against, and the mission where there is a whole one."""
    for option, value in (("--at", asked.at_s), ("--fairing", asked.fairing_s)):
        if value is not None and not np.isfinite(value):
            raise InputError(f"{option} {value} is no time", key=option, value=value)
    timed: dict[str, Any] = {
        "at_s": asked.at_s,
        "fairing_s": asked.fairing_s,
        "tolerances": asked.tolerances,
    }
    mission = _mission(asked)
    if mission is not None:
        resolved = _resolved(mission)
        found = Wanted(resolved, mission.environment, mission.limits, mission.vehicle, mission.site)
        return replace(found, **timed), mission
    target = parse_orbit(_orbit(asked))
    if asked.vehicle is not None:
        sheet = sheet_from(asked.vehicle)
        found = Wanted(target, limits=sheet.limits(), vehicle=sheet.vehicle())
    elif asked.site is not None:
        site = site_from(asked.site).site()
        found = Wanted(target, limits=Limits(azimuths_rad=site.azimuths_rad), site=site)
    else:
        found = Wanted(target)
    return replace(found, **timed), None


def _mission(asked: Asked) -> Mission | None:
    """The mission that was named whole, or by vehicle, site and orbit together."""
    if asked.mission is None:
        if asked.vehicle is None or asked.site is None:
            return None
        return mission_from(asked.vehicle, asked.site, _orbit(asked))
    for option, value in (("--vehicle", asked.vehicle), ("--from", asked.site)):
        if value is not None:
            raise InputError(
                f"{option} and --mission exclude each other: a mission has its own",
                key=option,
                value=value,
                allowed=f"--mission {asked.mission} alone",
            )
    mission = load_mission(asked.mission)
    if mission.inertial_angle_rad is not None:
        raise InputError(
            f"{asked.mission} flies in axes of its own, tied to no sky",
            file=asked.mission,
            key="mission.inertial_angle_deg",
            allowed="a mission without inertial_angle_deg",
        )
    if asked.orbit is None:
        return mission
    earth = mission.environment
    known = {"equatorial_radius_m": earth.equatorial_radius_m, "mu_m3_s2": earth.mu_m3_s2}
    if earth.zonals:
        known["j2"] = earth.zonals[0]
    return replace(mission, target=parse_orbit(asked.orbit, **known))


def _orbit(asked: Asked) -> str:
    if asked.orbit is None:
        raise InputError(
            "--to missing: say which orbit the trajectory is to reach",
            key="--to",
            allowed='--to ORBIT, e.g. --to "200 km 51.7 deg", or --mission MISSION.toml',
        )
    return asked.orbit


def _resolved(mission: Mission) -> Target:
    """The target with the least inclination that the site reaches, where it is left free."""
    from cosmodrome.ascent.planes import resolved_target

    return resolved_target(mission)


def _command(file: str | Path, asked: Asked) -> str:
    """What to type for the same judgement."""
    words = ["judge", str(file)]
    named = {
        "--vehicle": asked.vehicle,
        "--mission": asked.mission,
        "--at": asked.at_s,
        "--fairing": asked.fairing_s,
        "--frame": asked.frame,
    }
    for option, value in named.items():
        if value is not None:
            words += [option, f"{value:.15g}" if isinstance(value, float) else str(value)]
    said: dict[str, Any] = {"site": asked.site, "orbit": asked.orbit, "epoch_utc": asked.epoch_utc}
    usual = Tolerances()
    if asked.tolerances.position_m != usual.position_m:
        said["position_tolerance_m"] = asked.tolerances.position_m
    if asked.tolerances.velocity_m_s != usual.velocity_m_s:
        said["velocity_tolerance_m_s"] = asked.tolerances.velocity_m_s
    return command_line(words, said)
