"""Delta III by cosmodrome, from an ordinary mission file and no guess: one JSON line."""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

MISSION = Path(__file__).resolve().parents[2] / "examples" / "delta3.toml"


def main() -> None:
    """Ask twice in one process: the second time the symbolic problem is there already."""
    threads = int(sys.argv[sys.argv.index("--threads") + 1]) if "--threads" in sys.argv else 1
    begun = time.perf_counter()
    # As the peers do for theirs: the optimiser's library is loaded before the clock starts.
    import casadi  # noqa: F401

    from cosmodrome.campaign.plan import plan_in_full
    from cosmodrome.mission.mission_file import load_mission

    imported = time.perf_counter()
    planned = plan_in_full(load_mission(MISSION))
    answered = time.perf_counter()
    again = plan_in_full(load_mission(MISSION)).answer.document
    ended = time.perf_counter()
    first = planned.answer.document
    figures = {
        "peer": "cosmodrome",
        "version": version("cosmodrome"),
        "final_mass_kg": first["final_mass_kg"],
        "t_f_s": first["t_final_s"],
        "import_s": imported - begun,
        "build_s": first["build_s"],
        "solve_s": first["solve_s"],
        # The peers solve once; the other start is there to be compared with.
        "kept_s": None if planned.best is None else planned.best.solution.solve_s,
        # Everything but the re-flight: reading, the first guesses, building, all starts.
        "total_s": answered - imported - first["verify_s"],
        "answer_s": answered - imported,
        "again_s": ended - answered,
        "iterations": first["iterations"],
        "starts": first["starts"]["tried"],
        "converged": first["status"] == again["status"] == "optimal",
        "threads": threads or None,
    }
    print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
