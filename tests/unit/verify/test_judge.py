"""The judge passes what agrees and refuses every planted error, each for its own reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import degrees, radians
from typing import Any

import numpy as np
import pytest

from cosmodrome.mission.nouns import Mission, Target
from cosmodrome.mission.plan import Leg, Plan, Profile
from cosmodrome.verify.fly import Flight, fly
from cosmodrome.verify.judge import Check, Tolerances, Verdict, judge
from cosmodrome.verify.record import record

Made = tuple[Mission, Plan, Flight]


def judged(mission: Mission, plan: Plan, flight: Flight | None = None, **more: Any) -> Verdict:
    """The verdict on a plan; a flight is given where nothing that flies was changed."""
    flight = flight or fly(mission, plan)
    return judge(mission, plan, flight, record(mission, flight), **more)


def limited(mission: Mission, **limits: Any) -> Mission:
    return replace(mission, limits=replace(mission.limits, **limits))


def broken(verdict: Verdict) -> set[str]:
    return {check.name for check in verdict.checks if not check.met}


def check(verdict: Verdict, name: str) -> Check:
    return next(one for one in verdict.checks if one.name == name)


def test_what_agrees_is_passed(made: Made) -> None:
    mission, plan, flight = made
    verdict = judged(mission, plan, flight)
    assert verdict.passed
    assert verdict.position_error_m == 0.0
    assert verdict.target_position_error_m < 1e-3
    assert verdict.target_velocity_error_m_s < 1e-6
    assert set(verdict.target_error) == {"inclination_deg", "perigee_km", "apogee_km", "argp_deg"}
    assert {one.name for one in verdict.checks} == {
        "propellant, core",
        "propellant, upper",
        "propellant, solid",
        "ignitions, upper",
    }


def steered(plan: Plan, k: int, pitch_rad: float, yaw_rad: float = 0.0) -> Plan:
    leg = plan.legs[k]
    assert leg.angles is not None
    angles = Profile(
        leg.angles.breaks_s, leg.angles.nodes, leg.angles.values + np.array([pitch_rad, yaw_rad])
    )
    legs = (*plan.legs[:k], replace(leg, angles=angles), *plan.legs[k + 1 :])
    return replace(plan, legs=legs)


@pytest.mark.parametrize("k", [2, 5])
def test_steering_off_by_a_tenth_of_a_degree_is_refused(made: Made, k: int) -> None:
    mission, plan, _ = made
    for angles in ((radians(0.1), 0.0), (0.0, radians(0.1))):
        verdict = judged(mission, steered(plan, k, *angles))
        assert not verdict.passed
        assert verdict.position_error_m > 100.0
        assert verdict.velocity_error_m_s > 0.1


def test_tolerances_may_be_tightened(made: Made) -> None:
    mission, plan, _ = made
    off = steered(plan, 7, radians(0.003))
    assert judged(mission, off).passed
    verdict = judged(mission, off, tolerances=Tolerances(position_m=1e-3, velocity_m_s=1e-6))
    assert not verdict.passed


@pytest.mark.parametrize(
    ("off_m", "off_m_s", "passed"),
    [(99.0, 0.0, True), (101.0, 0.0, False), (0.0, 0.099, True), (0.0, 0.101, False)],
)
def test_an_end_other_than_predicted_is_refused(
    made: Made, off_m: float, off_m_s: float, passed: bool
) -> None:
    """On the target's orbit, but not where the plan said: each threshold on its own."""
    mission, plan, flight = made
    moved = replace(
        plan,
        predicted_r_m=plan.predicted_r_m + np.array([0.0, off_m, 0.0]),
        predicted_v_m_s=plan.predicted_v_m_s + np.array([0.0, 0.0, off_m_s]),
    )
    verdict = judged(mission, moved, flight)
    assert verdict.passed is passed
    assert verdict.position_error_m == pytest.approx(off_m, abs=1e-6)
    assert verdict.velocity_error_m_s == pytest.approx(off_m_s, abs=1e-9)


def test_too_much_propellant_is_refused(
    made: Made, as_flown: Callable[[Mission, tuple[Leg, ...]], Made]
) -> None:
    """A tank that is a kilogram short; the flight itself is as planned."""
    mission, plan, flight = made
    used: dict[str, float] = {}
    for one in flight.legs:
        for name, kg in one.burnt_kg:
            used[name] = used.get(name, 0.0) + kg
    core, upper = mission.vehicle.stages
    assert used["core"] == pytest.approx(core.usable_kg, rel=1e-9)
    small = replace(upper, usable_kg=used["upper"] - 1.0, residual_kg=upper.residual_kg + 1.0)
    vehicle = replace(mission.vehicle, stages=(core, small))
    verdict = judged(replace(mission, vehicle=vehicle), plan, flight)
    assert broken(verdict) == {"propellant, upper"}
    assert check(verdict, "propellant, upper").margin == pytest.approx(-1.0, abs=1e-6)
    assert not verdict.passed
    longer = replace(plan.legs[-1], end_s=plan.legs[-1].end_s + 30.0)
    _, plan, flight = as_flown(mission, (*plan.legs[:-1], longer))
    assert "propellant, upper" in broken(judged(mission, plan, flight))


