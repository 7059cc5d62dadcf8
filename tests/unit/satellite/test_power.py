"""Power: closed forms for simple arrays, and a battery drawn by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.satellite.flown_orbit import FlownOrbit, flown_orbit
from cosmodrome.satellite.power import SOLAR_W_M2, facing, power_budget, through_orbit
from cosmodrome.satellite.spacecraft import Array, Battery, Load, Spacecraft
from cosmodrome.world.epoch import Epoch

ANGLE = (np.arange(3600) + 0.5) * 2.0 * math.pi / 3600
BETA = np.radians([[0.0], [30.0], [-75.0]])


def array(pointing: str, normal: tuple[float, float, float] = (0.0, 0.0, 1.0)) -> Array:
    return Array(1.0, 0.3, pointing, normal=normal)  # type: ignore[arg-type]


def test_mean_cosines_are_those_of_closed_forms() -> None:
    def mean(one: Array) -> object:
        return pytest.approx(np.mean(facing(one, BETA, ANGLE), axis=1), rel=1e-6)

    cosine, sine = np.cos(BETA[:, 0]), np.sin(BETA[:, 0])
    assert np.ones(3) == mean(array("sun"))
    assert cosine == mean(array("axis"))
    # A plate that looks up sees half a cosine of the way round; so does one ahead.
    assert cosine / math.pi == mean(array("fixed"))
    assert cosine / math.pi == mean(array("fixed", (1.0, 0.0, 0.0)))
    assert np.maximum(sine, 0.0) == mean(array("fixed", (0.0, 1.0, 0.0)))


def test_a_face_ahead_is_lit_before_noon() -> None:
    """At noon less a quarter turn the satellite flies towards the Sun."""
    quarter = np.array([1.5 * math.pi, 0.5 * math.pi])
    lit = facing(array("fixed", (1.0, 0.0, 0.0)), np.zeros((1, 1)), quarter)
    assert lit[0] == pytest.approx([1.0, 0.0])


def test_a_battery_drawn_by_hand() -> None:
    battery = Battery(1.0, 0.5, charge_efficiency=0.8, discharge_efficiency=0.5)
    made = np.array([[0.0, 10.0, 10.0, 0.0]])
    used = np.array([[2.0, 2.0, 2.0, 2.0]])
    share, drawn = through_orbit(made, used, np.full((1, 4), 3.0), battery)
    # The draws at both ends of the row are one: 2 W, 6 s, over 0.5.
    assert drawn[0] == pytest.approx(24.0)
    # 12 J used at once, and 24 J that the battery gives for 30 J put in.
    assert share[0] == pytest.approx(60.0 / (12.0 + 30.0))


def test_a_year_is_what_the_closed_form_says(
    craft: Spacecraft, orbit: FlownOrbit, epoch: Epoch
) -> None:
    """An array turned to the Sun: what is made in sunlight feeds the eclipse through losses."""
    found = power_budget(craft, orbit, epoch)
    battery, days = craft.battery, np.array(found.tables[0].rows, dtype=float)
    assert battery is not None
    eclipse_s = 60.0 * days[:, 2]
    lit_w, dark_w = found.value("power in sunlight"), found.value("power in eclipse")
    depth = dark_w * eclipse_s / battery.discharge_efficiency / battery.capacity_j
    assert days[:, 5] == pytest.approx(depth, rel=1e-6)
    period = orbit.period_s
    losses = battery.discharge_efficiency * battery.charge_efficiency
    need = lit_w * (period - eclipse_s) + dark_w * eclipse_s / losses
    margin = days[:, 3] * period / need - 1.0
    assert found.value("energy margin") == pytest.approx(np.min(margin), rel=2e-3)
    full = found.value("array facing the Sun, end of life")
    assert full == pytest.approx(SOLAR_W_M2 * 1.2 * 0.28 * 0.88 * 0.92 * 0.975**5)
    # The Earth nearest to and farthest from the Sun: 3.4 % either way in irradiance.
    flux = days[:, 3] * period / (period - eclipse_s) / full
    assert (np.min(flux), np.max(flux)) == pytest.approx((0.967, 1.034), abs=2e-3)


def test_the_longest_eclipse_is_the_textbooks(craft: Spacecraft, epoch: Epoch) -> None:
    """Beta near 0: the cylinder's arc, asin(R / r) / pi of the orbit; the penumbra is wider."""
    noon = flown_orbit(parse_orbit("sso 500 km"), epoch)
    found = power_budget(craft, noon, epoch)
    arc = math.asin(6378137.0 / noon.semi_major_axis_m) / math.pi * noon.period_s / 60.0
    assert arc < found.value("longest eclipse") < arc * 1.015


def test_dawn_and_dusk_have_seasons(craft: Spacecraft, epoch: Epoch) -> None:
    dawn = flown_orbit(parse_orbit("sso 500 km ltan 06:00"), epoch)
    found = power_budget(craft, dawn, epoch)
    eclipse = np.array([row[2] for row in found.tables[0].rows], dtype=float)
    assert 0.2 < np.mean(eclipse > 0.0) < 0.5
    assert found.value("discharges") < 0.5 * 5.0 * 365.25 * 86400.0 / dawn.period_s


def test_what_limits_is_named(craft: Spacecraft, orbit: FlownOrbit, epoch: Epoch) -> None:
    assert craft.battery is not None
    assert craft.array is not None
    small = replace(craft, battery=replace(craft.battery, capacity_j=100.0 * 3600.0))
    found = power_budget(small, orbit, epoch)
    assert not found.met
    assert found.limit.startswith("depth of discharge")
    poor = replace(craft, array=replace(craft.array, area_m2=0.5))
    found = power_budget(poor, orbit, epoch)
    assert not found.met
    assert found.limit.startswith("energy")


def test_without_a_load_there_is_no_budget(
    craft: Spacecraft, orbit: FlownOrbit, epoch: Epoch
) -> None:
    for loads in ((), (Load("nothing", 0.0),)):
        with pytest.raises(InputError):
            power_budget(replace(craft, loads=loads), orbit, epoch)
