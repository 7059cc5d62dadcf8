"""Built problems are kept for the next question, and not without end."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from cosmodrome.ascent import attempt as attempting
from cosmodrome.ascent import equations
from cosmodrome.ascent.attempt import Attempt, Workshop, pose
from cosmodrome.ascent.ending import ending
from cosmodrome.ascent.mesh import mesh_count
from cosmodrome.ascent.starts import resolved_target, starts
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.ocp import Solution


def test_the_oldest_problem_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[object] = []

    class Stub:
        build_s = 0.0

        def __init__(self, problem: object, **_: bool) -> None:
            built.append(problem)

    monkeypatch.setattr(attempting, "Solver", Stub)
    monkeypatch.setattr(attempting, "_PROBLEMS", 2)
    mission = make_mission(
        load_vehicle("angara-1.2"), load_site("vostochny"), parse_orbit("200 km 60 deg")
    )
    mission = replace(mission, target=resolved_target(mission))
    start = starts(mission)[0]
    first = pose(mission, start)
    finer = (
        tuple(replace(leg, intervals=times * mesh_count(leg)) for leg in first.legs)
        for times in (2, 3)
    )
    second, third = (pose(mission, start, like=replace(first, legs=legs)) for legs in finer)
    workshop = Workshop()
    kept = workshop.solver(first)
    workshop.solver(second)
    assert workshop.solver(first) is kept
    workshop.solver(third)  # the second, not used since, goes
    assert workshop.solver(first) is kept
    assert len(built) == 3
    workshop.solver(second)
    assert len(built) == 4


def test_what_was_asked_before_does_not_count() -> None:
    """A problem built for another vehicle's lengths would lead to another optimum."""
    mission = make_mission(
        load_vehicle("angara-1.2"), load_site("vostochny"), parse_orbit("200 km 60 deg")
    )
    mission = replace(mission, target=resolved_target(mission))
    first, upper = mission.vehicle.stages
    assert upper.motor is not None
    slower = replace(upper, motor=replace(upper.motor, thrust_vac_n=upper.motor.thrust_vac_n / 3))
    other = replace(mission, vehicle=replace(mission.vehicle, stages=(first, slower)))
    one, two = (pose(each, starts(each)[0]) for each in (mission, other))
    assert [leg.name for leg in one.legs] == [leg.name for leg in two.legs]
    assert one.key != two.key


def test_a_neighbour_keeps_the_problem() -> None:
    mission = make_mission(
        load_vehicle("angara-1.2"), load_site("vostochny"), parse_orbit("200 km 60 deg")
    )
    mission = replace(mission, target=resolved_target(mission))
    first, upper = mission.vehicle.stages
    assert upper.motor is not None
    thrust = upper.motor.thrust_vac_n / 1.2
    longer = replace(upper, motor=replace(upper.motor, thrust_vac_n=thrust))
    other = replace(mission, vehicle=replace(mission.vehicle, stages=(first, longer)))
    start = starts(mission)[0]
    one = pose(mission, start)
    assert pose(other, start).key != one.key
    assert pose(other, start, like=one).key == one.key


def test_the_energy_of_an_escape_is_a_number_and_not_built_in() -> None:
    """Two asymptotes may share one problem: all that tells them apart is in its numbers."""
    missions = [
        make_mission(
            load_vehicle("atlas-v-551"),
            load_site("cape-canaveral"),
            parse_orbit(f"escape c3 {c3} dla 10"),
        )
        for c3 in (1, 40)
    ]
    one, two = (pose(each, starts(each)[0]) for each in missions)
    assert one.key == two.key
    point = np.array([7e6, 1e5, 2e5]), np.array([-10.0, 11e3, 3e3])
    ends = [
        ending(each.target, each.environment, node_fixed=False, argp_rad=None) for each in missions
    ]
    own = ends[0].rows(*point, np.array(ends[0].numbers))
    # The rows of the other question, with the numbers of this one.
    shared = ends[1].rows(*point, np.array(ends[0].numbers))
    assert [float(x) for x in shared] == [float(x) for x in own]


def test_what_keeps_turning_is_straightened_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same solution comes out turned again: it is left so, and what it cost is told."""
    made = make_mission(
        load_vehicle("atlas-v-551"), load_site("cape-canaveral"), parse_orbit("35786 km 0 deg")
    )
    mission = replace(made, target=resolved_target(made))
    (start,) = starts(mission)
    posed = pose(mission, start)
    turned = Solution("solved", "", -1.0, 0.0, 5, 0.5, (), *(np.zeros(1),) * 4)
    asked: list[object] = []

    def solved(*question: object) -> Solution:
        asked.append(question)
        return turned

    monkeypatch.setattr(attempting, "unwound", lambda _posed, solution: solution)
    monkeypatch.setattr(attempting, "without_idle_burn", lambda *_: None)
    monkeypatch.setattr(attempting, "_as_guess", lambda solution: solution)
    monkeypatch.setattr(attempting, "_first_of", solved)
    monkeypatch.setattr(Workshop, "solver", lambda *_: None)
    found = Workshop().tidied(mission, Attempt(start, posed, turned))
    assert len(asked) == 1
    assert found.solution.iterations == 10
    assert found.solution.solve_s == 1.0


def test_legs_begin_when_those_of_the_known_flight_do() -> None:
    """LVM3's core throttles for a minute longer than its nominal burn."""
    mission = make_mission(
        load_vehicle("lvm3"), load_site("sriharikota"), parse_orbit("sso 500 km")
    )
    mission = replace(mission, target=resolved_target(mission))
    posed = pose(mission, starts(mission)[0])
    spans = [10.0 * (k + 1) for k in range(len(posed.legs))]
    known = cast("Any", SimpleNamespace(phases=[SimpleNamespace(duration=s) for s in spans]))
    timed = attempting._timed(posed, known)
    begun = [float(phase.own[-equations.OWN_TAIL]) for phase in timed.data.phases]
    # Legs of a fixed length keep it, whatever the flight was known by.
    free = [leg.bounds_s is not None for leg in posed.legs]
    lasted = [
        span if loose else leg.duration_s
        for span, loose, leg in zip(spans, free, posed.legs, strict=True)
    ]
    assert begun == pytest.approx([sum(lasted[:k]) for k in range(len(spans))])
    assert any(free)
    assert not all(free)
    assert timed.key == posed.key
    for old, new in zip(posed.data.phases, timed.data.phases, strict=True):
        assert np.delete(new.own, -equations.OWN_TAIL) == pytest.approx(
            np.delete(old.own, -equations.OWN_TAIL)
        )
