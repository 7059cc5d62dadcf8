"""Hazard areas in every form: what is written is read back, and what is broken is refused."""

from __future__ import annotations

import json
import math
import time
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmodrome.errors import InputError, ShapeError
from cosmodrome.io.bounds import Source
from cosmodrome.io.hazard_files import DraftArea, hazard_czml, hazard_geojson, hazard_kml
from cosmodrome.io.hazard_text import (
    hazard_text,
    in_minutes,
    in_seconds,
    published_area,
    read_positions,
)
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.polygons import area_m2, ellipse
from cosmodrome.world.polygons_overlap import overlap

START = Epoch.parse("2027-03-20T11:30:00Z")
ABOUT = Source("a list")


def draft(
    name: str = "stage 1",
    latitude: float = 61.0,
    longitude: float = 123.0,
    facts: Any = (("probability", 0.99),),
) -> Any:
    area = ellipse(math.radians(latitude), math.radians(longitude), 60e3, 20e3, 0.4, 36)
    return DraftArea(name, area, area.rings[0][:-1], START, START + 3600.0, facts)


LAND, LINE = draft(), draft("over the line <&>", -17.0, 179.9)


# ------------------------------------------------------------ positions


@pytest.mark.parametrize(
    ("latitude", "longitude", "seconds", "minutes"),
    [
        (51.8847222, 128.33416, "515305N 1282003E", "51-53.1N 128-20.0E"),
        (-0.5, -0.25, "003000S 0001500W", "00-30.0S 000-15.0W"),
        (0.0, 0.0, "000000N 0000000E", "00-00.0N 000-00.0E"),
        (59.99999, 9.99999, "600000N 0100000E", "60-00.0N 010-00.0E"),
        (-90.0, 179.9999, "900000S 1800000E", "90-00.0S 180-00.0E"),
        (10.0, 190.0, "100000N 1700000W", "10-00.0N 170-00.0W"),
    ],
)
def test_positions_are_written_as_notices_write_them(
    latitude: float, longitude: float, seconds: str, minutes: str
) -> None:
    place = math.radians(latitude), math.radians(longitude)
    assert in_seconds(*place) == seconds
    assert in_minutes(*place) == minutes


@given(latitude=st.floats(-90.0, 90.0), longitude=st.floats(-180.0, 180.0))
def test_positions_come_back_to_within_their_rounding(latitude: float, longitude: float) -> None:
    for write, unit_deg in ((in_seconds, 1.0 / 3600.0), (in_minutes, 0.1 / 60.0)):
        text = write(math.radians(latitude), math.radians(longitude))
        ((back_lat, back_lon),) = np.degrees(read_positions(ABOUT, text)).tolist()
        assert abs(back_lat - latitude) <= 0.5 * unit_deg + 1e-9
        turn = (back_lon - longitude + 180.0) % 360.0 - 180.0
        assert abs(turn) <= 0.5 * unit_deg + 1e-9


def test_a_list_wrapped_anywhere_is_read() -> None:
    text = "AREA BOUNDED BY 51-53.1N 128-20.0E, 52-00N\n129-00E,\n51-30.5N 129-10.0E."
    assert np.degrees(read_positions(ABOUT, text)).round(4).tolist() == [
        [51.885, 128.3333], [52.0, 129.0], [51.5083, 129.1667]
    ]  # fmt: skip


def test_of_two_styles_the_first_counts() -> None:
    assert len(read_positions(ABOUT, hazard_text([LAND], "x"))) == len(LAND.corners)


@pytest.mark.parametrize(
    "text", ["", "nothing", "916000N 1280000E", "51-60.1N 128-00.0E", "516000N 1280000E",
             "51-53.1N 181-00.0E", "900001S 0000000E"],
)  # fmt: skip
def test_positions_off_the_globe_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_positions(ABOUT, text)


