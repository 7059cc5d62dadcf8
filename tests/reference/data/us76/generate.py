"""Integrate the US Standard Atmosphere 1976 and fit what `cosmodrome.world.air` evaluates.

Numbers of equations and tables are those of NASA-TM-X-74335. Species densities
follow eq. 33-38 (hydrogen eq. 39-40), each integral by Simpson's rule on a grid
of a few metres that has a node at every altitude where a formula changes.

Run it as it stands; it needs NumPy, SciPy and ussa1976. It writes `us76.csv`
beside itself and `src/cosmodrome/world/us76_fit.py`.
"""

from __future__ import annotations

import itertools
import math
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from scipy.integrate import cumulative_simpson
from scipy.interpolate import make_lsq_spline

Array = np.ndarray[Any, Any]
HERE = Path(__file__).resolve().parent
FIT_MODULE = HERE.parents[3] / "src" / "cosmodrome" / "world" / "us76_fit.py"

BOLTZMANN, AVOGADRO, GAS = 1.380622e-23, 6.022169e23, 8.31432
G0, R0 = 9.80665, 6356766.0
T7, T9, T10, T11, TINF = 186.8673, 240.0, 360.0, 999.2356, 1000.0
MOLAR = {
    "N2": 28.0134e-3,
    "O": 15.9994e-3,
    "O2": 31.9988e-3,
    "Ar": 39.948e-3,
    "He": 4.0026e-3,
    "H": 1.00797e-3,
}
M0 = 28.9644e-3
# The published tables hold 0.08 % more helium than the standard's own equations
# give from its 7.5817e14 at 86 km; we follow the tables.
N7 = {
    "N2": 1.129794e20,
    "O": 8.6e16,
    "O2": 3.030898e19,
    "Ar": 1.351400e18,
    "He": 7.5817e14 * 1.0008,
}
# Thermal diffusion factor, and a, b of the diffusion coefficient (table 6).
ALPHA = {"O": 0.0, "O2": 0.0, "Ar": 0.0, "He": -0.40, "H": -0.25}
DIFFUSION = {
    "O": (6.986e20, 0.750),
    "O2": (4.863e20, 0.750),
    "Ar": (4.487e20, 0.870),
    "He": (1.700e21, 0.691),
    "H": (3.305e21, 0.500),
}
# Q, U, W of the vertical transport term (table 7), in kilometres.
TRANSPORT = {
    "O": (-5.809644e-4, 56.90311, 2.706240e-5),
    "O2": (1.366212e-4, 86.000, 8.333333e-5),
    "Ar": (9.434079e-5, 86.000, 8.333333e-5),
    "He": (-2.457369e-4, 86.000, 6.666667e-4),
}
OXYGEN_BELOW_97_KM = (-3.416248e-3, 97.0, 5.008765e-4)
EDGES_KM = (86.0, 91.0, 95.0, 97.0, 100.0, 110.0, 115.0, 120.0, 150.0, 500.0, 1000.0)
STEPS = (2000, 1000, 1000, 1000, 2000, 1000, 1000, 4000, 20000, 20000)
H11, FLUX = 8.0e10, 7.2e11


def temperature(z_km: Array, upper: bool) -> tuple[Array, Array]:
    """Kinetic temperature (K) and its slope (K/m); at 110 and 120 km either side."""
    xi = (z_km - 120.0) * (R0 + 120e3) / (R0 + z_km * 1e3)
    fade = (TINF - T10) * np.exp(-0.01875 * xi)
    slope = 0.01875e-3 * fade * ((R0 + 120e3) / (R0 + z_km * 1e3)) ** 2
    arc = np.sqrt(np.maximum(1.0 - ((z_km - 91.0) / 19.9429) ** 2, 1e-9))
    bend = 76.3232 * (z_km - 91.0) / 19.9429**2 / arc * 1e-3
    past = np.greater_equal if upper else np.greater
    cases = [past(z_km, 120.0), past(z_km, 110.0), past(z_km, 91.0)]
    t = np.select(cases, [TINF - fade, T9 + 12.0 * (z_km - 110.0), 263.1905 - 76.3232 * arc], T7)
    return t, np.select(cases, [slope, np.full_like(z_km, 12e-3), bend], 0.0)