LIMITS: list[tuple[str, str, Callable[[Any], float]]] = [
    ("dynamic_pressure_pa", "dynamic pressure", lambda f: f.q_pa.max()),
    ("acceleration_m_s2", "axial acceleration", lambda f: f.acceleration_m_s2.max()),
    ("q_alpha_pa_rad", "q alpha", lambda f: (f.q_pa * f.alpha_rad)[f.t_s >= 10.0].max()),
]


@pytest.mark.parametrize(("field", "name", "peak"), LIMITS)
def test_a_limit_just_below_its_peak_is_broken(
    made: Made, field: str, name: str, peak: Callable[[Any], float]
) -> None:
    mission, plan, flight = made
    top = float(peak(record(mission, flight)))
    above = judged(limited(mission, **{field: 1.001 * top}), plan, flight)
    assert above.passed
    assert name in {one.name for one in above.checks}
    below = judged(limited(mission, **{field: 0.999 * top}), plan, flight)
    assert broken(below) == {name}
    assert not below.passed


def test_heating_counts_from_the_fairing_on(made: Made) -> None:
    mission, plan, flight = made
    flown = record(mission, flight)
    bare = flown.t_s > flight.legs[5].t_s[0]
    top = float(flown.heating_w_m2[bare].max())
    assert flown.heating_w_m2.max() > 10.0 * top
    assert judged(limited(mission, heating_w_m2=1.01 * top), plan, flight).passed
    assert broken(judged(limited(mission, heating_w_m2=0.99 * top), plan, flight)) == {
        "heating after fairing"
    }


def test_turn_rate_is_that_of_the_thrust_axis(made: Made) -> None:
    """The steepest of the straight lines is 14 deg in 20 s or so; jumps are infinite."""
    mission, plan, _ = made
    verdict = judged(limited(mission, pitch_rate_rad_s=radians(2.0)), plan)
    assert verdict.passed
    rates = [
        np.abs(
            np.diff(leg.angles.values[:, :, 0], axis=1)[:, 0] / np.diff(leg.angles.breaks_s)
        ).max()
        for leg in plan.legs
        if leg.angles is not None
    ]
    reached = check(verdict, "turn rate").reached
    assert reached == pytest.approx(degrees(max(rates)), rel=1e-6)
    jumped = steered(plan, 2, radians(1.0))
    verdict = judged(limited(mission, pitch_rate_rad_s=radians(2.0)), jumped)
    assert "turn rate" in broken(verdict)


def test_perigee_of_the_coast(made: Made) -> None:
    mission, plan, flight = made
    found = judged(limited(mission, coast_perigee_radius_m=6.5e6), plan, flight)
    assert broken(found) == {"coast perigee"}
    reached = 1e3 * check(found, "coast perigee").reached + mission.environment.equatorial_radius_m
    assert judged(limited(mission, coast_perigee_radius_m=reached - 100.0), plan, flight).passed
    assert flight.legs[6].leg.name == "coast"


def test_course_of_the_impact_point(made: Made) -> None:
    """Launched to 60 deg: a corridor around it is kept, one beside it is not."""
    mission, plan, flight = made

    def corridor(start: float, stop: float) -> Mission:
        return limited(mission, azimuths_rad=((radians(start), radians(stop)),))

    assert judged(corridor(50.0, 75.0), plan, flight).passed
    assert judged(corridor(350.0, 75.0), plan, flight).passed
    for wrong in ((65.0, 120.0), (70.0, 50.0), (0.0, 40.0)):
        verdict = judged(corridor(*wrong), plan, flight)
        assert broken(verdict) == {"course inside corridor"}
        assert check(verdict, "course inside corridor").reached < 0.0


@pytest.mark.parametrize(
    ("field", "change", "element"),
    [
        ("perigee_radius_m", 1500.0, "perigee_km"),
        ("apogee_radius_m", 1500.0, "apogee_km"),
        ("inclination_rad", radians(0.01), "inclination_deg"),
    ],
)
def test_another_orbit_than_the_target_is_refused(
    made: Made, field: str, change: float, element: str
) -> None:
    mission, plan, flight = made
    target = replace(mission.target, **{field: getattr(mission.target, field) + change})
    verdict = judged(replace(mission, target=target), plan, flight)
    assert not verdict.passed
    assert verdict.position_error_m == 0.0
    assert abs(verdict.target_error[element]) > 5e-3


def test_the_perigee_may_lie_at_any_of_the_arguments_asked_for(made: Made) -> None:
    mission, plan, flight = made
    angle = mission.target.argp_rad[0]

    def asked(*angles: float) -> Verdict:
        return judged(
            replace(mission, target=replace(mission.target, argp_rad=angles)), plan, flight
        )

    assert asked(angle + 3.0, angle).passed
    assert asked().passed
    assert not asked(angle + 3.0).passed
    assert not asked(angle + radians(0.1)).passed


