"""The rows of the public ascent timelines that a planned flight can be held against.

Picks events of flights whose vehicle is in the catalogue and whose payload and
orbit are known, and names them as a plan does. Run it as it stands, with
../shared/reference/ascent_timelines.csv beside the repository; it writes
`flown.csv` beside itself.
"""

from __future__ import annotations

import csv
from pathlib import Path

HERE = Path(__file__).resolve().parent
TIMELINES = HERE.parents[4] / "shared" / "reference" / "ascent_timelines.csv"
COLUMNS = (
    "mission",
    "event",
    "t_s",
    "altitude_km",
    "speed_m_s",
    "inertial_speed_m_s",
    "kind",
    "source",
)

# Mission file: flight, and for each event of the plan how the timeline calls it.
FLIGHTS = {
    "as-506": (
        "Apollo 11",
        {
            "max_q": "max Q 35.2 kPa",
            "s-ic cutoff": "S-IC OECO (FPA 19.1 deg space-fixed)",
            "s-ii cutoff": "S-II OECO (FPA 0.61 deg)",
            "insertion": "S-IVB first cut-off",
        },
    ),
    "soyuz-ms-25": (
        "Soyuz MS-25",
        {
            "blok b/v/g/d separation": "strap-on separation",
            "blok a separation": "core separation",
            "insertion": "stage 3 cut-off",
        },
    ),
    "va267": (
        "VA267",
        {
            "esr separation": "P120C separation",
            "fairing jettison": "fairing",
            "llpm separation": "main stage separation",
        },
    ),
    "h3-f3": (
        "H3 F3 ALOS-4",
        {
            "srb-3 separation": "SRB-3 separation",
            "fairing jettison": "fairing",
            "stage 1 cutoff": "MECO",
        },
    ),
    "h-iia-f50": (
        "H-IIA F50 GOSAT-GW",
        {
            "srb-a3 separation": "SRB-A separation",
            "fairing jettison": "fairing",
            "stage 1 cutoff": "MECO",
        },
    ),
}


def picked() -> list[dict[str, str]]:
    """The rows, in the order of `FLIGHTS`."""
    with TIMELINES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = []
    for mission, (flight, events) in FLIGHTS.items():
        source = next(row["source"] for row in rows if row["flight"] == flight)
        for event, theirs in events.items():
            (row,) = [r for r in rows if (r["flight"], r["event"]) == (flight, theirs)]
            found.append(_row(mission, event, row, source))
    return found


def _row(mission: str, event: str, row: dict[str, str], source: str) -> dict[str, str]:
    """Speeds go by the frame; where none is stated, the speed is left out."""
    inertial = row["v_frame"] in ("inertial", "space-fixed")
    return {
        "mission": mission,
        "event": event,
        "t_s": row["t_s"],
        "altitude_km": f"{float(row['alt_m']) / 1000.0:g}" if row["alt_m"] else "",
        "speed_m_s": row["v_ms"] if row["v_frame"] == "relative" else "",
        "inertial_speed_m_s": row["v_ms"] if inertial else "",
        "kind": row["planned_or_flown"],
        "source": source.split(" via ", maxsplit=1)[0],
    }


if __name__ == "__main__":
    with (HERE / "flown.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(picked())
