"""Reserves, recovery, envelopes and accuracy: stated, sourced, and refused where senseless."""

from __future__ import annotations

import csv
import math
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cosmodrome.errors import InputError
from cosmodrome.mission.catalogue import (
    CONFIDENCE,
    Curve,
    Figure,
    load_site,
    load_vehicle,
    site_names,
    vehicle_names,
)
from cosmodrome.mission.catalogue.load import DATA, read_vehicle
from cosmodrome.mission.catalogue.reading import read_toml

SHARED = Path(__file__).resolve().parents[4] / "shared" / "reference"
LEFT_OUT = {"atlas-v-552"}


def numbers(item: Any, path: str = "") -> Iterator[tuple[str, Figure | Curve]]:
    """All figures and curves of a sheet with their dotted paths."""
    if isinstance(item, Figure | Curve):
        yield path, item
    elif isinstance(item, msgspec.Struct):
        for name in item.__struct_fields__:
            yield from numbers(getattr(item, name), f"{path}.{name}")
    elif isinstance(item, dict):
        for key, value in item.items():
            yield from numbers(value, f"{path}.{key}")


def texts(item: Any, key: str = "") -> Iterator[str]:
    """All texts under a `source` or in a `sources` table of a parsed file."""
    if isinstance(item, dict):
        for name, value in item.items():
            yield from texts(value, "source" if key == "sources" else name)
    elif isinstance(item, list):
        for value in item:
            yield from texts(value, key)
    elif isinstance(item, str) and key == "source" and " " in item:
        yield item


@pytest.fixture(scope="module")
def known_sources() -> list[str]:
    """Every source the data files spell out, the longest first."""
    found = {str(text) for text in read_toml(DATA / "sources.toml").values()}
    for path in DATA.rglob("*.toml"):
        found |= set(texts(tomllib.loads(path.read_text(encoding="utf-8"))))
    return sorted(found, key=len, reverse=True)


@pytest.mark.parametrize(
    "sheet",
    [*map(load_vehicle, vehicle_names()), *map(load_site, site_names())],
    ids=lambda sheet: sheet.name,
)
def test_every_number_traces_to_a_source(sheet: Any, known_sources: list[str]) -> None:
    found = list(numbers(sheet))
    assert len(found) >= 3
    for path, figure in found:
        rest = figure.source
        for source in known_sources:
            rest = rest.replace(source, "")
        assert rest.strip("; ") == "", (path, figure.source)
        assert figure.source.strip(), path
        assert figure.confidence in CONFIDENCE, path
        if isinstance(figure, Figure):
            assert figure.low <= figure.value <= figure.high, path
            assert math.isfinite(figure.low + figure.value + figure.high), path


def test_every_vehicle_of_the_points_is_there() -> None:
    points = SHARED / "payload_points.csv"
    if not points.exists():
        pytest.skip("shared/reference/payload_points.csv is not there")
    with points.open(encoding="utf-8", newline="") as stream:
        named = {row["vehicle"] for row in csv.DictReader(stream)}
    assert named - set(vehicle_names()) == LEFT_OUT
    note = (DATA / "README.md").read_text(encoding="utf-8")
    assert "Atlas V 552" in note
    assert "Falcon Heavy" in note


@pytest.mark.parametrize("name", vehicle_names())
def test_the_last_guided_stage_holds_a_reserve(name: str) -> None:
    sheet = load_vehicle(name)
    reserves = sheet.reserves
    last = list(sheet.stages.values())[-1]
    assert (reserves.velocity_reserve_m_s == 0.0) == last.solid
    assert reserves.velocity_low_m_s <= reserves.velocity_reserve_m_s <= reserves.velocity_high_m_s
    assert reserves.disposal_m_s == 0.0
    assert reserves.confidence
    keys = {row["velocity_reserve_m_s"]["confidence"] for row in [sheet.document()["reserves"]]}
    assert keys == {"assumed"}


