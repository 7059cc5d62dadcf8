"""A comparison with published payloads as rows of text, for the terminal and the page."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from cosmodrome.report.words import ABSENT, mass, number

__all__ = [
    "LEVELS",
    "MEASURES",
    "POINT_HEADS",
    "SUMMARY_HEADS",
    "by_vehicle",
    "calibration_sentence",
    "orbit_short",
    "point_cells",
    "range_cells",
    "signed",
    "summary_rows",
]

POINT_HEADS = (
    "orbit\nkm, deg",
    "publ.\nkg",
    "",
    "raw\nkg",
    "pred.\nkg",
    "90 % interval\nkg",
    "error\n%",
    "",
)
SUMMARY_HEADS = (
    "",
    "points",
    "median\nerror",
    "absolute\nmedian",
    "within\n12 %",
    "interval\nholds",
    "half\nwidth",
)

MEASURES = (
    "median_error_percent",
    "median_absolute_error_percent",
    "within_12_percent",
    "interval_holds_percent",
    "median_half_width_percent",
)

LEVELS = (
    ("raw", "clean, raw"),
    ("leave_family_out", "clean, corrected"),
    ("one_point", "clean, own rating"),
)


def by_vehicle(document: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """Points by vehicle, both in the order of the table."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for point in document["points"]:
        found.setdefault(point["vehicle"], []).append(point)
    return found


def orbit_short(point: Mapping[str, Any]) -> str:
    """The orbit in few characters: "250x35786 6"."""
    orbit = str(point["orbit"])
    return orbit.removesuffix(" deg").replace(" km ", ", ")


def signed(percent: float | None, digits: int = 1) -> str:
    """A percentage with its sign, "-" for none."""
    if percent is None:
        return ABSENT
    text = number(percent, digits)
    return text if percent < 0.0 else f"+{text}"


def point_cells(point: Mapping[str, Any]) -> tuple[str, ...]:
    """Orbit, published, confidence, raw, predicted, interval, error, verdict."""
    interval = point.get("interval_kg")
    between = ABSENT if interval is None else f"{_whole(interval[0])} to {_whole(interval[1])}"
    # Beside a lower bound an error would be read as one; it is none.
    error = ABSENT if point["lower_bound"] else signed(point["error_percent"])
    bound = ">= " if point["lower_bound"] else ""
    return (
        orbit_short(point),
        bound + _whole(point["published_kg"]),
        str(point["confidence"])[:1],
        _whole(point["raw_kg"]),
        _whole(point["predicted_kg"]),
        between,
        error,
        str(point["verdict"]),
    )


def _whole(value_kg: float | None) -> str:
    """Kilograms, whole from 100 up."""
    if value_kg is not None and value_kg >= 100.0:
        return number(value_kg)
    return mass(value_kg)


def summary_rows(document: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """The levels of correction, then the confidences, each with its measures."""
    summary = document["summary"]
    rows = [_row(words, summary["clean"][key]) for key, words in LEVELS]
    for level, figures in summary["confidence"].items():
        if figures["points"]:
            rows.append(_row(f"all {level}, corrected", figures))
    return rows


def _row(name: str, figures: Mapping[str, Any]) -> tuple[str, ...]:
    values = [figures[key] for key in MEASURES]
    return (
        name,
        number(figures["points"]),
        signed(values[0]),
        *(number(value, digits) for value, digits in zip(values[1:], (1, 0, 0, 1), strict=True)),
    )


def range_cells(figures: Mapping[str, Any]) -> list[str]:
    """The 90 % range of each measure over drawn families: "3.1 to 6.0"."""
    told = []
    for key in MEASURES:
        ends: Sequence[float] | None = figures["range_90"][key]
        told.append(ABSENT if ends is None else f"{number(ends[0], 1)} to {number(ends[1], 1)}")
    return told


def calibration_sentence(document: Mapping[str, Any]) -> str:
    """What the global correction is when no family is left out, and its model term."""
    one = document["summary"]["calibration"].get("")
    if one is None or not one["measured"]:
        return (
            "Too few vehicles have clean ratings to learn a correction from: none is made, and "
            "the model term of the interval is an assumption."
        )
    if one["kind"] == "velocity":
        shift, spread = f"{signed(one['offset'], 0)} m/s", f"{number(one['spread'])} m/s"
    else:
        shift = f"{signed(100.0 * math.expm1(one['offset']))} % of payload"
        spread = f"{number(100.0 * one['spread'], 1)} %"
    return (
        f"With no family left out the correction is {shift} and the model term of the interval "
        f"{spread} (one standard deviation), learnt from {one['points']} clean points of "
        f"{one['vehicles']} vehicles."
    )
