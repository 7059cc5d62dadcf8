"""The re-flight itself: bookkeeping of mass, samples, profiles, and what it integrates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.plan import Plan, Profile
from cosmodrome.verify.fly import Flight, Polynomials, fly
from cosmodrome.world import earth

Made = tuple[Mission, Plan, Flight]
GRAMS = 1e-3  # kilograms; the flow is integrated to 1e-6
# What the integration itself may leave, a few hundredths of what the judge allows:
# measured 0.07 m and 0.2 mm/s, at rtol 1e-10 where drag is not smooth at every Mach number.
LEFT_M, LEFT_M_S = 0.3, 1e-3


def test_legs_follow_one_another(made: Made) -> None:
    _, plan, flight = made
    assert len(flight.legs) == len(plan.legs)
    for before, after in zip(flight.legs, flight.legs[1:], strict=False):
        assert before.t_s[-1] == after.t_s[0]
        assert np.array_equal(before.y[-1, :6], after.y[0, :6])
        assert before.y[-1, 6] - after.y[0, 6] == pytest.approx(after.leg.dropped_kg, abs=1e-9)
    for one in flight.legs:
        assert (np.diff(one.t_s) > 0.0).all()
        assert one.t_s[0] == one.leg.start_s
        assert one.t_s[-1] == one.leg.end_s
        assert np.linalg.norm(one.axis, axis=1) == pytest.approx(np.ones(len(one.t_s)))


def test_it_starts_on_the_turning_pad(made: Made) -> None:
    mission, _, flight = made
    r, v = flight.legs[0].y[0, :3], flight.legs[0].y[0, 3:6]
    environment = mission.environment
    latitude, longitude, height = earth.geodetic(
        r, environment.equatorial_radius_m, environment.flattening
    )
    assert float(latitude) == pytest.approx(mission.site.latitude_rad, abs=1e-12)
    assert float(longitude) == pytest.approx(0.0, abs=1e-12)
    assert float(height) == pytest.approx(mission.site.altitude_m, abs=1e-6)
    assert v == pytest.approx([0.0, environment.rotation_rad_s * r[0], 0.0], abs=1e-9)


def test_mass_lost_is_mass_burnt(made: Made) -> None:
    _, plan, flight = made
    for one in flight.legs:
        spent = sum(kg for _, kg in one.burnt_kg)
        assert one.y[0, 6] - one.y[-1, 6] == pytest.approx(spent, abs=GRAMS)
    solids = sum(kg for one in flight.legs for name, kg in one.burnt_kg if name == "solid")
    flow = 2.0 * 3.2e5 / (270.0 * 9.80665)
    assert solids == pytest.approx(40.0 * flow, abs=GRAMS)
    assert plan.liftoff_mass_kg == flight.legs[0].y[0, 6]


def test_thrust_by_hand_at_lift_off(made: Made) -> None:
    _, _, flight = made
    first = flight.legs[0]
    vacuum = 9e5 + 2.0 * 1.2 * 3.2e5
    assert first.vacuum_thrust_n[0] == pytest.approx(vacuum, rel=1e-12)
    # The pad is 90 m up, where the standard's pressure is 100247 Pa.
    assert first.thrust_n[0] == pytest.approx(vacuum - (0.6 + 2.0 * 0.3) * 100247.0, rel=1e-5)
    coast = next(one for one in flight.legs if one.leg.name == "coast")
    assert not coast.thrust_n.any()
    assert not coast.throttle.any()


def test_a_tighter_integration_would_not_change_it(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    mission, plan, flight = made
    monkeypatch.setattr("cosmodrome.verify.fly._RTOL", 1e-12)
    monkeypatch.setattr("cosmodrome.verify.fly._ATOL", np.full(7, 1e-8))
    moved = fly(mission, plan).end - flight.end
    assert 0.0 < np.linalg.norm(moved[:3]) < LEFT_M
    assert np.linalg.norm(moved[3:6]) < LEFT_M_S


def test_a_throttle_profile_is_followed(made: Made) -> None:
    mission, plan, _ = made
    leg = plan.legs[2]
    ends = np.array([[[1.0], [0.6]]])
    profile = Profile(np.array([leg.start_s, leg.end_s]), np.array([0.0, 1.0]), ends)
    eased = replace(leg, burning=(replace(leg.burning[0], throttle=profile),))
    flight = fly(mission, replace(plan, legs=(*plan.legs[:2], eased)))
    one = flight.legs[2]
    assert one.throttle[[0, -1]] == pytest.approx([1.0, 0.6], abs=1e-12)
    full = 9e5 / (300.0 * 9.80665) * (leg.end_s - leg.start_s)
    assert one.burnt_kg[0][1] == pytest.approx(0.8 * full, abs=GRAMS)
    assert one.y[0, 6] - one.y[-1, 6] == pytest.approx(0.8 * full, abs=GRAMS)


def test_profiles_are_lagrange_pieces_held_at_the_ends() -> None:
    nodes = np.array([0.0, 0.4, 1.0])
    breaks = np.array([1.0, 3.0, 8.0])

    def truth(t: float) -> float:
        return 2.0 - 3.0 * t + 0.25 * t * t

    times = breaks[:-1, None] + np.diff(breaks)[:, None] * nodes
    profile = Profile(breaks, nodes, np.vectorize(truth)(times)[:, :, None])
    for t in (1.0, 1.7, 3.0, 5.5, 8.0):
        assert Polynomials(profile)(t)[0] == pytest.approx(truth(t), abs=1e-12)
    jump = Profile(breaks, nodes, np.array([np.zeros((3, 1)), np.ones((3, 1))]))
    assert [Polynomials(jump)(t)[0] for t in (2.9, 3.1)] == pytest.approx([0.0, 1.0])
