"""Plans to be flown by more than one formulation, each made once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from cosmodrome.ascent.attempt import Workshop
from cosmodrome.ascent.read import read
from cosmodrome.ascent.starts import resolved_target, starts
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.mission.plan import Plan

ROUTES = {
    # Air all the way up, throttled core, an inert rider.
    "angara-1.2": ("vostochny", "200 km 51.7 deg"),
    # Four strap-ons beside a core.
    "soyuz-2.1a": ("baikonur", "200 km 51.6 deg"),
    # Southern hemisphere, eighteen minutes of flight.
    "electron": ("mahia", "200 km 60 deg"),
}


@pytest.fixture(scope="session")
def planned() -> Callable[[str], tuple[Mission, Plan]]:
    """Mission and optimised plan of a vehicle, from its best-bet start."""

    @cache
    def plan(name: str) -> tuple[Mission, Plan]:
        site, orbit = ROUTES[name]
        asked = make_mission(load_vehicle(name), load_site(site), parse_orbit(orbit))
        mission = replace(asked, target=resolved_target(asked))
        attempt = Workshop().attempt(mission, starts(mission)[0])
        assert attempt.solution.status == "solved", name
        return mission, read(mission, attempt.posed, attempt.solution)

    return plan
