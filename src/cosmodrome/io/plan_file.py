"""A plan as a file: every number to the last bit, refused whole if anything is off.

A run folder holds `plan.json` beside `mission.toml`, so that whoever needs the
controls again (drop zones, dispersions, a second opinion) need not optimise again.
"""

from __future__ import annotations

import hashlib
import math
import os
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.flight.vehicle import with_plain_thrust
from cosmodrome.mission.mission_file import load_mission
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.plan import Burning, Leg, Plan, Profile

__all__ = ["PLAN_FILE", "load_plan", "load_planned", "plan_from_json", "plan_json"]

Array = NDArray[np.float64]

PLAN_FILE = "plan.json"
"""What the file is called in a run folder."""

FORM, VERSION = "cosmodrome plan", 1
_JOIN_S = 1e-6  # how far apart the end of a leg and the start of the next may be
_AGAIN = "a plan.json as `cosmodrome plan ... --out` writes it; plan again"


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the file: every key known, every key there."""


class _Profile(_Strict, frozen=True):
    breaks_s: list[float]
    nodes: list[float]
    values: list[list[list[float]]]


class _Burning(_Strict, frozen=True):
    stage: str
    count: int
    lit_s: float
    throttle: float | _Profile | None


class _Leg(_Strict, frozen=True):
    name: str
    start_s: float
    end_s: float
    burning: list[_Burning]
    steering: Literal["vertical", "angles", "coast"]
    angles: _Profile | None
    events: list[str]
    dropped_kg: float
    ends_by: Literal["time", "propellant", "heating", "insertion"]


class _Predicted(_Strict, frozen=True):
    t_s: list[float]
    r_m: list[list[float]]
    v_m_s: list[list[float]]
    mass_kg: list[float]


class _Plan(_Strict, frozen=True):
    form: str
    version: int
    inputs_sha256: str
    payload_kg: float
    liftoff_mass_kg: float
    azimuth_rad: float
    legs: list[_Leg]
    predicted: _Predicted


class _Head(msgspec.Struct):
    """What is looked at first: is it ours, and may we read it?"""

    form: str = ""
    version: int = 0


def plan_json(plan: Plan, mission_toml: str) -> bytes:
    """A plan as compact JSON.

    Parameters
    ----------
    plan : Plan
    mission_toml : str
        The resolved mission the plan belongs to; its SHA-256 goes into the file.

    Returns
    -------
    bytes
        Read back by `plan_from_json` it is the same plan, bit for bit.
    """
    record = _Plan(
        form=FORM,
        version=VERSION,
        inputs_sha256=_sha256(mission_toml),
        payload_kg=plan.payload_kg,
        liftoff_mass_kg=plan.liftoff_mass_kg,
        azimuth_rad=plan.azimuth_rad,
        legs=[_leg_record(leg) for leg in plan.legs],
        predicted=_Predicted(
            plan.predicted_t_s.tolist(),
            plan.predicted_r_m.tolist(),
            plan.predicted_v_m_s.tolist(),
            plan.predicted_mass_kg.tolist(),
        ),
    )
    return msgspec.json.encode(record) + b"\n"


def plan_from_json(content: bytes, file: str, mission_toml: str | None = None) -> Plan:
    """A plan from its JSON.

    Parameters
    ----------
    content : bytes
    file : str, its name, for errors
    mission_toml : str or None
        The mission it must belong to; None does not ask.

    Returns
    -------
    Plan

    Raises
    ------
    InputError
        Not such a file, of a later version, of another mission, or with a key, a
        type, a shape or a number that cannot stand there.
    """
    _check_head(content, file)
    try:
        record = msgspec.json.decode(content, type=_Plan)
    except msgspec.DecodeError as error:
        told, _, where = str(error).partition(" - at `$.")
        raise _refuse(file, where.rstrip("`") or None, told.lower()) from error
    if mission_toml is not None and record.inputs_sha256 != _sha256(mission_toml):
        raise InputError(
            f"{file}: belongs to another mission than the mission.toml beside it",
            file=file,
            key="inputs_sha256",
            value=record.inputs_sha256,
            allowed="the mission.toml it was written with, unchanged; or plan again",
        )
    _check_plan(record, file)
    return Plan(
        payload_kg=record.payload_kg,
        liftoff_mass_kg=record.liftoff_mass_kg,
        azimuth_rad=record.azimuth_rad,
        legs=tuple(_leg(one, file, f"legs[{k}]") for k, one in enumerate(record.legs)),
        predicted_t_s=_array(record.predicted.t_s),
        predicted_r_m=_array(record.predicted.r_m),
        predicted_v_m_s=_array(record.predicted.v_m_s),
        predicted_mass_kg=_array(record.predicted.mass_kg),
    )


def load_plan(path: str | os.PathLike[str], mission_toml: str | None = None) -> Plan:
    """A plan from a file; see `plan_from_json`.

    Raises
    ------
    InputError
        Also if the file cannot be read.
    """
    place = Path(path)
    try:
        content = place.read_bytes()
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InputError(
            f"{place}: cannot be read ({reason})", file=str(place), allowed=_AGAIN
        ) from error
    return plan_from_json(content, str(place), mission_toml)


def load_planned(folder: str | os.PathLike[str]) -> tuple[Mission, Plan]:
    """The mission and the plan of a run folder, ready to be flown.

    Parameters
    ----------
    folder : path, as `cosmodrome plan ... --out` wrote it

    Returns
    -------
    (Mission, Plan)
        The vehicle has the thrust it was planned with (`with_plain_thrust`); the
        target is as in the file, not resolved for a site that cannot reach it.

    Raises
    ------
    InputError
        No such folder or file, or files that do not belong together.
    """
    root = Path(folder)
    file = root / "mission.toml"
    mission = load_mission(file)
    plan = load_plan(root / PLAN_FILE, file.read_text(encoding="utf-8"))
    vehicle = with_plain_thrust(mission.vehicle)
    known = {stage.name for stage in vehicle.stages} | {one.name for one in vehicle.boosters}
    for k, leg in enumerate(plan.legs):
        for one in leg.burning:
            if one.stage not in known:
                raise _refuse(
                    str(root / PLAN_FILE),
                    f"legs[{k}].burning",
                    f"{vehicle.name} has no part {one.stage!r}",
                    one.stage,
                )
    return replace(mission, vehicle=vehicle), plan


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse(file: str, key: str | None, why: str, value: object = None) -> InputError:
    where = f"{file}: {key}" if key else file
    return InputError(f"{where}: {why}", file=file, key=key, value=value, allowed=_AGAIN)


def _check_head(content: bytes, file: str) -> None:
    """Whether it is a plan at all, and one of a version that is known."""
    try:
        content.decode()
        head = msgspec.json.decode(content, type=_Head)
    except UnicodeDecodeError as error:
        raise _refuse(file, None, "no plan (it is no UTF-8 text)") from error
    except msgspec.DecodeError as error:
        raise _refuse(file, None, f"no plan ({str(error).lower()})") from error
    if head.form != FORM:
        raise _refuse(file, "form", "this is no plan of this program", head.form)
    if head.version != VERSION:
        raise InputError(
            f"{file}: version {head.version} of a plan is not known to this program",
            file=file,
            key="version",
            value=head.version,
            allowed=f"version {VERSION}; plan again, or use the program that wrote it",
        )


def _profile_record(profile: Profile) -> _Profile:
    return _Profile(profile.breaks_s.tolist(), profile.nodes.tolist(), profile.values.tolist())


def _leg_record(leg: Leg) -> _Leg:
    def level(throttle: float | Profile | None) -> float | _Profile | None:
        return _profile_record(throttle) if isinstance(throttle, Profile) else throttle

    return _Leg(
        name=leg.name,
        start_s=leg.start_s,
        end_s=leg.end_s,
        burning=[_Burning(b.stage, b.count, b.lit_s, level(b.throttle)) for b in leg.burning],
        steering=leg.steering,
        angles=None if leg.angles is None else _profile_record(leg.angles),
        events=list(leg.events),
        dropped_kg=leg.dropped_kg,
        ends_by=leg.ends_by,
    )


def _leg(record: _Leg, file: str, key: str) -> Leg:
    def level(throttle: float | _Profile | None, where: str) -> float | Profile | None:
        return _profile(throttle, 1, file, where) if isinstance(throttle, _Profile) else throttle

    angles = record.angles
    return Leg(
        name=record.name,
        start_s=record.start_s,
        end_s=record.end_s,
        burning=tuple(
            Burning(b.stage, b.count, b.lit_s, level(b.throttle, f"{key}.burning[{k}].throttle"))
            for k, b in enumerate(record.burning)
        ),
        steering=record.steering,
        angles=None if angles is None else _profile(angles, 2, file, f"{key}.angles"),
        events=tuple(record.events),
        dropped_kg=record.dropped_kg,
        ends_by=record.ends_by,
    )


def _profile(record: _Profile, width: int, file: str, key: str) -> Profile:
    """A profile whose shape is right and whose times rise."""
    pieces, points = len(record.breaks_s) - 1, len(record.nodes)
    for name in ("breaks_s", "nodes"):
        rising = all(a < b for a, b in pairwise(getattr(record, name)))
        if not rising or not getattr(record, name):
            raise _refuse(file, f"{key}.{name}", "must be numbers that rise")
    rows = [len(piece) for piece in record.values]
    if pieces < 1 or rows != [points] * pieces:
        told = f"must be {pieces} pieces of {points} rows"
        raise _refuse(file, f"{key}.values", told)
    if any(len(row) != width for piece in record.values for row in piece):
        raise _refuse(file, f"{key}.values", f"must have {width} numbers in a row")
    return Profile(_array(record.breaks_s), _array(record.nodes), _array(record.values))


def _check_plan(record: _Plan, file: str) -> None:
    """What types cannot say: order of times, signs, shapes."""
    _check_finite(msgspec.to_builtins(record), file, "")
    if not record.legs:
        raise _refuse(file, "legs", "a plan has one leg at least")
    for key in ("liftoff_mass_kg", "payload_kg"):
        if getattr(record, key) < 0.0:
            raise _refuse(file, key, "must not be negative", getattr(record, key))
    end = record.legs[0].start_s
    for k, leg in enumerate(record.legs):
        _check_leg(leg, end, file, f"legs[{k}]")
        end = leg.end_s
    rows = len(record.predicted.t_s)
    if rows == 0 or any(a > b for a, b in pairwise(record.predicted.t_s)):
        raise _refuse(file, "predicted.t_s", "must be times that do not fall")
    for key in ("r_m", "v_m_s", "mass_kg"):
        column = getattr(record.predicted, key)
        flat = key == "mass_kg"
        if len(column) != rows or not (flat or all(len(row) == 3 for row in column)):
            shape = f"{rows} numbers" if flat else f"{rows} rows of three"
            raise _refuse(file, f"predicted.{key}", f"must be {shape}")


def _check_leg(leg: _Leg, begin_s: float, file: str, key: str) -> None:
    if not abs(leg.start_s - begin_s) <= _JOIN_S:
        raise _refuse(
            file, f"{key}.start_s", "does not begin where the leg before ends", leg.start_s
        )
    if not leg.end_s >= leg.start_s:
        raise _refuse(file, f"{key}.end_s", "must not be before its start", leg.end_s)
    if leg.dropped_kg < 0.0:
        raise _refuse(file, f"{key}.dropped_kg", "must not be negative", leg.dropped_kg)
    if (leg.angles is not None) != (leg.steering == "angles"):
        raise _refuse(file, f"{key}.angles", f"does not fit the steering {leg.steering!r}")
    for k, one in enumerate(leg.burning):
        if one.count < 1:
            raise _refuse(file, f"{key}.burning[{k}].count", "must be one or more", one.count)


def _check_finite(item: Any, file: str, key: str) -> None:
    """Every number finite; the text format itself knows no others but by overflow."""
    if isinstance(item, dict):
        for name, value in item.items():
            _check_finite(value, file, f"{key}.{name}" if key else name)
    elif isinstance(item, list):
        for k, value in enumerate(item):
            _check_finite(value, file, f"{key}[{k}]")
    elif isinstance(item, float) and not math.isfinite(item):
        raise _refuse(file, key, "must be a finite number", item)


def _array(values: Any) -> Array:
    return np.array(values, dtype=float)
