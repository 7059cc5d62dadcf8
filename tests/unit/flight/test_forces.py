from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cosmodrome.flight import forces
from cosmodrome.flight.vehicle import Motor
from cosmodrome.world import earth
from cosmodrome.world.environment import Atmosphere, Environment, Wind

EARTH = Environment()
CONSTANT = forces.drag_law(((0.0, 0.5),))
EAST, NORTH, UP = earth.local_axes(0.7, 0.3)


def pad(height_m: float = 0.0) -> Any:
    return earth.site_position(0.7, 0.3, height_m, EARTH.equatorial_radius_m, EARTH.flattening)


def spin(r: Any) -> Any:
    return np.cross([0.0, 0.0, EARTH.rotation_rad_s], r)


def test_on_the_pad_the_air_stands_still() -> None:
    r = pad()
    air = forces.conditions(r, spin(r), EARTH, 10.0, CONSTANT)
    assert float(air.altitude_m) == pytest.approx(0.0, abs=1e-6)
    assert float(air.speed_m_s) == pytest.approx(1e-3, rel=1e-6)  # the stated floor
    assert float(air.q_pa) < 1e-6
    assert float(air.pressure_pa) == pytest.approx(101325.0, rel=1e-9)


def test_dynamic_pressure_and_drag_by_hand() -> None:
    r = pad(5e3)
    air = forces.conditions(r, spin(r) + 250.0 * UP + 150.0 * EAST, EARTH, 8.0, CONSTANT)
    speed = np.hypot(250.0, 150.0)
    # The standard's table: 0.73643 kg/m3 and 320.55 m/s at 5 km.
    assert float(air.q_pa) == pytest.approx(0.5 * 0.73643 * speed**2, rel=1e-4)
    assert float(air.mach) == pytest.approx(speed / 320.55, rel=1e-4)
    assert float(air.drag_n) == pytest.approx(float(air.q_pa) * 8.0 * 0.5, rel=1e-12)
    assert float(forces.heating(air)) == pytest.approx(0.5 * 0.73643 * speed**3, rel=1e-4)


def test_acceleration_is_the_sum_of_its_parts() -> None:
    r = pad(20e3)
    v = spin(r) + 600.0 * NORTH
    air = forces.conditions(r, v, EARTH, 8.0, CONSTANT)
    axis = (UP + EAST) / np.sqrt(2.0)
    found = forces.acceleration(r, 2e4, 5e5, axis, air, EARTH)
    pull = earth.gravity(r, EARTH.mu_m3_s2, EARTH.gravity_radius_m, EARTH.zonals)
    expected = pull + 25.0 * axis - float(air.drag_n) / 2e4 * NORTH
    assert found == pytest.approx(expected, abs=1e-9)


def test_wind_blows_towards() -> None:
    """A wind towards the east is felt from the west by who goes north."""
    windy = replace(EARTH, wind=Wind(((0.0, 30.0, 10.0), (2e4, 30.0, 10.0))))
    r = pad(5e3)
    air = forces.conditions(r, spin(r) + 200.0 * NORTH, windy, 8.0, CONSTANT)
    assert float(air.velocity_m_s @ EAST) == pytest.approx(-30.0, abs=1e-9)
    # The wind is level on the sphere, up to 0.2 deg off the ellipsoid's horizon.
    assert float(air.velocity_m_s @ NORTH) == pytest.approx(190.0, abs=1e-3)
    assert forces.wind_law(EARTH) is None


@pytest.mark.parametrize("kind", ["us76", "exponential", "none"])
def test_every_air(kind: Any) -> None:
    environment = Environment(atmosphere=Atmosphere(kind, 1.225, 7200.0))
    r = pad(7200.0)
    air = forces.conditions(r, spin(r) + 300.0 * UP, environment, 8.0, CONSTANT)
    expected = {"us76": 0.5772, "exponential": 1.225 / np.e, "none": 0.0}[kind]
    assert float(air.density_kg_m3) == pytest.approx(expected, rel=3e-3)
    assert np.isfinite(float(air.mach))


