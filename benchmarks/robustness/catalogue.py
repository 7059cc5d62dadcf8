"""Every vehicle of the catalogue to low orbit, sun-synchronous orbit and GTO.

python benchmarks/robustness/catalogue.py --vehicles angara-1.2,electron --orbits leo,sso,gto
"""

from __future__ import annotations

import argparse
import json
import sys
import time

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


def main() -> None:
    """One JSON line a question, and a count on standard error."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--vehicles", default=",".join(SITES))
    parser.add_argument("--orbits", default="leo,sso,gto")
    options = parser.parse_args()
    answered = asked = 0
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
            print(json.dumps(row), flush=True)
    print(f"{answered} of {asked} answered", file=sys.stderr)


if __name__ == "__main__":
    main()
