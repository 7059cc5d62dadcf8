"""Ours and the peers side by side: `python benchmarks/run.py [--only SECTION ...]`.

Every measurement is a fresh process. Rounds alternate between the entrants, so
that a slow minute of the machine falls on all of them; medians and ratios are
written to results.json and into the README. A section that fails says so and
leaves its old figures; the others go on.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

import record
from side_by_side import delta3, passes, propagate
from speed import cold_start, disperse, interval, lifetime, payload_map, screen

Section = Callable[[int | None], record.Measured]
SECTIONS: dict[str, Section] = {
    "delta3": delta3.measured,
    "cold-start": cold_start.measured,
    "passes": passes.measured,
    "propagate": propagate.measured,
    "lifetime": lifetime.STUDY.measured,
    "screen": screen.STUDY.measured,
    "disperse": disperse.STUDY.measured,
    "payload-map": payload_map.STUDY.measured,
    "interval": interval.STUDY.measured,
}


def measure(name: str, runs: int | None, *, show: bool) -> bool:
    """Measure one section, and keep it unless it is only to be shown; False if it failed."""
    print(f"section {name}", file=sys.stderr)
    try:
        found = SECTIONS[name](runs)
        if show:
            print("\n".join(found.table))
        else:
            record.keep(found)
    # One section must not take the others down; a defect in it is told by its name.
    except (Exception, SystemExit) as error:  # noqa: BLE001
        print(f"section {name} failed: {type(error).__name__}: {error}", file=sys.stderr)
        return False
    return True


def main(words: list[str] | None = None) -> int:
    """Measure, write, and show; 1 if a section failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=list(SECTIONS))
    parser.add_argument("--runs", type=int, help="rounds, each a fresh process")
    parser.add_argument("--show", action="store_true", help="write nothing")
    options = parser.parse_args(words)
    if options.runs is not None and options.runs < 1:
        parser.error("--runs must be 1 or more")
    failed = [n for n in options.only if not measure(n, options.runs, show=options.show)]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
