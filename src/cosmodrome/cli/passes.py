"""`cosmodrome passes`: when stations see satellites."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from cosmodrome.cli.exits import Exit
from cosmodrome.cli.numbers import Quantity
from cosmodrome.cli.orbit_options import (
    KEYS,
    asked_source,
    asked_span,
    listing_options,
    mask_option,
    moving,
    orbit_options,
)
from cosmodrome.errors import InputError
from cosmodrome.prompt.naming import keys_named

if TYPE_CHECKING:
    from cosmodrome.orbit.stations import Station

__all__ = ["passes"]


@click.command(short_help="When ground stations see a satellite.")
@orbit_options
@click.option(
    "--station",
    "stations",
    metavar="NAME|LAT,LON[,ALT]",
    multiple=True,
    help="Ground station by name, or degrees and metres; may be given several times.",
)
@click.option("--stations", "listed", is_flag=True, help="List the stations known by name.")
@mask_option("Least elevation of every station.  [default: 0]", 0.0)
@click.option(
    "--frequency",
    "frequency_mhz",
    metavar="MHZ",
    type=Quantity("megahertz"),
    help="Of a carrier, for its Doppler shift.",
)
@listing_options
def passes(*, as_json: bool, quiet: bool, out: str | None, listed: bool, **asked: Any) -> int:
    """Find every pass of satellites over stations: rise, culmination, set.

    RUN is a run folder of `plan --out`: its insertion. --orbit takes the texts
    of `plan --to`; --file is an OEM, OPM, OMM, TLE (of several satellites too),
    CSV or Parquet. None is missed, by a bound and not by a small step; contacts
    are geometric, without refraction.

    \b
      cosmodrome passes --file iss.tle --station 37.94,-75.47,10 \\
          --start 2024-09-17T00:00:00Z --days 30 --min-elevation 10
      cosmodrome passes --orbit "sso 500 km ltan 10:30" --station svalbard
      cosmodrome passes run --station svalbard --station wallops --frequency 2200 --json
      cosmodrome passes --stations
    """  # noqa: D301 - click reads the escape as "do not wrap"
    from cosmodrome.cli.console import out as standard_output
    from cosmodrome.cli.console import progress, write_json
    from cosmodrome.cli.listing import ready, write_listing
    from cosmodrome.prompt.pass_list import found_passes, pass_document

    if listed:
        return _list_stations(as_json=as_json)
    path = ready(out, (".csv", ".json"))
    places = _places(asked["stations"])
    source = asked_source(asked)
    span = asked_span(source, asked)
    with progress(quiet=quiet) as tell:
        flown = moving(source, span, asked, tell)
        least = asked["min_elevation_deg"]
        with keys_named(KEYS):
            found = found_passes(flown.motions, places, span, least, tell)
    document = pass_document(
        source,
        span,
        flown,
        found,
        min_elevation_deg=least,
        frequency_mhz=asked["frequency_mhz"],
    )
    if path is not None:
        write_listing(path, document, document["passes"])
    if as_json:
        write_json(document)
    else:
        _print(standard_output(), document, out)
    return Exit.DONE


def _places(names: Sequence[str]) -> list[Station]:
    """The stations that were asked for, one or more."""
    from cosmodrome.orbit.stations import station

    if not names:
        raise InputError(
            "--station is missing: say who looks",
            key="--station",
            allowed="a name of `cosmodrome passes --stations`, or LAT,LON[,ALT] as 37.94,-75.47,10",
        )
    with keys_named("--station"):
        return [station(name) for name in names]


def _print(console: Any, document: Mapping[str, Any], out: str | None) -> None:
    from rich.text import Text

    from cosmodrome.cli.listing import print_head, print_notes, print_rows

    rows = document["passes"]
    print_head(console, document)
    mask = document["min_elevation_deg"]
    if not rows:
        console.print(Text(f"no pass above {mask:g} deg in this time"))
        print_notes(console, document, out)
        return
    shown = [k for k in ("satellite", "station") if len({row[k] for row in rows}) > 1]
    # Eighty columns hold the names or the rest.
    kept = [one for one in COLUMNS if not (shown and one.spare)]
    if "rise_doppler_hz" in rows[0]:
        kept = [one for one in kept if one.head != "Sun"] + [DOPPLER]
    heads = [(name, "left") for name in shown] + [(one.head, "right") for one in kept]
    cells = [[row[name] for name in shown] + [one.told(row) for one in kept] for row in rows]
    print_rows(console, heads, cells)
    count = "1 pass" if len(rows) == 1 else f"{len(rows)} passes"
    told = f"{count} above {mask:g} deg"
    seconds = sum(row["duration_s"] for row in rows)
    console.print(Text(f"\n{told}, {seconds / 60.0:.1f} min in all, {_where(rows, shown)}"))
    if any(row["begins_cut"] or row["ends_cut"] for row in rows):
        console.print(
            Text("> and <: the time searched begins or ends inside the pass", style="dim")
        )
    print_notes(console, document, out, blank=False)


def _where(rows: Sequence[Mapping[str, Any]], shown: Sequence[str]) -> str:
    """What all rows have in common and no column says."""
    said = {"satellite": "of", "station": "over"}
    common = [f"{said[k]} {rows[0][k]}" for k in said if k not in shown]
    return " ".join(common) or "geometric"


def _clock(utc: str, *, date: bool = False) -> str:
    """A time to the second, cut and not rounded: the documents have the milliseconds."""
    return f"{utc[:10]} {utc[11:19]}" if date else utc[11:19]


def _angles(row: Mapping[str, Any]) -> str:
    return f"{row['rise_azimuth_deg']:.0f}-{row['set_azimuth_deg']:.0f}"


def _shift(row: Mapping[str, Any]) -> str:
    both = [row[f"{name}_doppler_hz"] / 1e3 for name in ("rise", "set")]
    decimals = 1 if max(abs(one) for one in both) < 100.0 else 0
    return " ".join(f"{one:+.{decimals}f}" for one in both)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table; `spare` ones give way to names."""

    head: str
    told: Callable[[Mapping[str, Any]], str]
    spare: bool = False


