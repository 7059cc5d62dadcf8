"""Dependencies: each is declared, used, and argued for."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

# Only where the name to import differs from the name to install.
IMPORT_NAMES = {
    "astropy-iers-data": "astropy_iers_data",
    "pyerfa": "erfa",
    "satkit-data": "satkit_data",
    "tomli-w": "tomli_w",
}
# What users may install on top.
EXTRAS = ("cluster", "raster")
# pandas hands Parquet to pyarrow, and jplephem opens skyfield-data's file: not imported by us.
USED_THROUGH_OTHERS = {"pyarrow", "skyfield-data"}


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return found.group(0)


def declared(repository: Path) -> tuple[set[str], set[str]]:
    """Names of run-time dependencies, and of those for tests and development."""
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {_name(r) for group in project["optional-dependencies"].values() for r in group}
    return {_name(r) for r in project["dependencies"]}, extras - {"cosmodrome"}


def imported(root: Path) -> set[str]:
    """Third-party top-level modules that the files under a folder import."""
    found = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"cosmodrome"}


def argued_for(repository: Path) -> set[str]:
    """First cells of the tables in docs/dependencies.md."""
    text = (repository / "docs" / "dependencies.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([^`]+)` \|", text, flags=re.MULTILINE))


def test_every_dependency_is_argued_for_and_none_is_stale(repository: Path) -> None:
    runtime, extras = declared(repository)
    assert argued_for(repository) == runtime | extras


def test_every_import_is_declared(repository: Path) -> None:
    runtime, _ = declared(repository)
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    optional = {_name(one) for key in EXTRAS for one in extras[key]}
    allowed = {IMPORT_NAMES.get(name, name) for name in runtime | optional}
    assert imported(repository / "src") <= allowed


def test_every_dependency_is_used(repository: Path) -> None:
    runtime, _ = declared(repository)
    used = imported(repository / "src")
    unused = {n for n in runtime - USED_THROUGH_OTHERS if IMPORT_NAMES.get(n, n) not in used}
    assert not unused


def test_every_dependency_has_a_range(repository: Path) -> None:
    text = (repository / "pyproject.toml").read_text(encoding="utf-8")
    for requirement in tomllib.loads(text)["project"]["dependencies"]:
        assert ">=" in requirement, requirement


@pytest.mark.parametrize("line", ["import requests", "from requests.sessions import Session"])
def test_an_undeclared_import_is_seen(line: str, tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text(line, encoding="utf-8")
    assert imported(tmp_path) == {"requests"}
