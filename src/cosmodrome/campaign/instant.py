"""When to lift off so that the node comes out right, and where the pad then stands."""

from __future__ import annotations

from math import pi

import numpy as np

from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.plan import Plan
from cosmodrome.orbit.elements import elements_from_state
from cosmodrome.orbit.mean import mean_elements
from cosmodrome.orbit.sun import raan_for_local_time
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import apparent_sidereal_angle_rad

__all__ = ["liftoff"]


def liftoff(mission: Mission, plan: Plan) -> tuple[str, float]:
    """Lift-off instant and the angle of the pad's meridian in true-of-date axes.

    Without a node or local time the mission's epoch is taken. Otherwise the
    first instant after it at which the plane passes over the pad.

    Parameters
    ----------
    mission : Mission
    plan : Plan

    Returns
    -------
    (UTC text, radians)
        With a given inertial angle, the epoch and that angle.

    Accuracy
    --------
    The node is met to 1e-9 rad; a local time moves with the Sun and is solved
    by repetition to a microsecond.
    """
    if mission.inertial_angle_rad is not None:
        return mission.epoch_utc, mission.inertial_angle_rad
    epoch = Epoch.parse(mission.epoch_utc)
    target, rate = mission.target, mission.environment.rotation_rad_s
    if target.raan_rad is None and target.local_time is None:
        return str(epoch), _meridian(mission, epoch)
    node = _flown_node(mission, plan)
    end = float(plan.predicted_t_s[-1])
    moment = epoch
    for step in range(8):
        wanted = _wanted_node(mission, moment + end)
        gap = (wanted - (node + _meridian(mission, moment))) % (2.0 * pi)
        if step:
            gap = (gap + pi) % (2.0 * pi) - pi
        moment = moment + gap / rate
        if abs(gap) < 1e-11:
            break
    if moment - epoch < 0.0:
        moment = moment + 2.0 * pi / rate
    return str(moment), _meridian(mission, moment)


def _flown_node(mission: Mission, plan: Plan) -> float:
    """Node at insertion, of mean elements where the target is stated in them."""
    r, v, planet = plan.predicted_r_m[-1], plan.predicted_v_m_s[-1], mission.environment
    if mission.target.elements == "mean" and planet.zonals:
        mean = mean_elements(r, v, planet.mu_m3_s2, planet.gravity_radius_m, planet.zonals[0])
        return float(mean.raan_rad)
    return float(elements_from_state(r, v, planet.mu_m3_s2).raan_rad)


def _meridian(mission: Mission, epoch: Epoch) -> float:
    angle = apparent_sidereal_angle_rad(epoch) + mission.site.longitude_rad
    return float(np.mod(angle, 2.0 * pi))


def _wanted_node(mission: Mission, epoch: Epoch) -> float:
    target = mission.target
    if target.raan_rad is not None:
        return target.raan_rad
    assert target.local_time is not None
    time = target.local_time
    return float(raan_for_local_time(time.hours, epoch, node=time.node, sun=time.sun))
