"""The lift-off that a plan states is the one that windows find for its flight."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cosmodrome.campaign.instant import liftoff
from cosmodrome.mission.plan import Plan
from cosmodrome.orbit.elements import Elements, state_from_elements
from cosmodrome.prompt.asking import mission_from
from cosmodrome.prompt.windows import windows_of_flight
from cosmodrome.world import earth
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import rotation
from cosmodrome.world.state import Trajectory

FLIGHT_S = 505.0


def ended(node_rad: float, mu_m3_s2: float) -> Plan:
    """A plan of which only the end is known: its node, from the pad's meridian."""
    orbit = Elements.keplerian(6.878e6, 0.0, math.radians(97.4), node_rad, 0.0, 1.4)
    r, v = (x[None] for x in state_from_elements(orbit, mu_m3_s2))
    return Plan(1.0, 2.0, 0.0, (), np.array([FLIGHT_S]), r, v, np.array([1.0]))


@pytest.mark.parametrize("orbit", ["500 km 97.4 deg raan 120", "500 km 97.4 deg ltan 10:30"])
@pytest.mark.parametrize("node_rad", [0.2, 3.0])
def test_plan_and_windows_name_one_instant(orbit: str, node_rad: float) -> None:
    mission = mission_from("angara-1.2", "vostochny", orbit)
    site, planet = mission.site, mission.environment
    plan = ended(node_rad, planet.mu_m3_s2)
    utc, meridian = liftoff(mission, plan)
    back = rotation("TOD", "GCRF", Epoch.parse(utc))
    pad = earth.site_position(
        site.latitude_rad, meridian, site.altitude_m, planet.equatorial_radius_m, planet.flattening
    )
    r = np.stack((pad, earth.rotate_z(plan.predicted_r_m[0], meridian)))
    v = np.stack((0.0 * pad, earth.rotate_z(plan.predicted_v_m_s[0], meridian)))
    times = np.array([0.0, FLIGHT_S])
    flight = Trajectory(Epoch.parse(utc), "GCRF", times, r @ back.T, v @ back.T)
    told = windows_of_flight(mission, flight, days=1.5)
    apart = Epoch.parse(told["windows"][0]["utc"]) - Epoch.parse(utc)
    assert apart == pytest.approx(0.0, abs=1.5e-3)  # told to a millisecond
