"""End conditions and the floor of coasts."""

from __future__ import annotations

import numpy as np
import pytest

from cosmodrome.ascent.ending import perigee_floor


@pytest.mark.parametrize(
    ("perigee_km", "apogee_km", "above"),
    [(170.0, 400.0, True), (150.0, 400.0, False), (70.0, 140.0, False), (161.0, 161.0, True)],
)
def test_the_floor_of_a_coast_is_not_passed_from_below(
    perigee_km: float, apogee_km: float, *, above: bool
) -> None:
    """An orbit wholly below the floor does not cross it either; Saturn V found that out."""
    mu, ground = 3.986004418e14, 6378137.0
    low, high = ground + 1e3 * perigee_km, ground + 1e3 * apogee_km
    speed = np.sqrt(2.0 * mu * high / (low * (low + high)))
    row = perigee_floor(np.array([low, 0.0, 0.0]), np.array([0.0, speed, 0.0]), ground + 160e3, mu)
    assert (float(row) <= 0.0) is above
