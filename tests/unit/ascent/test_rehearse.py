"""First guesses: flown by the vehicle itself, however slowly it leaves the pad."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.ascent.attempt import first_guess, pose
from cosmodrome.ascent.starts import resolved_target, starts
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.orbit_text import parse_orbit


def lifting_with(share: float) -> Mission:
    """Angara-1.2 with a share of its first stage's thrust; 0.94 is 1.09 of its weight."""
    mission = make_mission(
        load_vehicle("angara-1.2"), load_site("vostochny"), parse_orbit("200 km 80 deg")
    )
    first, *others = mission.vehicle.stages
    assert first.motor is not None
    weak = replace(first, motor=replace(first.motor, thrust_vac_n=first.motor.thrust_vac_n * share))
    mission = replace(mission, vehicle=replace(mission.vehicle, stages=(weak, *others)))
    return replace(mission, target=resolved_target(mission))


@pytest.mark.parametrize("share", [1.0, 0.94])
def test_a_rehearsal_comes_up_to_the_orbit(share: float) -> None:
    """A gravity turn begun too slowly tips over by the Earth's turning alone, and sinks."""
    mission = lifting_with(share)
    start = starts(mission)[0]
    guess = first_guess(mission, pose(mission, start), start)
    end = np.linalg.norm(guess.phases[-1].x[-1, :3])
    assert abs(end - mission.target.perigee_radius_m) < 60e3
