"""The 90 % interval of a payload by sampling: `python benchmarks/speed/interval.py`.

The plan and 200 vehicles drawn about it, each optimised again. The goal is 20 s on two
idle cores. Each case is a process of its own, with a fork for every worker. Processor
time is told beside wall time: on a busy machine half of it is the better figure.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import fresh


@dataclass(frozen=True)
class Case:
    """A question, how many vehicles are drawn, and what that may cost on two cores."""

    name: str
    vehicle: str
    site: str
    orbit: str
    samples: int
    limit_s: float
    workers: int = 2


CASES = (
    Case("one burn", "angara-1.2", "vostochny", "200 km 51.7 deg", 200, 20.0),
    Case("restart", "atlas-v-401", "cape-canaveral", "gto", 200, 20.0),
)


def spent_s() -> float:
    """Processor time of this process and of its workers that have ended."""
    found = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in found)


def solve(case: Case) -> dict[str, Any]:
    """Once, from the question to the interval."""
    begun, load = time.perf_counter(), os.getloadavg()[0]
    from cosmodrome.campaign.plan_interval import Draws, plan_with_interval
    from cosmodrome.prompt import mission_from

    mission = mission_from(case.vehicle, case.site, case.orbit)
    planned_s: list[float] = []

    def note(text: str, _share: float) -> None:
        if text.startswith("sampling") and not planned_s:
            planned_s.append(spent_s())

    answer = plan_with_interval(
        mission, draws=Draws(case.samples), workers=case.workers, progress=note
    ).document
    found = answer["interval"]
    return {
        **asdict(case),
        "wall_s": time.perf_counter() - begun,
        "sampling_wall_s": found["sampling_s"],
        "processor_s": spent_s(),
        "sampling_processor_s": spent_s() - planned_s[0],
        "load_before": load,
        "payload_kg": answer["payload_kg"],
        "interval_kg": answer["payload_interval_kg"],
        "spread_kg": found["inputs_spread_kg"],
        "lost": found["lost"],
    }


def table(rows: list[dict[str, Any]]) -> list[str]:
    """Markdown of the costs beside what they may be."""
    lines = [
        (
            "| vehicle | samples | lost | processes | wall time, s | processor time, s "
            "| per sample, s | spread by sampling, kg | to first order, kg | allowed, s |"
        ),
        "|---" * 10 + "|",
    ]
    for row in rows:
        spread = row["spread_kg"]
        sampled = "-" if spread["sampling"] is None else f"{spread['sampling']:.0f}"
        lines.append(
            f"| {row['vehicle']} ({row['name']}) | {row['samples']} | {row['lost']} "
            f"| {row['workers']} | {row['wall_s']:.1f} | {row['processor_s']:.1f} "
            f"| {row['sampling_processor_s'] / row['samples']:.3f} "
            f"| {sampled} | {spread['first_order']:.0f} | {row['limit_s']:g} |"
        )
    return lines


STUDY = fresh.Study("interval", Path(__file__), CASES, solve, table)

if __name__ == "__main__":
    STUDY.main()
