"""Mean elements of SGP4, as a TLE and an OMM both carry them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cosmodrome.errors import InputError
from cosmodrome.io.bounds import Source
from cosmodrome.io.message import Block, Entry, Message
from cosmodrome.io.times import placed, read_time, written
from cosmodrome.orbit.motion import Sgp4
from cosmodrome.orbit.sgp4_motion import catalogue_number
from cosmodrome.world.epoch import Epoch

__all__ = [
    "MeanElements",
    "elements_of",
    "long_designator",
    "omm_of",
    "placeholder_designator",
    "short_designator",
]

_DAY_S = 86400.0
_TURN = 2.0 * math.pi
_DESIGNATOR = re.compile(r"(\d{4})-(\d{3})-?([A-Z]{1,3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class MeanElements:
    """Mean elements of SGP4 in TEME; never osculating ones.

    Parameters
    ----------
    epoch : Epoch
    mean_motion_rad_s : float, Kozai's
    eccentricity : float
    inclination_rad, raan_rad, argp_rad, mean_anomaly_rad : float
    bstar : float, per Earth radius
    catalogue : int, 0 before cataloguing
    designator : str, as "1998-067A"; "" if not known
    name : str
    classification : str, one letter
    mean_motion_dot, mean_motion_ddot : float, rev/day2 and rev/day3 as a TLE
        states them (halved and divided by six); SGP4 does not read them
    ephemeris_type, element_set, revolution : int
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
    designator: str = ""
    name: str = ""
    classification: str = "U"
    mean_motion_dot: float = 0.0
    mean_motion_ddot: float = 0.0
    ephemeris_type: int = 0
    element_set: int = 0
    revolution: int = 0

    def motion(self) -> Sgp4:
        """The motion by SGP4.

        Raises
        ------
        InputError
            If SGP4 does not hold for the elements.
        """
        return Sgp4(
            self.epoch,
            self.mean_motion_rad_s,
            self.eccentricity,
            self.inclination_rad,
            self.raan_rad,
            self.argp_rad,
            self.mean_anomaly_rad,
            self.bstar,
            self.catalogue,
        )


def placeholder_designator(epoch: Epoch) -> str:
    """What ground stations take before an object has a designator, as 2027-000A.

    The catalogue number that goes with it is 00000; no launch has the number 000.
    """
    return f"{epoch.utc()[:4]}-000A"


def elements_of(message: Message) -> MeanElements:
    """Mean elements of an OMM.

    Parameters
    ----------
    message : Message of kind "OMM"

    Raises
    ------
    InputError
        If the theory is not SGP4, the centre not the Earth, the frame not TEME
        or the time system one that cannot be placed; naming it.
    """
    meta, data = message.metadata, message.data
    _only(message, "MEAN_ELEMENT_THEORY", ("SGP4", "SGP/SGP4"))
    _only(message, "CENTER_NAME", ("EARTH",))
    _only(message, "REF_FRAME", ("TEME", "TEMEOFDATE"))
    source = Source(message.source)
    when = read_time(data.get("EPOCH"), meta.get("TIME_SYSTEM").upper(), source, 1)
    motion = data.number("MEAN_MOTION")
    if motion is None:
        raise source.refused(None, "SGP4 needs MEAN_MOTION, not SEMI_MAJOR_AXIS", key="MEAN_MOTION")

    def value(key: str, otherwise: float = 0.0) -> float:
        found = data.number(key)
        return otherwise if found is None else found

    return MeanElements(
        placed(when)[0],
        motion * _TURN / _DAY_S,
        value("ECCENTRICITY"),
        math.radians(value("INCLINATION")),
        math.radians(value("RA_OF_ASC_NODE")),
        math.radians(value("ARG_OF_PERICENTER")),
        math.radians(value("MEAN_ANOMALY")),
        value("BSTAR"),
        catalogue_number(data.get("NORAD_CAT_ID", "0")),
        meta.get("OBJECT_ID"),
        meta.get("OBJECT_NAME"),
        data.get("CLASSIFICATION_TYPE", "U"),
        value("MEAN_MOTION_DOT"),
        value("MEAN_MOTION_DDOT"),
        int(value("EPHEMERIS_TYPE")),
        int(value("ELEMENT_SET_NO")),
        int(value("REV_AT_EPOCH")),
    )


