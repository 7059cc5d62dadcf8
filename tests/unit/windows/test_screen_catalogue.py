"""Catalogues of many objects: every dress they come in, and records that are broken."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.errors import InputError
from cosmodrome.io.bounds import Source
from cosmodrome.io.mean_elements import MeanElements, omm_of
from cosmodrome.io.parameters import kvn_text, xml_text
from cosmodrome.io.tle import tle_of, tle_text, tles_from_text
from cosmodrome.orbit.sgp4_motion import Sgp4
from cosmodrome.windows.screen_catalogue import Catalogue, catalogue_from_text
from cosmodrome.windows.screen_classes import kinds_of, radii_m
from cosmodrome.world.epoch import Epoch

EPOCH = Epoch.parse("2027-03-20T06:07:08.9Z")
SOURCE = Source("all.tle")


def elements(number: int, name: str = "", epoch: Epoch = EPOCH) -> MeanElements:
    turns = 15.0 + 0.001 * (number % 100)
    return MeanElements(
        epoch, turns * 2.0 * math.pi / 86400.0, 0.001, 1.7, 0.1 + number % 6, 2.0, 3.0, -2.5e-4,
        number, "1998-067A", name,
    )  # fmt: skip


def read(text: str) -> Catalogue:
    return catalogue_from_text(SOURCE, text)


def same(one: Sgp4, other: Sgp4) -> bool:
    fields = ("mean_motion_rad_s", "eccentricity", "inclination_rad", "raan_rad", "bstar")
    more = ("argp_rad", "mean_anomaly_rad", "catalogue")
    close = all(
        math.isclose(getattr(one, f), getattr(other, f), rel_tol=1e-12) for f in (*fields, *more)
    )
    return close and abs(one.epoch - other.epoch) < 1e-6


NUMBERS = (25544, 99999, 100000, 270002, 339999)
TLES = tle_text([tle_of(elements(n, f"OBJECT {n}")) for n in NUMBERS])


def test_tles_are_read_as_the_strict_reader_reads_them() -> None:
    found = read(TLES)
    strict = tles_from_text(SOURCE, TLES)
    assert found.names == tuple(one.name for one in strict)
    assert tuple(found.numbers) == NUMBERS
    for mine, other in zip(found.motions, strict, strict=True):
        assert same(mine, other.motion())


def test_names_may_be_missing_or_begin_with_a_nought() -> None:
    lines = TLES.splitlines()
    bare = read("\n".join(line for k, line in enumerate(lines) if k % 3))
    assert bare.names == tuple(f"{n:05d}" for n in NUMBERS)
    marked = read("\n".join(line if k % 3 else f"0 {line}" for k, line in enumerate(lines)))
    assert marked.names == read(TLES).names


def omm_rows() -> list[dict[str, str]]:
    messages = [omm_of(elements(n, f"OBJECT {n}"), EPOCH) for n in (7, 456789)]
    return [{e.keyword: e.value for b in (m.metadata, m.data) for e in b} for m in messages]


def omm_kvn() -> str:
    return "\n".join(kvn_text(omm_of(elements(n, f"OBJECT {n}"), EPOCH)) for n in (7, 456789))


def omm_xml() -> str:
    messages = [xml_text(omm_of(elements(n, f"OBJECT {n}"), EPOCH)) for n in (7, 456789)]
    bodies = [one.partition("?>")[2] for one in messages]
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<ndm>{"".join(bodies)}</ndm>'


def omm_csv() -> str:
    sink = io.StringIO()
    writer = csv.DictWriter(sink, list(omm_rows()[0]))
    writer.writeheader()
    writer.writerows(omm_rows())
    return sink.getvalue()


@pytest.mark.parametrize("dress", [omm_kvn, omm_xml, omm_csv, lambda: json.dumps(omm_rows())])
def test_omms_give_the_same_in_every_dress(dress: Callable[[], str]) -> None:
    found = read(dress())
    assert found.names == ("OBJECT 7", "OBJECT 456789")
    for number, motion in zip((7, 456789), found.motions, strict=True):
        assert same(motion, elements(number).motion())


def test_a_broken_record_is_told_with_its_line_and_the_rest_is_read() -> None:
    lines = TLES.splitlines()
    lines[4] = lines[4][:68] + str((int(lines[4][68]) + 1) % 10)  # a check digit
    lines[8] = lines[8].replace(".", "x", 1)  # an element
    del lines[10]  # line 1 of the fourth
    found = read("\n".join(lines))
    assert tuple(found.numbers) == (25544, 339999)
    assert [one.line for one in found.refused] == [5, 8, 10, 11]
    assert "check digit" in found.refused[0].reason
    assert "inclination" in found.refused[1].reason


def test_a_broken_omm_is_told_and_the_rest_is_read() -> None:
    text = omm_kvn().replace("MEAN_MOTION = ", "MEAN_MOTION = x", 1)
    found = read(text)
    assert found.names == ("OBJECT 456789",)
    assert found.refused[0].line == 1
    assert "MEAN_MOTION" in found.refused[0].reason
    moon = read(omm_kvn().replace("CENTER_NAME = EARTH", "CENTER_NAME = MOON", 1))
    assert "CENTER_NAME MOON" in moon.refused[0].reason


def test_of_two_sets_of_one_object_the_newer_is_kept() -> None:
    sets = [tle_of(elements(5, "A", EPOCH + late)) for late in (0.0, 7200.0, -7200.0)]
    found = read(tle_text(sets))
    assert len(found) == 1
    assert found.older == 2
    assert found.age_s(EPOCH + 7200.0)[0] == pytest.approx(0.0, abs=1e-3)


def test_the_last_day_of_a_leap_year_and_an_old_epoch() -> None:
    for text in ("2028-12-31T23:59:59.9Z", "1999-06-30T12:00:00Z", "2016-12-31T12:00:00Z"):
        tle = tle_of(elements(5, "A", Epoch.parse(text)))
        found = read(tle_text([tle]))
        assert abs(found.motions[0].epoch - tle.elements.epoch) < 1e-6


@pytest.mark.parametrize("text", ["nothing here", "[]", "{", "<a/>", "1 00005U\n2 00005"])
def test_a_file_without_one_usable_record_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read(text)


@given(st.text(alphabet="12 .0+-ABU\n", max_size=300), st.integers(0, 400))
def test_whatever_stands_between_does_not_lose_a_record(noise: str, place: int) -> None:
    lines = TLES.splitlines()
    k = 3 * (place % (len(NUMBERS) + 1))
    found = read("\n".join([*lines[:k], *noise.split("\n"), "", *lines[k:]]))
    assert set(NUMBERS) <= set(found.numbers.tolist())


@given(st.integers(0, 3 * len(NUMBERS) - 1), st.integers(0, 68), st.characters(codec="ascii"))
def test_a_spoilt_character_gives_no_other_object(row: int, column: int, new: str) -> None:
    lines = TLES.splitlines()
    if row % 3 == 0 or new in "\n\r#":
        return
    lines[row] = lines[row][:column] + new + lines[row][column + 1 :]
    found = read("\n".join(lines))
    # A check digit lets pass what sums up alike; numbers stay those of both lines.
    assert set(found.numbers.tolist()) <= set(NUMBERS)
    assert len(found) >= len(NUMBERS) - 1


def test_kinds_are_told_by_number_and_name() -> None:
    names = ("ISS (ZARYA)", "ISS DEB", "SL-8 R/B", "FENGYUN 1C DEB", "METEOR-M 2", "SHENZHOU-19")
    text = tle_text([tle_of(elements(30 + k, name)) for k, name in enumerate(names)])
    kinds = kinds_of(read(text))
    assert kinds == ("crewed", "debris", "debris", "debris", "active", "crewed")
    assert kinds_of(read(text), crewed={34})[4] == "crewed"
    assert radii_m(kinds).tolist() == [200e3, 2.5e3, 2.5e3, 2.5e3, 25e3, 200e3]