def test_body_axis_is_a_unit_vector_with_pitch_and_yaw() -> None:
    downrange, across = EAST, np.cross(EAST, UP)
    axis = forces.body_axis(0.6, 0.2, downrange, across, UP)
    assert np.linalg.norm(axis) == pytest.approx(1.0, abs=1e-15)
    assert np.arctan2(axis @ UP, axis @ downrange) == pytest.approx(0.6, abs=1e-15)
    assert np.arcsin(axis @ across) == pytest.approx(0.2, abs=1e-15)
    # To the right of the flight: going east, that is south.
    assert np.asarray(across) == pytest.approx(-np.asarray(NORTH), abs=1e-15)


@pytest.mark.parametrize("angle_deg", [0.0, 0.01, 1.0, 5.0, 20.0, 40.0])
@pytest.mark.parametrize("yaw_deg", [0.0, 3.0])
def test_flow_angles_add_up_to_the_angle_of_attack(angle_deg: float, yaw_deg: float) -> None:
    across = np.cross(EAST, UP)
    axis = forces.body_axis(0.8, np.radians(yaw_deg), EAST, across, UP)
    r = pad(1e4)
    for turn in np.linspace(0.0, 2.0 * np.pi, 7):
        first = np.cross(axis, UP) / np.linalg.norm(np.cross(axis, UP))
        side = np.cos(turn) * first + np.sin(turn) * np.cross(axis, first)
        angle = np.radians(angle_deg)
        v = 500.0 * (np.cos(angle) * axis + np.sin(angle) * side)
        air = forces.conditions(r, spin(r) + v, EARTH, 8.0, CONSTANT)
        in_plane, sideways = forces.flow_angles(axis, air, across)
        total = float(np.hypot(in_plane, sideways))
        # Yawed out of the launch plane it may read low by the cosine of the yaw,
        # and by the series' end at 40 deg; never high by more than 1e-5.
        low = np.cos(np.radians(yaw_deg)) * (1.0 - 1e-4)
        assert low * angle - 1e-7 <= total <= angle * (1.0 + 1e-5) + 1e-7


def test_flow_angles_tell_the_plane_from_the_side() -> None:
    across = np.cross(EAST, UP)
    axis = forces.body_axis(0.8, 0.0, EAST, across, UP)
    r = pad(1e4)

    def angles(v: Any) -> tuple[float, float]:
        air = forces.conditions(r, spin(r) + 400.0 * v, EARTH, 8.0, CONSTANT)
        in_plane, sideways = forces.flow_angles(axis, air, across)
        return float(in_plane), float(sideways)

    pitched = forces.body_axis(0.9, 0.0, EAST, across, UP)
    yawed = np.cos(0.1) * axis + np.sin(0.1) * across
    assert np.abs(angles(pitched)) == pytest.approx([0.1, 0.0], abs=1e-6)
    assert np.abs(angles(yawed)) == pytest.approx([0.0, 0.1], abs=1e-6)


def test_shape_level_follows_the_table_and_holds_outside() -> None:
    motor = Motor(1.0, 1.0, shape=((2.0, 1.4), (10.0, 1.0), (12.0, 0.2)))
    since = np.array([-1.0, 2.0, 6.0, 10.0, 11.0, 12.0, 40.0])
    level = forces.shape_level(motor, since)
    assert level == pytest.approx([1.4, 1.4, 1.2, 1.0, 0.6, 0.2, 0.2], abs=1e-12)
    assert forces.shape_level(Motor(1.0, 1.0), since) == 1.0


def test_drag_table_is_met() -> None:
    table = ((0.3, 0.3), (0.9, 0.4), (1.1, 0.7), (3.0, 0.35))
    law = forces.drag_law(table)
    for mach, coefficient in table:
        assert float(law(mach)) == pytest.approx(coefficient, abs=1e-12)
    assert float(law(0.0)) == pytest.approx(0.3, abs=1e-12)
    assert float(law(20.0)) == pytest.approx(0.35, abs=1e-12)
