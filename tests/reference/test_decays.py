"""Two spheres whose end is on record, with the Sun as observed. Sources in data/decays."""

from __future__ import annotations

import csv
from math import pi
from pathlib import Path

import numpy as np
import pytest

from cosmodrome.orbit.averaged import fall, lanes_of
from cosmodrome.orbit.averaged_air import MsisAir
from cosmodrome.orbit.elements import Elements
from cosmodrome.orbit.lifetime import YEAR_S, Body
from cosmodrome.orbit.secular import Secular
from cosmodrome.orbit.solar_cycle import named_histories
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.space_weather import space_weather

DATA = Path(__file__).parent / "data" / "decays"
# Relative. A sphere in free molecular flow has 2.1 to 2.2; the first orbits are known to a
# kilometre or two of 60 km that density falls by e over. Measured: NRLMSISE-00 0.12 and
# 0.17 too short, NRLMSIS 2.1 within 0.01 and 0.02.
FLOWN = {"00": 0.20, "2.1": 0.05}


def spheres() -> list[dict[str, str]]:
    with (DATA / "spheres.csv").open(encoding="utf-8") as text:
        return list(csv.DictReader(text))


@pytest.mark.parametrize("row", spheres(), ids=lambda row: row["name"])
def test_spheres_end_when_they_ended(row: dict[str, str]) -> None:
    epoch = Epoch.parse(row["start_utc"])
    sphere = Body(float(row["mass_kg"]), pi * float(row["diameter_m"]) ** 2 / 4.0)
    flown = Epoch.parse(row["end_utc"]) - epoch
    histories = named_histories(space_weather(), epoch, 3.0)
    assert histories.observed_s > flown
    air = MsisAir(histories, np.zeros(2, dtype=np.intp), np.array([False, True]))
    b = np.full(2, sphere.cd_area_over_mass_m2_kg)
    angles = (np.radians(float(row["inclination_deg"])), 1.0, 1.0, 0.0)
    radius = 6378137.0 + 1e3 * float(row["altitude_km"])
    orbit = Secular(epoch, "TOD", Elements.keplerian(radius, 0.0, *angles))
    found = fall(lanes_of(orbit, 2), b, air, epoch, 3.0 * YEAR_S).end_s
    for k, version in enumerate(FLOWN):
        assert found[k] == pytest.approx(flown, rel=FLOWN[version])
    assert found[0] < found[1]
