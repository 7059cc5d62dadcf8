"""What a launch vehicle drops on its way: each part at the instant it is let go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.safety.ballistic import Ballistic
from cosmodrome.world.state import State

__all__ = ["BreakUp", "JettisonedPart", "Kind"]

Array = NDArray[np.float64]
Kind = Literal["strap-on", "stage", "fairing", "other"]


@dataclass(frozen=True, slots=True)
class BreakUp:
    """Where a part comes apart on its way down, and into what.

    Parameters
    ----------
    low_m, high_m : float, altitudes between which it breaks up, on the way down
    fragments : Ballistic, spread evenly in its logarithm over the range
    """

    low_m: float
    high_m: float
    fragments: Ballistic

    def __post_init__(self) -> None:
        if not 0.0 < self.low_m <= self.high_m:
            raise InputError(
                "altitudes of a break-up must be positive and rise",
                key="break-up altitude",
                value=[self.low_m, self.high_m],
                allowed="0 < low <= high, metres",
            )


@dataclass(frozen=True, slots=True, eq=False)
class JettisonedPart:
    """A part, or several like ones let go together, at release.

    Parameters
    ----------
    name : str
    kind : "strap-on", "stage", "fairing" or "other"
    count : int, how many fall
    mass_kg : float, of one
    ballistic : Ballistic, of one that stays whole
    t_s : float, seconds after lift-off
    state : State, ITRF: the velocity is that over the turning Earth
    breakup : BreakUp or None, it stays whole
    """

    name: str
    kind: Kind
    count: int
    mass_kg: float
    ballistic: Ballistic
    t_s: float
    state: State
    breakup: BreakUp | None = None

    def __post_init__(self) -> None:
        if self.state.frame != "ITRF":
            raise InputError(
                f"the state of {self.name!r} is in {self.state.frame}",
                key="state",
                value=self.state.frame,
                allowed="ITRF",
            )
        if self.count < 1 or not self.mass_kg > 0.0:
            raise InputError(
                f"{self.name!r} needs a mass and a count",
                key="mass_kg",
                value=self.mass_kg,
                allowed="above 0",
            )

    def inertial(self, rotation_rad_s: float) -> tuple[Any, Any]:
        """Position and velocity in axes that stand still as the Earth's stand at release."""
        r, v = self.state.r_m, self.state.v_m_s
        return r, v + np.cross([0.0, 0.0, rotation_rad_s], r)
