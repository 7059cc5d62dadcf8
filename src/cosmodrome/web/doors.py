"""Jobs: each reads its question first, and gives back the work that answers it.

The functions called are those that the command line calls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from cosmodrome.errors import InputError
from cosmodrome.web.orbit_doors import (
    coverage_job,
    eclipses_job,
    lifetime_job,
    passes_job,
    propagate_job,
    repeat_job,
    screen_job,
)
from cosmodrome.web.run_doors import (
    casualty_job,
    disperse_job,
    dropzones_job,
    hazard_job,
    windows_job,
)
from cosmodrome.web.uploads import checked_toml
from cosmodrome.web.work import Made, Place, Question, Tell, Work, keep

__all__ = ["JOBS", "asked_mission"]


def plan_job(asked: Question, place: Place) -> Work:
    """`cosmodrome plan`."""
    from cosmodrome.prompt import changed
    from cosmodrome.prompt.solving import solved
    from cosmodrome.prompt.zones import zoned_mission

    mission, sheet = asked_mission(asked, place)
    mission = changed(mission, asked["payload_kg"], asked["epoch_utc"])
    inside, outside = ([_zone(one, place) for one in asked[k]] for k in ("drop_inside", "keep_off"))
    mission = zoned_mission(mission, inside, outside, asked["zone_margin_km"])
    if asked["interval"] and asked["payload_kg"] is not None:
        raise InputError(
            "an interval is of the largest payload, not of one that is given",
            key="interval",
            allowed="`interval` without `payload_kg`",
        )

    def run(tell: Tell) -> Made:
        from cosmodrome.report.folder import write_run_folder

        journal = place.folder / ".draws.journal"
        more = {"sheet": sheet, "command": place.command, "journal": journal}
        answer = solved(mission, {**asked, **more}, tell)
        journal.unlink(missing_ok=True)
        tell("writing it down", 0.99)
        # The report takes a third as long as the plan; `quick.report` makes it when it is opened.
        write_run_folder(answer, place.folder, report=False)
        return Made(answer.status, _plan_summary(answer.document))

    return run


def _zone(asked: Mapping[str, Any], place: Place) -> str:
    area = asked["area"] or place.named(asked["file"])
    return f"{asked['part']}={area}" if asked["part"] else str(area)


def _plan_summary(document: Mapping[str, Any]) -> dict[str, Any]:
    keys = ("status", "vehicle", "site", "payload_kg", "adapter_kg", "payload_interval_kg")
    orbit = (document.get("target") or {}).get("text")
    return {key: document.get(key) for key in keys} | {"orbit": orbit}


def asked_mission(asked: Question, place: Place, site: str | None = None) -> tuple[Any, Any]:
    """The mission of a question and the sheet of its vehicle.

    Parameters
    ----------
    asked : mapping, a plan, a check or a map
    place : Place
    site : str or None, instead of the question's

    Raises
    ------
    InputError
        Anything that cannot be used.
    """
    from cosmodrome.mission.catalogue.keeping import KeptBack
    from cosmodrome.mission.mission_file import load_mission_and_sheet
    from cosmodrome.prompt import mission_from, sheet_from

    if asked.get("mission"):
        file = Path(str(place.named(asked["mission"])))
        checked_toml(file)
        return load_mission_and_sheet(file)
    vehicle: str | Path = asked["vehicle"] or ""
    if asked["vehicle_file"]:
        vehicle = Path(str(place.named(asked["vehicle_file"])))
        checked_toml(vehicle)
    kept = KeptBack(asked["recovery"], asked["reserve_m_s"], asked["disposal_m_s"])
    sheet = sheet_from(vehicle, asked["riders"], kept)
    return mission_from(sheet, site or asked["site"], asked["orbit"]), sheet


def check_job(asked: Question, place: Place) -> Work:
    """`cosmodrome check`."""
    from cosmodrome.prompt.claims import judged_claim

    mission, sheet = asked_mission(asked, place)

    def run(tell: Tell) -> Made:
        found = judged_claim(mission, sheet, {**asked, "command": place.command}, tell)
        keep(place, found.document)
        keys = ("verdict", "probability", "payload_kg", "claimed_kg", "vehicle", "site")
        summary = {key: found.document.get(key) for key in keys}
        return Made(found.verdict or found.answer.status, summary)

    return run


def map_job(asked: Question, place: Place) -> Work:
    """`cosmodrome map`; the journal is in the job's folder, so that it goes on where it stopped."""
    from cosmodrome.campaign.payload_map import MapQuestion, map_stamp, payload_map
    from cosmodrome.mission.orbit_build import HIGHEST_KM, LOWEST_KM
    from cosmodrome.prompt.ranges import read_range

    heights = read_range(asked["altitudes"], "altitudes", "km", (LOWEST_KM, HIGHEST_KM))
    tilts = read_range(asked["inclinations"], "inclinations", "deg", (0.0, 180.0))
    cells, most = len(heights) * len(tilts) * len(asked["sites"]), asked["map_cells"]
    if cells > most:
        raise InputError(
            f"a map of {cells} orbits is more than this server takes on",
            key="altitudes",
            value=cells,
            allowed=f"at most {most}; the command line takes more",
        )
    orbit = f"{heights[0]:.15g} km {tilts[-1]:.15g} deg"
    missions = tuple(
        asked_mission({**asked, "orbit": orbit}, place, site)[0] for site in asked["sites"]
    )
    question = MapQuestion(missions, heights, tilts, command=place.command)

    def run(tell: Tell) -> Made:
        from cosmodrome.report.map_files import write_files

        journal = place.folder / f".{map_stamp(question)[:12]}.journal"
        found = payload_map(question, journal=journal, tell=tell)
        write_files(found, [place.folder / f"map.{form}" for form in ("html", "csv", "parquet")])
        keep(place, found.document())
        journal.unlink(missing_ok=True)
        carried = [cell.payload_kg for cell in found.cells if cell.payload_kg is not None]
        most_kg = max(carried, default=None)
        summary = {"cells": len(found.cells), "carried": len(carried), "most_kg": most_kg}
        return Made("done" if carried else found.cells[0].status, summary)

    return run


