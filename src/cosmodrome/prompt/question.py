"""From the words of a question, as they were typed, to a mission."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from cosmodrome.errors import InputError
from cosmodrome.prompt.naming import keys_named
from cosmodrome.prompt.option_names import VEHICLE_OPTIONS

if TYPE_CHECKING:
    from cosmodrome.mission.catalogue import VehicleSheet
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.prompt.asking import Riders

__all__ = ["Question", "mission_and_sheet"]


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, as it was typed; None is "not said"."""

    subject: str
    site: str | None
    orbit: str | None
    payload_kg: float | None
    epoch_utc: str | None
    riders: str | None
    recovery: str | None = None
    reserve_m_s: float | None = None
    disposal_m_s: float | None = None


def mission_and_sheet(asked: Question) -> tuple[Mission, VehicleSheet | None]:
    """The mission that was asked for and the sheet of its vehicle; None for bare numbers.

    Raises
    ------
    InputError
        Anything that cannot be used, naming the option or the file and key.
    """
    if asked.site is None and asked.orbit is None and asked.subject.lower().endswith(".toml"):
        return _from_file(asked)
    missing = [
        option for option, given in (("--from", asked.site), ("--to", asked.orbit)) if given is None
    ]
    if missing:
        _refuse_folder(asked.subject)
        raise InputError(
            f"{' and '.join(missing)} missing: say where {asked.subject} starts and "
            "where it goes, or name a mission file",
            key=missing[0],
            allowed='--from SITE --to ORBIT, e.g. --from vostochny --to "200 km 51.7 deg"',
        )
    return _from_names(asked)


def _refuse_folder(subject: str) -> None:
    """A folder in place of a vehicle or mission: the mission inside it was meant, if any."""
    folder = Path(subject)
    if folder.is_dir() and subject not in _names():
        inside = folder / "mission.toml"
        allowed = "a vehicle of the catalogue, or the path of a .toml file"
        raise InputError(
            f"{subject} is a folder, not a vehicle or mission file",
            file=subject,
            key="VEHICLE|MISSION.toml",
            value=subject,
            allowed=f"{inside}, the mission in it" if inside.is_file() else allowed,
        )


def _names() -> tuple[str, ...]:
    from cosmodrome.mission.catalogue import vehicle_names

    return tuple(vehicle_names())


def _from_names(asked: Question) -> tuple[Mission, VehicleSheet]:
    from cosmodrome.mission.catalogue.keeping import KeptBack
    from cosmodrome.prompt import changed, mission_from, sheet_from

    kept = KeptBack(asked.recovery, asked.reserve_m_s, asked.disposal_m_s)
    with keys_named(VEHICLE_OPTIONS):
        sheet = sheet_from(asked.subject, cast("Riders | None", asked.riders), kept)
    found = mission_from(sheet, str(asked.site), str(asked.orbit))
    return changed(found, asked.payload_kg, asked.epoch_utc), sheet


def _from_file(asked: Question) -> tuple[Mission, VehicleSheet | None]:
    """A mission file; the command line may still change payload and epoch."""
    from cosmodrome.mission.mission_file import load_mission_and_sheet
    from cosmodrome.prompt import changed
    from cosmodrome.report.words import plain

    for key, option in VEHICLE_OPTIONS.items():
        value = getattr(asked, key)
        if value is not None:
            written = f'"{value}"' if isinstance(value, str) else plain(value)
            raise InputError(
                f"{option} belongs to a vehicle named on the command line; in a mission file "
                f"write {key} under [mission]",
                file=asked.subject,
                key=option,
                value=value,
                allowed=f"{key} = {written} in the file",
            )
    mission, sheet = load_mission_and_sheet(asked.subject)
    return changed(mission, asked.payload_kg, asked.epoch_utc), sheet
