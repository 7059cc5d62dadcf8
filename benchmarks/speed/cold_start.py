"""Whole-process time and memory of the command, from a cold interpreter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import record

COMMAND = Path(sys.executable).with_name("cosmodrome")


@dataclass(frozen=True)
class Case:
    """A command line and what it may cost."""

    words: tuple[str, ...]
    runs: int
    limit_s: float
    limit_mb: float


CASES = (
    Case(("--help",), 7, 0.3, 500.0),
    Case(
        (
            "plan",
            "angara-1.2",
            "--from",
            "vostochny",
            "--to",
            "200 km 51.7 deg",
            "--json",
            "--quiet",
        ),
        5,
        5.0,
        500.0,
    ),
)


def once(words: tuple[str, ...]) -> tuple[float, float, str]:
    """Wall time in seconds, peak resident memory in MB, standard output."""
    started = time.perf_counter()
    with subprocess.Popen(
        [str(COMMAND), *words],
        stdout=subprocess.PIPE,
        env=record.environment(one_thread=False),
        text=True,
    ) as process:
        assert process.stdout is not None
        text = process.stdout.read()
        # wait4 and not getrusage: the peak of this child, not of all so far.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    elapsed = time.perf_counter() - started
    if process.returncode:
        raise SystemExit(f"cosmodrome {' '.join(words)} ended with {process.returncode}")
    return elapsed, usage.ru_maxrss / 1024.0, text


def measure(case: Case) -> dict[str, Any]:
    """Repeat one command; the first run after an installation also compiles Python."""
    once(case.words)
    found = [once(case.words) for _ in range(case.runs)]
    row: dict[str, Any] = {
        "command": " ".join(["cosmodrome", *(f'"{w}"' if " " in w else w for w in case.words)]),
        "runs": case.runs,
        "wall_s": record.spread([wall for wall, _, _ in found]),
        "peak_mb": record.spread([peak for _, peak, _ in found]),
        "limit_s": case.limit_s,
        "limit_mb": case.limit_mb,
    }
    if "--json" in case.words:
        answer = json.loads(found[-1][2])
        row["status"], row["payload_kg"] = answer["status"], answer["payload_kg"]
    return row


def table(rows: list[dict[str, Any]]) -> list[str]:
    """Markdown of the costs beside what they may be."""
    lines = [
        "| command | wall time, s | allowed, s | peak memory, MB | allowed, MB |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        wall, peak = row["wall_s"], row["peak_mb"]
        lines.append(
            f"| `{row['command']}` | {wall['median']:.2f} ({wall['low']:.2f} to "
            f"{wall['high']:.2f}) | {row['limit_s']:g} | {peak['median']:.0f} "
            f"| {row['limit_mb']:g} |"
        )
    return lines


def main() -> None:
    """Measure, write, and show."""
    rows = [measure(case) for case in CASES]
    record.save("cold_start", {"commands": rows})
    record.fill("cold start", table(rows))
    print("\n".join(table(rows)))


if __name__ == "__main__":
    main()