def _segments() -> list[Array]:
    pairs = zip(itertools.pairwise(EDGES_KM), STEPS, strict=True)
    return [np.linspace(lo, hi, n + 1) for (lo, hi), n in pairs]


def _eddy(z_km: Array, km_from: float) -> Array:
    """Eddy diffusion coefficient, m2/s; a segment is told by its lower edge."""
    if km_from < 95.0:
        return np.full_like(z_km, 120.0)
    if km_from >= 115.0:
        return np.zeros_like(z_km)
    return 120.0 * np.exp(1.0 - 400.0 / np.maximum(400.0 - (z_km - 95.0) ** 2, 1e-6))


def _transport(name: str, z_km: Array, km_from: float) -> Array:
    """Vertical transport term, 1/m; neglected above 150 km."""
    if km_from >= 150.0:
        return np.zeros_like(z_km)
    q, u, w = TRANSPORT[name]
    term = q * (z_km - u) ** 2 * np.exp(-w * (z_km - u) ** 3)
    if name == "O" and km_from < 97.0:
        q, u, w = OXYGEN_BELOW_97_KM
        term = term + q * (u - z_km) ** 2 * np.exp(-w * (u - z_km) ** 3)
    return term * 1e-3


class _Segment:
    """One stretch of altitude in which every formula is smooth."""

    def __init__(self, z_km: Array) -> None:
        self.z, self.lo = z_km, float(z_km[0])
        below, slope_below = temperature(z_km, upper=False)
        above, slope_above = temperature(z_km, upper=True)
        first = np.arange(z_km.size) == 0
        self.t = np.where(first, above, below)
        self.slope = np.where(first, slope_above, slope_below)
        self.g = G0 * (R0 / (R0 + z_km * 1e3)) ** 2
        self.mass = M0 if self.lo < 100.0 else MOLAR["N2"]
        self.n: dict[str, Array] = {}
        self.depth: dict[str, Array] = {}

    def integrate(self, name: str, integrand: Array, start: float) -> None:
        """Set the integral and the number density from a starting value of the integral."""
        area = start + cumulative_simpson(integrand, x=self.z * 1e3, initial=0.0)
        self.depth[name] = area
        self.n[name] = N7[name] * (T7 / self.t) * np.exp(-area)

    def diffusing(self, name: str, background: Array) -> Array:
        """Integrand of eq. 36 plus the transport term."""
        a, b = DIFFUSION[name]
        d = a / background * (self.t / 273.15) ** b
        k = _eddy(self.z, self.lo)
        mass = MOLAR[name] + self.mass * k / d + ALPHA[name] * GAS / self.g * self.slope
        return self.g / (GAS * self.t) * d / (d + k) * mass + _transport(name, self.z, self.lo)


def _hydrogen(segments: list[_Segment]) -> None:
    """Eq. 39 and 40, from 500 km both ways; none below 150 km."""
    middle, top = segments[-2], segments[-1]
    for s, at in ((top, 0), (middle, -1)):
        rise = MOLAR["H"] * s.g / (GAS * s.t)
        tau = cumulative_simpson(rise, x=s.z * 1e3, initial=0.0)
        tau = tau - tau[at]
        spread = (s.t / T11) ** (1.0 + ALPHA["H"])
        if s is middle:
            a, b = DIFFUSION["H"]
            d = a / sum(s.n.values()) * (s.t / 273.15) ** b
            flow = cumulative_simpson(FLUX / d * spread * np.exp(tau), x=s.z * 1e3, initial=0.0)
            s.n["H"] = (H11 - (flow[-1] - flow)) / spread * np.exp(-tau)
        else:
            s.n["H"] = H11 / spread * np.exp(-tau)


