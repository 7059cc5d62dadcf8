"""The link: range and loss by closed forms, and where it closes."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.satellite.flown_orbit import FlownOrbit
from cosmodrome.satellite.link import (
    closing_elevation_rad,
    link_budget,
    link_margin_db,
    slant_range_m,
)
from cosmodrome.satellite.spacecraft import Ground, Radio, Spacecraft

EARTH_M = 6378137.0
RADIUS_M = EARTH_M + 500e3
# Without a loss and at 1 bit/s, so that the pieces can be told apart.
PLAIN = Radio(1e6, 1.0, 0.0, 1.0, 0.0, margin_db=0.0)
BARE = Ground("bare", 0.0, math.radians(5.0))


def test_range_is_that_of_the_triangle() -> None:
    assert slant_range_m(RADIUS_M, 0.5 * math.pi) == pytest.approx(500e3)
    assert slant_range_m(RADIUS_M, 0.0) == pytest.approx(math.sqrt(RADIUS_M**2 - EARTH_M**2))
    angle = math.radians(25.0)
    far = slant_range_m(RADIUS_M, angle)
    third = far**2 + EARTH_M**2 - 2.0 * far * EARTH_M * math.cos(0.5 * math.pi + angle)
    assert math.sqrt(third) == pytest.approx(RADIUS_M)


def test_free_space_and_noise_are_the_textbooks() -> None:
    """32.45 dB at 1 km and 1 MHz, and -228.6 dBW/K/Hz."""
    above = link_margin_db(PLAIN, BARE, EARTH_M + 1e3, 0.5 * math.pi)
    assert above == pytest.approx(228.599 - 32.448, abs=1e-3)


def test_every_decibel_counts_once() -> None:
    angle = math.radians(30.0)
    base = link_margin_db(PLAIN, BARE, RADIUS_M, angle)

    def change(radio: Radio = PLAIN, ground: Ground = BARE) -> object:
        return pytest.approx(link_margin_db(radio, ground, RADIUS_M, angle) - base)

    assert change(replace(PLAIN, power_w=10.0)) == 10.0
    assert change(replace(PLAIN, gain_dbi=5.0)) == 5.0
    assert change(replace(PLAIN, losses_db=2.0)) == -2.0
    assert change(replace(PLAIN, data_rate_bit_s=100.0)) == -20.0
    assert change(replace(PLAIN, required_eb_n0_db=4.0)) == -4.0
    assert change(replace(PLAIN, implementation_loss_db=1.5)) == -1.5
    assert change(replace(PLAIN, frequency_hz=1e7)) == -20.0
    assert change(ground=replace(BARE, g_over_t_db_k=12.0)) == 12.0
    assert change(ground=replace(BARE, zenith_loss_db=0.5)) == -1.0


def test_the_closing_elevation_is_where_the_margin_is_just_met(craft: Spacecraft) -> None:
    assert craft.radio is not None
    ground = craft.stations[0]
    fast = replace(craft.radio, data_rate_bit_s=400e6)
    angle = closing_elevation_rad(fast, ground, RADIUS_M)
    assert angle is not None
    assert angle > ground.min_elevation_rad
    assert link_margin_db(fast, ground, RADIUS_M, angle) == pytest.approx(fast.margin_db, abs=1e-6)
    slow = replace(craft.radio, data_rate_bit_s=1e6)
    assert closing_elevation_rad(slow, ground, RADIUS_M) == ground.min_elevation_rad
    never = replace(craft.radio, data_rate_bit_s=1e12)
    assert closing_elevation_rad(never, ground, RADIUS_M) is None


def test_the_budget_is_of_the_worst_station(craft: Spacecraft, orbit: FlownOrbit) -> None:
    assert craft.radio is not None
    found = link_budget(craft, orbit)
    assert found.met
    assert "mid-latitude" in found.limit  # more air than the other, all else equal
    lowest = found.value("margin, lowest")
    assert found.margin == pytest.approx(lowest - 3.0)
    parts = [found.value(one) for one in ("EIRP", "G/T", "free-space loss", "air")]
    rate_db = 10.0 * math.log10(120e6)
    rest = -rate_db - 4.5 - 1.5 + 228.599
    assert lowest == pytest.approx(parts[0] + parts[1] - parts[2] - parts[3] + rest, abs=1e-3)
    rate = found.value("data rate that closes there")
    full = replace(craft, radio=replace(craft.radio, data_rate_bit_s=rate * 1e6))
    assert link_budget(full, orbit).margin == pytest.approx(0.0, abs=1e-9)
    table = np.array(found.tables[0].rows, dtype=float)
    assert np.all(np.diff(table[:, 2:], axis=0) > 0.0)
