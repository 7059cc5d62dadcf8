"""`cosmodrome validate`: predictions beside published payloads."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cosmodrome.cli.exits import Exit
from cosmodrome.cli.options import answer_options
from cosmodrome.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from cosmodrome.campaign.validation import Prediction
    from cosmodrome.cli.console import Tell
    from cosmodrome.mission.catalogue import PublishedPayload

__all__ = ["validate"]


@click.command(short_help="Predictions beside published payloads, and how good they are.")
@click.option(
    "--points",
    "points_file",
    metavar="FILE.csv",
    help="Published payloads to compare with.  [default: the project's own]",
)
@click.option("--vehicles", metavar="NAME,NAME", help="Only these vehicles of the table.")
@click.option("--out", metavar="DIR", help="Write page, plot, data and calibration here.")
@click.option(
    "--correction",
    type=click.Choice(["factor", "velocity"]),
    default="factor",
    show_default=True,
    help="What is corrected for all vehicles alike: payload, or velocity at the end.",
)
@click.option("--journal", metavar="FILE", help="Keep finished plans here; go on from it.")
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="[default: all cores]")
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    metavar="S",
    help="Of the bootstrap over families.",
)
@answer_options
def validate(*, as_json: bool, quiet: bool, out: str | None, **asked: Any) -> int:
    """Predict every published payload and say how close it comes.

    Each figure is predicted with a correction learnt without the vehicle's own
    family, and with a 90 % interval. The project's own table learns its
    corrections from itself; another table is predicted with those.

    \b
      cosmodrome validate
      cosmodrome validate --out docs
      cosmodrome validate --points mine.csv --json
      cosmodrome validate --vehicles electron,vega

    Columns of a table: vehicle, site, perigee_km, apogee_km, inclination_deg,
    payload_kg, includes_adapter (yes, no, unknown), source, confidence (A to D;
    "-flown" behind it marks a lower bound).
    """  # noqa: D301 - click reads the escape as "do not wrap"
    from cosmodrome.cli.console import heeding_interrupts, how_to_go_on, progress, write_json

    points = chosen_points(asked["points_file"], asked["vehicles"])
    folder = None if out is None else Path(out)
    if folder is not None:
        from cosmodrome.report.writing import prepare_folder

        prepare_folder(folder)
    try:
        with progress(quiet=quiet) as shown, heeding_interrupts(shown) as tell:
            predictions = predicted(points, asked, tell)
    except KeyboardInterrupt as stopped:
        raise KeyboardInterrupt(how_to_go_on(asked["journal"], "--journal")) from stopped
    document, learnt = compared(points, predictions, asked)
    files: list[Path] = []
    if folder is not None:
        from cosmodrome.report.validation_page import write_validation

        files = write_validation(document, learnt, folder)
    if as_json:
        write_json(document)
    else:
        from cosmodrome.cli.console import out as standard_output

        print_validation(standard_output(), document, out, files)
    return Exit.DONE


def chosen_points(points_file: str | None, vehicles: str | None) -> list[PublishedPayload]:
    """The points asked for.

    Raises
    ------
    InputError
        A table that cannot be used or has no rows, a vehicle it does not have, or
        a row of a user's own table whose vehicle or site nobody knows.
    """
    from cosmodrome.mission.catalogue.published import all_published, read_published

    points = all_published() if points_file is None else read_published(Path(points_file))
    if not points:
        raise InputError(
            f"{points_file}: no rows", file=points_file, key="--points", allowed="at least one row"
        )
    names = None if vehicles is None else [name.strip() for name in vehicles.split(",")]
    if names is not None:
        _refuse_absent([name for name in names if name] or [""], points, points_file)
    chosen = [k for k, point in enumerate(points) if names is None or point.vehicle in names]
    if points_file is not None:
        _refuse_unknown(points, chosen, Path(points_file))
    return [points[k] for k in chosen]


def _refuse_absent(
    names: Sequence[str], points: Sequence[PublishedPayload], points_file: str | None
) -> None:
    """Refuse a vehicle that no point is of: unknown, or without published payloads."""
    from cosmodrome.mission.catalogue import load_vehicle

    there = list(dict.fromkeys(point.vehicle for point in points))
    for name in names:
        if name in there:
            continue
        try:
            load_vehicle(name)
            why = f"no published payload of {name} stands in {points_file or 'the catalogue'}"
        except InputError as error:
            why = error.message
        raise InputError(
            f"--vehicles: {why}",
            file=points_file,
            key="--vehicles",
            value=name,
            allowed=f"vehicles with published payloads: {', '.join(there)}",
        )


def _refuse_unknown(points: Sequence[PublishedPayload], chosen: Sequence[int], path: Path) -> None:
    """Refuse a user's row of a vehicle or site that nobody knows.

    Vehicles that the project's own table names and the catalogue leaves out, for
    want of public data, are known to be missing: they stay, without a prediction.
    """
    from cosmodrome.mission.catalogue import load_site, load_vehicle, site_names, vehicle_names
    from cosmodrome.mission.catalogue.published import all_published

    left_out = {point.vehicle for point in all_published()}
    for place in chosen:
        vehicle, site = points[place].vehicle, points[place].site
        try:
            if vehicle not in left_out:
                key, value, names = "vehicle", vehicle, vehicle_names()
                load_vehicle(vehicle)
            key, value, names = "site", site, site_names()
            load_site(site)
        except InputError as error:
            line = _line_of(path, place)
            raise InputError(
                f"{path} line {line}: {error.message}",
                file=str(path),
                key=f"line {line}.{key}",
                value=value,
                allowed=", ".join(names),
            ) from error


def _line_of(path: Path, place: int) -> int:
    """The line of a table's row, counted as an editor does."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        for _ in range(place + 1):
            next(reader)
        return reader.line_num


