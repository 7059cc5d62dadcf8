"""Which vehicles stand or fall with the same stages.

A correction fitted on one vehicle must not be tested on another that flies the
same stage. Vehicles belong together if they have one family name, one tag in
`shares`, or one stage file; belonging passes on from vehicle to vehicle.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cosmodrome.mission.catalogue.sheet import VehicleSheet

__all__ = ["families"]


def families(sheets: Mapping[str, VehicleSheet]) -> dict[str, str]:
    """The family of each vehicle, for leaving whole families out.

    Parameters
    ----------
    sheets : mapping of vehicle name to VehicleSheet

    Returns
    -------
    dict of vehicle name to label
        The label joins the family names of all vehicles that hang together,
        "Atlas V + Vulcan". The order of `sheets` does not matter.

    Accuracy
    --------
    Engines alone do not bind (nine Merlin 1C and one are two stages); a tag says
    where stages of different make are near relations.
    """
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    for name, sheet in sheets.items():
        for bond in _bonds(sheet):
            parent[root(bond)] = root(name)
    members: dict[str, set[str]] = {}
    for name, sheet in sheets.items():
        members.setdefault(root(name), set()).add(sheet.family or name)
    return {name: " + ".join(sorted(members[root(name)])) for name in sheets}


def _bonds(sheet: VehicleSheet) -> Iterator[str]:
    """What ties a vehicle to others, spelled so that it is no vehicle's name."""
    if sheet.family:
        yield f"family: {sheet.family}"
    for tag in sheet.shares:
        yield f"shares: {tag}"
    for stage in (*sheet.stages.values(), *sheet.strapons.values()):
        if stage.use:
            yield f"use: {stage.use}"
