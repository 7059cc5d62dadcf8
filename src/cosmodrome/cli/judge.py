"""`cosmodrome judge`: somebody else's trajectory before our judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from cosmodrome.cli.exits import Exit
from cosmodrome.cli.numbers import Quantity
from cosmodrome.cli.options import answer_options
from cosmodrome.cli.propagate import FRAMES

__all__ = ["judge"]


@click.command(short_help="Is somebody else's trajectory sound, on its orbit, within limits?")
@click.argument("file", metavar="FILE")
@click.option("--to", "orbit", metavar="ORBIT", help='Orbit it is to reach, as of "plan --to".')
@click.option("--vehicle", metavar="NAME", help="Whose limits, drag and engines it is held to.")
@click.option("--from", "site", metavar="SITE", help="Where it lifts off: pad and corridor.")
@click.option(
    "--mission",
    metavar="MISSION.toml",
    help="Orbit, vehicle, site and limits from a mission file instead.",
)
@click.option(
    "--at",
    "at_s",
    metavar="S",
    type=float,
    help="When the orbit is reached, seconds of the file.  [default: where the last push ends]",
)
@click.option(
    "--fairing",
    "fairing_s",
    metavar="S",
    type=float,
    help="When the fairing goes.  [default: as the file says]",
)
@click.option(
    "--position-tolerance-m",
    metavar="M",
    type=Quantity("metres"),
    help="How far from the orbit it may end.  [default: 100]",
)
@click.option(
    "--velocity-tolerance-m-s",
    metavar="M/S",
    type=Quantity("metres per second"),
    help="How much its velocity may differ there.  [default: 0.1]",
)
@click.option("--epoch", "epoch_utc", metavar="UTC", help="Of t = 0, for a CSV that has no times.")
@click.option(
    "--frame",
    type=click.Choice(FRAMES, case_sensitive=False),
    help="For a CSV that does not say it.",
)
@click.option("--out", metavar="DIR", help="Write result, trajectory and report here.")
@answer_options
def judge(*, file: str, as_json: bool, quiet: bool, out: str | None, **asked: Any) -> int:
    """Judge a trajectory that somebody else has made: an OEM, a CSV or a Parquet.

    Do its states belong together, step by step, held against gravity? Is the
    orbit it reaches the one asked for? Does it keep those limits that states
    alone can show? What they cannot show, such as attitude, is named.

    \b
      cosmodrome judge theirs.oem --to "200 km 51.7 deg"
      cosmodrome judge theirs.oem --to "sso 500 km ltan 10:30" --at 1820
      cosmodrome judge theirs.csv --to gto --vehicle ariane-5-eca --from kourou
      cosmodrome judge theirs.oem --mission mission.toml --out judged --json

    Exit codes: 0 it passes, 2 bad input, 5 it does not: states that do not
    belong together, another orbit, or a limit that is broken.
    """  # noqa: D301 - click reads the escape as "do not wrap"
    from cosmodrome.cli.console import out as standard_output
    from cosmodrome.cli.console import progress, write_json
    from cosmodrome.prompt.judging import Asked
    from cosmodrome.prompt.judging import judge as judged
    from cosmodrome.verify.verdict import Tolerances

    folder = None if out is None else Path(out)
    if folder is not None:
        from cosmodrome.report.writing import prepare_folder

        prepare_folder(folder)
    tolerances = _given(asked, "position_tolerance_m", "velocity_tolerance_m_s")
    question = Asked(**asked, tolerances=Tolerances(**tolerances))
    with progress(quiet=quiet) as tell:
        found = judged(file, question, tell)
        if folder is not None:
            from cosmodrome.report.judged_page import write_judged_folder

            tell("writing the report", 0.7)
            write_judged_folder(found.document, found.table, folder)
    if as_json:
        write_json(found.document)
    else:
        print_judged(standard_output(), found.document, out)
    return Exit.DONE if found.passed else Exit.REFLIGHT_DISAGREES


def _given(asked: dict[str, Any], *names: str) -> dict[str, Any]:
    """The tolerances that were said, taken out, by the names of `Tolerances`."""
    taken = {name.replace("_tolerance", ""): asked.pop(name) for name in names}
    return {name: value for name, value in taken.items() if value is not None}


_LIMIT_HEADS = [("limit", "left"), ("allowed", "right"), ("reached", "right")]
_LIMIT_HEADS += [("margin", "right"), ("", "left")]
_EVENT_HEADS = [("event", "left"), ("time\ns", "right"), ("alt.\nkm", "right")]
_EVENT_HEADS += [("speed\nm/s", "right"), ("inert.\nm/s", "right"), ("range\nkm", "right")]
_EVENT_HEADS += [("mass\nkg", "right"), ("q\nkPa", "right"), ("acc.\nm/s2", "right")]


def print_judged(console: Any, document: Mapping[str, Any], out: str | None) -> None:
    """Print a judgement: the verdict first, then orbit, states, limits, and what is left open."""
    from rich.text import Text

    from cosmodrome.cli.listing import print_notes
    from cosmodrome.report import rows
    from cosmodrome.report.judged_words import about, error_rows, headline, verdict_sentence

    console.print(Text(about(document), style="dim"))
    console.print(Text(f"\n{headline(document)}", style="bold"))
    console.print(Text(verdict_sentence(document)))
    errors = [("against the target", "left"), ("off by", "right"), ("allowed", "right")]
    _headed(console, "The orbit", errors, error_rows(document))
    proof = document["verification"]
    together = rows.limit_rows({"limits": proof["consistency"]})
    _headed(console, "Do the states belong together?", _LIMIT_HEADS, together)
    _headed(console, "Limits", _LIMIT_HEADS, rows.limit_rows(document))
    _headed(console, "Events", _EVENT_HEADS, rows.event_rows(document))
    open_ = [(one["name"], one["why"]) for one in document["not_judged"]]
    _headed(console, "Not judged", [("what", "left"), ("why", "left")], open_)
    print_notes(console, document, out)


def _headed(
    console: Any,
    title: str,
    heads: Sequence[tuple[str, str]],
    cells: Sequence[Sequence[str]],
) -> None:
    from rich.text import Text

    from cosmodrome.cli.listing import print_rows

    if cells:
        console.print(Text(f"\n{title}", style="bold"))
        print_rows(console, heads, cells)
