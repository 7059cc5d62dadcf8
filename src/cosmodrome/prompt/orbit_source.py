"""Where an orbit comes from: a run folder, an orbit text, or a file. One definition for all."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from cosmodrome.errors import InputError
from cosmodrome.io.conversion import state_of
from cosmodrome.io.message import Block
from cosmodrome.io.recognise import Reading, motions_of, read_any, trajectory_from
from cosmodrome.orbit.motion import Motion, Secular, Sgp4, Tabulated
from cosmodrome.prompt.run_folder import RUN_FOLDER, read_result
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import State, Trajectory, in_frame

if TYPE_CHECKING:
    from cosmodrome.mission.nouns import Target

__all__ = [
    "DEFAULT_EPOCH_UTC",
    "Method",
    "OrbitSource",
    "Satellite",
    "chosen",
    "orbit_source",
    "source_of",
    "source_of_reading",
]

DEFAULT_EPOCH_UTC: Final = "2027-03-20T12:00:00Z"
Method = Literal["sgp4", "table", "numerical", "secular", "two-body"]

_NAMED: Final = 3  # satellites told by name
_LISTED: Final = 200  # satellites to choose from
_ALLOWED: Final = 'a run folder, --file FILE, or --orbit "sso 500 km" with --epoch UTC'
_NOT_AN_ORBIT: Final = {
    "infeasible": "its orbit was out of reach",
    "not_converged": "its plan did not converge",
    "verification_failed": "its re-flight disagrees with its plan",
}


@dataclass(frozen=True, slots=True, eq=False)
class Satellite:
    """One object, and what is known of it.

    Parameters
    ----------
    name : str
    body : State or Motion
        A state has to be propagated; a motion is read off unless asked otherwise.
    method : Method, how it moves unless asked otherwise
    drag_m2_kg : float or None, drag coefficient times area over mass, where a file says it
    """

    name: str
    body: State | Motion
    method: Method
    drag_m2_kg: float | None = None

    @property
    def epoch(self) -> Epoch:
        """Of the elements or the state; of a table its last one."""
        return self.state().epoch if isinstance(self.body, Tabulated) else self.body.epoch

    def state(self) -> State:
        """The state that another method goes on from: a table's last, else at the epoch.

        Raises
        ------
        InputError
            If SGP4 gives none.
        """
        if isinstance(self.body, State):
            return self.body
        if isinstance(self.body, Tabulated):
            last = self.body.trajectory.state(-1)
            return in_frame(last, "GCRF") if last.frame == "ITRF" else last
        import numpy as np

        r, v = self.body.at(np.zeros(1))
        return State(self.body.epoch, self.body.frame, r[0], v[0])


@dataclass(frozen=True, slots=True, eq=False)
class OrbitSource:
    """What an orbit came from.

    Parameters
    ----------
    told : str, in words
    satellites : tuple of Satellite, names all different
    start : Epoch, where a search begins unless asked otherwise
    notes : tuple of str, what had to be assumed
    trajectory : Trajectory or None, of a run folder or a table
    vehicle : str or None, that flew it, of a run folder
    """

    told: str
    satellites: tuple[Satellite, ...]
    start: Epoch
    notes: tuple[str, ...] = ()
    trajectory: Trajectory | None = None
    vehicle: str | None = None

    def only(self) -> Satellite:
        """The one satellite that there is.

        Raises
        ------
        InputError
            If there are several; it lists them.
        """
        if len(self.satellites) != 1:
            raise InputError(
                f"{len(self.satellites)} satellites stand there; choose one",
                key="--satellite",
                allowed=", ".join(one.name for one in self.satellites[:_LISTED]),
            )
        return self.satellites[0]


def orbit_source(
    place: str | Path | None = None,
    *,
    orbit: str | None = None,
    epoch_utc: str | None = None,
    file: str | Path | None = None,
) -> OrbitSource:
    """An orbit from one of the three things it can come from.

    Parameters
    ----------
    place : path of a run folder (its insertion), or of a file
    orbit : orbit text as after `--to`: elements osculating or mean as it says,
        its node by the local time where there is one
    epoch_utc : str or None, of the orbit text; 2027-03-20T12:00:00Z by default
    file : path of an OEM, OPM, OMM, TLE, CSV or Parquet

    Raises
    ------
    InputError
        If not exactly one is given, or it cannot be used.
    """
    given = [one for one in (place, orbit, file) if one is not None]
    if len(given) != 1:
        raise InputError(
            "say where the orbit comes from"
            if not given
            else "RUN, --orbit and --file exclude each other: give one orbit",
            key="RUN",
            value=", ".join(str(one) for one in given) or None,
            allowed=_ALLOWED,
        )
    if orbit is not None:
        return _from_text(orbit, Epoch.parse(epoch_utc or DEFAULT_EPOCH_UTC))
    path = Path(str(given[0]))
    if path.is_dir():
        _refuse_epoch(epoch_utc, "a run folder has its own")
        return _from_run(path)
    if not path.is_file():
        raise InputError(
            f"{path} is neither a run folder nor a file",
            file=str(path),
            key="RUN" if file is None else "--file",
            value=str(path),
            allowed=_ALLOWED,
        )
    epoch = None if epoch_utc is None else Epoch.parse(epoch_utc)
    reading = read_any(path, epoch=epoch)
    if reading.form != "CSV":
        _refuse_epoch(epoch_utc, f"{reading.one} has its own")
    return source_of_reading(reading)


def source_of(subject: str | Path | Reading, epoch_utc: str | None = None) -> OrbitSource:
    """An orbit from whatever was handed in: a path, a reading, or an orbit text.

    Raises
    ------
    InputError
        If it cannot be used.
    """
    if isinstance(subject, Reading):
        _refuse_epoch(epoch_utc, "a file has its own")
        return source_of_reading(subject)
    if isinstance(subject, Path) or Path(subject).exists():
        return orbit_source(subject, epoch_utc=epoch_utc)
    return orbit_source(orbit=subject, epoch_utc=epoch_utc)


def _refuse_epoch(epoch_utc: str | None, why: str) -> None:
    if epoch_utc is not None:
        raise InputError(
            f"an epoch belongs to an orbit text; {why}",
            key="--epoch",
            value=epoch_utc,
            allowed="--orbit with it, or --start for the beginning of a search",
        )


# ---------------------------------------------------------------------- a run folder


def _from_run(folder: Path) -> OrbitSource:
    flown = folder / "trajectory.parquet"
    # A trajectory without an answer beside it, or with one of no status, is followed.
    document = read_result(folder, taken=("optimal", None, *_NOT_AN_ORBIT)) or {}
    status = document.get("status")
    if status in _NOT_AN_ORBIT or not flown.is_file():
        why = _NOT_AN_ORBIT.get(str(status), "there is no trajectory.parquet in it")
        raise InputError(
            f"{folder} holds no orbit to go on from: {why}",
            file=str(folder),
            key="RUN",
            value=str(folder),
            allowed=RUN_FOLDER,
        )
    trajectory = trajectory_from(read_any(flown))
    state = trajectory.state(-1)
    vehicle = document.get("vehicle")
    who = f"{vehicle} from {document.get('site')}" if vehicle else "a flight"
    told = f"{folder}: {who}, insertion at {state.epoch.utc(3)}"
    name = f"{vehicle} payload" if vehicle else folder.resolve().name
    satellite = Satellite(name, state, "numerical")
    return OrbitSource(
        told, (satellite,), state.epoch, (), trajectory, str(vehicle) if vehicle else None
    )


# ---------------------------------------------------------------------- an orbit text


def _from_text(text: str, epoch: Epoch) -> OrbitSource:
    from cosmodrome.mission.orbit_text import describe, parse_orbit
    from cosmodrome.orbit.elements import state_from_elements
    from cosmodrome.satellite.flown_orbit import flown_orbit

    target = parse_orbit(text)
    _refuse_unplaced(target, text)
    # Its numbers as they stand: what they are, osculating or mean, is decided here.
    placed = flown_orbit(replace(target, elements="mean"), epoch)
    secular = placed.motion
    if target.elements == "osculating":
        r, v = state_from_elements(secular.elements, secular.environment.mu_m3_s2)
        secular = Secular.from_state(State(epoch, "TOD", r, v))
    node = math.degrees(placed.motion.elements.raan_rad)
    told = f"{describe(target)}, {target.elements} elements at {epoch}, node at {node:.3f} deg"
    notes = (*placed.assumptions, *_assumed(target))
    satellite = Satellite(describe(target), secular, "secular")
    return OrbitSource(told, (satellite,), epoch, notes)


def _refuse_unplaced(target: Target, text: str) -> None:
    if target.apogee_radius_m is None or target.inclination_rad is None:
        missing = "it does not stay" if target.apogee_radius_m is None else "it has no inclination"
        raise InputError(
            f"{text!r} cannot be followed: {missing}",
            key="--orbit",
            value=text,
            allowed='a closed orbit with an inclination, as "185x35786 km 27 deg"',
        )


def _assumed(target: Target) -> tuple[str, ...]:
    """Where in its orbit it is, which no orbit text says."""
    if target.kind == "circular":
        return ("the satellite is at its ascending node at the epoch",)
    said = "" if len(target.argp_rad) == 1 else " (assumed)"
    perigee = math.degrees(target.argp_rad[0]) if target.argp_rad else 0.0
    return (f"the satellite is at perigee at the epoch, its argument {perigee:g} deg{said}",)


# ---------------------------------------------------------------------- a file


def source_of_reading(reading: Reading) -> OrbitSource:
    """The satellites of a file.

    Raises
    ------
    InputError
        If something in it cannot be converted.
    """
    if reading.form == "OPM":
        satellites: tuple[Satellite, ...] = (_of_parameters(reading),)
    else:
        method: Method = "sgp4" if reading.form in ("TLE", "OMM") else "table"
        found = motions_of(reading)
        names = _different(found)
        satellites = tuple(
            Satellite(name, motion, method) for name, (_, motion) in zip(names, found, strict=True)
        )
    first = satellites[0]
    start = max((one.epoch for one in satellites), default=first.epoch)
    trajectory = None
    if isinstance(first.body, Tabulated):
        trajectory = first.body.trajectory
        start = first.body.epoch + first.body.span_s[0]
    count = first.name if len(satellites) == 1 else f"{len(satellites)} satellites"
    told = f"{reading.source}: {reading.form}, {count}"
    return OrbitSource(told, satellites, start, reading.warnings, trajectory)


def _of_parameters(reading: Reading) -> Satellite:
    state = state_of(reading.content)
    state = in_frame(state, "GCRF") if state.frame == "ITRF" else state
    return Satellite(
        reading.content.metadata.get("OBJECT_NAME"), state, "numerical", _drag(reading.content.data)
    )


def _drag(data: Block) -> float | None:
    """Drag coefficient times area over mass, where an OPM says all three."""
    numbers = [data.number(key) for key in ("DRAG_COEFF", "DRAG_AREA", "MASS")]
    if any(number is None or not number > 0.0 for number in numbers):
        return None
    coefficient, area, mass = (float(number or 0.0) for number in numbers)
    return coefficient * area / mass


def _different(found: Sequence[tuple[str, Motion]]) -> list[str]:
    """Names with the catalogue number, or a count, where several are alike."""
    names = [name for name, _ in found]
    often = Counter(names)
    taken: set[str] = set()
    for k, (name, motion) in enumerate(found):
        if often[name] > 1 and isinstance(motion, Sgp4) and motion.catalogue:
            names[k] = f"{name} ({motion.catalogue})"
        count, plain = 2, names[k]
        while names[k] in taken:
            names[k] = f"{plain} #{count}"
            count += 1
        taken.add(names[k])
    return names


def chosen(source: OrbitSource, names: Iterable[str]) -> OrbitSource:
    """The satellites of a source that were asked for, by name or catalogue number.

    Parameters
    ----------
    source : OrbitSource
    names : of str; none of them means all

    Raises
    ------
    InputError
        For a name that is not there.
    """
    wanted = list(names)
    if not wanted:
        return source
    kept: dict[str, Satellite] = {}
    for name in wanted:
        found = [one for one in source.satellites if _is(one, name)]
        if not found:
            known = ", ".join(one.name for one in source.satellites)
            raise InputError(
                f"there is no satellite {name!r} in {source.told}",
                key="--satellite",
                value=name,
                allowed=known,
            )
        kept |= {one.name: one for one in found}
    told = ", ".join(kept) if len(kept) <= _NAMED else f"{len(kept)} of them"
    return replace(source, told=f"{source.told}: {told}", satellites=tuple(kept.values()))


def _is(one: Satellite, name: str) -> bool:
    number = one.body.catalogue if isinstance(one.body, Sgp4) else None
    return one.name.lower() == name.strip().lower() or (
        number is not None and name.strip() == str(number)
    )
