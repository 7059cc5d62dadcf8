"""The run folder: mission, result, trajectory, plan and report, each whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cosmodrome.io.writing import write_whole
from cosmodrome.report.as_json import json_text
from cosmodrome.report.writing import folder_refused, prepare_folder
from cosmodrome.runs.table import parquet_bytes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cosmodrome.campaign.answer import Answer
    from cosmodrome.report.charts import Chart

__all__ = ["REPORT_FILE", "report_of_folder", "write_run_folder"]

REPORT_FILE: Final = "report.html"


def write_run_folder(
    answer: Answer,
    folder: str | os.PathLike[str],
    more: tuple[Sequence[str], Sequence[Chart]] = ((), ()),
    *,
    report: bool = True,
) -> list[Path]:
    """Write the run folder of an answer.

    Everything is made in memory first; then each file is written beside its
    place and moved there, so that a reader sees the old file or the new one,
    never half of one. `result.json` comes last. A `trajectory.parquet` or a
    `plan.json` left by an earlier run is removed when this answer has none.

    Parameters
    ----------
    answer : Answer
    folder : path
        Made if it is not there; files of the same names in it are replaced.
    more : as of `report_html`
    report : bool
        Without it `report_of_folder` makes the page when it is wanted.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    InputError
        If the folder cannot be written to.
    """
    from cosmodrome.io.plan_file import PLAN_FILE, plan_json
    from cosmodrome.report.page import report_html

    root = Path(folder)
    contents = {"mission.toml": answer.mission_toml.encode()}
    if report:
        contents[REPORT_FILE] = report_html(answer, more).encode()
    flown = any(len(column) for column in answer.table.values())
    if flown:
        contents["trajectory.parquet"] = _parquet(answer)
    if answer.plan is not None:
        contents[PLAN_FILE] = plan_json(answer.plan, answer.mission_toml)
    contents["result.json"] = json_text(answer.document).encode()
    prepare_folder(root)
    try:
        for name in ("trajectory.parquet", PLAN_FILE):
            if name not in contents:
                (root / name).unlink(missing_ok=True)
    except OSError as error:
        raise folder_refused(root, error) from error
    for name, content in contents.items():
        write_whole(root / name, content, key="--out")
    return [root / name for name in contents]


def report_of_folder(folder: str | os.PathLike[str]) -> bytes:
    """The report of a run folder that was written without one.

    Parameters
    ----------
    folder : path
        With `result.json`, `mission.toml` and, of a flight, `trajectory.parquet`.

    Returns
    -------
    bytes
        Those that `write_run_folder` writes where it makes the report itself and
        is given nothing more for it: sections that were added stand in no other file.

    Raises
    ------
    OSError
        If one of them cannot be read.
    """
    from cosmodrome.campaign.answer import Answer
    from cosmodrome.report.page import report_html

    root = Path(folder)
    document = json.loads((root / "result.json").read_text("utf-8"))
    mission = (root / "mission.toml").read_bytes().decode()
    return report_html(Answer(document["status"], document, _table(root), mission)).encode()


def _table(root: Path) -> dict[str, NDArray[np.generic]]:
    """The trajectory as it was flown; empty where there is none."""
    import numpy as np
    from pyarrow import parquet

    place = root / "trajectory.parquet"
    if not place.is_file():
        return {}
    columns = parquet.read_table(place).to_pydict()
    return {name: np.array(values) for name, values in columns.items()}


def _parquet(answer: Answer) -> bytes:
    """The trajectory as Parquet; what made it stands in the file's metadata."""
    made = answer.document.get("provenance") or {}
    noted = {key: str(value) for key, value in made.items()}
    noted["frame"] = "x, y, z, vx, vy, vz: GCRF; latitude geodetic, longitude east"
    noted["epoch_utc"] = str(answer.document.get("epoch_utc"))
    return parquet_bytes(answer.table, noted)
