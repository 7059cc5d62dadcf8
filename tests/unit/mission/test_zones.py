"""Zones in words, in a mission file, and in a resolved one."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from math import degrees, nextafter
from pathlib import Path

import pytest

from cosmodrome.errors import InputError
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import (
    load_mission,
    make_mission,
    mission_toml,
    read_mission,
)
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.mission.zones import part_names, with_zones, zone_from
from cosmodrome.world.land import country, country_area

RING = [[120.5, 59.3], [124.5, 59.3], [124.5, 60.6], [120.5, 60.6], [120.5, 59.3]]


@pytest.fixture
def box(tmp_path: Path) -> Path:
    path = tmp_path / "box.geojson"
    path.write_text(json.dumps({"type": "Polygon", "coordinates": [RING]}))
    return path


def mission_file(folder: Path, zone: str) -> Path:
    path = folder / "mission.toml"
    head = '[mission]\nvehicle = "angara-1.2"\nsite = "vostochny"\norbit = "sso 500 km"\n'
    path.write_text(f"{head}[[limits.zones]]\n{zone}\n")
    return path


def test_parts_are_those_that_are_let_go() -> None:
    assert part_names(load_vehicle("angara-1.2").vehicle()) == ("urm-1", "fairing")
    names = part_names(load_vehicle("delta-iii-8930").vehicle())
    assert len(set(names)) == len(names)
    assert len(names) >= 4


def test_a_file_and_a_country_are_areas(box: Path) -> None:
    zone = zone_from(str(box), "URM-1", inside=True, margin_m=5e3)
    assert (zone.name, zone.part, zone.inside) == ("box", "urm-1", True)
    latitudes = {round(degrees(a), 6) for a, _ in zone.rings_rad[0]}
    assert latitudes == {59.3, 60.6}
    mongolia = zone_from("mongolia", inside=False)
    assert (mongolia.name, mongolia.part, mongolia.inside) == ("Mongolia", "", False)
    assert len(mongolia.rings_rad[0]) > 100


def test_a_mission_file_names_zones_beside_it(box: Path) -> None:
    written = 'part = "urm-1"\ninside = "box.geojson"\nmargin_km = 5'
    mission = load_mission(mission_file(box.parent, written))
    (zone,) = mission.limits.zones
    assert (zone.part, zone.inside, zone.margin_m) == ("urm-1", True, 5000.0)
    resolved = box.parent / "resolved.toml"
    resolved.write_text(mission_toml(mission))
    assert load_mission(resolved) == mission


def test_a_file_may_be_called_like_a_country_too_small_to_be_drawn(box: Path) -> None:
    with pytest.raises(InputError, match="too small"):
        country_area(country("Vatican"))
    box.rename(box.parent / "Vatican.geojson")
    mission = load_mission(mission_file(box.parent, 'inside = "Vatican.geojson"'))
    resolved = box.parent / "resolved.toml"
    resolved.write_text(mission_toml(mission))
    assert load_mission(resolved) == mission


def test_a_site_file_brings_its_own(box: Path) -> None:
    site = box.parent / "forest.toml"
    site.write_text(
        'keep_off = ["Mongolia"]\n'
        'drop_inside = ["urm-1=box.geojson", "s1=box.geojson"]\n'
        "[pads.one]\n"
        'source = "made up for a test"\n'
        "latitude_deg = 51.9\nlongitude_deg = 128.3\naltitude_m = 280.0\n"
    )
    mission = make_mission(load_vehicle("angara-1.2"), load_site(site), parse_orbit("sso 500 km"))
    names = [(zone.name, zone.part, zone.inside) for zone in mission.limits.zones]
    assert names == [("Mongolia", "", False), ("box", "urm-1", True)]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ('inside = "nowhere.geojson"', "zone"),
        ('outside = "Atlantis"', "outside"),
        ('part = "urm-9"\noutside = "China"', "zone"),
        ('part = "urm-1"', "zones"),
        ('inside = "China"\noutside = "China"', "zones"),
        ('outside = "China"\nmargin_km = -1', "margin_km"),
        ('outside = "China"\nmargins = 1', "margins"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, written: str, key: str) -> None:
    with pytest.raises(InputError) as refused:
        load_mission(mission_file(tmp_path, written))
    assert key in str(refused.value.key)


def test_a_file_that_is_no_geojson_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.geojson"
    path.write_text('{"type": "Point", "coordinates": [1, 2]}')
    with pytest.raises(InputError, match="area"):
        zone_from(str(path), inside=True)
    path.write_text("no JSON")
    with pytest.raises(InputError, match="GeoJSON"):
        zone_from(str(path), inside=True)


def test_a_country_is_written_by_its_name_and_read_back_to_the_last_bit(box: Path) -> None:
    zones = [
        zone_from("china", "urm-1", inside=False, margin_m=2e3),
        zone_from("Russia", inside=False),
        zone_from(str(box), "urm-1", inside=True),
    ]
    mission = with_zones(planned(), zones)
    text = mission_toml(mission)
    assert len(text.encode()) < len(mission_toml(planned()).encode()) + 4000
    assert mission.limits.zones == read_mission(tomllib.loads(text), "mission.toml").limits.zones
    assert mission_toml(read_mission(tomllib.loads(text), "mission.toml")) == text
    written = tomllib.loads(text)["limits"]["zones"]
    assert [set(one) & {"rings_rad", "country_sha256"} for one in written] == [
        {"country_sha256"}, {"country_sha256"}, {"rings_rad"}
    ]  # fmt: skip


def test_corners_a_bit_apart_from_the_country_are_written_whole() -> None:
    china = zone_from("china", inside=False)
    first = (nextafter(china.rings_rad[0][0][0], 9.0), china.rings_rad[0][0][1])
    rings = ((first, *china.rings_rad[0][1:]), *china.rings_rad[1:])
    mission = with_zones(planned(), [replace(china, rings_rad=rings)])
    text = mission_toml(mission)
    assert "country_sha256" not in text
    assert read_mission(tomllib.loads(text), "mission.toml").limits == mission.limits


def test_a_mission_from_before_with_all_corners_is_still_read() -> None:
    mission = with_zones(planned(), [zone_from("Mongolia", inside=False)])
    old = tomllib.loads(mission_toml(mission))
    (zone,) = old["limits"]["zones"]
    del zone["country_sha256"]
    zone["rings_rad"] = [[list(corner) for corner in ring] for ring in
                         mission.limits.zones[0].rings_rad]  # fmt: skip
    assert read_mission(old, "mission.toml").limits == mission.limits


@pytest.mark.parametrize(
    ("changed", "key", "message"),
    [
        ({"country_sha256": "0" * 64}, "country_sha256", "not those this mission"),
        ({"country_sha256": 7}, "country_sha256", "not those this mission"),
        ({"name": "Atlantis"}, "name", "no country is called 'Atlantis'"),
        ({"name": 3}, "name", "no country is called 3"),
        ({"rings_rad": []}, "country_sha256", "beside `rings_rad`"),
    ],
)
def test_borders_other_than_those_planned_with_are_refused(
    changed: dict[str, object], key: str, message: str
) -> None:
    mission = with_zones(planned(), [zone_from("Mongolia", inside=False)])
    raw = tomllib.loads(mission_toml(mission))
    raw["limits"]["zones"][0] |= changed
    with pytest.raises(InputError, match=message) as caught:
        read_mission(raw, "mission.toml")
    assert (caught.value.file, caught.value.key) == ("mission.toml", f"limits.zones.0.{key}")


def planned() -> Mission:
    sheet = load_vehicle("angara-1.2")
    return make_mission(sheet, load_site("vostochny"), parse_orbit("sso 500 km"))