def satellite_job(asked: Question, place: Place) -> Work:
    """`cosmodrome satellite`; payload maps are kept in the user's cache, as there."""
    from cosmodrome.mission.orbit_text import parse_orbit
    from cosmodrome.satellite.spacecraft_file import load_spacecraft
    from cosmodrome.world.epoch import Epoch

    file = Path(str(place.named(asked["spacecraft"])))
    checked_toml(file)
    craft = load_spacecraft(file)
    target, epoch = parse_orbit(asked["orbit"]), Epoch.parse(asked["epoch_utc"])

    def run(tell: Tell) -> Made:
        from cosmodrome.campaign.map_store import MapStore
        from cosmodrome.campaign.satellite_answer import satellite_answer
        from cosmodrome.report.life_page import written_life

        found = satellite_answer(
            craft,
            target,
            epoch,
            store=MapStore(),
            vehicles=asked["vehicles"],
            build=asked["build"],
            command=place.command,
            tell=tell,
        )
        written_life(found, craft, place.folder)
        carry = sum(one.status == "carries" for one in found.launchers)
        return Made("done", {"launchers": len(found.launchers), "carry": carry})

    return run


JOBS: Final[dict[str, Callable[[Question, Place], Work]]] = {
    "plan": plan_job,
    "check": check_job,
    "map": map_job,
    "passes": passes_job,
    "eclipses": eclipses_job,
    "propagate": propagate_job,
    "coverage": coverage_job,
    "repeat": repeat_job,
    "lifetime": lifetime_job,
    "satellite": satellite_job,
    "dropzones": dropzones_job,
    "hazard": hazard_job,
    "casualty": casualty_job,
    "disperse": disperse_job,
    "windows": windows_job,
    "screen": screen_job,
}
