"""NRLMSIS 2.1 against the reference run of the Naval Research Laboratory."""

from pathlib import Path

import numpy as np
import pytest

from cosmodrome.world.density import msis_profile
from cosmodrome.world.epoch import Epoch

pytestmark = pytest.mark.needs_shared
_GRAMS_CM3 = 1000.0


def test_densities(shared_reference: Path) -> None:
    text = (shared_reference / "msis" / "msis2.1_test_ref_dp.txt").read_text(encoding="ascii")
    table = np.array([[float(word) for word in line.split()] for line in text.splitlines()[1:]])
    assert table.shape[0] == 200
    for row in table:
        day = row[0] % 1000
        second, km, latitude, longitude = row[1:5]
        # The model reads the day of the year and not the year; 1974 has no leap day.
        start = Epoch.parse("1974-01-01T00:00:00Z")
        got = msis_profile(
            "2.1",
            start,
            (day - 1.0) * 86400.0 + second,
            np.radians(latitude),
            np.radians(longitude),
            km * 1000.0,
            (row[7], row[6], row[8]),
        )
        # Four printed digits: 5e-4.
        assert float(got[0]) == pytest.approx(row[14] * _GRAMS_CM3, rel=1e-3)


def test_the_two_models_differ_as_is_said() -> None:
    # The median over places and hours at 180 to 700 km: 2.1 is thinner by a sixth.
    spread = np.random.default_rng(1)
    n = 400
    place = (spread.uniform(-1.5, 1.5, n), spread.uniform(0.0, 6.28, n))
    args = (Epoch.parse("2020-01-01"), spread.uniform(0.0, 3e7, n), *place)
    height = spread.uniform(180e3, 700e3, n)
    old, new = (msis_profile(kind, *args, height, (150.0, 150.0, 10.0)) for kind in ("00", "2.1"))
    assert 0.75 < float(np.median(new / old)) < 0.95
