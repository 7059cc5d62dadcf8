"""The rocket equation through the forces, the optimal-control layer and the re-flight."""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np
import pytest

from cosmodrome.flight import forces
from cosmodrome.flight.vehicle import Aerodynamics, Motor, Stage, Vehicle
from cosmodrome.mission.nouns import Atmosphere, Environment, Limits, Mission, Site, Target
from cosmodrome.mission.plan import Burning, Leg, Plan
from cosmodrome.ocp import (
    Data,
    Guess,
    Phase,
    PhaseData,
    PhaseGuess,
    Point,
    Problem,
    Solver,
    SolverOptions,
    column,
)
from cosmodrome.verify.fly import fly
from cosmodrome.verify.record import losses, record

SPEED_M_S = 1e-6  # of 3.4 km/s; the re-flight's own tolerance is 1e-7
HEIGHT_M = 1e-3  # of 100 km above a radius of 6.4e6 m, summed in double precision
SHARE = 1e-12  # relative, of a mass that falls evenly
COLLOCATED = 1e-7  # relative; 4e-8 by sixteen intervals of degree 4 over a mass ratio of ten
QUADRATURE = 0.02  # relative; Simpson's rule on the burn's seven samples

DRY_KG, PROPELLANT_KG, PAYLOAD_KG = 800.0, 9000.0, 200.0
MOTOR = Motor(thrust_vac_n=3e5, isp_vac_s=150.0)
# No pull, no air, no turning: what is left is the rocket.
NOTHING = Environment(
    mu_m3_s2=0.0, flattening=0.0, rotation_rad_s=0.0, zonals=(), atmosphere=Atmosphere("none")
)
START_KG = DRY_KG + PROPELLANT_KG + PAYLOAD_KG
EXHAUST_M_S = MOTOR.isp_vac_s * NOTHING.g0_m_s2
BURN_S = PROPELLANT_KG * EXHAUST_M_S / MOTOR.thrust_vac_n


def closed_form() -> tuple[float, float]:
    """Speed and height after a burn straight up."""
    ratio = START_KG / (START_KG - PROPELLANT_KG)
    speed = EXHAUST_M_S * log(ratio)
    return speed, EXHAUST_M_S * BURN_S * (1.0 - log(ratio) / (ratio - 1.0))


def mission() -> Mission:
    stage = Stage("only", DRY_KG, PROPELLANT_KG, 0.0, MOTOR)
    vehicle = Vehicle("rocket", (stage,), (), None, (), Aerodynamics(3.0, ((0.0, 0.4),)))
    site = Site("nowhere", "", 0.3, 0.0, 0.0)
    target = Target("up", "circular", 7e6, 7e6, 0.3)
    return Mission(vehicle, site, target, Limits(), NOTHING, "2027-01-01T00:00:00Z")


def straight_up() -> Plan:
    burning = (Burning("only", 1, 0.0),)
    leg = Leg("burn", 0.0, BURN_S, burning, "vertical", None, ("liftoff",), 0.0, "propellant")
    nowhere = np.zeros((1, 3))
    return Plan(PAYLOAD_KG, START_KG, 0.0, (leg,), np.zeros(1), nowhere, nowhere, np.zeros(1))


def test_the_reflight_meets_the_rocket_equation() -> None:
    flight = fly(mission(), straight_up())
    speed, height = closed_form()
    start, end = flight.legs[0].y[0], flight.end
    assert np.linalg.norm(end[3:6]) == pytest.approx(speed, abs=SPEED_M_S)
    assert np.linalg.norm(end[:3] - start[:3]) == pytest.approx(height, abs=HEIGHT_M)
    assert end[6] == pytest.approx(START_KG - PROPELLANT_KG, rel=SHARE)


def test_its_loss_budget_is_all_gain() -> None:
    one = mission()
    flight = fly(one, straight_up())
    budget = losses(one, flight, record(one, flight))
    assert budget.ideal_m_s == pytest.approx(closed_form()[0], rel=QUADRATURE)
    assert budget.gained_m_s == pytest.approx(closed_form()[0], abs=SPEED_M_S)
    for loss in (budget.gravity_m_s, budget.drag_m_s, budget.back_pressure_m_s):
        assert loss == 0.0


def test_collocation_meets_the_rocket_equation() -> None:
    law = forces.drag_law(((0.0, 0.4),))

    def rates(point: Point) -> Any:
        r, v, mass = point.x[:3], point.x[3:6], point.x[6]
        air = forces.conditions(r, v, NOTHING, 3.0, law)
        push = forces.acceleration(r, mass, MOTOR.thrust_vac_n, point.own[:3], air, NOTHING)
        return column(v, push, -MOTOR.thrust_vac_n / EXHAUST_M_S)

    x0 = np.array([6.4e6, 0.0, 0.0, 0.0, 0.0, 0.0, START_KG])
    phase = Phase(
        name="burn",
        states=("x", "y", "z", "vx", "vy", "vz", "mass"),
        scales=(6.4e6,) * 3 + (1e3,) * 3 + (1e4,),
        dynamics=rates,
        link=lambda point: point.p,
        intervals=16,
        n_own=3,
    )
    axis = np.array([2.0, -1.0, 2.0]) / 3.0
    data = Data((PhaseData((BURN_S, BURN_S), axis),), x0)
    ends = np.stack([x0, x0 - np.array([0, 0, 0, 0, 0, 0, PROPELLANT_KG])])
    guess = PhaseGuess(np.array([0.0, 1.0]), ends, np.empty((2, 0)), BURN_S)
    solver = Solver(Problem((phase,), lambda point: point.x[6] / 1e4, 7))
    found = solver.solve(data, Guess((guess,), np.empty(0)), SolverOptions(tolerance=1e-12))
    speed, height = closed_form()
    end = found.phases[0].end
    assert end[3:6] == pytest.approx(speed * axis, rel=COLLOCATED)
    assert end[:3] - x0[:3] == pytest.approx(height * axis, rel=COLLOCATED)
