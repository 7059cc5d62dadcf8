import math
import subprocess
import sys
from pathlib import Path

import erfa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.errors import CosmodromeError, InputError
from cosmodrome.world.epoch import EarthOrientation, Epoch, earth_orientation


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("2027-03-20T12:00:00Z", "2027-03-20T12:00:00Z"),
        ("2027-03-20 12:00", "2027-03-20T12:00:00Z"),
        ("2027-03-20", "2027-03-20T00:00:00Z"),
        ("2027-03-20t12:00:00.250z", "2027-03-20T12:00:00.25Z"),
        ("2027-03-20T12:00:00+00:00", "2027-03-20T12:00:00Z"),
        ("2016-12-31T23:59:60.5Z", "2016-12-31T23:59:60.5Z"),
        ("2017-01-01T00:00:00Z", "2017-01-01T00:00:00Z"),
        ("2000-02-29T23:59:59.999999Z", "2000-02-29T23:59:59.999999Z"),
    ],
)
def test_utc_in_and_out(text: str, normal: str) -> None:
    assert str(Epoch.parse(text)) == normal


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "2027-03-20T12",
        "2027-02-29",
        "2027-13-01",
        "2027-03-20T24:00:00Z",
        "2027-03-20T12:60:00Z",
        "2016-12-30T23:59:60Z",
        "2016-12-31T23:58:60Z",
        "1971-12-31T23:59:59Z",
        "2200-01-01T00:00:00Z",
        "2027-03-20T12:00:00+02:00",
        "nan",
    ],
)
def test_other_texts_are_refused_by_name(text: str) -> None:
    with pytest.raises(InputError) as caught:
        Epoch.parse(text)
    assert caught.value.key == "epoch"
    assert caught.value.value == text
    assert "2027-03-20T12:00:00Z" in str(caught.value.allowed)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        Epoch.parse(text)
    except CosmodromeError as error:
        assert isinstance(error, InputError)  # noqa: PT017 - nothing else may come out


def test_leap_seconds_count() -> None:
    day = Epoch.parse("2016-12-31T00:00:00Z")
    assert Epoch.parse("2017-01-01T00:00:00Z") - day == 86401.0
    assert str(day + 86400.0) == "2016-12-31T23:59:60Z"
    assert str(day + 86401.0) == "2017-01-01T00:00:00Z"
    assert (day.tai_minus_utc_s, (day + 86401.0).tai_minus_utc_s) == (36, 37)


@given(st.floats(-3e8, 3e8), st.floats(0.0, 86399.0))
def test_seconds_add_up(step: float, into: float) -> None:
    start = Epoch.parse("2016-06-30T00:00:00Z") + into
    end = start + step
    assert end - start == pytest.approx(step, abs=1e-7)
    assert (end > start) == (step > 0.0) or abs(step) < 1e-9
    assert Epoch.parse(end.utc(9)) - end == pytest.approx(0.0, abs=1e-9)
    assert end - step - start == pytest.approx(0.0, abs=1e-7)


def test_two_part_dates_are_erfas() -> None:
    for text, fields in [
        ("1999-01-01T00:00:00Z", (1999, 1, 1, 0, 0, 0.0)),
        ("2012-06-30T23:59:60.25Z", (2012, 6, 30, 23, 59, 60.25)),
        ("2024-11-22T17:03:09.125Z", (2024, 11, 22, 17, 3, 9.125)),
    ]:
        tai = erfa.utctai(*erfa.dtf2d("UTC", *fields))
        tt = erfa.taitt(*tai)
        epoch = Epoch.parse(text)
        for mine, theirs in ((epoch.tai_jd, tai), (epoch.tt_jd, tt)):
            difference = (mine[0] - theirs[0]) + (mine[1] - theirs[1])
            assert abs(difference) * 86400.0 < 1e-10


def test_our_leap_seconds_are_erfas() -> None:
    for year, month, offset in erfa.leap_seconds.get():
        if year >= 1972:
            assert Epoch.parse(f"{year}-{month:02d}-01").tai_minus_utc_s == offset


def test_ut1_inside_and_past_the_table() -> None:
    past = Epoch.parse("2015-06-01T00:00:00Z")
    assert not past.ut1_is_predicted
    # The other IERS series, EOP 20 C04: UT1-UTC of that day, and the pole.
    assert past.ut1_minus_utc_s == pytest.approx(-0.6562471, abs=2e-4)
    pole = np.degrees(earth_orientation().pole_rad(past)) * 3600.0
    assert pole == pytest.approx([0.090998, 0.455999], abs=5e-4)
    far = Epoch.parse("2150-01-01T00:00:00Z")
    shipped = earth_orientation()
    assert far.ut1_is_predicted
    assert far.leap_seconds_are_predicted
    assert shipped.days_past_end(far) > 36500.0
    assert shipped.days_past_end(past) == 0.0
    assert shipped.ut1_minus_tai_s(far) == shipped.ut1_minus_tai_daily_s[-1]
    assert math.isfinite(far.ut1_minus_utc_s)


def test_ut1_runs_smoothly_through_a_leap_second() -> None:
    shipped, day = earth_orientation(), Epoch.parse("2016-12-31T12:00:00Z")
    values = shipped.ut1_minus_tai_s(day, np.arange(0.0, 86400.0, 60.0))
    assert np.max(np.abs(np.diff(values))) < 5e-6


def test_a_stated_earth_orientation() -> None:
    stated = EarthOrientation.constant(-32.469, 1e-6, 2e-6)
    epoch = Epoch.parse("2007-11-20T00:00:00Z")
    assert stated.ut1_minus_tai_s(epoch) == -32.469
    assert stated.pole_rad(epoch, 5e4) == (1e-6, 2e-6)
    assert not stated.is_predicted(epoch)


def test_a_bad_orientation_file_is_named(tmp_path: Path) -> None:
    empty = tmp_path / "finals.txt"
    empty.write_text("nothing here\n")
    for file in (empty, tmp_path / "missing"):
        with pytest.raises(InputError) as caught:
            earth_orientation(str(file))
        assert caught.value.file == str(file)


def test_bad_steps_are_refused() -> None:
    start = Epoch.parse("2027-03-20")
    for step in (math.nan, math.inf, -1e12, 1e12):
        with pytest.raises(InputError):
            start + step


def test_importing_it_loads_nothing_heavy() -> None:
    code = "import sys, cosmodrome.world.epoch; print({'numpy', 'erfa'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
