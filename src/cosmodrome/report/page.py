"""`report.html`: one answer on one page that opens with no network.

The page holds everything it needs: styles, numbers, charts and the drawing
library. A content security policy inside it forbids every outside request.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any

from cosmodrome.mission.catalogue import CONFIDENCE
from cosmodrome.report import rows, words
from cosmodrome.report.charts import Chart, loss_chart, time_charts
from cosmodrome.report.maps import COASTLINE_SOURCE, globe, ground_track
from cosmodrome.report.sources import Origin, origins, vehicle_document
from cosmodrome.report.theme import FONT, dark_pairs, style_sheet_colours

if TYPE_CHECKING:
    from cosmodrome.campaign.answer import Answer

__all__ = ["report_html"]

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; base-uri 'none'; form-action 'none'"
)

EVENT_HEADS = (
    "Event",
    "Time<br>s",
    "Altitude<br>km",
    "Speed<br>m/s",
    "Inertial<br>m/s",
    "Downrange<br>km",
    "Mass<br>kg",
    "q<br>kPa",
    "Accel.<br>m/s2",
)

TIME_NOTE = (
    "Dotted lines carry the numbers of the events above. Zooming or pointing in one chart "
    "moves the others; a double click goes back."
)


def report_html(answer: Answer) -> str:
    """The whole report of an answer as one HTML text.

    Every text of the answer is escaped. A status other than optimal is headed
    by what happened, never by a payload.

    Parameters
    ----------
    answer : Answer

    Returns
    -------
    str
        HTML, about 5 MB, nearly all of it the drawing library.
    """
    times, losses = time_charts(answer), loss_chart(answer)
    track, earth = ground_track(answer), globe(answer)
    charts = [c for c in (*times, losses, track, earth) if c is not None]
    sections = [
        _header(answer),
        _nearest(answer),
        _published(answer),
        _events(answer),
        _flight(times),
        _wide("Where it flies", [c for c in (track, earth) if c is not None]),
        _losses(answer, losses),
        _limits(answer),
        _starts(answer),
        _sources(answer),
        _provenance(answer),
    ]
    body = "\n".join(part for part in sections if part)
    return _frame(_title(answer), body, charts)


def _frame(title: str, body: str, charts: Sequence[Chart]) -> str:
    styles = _data("page.css").replace("FONT", FONT)
    script = f"{_scripts(charts)}" if charts else ""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<link rel="icon" href="data:,">\n'
        f"<title>{title}</title>\n<style>\n{style_sheet_colours()}{styles}</style>\n"
        f"</head>\n<body>\n<main>\n{body}\n</main>\n{script}</body>\n</html>\n"
    )


def _scripts(charts: Sequence[Chart]) -> str:
    from plotly.offline import get_plotlyjs

    figures = ",".join(f'"{c.name}":{c.figure.to_json(validate=False)}' for c in charts)
    return (
        f'<script type="application/json" id="charts">{_inert("{" + figures + "}")}</script>\n'
        f'<script type="application/json" id="pairs">{json.dumps(dark_pairs())}</script>\n'
        f"<script>{get_plotlyjs()}</script>\n<script>{_data('page.js')}</script>\n"
    )


def _inert(text: str) -> str:
    """JSON that cannot end the script element it stands in."""
    return text.replace("<", "\\u003c")


def _data(name: str) -> str:
    return resources.files("cosmodrome.report").joinpath(f"data/{name}").read_text("utf-8")


def _text(value: Any) -> str:
    return html.escape(str(value))


def _title(answer: Answer) -> str:
    document = answer.document
    return _text(f"{document.get('vehicle')} to {words.orbit_shown(document)} - cosmodrome")


def _header(answer: Answer) -> str:
    document = answer.document
    big, below = words.headline(document)
    found = words.verdict(document)
    tone, word = ("good", "Verified") if found.good else ("bad", "No result")
    named = f"{words.question(document)}, lift-off {words.lift_off(document)}"
    told = words.aside(document)
    beside = f'<p class="orbit">{_text(told)}</p>\n' if told else ""
    return (
        f'<header class="{"" if found.good else "none"}">\n'
        f'<p class="mission">{_text(named)}</p>\n<h1>{_text(big)}</h1>\n'
        f'{beside}<p class="orbit">{_text(below)}</p>\n'
        f'<p class="verdict {tone}"><b>{word}</b><span>{_text(found.sentence)}</span></p>\n'
        f'<p class="reflight">{_text(_proof(document))}</p>\n'
        f"{_facts(document)}</header>"
    )


def _proof(document: dict[str, Any]) -> str:
    told = (words.reflight(document), words.starts(document), words.finer_mesh(document))
    return " ".join(part for part in told if part)


def _facts(document: dict[str, Any]) -> str:
    facts = []
    if document.get("t_final_s") is not None:
        facts.append(("Time to insertion", f"{words.number(document['t_final_s'], 1)} s"))
    if document.get("final_mass_kg") is not None:
        facts.append(("Mass at insertion", f"{words.number(document['final_mass_kg'])} kg"))
    ideal = (document.get("losses_m_s") or {}).get("ideal")
    if ideal is not None:
        facts.append(("Ideal delta-v", f"{words.number(ideal)} m/s"))
    if document.get("burns") is not None:
        facts.append(("Burns of the last stage", str(document["burns"])))
    items = "".join(f"<div><dt>{_text(n)}</dt><dd>{_text(t)}</dd></div>" for n, t in facts)
    return f'<dl class="facts">{items}</dl>\n' if facts else ""


def _cells(row: Sequence[str], kinds: Sequence[str]) -> str:
    return "".join(
        f'<td class="{kind}">{_text(text)}</td>' if kind else f"<td>{_text(text)}</td>"
        for text, kind in zip(row, kinds, strict=True)
    )


def _heads(names: Iterable[str], kinds: Sequence[str]) -> str:
    """Table heads from our own markup; never given a user's text."""
    cells = "".join(
        f'<th class="{kind if kind in ("n", "part") else ""}">{name}</th>'
        for name, kind in zip(names, kinds, strict=True)
    )
    return f"<thead><tr>{cells}</tr></thead>"


