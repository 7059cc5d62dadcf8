"""A stage loaded to the mission: the load that is chosen is the best one, and is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cosmodrome.ascent.attempt import Attempt, Workshop
from cosmodrome.ascent.starts import resolved_target, starts
from cosmodrome.campaign.partials import partials
from cosmodrome.campaign.proving import proved
from cosmodrome.flight.vehicle import unloaded_kg, with_unloaded
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.verify.judge import Tolerances

Solved = tuple[Workshop, Mission, Attempt]


def mission_to(orbit: str) -> Mission:
    """Electron from Mahia; its kick stage is loaded to the mission."""
    made = make_mission(load_vehicle("electron"), load_site("mahia"), parse_orbit(orbit))
    return replace(made, target=resolved_target(made))


def lit_late(workshop: Workshop, mission: Mission) -> Attempt:
    """The usual flight: the kick stage coasts up and burns once at the top."""
    late = next(one for one in starts(mission) if one.route.late)
    found = workshop.attempt(mission, late)
    assert found.solution.status == "solved"
    return found


@pytest.fixture(scope="module")
def solved() -> Solved:
    workshop, mission = Workshop(), mission_to("1000 km 40 deg")
    return workshop, mission, lit_late(workshop, mission)


def load_kg(attempt: Attempt, mission: Mission) -> float:
    return float(mission.vehicle.stages[-1].loaded_kg - attempt.solution.statics[-1])


def always_full(mission: Mission, kg: float) -> Mission:
    """The mission with a kick stage whose tanks hold this much and are full."""
    last = mission.vehicle.stages[-1]
    vehicle = with_unloaded(mission.vehicle, last.loaded_kg - kg)
    last = replace(vehicle.stages[-1], least_loaded_kg=None)
    return replace(mission, vehicle=replace(vehicle, stages=(*vehicle.stages[:-1], last)))


def test_the_load_lies_between_nothing_and_the_capacity(solved: Solved) -> None:
    _, mission, best = solved
    assert 1.0 < load_kg(best, mission) < 0.9 * mission.vehicle.stages[-1].loaded_kg


@pytest.mark.slow
def test_no_other_load_carries_more(solved: Solved) -> None:
    workshop, mission, best = solved
    load = load_kg(best, mission)
    worth = {}
    for factor in (0.8, 1.0, 1.3):
        other = always_full(mission, factor * load)
        start = replace(best.start, route=replace(best.start.route, load_share=1.0))
        found = workshop.attempt(other, start)
        assert found.solution.status == "solved"
        worth[factor] = found.worth
    assert worth[1.0] == pytest.approx(best.worth, rel=1e-4)
    assert worth[0.8] < worth[1.0] - 1e-3
    assert worth[1.3] < worth[1.0] - 1e-3


@pytest.mark.slow
def test_the_load_grows_with_altitude(solved: Solved) -> None:
    workshop, mission, best = solved
    lower = mission_to("600 km 40 deg")
    assert load_kg(lit_late(workshop, lower), lower) < 0.8 * load_kg(best, mission)


def test_the_flight_flies_its_own_load_and_is_judged_by_it(solved: Solved) -> None:
    workshop, mission, best = solved
    flown, proof = proved(workshop, mission, best, Tolerances())
    assert proof.verdict.passed
    plan, load = proof.plan, load_kg(flown, mission)
    missing = unloaded_kg(mission.vehicle, plan.liftoff_mass_kg, plan.payload_kg)
    assert mission.vehicle.stages[-1].loaded_kg - missing == pytest.approx(load, abs=0.01)
    checks = {check.name: check for check in proof.verdict.checks}
    assert checks["load, Kick stage"].reached == pytest.approx(load, abs=0.01)
    assert checks["propellant, Kick stage"].limit < load
    assert checks["velocity reserve"].margin == pytest.approx(0.0, abs=0.01)


def test_room_that_is_not_used_is_worth_nothing(solved: Solved) -> None:
    workshop, mission, best = solved
    table = {(one.quantity, one.part): one.kg_per_unit for one in partials(workshop, mission, best)}
    assert table["propellant", "Kick stage"] == pytest.approx(0.0, abs=0.01)
    assert table["dry mass", "Kick stage"] == pytest.approx(-1.0, abs=1e-4)


def test_a_fixed_payload_leaves_what_the_largest_one_would_not(solved: Solved) -> None:
    workshop, mission, best = solved
    lighter = replace(mission, payload_kg=best.worth - 5.0)
    found = lit_late(workshop, lighter)
    _, proof = proved(workshop, lighter, found, Tolerances())
    assert proof.verdict.passed
    checks = {check.name: check for check in proof.verdict.checks}
    spare = checks["propellant, Kick stage"]
    held = mission.vehicle.reserve_m_s / (9.80665 * 320.0) * found.worth
    assert spare.margin > held + 4.0
