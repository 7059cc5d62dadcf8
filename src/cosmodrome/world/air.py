"""Air over altitude: the US Standard Atmosphere 1976, and an exponential one.

Every function takes floats, NumPy arrays or CasADi symbols, and is twice
continuously differentiable, because optimisers step across layer edges. Terms
that nobody reads cost nothing in a CasADi graph.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

from cosmodrome.world import maths
from cosmodrome.world.us76_fit import (
    BEND_KM,
    FADE_KM,
    JOINTS_KM,
    LN_DENSITY,
    LN_PRESSURE,
    TOP_DENSITY,
    TOP_PRESSURE,
)

__all__ = ["AirState", "exponential", "us76"]


class AirState(NamedTuple):
    """What the equations of motion need to know of the air at one altitude.

    Parameters
    ----------
    temperature_k : float or array, kelvin, kinetic
    pressure_pa : float or array, pascals
    density_kg_m3 : float or array, kilograms per cubic metre
    sound_speed_m_s : float or array, metres per second
    """

    temperature_k: Any
    pressure_pa: Any
    density_kg_m3: Any
    sound_speed_m_s: Any


# The standard's constants (its table 2); its gas constant is not today's.
_EARTH_RADIUS_M = 6356766.0
_GAS_J_KG_K = 8314.32 / 28.9644
_HYDROSTATIC_K_M = 9.80665 / _GAS_J_KG_K
_HEAT_RATIO = 1.4
_SEA_LEVEL_K, _SEA_LEVEL_PA = 288.15, 101325.0
# Base of each layer, geopotential metres, and its temperature gradient, K/m.
_LAYERS = (
    (0.0, -0.0065),
    (11000.0, 0.0),
    (20000.0, 0.0010),
    (32000.0, 0.0028),
    (47000.0, 0.0),
    (51000.0, -0.0028),
    (71000.0, -0.0020),
    (84852.05, 0.0),
)
_HALF_BLEND_M = 240.0
_LOWEST_M = -5000.0
_LOW_TOP_M = 86000.0
_MOLECULAR_RATIO = 0.9995788  # mean molar mass at 86 km over that at sea level


def _bases() -> tuple[tuple[float, float, float, float], ...]:
    """Each layer's base, gradient, and temperature and ln pressure at its base."""
    rows = []
    kelvin, ln_pa = _SEA_LEVEL_K, float(maths.log(_SEA_LEVEL_PA))
    for k, (base, gradient) in enumerate(_LAYERS):
        rows.append((base, gradient, kelvin, ln_pa))
        if k + 1 < len(_LAYERS):
            top = _LAYERS[k + 1][0]
            kelvin, ln_pa = (float(x) for x in _layer(top, rows[-1]))
    return tuple(rows)


def _layer(height: Any, row: tuple[float, float, float, float]) -> tuple[Any, Any]:
    """Molecular temperature and ln pressure of one layer, not clipped."""
    base, gradient, kelvin, ln_pa = row
    if gradient == 0.0:
        return kelvin, ln_pa - (_HYDROSTATIC_K_M / kelvin) * (height - base)
    warmed = kelvin + gradient * (height - base)
    return warmed, ln_pa - (_HYDROSTATIC_K_M / gradient) * maths.log(warmed / kelvin)


_ROWS = _bases()


def _weight(x: Any, edge: Any, half: float) -> Any:
    """0 below an edge, 1 above it, smooth within `half` of it."""
    return maths.smoothstep((x - (edge - half)) * (0.5 / half))


def _row(k: int) -> tuple[float, ...]:
    """One layer as T0, T1, a, b, c: kelvin = T0 + T1 H, ln pressure = a - b ln T - c H."""
    base, gradient, kelvin, ln_pa = _ROWS[k]
    if gradient == 0.0:
        fall = _HYDROSTATIC_K_M / kelvin
        return kelvin, 0.0, ln_pa + fall * base, 0.0, fall
    b = _HYDROSTATIC_K_M / gradient
    return kelvin - gradient * base, gradient, ln_pa + b * float(maths.log(kelvin)), b, 0.0


def _picked_layer(
    height: Any, edges: list[float], rows: list[tuple[float, ...]]
) -> tuple[Any, Any]:
    """Molecular temperature and ln pressure of the layer between edges."""
    t0, t1, a, b, c = maths.pick(height, edges, rows)
    kelvin = t0 + t1 * height
    return kelvin, a - b * maths.log(kelvin) - c * height


