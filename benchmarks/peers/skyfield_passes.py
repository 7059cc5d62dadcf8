"""The month of `iss_month` by Skyfield: one JSON line."""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import iss_month
import record

_BEGIN = time.perf_counter()

import skyfield  # noqa: E402 (the import itself is timed)
from skyfield.api import EarthSatellite, load, wgs84  # noqa: E402

_IMPORTED = time.perf_counter()


def main() -> None:
    """Search and report. Earth orientation is the one that Skyfield ships."""
    scale = load.timescale(builtin=True)
    begin = scale.utc(2024, 9, 17)
    end = scale.utc(2024, 9, 17 + iss_month.DAYS)
    place = wgs84.latlon(
        iss_month.LATITUDE_DEG, iss_month.LONGITUDE_DEG, elevation_m=iss_month.ALTITUDE_M
    )

    def search() -> tuple:
        satellite = EarthSatellite(iss_month.LINE1, iss_month.LINE2, "iss", scale)
        return satellite.find_events(place, begin, end, altitude_degrees=iss_month.MASK_DEG)

    (instants, kinds), times = record.timed(search)
    seconds = (instants - begin) * 86400.0
    contacts = list(zip(seconds[kinds == 0].tolist(), seconds[kinds == 2].tolist(), strict=True))
    record.say(
        "Skyfield",
        ".".join(str(part) for part in skyfield.VERSION),
        import_s=_IMPORTED - _BEGIN,
        contacts=contacts,
        **times,
    )


if __name__ == "__main__":
    main()
