"""Where measurements are kept: one JSON document and the tables of the README."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.json"
README = HERE / "README.md"
SCHEMA = 1

# Every thread pool that a numerical library may open.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
}


@dataclass(frozen=True)
class Measured:
    """One section: what goes into results.json, and the table for the README."""

    section: str
    content: dict[str, Any]
    table: list[str]


def environment(*, one_thread: bool) -> dict[str, str]:
    """The environment of a measured process, with or without pinned threads."""
    kept = {name: value for name, value in os.environ.items() if name not in ONE_THREAD}
    return kept | (ONE_THREAD if one_thread else {})


def machine() -> dict[str, Any]:
    """What the figures were taken on."""
    model = platform.processor() or platform.machine()
    cpus = Path("/proc/cpuinfo")
    if cpus.exists():
        named = [row for row in cpus.read_text().splitlines() if row.startswith("model name")]
        model = named[0].partition(":")[2].strip() if named else model
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "taken_utc": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def spread(values: list[float]) -> dict[str, float]:
    """Median, least and greatest of repeated measurements."""
    return {"median": statistics.median(values), "low": min(values), "high": max(values)}


def timed(job: Callable[[], Any], again: int = 5) -> tuple[Any, dict[str, float]]:
    """What a job gives, the wall time of its first call, and the median of further ones.

    The first call loads and fills what is kept; imports are before it.
    """
    spent = []
    for _ in range(again + 1):
        begun = time.perf_counter()
        found = job()
        spent.append(time.perf_counter() - begun)
    return found, {"first_s": spent[0], "again_s": statistics.median(spent[1:])}


def say(program: str, version: str, **figures: Any) -> None:
    """One JSON line of a measured script."""
    print(json.dumps({"program": program, "version": version, **figures}), flush=True)


def keep(measured: Measured) -> None:
    """Into results.json and the README, and on standard output."""
    save(measured.section, measured.content)
    fill(measured.section.replace("_", " "), measured.table)
    print("\n".join(measured.table))


def save(section: str, content: dict[str, Any]) -> None:
    """Put one section into results.json; the others stay."""
    document = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    document |= {"schema": SCHEMA, section: {"machine": machine(), **content}}
    RESULTS.write_text(json.dumps(document, indent=2) + "\n")


def fill(marker: str, table: list[str]) -> None:
    """Replace what stands between a pair of markers in the README."""
    begin, end = f"<!-- {marker} -->", f"<!-- /{marker} -->"
    text = README.read_text()
    head, found, rest = text.partition(begin)
    _, closed, tail = rest.partition(end)
    if not (found and closed):
        raise SystemExit(f"benchmarks/README.md has no pair of markers named {marker}")
    README.write_text(head + "\n".join([begin, *table, end]) + tail)
