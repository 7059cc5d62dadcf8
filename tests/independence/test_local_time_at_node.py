"""Local time at the node of every launch, reckoned without any of our own time or frames.

Mean solar time on a meridian is UT1 and its longitude; the node's longitude comes from
sidereal time by SOFA's own functions, UT1 from the IERS file read here by its columns.
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import erfa
import numpy as np
import pytest
from astropy_iers_data import IERS_A_FILE

from cosmodrome.mission.catalogue import load_site
from cosmodrome.mission.nouns import LocalTime
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.windows.climbs import direct_climbs
from cosmodrome.windows.opportunities import opportunities
from cosmodrome.windows.planes import local_time_node
from cosmodrome.world.epoch import Epoch

TOLERANCE_S = 1.0
"""Of mean local time, as asked for; what is reached is told by the tighter check."""
REACHED_S = 1e-3
SITES = ("vostochny", "mahia", "kourou")
DAYS = 60.0


@cache
def ut1_table() -> np.ndarray:
    """MJD and UT1-UTC, by their columns."""
    rows = [
        (float(line[7:15]), float(line[58:68]))
        for line in Path(IERS_A_FILE).read_text(encoding="ascii").splitlines()
        if line[58:68].strip()
    ]
    return np.array(rows).T


def ut1_minus_utc_s(mjd: float) -> float:
    return float(np.interp(mjd, *ut1_table()))  # no leap second in this time


def civil(utc: str) -> tuple[float, float]:
    """UTC as SOFA's quasi-Julian date."""
    day, clock = utc.rstrip("Z").split("T")
    year, month, date = (int(x) for x in day.split("-"))
    hour, minute, second = clock.split(":")
    first, rest = erfa.dtf2d("UTC", year, month, date, int(hour), int(minute), float(second))
    return float(first), float(rest)


def mean_local_time_h(raan_rad: float, utc: str) -> float:
    """Hours at the node, by SOFA alone."""
    day, part = civil(utc)
    ahead = ut1_minus_utc_s(day - 2400000.5 + part)
    ut1 = erfa.utcut1(day, part, ahead)
    tt = erfa.taitt(*erfa.utctai(day, part))
    greenwich = erfa.gst06a(*ut1, *tt)
    longitude = raan_rad - greenwich
    hours = 24.0 * ((ut1[0] - 0.5) % 1.0 + ut1[1]) + math.degrees(longitude) / 15.0
    return float(hours % 24.0)


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize(("hours", "node"), [(10.5, "ascending"), (18.0, "descending")])
def test_local_time_at_the_node_within_a_second(site: str, hours: float, node: str) -> None:
    start = Epoch.parse("2026-01-15T00:00:00Z")
    pad = load_site(site).site()
    time = LocalTime(hours, node)  # type: ignore[arg-type]
    found = opportunities(
        direct_climbs(pad, parse_orbit("sso 550 km")), pad, local_time_node(time),
        start, DAYS * 86400.0,
    )  # fmt: skip
    assert len(found) >= 2 * int(DAYS) - 2
    turned = 0.0 if node == "ascending" else 12.0
    worst = 0.0
    for one in found:
        inserted = (one.liftoff + one.climb.flight_s).utc(9)
        told = (mean_local_time_h(one.raan_rad, inserted) + turned) % 24.0
        worst = max(worst, abs((told - hours + 12.0) % 24.0 - 12.0) * 3600.0)
    assert worst < TOLERANCE_S
    assert worst < REACHED_S
