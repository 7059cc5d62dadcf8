"""`cosmodrome disperse`: Monte Carlo of a planned flight."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from cosmodrome.cli.exits import Exit
from cosmodrome.cli.numbers import Quantity
from cosmodrome.cli.options import answer_options, hands_options

__all__ = ["disperse"]


@click.command(short_help="Monte Carlo: drop ellipses, payload margin, insertion accuracy.")
@click.argument("run_folder", metavar="RUN")
@click.option(
    "--samples",
    type=int,
    default=2000,
    metavar="N",
    help="Unguided flights of the first stage.  [default: 2000]",
)
@click.option(
    "--payload-samples",
    type=int,
    metavar="N",
    help="How many are optimised again for their payload; 0 for none.  [default: 500 or all]",
)
@click.option(
    "--seed", type=int, default=0, metavar="S", help="What they are drawn from.  [default: 0]"
)
@click.option(
    "--method",
    type=click.Choice(("random", "lhs", "sobol")),
    default="random",
    metavar="METHOD",
    help="How: random, lhs (Latin hypercube) or sobol.  [default: random]",
)
@click.option("--sigmas", metavar="FILE", help="Standard deviations: .toml with any of them.")
@click.option(
    "--perigee-sigma-km", type=Quantity("kilometres", zero=True), metavar="KM",
    help="The launcher's accuracy of perigee, one standard deviation.",
)  # fmt: skip
@click.option(
    "--apogee-sigma-km", type=Quantity("kilometres", zero=True), metavar="KM",
    help="Of apogee.",
)  # fmt: skip
@click.option(
    "--inclination-sigma-deg", type=Quantity("degrees", zero=True), metavar="DEG",
    help="Of the inclination.  [default for all three: as published, else none]",
)  # fmt: skip
@hands_options
@click.option("--out", metavar="DIR", help="Write samples.parquet and disperse.json here.")
@click.option(
    "--journal",
    metavar="FILE",
    help="Keep what is finished here and go on from it.  [default: in --out, until done]",
)
@click.option(
    "--hours",
    "most_hours",
    type=Quantity("hours"),
    metavar="H",
    help="Refuse what would take longer than this.  [default: 24]",
)
@answer_options
def disperse(*, run_folder: str, as_json: bool, quiet: bool, out: str | None, **asked: Any) -> int:
    """Fly a planned flight many times, each time a little off.

    RUN is a run folder of `plan --out`. Masses, thrust, specific impulse, drag,
    air, wind and steering are drawn. The first stage flies the plan's programme
    unguided and what is dropped is followed to the ground: ellipses that hold
    50, 90 and 99 %. The ascent is optimised again for each sample: the payload
    to spare, an upper bound. Insertion accuracy is what the launcher publishes
    or what you state. A planning aid, not a licence analysis.

    The same seed gives the same samples to the byte: with any number of workers,
    after an interruption, and on a cluster of the same installation.

    \b
      cosmodrome disperse run --samples 2000 --seed 7 --out run
      cosmodrome disperse run --samples 5000 --payload-samples 0 --json
      cosmodrome disperse run --method sobol --workers 8
      cosmodrome disperse run --samples 20000 --cluster tcp://10.0.0.1:8786 --out run

    Exit codes: 0 done, 2 bad input, 130 interrupted; what was finished is kept.
    """  # noqa: D301 - click reads the escape as "do not wrap"
    from cosmodrome.campaign.disperse import Hands
    from cosmodrome.cli.console import heeding_interrupts, how_to_go_on, progress, write_json
    from cosmodrome.io.writing import write_whole
    from cosmodrome.prompt.disperse import (
        accuracy_of,
        dispersions,
        journal_of,
        question_of,
        samples_file,
    )
    from cosmodrome.report.as_json import json_text

    folder = _folder(out)
    names = ("samples", "payload_samples", "seed", "method", "sigmas")
    question = question_of(
        run_folder, **{name: asked[name] for name in names}, accuracy=accuracy_of(asked)
    )
    journal, passing = _journal(asked["journal"]), False
    if journal is None and folder is not None:
        journal, passing = journal_of(question, folder), True
    limit = {} if asked["most_hours"] is None else {"most_hours": asked["most_hours"]}
    hands = Hands(asked["workers"], asked["cluster"], journal, folder, **limit)
    try:
        with progress(quiet=quiet) as shown, heeding_interrupts(shown) as tell:
            found = dispersions(
                question, hands, command=_command(run_folder, asked, out), progress=tell
            )
    except KeyboardInterrupt as stopped:
        raise KeyboardInterrupt(how_to_go_on(journal, "--out or --journal")) from stopped
    if folder is not None:
        write_whole(folder / "samples.parquet", samples_file(found), key="--out")
        write_whole(folder / "disperse.json", json_text(found.document).encode(), key="--out")
    if passing and journal is not None:
        journal.unlink(missing_ok=True)
    if as_json:
        write_json(found.document)
    else:
        _print(found.document, out)
    return Exit.DONE


def _folder(out: str | None) -> Path | None:
    if out is None:
        return None
    from cosmodrome.report.writing import prepare_folder

    prepare_folder(Path(out))
    return Path(out)


def _journal(named: str | None) -> Path | None:
    return None if named is None else Path(named)


def _command(run_folder: str, asked: Mapping[str, Any], out: str | None) -> str:
    """The command that makes the same samples again, whoever does them."""
    from cosmodrome.prompt.disperse import ACCURACY
    from cosmodrome.report.words import quoted

    names = ("samples", "payload_samples", "seed", "method", "sigmas", *ACCURACY)
    words = ["cosmodrome disperse", quoted(run_folder)]
    words += [
        f"--{name.replace('_', '-')} {quoted(str(asked[name]))}"
        for name in names
        if asked[name] is not None
    ]
    return " ".join(words if out is None else [*words, f"--out {quoted(out)}"])


_HEADS = [("part", "left"), ("s", "right"), ("place", "right")]
_HEADS += [("50 %\nkm x km", "right"), ("90 %\nkm x km", "right"), ("99 %\nkm x km", "right")]
_HEADS += [("deg", "right"), ("on", "left")]


def _print(document: Mapping[str, Any], out: str | None) -> None:
    from rich.text import Text

    from cosmodrome.cli.console import out as standard_output
    from cosmodrome.cli.listing import print_notes, print_rows

    console = standard_output()
    told = f"{document['vehicle']} from {document['site']}, lift-off {document['epoch_utc']}"
    console.print(Text(told, style="dim"))
    drawn = f"{document['samples']} samples, {document['method']}, seed {document['seed']}"
    console.print(Text(f"{drawn}. {document['note'].capitalize()}.\n", style="bold"))
    if document["drop"]:
        print_rows(console, _HEADS, [_cells(one) for one in document["drop"]])
    else:
        console.print(Text("nothing that is dropped with the first stage comes down"))
    console.print()
    for line in (*_margin_lines(document), _insertion_line(document), _worth_line(document)):
        console.print(Text(line))
    if out is not None:
        console.print(Text(f"\nWritten: {Path(out) / 'samples.parquet'}, disperse.json"))
    print_notes(console, document)


def _cells(one: Mapping[str, Any]) -> list[str]:
    sizes = [f"{e['semi_major_km']:.0f} x {e['semi_minor_km']:.0f}" for e in one["ellipses"]]
    several = f" x {one['count']}" if one["count"] > 1 else ""
    place = f"{one['latitude_deg']:.2f}, {one['longitude_deg']:.2f}"
    azimuth = f"{one['ellipses'][-1]['azimuth_deg']:.0f}"
    where = one["country"] or "sea"
    return [one["name"] + several, f"{one['t_s']:.0f}", place, *sizes, azimuth, where]


def _margin_lines(document: Mapping[str, Any]) -> list[str]:
    margin = document["payload_margin_kg"]
    if margin is None:
        return ["Payload to spare: not computed"]
    low, high = margin["bounds"]["p01"]
    lies = "below" if low is None else f"between {low:+.1f} and"
    runs, carries = margin["samples"], margin["carries"]
    share = f"{100.0 * carries['assured']:.1f} % of flights"
    lines = [
        f"Payload to spare beyond {margin['carried_kg']:.1f} kg, {runs} samples, at most:",
        f"  {_quantiles(margin)}",
        f"  the 1 % quantile lies {lies} {high:+.1f} kg, with 90 % confidence",
        f"  {runs - carries['failures']} of {runs} carry it: {share} or more, with 90 % confidence",
    ]
    propellant = document["propellant_margin_kg"]
    if propellant is not None:
        lines.append(f"  as propellant left in the last stage: {_quantiles(propellant)}")
    return lines


def _quantiles(kg: Mapping[str, float]) -> str:
    names = (("p01", "1 %"), ("p50", "median"), ("p99", "99 %"))
    return ", ".join(f"{told} {kg[name]:+.1f} kg" for name, told in names)


def _insertion_line(document: Mapping[str, Any]) -> str:
    found = document["insertion"]
    if found["covariance"] is None:
        return f"Insertion accuracy: unknown; {found['source']}"
    words = [f"{name.replace('_', ' ')} {value:.3g}" for name, value in found["sigma"].items()]
    return f"Insertion accuracy, one sigma: {', '.join(words)} ({found['source']})"


def _worth_line(document: Mapping[str, Any]) -> str:
    told = document["confidence"]
    return (
        f"{document['samples']} samples without a failure would assure "
        f"{100.0 * told['assured_without_failure']:.3f} % with 90 % confidence; "
        f"99.865 % takes {told['three_sigma_needs']}"
    )
