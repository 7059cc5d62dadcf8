"""A flight made by hand: two stages, two solids, a coast and a second burn; no optimiser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import pi, radians

import numpy as np
import pytest

from cosmodrome.flight.burn import burn_duration
from cosmodrome.flight.vehicle import Aerodynamics, Boosters, Fairing, Motor, Stage, Vehicle
from cosmodrome.mission.nouns import Environment, Limits, Mission, Site, Target
from cosmodrome.mission.plan import Burning, Leg, Plan, Profile
from cosmodrome.orbit.elements import elements_from_state
from cosmodrome.verify.fly import Flight, fly

G0 = 9.80665
SOLID = Stage(
    "solid", 600.0, 5000.0, 0.0, Motor(3.2e5, 270.0, 0.3, shape=((0.0, 1.2), (40.0, 0.8)))
)
CORE = Stage("core", 3000.0, 38000.0, 200.0, Motor(9e5, 300.0, 0.6, 0.5, 1.0))
UPPER = Stage("upper", 500.0, 6000.0, 50.0, Motor(6e4, 350.0), burns=2)
VEHICLE = Vehicle(
    name="made",
    stages=(CORE, UPPER),
    boosters=(Boosters("solid", 2, SOLID),),
    fairing=Fairing(150.0, "upper"),
    jettisons=(),
    aerodynamics=Aerodynamics(4.0, ((0.3, 0.3), (1.1, 0.6), (3.0, 0.35))),
)
PAYLOAD_KG = 900.0


def _steps(start_s: float, end_s: float, pitch_deg: list[float]) -> Profile:
    """Pitch through points, straight lines between them; no yaw."""
    n = len(pitch_deg) - 1
    pitch = np.radians(pitch_deg)
    values = np.zeros((n, 2, 2))
    values[:, 0, 0], values[:, 1, 0] = pitch[:-1], pitch[1:]
    return Profile(np.linspace(start_s, end_s, n + 1), np.array([0.0, 1.0]), values)


def _leg(
    name: str,
    start_s: float,
    end_s: float,
    burning: tuple[Burning, ...] = (),
    pitch: list[float] | None = None,
    events: tuple[str, ...] = (),
    dropped_kg: float = 0.0,
) -> Leg:
    steering = "angles" if pitch else ("coast" if not burning else "vertical")
    angles = _steps(start_s, end_s, pitch) if pitch else None
    return Leg(name, start_s, end_s, burning, steering, angles, events, dropped_kg, "time")  # type: ignore[arg-type]


def _legs() -> tuple[Leg, ...]:
    core, both = Burning("core", 1, 0.0), (Burning("core", 1, 0.0), Burning("solid", 2, 0.0))
    out = burn_duration(CORE, G0)
    lit = out + 4.0
    upper, again = Burning("upper", 1, lit), Burning("upper", 1, lit + 380.0)
    shell = CORE.dry_kg + CORE.residual_kg
    return (
        _leg("vertical rise", 0.0, 10.0, both, events=("liftoff",)),
        _leg("pitch-over", 10.0, 40.0, both, [90.0, 82.0, 72.0]),
        _leg("core burn", 40.0, out, (core,), [72.0, 58.0, 44.0, 33.0, 26.0],
             ("solid cutoff", "solid separation"), 2 * SOLID.dry_kg),
        _leg("wait", out, lit, (), [26.0, 25.0], ("core cutoff", "core separation"), shell),
        _leg("upper burn", lit, lit + 30.0, (upper,), [25.0, 22.0], ("upper ignition",)),
        _leg("upper burn", lit + 30.0, lit + 300.0, (upper,), [22.0, 10.0, -4.0, -16.0],
             ("fairing jettison",), 150.0),
        _leg("coast", lit + 300.0, lit + 380.0, events=("upper cutoff",)),
        _leg("upper burn 2", lit + 380.0, lit + 400.0, (again,), [-20.0, -21.0],
             ("upper ignition 2",)),
    )  # fmt: skip


def _mission() -> Mission:
    target = Target("anything", "elliptic", 6e6, 7e6, 0.9)
    site = Site("made", "", radians(46.0), radians(63.0), 90.0)
    limits = Limits(vertical_rise_s=10.0)
    return Mission(VEHICLE, site, target, limits, Environment(), "2027-03-20T12:00:00Z", PAYLOAD_KG)


def _as_flown(mission: Mission, legs: tuple[Leg, ...]) -> tuple[Mission, Plan, Flight]:
    """A plan whose predicted end is what its flight gives, and the orbit it reaches as target."""
    units = [(1, CORE), (1, UPPER), (2, SOLID)]
    gross = sum(n * (s.dry_kg + s.usable_kg + s.residual_kg) for n, s in units) + 150.0 + PAYLOAD_KG
    nowhere = np.zeros((1, 3))
    plan = Plan(PAYLOAD_KG, gross, pi / 3.0, legs, np.zeros(1), nowhere, nowhere, np.zeros(1))
    flight = fly(mission, plan)
    end = flight.end
    plan = replace(
        plan,
        predicted_t_s=np.array([legs[-1].end_s]),
        predicted_r_m=end[None, :3],
        predicted_v_m_s=end[None, 3:6],
        predicted_mass_kg=end[None, 6],
    )
    found = elements_from_state(end[:3], end[3:6], mission.environment.mu_m3_s2)
    target = replace(
        mission.target,
        perigee_radius_m=float(found.perigee_radius_m),
        apogee_radius_m=float(found.apogee_radius_m),
        inclination_rad=float(found.inclination_rad),
        argp_rad=(float(found.argp_rad),),
    )
    return replace(mission, target=target), plan, flight


@pytest.fixture(scope="session")
def as_flown() -> Callable[[Mission, tuple[Leg, ...]], tuple[Mission, Plan, Flight]]:
    """Turns legs into a mission, plan and flight that agree."""
    return _as_flown


@pytest.fixture(scope="session")
def made() -> tuple[Mission, Plan, Flight]:
    """Mission, plan and flight that agree: what a judge must pass."""
    return _as_flown(_mission(), _legs())
