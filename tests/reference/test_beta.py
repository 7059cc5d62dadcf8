"""Angle between Sun and orbit plane against JEOD's own (NASA JSC, NOSA 1.3)."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from cosmodrome.orbit.motion import TwoBody
from cosmodrome.orbit.sun_angle import beta_track
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import State

pytestmark = pytest.mark.needs_shared


def test_beta_within_1e_5_degrees(shared_reference: Path) -> None:
    with (shared_reference / "jeod" / "solar_beta.csv").open() as text:
        rows = list(csv.DictReader(text))
    assert len(rows) == 3
    for row in rows:
        epoch = Epoch.parse(row["utc"])
        r = np.array([float(row[name]) for name in ("x_m", "y_m", "z_m")])
        v = np.array([float(row[name]) for name in ("vx_ms", "vy_ms", "vz_ms")])
        motion = TwoBody(State(epoch, "EME2000", r, v))
        want = math.degrees(float(row["beta_rad_JEOD"]))
        assert math.degrees(beta_track(motion, epoch, 0.0)[0]) == pytest.approx(want, abs=1e-5)
        # Aberration would show: 20" is 5e-3 deg at most.
        seen = math.degrees(beta_track(motion, epoch, 0.0, apparent=True)[0])
        assert abs(seen - want) > 1e-4
