"""Options that several commands share: one definition, one wording."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from cosmodrome.cli.numbers import Quantity
from cosmodrome.prompt.option_names import VEHICLE_OPTIONS

__all__ = [
    "JSON_HELP",
    "QUIET_HELP",
    "VEHICLE_OPTIONS",
    "answer_options",
    "hands_options",
    "vehicle_options",
]

Command = TypeVar("Command", bound=Callable[..., Any])

JSON_HELP = "Print one JSON document on standard output."
QUIET_HELP = "Say nothing on standard error but errors."


def answer_options(command: Command) -> Command:
    """Give a command the options of how its answer is shown: `as_json` and `quiet`."""
    as_json = click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
    return as_json(click.option("--quiet", is_flag=True, help=QUIET_HELP)(command))


def vehicle_options(command: Command) -> Command:
    """Give a command the options that choose what a vehicle carries and keeps back.

    Parameters
    ----------
    command : the function behind a click command
        It is called with `riders`, `recovery`, `reserve_m_s` and `disposal_m_s`,
        None where they are not said.

    Returns
    -------
    The same function
    """
    options = (
        click.option(
            "--riders",
            type=click.Choice(["all", "none", "default"]),
            help="Inert parts that ride along to orbit, where a vehicle has some.",
        ),
        click.option(
            "--recovery",
            metavar="MODE",
            help="Bring the first stage back, e.g. barge or return; `vehicles NAME` lists "
            "the modes.",
        ),
        click.option(
            "--reserve",
            "reserve_m_s",
            metavar="M/S",
            type=Quantity("metres per second", zero=True),
            help="Velocity the last stage keeps at insertion, instead of the sheet's.",
        ),
        click.option(
            "--disposal",
            "disposal_m_s",
            metavar="M/S",
            type=Quantity("metres per second", zero=True),
            help="Velocity it keeps to come down, on top of that.",
        ),
    )
    for option in reversed(options):  # the first one stands first in the help
        command = option(command)
    return command


def hands_options(command: Command) -> Command:
    """Give a command the options that say who does many jobs: `workers` and `cluster`."""
    cluster = click.option(
        "--cluster",
        metavar="ADDRESS",
        help="A Dask scheduler, tcp://HOST:PORT, whose workers do it instead.",
    )
    workers = click.option(
        "--workers",
        type=click.IntRange(1, 1024),
        metavar="N",
        help="Processes side by side.  [default: one per core]",
    )
    return workers(cluster(command))
