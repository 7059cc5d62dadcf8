"""Built problems are kept for the next question, and not without end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cosmodrome.ascent import attempt as attempting
from cosmodrome.ascent.attempt import Workshop, pose
from cosmodrome.ascent.starts import resolved_target, starts
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.orbit_text import parse_orbit


def test_the_oldest_problem_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[object] = []

    class Stub:
        build_s = 0.0

        def __init__(self, problem: object) -> None:
            built.append(problem)

    monkeypatch.setattr(attempting, "Solver", Stub)
    monkeypatch.setattr(attempting, "_PROBLEMS", 2)
    mission = make_mission(
        load_vehicle("angara-1.2"), load_site("vostochny"), parse_orbit("200 km 60 deg")
    )
    mission = replace(mission, target=resolved_target(mission))
    first, second, third = (pose(mission, starts(mission)[0], refine) for refine in (1, 2, 3))
    workshop = Workshop()
    kept = workshop.solver(first)
    workshop.solver(second)
    assert workshop.solver(first) is kept
    workshop.solver(third)  # the second, not used since, goes
    assert workshop.solver(first) is kept
    assert len(built) == 3
    workshop.solver(second)
    assert len(built) == 4
