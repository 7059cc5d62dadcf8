"""Drag of a kept orbit, against the air met along a year, and the years after it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.orbit.lifetime import Draws
from cosmodrome.satellite.disposal import disposal
from cosmodrome.satellite.drag import drag_upkeep
from cosmodrome.satellite.flown_orbit import FlownOrbit, flown_orbit
from cosmodrome.satellite.spacecraft import Manoeuvres, Spacecraft
from cosmodrome.world.density import Msis
from cosmodrome.world.earth import geodetic
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import turn_state
from cosmodrome.world.space_weather import SpaceWeather

STEADY = SpaceWeather.constant(123.0, ap=12.0)
FEW = Draws(samples=20, horizon_years=60.0)


def test_it_is_what_the_air_along_the_orbit_takes(
    craft: Spacecraft, orbit: FlownOrbit, epoch: Epoch
) -> None:
    """A day in each of eight months, full positions over the turning Earth, in MSIS itself."""
    year = 365.25 * 86400.0
    t = np.concatenate(
        [start + np.linspace(0.0, 86400.0, 145) for start in np.arange(8) * year / 12]
    )
    r, v = orbit.motion.at(t)
    fixed, _ = turn_state("TOD", "ITRF", epoch, t, r, v)
    latitude, longitude, altitude = geodetic(fixed, 6378137.0, 1.0 / 298.257223563)
    speed2 = np.sum((v - np.cross([0.0, 0.0, 7.292115e-5], r)) ** 2, axis=1)
    ballistic = 2.2 * 0.8 / 120.0
    spent = []
    for version in ("00", "2.1"):
        model = Msis(version, STEADY, storms=False)
        air = model.kg_m3(epoch, t, latitude, longitude, altitude)
        spent.append(float(np.mean(0.5 * air * speed2)) * ballistic * year)
    found = drag_upkeep(replace(craft.body, years=1.0), orbit, STEADY)
    # Eight of twelve months, and the table of the averaged air.
    assert found.low_m_s_year == pytest.approx(spent[1], rel=0.06)
    assert found.high_m_s_year == pytest.approx(spent[0], rel=0.06)
    assert found.mean_m_s_year == pytest.approx(np.mean(spent), rel=0.06)


def test_higher_and_heavier_is_less_and_the_sun_counts(
    craft: Spacecraft, orbit: FlownOrbit, epoch: Epoch
) -> None:
    here = drag_upkeep(craft.body, orbit)
    assert here.low_m_s_year < here.mean_m_s_year < here.high_m_s_year
    above = drag_upkeep(craft.body, flown_orbit(parse_orbit("sso 700 km"), epoch))
    assert above.high_m_s_year < 0.2 * here.high_m_s_year
    heavy = drag_upkeep(replace(craft.body, mass_kg=240.0), orbit)
    assert heavy.mean_m_s_year == pytest.approx(0.5 * here.mean_m_s_year)


def test_a_lowered_perigee_ends_sooner_and_counts_from_the_end_of_operation(
    craft: Spacecraft, orbit: FlownOrbit, epoch: Epoch
) -> None:
    lowered = disposal(craft, orbit, FEW)
    kept = replace(craft, manoeuvres=Manoeuvres())
    stays = disposal(kept, orbit, FEW)
    assert lowered.perigee_m == pytest.approx(250e3)
    assert lowered.apogee_m == pytest.approx(500e3)
    assert lowered.life.epoch - epoch == pytest.approx(5.0 * 365.25 * 86400.0)
    assert lowered.orbit.epoch == lowered.life.epoch
    ground = lowered.orbit.environment.equatorial_radius_m
    assert lowered.orbit.elements.perigee_radius_m - ground == pytest.approx(250e3)
    assert lowered.life.quantile(0.5) < 0.5 * stays.life.quantile(0.5)
    falls = disposal(replace(craft, manoeuvres=Manoeuvres(keep_altitude=False)), orbit, FEW)
    assert falls.life.epoch == epoch


def test_years_are_told_as_the_contract_says(
    craft: Spacecraft, orbit: FlownOrbit, epoch: Epoch
) -> None:
    told = json.loads(json.dumps(disposal(craft, orbit, FEW).document(), allow_nan=False))
    assert set(told["years"]) == {"p05", "p50", "p95"}
    assert 0.0 <= told["probability_within_5_years"] <= told["probability_within_25_years"] <= 1.0
    high = flown_orbit(parse_orbit("sso 1100 km"), epoch)
    kept = replace(craft, manoeuvres=Manoeuvres())
    assert disposal(kept, high, FEW).document()["years"]["p50"] is None  # beyond the horizon


def test_lowering_an_orbit_that_is_not_kept_is_refused(
    craft: Spacecraft, orbit: FlownOrbit
) -> None:
    wanted = replace(craft.manoeuvres, keep_altitude=False)
    with pytest.raises(InputError, match="not kept"):
        disposal(replace(craft, manoeuvres=wanted), orbit, FEW)
