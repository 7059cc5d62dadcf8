"""`cosmodrome dropzones`: where the parts dropped in a flight come down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from cosmodrome.cli.exits import Exit
from cosmodrome.cli.options import answer_options

__all__ = ["dropzones", "print_dropzones"]

ENDINGS = (".geojson", ".kml", ".csv", ".json")
"""As `prompt.dropzones_files.ENDINGS`, which is not loaded for a help page."""


@click.command(short_help="Where stages, strap-ons and fairing come down, and who lives there.")
@click.argument("run_folder", metavar="RUN")
@click.option(
    "--samples",
    type=click.IntRange(50, 200_000),
    metavar="N",
    default=2000,
    help="Falls of each part.  [default: 2000]",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    metavar="S",
    default=1,
    help="What they are drawn from.  [default: 1]",
)
@click.option(
    "--wind",
    metavar="FILE",
    help="Mean wind: .csv with altitude_m, east_m_s, north_m_s.  [default: the mission's]",
)
@click.option(
    "--population",
    metavar="FILE",
    help="Count people in this raster (.asc, .tif) instead of listed places.",
)
@click.option("--out", metavar="FILE", help="Write .geojson, .kml, .csv or .json.")
@answer_options
def dropzones(*, run_folder: str, as_json: bool, quiet: bool, **asked: Any) -> int:
    """Follow every part that the flight drops to the ground, with what may go otherwise.

    RUN is a run folder of `plan --out`. Strap-ons, stages, fairing halves and
    other parts fall with drag from the re-flown plan; seeded samples of release,
    air, wind and ballistic coefficient give ellipses that hold 50, 90 and 99 %.
    A planning aid, not a licence analysis.

    \b
      cosmodrome dropzones run
      cosmodrome dropzones run --wind january.csv --samples 5000
      cosmodrome dropzones run --out zones.geojson
      cosmodrome dropzones run --json
    """  # noqa: D301 - click reads the escape as "do not wrap"
    from cosmodrome.cli.console import out as standard_output
    from cosmodrome.cli.console import progress, write_json
    from cosmodrome.cli.listing import ready
    from cosmodrome.io.writing import write_whole
    from cosmodrome.prompt.dropzones import dropzones as found_in
    from cosmodrome.prompt.dropzones_files import zones_file

    path = ready(asked["out"], ENDINGS)
    with progress(quiet=quiet) as tell:
        found = found_in(
            run_folder,
            samples=asked["samples"],
            seed=asked["seed"],
            wind=asked["wind"],
            population=asked["population"],
            progress=tell,
        )
    if path is not None:
        write_whole(path, zones_file(found, path.suffix.lower()), key="--out")
    if as_json:
        write_json(found.document)
    else:
        print_dropzones(standard_output(), found.document, asked["out"])
    return Exit.DONE


_HEADS = [("part", "left"), ("s", "right"), ("place", "right"), ("range\nkm", "right")]
_HEADS += [("99 % ellipse\nkm x km, deg", "right"), ("on", "left"), ("people in 99 %", "left")]


def print_dropzones(console: Any, document: Mapping[str, Any], out: str | None) -> None:
    """Print the document of drop zones; `out` is the file it was written to, if any."""
    from rich.text import Text

    from cosmodrome.cli.listing import print_notes, print_rows

    told = f"{document['vehicle']} from {document['site']}, lift-off {document['epoch_utc']}"
    console.print(Text(told, style="dim"))
    console.print(Text(f"{document['note'].capitalize()}.\n", style="bold"))
    parts = document["parts"]
    if parts:
        print_rows(console, _HEADS, [_cells(part) for part in parts])
    else:
        console.print(Text("nothing that is dropped comes down within two hours"))
    for part in parts:
        console.print()
        for line in _lines(part):
            console.print(Text(line))
    if document["in_orbit"]:
        console.print()
    for one in document["in_orbit"]:
        console.print(Text(f"{one['name']} {one['told']}."))
    print_notes(console, document, out)


def _cells(part: Mapping[str, Any]) -> list[str]:
    several = f" x {part['count']}" if part["count"] > 1 else ""
    widest = max(part["ellipses"], key=lambda one: one["probability"])
    size = f"{widest['semi_major_km']:.0f} x {widest['semi_minor_km']:.0f}"
    return [
        part["name"] + several,
        f"{part['t_s']:.0f}",
        place_text(part["latitude_deg"], part["longitude_deg"]),
        f"{part['range_km']:.0f}",
        f"{size}, {widest['azimuth_deg']:.0f}",
        part["country"] or "sea",
        _people(part["people_99"]),
    ]


def place_text(latitude_deg: float, longitude_deg: float) -> str:
    """A place to a hundredth of a degree: `61.02N 123.89E`."""
    north, east = "NS"[latitude_deg < 0.0], "EW"[longitude_deg < 0.0]
    return f"{abs(latitude_deg):.2f}{north} {abs(longitude_deg):.2f}{east}"


def _people(people: Mapping[str, Any]) -> str:
    low, high = (_rounded(people[key]) for key in ("estimate_lo", "estimate_hi"))
    statement = str(people["statement"])
    return statement if high == "0" else f"{statement}, {low} to {high}"


def _rounded(count: float) -> str:
    """To two digits: an estimate knows no more."""
    if count < 0.5:
        return "0"
    digits = max(len(str(int(count))) - 2, 0)
    return f"{int(round(count, -digits))}"


def _lines(part: Mapping[str, Any]) -> list[str]:
    """What lies around one drop zone."""
    border, coast = part["border"], part["coast"]
    areas = ", ".join(
        f"{100 * one['probability']:g} % {one['area_km2']:.0f} km2" for one in part["ellipses"]
    )
    lines = [f"{part['name']}: {areas}"]
    shares = ", ".join(f"{one['where']} {100 * one['share']:.1f} %" for one in part["shares"])
    lines.append(f"  falls on {shares}")
    sides = " and ".join(border["between"])
    lines.append(
        f"  border {border['distance_km']:.0f} km ({sides}), {border['from_99_km']:.0f} km "
        f"from the 99 % ellipse; coast {coast['distance_km']:.0f} km"
    )
    near = part["places"][:1] + ([part["town"]] if part["town"] else [])
    lines += [
        f"  {one['name']} ({one['country_iso2']}, {one['people']}) {one['distance_km']:.0f} km"
        for one in {place["name"]: place for place in near}.values()
    ]
    return lines
