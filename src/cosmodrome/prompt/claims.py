"""A claimed payload judged: the verdict, and what is said of the vehicle beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cosmodrome.campaign.checking import Checked
    from cosmodrome.campaign.progress import Tell
    from cosmodrome.mission.catalogue import VehicleSheet
    from cosmodrome.mission.nouns import Mission

__all__ = ["judged_claim"]


def judged_claim(
    mission: Mission, sheet: VehicleSheet, asked: Mapping[str, Any], tell: Tell
) -> Checked:
    """Is this claim supported? Its document is that of `cosmodrome check --json`.

    Parameters
    ----------
    mission : Mission, without a payload
    sheet : VehicleSheet, of its vehicle
    asked : mapping with payload_kg, includes_adapter and command
    tell : callable(text, share done)

    Returns
    -------
    Checked
    """
    from cosmodrome.campaign.checking import check_claim
    from cosmodrome.campaign.plan_interval import completed
    from cosmodrome.prompt import told_in_full

    found = check_claim(
        mission,
        sheet,
        asked["payload_kg"],
        includes_adapter=asked["includes_adapter"],
        command=asked["command"],
        progress=tell,
    )
    told = told_in_full(completed(found.answer, mission, sheet), sheet).document
    more = {name: told[name] for name in ("kept", "validation_page")}
    return replace(found, document=found.document | more)