def integrate() -> dict[str, Array]:
    """Altitude (m), temperature (K), pressure (Pa), density (kg/m3), on the fine grid."""
    segments = [_Segment(z) for z in _segments()]
    end = dict.fromkeys(N7, 0.0)
    for s in segments:
        s.integrate("N2", s.mass * s.g / (GAS * s.t), end["N2"])
        for name in ("O", "O2"):
            s.integrate(name, s.diffusing(name, s.n["N2"]), end[name])
        heavy = s.n["N2"] + s.n["O"] + s.n["O2"]
        for name in ("Ar", "He"):
            s.integrate(name, s.diffusing(name, heavy), end[name])
        end = {name: float(s.depth[name][-1]) for name in N7}
    _hydrogen(segments)
    rows = []
    for s in segments:
        total = sum(s.n.values())
        mass = sum(MOLAR[name] * n for name, n in s.n.items()) / AVOGADRO
        rows.append(np.array([s.z * 1e3, s.t, BOLTZMANN * total * s.t, mass])[:, :-1])
    z, t, p, rho = np.concatenate(rows, axis=1)
    return {"altitude_m": z, "temperature_k": t, "pressure_pa": p, "density_kg_m3": rho}


# Joints of the spline, km, found by random search for the least error; the two
# around 100 km stand where the standard's mean molar mass jumps.
JOINTS_KM = (
    85.7, 86.55, 99.87, 100.1, 109.39, 111.04, 123.76, 149.58, 200.23,
    294.57, 502.57, 757.73, 1000.0,
)  # fmt: skip
DEGREE = 6
# Geopotential altitude above 1000 km saturates over this length (radius of the
# Earth and 1000 km); the curvature left by the spline fades over the second.
FADE_KM, BEND_KM = 7356.766, 500.0
# Altitudes of the fit: dense where the profile bends.
SAMPLES_KM = np.unique(
    np.concatenate(
        [
            np.arange(86.0, 99.5, 0.1),
            np.arange(99.5, 100.5, 0.02),
            np.arange(100.5, 130.0, 0.1),
            np.arange(130.0, 200.0, 0.5),
            np.arange(200.0, 1000.1, 3.0),
            [1000.0],
        ]
    )
)
# Table 8: mean molar mass over that at sea level, 80 to 86 km every 500 m.
MOLAR_RATIO = (
    1.0, 0.999996, 0.999989, 0.999971, 0.999941, 0.999909, 0.999870,
    0.999829, 0.999786, 0.999741, 0.999694, 0.999641, 0.999579,
)  # fmt: skip


def low(altitude_m: Array) -> dict[str, Array]:
    """Up to 86 km from ussa1976, whose temperature is the molecular one, made kinetic."""
    from ussa1976 import compute

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = compute(altitude_m, variables=["t", "p", "rho"])
    ratio = np.interp(altitude_m, 80e3 + 500.0 * np.arange(13), MOLAR_RATIO)
    return {
        "altitude_m": altitude_m,
        "temperature_k": table["t"].to_numpy() * ratio,
        "pressure_pa": table["p"].to_numpy(),
        "density_kg_m3": table["rho"].to_numpy(),
    }


def high(altitude_m: Array, fine: dict[str, Array]) -> dict[str, Array]:
    """From 86 km up, between the nodes of the fine grid."""
    z = fine["altitude_m"]
    logs = {k: np.exp(np.interp(altitude_m, z, np.log(v))) for k, v in fine.items()}
    return {**logs, "altitude_m": altitude_m}


def fit(z_km: Array, ln_y: Array, tolerance: Array) -> Any:
    """Twice differentiable piecewise polynomial, near to the least largest error."""
    joints, k = np.array(JOINTS_KM), DEGREE
    inner = np.repeat(joints[1:-1], k - 2)
    knots = np.concatenate([[joints[0]] * (k + 1), inner, [joints[-1]] * (k + 1)])
    weight = np.sqrt(np.gradient(z_km) / np.maximum(1.0, (z_km - 60.0) / 8.0))
    for _ in range(3):
        spline = make_lsq_spline(z_km, ln_y, knots, k, w=weight)
        miss = (spline(z_km) - ln_y) / tolerance
        weight = weight * (1.0 + miss**2) ** 0.25
    return spline


