"""All budgets of a spacecraft in one orbit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cosmodrome.mission.catalogue import load_vehicle, vehicle_names
from cosmodrome.mission.nouns import Target
from cosmodrome.satellite.budget import Budget
from cosmodrome.satellite.drag import drag_upkeep
from cosmodrome.satellite.flown_orbit import FlownOrbit, flown_orbit
from cosmodrome.satellite.link import link_budget
from cosmodrome.satellite.manoeuvring import Injection, delta_v_budget, injection_of
from cosmodrome.satellite.mass import mass_budget
from cosmodrome.satellite.power import power_budget
from cosmodrome.satellite.spacecraft import Spacecraft
from cosmodrome.satellite.volume import data_budget
from cosmodrome.world.epoch import Epoch

__all__ = ["Budgets", "published_injections", "spacecraft_budgets"]


@dataclass(frozen=True, slots=True)
class Budgets:
    """The budgets of a spacecraft; None where its file says nothing of one.

    Parameters
    ----------
    power, link, data, delta_v, mass : Budget or None
    assumptions : tuple of str, of the orbit
    """

    power: Budget | None
    link: Budget | None
    data: Budget | None
    delta_v: Budget | None
    mass: Budget | None
    assumptions: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[Budget, ...]:
        """Those that there are."""
        all_five = (self.power, self.link, self.data, self.delta_v, self.mass)
        return tuple(one for one in all_five if one is not None)

    def document(self) -> dict[str, Any]:
        """The contract's `budgets` object; null for a budget that is not there."""
        return {
            name: None if budget is None else budget.document()
            for name, budget in (
                ("power", self.power),
                ("link", self.link),
                ("data", self.data),
                ("delta_v", self.delta_v),
                ("mass", self.mass),
            )
        }


def published_injections(orbit: FlownOrbit) -> tuple[Injection, ...]:
    """Accuracies of the launchers that fly, for this kind of orbit, by name."""
    sheets = (load_vehicle(name) for name in vehicle_names())
    found = (injection_of(sheet, orbit) for sheet in sheets if sheet.status == "flying")
    return tuple(one for one in found if one is not None)


def spacecraft_budgets(
    craft: Spacecraft,
    target: Target,
    epoch: Epoch,
    injections: tuple[Injection, ...] | None = None,
) -> Budgets:
    """Power, link, data, delta-v and mass of a spacecraft in an orbit.

    Parameters
    ----------
    craft : Spacecraft
    target : Target, a closed orbit with an inclination
    epoch : Epoch, where the year and the days of passes begin
    injections : tuple of Injection or None
        Launchers whose error is to be mended; by default all that fly and
        whose accuracy for such an orbit is published.

    Raises
    ------
    InputError
        An orbit no budget can be made for, or data that does not reach.
    """
    orbit = flown_orbit(target, epoch)
    known = published_injections(orbit) if injections is None else injections
    linked = craft.radio is not None
    return Budgets(
        power=power_budget(craft, orbit, epoch) if craft.array is not None else None,
        link=link_budget(craft, orbit) if linked else None,
        data=data_budget(craft, orbit, epoch) if linked and craft.instrument else None,
        delta_v=delta_v_budget(craft, orbit, known, drag_upkeep(craft.body, orbit)),
        mass=mass_budget(craft) if craft.parts else None,
        assumptions=orbit.assumptions,
    )
