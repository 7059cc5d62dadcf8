"""What a door adds to an answer: the parts of what is kept back, and the page of its vehicle."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cosmodrome.mission.catalogue import load_vehicle, vehicle_names
from cosmodrome.report.words import vehicle_page

if TYPE_CHECKING:
    from cosmodrome.campaign.answer import Answer
    from cosmodrome.mission.catalogue import VehicleSheet

__all__ = ["told_in_full"]


def told_in_full(answer: Answer, sheet: VehicleSheet | None) -> Answer:
    """The answer, saying also what its sheet and its vehicle's name tell.

    Parameters
    ----------
    answer : Answer
    sheet : VehicleSheet or None
        What the vehicle was made from. A mission file of bare numbers has none;
        the catalogue's of that name stands in, as far as it adds up.

    Returns
    -------
    Answer
        Its document has `validation_page`, null where no payload of the vehicle
        is published; its `kept` has `reserve_m_s` and `disposal_m_s` where they
        are known apart.
    """
    more: dict[str, Any] = {"validation_page": vehicle_page(answer.document)}
    kept = answer.document.get("kept")
    name = str(answer.document.get("vehicle"))
    if sheet is None and name in vehicle_names():
        sheet = load_vehicle(name)
    if kept and sheet is not None:
        parts = {
            "reserve_m_s": sheet.reserves.velocity_reserve_m_s,
            "disposal_m_s": sheet.reserves.disposal_m_s,
        }
        # What flew decides: parts that do not add up to it are not its parts.
        if math.isclose(sum(parts.values()), kept["velocity_m_s"], abs_tol=1e-9):
            more["kept"] = kept | parts
    return replace(answer, document=answer.document | more)
