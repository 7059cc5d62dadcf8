"""Twenty-five years of orbit decay: `python benchmarks/speed/lifetime.py`.

The orbits do not come down within the time, so that all of it is carried. The
goal is 2 s for one life from a fresh process, with the reading of the space
weather and the density tables, which are built at first use and then kept.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import fresh


@dataclass(frozen=True)
class Case:
    """An orbit, how many lives of it, for how long, and what the first may cost."""

    name: str
    perigee_km: float
    apogee_km: float
    samples: int
    years: float
    limit_s: float


CASES = (
    Case("one", 800.0, 800.0, 1, 25.0, 2.0),
    Case("distribution", 800.0, 800.0, 200, 25.0, 4.0),
    Case("decays", 550.0, 550.0, 200, 25.0, 4.0),
    Case("transfer", 300.0, 35786.0, 1, 25.0, 4.0),
)


def solve(case: Case) -> dict[str, Any]:
    """Twice in this process: with everything to load and build, and with the tables kept."""
    begun, load = time.perf_counter(), os.getloadavg()[0]
    from math import radians

    from cosmodrome.orbit.elements import Elements
    from cosmodrome.orbit.lifetime import Body, Draws, lifetime
    from cosmodrome.orbit.secular import Secular
    from cosmodrome.world.environment import Environment
    from cosmodrome.world.epoch import Epoch

    radius_m = Environment().equatorial_radius_m
    low, high = (radius_m + 1e3 * km for km in (case.perigee_km, case.apogee_km))
    shape = (0.5 * (low + high), (high - low) / (high + low), radians(97.5), 1.0, 1.0, 0.0)
    orbit = Secular(Epoch.parse("2027-03-20T12:00:00Z"), "TOD", Elements.keplerian(*shape))
    draws = Draws(case.samples, horizon_years=case.years)
    found = lifetime(orbit, Body(120.0, 1.0), draws)
    first_s = time.perf_counter() - begun
    begun = time.perf_counter()
    lifetime(orbit, Body(120.0, 1.0), draws)
    return {
        **asdict(case),
        "first_s": first_s,
        "again_s": time.perf_counter() - begun,
        "processor_s": time.process_time(),
        "load_before": load,
        "down_within": found.within(case.years).probability,
    }


def table(rows: list[dict[str, Any]]) -> list[str]:
    """Markdown of the costs beside what they may be."""
    lines = [
        (
            "| orbit, km | lives | years | down by then, % | from a fresh process, s "
            "| with the tables kept, s | processor time of both, s | allowed, s |"
        ),
        "|---" * 8 + "|",
    ]
    lines += [
        f"| {row['perigee_km']:g} x {row['apogee_km']:g} | {row['samples']} | {row['years']:g} "
        f"| {100.0 * row['down_within']:.0f} | {row['first_s']:.2f} | {row['again_s']:.2f} "
        f"| {row['processor_s']:.2f} | {row['limit_s']:g} |"
        for row in rows
    ]
    return lines


STUDY = fresh.Study("lifetime", Path(__file__), CASES, solve, table, cost="first_s")

if __name__ == "__main__":
    STUDY.main()
