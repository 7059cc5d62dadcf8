"""`report.html`: one answer on one page that opens with no network.

The page holds everything it needs: styles, numbers, charts and the drawing
library.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cosmodrome.mission.catalogue import CONFIDENCE
from cosmodrome.report import interval_rows, partial_rows, rows, words
from cosmodrome.report.charts import Chart, loss_chart, time_charts
from cosmodrome.report.maps import COASTLINE_SOURCE, globe, ground_track
from cosmodrome.report.markup import cells, escaped, figure, heads, section, table, whole_page
from cosmodrome.report.sources import Origin, origins, vehicle_document

if TYPE_CHECKING:
    from cosmodrome.campaign.answer import Answer

__all__ = ["report_html"]

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


def report_html(answer: Answer, more: tuple[Sequence[str], Sequence[Chart]] = ((), ())) -> str:
    """The whole report of an answer as one HTML text.

    Every text of the answer is escaped. A status other than optimal is headed
    by what happened, never by a payload.

    Parameters
    ----------
    answer : Answer
    more : (sections of HTML, charts in them)
        What stands after the flight: drop zones, windows.

    Returns
    -------
    str
        HTML, 2 to 3 MB, most of it the drawing library.
    """
    times, losses = time_charts(answer), loss_chart(answer)
    track, earth = ground_track(answer), globe(answer)
    charts = [c for c in (*times, losses, track, earth, *more[1]) if c is not None]
    sections = [
        _header(answer),
        _nearest(answer),
        _published(answer),
        _interval(answer),
        _events(answer),
        _flight(times),
        _wide("Where it flies", [c for c in (track, earth) if c is not None]),
        *more[0],
        _losses(answer, losses),
        _limits(answer),
        _partials(answer),
        _starts(answer),
        _sources(answer),
        _provenance(answer),
    ]
    body = "\n".join(part for part in sections if part)
    return whole_page(_title(answer), body, charts)


def _title(answer: Answer) -> str:
    document = answer.document
    return escaped(f"{document.get('vehicle')} to {words.orbit_shown(document)} - cosmodrome")


def _header(answer: Answer) -> str:
    document = answer.document
    big, below = words.headline(document)
    found = words.verdict(document)
    tone, word = ("good", "Verified") if found.good else ("bad", "No result")
    named = f"{words.question(document)}, lift-off {words.lift_off(document)}"
    told = words.aside(document)
    beside = f'<p class="orbit">{escaped(told)}</p>\n' if told else ""
    return (
        f'<header class="{"" if found.good else "none"}">\n'
        f'<p class="mission">{escaped(named)}</p>\n<h1>{escaped(big)}</h1>\n'
        f'{beside}<p class="orbit">{escaped(below)}</p>\n'
        f'<p class="verdict {tone}"><b>{word}</b><span>{escaped(found.sentence)}</span></p>\n'
        f'<p class="reflight">{escaped(_proof(document))}</p>\n'
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
    items = "".join(f"<div><dt>{escaped(n)}</dt><dd>{escaped(t)}</dd></div>" for n, t in facts)
    kept = "".join(f"<dd>{escaped(one)}</dd>" for one in interval_rows.kept_back(document))
    items += f'<div class="wide"><dt>Kept back</dt>{kept}</div>' if kept else ""
    return f'<dl class="facts">{items}</dl>\n' if items else ""


def _published(answer: Answer) -> str:
    found = rows.published_rows(answer.document)
    if not found:
        return ""
    kinds = ("name", "n", "orbit", "source")
    lines = [
        f'<tr class="{"" if row[0] == "published" else "ours"}">{cells(row, kinds)}</tr>'
        for row in found
    ]
    head = heads(("", "Payload", "Orbit", "Source"), kinds)
    lead = "No published figure for this vehicle is known to the catalogue."
    if any(row[0] == "published" for row in found):
        told = interval_rows.correction(answer.document)
        lead = f"{interval_rows.rating(answer.document)} {told}" if told else ""
        where = words.vehicle_page(answer.document)
        lead = f"{lead} Every figure of this vehicle beside its prediction: {where}.".strip()
    return section("Beside what is published", table(head, lines, "stack"), lead)


def _interval(answer: Answer) -> str:
    """The sampled interval beside the first-order one."""
    found = interval_rows.spread_rows(answer.document)
    if not found:
        return ""
    kinds = ("name", "n", "n")
    lines = [f"<tr>{cells(row, kinds)}</tr>" for row in found]
    head = heads(("", "Spread from the inputs", "Nine in ten between"), kinds)
    lead = interval_rows.interval_lead(answer.document)
    return section("How sure the payload is", table(head, lines), lead)


def _nearest(answer: Answer) -> str:
    found = rows.nearest_rows(answer.document)
    if not found:
        return ""
    kinds = ("", "name", "n")
    head = heads(("Change", "Target", "Payload"), kinds)
    lines = [f"<tr>{cells(row, kinds)}</tr>" for row in found]
    lead = "By the optimiser alone; planning one of them flies it again."
    return section("Nearest that works", table(head, lines), lead)


def _events(answer: Answer) -> str:
    found = rows.event_rows(answer.document)
    if not found:
        return ""
    kinds = ("key", "name") + ("n",) * 8
    lines = [f"<tr>{cells((str(i), *row), kinds)}</tr>" for i, row in enumerate(found, start=1)]
    head = heads(("", *EVENT_HEADS), kinds)
    lead = "Speed is relative to the turning Earth; inertial speed is not."
    return section("Events", table(head, lines), lead)


def _flight(charts: Sequence[Chart]) -> str:
    if not charts:
        return ""
    silent = (
        '<noscript><p class="told">The charts need JavaScript; every number stands in the '
        "tables and in result.json.</p></noscript>"
    )
    inside = "\n".join(figure(chart, in_time=True) for chart in charts)
    return section(
        "The flight, seconds from lift-off", f'{silent}<div class="grid">{inside}</div>', TIME_NOTE
    )


def _wide(title: str, charts: Sequence[Chart]) -> str:
    if not charts:
        return ""
    return section(title, "\n".join(figure(chart, in_time=False) for chart in charts))


def _losses(answer: Answer, chart: Chart | None) -> str:
    if chart is None:
        return ""
    kinds = ("", "n", "n")
    lines = [
        f"<tr>{cells((name, words.number(value), share), kinds)}</tr>"
        for name, value, share in rows.loss_rows(answer.document)
    ]
    numbers = table(heads(("", "m/s", "of ideal"), kinds), lines)
    plot = (
        f'<div class="plot losses" id="chart-losses" role="img" aria-label="{chart.title}"></div>'
    )
    return section("Where the delta-v went, m/s", f'<div class="grid">{plot}{numbers}</div>')


def _limits(answer: Answer) -> str:
    given = answer.document.get("limits") or []
    if not given:
        return ""
    kinds = ("", "n", "n", "n", "part", "")
    lines = []
    for item, row in zip(given, rows.limit_rows(answer.document), strict=True):
        *told, outcome = row
        mark = "missed" if outcome == "MISSED" else "name"
        lines.append(
            f"<tr>{cells(told, kinds[:4])}<td class='part'>{_part(item)}</td>"
            f'<td class="{mark}">{outcome}</td></tr>'
        )
    head = heads(("Limit", "Allowed", "Reached", "Margin", "Used", ""), kinds)
    return section("Limits, judged on the re-flown trajectory", table(head, lines))


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


def _partials(answer: Answer) -> str:
    """What one unit more is worth: stages side by side, then the rest."""
    stages = partial_rows.stage_partials(answer.document)
    others = partial_rows.other_partials(answer.document)
    if not stages:
        return ""
    kinds = ("name", *("n" for _ in partial_rows.STAGE_HEADS))
    names = (f"{name}<br>per {unit}" for name, unit in partial_rows.STAGE_HEADS)
    first = table(heads(("", *names), kinds), [f"<tr>{cells(row, kinds)}</tr>" for row in stages])
    told = [
        f"<tr>{cells((n, kg, f'per {unit}'), ('name', 'n', ''))}</tr>" for n, kg, unit in others
    ]
    head = heads(("", "kg", ""), ("name", "n", ""))
    second = table(head, told, "narrow") if told else ""
    return section("What one unit more is worth, kg", first + second, partial_rows.LEAD)


def _starts(answer: Answer) -> str:
    found = rows.start_rows(answer.document)
    if not found:
        return ""
    kinds = ("name", "", "n", "n", "n")
    worth = rows.worth_head(answer.document).capitalize()
    head = heads(("Start", "Outcome", worth, "Iterations", "Seconds"), kinds)
    lines = [f"<tr>{cells(row, kinds)}</tr>" for row in found]
    lead = "Searches from physically different first guesses; the best is kept."
    return section("Starts", table(head, lines), lead)


def _sources(answer: Answer) -> str:
    """Where the vehicle's numbers, the published payloads and the map come from."""
    sheet = vehicle_document(answer)
    items = [_origin(origin) for origin in (origins(sheet) if sheet else ())]
    quoted = {str(item.get("source")) for item in answer.document.get("published") or []}
    items += [f"<li>{escaped(text)}{_below('published payload')}</li>" for text in sorted(quoted)]
    items.append(f"<li>{escaped(COASTLINE_SOURCE)}</li>")
    lead = (
        ""
        if sheet
        else "The vehicle is not the catalogue's, number for number; its file says where its "
        "numbers come from."
    )
    return section("Sources", f'<ul class="sources">{"".join(items)}</ul>', lead)


def _origin(origin: Origin) -> str:
    sure = f"{origin.confidence}: {CONFIDENCE.get(origin.confidence, '')}"
    return f"<li>{escaped(origin.source)}{_below(f'{origin.numbers} ({sure})')}</li>"


def _below(text: str) -> str:
    return f'<br><span class="small">{escaped(text)}</span>'


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
        f"<pre>{escaped(answer.mission_toml)}</pre></details>"
        if answer.mission_toml
        else ""
    )
    return section(
        "Make it again", f'<pre>{escaped(command)}</pre>{toml}<p class="small">{escaped(told)}</p>'
    )
