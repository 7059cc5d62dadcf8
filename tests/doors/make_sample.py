"""Make the sample answer of the door tests: a plausible flight, not a result.

A point mass with two stages climbs from Vostochny on a hand-shaped pitch
programme; three numbers are solved for so that it ends on a 200 km circle. The
curves look like those of a launcher, which is all the doors need. Run it again
with `python tests/doors/make_sample.py`; the outcome is committed as
`data/sample_answer.json`.
"""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.optimize import least_squares

Array = NDArray[np.float64]

MU, RADIUS, SPIN, G0 = 3.986004418e14, 6378137.0, 7.292115e-5, 9.80665
LATITUDE, LONGITUDE = math.radians(51.6826), math.radians(128.36)
AZIMUTH = math.radians(90.0)
STAGES = (  # dry, usable, thrust, isp, area loss
    (10800.0, 124500.0, 2085000.0, 337.5, 165000.0 / 101325.0),
    (2700.0, 24200.0, 294300.0, 359.0, 0.0),
)
FAIRING_KG, RIDER_KG, GAP_S, TILT = 655.0, 1000.0, 3.0, 1.12
BURNS = tuple(s[1] / (s[2] / (s[3] * G0)) for s in STAGES)
CUTOFF_1 = BURNS[0]
IGNITION_2 = CUTOFF_1 + GAP_S
FAIRING_S = IGNITION_2 + 14.0
INSERTION_S = IGNITION_2 + BURNS[1]
UP = np.array([math.cos(LATITUDE), 0.0, math.sin(LATITUDE)])
EAST = np.array([0.0, 1.0, 0.0])
NORTH = np.cross(UP, EAST)
COURSE = math.sin(AZIMUTH) * EAST + math.cos(AZIMUTH) * NORTH


def density(altitude_m: Any) -> Any:
    """Exponential air, close enough for a drawing."""
    return 1.225 * np.exp(-np.clip(altitude_m, 0.0, 2.0e5) / 7200.0)


def mass(t: float, payload_kg: float) -> float:
    """Mass of the stack at a time, kilograms."""
    one, two = STAGES
    total = payload_kg + RIDER_KG + two[0] + two[1] + (FAIRING_KG if t < FAIRING_S else 0.0)
    if t < CUTOFF_1:
        return total + one[0] + one[1] * (1.0 - t / BURNS[0])
    return total - two[1] * min(max((t - IGNITION_2) / BURNS[1], 0.0), 1.0)


def axis(t: float, y: Array, shape: tuple[float, float, float]) -> Array:
    """Thrust axis: vertical, a smooth tilt, then linear tangent."""
    tilt, a, b = shape
    if t < IGNITION_2:
        angle = tilt * (max(t - 10.0, 0.0) / (CUTOFF_1 - 10.0)) ** 0.8
        return np.asarray(math.cos(angle) * UP + math.sin(angle) * COURSE)
    u = y[:3] / np.linalg.norm(y[:3])
    ahead = y[3:] - float(y[3:] @ u) * u
    tangent = a + b * (t - IGNITION_2) / BURNS[1]
    raw = ahead / np.linalg.norm(ahead) + tangent * u
    return np.asarray(raw / np.linalg.norm(raw))


def forces(t: float, y: Array, payload_kg: float, shape: tuple[float, float, float]) -> Any:
    """Thrust, drag, mass, axis and speed through the air at a state."""
    altitude = float(np.linalg.norm(y[:3])) - RADIUS
    rho = float(density(altitude))
    air = y[3:] - np.cross([0.0, 0.0, SPIN], y[:3])
    speed = float(np.linalg.norm(air))
    mach = speed / 310.0
    drag = 0.5 * rho * speed**2 * 6.6 * (0.3 + 0.35 * math.exp(-((mach - 1.15) ** 2) / 0.3))
    lit = 0 if t < CUTOFF_1 else 1 if IGNITION_2 <= t < INSERTION_S else None
    thrust = 0.0 if lit is None else STAGES[lit][2] - STAGES[lit][4] * 101325.0 * rho / 1.225
    return thrust, drag, mass(t, payload_kg), axis(t, y, shape), air, speed, rho, altitude


