"""Every vehicle of the catalogue to low orbit, sun-synchronous orbit and GTO.

python benchmarks/robustness/catalogue.py --vehicles angara-1.2,electron --orbits leo,sso,gto
python benchmarks/robustness/catalogue.py --readme   # all, and its table in benchmarks/README.md
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from cosmodrome.campaign import PlanOptions, plan_mission
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.orbit_text import parse_orbit

SITES = {
    "angara-1.2": ("vostochny", 55.0),
    "angara-a5": ("vostochny", 55.0),
    "soyuz-2.1a": ("baikonur", 51.6),
    "soyuz-2.1b-fregat": ("vostochny", 55.0),
    "falcon-9-ft": ("cape-canaveral", 28.7),
    "electron": ("mahia", 45.0),
    "atlas-v-401": ("cape-canaveral", 28.7),
    "atlas-v-551": ("cape-canaveral", 28.7),
    "ariane-64": ("kourou", 6.0),
    "vega": ("kourou", 6.0),
    "h-iia-202": ("tanegashima", 30.6),
    "pslv-xl": ("sriharikota", 44.0),
    "delta-iii-8930": ("cape-canaveral", 28.7),
    "saturn-v": ("ksc", 32.5),
}


def question(vehicle: str, orbit: str) -> tuple[str, str]:
    """Site and orbit text."""
    site, tilt = SITES[vehicle]
    return site, {"leo": f"200 km {tilt} deg", "sso": "sso 500 km", "gto": "gto"}[orbit]


README = Path(__file__).parents[1] / "README.md"
MARKS = ("<!-- catalogue -->", "<!-- /catalogue -->")


def table(rows: list[dict[str, Any]]) -> str:
    """Markdown: one line a question."""
    lines = [
        "| vehicle | site | orbit | status | payload, kg | burns | agree | s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        payload = "-" if row["payload_kg"] is None else f"{row['payload_kg']:.0f}"
        lines.append(
            f"| {row['vehicle']} | {row['site']} | {row['orbit']} | {row['status']} | {payload} "
            f"| {row['burns'] or '-'} | {row['agreed']} of {row['starts']} | {row['total_s']:.0f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """One JSON line a question, and a count on standard error."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--vehicles", default=",".join(SITES))
    parser.add_argument("--orbits", default="leo,sso,gto")
    parser.add_argument("--readme", action="store_true", help="rewrite the table there")
    options = parser.parse_args()
    answered = asked = 0
    rows = []
    for vehicle in options.vehicles.split(","):
        for orbit in options.orbits.split(","):
            site, text = question(vehicle, orbit)
            mission = make_mission(load_vehicle(vehicle), load_site(site), parse_orbit(text))
            began = time.perf_counter()
            document = plan_mission(mission, PlanOptions(alternatives=False)).document
            asked += 1
            answered += document["status"] in ("optimal", "infeasible")
            row = {
                "vehicle": vehicle,
                "site": site,
                "orbit": text,
                "status": document["status"],
                "payload_kg": document["payload_kg"],
                "burns": document.get("burns"),
                "starts": document["starts"]["tried"],
                "agreed": document["starts"]["agreed"],
                "total_s": round(time.perf_counter() - began, 2),
            }
            rows.append(row)
            print(json.dumps(row), flush=True)
    print(f"{answered} of {asked} answered", file=sys.stderr)
    if options.readme:
        text = README.read_text(encoding="utf-8")
        before, rest = text.split(MARKS[0], 1)
        after = rest.split(MARKS[1], 1)[1]
        told = f"{answered} of {asked} answered.\n\n{table(rows)}"
        README.write_text(f"{before}{MARKS[0]}\n{told}\n{MARKS[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
