from pathlib import Path

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.world.data_end import DataEndError
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.space_weather import SpaceWeather, space_weather

HEAD = "DATE,AP1,AP2,AP3,AP4,AP5,AP6,AP7,AP8,AP_AVG,F10.7_OBS,F10.7_DATA_TYPE,F10.7_OBS_CENTER81\n"


def rows(*lines: str) -> str:
    return HEAD + "".join(line + "\n" for line in lines)


DAYS = rows(
    "2024-01-01,1,2,3,4,5,6,7,8,10,100,OBS,150",
    "2024-01-02,11,12,13,14,15,16,17,18,20,110,OBS,151",
    "2024-01-03,21,22,23,24,25,26,27,28,30,120,OBS,152",
    "2024-01-04,31,32,33,34,35,36,37,38,40,130,PRD,153",
    "2024-02-01,,,,,,,,,,200,PRM,160",
)


@pytest.fixture
def few(tmp_path: Path) -> SpaceWeather:
    path = tmp_path / "weather.csv"
    path.write_text(DAYS, encoding="ascii")
    return space_weather(str(path))


def test_flux_is_of_the_day_before_and_ap_of_the_day(few: SpaceWeather) -> None:
    flux, mean, ap = few.at(Epoch.parse("2024-01-03T01:00:00Z"), [0.0, 22.9 * 3600.0, 82800.0])
    assert flux == pytest.approx([110.0, 110.0, 120.0])
    assert mean == pytest.approx([152.0, 152.0, 153.0])
    assert ap == pytest.approx([30.0, 30.0, 40.0])


def test_the_history_of_ap_goes_back_by_three_hours(few: SpaceWeather) -> None:
    (got,) = few.ap_history(Epoch.parse("2024-01-03T21:00:00Z"), 0.0)
    series = np.concatenate([np.arange(1, 9), np.arange(11, 19), np.arange(21, 29)])
    want = [30.0, 28.0, 27.0, 26.0, 25.0, series[12:20].mean(), series[4:12].mean()]
    assert got == pytest.approx(want)
    (start,) = few.ap_history(Epoch.parse("2024-01-03T00:00:00Z"), 0.0)
    assert start[:3] == pytest.approx([30.0, 21.0, 18.0])


def test_months_are_joined_and_their_ap_is_said_to_be_assumed(few: SpaceWeather) -> None:
    middle = Epoch.parse("2024-01-18T12:00:00Z")
    flux, _, ap = few.at(middle, 0.0)
    assert flux[0] == pytest.approx(130.0 + 70.0 * 13.0 / 28.0)
    assert 20.0 < ap[0] < 40.0
    assert few.is_predicted(middle)
    assert middle.tai_mjd < few.ap_assumed_from_mjd == Epoch.parse("2024-02-01").tai_mjd
    assert few.ap[-1] == pytest.approx(20.0)  # mean of the three observed days
    assert few.days_since_observed(middle) == pytest.approx(14.5, abs=0.01)


def test_the_end_is_an_error_with_its_age(few: SpaceWeather) -> None:
    with pytest.raises(DataEndError, match=r"weather.csv does not reach .* past its end"):
        few.at(Epoch.parse("2024-02-11"), [0.0])
    with pytest.raises(DataEndError, match="before its start"):
        few.ap_history(Epoch.parse("2023-12-31"), [0.0])


def test_a_stated_case_has_no_end() -> None:
    still = SpaceWeather.constant(140.0, ap=15.0)
    late = Epoch.parse("2150-01-01")
    assert [float(x[0]) for x in still.at(late, 0.0)] == [140.0, 140.0, 15.0]
    assert still.ap_history(late, [0.0, 9e6]) == pytest.approx(np.full((2, 7), 15.0))
    assert not still.is_predicted(late)
    assert still.days_since_observed(late) == 0.0


BROKEN = (
    ("", "a column is missing"),
    (HEAD, "no line"),
    (rows("2024-01-01,1,2"), "line 2"),
    (rows("2024-13-01,1,2,3,4,5,6,7,8,10,100,OBS,150"), "line 2"),
    (rows("2024-01-01,1,2,3,4,5,6,7,8,10,many,OBS,150"), "line 2"),
    (rows("2024-01-01,,,,,,,,,,100,PRM,150"), "no observed Ap"),
)


@pytest.mark.parametrize(("text", "why"), BROKEN)
def test_broken_files_are_refused(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "broken.csv"
    path.write_text(text, encoding="ascii")
    with pytest.raises(InputError, match=why) as caught:
        space_weather(str(path))
    assert caught.value.file == str(path)


def test_the_shipped_record_holds_the_storm_of_may_2024() -> None:
    # GFZ Potsdam: daily Ap 271 on 2024-05-11; Penticton: F10.7 of the day before 223.
    flux, mean, ap = space_weather().at(Epoch.parse("2024-05-11T12:00:00Z"), 0.0)
    assert ap[0] == pytest.approx(271.0, abs=5.0)
    assert flux[0] == pytest.approx(223.0, abs=5.0)
    assert 150.0 < mean[0] < 210.0