def rates(t: float, y: Array, payload_kg: float, shape: tuple[float, float, float]) -> Array:
    """State derivative in the inertial frame."""
    thrust, drag, m, d, air, speed, _, _ = forces(t, y, payload_kg, shape)
    r = y[:3]
    pull = -MU * r / float(np.linalg.norm(r)) ** 3
    wind = -drag / m * air / speed if speed > 0.1 else np.zeros(3)
    return np.concatenate([y[3:], pull + thrust / m * d + wind])


def fly(payload_kg: float, shape: tuple[float, float, float], step_s: float) -> tuple[Array, Array]:
    """Times and states from the pad to insertion, broken at every event."""
    y = np.concatenate([RADIUS * UP, np.cross([0.0, 0.0, SPIN], RADIUS * UP)])
    edges = (0.0, 10.0, 22.0, CUTOFF_1, IGNITION_2, FAIRING_S, INSERTION_S)
    times: list[Array] = []
    states: list[Array] = []
    for start, end in pairwise(edges):
        t = np.linspace(start, end, max(2, int((end - start) / step_s) + 1))
        inner = (start, math.nextafter(end, 0.0))
        s = solve_ivp(
            rates,
            inner,
            y,
            t_eval=np.clip(t, *inner),
            args=(payload_kg, shape),
            rtol=1e-7,
            atol=1e-2,
        )
        y = s.y[:, -1]
        times.append(t)
        states.append(s.y.T)
    return np.concatenate(times), np.concatenate(states)


def solved() -> tuple[float, tuple[float, float, float]]:
    """Payload and steering that end on a 200 km circle."""
    wanted = RADIUS + 200e3

    def miss(x: Array) -> Array:
        _, s = fly(1000.0 * x[0], (TILT, float(x[1]), float(x[2])), 1e3)
        r, v = s[-1, :3], s[-1, 3:]
        size = float(np.linalg.norm(r))
        return np.array(
            [
                (size - wanted) / 1e4,
                float(r @ v) / size / 100.0,
                (float(np.linalg.norm(v)) - math.sqrt(MU / wanted)) / 100.0,
            ]
        )

    x = least_squares(miss, [3.0, 0.3, -0.3], bounds=([0.1, -1.0, -3.0], [7.0, 2.0, 1.0])).x
    return 1000.0 * float(x[0]), (TILT, float(x[1]), float(x[2]))


def curves(t: Array, s: Array, payload_kg: float, shape: tuple[float, float, float]) -> Any:
    """The trajectory table of an answer, in door units."""
    rows = []
    for time, y in zip(t, s, strict=True):
        thrust, drag, m, d, air, speed, rho, altitude = forces(float(time), y, payload_kg, shape)
        r, v = y[:3], y[3:]
        u = r / np.linalg.norm(r)
        longitude = math.atan2(r[1], r[0]) + LONGITUDE - SPIN * time
        cosine = float(d @ air) / speed if speed > 1.0 else 1.0
        rows.append(
            {
                "t_s": time,
                "altitude_km": altitude / 1e3,
                "latitude_deg": math.degrees(math.asin(u[2])),
                "longitude_deg": (math.degrees(longitude) + 180.0) % 360.0 - 180.0,
                "downrange_km": RADIUS
                / 1e3
                * math.acos(
                    min(
                        1.0,
                        math.sin(LATITUDE) * u[2]
                        + math.cos(LATITUDE)
                        * math.hypot(u[0], u[1])
                        * math.cos(longitude - LONGITUDE),
                    )
                ),
                "speed_m_s": speed,
                "inertial_speed_m_s": float(np.linalg.norm(v)),
                "flight_path_angle_deg": math.degrees(
                    math.asin(np.clip(float(air @ u) / max(speed, 1e-6), -1.0, 1.0))
                )
                if speed > 1.0
                else 90.0,
                "mass_kg": m,
                "q_pa": 0.5 * rho * speed**2,
                "acceleration_m_s2": (thrust - drag) / m,
                "pitch_deg": math.degrees(math.asin(np.clip(float(d @ u), -1.0, 1.0))),
                "alpha_deg": math.degrees(math.acos(np.clip(cosine, -1.0, 1.0))),
                "throttle": 1.0 if thrust else 0.0,
                "thrust_n": thrust,
                "heating_w_m2": 0.5 * rho * speed**3,
                "mach": speed / 310.0,
                "x_m": r[0],
                "y_m": r[1],
                "z_m": r[2],
                "vx_m_s": v[0],
                "vy_m_s": v[1],
                "vz_m_s": v[2],
            }
        )
    table: dict[str, list[Any]] = {key: [row[key] for row in rows] for key in rows[0]}
    names = (
        (10.0, "vertical rise"),
        (22.0, "pitch-over"),
        (CUTOFF_1, "urm-1 burn"),
        (IGNITION_2, "coast"),
        (FAIRING_S, "urm-2 burn"),
        (INSERTION_S, "urm-2 burn 2"),
    )
    table["leg"] = [next(name for end, name in names if time <= end + 1e-9) for time in t]
    return table


