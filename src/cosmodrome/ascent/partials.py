"""What one unit more of anything is worth in payload, from the multipliers of the optimum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cosmodrome.ascent.attempt import Attempt, Workshop, pose
from cosmodrome.ascent.equations import P
from cosmodrome.flight.vehicle import Vehicle
from cosmodrome.mission.nouns import Mission
from cosmodrome.ocp import Data

__all__ = ["payload_changes"]


def payload_changes(
    workshop: Workshop,
    mission: Mission,
    best: Attempt,
    pairs: Sequence[tuple[Vehicle, Vehicle]],
) -> list[float | None]:
    """Half the difference of optimal payload between pairs of vehicles, to first order.

    Parameters
    ----------
    workshop : Workshop, which built the problem of `best`
    mission : Mission, the one that `best` answers
    best : Attempt, an optimum
    pairs : sequence of (Vehicle, Vehicle)
        The mission's vehicle with something less, and with as much more.

    Returns
    -------
    list of float or None, kilograms
        None where the change alters the structure of the flight.

    Accuracy
    --------
    The error is of the third order in the change, as long as the same limits
    hold: nothing is solved again.
    """
    solver = workshop.solver(best.posed)
    nominal = _data(mission, best, mission.vehicle)
    assert nominal is not None
    found: list[float | None] = []
    for less, more in pairs:
        low, high = (_data(mission, best, vehicle) for vehicle in (less, more))
        if low is None or high is None:
            found.append(None)
            continue
        change = solver.change_of_optimum(best.solution, low, high)
        found.append(-0.5 * best.posed.worth_kg * change)
    return found


def _data(mission: Mission, best: Attempt, vehicle: Vehicle) -> Data | None:
    """The numbers of a flight of this vehicle on the mesh of `best`; None if it flies otherwise."""
    posed = pose(replace(mission, vehicle=vehicle), best.start)
    ours = best.posed
    if len(posed.legs) != len(ours.legs) or posed.patterns != ours.patterns:
        return None
    phases = []
    for numbers, known in zip(posed.data.phases, ours.data.phases, strict=True):
        if numbers.own.shape != known.own.shape or known.fractions is None:
            return None
        # A thrust table that is stretched takes the mesh along with its kinks; any
        # other mesh is the one that was solved on, perhaps evened since.
        fractions = numbers.fractions
        if fractions is None or fractions.shape != known.fractions.shape:
            fractions = known.fractions
        phases.append(replace(numbers, fractions=fractions))
    p = posed.data.p.copy()
    # The unit that payload is counted in is no physics: it stays.
    p[P.at("worth")] = ours.data.p[P.at("worth")]
    return replace(posed.data, phases=tuple(phases), p=p)
