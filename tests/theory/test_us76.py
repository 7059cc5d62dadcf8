"""The US Standard Atmosphere 1976 against the standard itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cosmodrome.world.air import us76

DATA = Path(__file__).resolve().parents[1] / "reference" / "data" / "us76"
RADIUS_M, GAS = 6356766.0, 8314.32 / 28.9644
BASES_M = np.array([0.0, 11e3, 20e3, 32e3, 47e3, 51e3, 71e3, 84852.05])
GRADIENTS = np.array([-6.5e-3, 0.0, 1e-3, 2.8e-3, 0.0, -2.8e-3, -2e-3])
# Geometric altitudes at which a formula of the standard changes.
EDGES_M = np.array([*(RADIUS_M * BASES_M[1:7] / (RADIUS_M - BASES_M[1:7])), 86e3, 91e3, 100e3,
                    110e3, 120e3])  # fmt: skip
TABLE = 1e-4  # relative, temperature and pressure
EDGE = 1e-3  # relative, within 250 m of an edge, where neighbours are blended
DENSITY = 2e-4  # relative; the mean molar mass bends more sharply than pressure


def allowed(altitude_m: Any, away: float) -> Any:
    near = np.abs(np.asarray(altitude_m)[:, None] - EDGES_M).min(axis=1) <= 250.0
    return np.where(near, EDGE, away)


def layers(altitude_m: float) -> tuple[float, float]:
    """Temperature and pressure up to 80 km, layer by layer, as the standard writes it."""
    height = RADIUS_M * altitude_m / (RADIUS_M + altitude_m)
    kelvin, pascal = 288.15, 101325.0
    for k in range(7):
        step = min(height, BASES_M[k + 1]) - BASES_M[k]
        if GRADIENTS[k] == 0.0:
            pascal *= np.exp(-9.80665 * step / (GAS * kelvin))
        else:
            warmer = kelvin + GRADIENTS[k] * step
            pascal *= (kelvin / warmer) ** (9.80665 / (GAS * GRADIENTS[k]))
            kelvin = warmer
        if height <= BASES_M[k + 1]:
            break
    return float(kelvin), float(pascal)


@pytest.fixture(scope="module")
def table() -> dict[str, Any]:
    rows = np.genfromtxt(DATA / "us76.csv", delimiter=",", names=True)
    return {name: rows[name] for name in rows.dtype.names or ()}


@pytest.mark.parametrize(
    ("name", "away"),
    [("temperature_k", TABLE), ("pressure_pa", TABLE), ("density_kg_m3", DENSITY)],
)
def test_the_standard_from_the_ground_to_1000_km(
    table: dict[str, Any], name: str, away: float
) -> None:
    z = table["altitude_m"]
    assert z.size > 300
    error = np.abs(getattr(us76(z), name) / table[name] - 1.0)
    assert (error / allowed(z, away)).max() < 1.0


def test_printed_pressures_above_86_km() -> None:
    km, pascal = np.loadtxt(DATA / "published.csv", delimiter=",", skiprows=1).T
    error = np.abs(us76(km * 1e3).pressure_pa / pascal - 1.0)
    # The figure printed for 290 km stands off the curve of its neighbours by 1.3e-4.
    odd = km == 290.0
    assert odd.sum() == 1
    assert error[odd][0] < 2e-4
    assert error[~odd].max() < TABLE


# Printed in Table I: altitude in km, temperature in K, pressure in Pa.
PRINTED = (
    (0, 288.150, 1.01325e5), (1, 281.651, 8.9876e4), (5, 255.676, 5.4048e4),
    (10, 223.252, 2.6499e4), (15, 216.650, 1.2111e4), (25, 221.552, 2.5492e3),
    (30, 226.509, 1.1970e3), (40, 250.350, 2.8714e2), (50, 270.650, 7.9779e1),
    (60, 247.021, 2.1958e1), (70, 219.585, 5.2209), (80, 198.639, 1.0524),
    (90, 186.87, 1.8359e-1), (150, 634.39, 4.5422e-4), (200, 854.56, 8.4736e-5),
    (300, 976.01, 8.7704e-6), (500, 999.24, 3.0236e-7), (1000, 1000.00, 7.5138e-9),
)  # fmt: skip


@pytest.mark.parametrize(("km", "kelvin", "pascal"), PRINTED)
def test_printed_temperature_and_pressure(km: float, kelvin: float, pascal: float) -> None:
    air = us76(km * 1e3)
    assert air.temperature_k == pytest.approx(kelvin, rel=TABLE)
    assert air.pressure_pa == pytest.approx(pascal, rel=TABLE)


def test_outside_the_blends_the_layers_are_the_standard_exactly() -> None:
    z = np.linspace(-1000.0, 79.9e3, 1619)
    z = z[np.abs(z[:, None] - EDGES_M).min(axis=1) > 250.0]
    air = us76(z)
    kelvin, pascal = np.array([layers(float(x)) for x in z]).T
    assert np.abs(air.temperature_k / kelvin - 1.0).max() < 1e-12
    assert np.abs(air.pressure_pa / pascal - 1.0).max() < 1e-12
    assert np.abs(air.density_kg_m3 / (pascal / (GAS * kelvin)) - 1.0).max() < 1e-12
    assert np.abs(air.sound_speed_m_s / np.sqrt(1.4 * GAS * kelvin) - 1.0).max() < 1e-12


def test_within_the_blends_a_thousandth() -> None:
    z = np.concatenate([edge + np.linspace(-250, 250, 101) for edge in EDGES_M[:6]])
    air = us76(z)
    kelvin, pascal = np.array([layers(float(x)) for x in z]).T
    assert 1e-5 < np.abs(air.temperature_k / kelvin - 1.0).max() < EDGE
    assert np.abs(air.pressure_pa / pascal - 1.0).max() < EDGE
    assert np.abs(air.density_kg_m3 / (pascal / (GAS * kelvin)) - 1.0).max() < EDGE


def test_it_stands_in_hydrostatic_balance() -> None:
    # dp/dz = -rho g, an equation the fits of pressure and density do not know of. From
    # 86 km to 150 km it fails by design (eddies carry part of the weight).
    z = np.concatenate([np.linspace(0, 84e3, 4001), np.linspace(160e3, 950e3, 4001)])
    h = 5.0
    slope = (us76(z + h).pressure_pa - us76(z - h).pressure_pa) / (2 * h)
    weight = us76(z).density_kg_m3 * 9.80665 * (RADIUS_M / (RADIUS_M + z)) ** 2
    assert np.abs(slope / -weight - 1.0).max() < 5e-3
