"""What four Falcon 9 webcasts show, as small figures: flown events, and levels of thrust.

Thrust is what carries the sensed acceleration: T = m a + D + p A, with the mass
falling by T / (Isp g0) from the catalogue's mass at lift-off. The levels are
taken from the two flights that kept propellant for the first stage. The two
expended flights, which the predictions are held against, do not enter them.

Run it as it stands, with the telemetry in ../shared/reference/falcon9_webcast
beside the repository. It writes `derived.json` beside itself.
"""

from __future__ import annotations

import csv
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cosmodrome.flight.forces import drag_law
from cosmodrome.flight.vehicle import Stage, Vehicle
from cosmodrome.mission.catalogue import load_vehicle
from cosmodrome.world.air import us76

HERE = Path(__file__).resolve().parent
TELEMETRY = HERE.parents[4] / "shared" / "reference" / "falcon9_webcast"
VEHICLE = "falcon-9-ft"
G0_M_S2 = 9.80665

FLIGHTS = {
    "echostar-23": "EchoStar 23",
    "gps-iii-sv01": "GPS III SV01",
    "formosat-5": "FormoSat-5",
    "crs-14": "SpaceX CRS-14",
}
# Those that no prediction is judged by, and their payload. Dragon's is from memory:
# 4200 kg dry, 1290 kg of propellant, 2760 kg of cargo; it needs no fairing.
MEASURED = {"formosat-5": 475.0, "crs-14": 8250.0}
BARE = ("crs-14",)
BUCKET_S = (48.0, 92.0)  # from the first throttle-down to the last throttle-up of the two
SETTLED_S = 10.0  # the first seconds are lost in release and rounding
PLATEAU_S = 140.0  # before it, acceleration is below the plateau on both
STEP_S = 6.0
NOMINAL_PAYLOAD_KG = 5000.0  # for the steps of the plateau; a tonne shifts a level by 0.5 %
UPPER_S = (170.0, 210.0)  # second stage alight, fairing still on


@dataclass(frozen=True, slots=True)
class Track:
    """One flight at 1 Hz, SI: speed relative to the Earth, sensed acceleration."""

    t_s: list[float]
    speed_m_s: list[float]
    altitude_m: list[float]
    acceleration_m_s2: list[float]


def track(name: str) -> Track:
    """The telemetry of one flight."""
    folder = TELEMETRY / FLIGHTS[name].replace(" ", "_")
    raw = json.loads((folder / "analysed.json").read_text(encoding="utf-8"))
    return Track(
        raw["time"],
        raw["velocity"],
        [1000.0 * h for h in raw["altitude"]],
        raw["acceleration"],
    )


def flown() -> dict[str, dict[str, Any]]:
    """Events of each flight as the index of the telemetry has them."""
    with (TELEMETRY / "INDEX.csv").open(encoding="utf-8") as file:
        rows = {row["flight"]: row for row in csv.DictReader(file)}
    return {name: _events(rows[title]) for name, title in FLIGHTS.items()}


def _events(row: dict[str, str]) -> dict[str, Any]:
    t_s, altitude_km, speed_m_s = (float(x) for x in row["plateau_t_alt_v"].strip("()").split(","))
    return {
        "payload_kg": float(row["payload_mass"].split()[0]),
        "landing": row["landing"],
        "max_q_s": float(row["maxq_s"]),
        "cutoff_s": float(row["meco_s"]),
        "cutoff_speed_m_s": float(row["meco_v"].split()[0]),
        "cutoff_altitude_km": float(row["meco_alt"].split()[0]),
        "greatest_g": float(row["max_accel"].split()[0]),
        "orbit_s": t_s,
        "orbit_altitude_km": altitude_km,
        "orbit_speed_m_s": speed_m_s,
    }


def stack_kg(vehicle: Vehicle, payload_kg: float) -> float:
    """Mass at lift-off."""
    fairing = vehicle.fairing.mass_kg if vehicle.fairing is not None else 0.0
    stages = sum(s.dry_kg + s.usable_kg + s.residual_kg for s in vehicle.stages)
    return stages + fairing + payload_kg


