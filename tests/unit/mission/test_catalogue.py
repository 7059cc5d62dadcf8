"""Every file of the catalogue loads, is sourced, and agrees with itself as well as published."""

from __future__ import annotations

import csv
import json
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
    default_pad,
    load_site,
    load_vehicle,
    published_payloads,
    site_names,
    vehicle_names,
)
from cosmodrome.mission.catalogue.load import DATA
from cosmodrome.mission.catalogue.published import read_published

SHARED = Path(__file__).resolve().parents[4] / "shared" / "reference"

REQUIRED = (
    "angara-1.2",
    "angara-a5",
    "soyuz-2.1a",
    "soyuz-2.1b-fregat",
    "falcon-9-ft",
    "electron",
    "atlas-v-401",
    "atlas-v-551",
    "ariane-64",
    "vega",
    "h-iia-202",
    "pslv-xl",
    "delta-iii-8930",
    "saturn-v",
    "nuri",
    "zenit-2",
    "soyuz-2.1v",
)
SITES = (
    "vostochny",
    "plesetsk",
    "baikonur",
    "cape-canaveral",
    "ksc",
    "vandenberg",
    "kourou",
    "mahia",
    "wallops",
    "kodiak",
    "sriharikota",
    "tanegashima",
    "uchinoura",
    "jiuquan",
    "taiyuan",
    "xichang",
    "wenchang",
    "naro",
    "palmachim",
    "esrange",
    "andoya",
    "saxavord",
    "starbase",
    "omelek",
    "odyssey",
)

# Sums that cannot close to 3 %, and why.
OPEN_SUMS = {
    "falcon-1": "the propellant is that of a smaller version",
    "falcon-9-v1.0": "propellant of 239 to 257 t is quoted",
    "long-march-2c": "the gross mass spans three versions",
    "vulcan-vc0": "the booster is loaded short, the gross mass is for a full one",
}


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


def bare_numbers(item: Any) -> Iterator[float]:
    """Numbers of a sheet that are in no figure or curve."""
    if isinstance(item, Figure | Curve | bool | str):
        return
    if isinstance(item, int | float):
        yield item
    elif isinstance(item, msgspec.Struct):
        for name in item.__struct_fields__:
            yield from bare_numbers(getattr(item, name))
    elif isinstance(item, dict | tuple):
        for value in item.values() if isinstance(item, dict) else item:
            yield from bare_numbers(value)


def test_names_of_the_contract_are_there() -> None:
    assert set(REQUIRED) <= set(vehicle_names())
    assert set(SITES) == set(site_names())


@pytest.mark.parametrize("name", vehicle_names())
def test_vehicle_is_sourced_and_flies(name: str) -> None:
    sheet = load_vehicle(name)
    found = list(numbers(sheet))
    assert len(found) > 20
    assert list(bare_numbers(sheet)) == []
    for path, figure in found:
        assert " " in figure.source, path
        assert figure.confidence in CONFIDENCE, path
        assert figure.confidence != "own", path
    vehicle = sheet.vehicle()
    assert vehicle.name == name
    assert sheet.title
    assert sheet.status in ("flying", "retired", "planned")
    assert all(stage.motor is not None for stage in vehicle.stages)
    assert vehicle.aerodynamics.area_m2 > 0.5


@pytest.mark.parametrize("name", vehicle_names())
def test_sums_close(name: str) -> None:
    closure = load_vehicle(name).closure()
    if closure.mass_ratio is None:
        assert name.startswith("atlas-v-")
        return
    bound = 0.15 if name in OPEN_SUMS else 0.03
    assert abs(closure.mass_ratio - 1.0) < bound
    if name in OPEN_SUMS:
        assert abs(closure.mass_ratio - 1.0) > 0.029, "closed by now: take it off the list"


