"""Whole-process time and memory of the command, from a cold interpreter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import iss_month
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
    Case(
        (
            "passes",
            "--file",
            "iss.tle",
            "--station",
            iss_month.STATION,
            "--start",
            iss_month.START_UTC,
            "--days",
            str(iss_month.DAYS),
            "--min-elevation",
            f"{iss_month.MASK_DEG:g}",
            "--json",
            "--quiet",
        ),
        5,
        1.5,
        500.0,
    ),
)


def resident_mb(root: int) -> float:
    """Resident memory of a process and all below it, in MB."""
    parents, pages = {}, {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            # After the name in brackets: state, parent, ...; resident pages are the 22nd.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(folder.name)], pages[int(folder.name)] = int(fields[1]), int(fields[21])
    family = {root}
    # Children may have lower numbers than their parents, hence until nothing is added.
    while more := {p for p, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(pages.get(p, 0) for p in family) * os.sysconf("SC_PAGE_SIZE") / 2**20


def once(words: tuple[str, ...], folder: Path) -> tuple[float, str]:
    """Wall time in seconds, and standard output."""
    started = time.perf_counter()
    done = subprocess.run(
        [str(COMMAND), *words],
        stdout=subprocess.PIPE,
        cwd=folder,
        env=record.environment(one_thread=False),
        text=True,
        check=False,
    )
    elapsed = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"cosmodrome {' '.join(words)} ended with {done.returncode}")
    return elapsed, done.stdout


def peak_mb(words: tuple[str, ...], folder: Path) -> float:
    """Peak resident memory of a run of its own: looking on would slow a timed one."""
    peak = 0.0
    with subprocess.Popen(
        [str(COMMAND), *words],
        stdout=subprocess.DEVNULL,
        cwd=folder,
        env=record.environment(one_thread=False),
    ) as process:
        while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
            peak = max(peak, resident_mb(process.pid))
            time.sleep(0.02)
        process.returncode = os.waitstatus_to_exitcode(ended[1])
    # Between two looks a single process may have been larger; the system knows.
    return max(peak, ended[2].ru_maxrss / 1024.0)


def measure(case: Case, runs: int, folder: Path) -> dict[str, Any]:
    """Repeat one command; the first run after an installation also compiles Python."""
    peaks = [peak_mb(case.words, folder) for _ in range(2)]
    found = [once(case.words, folder) for _ in range(runs)]
    row: dict[str, Any] = {
        "command": " ".join(["cosmodrome", *(f'"{w}"' if " " in w else w for w in case.words)]),
        "runs": runs,
        "wall_s": record.spread([wall for wall, _ in found]),
        "peak_mb": record.spread(peaks),
        "limit_s": case.limit_s,
        "limit_mb": case.limit_mb,
    }
    if "--json" in case.words:
        answer = json.loads(found[-1][1])
        row |= {key: answer[key] for key in ("status", "payload_kg") if key in answer}
        if "passes" in answer:
            row["passes"] = len(answer["passes"])
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
            f"{wall['high']:.2f}) | {row['limit_s']:g} | {peak['high']:.0f} "
            f"| {row['limit_mb']:g} |"
        )
    return lines


def measured(runs: int | None = None) -> record.Measured:
    """Every command, as often as it says if not told otherwise."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "iss.tle").write_text(f"{iss_month.LINE1}\n{iss_month.LINE2}\n")
        rows = [measure(case, runs or case.runs, folder) for case in CASES]
    return record.Measured("cold_start", {"commands": rows}, table(rows))


if __name__ == "__main__":
    record.keep(measured())
