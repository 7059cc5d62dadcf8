"""Dispersions of a planned flight: `python benchmarks/speed/disperse.py`.

Unguided first stages followed to the ground, and vehicles whose ascent is optimised
again. The goals are 20 s for 2000 of the one and 60 s for 500 of the other on two idle
cores, the run folder being there. Processor time is told beside wall time: on a busy
machine half of it is the better figure.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import fresh
from speed.interval import spent_s


@dataclass(frozen=True)
class Case:
    """How many of each, and what that may cost on two cores."""

    name: str
    samples: int
    payload_samples: int
    limit_s: float
    workers: int = 2


CASES = (
    Case("unguided first stages", 2000, 0, 20.0),
    Case("optimised again", 500, 500, 60.0),
)


def solve(case: Case) -> dict[str, Any]:
    """Once, on a plan that is made first and not counted."""
    from cosmodrome import plan
    from cosmodrome.campaign.disperse import Hands
    from cosmodrome.prompt.disperse import dispersions, question_of

    with tempfile.TemporaryDirectory() as folder:
        plan("angara-1.2", "vostochny", "sso 500 km ltan 10:30").save(folder)
        load, begun, spent = os.getloadavg()[0], time.perf_counter(), spent_s()
        question = question_of(
            folder, samples=case.samples, payload_samples=case.payload_samples, seed=7
        )
        document = dispersions(question, Hands(workers=case.workers)).document
    return {
        **asdict(case),
        "wall_s": time.perf_counter() - begun,
        "processor_s": spent_s() - spent,
        "load_before": load,
        "payload_margin_kg": document["payload_margin_kg"],
    }


def table(rows: list[dict[str, Any]]) -> list[str]:
    """Markdown of the costs beside what they may be."""
    lines = [
        (
            "| Angara-1.2, 500 km | samples | processes | wall time, s | processor time, s "
            "| allowed, s |"
        ),
        "|---" * 6 + "|",
    ]
    lines += [
        f"| {row['name']} | {row['samples']} | {row['workers']} | {row['wall_s']:.1f} "
        f"| {row['processor_s']:.1f} | {row['limit_s']:g} |"
        for row in rows
    ]
    return lines


STUDY = fresh.Study("disperse", Path(__file__), CASES, solve, table)

if __name__ == "__main__":
    STUDY.main()
