import math
from typing import Any

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.orbit.sgp4_motion import Sgp4, Sgp4Error, alpha5, catalogue_number
from cosmodrome.world.epoch import Epoch

LINE1 = "1 25544U 98067A   24261.50000000  .00016717  00000-0  10270-3 0  9009"
LINE2 = "2 25544  51.6400 208.9163 0006703  69.9862 290.2137 15.49815689 12345"
OMM = {
    "NORAD_CAT_ID": "25544",
    "EPOCH": "2024-09-17T12:00:00.000000",
    "MEAN_MOTION": "15.49815689",
    "ECCENTRICITY": "0.0006703",
    "INCLINATION": 51.64,
    "RA_OF_ASC_NODE": "208.9163",
    "ARG_OF_PERICENTER": "69.9862",
    "MEAN_ANOMALY": "290.2137",
    "BSTAR": "0.00010270",
}


@pytest.mark.parametrize(
    ("text", "number"),
    [("00005", 5), ("25544", 25544), ("A0000", 100000), ("J0001", 180001), ("Z9999", 339999)],
)
def test_catalogue_numbers_by_alpha5(text: str, number: int) -> None:
    assert catalogue_number(text) == number
    assert alpha5(number) == text


def test_long_catalogue_numbers_need_an_omm() -> None:
    assert catalogue_number("270002") == 270002
    assert catalogue_number("999999999") == 999999999
    for number in (-1, 340000):
        with pytest.raises(InputError, match="does not fit a TLE"):
            alpha5(number)


@pytest.mark.parametrize("text", ["", "I0001", "O0001", "a0001", "1234567890", "A12", "12A45", "٣"])
def test_what_is_no_catalogue_number(text: str) -> None:
    with pytest.raises(InputError, match="catalogue number"):
        catalogue_number(text)


def test_tle_and_omm_of_one_object_agree() -> None:
    tle, omm = Sgp4.from_tle(LINE1, LINE2), Sgp4.from_omm(OMM)
    assert tle.epoch == Epoch.parse("2024-09-17T12:00:00Z") == omm.epoch
    assert tle.catalogue == omm.catalogue == 25544
    t = np.array([-5000.0, 0.0, 86400.0])
    for a, b in zip(tle.at(t), omm.at(t), strict=True):
        assert a == pytest.approx(b, abs=1e-6)


@pytest.mark.parametrize("number", ["A0001", "Z9999"])
def test_alpha5_lines_are_flown(number: str) -> None:
    one, two = (line[:2] + number + line[7:] for line in (LINE1, LINE2))
    orbit = Sgp4.from_tle(one, two)
    assert orbit.catalogue == catalogue_number(number)
    assert orbit.at([0.0])[0] == pytest.approx(Sgp4.from_tle(LINE1, LINE2).at([0.0])[0])


def test_six_and_nine_digits_are_flown() -> None:
    for number in ("270002", "799500001"):
        orbit = Sgp4.from_omm(OMM | {"NORAD_CAT_ID": number})
        assert orbit.catalogue == int(number)
        assert orbit.at([0.0])[0] == pytest.approx(Sgp4.from_omm(OMM).at([0.0])[0])


def test_epochs_of_both_centuries_and_leap_years() -> None:
    for text, want in (
        ("57001.00000000", None),
        ("99365.50000000", "1999-12-31T12:00:00Z"),
        ("56366.00000000", "2056-12-31T00:00:00Z"),
        ("24366.25000000", "2024-12-31T06:00:00Z"),
        # The day after the leap second at the end of 2016.
        ("17001.00000000", "2017-01-01T00:00:00Z"),
    ):
        line = LINE1[:18] + text + LINE1[32:]
        if want is None:
            with pytest.raises(InputError):  # before UTC took whole seconds
                Sgp4.from_tle(line, LINE2)
        else:
            assert abs(Sgp4.from_tle(line, LINE2).epoch - Epoch.parse(want)) < 1e-3


BAD_LINES = (
    (LINE1[:60], LINE2),
    (LINE2, LINE1),
    (LINE1.replace("25544", "25545", 1), LINE2),
    (LINE1, LINE2.replace("51.6400", "5x.6400")),
    (LINE1, LINE2.replace("51.6400", "181.640")),
    (LINE1, LINE2.replace("15.49815689", "00.00000000")),
    (LINE1.replace("10270-3", "10270x3"), LINE2),
    (LINE1.replace("24261.5", "24400.5"), LINE2),
    (LINE1.replace("24261.5", "24nan.5"), LINE2),
    (LINE1, LINE2.replace("69.9862", "nan    ")),
)


@pytest.mark.parametrize("lines", BAD_LINES)
def test_broken_lines_are_refused_by_name(lines: tuple[str, str]) -> None:
    with pytest.raises(InputError) as caught:
        Sgp4.from_tle(*lines)
    assert caught.value.key
    assert caught.value.allowed


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("MEAN_MOTION", "fast"),
        ("MEAN_MOTION", None),
        ("ECCENTRICITY", "1.5"),
        ("MEAN_ELEMENT_THEORY", "DSST"),
        ("REF_FRAME", "EME2000"),
        ("ARG_OF_PERICENTER", "inf"),
    ],
)
def test_omm_fields_are_refused_by_name(key: str, value: Any) -> None:
    with pytest.raises(InputError):
        Sgp4.from_omm(OMM | {key: value})
    with pytest.raises(InputError, match="EPOCH"):
        Sgp4.from_omm({name: text for name, text in OMM.items() if name != "EPOCH"})


def test_wgs84_is_another_orbit() -> None:
    old = Sgp4.from_omm(OMM)
    fields = {
        name: getattr(old, name) for name in old.__slots__ if name not in ("record", "gravity")
    }
    new = Sgp4(**fields, gravity="wgs84")
    assert 1.0 < float(np.linalg.norm(new.at([0.0])[0] - old.at([0.0])[0])) < 1000.0


def test_times_far_away_are_refused_with_the_reason() -> None:
    sinking = Sgp4.from_omm(OMM | {"BSTAR": "0.1"})
    with pytest.raises(Sgp4Error, match="days after the epoch of object 25544") as caught:
        sinking.at([0.0, 86400.0 * 60.0])
    assert math.isclose(float(str(caught.value.value)), 86400.0 * 60.0)
