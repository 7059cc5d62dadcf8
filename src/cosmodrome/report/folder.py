"""The run folder: mission, result, trajectory and report, each whole or not at all."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

from cosmodrome.io.writing import write_whole
from cosmodrome.report.as_json import json_text
from cosmodrome.report.writing import folder_refused, prepare_folder

if TYPE_CHECKING:
    from cosmodrome.campaign.answer import Answer

__all__ = ["write_run_folder"]


def write_run_folder(answer: Answer, folder: str | os.PathLike[str]) -> list[Path]:
    """Write the run folder of an answer.

    Everything is made in memory first; then each file is written beside its
    place and moved there, so that a reader sees the old file or the new one,
    never half of one. `result.json` comes last. A `trajectory.parquet` left
    by an earlier run is removed when this answer has no trajectory.

    Parameters
    ----------
    answer : Answer
    folder : path
        Made if it is not there; files of the same names in it are replaced.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    InputError
        If the folder cannot be written to.
    """
    from cosmodrome.report.page import report_html

    root = Path(folder)
    contents = {
        "mission.toml": answer.mission_toml.encode(),
        "report.html": report_html(answer).encode(),
    }
    flown = any(len(column) for column in answer.table.values())
    if flown:
        contents["trajectory.parquet"] = _parquet(answer)
    contents["result.json"] = json_text(answer.document).encode()
    prepare_folder(root)
    try:
        if not flown:
            (root / "trajectory.parquet").unlink(missing_ok=True)
    except OSError as error:
        raise folder_refused(root, error) from error
    for name, content in contents.items():
        write_whole(root / name, content, key="--out")
    return [root / name for name in contents]


def _parquet(answer: Answer) -> bytes:
    """The trajectory as Parquet; what made it stands in the file's metadata."""
    import pyarrow as pa
    from pyarrow import parquet

    table = pa.table({name: values.tolist() for name, values in answer.table.items()})
    made = answer.document.get("provenance") or {}
    noted = {f"cosmodrome.{key}": str(value) for key, value in made.items()}
    noted["cosmodrome.frame"] = "x, y, z, vx, vy, vz: GCRF; latitude geodetic, longitude east"
    noted["cosmodrome.epoch_utc"] = str(answer.document.get("epoch_utc"))
    sink = io.BytesIO()
    parquet.write_table(table.replace_schema_metadata(noted), sink, compression="zstd")
    return sink.getvalue()
