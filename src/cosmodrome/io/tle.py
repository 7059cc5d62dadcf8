"""Two-line elements, with or without a line of name; alpha-5 numbers.

References
----------
Space-Track, Basic Description of the Two Line Element (TLE) Format; alpha-5 by
the same. Columns below are counted from 1, as there.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from cosmodrome.errors import InputError
from cosmodrome.io.bounds import Source, read_bytes
from cosmodrome.io.mean_elements import MeanElements, long_designator, short_designator
from cosmodrome.orbit.motion import Sgp4
from cosmodrome.orbit.sgp4_motion import alpha5, catalogue_number
from cosmodrome.world.epoch import Epoch

__all__ = ["Tle", "read_tle", "rounded_epoch", "tle_of", "tle_text", "tles_from_text"]

_DAY_S = 86400.0
_TURN = 2.0 * math.pi
_LENGTH: Final = 69
_LONGEST_NAME: Final = 24
_ANGLE = r"[ \d]{3}\.\d{4}"
_POWER = r"[ +-]\d{5}[+-]\d"
_NUMBER = r"[ \dA-HJ-NP-Z][ \d]{3}\d"
# First column, what stands there, its pattern; columns in between are blank.
_COLUMNS: Final = {
    "1": (
        (3, "catalogue number", _NUMBER),
        (8, "classification", "[A-Z ]"),
        (10, "international designator", r"[ \dA-Z]{8}"),
        (19, "epoch", r"\d{2}[ \d]{3}\.\d{8}"),
        (34, "first derivative of the mean motion", r"[ +-]\.\d{8}"),
        (45, "second derivative of the mean motion", _POWER),
        (54, "drag term", _POWER),
        (63, "ephemeris type", r"[ \d]"),
        (65, "element set number", r"[ \d]{4}"),
    ),
    "2": (
        (3, "catalogue number", _NUMBER),
        (9, "inclination", _ANGLE),
        (18, "right ascension of the node", _ANGLE),
        (27, "eccentricity", r"\d{7}"),
        (35, "argument of perigee", _ANGLE),
        (44, "mean anomaly", _ANGLE),
        (53, "mean motion", r"[ \d]{2}\.\d{8}"),
        (64, "revolution number", r"[ \d]{5}"),
    ),
}
_PATTERNS = {
    kind: [(start - 1, name, re.compile(text, re.ASCII)) for start, name, text in fields]
    for kind, fields in _COLUMNS.items()
}


@dataclass(frozen=True, slots=True)
class Tle:
    """One set of two-line elements.

    Parameters
    ----------
    name : str, "" without a line of name
    line1, line2 : str, as written
    elements : MeanElements, what they say
    """

    name: str
    line1: str
    line2: str
    elements: MeanElements

    def motion(self) -> Sgp4:
        """The motion by SGP4."""
        return self.elements.motion()


def check_digit(line: str) -> int:
    """Sum of the digits of 68 columns, a minus counting one, modulo 10."""
    return sum(int(c) if c.isdigit() else c == "-" for c in line[: _LENGTH - 1]) % 10


def _check(line: str, kind: str, number: int, source: Source) -> None:
    """Refuse a line whose columns or check digit are wrong."""
    if not line.isascii() or len(line) != _LENGTH or line[:2] != f"{kind} ":
        raise source.refused(
            number,
            f"this is not line {kind} of a TLE ({len(line)} columns)",
            value=line,
            allowed=f"{_LENGTH} columns that begin with {kind!r} and a blank",
        )
    end = 2
    for start, name, pattern in _PATTERNS[kind]:
        found = pattern.match(line, start)
        if line[end:start].strip() or found is None:
            raise source.refused(
                number, f"the {name} cannot be read", key=name, value=line[start : start + 14]
            )
        end = found.end()
    if not line[-1].isdigit() or int(line[-1]) != check_digit(line):
        raise source.refused(
            number,
            f"the check digit is {line[-1]!r} and should be {check_digit(line)}",
            key="check digit",
            value=line[-1],
            allowed=str(check_digit(line)),
        )


def _spaced(text: str) -> float:
    return float(text.replace(" ", "0"))


def _power(text: str) -> float:
    return float(f"{text[0].strip()}.{text[1:6]}e{text[6:]}")


def _count(text: str) -> int:
    return int(text.replace(" ", "0"))


def _tle(name: str, lines: tuple[str, str], numbers: tuple[int, int], source: Source) -> Tle:
    one, two = lines
    _check(one, "1", numbers[0], source)
    _check(two, "2", numbers[1], source)
    if one[2:7] != two[2:7]:
        raise source.refused(
            numbers[1],
            f"this line is of object {two[2:7].strip()}, the one before of {one[2:7].strip()}",
            key="catalogue number",
            value=two[2:7],
            allowed=one[2:7],
        )
    try:
        elements = _elements(name, one, two)
    except InputError as error:
        raise source.refused(
            numbers[0], error.message, key=error.key, value=error.value, allowed=error.allowed
        ) from None
    motion = elements.mean_motion_rad_s
    if not motion > 0.0 or elements.inclination_rad > math.pi:
        key = "mean motion" if not motion > 0.0 else "inclination"
        raise source.refused(numbers[1], f"the {key} is out of its range", key=key)
    return Tle(name, one, two, elements)


def _elements(name: str, one: str, two: str) -> MeanElements:
    return MeanElements(
        _epoch(one[18:32]),
        _spaced(two[52:63]) * _TURN / _DAY_S,
        float(f"0.{two[26:33]}"),
        math.radians(_spaced(two[8:16])),
        math.radians(_spaced(two[17:25])),
        math.radians(_spaced(two[34:42])),
        math.radians(_spaced(two[43:51])),
        _power(one[53:61]),
        catalogue_number(one[2:7].replace(" ", "0")),
        long_designator(one[9:17]),
        name,
        one[7].strip() or "U",
        float(one[33:43].replace(" ", "")),
        _power(one[44:52]),
        _count(one[62]),
        _count(one[64:68]),
        _count(two[63:68]),
    )


def _epoch(text: str) -> Epoch:
    """The instant of two digits of the year (57 to 56) and the day with its fraction."""
    year = int(text[:2]) + (1900 if int(text[:2]) >= 57 else 2000)
    day, fraction = int(text[2:5].replace(" ", "0")), float(text[5:])
    if not 1 <= day <= 366:
        raise InputError(f"day {day} of the year does not exist", key="epoch", value=text)
    start = Epoch.parse(f"{year}-01-01T00:00:00Z")
    leaps = (start + 366 * _DAY_S).tai_minus_utc_s - start.tai_minus_utc_s
    begun = start + (day - 1) * _DAY_S
    # A leap second earlier in the year moves its later midnights.
    late = begun.tai_minus_utc_s - start.tai_minus_utc_s if leaps else 0
    return begun + (late + fraction * _DAY_S)


def tles_from_text(source: Source, text: str) -> tuple[Tle, ...]:
    """All element sets of a text.

    A line that begins with # is passed over, as is a blank one. Any other must
    be line 1, line 2, or a name of at most 24 characters right before line 1.

    Raises
    ------
    InputError
        With file, line and reason of the first fault.
    """
    lines = [
        (number, line.rstrip())
        for number, line in enumerate(source.lines(text), 1)
        if line.strip() and not line.startswith("#")
    ]
    found: list[Tle] = []
    at = 0
    while at < len(lines):
        name = ""
        if not _is_first(lines[at][1]):
            name = _name(lines, at, source)
            at += 1
        if at + 1 >= len(lines):
            raise source.refused(lines[-1][0], "line 2 of these elements is missing")
        (n1, one), (n2, two) = lines[at], lines[at + 1]
        found.append(_tle(name, (one, two), (n1, n2), source))
        at += 2
    if not found:
        raise source.refused(None, "no elements stand in it", allowed="a TLE")
    return tuple(found)


def _is_first(line: str) -> bool:
    return line.startswith("1 ") and len(line) > _LONGEST_NAME


def _name(lines: Sequence[tuple[int, str]], at: int, source: Source) -> str:
    number, line = lines[at]
    name = line.removeprefix("0 ").strip()
    followed = at + 1 < len(lines) and _is_first(lines[at + 1][1])
    if len(name) > _LONGEST_NAME or not followed or line.startswith("2 "):
        raise source.refused(
            number,
            "this is neither a name before its elements nor line 1 of a TLE",
            value=line,
            allowed=f"a name of at most {_LONGEST_NAME} characters, then lines 1 and 2",
        )
    return name


def read_tle(path: str | os.PathLike[str]) -> tuple[Tle, ...]:
    """Read a file of two- or three-line elements.

    Catalogue numbers of five digits or alpha-5; check digits are checked.

    Parameters
    ----------
    path : path of the file

    Raises
    ------
    InputError
        With file, line and reason if it is broken.

    Accuracy
    --------
    Times to the 0.9 ms a TLE carries; elements as written.
    """
    source, content = read_bytes(path)
    return tles_from_text(source, source.decoded(content))


def _year_and_day(epoch: Epoch) -> tuple[int, int, float]:
    """UTC year, day of the year and fraction of the day, rounded to a TLE's digits."""
    year = int(epoch.utc(9)[:4])
    start = Epoch.parse(f"{year}-01-01T00:00:00Z")
    since = epoch - start - (epoch.tai_minus_utc_s - start.tai_minus_utc_s)
    units = round(since / _DAY_S * 1e8)
    day = units // 10**8 + 1
    if day > (date(year + 1, 1, 1) - date(year, 1, 1)).days:  # the last instants round up
        return year + 1, 1, 0.0
    return year, day, units % 10**8 / 1e8