def predicted(
    points: Sequence[PublishedPayload], asked: Mapping[str, Any], tell: Tell
) -> list[Prediction]:
    """What the planner says; the only place of this door that plans."""
    from cosmodrome.campaign.prediction import predict

    journal = asked["journal"]
    return predict(
        points,
        workers=asked["workers"],
        journal=None if journal is None else Path(journal),
        tell=_steady(tell),
    )


def _steady(tell: Tell) -> Tell:
    """Progress that says something new only when a plan is done, not at every look."""
    said, told = -1.0, ""

    def steady(message: str, part: float) -> None:
        nonlocal said, told
        if part != said:
            said, told = part, message
        tell(told, part)

    return steady


def compared(
    points: Sequence[PublishedPayload],
    predictions: Sequence[Prediction],
    asked: Mapping[str, Any],
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The contract's document, and the calibrations learnt or used."""
    from cosmodrome.campaign.learnt import calibrations_document, stored
    from cosmodrome.campaign.summary import summarise
    from cosmodrome.campaign.validation import validate as compare
    from cosmodrome.version import VERSION

    # Only the project's whole table may teach: a part of it, or a stranger's,
    # is predicted with what that has taught, if it ever was.
    own = asked["points_file"] is None and asked["vehicles"] is None
    known = None if own else stored() or None
    found = compare(points, predictions, kind=asked["correction"], stored=known)
    provenance = {"cosmodrome": VERSION, "command": _command(asked)}
    document = {
        "points": [row.document() for row in found.rows],
        "summary": summarise(found, seed=asked["seed"]),
        "provenance": provenance,
    }
    return document, calibrations_document(found.calibrations, provenance, found.ratings())


def _command(asked: Mapping[str, Any]) -> str:
    """The command that compares again, as one would type it."""
    from cosmodrome.report.words import quoted

    options = {"points_file": "--points", "vehicles": "--vehicles"}
    told = [f" {option} {quoted(asked[key])}" for key, option in options.items() if asked[key]]
    if asked["correction"] != "factor":
        told.append(f" --correction {asked['correction']}")
    if asked["seed"] != 1:
        told.append(f" --seed {asked['seed']}")
    return "cosmodrome validate" + "".join(told)


def print_validation(
    console: Console, document: Mapping[str, Any], out: str | None, files: Sequence[Path]
) -> None:
    """Every point by vehicle, then the summary: the end of a long table is what stays in sight."""
    from rich.text import Text

    from cosmodrome.cli.sheets import plain_table
    from cosmodrome.report import validation_rows as rows

    table = plain_table()
    table.padding = (0, 1, 0, 0)
    for place, head in enumerate(rows.POINT_HEADS):
        left = place in (0, 2, 7)
        last = place == len(rows.POINT_HEADS) - 1
        table.add_column(head, justify="left" if left else "right", no_wrap=not last)
    for vehicle, points in rows.by_vehicle(document).items():
        table.add_row(Text(vehicle, style="bold"))
        for point in points:
            cells = rows.point_cells(point)
            style = "" if point["clean"] else "dim"
            table.add_row(*(Text(f"  {c}" if k == 0 else c, style) for k, c in enumerate(cells)))
    console.print(table)
    summary = document["summary"]
    console.print(Text(f"\nHow good, percent ({summary['points']} points)", style="bold"))
    totals = plain_table()
    totals.padding = (0, 1, 0, 0)
    for place, head in enumerate(rows.SUMMARY_HEADS):
        totals.add_column(head, justify="right" if place else "left", no_wrap=place > 0)
    for row in rows.summary_rows(document):
        totals.add_row(*(Text(cell) for cell in row))
    console.print(totals)
    flown = summary["flown"]
    console.print(
        Text(
            "\nVehicles are weighed equally. Corrected: by what other families show; own rating: "
            "by one of the vehicle's ratings, tried on its others. "
            + rows.calibration_sentence(document)
        )
    )
    console.print(
        Text(
            f"Corrections learnt from {summary['calibration_from']}. Dim rows are not clean; "
            f"--json and --out say why. Of {flown['points']} masses that flew, the interval "
            f"reaches {flown['reached']}."
        )
    )
    if files:
        console.print(Text(f"\nWritten to {out}: {', '.join(path.name for path in files)}"))
