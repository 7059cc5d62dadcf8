"""SGP4 from the elements of a TLE or an OMM."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.orbit.spans import FOREVER, times_array
from cosmodrome.world.epoch import Epoch

__all__ = ["Sgp4", "Sgp4Error", "alpha5", "catalogue_number"]

Array = NDArray[np.float64]
_DAY_S = 86400.0
_TURN = 2.0 * math.pi
_EPOCH_1950_MJD = 33281  # 1949-12-31, day 0 of SGP4's own count
_EPOCH_1950_JD = 2433281.5
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # I and O are left out, [Space-Track alpha-5]
_REASONS = {
    1: "the mean eccentricity left the range 0 to 1",
    2: "the mean motion fell below zero",
    3: "the eccentricity left the range 0 to 1 under the Moon and the Sun",
    4: "the semi-latus rectum fell below zero",
    5: "the elements lie below the surface at their epoch",
    6: "the satellite has decayed",
}
_TLE_LENGTH = 69


class Sgp4Error(InputError):
    """SGP4 gives no state for a time: decayed, or elements it does not hold for."""


def catalogue_number(text: str) -> int:
    """The catalogue number of a TLE's five columns, alpha-5 included.

    Parameters
    ----------
    text : str, as "25544", "T0002" (270002) or, from an OMM, "123456789"

    Raises
    ------
    InputError
    """
    plain = text.strip()
    if plain.isascii() and plain.isdigit() and len(plain) <= 9:
        return int(plain)
    if len(plain) == 5 and plain[0] in _LETTERS and plain[1:].isascii() and plain[1:].isdigit():
        return (10 + _LETTERS.index(plain[0])) * 10000 + int(plain[1:])
    raise InputError(
        f"catalogue number {plain[:20]!r} cannot be read",
        key="NORAD_CAT_ID",
        value=plain[:20],
        allowed="up to nine digits, or alpha-5 as T0002",
    )


def alpha5(number: int) -> str:
    """Five columns for a catalogue number up to 339999.

    Raises
    ------
    InputError
        If the number does not fit; such objects have OMMs and no TLE.
    """
    if 0 <= number < 100000:
        return f"{number:05d}"
    if 100000 <= number <= 339999:
        return f"{_LETTERS[number // 10000 - 10]}{number % 10000:04d}"
    raise InputError(
        "this catalogue number does not fit a TLE",
        key="NORAD_CAT_ID",
        value=number,
        allowed="0 to 339999; write an OMM instead",
    )


@dataclass(frozen=True, slots=True, eq=False)
class Sgp4:
    """An orbit as SGP4 computes it; frame TEME of each instant.

    Parameters
    ----------
    epoch : Epoch
    mean_motion_rad_s : float, Kozai's, as in a TLE
    eccentricity : float
    inclination_rad, raan_rad, argp_rad, mean_anomaly_rad : float, mean, TEME
    bstar : float, per Earth radius
    catalogue : int, for naming only; any size
    gravity : "wgs72" or "wgs84"; TLEs are fitted with WGS-72

    Raises
    ------
    InputError
        If an element is out of its range, naming it.

    Accuracy
    --------
    A TLE is good to about 1 km at its epoch and loses 1 to 3 km a day in low
    orbit. The computation follows the reference code to 1e-6 km.

    References
    ----------
    Hoots & Roehrich, Spacetrack Report 3 (1980); Vallado et al., AIAA 2006-6753.
    """

    epoch: Epoch
    mean_motion_rad_s: float
    eccentricity: float
    inclination_rad: float
    raan_rad: float
    argp_rad: float
    mean_anomaly_rad: float
    bstar: float = 0.0
    catalogue: int = 0
    gravity: Literal["wgs72", "wgs84"] = "wgs72"
    record: Any = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("raan_rad", "argp_rad", "mean_anomaly_rad", "bstar"):
            value = getattr(self, name)
            if not math.isfinite(value):
                raise _bad_element(name, value, "a finite number")
        if not 0.0 <= self.eccentricity < 1.0:
            raise _bad_element("eccentricity", self.eccentricity, "0 to below 1")
        if not 0.0 <= self.inclination_rad <= math.pi:
            raise _bad_element("inclination_rad", self.inclination_rad, "0 to pi")
        if not 0.0 < self.mean_motion_rad_s < 20.0 * _TURN / _DAY_S:
            raise _bad_element("mean_motion_rad_s", self.mean_motion_rad_s, "0 to 20 turns a day")
        object.__setattr__(self, "record", self._initialised())

    def _initialised(self) -> Any:
        from sgp4.api import WGS72, WGS84, Satrec

        offset = self.epoch.tai_minus_utc_s
        utc = self.epoch.tai_mjd - _EPOCH_1950_MJD + (self.epoch.tai_s - offset) / _DAY_S
        # The reference code keeps one Julian date, to 40 microseconds; on very
        # eccentric orbits its Moon and Sun move millimetres by that.
        utc = (utc + _EPOCH_1950_JD) - _EPOCH_1950_JD
        record = Satrec()
        # The library's own number field is bounded, and no formula reads it.
        record.sgp4init(
            WGS72 if self.gravity == "wgs72" else WGS84,
            "i",
            0,
            utc,
            self.bstar,
            0.0,
            0.0,
            self.eccentricity,
            self.argp_rad,
            self.inclination_rad,
            self.mean_anomaly_rad,
            self.mean_motion_rad_s * 60.0,
            self.raan_rad,
        )
        return record

    @classmethod
    def from_tle(cls, line1: str, line2: str) -> Sgp4:
        """From the two lines of a TLE, read by their columns.

        The check digits are not looked at: the reader of files does that.

        Raises
        ------
        InputError
            Naming the field that cannot be read.
        """
        one, two = _line(line1, "1"), _line(line2, "2")
        number = catalogue_number(one[2:7])
        if catalogue_number(two[2:7]) != number:
            raise _bad_element("NORAD_CAT_ID", two[2:7], f"{one[2:7]}, as in line 1")
        field_of = _columns
        return cls(
            _tle_epoch(one[18:32]),
            field_of(two, 52, 63, "MEAN_MOTION") * _TURN / _DAY_S,
            field_of(two, 26, 33, "ECCENTRICITY", "."),
            math.radians(field_of(two, 8, 16, "INCLINATION")),
            math.radians(field_of(two, 17, 25, "RA_OF_ASC_NODE")),
            math.radians(field_of(two, 34, 42, "ARG_OF_PERICENTER")),
            math.radians(field_of(two, 43, 51, "MEAN_ANOMALY")),
            _exponent(one[53:61], "BSTAR"),
            number,
        )

    @classmethod
    def from_omm(cls, fields: Mapping[str, Any]) -> Sgp4:
        """From the fields of an OMM by their CCSDS names; texts or numbers.

        Raises
        ------
        InputError
            Naming the field that is missing or cannot be read, or a theory or
            frame other than SGP4 in TEME.
        """
        theory = str(fields.get("MEAN_ELEMENT_THEORY", "SGP4")).upper()
        if theory not in ("SGP4", "SGP/SGP4"):
            raise _bad_element("MEAN_ELEMENT_THEORY", theory, "SGP4")
        frame = str(fields.get("REF_FRAME", "TEME")).upper()
        if frame != "TEME":
            raise _bad_element("REF_FRAME", frame, "TEME")

        def number(name: str, default: float | None = None) -> float:
            value = fields.get(name, default)
            try:
                return float(value)
            except (TypeError, ValueError):
                raise _bad_element(name, value, "a number") from None

        if "EPOCH" not in fields:
            raise _bad_element("EPOCH", None, "a UTC time")
        return cls(
            Epoch.parse(str(fields["EPOCH"])),
            number("MEAN_MOTION") * _TURN / _DAY_S,
            number("ECCENTRICITY"),
            math.radians(number("INCLINATION")),
            math.radians(number("RA_OF_ASC_NODE")),
            math.radians(number("ARG_OF_PERICENTER")),
            math.radians(number("MEAN_ANOMALY")),
            number("BSTAR", 0.0),
            catalogue_number(str(fields.get("NORAD_CAT_ID", "0"))),
        )

    @property
    def frame(self) -> str:
        """TEME."""
        return "TEME"

    @property
    def span_s(self) -> tuple[float, float]:
        """Without end; where SGP4 itself gives up, `at` raises."""
        return FOREVER

    def at(self, t_s: Any) -> tuple[Array, Array]:
        """Positions and velocities, shape (n, 3), metres and metres per second.

        Raises
        ------
        Sgp4Error
            With the reason and the first time that has no state.
        """
        times = times_array(t_s)
        record = self.record
        day = np.full(times.size, record.jdsatepoch)
        errors, r_km, v_km_s = record.sgp4_array(day, record.jdsatepochF + times / _DAY_S)
        if np.any(errors):
            first = int(np.flatnonzero(errors)[0])
            raise Sgp4Error(
                f"SGP4 gives no state {times[first] / _DAY_S:.2f} days after the epoch of object "
                f"{self.catalogue}: {_REASONS.get(int(errors[first]), 'unknown reason')}",
                key="t_s",
                value=float(times[first]),
                allowed="times nearer to the epoch of the elements",
            )
        return np.asarray(r_km) * 1000.0, np.asarray(v_km_s) * 1000.0


def _bad_element(name: str, value: object, allowed: str) -> InputError:
    return InputError(
        f"SGP4 cannot take {name} = {str(value)[:40]}", key=name, value=value, allowed=allowed
    )


def _line(text: str, number: str) -> str:
    line = text.rstrip()
    if len(line) < _TLE_LENGTH - 1 or not line.isascii() or line[0] != number:
        raise InputError(
            f"this is not line {number} of a TLE",
            key=f"line {number}",
            value=line[:80],
            allowed=f"69 columns that begin with {number}",
        )
    return line


def _columns(line: str, start: int, stop: int, name: str, prefix: str = "") -> float:
    text = line[start:stop].strip().replace(" ", "0")
    try:
        value = float(prefix + text)
    except ValueError:
        raise _bad_element(name, line[start:stop], "a decimal number") from None
    if not math.isfinite(value):
        raise _bad_element(name, line[start:stop], "a decimal number")
    return value


def _exponent(text: str, name: str) -> float:
    """A TLE's number with an implied decimal point, as " 28098-4"."""
    plain = text.strip()
    if not plain:
        return 0.0
    sign = "-" if plain[0] == "-" else ""
    digits = plain.lstrip("+-")
    mantissa, power = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "+0")
    try:
        return float(f"{sign}.{mantissa.strip()}e{power.strip()}")
    except ValueError:
        raise _bad_element(name, text, "five digits and a power of ten, as 28098-4") from None


def _tle_epoch(text: str) -> Epoch:
    """Two digits of the year (57 to 56) and the day of it with its fraction."""
    try:
        year, day = int(text[:2]), float(text[2:].replace(" ", "0"))
    except ValueError:
        raise _bad_element("EPOCH", text, "two digits of the year and the day of it") from None
    year += 2000 if year < 57 else 1900
    if not 1.0 <= day < 367.0:
        raise _bad_element("EPOCH", text, "a day from 1 to 366")
    whole = int(day)
    start = Epoch.parse(f"{year}-01-01T00:00:00Z")
    midnight = Epoch(start.tai_mjd + whole - 1, 0.0)
    # Its own midnight, so that leap seconds earlier in the year count.
    utc_midnight = midnight + float((midnight + 100.0).tai_minus_utc_s)
    return utc_midnight + round((day - whole) * 1e8) / 1e8 * _DAY_S
