import math
from dataclasses import replace

import pytest

from cosmodrome.errors import InputError
from cosmodrome.io.bounds import Source
from cosmodrome.io.mean_elements import elements_of, long_designator, omm_of, short_designator
from cosmodrome.io.parameters import kvn_text, messages_from_kvn
from cosmodrome.io.tle import check_digit, rounded_epoch, tle_of, tle_text, tles_from_text
from cosmodrome.world.epoch import Epoch

ONE = "1 25544U 98067A   24261.37246619  .00023609  00000-0  43150-3 0  9999"
TWO = "2 25544  51.6382 218.7497 0007547   3.3902 131.6134 15.49233959472849"
HERE = Source("file.tle")
NOW = Epoch.parse("2027-01-01T00:00:00Z")


def sealed(line: str) -> str:
    """The line with the check digit it should have."""
    return f"{line[:68]}{check_digit(line)}"


def test_fields_are_those_of_the_columns() -> None:
    (tle,) = tles_from_text(HERE, f"ISS (ZARYA)\n{ONE}\n{TWO}\n")
    e = tle.elements
    assert (tle.name, e.catalogue, e.designator) == ("ISS (ZARYA)", 25544, "1998-067A")
    assert e.epoch - Epoch.parse("2024-09-17T08:56:21.078816Z") == pytest.approx(0.0, abs=1e-9)
    assert math.degrees(e.inclination_rad) == pytest.approx(51.6382)
    assert (e.eccentricity, e.bstar, e.mean_motion_dot) == (0.0007547, 0.0004315, 0.00023609)
    assert e.mean_motion_rad_s * 86400.0 / (2 * math.pi) == pytest.approx(15.49233959, abs=1e-12)
    assert (e.element_set, e.revolution) == (999, 47284)
    assert tle_text([tle_of(e)]) == f"ISS (ZARYA)\n{ONE}\n{TWO}\n"


@pytest.mark.parametrize("name", ["0 X", "1 X", "2 X", "#X", "A\nB"])
def test_a_name_that_would_be_read_back_as_another_is_refused(name: str) -> None:
    (tle,) = tles_from_text(HERE, f"X\n{ONE}\n{TWO}\n")
    assert tles_from_text(HERE, tle_text([tle])) == (tle,)
    with pytest.raises(InputError) as caught:
        tle_text([replace(tle, name=name)])
    assert caught.value.key == "name"


def test_the_motion_is_sgp4_of_the_same_lines() -> None:
    satrec = pytest.importorskip("sgp4.api").Satrec
    (tle,) = tles_from_text(HERE, f"{ONE}\n{TWO}\n")
    theirs = satrec.twoline2rv(ONE, TWO)
    _, r_km, _ = theirs.sgp4(theirs.jdsatepoch, theirs.jdsatepochF + 0.5)
    r_m, _ = tle.motion().at([43200.0])
    assert r_m[0] == pytest.approx([1e3 * x for x in r_km], abs=1e-2)


@pytest.mark.parametrize(
    ("text", "number"), [("A0000", 100000), ("T0002", 270002), ("Z9999", 339999), ("    5", 5)]
)
def test_alpha_5(text: str, number: int) -> None:
    lines = [sealed(f"{line[:2]}{text}{line[7:]}") for line in (ONE, TWO)]
    (tle,) = tles_from_text(HERE, "\n".join(lines))
    assert tle.elements.catalogue == number
    assert tle_of(tle.elements).line1[2:7] == (text if number > 99999 else "00005")


def test_six_digits_go_by_omm() -> None:
    (tle,) = tles_from_text(HERE, f"{ONE}\n{TWO}\n")
    elements = replace(tle.elements, catalogue=345678)
    with pytest.raises(InputError, match="does not fit a TLE"):
        tle_of(elements)
    (message,) = messages_from_kvn(HERE, kvn_text(omm_of(elements, NOW)), "OMM")
    back = elements_of(message)
    assert back.catalogue == 345678
    # To the digits of an OMM, and not a nanometre off.
    ours, theirs = (e.motion().at([0.0])[0][0] for e in (elements, back))
    assert ours == pytest.approx(theirs, abs=1e-5)


@pytest.mark.parametrize(
    ("lines", "line", "reason"),
    [
        ([ONE[:-1] + "8", TWO], 1, "check digit"),
        ([ONE, TWO[:-1] + "0"], 2, "check digit"),
        ([ONE], 1, "line 2"),
        ([ONE, "", "X" * 30, TWO], 3, "not line 2"),
        ([ONE, ONE], 2, "not line 2"),
        ([ONE, sealed(TWO[:2] + "25545" + TWO[7:])], 2, "object 25545"),
        ([sealed(ONE[:2] + "I5544" + ONE[7:]), TWO], 1, "catalogue number"),
        ([sealed(ONE.replace("24261.3", "24400.3")), TWO], 1, "day 400"),
        ([ONE, sealed(TWO.replace("51.6382", "51.63x2"))], 2, "inclination"),
        ([ONE, sealed(TWO.replace(" 51.6382", "251.6382"))], 2, "inclination"),
        ([ONE, sealed(TWO.replace("15.49233959", " 0.00000000"))], 2, "mean motion"),
        (["A name that is far too long for it", ONE, TWO], 1, "neither a name"),
        (["LAST NAME"], 1, "neither a name"),
        (["# a remark"], None, "no elements"),
    ],
)
def test_broken_elements_are_refused(lines: list[str], line: int | None, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        tles_from_text(HERE, "\n".join(lines))
    assert str(caught.value).startswith("file.tle: " if line is None else f"file.tle, line {line}:")


def test_names_remarks_and_blank_lines() -> None:
    text = f"# remark\n\n0 ISS\n{ONE}\n{TWO}\n{ONE}\r\n{TWO}   \n1 NAME\n{ONE}\n{TWO}\n"
    assert [tle.name for tle in tles_from_text(HERE, text)] == ["ISS", "", "1 NAME"]


@pytest.mark.parametrize(
    ("bstar", "columns"),
    [(0.0, " 00000-0"), (-1.1606e-5, "-11606-4"), (0.999999, " 10000+1"), (1e-12, " 00000-0"),
     (12.15, " 12150+2")],
)  # fmt: skip
def test_numbers_with_an_implied_point(bstar: float, columns: str) -> None:
    (tle,) = tles_from_text(HERE, f"{ONE}\n{TWO}\n")
    ours = tle_of(replace(tle.elements, bstar=bstar))
    assert ours.line1[53:61] == columns
    assert ours.elements.bstar == pytest.approx(bstar, rel=5e-5, abs=1e-10)


@pytest.mark.parametrize(
    "text", ["2015-12-31T23:59:59.9999Z", "2020-12-31T23:59:59.9999Z", "2024-02-29T12:00:00Z"]
)
def test_an_epoch_is_rounded_to_what_the_columns_hold(text: str) -> None:
    epoch = Epoch.parse(text)
    rounded = rounded_epoch(epoch)
    assert abs(rounded - epoch) < 0.44e-3
    assert abs(rounded_epoch(rounded) - rounded) < 1e-9


def test_designators_in_both_forms() -> None:
    assert short_designator("1998-067A") == "98067A  "
    assert short_designator("2027-000A") == "27000A  "
    assert short_designator("unknown") == " " * 8
    assert long_designator("98067A  ") == "1998-067A"
    assert long_designator("27000ABC") == "2027-000ABC"