def levels(name: str, vehicle: Vehicle) -> list[tuple[float, float]]:
    """First stage: vacuum thrust over rated vacuum thrust, second by second."""
    motor = vehicle.stages[0].motor
    assert motor is not None
    flight, mass = track(name), stack_kg(vehicle, MEASURED[name])
    if name in BARE and vehicle.fairing is not None:
        mass -= vehicle.fairing.mass_kg
    cd = drag_law(vehicle.aerodynamics.drag_table)
    found = []
    for t, v, h, a in zip(
        flight.t_s, flight.speed_m_s, flight.altitude_m, flight.acceleration_m_s2, strict=True
    ):
        if t >= PLATEAU_S:
            break
        air = us76(h)
        mach = v / air.sound_speed_m_s
        q_pa = 0.5 * air.density_kg_m3 * v * v
        drag = q_pa * vehicle.aerodynamics.area_m2 * cd(mach)
        thrust = mass * a + float(drag) + float(air.pressure_pa) * motor.exit_area_m2
        found.append((t, thrust / motor.thrust_vac_n))
        mass -= thrust / (motor.isp_vac_s * G0_M_S2)
    return found


def mean_level(vehicle: Vehicle, start_s: float, stop_s: float) -> float:
    """Mean over both measured flights of the level between two times."""
    each = []
    for name in MEASURED:
        inside = [level for t, level in levels(name, vehicle) if start_s <= t < stop_s]
        each.append(sum(inside) / len(inside))
    return sum(each) / len(each)


def schedule(vehicle: Vehicle, plateau_g: float) -> list[tuple[float, float]]:
    """Throttle levels: before, in and after the bucket, then steps along the plateau."""
    core = vehicle.stages[0]
    found = [
        (0.0, mean_level(vehicle, SETTLED_S, BUCKET_S[0])),
        (BUCKET_S[0], mean_level(vehicle, *BUCKET_S)),
        (BUCKET_S[1], mean_level(vehicle, BUCKET_S[1], PLATEAU_S)),
    ]
    return [(t, round(level, 3)) for t, level in found + _plateau(vehicle, core, found, plateau_g)]


def _plateau(
    vehicle: Vehicle, core: Stage, before: list[tuple[float, float]], plateau_g: float
) -> list[tuple[float, float]]:
    """Steps that hold the mean acceleration of each at the plateau until the stage is empty."""
    motor = core.motor
    assert motor is not None
    exhaust_m_s = motor.isp_vac_s * G0_M_S2
    flow = motor.thrust_vac_n / exhaust_m_s
    (_, first), (down, bucket), (up, last) = before
    limit = plateau_g * G0_M_S2
    mass = stack_kg(vehicle, NOMINAL_PAYLOAD_KG)
    empty = mass - core.usable_kg
    mass -= flow * (first * down + bucket * (up - down))
    reached = last * motor.thrust_vac_n / limit
    t = up + (mass - reached) / (last * flow)
    mass, found = reached, []
    while mass > empty:
        level = limit * mass * math.exp(-0.5 * limit * STEP_S / exhaust_m_s) / motor.thrust_vac_n
        found.append((round(t, 1), level))
        mass -= level * flow * STEP_S
        t += STEP_S
    return found


def upper_thrust_n(vehicle: Vehicle) -> float:
    """Second stage on FormoSat-5, whose payload weighs little against the stage."""
    name = "formosat-5"
    flight, stage, fairing = track(name), vehicle.stages[1], vehicle.fairing
    assert stage.motor is not None
    assert fairing is not None
    lit_s = _lit_s(name)
    found = []
    above = stage.dry_kg + stage.usable_kg + stage.residual_kg + fairing.mass_kg + MEASURED[name]
    mass = above
    for t, a in zip(flight.t_s, flight.acceleration_m_s2, strict=True):
        if not lit_s <= t < UPPER_S[1]:
            continue
        mass -= mass * a / (stage.motor.isp_vac_s * G0_M_S2)
        if t >= UPPER_S[0]:
            found.append(mass * a)
    return sum(found) / len(found)


def _lit_s(name: str) -> float:
    path = TELEMETRY / FLIGHTS[name].replace(" ", "_") / "events.json"
    return float(json.loads(path.read_text(encoding="utf-8"))["ses1"])


def derived() -> dict[str, Any]:
    """All figures, as `derived.json` holds them."""
    events, vehicle = flown(), load_vehicle(VEHICLE).vehicle()
    plateau_g = sum(events[name]["greatest_g"] for name in MEASURED) / len(MEASURED)
    return {
        "flights": events,
        "first_stage_schedule": schedule(vehicle, plateau_g),
        "second_stage_thrust_n": round(upper_thrust_n(vehicle), -3),
    }


if __name__ == "__main__":
    (HERE / "derived.json").write_text(json.dumps(derived(), indent=2) + "\n", encoding="utf-8")