def rounded_epoch(epoch: Epoch) -> Epoch:
    """The nearest instant that a TLE can state (steps of 0.864 ms)."""
    year, day, fraction = _year_and_day(epoch)
    return _epoch(f"{year % 100:02d}{day:03d}{f'{fraction:.8f}'[1:]}")


def _power_columns(value: float, key: str) -> str:
    """A number with implied decimal point in eight columns: " 28098-4"."""
    if value == 0.0:
        return " 00000-0"
    power = math.floor(math.log10(abs(value))) + 1
    digits = round(abs(value) / 10.0**power * 1e5)
    if digits >= 100000:
        digits, power = 10000, power + 1
    if power < -9:
        return " 00000-0"
    if power > 9:
        raise InputError(f"{key} does not fit a TLE", key=key, value=value, allowed="below 1e9")
    return f"{'-' if value < 0 else ' '}{digits:05d}{power:+d}"


def _turned(angle_rad: float) -> str:
    """Degrees in eight columns, [0, 360)."""
    degrees = round(math.degrees(angle_rad) % 360.0, 4) % 360.0
    return f"{degrees:8.4f}"


def tle_of(elements: MeanElements) -> Tle:
    """Mean elements as a TLE, rounded to its digits.

    Parameters
    ----------
    elements : MeanElements

    Returns
    -------
    Tle
        Its `elements` are what the lines say, so that the loss can be measured.

    Raises
    ------
    InputError
        If the catalogue number is above 339999 (write an OMM), or another
        element does not fit its columns.

    Accuracy
    --------
    Half a unit of the last digit: angles 5e-5 deg (6 m in low orbit), mean
    motion 5e-9 rev/day, epoch 0.43 ms.
    """
    number = alpha5(elements.catalogue)
    year, day, fraction = _year_and_day(elements.epoch)
    motion = elements.mean_motion_rad_s * _DAY_S / _TURN
    digits = round(elements.eccentricity * 1e7)
    dot = elements.mean_motion_dot
    if not 0.0 < motion < 99.0 or digits > 9999999 or abs(dot) >= 1.0:
        raise InputError(
            "these elements do not fit a TLE", key="MEAN_MOTION", value=motion, allowed="below 99"
        )
    rate = f"{abs(dot):.8f}"[1:]
    one = (
        f"1 {number}{elements.classification[:1] or 'U'} {short_designator(elements.designator)} "
        f"{year % 100:02d}{day:03d}{f'{fraction:.8f}'[1:]} {'-' if dot < 0 else ' '}{rate} "
        f"{_power_columns(elements.mean_motion_ddot, 'MEAN_MOTION_DDOT')} "
        f"{_power_columns(elements.bstar, 'BSTAR')} {elements.ephemeris_type % 10} "
        f"{elements.element_set % 10000:4d}"
    )
    two = (
        f"2 {number} {math.degrees(elements.inclination_rad):8.4f} {_turned(elements.raan_rad)} "
        f"{digits:07d} {_turned(elements.argp_rad)} {_turned(elements.mean_anomaly_rad)} "
        f"{motion:11.8f}{elements.revolution % 100000:5d}"
    )
    lines = (f"{one}{check_digit(one)}", f"{two}{check_digit(two)}")
    return _tle(elements.name[:_LONGEST_NAME], lines, (1, 2), Source("TLE"))


# What a line with this begins is read as a line of elements, a remark, or a numbered name.
_NO_NAMES = ("0 ", "1 ", "2 ", "#")


def tle_text(tles: Sequence[Tle]) -> str:
    """Element sets as a file; a line of name where there is one.

    Raises
    ------
    InputError
        If a name would be read back as something else.
    """
    rows: list[str] = []
    for tle in tles:
        if not tle.name.isprintable() or tle.name.startswith(_NO_NAMES):
            raise InputError(
                f"{tle.name!r} cannot stand above the lines of a TLE",
                key="name",
                value=tle.name,
                allowed="one line of text that is none of a TLE itself",
            )
        rows += [*([tle.name] if tle.name else []), tle.line1, tle.line2]
    return "\n".join(rows) + "\n"
