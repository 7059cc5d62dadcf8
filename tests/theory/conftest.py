"""The benchmark of the literature, solved and flown once for every test of this room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from cosmodrome.ascent.attempt import Attempt, Workshop
from cosmodrome.ascent.starts import resolved_target, starts
from cosmodrome.campaign import PlanOptions, plan_mission
from cosmodrome.campaign.answer import Answer
from cosmodrome.mission.mission_file import load_mission
from cosmodrome.mission.nouns import Mission


@pytest.fixture(scope="session")
def workshop() -> Workshop:
    """Built problems, shared by both benchmarks where their structure allows."""
    return Workshop()


@pytest.fixture(scope="session")
def example(repository: Path) -> Callable[[str], Mission]:
    """A mission file of the examples, its target resolved."""

    def load(name: str) -> Mission:
        mission = load_mission(repository / "examples" / f"{name}.toml")
        return replace(mission, target=resolved_target(mission))

    return load


@pytest.fixture(scope="session")
def answered(workshop: Workshop, example: Callable[[str], Mission]) -> Callable[[str], Answer]:
    """The answer to an example, alternatives off."""

    @cache
    def answer(name: str) -> Answer:
        return plan_mission(example(name), PlanOptions(alternatives=False), workshop=workshop)

    return answer


@pytest.fixture(scope="session")
def delta3(workshop: Workshop, example: Callable[[str], Mission]) -> tuple[Mission, Attempt]:
    """The optimum of the Delta III benchmark with its multipliers."""
    mission = example("delta3")
    attempt = workshop.attempt(mission, starts(mission)[0])
    assert attempt.solution.status == "solved"
    return mission, attempt
