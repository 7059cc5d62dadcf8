"""People inside areas: islands with a census, towns as discs, grids, a user's raster."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmodrome.errors import InputError
from cosmodrome.world.people import (
    most_people,
    people_inside,
    town_people,
    town_radius_m,
    unlisted_per_m2,
)
from cosmodrome.world.people_grid import people_grid
from cosmodrome.world.people_raster import open_raster
from cosmodrome.world.places import load_places, nearest_places
from cosmodrome.world.polygons import Area, area_from_rings, area_m2, contains, ellipse
from cosmodrome.world.polygons_geodesic import destination


def polygon(*corners: tuple[float, float]) -> Area:
    return area_from_rings([np.radians(corners)])


def box(south: float, west: float, north: float, east: float) -> Area:
    return polygon((south, west), (south, east), (north, east), (north, west))


# Islands, drawn through the sea round them, and residents by their census: an area that
# the list was never fitted to. Sources: the statistical offices' census results.
ISLANDS = {
    "Tasmania, ABS 2021": (box(-44, 144.2, -40.3, 148.6), 557_571),
    "Iceland, Statistics Iceland 2021": (box(63, -25, 67, -13), 359_122),
    "Corsica, INSEE 2020": (box(41.33, 8.4, 43.1, 9.6), 343_701),
    "Crete, ELSTAT 2021": (box(34.7, 23.4, 35.75, 26.4), 624_408),
    "Madagascar, INSTAT 2018": (box(-26, 43, -11.8, 50.6), 25_674_196),
    "Jamaica, STATIN 2011": (box(17.6, -78.5, 18.6, -76.1), 2_697_983),
    "Puerto Rico, US Census 2020": (box(17.8, -67.4, 18.6, -65.1), 3_285_874),
    "Oahu, US Census 2020": (box(21.2, -158.35, 21.75, -157.6), 1_016_508),
    "Bali, BPS 2020": (box(-8.95, 114.48, -8.0, 115.8), 4_317_404),
    "Sri Lanka, DCS 2012": (
        polygon((5.8, 79.4), (5.8, 82), (9.0, 82), (10.0, 80.3), (9.6, 79.5), (8.9, 79.7)),
        20_359_439,
    ),
    "Newfoundland, Statistics Canada 2021": (
        polygon(
            (46.5, -59.6),
            (46.5, -52.5),
            (50, -52.5),
            (51.8, -55.2),
            (51.6, -56.2),
            (50.5, -57.8),
            (47.8, -59.6),
        ),
        477_787,
    ),
    "South Island, Stats NZ 2018": (
        polygon(
            (-47.3, 166),
            (-47.3, 171),
            (-42, 174.6),
            (-41, 174.55),
            (-40.4, 173),
            (-40.4, 172),
            (-43.5, 168),
            (-45.5, 165.5),
        ),
        1_104_537,
    ),
    "Unguja of Zanzibar, NBS 2022": (
        polygon((-6.55, 39.1), (-6.55, 39.7), (-5.6, 39.6), (-5.6, 39.15)),
        1_346_332,
    ),
}


@pytest.mark.parametrize("island", ISLANDS)
def test_the_census_lies_between_low_and_high(island: str) -> None:
    area, people = ISLANDS[island]
    found = people_inside(area)
    assert found.low <= people <= found.high
    # And the two still say something: within a factor of seven and of four of the truth.
    assert found.low > people / 7.0
    assert found.high < 4.0 * people


def test_the_list_alone_is_no_bound_either_way() -> None:
    # Why low and high exist: suburbs are listed twice in Hawaii, villages not at all in Sri Lanka.
    oahu, people = ISLANDS["Oahu, US Census 2020"]
    assert people_inside(oahu).listed > 1.5 * people
    lanka, people = ISLANDS["Sri Lanka, DCS 2012"]
    assert people_inside(lanka).listed < 0.5 * people


def test_high_stops_at_what_the_country_has() -> None:
    # Iceland's list holds half as many again: suburbs of Reykjavik are counted twice.
    around = box(62.5, -26.0, 67.5, -12.0)
    assert people_inside(around).high <= most_people()["IS"] * (1.0 + 1e-12)
    assert town_people(around)[1] > 0.0


def test_nothing_listed_is_not_nobody() -> None:
    taiga = people_inside(ellipse(math.radians(60.0), math.radians(110.0), 30e3, 15e3, 0.5))
    assert taiga.statement == "no listed place"
    assert (taiga.listed, taiga.low, taiga.listed_places) == (0, 0.0, 0)
    assert taiga.high > 0.0
    assert taiga.land_share == 1.0
    # Irkutsk region has 3 people per km2, nearly all of them in its towns.
    assert taiga.high < 10.0e-6 * area_m2(ellipse(0.0, 0.0, 30e3, 15e3))


def test_at_sea_there_is_nobody_to_count() -> None:
    found = people_inside(ellipse(0.0, math.radians(-30.0), 30e3, 15e3))
    assert (found.low, found.high, found.land_share) == (0.0, 0.0, 0.0)
    assert found.statement == "no listed place"


def test_one_place_and_its_name() -> None:
    town, *_ = nearest_places(math.radians(51.8), math.radians(128.1), 1)
    found = people_inside(ellipse(town.latitude_rad, town.longitude_rad, 8e3, 8e3))
    assert found.statement == "1 listed place"
    assert [one.name for one in found.largest] == [town.name]
    assert found.listed == town.people
    assert 0.5 * town.people < found.low <= town.people <= found.high
    assert "GeoNames" in found.source


def circle_beside(here: tuple[float, float], away_m: float, radius_m: float) -> Area:
    latitude, longitude = destination(*here, 0.5 * math.pi, away_m)
    return ellipse(float(latitude), float(longitude), radius_m, radius_m)


def test_a_town_is_a_disc_that_areas_can_cut() -> None:
    omsk, *_ = nearest_places(math.radians(54.99), math.radians(73.37), 1, 1_000_000)
    radius = float(town_radius_m(omsk.people))
    assert math.pi * radius**2 * 1500.0e-6 == pytest.approx(omsk.people)
    here = omsk.latitude_rad, omsk.longitude_rad
    # An edge through the town's point: low has somewhat less than half of the disc, high all.
    low, high = town_people(circle_beside(here, 60e3, 60.1e3))
    assert 0.3 * omsk.people < low < 0.5 * omsk.people
    assert omsk.people < high < 1.2 * omsk.people
    beside = circle_beside(here, 30e3 + 0.8 * radius, 30e3)
    assert not contains(beside, *here)
    low, high = town_people(beside)
    assert low < 0.05 * omsk.people
    assert 0.01 * omsk.people < high < 0.5 * omsk.people


def test_a_small_area_in_a_large_town_does_not_hold_all_of_it() -> None:
    moscow = math.radians(55.7522), math.radians(37.6156)
    found = people_inside(ellipse(*moscow, 1e3, 1e3))
    size = math.pi * 1.0  # km2
    assert 500.0 * size < found.low < 5_000.0 * size
    assert 10_000.0 * size < found.high <= 43_100.0 * size


def test_unlisted_people_are_nowhere_at_sea_and_somewhere_on_land() -> None:
    y, x = np.radians([[60.0, 0.0, -80.0], [110.0, -30.0, 60.0]])
    density, on_land, country = unlisted_per_m2(y, x)
    assert on_land.tolist() == [True, False, True]
    codes = [load_places().codes[k] if k >= 0 else None for k in country.tolist()]
    assert codes == ["RU", None, None]
    assert density[0] > 0.0
    assert density[1] == 0.0
    assert density[2] == 0.0  # Antarctica has no residents


def test_areas_across_180_deg_and_over_the_pole_are_counted() -> None:
    fiji = people_inside(ellipse(math.radians(-17.0), math.pi, 250e3, 250e3))
    assert fiji.low > 50_000
    pole = people_inside(ellipse(0.5 * math.pi, 0.0, 300e3, 300e3))
    assert pole.high == 0.0


# ------------------------------------------------------------------ grid


def test_the_grid_holds_the_people_of_its_area() -> None:
    area = box(40.0, 120.0, 46.0, 130.0)
    grid = people_grid(*np.radians([40.0, 120.0, 46.0, 130.0, 0.5]))
    found = people_inside(area)
    assert grid.low.shape == (12, 20)
    assert np.sum(grid.low) == pytest.approx(found.low, rel=0.02)
    assert np.sum(grid.high) == pytest.approx(found.high, rel=0.1)
    assert np.all(grid.low <= grid.high)
    assert np.sum(grid.cell_m2) * 20 == pytest.approx(area_m2(area), rel=1e-9)


def test_the_grid_of_the_whole_earth() -> None:
    # 7.6 thousand million people by the list's country totals; 147 million km2 of land.
    grid = people_grid(*np.radians([-90.0, -180.0, 90.0, 180.0, 2.0]))
    assert grid.low.shape == (90, 180)
    assert np.sum(grid.low) < 7.6e9 < np.sum(grid.high)
    assert np.sum(grid.land_m2) == pytest.approx(146.8e12, rel=0.01)


def test_the_grid_gives_densities_at_points() -> None:
    grid = people_grid(*np.radians([50.0, 170.0, 70.0, -170.0, 1.0]))
    low, high = grid.density(np.radians([66.4, 66.4]), np.radians([-179.2, 180.8]))
    assert low[0] == low[1] > 0.0
    assert high[0] > low[0]
    with pytest.raises(InputError):
        grid.density(math.radians(66.4), math.radians(-160.0))


@pytest.mark.parametrize(
    "numbers",
    [
        (50.0, 0.0, 40.0, 10.0, 1.0),
        (40.0, 0.0, 50.0, 10.0, 0.01),
        (-90.0, -180.0, 90.0, 180.0, 0.1),
        (math.nan, 0.0, 50.0, 10.0, 1.0),
    ],
)
def test_a_grid_that_cannot_be_is_named(numbers: tuple[float, ...]) -> None:
    with pytest.raises(InputError):
        people_grid(*np.radians(numbers).tolist())


# ------------------------------------------------------------------ a user's raster

ROWS, COLUMNS, CELL = 60, 80, 0.05
NORTH, WEST = 53.0, 127.0


def counts() -> np.ndarray:
    values = np.random.default_rng(5).integers(0, 50, (ROWS, COLUMNS)).astype(float)
    values[:, :3] = -9999.0
    return values


def write_asc(path: Path, values: np.ndarray, corner: str = "corner") -> None:
    shift = 0.5 * CELL if corner == "center" else 0.0
    header = (
        f"ncols {values.shape[1]}\nnrows {values.shape[0]}\nxll{corner} {WEST + shift}\n"
        f"yll{corner} {NORTH - CELL * values.shape[0] + shift}\ncellsize {CELL}\n"
        "NODATA_value -9999\n"
    )
    body = "\n".join(" ".join(f"{v:g}" for v in row) for row in values)
    path.write_text(header + body + "\n", encoding="ascii")


def by_hand(values: np.ndarray, area: Area) -> tuple[float, float]:
    """Cells told by 21 x 21 points in each: wholly inside, touched."""
    place = (np.arange(21) + 0.5) / 21
    y = np.radians(NORTH - CELL * (np.arange(ROWS)[:, None] + place).ravel())
    x = np.radians(WEST + CELL * (np.arange(COLUMNS)[:, None] + place).ravel())
    inside = contains(area, *np.meshgrid(y, x, indexing="ij")).reshape(ROWS, 21, COLUMNS, 21)
    people = np.where(values < 0.0, 0.0, values)
    return (
        float(np.sum(people[np.all(inside, axis=(1, 3))])),
        float(np.sum(people[np.any(inside, axis=(1, 3))])),
    )


ZONE = ellipse(math.radians(51.5), math.radians(128.9), 80e3, 35e3, 0.8)


@pytest.mark.parametrize("corner", ["corner", "center"])
def test_an_ascii_grid_is_counted_by_its_cells(tmp_path: Path, corner: str) -> None:
    values = counts()
    write_asc(tmp_path / "people.asc", values, corner)
    low, high = open_raster(tmp_path / "people.asc").people_inside(ZONE)
    wanted = by_hand(values, ZONE)
    assert low <= wanted[0]
    assert high >= wanted[1]
    assert [low, high] == pytest.approx(list(wanted), rel=0.02)
    assert low < high


def test_a_grid_told_by_its_cells_middle_is_the_same_grid(tmp_path: Path) -> None:
    write_asc(tmp_path / "corner.asc", counts(), "corner")
    write_asc(tmp_path / "center.asc", counts(), "center")
    by_corner = open_raster(tmp_path / "corner.asc").people_inside(ZONE)
    assert open_raster(tmp_path / "center.asc").people_inside(ZONE) == by_corner


def test_a_grid_turned_upside_down_would_be_seen(tmp_path: Path) -> None:
    values = counts()
    write_asc(tmp_path / "people.asc", values[::-1])
    low, _ = open_raster(tmp_path / "people.asc").people_inside(ZONE)
    assert low != pytest.approx(by_hand(values, ZONE)[0], rel=0.02)


@pytest.mark.parametrize("layout", ["strips", "tiles", "deflated", "point"])
def test_a_geotiff_gives_what_the_ascii_grid_gives(tmp_path: Path, layout: str) -> None:
    values = counts()
    write_asc(tmp_path / "people.asc", values)
    write_tif(tmp_path / "people.tif", values, layout)
    wanted = open_raster(tmp_path / "people.asc").people_inside(ZONE)
    assert open_raster(tmp_path / "people.tif").people_inside(ZONE) == pytest.approx(wanted)


def write_tif(path: Path, values: np.ndarray, layout: str, code: int = 4326) -> None:
    library = pytest.importorskip("tifffile")
    point = layout == "point"
    keys = [1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 2 if point else 1, 2048, 0, 1, code]
    half = 0.5 * CELL if point else 0.0
    every: dict[str, dict[str, Any]] = {
        "tiles": {"tile": (16, 32)},
        "deflated": {"compression": "zlib", "rowsperstrip": 7},
        "strips": {"rowsperstrip": 16},
        "point": {"rowsperstrip": 16},
    }
    library.imwrite(
        path,
        values.astype(np.float32),
        metadata=None,
        extratags=[
            (33550, "d", 3, (CELL, CELL, 0.0), False),
            (33922, "d", 6, (0.0, 0.0, 0.0, WEST + half, NORTH - half, 0.0), False),
            (34735, "H", len(keys), tuple(keys), False),
            (42113, "s", 0, "-9999", False),
        ],
        **every[layout],
    )


def test_a_projected_geotiff_is_refused(tmp_path: Path) -> None:
    write_tif(tmp_path / "people.tif", counts(), "strips", code=4269)
    with pytest.raises(InputError, match="EPSG:4326"):
        open_raster(tmp_path / "people.tif")


def test_a_compression_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    library = pytest.importorskip("tifffile")
    path = tmp_path / "people.tif"
    write_tif(path, counts(), "strips")
    with library.TiffFile(path, mode="r+") as file:
        file.pages[0].tags["Compression"].overwrite(50001)  # WebP, which needs more libraries
    with pytest.raises(InputError, match="compression") as caught:
        open_raster(path).people_inside(ZONE)
    assert "deflate" in str(caught.value.allowed)


def test_a_raster_takes_the_place_of_the_estimate(tmp_path: Path) -> None:
    write_asc(tmp_path / "people.asc", counts())
    raster = open_raster(tmp_path / "people.asc")
    found = people_inside(ZONE, raster)
    assert (found.low, found.high) == raster.people_inside(ZONE)
    assert found.source == "people.asc"
    assert found.listed == people_inside(ZONE).listed


def test_a_global_raster_goes_round(tmp_path: Path) -> None:
    path = tmp_path / "world.asc"
    body = "\n".join(" ".join("1" for _ in range(72)) for _ in range(36))
    path.write_text(
        f"ncols 72\nnrows 36\nxllcorner -180\nyllcorner -90\ncellsize 5\n{body}\n", encoding="ascii"
    )
    raster = open_raster(path)
    here = raster.people_inside(box(-21.0, 79.0, 21.0, 121.0))
    across = raster.people_inside(box(-21.0, 159.0, 21.0, 201.0))
    assert here == across
    assert here[0] == 8 * 8
    assert here[1] == 10 * 10
    cap = raster.people_inside(ellipse(0.5 * math.pi, 0.0, 1_000e3, 1_000e3))
    assert cap == (72.0, 144.0)


def on_grid(raster: Any, south: float, west: float, step: float, shape: tuple[int, int]) -> Any:
    """As `people_on_grid`, in degrees."""
    return raster.people_on_grid(math.radians(south), math.radians(west), math.radians(step), shape)


def on_grid_by_hand(values: np.ndarray, south: float, west: float, step: float) -> np.ndarray:
    """Two by three cells, each told by 300 points along each side; NaN outside."""
    place = (np.arange(300) + 0.5) / 300
    people = np.where(values < 0.0, 0.0, values)
    found = np.empty((2, 3))
    for r in range(2):
        for c in range(3):
            y = np.floor((NORTH - (south + (r + place) * step)) / CELL).astype(int)
            x = np.floor((west + (c + place) * step - WEST) / CELL).astype(int)
            outside = y.min() < 0 or y.max() >= ROWS or x.min() < 0 or x.max() >= COLUMNS
            part = (step / CELL / 300) ** 2
            found[r, c] = np.nan if outside else float(np.sum(people[np.ix_(y, x)])) * part
    return found


@given(
    south=st.floats(49.0, 53.0),
    west=st.floats(126.0, 131.0),
    step=st.sampled_from([0.1, 0.37, 0.5]),
)
@settings(max_examples=40, deadline=None)
def test_a_raster_on_a_grid_is_what_points_say(south: float, west: float, step: float) -> None:
    values = counts()
    with tempfile.TemporaryDirectory() as folder:
        write_asc(Path(folder) / "people.asc", values)
        raster = open_raster(Path(folder) / "people.asc")
        found = on_grid(raster, south, west, step, (2, 3))
    wanted = on_grid_by_hand(values, south, west, step)
    assert np.array_equal(np.isnan(found), np.isnan(wanted))
    assert found == pytest.approx(wanted, rel=0.05, abs=5.0, nan_ok=True)


def test_a_raster_on_a_grid_loses_nobody(tmp_path: Path) -> None:
    values = counts()
    write_asc(tmp_path / "people.asc", values)
    raster = open_raster(tmp_path / "people.asc")
    tall, wide = ROWS * CELL, COLUMNS * CELL
    step = tall / 7.0
    across = int(wide / step)
    found = on_grid(raster, NORTH - tall, WEST, step, (7, across))
    assert not np.any(np.isnan(found))
    people = np.where(values < 0.0, 0.0, values)
    covered = people[:, : int(across * step / CELL)].sum()
    part = across * step / CELL - int(across * step / CELL)
    if part > 0.0:
        covered += part * people[:, int(across * step / CELL)].sum()
    assert float(np.sum(found)) == pytest.approx(covered, rel=1e-9)


def test_a_global_raster_on_a_grid_goes_round(tmp_path: Path) -> None:
    path = tmp_path / "world.asc"
    body = "\n".join(" ".join(str(c) for c in range(72)) for _ in range(36))
    path.write_text(
        f"ncols 72\nnrows 36\nxllcorner -180\nyllcorner -90\ncellsize 5\n{body}\n", encoding="ascii"
    )
    raster = open_raster(path)
    found = on_grid(raster, -10.0, 170.0, 5.0, (2, 4))
    assert found.tolist() == pytest.approx(np.array([[70.0, 71.0, 0.0, 1.0]] * 2), rel=1e-6)
    out = on_grid(raster, 80.0, -180.0, 10.0, (2, 36))
    assert np.all(np.isnan(out[1]))
    assert float(np.sum(out[0])) == pytest.approx(2.0 * sum(range(72)))


def test_an_area_that_reaches_out_is_named(tmp_path: Path) -> None:
    write_asc(tmp_path / "people.asc", counts())
    with pytest.raises(InputError, match="reaches out"):
        open_raster(tmp_path / "people.asc").people_inside(
            ellipse(math.radians(53.0), math.radians(128.0), 50e3, 50e3)
        )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("people.asc", "hello\n"),
        ("people.asc", ""),
        ("people.asc", "ncols 2\nnrows x\n"),
        ("people.asc", "ncols 0\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize 1\n"),
        ("people.tif", "II this is no tiff"),
        ("people.png", "x"),
    ],
)
def test_what_is_no_raster_is_named(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="ascii")
    with pytest.raises(InputError) as caught:
        open_raster(tmp_path / name)
    assert caught.value.file is not None
    with pytest.raises(InputError, match="no such file"):
        open_raster(tmp_path / "missing.asc")


def test_a_short_grid_is_named(tmp_path: Path) -> None:
    write_asc(tmp_path / "people.asc", counts())
    lines = (tmp_path / "people.asc").read_text().splitlines()
    (tmp_path / "people.asc").write_text("\n".join(lines[:30]))
    with pytest.raises(InputError, match=r"row \d+ of the raster"):
        open_raster(tmp_path / "people.asc").people_inside(ZONE)
