"""The keywords of CCSDS 502.0-B-1 to B-3: section, sort of value, unit.

References
----------
CCSDS 502.0-B-3, Orbit Data Messages (April 2023), tables 3-1 to 5-3, annex B.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

__all__ = [
    "COVARIANCE",
    "HEADER",
    "MANDATORY",
    "MANOEUVRE",
    "OEM_METADATA",
    "SECTIONS",
    "STATE",
    "Rule",
    "known_frame",
    "rules",
]

Sort = Literal["text", "number", "integer", "time", "created", "frame", "system"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What may stand after a keyword.

    Parameters
    ----------
    section : str, "header", "metadata", or the element of the XML form that holds it
    sort : str
    unit : str or None, the only unit that may be written
    """

    section: str
    sort: Sort = "text"
    unit: str | None = None


def _rules(section: str, sort: Sort, words: str, unit: str | None = None) -> dict[str, Rule]:
    return {word: Rule(section, sort, unit) for word in words.split()}


HEADER: Final = {
    **_rules("header", "text", "CLASSIFICATION ORIGINATOR MESSAGE_ID"),
    **_rules("header", "created", "CREATION_DATE"),
}
_METADATA: Final = {
    **_rules("metadata", "text", "OBJECT_NAME OBJECT_ID CENTER_NAME"),
    **_rules("metadata", "frame", "REF_FRAME"),
    **_rules("metadata", "time", "REF_FRAME_EPOCH"),
    **_rules("metadata", "system", "TIME_SYSTEM"),
}
OEM_METADATA: Final = {
    **_METADATA,
    **_rules("metadata", "time", "START_TIME USEABLE_START_TIME USEABLE_STOP_TIME STOP_TIME"),
    **_rules("metadata", "text", "INTERPOLATION"),
    **_rules("metadata", "integer", "INTERPOLATION_DEGREE"),
}

STATE: Final = ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")
COVARIANCE: Final = tuple(f"C{STATE[i]}_{STATE[j]}" for i in range(6) for j in range(i + 1))
_COVARIANCE_UNITS = ("km**2", "km**2/s", "km**2/s**2")
_COVARIANCE: Final = {
    "COV_REF_FRAME": Rule("covarianceMatrix", "frame"),
    **{
        word: Rule("covarianceMatrix", "number", _COVARIANCE_UNITS[word.count("_DOT")])
        for word in COVARIANCE
    },
}
_SPACECRAFT: Final = {
    **_rules("spacecraftParameters", "number", "MASS", "kg"),
    **_rules("spacecraftParameters", "number", "SOLAR_RAD_AREA DRAG_AREA", "m**2"),
    **_rules("spacecraftParameters", "number", "SOLAR_RAD_COEFF DRAG_COEFF"),
}
_ANGLES = "INCLINATION RA_OF_ASC_NODE ARG_OF_PERICENTER MEAN_ANOMALY"


def _orbit(section: str, angles: str) -> dict[str, Rule]:
    return {
        **_rules(section, "number", "SEMI_MAJOR_AXIS", "km"),
        **_rules(section, "number", "ECCENTRICITY"),
        **_rules(section, "number", angles, "deg"),
        **_rules(section, "number", "GM", "km**3/s**2"),
    }


MANOEUVRE: Final = (
    "MAN_EPOCH_IGNITION",
    "MAN_DURATION",
    "MAN_DELTA_MASS",
    "MAN_REF_FRAME",
    "MAN_DV_1",
    "MAN_DV_2",
    "MAN_DV_3",
)
_OPM: Final = {
    **_METADATA,
    **_rules("stateVector", "time", "EPOCH"),
    **_rules("stateVector", "number", "X Y Z", "km"),
    **_rules("stateVector", "number", "X_DOT Y_DOT Z_DOT", "km/s"),
    **_orbit("keplerianElements", _ANGLES + " TRUE_ANOMALY"),
    **_SPACECRAFT,
    **_COVARIANCE,
    **_rules("maneuverParameters", "time", "MAN_EPOCH_IGNITION"),
    **_rules("maneuverParameters", "number", "MAN_DURATION", "s"),
    **_rules("maneuverParameters", "number", "MAN_DELTA_MASS", "kg"),
    **_rules("maneuverParameters", "frame", "MAN_REF_FRAME"),
    **_rules("maneuverParameters", "number", "MAN_DV_1 MAN_DV_2 MAN_DV_3", "km/s"),
}
_OMM: Final = {
    **_METADATA,
    **_rules("metadata", "text", "MEAN_ELEMENT_THEORY"),
    **_rules("meanElements", "time", "EPOCH"),
    **_rules("meanElements", "number", "MEAN_MOTION", "rev/day"),
    **_orbit("meanElements", _ANGLES),
    **_SPACECRAFT,
    **_rules("tleParameters", "integer", "EPHEMERIS_TYPE NORAD_CAT_ID ELEMENT_SET_NO REV_AT_EPOCH"),
    **_rules("tleParameters", "text", "CLASSIFICATION_TYPE"),
    **_rules("tleParameters", "number", "BSTAR", "1/ER"),
    **_rules("tleParameters", "number", "BTERM AGOM", "m**2/kg"),
    **_rules("tleParameters", "number", "MEAN_MOTION_DOT", "rev/day**2"),
    **_rules("tleParameters", "number", "MEAN_MOTION_DDOT", "rev/day**3"),
    **_COVARIANCE,
}

