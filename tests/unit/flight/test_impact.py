from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmodrome.flight.impact import vacuum_impact
from cosmodrome.orbit.elements import kepler_propagate

MU, RADIUS_M = 3.986004418e14, 6.371e6
SPHERE_M = 1e-5  # rounding of 6.4e6 m through a dozen operations
FLIGHT_M = 1e-4  # two closed forms of one arc


def test_straight_up_comes_straight_down() -> None:
    """A throw from rest 100 km up falls in the time of a degenerate ellipse."""
    r = np.array([RADIUS_M + 100e3, 0.0, 0.0])
    place, fall = vacuum_impact(r, np.array([0.0, 1e-3, 0.0]), MU, RADIUS_M)
    share = RADIUS_M / (RADIUS_M + 100e3)
    time = np.sqrt(r[0] ** 3 / (2.0 * MU)) * (
        np.arccos(np.sqrt(share)) + np.sqrt(share * (1.0 - share))
    )
    assert float(fall) == pytest.approx(time, rel=1e-8)
    assert place == pytest.approx([RADIUS_M, 0.0, 0.0], abs=0.2)


@given(
    st.floats(1e3, 3e5),
    st.floats(50.0, 7000.0),
    st.floats(-80.0, 85.0),
    st.floats(0.0, 360.0),
)
@settings(max_examples=60)
def test_the_impact_is_on_the_sphere_and_on_the_orbit(
    height_m: float, speed: float, climb_deg: float, heading_deg: float
) -> None:
    c, h = np.radians(climb_deg), np.radians(heading_deg)
    r = np.array([RADIUS_M + height_m, 0.0, 0.0])
    v = speed * np.array([np.sin(c), np.cos(c) * np.cos(h), np.cos(c) * np.sin(h)])
    place, fall = vacuum_impact(r, v, MU, RADIUS_M)
    assert float(fall) > 0.0
    assert np.linalg.norm(place) == pytest.approx(RADIUS_M, abs=SPHERE_M)
    later, moving = kepler_propagate(r, v, MU, float(fall))
    assert np.linalg.norm(later - place) < FLIGHT_M
    assert float(np.dot(later, moving)) < 0.0  # on the way down
