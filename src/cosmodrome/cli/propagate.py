"""`cosmodrome propagate`: where a satellite is, at even steps, in any frame."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cosmodrome.cli.exits import Exit
from cosmodrome.cli.numbers import Quantity
from cosmodrome.cli.options import answer_options
from cosmodrome.cli.orbit_options import KEYS, asked_source, asked_span, orbit_options
from cosmodrome.prompt.naming import keys_named

if TYPE_CHECKING:
    from cosmodrome.world.state import Trajectory

__all__ = ["FORMS", "FRAMES", "propagate"]

FRAMES = ("GCRF", "EME2000", "TOD", "TEME", "ITRF")
"""As `world.frames.FRAMES`, which is not loaded for a help page."""

FORMS = {
    ".csv": "csv",
    ".parquet": "parquet",
    ".oem": "oem",
    ".xml": "oem-xml",
    ".czml": "czml",
    ".kml": "kml",
    ".geojson": "geojson",
}
SHOWN = 24


@click.command(short_help="Where a satellite is, at even steps, in any frame.")
@orbit_options
@click.option(
    "--frame", type=click.Choice(FRAMES, case_sensitive=False), default="GCRF", show_default=True
)
@click.option(
    "--step",
    "step_s",
    metavar="S",
    type=Quantity("seconds"),
    default=60.0,
    help="Seconds between states.  [default: 60]",
)
@click.option(
    "--out", metavar="FILE", help="Write .csv, .parquet, .oem, .xml (OEM), .czml, .kml or .geojson."
)
@answer_options
def propagate(*, as_json: bool, quiet: bool, out: str | None, **asked: Any) -> int:
    """Carry an orbit through time, and give its states.

    RUN is a run folder of `plan --out`: its insertion. --orbit takes the texts
    of `plan --to`; --file is an OEM, OPM, OMM, TLE, CSV or Parquet. Frames of
    date (TOD, TEME) are those of each instant. Numerical: gravity of degree 20,
    Sun and Moon, drag where --drag says how much.

    \b
      cosmodrome propagate run --days 2 --out after.oem
      cosmodrome propagate --file iss.tle --frame ITRF --step 10 --days 0.1
      cosmodrome propagate --orbit "sso 500 km ltan 10:30" --method numerical --json
      cosmodrome propagate --file state.opm --drag 0.02 --out states.parquet
    """  # noqa: D301 - click reads the escape as "do not wrap"
    from cosmodrome.cli.console import out as standard_output
    from cosmodrome.cli.console import progress, write_json
    from cosmodrome.cli.listing import ready
    from cosmodrome.prompt.satellite import carried
    from cosmodrome.prompt.states import states_document

    path = ready(out, tuple(FORMS))
    source = asked_source(asked)
    span = asked_span(source, asked)
    with progress(quiet=quiet) as tell, keys_named(KEYS):
        tell("states", 0.0)
        drag = asked["drag_m2_kg"]
        found, how = carried(
            source, span, asked["step_s"], asked["frame"], asked["method"], drag_m2_kg=drag
        )
        if path is not None:
            tell("writing", 0.9)
            _write(found, path, source.satellites[0].name)
    document = states_document(found, how, source, span)
    if as_json:
        write_json(document)
    else:
        _print(standard_output(), document, out)
    return Exit.DONE


def _write(found: Trajectory, path: Path, name: str) -> None:
    from cosmodrome.io.conversion import Label
    from cosmodrome.io.export import exported
    from cosmodrome.io.writing import write_whole
    from cosmodrome.prompt.clock import now

    content = exported(found, FORMS[path.suffix.lower()], Label(now(), name), frame=found.frame)
    write_whole(path, content, key="--out")


def _print(console: Any, document: Mapping[str, Any], out: str | None) -> None:
    from cosmodrome.cli.listing import print_head, print_notes, print_rows

    print_head(console, document)
    states = document["states"]
    every = max(1, -(-(len(states) - 1) // (SHOWN - 1)))
    shown = [*states[:-1:every], states[-1]]
    heads = [(f"UTC\n{document['frame']}", "right")]
    heads += [(f"{axis}\nkm", "right") for axis in "xyz"]
    heads += [(f"v{axis}\nkm/s", "right") for axis in "xyz"]
    print_rows(console, heads, [_cells(state) for state in shown])
    notes = list(document["notes"])
    if every > 1:
        files = "--json and --out have" if out is None else f"{out} has"
        notes.insert(0, f"every {every}th of {len(states)} states; {files} all")
    print_notes(console, {"notes": notes}, out)


def _cells(state: Mapping[str, Any]) -> list[str]:
    utc = state["epoch_utc"]
    places = [f"{x:.2f}" for x in state["r_km"]]
    return [f"{utc[:10]} {utc[11:19]}", *places, *(f"{x:.4f}" for x in state["v_km_s"])]
