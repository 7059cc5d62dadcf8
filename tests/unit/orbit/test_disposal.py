"""The rules, and the propellant that meets them."""

from __future__ import annotations

from math import exp, sqrt

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.orbit.disposal import (
    FIVE_YEARS,
    TWENTY_FIVE_YEARS,
    comply,
    perigee_burn_m_s,
    propellant_for_burn_kg,
)
from cosmodrome.orbit.elements import Elements
from cosmodrome.orbit.lifetime import Body, Draws, lifetime
from cosmodrome.orbit.secular import Secular
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import Epoch

EPOCH = Epoch.parse("2027-03-20T12:00:00Z")
EARTH = Environment()
BODY = Body(120.0, 1.0)
DRAWS = Draws(samples=20, seed=1)


def orbit(altitude_km: float, e: float = 0.0) -> Secular:
    size = (EARTH.equatorial_radius_m + 1e3 * altitude_km) / (1.0 - e)
    return Secular(EPOCH, "TOD", Elements.keplerian(size, e, np.radians(97.5), 1.0, 1.0, 0.0))


def test_the_burn_is_half_a_transfer() -> None:
    """From a circle of 700 km to a perigee of 300 km: circular less apogee speed."""
    high, low = EARTH.equatorial_radius_m + 700e3, EARTH.equatorial_radius_m + 300e3
    expected = sqrt(EARTH.mu_m3_s2 / high) * (1.0 - sqrt(2.0 * low / (high + low)))
    assert perigee_burn_m_s(orbit(700.0), 300e3) == pytest.approx(expected, rel=1e-12)
    assert perigee_burn_m_s(orbit(700.0), 700e3) == pytest.approx(0.0, abs=1e-9)
    with pytest.raises(InputError, match="lowers the perigee"):
        perigee_burn_m_s(orbit(700.0), 800e3)


def test_the_propellant_is_the_rocket_equation() -> None:
    found = propellant_for_burn_kg(120.0, 100.0, 220.0, 9.80665)
    assert 120.0 / (120.0 - found) == pytest.approx(exp(100.0 / (220.0 * 9.80665)), rel=1e-12)
    with pytest.raises(InputError, match="isp_s"):
        propellant_for_burn_kg(120.0, 100.0, 0.0, 9.80665)


def test_a_perigee_is_found_that_meets_the_rule_and_no_lower() -> None:
    found = comply(orbit(600.0), BODY, FIVE_YEARS, 220.0, 0.9, DRAWS)
    assert found.before.probability < 0.1
    assert found.after.probability >= 0.9
    assert 200e3 < found.perigee_m < 550e3
    assert found.delta_v_m_s == pytest.approx(perigee_burn_m_s(orbit(600.0), found.perigee_m))
    assert found.propellant_kg > 0.0
    # From 10 km higher the rule would not be met so surely.
    low, high = (
        EARTH.equatorial_radius_m + found.perigee_m + 10e3,
        EARTH.equatorial_radius_m + 600e3,
    )
    angles = (np.radians(97.5), 1.0, 1.0, 0.0)
    shape = ((high - low) / (high + low), *angles)
    above = Secular(EPOCH, "TOD", Elements.keplerian(0.5 * (low + high), *shape))
    draws = Draws(samples=20, seed=1, horizon_years=5.0)
    assert lifetime(above, BODY, draws).within(5.0).probability < 0.9


def test_nothing_is_needed_where_the_air_does_it() -> None:
    found = comply(orbit(400.0), BODY, TWENTY_FIVE_YEARS, 220.0, 0.9, DRAWS)
    assert found.before.probability == found.after.probability == 1.0
    assert found.delta_v_m_s == found.propellant_kg == 0.0
    assert found.perigee_m == pytest.approx(400e3)


def test_every_rule_names_its_paragraph() -> None:
    assert (FIVE_YEARS.years, FIVE_YEARS.paragraph) == (5.0, "47 CFR 25.283(e)")
    assert TWENTY_FIVE_YEARS.years == 25.0
    assert "ISO 24113" in TWENTY_FIVE_YEARS.paragraph
    assert "IADC" in TWENTY_FIVE_YEARS.paragraph


def test_orbits_that_leave_the_region_and_odd_probabilities_are_refused() -> None:
    with pytest.raises(InputError, match="below 2000 km"):
        comply(orbit(300.0, 0.3), BODY, FIVE_YEARS, 220.0, 0.9, DRAWS)
    with pytest.raises(InputError, match="between 0 and 1"):
        comply(orbit(300.0), BODY, FIVE_YEARS, 220.0, 1.0, DRAWS)
