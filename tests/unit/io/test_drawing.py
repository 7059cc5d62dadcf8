import json
from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.io.drawing import czml_text, geojson_text, kml_text
from cosmodrome.io.ground import cut_at_180, ground_path
from cosmodrome.world.earth import site_position
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import Event, Trajectory

START = Epoch.parse("2027-03-20T12:00:00Z")


def flight() -> Trajectory:
    """East over the Pacific at 10 km, from 170 E to 170 W, with a jump at 175 E."""
    longitude = np.radians([170.0, 172.0, 175.0, 175.0, 179.0, 183.0, 190.0])
    latitude = np.radians([10.0, 10.0, 10.0, 10.0, 12.0, 14.0, 20.0])
    places = [
        site_position(a, b, 10e3, 6378137.0, 1.0 / 298.257223563)
        for a, b in zip(latitude, longitude, strict=True)
    ]
    r = np.array([np.asarray(place, dtype=float).ravel() for place in places])
    t = np.array([0.0, 10.0, 20.0, 20.0, 30.0, 40.0, 50.0])
    parts = (("boost & <go>", 0, 3), ("coast", 3, 7))
    events = (Event("cut-off", 20.0), Event("crossing", 35.0), Event("later", 99.0))
    return Trajectory(START, "ITRF", t, r, 0.0 * r, segments=parts, events=events)


def test_the_ground_path_is_where_it_was_put() -> None:
    path = ground_path(flight())
    assert path.longitude_deg == pytest.approx([170, 172, 175, 175, 179, -177, -170])
    assert path.altitude_m == pytest.approx([10e3] * 7, abs=1e-6)


def test_a_line_is_cut_at_180_degrees() -> None:
    longitude, latitude = np.array([170.0, -170.0, 175.0]), np.array([0.0, 10.0, 20.0])
    first, second, third = cut_at_180(longitude, latitude, np.zeros(3))
    assert first.tolist() == [[170.0, 0.0, 0.0], [180.0, 5.0, 0.0]]
    assert second[0].tolist() == [-180.0, 5.0, 0.0]
    assert second[-1][0] == -180.0
    assert third[0][0] == 180.0
    # Ten of fifteen degrees of the way back.
    assert second[-1][1] == pytest.approx(10.0 + 10.0 * 10.0 / 15.0)


def test_geojson_is_within_bounds_and_split() -> None:
    document = json.loads(geojson_text(flight()))
    boost, coast, cut_off, crossing = document["features"]
    assert boost["geometry"]["type"] == "LineString"
    assert coast["geometry"]["type"] == "MultiLineString"
    west, east = coast["geometry"]["coordinates"]
    assert west[-1][0] == 180.0
    assert east[0][0] == -180.0
    assert west[-1][1:] == east[0][1:]
    for line in (west, east):
        assert max(abs(a[0] - b[0]) for a, b in pairwise(line)) < 180.0
    assert cut_off["geometry"]["coordinates"] == [175.0, 10.0, 10000.0]
    assert crossing["geometry"]["coordinates"][0] == pytest.approx(-179.0)
    assert crossing["properties"] == {"name": "crossing", "utc": "2027-03-20T12:00:35Z"}


def test_kml_is_well_formed_and_whole() -> None:
    root = ET.fromstring(kml_text(flight(), "a & b"))  # noqa: S314
    space = {"k": "http://www.opengis.net/kml/2.2"}
    names = [node.text for node in root.findall(".//k:Placemark/k:name", space)]
    assert names == ["boost & <go>", "coast", "cut-off", "crossing"]
    assert len(root.findall(".//k:LineString", space)) == 3
    point = root.findall(".//k:Point/k:coordinates", space)[0].text
    assert point == "175.0,10.0,10000.0"


def test_czml_never_interpolates_across_a_jump() -> None:
    document, body, *events = json.loads(czml_text(flight(), "SAT"))
    assert document["id"] == "document"
    assert [one["interval"] for one in body["position"]] == [
        "2027-03-20T12:00:00Z/2027-03-20T12:00:20Z",
        "2027-03-20T12:00:20Z/2027-03-20T12:00:50Z",
    ]
    first = np.array(body["position"][0]["cartesian"]).reshape(-1, 4)
    assert first[:, 0].tolist() == [0.0, 10.0, 20.0]
    assert first[:, 1:] == pytest.approx(flight().r_m[:3], abs=0.006)
    assert [one["name"] for one in events] == ["cut-off", "crossing"]


def test_an_empty_trajectory_is_refused() -> None:
    none = Trajectory(START, "ITRF", np.zeros(0), np.zeros((0, 3)), np.zeros((0, 3)))
    for write in (geojson_text, kml_text, czml_text):
        with pytest.raises(InputError):
            write(none)
