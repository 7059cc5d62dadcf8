"""Delta III by ours and the peers: one problem, fresh processes, alternating rounds."""

from __future__ import annotations

from typing import Any

import fresh
import record

TIMES = ("solve_s", "kept_s", "total_s", "answer_s", "again_s", "import_s")
BEST_KNOWN_KG = 7529.7123
HEADINGS = (
    "program",
    "final mass, kg",
    "off by, g",
    "time of flight, s",
    "starts",
    "iterations",
    "solve, s",
    "of it the start that is kept, s",
    "build and solve, s",
    "to the re-flown answer, s",
    "again, s",
    "solve over asset-asrl",
    "the start that is kept over asset-asrl",
    "build and solve over asset-asrl",
)


# One thread, and what the program does by itself.
PROGRAMS = {"cosmodrome": fresh.ours, "asset-asrl": fresh.peer, "yapss": fresh.peer}
SCRIPTS = {
    "cosmodrome": "delta3.py",
    "asset-asrl": "asset_delta3.py",
    "yapss": "yapss_delta3.py",
}


def entrants() -> list[fresh.Entrant]:
    """Who takes part: with one thread and as installed."""
    found = []
    for name, of in PROGRAMS.items():
        found += [
            of(name, SCRIPTS[name], "--threads", "1"),
            of(f"{name}, default threads", SCRIPTS[name], "--threads", "0", one_thread=False),
        ]
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
    once = against["times"]["solve_s"]["median"]
    return {
        row["label"]: {
            "solve_s": row["times"]["solve_s"]["median"] / once,
            # Theirs is their only one.
            "kept_s": row["times"].get("kept_s", row["times"]["solve_s"])["median"] / once,
            "total_s": row["times"]["total_s"]["median"] / against["times"]["total_s"]["median"],
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
                for key in ("solve_s", "kept_s", "total_s", "answer_s", "again_s")
            ),
            *(
                f"{compared[row['label']][key]:.2f}" if compared else "-"
                for key in ("solve_s", "kept_s", "total_s")
            ),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def measured(runs: int | None = None) -> record.Measured:
    """All entrants, seven rounds if not told how many."""
    found = fresh.rounds(entrants(), runs or 7)
    rows = [summary(label, of) for label, of in found.items()]
    compared = ratios(rows)
    content = {"entrants": rows, "ratios_to_asset_asrl": compared}
    return record.Measured("delta3", content, table(rows, compared))
