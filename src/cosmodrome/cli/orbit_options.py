"""Options of every command that follows an orbit: where it comes from, when, by what method."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cosmodrome.cli.numbers import Quantity
from cosmodrome.cli.options import answer_options
from cosmodrome.prompt.naming import keys_named

if TYPE_CHECKING:
    from cosmodrome.campaign.progress import Tell
    from cosmodrome.prompt.flying import Flown, Span
    from cosmodrome.prompt.orbit_source import OrbitSource

__all__ = [
    "KEYS",
    "METHODS",
    "asked_source",
    "asked_span",
    "listing_options",
    "mask_option",
    "moving",
    "orbit_options",
    "source_options",
]

Command = TypeVar("Command", bound=Callable[..., Any])

METHODS = ("numerical", "secular", "two-body", "sgp4", "table")
"""As `prompt.flying.METHODS`, which is not loaded for a help page."""


KEYS = {
    "orbit": "--orbit",
    "epoch": "--epoch",
    "station": "--station",
    "min_elevation": "--min-elevation",
    "swath": "--swath",
    "walker": "--walker",
    "spacing": "--spacing",
    "band": "--band",
    "half_angle": "--half-angle",
    "altitude": "--altitude",
    "inclination": "--inclination",
    "cd_area_over_mass_m2_kg": "--drag",
    "mass_kg": "--mass",
    "area_m2": "--area",
    "drag_coefficient": "--drag-coefficient",
    "isp_s": "--isp",
    "probability": "--probability",
    "samples": "--samples",
}
"""What the rooms that follow an orbit call a thing, and the option that says it."""


def source_options(command: Command) -> Command:
    """Give a command the argument and the options that say which orbit.

    It is called with `place`, `orbit`, `file`, `epoch_utc` and `satellites`,
    None where they are not said.
    """
    options = (
        click.argument("place", metavar="[RUN]", required=False),
        click.option("--orbit", metavar="TEXT", help='Orbit, e.g. "sso 500 km ltan 10:30".'),
        click.option("--file", metavar="FILE", help="OEM, OPM, OMM, TLE, CSV or Parquet."),
        click.option(
            "--epoch",
            "epoch_utc",
            metavar="UTC",
            help="Epoch of --orbit.  [default: 2027-03-20T12:00:00Z]",
        ),
        click.option(
            "--satellite",
            "satellites",
            metavar="NAME",
            multiple=True,
            help="Only this one of the file, by name or number; may be given several times.",
        ),
    )
    return _given(command, options)


def orbit_options(command: Command) -> Command:
    """Give a command the options that say which orbit, when, and by what method.

    Beside those of `source_options` it is called with `start_utc`, `days`,
    `method` and `drag_m2_kg`, None where they are not said.
    """
    options = (
        click.option(
            "--start",
            "start_utc",
            metavar="UTC",
            help="First instant looked at.  [default: where the orbit is known]",
        ),
        click.option(
            "--days",
            metavar="N",
            type=Quantity("days"),
            help="How long.  [default: 1, or what a table holds of it]",
        ),
        click.option(
            "--method",
            type=click.Choice(METHODS),
            help="How it moves.  [default: sgp4 for TLE and OMM, table for states, secular "
            "for --orbit, numerical for RUN and OPM]",
        ),
        click.option(
            "--drag",
            "drag_m2_kg",
            metavar="M2/KG",
            type=Quantity("square metres per kilogram"),
            help="Drag coefficient times area over mass, for the numerical method.",
        ),
    )
    return source_options(_given(command, options))


def listing_options(command: Command) -> Command:
    """Give a command whose answer is a list `out`, `as_json` and `quiet`."""
    out = click.option("--out", metavar="FILE", help="Write .csv or .json.")
    return out(answer_options(command))


def mask_option(help_text: str, default: float | None = None) -> Callable[[Command], Command]:
    """The least elevation at which a place and a satellite see each other."""
    return click.option(
        "--min-elevation",
        "min_elevation_deg",
        metavar="DEG",
        type=Quantity("degrees", zero=True),
        default=default,
        help=help_text,
    )


def _given(command: Command, options: Sequence[Callable[[Command], Command]]) -> Command:
    for option in reversed(options):  # the first one stands first in the help
        command = option(command)
    return command


def asked_source(asked: Mapping[str, Any]) -> OrbitSource:
    """Where the orbit comes from, and which of its satellites.

    Raises
    ------
    InputError
        Names the option and what may stand there.
    """
    from cosmodrome.prompt.orbit_source import chosen, orbit_source

    with keys_named(KEYS):
        found = orbit_source(
            asked["place"],
            orbit=asked["orbit"],
            epoch_utc=asked["epoch_utc"],
            file=asked["file"],
        )
        return chosen(found, asked["satellites"])


def asked_span(source: OrbitSource, asked: Mapping[str, Any], usual: float | None = None) -> Span:
    """The stretch of time; `usual` is the command's own number of days."""
    from cosmodrome.prompt.flying import span_of

    with keys_named({"epoch": "--start"}):
        return span_of(
            source, asked["start_utc"], usual if asked["days"] is None else asked["days"]
        )


def moving(source: OrbitSource, span: Span, asked: Mapping[str, Any], tell: Tell) -> Flown:
    """The satellites as they move over that time."""
    from cosmodrome.prompt.flying import flown

    with keys_named(KEYS):
        return flown(source, span, asked["method"], drag_m2_kg=asked["drag_m2_kg"], tell=tell)