def event(name: str, time: float, table: dict[str, list[Any]]) -> dict[str, Any]:
    """One row of the event table, by interpolation."""
    keys = (
        "altitude_km",
        "speed_m_s",
        "inertial_speed_m_s",
        "downrange_km",
        "mass_kg",
        "q_pa",
        "acceleration_m_s2",
    )
    return {"name": name, "t_s": time} | {
        key: float(np.interp(time, table["t_s"], table[key])) for key in keys
    }


def losses(table: dict[str, list[Any]], t: Array, s: Array) -> dict[str, float]:
    """The loss budget by quadrature over the samples."""
    m = np.array(table["mass_kg"])
    thrust = np.array(table["thrust_n"])
    r, v = s[:, :3], s[:, 3:]
    gained = float(np.linalg.norm(v[-1]) - np.linalg.norm(v[0]))
    pull = (
        MU
        * np.einsum("ij,ij->i", r, v)
        / np.linalg.norm(r, axis=1) ** 3
        / np.linalg.norm(v, axis=1)
    )
    ideal = (
        sum(
            s_[3] * G0 * math.log(a / b)
            for s_, a, b in (
                (STAGES[0], mass(0.0, PAYLOAD), mass(CUTOFF_1 - 1e-9, PAYLOAD)),
                (STAGES[1], mass(IGNITION_2, PAYLOAD), mass(INSERTION_S, PAYLOAD)),
            )
        )
        - 25.0
    )
    gravity = float(np.trapezoid(pull, t))
    drag = float(np.trapezoid(np.maximum(0.0, thrust / m - table["acceleration_m_s2"]), t))
    back = float(np.trapezoid(np.where(t < CUTOFF_1, STAGES[0][2] - thrust, 0.0) / m, t))
    return {
        "ideal": ideal,
        "gravity": gravity,
        "drag": drag,
        "steering": ideal - gravity - drag - back - gained,
        "back_pressure": back,
        "gained": gained,
    }


PAYLOAD, SHAPE = 0.0, (0.0, 0.0, 0.0)


