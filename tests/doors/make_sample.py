"""Freeze an answer of the planner, thinned, as the sample of the door tests.

The doors are tried on something the planner really says, without planning in
every test. Run it again with `python tests/doors/make_sample.py` when the
document gains keys or the table changes; the outcome is committed as
`data/sample_answer.json` and `data/plan_table.txt`, and the table also stands in
`README.md`. The whole answer goes to `demo/angara-1.2`. With `--table` the answer
stays and only the table is written again. The numbers are judged elsewhere.
"""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np

from cosmodrome import plan
from cosmodrome.campaign import Answer, PlanOptions
from cosmodrome.cli.tables import print_answer
from cosmodrome.report.as_json import json_text

ROOT = Path(__file__).resolve().parents[2]
COMMAND = 'cosmodrome plan angara-1.2 --from vostochny --to "200 km 51.7 deg"'
QUESTION = ("angara-1.2", "vostochny", "200 km 51.7 deg")
DATA = Path(__file__).parent / "data"
KEPT = 320
"""Samples of the trajectory that stay, with both sides of every jump."""


def rounded(value: Any) -> Any:
    """Eight significant digits are enough for a door."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return float(f"{value:.8g}") if isinstance(value, float) else value


def thinned(found: Answer) -> dict[str, list[Any]]:
    """The table with fewer rows: first and last of every leg, and some between."""
    legs = found.table["leg"]
    edge = np.flatnonzero(legs[1:] != legs[:-1])
    some = np.linspace(0, len(legs) - 1, KEPT).astype(int)
    kept = np.unique(np.concatenate([some, edge, edge + 1]))
    return {name: values[kept].tolist() for name, values in found.table.items()}


def sample(found: Answer) -> str:
    """The sample of an answer as one line of JSON."""
    whole = {"status": found.status, "document": found.document, "table": thinned(found)}
    return json.dumps(rounded(json.loads(json_text(whole)))) + "\n"


def table_of(whole: dict[str, Any]) -> str:
    """What the terminal shows of a sample at 80 columns, without colour."""
    os.environ |= {"NO_COLOR": "1", "COLUMNS": "80", "TERM": "dumb"}
    with redirect_stdout(io.StringIO()) as printed:
        print_answer(Answer(whole["status"], whole["document"], {}, ""), None, ())
    return "".join(line.rstrip() + "\n" for line in printed.getvalue().splitlines())


def main() -> None:
    """Plan, thin and write the sample, then the table of it."""
    if "--table" not in sys.argv:
        answer = plan(*QUESTION, options=PlanOptions(command=COMMAND))
        answer.save(ROOT / "demo/angara-1.2")
        (DATA / "sample_answer.json").write_text(sample(answer), encoding="utf-8")
    whole = json.loads((DATA / "sample_answer.json").read_text("utf-8"))
    table = table_of(whole)
    (DATA / "plan_table.txt").write_text(table, encoding="utf-8")
    front = (ROOT / "README.md").read_text("utf-8")
    begin, end = front.index("<!-- answer"), front.index("<!-- /answer -->")
    begin = front.index("\n", begin) + 1
    fenced = f"```text\n{table}```\n"
    (ROOT / "README.md").write_text(front[:begin] + fenced + front[end:], encoding="utf-8")


if __name__ == "__main__":
    main()