def test_the_rule_of_the_reserve_is_the_one_stated() -> None:
    """0.75 % of 9300 m/s, to the nearest ten."""
    assert load_vehicle("angara-1.2").reserves.velocity_reserve_m_s == round(0.0075 * 9300.0, -1)
    atlas = load_vehicle("atlas-v-401").reserves
    assert atlas.velocity_reserve_m_s == pytest.approx(70.0 * 2.33 / 3.0, abs=0.5)
    assert "99 %" in atlas.confidence


def test_recovery_follows_from_the_velocity_it_states() -> None:
    """Propellant kept is the rocket equation's, at the velocities its note names."""
    sheet = load_vehicle("falcon-9-ft")
    modes = sheet.recovery
    assert list(modes) == ["barge", "return"]
    landed = sheet.stages["stage-1"].dry_kg.value + modes["barge"].hardware_kg
    for key, speeds in (("barge", (1200, 1600, 2200)), ("return", (2800, 3300, 3800))):
        figure = sheet.recovery_sheets[key].propellant_kg
        wanted = [landed * (math.exp(v / (300.0 * 9.80665)) - 1.0) for v in speeds]
        assert [figure.low, figure.value, figure.high] == pytest.approx(wanted, abs=60.0)
    assert load_vehicle("angara-1.2").recovery == {}
    told = sheet.document()["recovery"]
    assert [mode["key"] for mode in told] == ["barge", "return"]


def test_envelopes_and_accuracy_are_shown() -> None:
    document = load_vehicle("atlas-v-551").document()
    assert document["fairing"]["envelope_diameter_m"]["value"] == 4.57
    assert document["accuracy"]["apogee_km"]["value"] == 168.0
    assert "accuracy" not in load_vehicle("vega-c").document()


@pytest.mark.parametrize("name", vehicle_names())
def test_an_envelope_fits_and_an_accuracy_speaks(name: str) -> None:
    sheet = load_vehicle(name)
    fairing, accuracy = sheet.fairing, sheet.accuracy
    if fairing is not None and fairing.envelope_diameter_m and fairing.diameter_m:
        assert 0.75 < fairing.envelope_diameter_m.value / fairing.diameter_m.value < 1.0
    if accuracy is not None:
        assert accuracy.orbit
        assert accuracy.sigma.value in (1.0, 3.0)


def changed(keys: tuple[str, ...], value: object) -> dict[str, Any]:
    raw = tomllib.loads((DATA / "vehicles" / "falcon-9-ft.toml").read_text(encoding="utf-8"))
    table = raw
    for key in keys[:-1]:
        table = table[key]
    table[keys[-1]] = value
    return raw


@pytest.mark.parametrize(
    ("keys", "value", "key"),
    [
        (("fairing", "envelope_diameter_m"), 6.0, "fairing.envelope_diameter_m"),
        (("fairing", "envelope_length_m"), 14.0, "fairing.envelope_length_m"),
        (
            ("recovery", "barge", "propellant_kg"),
            {"value": 5e5, "source": "my own"},
            "recovery.barge.propellant_kg",
        ),
        (("reserves",), {"velocity_reserve_m_s": -5, "source": "a b"}, None),
        (("reserves",), {"velocity_reserves": 5}, "reserves.velocity_reserves"),
        (("accuracy",), {"orbit": "low", "source": "a b", "sigma": 3}, "accuracy"),
        (("accuracy", "sigma"), 0, "accuracy.sigma"),
    ],
)
def test_a_senseless_table_is_refused(
    keys: tuple[str, ...], value: object, key: str | None
) -> None:
    with pytest.raises(InputError) as caught:
        read_vehicle(changed(keys, value), "falcon-9-ft.toml")
    assert caught.value.file == "falcon-9-ft.toml"
    assert caught.value.allowed
    if key is not None:
        assert caught.value.key == key


def test_the_user_may_state_a_reserve() -> None:
    raw = changed(
        ("reserves",), {"velocity_reserve_m_s": 25, "source": "my own", "disposal_m_s": 90}
    )
    reserves = read_vehicle(raw, "falcon-9-ft.toml").reserves
    assert (reserves.velocity_reserve_m_s, reserves.disposal_m_s) == (25.0, 90.0)