@pytest.mark.parametrize("place", [(2.0, 0.0), (math.nan, 0.0), (0.0, math.inf)])
def test_only_places_on_the_globe_are_written(place: Any) -> None:
    with pytest.raises(InputError):
        in_seconds(*place)


# ------------------------------------------------------------ forms


def test_the_text_says_what_it_is_and_when() -> None:
    text = hazard_text([LAND, LINE], "vehicle from pad")
    assert text.startswith("DRAFT, NOT A NOTICE\n")
    assert text.count("(draft, not a notice)") == 2
    assert "Planning aid, not a licence analysis." in text
    assert "from 2027-03-20 11:30 until 2027-03-20 12:30 UTC" in text
    assert "2703201130-2703201230" in text
    assert text.isascii()


def test_a_name_of_several_lines_stays_one() -> None:
    text = hazard_text([draft("a\nDRAFT 515305N 1282003E\u2028")], "one\ntwo")
    assert len(text.splitlines()) == 4 + 1 + 4 + len(LAND.corners)


def test_geojson_is_cut_at_180_and_says_it_is_a_draft() -> None:
    document = json.loads(hazard_geojson([LAND, LINE], {"vehicle": "x"}))
    assert document["type"] == "FeatureCollection"
    assert document["vehicle"] == "x"
    kinds = [one["geometry"]["type"] for one in document["features"]]
    assert kinds == ["Polygon", "MultiPolygon"]
    for one in document["features"]:
        assert one["properties"]["status"] == "draft, not a notice"
        assert one["properties"]["from_utc"] == "2027-03-20T11:30:00Z"
        polygons = one["geometry"]["coordinates"]
        for rings in polygons if one["geometry"]["type"] == "MultiPolygon" else [polygons]:
            ring = np.array(rings[0])
            assert np.all(np.abs(ring[:, 0]) <= 180.0)
            assert np.ptp(ring[:, 0]) < 5.0
            assert rings[0][0] == rings[0][-1]


def test_kml_is_xml_with_times_and_polygons() -> None:
    root = ET.fromstring(hazard_kml([LAND, LINE]))  # noqa: S314 - our own text
    space = {"k": "http://www.opengis.net/kml/2.2"}
    marks = root.findall(".//k:Placemark", space)
    assert [len(mark.findall(".//k:Polygon", space)) for mark in marks] == [1, 2]
    assert marks[1].findtext("k:name", None, space) == "over the line <&> (draft, not a notice)"
    assert marks[0].findtext("k:TimeSpan/k:begin", None, space) == "2027-03-20T11:30:00Z"


def test_czml_shows_each_area_while_it_is_active() -> None:
    packets = json.loads(hazard_czml([LAND, LINE]))
    assert packets[0]["id"] == "document"
    assert "draft" in packets[0]["name"]
    assert len(packets) == 1 + 1 + 2
    assert len({packet["id"] for packet in packets}) == len(packets)
    for packet in packets[1:]:
        assert packet["availability"] == "2027-03-20T11:30:00Z/2027-03-20T12:30:00Z"
        places = np.array(packet["polygon"]["positions"]["cartographicDegrees"]).reshape(-1, 3)
        assert np.all(np.abs(places[:, 0]) <= 180.0)
        assert not np.array_equal(places[0], places[-1])


def test_no_areas_are_no_error() -> None:
    assert json.loads(hazard_geojson([]))["features"] == []
    assert len(json.loads(hazard_czml([]))) == 1
    assert "No area." in hazard_text([], "x")
    ET.fromstring(hazard_kml([]))  # noqa: S314 - our own text


@pytest.mark.parametrize("ending", ["json", "kml", "txt"])
@pytest.mark.parametrize("one", [LAND, LINE], ids=["land", "date line"])
def test_what_was_written_is_the_same_area_when_read(tmp_path: Path, ending: str, one: Any) -> None:
    texts: dict[str, Any] = {
        "json": hazard_geojson,
        "kml": hazard_kml,
        "txt": lambda a: hazard_text(a, "x"),
    }
    path = tmp_path / f"area.{ending}"
    path.write_text(texts[ending]([one]))
    both = overlap(one.area, published_area(path))
    assert both.of_first > 0.9995
    assert both.of_second > 0.9995


