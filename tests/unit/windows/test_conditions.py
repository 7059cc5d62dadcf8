"""Light at the pad, the first days' Sun, widths and phases."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.mission.catalogue import load_site
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.orbit.eclipses import sun_profile
from cosmodrome.orbit.elements import Elements, state_from_elements
from cosmodrome.orbit.motion import Secular
from cosmodrome.windows.climbs import direct_climbs
from cosmodrome.windows.conditions import daylight, first_days, sun_elevation_rad
from cosmodrome.windows.instants import Greenwich
from cosmodrome.windows.phases import inside, phase_rad
from cosmodrome.windows.widths import NodeCurve, opening_s
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import EARTH_ROTATION_RAD_S

START = Epoch.parse("2026-06-21T00:00:00Z")
DAY_S = 86400.0
SITE = load_site("vostochny").site()


def test_the_sun_at_noon_is_as_high_as_declination_and_latitude_say() -> None:
    # Astronomical Almanac: at the June solstice the Sun stands 23.436 deg north.
    t = 60.0 * np.arange(1440.0)
    greenwich = Greenwich.of(START, (0.0, DAY_S)).at(t)
    heights = np.degrees(sun_elevation_rad(SITE, START, t, greenwich))
    latitude = math.degrees(SITE.latitude_rad)
    assert max(heights) == pytest.approx(90.0 - latitude + 23.436, abs=0.01)
    assert min(heights) == pytest.approx(latitude - 90.0 + 23.436, abs=0.02)
    # Noon is 12 h less the longitude, late by the equation of time (1 min 48 s in June).
    noon = 60.0 * int(np.argmax(heights)) / 3600.0
    longitude = math.degrees(SITE.longitude_rad)
    assert noon == pytest.approx(12.0 - longitude / 15.0 + 1.8 / 60.0, abs=0.03)


def test_light_changes_at_the_almanacs_angles() -> None:
    degrees = np.array([5.0, -0.8, -0.9, -5.9, -6.1, -11.9, -12.1, -17.9, -18.1, -80.0])
    assert daylight(np.radians(degrees)) == (
        "day", "day", "civil", "civil", "nautical", "nautical", "astronomical",
        "astronomical", "night", "night",
    )  # fmt: skip


@pytest.mark.parametrize("shape", [0.0, 0.05])
def test_the_first_days_are_those_of_each_orbit_by_itself(shape: float) -> None:
    orbit = Elements.keplerian(7.0e6, shape, math.radians(97.6), 0.0, 0.7, 0.3)
    t = np.array([5000.0, 95000.0, 182000.0, 270000.0])
    nodes = np.array([0.3, 2.0, 4.0, 5.5])
    found = first_days(orbit, nodes, START, t, 2)
    assert found.beta_rad.shape == (4, 3)
    for k in range(4):
        alone = Secular(
            START + float(t[k]), "TOD", replace(orbit, raan_rad=float(nodes[k])), osculating=False
        )
        for day in range(3):
            want = sun_profile(alone, START + float(t[k]), np.array([day * DAY_S]))
            assert found.beta_rad[k, day] == pytest.approx(want.beta_rad[0], abs=1e-9)
            share = want.penumbra_s[0] / want.period_s
            assert found.eclipse[k, day] == pytest.approx(share, abs=2e-6)


def test_no_launch_has_no_first_days() -> None:
    orbit = Elements.keplerian(7.0e6, 0.0, 1.7)
    assert first_days(orbit, np.empty(0), START, np.empty(0), 3).beta_rad.shape == (0, 4)


# ---------------------------------------------------------------- widths


def test_a_window_opens_where_the_curve_falls_to_the_payload() -> None:
    degrees = np.arange(-4.0, 4.5, 0.5)
    curve = NodeCurve(np.radians(degrees), 1000.0 - 10.0 * (degrees - 0.5) ** 2)
    opens, closes = opening_s(curve, 910.0) or (0.0, 0.0)
    # The curve is 910 at -2.5 and 3.5 deg; an eastern node is met by launching early.
    rate = math.degrees(EARTH_ROTATION_RAD_S)
    assert opens == pytest.approx(-3.5 / rate, abs=0.5)
    assert closes == pytest.approx(2.5 / rate, abs=0.5)
    slow = opening_s(curve, 910.0, 0.1 * EARTH_ROTATION_RAD_S)
    assert slow == pytest.approx((opens / 0.9, closes / 0.9))


def test_only_the_stretch_about_the_best_point_counts() -> None:
    curve = NodeCurve(np.array([-2.0, -1.0, 0.0, 1.0, 2.0]), np.array([9.0, 0.0, 10.0, 0.0, 9.0]))
    opens, closes = opening_s(curve, 5.0) or (0.0, 0.0)
    assert -1.0 / EARTH_ROTATION_RAD_S < opens < 0.0 < closes < 1.0 / EARTH_ROTATION_RAD_S


def test_a_curve_that_ends_early_and_a_payload_too_large() -> None:
    curve = NodeCurve(np.array([-0.01, 0.0, 0.02]), np.array([95.0, 100.0, 96.0]))
    assert opening_s(curve, 90.0) == pytest.approx(
        (-0.02 / EARTH_ROTATION_RAD_S, 0.01 / EARTH_ROTATION_RAD_S)
    )
    assert opening_s(curve, 100.0) == pytest.approx((0.0, 0.0), abs=1e-6)
    assert opening_s(curve, 100.1) is None


@pytest.mark.parametrize(
    ("offset", "payload"),
    [([0.0], [1.0]), ([0.0, 0.0], [1.0, 2.0]), ([0.0, 1.0], [1.0]), ([0.0, 1.0], [1.0, math.nan])],
)
def test_a_broken_curve_is_refused(offset: list[float], payload: list[float]) -> None:
    with pytest.raises(InputError, match="two points or more"):
        NodeCurve(np.array(offset), np.array(payload))


# ---------------------------------------------------------------- phases


@pytest.mark.parametrize("ahead_deg", [0.0, 10.0, 179.0, 181.0, 350.0])
@pytest.mark.parametrize("tilt_deg", [0.0, 0.3])
def test_a_satellite_put_ahead_is_found_ahead(ahead_deg: float, tilt_deg: float) -> None:
    climb = direct_climbs(SITE, parse_orbit("200 km 60 deg"))[0]
    node, t = 1.2, 40000.0
    own = float(climb.orbit.argument_of_latitude_rad)
    there = Elements.keplerian(
        6.8e6, 0.0, math.radians(60.0 + tilt_deg), node, 0.0, own + math.radians(ahead_deg)
    )

    class Held:
        """A satellite that is at one place, whenever it is asked."""

        epoch, frame, span_s = START, "TOD", (-math.inf, math.inf)

        def at(self, t_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            r, v = state_from_elements(there, Environment().mu_m3_s2)
            return np.tile(r, (t_s.size, 1)), np.tile(v, (t_s.size, 1))

    found = phase_rad(Held(), climb, np.array([node]), START, np.array([t]))
    apart = (math.degrees(found[0]) - ahead_deg + 180.0) % 360.0 - 180.0
    assert apart == pytest.approx(0.0, abs=1e-9 if tilt_deg == 0.0 else 0.01)


def test_phases_are_counted_forward_through_zero() -> None:
    phases = np.radians([345.0, 355.0, 5.0, 25.0])
    assert list(inside(phases, math.radians(350.0), math.radians(20.0))) == [
        False, True, True, False,
    ]  # fmt: skip
    assert list(inside(phases, 0.0, math.radians(30.0))) == [False, False, True, True]
