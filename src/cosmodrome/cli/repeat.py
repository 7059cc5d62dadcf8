"""`cosmodrome repeat`: orbits whose ground track repeats."""

from __future__ import annotations

from typing import Any

import click

from cosmodrome.cli.exits import Exit
from cosmodrome.cli.numbers import Quantity
from cosmodrome.cli.options import JSON_HELP, QUIET_HELP
from cosmodrome.cli.orbit_options import KEYS
from cosmodrome.prompt.naming import keys_named

__all__ = ["repeat"]


@click.command(short_help="Orbits that come back over the same ground every N days.")
@click.option(
    "--days",
    metavar="N",
    type=click.IntRange(1, 400),
    required=True,
    help="Days of the cycle.",
)
@click.option(
    "--altitude",
    "altitude_km",
    metavar="KM",
    type=Quantity("kilometres"),
    required=True,
    help="Wished-for altitude of the semi-major axis above 6378.137 km.",
)
@click.option(
    "--within",
    "within_km",
    metavar="KM",
    type=Quantity("kilometres"),
    default=100.0,
    help="How far from it.  [default: 100]",
)
@click.option(
    "--inclination",
    "inclination_deg",
    metavar="DEG",
    type=Quantity("degrees", zero=True),
    help="Without it, sun-synchronous.",
)
@click.option("--circular", is_flag=True, help="Circular instead of frozen.")
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
@click.option("--quiet", is_flag=True, expose_value=False, help=QUIET_HELP)
def repeat(*, as_json: bool, **asked: Any) -> int:
    """Find orbits whose ground track repeats every N days at about a wished-for height.

    Sun-synchronous and frozen unless said otherwise: the perigee stands still
    over the northernmost point. Mean elements, by the secular rates of J2 to J4;
    the nearest in height comes first. Days are counted by the node: calendar
    days where it is sun-synchronous.

    \b
      cosmodrome repeat --days 16 --altitude 700 --within 30
      cosmodrome repeat --days 3 --altitude 550 --inclination 53 --circular
    """  # noqa: D301 - click reads the escape as "do not wrap"
    from cosmodrome.cli.console import write_json
    from cosmodrome.prompt.repeat import repeat_document

    with keys_named(KEYS):
        document = repeat_document(asked)
    if as_json:
        write_json(document)
    else:
        _print(document["orbits"])
    return Exit.DONE


def _print(rows: list[dict[str, Any]]) -> None:
    from rich.text import Text

    from cosmodrome.cli.console import out
    from cosmodrome.cli.listing import print_rows

    console = out()
    heads = [("revolutions\nin days", "right"), ("mean alt.\nkm", "right")]
    heads += [("perigee x apogee\nkm", "right"), ("inclination\ndeg", "right")]
    heads += [("period\nmin", "right"), ("tracks apart\nkm", "right")]
    cells = [
        [
            f"{row['revolutions']} in {row['days']}",
            f"{row['altitude_km']:.3f}",
            f"{row['perigee_km']:.2f} x {row['apogee_km']:.2f}",
            f"{row['inclination_deg']:.4f}",
            f"{row['nodal_period_s'] / 60.0:.3f}",
            f"{row['track_spacing_km']:.1f}",
        ]
        for row in rows
    ]
    print_rows(console, heads, cells)
    kind = "sun-synchronous" if rows[0]["sun_synchronous"] else "not sun-synchronous"
    shape = "frozen, argument of perigee 90 deg" if rows[0]["eccentricity"] else "circular"
    console.print(Text(f"\nMean elements, {kind}, {shape}; tracks apart on the equator."))
