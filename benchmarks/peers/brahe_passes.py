"""The month of `iss_month` by brahe, with its own step or a given one: one JSON line."""

from __future__ import annotations

import argparse
import sys
import time
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import iss_month
import record

_BEGIN = time.perf_counter()

import brahe  # noqa: E402 (the import itself is timed)

_IMPORTED = time.perf_counter()


def main() -> None:
    """Search and report. Earth orientation is the one that brahe ships."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--step", type=float, default=60.0, help="first step, s; 60 as shipped")
    options = parser.parse_args()
    brahe.set_num_threads(1)
    brahe.set_global_eop_provider_from_file_provider(
        brahe.FileEOPProvider.from_default_standard(True, "Hold")
    )
    place = brahe.PointLocation(
        iss_month.LONGITUDE_DEG, iss_month.LATITUDE_DEG, iss_month.ALTITUDE_M
    )
    start = brahe.Epoch(iss_month.START_UTC)
    end = start + iss_month.DAYS * 86400.0
    above = brahe.ElevationConstraint(iss_month.MASK_DEG)
    config = brahe.AccessSearchConfig(initial_time_step=options.step, parallel=False)

    def search() -> list:
        satellite = brahe.SGPPropagator.from_tle(iss_month.LINE1, iss_month.LINE2, 60.0)
        return brahe.location_accesses(place, satellite, start, end, above, config=config)

    windows, times = record.timed(search, again=3)
    record.say(
        "brahe",
        version("brahe"),
        import_s=_IMPORTED - _BEGIN,
        contacts=[(one.window_open - start, one.window_close - start) for one in windows],
        **times,
    )


if __name__ == "__main__":
    main()
