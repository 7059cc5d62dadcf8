"""`cosmodrome windows`: when to launch into a plane, and under what conditions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from cosmodrome.cli.exits import Exit
from cosmodrome.cli.numbers import Quantity
from cosmodrome.cli.options import answer_options
from cosmodrome.prompt.naming import keys_named

if TYPE_CHECKING:
    Numeric = click.ParamType[float]
else:
    # Older versions of click do not know the bracket.
    Numeric = click.ParamType

__all__ = ["print_windows", "windows"]

LIGHTS = ("day", "civil", "nautical", "astronomical", "night")
"""As `windows.conditions.DAYLIGHTS`, which is not loaded for a help page."""

ENDINGS = (".csv", ".json", ".html")
_KEYS = {
    "orbit": "--to",
    "site": "--from",
    "payload_kg": "--width-payload",
    "days": "--days",
    "epoch": "--start",
}


class Angle(Numeric):
    """An angle in degrees, of either sign."""

    name = "degrees"

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,
        ctx: click.Context | None,  # noqa: ARG002 - click's signature
    ) -> float:
        """The number, or a refusal that names the option."""
        from cosmodrome.prompt.window_words import angle_of

        return angle_of(str(value), param.opts[0] if param is not None else "")


@click.command(short_help="When to launch into a plane, and in what light.")
@click.argument("place", metavar="[RUN]", required=False)
@click.option("--from", "site", metavar="SITE", help="Launch site, where there is no RUN.")
@click.option("--to", "orbit", metavar="ORBIT", help='Orbit, e.g. "sso 500 km ltan 10:30".')
@click.option("--plane-of", "file", metavar="FILE", help="TLE, OMM, OEM or run: its plane.")
@click.option("--satellite", metavar="NAME", help="Which satellite of that file.")
@click.option("--raan", "raan_deg", metavar="DEG", type=Angle(), help="Node, true equinox of date.")
@click.option("--ltan", metavar="HH:MM", help='Mean local time, ascending; or "10:30 apparent".')
@click.option("--ltdn", metavar="HH:MM", help="Mean local time at the descending node.")
@click.option(
    "--meet-days",
    metavar="N",
    type=Quantity("days", zero=True),
    default=0.0,
    help="Days after insertion at which the planes are to be one.  [default: 0]",
)
@click.option("--start", "start_utc", metavar="UTC", help="First instant looked at.")
@click.option("--days", metavar="N", type=Quantity("days"), help="How long.  [default: 7]")
@click.option("--leg", type=click.Choice(["ascending", "descending"]), help="Only this way up.")
@click.option("--any-azimuth", is_flag=True, help="Ways outside the site's corridors too.")
@click.option(
    "--daylight",
    type=click.Choice(LIGHTS),
    multiple=True,
    help="Only in this light at the pad; may be given several times.",
)
@click.option(
    "--beta-min",
    "beta_min_deg",
    metavar="DEG",
    type=Quantity("degrees", zero=True),
    help="Least size of beta in the first days.",
)
@click.option(
    "--beta-max",
    "beta_max_deg",
    metavar="DEG",
    type=Quantity("degrees", zero=True),
    help="Greatest size of beta in the first days.",
)
@click.option(
    "--eclipse-max",
    "eclipse_max_percent",
    metavar="PERCENT",
    type=Quantity("per cent", zero=True),
    help="Most of a revolution in shadow in the first days.",
)
@click.option(
    "--first-days",
    metavar="N",
    type=click.IntRange(0, 60),
    default=3,
    help="Days of Sun and shadow looked at.  [default: 3]",
)
@click.option("--phase", metavar="A:B", help="How far the satellite is ahead at insertion, deg.")
@click.option(
    "--width-payload",
    "payload_kg",
    metavar="KG",
    type=Quantity("kilograms", zero=True),
    help="Open and close of each window for this payload.",
)
@click.option(
    "--node-curve", metavar="FILE", help="CSV: offset_deg, payload_kg.  [default: planned for RUN]"
)
@click.option("--out", metavar="FILE", help="Write .csv, .json or .html.")
@answer_options
def windows(*, as_json: bool, quiet: bool, out: str | None, **asked: Any) -> int:
    """Find the launch instants for a plane, with azimuth, light, Sun angle and shadow.

    RUN is a run folder of `plan --out`: its flight says how long the way up takes
    and how far it turns. Without it --from and --to estimate a direct ascent. The
    plane is the node or local time of the orbit, --raan, --ltan, --ltdn, or that
    of another satellite, whose turning is counted. A planning aid.

    \b
      cosmodrome windows --from vostochny --to "sso 500 km ltan 10:30" --days 365
      cosmodrome windows --from baikonur --plane-of iss.tle --phase 0:60
      cosmodrome windows run --daylight day --width-payload 1500
      cosmodrome windows run --ltdn 22:30 --days 365 --out calendar.html
    """  # noqa: D301 - click reads the escape as "do not wrap"
    from cosmodrome.cli.console import out as standard_output
    from cosmodrome.cli.console import progress, write_json
    from cosmodrome.cli.listing import ready
    from cosmodrome.prompt.window_words import plane_asked, wishes_asked
    from cosmodrome.prompt.windows import windows as find

    path = ready(out, ENDINGS)
    plane, wishes = plane_asked(asked), wishes_asked(asked)
    with progress(quiet=quiet) as tell, keys_named(_KEYS):
        document = find(
            asked["place"],
            site=asked["site"],
            orbit=asked["orbit"],
            plane=plane,
            start_utc=asked["start_utc"],
            days=asked["days"],
            wishes=wishes,
            progress=tell,
        )
    if path is not None:
        _write(path, document)
    if as_json:
        write_json(document)
    else:
        print_windows(standard_output(), document, out)
    return Exit.DONE


# ---------------------------------------------------------------- what is shown


def _write(path: Any, document: Mapping[str, Any]) -> None:
    from cosmodrome.cli.listing import write_listing

    if path.suffix.lower() == ".html":
        from cosmodrome.io.writing import write_whole
        from cosmodrome.report.window_page import window_page

        write_whole(path, window_page(document).encode(), key="--out")
        return
    rows = [
        {key: value for key, value in one.items() if key != "conditions"} | one["conditions"]
        for one in document["windows"]
    ]
    write_listing(path, document, rows)


def print_windows(console: Any, document: Mapping[str, Any], out: str | None) -> None:
    """Print the document of launch windows; `out` is the file it was written to, if any."""
    from rich.text import Text

    from cosmodrome.cli.listing import print_notes, print_rows

    told = f"{document['from']} to {document['orbit']}, {document['plane']}"
    console.print(Text(told, style="dim"))
    span = f"{document['method']}; {document['start_utc']} to {document['end_utc']}"
    console.print(Text(span, style="dim"))
    for way in document["ways"]:
        console.print(Text(_way(way), style="dim"))
    console.print()
    rows = document["windows"]
    if rows:
        heads, cells = _columns(rows)
        print_rows(console, heads, cells)
        console.print()
    console.print(Text(_summary(document)))
    print_notes(console, document, out, blank=False)


def _way(way: Mapping[str, Any]) -> str:
    there = "" if way["in_corridor"] else ", outside the corridor"
    return (
        f"{way['node']}: azimuth {way['azimuth_deg']:.2f} deg over the turning Earth, "
        f"{way['inertial_azimuth_deg']:.2f} deg inertial{there}"
    )


def _columns(rows: list[dict[str, Any]]) -> tuple[list[tuple[str, str]], list[list[str]]]:
    """Heads and cells; phase and width where there are any, and then less of the rest."""
    met = rows[0]["conditions"]["phase_deg"] is not None
    wide = "opens_utc" in rows[0]
    heads = [("lift-off\nUTC", "right")]
    heads += [("opens", "right"), ("closes", "right")] if wide else [("RAAN\ndeg", "right")]
    heads += [("node", "right"), ("LTAN", "right"), ("Sun\ndeg", "right")]
    heads += [] if wide else [("light", "right")]
    heads += [("beta\ndeg", "right")] + ([] if wide else [("shadow\n%", "right")])
    heads += [("ahead\ndeg", "right")] if met else []
    return heads, [_cells(row, wide=wide, met=met) for row in rows]


def _cells(row: Mapping[str, Any], *, wide: bool, met: bool) -> list[str]:
    here = row["conditions"]
    line = [row["utc"][:19].replace("T", " ")]
    if wide:
        line += [row["opens_utc"][11:19], row["closes_utc"][11:19]]
    else:
        line.append(f"{row['raan_deg']:.2f}")
    line += [row["node"][:4].rstrip("e"), here["ltan"], f"{here['sun_elevation_deg']:.1f}"]
    line += [] if wide else [_LIGHT[here["daylight"]]]
    line.append(f"{here['beta_deg']:.1f}")
    line += [] if wide else [f"{here['eclipse_max_percent']:.1f}"]
    return line + ([f"{here['phase_deg']:.1f}"] if met else [])


_LIGHT = {
    "day": "day",
    "civil": "civil",
    "nautical": "naut.",
    "astronomical": "astr.",
    "night": "night",
}


def _summary(document: Mapping[str, Any]) -> str:
    kept, found = len(document["windows"]), document["found"]
    told = "1 launch instant" if kept == 1 else f"{kept} launch instants"
    if kept == found:
        return told
    why = ", ".join(f"{name} {count}" for name, count in document["turned_away"].items())
    return f"{told} of {found}; turned away by {why.replace('_', '-')}"