def test_a_wrong_node_is_refused(made: Made) -> None:
    mission, plan, flight = made
    verdict = judged(mission, plan, flight)
    wrong = float(verdict.osculating.raan_rad) + radians(1.0)
    asked = replace(mission, target=replace(mission.target, raan_rad=wrong), inertial_angle_rad=0.0)
    assert not judged(asked, plan, flight).passed
    assert flight.meridian_rad == 0.0


def test_a_turned_pad_turns_what_is_expected(made: Made) -> None:
    mission, plan, flight = made
    flight = fly(mission, plan, 1.1)
    flown = record(mission, flight)
    # In turned axes the integrator takes other steps: its own error, no more.
    assert judge(mission, plan, flight, flown, 1.1).position_error_m < 0.3
    assert not judge(mission, plan, flight, flown, 0.0).passed


@pytest.mark.parametrize(
    ("limit", "reached", "floor", "margin", "met"),
    [
        (50.0, 49.0, False, 1.0, True),
        (50.0, 50.0, False, 0.0, True),
        (50.0, 50.0004, False, -0.0004, True),
        (50.0, 50.001, False, -0.001, False),
        (140.0, 150.0, True, 10.0, True),
        (140.0, 139.0, True, -1.0, False),
        (0.0, -1e-3, True, -1e-3, False),
        (0.0, 5.0, True, 5.0, True),
        (-30.0, -29.0, True, 1.0, True),
        (50.0, float("inf"), False, -float("inf"), False),
        (50.0, float("nan"), False, float("nan"), False),
    ],
)
def test_a_limit_is_met(
    limit: float, reached: float, floor: bool, margin: float, met: bool
) -> None:
    one = Check("x", limit, reached, "y", floor)
    assert one.margin == pytest.approx(margin, abs=1e-9, nan_ok=True)
    assert one.met is met


@pytest.mark.parametrize(("off_m", "passed"), [(99.0, True), (101.0, False), (-101.0, False)])
def test_a_circle_too_high_or_low_is_refused(made: Made, off_m: float, passed: bool) -> None:
    """The last state set by hand: the target's speed, level, but beside its radius."""
    mission, plan, flight = made
    radius, mu = 6.6e6, mission.environment.mu_m3_s2
    r = (radius + off_m) * np.array([1.0, 0.0, 0.0])
    v = np.sqrt(mu / radius) * np.array([0.0, np.cos(0.9), np.sin(0.9)])
    last = flight.legs[-1]
    y = last.y.copy()
    y[-1, :6] = np.concatenate([r, v])
    set_by_hand = replace(flight, legs=(*flight.legs[:-1], replace(last, y=y)))
    target = Target("circle", "circular", radius, radius, 0.9)
    there = replace(plan, predicted_r_m=r[None], predicted_v_m_s=v[None])
    verdict = judged(replace(mission, target=target), there, set_by_hand)
    assert verdict.passed is passed
    assert verdict.target_position_error_m == pytest.approx(abs(off_m), abs=1e-6)
    assert verdict.target_velocity_error_m_s < 1e-6


@pytest.mark.parametrize(
    ("more_kg", "least_kg", "broken"),
    [
        (-20.0, 0.0, set()),
        (20.0, 0.0, {"load, upper"}),
        (-3000.0, 0.0, {"propellant, upper"}),
        (-20.0, 6040.0, {"least load, upper"}),
    ],
)
def test_a_load_by_mission_is_judged_by_the_masses(
    made: Made, more_kg: float, least_kg: float, broken: set[str]
) -> None:
    """The plan lifts off with more or less than a full stage, its burns unchanged."""
    mission, plan, flight = made
    core, upper = mission.vehicle.stages
    stages = (core, replace(upper, least_loaded_kg=least_kg))
    mission = replace(mission, vehicle=replace(mission.vehicle, stages=stages))
    verdict = judged(mission, replace(plan, liftoff_mass_kg=plan.liftoff_mass_kg + more_kg), flight)
    assert {check.name for check in verdict.checks if not check.met} == broken


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({}, set()),
        ({"burns": 1}, {"ignitions, upper"}),
        ({"settling_kg": 5.0}, {"settling, upper"}),
    ],
)
def test_restarts_are_counted_and_settled(
    made: Made, change: dict[str, Any], broken: set[str]
) -> None:
    """The flight lights its upper stage twice and spends nothing to settle it."""
    mission, plan, flight = made
    core, upper = mission.vehicle.stages
    stages = (core, replace(upper, **change))
    mission = replace(mission, vehicle=replace(mission.vehicle, stages=stages))
    verdict = judged(mission, plan, flight)
    assert {check.name for check in verdict.checks if not check.met} == broken