def _only(message: Message, key: str, allowed: Sequence[str]) -> None:
    value = message.metadata.get(key)
    if value.upper() not in allowed:
        raise InputError(
            f"{message.source}: an OMM with {key} {value[:40]} cannot be turned into SGP4 elements",
            file=message.source,
            key=key,
            value=value,
            allowed=" or ".join(allowed),
        )


def omm_of(
    elements: MeanElements,
    created: Epoch,
    *,
    originator: str = "COSMODROME",
    notes: Sequence[str] = (),
) -> Message:
    """An OMM of mean elements.

    Parameters
    ----------
    elements : MeanElements
    created : Epoch, of the message; by argument, so that a run is repeatable
    originator : str
    notes : sequence of str
        Comments with the elements, such as the residual of their fit.

    Accuracy
    --------
    Times to a nanosecond, angles to 1e-12 deg, mean motion to 1e-13 rev/day.
    """
    degrees = [
        repr(round(math.degrees(x), 12))
        for x in (
            elements.inclination_rad,
            elements.raan_rad,
            elements.argp_rad,
            elements.mean_anomaly_rad,
        )
    ]
    meta = {
        "OBJECT_NAME": elements.name or "UNNAMED",
        "OBJECT_ID": elements.designator or placeholder_designator(elements.epoch),
        "CENTER_NAME": "EARTH",
        "REF_FRAME": "TEME",
        "TIME_SYSTEM": "UTC",
        "MEAN_ELEMENT_THEORY": "SGP4",
    }
    data = {
        "EPOCH": written(elements.epoch),
        "MEAN_MOTION": repr(round(elements.mean_motion_rad_s * _DAY_S / _TURN, 13)),
        "ECCENTRICITY": repr(elements.eccentricity),
        "INCLINATION": degrees[0],
        "RA_OF_ASC_NODE": degrees[1],
        "ARG_OF_PERICENTER": degrees[2],
        "MEAN_ANOMALY": degrees[3],
        "EPHEMERIS_TYPE": str(elements.ephemeris_type),
        "CLASSIFICATION_TYPE": elements.classification,
        "NORAD_CAT_ID": f"{elements.catalogue:05d}",
        "ELEMENT_SET_NO": str(elements.element_set),
        "REV_AT_EPOCH": str(elements.revolution),
        "BSTAR": repr(elements.bstar),
        "MEAN_MOTION_DOT": repr(elements.mean_motion_dot),
        "MEAN_MOTION_DDOT": repr(elements.mean_motion_ddot),
    }
    return Message(
        "OMM",
        "3.0",
        Block(_entries({"CREATION_DATE": written(created, 0), "ORIGINATOR": originator})),
        Block(_entries(meta)),
        Block((*(Entry("COMMENT", note) for note in notes), *_entries(data))),
    )


def _entries(values: dict[str, str]) -> tuple[Entry, ...]:
    return tuple(Entry(key, value) for key, value in values.items())


def short_designator(designator: str) -> str:
    """The eight columns of a TLE for "1998-067A": "98067A  "; blank if not of that form."""
    found = _DESIGNATOR.fullmatch(designator.strip().upper())
    if found is None:
        return " " * 8
    return f"{found[1][2:]}{found[2]}{found[3]:<3}"


def long_designator(columns: str) -> str:
    """As 1998-067A, from a TLE's columns; what stands there if it has another form."""
    text = columns.strip()
    found = re.fullmatch(r"(\d{2})(\d{3})([A-Z]{1,3})", text, re.ASCII)
    if found is None:
        return text
    century = "19" if int(found[1]) >= 57 else "20"
    return f"{century}{found[1]}-{found[2]}{found[3]}"
