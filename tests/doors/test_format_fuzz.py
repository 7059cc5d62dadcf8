"""Broken files of every sort: refused by our own errors, in bounded time and memory."""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest

from cosmodrome.errors import CosmodromeError, InputError
from cosmodrome.io.bounds import Source
from cosmodrome.io.conversion import Label, covariance_of, oem_of, opm_of, state_of, trajectory_of
from cosmodrome.io.oem import oem_from_kvn, oem_from_xml
from cosmodrome.io.oem_text import oem_kvn, oem_xml
from cosmodrome.io.parameters import kvn_text, messages_from_kvn, messages_from_xml, xml_text
from cosmodrome.io.tle import tles_from_text
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import Trajectory

SLOWEST_S = 2.0  # one input of a few kilobytes; a good one takes about a millisecond
MOST_MEMORY = 64 * 2**20
START = Epoch.parse("2027-03-20T12:00:00Z")
TLE = (
    "ISS (ZARYA)\n"
    "1 25544U 98067A   24261.37246619  .00023609  00000-0  43150-3 0  9999\n"
    "2 25544  51.6382 218.7497 0007547   3.3902 131.6134 15.49233959472849\n"
)
NASTY = [
    "NaN", "-inf", "1e999", "1_0", "1e-999", "９", "²", "0x10", "", "[km]", "[", "]", "=",
    "9" * 5000, "-", "COMMENT", "META_START", "META_STOP", "COVARIANCE_START", "COVARIANCE_STOP",
    "0000-000T00:00:00", "9999-366T23:59:60", "2016-12-31T23:59:60.5", "T", "\x00", "\x85",
    "\u2028", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "<a>", "</oem>", "&amp;", "&b;", "\r", "\t",
]  # fmt: skip


def trajectory() -> Trajectory:
    t = np.array([0.0, 60.0, 60.0, 120.0])
    angle = 0.001 * t[:, None]
    r = 7e6 * np.hstack([np.cos(angle), np.sin(angle), 0.0 * angle])
    v = 7.5e3 * np.hstack([-np.sin(angle), np.cos(angle), 0.0 * angle])
    return Trajectory(START, "GCRF", t, r, v, segments=(("a", 0, 2), ("b", 2, 4)))


def seeds() -> dict[str, tuple[str, Callable[[Source, str], object]]]:
    label, covariance = Label(START), ("RTN", np.diag([1e4] * 3 + [1e-2] * 3))
    oem = oem_of(trajectory(), label, covariance_m=covariance)
    opm = opm_of(trajectory().state(0), label, mass_kg=120.0, covariance_m=covariance)

    def read_oem(source: Source, text: str) -> object:
        read = oem_from_xml if text.lstrip().startswith("<") else oem_from_kvn
        return trajectory_of(read(source, text))

    def read_opm(source: Source, text: str) -> object:
        read = messages_from_xml if text.lstrip().startswith("<") else messages_from_kvn
        return [(state_of(m), covariance_of(m)) for m in read(source, text, "OPM")]

    def read_tle(source: Source, text: str) -> object:
        return [t.motion() for t in tles_from_text(source, text)]

    return {
        "TLE": (TLE * 2, read_tle),
        "OEM": (oem_kvn(oem), read_oem),
        "OEM, XML": (oem_xml(oem), read_oem),
        "OPM": (kvn_text(opm), read_opm),
        "OPM, XML": (xml_text(opm), read_opm),
    }


def spoilt(text: str, chance: random.Random) -> bytes:
    """A text with one to four faults: characters, words, lines or stretches."""
    for _ in range(chance.randint(1, 4)):
        place, length = chance.randrange(len(text) + 1), chance.choice([1, 1, 2, 5, 40, 400])
        way = chance.randrange(7)
        if way == 0:
            text = text[:place] + text[place + length :]
        elif way == 1:
            text = text[:place] + chance.choice(NASTY) + text[place:]
        elif way == 2:
            text = text[:place] + chr(chance.randrange(256)) + text[place + 1 :]
        elif way == 3:
            text = text[:place] + text[place : place + length] * 2 + text[place + length :]
        elif way == 4:
            words = text.split(" ")
            words[chance.randrange(len(words))] = chance.choice(NASTY)
            text = " ".join(words)
        elif way == 5:
            lines = text.split("\n")
            a, b = (chance.randrange(len(lines)) for _ in range(2))
            lines[a], lines[b] = lines[b], lines[a]
            text = "\n".join(lines)
        else:
            digit = chance.randrange(10)
            text = text.replace(str(digit), chance.choice("0123456789-. e"), chance.randint(1, 3))
    content = text.encode("utf-8", "surrogatepass")
    if chance.random() < 0.05:
        place = chance.randrange(len(content) + 1)
        content = content[:place] + chance.randbytes(3) + content[place:]
    return content


