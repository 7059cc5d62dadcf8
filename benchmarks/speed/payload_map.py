"""Maps of payload, every cell flown again: `python benchmarks/speed/payload_map.py`.

Each case is a process of its own, with a fork for every worker. The goal is 60 s for
100 orbits of one vehicle on two idle cores. Processor time is told beside wall time:
on a busy machine half of it is the better figure.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import fresh


@dataclass(frozen=True)
class Case:
    """A grid of orbits, and what it may cost on two cores."""

    name: str
    vehicle: str
    site: str
    side: int
    altitudes: tuple[float, float]
    inclinations: tuple[float, float]
    limit_s: float | None = None
    workers: int = 2

    def grid(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Altitudes in km and inclinations in degrees: first and step, `side` of each."""
        (low, up), (least, on) = self.altitudes, self.inclinations
        heights = tuple(low + up * k for k in range(self.side))
        return heights, tuple(round(least + on * k, 6) for k in range(self.side))


CASES = (
    Case("one burn", "angara-1.2", "vostochny", 10, (200.0, 60.0), (51.7, 5.0), 60.0),
    Case("restarts", "atlas-v-401", "cape-canaveral", 5, (200.0, 200.0), (28.6, 5.0)),
)


def solve(case: Case) -> dict[str, Any]:
    """Once, from the question to the last re-flight."""
    begun, load = time.perf_counter(), os.getloadavg()[0]
    from cosmodrome.campaign.payload_map import MapQuestion, payload_map
    from cosmodrome.prompt import mission_from

    heights, tilts = case.grid()
    mission = mission_from(case.vehicle, case.site, f"{heights[0]:g} km {tilts[-1]:g} deg")
    found = payload_map(MapQuestion((mission,), heights, tilts), workers=case.workers)
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        **asdict(case),
        "cells": len(found.cells),
        "wall_s": time.perf_counter() - begun,
        "processor_s": sum(one.ru_utime + one.ru_stime for one in spent),
        "load_before": load,
        "statuses": dict(Counter(cell.status for cell in found.cells)),
        "found_by": dict(Counter(cell.found_by for cell in found.cells if cell.found_by)),
    }


def table(rows: list[dict[str, Any]]) -> list[str]:
    """Markdown of the costs beside what they may be."""
    lines = [
        (
            "| vehicle | orbits | with a payload | processes | wall time, s | processor time, s "
            "| per orbit, s | allowed, s |"
        ),
        "|---" * 8 + "|",
    ]
    for row in rows:
        allowed = "-" if row["limit_s"] is None else f"{row['limit_s']:g}"
        lines.append(
            f"| {row['vehicle']} ({row['name']}) | {row['cells']} "
            f"| {row['statuses'].get('optimal', 0)} | {row['workers']} | {row['wall_s']:.1f} "
            f"| {row['processor_s']:.1f} | {row['processor_s'] / row['cells']:.2f} | {allowed} |"
        )
    return lines


STUDY = fresh.Study("payload_map", Path(__file__), CASES, solve, table)

if __name__ == "__main__":
    STUDY.main()
