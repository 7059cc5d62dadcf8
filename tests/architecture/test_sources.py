"""Habits of the sources that no linter knows; every check is also shown a planted fault."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Check = Callable[[ast.AST], list[str]]

LONGEST_FUNCTION_LINES = 60
LONGEST_FILE_LINES = 500
MOST_METHODS = 15
MOST_POSITIONAL = 7
VAGUE_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "base",
    "manager",
    "managers",
    "common",
    "misc",
}


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def _positional(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    names = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
    return len([name for name in names if name not in {"self", "cls"}])


def long_functions(tree: ast.AST) -> list[str]:
    return [
        f"{node.lineno}: {node.name} has {_length(node)} lines"
        for node in _functions(tree)
        if _length(node) > LONGEST_FUNCTION_LINES
    ]


def crowded_signatures(tree: ast.AST) -> list[str]:
    return [
        f"{node.lineno}: {node.name} takes {_positional(node)} positional arguments"
        for node in _functions(tree)
        if _positional(node) > MOST_POSITIONAL
    ]


def crowded_classes(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            methods = sum(isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) for n in node.body)
            if methods > MOST_METHODS:
                found.append(f"{node.lineno}: {node.name} has {methods} methods")
    return found


def bare_excepts(tree: ast.AST) -> list[str]:
    return [
        f"{node.lineno}: bare except"
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]


def stubs(tree: ast.AST) -> list[str]:
    return [
        f"{node.lineno}: raises NotImplementedError"
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and node.exc and "NotImplementedError" in ast.dump(node.exc)
    ]


def vague_name(path: Path) -> list[str]:
    return [f"{path.name} says nothing"] if path.stem.strip("_") in VAGUE_NAMES else []


CHECKS = [long_functions, crowded_signatures, crowded_classes, bare_excepts, stubs]


def sources(root: Path) -> list[Path]:
    return sorted((root / "src" / "cosmodrome").rglob("*.py"))


def test_there_is_something_to_check(repository: Path) -> None:
    assert len(sources(repository)) > 10


@pytest.mark.parametrize("check", CHECKS)
def test_sources_keep_the_habit(check: Check, repository: Path) -> None:
    offences = []
    for path in sources(repository):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        offences += [f"{path.relative_to(repository)}:{text}" for text in check(tree)]
    assert not offences, "\n".join(offences)


def test_files_are_short(repository: Path) -> None:
    counts = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in sources(repository)}
    long = [
        f"{p.relative_to(repository)}: {n}" for p, n in counts.items() if n > LONGEST_FILE_LINES
    ]
    assert not long, "\n".join(long)


def test_modules_and_folders_have_telling_names(repository: Path) -> None:
    package = repository / "src" / "cosmodrome"
    places = [*sources(repository), *(p for p in package.rglob("*") if p.is_dir())]
    offences = [text for path in places for text in vague_name(path)]
    assert not offences, "\n".join(offences)


LINES = "\n".join("    x = 1" for _ in range(LONGEST_FUNCTION_LINES))
METHODS = "\n".join(f"    def f{k}(self): ..." for k in range(MOST_METHODS + 1))
FAULTS = [
    (long_functions, f"def f():\n{LINES}\n"),
    (crowded_signatures, "def f(a, b, c, d, e, f, g, h): ...\n"),
    (crowded_classes, f"class C:\n{METHODS}\n"),
    (bare_excepts, "try:\n    pass\nexcept:\n    pass\n"),
    (stubs, "def f():\n    raise NotImplementedError('later')\n"),
]


@pytest.mark.parametrize(("check", "fault"), FAULTS)
def test_each_habit_is_seen_to_be_broken(check: Check, fault: str) -> None:
    assert len(check(ast.parse(fault))) == 1


def test_every_check_has_a_planted_fault() -> None:
    assert {check for check, _ in FAULTS} == set(CHECKS)


def test_a_docstring_does_not_count_as_length() -> None:
    words = "\n".join("    word" for _ in range(100))
    assert not long_functions(ast.parse(f'def f():\n    """x\n{words}\n    """\n    return 1\n'))


@pytest.mark.parametrize("name", ["utils.py", "_helpers.py", "base.py"])
def test_a_vague_name_is_seen(name: str) -> None:
    assert vague_name(Path(name))
