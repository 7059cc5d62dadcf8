"""`cosmodrome check`: is this claim supported?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from cosmodrome.cli.exits import Exit, of_status
from cosmodrome.cli.numbers import Quantity
from cosmodrome.cli.options import VEHICLE_OPTIONS, answer_options, vehicle_options

if TYPE_CHECKING:
    from rich.console import Console

    from cosmodrome.campaign.checking import Checked
    from cosmodrome.cli.console import Tell

__all__ = ["check"]

PUBLISHED_SHOWN = 3


@click.command(short_help="Is a claimed payload supported?")
@click.argument("vehicle", metavar="VEHICLE")
@click.option("--from", "site", metavar="SITE", required=True, help="Launch site, or site/pad.")
@click.option(
    "--to", "orbit", metavar="ORBIT", required=True, help='Orbit, e.g. "200 km 51.7 deg" or gto.'
)
@click.option(
    "--payload",
    "payload_kg",
    metavar="KG",
    required=True,
    type=Quantity("kilograms"),
    help="The claimed payload.",
)
@click.option(
    "--includes-adapter",
    type=click.Choice(["yes", "no", "unknown"]),
    default="unknown",
    show_default=True,
    help="Whether the claim counts the adapter; unknown takes the provider's habit.",
)
@vehicle_options
@answer_options
def check(*, vehicle: str, as_json: bool, quiet: bool, **asked: Any) -> int:
    """Judge a claimed payload: supported, marginal or not supported.

    The largest payload is planned, corrected by what other families have shown,
    and given with its 90 % interval. A claim is marginal where the probability
    that it is true is below 25 %, and not supported where it is below 5 %.

    \b
      cosmodrome check angara-1.2 --from plesetsk --to "200 km 63 deg" --payload 3800
      cosmodrome check electron --from mahia --to "sso 500 km" --payload 200 --json

    Exit codes: 0 supported or marginal, 2 bad input, 4 not converged, 5 the
    re-flight disagrees, 6 not supported.
    """  # noqa: D301 - click reads the escape as "do not wrap"
    from cosmodrome.cli.console import heeding_interrupts, out, progress, write_json

    with progress(quiet=quiet) as shown, heeding_interrupts(shown) as tell:
        found = checked(vehicle, asked, tell)
    if as_json:
        write_json(found.document)
    else:
        print_check(out(), found.document)
    if found.verdict is None:
        return of_status(found.answer.status)
    return Exit.NOT_SUPPORTED if found.verdict == "not supported" else Exit.DONE


def checked(vehicle: str, asked: Mapping[str, Any], tell: Tell) -> Checked:
    """The claim judged; the only place of this door that plans."""
    from cosmodrome.prompt.claims import judged_claim
    from cosmodrome.prompt.question import Question, mission_and_sheet

    chosen = {name: asked[name] for name in VEHICLE_OPTIONS}
    question = Question(vehicle, asked["site"], asked["orbit"], None, None, **chosen)
    mission, sheet = mission_and_sheet(question)
    assert sheet is not None  # only a mission file has none, and a claim names a vehicle
    return judged_claim(mission, sheet, {**asked, "command": _command(vehicle, asked)}, tell)


def _command(vehicle: str, asked: Mapping[str, Any]) -> str:
    """The command that checks again, as one would type it."""
    from cosmodrome.prompt import command_line

    words = command_line(("check", vehicle), asked)
    counted = asked["includes_adapter"]
    return words if counted == "unknown" else f"{words} --includes-adapter {counted}"


def print_check(console: Console, document: Mapping[str, Any]) -> None:
    """The verdict first, then what it rests on."""
    from rich.text import Text

    from cosmodrome.cli.sheets import print_hung
    from cosmodrome.report import interval_rows, rows, words

    claim = words.mass(document["claimed_kg"])
    adapter = "with" if document["includes_adapter"] else "without"
    asked = f"{words.question(document)}: {claim} kg {adapter} adapter?"
    console.print(Text(asked, style="dim"))
    verdict = document["verdict"]
    if verdict is None:
        console.print(Text(f"\n{words.NOT_GIVEN[document['status']]}, so no verdict", style="bold"))
        return
    chance = f"probability {100.0 * document['probability']:.0f} %"
    console.print(Text.assemble("\n", (verdict, "bold"), f"  {chance}"))
    if document["payload_kg"] is not None:
        low, high = document["interval_kg"]
        told = f"believed: {words.mass(document['payload_kg'])} kg, nine in ten between "
        console.print(Text(f"{told}{words.mass(low)} and {words.mass(high)} kg"))
        console.print(Text(_correction(document), style="dim"))
    for k, one in enumerate(interval_rows.kept_back(document)):
        print_hung(console, "" if k else "kept back:", one)
    console.print(Text(f"\n{document['would_be_true_if']}"))
    published = rows.published_rows({"published": document["published"]})
    for _, payload, orbit, source in published[:PUBLISHED_SHOWN]:
        figure = Text.assemble(f"{payload} to {orbit}", (f", {source}", "dim"))
        print_hung(console, "published:", figure)
    if document["validation_page"]:
        told = f"{document['validation_page']}, every figure beside its prediction"
        print_hung(console, "its page:", told)


def _correction(document: Mapping[str, Any]) -> str:
    """How the optimum became what is believed."""
    from cosmodrome.report import words

    raw = words.mass(document["raw_kg"])
    learnt = document["calibration"]
    if not learnt["measured"]:
        return f"the optimum itself, {raw} kg; its interval rests on an assumed model term"
    return (
        f"the optimum is {raw} kg; corrected by {learnt['points']} published ratings of "
        f"{learnt['vehicles']} vehicles of other families"
    )
