"""`cosmodrome lifetime`: years until an orbit decays, and what the rules ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from cosmodrome.cli.exits import Exit
from cosmodrome.cli.numbers import Quantity
from cosmodrome.cli.options import answer_options
from cosmodrome.cli.orbit_options import KEYS, asked_source, source_options
from cosmodrome.prompt.naming import keys_named

__all__ = ["lifetime"]


@click.command(short_help="Years until an orbit decays, and whether the rules are met.")
@source_options
@click.option(
    "--mass",
    "mass_kg",
    metavar="KG",
    type=Quantity("kilograms"),
    required=True,
    help="At the start of the decay.",
)
@click.option(
    "--area", "area_m2", metavar="M2", type=Quantity("square metres"), help="Mean over attitudes."
)
@click.option("--box", metavar="LxWxH", help="Or a box that tumbles, metres, as 1x0.7x0.7.")
@click.option(
    "--panels",
    "panels_m2",
    metavar="M2",
    type=Quantity("square metres", zero=True),
    help="Flat panels on that box, one side.",
)
@click.option(
    "--drag-coefficient",
    metavar="CD",
    type=Quantity("units"),
    default=2.2,
    help="2.0 to 2.4 covers most.  [default: 2.2]",
)
@click.option(
    "--isp",
    "isp_s",
    metavar="S",
    type=Quantity("seconds"),
    help="Of its propulsion: what propellant meets the rules.",
)
@click.option(
    "--probability",
    metavar="P",
    type=click.FloatRange(0.0, 1.0, min_open=True, max_open=True),
    default=0.9,
    help="How sure a rule is to be met.  [default: 0.9]",
)
@click.option(
    "--samples",
    type=click.IntRange(20, 100_000),
    metavar="N",
    default=200,
    help="Lives drawn.  [default: 200]",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    metavar="S",
    default=0,
    help="What they are drawn from.  [default: 0]",
)
@answer_options
def lifetime(*, as_json: bool, quiet: bool, **asked: Any) -> int:
    """Find how many years an orbit lasts: a distribution, for nobody knows the Sun to come.

    RUN is a run folder of `plan --out`: its insertion. --orbit takes the texts
    of `plan --to`; --file is an OEM, OPM, OMM, TLE, CSV or Parquet. Drawn are the
    Sun's years to come, the density model (NRLMSISE-00 or NRLMSIS 2.1) and its
    error, and the area that the air meets.

    \b
      cosmodrome lifetime --orbit "sso 500 km" --mass 120 --area 1.1
      cosmodrome lifetime run --mass 6 --box 0.3x0.2x0.1 --panels 0.12 --json
      cosmodrome lifetime --orbit "600 km 53 deg" --mass 120 --area 1.1 --isp 220
    """  # noqa: D301 - click reads the escape as "do not wrap"
    from cosmodrome.cli.console import out, progress, write_json
    from cosmodrome.prompt.decay import body_of, decay_document
    from cosmodrome.prompt.flying import mean_orbit

    source = asked_source(asked)
    satellite = source.only()
    with progress(quiet=quiet) as tell, keys_named(KEYS):
        orbit, body = mean_orbit(satellite), body_of(asked)
        document = decay_document(orbit, body, asked, tell)
    document |= {"orbit": source.told, "notes": list(source.notes)}
    if as_json:
        write_json(document)
    else:
        _print(out(), document)
    return Exit.DONE


def _print(console: Any, document: Mapping[str, Any]) -> None:
    from rich.text import Text

    from cosmodrome.cli.listing import print_notes, print_rows

    low, high = document["perigee_km"], document["apogee_km"]
    console.print(Text(str(document["orbit"]), style="dim"))
    told = f"mean {low:.0f} x {high:.0f} km from {document['from_utc']}, "
    told += f"CdA/m {document['cd_area_over_mass_m2_kg']:.4g} m2/kg"
    console.print(Text(told, style="dim"))
    years = {name: _years(value, document) for name, value in document["years"].items()}
    console.print(Text.assemble("\n", (years["p50"], "bold"), " until it decays"))
    console.print(Text(_nine_in_ten(years["p05"], years["p95"])))
    models = document["median_by_density_model"]
    by_model = ", ".join(f"{_years(v, document)} by MSIS {name}" for name, v in models.items())
    console.print(Text(f"median {by_model}; {document['samples']} lives drawn", style="dim"))
    console.print()
    heads = [("rule", "left"), ("years", "right"), ("probability\nto meet it", "right")]
    heads += [("paragraph", "left")]
    print_rows(console, heads, [_rule(row) for row in document["rules"]])
    for row in document["rules"]:
        if "disposal" in row:
            console.print(Text(_disposal(row)))
    print_notes(console, document)


def _years(value: float | None, document: Mapping[str, Any]) -> str:
    if value is None:
        return f"over {document['horizon_years']:g} years"
    if value >= 1.0:
        return f"{value:.1f} years"
    days = 365.25 * value
    if days >= 1.0:
        return f"{days:.1f} days"
    return f"{24.0 * days:.1f} hours" if days >= 0.05 else "under an hour"


def _nine_in_ten(low: str, high: str) -> str:
    if low == high:
        return f"nine in ten {low}"
    if high.startswith("over "):
        return f"nineteen in twenty over {low}"
    return f"nine in ten between {low} and {high}"


def _rule(row: Mapping[str, Any]) -> list[str]:
    chance = f"{100.0 * row['probability']:.1f} +- {100.0 * row['standard_error']:.1f} %"
    return [row["name"], f"{row['years']:g}", chance, row["paragraph"]]


def _disposal(row: Mapping[str, Any]) -> str:
    price = row["disposal"]
    wanted = f"{100.0 * price['wanted_probability']:.0f} %"
    if not price["delta_v_m_s"]:
        return f"\nThe {row['name']} is met with {wanted} as it is."
    return (
        f"\nThe {row['name']} with {wanted}: perigee down to {price['perigee_km']:.0f} km, "
        f"{price['delta_v_m_s']:.1f} m/s, {price['propellant_kg']:.2f} kg of propellant."
    )
