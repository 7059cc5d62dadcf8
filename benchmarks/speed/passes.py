"""Time of the pass search: one satellite for a month, and many over many stations for a day."""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import record

# Set before NumPy is loaded: one core is measured.
os.environ.update(record.ONE_THREAD)

import numpy as np

from cosmodrome.orbit.motion import Motion, Sgp4
from cosmodrome.orbit.passes import Passes, find_passes
from cosmodrome.orbit.stations import Station, station
from cosmodrome.world.epoch import Epoch

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference" / "passes"
START = Epoch.parse("2026-03-01T00:00:00Z")
MU_M3_S2 = 3.986004418e14
SEED = 20260301
MASK_RAD = math.radians(10.0)


def drawn(rng: np.random.Generator) -> Sgp4:
    """A low orbit (80 %), a middle one or a long one."""
    kind = rng.random()
    perigee_m = 6378137.0 + rng.uniform(350e3, 1500e3)
    e = rng.uniform(0.0, 0.02)
    if kind > 0.9:
        e = rng.uniform(0.3, 0.75)
    elif kind > 0.8:
        perigee_m = rng.uniform(15e6, 30e6)
    motion = math.sqrt(MU_M3_S2 / (perigee_m / (1.0 - e)) ** 3)
    tilt = math.acos(rng.uniform(-1.0, 1.0))
    node, perigee, anomaly = (float(x) for x in rng.uniform(0.0, 2.0 * math.pi, 3))
    return Sgp4(START, motion, e, tilt, node, perigee, anomaly, 1e-5)


def crowd(satellites: int, stations: int) -> Callable[[], Passes]:
    """A search for a day of many over many, drawn by a seed."""
    rng = np.random.default_rng(SEED)
    motions: dict[str, Motion] = {f"s{k}": drawn(rng) for k in range(satellites)}
    places = [
        Station(f"g{k}", math.asin(rng.uniform(-1.0, 1.0)), rng.uniform(-math.pi, math.pi))
        for k in range(stations)
    ]
    return lambda: find_passes(
        motions, places, START, 86400.0, min_elevation_rad=MASK_RAD, sunlight=False
    )


def month() -> Callable[[], Passes]:
    """The space station over Wallops for 30 days; the reference has 146 passes."""
    lines = (REFERENCE / "iss.tle").read_text().splitlines()
    iss: dict[str, Motion] = {"iss": Sgp4.from_tle(lines[1], lines[2])}
    place = [station("37.94,-75.47,10")]
    start = Epoch.parse("2024-09-17T00:00:00Z")
    return lambda: find_passes(
        iss, place, start, 30 * 86400.0, min_elevation_rad=MASK_RAD, sunlight=False
    )


def timed(name: str, search: Callable[[], Passes], runs: int, limit_s: float) -> dict[str, Any]:
    """Time of repeated searches; the first one loads what it needs and is not counted."""
    found = len(search())
    spent = []
    for _ in range(runs):
        begun = time.perf_counter()
        search()
        spent.append(time.perf_counter() - begun)
    return {
        "task": name,
        "passes": found,
        "runs": runs,
        "wall_s": record.spread(spent),
        "limit_s": limit_s,
    }


def table(rows: list[dict[str, Any]]) -> list[str]:
    """Markdown of the times beside what they may be."""
    lines = ["| task | passes | wall time, ms | allowed, ms |", "|---|---|---|---|"]
    for row in rows:
        wall = row["wall_s"]
        lines.append(
            f"| {row['task']} | {row['passes']} | {1e3 * wall['median']:.1f} "
            f"({1e3 * wall['low']:.1f} to {1e3 * wall['high']:.1f}) "
            f"| {1e3 * row['limit_s']:.0f} |"
        )
    return lines


def main() -> None:
    """Measure, write, and show."""
    rows = []
    if REFERENCE.is_dir():
        rows.append(timed("space station, one station, 30 days", month(), 25, 0.02))
    else:
        print("the month of the space station is left out: ../shared/reference is not here")
    rows.append(timed("1000 satellites, 10 stations, 1 day", crowd(1000, 10), 5, 2.4))
    record.save("passes", {"tasks": rows})
    print("\n".join(table(rows)))


if __name__ == "__main__":
    main()
