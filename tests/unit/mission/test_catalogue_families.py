"""Vehicles that share a stage are left out together."""

from __future__ import annotations

import msgspec

from cosmodrome.mission.catalogue import VehicleSheet, load_vehicle, vehicle_names
from cosmodrome.mission.catalogue.families import families

SHEETS = {name: load_vehicle(name) for name in vehicle_names()}


def test_shared_stages_bind_families() -> None:
    found = families(SHEETS)
    assert set(found) == set(vehicle_names())
    for group in (
        ("angara-1.2", "soyuz-2.1b", "proton-m-briz-m", "angara-a5-briz-m", "soyuz-2.1a"),
        ("atlas-v-401", "vulcan-vc6"),
        ("vega", "vega-c", "ariane-64", "ariane-62"),
        ("h-iia-202", "epsilon", "h3-30s", "h3-24l"),
        ("pslv-ca", "gslv-mk2"),
        ("delta-ii-7320-10", "delta-iv-medium"),
    ):
        assert len({found[name] for name in group}) == 1, group
    assert len({found[n] for n in ("electron", "falcon-9-ft", "nuri", "ariane-5-eca")}) == 4
    assert found["atlas-v-401"] == "Atlas V + Vulcan"
    assert found["electron"] == "Electron"


def test_the_order_does_not_matter() -> None:
    backwards = dict(reversed(list(SHEETS.items())))
    assert families(backwards) == families(SHEETS)


def test_without_its_bridge_a_family_falls_apart() -> None:
    few = {name: SHEETS[name] for name in ("proton-m-briz-m", "soyuz-2.1b", "angara-a5-briz-m")}
    bridged = families({**few, "angara-1.2": SHEETS["angara-1.2"]})
    assert len(set(bridged.values())) == 1
    angara = msgspec.structs.replace(SHEETS["angara-1.2"], shares=())
    assert len(set(families({**few, "angara-1.2": angara}).values())) == 2


def test_one_stage_file_binds_without_any_tag() -> None:
    def untagged(name: str, family: str) -> VehicleSheet:
        return msgspec.structs.replace(SHEETS[name], shares=(), family=family)

    few = {"a": untagged("vega", "one"), "b": untagged("vega-c", "two")}
    assert few["a"].stages["zefiro-9"].use == few["b"].stages["zefiro-9-c"].use
    assert families(few) == {"a": "one + two", "b": "one + two"}
    assert len(set(families({**few, "c": untagged("electron", "three")}).values())) == 2


def test_a_vehicle_without_a_family_stands_alone() -> None:
    lone = msgspec.structs.replace(SHEETS["electron"], family="")
    assert families({"mine": lone, "other": lone}) == {"mine": "mine", "other": "other"}
