"""`cosmodrome satellite --out`: the page of a life and its document, or a refusal before work."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from cosmodrome.cli import main

PLAIN = {"NO_COLOR": "1", "COLUMNS": "80", "TERM": "dumb"}
CRAFT = Path(__file__).resolve().parents[2] / "examples" / "satellites" / "earth-observer.toml"


def run(maps: Path, out: Path, *words: str) -> Result:
    """Ask about one launcher, with no payload maps."""
    asked = ["satellite", str(CRAFT), "--orbit", "sso 500 km ltan 10:30", "--quiet", "--no-build"]
    asked += ["--vehicles", "electron", "--maps", str(maps), "--out", str(out), *words]
    return CliRunner(env=PLAIN).invoke(main, asked, prog_name="cosmodrome")


def test_out_writes_the_page_and_the_document_that_json_prints(tmp_path: Path) -> None:
    out = tmp_path / "life"
    done = run(tmp_path / "maps", out, "--json")
    assert done.exit_code == 0, done.stderr
    assert sorted(one.name for one in out.iterdir()) == ["life.html", "result.json"]
    assert (out / "result.json").read_text("utf-8") == done.stdout
    page = (out / "life.html").read_text("utf-8")
    deep = json.loads(done.stdout)["budgets"]["power"]["limit"]
    assert deep in page
    assert 'id="chart-week"' in page


def test_a_folder_that_cannot_be_made_is_refused_before_any_work(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("")
    done = run(tmp_path / "maps", taken / "life", "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["error"]["key"] == "--out"
