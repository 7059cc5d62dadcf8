"""`cosmodrome plan`: the main job."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cosmodrome.cli.exits import of_status
from cosmodrome.cli.numbers import Quantity
from cosmodrome.cli.options import (
    VEHICLE_OPTIONS,
    answer_options,
    hands_options,
    vehicle_options,
)
from cosmodrome.errors import InputError
from cosmodrome.prompt.solving import BESIDE, DRAWN, draws_journal, solved

if TYPE_CHECKING:
    from cosmodrome.campaign.answer import Answer
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.prompt.range_answer import RangeAsked, RangeFound

__all__ = ["plan"]


@click.command(short_help="How much a vehicle carries to an orbit, and how it flies there.")
@click.argument("vehicle", metavar="VEHICLE|MISSION.toml")
@click.option("--from", "site", metavar="SITE", help="Launch site, or site/pad.")
@click.option("--to", "orbit", metavar="ORBIT", help='Orbit, e.g. "200 km 51.7 deg" or gto.')
@click.option(
    "--payload",
    "payload_kg",
    metavar="KG",
    type=Quantity("kilograms", zero=True),
    help="Fly this payload and say what margin is left; without it, the largest payload.",
)
@click.option("--out", metavar="DIR", help="Write mission, result, trajectory and report here.")
@click.option(
    "--epoch",
    "epoch_utc",
    metavar="UTC",
    help="Earliest lift-off, ISO 8601 with Z.  [default: 2027-03-20T12:00:00Z]",
)
@vehicle_options
@click.option(
    "--drop-inside",
    metavar="PART=AREA",
    multiple=True,
    help="Hold a part's impact inside an area: a GeoJSON file or a country. Repeatable.",
)
@click.option(
    "--keep-off",
    metavar="[PART=]AREA",
    multiple=True,
    help="Hold impacts, or one part's, outside an area. Repeatable.",
)
@click.option(
    "--zone-margin",
    "zone_margin_km",
    metavar="KM",
    type=Quantity("kilometres", zero=True),
    help="How far from the edges of these areas.  [default: 0]",
)
@click.option("--safety", is_flag=True, help="Also drop zones and the casualty expectation.")
@click.option("--windows", is_flag=True, help="Also when to launch, for an orbit with a node.")
@click.option(
    "--days",
    metavar="D",
    type=Quantity("days"),
    help="Days of that calendar.  [default: 7]",
)
@click.option(
    "--catalogue",
    metavar="FILE",
    help="Also screen the ascent against these objects (TLE or OMM) for two hours.",
)
@click.option("--interval", is_flag=True, help="Sample the 90 % interval of the payload.")
@click.option(
    "--samples",
    type=click.IntRange(20, 100_000),
    metavar="N",
    help="Vehicles drawn for it.  [default: 200]",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    metavar="S",
    help="What they are drawn from.  [default: 0]",
)
@hands_options
@click.option(
    "--journal",
    metavar="FILE",
    help="Keep finished draws here and go on from them.  [default: in --out, until done]",
)
@click.option(
    "--position-tolerance-m",
    metavar="M",
    type=Quantity("metres"),
    help="How far the re-flight may end from the plan.  [default: 100]",
)
@click.option(
    "--velocity-tolerance-m-s",
    metavar="M/S",
    type=Quantity("metres per second"),
    help="How much its velocity may differ.  [default: 0.1]",
)
@click.option(
    "--partials", is_flag=True, help="Print what one kg, second or m/s more is worth in payload."
)
@click.option("--mesh-check", is_flag=True, help="Solve the best again on a finer mesh.")
@click.option("--other-starts", is_flag=True, help="Search from a second, different set of starts.")
@answer_options
def plan(*, vehicle: str, as_json: bool, quiet: bool, out: str | None, **asked: Any) -> int:
    """Plan an ascent: the largest payload, the optimal flight, and the proof.

    The flight is flown again by another integrator and judged against the
    target orbit and every limit. If the two disagree, no payload is given.

    \b
      cosmodrome plan angara-1.2 --from vostochny --to "200 km 51.7 deg"
      cosmodrome plan electron --from mahia --to "sso 500 km" --out run
      cosmodrome plan atlas-v-551 --from cape-canaveral --to gto --json
      cosmodrome plan soyuz-2.1a --from baikonur --to "240 km 51.6 deg" --payload 7000
      cosmodrome plan falcon-9-ft --from ksc --to gto --recovery barge --interval
      cosmodrome plan vega --from kourou --to gto --interval --cluster tcp://10.0.0.1:8786
      cosmodrome plan angara-1.2 --from vostochny --to "sso 500 km" --keep-off urm-1=China
      cosmodrome plan vega --from kourou --to "sso 500 km ltan 10:30" --safety --windows
      cosmodrome plan mission.toml

    \b
    Orbits: "200 km 51.7 deg", "185x35786 km 27 deg", "sso 500 km ltan 10:30",
    "polar 600 km", "gto", "escape c3 10 dla 20".

    Exit codes: 0 done, 2 bad input, 3 infeasible, 4 not converged, 5 the
    re-flight disagrees.
    """  # noqa: D301 - click reads the escape as "do not wrap"
    from cosmodrome.cli.console import heeding_interrupts, how_to_go_on, progress, write_json
    from cosmodrome.prompt import command_line
    from cosmodrome.prompt.question import Question, mission_and_sheet
    from cosmodrome.prompt.range_answer import with_range
    from cosmodrome.prompt.zones import zoned_mission

    _refuse_idle(asked)
    beside = _range_asked(asked)
    names = ("site", "orbit", "payload_kg", "epoch_utc", *VEHICLE_OPTIONS)
    question = Question(vehicle, **{name: asked[name] for name in names})
    mission, sheet = mission_and_sheet(question)
    mission = zoned_mission(
        mission, asked["drop_inside"], asked["keep_off"], asked["zone_margin_km"]
    )
    folder = None if out is None else Path(out)
    if folder is not None:
        from cosmodrome.report.writing import prepare_folder

        prepare_folder(folder)
    asked |= {"command": command_line(("plan", vehicle), asked), "sheet": sheet}
    journal, passing = _journal(asked, mission, folder)
    try:
        with progress(quiet=quiet) as shown, heeding_interrupts(shown) as tell:
            answer = solved(mission, asked | {"journal": journal}, tell)
            answer, found = with_range(answer, beside, folder, tell)
            files = [] if folder is None else _written(answer, folder, found)
    except KeyboardInterrupt as stopped:
        if not asked["interval"]:
            raise
        raise KeyboardInterrupt(how_to_go_on(journal, "--out or --journal")) from stopped
    if passing and journal is not None:
        journal.unlink(missing_ok=True)
    if as_json:
        write_json(answer.document)
    else:
        from cosmodrome.cli.tables import print_answer

        print_answer(answer, out, files, partials=asked["partials"])
        if beside.anything:
            from cosmodrome.cli.range_tables import print_range

            print_range(found)
    return of_status(answer.status)


def _refuse_idle(asked: dict[str, Any]) -> None:
    """What only an interval has, asked for without one, is a slip and not a wish."""
    for name in (*DRAWN, *BESIDE):
        if asked[name] is not None and not asked["interval"]:
            raise InputError(
                f"--{name} belongs to --interval, which is not asked for",
                key=f"--{name}",
                value=asked[name],
                allowed="--interval with it",
            )


def _journal(
    asked: Mapping[str, Any], mission: Mission, folder: Path | None
) -> tuple[Path | None, bool]:
    """Where finished draws are kept, and whether the journal goes when all are done."""
    if asked["journal"] is not None:
        return Path(asked["journal"]), False
    if folder is None or not asked["interval"]:
        return None, False
    return draws_journal(folder, mission, asked), True


def _range_asked(asked: dict[str, Any]) -> RangeAsked:
    """What the range and the clock are asked for.

    Raises
    ------
    InputError
        Days of a calendar that is not asked for.
    """
    from cosmodrome.prompt.range_answer import RangeAsked

    if asked["days"] is not None and not asked["windows"]:
        raise InputError(
            "--days belongs to --windows, which is not asked for",
            key="--days",
            value=asked["days"],
            allowed="--windows with it",
        )
    days = {} if asked["days"] is None else {"days": asked["days"]}
    return RangeAsked(asked["safety"], asked["windows"], asked["catalogue"], **days)


def _written(answer: Answer, folder: Path, found: RangeFound) -> list[Path]:
    from cosmodrome.report.folder import write_run_folder

    return write_run_folder(answer, folder, found.report())