def test_several_polygons_of_a_file_are_joined(tmp_path: Path) -> None:
    path = tmp_path / "two.txt"
    path.write_text(hazard_text([LAND, draft("again"), LINE], "x"))
    assert area_m2(published_area(path)) == pytest.approx(
        area_m2(LAND.area) + area_m2(LINE.area), rel=1e-3
    )


def test_a_hole_of_a_kml_is_a_hole(tmp_path: Path) -> None:
    ring = "<LinearRing><coordinates>{}</coordinates></LinearRing>"
    outer = ring.format("0,0 2,0 2,2 0,2 0,0")
    inner = ring.format("0.5,0.5 1.5,0.5 1.5,1.5 0.5,1.5 0.5,0.5")
    path = tmp_path / "hole.kml"
    path.write_text(
        f"<kml><Polygon><outerBoundaryIs>{outer}</outerBoundaryIs>"
        f"<innerBoundaryIs>{inner}</innerBoundaryIs></Polygon></kml>"
    )
    assert area_m2(published_area(path)) == pytest.approx(0.75 * 4.0 * 110.6e3 * 111.3e3, rel=0.01)


# ------------------------------------------------------------ broken files


@pytest.mark.parametrize(
    "content",
    [
        "", "{", '{"type": "Point", "coordinates": [1, 2]}', "[" * 100_000, "{" * 100_000,
        '{"a":' * 20_000, "<kml>", "<kml/>", "<kml><Polygon/></kml>",
        "<kml><Polygon><LinearRing><coordinates>1,2 x,y</coordinates></LinearRing></Polygon></kml>",
        "<kml><Polygon><LinearRing><coordinates>1,2 3,4</coordinates></LinearRing></Polygon></kml>",
        "<kml><Polygon><LinearRing><coordinates>1,99 3,4 5,6</coordinates></LinearRing></Polygon>",
        '<!DOCTYPE kml [<!ENTITY a "b">]><kml>&a;</kml>', "<a>" * 100,
        "51-53.1N 128-20.0E 52-00N 129-00E", "no position",
        "000000N 0000000E 000000N 0010000E 000000N 0020000E",
    ],
)  # fmt: skip
def test_broken_files_are_refused_by_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "area"
    path.write_text(content)
    with pytest.raises(InputError) as refused:
        published_area(path)
    assert refused.value.file == str(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        published_area(tmp_path / "none")


@given(content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
@settings(max_examples=60)
def test_any_bytes_are_read_or_refused(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "area"
    path.write_bytes(content)
    with pytest.raises(InputError):
        published_area(path)


@given(data=st.data())
@settings(max_examples=60)
def test_a_text_with_bytes_changed_is_read_or_refused(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    writers = (hazard_geojson, hazard_kml, lambda areas: hazard_text(areas, "x"))
    content = bytearray(data.draw(st.sampled_from(writers))([LAND]).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("fuzz") / "area"
    path.write_bytes(bytes(content))
    try:
        area = published_area(path)
    except InputError:
        return
    assert area_m2(area) > 0.0


def test_what_no_pattern_should_take_long_over(tmp_path: Path) -> None:
    """A line of digits and spaces is looked through once, not over and over."""
    path = tmp_path / "area"
    path.write_text("\n".join(["515305N " * 400] * 500))
    began = time.process_time()
    with pytest.raises(InputError):
        published_area(path)
    assert time.process_time() - began < 2.0


def test_corners_must_be_pairs() -> None:
    with pytest.raises(ShapeError):
        DraftArea("x", LAND.area, np.zeros((2, 2)), START, START)


def test_an_end_before_its_beginning_is_refused() -> None:
    with pytest.raises(InputError):
        DraftArea("x", LAND.area, LAND.corners, START, START - 1.0)
