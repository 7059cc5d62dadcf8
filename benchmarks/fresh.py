"""Measurements in fresh processes: entrants in turn on one task, or studies of our own.

A script that is measured prints one JSON document as its last line.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import record

PEERS = record.HERE.parent / ".venv-bench" / "bin" / "python"
Row = dict[str, Any]


def json_line(label: str, words: Sequence[str | Path], *, one_thread: bool) -> Row:
    """What a script prints in a process of its own.

    Raises
    ------
    SystemExit
        With the label and what the process said, if it fails or prints no JSON.
    """
    done = subprocess.run(
        [str(word) for word in words],
        env=record.environment(one_thread=one_thread),
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.strip().splitlines()
    try:
        found = json.loads(lines[-1]) if done.returncode == 0 and lines else None
    except json.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise SystemExit(f"{label} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return found


@dataclass(frozen=True)
class Entrant:
    """One program that does the task of a comparison and prints one JSON line."""

    label: str
    python: Path
    script: Path
    words: tuple[str, ...] = ()
    one_thread: bool = True

    def measure(self) -> Row:
        """Once, in a process of its own."""
        words: tuple[str | Path, ...] = (self.python, self.script, *self.words)
        return json_line(self.label, words, one_thread=self.one_thread)


def ours(label: str, script: str, *words: str, one_thread: bool = True) -> Entrant:
    """A script of `speed`, in our own environment."""
    return Entrant(label, Path(sys.executable), record.HERE / "speed" / script, words, one_thread)


def peer(label: str, script: str, *words: str, one_thread: bool = True) -> Entrant:
    """A script of `peers`, in theirs."""
    return Entrant(label, PEERS, record.HERE / "peers" / script, words, one_thread)


def rounds(entrants: Sequence[Entrant], count: int) -> dict[str, list[Row]]:
    """Measurements of each entrant; the order turns from round to round."""
    taking_part = [entrant for entrant in entrants if entrant.python.exists()]
    for absent in (entrant for entrant in entrants if entrant not in taking_part):
        print(f"{absent.label} left out: .venv-bench is missing, see `make bench`", file=sys.stderr)
    found: dict[str, list[Row]] = {entrant.label: [] for entrant in taking_part}
    for k in range(count):
        turn = k % len(taking_part)
        for entrant in taking_part[turn:] + taking_part[:turn]:
            found[entrant.label].append(entrant.measure())
            print(f"round {k + 1}/{count}: {entrant.label}", file=sys.stderr)
    return found


@dataclass(frozen=True)
class Study:
    """Cases of our own, each solved in a process of its own.

    Parameters
    ----------
    section : str, where it is kept
    script : Path, that solves one case with `--once NAME`
    cases : sequence of frozen dataclasses with a `name`
    solve : from a case to a row
    table : from the rows to Markdown
    cost : the key of a row that tells which of several runs is the median one
    """

    section: str
    script: Path
    cases: Sequence[Any]
    solve: Callable[[Any], Row]
    table: Callable[[list[Row]], list[str]]
    cost: str = "wall_s"

    def _case(self, name: str, runs: int) -> Row:
        words = (sys.executable, self.script, "--once", name)
        label = f"case {name!r} of {self.section}"
        found = [json_line(label, words, one_thread=False) for _ in range(runs)]
        found.sort(key=lambda row: float(row[self.cost]))
        spread = record.spread([row[self.cost] for row in found])
        return found[(runs - 1) // 2] | {"runs": runs, f"{self.cost}_spread": spread}

    def measured(self, runs: int | None = None) -> record.Measured:
        """Every case, its median run; once if not told how often."""
        rows = [self._case(case.name, runs or 1) for case in self.cases]
        return record.Measured(self.section, {"cases": rows}, self.table(rows))

    def main(self) -> None:
        """Measure, keep, and show; with `--once NAME` only print one JSON line."""
        parser = argparse.ArgumentParser(description=f"the measurement {self.section}")
        parser.add_argument("--once", choices=[case.name for case in self.cases])
        once = parser.parse_args().once
        if once is None:
            record.keep(self.measured())
            return
        case = next(case for case in self.cases if case.name == once)
        print(json.dumps(self.solve(case)), flush=True)
