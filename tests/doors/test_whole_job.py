"""The main job as a user runs it: a process, a run folder, and the same again from it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PLAN = ["plan", "angara-1.2", "--from", "vostochny", "--to", "200 km 51.7 deg"]
START = "import sys; from cosmodrome.cli import main; sys.argv[0] = 'cosmodrome'; main()"


def program(*words: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", START, *words],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"NO_COLOR": "1"},
    )


def without_clock(document: dict[str, Any]) -> dict[str, Any]:
    """The document without what another run cannot repeat: seconds, and the command."""
    kept = {key: value for key, value in document.items() if not key.endswith("_s")}
    kept["t_final_s"] = document["t_final_s"]
    kept["losses_m_s"] = document["losses_m_s"]
    kept["provenance"] = dict(document["provenance"], command="")
    each = document["starts"]["each"]
    timeless = [{k: v for k, v in one.items() if k != "solve_s"} for one in each]
    kept["starts"] = dict(document["starts"], each=timeless)
    return kept


@pytest.mark.slow
def test_a_run_folder_can_be_run_again(tmp_path: Path) -> None:
    first = program(*PLAN, "--json", "--out", str(tmp_path / "run"))
    assert first.returncode == 0, first.stderr
    document = json.loads(first.stdout)
    assert document == json.loads((tmp_path / "run/result.json").read_text())
    second = program("plan", str(tmp_path / "run/mission.toml"), "--json", "--quiet")
    assert second.returncode == 0, second.stderr
    assert second.stderr == ""
    assert without_clock(json.loads(second.stdout)) == without_clock(document)


@pytest.mark.slow
def test_a_tolerance_that_cannot_be_met_leaves_with_5_and_no_payload() -> None:
    done = program(*PLAN, "--json", "--quiet", "--position-tolerance-m", "1e-6")
    document = json.loads(done.stdout)
    assert (done.returncode, document["status"]) == (5, "verification_failed")
    assert document["payload_kg"] is None
    assert all(row["payload_kg"] is None for row in document.get("alternatives") or [])


@pytest.mark.slow
def test_a_payload_far_too_heavy_leaves_with_3_and_what_works() -> None:
    words = ["plan", "electron", "--from", "mahia", "--to", "200 km 60 deg", "--payload", "5000"]
    done = program(*words, "--json", "--quiet")
    document = json.loads(done.stdout)
    assert (done.returncode, document["status"]) == (3, "infeasible")
    assert document["shortfall"]["payload_kg"] > 4000.0
    assert document["shortfall"]["delta_v_m_s"] > 0.0
    assert document["nearest"]
