"""What a vehicle keeps back: reserve, disposal and first-stage recovery, as plain numbers.

Loaded, usable and residual propellant are told apart in the stages; these are
kept back on top of the residuals, from propellant that could be burnt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cosmodrome.mission.catalogue.sheet import VehicleSheet

__all__ = ["Recovery", "Reserves", "as_recovery", "as_reserves"]


@dataclass(frozen=True, slots=True)
class Reserves:
    """Velocity left in the last guided stage at insertion.

    Parameters
    ----------
    velocity_reserve_m_s : float
        Flight-performance reserve; 0 where the last stage is a solid.
    velocity_low_m_s, velocity_high_m_s : float, its stated range
    confidence : str, what the reserve stands for, in words
    disposal_m_s : float, to bring the upper stage down; 0: not included
    """

    velocity_reserve_m_s: float
    velocity_low_m_s: float
    velocity_high_m_s: float
    confidence: str
    disposal_m_s: float


@dataclass(frozen=True, slots=True)
class Recovery:
    """One way of bringing the first stage back.

    Parameters
    ----------
    name, title : str
    propellant_kg : float, usable propellant kept in stage 1 at separation
    hardware_kg : float, added to the dry mass of stage 1
    """

    name: str
    title: str
    propellant_kg: float
    hardware_kg: float


def as_reserves(sheet: VehicleSheet) -> Reserves:
    """The reserves of a sheet as plain numbers, nominal values."""
    reserve = sheet.reserves_sheet.velocity_reserve_m_s
    return Reserves(
        velocity_reserve_m_s=reserve.value,
        velocity_low_m_s=reserve.low,
        velocity_high_m_s=reserve.high,
        confidence=sheet.reserves_sheet.reserve_confidence,
        disposal_m_s=sheet.reserves_sheet.disposal_m_s.value,
    )


def as_recovery(sheet: VehicleSheet) -> dict[str, Recovery]:
    """The recovery modes of a sheet by name; empty where none is known."""
    return {
        key: Recovery(key, mode.title or key, mode.propellant_kg.value, mode.hardware_kg.value)
        for key, mode in sheet.recovery_sheets.items()
    }
