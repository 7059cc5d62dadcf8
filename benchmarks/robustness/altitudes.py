"""Payload must fall with altitude: every vehicle of the catalogue, ten circular orbits.

Each vehicle flies from its own site, at the least inclination that the site reaches
without a dogleg, with its last stage lit once. A payload that rises with altitude is an
optimum that was missed below.

python benchmarks/robustness/altitudes.py --out altitudes.jsonl               # all of them
python benchmarks/robustness/altitudes.py --vehicles electron,vega --out altitudes.jsonl
python benchmarks/robustness/altitudes.py --out altitudes.jsonl --sum         # what is known

A line a vehicle; the same command goes on where it stopped. What changes a number (the
catalogue, the program's version, the altitudes) makes a line count as not there.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from math import ceil, degrees
from pathlib import Path
from typing import Any

from cosmodrome.ascent.planes import resolved_target
from cosmodrome.campaign.payload_map import MapQuestion, map_stamp, payload_map
from cosmodrome.errors import CosmodromeError
from cosmodrome.mission.catalogue import load_site, load_vehicle, vehicle_names
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.orbit_text import parse_orbit

ALTITUDES_KM = tuple(200.0 + 100.0 * k for k in range(10))
TOLERANCE = 1e-3
"""Share of the lower payload by which the next one may be higher: what two starts of a
map may differ by before they count as two answers."""


def question(vehicle: str, *, burns: int | None) -> MapQuestion:
    """The map of a vehicle from its own site: one inclination, ten altitudes."""
    sheet = load_vehicle(vehicle)
    site = load_site(sheet.pads[0])
    free = make_mission(sheet, site, parse_orbit("gto"))
    tilt = resolved_target(free).inclination_rad
    assert tilt is not None
    # Up to the next tenth, so that the question reads well.
    tilt_deg = ceil(10.0 * degrees(tilt)) / 10.0
    mission = make_mission(sheet, site, parse_orbit(f"200 km {tilt_deg:g} deg"))
    if burns is not None:
        mission = lit_at_most(mission, burns)
    return MapQuestion((mission,), ALTITUDES_KM, (tilt_deg,))


def lit_at_most(mission: Mission, burns: int) -> Mission:
    """The mission with a last stage that is lit so many times and no more."""
    *lower, last = mission.vehicle.stages
    once = replace(last, burns=min(last.burns, burns))
    return replace(mission, vehicle=replace(mission.vehicle, stages=(*lower, once)))


def rises(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Neighbours of which the upper one carries more, or carries where the lower does not."""
    found = []
    for low, high in pairwise(cells):
        if high["payload_kg"] is None:
            continue
        below = low["payload_kg"]
        share = None if below is None else high["payload_kg"] / below - 1.0
        if share is None or share > TOLERANCE:
            found.append(
                {
                    "from_km": low["altitude_km"],
                    "to_km": high["altitude_km"],
                    "below_kg": below,
                    "above_kg": high["payload_kg"],
                    "percent": None if share is None else round(100.0 * share, 3),
                    "status_below": low["status"],
                }
            )
    return found


def cpu_s() -> float:
    """Processor seconds of this process and of those it has waited for."""
    spent = 0.0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        used = resource.getrusage(who)
        spent += used.ru_utime + used.ru_stime
    return spent


def row(vehicle: str, asked: MapQuestion, stamp: str, journal: Path) -> dict[str, Any]:
    """The line of one vehicle; a vehicle that cannot be asked says why."""
    began = cpu_s()
    mission = asked.missions[0]
    told: dict[str, Any] = {
        "vehicle": vehicle,
        "site": f"{mission.site.name}/{mission.site.pad}",
        "inclination_deg": asked.inclinations_deg[0],
        "stamp": stamp,
    }
    try:
        found = payload_map(asked, journal=journal, workers=1)
    except CosmodromeError as error:
        return told | {"error": str(error), "cells": [], "rises": []}
    keys = ("altitude_km", "status", "payload_kg", "burns", "direction", "course", "found_by")
    cells = [{key: cell[key] for key in (*keys, "checked")} for cell in found.document()["cells"]]
    journal.unlink(missing_ok=True)
    told |= {"cells": cells, "rises": rises(cells)}
    return told | {"cpu_s": round(cpu_s() - began, 1)}


def known(path: Path) -> dict[str, dict[str, Any]]:
    """Lines that are there, by their stamp; one that was cut short does not count."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            one = json.loads(line)
        except ValueError:
            continue
        found[one["stamp"]] = one
    return found


def summed_up(rows: list[dict[str, Any]]) -> str:
    """How many cells fall as they must, what does not, and what it took."""
    cells = [cell for one in rows for cell in one["cells"]]
    counted = Counter(cell["status"] for cell in cells)
    risen = [(one["vehicle"], rise) for one in rows for rise in one["rises"]]
    statuses = ", ".join(f"{count} {status}" for status, count in counted.most_common())
    who = len({name for name, _ in risen})
    lines = [
        f"{len(rows)} vehicles, {len(cells)} orbits: {statuses}",
        f"{len(risen)} rises above {100.0 * TOLERANCE:g} % in {who} vehicles",
    ]
    for name, rise in risen:
        below = rise["status_below"] if rise["below_kg"] is None else f"{rise['below_kg']:.1f} kg"
        lines.append(
            f"  {name}: {rise['from_km']:g} to {rise['to_km']:g} km, "
            f"{below} to {rise['above_kg']:.1f} kg"
        )
    lines += [f"  {one['vehicle']}: {one['error']}" for one in rows if "error" in one]
    spent = [one["cpu_s"] for one in rows if "cpu_s" in one]
    if spent:
        lines.append(f"{sum(spent):.0f} s of processor time, {max(spent):.0f} s the longest")
    return "\n".join(lines)


def main() -> int:
    """A JSON line a vehicle into the file, and a count on standard output."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--vehicles", default=",".join(vehicle_names()))
    parser.add_argument("--burns", type=int, default=1, help="0: as often as the stage can")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--sum", action="store_true", help="ask nothing more, count what is there")
    options = parser.parse_args()
    there, rows = known(options.out), []
    for vehicle in options.vehicles.split(","):
        asked = question(vehicle, burns=options.burns or None)
        stamp = map_stamp(asked)
        if stamp not in there:
            if options.sum:
                continue
            one = row(vehicle, asked, stamp, options.out.with_suffix(f".{vehicle}.journal"))
            with options.out.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(one) + "\n")
            there[stamp] = one
            told = f"{vehicle}: {one.get('cpu_s', 0.0)} s, {len(one['rises'])} rises"
            print(told, file=sys.stderr, flush=True)
        rows.append(there[stamp])
    print(summed_up(rows))
    return 1 if any(one["rises"] for one in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
