"""`cosmodrome coverage`: how often places are seen, by one satellite or a constellation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from cosmodrome.cli.exits import Exit
from cosmodrome.cli.numbers import Quantity
from cosmodrome.cli.orbit_options import (
    KEYS,
    asked_source,
    asked_span,
    listing_options,
    mask_option,
    orbit_options,
)
from cosmodrome.prompt.naming import keys_named

__all__ = ["coverage"]

SPACING_DEG = 5.0
"""As `prompt.coverage.SPACING_DEG`, which is not loaded for a help page."""


@click.command(short_help="How often places are seen, by one satellite or a constellation.")
@orbit_options
@click.option("--band", metavar="SOUTH:NORTH", help="Band of latitude, degrees, e.g. -60:60.")
@click.option(
    "--point",
    "points",
    metavar="LAT,LON",
    multiple=True,
    help="A place, degrees; may be given several times.",
)
@click.option("--area", metavar="FILE.geojson", help="Polygons and points of a GeoJSON file.")
@click.option(
    "--spacing",
    "spacing_deg",
    metavar="DEG",
    type=Quantity("degrees"),
    default=SPACING_DEG,
    help="Between points of a band or an area.  [default: 5]",
)
@click.option(
    "--swath", "swath_km", metavar="KM", type=Quantity("kilometres"), help="Width on the ground."
)
@click.option(
    "--half-angle",
    "half_angle_deg",
    metavar="DEG",
    type=Quantity("degrees"),
    help="Or the angle off nadir to both sides.",
)
@mask_option("Or the least elevation at which a place sees the satellite.")
@click.option(
    "--walker",
    metavar="I:T/P/F",
    help="Constellation about this orbit: inclination, satellites, planes, phasing; 53:24/3/1.",
)
@click.option("--star", is_flag=True, help="Its planes over half a turn, not a whole one.")
@listing_options
def coverage(*, as_json: bool, quiet: bool, out: str | None, **asked: Any) -> int:
    """Find revisit and response times over a band of latitude, points or an area.

    RUN is a run folder of `plan --out`: its insertion. --orbit takes the texts
    of `plan --to`; --file is an OEM, OPM, OMM, TLE, CSV or Parquet. Revisit is
    the time from the end of one look to the beginning of the next; response
    the wait from a moment drawn at random. --days is 10 unless said.

    \b
      cosmodrome coverage --orbit "sso 500 km ltan 10:30" --band -60:60 --swath 200
      cosmodrome coverage --orbit "550 km 53 deg" --walker 53:24/3/1 --band 0:60 \\
          --min-elevation 25 --days 2
      cosmodrome coverage run --point 55.75,37.62 --half-angle 30
      cosmodrome coverage --file fleet.tle --area region.geojson --swath 60 --json
    """  # noqa: D301 - click reads the escape as "do not wrap"
    from cosmodrome.cli.console import out as standard_output
    from cosmodrome.cli.console import progress, write_json
    from cosmodrome.cli.listing import ready, write_listing
    from cosmodrome.prompt.coverage import USUAL_DAYS, coverage_document, refuse_looks

    path = ready(out, (".csv", ".json"))
    refuse_looks(asked)
    source = asked_source(asked)
    span = asked_span(source, asked, USUAL_DAYS)
    with progress(quiet=quiet) as tell, keys_named(KEYS):
        document = coverage_document(source, span, asked, tell)
    if path is not None:
        write_listing(path, document, document["points"])
    if as_json:
        write_json(document)
    else:
        _print(standard_output(), document, out)
    return Exit.DONE


def _print(console: Any, document: Mapping[str, Any], out: str | None) -> None:
    from rich.text import Text

    from cosmodrome.cli.listing import print_head, print_notes, print_rows

    print_head(console, document)
    rows: dict[float, list[Mapping[str, Any]]] = {}
    for point in document["points"]:
        rows.setdefault(round(point["latitude_deg"], 3), []).append(point)
    heads = [("latitude\ndeg", "right"), ("points\n", "right"), ("seen\n%", "right")]
    heads += [("looks\nmean", "right"), ("revisit\nmean h", "right")]
    heads += [("revisit\nlongest h", "right"), ("response\nmean h", "right")]
    cells = [_cells(latitude, rows[latitude]) for latitude in sorted(rows, reverse=True)]
    print_rows(console, heads, cells)
    every = document["points"]
    longest = [point["max_revisit_h"] for point in every]
    unseen = sum(value is None for value in longest)
    told = f"{_count(len(every), 'place')}, {_count(document['satellites'], 'satellite')}: "
    if unseen:
        told += f"{unseen} never seen"
    else:
        told += f"longest gap {max(longest):.2f} h"
    console.print(Text(f"\n{told}"))
    print_notes(console, document, out, blank=False)


def _cells(latitude: float, points: list[Mapping[str, Any]]) -> list[str]:
    def over(key: str, taken: Any) -> str:
        """Of the places that have one; a gap without end is not hidden."""
        known = [point[key] for point in points if point[key] is not None]
        if not known or (taken is max and len(known) < len(points)):
            return "-"
        return f"{taken(known):.2f}"

    def mean(values: list[float]) -> float:
        return sum(values) / len(values)

    seen = sum(point["looks"] > 0 for point in points)
    return [
        f"{latitude:.2f}",
        str(len(points)),
        f"{100.0 * seen / len(points):.0f}",
        f"{mean([point['looks'] for point in points]):.1f}",
        over("mean_revisit_h", mean),
        over("max_revisit_h", max),
        over("mean_response_h", mean),
    ]


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