def rows(spline: Any) -> list[tuple[float, ...]]:
    """Value at the first joint, then each piece's powers 1.. of its own unit variable."""
    out: list[tuple[float, ...]] = [(float(spline(JOINTS_KM[0])),)]
    for a, b in itertools.pairwise(JOINTS_KM):
        middle, h = (a + b) / 2.0, b - a
        about = [float(spline(middle, j)) * h**j / math.factorial(j) for j in range(DEGREE + 1)]
        shifted = np.polynomial.Polynomial(about)(np.polynomial.Polynomial([-0.5, 1.0]))
        out.append(tuple(float(c) for c in shifted.coef[1:]))
    return out


def top(spline: Any) -> tuple[float, float]:
    """Fall per km at 1000 km, and the curvature the fading fall lacks there."""
    fall, curvature = -float(spline(1000.0, 1)), float(spline(1000.0, 2))
    return fall, curvature - 2.0 * fall / FADE_KM


def _row(start: str, row: tuple[float, ...], comma: str) -> str:
    if len(row) == 1:
        return f"{start}({row[0]!r},){comma}\n"
    indent = " " * (len(start) - len(start.lstrip()))
    numbers = "".join(f"{indent}    {c!r},\n" for c in row)
    return f"{start}(\n{numbers}{indent}){comma}\n"


def _layout(name: str, table: list[tuple[float, ...]]) -> str:
    body = "".join(_row("    ", row, ",") for row in table)
    return f"{name}: tuple[tuple[float, ...], ...] = (\n{body})\n"


def write_fit(fine: dict[str, Array]) -> None:
    """Write the module of coefficients."""
    base = low(np.linspace(85.7e3, 85.95e3, 6))
    upper = high(SAMPLES_KM * 1e3, fine)
    z = np.concatenate([base["altitude_m"], upper["altitude_m"]]) * 1e-3
    near = np.abs(z[:, None] - np.array([91.0, 100.0, 110.0, 120.0])).min(axis=1)
    splines = {}
    for key, (close, away) in (("pressure_pa", (2.5e-4, 8e-5)), ("density_kg_m3", (9e-4, 3e-4))):
        tolerance = np.where(near < (0.3 if key == "pressure_pa" else 0.5), close, away)
        splines[key] = fit(z, np.log(np.concatenate([base[key], upper[key]])), tolerance)
    p, rho = splines["pressure_pa"], splines["density_kg_m3"]
    text = (
        '"""Coefficients of `us76` above 86 km, by tests/reference/data/us76/generate.py.\n\n'
        "Natural logarithms of pressure in pascals and density in kg/m3: the value at the\n"
        "first joint, then one polynomial without constant term per piece, in a variable\n"
        "that runs from 0 to 1 over the piece. Above the last joint: the fall per km, and\n"
        'the curvature per km2, there.\n"""\n\n'
        "from __future__ import annotations\n\n"
        + _row("JOINTS_KM: tuple[float, ...] = ", JOINTS_KM, "")
        + f"FADE_KM, BEND_KM = {FADE_KM!r}, {BEND_KM!r}\n"
        f"TOP_PRESSURE = {top(p)!r}\nTOP_DENSITY = {top(rho)!r}\n"
        + _layout("LN_PRESSURE", rows(p))
        + _layout("LN_DENSITY", rows(rho))
    )
    FIT_MODULE.write_text(text, encoding="utf-8")


def write_table(fine: dict[str, Array]) -> None:
    """Write the table the tests read: every km to 86 km, then the published altitudes."""
    published = np.loadtxt(HERE / "published.csv", delimiter=",", skiprows=1)[:, 0] * 1e3
    lower = low(np.arange(0.0, 86001.0, 500.0))
    upper = high(np.unique(np.concatenate([published[1:], np.arange(86.5e3, 130e3, 500.0)])), fine)
    lines = [",".join(lower)]
    for part in (lower, upper):
        lines += [",".join(f"{x:.9g}" for x in row) for row in zip(*part.values(), strict=True)]
    (HERE / "us76.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    grid = integrate()
    write_table(grid)
    write_fit(grid)
