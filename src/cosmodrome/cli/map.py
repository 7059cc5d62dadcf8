"""`cosmodrome map`: payload over altitude and inclination."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cosmodrome.cli.exits import Exit, of_status
from cosmodrome.cli.options import VEHICLE_OPTIONS, answer_options, hands_options, vehicle_options
from cosmodrome.errors import InputError

if TYPE_CHECKING:
    from cosmodrome.campaign.payload_map import MapQuestion, PayloadMap

__all__ = ["map_"]


@click.command(name="map", short_help="Payload over altitude and inclination, as chart or table.")
@click.argument("vehicle", metavar="VEHICLE")
@click.option("--from", "sites", metavar="SITE[,SITE...]", help="Launch site, or several.")
@click.option("--altitudes", metavar="A:B:STEP", help="Circular altitudes, km: 200:1000:100.")
@click.option("--inclinations", metavar="A:B:STEP", help="Inclinations, deg: 51.7:98:5.")
@click.option(
    "--out",
    multiple=True,
    metavar="FILE",
    help="Write .html (chart), .csv, .parquet or .json; may be given several times.",
)
@click.option(
    "--journal",
    metavar="FILE",
    help="Keep what is finished here and go on from it.  [default: beside --out, until done]",
)
@hands_options
@vehicle_options
@answer_options
def map_(*, vehicle: str, as_json: bool, quiet: bool, out: tuple[str, ...], **asked: Any) -> int:
    """Map the largest payload over circular orbits, every one flown again and judged.

    Each cell is re-flown like a plan; where the flight and the plan disagree
    there is no payload. Where the best ascent changes its number of burns, its
    direction or its course, the chart says so. An interrupted map goes on where
    it stopped when it is asked for again.

    \b
      cosmodrome map angara-1.2 --from vostochny --altitudes 200:1000:100 \\
          --inclinations 51.7:98:5 --out map.html --out map.csv
      cosmodrome map electron --from mahia,wallops --altitudes 300:700:100 \\
          --inclinations 40:98:10 --json

    Exit codes: 0 done, 2 bad input, 3 all of it infeasible, 4 nothing
    converged, 5 no re-flight agrees, 130 interrupted.
    """  # noqa: D301 - click reads the escape as "do not wrap"
    from cosmodrome.cli.console import heeding_interrupts, how_to_go_on, progress, write_json
    from cosmodrome.report.map_files import prepare_files, write_files

    paths = [Path(one) for one in out]
    prepare_files(paths)
    question = _question(vehicle, asked, out)
    journal, passing = _journal(asked["journal"], paths, question)
    try:
        with progress(quiet=quiet) as shown, heeding_interrupts(shown) as tell:
            found = _mapped(question, journal, (asked["workers"], asked["cluster"]), tell)
            write_files(found, paths)
    except KeyboardInterrupt as stopped:
        raise KeyboardInterrupt(how_to_go_on(journal, "--out or --journal")) from stopped
    if passing and journal is not None:
        journal.unlink(missing_ok=True)
    if as_json:
        write_json(found.document())
    else:
        from cosmodrome.cli.map_table import print_map

        print_map(found, out, _chosen(asked))
    return _exit_of([cell.status for cell in found.cells])


def _mapped(
    question: MapQuestion,
    journal: Path | None,
    hands: tuple[int | None, str | None],
    tell: Any,
) -> PayloadMap:
    """The map; the only place that asks for one."""
    from cosmodrome.campaign.payload_map import payload_map

    workers, cluster = hands
    return payload_map(question, journal=journal, workers=workers, cluster=cluster, tell=tell)


def _question(vehicle: str, asked: dict[str, Any], out: Sequence[str]) -> MapQuestion:
    """What was asked, or an `InputError` that names the option."""
    from cosmodrome.mission.orbit_build import HIGHEST_KM, LOWEST_KM
    from cosmodrome.prompt.ranges import read_range

    given = (("--from", "sites"), ("--altitudes",) * 2, ("--inclinations",) * 2)
    missing = [option for option, name in given if not asked[name.removeprefix("--")]]
    if missing:
        raise InputError(
            f"{' and '.join(missing)} missing: a map needs a site and two ranges",
            key=missing[0],
            allowed="--from SITE --altitudes 200:1000:100 --inclinations 51.7:98:5",
        )
    heights = read_range(asked["altitudes"], "--altitudes", "km", (LOWEST_KM, HIGHEST_KM))
    tilts = read_range(asked["inclinations"], "--inclinations", "deg", (0.0, 180.0))

    from cosmodrome.campaign.payload_map import MapQuestion
    from cosmodrome.prompt.question import Question, mission_and_sheet

    names = [name.strip() for name in asked["sites"].split(",")]
    orbit = f"{heights[0]:.15g} km {tilts[-1]:.15g} deg"
    chosen = {name: asked[name] for name in VEHICLE_OPTIONS}
    missions = tuple(
        mission_and_sheet(Question(vehicle, name, orbit, None, None, **chosen))[0] for name in names
    )
    return MapQuestion(missions, heights, tilts, command=_command(vehicle, asked, out))


def _command(vehicle: str, asked: dict[str, Any], out: Sequence[str]) -> str:
    """The command that makes the map again."""
    from cosmodrome.prompt import command_line
    from cosmodrome.report.words import quoted

    words = ["map", vehicle, "--from", asked["sites"]]
    words += ["--altitudes", asked["altitudes"], "--inclinations", asked["inclinations"]]
    chosen = {name: asked[name] for name in VEHICLE_OPTIONS}
    files = [f" --out {quoted(one)}" for one in out]
    return command_line(words, chosen) + "".join(files)


def _chosen(asked: dict[str, Any]) -> str:
    """What was chosen of the vehicle, as it was typed: "--recovery barge"."""
    from cosmodrome.prompt import command_line

    whole = command_line((), {name: asked[name] for name in VEHICLE_OPTIONS})
    return whole.removeprefix("cosmodrome").strip()


def _journal(
    named: str | None, paths: Sequence[Path], question: MapQuestion
) -> tuple[Path | None, bool]:
    """Where the journal is, and whether it goes when the map is done."""
    if named is not None:
        return Path(named), False
    if not paths:
        return None, False
    from cosmodrome.campaign.payload_map import map_stamp

    # By its name it belongs to this very question: another one never meets it.
    name = f".{paths[0].name}.{map_stamp(question)[:12]}.journal"
    return paths[0].with_name(name), True


def _exit_of(statuses: Sequence[str]) -> Exit:
    """Done if any orbit has a payload; else what stood in the way of most hope."""
    for status in ("optimal", "verification_failed", "not_converged", "infeasible"):
        if status in statuses:
            return of_status(status)
    return Exit.DEFECT