@pytest.mark.parametrize("name", vehicle_names())
def test_lifts_off(name: str) -> None:
    vehicle = load_vehicle(name).vehicle()
    units = [(1, stage) for stage in vehicle.stages[:1]]
    units += [(group.count, group.unit) for group in vehicle.boosters]
    thrust_n = 0.0
    for count, unit in units:
        assert unit.motor is not None
        if unit.ignition_s == 0.0:
            level = unit.motor.shape[0][1] if unit.motor.shape else 1.0
            level *= unit.schedule[0][1] if unit.schedule else 1.0
            motor = unit.motor
            thrust_n += count * (level * motor.thrust_vac_n - motor.exit_area_m2 * 101325.0)
    closure = load_vehicle(name).closure()
    assert 1.05 < thrust_n / (closure.sum_kg * 9.80665) < 2.0


@pytest.mark.parametrize("name", vehicle_names())
def test_solid_burns_its_propellant_in_its_time(name: str) -> None:
    vehicle = load_vehicle(name).vehicle()
    for unit in [*vehicle.stages, *(group.unit for group in vehicle.boosters)]:
        motor = unit.motor
        if motor is None or not unit.solid:
            continue
        (t, level) = zip(*motor.shape, strict=True)
        mean = sum(
            0.5 * (a + b) * (v - u) for u, v, a, b in zip(t, t[1:], level, level[1:], strict=False)
        )
        assert mean / t[-1] == pytest.approx(1.0, abs=1e-12)
        burnt_kg = motor.thrust_vac_n * mean / (motor.isp_vac_s * 9.80665)
        assert burnt_kg == pytest.approx(unit.usable_kg, rel=1e-12)


@pytest.mark.parametrize("name", vehicle_names())
def test_document_is_json_with_the_contract_keys(name: str) -> None:
    document = json.loads(json.dumps(load_vehicle(name).document()))
    assert document["name"] == name
    for stage in document["stages"]:
        assert stage["name"]
        assert {"value", "low", "high", "source", "confidence"} <= set(stage["propellant_kg"])
        assert stage["propellant_kg"]["low"] <= stage["propellant_kg"]["value"]


@pytest.mark.parametrize("name", site_names())
def test_site_is_sourced(name: str) -> None:
    sheet = load_site(name)
    for path, figure in numbers(sheet):
        assert " " in figure.source, path
        assert figure.confidence != "own", path
    assert list(bare_numbers(sheet)) == []
    for pad in sheet.pads:
        site = load_site(f"{name}/{pad}").site()
        assert (site.name, site.pad) == (name, pad)
        assert abs(site.latitude_rad) < math.pi / 2
    if sheet.corridors_deg is not None:
        assert sheet.corridors_deg.confidence == "recall"
    json.dumps(sheet.document())


def test_no_internal_source_key_is_left_in_any_file() -> None:
    for path in DATA.rglob("*.toml"):
        text = path.read_text(encoding="utf-8")
        for word in ("vehicles.yaml", "payload_points", "ROYIN", "update_mass_info", "/work"):
            assert word not in text, path


def test_riders_are_carried_or_not() -> None:
    assert load_vehicle("angara-1.2").vehicle().rider_kg == 1000.0
    assert load_vehicle("angara-1.2").vehicle().rider_name == "AM module"
    assert load_vehicle("angara-1.2", riders="none").vehicle().rider_kg == 0.0
    assert load_vehicle("soyuz-2.1v").vehicle().rider_kg == 0.0
    assert load_vehicle("soyuz-2.1v", riders="all").vehicle().rider_kg == 1790.0
    with pytest.raises(InputError, match="riders"):
        load_vehicle("angara-1.2", riders="som")  # type: ignore[arg-type]


def test_the_height_question_is_told() -> None:
    sheet = load_vehicle("angara-1.2")
    assert sheet.height_m is not None
    assert (sheet.height_m.low, sheet.height_m.value, sheet.height_m.high) == (41.5, 42.7, 42.8)
    assert any("42.7 m" in note for note in sheet.notes)


def test_usable_is_not_loaded() -> None:
    stage = load_vehicle("angara-1.2").vehicle().stages[0]
    assert stage.usable_kg == pytest.approx(0.99 * 128800.0)
    assert stage.residual_kg == pytest.approx(0.01 * 128800.0)
    first = load_vehicle("h-iia-202").vehicle().stages[0]
    assert (first.usable_kg, first.residual_kg) == (100000.0, 1100.0)


