"""`cosmodrome satellite`: budgets of a spacecraft, and who can launch it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cosmodrome.cli.exits import Exit
from cosmodrome.cli.options import answer_options
from cosmodrome.cli.orbit_options import KEYS
from cosmodrome.prompt.naming import keys_named

if TYPE_CHECKING:
    from rich.console import Console

    from cosmodrome.campaign.satellite_answer import SatelliteAnswer
    from cosmodrome.satellite.spacecraft import Spacecraft

__all__ = ["satellite"]

SHOWN = ("carries", "marginal")


@click.command(short_help="Budgets of a spacecraft, and who can launch it.")
@click.argument("spacecraft", metavar="SPACECRAFT.toml")
@click.option("--orbit", metavar="ORBIT", required=True, help='As "sso 500 km ltan 10:30".')
@click.option(
    "--epoch",
    "epoch_utc",
    metavar="UTC",
    default="2027-03-20T12:00:00Z",
    show_default=True,
    help="Insertion, ISO 8601 with Z.",
)
@click.option("--vehicles", metavar="NAME[,NAME...]", help="Ask only these launchers.")
@click.option("--maps", metavar="DIR", help="Where payload maps are kept.  [default: user's cache]")
@click.option("--no-build", is_flag=True, help="Use the payload maps that are there; build none.")
@click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    metavar="N",
    help="Processes side by side for maps.  [default: one per core]",
)
@click.option("--details", is_flag=True, help="Every line of every budget with its formula.")
@click.option("--out", metavar="DIR", help="Write life.html and result.json here.")
@answer_options
def satellite(*, spacecraft: str, as_json: bool, quiet: bool, **asked: Any) -> int:
    """Power, link, data, delta-v and mass of a spacecraft in an orbit, and who can launch it.

    Payload maps of the launchers are built the first time and kept; an
    interrupted build goes on where it stopped.

    \b
      cosmodrome satellite examples/satellites/earth-observer.toml --orbit "sso 500 km ltan 10:30"
      cosmodrome satellite mine.toml --orbit "550 km 53 deg" --vehicles electron,vega-c --json
      cosmodrome satellite mine.toml --orbit "sso 500 km" --out life

    Exit codes: 0 done, 2 bad input, 130 interrupted.
    """  # noqa: D301 - click reads the escape as "do not wrap"
    from cosmodrome.campaign.map_store import MapStore
    from cosmodrome.campaign.satellite_answer import satellite_answer
    from cosmodrome.cli.console import heeding_interrupts, how_to_go_on, out, progress, write_json
    from cosmodrome.mission.orbit_text import parse_orbit
    from cosmodrome.satellite.spacecraft_file import load_spacecraft
    from cosmodrome.world.epoch import Epoch

    craft = load_spacecraft(spacecraft)
    with keys_named(KEYS):
        target, epoch = parse_orbit(asked["orbit"]), Epoch.parse(asked["epoch_utc"])
    folder = None if asked["out"] is None else Path(asked["out"])
    if folder is not None:
        from cosmodrome.report.writing import prepare_folder

        prepare_folder(folder)
    store = MapStore(Path(asked["maps"]) if asked["maps"] else None)
    named = asked["vehicles"]
    try:
        with progress(quiet=quiet) as shown, heeding_interrupts(shown) as tell, keys_named(KEYS):
            found = satellite_answer(
                craft,
                target,
                epoch,
                store=store,
                vehicles=None if named is None else [one.strip() for one in named.split(",")],
                build=not asked["no_build"],
                workers=asked["workers"],
                command=_command(spacecraft, asked),
                tell=tell,
            )
            files = [] if folder is None else _written(found, craft, folder)
    except KeyboardInterrupt as stopped:
        raise KeyboardInterrupt(how_to_go_on(store.folder, "--maps")) from stopped
    if as_json:
        write_json(found.document())
    else:
        _print(out(), found, details=asked["details"])
        _say_where(out(), files)
    return Exit.DONE


def _written(found: SatelliteAnswer, craft: Spacecraft, folder: Path) -> list[Path]:
    """The page of its life and the document; loaded only where asked for."""
    from cosmodrome.report.life_page import written_life

    return written_life(found, craft, folder)


def _say_where(console: Console, files: list[Path]) -> None:
    from rich.text import Text

    if files:
        console.print(Text(f"\nwritten: {', '.join(str(one) for one in files)}", style="dim"))


def _command(spacecraft: str, asked: dict[str, Any]) -> str:
    """What to type for the same answer."""
    from cosmodrome.report.words import quoted

    words = ["cosmodrome", "satellite", spacecraft, "--orbit", asked["orbit"]]
    words += ["--epoch", asked["epoch_utc"]]
    if asked["vehicles"] is not None:
        words += ["--vehicles", asked["vehicles"]]
    return " ".join(quoted(word) for word in words)


def _print(console: Console, found: SatelliteAnswer, *, details: bool) -> None:
    """Budgets first, then how often and how long, then who carries it there."""
    from rich.text import Text

    head = f"{found.name}, {found.target.text}, from {found.epoch}"
    console.print(Text(head, style="dim"))
    console.print()
    _print_budgets(console, found)
    if details:
        _print_lines(console, found)
    _print_revisit(console, found)
    _print_life(console, found)
    _print_launchers(console, found)
    for text in (*found.budgets.assumptions, *found.disposal.assumptions):
        console.print(Text(f"{text[:1].upper()}{text[1:]}.", style="dim"))
    if not details:
        told = "--details shows every line with its formula; --json has all of it."
        console.print(Text(told, style="dim"))


def _headed(console: Console, title: str) -> None:
    from rich.text import Text

    console.print(Text(f"\n{title}", style="bold"))


def _print_budgets(console: Console, found: SatelliteAnswer) -> None:
    from cosmodrome.cli.listing import print_rows

    rows = []
    for one in found.budgets.every:
        margin = f"{one.margin:+.1f} {one.unit}" if one.unit else f"{one.margin:+.0%}"
        closes = "yes" if one.met else "NO"
        rows.append([one.name.replace("_", "-"), closes, margin, one.limit])
    heads = [("budget", "left"), ("closes", "right"), ("margin", "right"), ("what limits", "left")]
    print_rows(console, heads, rows)


def _print_lines(console: Console, found: SatelliteAnswer) -> None:
    """Every line of every budget with what it is worth and where it comes from."""
    from rich.text import Text

    from cosmodrome.cli.sheets import plain_table

    for one in found.budgets.every:
        _headed(console, one.name.replace("_", "-"))
        lines = plain_table(header=False)
        lines.add_column()
        lines.add_column(justify="right", no_wrap=True)
        lines.add_column(no_wrap=True)
        lines.add_column(style="dim", overflow="fold")
        for line in one.lines:
            cells = (line.name, f"{line.value:.4g}", line.unit, line.formula)
            lines.add_row(*(Text(cell) for cell in cells))
        console.print(lines)


def _print_revisit(console: Console, found: SatelliteAnswer) -> None:
    from cosmodrome.cli.listing import print_rows

    if not found.revisit:
        return
    _headed(console, "How often it looks")
    heads = [("latitude\ndeg", "right"), ("seen\n%", "right")]
    heads += [("revisit\nmean h", "right"), ("revisit\nlongest h", "right")]
    rows = []
    for one in (revisit.document() for revisit in found.revisit):
        gaps = [one["mean_revisit_h"], one["max_revisit_h"]]
        told = ["-" if gap is None else f"{gap:.1f}" for gap in gaps]
        rows.append([f"{one['latitude_deg']:.0f}", f"{100.0 * one['seen']:.0f}", *told])
    print_rows(console, heads, rows)


def _print_life(console: Console, found: SatelliteAnswer) -> None:
    from rich.text import Text

    _headed(console, "How long it stays")
    told = found.disposal.document()
    years = {
        name: f"over {told['horizon_years']:g}" if value is None else f"{value:.1f}"
        for name, value in told["years"].items()
    }
    chances = [
        f"within {rule} years with {100.0 * told[f'probability_within_{rule}_years']:.0f} %"
        for rule in (5, 25)
    ]
    console.print(
        Text(
            f"{years['p50']} years from {told['from_utc'][:10]}, nine in ten between "
            f"{years['p05']} and {years['p95']}; it is down {chances[0]}, {chances[1]}"
        )
    )


def _print_launchers(console: Console, found: SatelliteAnswer) -> None:
    """Those that carry it; of the rest how many, and why not."""
    from collections import Counter

    from rich.text import Text

    from cosmodrome.cli.listing import print_rows

    _headed(console, "Who can launch it")
    if found.unasked:
        console.print(Text(f"Not asked: {found.unasked}."))
        return
    heads = [("vehicle", "left"), ("site", "left"), ("", "left")]
    heads += [("payload\nkg", "right"), ("predicted\nkg", "right"), ("margin\nkg", "right")]
    rows = []
    for one in found.launchers:
        if one.status in SHOWN:
            numbers = (one.payload_kg, one.predicted_kg, one.margin_kg)
            told = ["-" if value is None else f"{value:.0f}" for value in numbers]
            rows.append([one.vehicle, one.site, one.status, *told])
    if rows:
        print_rows(console, heads, rows)
    others = Counter(one.status for one in found.launchers if one.status not in SHOWN)
    if others:
        counted = ", ".join(f"{count} {status}" for status, count in others.items())
        console.print(Text(f"Of {len(found.launchers)} at their sites: {counted}", style="dim"))
