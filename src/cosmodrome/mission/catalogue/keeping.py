"""What a user wants kept back instead of what the sheet says: reserve, disposal, recovery."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from cosmodrome.errors import InputError
from cosmodrome.flight.variation import UNITS, Quantity
from cosmodrome.mission.catalogue.figure import Figure
from cosmodrome.mission.catalogue.reading import nearest
from cosmodrome.mission.catalogue.uncertainty import RANGE_SIGMAS, Factor

if TYPE_CHECKING:
    from cosmodrome.mission.catalogue.sheet import VehicleSheet

__all__ = ["AS_STATED", "KeptBack", "keeping_back", "recovery_factors"]

SOURCE = "stated with the question"


@dataclass(frozen=True, slots=True)
class KeptBack:
    """What is to be kept back; None leaves what the sheet says.

    Parameters
    ----------
    recovery : str or None, a name of `VehicleSheet.recovery`
    reserve_m_s : float or None, velocity reserve of the last stage
    disposal_m_s : float or None, velocity to bring the last stage down
    """

    recovery: str | None = None
    reserve_m_s: float | None = None
    disposal_m_s: float | None = None


AS_STATED = KeptBack()
"""Nothing but what the sheet says."""


def keeping_back(sheet: VehicleSheet, kept: KeptBack) -> VehicleSheet:
    """The sheet with other things kept back.

    A velocity stated with the question is taken as exact: its range is zero.

    Parameters
    ----------
    sheet : VehicleSheet
    kept : KeptBack

    Returns
    -------
    VehicleSheet

    Raises
    ------
    InputError
        A recovery the sheet does not know, a velocity that is negative or not
        finite, or one to be kept in a solid, which cannot be shut down. Its key
        is that of the mission file.
    """
    if kept.recovery is not None:
        sheet = msgspec.structs.replace(sheet, recover=_mode(sheet, kept.recovery))
    stated = {
        "velocity_reserve_m_s": _figure(sheet, "reserve_m_s", kept.reserve_m_s),
        "disposal_m_s": _figure(sheet, "disposal_m_s", kept.disposal_m_s),
    }
    changes = {name: figure for name, figure in stated.items() if figure is not None}
    if not changes:
        return sheet
    reserves = msgspec.structs.replace(sheet.reserves_sheet, **changes)
    return msgspec.structs.replace(sheet, reserves_sheet=reserves)


def recovery_factors(sheet: VehicleSheet) -> tuple[Factor, ...]:
    """How uncertain the recovery that flies is: propellant kept, and hardware carried.

    Parameters
    ----------
    sheet : VehicleSheet

    Returns
    -------
    tuple of Factor
        Empty where no recovery flies. The ranges hold the truth nine times in
        ten; they are the widest of all ranges, since nobody publishes them.
    """
    if not sheet.recover:
        return ()
    mode, stage = sheet.recovery_sheets[sheet.recover], sheet.first_stage
    own = f"{sheet.family or sheet.name}, {sheet.recover}"
    rows: tuple[tuple[Quantity, Figure, str], ...] = (
        ("residual", mode.propellant_kg, "propellant kept"),
        ("dry mass", mode.hardware_kg, "hardware"),
    )
    return tuple(
        Factor(
            f"recovery, {what}: {own}",
            quantity,
            stage,
            0.5 * (figure.high - figure.low) / RANGE_SIGMAS,
            UNITS[quantity],
            f"range {figure.low:g} to {figure.high:g} taken as 90 %",
            -figure.value,
        )
        for quantity, figure, what in rows
        if figure.high > figure.low
    )


def _mode(sheet: VehicleSheet, wanted: str) -> str:
    """The name of a recovery mode, in the sheet's own spelling."""
    known = sheet.recovery_sheets
    name = wanted.strip().lower().replace(" ", "-").replace("_", "-")
    if name in known:
        return name
    if not known:
        raise InputError(
            f"no recovery of {sheet.name} is known, so {wanted!r} cannot be flown",
            key="recovery",
            value=wanted,
            allowed="a vehicle whose sheet has a recovery table",
        )
    raise InputError(
        f"{sheet.name} has no recovery {wanted!r}{nearest(name, known)}",
        key="recovery",
        value=wanted,
        allowed=", ".join(known),
    )


def _figure(sheet: VehicleSheet, key: str, value: float | None) -> Figure | None:
    if value is None:
        return None
    if not (math.isfinite(value) and value >= 0.0):
        raise InputError(
            f"{key} {value} cannot be kept back",
            key=key,
            value=value,
            allowed="a finite number of metres per second, zero or more",
        )
    last = list(sheet.stages.values())[-1]
    if value > 0.0 and last.solid:
        name = last.name or list(sheet.stages)[-1]
        raise InputError(
            f"{name}, the last stage of {sheet.name}, is a solid: it burns out and keeps "
            "no velocity back",
            key=key,
            value=value,
            allowed="0, or a vehicle whose last stage can be shut down",
        )
    return Figure(value=value, low=value, high=value, source=SOURCE, confidence="own")
