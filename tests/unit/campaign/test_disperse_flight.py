"""Unguided flights side by side: the plan's own where nothing is off, and the right way off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from cosmodrome.campaign import PlanOptions, plan_mission
from cosmodrome.campaign.disperse_course import Course, course_of
from cosmodrome.campaign.disperse_fall import (
    Ensemble,
    batch_of_flights,
    falling_from,
    names_of,
    width_of,
)
from cosmodrome.campaign.disperse_flight import (
    Flyers,
    Passed,
    flown_open_loop,
    flyers_of,
    instants,
)
from cosmodrome.campaign.disperse_sigmas import FlightSigmas
from cosmodrome.campaign.dropped import dropped_parts, known_sheet
from cosmodrome.campaign.instant import liftoff
from cosmodrome.errors import InputError
from cosmodrome.flight.burn import full_flow
from cosmodrome.flight.fall import WindProfiles
from cosmodrome.flight.variation import Variation, varied
from cosmodrome.flight.vehicle import Vehicle
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.mission.plan import Plan
from cosmodrome.verify.fly import Flight, fly
from cosmodrome.world import earth

SAME_M, SAME_M_S = 1.0, 0.01
"""Fixed steps beside the adaptive re-flight at rtol 1e-11: half a metre was found."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Flown:
    mission: Mission
    plan: Plan
    course: Course
    flight: Flight
    epoch_utc: str


@pytest.fixture(scope="module")
def flown() -> Flown:
    orbit = parse_orbit("200 km 51.7 deg")
    mission = make_mission(load_vehicle("angara-1.2"), load_site("vostochny"), orbit)
    plan = plan_mission(mission, PlanOptions(alternatives=False, partials=False)).plan
    assert plan is not None
    epoch, meridian = liftoff(mission, plan)
    course = course_of(mission, plan, meridian)
    return Flown(mission, plan, course, fly(mission, plan, meridian), epoch)


@dataclass(frozen=True)
class Off:
    """What is off in one sample."""

    vehicle: Vehicle | None = None
    east_m_s: float = 0.0
    pitch: float = 0.0
    yaw: float = 0.0
    density: float = 1.0


def flyers(course: Course, samples: Sequence[Off]) -> Flyers:
    def every(name: str) -> Array:
        return np.array([getattr(one, name) for one in samples])

    wind = np.repeat(every("east_m_s")[:, None], 2, axis=1)
    winds = WindProfiles(np.array([0.0, 1e5]), wind, 0.0 * wind)
    vehicles = [one.vehicle or course.mission.vehicle for one in samples]
    return flyers_of(course, vehicles, every("density"), winds, every("pitch"), every("yaw"))


def passed(course: Course, *samples: Off, step_s: float = 2.0) -> Passed:
    """Samples flown side by side."""
    return flown_open_loop(course, flyers(course, samples or [Off()]), step_s)


def test_where_nothing_is_off_it_is_the_re_flight(flown: Flown) -> None:
    found = passed(flown.course)
    for k in range(1, len(flown.course.instants_s)):
        leg = flown.flight.legs[k - 1]
        assert found.t_s[k, 0] == pytest.approx(leg.t_s[-1], abs=1e-6)
        assert np.linalg.norm(found.r_m[k, 0] - leg.y[-1, :3]) < SAME_M
        assert np.linalg.norm(found.v_m_s[k, 0] - leg.y[-1, 3:6]) < SAME_M_S
        assert found.mass_kg[k, 0] == pytest.approx(leg.y[-1, 6], abs=0.01)


def test_half_the_step_gives_the_same(flown: Flown) -> None:
    coarse, fine = passed(flown.course), passed(flown.course, step_s=1.0)
    assert np.linalg.norm(coarse.r_m[-1, 0] - fine.r_m[-1, 0]) < 0.5 * SAME_M


def test_propellant_burns_on_and_masses_are_kept(flown: Flown) -> None:
    """More propellant burns on at the last throttle, and the separation waits for it."""
    vehicle, stage = flown.mission.vehicle, flown.mission.vehicle.stages[0]
    more = varied(vehicle, Variation("propellant", stage.name, 500.0))
    heavy = varied(vehicle, Variation("dry mass", stage.name, 150.0))
    found = passed(flown.course, Off(), Off(more), Off(heavy))
    assert stage.motor is not None
    full = 500.0 / full_flow(stage.motor, flown.mission.environment.g0_m_s2)
    level = flown.flight.legs[len(flown.course.legs) - 2].throttle[-1]
    late = found.t_s[-1] - flown.course.instants_s[-1]
    assert late[1] == pytest.approx(full / level, rel=1e-6)
    assert abs(late[2]) < 1e-6
    # What is left at the separation is what was never burnt nor dropped.
    kg = found.mass_kg[-1]
    assert kg[1] == pytest.approx(kg[0], abs=0.05)
    assert kg[2] == pytest.approx(kg[0] + 150.0, abs=0.01)


