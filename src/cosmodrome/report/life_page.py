"""`life.html`: a satellite's life on one page that opens with no network.

Where it flies, Sun and shadow, passes, budgets, the end of its life, and who can
launch it. The page holds everything it needs.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.io.writing import write_whole
from cosmodrome.report import life_rows as rows
from cosmodrome.report.as_json import json_text
from cosmodrome.report.charts import Chart
from cosmodrome.report.life_charts import day_track, fan_chart, year_charts
from cosmodrome.report.life_course import LifeCourse, life_course
from cosmodrome.report.life_sky import sky_charts, week_chart
from cosmodrome.report.maps import COASTLINE_SOURCE
from cosmodrome.report.markup import cells, escaped, heads, section, table, whole_page
from cosmodrome.report.words import mass, number
from cosmodrome.report.writing import prepare_folder

if TYPE_CHECKING:
    from cosmodrome.campaign.satellite_answer import SatelliteAnswer
    from cosmodrome.satellite.budget import Budget
    from cosmodrome.satellite.spacecraft import Spacecraft

__all__ = ["life_page", "written_life"]

PAGE, DATA = "life.html", "result.json"

SILENT = (
    '<noscript><p class="told">The charts need JavaScript; the numbers stand in the tables and '
    "in result.json.</p></noscript>"
)


def life_page(answer: SatelliteAnswer, course: LifeCourse) -> str:
    """The life of a satellite as one HTML text.

    Every text of the spacecraft's file is escaped; a part that its file says
    nothing about is left out.

    Parameters
    ----------
    answer : SatelliteAnswer
    course : LifeCourse, of the same spacecraft and orbit; see `life_course`

    Returns
    -------
    str
        HTML, 2 to 3 MB, most of it the drawing library.
    """
    track, fan = day_track(course), fan_chart(course, answer.disposal.life)
    year = year_charts(course, answer.budgets.power)
    week, skies = week_chart(course), sky_charts(course.views)
    charts = [track, *year, *([week] if week is not None else []), *skies, fan]
    parts = [
        _header(answer, course),
        section("Where it flies", SILENT + _figure(track, "min(32rem,52vw)")),
        section("Sun and shadow over the year", _grid(year, "13rem"), YEAR_LEAD),
        _passes(course, week, skies),
        _budgets(answer.budgets.every),
        _revisit(answer),
        _end(answer, fan),
        _launchers(answer),
        _assumptions(answer),
        _again(answer),
    ]
    name = escaped(f"{answer.name}, {answer.target.text} - cosmodrome")
    return whole_page(name, "\n".join(part for part in parts if part), charts)


YEAR_LEAD = (
    "Of the mean orbit, kept as it is. Beta is positive where the Sun stands on the side of the "
    "orbit's angular momentum. Zooming or pointing in one chart moves the others."
)


def _figure(chart: Chart, height: str, *, linked: bool = False) -> str:
    """The place of a chart of a given height; linked ones zoom together."""
    legend = "".join(
        f'<span style="--c:var(--{colour})">{escaped(name)}</span>' for name, colour in chart.series
    )
    told = f'<div class="legend">{legend}</div>' if legend else ""
    note = f"<figcaption>{escaped(chart.note)}</figcaption>" if chart.note else ""
    return (
        f'<figure><div class="top"><h3>{escaped(chart.title)}</h3>{told}</div>'
        f'<div class="plot" style="height:{height}" id="chart-{chart.name}" '
        f'data-time="{int(linked)}" role="img" aria-label="{escaped(chart.title)}"></div>'
        f"{note}</figure>"
    )


def _grid(charts: Sequence[Chart], height: str, *, linked: bool = True) -> str:
    inside = "\n".join(_figure(chart, height, linked=linked) for chart in charts)
    return f'<div class="grid">{inside}</div>'


def _header(answer: SatelliteAnswer, course: LifeCourse) -> str:
    every = answer.budgets.every
    short = [rows.title(one.name).lower() for one in every if not one.met]
    big = f"{len(every)} of {len(every)} budgets close"
    if short:
        big = f"Does not close: {', '.join(short)}"
    told = f"{answer.name} to {answer.target.text}, from {answer.epoch.utc(0)}"
    if answer.launchers:
        told += f", {mass(_needed_kg(answer))} kg on the launcher"
    return (
        f'<header class="{"none" if short else ""}">\n<p class="mission">{escaped(told)}</p>\n'
        f'<h1>{escaped(big)}</h1>\n<p class="orbit">{escaped(_carried(answer))}</p>\n'
        f"{_facts(answer, course)}</header>"
    )


def _needed_kg(answer: SatelliteAnswer) -> float:
    """Spacecraft and what it needs of an adapter, as the most demanding launcher counts."""
    return max(one.needed_kg for one in answer.launchers)


def _carried(answer: SatelliteAnswer) -> str:
    sure = [one for one in answer.launchers if one.status == "carries"]
    near = [one for one in answer.launchers if one.status == "marginal"]
    unknown = [one for one in answer.launchers if one.status == "not computed"]
    if not answer.launchers:
        return f"No launcher was asked{f': {answer.unasked}' if answer.unasked else ''}."
    told = [f"Launchers asked: {len(answer.launchers)}", f"{len(sure)} carry it"]
    told += [f"{len(near)} marginal"] if near else []
    told += [f"{len(unknown)} without a payload map yet"] if unknown else []
    return ", ".join(told) + "."


def _facts(answer: SatelliteAnswer, course: LifeCourse) -> str:
    profile, life = course.profile, answer.disposal.life
    beta = np.degrees(profile.beta_rad)
    facts = [
        ("Revolution", f"{number(profile.period_s / 60.0, 1)} min"),
        ("Beta in a year", f"{number(beta.min(), 1)} to {number(beta.max(), 1)} deg"),
        ("Longest eclipse", f"{number(profile.penumbra_s.max() / 60.0, 1)} min"),
    ]
    seen = [view.passes for view in course.views if view.passes is not None]
    if seen:
        total = sum(len(passes) for passes in seen)
        facts.append(("Passes in the first week", str(total)))
    facts.append(("Decay after its end, median", rows.years(life.quantile(0.5), life)))
    items = "".join(f"<div><dt>{escaped(n)}</dt><dd>{escaped(t)}</dd></div>" for n, t in facts)
    return f'<dl class="facts">{items}</dl>\n'


def _passes(course: LifeCourse, week: Chart | None, skies: Sequence[Chart]) -> str:
    if not course.views:
        return ""
    silent = [view.name for view in course.views if view.passes is None]
    unseen = [v.name for v in course.views if v.passes is not None and not len(v.passes)]
    told = [f"The link closes nowhere over {', '.join(silent)}."] if silent else []
    told += [f"No pass in the week over {', '.join(unseen)}."] if unseen else []
    inside = []
    if week is not None:
        lanes = sum(view.passes is not None for view in course.views)
        inside.append(_figure(week, f"{4.0 + 8 * max(2.0, 0.9 * lanes):.1f}rem"))
    if skies:
        inside.append(
            f'<div style="margin-top:1.75rem">{_grid(skies, "25rem", linked=False)}</div>'
        )
    found = rows.best_rows(course.views)
    if found:
        kinds = ("name", "n", "n", "n", "n", "n", "")
        names = ("Station", "Rise, UTC", "Highest", "Set", "Elevation<br>deg", "Long<br>min", "")
        lines = [f"<tr>{cells(row, kinds)}</tr>" for row in found]
        inside.append(f'<div style="margin-top:1.5rem">{table(heads(names, kinds), lines)}</div>')
    return section("Passes over its stations", "\n".join(inside), " ".join(told))


def _budgets(every: Sequence[Budget]) -> str:
    if not every:
        return ""
    kinds = ("name", "", "n", "")
    lines = []
    for name, closes, margin, limit in rows.budget_rows(every):
        mark = "" if closes == "closes" else "missed"
        lines.append(
            f"<tr>{cells((name,), kinds[:1])}<td class='{mark}'>{closes}</td>"
            f"{cells((margin, limit), kinds[2:])}</tr>"
        )
    head = heads(("Budget", "", "Margin", "What limits"), kinds)
    inside = [table(head, lines), *(_budget(one) for one in every)]
    return section("Budgets", "\n".join(inside))


def _budget(one: Budget) -> str:
    """A budget line by line with its tables."""
    kinds = ("", "n", "", "source")
    lines = [
        f'<tr class="{"ours" if line.kind == "result" else ""}">{cells(row, kinds)}</tr>'
        for line, row in zip(one.lines, rows.line_rows(one), strict=True)
    ]
    head = heads(("Inputs, and in heavy type results", "", "", "Source or formula"), kinds)
    parts = [f'<h3 style="margin-top:2.25rem">{escaped(rows.title(one.name))}</h3>']
    parts.append(table(head, lines))
    for inner in one.tables:
        found = rows.table_rows(inner)
        if not found:
            continue
        shape = tuple("" if isinstance(cell, str) else "n" for cell in inner.rows[0])
        names = heads((escaped(column) for column in inner.columns), shape)
        body = [f"<tr>{cells(row, shape)}</tr>" for row in found]
        parts.append(f'<p class="small" style="margin-top:1rem">{escaped(inner.name)}</p>')
        parts.append(table(names, body))
    if one.assumptions:
        parts.append(f'<p class="small">{escaped("; ".join(one.assumptions))}.</p>')
    return "\n".join(parts)


def _revisit(answer: SatelliteAnswer) -> str:
    found = rows.revisit_rows(answer)
    if not found:
        return ""
    kinds = ("n", "n", "n", "n")
    head = heads(("Latitude<br>deg", "Places<br>seen", "Mean wait<br>h", "Longest<br>h"), kinds)
    lines = [f"<tr>{cells(row, kinds)}</tr>" for row in found]
    lead = "From the strip that the instrument can be turned to, by day and by night."
    return section("How often it can look again", table(head, lines, "narrow"), lead)


def _end(answer: SatelliteAnswer, fan: Chart) -> str:
    left = answer.disposal
    lines = [f"<tr>{cells(row, ('', 'n'))}</tr>" for row in rows.life_rows(left.life)]
    lead = (
        f"From {number(left.perigee_m / 1e3)} x {number(left.apogee_m / 1e3)} km on "
        f"{left.life.epoch.utc(0)[:10]}, after the last manoeuvre; {'; '.join(left.assumptions)}."
    )
    numbers = table("", lines, "narrow")
    return section("The end of its life", _figure(fan, "19rem") + numbers, lead)


def _launchers(answer: SatelliteAnswer) -> str:
    if not answer.launchers:
        return ""
    found, rest = rows.launcher_rows(answer.launchers), rows.others(answer.launchers)
    kinds = ("name", "name", "", "n", "n", "n")
    names = ("Vehicle", "Site", "", "Payload<br>kg", "Predicted<br>kg", "Margin<br>kg")
    lines = [f"<tr>{cells(row, kinds)}</tr>" for row in found]
    inside = [table(heads(names, kinds), lines)] if found else []
    told = "".join(f"<dt>{escaped(s.capitalize())}</dt><dd>{escaped(n)}</dd>" for s, n in rest)
    inside += [f'<dl class="small" style="margin-top:1.25rem">{told}</dl>'] if told else []
    lead = (
        "Launchers of the catalogue that fly. Payload is the optimum of the catalogue's numbers, "
        "predicted what it becomes by what other families teach; the margin is the payload's over "
        f"{mass(_needed_kg(answer))} kg, or over less where the launcher counts its adapter itself."
    )
    return section("Who can launch it", "\n".join(inside), lead)


def _assumptions(answer: SatelliteAnswer) -> str:
    told = [*answer.budgets.assumptions, COASTLINE_SOURCE]
    items = "".join(f"<li>{escaped(text)}</li>" for text in told)
    return section("Assumed, and sources", f'<ul class="sources">{items}</ul>')


def _again(answer: SatelliteAnswer) -> str:
    made = answer.provenance
    told = f"cosmodrome {made.get('cosmodrome', '')}. Inputs {made.get('inputs_sha256', '')}."
    return section(
        "Make it again",
        f'<pre>{escaped(made.get("command", ""))}</pre><p class="small">{escaped(told)}</p>',
    )


def written_life(
    answer: SatelliteAnswer, craft: Spacecraft, folder: str | os.PathLike[str]
) -> list[Path]:
    """Write `life.html` and `result.json` of a satellite's answer, each whole or not at all.

    Parameters
    ----------
    answer : SatelliteAnswer
    craft : Spacecraft, the one that was answered for
    folder : path, made if it is not there; files of the same names are replaced

    Returns
    -------
    list of Path, the files written

    Raises
    ------
    InputError
        If the folder cannot be written to.
    """
    from cosmodrome.satellite.flown_orbit import flown_orbit

    root = Path(folder)
    prepare_folder(root)
    orbit = flown_orbit(answer.target, answer.epoch)
    page = life_page(answer, life_course(craft, orbit, answer.disposal))
    contents = {PAGE: page, DATA: json_text(answer.document())}
    for name, content in contents.items():
        write_whole(root / name, content.encode(), key="--out")
    return [root / name for name in contents]
