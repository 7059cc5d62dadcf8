"""`cosmodrome hazard`: drop zones as drafts of notices, for maps, globes and texts."""

from __future__ import annotations

from typing import Any

import click

from cosmodrome.cli.exits import Exit
from cosmodrome.cli.numbers import Quantity
from cosmodrome.cli.options import JSON_HELP, QUIET_HELP

__all__ = ["FORMS", "hazard"]

FORMS = ("geojson", "kml", "czml", "text")
"""As `prompt.hazard.FORMS`, which is not loaded for a help page."""


@click.command(short_help="Areas to keep clear, as GeoJSON, KML, CZML or coordinates.")
@click.argument("run_folder", metavar="RUN")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS, case_sensitive=False),
    metavar="FORM",
    default="geojson",
    show_default=True,
    help="geojson, kml, czml or text.",
)
@click.option(
    "--overlap", metavar="FILE", help="A published area: GeoJSON, KML or a list of coordinates."
)
@click.option("--epoch", "epoch_utc", metavar="UTC", help="When the window opens.  [the run's]")
@click.option(
    "--minutes",
    metavar="N",
    type=Quantity("minutes", zero=True),
    default=0.0,
    help="How long the window is open.  [default: 0]",
)
@click.option(
    "--probability",
    metavar="P",
    type=Quantity("probability"),
    default=0.99,
    show_default=True,
    help="Of the ellipse that an area is drawn round: 0.5, 0.9 or 0.99.",
)
@click.option("--samples", type=click.IntRange(50, 200_000), metavar="N", help="As `dropzones`.")
@click.option("--seed", type=click.IntRange(min=0), metavar="S", help="As `dropzones`.")
@click.option("--wind", metavar="FILE", help="As `dropzones`.")
@click.option("--out", metavar="FILE", help="Write there instead of standard output.")
@click.option("--json", "as_json", is_flag=True, help=f"{JSON_HELP} It is GeoJSON.")
@click.option("--quiet", is_flag=True, help=QUIET_HELP)
def hazard(*, run_folder: str, as_json: bool, quiet: bool, out: str | None, **asked: Any) -> int:
    """Draw an area round every drop zone, with the times it is to be kept clear.

    RUN is a run folder of `plan --out`. The areas go to standard output. A text
    lists corners as 515305N 1282003E and as 51-53.1N 128-20.0E. Everything is a
    draft, not a notice, and a planning aid, not a licence analysis.

    \b
      cosmodrome hazard run
      cosmodrome hazard run --format text --epoch 2027-04-01T03:00:00Z --minutes 30
      cosmodrome hazard run --overlap published.txt
      cosmodrome hazard run --format kml --out hazard.kml
    """  # noqa: D301 - click reads the escape as "do not wrap"
    from pathlib import Path

    from cosmodrome.cli.console import progress
    from cosmodrome.cli.listing import can_be_written
    from cosmodrome.io.writing import write_whole
    from cosmodrome.prompt.hazard import hazard as found_in

    form = _form(asked.pop("form"), as_json=as_json)
    path = None if out is None else Path(out)
    if path is not None:
        can_be_written(path)
    with progress(quiet=quiet) as tell:
        found = found_in(run_folder, **asked, progress=tell)
    content = found.content(form)
    if path is None:
        click.echo(content, nl=False)
        return Exit.DONE
    write_whole(path, content.encode(), key="--out")
    if as_json:
        click.echo(content, nl=False)
    elif not quiet:
        _told(found, str(path))
    return Exit.DONE


def _form(form: str, *, as_json: bool) -> str:
    if not as_json or form == "geojson":
        return form
    from cosmodrome.errors import InputError

    raise InputError(
        f"--json is GeoJSON; it does not go with --format {form}",
        key="--json",
        value=form,
        allowed="--format geojson, or no --json",
    )


def _told(found: Any, out: str) -> None:
    from rich.text import Text

    from cosmodrome.cli.console import out as standard_output

    console = standard_output()
    count = "1 area" if len(found.areas) == 1 else f"{len(found.areas)} areas"
    console.print(Text(f"Written: {out}, {count}; draft, not a notice"))
    for one in found.matches:
        console.print(
            Text(
                f"{one.name}: {one.of_ours_percent:.1f} % of it in the published area, "
                f"{one.of_published_percent:.1f} % of that covered"
            )
        )
