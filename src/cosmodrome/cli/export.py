"""`cosmodrome export`: a flight in a standard form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cosmodrome.cli.exits import Exit
from cosmodrome.cli.options import answer_options
from cosmodrome.cli.propagate import FRAMES
from cosmodrome.errors import InputError
from cosmodrome.prompt.naming import keys_named

__all__ = ["FORMS", "export"]

FORMS = (
    "oem", "oem-xml", "opm", "opm-xml", "omm", "omm-xml", "tle",
    "czml", "kml", "geojson", "csv", "parquet",
)  # fmt: skip
"""As `io.export.FORMS`, which is not loaded for a help page."""

_KEYS = {"name": "--name", "OBJECT_NAME": "--name", "OBJECT_ID": "--designator"}
ENDINGS = {"oem-xml": "oem.xml", "opm-xml": "opm.xml", "omm-xml": "omm.xml"}


@click.command(short_help="A flight as OEM, OPM, OMM, TLE, CZML, KML or a table.")
@click.argument("run_folder", metavar="RUN|FILE")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS, case_sensitive=False),
    metavar="FORM",
    required=True,
    help="oem, opm, omm (each also with -xml), tle, czml, kml, geojson, csv or parquet.",
)
@click.option("--out", metavar="FILE", help="Where to.  [default: trajectory.FORM in the folder]")
@click.option(
    "--frame",
    type=click.Choice(FRAMES, case_sensitive=False),
    default="EME2000",
    show_default=True,
    help="Of OEM and OPM.",
)
@click.option("--name", metavar="NAME", help="Name of the object.  [default: by the vehicle]")
@click.option(
    "--designator", metavar="ID", help="As 2027-001A.  [default: the placeholder of its year]"
)
@answer_options
def export(*, run_folder: str, as_json: bool, quiet: bool, out: str | None, **asked: Any) -> int:
    """Write the flight of a run folder, or a table of states, in a standard form.

    An OEM has one segment for each phase; an OPM is of the insertion. OMM and
    TLE are fitted to a day's coast after it, with placeholders before it is
    catalogued; how well they follow is printed. OEM and OPM have a covariance
    where the launcher's accuracy is published.

    \b
      cosmodrome export run --format oem
      cosmodrome export run --format tle --out payload.tle --name "MY SAT"
      cosmodrome export run --format czml --out flight.czml
      cosmodrome export theirs.oem --format parquet --out theirs.parquet
    """  # noqa: D301 - click reads the escape as "do not wrap"
    from cosmodrome.cli.console import progress, write_json
    from cosmodrome.io.conversion import Label
    from cosmodrome.io.writing import write_whole
    from cosmodrome.prompt.clock import now
    from cosmodrome.prompt.exporting import export as made
    from cosmodrome.prompt.exporting import named
    from cosmodrome.prompt.orbit_source import orbit_source

    source = orbit_source(run_folder)
    form = asked["form"]
    path = _place(run_folder, form, out)
    label = Label(now(), asked["name"] or named(source), asked["designator"] or "")
    with progress(quiet=quiet) as tell:
        tell(f"{form} of {source.told}", 0.0)
        with keys_named(_KEYS):
            found = made(source, form, label, frame=asked["frame"])
        write_whole(path, found.content, key="--out")
    if as_json:
        told = {"format": form, "file": str(path), "bytes": len(found.content)}
        write_json(told | {"orbit": source.told, "notes": list(found.notes)})
    else:
        _print(source.told, path, found.notes)
    return Exit.DONE


def _place(run_folder: str, form: str, out: str | None) -> Path:
    """Where the file goes, refused before any work where it cannot be written."""
    from cosmodrome.cli.listing import can_be_written

    ending = ENDINGS.get(form, form)
    place = Path(run_folder)
    beside = place / "trajectory" if place.is_dir() else place.with_suffix("")
    path = Path(out) if out is not None else beside.with_name(f"{beside.name}.{ending}")
    if out is None and path.exists() and (path == place or form == "parquet"):
        raise InputError(
            f"{path} is what would be exported: name another file",
            file=str(path),
            key="--out",
            value=str(path),
            allowed="--out FILE",
        )
    can_be_written(path)
    return path


def _print(told: str, path: Path, notes: tuple[str, ...]) -> None:
    from rich.text import Text

    from cosmodrome.cli.console import out as standard_output
    from cosmodrome.cli.listing import print_notes

    console = standard_output()
    console.print(Text(told, style="dim"))
    console.print(Text(f"\nWritten: {path}"))
    print_notes(console, {"notes": notes}, blank=False)
