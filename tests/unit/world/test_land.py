"""Land and sea, countries, borders and coasts, at places everyone can look up."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.world import land
from cosmodrome.world.land import (
    SEA,
    countries,
    country,
    country_area,
    country_at,
    country_index,
    is_land,
    nearest_line,
)
from cosmodrome.world.land_lines import LandLines, load_land
from cosmodrome.world.polygons import area_m2, contains
from cosmodrome.world.polygons_geodesic import distance_m

# Latitude and longitude in degrees, and the ISO code, "" at sea.
PLACES = {
    "Moscow": (55.755, 37.617, "RU"),
    "Vostochny": (51.884, 128.334, "RU"),
    "Kaliningrad, an exclave": (54.71, 20.51, "RU"),
    "Chukotka, east of 180 deg": (66.5, -175.0, "RU"),
    "Wrangel Island, on 180 deg": (71.2, 180.0, "RU"),
    "Maseru, an enclave": (-29.31, 27.50, "LS"),
    "Bloemfontein, round it": (-29.12, 26.21, "ZA"),
    "San Marino, an enclave": (43.94, 12.45, "SM"),
    "Rimini, round it": (44.05, 12.55, "IT"),
    "Oecusse, an exclave": (-9.35, 124.35, "TL"),
    "Suva": (-18.10, 178.40, "FJ"),
    "Taveuni, cut by 180 deg": (-16.85, 180.0, "FJ"),
    "Taveuni, west of 180 deg": (-16.85, 179.99, "FJ"),
    "Taveuni, east of 180 deg": (-16.85, -179.92, "FJ"),
    "Kourou": (5.16, -52.70, "GF"),
    "Baikonur, leased": (45.92, 63.34, ""),
    "Plesetsk": (62.93, 40.57, "RU"),
    "Cape Canaveral": (28.50, -80.56, "US"),
    "Jiuquan": (40.96, 100.29, "CN"),
    "Sriharikota": (13.73, 80.20, "IN"),
    "Mahia": (-39.22, 177.87, "NZ"),
    "Geneva": (46.20, 6.14, "CH"),
    "south pole": (-90.0, 12.0, "AQ"),
    "near the south pole": (-89.0, -179.99, "AQ"),
    "Lake Baikal, which counts as land": (53.5, 108.0, "RU"),
}
SEAS = {
    "north pole": (90.0, 0.0),
    "Atlantic": (0.0, -30.0),
    "Pacific on 180 deg": (10.0, 180.0),
    "Pacific beside it": (10.0, -179.99),
    "Caspian": (41.5, 51.0),
    "Black Sea": (43.0, 34.0),
    "Sea of Okhotsk": (55.0, 148.0),
    "strait between Taveuni and Vanua Levu": (-16.75, 179.72),
}


def radians_of(table: dict[str, Any]) -> tuple[Any, Any]:
    points = np.array([row[:2] for row in table.values()])
    return np.radians(points[:, 0]), np.radians(points[:, 1])


def test_known_places_lie_in_their_countries() -> None:
    found = country_at(*radians_of(PLACES))
    wrong = [
        (name, one and one.name)
        for (name, row), one in zip(PLACES.items(), found, strict=True)
        if one is None or one.iso2 != row[2]
    ]
    assert not wrong


def test_known_seas_are_sea() -> None:
    found = country_at(*radians_of(SEAS))
    wrong = [(name, one.name) for name, one in zip(SEAS, found, strict=True) if one is not None]
    assert not wrong


def test_every_turn_of_longitude_is_the_same_place() -> None:
    y, x = radians_of(PLACES)
    once = country_index(y, x).tolist()
    for turns in (-2, 1, 3):
        assert country_index(y, x + 2.0 * math.pi * turns).tolist() == once


def test_shapes_are_kept() -> None:
    assert country_index(0.9, 2.2).shape == ()
    assert country_index(np.full((2, 3), 0.9), 2.2).shape == (2, 3)
    assert is_land(np.zeros(0), np.zeros(0)).shape == (0,)


# Published areas in km2 (CIA World Factbook: land and inland water; Antarctica less its ice
# shelves, 14.0 less about 1.56 million). Small countries and many islands are held looser.
AREAS_KM2 = {
    "RU": (17_098_242, 0.01),
    "CA": (9_984_670, 0.01),
    "CN": (9_596_960, 0.03),
    "BR": (8_515_770, 0.01),
    "AU": (7_741_220, 0.01),
    "KZ": (2_724_900, 0.01),
    "MN": (1_564_116, 0.01),
    "GF": (83_534, 0.02),
    "LS": (30_355, 0.02),
    "FJ": (18_274, 0.05),
    "SM": (61, 0.05),
    "AQ": (12_440_000, 0.02),
}


@pytest.mark.parametrize("code", AREAS_KM2)
def test_areas_of_countries(code: str) -> None:
    published, share = AREAS_KM2[code]
    assert country(code).land_m2 / 1e6 == pytest.approx(published, rel=share)


def test_all_land_together() -> None:
    # 148.94 million km2 (CIA World Factbook) with 1.56 of Antarctic ice shelves.
    total = sum(one.land_m2 for one in countries()) / 1e6
    assert total == pytest.approx(148.94e6 - 1.56e6, rel=0.01)


@pytest.mark.parametrize("code", ["LS", "SM", "FJ", "AQ", "ZA", "KZ"])
def test_polygons_enclose_what_the_table_says(code: str) -> None:
    one = country(code)
    assert area_m2(country_area(one)) == pytest.approx(one.land_m2, rel=1e-4)


def test_polygons_and_cells_agree() -> None:
    rng = np.random.default_rng(11)
    y = np.arcsin(rng.uniform(0.6, 1.0, 20_000))
    x = rng.uniform(0.0, 2.0 * math.pi, 20_000)
    russia = country("RU")
    by_cells = country_index(y, x) == countries().index(russia)
    assert 0.1 < np.mean(by_cells) < 0.5
    assert np.array_equal(contains(country_area(russia), y, x), by_cells)


def test_antarctica_by_its_ring_and_by_cells() -> None:
    rng = np.random.default_rng(12)
    y, x = np.radians(rng.uniform(-90.0, -62.0, 5000)), rng.uniform(-math.pi, math.pi, 5000)
    south = country("AQ")
    by_cells = country_index(y, x) == countries().index(south)
    assert np.array_equal(contains(country_area(south), y, x), by_cells)


# ------------------------------------------------------------------ the data itself


def leaks(lines: LandLines) -> int:
    """Cells whose middle the labels put into another country than the lines round them do."""
    cell, south = land._cell_size(lines)
    labels = land._labels(lines, cell, south).reshape(1800, 3600)
    # Land by itself has no long thin stripes: a leak makes whole rows differ from both neighbours.
    above, below = np.roll(labels, 1, axis=0), np.roll(labels, -1, axis=0)
    stripe = (labels != above) & (labels != below)
    runs = np.lib.stride_tricks.sliding_window_view(stripe, 60, axis=1)
    return int(np.count_nonzero(np.all(runs, axis=-1)))


def test_no_country_leaks_along_a_row() -> None:
    assert leaks(load_land()) == 0


def test_a_line_taken_out_would_be_seen() -> None:
    lines = load_land()
    (_, tall), south = land._cell_size(lines)
    level = (1500 + 0.5) * tall + south  # the row of cells from 60.0 to 60.1 deg north
    low = np.minimum(lines.y, lines.y + lines.step_y)
    high = np.maximum(lines.y, lines.y + lines.step_y)
    met = np.flatnonzero((low <= level) & (level < high) & (lines.left == SEA))
    kept = np.ones(lines.x.size, dtype=bool)
    kept[met[0]] = False
    broken = replace(
        lines,
        **{n: getattr(lines, n)[kept] for n in ("x", "y", "step_x", "step_y", "left", "right")},
    )
    assert leaks(broken) > 0


def test_codes_are_there_once() -> None:
    codes = [one.iso2 for one in countries() if one.iso2]
    assert len(codes) == len(set(codes)) > 230
    assert [one.name for one in countries()] == sorted(one.name for one in countries())


def test_the_source_is_told() -> None:
    assert "Natural Earth 4.1.0" in land.attribution()
    assert "public domain" in land.attribution()


# ------------------------------------------------------------------ borders and coasts


def independent_distance(code: str, latitude: float, longitude: float) -> float:
    """Least geodesic to a country by search: 1440 rays in steps of 500 m, asking for cells."""
    from cosmodrome.world.polygons_geodesic import destination

    wanted = countries().index(country(code))
    azimuth = np.linspace(0.0, 2.0 * math.pi, 1440, endpoint=False)[:, None]
    along = np.arange(0.0, 400e3, 500.0)[None, :]
    hit = country_index(*destination(latitude, longitude, azimuth, along)) == wanted
    first = np.where(np.any(hit, axis=1), np.argmax(hit, axis=1), 10**6)
    return float(np.min(first)) * 500.0


def test_vostochny_to_china() -> None:
    here = math.radians(51.884), math.radians(128.334)
    found = nearest_line(*here, "border", of=country("CN"))
    # The Amur near Heihe to Huma; "about 100 km" in every description of the site.
    assert 95e3 < float(found.distance_m) < 125e3
    assert float(found.distance_m) == pytest.approx(independent_distance("CN", *here), abs=700.0)
    names = {countries()[int(found.left)].iso2, countries()[int(found.right)].iso2}
    assert names == {"RU", "CN"}
    foot = float(found.latitude_rad), float(found.longitude_rad)
    assert float(distance_m(*here, *foot)) == pytest.approx(float(found.distance_m), abs=1e-6)


def test_a_coast_by_search() -> None:
    here = math.radians(48.0), math.radians(-3.0)
    found = nearest_line(*here, "coast")
    north = np.radians(np.arange(48.0, 49.5, 0.001))
    straight = float(distance_m(*here, north[np.argmin(is_land(north, here[1]))], here[1]))
    assert 0.2 * straight < float(found.distance_m) <= straight + 200.0
    assert SEA in (int(found.left), int(found.right))


def test_the_49th_parallel_is_one_line() -> None:
    # A straight border whose corners are far apart: the foot lies on it, due south. One
    # degree of latitude is 111.2 km there; Natural Earth draws the line within 1 km of it.
    found = nearest_line(math.radians(49.5), math.radians(-104.0), "border")
    assert float(found.distance_m) == pytest.approx(0.5 * 111.2e3, abs=1e3)
    assert float(found.longitude_rad) == pytest.approx(math.radians(-104.0), abs=1e-3)


def test_there_is_no_coast_along_180_deg() -> None:
    # Taveuni and Wrangel Island are cut there in the source.
    wrangel = nearest_line(math.radians(71.2), math.pi, "any")
    assert float(wrangel.distance_m) > 10e3
    chukotka = nearest_line(math.radians(67.5), math.pi, "any")
    assert float(chukotka.distance_m) > 30e3


def test_a_kind_that_a_country_lacks_is_named() -> None:
    with pytest.raises(InputError, match="Australia has no border"):
        nearest_line(0.0, 0.0, "border", of=country("AU"))


def test_shapes_of_nearest_lines() -> None:
    found = nearest_line(np.full((2, 3), 0.9), np.full((2, 3), 2.2))
    assert found.distance_m.shape == found.left.shape == (2, 3)


# ------------------------------------------------------------------ names, cost


@pytest.mark.parametrize("text", ["KZ", "kaz", " Kazakhstan "])
def test_a_country_by_any_of_its_names(text: str) -> None:
    assert country(text).iso3 == "KAZ"


def test_a_misspelled_country_is_answered_with_near_names() -> None:
    with pytest.raises(InputError) as caught:
        country("Kazakstan")
    assert "Kazakhstan" in str(caught.value.allowed)
    with pytest.raises(InputError):
        country("")


def test_a_country_too_small_to_be_drawn_says_so() -> None:
    with pytest.raises(InputError, match="too small"):
        country_area(country("VA"))


def test_a_hundred_thousand_points_are_quick() -> None:
    import time

    rng = np.random.default_rng(1)
    y, x = rng.normal(1.06, 0.005, 100_000), rng.normal(0.09, 0.005, 100_000)  # Norway's fjords
    country_index(y[:1], x[:1])
    start = time.process_time()
    country_index(y, x)
    assert time.process_time() - start < 1.0


def test_the_command_line_does_not_load_it() -> None:
    program = (
        "import sys, cosmodrome.cli\n"
        "print([m for m in sys.modules if m.startswith('cosmodrome.world.land')"
        " or m.startswith('cosmodrome.world.p') or m == 'shapely'])"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
