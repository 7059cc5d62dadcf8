import math
from pathlib import Path

import pytest

from cosmodrome.errors import InputError
from cosmodrome.orbit.stations import Station, read_stations, station, stations


def test_every_station_of_the_list_has_a_source_and_a_place() -> None:
    listed = stations()
    assert len(listed) >= 30
    assert len({s.name for s in listed}) == len(listed)
    for one in listed:
        assert one.source.startswith("NDOSL ")
        assert one.operator
        assert -100.0 < one.altitude_m < 2000.0


# DSS-14, 43 and 63 by IAU Commission 4's list (ITRF 2005, epoch 2003.0), metres.
@pytest.mark.parametrize(
    ("name", "xyz"),
    [
        ("goldstone", (-2353621.3873, -4641341.4492, 3677052.2629)),
        ("canberra", (-4460894.9092, 2682361.5401, -3674748.0458)),
    ],
)
def test_positions_are_those_of_another_list(name: str, xyz: tuple[float, ...]) -> None:
    assert station(name).position_m == pytest.approx(xyz, abs=5.0)


def test_names_are_found_whatever_their_case() -> None:
    assert station("New Norcia").name == "new-norcia"


def test_a_place_by_its_coordinates() -> None:
    place = station(" 37.94, -75.47,10")
    assert place.latitude_rad == pytest.approx(math.radians(37.94))
    assert place.longitude_rad == pytest.approx(math.radians(-75.47))
    assert place.altitude_m == 10.0
    assert station("-90,0").altitude_m == 0.0


@pytest.mark.parametrize(
    "text", ["walops", "91,0", "1,2,3,4", "nan,0", "10,inf", "0,400", "0,0,1e9", "", ",", "1,x"]
)
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        station(text)


def test_a_near_name_is_suggested() -> None:
    with pytest.raises(InputError, match="wallops"):
        station("walops")


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("x = 1", "not a station"),
        ("[a]\nlatitude_deg = 1", "longitude_deg"),
        ("[a]\nlatitude_deg = true", "latitude_deg"),
        ("[a", "cannot read"),
        ("[a]\nlatitude_deg = 95\nlongitude_deg = 0\naltitude_m = 0", "latitude"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, text: str, match: str) -> None:
    file = tmp_path / "stations.toml"
    file.write_text(text)
    with pytest.raises(InputError, match=match):
        read_stations(file)


def test_a_station_is_on_the_earth() -> None:
    with pytest.raises(InputError, match="latitude"):
        Station("x", 2.0, 0.0)
