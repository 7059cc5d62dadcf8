"""Screening against a made-up catalogue: `python benchmarks/speed/screen.py`.

The goals: an orbit of two hours against 27,000 objects in 2 s once they are
read, and an ascent over a window of two hours in 60 s on two cores; ours uses
one. Beside the orbit stands the plain way with the package sgp4 and NumPy: all
objects every minute, and a parabola through the squares of their distances,
which sees minima and bounds nothing.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import fresh

MINUTES = 120.0
NEAR_M = 25e3


@dataclass(frozen=True)
class Case:
    """What is screened, for how many revolutions after insertion, and what it may cost."""

    name: str
    told: str
    orbits: float
    limit_s: float | None


CASES = (
    Case("read", "reading the file of TLEs", 0.0, None),
    Case("orbit", "an orbit of 2 h at 500 km, all within 25 km", 0.0, 2.0),
    Case("plain", "the same by sgp4 and NumPy, every minute", 0.0, None),
    Case("ascent", "an ascent over a window of 2 h, 25 km", 0.0, 60.0),
    Case("revolution", "the ascent and a revolution, radii by class", 1.0, None),
)


def text() -> str:
    """The catalogue as a file."""
    from cases import catalogue_of_objects

    return catalogue_of_objects.written(catalogue_of_objects.drawn())


def own_orbit() -> Any:
    """The orbit that the climb ends in, by mean elements."""
    from cases import climb

    from cosmodrome.orbit.secular import Secular

    return Secular.from_state(climb.climb().state(-1))


def plain(catalogue: Any, start: Any) -> int:
    """Minima within 25 km by a grid of a minute and parabolas."""
    import numpy as np
    from sgp4.api import SatrecArray

    from cosmodrome.world.frames import turn_state

    t = 60.0 * np.arange(MINUTES + 1)
    motion = own_orbit()
    r_own, v_own = motion.at(start - motion.epoch + t)
    r_own, v_own = turn_state(motion.frame, "TEME", start, t, r_own, v_own)
    day = np.full(t.size, 2400000.5 + start.tai_mjd)
    part = (start.tai_s - start.tai_minus_utc_s + t) / 86400.0
    found = 0
    for first in range(0, len(catalogue), 1000):
        records = [m.record for m in catalogue.motions[first : first + 1000]]
        _, r, v = SatrecArray(records).sgp4(day, part)
        d, w = 1e3 * r - r_own, 1e3 * v - v_own
        along, square = np.sum(d * w, axis=2), np.sum(w * w, axis=2)
        when = np.clip(-along / square, -30.0, 30.0)
        least = np.linalg.norm(d + when[..., None] * w, axis=2)
        found += int(np.count_nonzero((least < NEAR_M) & (np.abs(when) < 30.0)))
    return found


def job(case: Case, catalogue: Any, written: str) -> int:
    """Do it once; how many were found."""
    from cases import climb

    from cosmodrome.io.bounds import Source
    from cosmodrome.prompt.screen import with_coast
    from cosmodrome.windows.closest import closest_approaches
    from cosmodrome.windows.screen import screen
    from cosmodrome.windows.screen_catalogue import catalogue_from_text
    from cosmodrome.windows.screen_classes import kinds_of, radii_m
    from cosmodrome.windows.screen_path import path_of
    from cosmodrome.world.epoch import Epoch

    start = Epoch.parse(climb.LIFTOFF_UTC) + 600.0
    if case.name == "read":
        return len(catalogue_from_text(Source("all.tle"), written))
    if case.name == "plain":
        return plain(catalogue, start)
    if case.name == "orbit":
        found = closest_approaches(own_orbit(), catalogue, start, 60.0 * MINUTES, NEAR_M)
        return int(found.which.size)
    path = path_of(with_coast(climb.climb(), case.orbits))
    radius = radii_m(kinds_of(catalogue)) if case.orbits else NEAR_M
    return len(screen(path, catalogue, start, 60.0 * MINUTES, radius))


def solve(case: Case) -> dict[str, Any]:
    """Twice in this process: with libraries to load, and again."""
    from cosmodrome.io.bounds import Source
    from cosmodrome.windows.screen_catalogue import catalogue_from_text

    written = text()
    catalogue = catalogue_from_text(Source("all.tle"), written)
    load = os.getloadavg()[0]
    times, processor = [], []
    found = 0
    for _ in range(2):
        begun, spent = time.perf_counter(), time.process_time()
        found = job(case, catalogue, written)
        times.append(time.perf_counter() - begun)
        processor.append(time.process_time() - spent)
    return {
        **asdict(case),
        "objects": len(catalogue),
        "first_s": times[0],
        "again_s": times[1],
        "processor_s": processor[1],
        "load_before": load,
        "found": found,
    }


def table(rows: list[dict[str, Any]]) -> list[str]:
    """Markdown of the costs beside what they may be."""
    lines = [
        "| 27,000 objects | found | first, s | again, s | processor time, s | allowed, s |",
        "|---" * 6 + "|",
    ]
    lines += [
        f"| {row['told']} | {row['found']} | {row['first_s']:.2f} | {row['again_s']:.2f} "
        f"| {row['processor_s']:.2f} | {'-' if row['limit_s'] is None else row['limit_s']} |"
        for row in rows
    ]
    return lines


STUDY = fresh.Study("screen", Path(__file__), CASES, solve, table, cost="first_s")

if __name__ == "__main__":
    STUDY.main()
