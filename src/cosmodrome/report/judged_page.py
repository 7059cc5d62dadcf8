"""The page and the folder of a judged trajectory: verdict, states, limits, charts, track."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cosmodrome.campaign.answer import Answer
from cosmodrome.io.writing import write_whole
from cosmodrome.report import rows
from cosmodrome.report.as_json import json_text
from cosmodrome.report.charts import Chart, time_charts
from cosmodrome.report.judged_words import about, error_rows, headline, verdict_sentence
from cosmodrome.report.maps import COASTLINE_SOURCE, globe, ground_track
from cosmodrome.report.markup import cells, escaped, figure, heads, section, table, whole_page
from cosmodrome.report.page import EVENT_HEADS, TIME_NOTE
from cosmodrome.report.words import number, orbit_shown, significant
from cosmodrome.report.writing import prepare_folder
from cosmodrome.runs.table import parquet_bytes

__all__ = ["judged_html", "write_judged_folder"]

Document = Mapping[str, Any]
Table = dict[str, NDArray[np.generic]]

_LEAST_CHARTED = 2


def write_judged_folder(
    document: Document, columns: Table, folder: str | os.PathLike[str]
) -> list[Path]:
    """Write `report.html`, `trajectory.parquet` and `result.json`, each whole or not at all.

    Parameters
    ----------
    document : mapping, of `cosmodrome judge --json`
    columns : dict of str to array, the trajectory in door units
    folder : path, made if it is not there

    Returns
    -------
    list of Path

    Raises
    ------
    InputError
        If the folder cannot be written to.
    """
    root = Path(folder)
    made = document.get("provenance") or {}
    noted = {key: str(value) for key, value in made.items()}
    noted["frame"] = "x, y, z, vx, vy, vz: GCRF; latitude geodetic, longitude east"
    noted["epoch_utc"] = str(document["epoch_utc"])
    noted["events"] = json.dumps([[one["name"], one["t_s"]] for one in document["events"]])
    contents = {
        "report.html": judged_html(document, columns).encode(),
        "trajectory.parquet": parquet_bytes(columns, noted),
        "result.json": json_text(document).encode(),
    }
    prepare_folder(root)
    for name, content in contents.items():
        write_whole(root / name, content, key="--out")
    return [root / name for name in contents]


def judged_html(document: Document, columns: Table) -> str:
    """The whole report of a judgement as one HTML text that opens with no network.

    Parameters
    ----------
    document, columns : as of `write_judged_folder`

    Returns
    -------
    str
        Every text from outside is escaped.
    """
    # What is drawn is the flight alone, of a document and a table as a plan's.
    drawn = Answer("verification_failed", dict(document), columns, "")
    times = time_charts(drawn)
    places = [chart for chart in (ground_track(drawn), globe(drawn)) if chart is not None]
    sections = [
        _header(document),
        _errors(document),
        _together(document),
        _limits(document),
        _open(document),
        _events(document),
        _flight(times, document),
        _map(places),
        _coasts(document),
        _again(document),
    ]
    body = "\n".join(part for part in sections if part)
    title = escaped(f"{document['file']['name']} to {orbit_shown(document)} - cosmodrome")
    return whole_page(title, body, [*times, *places])


def _header(document: Document) -> str:
    good = document["status"] == "passed"
    tone, word = ("good", "Passes") if good else ("bad", "Does not pass")
    return (
        f'<header class="{"" if good else "none"}">\n'
        f'<p class="mission">{escaped(about(document))}</p>\n'
        f"<h1>{escaped(headline(document))}</h1>\n"
        f'<p class="verdict {tone}"><b>{word}</b>'
        f"<span>{escaped(verdict_sentence(document))}</span></p>\n"
        '<p class="reflight">Judged by its states alone; nobody has flown it again.</p>\n'
        "</header>"
    )


def _errors(document: Document) -> str:
    kinds = ("name", "n", "n")
    achieved = document["achieved"]
    lead = (
        f"Of the state at {number(achieved['t_s'], 3)} s ({achieved['chosen_by']}), "
        f"elements referred to {achieved['frame']}."
    )
    lines = [f"<tr>{cells(row, kinds)}</tr>" for row in error_rows(document)]
    head = heads(("Against the target", "Off by", "Allowed"), kinds)
    return section("The orbit", table(head, lines), lead)


def _together(document: Document) -> str:
    proof = document["verification"]
    how = str(proof["method"])
    lead = (
        f"{how[:1].upper()}{how[1:]}: {number(proof['pushed_s'], 1)} s are pushed, "
        f"{number(proof['coasted_s'], 1)} s are coasted."
    )
    found = _limit_table({"limits": proof["consistency"]})
    return section("Do the states belong together?", found, lead)


def _limits(document: Document) -> str:
    return section("Limits", _limit_table(document)) if document["limits"] else ""


def _limit_table(document: Document) -> str:
    kinds = ("", "n", "n", "n")
    lines = []
    for *told, outcome in rows.limit_rows(document):
        mark = "missed" if outcome == "MISSED" else "name"
        lines.append(f'<tr>{cells(told, kinds)}<td class="{mark}">{escaped(outcome)}</td></tr>')
    return table(heads(("Limit", "Allowed", "Reached", "Margin", ""), (*kinds, "")), lines)


def _open(document: Document) -> str:
    found = document["not_judged"]
    if not found:
        return ""
    kinds = ("name", "")
    lines = [f"<tr>{cells((one['name'], one['why']), kinds)}</tr>" for one in found]
    lead = "States alone do not say it; nothing here has passed."
    return section("Not judged", table(heads(("What", "Why"), kinds), lines), lead)


def _events(document: Document) -> str:
    kinds = ("key", "name") + ("n",) * 8
    found = enumerate(rows.event_rows(document), start=1)
    lines = [f"<tr>{cells((str(i), *row), kinds)}</tr>" for i, row in found]
    lead = "Speed is relative to the turning Earth; inertial speed is not."
    return section("Events", table(heads(("", *EVENT_HEADS), kinds), lines), lead)


def _flight(charts: Sequence[Chart], document: Document) -> str:
    if len(charts) < _LEAST_CHARTED:
        return ""
    what = "along the thrust" if document["vehicle"] and document["file"]["has_mass"] else "felt"
    note = f"{TIME_NOTE} Acceleration is what is {what}, a mean between states."
    inside = "\n".join(figure(chart, in_time=True) for chart in charts)
    return section("The flight, seconds of the file", f'<div class="grid">{inside}</div>', note)


def _map(charts: Sequence[Chart]) -> str:
    if not charts:
        return ""
    inside = "\n".join(figure(chart, in_time=False) for chart in charts)
    return section("Where it flies", inside, COASTLINE_SOURCE)


def _coasts(document: Document) -> str:
    found = document["verification"]["coasts"]
    if not found:
        return ""
    kinds = ("n",) * 4
    lines = [f"<tr>{cells(_coast_cells(one), kinds)}</tr>" for one in found]
    names = ("From<br>s", "To<br>s", "Unexplained<br>m", "Unexplained<br>m/s")
    lead = "Each carried from its first state to its last by gravity alone, air left out."
    return section("Coasts", table(heads(names, kinds), lines), lead)


def _coast_cells(one: Mapping[str, Any]) -> tuple[str, ...]:
    times = (number(one["from_s"], 2), number(one["to_s"], 2))
    return (*times, significant(one["unexplained_m"]), significant(one["unexplained_m_s"]))


def _again(document: Document) -> str:
    made = document["provenance"]
    notes = "".join(f"<li>{escaped(note)}</li>" for note in document["notes"])
    told = f"cosmodrome {made['cosmodrome']}. File {made['inputs_sha256']}."
    return section(
        "Make it again",
        f'<pre>{escaped(made["command"])}</pre><ul class="sources">{notes}</ul>'
        f'<p class="small">{escaped(told)}</p>',
    )
