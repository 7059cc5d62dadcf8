"""Velocities: each impulse is given to a flying state, and does what it was reckoned for."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.mission.catalogue import load_vehicle
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.orbit.elements import Elements, elements_from_state, state_from_elements
from cosmodrome.satellite.drag import DragUpkeep
from cosmodrome.satellite.flown_orbit import FlownOrbit, flown_orbit
from cosmodrome.satellite.manoeuvring import (
    Injection,
    correction_m_s,
    delta_v_budget,
    deorbit_m_s,
    injection_of,
    phasing_m_s,
)
from cosmodrome.satellite.spacecraft import Manoeuvres, Spacecraft
from cosmodrome.world.epoch import Epoch

NO_DRAG = DragUpkeep(0.0, 0.0, 0.0, "none")
G0 = 9.80665


@pytest.fixture(scope="module")
def oval(epoch: Epoch) -> FlownOrbit:
    return flown_orbit(parse_orbit("500x900 km 98 deg"), epoch)


def pushed(orbit: FlownOrbit, anomaly_rad: float, along_m_s: float) -> Elements:
    """The orbit after an impulse along the flight at an anomaly."""
    mean = replace(orbit.motion.elements, true_anomaly_rad=anomaly_rad)
    r, v = state_from_elements(mean, orbit.mu_m3_s2)
    v = v * (1.0 + along_m_s / np.linalg.norm(v))
    return elements_from_state(r, v, orbit.mu_m3_s2)


def test_the_deorbit_impulse_lowers_the_perigee_to_where_it_is_wanted(oval: FlownOrbit) -> None:
    wanted = 6378137.0 + 60e3
    after = pushed(oval, math.pi, -deorbit_m_s(oval, wanted))
    assert after.perigee_radius_m == pytest.approx(wanted, abs=1e-3)
    assert deorbit_m_s(oval, oval.perigee_radius_m + 1.0) == 0.0


def test_a_correction_moves_each_apsis_as_far_as_it_was_off(oval: FlownOrbit) -> None:
    none = Injection("x", "", "", 0.0, 0.0, 0.0)
    at_apogee, _ = correction_m_s(replace(none, perigee_m=10e3), oval)
    moved = pushed(oval, math.pi, at_apogee).perigee_radius_m - oval.perigee_radius_m
    assert moved == pytest.approx(10e3, rel=0.01)
    at_perigee, _ = correction_m_s(replace(none, apogee_m=10e3), oval)
    moved = pushed(oval, 0.0, at_perigee).apogee_radius_m - oval.apogee_radius_m
    assert moved == pytest.approx(10e3, rel=0.01)
    _, plane = correction_m_s(replace(none, inclination_rad=1e-3), oval)
    slow = math.sqrt(oval.mu_m3_s2 * (2.0 / oval.apogee_radius_m - 1.0 / oval.semi_major_axis_m))
    assert plane == pytest.approx(1e-3 * slow, rel=1e-6)


def test_a_drift_takes_the_angle_in_the_time(orbit: FlownOrbit) -> None:
    angle, time = math.pi / 2.0, 20.0 * 86400.0
    half = 0.5 * phasing_m_s(angle, time, orbit)
    drifting = pushed(orbit, 0.0, half).semi_major_axis_m
    rates = [math.sqrt(orbit.mu_m3_s2 / a**3) for a in (drifting, orbit.semi_major_axis_m)]
    assert abs(rates[0] - rates[1]) * time == pytest.approx(angle, rel=0.01)


def test_accuracies_are_scaled_to_three_sigma_and_kept_to_their_kind(
    orbit: FlownOrbit, epoch: Epoch
) -> None:
    vega = injection_of(load_vehicle("vega"), orbit)  # printed at one sigma: 5 km, 0.05 deg
    assert vega is not None
    assert (vega.perigee_m, vega.apogee_m) == pytest.approx((15e3, 15e3))
    assert vega.inclination_rad == pytest.approx(math.radians(0.15))
    assert injection_of(load_vehicle("atlas-v-551"), orbit) is None  # a transfer orbit's
    transfer = flown_orbit(parse_orbit("185x35786 km 27 deg"), epoch)
    atlas = injection_of(load_vehicle("atlas-v-551"), transfer)
    assert atlas is not None
    assert atlas.apogee_m == pytest.approx(168e3)
    assert injection_of(load_vehicle("vega"), transfer) is None
    assert injection_of(load_vehicle("proton-m"), orbit) is None  # nothing is known


def test_the_propellant_needed_gives_just_the_total(craft: Spacecraft, orbit: FlownOrbit) -> None:
    drag = DragUpkeep(1.0, 5.0, 20.0, "stated")
    off = Injection("x", "", "", 15e3, 15e3, math.radians(0.1))
    found = delta_v_budget(craft, orbit, (off,), drag)
    assert craft.propulsion is not None
    assert found.value("drag make-up") == pytest.approx(25.0)
    assert found.value("avoidance") == pytest.approx(5.0)
    named = ("injection, heights", "injection, plane", "drag make-up", "phasing", "avoidance")
    total = 1.1 * sum(found.value(one) for one in (*named, "deorbit"))
    assert found.value("total with margin") == pytest.approx(total)
    needed = found.value("propellant needed")
    just = replace(craft, propulsion=replace(craft.propulsion, propellant_kg=needed))
    assert delta_v_budget(just, orbit, (off,), drag).margin == pytest.approx(0.0, abs=1e-9)
    usable = 9.0 * 0.97
    assert found.value("available") == pytest.approx(G0 * 220.0 * math.log(120 / (120 - usable)))


def test_the_worst_launcher_is_corrected_and_an_engineless_one_overdrawn(
    craft: Spacecraft, orbit: FlownOrbit
) -> None:
    good = Injection("good", "", "", 1e3, 1e3, 1e-4)
    bad = Injection("bad", "", "", 2e3, 2e3, 2e-4)
    found = delta_v_budget(craft, orbit, (good, bad), NO_DRAG)
    worst = correction_m_s(bad, orbit)
    assert found.value("injection, heights") == pytest.approx(worst[0])
    assert any("of bad" in line.formula for line in found.lines)
    bare = replace(craft, propulsion=None)
    assert not delta_v_budget(bare, orbit, (good,), NO_DRAG).met


def test_drag_is_made_up_only_if_wanted(craft: Spacecraft, orbit: FlownOrbit) -> None:
    drag = DragUpkeep(1.0, 5.0, 20.0, "stated")
    falling = replace(craft, manoeuvres=Manoeuvres(keep_altitude=False))
    found = delta_v_budget(falling, orbit, (), drag)
    assert found.value("drag make-up") == 0.0
    assert found.value("deorbit") == 0.0
    assert found.met
