"""A made-up catalogue of objects in orbit, of realistic planes and heights, drawn by a seed.

Not a census: a load of the right size and shape for screening, where users
bring the real catalogue. How many fly where is rounded from what is public of
2026: the constellations' licensed shells (FCC and ITU filings: planes, heights,
inclinations), the large break-ups (Fengyun-1C 2007, Cosmos 2251 and Iridium 33
2009, Cosmos 1408 2021, CZ-6A 2022), and the crowding by height and inclination
that ESA's Annual Space Environment Report draws every year.

`python benchmarks/cases/catalogue_of_objects.py FILE` writes it as a TLE file.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cosmodrome.orbit.elements import elements_from_state
from cosmodrome.orbit.sgp4_motion import Sgp4, alpha5
from cosmodrome.world.epoch import Epoch

__all__ = ["COUNT", "EPOCH_UTC", "drawn", "through", "tle_lines", "written"]

COUNT = 27_000
EPOCH_UTC = "2027-03-20T12:00:00Z"
SEED = 20270320
MU_M3_S2 = 3.986008e14  # of WGS-72, as SGP4
RADIUS_M = 6378135.0
DAY_S = 86400.0


@dataclass(frozen=True)
class Shell:
    """Objects alike.

    `share` of the whole; perigee and apogee heights drawn between (low, high);
    inclination with a spread; `planes` equally spaced nodes, or 0 for any node.
    """

    name: str
    share: float
    perigee_km: tuple[float, float]
    over_km: tuple[float, float]
    inclination_deg: float
    spread_deg: float
    planes: int = 0
    bstar: float = 1e-4


SHELLS = (
    Shell("STARLINK", 0.085, (539.5, 540.5), (0.0, 1.5), 53.2, 0.02, 72),
    Shell("STARLINK", 0.050, (549.0, 551.0), (0.0, 1.5), 53.05, 0.02, 72),
    Shell("STARLINK", 0.105, (524.0, 535.0), (0.0, 1.5), 43.0, 0.02, 84),
    Shell("STARLINK", 0.015, (569.0, 571.0), (0.0, 1.5), 70.0, 0.02, 36),
    Shell("STARLINK", 0.013, (559.0, 561.0), (0.0, 1.5), 97.66, 0.02, 10),
    Shell("STARLINK", 0.020, (300.0, 480.0), (0.0, 5.0), 53.1, 0.1),
    Shell("ONEWEB", 0.024, (1195.0, 1222.0), (0.0, 3.0), 87.9, 0.02, 12),
    Shell("QIANFAN", 0.008, (1060.0, 1165.0), (0.0, 5.0), 89.0, 0.05, 18),
    Shell("IRIDIUM", 0.004, (778.0, 780.0), (0.0, 2.0), 86.4, 0.02, 6),
    Shell("SMALLSAT", 0.100, (440.0, 620.0), (0.0, 30.0), 97.6, 0.35),
    Shell("COSMOS", 0.060, (620.0, 1020.0), (0.0, 60.0), 82.9, 8.0),
    Shell("FENGYUN 1C DEB", 0.080, (450.0, 880.0), (0.0, 700.0), 98.9, 0.6),
    Shell("COSMOS 2251 DEB", 0.033, (500.0, 860.0), (0.0, 400.0), 74.0, 0.3),
    Shell("IRIDIUM 33 DEB", 0.006, (500.0, 790.0), (0.0, 150.0), 86.4, 0.3),
    Shell("COSMOS 1408 DEB", 0.002, (300.0, 450.0), (0.0, 300.0), 82.6, 0.3, 0, 1e-3),
    Shell("CZ-6A DEB", 0.025, (400.0, 840.0), (0.0, 300.0), 98.8, 0.4),
    Shell("DELTA 1 DEB", 0.100, (400.0, 1500.0), (0.0, 900.0), 99.0, 3.0),
    Shell("SL-8 DEB", 0.062, (500.0, 1600.0), (0.0, 500.0), 74.0, 9.0),
    Shell("SL-8 R/B", 0.045, (550.0, 1600.0), (0.0, 150.0), 78.0, 9.0),
    Shell("CZ-2C R/B", 0.020, (250.0, 900.0), (0.0, 900.0), 97.0, 2.0, 0, 5e-4),
    Shell("ARIANE 5 DEB", 0.040, (200.0, 900.0), (8000.0, 36000.0), 12.0, 8.0, 0, 5e-4),
    Shell("CZ-3B R/B", 0.022, (180.0, 600.0), (20000.0, 36000.0), 27.0, 3.0, 0, 5e-4),
    Shell("MOLNIYA", 0.009, (500.0, 3000.0), (36000.0, 38500.0), 63.5, 1.0, 0, 0.0),
    Shell("NAVSTAR", 0.014, (19000.0, 23300.0), (0.0, 150.0), 56.0, 2.0, 6, 0.0),
    Shell("INTELSAT", 0.048, (35700.0, 36000.0), (0.0, 150.0), 5.0, 4.0, 0, 0.0),
)
STATIONS = (25544, 48274, 49044, 53239, 54216)  # what is taken for crewed by its number
CREWED = (("ISS (ZARYA)", 25544, 416.0, 51.64), ("CSS (TIANHE)", 48274, 386.0, 41.47))


def drawn(
    count: int = COUNT, *, epoch_utc: str = EPOCH_UTC, seed: int = SEED
) -> tuple[tuple[str, Sgp4], ...]:
    """Name and motion of every object.

    Epochs are up to two days before the instant given, one in fifty up to a
    month; numbers reach into six digits. The crewed stations are among them.
    """
    rng = np.random.default_rng(seed)
    epoch = Epoch.parse(epoch_utc)
    shares = np.array([shell.share for shell in SHELLS])
    kinds = rng.choice(len(SHELLS), size=count - len(CREWED), p=shares / shares.sum())
    numbers = rng.permutation(np.setdiff1d(np.arange(5, 128_000), STATIONS))
    found = [_one(rng, SHELLS[kind], int(numbers[k]), epoch) for k, kind in enumerate(kinds)]
    for name, number, height_km, tilt_deg in CREWED:
        shell = Shell(name, 0.0, (height_km, height_km), (0.0, 6.0), tilt_deg, 0.002, 0, 3e-4)
        found.append((name, _one(rng, shell, number, epoch)[1]))
    return tuple(sorted(found, key=lambda one: one[1].catalogue))


def _one(rng: np.random.Generator, shell: Shell, number: int, epoch: Epoch) -> tuple[str, Sgp4]:
    low = RADIUS_M + 1e3 * rng.uniform(*shell.perigee_km)
    high = low + 1e3 * rng.uniform(*shell.over_km)
    axis, e = 0.5 * (low + high), (high - low) / (high + low)
    node = rng.uniform(0.0, 2.0 * math.pi)
    if shell.planes:
        node = 2.0 * math.pi * rng.integers(shell.planes) / shell.planes + rng.normal(0.0, 0.003)
    tilt = abs(math.radians(rng.normal(shell.inclination_deg, shell.spread_deg)))
    argument, anomaly = rng.uniform(0.0, 2.0 * math.pi, 2)
    days = rng.uniform(3.0, 30.0) if rng.random() < 0.02 else rng.uniform(0.0, 2.0)
    motion = Sgp4(
        epoch - days * DAY_S,
        math.sqrt(MU_M3_S2 / axis**3),
        e,
        min(tilt, math.pi),
        node % (2.0 * math.pi),
        float(argument),
        float(anomaly),
        shell.bstar * rng.lognormal(0.0, 0.5),
        number,
    )
    alone = any(mark in shell.name for mark in ("DEB", "R/B", "("))
    return (shell.name if alone else f"{shell.name}-{number}"), motion


def through(
    r_m: np.ndarray, v_m_s: np.ndarray, epoch: Epoch, number: int, bstar: float = 0.0
) -> Sgp4:
    """The mean elements whose SGP4 state at their epoch is a given one, TEME, to a millimetre.

    Raises
    ------
    InputError, ValueError
        If there are none: an open orbit, or one below the ground.
    """
    r, v = np.asarray(r_m, dtype=float), np.asarray(v_m_s, dtype=float)
    guess_r, guess_v = r.copy(), v.copy()
    for _ in range(60):
        at = elements_from_state(guess_r, guess_v, MU_M3_S2)
        e = float(at.eccentricity)
        axis = float(at.semi_latus_rectum_m) / (1.0 - e * e)
        half = math.tan(0.5 * float(at.true_anomaly_rad)) * math.sqrt((1.0 - e) / (1.0 + e))
        eccentric = 2.0 * math.atan(half)
        motion = Sgp4(
            epoch,
            math.sqrt(MU_M3_S2 / axis**3),
            e,
            float(at.inclination_rad),
            float(at.raan_rad),
            float(at.argp_rad),
            eccentric - e * math.sin(eccentric),
            bstar,
            number,
        )
        there_r, there_v = motion.at(np.zeros(1))
        guess_r += r - there_r[0]
        guess_v += v - there_v[0]
        if np.linalg.norm(r - there_r[0]) < 1e-3 and np.linalg.norm(v - there_v[0]) < 1e-6:
            return motion
    raise ValueError("no mean elements of SGP4 pass through this state")


def tle_lines(name: str, motion: Sgp4) -> Iterator[str]:
    """Three lines, rounded to a TLE's digits."""
    number = alpha5(motion.catalogue)
    year = int(motion.epoch.utc()[:4])
    days = (motion.epoch - Epoch.parse(f"{year}-01-01T00:00:00Z")) / DAY_S + 1.0
    mantissa, power = f"{motion.bstar:.4e}".split("e")
    drag = " 00000-0" if motion.bstar == 0.0 else f" {mantissa.replace('.', '')}{int(power) + 1:+d}"
    turns = motion.mean_motion_rad_s * DAY_S / (2.0 * math.pi)
    node, argument, anomaly = (
        round(math.degrees(x) % 360.0, 4) % 360.0
        for x in (motion.raan_rad, motion.argp_rad, motion.mean_anomaly_rad)
    )
    one = f"1 {number}U 27001A   {year % 100:02d}{days:012.8f}  .00000000  00000-0 {drag} 0  999"
    two = (
        f"2 {number} {math.degrees(motion.inclination_rad):8.4f} {node:8.4f} "
        f"{round(1e7 * motion.eccentricity):07d} {argument:8.4f} {anomaly:8.4f} {turns:11.8f}    1"
    )
    yield name
    for line in (one, two):
        yield line + str(sum(int(c) if c.isdigit() else c == "-" for c in line) % 10)


def written(objects: tuple[tuple[str, Sgp4], ...]) -> str:
    """All of them as a TLE file."""
    return "".join(f"{line}\n" for name, one in objects for line in tle_lines(name, one))


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(written(drawn()), encoding="utf-8")
