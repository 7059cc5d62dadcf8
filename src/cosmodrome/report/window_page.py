"""`calendar.html`: a season of launch windows on one page that opens with no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cosmodrome.report.charts import Chart
from cosmodrome.report.markup import cells, escaped, heads, section, table, whole_page
from cosmodrome.report.remedies import remedies_told
from cosmodrome.report.theme import axis, layout, light
from cosmodrome.report.words import number

__all__ = ["window_charts", "window_page", "window_sections"]

Document = Mapping[str, Any]

_LONGEST: Final = 400
"""Rows of the table; the rest stands in CSV and JSON."""
_LIGHTS: Final = (
    ("day", "circle-open", "second"),
    ("civil", "diamond-open", "third"),
    ("nautical", "diamond", "third"),
    ("astronomical", "square", "first"),
    ("night", "circle", "first"),
)
"""Light at the pad: open signs are bright, full ones dark; colour is never alone."""
_SILENT: Final = (
    '<noscript><p class="told">The charts need JavaScript; the numbers stand in the table.'
    "</p></noscript>"
)


def window_page(document: Document) -> str:
    """The launch windows of `prompt.windows` as one HTML text.

    Every foreign text is escaped.

    Parameters
    ----------
    document : mapping, as `prompt.windows.windows` gives it

    Returns
    -------
    str
        HTML, 2 to 3 MB, most of it the drawing library.
    """
    charts = window_charts(document)
    kept = len(document["windows"])
    told = f"{document['from']} to {document['orbit']}"
    count = "1 launch instant" if kept == 1 else f"{kept} launch instants"
    head = (
        f'<header>\n<p class="mission">{escaped(told)}</p>\n<h1>{escaped(count)}</h1>\n'
        f'<p class="orbit">{escaped(_aim(document))}</p>\n</header>'
    )
    body = "\n".join([head, *window_sections(document, charts)])
    return whole_page(escaped(f"Launch windows: {told} - cosmodrome"), body, charts)


def window_charts(document: Document) -> list[Chart]:
    """The calendar, and the Sun on the first days' orbit; none without windows."""
    rows = document["windows"]
    if not rows:
        return []
    found = [_calendar(rows), _sun(rows, document["first_days"])]
    return found + ([_phase(rows)] if rows[0]["conditions"]["phase_deg"] is not None else [])


def window_sections(document: Document, charts: Sequence[Chart]) -> list[str]:
    """Calendar, ways up, table and notes, for a page of its own or inside a report."""
    places = {chart.name: _figure(chart) for chart in charts}
    calendar = places.pop("windows-calendar", "")
    grid = f'<div class="grid">{"".join(places.values())}</div>' if places else ""
    lead = f"{document['start_utc']} to {document['end_utc']}; {document['method']}."
    parts = [
        section("When to lift off", _SILENT + calendar if calendar else _none(document), lead),
        section("Sun and shadow in the first days", grid, _sun_lead(document)) if grid else "",
        section("Ways up", _ways(document)),
        section("Windows", _rows(document)) if document["windows"] else "",
        section("Assumed", _notes(document)),
    ]
    return [part for part in parts if part]


def _aim(document: Document) -> str:
    aim = f"Plane: {document['plane']}."
    turned = document["turned_away"]
    if not turned:
        return aim
    why = ", ".join(f"{name.replace('_', '-')} {count}" for name, count in turned.items())
    return f"{aim} {document['found']} were found; turned away by {why}."


def _none(document: Document) -> str:
    return f"<p>{escaped('No instant. ' + _aim(document))}</p>"