SECTIONS: Final = {
    "OPM": (
        "stateVector",
        "keplerianElements",
        "spacecraftParameters",
        "covarianceMatrix",
        "maneuverParameters",
        "userDefinedParameters",
    ),
    "OMM": (
        "meanElements",
        "spacecraftParameters",
        "tleParameters",
        "covarianceMatrix",
        "userDefinedParameters",
    ),
}
_NAMED = "OBJECT_NAME OBJECT_ID CENTER_NAME REF_FRAME TIME_SYSTEM"
_PLACE = "ECCENTRICITY INCLINATION RA_OF_ASC_NODE ARG_OF_PERICENTER"
MANDATORY: Final = {
    "header": ("CREATION_DATE", "ORIGINATOR"),
    "OEM": tuple(f"{_NAMED} START_TIME STOP_TIME".split()),
    "OPM": tuple(f"{_NAMED} EPOCH X Y Z X_DOT Y_DOT Z_DOT".split()),
    "OMM": tuple(f"{_NAMED} MEAN_ELEMENT_THEORY EPOCH {_PLACE} MEAN_ANOMALY".split()),
    "keplerianElements": tuple(f"SEMI_MAJOR_AXIS {_PLACE} GM".split()),
}


def rules(kind: str) -> dict[str, Rule]:
    """Keyword to rule for the metadata and data of an "OPM" or "OMM"."""
    return _OPM if kind == "OPM" else _OMM


# Annex B of 502.0-B-3 and the SANA registry of celestial and orbit-relative frames.
_FRAMES = frozenset(
    [
        "ALIGN_CB",
        "ALIGN_EARTH",
        "B1950",
        "EFG",
        "EME2000",
        "FIXED_CB",
        "FIXED_EARTH",
        "GCRF",
        "GCRFN",
        "GRC",
        "GTOD",
        "ICRF",
        "ICRF1",
        "ICRF2",
        "ICRF3",
        "ICRFN",
        "ITRF",
        "J2000",
        "J2000_EARTH",
        "MCI",
        "MOD_CB",
        "MOD_EARTH",
        "MOD",
        "MOE_CB",
        "MOE_EARTH",
        "MOON_ME",
        "MOON_MEIAUE",
        "MOON_PAXXX",
        "PCS2000A",
        "TDR",
        "TEME",
        "TEMEOFDATE",
        "TEMEOFEPOCH",
        "TIRF",
        "TOD",
        "TOD_CB",
        "TOD_EARTH",
        "TOD_MOON",
        "TOE_CB",
        "TOE_EARTH",
        "TOE_MOON",
        "UVW_GO_INERTIAL",
        "WGS84",
        "LVLH",
        "LVLH_INERTIAL",
        "LVLH_ROTATING",
        "NSW",
        "NSW_INERTIAL",
        "NSW_ROTATING",
        "NTW",
        "NTW_INERTIAL",
        "NTW_ROTATING",
        "PQW",
        "PQW_INERTIAL",
        "RSW",
        "RSW_INERTIAL",
        "RSW_ROTATING",
        "RIC",
        "RTN",
        "RTN_INERTIAL",
        "RTN_ROTATING",
        "QSW",
        "TNW",
        "TNW_INERTIAL",
        "TNW_ROTATING",
        "SEZ",
        "SEZ_INERTIAL",
        "SEZ_ROTATING",
        "VNC",
        "VNC_INERTIAL",
        "VNC_ROTATING",
        "EQW",
        "EQW_INERTIAL",
    ]
)
_REALISED = re.compile(r"I[TC]RF-?(?:\d{4}|\d{2})|DTRF\d{4}|WGS84-?\w*", re.ASCII)
_BODY_AXES = re.compile(
    r"(?:SC_BODY|SC|CSS|DSS|GYRO_FRAME|STARTRACKER|ACC|AST|ACTUATOR|SENSOR|THRUSTER)_?\w*", re.ASCII
)


def known_frame(name: str) -> bool:
    """Whether a frame's name stands in the standard or its registry."""
    plain = name.strip().upper().replace(" ", "_")
    return plain in _FRAMES or any(p.fullmatch(plain) for p in (_REALISED, _BODY_AXES))