def _table(heads: str, lines: Iterable[str], kind: str = "") -> str:
    body = "\n".join(lines)
    return (
        f'<div class="scroll"><table class="{kind}">{heads}<tbody>\n{body}\n</tbody></table></div>'
    )


def _section(title: str, inside: str, lead: str = "") -> str:
    told = f'<p class="lead">{_text(lead)}</p>\n' if lead else ""
    return f"<section>\n<h2>{_text(title)}</h2>\n{told}{inside}\n</section>"


def _published(answer: Answer) -> str:
    found = rows.published_rows(answer.document)
    if not found:
        return ""
    kinds = ("name", "n", "orbit", "source")
    lines = [
        f'<tr class="{"ours" if row[0] == "this flight" else ""}">{_cells(row, kinds)}</tr>'
        for row in found
    ]
    heads = _heads(("", "Payload", "Orbit", "Source"), kinds)
    lead = (
        ""
        if any(row[0] == "published" for row in found)
        else "No published figure for this vehicle is known to the catalogue."
    )
    return _section("Beside what is published", _table(heads, lines, "stack"), lead)


def _nearest(answer: Answer) -> str:
    found = rows.nearest_rows(answer.document)
    if not found:
        return ""
    kinds = ("", "name", "n")
    heads = _heads(("Change", "Target", "Payload"), kinds)
    lines = [f"<tr>{_cells(row, kinds)}</tr>" for row in found]
    lead = "By the optimiser alone; planning one of them flies it again."
    return _section("Nearest that works", _table(heads, lines), lead)


def _events(answer: Answer) -> str:
    found = rows.event_rows(answer.document)
    if not found:
        return ""
    kinds = ("key", "name") + ("n",) * 8
    lines = [f"<tr>{_cells((str(i), *row), kinds)}</tr>" for i, row in enumerate(found, start=1)]
    heads = _heads(("", *EVENT_HEADS), kinds)
    lead = "Speed is relative to the turning Earth; inertial speed is not."
    return _section("Events", _table(heads, lines), lead)


def _figure(chart: Chart, *, in_time: bool) -> str:
    legend = "".join(
        f'<span style="--c:var(--{colour})">{_text(name)}</span>' for name, colour in chart.series
    )
    note = f"<figcaption>{_text(chart.note)}</figcaption>" if chart.note else ""
    told = f'<div class="legend">{legend}</div>' if legend else ""
    return (
        f'<figure><div class="top"><h3>{_text(chart.title)}</h3>{told}</div>'
        f'<div class="plot {chart.name}" id="chart-{chart.name}" '
        f'data-time="{int(in_time)}" role="img" aria-label="{_text(chart.title)}"></div>'
        f"{note}</figure>"
    )


def _flight(charts: Sequence[Chart]) -> str:
    if not charts:
        return ""
    silent = (
        '<noscript><p class="told">The charts need JavaScript; every number stands in the '
        "tables and in result.json.</p></noscript>"
    )
    inside = "\n".join(_figure(chart, in_time=True) for chart in charts)
    return _section(
        "The flight, seconds from lift-off", f'{silent}<div class="grid">{inside}</div>', TIME_NOTE
    )