def _figure(chart: Chart) -> str:
    height = "24rem" if chart.name == "windows-calendar" else "14rem"
    legend = "".join(
        f'<span style="--c:var(--{colour})">{escaped(name)}</span>' for name, colour in chart.series
    )
    told = f'<div class="legend">{legend}</div>' if legend else ""
    note = f"<figcaption>{escaped(chart.note)}</figcaption>" if chart.note else ""
    return (
        f'<figure><div class="top"><h3>{escaped(chart.title)}</h3>{told}</div>'
        f'<div class="plot" style="height:{height}" id="chart-{chart.name}" data-time="1" '
        f'role="img" aria-label="{escaped(chart.title)}"></div>{note}</figure>'
    )


# ---------------------------------------------------------------- charts


def _day(utc: str) -> str:
    return utc[:10]


def _hour(utc: str) -> float:
    hours, minutes, seconds = utc.rstrip("Z")[11:].split(":")
    return int(hours) + int(minutes) / 60.0 + float(seconds) / 3600.0


def _dates(rows: Sequence[Document]) -> dict[str, Any]:
    first, last = _day(rows[0]["utc"]), _day(rows[-1]["utc"])
    same = {} if first != last else {"range": [f"{first}T00:00:00", f"{last}T23:59:59"]}
    return axis(type="date", nticks=8, **same)


def _calendar(rows: Sequence[Document]) -> Chart:
    from plotly.graph_objects import Figure

    data = [trace for one in _LIGHTS if (trace := _points(rows, *one)) is not None]
    figure = Figure(
        data=data,
        layout=layout(
            xaxis=_dates(rows),
            yaxis=axis(range=[24, 0], dtick=3, ticksuffix=" h"),
            hovermode="closest",
            showlegend=True,
            legend={
                "orientation": "h",
                "x": 0.0,
                "y": 1.0,
                "xanchor": "left",
                "yanchor": "bottom",
                "font": {"size": 11, "color": light("muted")},
            },
            margin={"l": 8, "r": 12, "t": 28, "b": 8},
        ),
    )
    note = "Each sign is a lift-off: its day across, its hour (UTC) down; by the light at the pad."
    return Chart("windows-calendar", "Hour of the day, UTC", figure, note)


def _points(rows: Sequence[Document], name: str, symbol: str, colour: str) -> dict[str, Any] | None:
    """The lift-offs of one light."""
    mine = [row for row in rows if row["conditions"]["daylight"] == name]
    if not mine:
        return None
    told = [
        f"{row['utc'][:19].replace('T', ' ')}<br>{row['node']}, azimuth "
        f"{row['azimuth_deg']:.1f} deg<br>LTAN {row['conditions']['ltan']}, Sun "
        f"{row['conditions']['sun_elevation_deg']:.1f} deg"
        for row in mine
    ]
    marker = {"symbol": symbol, "size": 7, "color": light(colour)}
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name if name in ("day", "night") else f"{name} twilight",
        "x": [_day(row["utc"]) for row in mine],
        "y": [_hour(row["utc"]) for row in mine],
        "marker": marker | {"line": {"width": 1.4, "color": light(colour)}},
        "customdata": told,
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _sun(rows: Sequence[Document], days: int) -> Chart:
    from plotly.graph_objects import Figure

    data = []
    shown = (("beta_min_deg", "first", "dot"), ("beta_max_deg", "first", "solid"))
    for leg, colour in (("ascending", "first"), ("descending", "second")):
        mine = [row for row in rows if row["node"] == leg]
        for key, _, dash in shown if mine else ():
            data.append(
                {
                    "type": "scatter",
                    "mode": "lines+markers" if len(mine) < 40 else "lines",
                    "x": [row["utc"].rstrip("Z") for row in mine],
                    "y": [row["conditions"][key] for row in mine],
                    "line": {"color": light(colour), "width": 1.8, "dash": dash},
                    "showlegend": False,
                    "hovertemplate": f"{leg} {key[5:8]} %{{y:.1f}} deg<extra></extra>",
                }
            )
    figure = Figure(data=data, layout=layout(xaxis=_dates(rows), yaxis=axis()))
    note = f"Least (dotted) and greatest in the first {days} days after insertion."
    legs = tuple(
        (leg, colour)
        for leg, colour in (("ascending", "first"), ("descending", "second"))
        if any(row["node"] == leg for row in rows)
    )
    title = "Sun above the orbit's plane (beta), deg"
    return Chart("windows-beta", title, figure, note, legs if len(legs) > 1 else ())