def document(table: dict[str, list[Any]], t: Array, s: Array) -> dict[str, Any]:
    """The contract's document of the sample."""
    t_q = t[int(np.argmax(table["q_pa"]))]
    times = (
        ("liftoff", 0.0),
        ("max_q", float(t_q)),
        ("urm-1 cutoff", CUTOFF_1),
        ("urm-1 separation", CUTOFF_1 + 1.5),
        ("urm-2 ignition", IGNITION_2),
        ("fairing jettison", FAIRING_S),
        ("insertion", INSERTION_S),
    )
    q_max, a_max = max(table["q_pa"]), max(table["acceleration_m_s2"])
    mean = {"perigee_km": 196.1, "apogee_km": 203.9, "inclination_deg": 51.69}
    return {
        "status": "optimal",
        "vehicle": "angara-1.2",
        "site": "vostochny",
        "epoch_utc": "2027-03-20T12:00:00Z",
        "target": {
            "text": "200 km 51.7 deg",
            "kind": "circular",
            "perigee_km": 200.0,
            "apogee_km": 200.0,
            "inclination_deg": 51.7,
            "elements": "osculating",
        },
        "payload_kg": PAYLOAD,
        "adapter_kg": 0.0,
        "payload_interval_kg": None,
        "alternatives": [
            {"name": "with AM module", "payload_kg": PAYLOAD},
            {"name": "without AM module", "payload_kg": PAYLOAD + 1000.0},
        ],
        "starts": {"tried": 3, "agreed": 3, "spread_percent": 0.0002},
        "published": [
            {
                "payload_kg": 3800.0,
                "orbit": "200 km 63 deg",
                "includes_adapter": "unknown",
                "source": "fliegerrevue.aero 2022 (3.8 t LEO, GLOW ~170 t)",
            },
            {
                "payload_kg": 3500.0,
                "orbit": "200 km 63 deg",
                "includes_adapter": "unknown",
                "source": 'TASS 739717 "up to 3.5 t"; conflicts with 3.8 t',
            },
        ],
        "final_mass_kg": mass(INSERTION_S, PAYLOAD),
        "t_final_s": INSERTION_S,
        "achieved": {
            "perigee_km": 199.998,
            "apogee_km": 200.003,
            "inclination_deg": 51.7,
            "raan_deg": 308.4,
            "argp_deg": 90.0,
            "mean": mean,
            "geodetic_perigee_km": 208.3,
            "frame": "true equator of date",
            "delta_v_to_geo_m_s": None,
        },
        "verification": {
            "position_error_m": 0.83,
            "velocity_error_m_s": 0.0011,
            "target_error": {"perigee_m": -2.0, "apogee_m": 3.1, "inclination_deg": 1e-6},
            "integrator": "DOP853, rtol 1e-10",
            "passed": True,
        },
        "events": [event(name, time, table) for name, time in times],
        "losses_m_s": losses(table, t, s),
        "limits": [
            {
                "name": "dynamic pressure",
                "limit": 45000.0,
                "reached": q_max,
                "unit": "Pa",
                "margin": 45000.0 - q_max,
                "met": True,
            },
            {
                "name": "axial acceleration",
                "limit": 49.03,
                "reached": a_max,
                "unit": "m/s2",
                "margin": 49.03 - a_max,
                "met": True,
            },
            {
                "name": "q alpha",
                "limit": 10000.0,
                "reached": 9999.6,
                "unit": "Pa deg",
                "margin": 0.4,
                "met": True,
            },
            {
                "name": "heating after fairing drop",
                "limit": 1135.0,
                "reached": 1135.0,
                "unit": "W/m2",
                "margin": 0.0,
                "met": True,
            },
            {
                "name": "pitch rate",
                "limit": 2.0,
                "reached": 0.9,
                "unit": "deg/s",
                "margin": 1.1,
                "met": True,
            },
        ],
        "build_s": 0.81,
        "solve_s": 1.42,
        "verify_s": 0.37,
        "total_s": 2.71,
        "iterations": 41,
        "provenance": {
            "cosmodrome": "0.1.0",
            "inputs_sha256": "5d41402abc4b2a76b9719d911017c5927d793bb1e4f2c0a8e1f0a0b6c3d2e1f0",
            "command": 'cosmodrome plan angara-1.2 --from vostochny --to "200 km 51.7 deg"',
        },
    }


def rounded(value: Any) -> Any:
    """Ten significant digits for the document, seven for the long table."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return float(f"{value:.8g}") if isinstance(value, float) else value


def main() -> None:
    """Solve, sample and write the fixture."""
    global PAYLOAD, SHAPE
    PAYLOAD, SHAPE = solved()
    t, s = fly(PAYLOAD, SHAPE, 2.5)
    table = curves(t, s, PAYLOAD, SHAPE)
    whole = {
        "status": "optimal",
        "document": document(table, t, s),
        "table": table,
    }
    target = Path(__file__).parent / "data/sample_answer.json"
    target.write_text(json.dumps(rounded(json.loads(json.dumps(whole, default=float)))) + "\n")


if __name__ == "__main__":
    main()
