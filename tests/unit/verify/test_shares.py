"""What each leg has in the error at the end, where there is none and where one is planted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.plan import Plan
from cosmodrome.verify.fly import Flight, flown_on
from cosmodrome.verify.shares import error_shares

Made = tuple[Mission, Plan, Flight]
LEFT_M, LEFT_M_S = 0.3, 1e-3  # of the integration: starting afresh at a leg moves its steps


def predicted_as_flown(plan: Plan, flight: Flight) -> Plan:
    """The plan with both ends of every leg as the flight had them."""
    t = np.concatenate([one.t_s[[0, -1]] for one in flight.legs])
    y = np.vstack([one.y[[0, -1]] for one in flight.legs])
    return replace(
        plan,
        predicted_t_s=t,
        predicted_r_m=y[:, :3],
        predicted_v_m_s=y[:, 3:6],
        predicted_mass_kg=y[:, 6],
    )


def test_a_plan_that_is_flown_exactly_has_no_error_to_share(made: Made) -> None:
    mission, plan, flight = made
    shares = error_shares(mission, predicted_as_flown(plan, flight), 0.0, 0.0)
    assert shares.shape == (len(plan.legs), 2)
    assert shares[:, 0].max() < LEFT_M
    assert shares[:, 1].max() < LEFT_M_S


def test_an_error_counts_by_what_becomes_of_it_at_the_end(made: Made) -> None:
    mission, plan, flight = made
    exact = predicted_as_flown(plan, flight)
    velocity = exact.predicted_v_m_s.copy()
    k = 6  # the coast: both the sample before it and its own first one are off
    velocity[2 * k - 1 : 2 * k + 1, 0] += 1.0
    shares = error_shares(mission, replace(exact, predicted_v_m_s=velocity), 0.0, 0.0)
    # A metre per second for 100 s until the end: 100 m, by the leg before the coast,
    # and back again by the coast itself, which ends as it was flown.
    to_go = plan.legs[-1].end_s - plan.legs[k].start_s
    assert shares[k - 1 : k + 1, 0] == pytest.approx([to_go, to_go], rel=0.02)
    rest = np.delete(shares[:, 0], [k - 1, k])
    assert rest.max() < LEFT_M


def test_an_axis_turned_with_the_pad_changes_nothing(made: Made) -> None:
    mission, plan, flight = made
    shares = error_shares(mission, predicted_as_flown(plan, flight), 0.7, 0.7)
    assert shares[:, 0].max() < LEFT_M


def test_flown_on_from_a_leg_ends_where_the_whole_flight_does(made: Made) -> None:
    mission, plan, flight = made
    later = flown_on(mission, plan, 0.0, 4, flight.legs[4].y[0])
    assert len(later) == len(plan.legs) - 4
    assert later[-1].y[-1, :3] == pytest.approx(flight.end[:3], abs=LEFT_M)
    assert later[-1].y[-1, 6] == pytest.approx(flight.end[6], abs=1e-6)
