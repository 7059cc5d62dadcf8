import pytest

from cosmodrome.errors import InputError
from cosmodrome.io.bounds import Source
from cosmodrome.io.times import placed, read_time, read_times, written
from cosmodrome.world.epoch import Epoch

HERE = Source("file.txt")


def place(text: str, system: str) -> Epoch:
    return placed(read_time(text, system, HERE, 7))[0]


@pytest.mark.parametrize(
    ("text", "system", "utc"),
    [
        ("2027-03-20T12:00:00.5", "UTC", "2027-03-20T12:00:00.5Z"),
        ("2027-079T12:00:00.5Z", "UTC", "2027-03-20T12:00:00.5Z"),
        ("2016-12-31T23:59:60.25", "UTC", "2016-12-31T23:59:60.25Z"),
        ("2027-03-20T12:00:37", "TAI", "2027-03-20T12:00:00Z"),
        ("2027-03-20T12:00:18", "GPS", "2027-03-20T12:00:00Z"),
        ("2027-03-20T12:01:09.184", "TT", "2027-03-20T12:00:00Z"),
    ],
)
def test_systems_of_atomic_time_are_exact(text: str, system: str, utc: str) -> None:
    assert place(text, system) - Epoch.parse(utc) == pytest.approx(0.0, abs=1e-10)


def test_tdb_and_ut1_differ_as_they_should() -> None:
    tt, tdb = (place("2027-03-20T12:00:00", s) for s in ("TT", "TDB"))
    # The largest term of TDB - TT is 1.657 ms times the sine of the Earth's anomaly.
    assert 1e-3 < tt - tdb < 1.8e-3 or -1.8e-3 < tt - tdb < -1e-3
    moment = Epoch.parse("2024-09-17T00:00:00Z")
    ut1 = place("2024-09-17T00:00:00", "UT1")
    assert moment - ut1 == pytest.approx(moment.ut1_minus_utc_s, abs=1e-6)


def test_seconds_count_through_a_leap_second() -> None:
    texts = ["2016-12-31T23:59:59", "2016-12-31T23:59:60", "2017-01-01T00:00:00"]
    _, t_s = placed(read_times(texts, "UTC", HERE, [1, 2, 3]))
    assert t_s.tolist() == [0.0, 1.0, 2.0]


@pytest.mark.parametrize(
    "text",
    ["2027-02-29T00:00:00", "2027-366T00:00:00", "2027-03-20T24:00:00", "2027-03-20",
     "2027-03-20T12:00:60", "2027-03-20T12:60:00", "0000-023T02:28:01", "2027-3-20T12:00:00",
     "２０２７-03-20T12:00:00"],
)  # fmt: skip
def test_no_time_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(InputError, match=r"file.txt, line 7: EPOCH .* is not a time"):
        read_time(text, "UTC", HERE, 7)


def test_clocks_without_an_origin_are_read_and_not_placed() -> None:
    times = read_time("0000-023T02:28:01", "MET", HERE, 7)
    assert (int(times.day[0]), float(times.second[0])) == (23, 8881.0)
    with pytest.raises(InputError, match="times in MET cannot be placed"):
        placed(times)


@pytest.mark.parametrize("system", ["TCB", "TCG", "GMST"])
def test_other_systems_are_refused_by_name(system: str) -> None:
    with pytest.raises(InputError, match=f"times in {system} cannot"):
        place("2027-03-20T12:00:00", system)


def test_a_written_time_is_read_back_to_the_nanosecond() -> None:
    epoch = Epoch.parse("2027-03-20T12:00:00Z") + 0.123456789
    assert written(epoch) == "2027-03-20T12:00:00.123456789"
    assert place(written(epoch), "UTC") - epoch == pytest.approx(0.0, abs=1e-9)
