"""`cosmodrome screen`: when a launch would come too near something in orbit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from cosmodrome.cli.exits import Exit
from cosmodrome.cli.numbers import Quantity
from cosmodrome.cli.options import answer_options
from cosmodrome.cli.orbit_options import KEYS, METHODS, asked_source, source_options
from cosmodrome.errors import InputError
from cosmodrome.prompt.naming import keys_named

if TYPE_CHECKING:
    from cosmodrome.prompt.screen import Question

__all__ = ["print_screening", "screen"]

SHOWN = 30
"""Rows of each table on a terminal; all of them stand in --json and --out."""


@click.command(short_help="When a launch would come too near something in orbit.")
@source_options
@click.option(
    "--catalogue",
    metavar="FILE",
    help="Objects in orbit: TLE, or OMM in KVN, XML, CSV or JSON.",
)
@click.option("--start", "start_utc", metavar="UTC", help="First lift-off.  [default: that of RUN]")
@click.option(
    "--minutes",
    metavar="N",
    type=Quantity("minutes"),
    default=120.0,
    help="Length of the window; of an orbit, how long it is followed.  [default: 120]",
)
@click.option(
    "--orbits",
    metavar="N",
    type=Quantity("revolutions", zero=True),
    default=1.0,
    help="Revolutions after the insertion of RUN; 0 for the ascent alone.  [default: 1]",
)
@click.option(
    "--keep-out",
    "keep_out_km",
    metavar="KM",
    type=Quantity("kilometres"),
    help="From all that is not crewed.  [default: 25 active, 2.5 debris, 14 CFR 450.169]",
)
@click.option(
    "--keep-out-crewed",
    "crewed_km",
    metavar="KM",
    type=Quantity("kilometres"),
    help="From what is crewed.  [default: 200]",
)
@click.option(
    "--crewed",
    metavar="FILE|IDS",
    help="Catalogue numbers of what is crewed.  [default: the ISS, the CSS, names of crew ships]",
)
@click.option(
    "--leave-out", metavar="FILE|IDS", help="Objects not to look at, as the one to be met."
)
@click.option(
    "--within",
    "within_km",
    metavar="KM",
    type=Quantity("kilometres", zero=True),
    default=0.0,
    help="Of an orbit, also list approaches below this.",
)
@click.option("--own-sigma", metavar="R,T,N", help="One sigma of the flight, metres.")
@click.option("--catalogue-sigma", metavar="R,T,N", help="One sigma of the objects, metres.")
@click.option(
    "--hard-body",
    "hard_body_m",
    metavar="M",
    type=Quantity("metres"),
    default=10.0,
    help="Radii of both bodies together, for the probability.  [default: 10]",
)
@click.option(
    "--method",
    type=click.Choice(METHODS),
    help="How an orbit moves; not for RUN, which is flown as it was planned.",
)
@click.option("--out", metavar="FILE", help="Write .json, or .csv of the closed ranges.")
@answer_options
def screen(*, as_json: bool, quiet: bool, out: str | None, **asked: Any) -> int:
    """Find the lift-offs that bring a launch too near an object of a catalogue.

    RUN is a run folder of `plan --out`: its ascent and the first revolutions,
    flown the same way over the turning Earth at every instant of the window.
    Closed ranges are solved for, not stepped through: none is missed, edges are
    right to a millisecond. With --orbit or --file it is that orbit, and closed
    is while an object is inside its radius. A planning aid, not a licence
    analysis.

    \b
      cosmodrome screen run --catalogue all.tle --start 2027-03-20T12:00:00Z --minutes 120
      cosmodrome screen run --catalogue all.tle --orbits 0 --keep-out 25 --json
      cosmodrome screen run --catalogue all.tle --crewed 25544,48274 --out closed.csv
      cosmodrome screen --orbit "sso 500 km ltan 10:30" --catalogue all.tle --within 50
    """  # noqa: D301 - click reads the escape as "do not wrap"
    from cosmodrome.cli.console import out as standard_output
    from cosmodrome.cli.console import progress, write_json
    from cosmodrome.cli.listing import ready, write_listing
    from cosmodrome.prompt.screen import screened

    path = ready(out, (".json", ".csv"))
    question = _question(asked)
    source = asked_source(asked)
    with progress(quiet=quiet) as tell, keys_named(KEYS):
        document = screened(source, question, method=asked["method"], tell=tell)
    if path is not None:
        write_listing(path, document, document["closed"])
    if as_json:
        write_json(document)
    else:
        print_screening(standard_output(), document, out)
    return Exit.DONE


def _question(asked: Mapping[str, Any]) -> Question:
    from cosmodrome.prompt.screen import Question, uncertainty_of

    if asked["catalogue"] is None:
        raise InputError(
            "--catalogue is missing: say what is in orbit",
            key="--catalogue",
            allowed="a file of TLEs, or of OMMs in KVN, XML, CSV or JSON",
        )
    names = ("catalogue", "start_utc", "minutes", "orbits", "keep_out_km", "crewed_km")
    more = ("crewed", "leave_out", "within_km")
    return Question(
        **{key: asked[key] for key in (*names, *more)}, uncertainty=uncertainty_of(asked)
    )


def print_screening(console: Any, document: Mapping[str, Any], out: str | None) -> None:
    """Print the document of a screening; `out` is the file it was written to, if any."""
    from rich.text import Text

    from cosmodrome.cli.listing import print_head, print_notes

    print_head(console, document)
    told = document["catalogue"]
    kinds = ", ".join(
        f"{told['kinds'][kind]} {kind} ({radius:g} km)"
        for kind, radius in document["keep_out_km"].items()
    )
    console.print(Text(f"{told['objects']} objects: {kinds}\n"))
    closed, opened = document["closed"], document["open"]
    _closed_table(console, closed)
    minutes = document["open_seconds"] / 60.0
    count = f"{len(opened)} range{'s' if len(opened) != 1 else ''}"
    what = "open" if "flight_s" in document else "free"
    console.print(Text(f"\n{what}: {minutes:.1f} min in {count}"))
    if closed:
        longest = sorted(opened, key=lambda row: -row["seconds"])[:SHOWN]
        for row in sorted(longest, key=lambda row: row["from_utc"]):
            console.print(Text(f"  {_clock(row['from_utc'])} to {_clock(row['to_utc'])}"))
        if len(opened) > SHOWN:
            console.print(Text(f"  and {len(opened) - SHOWN} shorter ones", style="dim"))
    _approaches_table(console, document["approaches"])
    print_notes(console, document, out)


def _closed_table(console: Any, closed: list[dict[str, Any]]) -> None:
    from rich.text import Text

    from cosmodrome.cli.listing import print_rows

    if not closed:
        console.print(Text("nothing is closed: no object comes nearer than its radius"))
        return
    heads = [("closed from\nUTC", "right"), ("to", "right"), ("\ns", "right")]
    heads += [("radius\nkm", "right"), ("object", "left")]
    cells = [
        [
            _clock(row["from_utc"], date=True),
            _clock(row["to_utc"]),
            f"{row['seconds']:.1f}",
            f"{row['keep_out_km']:g}",
            f"{row['object']} ({row['number']})",
        ]
        for row in closed[:SHOWN]
    ]
    print_rows(console, heads, cells)
    if len(closed) > SHOWN:
        console.print(Text(f"and {len(closed) - SHOWN} more, in --json and --out", style="dim"))


def _approaches_table(console: Any, approaches: list[dict[str, Any]]) -> None:
    from rich.text import Text

    from cosmodrome.cli.listing import print_rows

    if not approaches:
        return
    console.print(Text("\nnearest approaches"))
    heads = [("UTC", "right"), ("miss\nkm", "right"), ("speed\nkm/s", "right")]
    heads += [("elements\nkm", "right"), ("object", "left")]
    likely = "probability" in approaches[0]
    if likely:
        heads.insert(3, ("\nprobability", "right"))
    cells = []
    for row in approaches[:SHOWN]:
        cell = [_clock(row["utc"]), f"{row['miss_km']:.2f}", f"{row['speed_km_s']:.2f}"]
        if likely:
            chance = row["probability"]
            cell.append("-" if chance is None else f"{chance:.1e}")
        cell += [f"{row['catalogue_km']:.0f}", f"{row['object']} ({row['number']})"]
        cells.append(cell)
    print_rows(console, heads, cells)
    if len(approaches) > SHOWN:
        rest = f"and {len(approaches) - SHOWN} more, in --json and --out"
        console.print(Text(rest, style="dim"))


def _clock(utc: str, *, date: bool = False) -> str:
    """A time to the tenth of a second."""
    whole = f"{utc[11:19]}.{(utc[20:-1] or '0')[0]}"
    return f"{utc[:10]} {whole}" if date else whole