def test_exit_area_comes_from_the_thrust_pair() -> None:
    motor = load_vehicle("angara-1.2").vehicle().stages[0].motor
    assert motor is not None
    assert motor.exit_area_m2 == pytest.approx((2085000.0 - 1920000.0) / 101325.0)


@pytest.mark.parametrize(
    ("name", "stage", "expected_s", "tolerance_s"),
    [
        # Published or planned times the prescribed throttles were chosen to close.
        ("angara-a5", "URM-1 core", 323.0, 1.0),
        ("electron", "Stage 1", 144.0, 2.0),
        ("electron", "Stage 2", 373.0, 6.0),
        ("saturn-v", "S-IC", 161.63, 0.5),
        ("saturn-v", "S-II", 385.18, 1.0),
        ("ariane-64", "LLPM", 468.0, 5.0),
        ("h-iia-202", "Stage 1", 390.0, 4.0),
    ],
)
def test_burn_times_close(name: str, stage: str, expected_s: float, tolerance_s: float) -> None:
    found = {s.name: s.burn_model_s for s in load_vehicle(name).closure().stages}
    assert found[stage] == pytest.approx(expected_s, abs=tolerance_s)


def test_closure_tells_an_inconsistent_pair() -> None:
    stages = {s.name: s for s in load_vehicle("falcon-9-ft").closure().stages}
    first = stages["Stage 1"]
    assert first.thrust_ratio == pytest.approx(0.9246, abs=1e-3)
    assert first.isp_ratio == pytest.approx(0.9068, abs=1e-3)


def test_variants_inherit_and_differ() -> None:
    small, large = load_vehicle("atlas-v-501"), load_vehicle("atlas-v-551")
    assert small.stages == large.stages
    assert small.strapons == {}
    assert large.vehicle().boosters[0].count == 5
    assert small.gross_kg != large.gross_kg
    plain, upper = load_vehicle("angara-a5").vehicle(), load_vehicle("angara-a5-briz-m").vehicle()
    assert upper.stages[:-1] == plain.stages
    assert upper.stages[-1].name == "Briz-M"


def test_variants_copy_nothing() -> None:
    """A variant writes no number that its parent already gives alike."""
    for path in (DATA / "vehicles").glob("*.toml"):
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        if "extends" in raw:
            parent = load_vehicle(raw["extends"])
            own = load_vehicle(path.name.removesuffix(".toml"))
            for key in raw.get("stages", {}):
                assert own.stages[key] != parent.stages.get(key), (path.name, key)


def test_fairing_is_dropped_where_it_is_flown() -> None:
    expected = {
        "soyuz-2.1b-fregat": "Blok A",
        "angara-1.2": "URM-2",
        "ariane-64": "LLPM",
        "atlas-v-401": "Centaur",
        "atlas-v-551": "CCB",
        "pslv-xl": "PS2",
        "vega": "Zefiro 9",
        "h-iia-202": "Stage 1",
    }
    for name, stage in expected.items():
        fairing = load_vehicle(name).vehicle().fairing
        assert fairing is not None
        assert fairing.during == stage
    saturn = load_vehicle("saturn-v").vehicle()
    assert saturn.fairing is None
    assert {part.name for part in saturn.jettisons} == {"S-IC/S-II interstage ring", "escape tower"}


def test_limits_are_si_and_can_be_off() -> None:
    site = load_site("vostochny").site()
    limits = load_vehicle("angara-1.2").limits(site)
    assert limits.q_alpha_pa_rad == pytest.approx(1e4 * math.pi / 180.0)
    assert limits.pitch_rate_rad_s == pytest.approx(math.radians(2.0))
    assert limits.heating_w_m2 == 1135.0
    assert limits.azimuths_rad == ((math.radians(340.0), math.radians(95.0)),)
    assert limits.coast_perigee_radius_m == pytest.approx(6378137.0 + 160e3)
    assert load_vehicle("vega").limits().acceleration_m_s2 is None
    assert load_vehicle("soyuz-2.1a").limits().heating_w_m2 is None


