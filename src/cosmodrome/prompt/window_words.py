"""What a launch window is to be like, from the words of the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cosmodrome.errors import InputError

if TYPE_CHECKING:
    from cosmodrome.prompt.windows import PlaneWords, Wishes

__all__ = ["angle_of", "plane_asked", "wishes_asked"]


def angle_of(text: str, key: str) -> float:
    """An angle of either sign, degrees.

    Parameters
    ----------
    text : str
    key : str, the option that a refusal names

    Raises
    ------
    InputError
        If it is none, or more than a turn.
    """
    try:
        angle = float(text)
    except ValueError:
        angle = float("nan")
    if not abs(angle) <= 360.0:
        raise InputError(
            f"{key} {text!r} is no angle", key=key, value=text, allowed="degrees, -360 to 360"
        )
    return angle


def plane_asked(asked: Mapping[str, Any]) -> PlaneWords:
    """The plane that was asked for.

    Parameters
    ----------
    asked : mapping with raan_deg, ltan, ltdn, file, satellite and meet_days

    Raises
    ------
    InputError
        For a satellite of no file.
    """
    from cosmodrome.prompt.windows import PlaneWords

    if asked["satellite"] is not None and asked["file"] is None:
        raise InputError(
            "a satellite is chosen from a file",
            key="--satellite",
            value=asked["satellite"],
            allowed="--plane-of FILE with it",
        )
    return PlaneWords(
        asked["raan_deg"],
        asked["ltan"],
        asked["ltdn"],
        asked["file"],
        asked["satellite"],
        asked["meet_days"],
    )


def wishes_asked(asked: Mapping[str, Any]) -> Wishes:
    """What a launch is to be like, as it was asked.

    Parameters
    ----------
    asked : mapping with the fields of `Wishes`; its phase as text, "350:20"

    Raises
    ------
    InputError
        For betas that leave nothing between them, or a phase that cannot be read.
    """
    from cosmodrome.prompt.windows import Wishes

    low, high = asked["beta_min_deg"], asked["beta_max_deg"]
    if low is not None and high is not None and low > high:
        raise InputError(
            "no beta lies between these two",
            key="--beta-min",
            value=low,
            allowed=f"at most {high:g}, the --beta-max",
        )
    return Wishes(
        leg=asked["leg"],
        any_azimuth=asked["any_azimuth"],
        daylight=asked["daylight"],
        beta_min_deg=low,
        beta_max_deg=high,
        eclipse_max_percent=asked["eclipse_max_percent"],
        phase_deg=_phase(asked["phase"]),
        payload_kg=asked["payload_kg"],
        node_curve=asked["node_curve"],
        first_days=asked["first_days"],
    )


def _phase(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    parts = text.split(":")
    if len(parts) != 2:
        raise InputError(
            f"--phase {text!r} is no pair of angles",
            key="--phase",
            value=text,
            allowed="A:B in degrees, counted forward from A, as 350:20",
        )
    first, last = (angle_of(part, "--phase") for part in parts)
    return first, last