def test_every_error_pushes_the_right_way(flown: Flown) -> None:
    course, vehicle = flown.course, flown.mission.vehicle
    stage = vehicle.stages[0].name
    better = [
        Off(varied(vehicle, one))
        for one in (
            Variation("thrust", stage, 0.01),
            Variation("specific impulse", stage, 3.0),
            Variation("dry mass", stage, -100.0),
            Variation("drag", "vehicle", -0.3),
        )
    ]
    others = [Off(), Off(density=1.3), Off(east_m_s=20.0), Off(pitch=0.01), Off(yaw=0.01)]
    found = passed(course, *others, *better)
    r, v = found.r_m[-1], found.v_m_s[-1]
    energy = 0.5 * np.sum(v * v, axis=1) - flown.mission.environment.mu_m3_s2 / np.linalg.norm(
        r, axis=1
    )
    assert energy[1] < energy[0]
    assert (energy[5:] > energy[0]).all()
    east, _, up = earth.local_axes(course.mission.site.latitude_rad, course.meridian_rad)
    moved = r - r[0]
    assert moved[2] @ east > 20.0
    assert moved[3] @ up > 1000.0
    # Yaw turns the course to the side that its axis says: c = d x u, to the right.
    assert moved[4] @ np.cross(v[0], r[0]) > 0.0


def ensemble_of(flown: Flown) -> Ensemble:
    parts = dropped_parts(flown.mission, flown.flight, flown.epoch_utc, known_sheet(flown.mission))
    return Ensemble(flown.course, falling_from(flown.course, parts.parts), FlightSigmas())


def test_a_sample_is_the_same_in_any_company(flown: Flown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cosmodrome.campaign.disperse_fall.BATCH", 19)
    ensemble = ensemble_of(flown)
    rows = np.random.default_rng(1).standard_normal((19, width_of(ensemble)))
    assert len(names_of(ensemble)) == width_of(ensemble)
    whole, few = batch_of_flights(ensemble, rows), batch_of_flights(ensemble, rows[:3])
    other = rows.copy()
    other[3:] = rows[:2:-1]
    among = batch_of_flights(ensemble, other)
    assert [one.part.name for one in ensemble.falling] == ["URM-1"]
    for name, column in few.items():
        assert whole[name][:3] == column == among[name][:3], name
    with pytest.raises(InputError):
        batch_of_flights(ensemble, np.zeros((20, width_of(ensemble))))


def test_numbers_of_zero_come_down_where_the_plan_says(
    flown: Flown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same stage by the house's other way: the re-flight's state, its own fall."""
    from cosmodrome.safety.drop_zones import Dispersions, drop_zone

    monkeypatch.setattr("cosmodrome.campaign.disperse_fall.BATCH", 2)
    ensemble = ensemble_of(flown)
    found = batch_of_flights(ensemble, np.zeros((1, width_of(ensemble))))
    zone = drop_zone(ensemble.falling[0].part, flown.mission.environment, Dispersions(), samples=50)
    assert zone is not None
    assert found["0 down"] == [True]
    assert found["0 latitude_rad"][0] == pytest.approx(zone.latitude_rad, abs=1e-6)  # 6 m
    assert found["0 longitude_rad"][0] == pytest.approx(zone.longitude_rad, abs=1e-6)


def test_instants_never_run_backwards(flown: Flown) -> None:
    """Even where a stage runs dry before its throttle programme is over."""
    stage = flown.mission.vehicle.stages[0]
    dry = varied(flown.mission.vehicle, Variation("propellant", stage.name, -0.9 * stage.usable_kg))
    when, _, _ = instants(flown.course, flyers(flown.course, [Off(dry)]))
    assert (np.diff(when, axis=0) >= 0.0).all()


def test_a_plan_that_drops_no_first_stage_is_refused(flown: Flown) -> None:
    legs = tuple(replace(leg, events=()) for leg in flown.plan.legs)
    with pytest.raises(InputError, match="drops no first stage"):
        course_of(flown.mission, replace(flown.plan, legs=legs), 0.0)
