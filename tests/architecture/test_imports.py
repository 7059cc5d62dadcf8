"""The direction of imports, checked by import-linter, and seen to break when it is broken."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest


def lint_imports(repository: Path, package_folder: Path) -> subprocess.CompletedProcess[str]:
    """import-linter with the project's own contracts on the package in a folder."""
    program = (
        f"import sys; sys.path.insert(0, {str(package_folder)!r})\n"
        "from importlinter.cli import lint_imports_command as command\n"
        "command(['--no-cache', '--config', sys.argv[1]])\n"
    )
    return subprocess.run(
        [sys.executable, "-c", program, str(repository / "pyproject.toml")],
        capture_output=True,
        text=True,
        check=False,
        cwd=repository,
    )


def test_imports_go_down(repository: Path) -> None:
    found = lint_imports(repository, repository / "src")
    assert found.returncode == 0, found.stdout + found.stderr
    assert "0 broken" in found.stdout


def test_every_room_stands_on_its_floor_in_the_documents(repository: Path) -> None:
    settings = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one["type"] == "layers")
    floors = {
        room: floor
        for floor, rooms in enumerate(reversed(layers))
        for room in re.findall(r"\w+", rooms)
    }
    text = (repository / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (`[^|]*`) \|", text, re.MULTILINE)
    told = {room: int(floor) for floor, cell in rows for room in re.findall(r"\w+", cell)}
    assert told == floors


FAULTS = {
    "a room looks up": ("world/planted.py", "import cosmodrome.mission.nouns", "go down"),
    "two rooms of one floor meet": ("orbit/planted.py", "import cosmodrome.flight.vehicle", "meet"),
    "ocp learns of rockets": ("ocp/planted.py", "import cosmodrome.flight.vehicle", "know no"),
    "runs learns of rockets": ("runs/planted.py", "import cosmodrome.mission.nouns", "know no"),
    "flight optimises": ("flight/planted.py", "import cosmodrome.ocp", "Physics"),
    "the re-flight meets ocp": ("verify/planted.py", "import cosmodrome.ocp", "verify never"),
    "the re-flight meets ascent": ("verify/planted.py", "import cosmodrome.ascent", "verify never"),
    "casadi in physics": ("flight/planted.py", "import casadi", "casadi only"),
    "casadi in world": ("world/planted.py", "import casadi", "casadi only"),
    "casadi in ascent": ("ascent/planted.py", "import casadi", "casadi only"),
    "a picture below the doors": ("campaign/planted.py", "import plotly", "Only the doors"),
    "a text below the doors": ("mission/planted.py", "import click", "Only the doors"),
    "a room without a floor": ("attic/__init__.py", '"""Nothing."""', "go down"),
}


@pytest.fixture(scope="module")
def copy(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planted")
    shutil.copytree(
        repository / "src" / "cosmodrome",
        folder / "cosmodrome",
        ignore=shutil.ignore_patterns("__pycache__", "data"),
    )
    return folder


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_import_is_seen(fault: str, repository: Path, copy: Path) -> None:
    place, line, contract = FAULTS[fault]
    planted = copy / "cosmodrome" / place
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(line + "\n", encoding="utf-8")
    try:
        found = lint_imports(repository, copy)
    finally:
        planted.unlink()
        if not any(planted.parent.iterdir()):
            planted.parent.rmdir()
    broken = [row for row in found.stdout.splitlines() if " BROKEN" in row]
    assert found.returncode != 0
    assert any(contract in row for row in broken) or "attic" in found.stdout + found.stderr, (
        found.stdout + found.stderr
    )
