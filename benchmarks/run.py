"""Ours and the peers on one problem, side by side: `python benchmarks/run.py`.

Every measurement is a fresh process. Rounds alternate between the entrants, so
that a slow minute of the machine falls on all of them; medians and ratios are
written to results.json and into the README.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import record
from speed import cold_start, interval, payload_map

ROOT = record.HERE.parent
TIMES = ("solve_s", "total_s", "answer_s", "again_s", "import_s")
BEST_KNOWN_KG = 7529.7123
HEADINGS = (
    "program",
    "final mass, kg",
    "off by, g",
    "time of flight, s",
    "starts",
    "iterations",
    "solve, s",
    "build and solve, s",
    "to the re-flown answer, s",
    "again, s",
    "solve over asset-asrl",
    "build and solve over asset-asrl",
)


@dataclass(frozen=True)
class Entrant:
    """One program that solves the problem and prints one JSON line."""

    name: str
    python: Path
    script: Path
    threads: int

    @property
    def label(self) -> str:
        """Name and threads, as the table shows them."""
        return self.name if self.threads else f"{self.name}, default threads"

    def measure(self) -> dict[str, Any]:
        """Run once in a process of its own."""
        done = subprocess.run(
            [str(self.python), self.script.name, "--threads", str(self.threads)],
            cwd=self.script.parent,
            env=record.environment(one_thread=self.threads == 1),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{self.label} failed:\n{done.stdout}{done.stderr}")
        found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return found


def entrants(names: Sequence[str]) -> list[Entrant]:
    """Who takes part: with one thread and as installed."""
    theirs = ROOT / ".venv-bench" / "bin" / "python"
    rows = {
        "cosmodrome": (Path(sys.executable), record.HERE / "speed" / "delta3.py"),
        "asset-asrl": (theirs, record.HERE / "peers" / "asset_delta3.py"),
        "yapss": (theirs, record.HERE / "peers" / "yapss_delta3.py"),
    }
    found = []
    for name in names or rows:
        python, script = rows[name]
        if not python.exists():
            print(f"{name} left out: .venv-bench is missing, see `make bench`", file=sys.stderr)
            continue
        found += [Entrant(name, python, script, threads) for threads in (1, 0)]
    return found


def rounds(taking_part: list[Entrant], count: int) -> dict[str, list[dict[str, Any]]]:
    """Measurements of each entrant; the order turns from round to round."""
    found: dict[str, list[dict[str, Any]]] = {entrant.label: [] for entrant in taking_part}
    for k in range(count):
        turn = k % len(taking_part)
        for entrant in taking_part[turn:] + taking_part[:turn]:
            found[entrant.label].append(entrant.measure())
            print(f"round {k + 1}/{count}: {entrant.label}", file=sys.stderr)
    return found


def summary(label: str, runs: list[dict[str, Any]]) -> dict[str, Any]:
    """One entrant's medians, and the answer it gave."""
    times = {
        key: record.spread([run[key] for run in runs])
        for key in TIMES
        if all(isinstance(run.get(key), float) for run in runs)
    }
    first = runs[0]
    return {
        "label": label,
        "peer": first["peer"],
        "version": first["version"],
        "runs": len(runs),
        "converged": all(run["converged"] for run in runs),
        "final_mass_kg": first["final_mass_kg"],
        "t_f_s": first["t_f_s"],
        "iterations": first["iterations"],
        "starts": first.get("starts", 1),
        "times": times,
    }


def ratios(rows: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Each entrant's median times over those of asset-asrl with one thread."""
    against = next((row for row in rows if row["label"] == "asset-asrl"), None)
    if against is None:
        return {}
    return {
        row["label"]: {
            key: row["times"][key]["median"] / against["times"][key]["median"]
            for key in ("solve_s", "total_s")
        }
        for row in rows
    }


def table(rows: list[dict[str, Any]], compared: dict[str, dict[str, float]]) -> list[str]:
    """Markdown of the comparison."""
    lines = [
        f"| {' | '.join(HEADINGS)} |",
        "|---" * len(HEADINGS) + "|",
    ]
    for row in rows:
        times = row["times"]
        cells = [
            f"{row['peer']} {row['version']}{row['label'].removeprefix(row['peer'])}",
            f"{row['final_mass_kg']:.4f}",
            f"{abs(row['final_mass_kg'] - BEST_KNOWN_KG) * 1e3:.1f}",
            f"{row['t_f_s']:.3f}",
            str(row["starts"]),
            str(row["iterations"]),
            *(
                f"{times[key]['median']:.3f} ({times[key]['low']:.3f} to {times[key]['high']:.3f})"
                if key in times
                else "-"
                for key in ("solve_s", "total_s", "answer_s", "again_s")
            ),
            *(
                f"{compared[row['label']][key]:.2f}" if compared else "-"
                for key in ("solve_s", "total_s")
            ),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def main() -> None:
    """Measure, write, and show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="rounds, each a fresh process")
    parser.add_argument("--only", nargs="*", default=[], help="names of entrants")
    options = parser.parse_args()
    found = rounds(entrants(options.only), options.runs)
    rows = [summary(label, runs) for label, runs in found.items()]
    compared = ratios(rows)
    record.save("delta3", {"entrants": rows, "ratios_to_asset_asrl": compared})
    record.fill("delta3", table(rows, compared))
    print("\n".join(table(rows, compared)))
    if not options.only or "cosmodrome" in options.only:
        cold_start.main()
        payload_map.main()
        interval.main()


if __name__ == "__main__":
    main()