def _phase(rows: Sequence[Document]) -> Chart:
    from plotly.graph_objects import Figure

    data = {
        "type": "scatter",
        "mode": "markers",
        "x": [row["utc"].rstrip("Z") for row in rows],
        "y": [row["conditions"]["phase_deg"] for row in rows],
        "marker": {"size": 6, "color": light("first")},
        "hovertemplate": "%{x}<br>%{y:.1f} deg ahead<extra></extra>",
    }
    figure = Figure(
        data=[data], layout=layout(xaxis=_dates(rows), yaxis=axis(range=[0, 360], dtick=60))
    )
    return Chart("windows-phase", "Satellite ahead at insertion, deg", figure)


# ---------------------------------------------------------------- tables


def _sun_lead(document: Document) -> str:
    return (
        f"Of an orbit that turns at the secular rates, for {document['first_days']} days after "
        "insertion. Beta is positive where the Sun stands on the side of the orbit's momentum."
    )


def _ways(document: Document) -> str:
    kinds = ("name", "n", "n", "n", "")
    names = ("Way", "Azimuth<br>deg", "Inertial<br>deg", "Insertion<br>s", "")
    lines = [
        (
            one["node"],
            number(one["azimuth_deg"], 2),
            number(one["inertial_azimuth_deg"], 2),
            number(one["flight_s"], 1),
            ("flown" if one["flown"] else "estimated")
            + ("" if one["in_corridor"] else ", outside the corridor"),
        )
        for one in document["ways"]
    ]
    rows = [f"<tr>{cells(line, kinds)}</tr>" for line in lines]
    return table(heads(names, kinds), rows, "narrow")


def _rows(document: Document) -> str:
    rows = document["windows"]
    wide = "opens_utc" in rows[0]
    met = rows[0]["conditions"]["phase_deg"] is not None
    names = ["Lift-off, UTC", *(["Opens", "Closes"] if wide else []), "Way", "Node<br>deg"]
    names += ["LTAN", "Sun<br>deg", "Light", "Beta<br>deg", "Shadow<br>%"]
    names += ["Ahead<br>deg"] if met else []
    kinds = ["name", *(["n", "n"] if wide else []), "", "n", "n", "n", "", "n", "n"]
    kinds += ["n"] if met else []
    lines = [f"<tr>{cells(_line(row, wide=wide, met=met), kinds)}</tr>" for row in rows[:_LONGEST]]
    more = len(rows) - _LONGEST
    rest = f'<p class="small">and {more} more, in CSV and JSON</p>' if more > 0 else ""
    return table(heads(names, kinds), lines) + rest


def _line(row: Document, *, wide: bool, met: bool) -> list[str]:
    here = row["conditions"]
    line = [row["utc"][:19].replace("T", " ")]
    line += [row["opens_utc"][11:19], row["closes_utc"][11:19]] if wide else []
    line += [row["node"], number(row["raan_deg"], 3), here["ltan"]]
    line += [number(here["sun_elevation_deg"], 1), here["daylight"]]
    beta = f"{number(here['beta_min_deg'], 1)} to {number(here['beta_max_deg'], 1)}"
    line += [beta, number(here["eclipse_max_percent"], 1)]
    return line + ([number(here["phase_deg"], 1)] if met else [])


def _notes(document: Document) -> str:
    told = [*document["notes"], *remedies_told(document)]
    told.append("a planning aid: ranges, weather and traffic decide as well")
    items = "".join(f"<li>{escaped(text)}</li>" for text in told)
    return f'<ul class="sources">{items}</ul>'
