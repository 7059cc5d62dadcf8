"""A map of 10 x 10 orbits of Angara-1.2, every cell flown again: one JSON line.

The goal is 60 s on two cores. Started as `python benchmarks/speed/payload_map.py`;
`--workers N` sets the processes, `--side N` a smaller grid.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections import Counter

VEHICLE, SITE = "angara-1.2", "vostochny"
LOWEST_KM, STEP_KM = 200.0, 60.0
LEAST_DEG, STEP_DEG = 51.7, 5.0


def main() -> None:
    """Measure once, from the question to the last re-flight."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2, help="processes side by side")
    parser.add_argument("--side", type=int, default=10, help="orbits along each axis")
    options = parser.parse_args()
    begun = time.perf_counter()
    from cosmodrome.campaign.payload_map import MapQuestion, payload_map
    from cosmodrome.prompt import mission_from

    heights = tuple(LOWEST_KM + STEP_KM * k for k in range(options.side))
    tilts = tuple(round(LEAST_DEG + STEP_DEG * k, 6) for k in range(options.side))
    mission = mission_from(VEHICLE, SITE, f"{heights[0]:g} km {tilts[-1]:g} deg")
    found = payload_map(MapQuestion((mission,), heights, tilts), workers=options.workers)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures = {
        "vehicle": VEHICLE,
        "cells": len(found.cells),
        "workers": options.workers,
        "wall_s": time.perf_counter() - begun,
        "processor_s": spent.ru_utime + spent.ru_stime,
        "statuses": dict(Counter(cell.status for cell in found.cells)),
        "found_by": dict(Counter(cell.found_by for cell in found.cells)),
    }
    print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