def _low(altitude_m: Any, first: int) -> tuple[Any, Any]:
    """Molecular temperature and ln pressure up to 86 km, from layer `first` on.

    Two layers are evaluated: the one below and the one above the nearest blend;
    away from blends they are the same.
    """
    z = maths.clip(altitude_m, _LOWEST_M, _LOW_TOP_M + 2.0 * _HALF_BLEND_M)
    height = _EARTH_RADIUS_M * z / (_EARTH_RADIUS_M + z)
    rows = [_row(k) for k in range(first, len(_ROWS))]
    edges = [row[0] for row in _ROWS[first + 1 :]]
    if not edges:
        return _picked_layer(height, [], rows)
    below_k, below_ln = _picked_layer(height, [e + _HALF_BLEND_M for e in edges], rows)
    above_k, above_ln = _picked_layer(height, [e - _HALF_BLEND_M for e in edges], rows)
    middles = [0.5 * (a + b) for a, b in pairwise(edges)]
    (edge,) = maths.pick(height, middles, [(e,) for e in edges])
    share = _weight(height, edge, _HALF_BLEND_M)
    return below_k + share * (above_k - below_k), below_ln + share * (above_ln - below_ln)


def _high_rows() -> tuple[tuple[float, ...], ...]:
    """Start, 1 / width, then both polynomials with their constants, of each piece."""
    rows, ln_pa, ln_rho = [], LN_PRESSURE[0][0], LN_DENSITY[0][0]
    for k in range(len(JOINTS_KM) - 1):
        width = JOINTS_KM[k + 1] - JOINTS_KM[k]
        pressure, density = LN_PRESSURE[k + 1], LN_DENSITY[k + 1]
        rows.append((JOINTS_KM[k], 1.0 / width, ln_pa, *pressure, ln_rho, *density))
        ln_pa, ln_rho = ln_pa + sum(pressure), ln_rho + sum(density)
    return tuple(rows)


_HIGH_ROWS = _high_rows()


def _high(altitude_m: Any, above_m: float = 0.0) -> tuple[Any, Any]:
    """ln pressure and ln density above 86 km: a spline, then the decay."""
    z = altitude_m * 1e-3
    last = len(_HIGH_ROWS) - 1
    first = min(sum(above_m >= 1e3 * joint for joint in JOINTS_KM[1:]), last)
    inside = maths.clip(z, JOINTS_KM[first], JOINTS_KM[-1])
    start, shrink, *rest = maths.pick(inside, JOINTS_KM[first + 1 : -1], _HIGH_ROWS[first:])
    u, half = (inside - start) * shrink, len(rest) // 2
    ln_pa, ln_rho = _polynomial(u, rest[:half]), _polynomial(u, rest[half:])
    beyond = maths.maximum(z - JOINTS_KM[-1], 0.0)
    fade = beyond / (1.0 + beyond * (1.0 / FADE_KM))
    bend = beyond / (1.0 + beyond * (1.0 / BEND_KM))
    bend = 0.5 * bend * bend
    ln_pa = ln_pa - TOP_PRESSURE[0] * fade + TOP_PRESSURE[1] * bend
    return ln_pa, ln_rho - TOP_DENSITY[0] * fade + TOP_DENSITY[1] * bend


def _polynomial(u: Any, coefficients: list[Any]) -> Any:
    """Lowest power first."""
    total: Any = coefficients[-1]
    for c in reversed(coefficients[:-1]):
        total = c + u * total
    return total


def _kinetic_ratio(altitude_m: Any, past_low: Any) -> Any:
    """Kinetic over molecular temperature: the mean molar mass falls above 80 km."""
    u = maths.clip((altitude_m - 80000.0) * 1e-3, 0.0, 6.5)
    shrink = u * u * u * (7.67e-6 - 9.53e-7 * u)
    return 1.0 - shrink - past_low * (1.0 - _MOLECULAR_RATIO - shrink)


def _warming(altitude_m: Any) -> Any:
    """Kinetic temperature less that at 86 km, for altitudes above 86 km."""
    z = altitude_m * 1e-3
    half = _HALF_BLEND_M * 1e-3
    arc = (maths.clip(z, 91.0 - half, 110.0 + half) - 91.0) / 19.9429
    bend = 263.1905 - 186.8673 - 76.3232 * maths.sqrt(1.0 - arc * arc)
    line = 240.0 - 186.8673 + 12.0 * (z - 110.0)
    beyond = maths.maximum(z - 120.0, -half)
    reach = beyond * ((6356.766 + 120.0) / (6356.766 + 120.0 + beyond))
    fade = 1000.0 - 186.8673 - 640.0 * maths.exp(-0.01875 * reach)
    warm = _weight(z, 91.0, half) * bend
    warm = warm + _weight(z, 110.0, half) * (maths.minimum(line, 60.0 + 120.0) - warm)
    return warm + _weight(z, 120.0, half) * (fade - warm)


