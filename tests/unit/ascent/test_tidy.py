"""Burns of no length and turns around the circle, made by hand and put right."""

from __future__ import annotations

from dataclasses import replace
from math import pi

import numpy as np
import pytest

from cosmodrome.ascent.attempt import pose
from cosmodrome.ascent.formulate import Formulation
from cosmodrome.ascent.starts import Start, resolved_target, starts
from cosmodrome.ascent.tidy import unwound, with_loose_coasts, without_idle_burn
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.ocp import Guess, PhaseGuess, PhaseSolution, Solution


@pytest.fixture(scope="module")
def posed() -> tuple[Start, Formulation]:
    """Geostationary by three burns: a raising burn between two coasts."""
    made = make_mission(
        load_vehicle("atlas-v-551"), load_site("cape-canaveral"), parse_orbit("35786 km 0 deg")
    )
    mission = replace(made, target=resolved_target(made))
    (start,) = starts(mission)
    return start, pose(mission, start)


def guess_of(posed: Formulation, raise_s: float) -> Guess:
    """Straight lines everywhere; the raising burn of a given length."""
    phases = []
    for k, leg in enumerate(posed.legs):
        width = len(posed.problem.phases[k].states)
        controls = len(posed.problem.phases[k].controls)
        x = np.zeros((3, width))
        x[:, 6] = 10e3
        length = raise_s if leg.after_coast and leg is not posed.legs[-1] else leg.duration_s
        phases.append(PhaseGuess(np.linspace(0.0, 1.0, 3), x, np.zeros((3, controls)), length))
    return Guess(tuple(phases), np.zeros(1))


def test_a_burn_that_does_something_stays(posed: tuple[Start, Formulation]) -> None:
    start, problem = posed
    assert without_idle_burn(start, problem.legs, guess_of(problem, 300.0)) is None


def test_an_idle_burn_leaves_one_coast_where_two_were(posed: tuple[Start, Formulation]) -> None:
    start, problem = posed
    guess = guess_of(problem, 0.02)  # a fifth of a metre per second
    found = without_idle_burn(start, problem.legs, guess)
    assert found is not None
    less, shorter = found
    assert less.route.burns == start.route.burns - 1
    assert less.name.startswith("two burns")
    assert len(shorter.phases) == len(guess.phases) - 2
    before = [one.duration for one in guess.phases]
    assert sum(one.duration for one in shorter.phases) == pytest.approx(sum(before))
    (coast,) = less.route.coasts
    shortest, length, longest = coast.coast_s
    assert shortest == length == longest
    assert coast.apogee_radius_m is None  # what follows is the last burn
    merged = shorter.phases[-2]
    assert merged.duration == pytest.approx(length)
    assert merged.fraction[0] == 0.0
    assert merged.fraction[-1] == 1.0
    assert np.all(np.diff(merged.fraction) > 0.0)
    loose = with_loose_coasts(less).route.coasts[0].coast_s
    assert loose[0] < loose[1] == length < loose[2]


def solution_with(posed: Formulation, pitch: np.ndarray) -> Solution:
    """A solution of nothing but the last burn's pitch, by interval."""
    phases = []
    for phase, pattern in zip(posed.problem.phases, posed.patterns, strict=True):
        n = len(pitch)
        grid = np.linspace(0.0, 1.0, 5)
        controls = len(phase.controls)
        u = tuple(np.zeros((n, 2)) for _ in range(controls))
        if pattern is not None and pattern.steering == "free":
            u = (pitch, *u[1:])
        one = PhaseSolution(
            *(phase.name, 100.0, np.linspace(0.0, 1.0, n + 1), grid, np.zeros((n, 5, 7)), u),
            *(np.zeros((n, 4, controls)), np.zeros((n, 4, 7)), np.zeros(0)),
        )
        phases.append(one)
    nothing = np.zeros(0)
    return Solution("solved", "", 0.0, 0.0, 1, 0.0, tuple(phases), nothing, *[nothing] * 3)


def test_steady_pitch_is_left_alone(posed: tuple[Start, Formulation]) -> None:
    _, problem = posed
    # Names of one direction may differ from interval to interval: that is no turn.
    steady = np.array([[0.1, 0.2], [0.2, 0.3], [0.3 - 2.0 * pi, 0.4 - 2.0 * pi], [0.4, 0.5]])
    assert unwound(problem, solution_with(problem, steady)) is None


def test_a_turn_around_the_circle_is_taken_back(posed: tuple[Start, Formulation]) -> None:
    _, problem = posed
    spun = np.array([[0.1, 0.2], [0.2, 0.3 - 2.0 * pi], [0.3 - 2.0 * pi, 0.4 - 2.0 * pi]])
    found = unwound(problem, solution_with(problem, spun))
    assert found is not None
    pitch = found.phases[-1].u[0]
    assert pitch[0] == pytest.approx([0.1, 0.2])
    assert pitch[1] == pytest.approx([0.25, 0.25])  # between its neighbours
    assert pitch[2] == pytest.approx([0.3, 0.4])
    assert found.phases[-1].u_nodes[2, :, 0] == pytest.approx(0.3 + 0.1 * np.linspace(0.25, 1, 4))
    assert unwound(problem, found) is None
