"""Seeded random vehicles, pads and orbits: does every question get a proved answer?

    python benchmarks/robustness/variations.py --count 200 --out variations.jsonl

Each variation scales masses and thrusts of a catalogue vehicle, moves its pad
in latitude and asks for a random orbit, then plans it with both sets of starts.
One JSON line a variation; a file that exists is continued, not begun again.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from cosmodrome.campaign import PlanOptions, plan_mission
from cosmodrome.flight.vehicle import Stage, Vehicle
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.orbit_text import parse_orbit

BASES = (
    ("angara-1.2", "vostochny"),
    ("soyuz-2.1a", "baikonur"),
    ("falcon-9-ft", "cape-canaveral"),
    ("electron", "mahia"),
    ("atlas-v-401", "cape-canaveral"),
    ("delta-iii-8930", "cape-canaveral"),
)


def varied_stage(stage: Stage, rng: np.random.Generator) -> Stage:
    """Dry mass within 10 %, propellant and thrust within 5 %."""
    dry, usable, thrust = rng.uniform([0.9, 0.95, 0.95], [1.1, 1.05, 1.05])
    motor = stage.motor
    if motor is not None:
        # A thrust table fixes the burn time, so thrust follows the propellant there.
        factor = usable if motor.shape else thrust
        motor = replace(motor, thrust_vac_n=motor.thrust_vac_n * factor)
    return replace(
        stage, dry_kg=stage.dry_kg * dry, usable_kg=stage.usable_kg * usable, motor=motor
    )


def variation(seed: int) -> Mission:
    """One random question; depends on the seed alone."""
    rng = np.random.default_rng(seed)
    name, site = BASES[int(rng.integers(len(BASES)))]
    altitude = float(rng.uniform(185.0, 600.0))
    base = make_mission(load_vehicle(name), load_site(site), parse_orbit("200 km 90 deg"))
    vehicle: Vehicle = base.vehicle
    vehicle = replace(
        vehicle,
        stages=tuple(varied_stage(stage, rng) for stage in vehicle.stages),
        boosters=tuple(
            replace(group, unit=varied_stage(group.unit, rng)) for group in vehicle.boosters
        ),
    )
    latitude = base.site.latitude_rad + np.radians(rng.uniform(-5.0, 5.0))
    least = abs(float(np.degrees(latitude))) + 0.5
    tilt = float(rng.uniform(least, 99.0))
    return replace(
        base,
        vehicle=vehicle,
        site=replace(base.site, latitude_rad=float(latitude), azimuths_rad=()),
        limits=replace(base.limits, azimuths_rad=()),
        target=parse_orbit(f"{altitude:.1f} km {tilt:.2f} deg"),
    )


def outcome(seed: int) -> dict[str, object]:
    """Both sets of starts on one variation."""
    mission = variation(seed)
    began = time.perf_counter()
    usual = plan_mission(mission, PlanOptions(alternatives=False)).document
    spent = time.perf_counter() - began
    other = plan_mission(mission, PlanOptions(alternatives=False, independent=True)).document
    gap = None
    if usual["payload_kg"] and other["payload_kg"]:
        gap = 100.0 * (other["payload_kg"] / usual["payload_kg"] - 1.0)
    return {
        "seed": seed,
        "vehicle": mission.vehicle.name,
        "target": mission.target.text,
        "status": usual["status"],
        "payload_kg": usual["payload_kg"],
        "other_status": other["status"],
        "other_payload_kg": other["payload_kg"],
        "other_better_percent": gap,
        "total_s": spent,
    }


def main() -> None:
    """Run or continue, then sum up."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--out", type=Path, default=Path("variations.jsonl"))
    options = parser.parse_args()
    done = {}
    if options.out.exists():
        lines = options.out.read_text(encoding="utf-8").splitlines()
        done = {row["seed"]: row for row in map(json.loads, lines)}
    for seed in range(options.count):
        if seed not in done:
            done[seed] = outcome(seed)
            with options.out.open("a", encoding="utf-8") as file:
                file.write(json.dumps(done[seed]) + "\n")
    rows = [done[seed] for seed in range(options.count)]
    answered = [row for row in rows if row["status"] in ("optimal", "infeasible")]
    gaps = [row["other_better_percent"] for row in rows if row["other_better_percent"] is not None]
    better = sum(gap > 0.1 for gap in gaps)
    print(
        f"{len(answered)} of {len(rows)} answered and proved "
        f"({100.0 * len(answered) / len(rows):.1f} %); "
        f"second starts better by more than 0.1 %: {better} of {len(gaps)}"
    )


if __name__ == "__main__":
    main()