def _first_layer(above_m: float) -> int:
    """The lowest layer that altitudes above `above_m` still touch."""
    height = _EARTH_RADIUS_M * above_m / (_EARTH_RADIUS_M + above_m)
    return max(k for k, row in enumerate(_ROWS) if k == 0 or height >= row[0] + _HALF_BLEND_M)


def _above_low(altitude_m: Any, above_m: float) -> AirState:
    """All of it above the layers."""
    ln_pa, ln_rho = _high(altitude_m, above_m)
    molecular = _ROWS[-1][2] + 0.0 * altitude_m
    return AirState(
        molecular * _MOLECULAR_RATIO + _warming(altitude_m),
        maths.exp(ln_pa),
        maths.exp(ln_rho),
        maths.sqrt(_HEAT_RATIO * _GAS_J_KG_K * molecular),
    )


def us76(altitude_m: Any, *, above_m: float | None = None) -> AirState:
    """US Standard Atmosphere 1976, carried smoothly to any altitude.

    Up to 86 km the standard's own layers; neighbours are blended within 250 m of
    each edge, so that everything is twice differentiable. From 86 to 1000 km the
    standard's temperature, and a spline through its pressure and density. Beyond,
    both decay nearly exponentially with geopotential altitude: never quite to zero.
    Below sea level the first layer goes on, to -5 km, and is held from there down.

    Parameters
    ----------
    altitude_m : float or array, metres above mean sea level, geometric
    above_m : float or None
        A promise that altitude stays above this, which saves evaluating the
        layers below it; lower altitudes then get the lowest layer kept.

    Returns
    -------
    AirState
        The shape of `altitude_m`. Temperature is kinetic. Sound speed above
        86 km, where the standard gives none, is that at 86 km.

    Accuracy
    --------
    The standard within 1e-4 in temperature and pressure and 2e-4 in density up to
    1000 km; 1e-3 within 250 m of a layer edge (6e-4 found). Its printed pressure at
    290 km, off its own curve, is missed by 1.4e-4. Real air departs from the standard
    by a few per cent at 10 km and by a factor of two and more above 200 km.

    References
    ----------
    NASA-TM-X-74335, U.S. Standard Atmosphere, 1976.
    """
    if above_m is not None and above_m >= _LOW_TOP_M + 250.0:
        return _above_low(altitude_m, above_m)
    first = 0 if above_m is None else _first_layer(above_m)
    molecular, ln_low = _low(altitude_m, first)
    past_low = _weight(altitude_m, _LOW_TOP_M, _HALF_BLEND_M)
    ln_high, ln_rho_high = _high(altitude_m)
    ln_rho_low = ln_low - maths.log(_GAS_J_KG_K * molecular)
    return AirState(
        molecular * _kinetic_ratio(altitude_m, past_low) + _warming(altitude_m),
        maths.exp(ln_low + past_low * (ln_high - ln_low)),
        maths.exp(ln_rho_low + past_low * (ln_rho_high - ln_rho_low)),
        maths.sqrt(_HEAT_RATIO * _GAS_J_KG_K * molecular),
    )


def exponential(altitude_m: Any, surface_density_kg_m3: Any, scale_height_m: Any) -> AirState:
    """Isothermal air whose density falls exponentially, as benchmarks use it.

    Parameters
    ----------
    altitude_m : float or array, metres
    surface_density_kg_m3, scale_height_m : float

    Returns
    -------
    AirState
        Temperature 288.15 K and its sound speed throughout; pressure by the gas law.

    Accuracy
    --------
    Exact from -20 to 600 scale heights; held beyond, where a bad first guess
    inside the Earth would overflow. Real density departs from it by up to half.
    """
    depth = maths.clip(altitude_m / scale_height_m, -20.0, 600.0)
    density = surface_density_kg_m3 * maths.exp(-depth)
    kelvin = _SEA_LEVEL_K + 0.0 * density
    pressure = density * (_GAS_J_KG_K * _SEA_LEVEL_K)
    return AirState(kelvin, pressure, density, maths.sqrt(_HEAT_RATIO * _GAS_J_KG_K * kelvin))
