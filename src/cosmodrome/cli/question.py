"""From the words of the command line to a mission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from cosmodrome.errors import InputError

if TYPE_CHECKING:
    from cosmodrome.mission.catalogue import VehicleSheet
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.prompt.asking import Riders

__all__ = ["Question", "mission_and_sheet", "mission_of"]

OPTIONS = {
    "riders": "--riders",
    "recovery": "--recovery",
    "reserve_m_s": "--reserve",
    "disposal_m_s": "--disposal",
}
"""What is chosen of a vehicle, by its key under [mission] of a mission file."""


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


def mission_of(asked: Question) -> Mission:
    """The mission that was asked for, from names or from a mission file.

    Raises
    ------
    InputError
        Anything that cannot be used, naming the option or the file and key.
    """
    return mission_and_sheet(asked)[0]


def mission_and_sheet(asked: Question) -> tuple[Mission, VehicleSheet | None]:
    """As `mission_of`, with the sheet of its vehicle; None where there are bare numbers."""
    if asked.site is None and asked.orbit is None and asked.subject.lower().endswith(".toml"):
        return _from_file(asked)
    missing = [
        option for option, given in (("--from", asked.site), ("--to", asked.orbit)) if given is None
    ]
    if missing:
        raise InputError(
            f"{' and '.join(missing)} missing: say where {asked.subject} starts and "
            "where it goes, or name a mission file",
            key=missing[0],
            allowed='--from SITE --to ORBIT, e.g. --from vostochny --to "200 km 51.7 deg"',
        )
    return _from_names(asked)


def _from_names(asked: Question) -> tuple[Mission, VehicleSheet]:
    from cosmodrome.mission.catalogue.keeping import KeptBack
    from cosmodrome.prompt import changed, mission_from, sheet_from

    kept = KeptBack(asked.recovery, asked.reserve_m_s, asked.disposal_m_s)
    try:
        sheet = sheet_from(asked.subject, cast("Riders | None", asked.riders), kept)
    except InputError as error:
        if error.file is None and error.key in OPTIONS:
            error.key = OPTIONS[error.key]
        raise
    found = mission_from(sheet, str(asked.site), str(asked.orbit))
    return changed(found, asked.payload_kg, asked.epoch_utc), sheet


def _from_file(asked: Question) -> tuple[Mission, VehicleSheet | None]:
    """A mission file; the command line may still change payload and epoch."""
    from cosmodrome.mission.mission_file import load_mission_and_sheet
    from cosmodrome.prompt import changed

    for key, option in OPTIONS.items():
        value = getattr(asked, key)
        if value is not None:
            written = f'"{value}"' if isinstance(value, str) else f"{value:g}"
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
