"""`cosmodrome eclipses`: when a satellite is in the Earth's shadow, and the Sun's angle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from cosmodrome.cli.exits import Exit
from cosmodrome.cli.numbers import Quantity
from cosmodrome.cli.orbit_options import (
    asked_source,
    asked_span,
    listing_options,
    moving,
    orbit_options,
)

__all__ = ["eclipses"]

CONTACTS = ("penumbra_entry", "umbra_entry", "umbra_exit", "penumbra_exit")
YEAR_DAYS = 365.25


@click.command(short_help="When a satellite is in shadow, and the Sun's angle over the year.")
@orbit_options
@click.option(
    "--profile",
    "profile_days",
    metavar="DAYS",
    type=Quantity("days"),
    help="Sun angle and shadow a revolution, every so many days.  [--days is then 365.25]",
)
@click.option("--apparent", is_flag=True, help="The Sun where it is seen, not where it is.")
@click.option("--oblate", is_flag=True, help="The Earth as the ellipsoid, not a sphere.")
@listing_options
def eclipses(*, as_json: bool, quiet: bool, out: str | None, **asked: Any) -> int:
    """Find the contacts with the Earth's shadow, or the year's profile of Sun and shadow.

    RUN is a run folder of `plan --out`: its insertion. --orbit takes the texts
    of `plan --to`; --file is an OEM, OPM, OMM, TLE, CSV or Parquet. Umbra and
    penumbra are cones of a Sun that is a disc; air is left out.

    \b
      cosmodrome eclipses --orbit "sso 500 km ltan 10:30"
      cosmodrome eclipses --orbit "sso 500 km ltan 10:30" --profile 14
      cosmodrome eclipses run --days 2 --out eclipses.csv
      cosmodrome eclipses --file iss.tle --start 2024-09-17T00:00:00Z --json
    """  # noqa: D301 - click reads the escape as "do not wrap"
    from cosmodrome.cli.console import out as standard_output
    from cosmodrome.cli.console import progress, write_json
    from cosmodrome.cli.listing import ready, write_listing
    from cosmodrome.prompt.listing import about
    from cosmodrome.prompt.shadow import found_eclipses, long_enough, shadow_of

    path = ready(out, (".csv", ".json"))
    source = asked_source(asked)
    every = asked["profile_days"]
    span = asked_span(source, asked, YEAR_DAYS if every is not None else None)
    with progress(quiet=quiet) as tell:
        flown = moving(source, long_enough(span, every), asked, tell)
        # A year's contacts take a while, and a table of the profile has no place for them.
        contacts = every is None or as_json or (path is not None and path.suffix == ".json")
        shadow = shadow_of(oblate=asked["oblate"], apparent=asked["apparent"])
        found = found_eclipses(flown.motions, span, shadow, every, tell, contacts=contacts)
    document = about(source, span, flown) | found
    if path is not None:
        write_listing(path, document, document["eclipses" if every is None else "profile"])
    if as_json:
        write_json(document)
    else:
        _print(standard_output(), document, out)
    return Exit.DONE


def _print(console: Any, document: Mapping[str, Any], out: str | None) -> None:
    from rich.text import Text

    from cosmodrome.cli.listing import print_head, print_notes, print_rows

    print_head(console, document)
    profile = document.get("profile")
    rows = document["eclipses"] if profile is None else profile
    if rows:
        several = len({row["satellite"] for row in rows}) > 1
        heads = [("satellite", "left")] if several else []
        heads += _PROFILE_HEADS if profile is not None else _HEADS
        cells = _profile_cells if profile is not None else _cells
        print_rows(console, heads, [[row["satellite"]] * several + cells(row) for row in rows])
    told = _summary(rows) if profile is None else _season(rows)
    console.print(Text(("\n" if rows else "") + told))
    print_notes(console, document, out, blank=False)


_HEADS = [("into penumbra\nUTC", "right"), ("into umbra\nUTC", "right")]
_HEADS += [
    ("out of umbra\nUTC", "right"),
    ("out of penumbra\nUTC", "right"),
    ("umbra\nmin", "right"),
]
_PROFILE_HEADS = [("date", "left"), ("beta\ndeg", "right"), ("umbra\nmin/rev", "right")]
_PROFILE_HEADS += [("with penumbra\nmin/rev", "right")]


def _cells(row: Mapping[str, Any]) -> list[str]:
    def clock(name: str) -> str:
        utc = row[f"{name}_utc"]
        return "-" if utc is None else utc[11:].rstrip("Z")[:12]

    first = row["penumbra_entry_utc"]
    entry = "-" if first is None else f"{first[:10]} {clock('penumbra_entry')}"
    rest = [clock(name) for name in CONTACTS[1:]]
    return [entry, *rest, f"{row['umbra_s'] / 60.0:.2f}" if row["umbra_s"] else "-"]


def _profile_cells(row: Mapping[str, Any]) -> list[str]:
    minutes = [f"{row[key] / 60.0:.2f}" for key in ("umbra_s", "penumbra_s")]
    return [row["epoch_utc"][:10], f"{row['beta_deg']:.2f}", *minutes]


def _summary(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return "no eclipse in this time"
    longest = max(row["umbra_s"] for row in rows)
    count = "1 eclipse" if len(rows) == 1 else f"{len(rows)} eclipses"
    return f"{count}, the longest umbra {longest / 60.0:.2f} min" if longest else count


def _season(rows: list[dict[str, Any]]) -> str:
    beta = [row["beta_deg"] for row in rows]
    umbra = [row["umbra_s"] / 60.0 for row in rows]
    told = f"beta from {min(beta):.2f} to {max(beta):.2f} deg"
    return f"{told}, umbra from {min(umbra):.2f} to {max(umbra):.2f} min a revolution"
