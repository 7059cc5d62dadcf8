"""Propagation: one day of a low orbit by ours, the fast engine and brahe; then our own rates."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path

import fresh
import record

OURS = "cosmodrome"
TIMES = ("first_s", "again_s")


def gravity_file() -> Path:
    """EGM96 as our run-time package ships it; the peers read the same."""
    spec = importlib.util.find_spec("satkit_data")
    if spec is None or spec.origin is None:
        raise SystemExit("satkit-data, which holds EGM96, is not installed")
    return Path(spec.origin).parent / "data" / "EGM96.gfc"


def entrants() -> list[fresh.Entrant]:
    """Our two engines, and brahe as it comes and with its fastest method."""
    words = ("brahe_day.py", "--gravity", str(gravity_file()))
    return [
        fresh.ours(OURS, "propagate.py", "own"),
        fresh.ours(f"{OURS}, fast engine (satkit)", "propagate.py", "fast"),
        fresh.peer("brahe", *words),
        fresh.peer("brahe, RKN1210", *words, "--method", "RKN1210"),
    ]


def compared(found: dict[str, list[fresh.Row]]) -> list[fresh.Row]:
    """Medians of each, beside our own engine: times, and where the day ends."""
    end_m = found[OURS][0]["end_m"]
    rows = []
    for label, runs in found.items():
        times = {key: record.spread([run[key] for run in runs]) for key in TIMES}
        first = {key: runs[0][key] for key in ("program", "version", "end_m")}
        apart = {"apart_m": math.dist(first["end_m"], end_m)}
        rows.append(first | apart | {"label": label, "runs": len(runs), "times": times})
    own_s = next(row["times"]["again_s"]["median"] for row in rows if row["label"] == OURS)
    return [row | {"over_ours": row["times"]["again_s"]["median"] / own_s} for row in rows]


def seconds(spread: dict[str, float], digits: int = 3) -> str:
    """Median, least and greatest."""
    median, low, high = (f"{spread[key]:.{digits}f}" for key in ("median", "low", "high"))
    return f"{median} ({low} to {high})"


def day_table(rows: list[fresh.Row]) -> list[str]:
    """Markdown of the comparison."""
    lines = [
        (
            "| program | first, s | again, s | again over cosmodrome's own engine "
            "| end of the day apart from it, m |"
        ),
        "|---" * 5 + "|",
    ]
    for row in rows:
        name = f"{row['program']} {row['version']}{row['label'].removeprefix(row['program'])}"
        first, again = (seconds(row["times"][key]) for key in TIMES)
        apart = "-" if row["label"] == OURS else f"{row['apart_m']:.3f}"
        lines.append(f"| {name} | {first} | {again} | {row['over_ours']:.2f} | {apart} |")
    return lines


def rates_table(jobs: dict[str, dict[str, float]], limits: dict[str, float]) -> list[str]:
    """Markdown of what ours takes, beside what it may take."""
    lines = ["| job | wall time, s | allowed, s |", "|---|---|---|"]
    lines += [
        f"| {name} | {seconds(spread)} | {limits.get(name, '-')} |" for name, spread in jobs.items()
    ]
    return lines


def measured(runs: int | None = None) -> record.Measured:
    """The day by all, then our own rates; five rounds if not told how many."""
    rows = compared(fresh.rounds(entrants(), runs or 5))
    rates = fresh.ours("rates of cosmodrome", "propagate.py", "rates").measure()
    jobs, apart = rates["seconds"], rates["apart_m"]
    told = [f"{name}: {metres:.4f} m apart at most." for name, metres in apart.items()]
    content = {"day": rows, "seconds": jobs, "limits_s": rates["limits_s"], "apart_m": apart}
    table = [*day_table(rows), "", *rates_table(jobs, rates["limits_s"]), "", " ".join(told)]
    return record.Measured("propagate", content, table)
