"""The page of a comparison with published payloads, in Markdown, made by the comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cosmodrome.io.writing import write_whole
from cosmodrome.report.as_json import json_text
from cosmodrome.report.validation_plot import validation_svg
from cosmodrome.report.validation_rows import (
    LEVELS,
    by_vehicle,
    calibration_sentence,
    point_cells,
    range_cells,
    signed,
    summary_rows,
)
from cosmodrome.report.words import ABSENT, number
from cosmodrome.report.writing import prepare_folder

__all__ = ["validation_markdown", "write_validation"]

PAGE, PLOT, DATA, LEARNT = "validation.md", "validation.svg", "validation.json", "calibration.json"


def validation_markdown(document: Mapping[str, Any]) -> str:
    """The page: how good, the picture, what was left out, every vehicle.

    Parameters
    ----------
    document : mapping, the JSON of `cosmodrome validate`

    Returns
    -------
    str
        Markdown. Every number in it comes from the document.
    """
    parts = [
        *_opening(document),
        *_summary(document),
        f"![Predicted against published payload]({PLOT})\n",
        (
            "Full marks are the clean points, open ones the rest; an arrow is a mass that flew, "
            "a lower bound. Bars are 90 % intervals.\n"
        ),
        *_left_out(document),
        *_contents(document),
    ]
    for vehicle, points in by_vehicle(document).items():
        parts += _vehicle(vehicle, points, document["summary"]["vehicles"][vehicle])
    return "\n".join(parts).rstrip() + "\n"


def _opening(document: Mapping[str, Any]) -> list[str]:
    made = document.get("provenance") or {}
    command = made.get("command", "cosmodrome validate")
    return [
        "# Predictions beside published payloads\n",
        (
            f"Made by `{command}` with cosmodrome {made.get('cosmodrome', ABSENT)}; "
            "do not edit by hand.\n"
        ),
        (
            "*Raw* is the optimum that the physics gives with the catalogue's figures. "
            "*Predicted* is raw with one correction that is the same for all vehicles and was "
            "learnt without the vehicle's own family. The interval is meant to hold nine ratings "
            "in ten. A mass that flew is a lower bound and no rating. All are in the adapter "
            "convention of the published figure.\n"
        ),
        calibration_sentence(document) + "\n",
    ]


def _summary(document: Mapping[str, Any]) -> list[str]:
    heads = ["", "points", "median error, %", "median absolute error, %", "within 12 %, %"]
    heads += ["interval holds, %", "median half-width, %"]
    summary = document["summary"]
    bootstrap = summary["bootstrap"]
    flown = summary["flown"]
    ranges = [
        (words, *range_cells(summary["clean"][key]))
        for key, words in LEVELS
        if summary["clean"][key]["points"]
    ]
    return [
        "## How good\n",
        (
            "Vehicles are weighed equally: the points of one share its weight. *Own rating*: each "
            "clean rating of a vehicle serves in turn to predict its ratings for other orbits.\n"
        ),
        *_table(heads, summary_rows(document)),
        (
            f"How sure these are, clean points: 90 % ranges from {bootstrap['resamples']} draws of "
            f"families (seed {bootstrap['seed']}).\n"
        ),
        *_table(("", *heads[2:]), ranges),
        f"Of {flown['points']} masses that flew, the interval reaches {flown['reached']}.\n",
        (
            "What the rows cannot show: nothing is fitted to single ratings, but these figures "
            "were seen while the data were mended (burn times, adapters, vertical rise, usable "
            "loads, each for a source or a closure check) and while the quantiles behind the "
            "model term were chosen among nine sets. Ratings that are not in this table are the "
            "better judge: `cosmodrome validate --points FILE.csv`.\n"
        ),
    ]


def _left_out(document: Mapping[str, Any]) -> list[str]:
    rows = [
        (_linked(one["vehicle"]), one["orbit"], one["reason"])
        for one in document["summary"]["left_out"]
    ]
    return [
        "## What does not count as clean, and why\n",
        (
            "Decided by the kind of the point, its confidence and the closure checks of the "
            "vehicle's data, never by the error.\n"
        ),
        *_table(("vehicle", "orbit", "reason"), rows),
    ]


def _contents(document: Mapping[str, Any]) -> list[str]:
    rows = [
        (
            _linked(name),
            number(one["points"]),
            number(one["clean"]),
            signed(one["raw_median_error_percent"]),
            signed(one["median_error_percent"]),
            number(one["median_absolute_error_percent"], 1),
            number(one["interval_holds_percent"]),
        )
        for name, one in document["summary"]["vehicles"].items()
    ]
    heads = ("vehicle", "points", "clean", "raw, %", "corrected, %", "absolute, %")
    return ["## Vehicles\n", *_table((*heads, "interval holds, %"), rows)]


def _vehicle(
    vehicle: str, points: Sequence[Mapping[str, Any]], one: Mapping[str, Any]
) -> list[str]:
    heads = ["orbit", "published, kg", "sure", "raw, kg", "predicted, kg", "90 % interval, kg"]
    heads += ["error, %", "verdict"]
    rows = []
    for point in points:
        cells = point_cells(point)
        rows.append((str(point["site"]), *cells, str(point["source"])))
    reasons = sorted({str(p["reason"]) for p in points if p["reason"]})
    told = [f"No prediction: {reason}\n" for reason in reasons]
    family = next((str(p["family"]) for p in points if p["family"]), "")
    belongs = f"Family left out for its correction: {family}.\n" if family else ""
    return [
        f'<a id="{vehicle}"></a>\n',
        f"### {vehicle}\n",
        *([belongs] if belongs else []),
        f"{one['clean']} of {one['points']} points are clean.\n",
        *told,
        *_table(("site", *heads, "source"), rows),
    ]


def _linked(vehicle: str) -> str:
    return f"[{vehicle}](#{vehicle})"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [_line(heads), "|" + "---|" * len(heads)]
    return [*lines, *(_line(row) for row in rows), ""]


def _line(cells: Sequence[str]) -> str:
    # A bar would end the cell, a new line the table.
    plain = [" ".join(cell.replace("|", "\\|").split()) for cell in cells]
    return f"| {' | '.join(plain)} |"


def write_validation(
    document: Mapping[str, Any], calibrations: Mapping[str, Any], folder: Path
) -> list[Path]:
    """Write page, plot, data and the calibrations learnt, each whole or not at all.

    Parameters
    ----------
    document : mapping, the JSON of `cosmodrome validate`
    calibrations : mapping, the JSON of what was learnt
    folder : Path, made if it is not there

    Returns
    -------
    list of Path, the files written

    Raises
    ------
    InputError
        If the folder cannot be written to.
    """
    contents = {
        PLOT: validation_svg(document),
        PAGE: validation_markdown(document),
        LEARNT: json_text(calibrations),
        DATA: json_text(document),
    }
    prepare_folder(folder)
    for name, content in contents.items():
        write_whole(folder / name, content.encode(), key="--out")
    return [folder / name for name in contents]
