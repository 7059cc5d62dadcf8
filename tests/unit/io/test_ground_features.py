from __future__ import annotations

import json
from math import radians
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmodrome.io.ground_features import GroundFeature, features_geojson, features_kml
from cosmodrome.world.polygons import area_m2, ellipse
from cosmodrome.world.polygons_geojson import area_from_geojson

SPACE = "{http://www.opengis.net/kml/2.2}"
ROUNDING = 1e-3  # of an area of some hundred km2, at a tenth of a metre


def around(latitude: float, longitude: float) -> GroundFeature:
    area = ellipse(radians(latitude), radians(longitude), 20e3, 5e3, 1.0)
    return GroundFeature("drop zone", area, {"probability": 0.99, "country": None})


@given(st.floats(-85.0, 85.0), st.floats(-180.0, 180.0))
@settings(max_examples=20, deadline=None)
def test_areas_come_back_from_geojson(latitude: float, longitude: float) -> None:
    one = around(latitude, longitude)
    told = json.loads(features_geojson([one], {"note": "x"}))
    back = area_from_geojson(told)
    assert area_m2(back) == pytest.approx(area_m2(one.what), rel=ROUNDING)  # type: ignore[arg-type]


def test_an_area_across_180_degrees_is_cut() -> None:
    told = json.loads(features_geojson([around(-18.0, 180.0)], {}))
    geometry = told["features"][0]["geometry"]
    assert geometry["type"] == "MultiPolygon"
    for polygon in geometry["coordinates"]:
        assert len({x > 0.0 for x, _ in polygon[0]}) == 1


def test_places_are_put_between_minus_180_and_180() -> None:
    one = GroundFeature("impact", (radians(10.0), radians(190.0)))
    told = json.loads(features_geojson([one], {}))
    assert told["features"][0]["geometry"] == {"type": "Point", "coordinates": [-170.0, 10.0]}


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=30))
@settings(deadline=None)
def test_any_name_goes_through_kml(name: str) -> None:
    one = GroundFeature(name, (0.1, 0.2), {name or "key": name})
    root = ET.fromstring(features_kml([one], name, name))  # noqa: S314 - our own text
    assert root.findtext(f".//{SPACE}Placemark/{SPACE}name") == name
    (data,) = root.iter(f"{SPACE}Data")
    assert data.get("name") == (name or "key")
    assert data.findtext(f"{SPACE}value") == name


def test_kml_holds_areas_with_all_their_parts() -> None:
    root = ET.fromstring(  # noqa: S314 - our own text
        features_kml([around(-18.0, 180.0), around(50.0, 60.0)], "zones", "aid")
    )
    counts = [len(one.findall(f".//{SPACE}Polygon")) for one in root.iter(f"{SPACE}Placemark")]
    assert counts == [2, 1]
    assert not [one for one in root.iter(f"{SPACE}Data") if one.get("name") == "country"]
