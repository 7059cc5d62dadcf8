"""The Delta III ascent as numbers, and one first guess for every peer.

Benson's problem as printed by Betts (2010), example 6.15, and Rao et al.
(2010): four phases, a spherical Earth with an exponential air, constant
thrust, largest final mass into a transfer orbit. Specific impulses follow
exactly from propellant and burn time; the rounded ones often quoted move the
answer by 37 g.

Everything is scaled: length by the Earth's radius, time so that gravity is of
order one, mass by the lift-off mass.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MU_M3_S2 = 3.986012e14
RADIUS_M = 6378145.0
ROTATION_RAD_S = 7.29211585e-5
DENSITY_KG_M3 = 1.225
SCALE_HEIGHT_M = 7200.0
DRAG_AREA_M2 = 0.5 * 4.0 * np.pi
LATITUDE_RAD = np.radians(28.5)

SOLID_N, SOLID_BURN_S, SOLID_LOADED_KG, SOLID_PROPELLANT_KG = 628500.0, 75.2, 19290.0, 17010.0
FIRST_N, FIRST_BURN_S, FIRST_LOADED_KG, FIRST_PROPELLANT_KG = 1083100.0, 261.0, 104380.0, 95550.0
SECOND_N, SECOND_BURN_S, SECOND_LOADED_KG, SECOND_PROPELLANT_KG = 110094.0, 700.0, 19300.0, 16820.0
PAYLOAD_KG = 4164.0

TARGET_A_M, TARGET_E = 24361140.0, 0.7308
TARGET_I, TARGET_NODE, TARGET_ARGP = np.radians([28.5, 269.8, 130.5])

LENGTH_M = RADIUS_M
TIME_S = float(np.sqrt(RADIUS_M**3 / MU_M3_S2))
SPEED_M_S = LENGTH_M / TIME_S
LIFTOFF_KG = 9 * SOLID_LOADED_KG + FIRST_LOADED_KG + SECOND_LOADED_KG + PAYLOAD_KG
MASS_KG = LIFTOFF_KG
FORCE_N = MASS_KG * LENGTH_M / TIME_S**2

# In those units, mu and the radius are one.
ROTATION = ROTATION_RAD_S * TIME_S
SCALE_HEIGHT = SCALE_HEIGHT_M / LENGTH_M
# 1/2 density area Cd, so that drag is DRAG exp(-h/H) |v| v.
DRAG = 0.5 * DENSITY_KG_M3 * DRAG_AREA_M2 * LENGTH_M / MASS_KG
# A speed of a millimetre per second keeps the root of zero airspeed smooth.
SPEED_FLOOR_SQUARED = (1e-3 / SPEED_M_S) ** 2


@dataclass(frozen=True)
class Stretch:
    """One phase in scaled units: times, thrust, mass flow, mass at its start."""

    start: float
    end: float
    thrust: float
    flow: float
    mass: float


def _flow(propellant_kg: float, burn_s: float) -> float:
    return propellant_kg / burn_s


def stretches() -> list[Stretch]:
    """The four phases; the last ends by itself."""
    solid = _flow(SOLID_PROPELLANT_KG, SOLID_BURN_S)
    first = _flow(FIRST_PROPELLANT_KG, FIRST_BURN_S)
    second = _flow(SECOND_PROPELLANT_KG, SECOND_BURN_S)
    solid_dry = SOLID_LOADED_KG - SOLID_PROPELLANT_KG
    rows = [
        (0.0, 75.2, 6 * SOLID_N + FIRST_N, 6 * solid + first, 6 * solid_dry),
        (75.2, 150.4, 3 * SOLID_N + FIRST_N, 3 * solid + first, 3 * solid_dry),
        (150.4, 261.0, FIRST_N, first, FIRST_LOADED_KG - FIRST_PROPELLANT_KG),
        (261.0, 961.0, SECOND_N, second, 0.0),
    ]
    mass_kg, found = LIFTOFF_KG, []
    for start_s, end_s, thrust_n, flow_kg_s, dropped_kg in rows:
        found.append(
            Stretch(
                start_s / TIME_S,
                end_s / TIME_S,
                thrust_n / FORCE_N,
                flow_kg_s * TIME_S / MASS_KG,
                mass_kg / MASS_KG,
            )
        )
        mass_kg -= flow_kg_s * (end_s - start_s) + dropped_kg
    return found


def pad_state() -> tuple[Array, Array]:
    """Position and inertial velocity of the pad, scaled, longitude zero."""
    r = np.array([np.cos(LATITUDE_RAD), 0.0, np.sin(LATITUDE_RAD)])
    return r, np.cross([0.0, 0.0, ROTATION], r)


def target_vectors() -> tuple[Array, Array, Array]:
    """Angular momentum, direction of perigee and the direction a quarter turn on."""
    ci, si = np.cos(TARGET_I), np.sin(TARGET_I)
    cn, sn = np.cos(TARGET_NODE), np.sin(TARGET_NODE)
    cw, sw = np.cos(TARGET_ARGP), np.sin(TARGET_ARGP)
    perigee = np.array([cn * cw - sn * sw * ci, sn * cw + cn * sw * ci, sw * si])
    normal = np.array([sn * si, -cn * si, ci])
    momentum = np.sqrt(TARGET_A_M / LENGTH_M * (1.0 - TARGET_E**2))
    return momentum * normal, perigee, np.cross(normal, perigee)


def first_guess(times: Array) -> tuple[Array, Array]:
    """State without mass, shape (n, 6), and thrust direction, shape (n, 3).

    A due-east arc that rises to 180 km and gathers speed steadily: what a
    person writes down in a minute.
    """
    s = np.clip(times * TIME_S / 920.0, 0.0, 1.0)
    r0, v0 = pad_state()
    up, east = r0, v0 / np.linalg.norm(v0)
    speed = np.linalg.norm(v0) + s**1.3 * (10250.0 / SPEED_M_S - np.linalg.norm(v0))
    height = 180e3 / LENGTH_M * (1.0 - (1.0 - s) ** 2)
    climb = 180e3 / LENGTH_M * 2.0 * (1.0 - s) / (920.0 / TIME_S)
    # The integral of the speed over time, in closed form.
    gain = 10250.0 / SPEED_M_S - np.linalg.norm(v0)
    angle = np.linalg.norm(v0) * times + gain * s**2.3 / 2.3 * (920.0 / TIME_S)
    radial = np.cos(angle)[:, None] * up + np.sin(angle)[:, None] * east
    along = -np.sin(angle)[:, None] * up + np.cos(angle)[:, None] * east
    r = (1.0 + height)[:, None] * radial
    v = climb[:, None] * radial + speed[:, None] * along
    pitch = np.radians(80.0) * (1.0 - s) ** 2
    return np.hstack([r, v]), np.cos(pitch)[:, None] * along + np.sin(pitch)[:, None] * radial


def arguments() -> int:
    """Threads asked for on the command line: --threads N, 0 for the default."""
    return int(sys.argv[sys.argv.index("--threads") + 1]) if "--threads" in sys.argv else 1


def report(peer: str, version: str, **figures: Any) -> None:
    """One JSON line, the same keys for every peer."""
    print(json.dumps({"peer": peer, "version": version, **figures}), flush=True)
