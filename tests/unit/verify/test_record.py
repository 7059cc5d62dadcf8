"""The table of a flight, its events and its loss budget."""

from __future__ import annotations

import numpy as np
import pytest

from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.plan import Plan
from cosmodrome.verify.fly import Flight
from cosmodrome.verify.record import EventRecord, Record, _numbered, events, losses, record

Made = tuple[Mission, Plan, Flight]
CLOSED_M_S = 1.0  # the budget's promise; samples of a smooth flight leave a tenth of it


@pytest.fixture(scope="module")
def flown(made: Made) -> Record:
    mission, _, flight = made
    return record(mission, flight)


def test_the_pad_is_the_first_row(made: Made, flown: Record) -> None:
    site = made[0].site
    assert flown.t_s[0] == 0.0
    assert flown.altitude_m[0] == pytest.approx(site.altitude_m, abs=1e-6)
    assert flown.latitude_rad[0] == pytest.approx(site.latitude_rad, abs=1e-12)
    assert flown.longitude_rad[0] == pytest.approx(site.longitude_rad, abs=1e-12)
    assert flown.downrange_m[0] == pytest.approx(0.0, abs=1e-3)
    assert flown.speed_m_s[0] < 2e-3
    assert flown.inertial_speed_m_s[0] == pytest.approx(465.1 * np.cos(0.801), rel=5e-3)


def test_columns_have_one_row_per_sample(flown: Record) -> None:
    n = len(flown.t_s)
    for name in flown.__dataclass_fields__:
        column = getattr(flown, name)
        assert column.shape in ((n,), (n, 3)), name
        assert np.isfinite(column).all(), name


def test_speed_is_what_the_ground_sees(made: Made, flown: Record) -> None:
    """Downrange grows as fast as the level part of the speed, scaled to the ground."""
    k = flown.leg == 5
    t, x = flown.t_s[k], flown.downrange_m[k]
    level = flown.speed_m_s[k] * np.cos(flown.flight_path_angle_rad[k])
    radius = made[0].environment.equatorial_radius_m
    ground = level * radius / np.linalg.norm(flown.r_m[k], axis=1)
    total = float(np.sum(np.diff(t) * (ground[1:] + ground[:-1]) / 2.0))
    # A rhumb of 200 s at 60 deg is no great circle: a few parts in a thousand.
    assert x[-1] - x[0] == pytest.approx(total, rel=5e-3)


def test_angles_of_the_vertical_rise(flown: Record) -> None:
    rising = (flown.t_s < 10.0) & (flown.t_s > 2.0)
    assert np.degrees(flown.alpha_rad[rising]).max() < 0.5
    # Geodetic vertical against the geocentric one: up to 0.19 deg.
    assert np.degrees(flown.pitch_rad[rising]).min() > 89.7
    coast = flown.vacuum_thrust_n == 0.0
    assert not flown.alpha_rad[coast].any()


def test_events_in_order_with_cutoffs_before_what_follows(made: Made, flown: Record) -> None:
    _, _, flight = made
    found = events(flight, flown)
    names = [event.name for event in found]
    assert names[0] == "liftoff"
    assert names[-1] == "insertion"
    assert [flown.t_s[e.index] for e in found] == sorted(flown.t_s[e.index] for e in found)
    assert names.count("max_q") == 1
    wanted = ["liftoff", "solid cutoff", "solid separation", "core cutoff", "core separation",
              "upper ignition", "fairing jettison", "upper cutoff", "upper ignition 2",
              "insertion"]  # fmt: skip
    assert [name for name in names if name != "max_q"] == wanted
    at = {event.name: event.index for event in found}
    lost = flown.mass_kg[at["core cutoff"]] - flown.mass_kg[at["core separation"]]
    assert lost == pytest.approx(3200.0, abs=1e-6)
    assert flown.thrust_n[at["core cutoff"]] > 0.0 == flown.thrust_n[at["core separation"]]
    assert flown.q_pa[at["max_q"]] == flown.q_pa.max()
    assert at["insertion"] == len(flown.t_s) - 1


def test_repeated_names_are_numbered() -> None:
    names = ["a cutoff", "b cutoff", "a cutoff", "a cutoff"]
    found = _numbered([EventRecord(name, k) for k, name in enumerate(names)])
    assert [event.name for event in found] == ["a cutoff", "b cutoff", "a cutoff 2", "a cutoff 3"]
    assert [event.index for event in found] == [0, 1, 2, 3]


def test_the_loss_budget_closes(made: Made, flown: Record) -> None:
    mission, _, flight = made
    budget = losses(mission, flight, flown)
    assert abs(budget.closure_m_s) < CLOSED_M_S
    left = budget.ideal_m_s - budget.gravity_m_s - budget.drag_m_s
    left -= budget.steering_m_s + budget.back_pressure_m_s
    assert left - budget.gained_m_s == pytest.approx(budget.closure_m_s, abs=1e-9)
    assert budget.gained_m_s == pytest.approx(
        flown.inertial_speed_m_s[-1] - flown.inertial_speed_m_s[0], abs=1e-9
    )
    for loss in (budget.gravity_m_s, budget.drag_m_s, budget.steering_m_s):
        assert loss > 10.0
    assert budget.back_pressure_m_s > 1.0


def test_the_ideal_speed_is_the_rocket_equation_of_every_leg(made: Made, flown: Record) -> None:
    mission, _, flight = made
    total = 0.0
    for one in flight.legs:
        # Exhaust speed changes within a leg where a solid's share does; those need the integral.
        names = {burning.stage for burning in one.leg.burning}
        if names in ({"core"}, {"upper"}):
            isp = 300.0 if names == {"core"} else 350.0
            total += isp * 9.80665 * np.log(one.y[0, 6] / one.y[-1, 6])
        elif names:
            push = one.vacuum_thrust_n / one.y[:, 6]
            total += float(np.sum(np.diff(one.t_s) * (push[1:] + push[:-1]) / 2.0))
    assert losses(mission, flight, flown).ideal_m_s == pytest.approx(total, abs=CLOSED_M_S)