def fuzz(name: str, count: int) -> tuple[int, float]:
    """How many inputs were refused, and the slowest of all, seconds."""
    text, read = seeds()[name]
    chance = random.Random(f"{name} 4")  # noqa: S311 - repeatable, and no secret
    refused, slowest = 0, 0.0
    for _ in range(count):
        content = spoilt(text, chance)
        begun = time.perf_counter()
        source = Source("fuzzed")
        try:
            read(source, source.decoded(content))
        except CosmodromeError:
            refused += 1
        slowest = max(slowest, time.perf_counter() - begun)
    return refused, slowest


@pytest.mark.parametrize("name", sorted(seeds()))
def test_the_unspoilt_file_is_read(name: str) -> None:
    text, read = seeds()[name]
    assert read(Source("good"), text)


@pytest.mark.parametrize("name", sorted(seeds()))
def test_fuzzed_files_raise_our_own_errors_alone(name: str) -> None:
    refused, slowest = fuzz(name, 300)
    assert refused > 100  # the faults do reach the reader
    assert slowest < SLOWEST_S


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("name", "count"),
    [("TLE", 34000), ("OEM", 23000), ("OEM, XML", 10000), ("OPM", 23000), ("OPM, XML", 10000)],
)
def test_a_hundred_thousand_fuzzed_files(name: str, count: int) -> None:
    refused, slowest = fuzz(name, count)
    assert refused > count // 3
    assert slowest < SLOWEST_S


def test_a_state_outside_a_segment_is_refused() -> None:
    with pytest.raises(InputError, match="outside a segment"):
        oem_from_xml(
            Source("x"),
            "<oem version='3.0'><body><stateVector><X>1</X></stateVector></body></oem>",
        )


HOSTILE = {
    "billion laughs": "<?xml version='1.0'?><!DOCTYPE o [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY {chr(98 + k)} '{f'&{chr(97 + k)};' * 10}'>" for k in range(20))
    + "]><oem>&u;</oem>",
    "outside entity": "<!DOCTYPE o [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><oem>&a;</oem>",
    "deep": "<oem>" + "<a>" * 50000,
    "wide": "<oem>" + "<a/>" * 50000,
    "one long line": "CCSDS_OEM_VERS = 2.0\n" + "1" * 5_000_000,
    "many brackets": "CCSDS_OPM_VERS = 3.0\nX = " + "1[" * 1500 + "]",
    "many blanks": "CCSDS_OPM_VERS = 3.0\nX = 1" + " " * 3900 + "[",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_cost_little(name: str) -> None:
    text = HOSTILE[name]
    read = oem_from_xml if text.startswith("<") else oem_from_kvn
    if "OPM" in text:
        read = lambda source, text: messages_from_kvn(source, text, "OPM")  # type: ignore[assignment,return-value]  # noqa: E731
    tracemalloc.start()
    begun = time.perf_counter()
    with pytest.raises(InputError, match="hostile"):
        read(Source("hostile"), text)
    took = time.perf_counter() - begun
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < 10.0  # tracing memory slows it tenfold
    assert peak < MOST_MEMORY + 4 * len(text)


def test_a_reader_that_lets_through_a_foreign_error_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good = seeds()["TLE"][0]

    def careless(_: Source, text: str) -> object:
        return [float(line[2:7]) for line in text.splitlines() if line.startswith("1 ")]

    monkeypatch.setitem(globals(), "seeds", lambda: {"TLE": (good, careless)})
    with pytest.raises(ValueError, match="could not convert"):
        fuzz("TLE", 300)