def _wide(title: str, charts: Sequence[Chart]) -> str:
    if not charts:
        return ""
    return _section(title, "\n".join(_figure(chart, in_time=False) for chart in charts))


def _losses(answer: Answer, chart: Chart | None) -> str:
    if chart is None:
        return ""
    kinds = ("", "n", "n")
    lines = [
        f"<tr>{_cells((name, words.number(value), share), kinds)}</tr>"
        for name, value, share in rows.loss_rows(answer.document)
    ]
    table = _table(_heads(("", "m/s", "of ideal"), kinds), lines)
    plot = (
        f'<div class="plot losses" id="chart-losses" role="img" aria-label="{chart.title}"></div>'
    )
    return _section("Where the delta-v went, m/s", f'<div class="grid">{plot}{table}</div>')


def _limits(answer: Answer) -> str:
    given = answer.document.get("limits") or []
    if not given:
        return ""
    kinds = ("", "n", "n", "n", "part", "")
    lines = []
    for item, row in zip(given, rows.limit_rows(answer.document), strict=True):
        *cells, outcome = row
        mark = "missed" if outcome == "MISSED" else "name"
        lines.append(
            f"<tr>{_cells(cells, kinds[:4])}<td class='part'>{_part(item)}</td>"
            f'<td class="{mark}">{outcome}</td></tr>'
        )
    heads = _heads(("Limit", "Allowed", "Reached", "Margin", "Used", ""), kinds)
    return _section("Limits, judged on the re-flown trajectory", _table(heads, lines))


def _part(item: dict[str, Any]) -> str:
    """How much of the limit is used, as a bar; empty where that has no meaning."""
    limit, reached = item.get("limit"), item.get("reached")
    if not isinstance(limit, (int, float)) or not isinstance(reached, (int, float)) or limit <= 0:
        return ""
    if rows.is_floor(item):
        return ""  # a least value, of which nothing is used up
    used = min(max(100.0 * reached / limit, 0.0), 100.0)
    over = "over" if not item.get("met") else ""
    return f'<span><i class="{over}" style="width:{used:.1f}%"></i></span>'


def _starts(answer: Answer) -> str:
    found = rows.start_rows(answer.document)
    if not found:
        return ""
    kinds = ("name", "", "n", "n", "n")
    worth = rows.worth_head(answer.document).capitalize()
    heads = _heads(("Start", "Outcome", worth, "Iterations", "Seconds"), kinds)
    lines = [f"<tr>{_cells(row, kinds)}</tr>" for row in found]
    lead = "Searches from physically different first guesses; the best is kept."
    return _section("Starts", _table(heads, lines), lead)


def _sources(answer: Answer) -> str:
    """Where the vehicle's numbers, the published payloads and the map come from."""
    sheet = vehicle_document(answer)
    items = [_origin(origin) for origin in (origins(sheet) if sheet else ())]
    quoted = {str(item.get("source")) for item in answer.document.get("published") or []}
    items += [f"<li>{_text(text)}{_below('published payload')}</li>" for text in sorted(quoted)]
    items.append(f"<li>{_text(COASTLINE_SOURCE)}</li>")
    lead = (
        ""
        if sheet
        else "The vehicle is not the catalogue's, number for number; its file says where its "
        "numbers come from."
    )
    return _section("Sources", f'<ul class="sources">{"".join(items)}</ul>', lead)


def _origin(origin: Origin) -> str:
    sure = f"{origin.confidence}: {CONFIDENCE.get(origin.confidence, '')}"
    return f"<li>{_text(origin.source)}{_below(f'{origin.numbers} ({sure})')}</li>"


def _below(text: str) -> str:
    return f'<br><span class="small">{_text(text)}</span>'


def _provenance(answer: Answer) -> str:
    made = answer.document.get("provenance") or {}
    command = str(made.get("command") or "cosmodrome plan mission.toml")
    spent = answer.document.get("total_s")
    timing = f", {words.number(spent, 1)} s" if spent is not None else ""
    frame = (answer.document.get("achieved") or {}).get("frame")
    told = (
        f"cosmodrome {made.get('cosmodrome', '')}{timing}. Inputs {made.get('inputs_sha256', '')}."
    )
    if frame:
        told += f" Elements are referred to {frame}."
    toml = (
        f"<details><summary class='small'>The mission, resolved</summary>"
        f"<pre>{_text(answer.mission_toml)}</pre></details>"
        if answer.mission_toml
        else ""
    )
    return _section(
        "Make it again", f'<pre>{_text(command)}</pre>{toml}<p class="small">{_text(told)}</p>'
    )
