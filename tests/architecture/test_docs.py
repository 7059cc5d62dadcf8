"""Documents that run: Python blocks are executed, our own commands are parsed."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "benchmarks" / "README.md",
        ROOT / "examples" / "README.md",
        *(ROOT / "docs").rglob("*.md"),
    ]
)
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]


def blocks(text: str, language: str) -> Iterator[tuple[int, str]]:
    """Line number and content of each fenced block of a language."""
    for token in MarkdownIt().parse(text):
        if token.type == "fence" and token.info.split()[:1] == [language]:
            assert token.map is not None
            yield token.map[0] + 2, token.content


def commands(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and words of each `cosmodrome` command in console blocks."""
    for first, content in blocks(text, "console"):
        for offset, line in enumerate(content.splitlines()):
            words = shlex.split(line, comments=True) if line.startswith("$ ") else []
            if words[1:2] == ["cosmodrome"]:
                yield first + offset, words[2:]


def run(text: str, name: str) -> dict[str, Any]:
    """Execute the Python blocks of one document in order, in one namespace."""
    names: dict[str, Any] = {"__name__": "__document__"}
    for line, content in blocks(text, "python"):
        # Blank lines in front make a traceback point into the document.
        exec(compile("\n" * (line - 1) + content, name, "exec"), names)  # noqa: S102
    return names


def front_door() -> click.Group:
    """The group of commands behind the console script."""
    from cosmodrome import cli

    (group,) = {id(v): v for v in vars(cli).values() if isinstance(v, click.Group)}.values()
    return group


def parse(words: list[str]) -> None:
    """Let click parse a command line without running it."""
    group = front_door()
    with group.make_context("cosmodrome", list(words)) as context:
        rest = [*context._protected_args, *context.args]
        _, command, left = group.resolve_command(context, rest)
        assert command is not None
        with command.make_context(command.name, left, parent=context):
            pass


@pytest.mark.parametrize("name", NAMES)
def test_python_blocks_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run((ROOT / name).read_text(encoding="utf-8"), name)


@pytest.mark.parametrize("name", NAMES)
def test_commands_parse(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for line, words in commands((ROOT / name).read_text(encoding="utf-8")):
        try:
            parse(words)
        except (click.ClickException, click.exceptions.Exit) as error:
            if not (isinstance(error, click.exceptions.Exit) and error.exit_code == 0):
                pytest.fail(f"{name}:{line}: cosmodrome {shlex.join(words)}: {error}")


def test_the_front_page_is_not_empty_of_either() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert list(blocks(text, "python"))
    assert list(commands(text))


def test_the_front_page_shows_what_the_program_prints() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    printed = (ROOT / "tests/doors/data/plan_table.txt").read_text(encoding="utf-8")
    assert [content for _, content in blocks(text, "text")] == [printed]


def test_every_picture_and_page_named_is_there() -> None:
    for path in DOCUMENTS:
        for target in links(path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def links(text: str) -> Iterator[str]:
    """Relative targets of links and pictures."""
    for token in MarkdownIt().parse(text):
        for child in token.children or []:
            target = str(child.attrs.get("href") or child.attrs.get("src") or "")
            if target and "://" not in target:
                yield target.partition("#")[0]


def test_a_wrong_block_is_seen() -> None:
    with pytest.raises(ZeroDivisionError):
        run("text\n\n```python\nx = 0\n```\n\n```python\n1 / x\n```\n", "planted.md")


@pytest.mark.parametrize("command", ["launch", "plan angara-1.2 --form vostochny"])
def test_a_wrong_command_is_seen(command: str) -> None:
    ((_, words),) = commands(f"```console\n$ cosmodrome {command}\noutput\n```\n")
    with pytest.raises(click.ClickException):
        parse(words)
