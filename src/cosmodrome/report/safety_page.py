"""What falls where, and whom it may hurt: the safety parts of a report, and a page of them.

Every page of it says: planning aid, not a licence analysis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cosmodrome.io.hazard_files import PLANNING_AID
from cosmodrome.report.charts import Chart
from cosmodrome.report.life_page import SILENT
from cosmodrome.report.markup import cells, escaped, figure, heads, section, table, whole_page
from cosmodrome.report.remedies import remedies_told
from cosmodrome.report.safety_charts import casualty_map, casualty_sum, drop_maps

if TYPE_CHECKING:
    from cosmodrome.safety.casualty_estimate import Assessment

__all__ = ["SafetyParts", "safety_page", "safety_parts"]

Document = Mapping[str, Any]

AID: Final = f"{PLANNING_AID[0].upper()}{PLANNING_AID[1:]}."
_SHOWN: Final = 12
_BOTH: Final = ("low", "high")


@dataclass(frozen=True, slots=True)
class SafetyParts:
    """Sections of HTML with the charts that stand in them, for any page.

    Parameters
    ----------
    sections : tuple of str
    charts : tuple of Chart
    """

    sections: tuple[str, ...]
    charts: tuple[Chart, ...]


def safety_parts(
    *,
    dropzones: Document | None = None,
    casualty: Document | None = None,
    assessment: Assessment | None = None,
) -> SafetyParts:
    """The safety parts of a report: drop zones, and the casualty expectation.

    Parameters
    ----------
    dropzones : mapping or None, the document of `dropzones`
    casualty : mapping or None, the document of `casualty`
    assessment : Assessment or None, what that document was made of, for its figures

    Returns
    -------
    SafetyParts
        Every text from outside is escaped. What is not given is left out.
    """
    sections: list[str] = []
    charts: list[Chart] = []
    if dropzones is not None and dropzones["parts"]:
        near = drop_maps(dropzones["parts"])
        charts += near
        sections.append(_drops(dropzones, near))
    if casualty is not None:
        parts = () if dropzones is None else dropzones["parts"]
        made = []
        if assessment is not None:
            made = [casualty_map(assessment, parts), casualty_sum(assessment)]
        charts += made
        sections += _casualty(casualty, made)
    return SafetyParts(tuple(sections), tuple(charts))


def safety_page(
    *,
    dropzones: Document | None = None,
    casualty: Document | None = None,
    assessment: Assessment | None = None,
) -> str:
    """The safety parts as one HTML text that opens with no network.

    Parameters
    ----------
    dropzones, casualty, assessment : as `safety_parts`; one of the first two at least

    Returns
    -------
    str
        HTML, 2 to 3 MB, most of it the drawing library.
    """
    parts = safety_parts(dropzones=dropzones, casualty=casualty, assessment=assessment)
    about = casualty if casualty is not None else dropzones or {}
    who = f"{about.get('vehicle')} from {about.get('site')}"
    body = "\n".join([_header(who, about, casualty, dropzones), *parts.sections])
    return whole_page(escaped(f"{who}, safety - cosmodrome"), body, parts.charts)


def _header(who: str, about: Document, casualty: Document | None, drops: Document | None) -> str:
    big, below = f"{len((drops or {}).get('parts', ()))} drop zones", ""
    if casualty is not None:
        first = casualty["estimates"][0]
        big = f"{_span(first['expected_casualties'], '.1e')} expected casualties"
        below = _against(first, casualty["rule"])
    told = f"{who}, lift-off {about.get('epoch_utc')}"
    return (
        f'<header>\n<p class="mission">{escaped(told)}</p>\n'
        f'<h1>{escaped(big)}</h1>\n<p class="orbit">{escaped(below)}</p>\n'
        f'<p class="verdict"><b>{escaped(AID)}</b></p>\n</header>'
    )


def _against(one: Document, rule: Document) -> str:
    told = (
        f"{_span(one['times_limit'])} times the {rule['limit']:g} of {rule['name']}, "
        f"{rule['told']}."
    )
    words = {True: "Within it: ", False: "Above it: ", None: "Not decided by what is known: "}
    return f"{words[one['within_limit']]}{told}"


def _span(found: Document, form: str = "") -> str:
    """From low to high; without a form to two digits, with no exponent."""
    low, high = (format(found[key], form) if form else _short(found[key]) for key in _BOTH)
    return low if low == high else f"{low} to {high}"


def _short(value: float) -> str:
    return f"{float(f'{value:.2g}'):,.12g}"


def _figure(chart: Chart, height: str) -> str:
    """The place of a chart of a given height."""
    plain = figure(chart, in_time=False)
    return plain.replace(
        f'<div class="plot {chart.name}"', f'<div class="plot" style="height:{height}"', 1
    )


# ---------------------------------------------------------------- drop zones


def _drops(document: Document, charts: Sequence[Chart]) -> str:
    kinds = ("name", "n", "n", "n", "n", "", "")
    names = (
        "Part", "Falls at<br>s", "Latitude<br>deg", "Longitude<br>deg", "99 %<br>km x km",
        "On", "People in 99 %",
    )  # fmt: skip
    lines = [f"<tr>{cells(_drop(part), kinds)}</tr>" for part in document["parts"]]
    notes = _listed([str(note) for note in document.get("notes", ())])
    lead = (
        f"{AID} Where parts come down that are dropped as planned, with what may go otherwise. "
        "Where no place is listed, that does not say that nobody lives there."
    )
    tall = "min(24rem,80vw)" if len(charts) > 1 else "min(30rem,80vw)"
    maps = "".join(_figure(chart, tall) for chart in charts)
    maps = f'<div class="grid">{maps}</div>' if len(charts) > 1 else maps
    below = f'<div style="margin-top:1.5rem">{table(heads(names, kinds), lines)}</div>'
    return section("Drop zones", SILENT + maps + below + notes, lead)


def _drop(part: Document) -> list[str]:
    widest = max(part["ellipses"], key=lambda one: one["probability"])
    count = int(part.get("count", 1))
    people = part.get("people_99") or {}
    told = str(people.get("statement") or "")
    if people.get("estimate_hi") is not None:
        span = {"low": people["estimate_lo"], "high": people["estimate_hi"]}
        told = f"{told}; estimated {_span(span, ',.0f')}" if told else _span(span, ",.0f")
    where = [str(part["surface"]), str(part.get("country") or "")]
    return [
        str(part["name"]) + (f" ({count})" if count > 1 else ""),
        f"{part['t_s']:.0f}",
        f"{part['latitude_deg']:.2f}",
        f"{part['longitude_deg']:.2f}",
        f"{2 * widest['semi_major_km']:.0f} x {2 * widest['semi_minor_km']:.0f}",
        ", ".join(word for word in where if word),
        told,
    ]


# ---------------------------------------------------------------- casualty expectation


def _casualty(document: Document, charts: Sequence[Chart]) -> list[str]:
    rule, first = document["rule"], document["estimates"][0]
    lead = (
        f"{AID} The open recipe of 14 CFR 420, appendix C: the probability that a failing vehicle "
        "comes down on an area, times the area in which it hurts, times the people there, summed. "
        f"{rule['name']} allows {rule['limit']:g}: {rule['told']}."
    )
    drawn = "".join(
        f'<div style="margin-top:1.75rem">{_figure(chart, height)}</div>'
        for chart, height in zip(charts, ("min(38rem,62vw)", "15rem"), strict=False)
    )
    silent = SILENT if charts else ""
    notes = [*document["notes"], *remedies_told(document)]
    return [
        section("Casualty expectation", _readings(document) + silent + drawn, lead),
        section(f"Where it comes from ({first['name']})", _where(first), _none_listed(first)),
        section("Every factor", _factors(document), "What went in, and where it is from."),
        section("Left out, and assumed", _listed(notes)),
    ]


def _readings(document: Document) -> str:
    kinds = ("name", "n", "n", "", "source")
    names = ("Reading", "Expected<br>casualties", "Times<br>the limit", "", "What it is")
    lines = []
    for k, one in enumerate(document["estimates"]):
        met = {True: "within", False: "above", None: "not decided"}[one["within_limit"]]
        row = [
            one["name"], _span(one["expected_casualties"], ".1e"),
            _span(one["times_limit"]), met, one["label"],
        ]  # fmt: skip
        lines.append(f'<tr class="{"" if k else "ours"}">{cells(row, kinds)}</tr>')
    return table(heads(names, kinds), lines)


def _none_listed(one: Document) -> str:
    if one["by_country"]:
        return "Low counts listed places, high also those who may live where none is listed."
    return "No listed place and no estimated people in the corridor."


def _where(one: Document) -> str:
    if not one["by_country"]:
        return ""
    kinds = ("name", "part", "n", "n", "n")
    names = ("Country", "", "Share", "Expected<br>casualties", "People in<br>the corridor")
    lines = []
    for row in one["by_country"][:_SHOWN]:
        share = f"{100 * row['share']:.1f} %"
        bar = f'<td class="part"><span><i style="width:{100 * row["share"]:.1f}%"></i></span></td>'
        rest = [share, _span(row["expected_casualties"], ".1e"), _span(row["people"], ",.0f")]
        first = cells((row["country"],), kinds[:1])
        lines.append(f"<tr>{first}{bar}{cells(rest, kinds[2:])}</tr>")
    return table(heads(names, kinds), lines) + _ranges(one) + _areas(one)


def _ranges(one: Document) -> str:
    kinds = ("name", "n", "n", "n")
    names = ("Impact point at", "Share", "Expected<br>casualties", "People in<br>the corridor")
    lines = []
    for row in one["by_range"]:
        told = [
            f"{row['from_km']:.0f} to {row['to_km']:.0f} km", f"{100 * row['share']:.1f} %",
            _span(row["expected_casualties"], ".1e"), _span(row["people"], ",.0f"),
        ]  # fmt: skip
        lines.append(f"<tr>{cells(told, kinds)}</tr>")
    return f'<div style="margin-top:1.75rem">{table(heads(names, kinds), lines)}</div>'


def _areas(one: Document) -> str:
    """The areas that add most, with every factor of the product."""
    kinds = ("name", "", "n", "n", "n", "n", "n", "n", "n")
    names = (
        "Place", "Country", "Range<br>km", "Failure at<br>s", "Impact<br>probability",
        "Casualty<br>area m2", "Area<br>km2", "People", "Expected<br>casualties",
    )  # fmt: skip
    lines = []
    for row in one["most"][:_SHOWN]:
        told = [
            f"{_degrees(row['latitude_deg'], 'NS')} {_degrees(row['longitude_deg'], 'EW')}",
            row["country"] or "no country", f"{row['range_km']:.0f}", f"{row['t_s']:.0f}",
            f"{row['impact_probability']:.1e}", f"{row['casualty_area_m2']:.3g}",
            f"{row['area_km2']:.0f}", _span(row["people"], ",.0f"),
            _span(row["expected_casualties"], ".1e"),
        ]  # fmt: skip
        lines.append(f"<tr>{cells(told, kinds)}</tr>")
    lead = (
        '<h3 style="margin-top:2.25rem">Areas that add most</h3><p class="small">Expected '
        "casualties = impact probability x casualty area / area x people; of an area partly in "
        "the corridor or in the exclusion zone, that part.</p>"
    )
    return lead + table(heads(names, kinds), lines)


def _degrees(value: float, sides: str) -> str:
    return f"{abs(value):.2f}\N{DEGREE SIGN} {sides[value < 0.0]}"


def _factors(document: Document) -> str:
    kinds = ("", "n", "", "source")
    names = ("Factor", "", "", "Source")
    lines = []
    for one in document["factors"]:
        value = one["value"]
        shown = f"{value:,.6g}" if isinstance(value, int | float) else str(value)
        kind = (
            kinds if isinstance(value, int | float) or len(shown) < 30 else ("", "", "", "source")
        )
        lines.append(f"<tr>{cells([one['name'], shown, one['unit'], one['source']], kind)}</tr>")
    for phase in document["phases"]:
        span = f"{phase['start_s']:.1f} to {phase['stop_s']:.1f} s"
        row = [f"failure probability of {phase['name']}", f"{phase['failure_probability']:.4g}",
               "", f"variant by phase, {span}"]  # fmt: skip
        lines.append(f"<tr>{cells(row, kinds)}</tr>")
    return table(heads(names, kinds), lines)


def _listed(notes: Sequence[str]) -> str:
    items = "".join(f"<li>{escaped(note[:1].upper() + note[1:])}.</li>" for note in notes)
    return f'<ul class="sources">{items}</ul>' if items else ""
