"""Passes against a list from outside: the space station over Wallops in 30 days.

The list was made on a 1 s grid with SGP4 and the sidereal time of 1982 alone: UT1
taken for UTC, no polar motion; its contacts are good to about 0.05 s.
"""

import csv
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cosmodrome.orbit.motion import Sgp4
from cosmodrome.orbit.passes import Passes, find_passes
from cosmodrome.orbit.stations import station
from cosmodrome.world.epoch import EarthOrientation, Epoch

pytestmark = pytest.mark.needs_shared

START = Epoch.parse("2024-09-17T00:00:00Z")
LIKE_THE_LIST = EarthOrientation.constant(-37.0)  # UT1 = UTC


def search(
    folder: Path, orientation: EarthOrientation | None, seen: Callable[[Sgp4], Any] = lambda x: x
) -> Passes:
    lines = (folder / "passes" / "iss.tle").read_text().splitlines()
    return find_passes(
        {"iss": seen(Sgp4.from_tle(lines[1], lines[2]))},
        [station("37.94,-75.47,10")],
        START,
        30 * 86400.0,
        min_elevation_rad=math.radians(10.0),
        sunlight=False,
        orientation=orientation,
    )


@pytest.fixture(scope="module")
def listed(shared_reference: Path) -> np.ndarray:
    """Rise and set in seconds, greatest elevation in degrees; shape (146, 3)."""
    file = shared_reference / "passes" / "iss_wallops_30d_10deg.csv"
    with file.open() as text:
        rows = list(csv.reader(text))[1:]
    return np.array(rows, dtype=float)


@pytest.mark.parametrize("orientation", [LIKE_THE_LIST, None], ids=["as-listed", "proper"])
def test_all_146_within_a_tenth_of_a_second(
    shared_reference: Path, listed: np.ndarray, orientation: EarthOrientation | None
) -> None:
    found = search(shared_reference, orientation)
    assert len(found) == len(listed) == 146
    assert np.abs(found.t_s[0] - listed[:, 0]).max() < 0.1
    assert np.abs(found.t_s[2] - listed[:, 1]).max() < 0.1
    # The list's greatest elevation is the greatest of whole seconds; 20 m of UT1 and pole
    # are 0.003 deg from 400 km.
    top = np.degrees(found.look.elevation_rad[1])
    assert np.all(top > listed[:, 2] - 5e-3)
    assert np.all(top < listed[:, 2] + 0.1)


def test_made_like_the_list_the_long_passes_agree_to_its_digits(
    shared_reference: Path, listed: np.ndarray
) -> None:
    found = search(shared_reference, LIKE_THE_LIST)
    long = listed[:, 1] - listed[:, 0] > 60.0
    assert np.abs(found.t_s[0] - listed[:, 0])[long].max() < 0.02
    assert np.abs(found.t_s[2] - listed[:, 1])[long].max() < 0.02


def test_what_ut1_and_the_pole_are_worth(shared_reference: Path) -> None:
    proper, plain = search(shared_reference, None), search(shared_reference, LIKE_THE_LIST)
    apart = np.abs(proper.t_s - plain.t_s)[[0, 2]]
    # 20 m on the ground: some milliseconds, more where a pass only grazes the mask.
    assert 1e-3 < np.median(apart) < 10e-3
    assert apart.max() < 0.1


def test_a_month_asks_for_few_states(shared_reference: Path) -> None:
    """What makes it quick, counted; how long it takes stands in the benchmarks."""
    asked = 0

    class Counted:
        def __init__(self, motion: Sgp4) -> None:
            self.motion = motion

        def at(self, t_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            nonlocal asked
            asked += np.size(t_s)
            return self.motion.at(t_s)

        def __getattr__(self, name: str) -> object:
            return getattr(self.motion, name)

    found = search(shared_reference, None, Counted)
    # 6039 when written; a grid of one second would ask 2.6 million times.
    assert len(found) == 146
    assert 4 * 146 < asked < 7_000
