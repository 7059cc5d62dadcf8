"""The pass search by cosmodrome: a month of one satellite, or a day of many; one JSON line.

`python benchmarks/run.py --only passes` sets the month beside other libraries.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import iss_month
import record

_BEGIN = time.perf_counter()

import numpy as np  # noqa: E402 (the import itself is timed)

from cosmodrome.orbit.motion import Motion, Sgp4  # noqa: E402
from cosmodrome.orbit.passes import Passes, find_passes  # noqa: E402
from cosmodrome.orbit.stations import Station, station  # noqa: E402
from cosmodrome.world.epoch import Epoch  # noqa: E402

_IMPORTED = time.perf_counter()

CROWD_START = Epoch.parse("2026-03-01T00:00:00Z")
MU_M3_S2 = 3.986004418e14
RADIUS_M = 6378137.0
SEED = 20260301
SATELLITES, STATIONS = 1000, 10
DAY_S = 86400.0
MASK_RAD = math.radians(10.0)


def drawn(rng: np.random.Generator) -> Sgp4:
    """A low orbit (80 %), a middle one or a long one."""
    kind = rng.random()
    perigee_m = RADIUS_M + rng.uniform(350e3, 1500e3)
    e = rng.uniform(0.0, 0.02)
    if kind > 0.9:
        e = rng.uniform(0.3, 0.75)
    elif kind > 0.8:
        perigee_m = rng.uniform(15e6, 30e6)
    motion = math.sqrt(MU_M3_S2 / (perigee_m / (1.0 - e)) ** 3)
    tilt = math.acos(rng.uniform(-1.0, 1.0))
    node, perigee, anomaly = (float(x) for x in rng.uniform(0.0, 2.0 * math.pi, 3))
    return Sgp4(CROWD_START, motion, e, tilt, node, perigee, anomaly, 1e-5)


def crowd() -> None:
    """A day of many satellites over many stations, drawn by a seed."""
    rng = np.random.default_rng(SEED)
    motions: dict[str, Motion] = {f"s{k}": drawn(rng) for k in range(SATELLITES)}
    places = [
        Station(f"g{k}", math.asin(rng.uniform(-1.0, 1.0)), rng.uniform(-math.pi, math.pi))
        for k in range(STATIONS)
    ]
    found, times = record.timed(
        lambda: find_passes(
            motions, places, CROWD_START, DAY_S, min_elevation_rad=MASK_RAD, sunlight=False
        ),
        again=3,
    )
    figures = {"satellites": SATELLITES, "stations": STATIONS, "passes": len(found)}
    record.say("cosmodrome", version("cosmodrome"), **figures, **times)


def month() -> None:
    """The space station over Wallops, from two lines of text to the contacts."""
    start = Epoch.parse(iss_month.START_UTC)
    mask_rad = math.radians(iss_month.MASK_DEG)

    def search() -> Passes:
        iss: dict[str, Motion] = {"iss": Sgp4.from_tle(iss_month.LINE1, iss_month.LINE2)}
        place = [station(iss_month.STATION)]
        return find_passes(
            iss, place, start, iss_month.DAYS * DAY_S, min_elevation_rad=mask_rad, sunlight=False
        )

    found, times = record.timed(search, again=25)
    contacts = found.t_s[[0, 2]].T.tolist()
    import_s = _IMPORTED - _BEGIN
    record.say("cosmodrome", version("cosmodrome"), import_s=import_s, contacts=contacts, **times)


if __name__ == "__main__":
    TASKS = {"month": month, "crowd": crowd}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=TASKS)
    TASKS[parser.parse_args().task]()
