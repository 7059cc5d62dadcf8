"""Strap-ons and first stages are dropped when flights dropped them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from cosmodrome.flight.burn import burn_duration
from cosmodrome.flight.vehicle import Stage
from cosmodrome.mission.catalogue import load_vehicle

G0 = 9.80665

# Vehicle, unit, and whose planned or flown separation it is held against. The tolerance
# is the spread of separations between flights of one vehicle, about 2 %.
SEPARATIONS = [
    ("soyuz-2.1a", "Blok B/V/G/D", "Soyuz MS-25", "strap-on separation"),
    ("h-iia-202", "SRB-A3", "H-IIA F50 GOSAT-GW", "SRB-A separation"),
    ("ariane-64", "ESR", "VA267", "P120C separation"),
    ("pslv-xl", "PSOM-XL ground-lit", "PSLV-C52", "GL PSOM-XL separation"),
    ("pslv-xl", "PSOM-XL air-lit", "PSLV-C52", "AL PSOM-XL separation"),
    ("pslv-xl", "PS1", "PSLV-C52", "PS1 separation"),
    ("angara-a5", "URM-1 booster", "Angara-A5 flight 2", "booster cut-off"),
    ("vega-c", "P120C", "VV25 Sentinel-1C", "P120C separation"),
    ("proton-m-briz-m", "Stage 1", "Proton-M generic", "sep 1/2"),
]
SHARE = 0.03


def unit(vehicle: str, name: str) -> Stage:
    flown = load_vehicle(vehicle).vehicle()
    every = {stage.name: stage for stage in flown.stages[:1]}
    every |= {group.name: group.unit for group in flown.boosters}
    return every[name]


@pytest.mark.needs_shared
@pytest.mark.parametrize(("vehicle", "name", "flight", "event"), SEPARATIONS)
def test_a_unit_is_dropped_when_flights_dropped_it(
    vehicle: str, name: str, flight: str, event: str, shared_reference: Path
) -> None:
    with (shared_reference / "ascent_timelines.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["flight"] == flight]
    (told,) = (float(row["t_s"]) for row in rows if row["event"] == event)
    stage = unit(vehicle, name)
    out_s = stage.ignition_s + burn_duration(stage, G0)
    found = out_s if event.endswith("cut-off") else out_s + stage.separation_s
    assert found == pytest.approx(told, rel=SHARE)


def test_the_fluids_of_soyuz_close_its_gross_mass() -> None:
    """Peroxide and nitrogen weigh 9 t: without them 3 % of the gross mass are missing."""
    closure = load_vehicle("soyuz-2.1a").closure()
    assert closure.mass_ratio == pytest.approx(1.0, abs=0.01)
    strapon = load_vehicle("soyuz-2.1a").strapons["blok-bvgd"]
    assert strapon.propellant_kg.value + strapon.dry_kg.value == pytest.approx(44413.0)
