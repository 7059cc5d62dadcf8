"""A payload map as files: chart, table, document; each whole or not at all."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cosmodrome.errors import InputError
from cosmodrome.io.writing import write_whole
from cosmodrome.report.as_json import json_text
from cosmodrome.report.writing import probe

if TYPE_CHECKING:
    from cosmodrome.campaign.payload_map import PayloadMap

__all__ = ["map_html", "prepare_files", "write_files"]

ALLOWED = "a file ending in .html, .csv, .parquet or .json, in a folder that can be written to"

COLUMNS = (
    "vehicle",
    "site",
    "altitude_km",
    "inclination_deg",
    "payload_kg",
    "status",
    "burns",
    "direction",
    "course",
    "limits_reached",
    "found_by",
    "checked",
    "reason",
)


def prepare_files(paths: Sequence[Path]) -> None:
    """See that every file can be written, and in a form there is, before any work.

    Raises
    ------
    InputError
        Names the file.
    """
    for path in paths:
        if path.suffix.lower() not in _FORMS:
            raise _refused(path, "has no ending that says what to write")
        if path.is_dir():
            raise _refused(path, "is a folder")
        try:
            probe(path)
        except OSError as error:
            raise _refused(path, f"cannot be written ({error.strerror})") from error


def _refused(path: Path, why: str) -> InputError:
    return InputError(
        f"{path} {why}", file=str(path), key="--out", value=str(path), allowed=ALLOWED
    )


def write_files(found: PayloadMap, paths: Sequence[Path]) -> None:
    """Write the map in the form each file's ending asks for.

    Parameters
    ----------
    found : PayloadMap
    paths : sequence of Path
        A file that is there already is replaced in one step.

    Raises
    ------
    InputError
        If one cannot be written.
    """
    contents = [(path, _FORMS[path.suffix.lower()](found)) for path in paths]
    for path, content in contents:
        write_whole(path, content, key="--out")


def _rows(found: PayloadMap) -> list[dict[str, Any]]:
    """Cells with the vehicle, lists as text."""
    rows = []
    for cell in found.document()["cells"]:
        row = {"vehicle": found.vehicle, **cell}
        row["limits_reached"] = "; ".join(cell["limits_reached"])
        rows.append({name: row[name] for name in COLUMNS})
    return rows


def _csv(found: PayloadMap) -> bytes:
    """One line a cell; what made it stands in the last columns, as CSV has no head."""
    made = {f"provenance_{key}": value for key, value in found.provenance.items()}
    sink = io.StringIO()
    writer = csv.DictWriter(sink, [*COLUMNS, *made], lineterminator="\n")
    writer.writeheader()
    for row in _rows(found):
        writer.writerow(row | made)
    return sink.getvalue().encode()


def _parquet(found: PayloadMap) -> bytes:
    """One row a cell; what made it stands in the file's metadata."""
    import pyarrow as pa
    from pyarrow import parquet

    kinds = {"altitude_km": pa.float64(), "inclination_deg": pa.float64()}
    kinds |= {"payload_kg": pa.float64(), "burns": pa.int64()}
    noted = {f"cosmodrome.{key}": str(value) for key, value in found.provenance.items()}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS], noted)
    sink = io.BytesIO()
    table = pa.Table.from_pylist(_rows(found), schema)
    parquet.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def _json(found: PayloadMap) -> bytes:
    return json_text(found.document()).encode()


def map_html(found: PayloadMap) -> str:
    """One page with a chart for each site; it opens with no network.

    Parameters
    ----------
    found : PayloadMap

    Returns
    -------
    str
        HTML, nearly all of it the drawing library.
    """
    from cosmodrome.report.map_figure import kink_sentences, map_chart
    from cosmodrome.report.markup import figure, section, whole_page

    charts = [map_chart(found, site, f"map-{k}") for k, site in enumerate(found.sites)]
    title = html.escape(f"Payload of {found.vehicle} over altitude and inclination")
    bends = [f"<li>{html.escape(one)}</li>" for one in kink_sentences(found.kinks)]
    good = sum(cell.status == "optimal" for cell in found.cells)
    told = (
        f"Over altitude and inclination: {good} of {len(found.cells)} orbits have a payload, "
        "each flown again and judged."
    )
    made = found.provenance
    parts = [
        "<style>.plot[id^='chart-map-']{height:min(36rem,80vh)}</style>",
        f'<header><p class="mission">{html.escape(", ".join(found.sites))}</p>',
        f'<h1>{html.escape(found.vehicle)}, payload</h1><p class="orbit">{told}</p></header>',
        section("The map", "\n".join(figure(chart, in_time=False) for chart in charts)),
        section("Where it bends, and why", f"<ul class='sources'>{''.join(bends)}</ul>")
        if bends
        else "",
        section(
            "Make it again",
            f"<pre>{html.escape(made['command'])}</pre><p class='small'>cosmodrome "
            f"{made['cosmodrome']}. Inputs {made['inputs_sha256']}. Circular orbits above "
            "6378.137 km, osculating at insertion, unless the vehicle's file sets another "
            "Earth.</p>",
        ),
    ]
    return whole_page(f"{title} - cosmodrome", "\n".join(parts), charts)


def _html(found: PayloadMap) -> bytes:
    return map_html(found).encode()


_FORMS = {".html": _html, ".csv": _csv, ".parquet": _parquet, ".json": _json}
