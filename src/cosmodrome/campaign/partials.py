"""The table of partials: kilograms of payload per unit of everything a vehicle is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cosmodrome.ascent.attempt import Attempt, Workshop
from cosmodrome.ascent.partials import payload_changes
from cosmodrome.errors import InputError
from cosmodrome.flight.variation import UNITS, Variable, Variation, variations_of, varied
from cosmodrome.flight.vehicle import Vehicle
from cosmodrome.mission.nouns import Mission

__all__ = ["Partial", "partials"]

# Steps small enough for first order, large against rounding.
_STEPS = {"kg": 1.0, "s": 0.1, "fraction": 1e-3}
_VELOCITY_STEP_M_S = 1.0


@dataclass(frozen=True, slots=True)
class Partial:
    """What one unit more is worth.

    Parameters
    ----------
    quantity, part : as of a `Variation`; "velocity" is ideal velocity kept at insertion
    unit : str
    kg_per_unit : float, of payload
    """

    quantity: str
    part: str
    unit: str
    kg_per_unit: float


def partials(workshop: Workshop, mission: Mission, best: Attempt) -> tuple[Partial, ...]:
    """Every partial of an optimal flight, from its multipliers.

    Parameters
    ----------
    workshop : Workshop, which solved `best`
    mission : Mission, asking for the largest payload
    best : Attempt

    Returns
    -------
    tuple of Partial
        What would alter the structure of the flight is left out.

    Accuracy
    --------
    First order, as long as the same limits hold: against solving again with 1 %
    of a mass or 2 s of specific impulse, within 0.2 % of the change itself.
    """
    vehicle = mission.vehicle
    items: list[tuple[str, str, str, Vehicle, Vehicle, float]] = []
    for one in variations_of(vehicle):
        less, more, span = _pair(vehicle, one)
        items.append((one.quantity, one.part, one.unit, less, more, span))
    step = _VELOCITY_STEP_M_S
    kept = replace(vehicle, reserve_m_s=vehicle.reserve_m_s + step)
    items.append(("velocity", "", "m/s", vehicle, kept, step))
    changes = payload_changes(workshop, mission, best, [(a, b) for _, _, _, a, b, _ in items])
    return tuple(
        Partial(quantity, part, unit, 2.0 * change / span)
        for (quantity, part, unit, _, _, span), change in zip(items, changes, strict=True)
        if change is not None
    )


def _pair(vehicle: Vehicle, one: Variable) -> tuple[Vehicle, Vehicle, float]:
    """The vehicle with less and with more of something, and how far they lie apart."""
    step = _STEPS[UNITS[one.quantity]]
    more = varied(vehicle, Variation(one.quantity, one.part, step))
    try:
        less = varied(vehicle, Variation(one.quantity, one.part, -step))
    except InputError:
        # There is none of it to take away.
        return vehicle, more, step
    return less, more, 2.0 * step