COLUMNS = (
    Column("rise\nUTC", lambda r: ">" * r["begins_cut"] + _clock(r["rise_utc"], date=True)),
    Column("highest\nUTC", lambda r: _clock(r["culmination_utc"]), spare=True),
    Column("set\nUTC", lambda r: _clock(r["set_utc"]) + "<" * r["ends_cut"]),
    Column("\nmin", lambda r: f"{r['duration_s'] / 60.0:.1f}"),
    Column("elev.\ndeg", lambda r: f"{r['max_elevation_deg']:.1f}"),
    Column("azimuth\ndeg", _angles),
    Column("range\nkm", lambda r: f"{r['culmination_range_km']:.0f}", spare=True),
    Column("Sun", lambda r: "lit" if r["culmination_sunlit"] else "dark", spare=True),
)
DOPPLER = Column("Doppler\nkHz", _shift)


def _list_stations(*, as_json: bool) -> int:
    from cosmodrome.cli.console import out, write_json
    from cosmodrome.cli.listing import print_rows
    from cosmodrome.prompt.pass_list import known_stations

    rows = known_stations()
    if as_json:
        write_json({"stations": rows})
        return Exit.DONE
    heads = [("name", "left"), ("latitude\ndeg", "right"), ("longitude\ndeg", "right")]
    heads += [("altitude\nm", "right"), ("operator", "left")]
    cells = [
        [
            str(row["name"]),
            f"{row['latitude_deg']:.4f}",
            f"{row['longitude_deg']:.4f}",
            f"{row['altitude_m']:.0f}",
            str(row["operator"]),
        ]
        for row in rows
    ]
    print_rows(out(), heads, cells)
    return Exit.DONE
