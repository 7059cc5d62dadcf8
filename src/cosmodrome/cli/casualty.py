"""`cosmodrome casualty`: how many people an ascent that may fail is expected to hurt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from cosmodrome.cli.exits import Exit
from cosmodrome.cli.options import answer_options

__all__ = ["casualty", "print_casualty"]

CLASSES = ("small", "medium", "medium-large", "large")
"""As `safety.corridor.CLASSES`, which is not loaded for a help page."""

SHOWN = 8


@click.command(short_help="Expected casualties of an ascent that may fail, and where.")
@click.argument("run_folder", metavar="RUN")
@click.option(
    "--class",
    "kind",
    type=click.Choice(CLASSES, case_sensitive=False),
    metavar="CLASS",
    help="small, medium, medium-large or large.  [by its payload to a low orbit]",
)
@click.option(
    "--phase",
    "phases",
    metavar="NAME=P",
    multiple=True,
    help="Failure probability of a burn, for the variant by phase; repeatable.",
)
@click.option(
    "--population",
    metavar="FILE",
    help="Count people in this raster (.asc, .tif) where it reaches, instead of listed places.",
)
@click.option("--out", metavar="FILE", help="Write .html (the page), .json or .csv (by area).")
@answer_options
def casualty(*, run_folder: str, as_json: bool, quiet: bool, out: str | None, **asked: Any) -> int:
    """Sum the casualty expectation over the corridor of the impact point's trace.

    RUN is a run folder of `plan --out`. The recipe is that of 14 CFR 420,
    appendix C, a rule of the United States for choosing a launch site: failure
    probability 0.10, compared with 1e-4. Beside it stands a variant with a
    failure probability of each burn's own. A planning aid, not a licence analysis.

    \b
      cosmodrome casualty run
      cosmodrome casualty run --class medium --phase urm-1=0.02 --phase urm-2=0.03
      cosmodrome casualty run --population ghs-pop.tif
      cosmodrome casualty run --out casualty.html
    """  # noqa: D301 - click reads the escape as "do not wrap"
    from cosmodrome.cli.console import out as standard_output
    from cosmodrome.cli.console import progress, write_json
    from cosmodrome.cli.listing import ready, write_listing
    from cosmodrome.prompt.casualty import casualty as found_in

    path = ready(out, (".html", ".json", ".csv"))
    with progress(quiet=quiet) as tell:
        found = found_in(run_folder, **asked, progress=tell)
        if path is not None and path.suffix.lower() == ".html":
            from cosmodrome.io.writing import write_whole
            from cosmodrome.report.safety_page import safety_page

            tell("page", 0.95)
            page = safety_page(casualty=found.document, assessment=found.assessment)
            write_whole(path, page.encode(), key="--out")
        elif path is not None:
            write_listing(path, found.document, _flat(found.document))
    if as_json:
        write_json(found.document)
    else:
        print_casualty(standard_output(), found.document, out)
    return Exit.DONE


def _flat(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A row for each area that adds most, of each reading."""
    rows = []
    for one in document["estimates"]:
        for area in one["most"]:
            flat: dict[str, Any] = {"reading": one["name"]}
            for key, value in area.items():
                inner = value.items() if isinstance(value, dict) else ((None, value),)
                flat |= {key if name is None else f"{key}_{name}": v for name, v in inner}
            rows.append(flat)
    return rows


def print_casualty(console: Any, document: Mapping[str, Any], out: str | None) -> None:
    """Print the document of a casualty expectation; `out` is the file it was written to, if any."""
    from rich.text import Text

    from cosmodrome.cli.listing import print_notes, print_rows

    told = f"{document['vehicle']} from {document['site']}, lift-off {document['epoch_utc']}"
    console.print(Text(told, style="dim"))
    console.print(Text(f"{document['planning_aid'].capitalize()}.\n", style="bold"))
    console.print(Text(f"Class {document['vehicle_class']} ({document['class_from']})."))
    rule = document["rule"]
    console.print(Text(f"Limit {rule['limit']:g} by {rule['name']}, {rule['told']}.\n"))
    heads = [("reading", "left"), ("expected\ncasualties", "right"), ("times the\nlimit", "right")]
    print_rows(console, heads, [_reading(one) for one in document["estimates"]])
    console.print()
    for one in document["estimates"]:
        console.print(Text(f"{one['name']}: {one['label']}.", style="dim"))
    first = document["estimates"][0]
    if first["by_country"]:
        console.print(Text(f"\nWhere it comes from ({first['name']})", style="bold"))
        heads = [("country", "left"), ("share", "right"), ("casualties", "right")]
        heads += [("people in\nthe corridor", "right")]
        print_rows(console, heads, [_country(row) for row in first["by_country"][:SHOWN]])
        console.print(Text("\nAreas that add most", style="bold"))
        heads = [("place", "right"), ("range\nkm", "right"), ("people", "right")]
        heads += [("impact\nprob.", "right"), ("casualties", "right")]
        print_rows(console, heads, [_area(row) for row in first["most"][:SHOWN]])
    else:
        console.print(Text("\nNo listed place and no estimated people in the corridor."))
    print_notes(console, document, out)


def _span(found: Mapping[str, Any], form: str) -> str:
    low, high = (format(found[key], form) for key in ("low", "high"))
    return low if low == high else f"{low} to {high}"


def _short(value: float) -> str:
    """Two digits, no exponent."""
    return f"{float(f'{value:.2g}'):,.12g}"


def _reading(one: Mapping[str, Any]) -> list[str]:
    return [
        one["name"],
        _span(one["expected_casualties"], ".1e"),
        " to ".join(dict.fromkeys(_short(one["times_limit"][key]) for key in ("low", "high"))),
    ]


def _country(row: Mapping[str, Any]) -> list[str]:
    return [
        row["country"],
        f"{100 * row['share']:.1f} %",
        _span(row["expected_casualties"], ".1e"),
        _span(row["people"], ",.0f"),
    ]


def _area(row: Mapping[str, Any]) -> list[str]:
    north = f"{abs(row['latitude_deg']):.1f} {'N' if row['latitude_deg'] >= 0 else 'S'}"
    east = f"{abs(row['longitude_deg']):.1f} {'E' if row['longitude_deg'] >= 0 else 'W'}"
    return [
        f"{north} {east}",
        f"{row['range_km']:.0f}",
        _span(row["people"], ",.0f"),
        f"{row['impact_probability']:.1e}",
        _span(row["expected_casualties"], ".1e"),
    ]
