"""A spacecraft in its orbit, told in full: budgets, revisit, life, and who can launch it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cosmodrome.campaign.map_store import MapStore
from cosmodrome.campaign.progress import Tell
from cosmodrome.campaign.who_launches import Launcher, off_maps, who_launches
from cosmodrome.mission.nouns import Target
from cosmodrome.mission.orbit_text import to_fields
from cosmodrome.satellite.budgets import Budgets, spacecraft_budgets
from cosmodrome.satellite.disposal import Disposal, disposal
from cosmodrome.satellite.flown_orbit import flown_orbit
from cosmodrome.satellite.revisit import Revisit, revisits
from cosmodrome.satellite.spacecraft import Spacecraft
from cosmodrome.version import VERSION
from cosmodrome.world.epoch import Epoch

__all__ = ["SatelliteAnswer", "satellite_answer"]


@dataclass(frozen=True, slots=True)
class SatelliteAnswer:
    """What `cosmodrome satellite` tells.

    Parameters
    ----------
    name : str, of the spacecraft
    target : Target
    epoch : Epoch
    budgets : Budgets
    revisit : tuple of Revisit, empty without an instrument
    disposal : Disposal, years from the last manoeuvre to decay
    launchers : tuple of Launcher
    provenance : dict, version, hash of the inputs, command
    unasked : str, why no launcher was asked; "" where they were
    """

    name: str
    target: Target
    epoch: Epoch
    budgets: Budgets
    revisit: tuple[Revisit, ...]
    disposal: Disposal
    launchers: tuple[Launcher, ...]
    provenance: dict[str, str]
    unasked: str = ""

    def document(self) -> dict[str, Any]:
        """The contract's JSON, with more keys."""
        return {
            "spacecraft": self.name,
            "orbit": to_fields(self.target),
            "epoch_utc": str(self.epoch),
            "budgets": self.budgets.document(),
            "revisit": [one.document() for one in self.revisit],
            "lifetime": self.disposal.document(),
            "launchers": [one.document() for one in self.launchers],
            "launchers_unasked": self.unasked or None,
            "assumptions": list(self.budgets.assumptions),
            "provenance": dict(self.provenance),
        }


def satellite_answer(
    craft: Spacecraft,
    target: Target,
    epoch: Epoch,
    *,
    store: MapStore | None = None,
    vehicles: Sequence[str] | None = None,
    build: bool = True,
    workers: int | None = None,
    command: str = "",
    tell: Tell | None = None,
) -> SatelliteAnswer:
    """Budgets of a spacecraft in an orbit, and the launchers that carry it there.

    Parameters
    ----------
    craft : Spacecraft
    target : Target, closed, with an inclination
        Launchers are asked for circular orbits that the payload maps reach.
    epoch : Epoch, of insertion
    store, vehicles, build, workers : as of `who_launches`
    command : str, the command that makes it again
    tell : callable(text, share) or None

    Raises
    ------
    InputError
        An orbit no budget can be made for, or data that does not reach.
    """
    if tell is not None:
        tell("budgets", 0.0)
    budgets = spacecraft_budgets(craft, target, epoch)
    orbit = flown_orbit(target, epoch)
    seen = revisits(craft, orbit, epoch) if craft.instrument is not None else ()
    left = disposal(craft, orbit)
    unasked = off_maps(target)
    launchers = (
        ()
        if unasked
        else who_launches(
            craft.body,
            target,
            store=store,
            vehicles=vehicles,
            build=build,
            workers=workers,
            tell=tell,
        )
    )
    inputs = repr((asdict(craft), asdict(target), str(epoch)))
    made_by = {
        "cosmodrome": VERSION,
        "inputs_sha256": hashlib.sha256(inputs.encode()).hexdigest(),
        "command": command,
    }
    name = craft.body.name
    return SatelliteAnswer(name, target, epoch, budgets, seen, left, launchers, made_by, unasked)
