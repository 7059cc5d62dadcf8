"""The month of `iss_month` on a 1 s grid by the package sgp4: one JSON line.

The list that the others are held against, and the rate of SGP4 itself. Sidereal
time is that of 1982 with UT1 taken for UTC and no polar motion: some 10 ms.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import iss_month
import record

_BEGIN = time.perf_counter()

import numpy as np  # noqa: E402 (the import itself is timed)
from sgp4.api import Satrec  # noqa: E402

_IMPORTED = time.perf_counter()

DAY_S = 86400
RADIUS_KM, FLATTENING = 6378.137, 1.0 / 298.257223563  # WGS 84


def sidereal_rad(days: np.ndarray) -> np.ndarray:
    """Greenwich mean sidereal time of 1982 [Vallado, Fundamentals, eq. 3-45]."""
    t = (iss_month.START_JD - 2451545.0 + days) / 36525.0
    seconds = 67310.54841 + (876600.0 * 3600.0 + 8640184.812866) * t
    seconds += 0.093104 * t**2 - 6.2e-6 * t**3
    return np.radians(seconds / 240.0) % (2.0 * np.pi)


def station() -> tuple[np.ndarray, np.ndarray]:
    """Place in km and the upward direction, Earth-fixed."""
    lat, lon = np.radians([iss_month.LATITUDE_DEG, iss_month.LONGITUDE_DEG])
    up = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    square = FLATTENING * (2.0 - FLATTENING)
    normal_km = RADIUS_KM / np.sqrt(1.0 - square * up[2] ** 2)
    height_km = iss_month.ALTITUDE_M / 1e3
    level = normal_km + height_km
    return up * [level, level, level - square * normal_km], up


def heights(satellite: Satrec) -> Iterator[tuple[np.ndarray, float]]:
    """Day by day: degrees above the mask at each second, and the time SGP4 took."""
    place, up = station()
    for day in range(iss_month.DAYS):
        fraction = np.arange(DAY_S) / DAY_S
        begun = time.perf_counter()
        errors, r, _ = satellite.sgp4_array(np.full(DAY_S, iss_month.START_JD + day), fraction)
        spent = time.perf_counter() - begun
        if errors.any():
            raise SystemExit(f"sgp4 gave error {errors.max()} on day {day}")
        angle = sidereal_rad(day + fraction)
        c, s = np.cos(angle), np.sin(angle)
        d = np.stack([c * r[:, 0] + s * r[:, 1], c * r[:, 1] - s * r[:, 0], r[:, 2]], axis=1)
        d -= place
        sine = d @ up / np.linalg.norm(d, axis=1)
        yield np.degrees(np.arcsin(sine)) - iss_month.MASK_DEG, spent


def search() -> tuple[np.ndarray, np.ndarray, float]:
    """Rises, sets, and the seconds spent inside SGP4."""
    days = list(heights(Satrec.twoline2rv(iss_month.LINE1, iss_month.LINE2)))
    height = np.concatenate([day for day, _ in days])
    k = np.flatnonzero((height[:-1] > 0.0) != (height[1:] > 0.0))
    # A straight line between two seconds is good to about 0.05 s.
    t = k + height[k] / (height[k] - height[k + 1])
    rises = height[k + 1] > 0.0
    return t[rises], t[~rises], sum(spent for _, spent in days)


def main() -> None:
    """Search and report."""
    (rise, end, inside_s), times = record.timed(search, again=1)
    if rise.size != iss_month.LISTED:
        raise SystemExit(f"{rise.size} passes on the grid, {iss_month.LISTED} in the list")
    record.say(
        "sgp4",
        version("sgp4"),
        import_s=_IMPORTED - _BEGIN,
        contacts=list(zip(rise.tolist(), end.tolist(), strict=True)),
        states_per_s=iss_month.DAYS * DAY_S / inside_s,
        **times,
    )


if __name__ == "__main__":
    main()
