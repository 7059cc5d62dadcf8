"""Propagation by cosmodrome: one day by one engine, or the rates of everything; one JSON line.

`python benchmarks/run.py --only propagate` sets the day beside another library.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import day_task
import numpy as np
import record

from cosmodrome.orbit.forces import Drag, ForceModel, Radiation
from cosmodrome.orbit.motion import Secular, Sgp4, Tabulated, TwoBody
from cosmodrome.orbit.propagate import Engine, propagate
from cosmodrome.world.density import Msis
from cosmodrome.world.ephemeris import moon_m, sun_m
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import rotations, turn_state
from cosmodrome.world.gravity_field import egm96
from cosmodrome.world.state import State

START = State(
    Epoch.parse(day_task.START_UTC), "GCRF", np.array(day_task.R_M), np.array(day_task.V_M_S)
)
DAY_S = day_task.DAY_S
MINUTES = np.arange(0.0, DAY_S + 1.0, 60.0)
MANY = 1_000_000
PLAIN = ForceModel(gravity=egm96(day_task.DEGREE))
DRAG = ForceModel(drag=Drag(0.022), radiation=Radiation(0.013))
NEWER = ForceModel(drag=Drag(0.022, Msis("2.1")), radiation=Radiation(0.013))
FINE = ForceModel(gravity=egm96(50))
# What the issue asks of them, seconds.
LIMITS = {"one day with drag, fast": 0.1, "GCRF to ITRF, a million places": 1.0}


def seconds(job: Callable[[], object], runs: int = 5) -> list[float]:
    """Wall times after one run that fills what is kept."""
    job()
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        job()
        found.append(time.perf_counter() - start)
    return found


def one_day(model: ForceModel, engine: Engine) -> Callable[[], object]:
    """A day with a state each minute."""
    return lambda: propagate(START, MINUTES, model, engine=engine)


def apart_m(first: np.ndarray, second: np.ndarray) -> float:
    """The largest distance between two orbits."""
    return float(np.max(np.linalg.norm(first - second, axis=1)))


def bulk_jobs() -> dict[str, Callable[[], object]]:
    """Jobs over a million instants of ten days."""
    draw = np.random.default_rng(1)
    t = np.sort(draw.uniform(0.0, 10.0 * DAY_S, MANY))
    r = draw.normal(size=(MANY, 3)) * 7e6
    epoch = START.epoch
    sgp4 = Sgp4(epoch, 0.00112, 0.001, 1.0, 0.1, 0.2, 0.3, 1e-5)
    table = Tabulated(propagate(START, np.arange(0.0, 10.0 * DAY_S + 1.0, 60.0)))
    some = t[::10]
    return {
        "GCRF to ITRF, a million places": lambda: np.einsum(
            "nij,nj->ni", rotations("GCRF", "ITRF", epoch, t), r
        ),
        "GCRF to ITRF, a million states": lambda: turn_state(
            "GCRF", "ITRF", epoch, t, r, r / 1000.0
        ),
        "SGP4, a million states": lambda: sgp4.at(t),
        "two-body, 100 000 states": lambda: TwoBody(START).at(some),
        "J2-J4 secular, 100 000 states": lambda: Secular.from_state(START).at(some),
        "table, 100 000 states": lambda: table.at(some),
        "Sun, 100 000 places": lambda: sun_m(epoch, some),
        "Moon, 100 000 places": lambda: moon_m(epoch, some),
    }


def rates() -> None:
    """Everything once more than it is timed; wall times, and how far the engines are apart."""
    jobs = {
        "one day 20x20 with Sun and Moon, fast": one_day(PLAIN, "fast"),
        "one day 20x20 with Sun and Moon, own": one_day(PLAIN, "own"),
        "one day 50x50 with Sun and Moon, own": one_day(FINE, "own"),
        "one day with drag, fast": one_day(DRAG, "fast"),
        "one day with drag, own": one_day(DRAG, "own"),
        "one day with drag by NRLMSIS 2.1, own": one_day(NEWER, "own"),
        **bulk_jobs(),
    }
    figures = {
        name: record.spread(seconds(job, 5 if "day" in name else 3)) for name, job in jobs.items()
    }
    apart = {
        f"Own engine against the fast one, {name}": apart_m(
            *(propagate(START, MINUTES, model, engine=e).r_m for e in ("own", "fast"))
        )
        for name, model in (("20x20", PLAIN), ("with drag", DRAG))
    }
    record.say("cosmodrome", version("cosmodrome"), seconds=figures, apart_m=apart, limits_s=LIMITS)


def day(engine: Engine) -> None:
    """The day that other libraries fly too: where it ends."""
    ends = np.array([0.0, DAY_S])
    found, times = record.timed(lambda: propagate(START, ends, PLAIN, engine=engine), again=3)
    record.say("cosmodrome", version("cosmodrome"), end_m=found.r_m[-1].tolist(), **times)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=("own", "fast", "rates"))
    task = parser.parse_args().task
    if task == "rates":
        rates()
    else:
        day(task)
