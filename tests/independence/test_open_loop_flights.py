"""Unguided samples side by side in fixed steps, against the re-flight's adaptive integrator.

What differs in a sample (masses, thrust, burn times, what is dropped) is worked out here
by hand and handed to the re-flight as a plan of its own: nothing of the way the samples
are prepared is used.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cosmodrome.campaign import PlanOptions, plan_mission
from cosmodrome.campaign.disperse_course import Course, course_of
from cosmodrome.campaign.disperse_flight import flown_open_loop, flyers_of
from cosmodrome.campaign.instant import liftoff
from cosmodrome.flight.fall import WindProfiles
from cosmodrome.flight.vehicle import Vehicle
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.nouns import Mission, Wind
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.mission.plan import Plan
from cosmodrome.verify.fly import fly

SAME_M, SAME_M_S = 2.0, 0.02
"""At the separation of the first stage; half a metre was found with nothing off."""

ATLAS = ("atlas-v-551", "cape-canaveral", "gto")
"""Five solids with a thrust table, a throttled core, parts dropped while it burns."""


@pytest.fixture(scope="module")
def planned() -> tuple[Mission, Plan, float]:
    vehicle, site, orbit = ATLAS
    mission = make_mission(load_vehicle(vehicle), load_site(site), parse_orbit(orbit))
    plan = plan_mission(mission, PlanOptions(alternatives=False, partials=False)).plan
    assert plan is not None
    return mission, plan, liftoff(mission, plan)[1]


def by_hand(mission: Mission, core_kg: float, solid_dry_kg: float, hot: float) -> Vehicle:
    """The vehicle with the core's thrust up by a share, its dry mass and the solids' changed.

    A core that pushes and burns more by a share, at an unchanged programme, is out sooner.
    """
    core, group = mission.vehicle.stages[0], mission.vehicle.boosters[0]
    assert core.motor is not None
    motor = replace(core.motor, thrust_vac_n=core.motor.thrust_vac_n * (1.0 + hot))
    stages = (
        replace(core, dry_kg=core.dry_kg + core_kg, motor=motor),
        *mission.vehicle.stages[1:],
    )
    unit = replace(group.unit, dry_kg=group.unit.dry_kg + solid_dry_kg)
    return replace(mission.vehicle, stages=stages, boosters=(replace(group, unit=unit),))


def sampled(course: Course, vehicle: Vehicle, east_m_s: float) -> tuple[float, Any]:
    one = np.ones(1)
    wind = np.full((1, 2), east_m_s)
    winds = WindProfiles(np.array([0.0, 1e6]), wind, 0.0 * wind)
    passed = flown_open_loop(course, flyers_of(course, [vehicle], one, winds, 0 * one, 0 * one))
    y = np.concatenate([passed.r_m[-1, 0], passed.v_m_s[-1, 0], passed.mass_kg[-1]])
    return float(passed.t_s[-1, 0]), y


def test_a_sample_is_flown_as_the_re_flight_would(planned: tuple[Mission, Plan, float]) -> None:
    mission, plan, meridian = planned
    core_kg, solid_kg, hot = 120.0, -15.0, 0.004
    vehicle = by_hand(mission, core_kg, solid_kg, hot)
    course = course_of(mission, plan, meridian)
    core, group = mission.vehicle.stages[0], mission.vehicle.boosters[0]

    # When the core is out: it burns more by a share, so that in the plan's own flight
    # this much is left in it by then.
    nominal = fly(mission, plan, meridian)
    last = next(
        one for one in nominal.legs[::-1] if core.name in [b.stage for b in one.leg.burning]
    )
    t = np.linspace(float(last.t_s[0]), float(last.t_s[-1]), 20_001)
    flow = np.interp(t, last.t_s, last.flow_kg_s)
    left = np.cumsum((0.5 * (flow[1:] + flow[:-1]) * np.diff(t))[::-1])[::-1]
    out = float(np.interp(-core.usable_kg * hot / (1.0 + hot), -left, t[:-1]))
    early = last.leg.end_s - out
    assert early > 0.2

    legs = []
    for leg in plan.legs[: len(course.legs)]:
        start = leg.start_s - (early if leg.start_s > out else 0.0)
        end = leg.end_s - (early if leg.end_s > out else 0.0)
        dropped = leg.dropped_kg
        if f"{group.name} separation" in leg.events:
            dropped += group.count * solid_kg
        legs.append(replace(leg, start_s=start, end_s=end, dropped_kg=dropped))
    heavier = plan.liftoff_mass_kg + core_kg + group.count * solid_kg
    theirs = replace(plan, legs=tuple(legs), liftoff_mass_kg=heavier)
    wind = Wind(((0.0, 25.0, 0.0), (1e6, 25.0, 0.0)))
    windy = replace(mission, vehicle=vehicle, environment=replace(mission.environment, wind=wind))

    at, ours = sampled(course, vehicle, 25.0)
    last = fly(windy, theirs, meridian).legs[-1]
    assert at == pytest.approx(float(last.t_s[-1]), abs=1e-3)
    assert np.linalg.norm(ours[:3] - last.y[-1, :3]) < SAME_M
    assert np.linalg.norm(ours[3:6] - last.y[-1, 3:6]) < SAME_M_S
    assert ours[6] == pytest.approx(last.y[-1, 6], abs=1.0)
    # And it is not the plan's own flight: the comparison could have failed.
    same = nominal.legs[len(legs) - 1].y[-1]
    assert np.linalg.norm(ours[:3] - same[:3]) > 100.0 * SAME_M
