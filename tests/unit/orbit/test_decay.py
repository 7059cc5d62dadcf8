"""What it takes to hold an orbit against drag."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.orbit.averaged import fall, lanes_of
from cosmodrome.orbit.averaged_air import MsisAir
from cosmodrome.orbit.decay import drag_make_up
from cosmodrome.orbit.elements import Elements
from cosmodrome.orbit.lifetime import YEAR_S, Body
from cosmodrome.orbit.secular import Secular
from cosmodrome.orbit.solar_cycle import SolarHistories
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.space_weather import SpaceWeather

EPOCH = Epoch.parse("2027-03-20T12:00:00Z")
MU = Environment().mu_m3_s2
BODY = Body(120.0, 1.0)
ROUND = 0.01  # of the delta-v; the radius of a circle of mean elements waves by J2


def orbit(altitude_km: float) -> Secular:
    angles = (np.radians(97.5), 1.0, 1.0, 0.0)
    return Secular(EPOCH, "TOD", Elements.keplerian(6378137.0 + 1e3 * altitude_km, 0.0, *angles))


def test_delta_v_is_what_lifts_a_circle_as_fast_as_it_sinks() -> None:
    """dv = n da / 2 of a circle."""
    found = drag_make_up(orbit(500.0), BODY)
    a = 6878137.0
    expected = 0.5 * sqrt(MU / a**3) * found.decay_m_per_day * YEAR_S / 86400.0
    assert found.delta_v_m_s_per_year == pytest.approx(expected, rel=ROUND)
    assert found.worst_decay_m_per_day > found.decay_m_per_day


def test_the_decay_is_that_of_a_heavy_body_let_go() -> None:
    """So heavy that ten years of falling change little about the air it meets."""
    stated = SpaceWeather.constant(120.0, 120.0, 8.0)
    heavy = Body(120e3, 1.0)
    found = drag_make_up(orbit(500.0), heavy, 10.0, weather=stated)
    air = MsisAir(SolarHistories.constant(EPOCH, 120.0, 8.0), np.zeros(1, int), np.zeros(1, bool))
    b = np.array([heavy.cd_area_over_mass_m2_kg])
    let_go = fall(lanes_of(orbit(500.0), 1), b, air, EPOCH, 10.0 * YEAR_S)
    size = 0.5 * (let_go.perigee_m + let_go.apogee_m)[:, 0]
    # Some thirty long steps of the fall against 367 samples of the season.
    assert found.decay_m_per_day * 3652.5 == pytest.approx(size[0] - size[-1], rel=0.03)


def test_more_sun_or_less_height_costs_more() -> None:
    by_sun = [drag_make_up(orbit(500.0), BODY, 11.0, level) for level in ("low", "mean", "high")]
    costs = [one.delta_v_m_s for one in by_sun]
    assert costs == sorted(costs)
    assert by_sun[1].delta_v_m_s == pytest.approx(11.0 * by_sun[1].delta_v_m_s_per_year)
    assert (
        drag_make_up(orbit(400.0), BODY).delta_v_m_s
        > 3.0 * drag_make_up(orbit(500.0), BODY).delta_v_m_s
    )
    newer = drag_make_up(orbit(500.0), BODY, version="2.1")
    assert newer.delta_v_m_s < drag_make_up(orbit(500.0), BODY).delta_v_m_s


@pytest.mark.parametrize("years", [0.0, -1.0, 101.0, float("nan")])
def test_odd_years_are_refused(years: float) -> None:
    with pytest.raises(InputError, match="years"):
        drag_make_up(orbit(500.0), BODY, years)


def test_odd_words_are_refused() -> None:
    with pytest.raises(InputError, match="unknown"):
        drag_make_up(orbit(500.0), BODY, level="middling")  # type: ignore[arg-type]
