"""From the words of the command line to a mission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from cosmodrome.errors import InputError

if TYPE_CHECKING:
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.prompt.asking import Riders

__all__ = ["Question", "mission_of"]


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, as it was typed; None is "not said"."""

    subject: str
    site: str | None
    orbit: str | None
    payload_kg: float | None
    epoch_utc: str | None
    riders: str | None


def mission_of(asked: Question) -> Mission:
    """The mission that was asked for, from names or from a mission file.

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
        raise InputError(
            f"{' and '.join(missing)} missing: say where {asked.subject} starts and "
            "where it goes, or name a mission file",
            key=missing[0],
            allowed='--from SITE --to ORBIT, e.g. --from vostochny --to "200 km 51.7 deg"',
        )
    return _from_names(asked)


def _from_names(asked: Question) -> Mission:
    from cosmodrome.prompt import changed, mission_from

    riders = cast("Riders | None", asked.riders)
    found = mission_from(asked.subject, str(asked.site), str(asked.orbit), riders)
    return changed(found, asked.payload_kg, asked.epoch_utc)


def _from_file(asked: Question) -> Mission:
    """A mission file; the command line may still change payload and epoch."""
    from cosmodrome.mission.mission_file import load_mission
    from cosmodrome.prompt import changed

    if asked.riders is not None:
        raise InputError(
            "--riders belongs to a vehicle named on the command line; in a mission file "
            "write riders under [mission]",
            file=asked.subject,
            key="--riders",
            value=asked.riders,
            allowed='riders = "all", "none" or "default" in the file',
        )
    return changed(load_mission(asked.subject), asked.payload_kg, asked.epoch_utc)