def test_default_pad() -> None:
    assert default_pad(load_vehicle("angara-1.2"), "vostochny") == "vostochny/site-1a"
    assert default_pad(load_vehicle("soyuz-2.1b"), "vostochny") == "vostochny/site-1s"
    assert default_pad(load_vehicle("electron"), "vostochny") == "vostochny/site-1s"
    assert default_pad(load_vehicle("electron"), "kourou/elv") == "kourou/elv"


@pytest.mark.parametrize(
    ("wrong", "near"),
    [("angara12", "angara-1.2"), ("elektron", "electron"), ("atlas-v-511a", "atlas-v-511")],
)
def test_a_misspelt_vehicle_is_answered_with_the_nearest(wrong: str, near: str) -> None:
    with pytest.raises(InputError) as caught:
        load_vehicle(wrong)
    assert near in caught.value.message
    assert caught.value.value == wrong
    assert caught.value.allowed is not None
    assert near in caught.value.allowed


@pytest.mark.parametrize(
    ("wrong", "near"),
    [("vostochni", "vostochny"), ("cape-canaveral/slc-14", "slc-41"), ("kuru", "kourou")],
)
def test_a_misspelt_site_is_answered_with_the_nearest(wrong: str, near: str) -> None:
    with pytest.raises(InputError) as caught:
        load_site(wrong)
    assert near in caught.value.message


def test_case_and_spacing_do_not_matter() -> None:
    assert load_vehicle("Angara 1.2") == load_vehicle("angara-1.2")
    assert load_site("Cape Canaveral/SLC-41") == load_site("cape-canaveral/slc-41")


def test_published_payloads() -> None:
    points = published_payloads("angara-1.2", "plesetsk/site-35-1")
    assert {point.payload_kg for point in points} == {3500.0, 3800.0, 2400.0}
    assert points[0].orbit == "200 km 63 deg"
    assert published_payloads("angara-1.2", "kourou") == ()
    assert published_payloads("no-such") == ()
    flown = [p for p in published_payloads("ariane-5-eca") if p.flown]
    assert [p.orbit for p in flown] == ["250x35943 km 6 deg"]
    assert set(flown[0].document()) >= {"payload_kg", "orbit", "includes_adapter", "source"}


def test_published_names_are_of_the_catalogue() -> None:
    points = read_published(DATA / "published.csv")
    assert len(points) > 130
    unknown = {p.vehicle for p in points} - set(vehicle_names())
    # The dual-engine Centaur of the 552 has no public masses.
    assert unknown == {"atlas-v-552"}
    assert {p.site for p in points} <= set(site_names())


@pytest.mark.needs_shared
def test_published_agree_with_the_reference() -> None:
    path = SHARED / "payload_points.csv"
    if not path.is_file():
        pytest.skip("payload_points.csv is not beside the repository")
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    ours = [(p.vehicle, p.site, p.payload_kg) for p in read_published(DATA / "published.csv")]
    assert [(r["vehicle"], r["site"], float(r["payload_kg"])) for r in rows] == ours[: len(rows)]


@pytest.mark.needs_shared
def test_pads_agree_with_the_reference() -> None:
    path = SHARED / "sites.csv"
    if not path.is_file():
        pytest.skip("sites.csv is not beside the repository")
    pads = [pad for name in site_names() for pad in load_site(name).pads.values()]
    places = {(p.latitude_deg.value, p.longitude_deg.value, p.altitude_m.value) for p in pads}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            place = (float(row["lat_deg"]), float(row["lon_deg"]), float(row["alt_m"]))
            assert place in places, row["pad_reference"]


def test_a_broken_table_of_points_names_its_line(tmp_path: Path) -> None:
    header = (DATA / "published.csv").read_text(encoding="utf-8").splitlines()[0]
    path = tmp_path / "points.csv"
    path.write_text(f"{header}\nx,y,1,2,3,heavy,no,me,A\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 2"):
        read_published(path)
    path.write_text("vehicle,site\n", encoding="utf-8")
    with pytest.raises(InputError, match="perigee_km"):
        read_published(path)
