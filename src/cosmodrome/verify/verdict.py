"""What a judgement is made of: tolerances, checks, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass

from cosmodrome.orbit.elements import Elements

__all__ = ["Check", "Tolerances", "Verdict"]


@dataclass(frozen=True, slots=True)
class Tolerances:
    """How far a re-flight may be from its plan and from its target."""

    position_m: float = 100.0
    velocity_m_s: float = 0.1


@dataclass(frozen=True, slots=True)
class Check:
    """One limit: what was allowed, what was reached, in the unit given.

    `floor` is True where the limit is a least value.
    """

    name: str
    limit: float
    reached: float
    unit: str
    floor: bool = False

    @property
    def margin(self) -> float:
        """How much room is left; negative where the limit is broken."""
        return self.reached - self.limit if self.floor else self.limit - self.reached

    @property
    def met(self) -> bool:
        """Whether the limit is kept, to one part in a hundred thousand."""
        return self.margin >= -1e-5 * max(abs(self.limit), 1e-9)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement on one re-flight.

    Parameters
    ----------
    position_error_m, velocity_error_m_s : float, re-flight against the plan's end
    target_position_error_m, target_velocity_error_m_s : float
        Distance of the achieved state from the nearest state on the target orbit.
    target_error : dict, per element, achieved less wanted, door units
    osculating : Elements, achieved
    mean : Elements or None, first-order J2; None on an open orbit
    checks : tuple of Check
    passed : bool
    """

    position_error_m: float
    velocity_error_m_s: float
    target_position_error_m: float
    target_velocity_error_m_s: float
    target_error: dict[str, float]
    osculating: Elements
    mean: Elements | None
    checks: tuple[Check, ...]
    passed: bool
