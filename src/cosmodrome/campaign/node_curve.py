"""Payload against how far the node lies from the one an ascent reaches by itself."""

from __future__ import annotations

from dataclasses import replace
from math import radians
from typing import Final

import numpy as np

from cosmodrome.ascent.attempt import Attempt, Workshop
from cosmodrome.ascent.read import read
from cosmodrome.campaign.plan import PlanOptions, plan_in_full
from cosmodrome.campaign.progress import Tell, silent
from cosmodrome.errors import InputError
from cosmodrome.mission.nouns import Mission
from cosmodrome.orbit.elements import elements_from_state
from cosmodrome.windows.widths import NodeCurve

__all__ = ["node_curve"]


_STEPS_RAD: Final = tuple(radians(x) for x in (0.5, 1.0, 1.75, 2.5, 3.5, 5.0, 7.0, 10.0))
"""Half a degree is two minutes of lift-off; the curve is as good as a parabola there."""


def node_curve(
    mission: Mission,
    payload_kg: float,
    *,
    options: PlanOptions | None = None,
    progress: Tell | None = None,
) -> NodeCurve:
    """Largest payload into planes east and west of the ascent's own.

    One plan with the node free, then optima with the node held at growing
    offsets, each from its neighbour, until less than the payload asked is left.

    Parameters
    ----------
    mission : Mission
        Its payload, lift-off and any node are left aside.
    payload_kg : float, below which nothing is looked for
    options : PlanOptions or None, for the first plan
    progress : callable(text, share done) or None

    Returns
    -------
    NodeCurve

    Raises
    ------
    InputError
        If the orbit cannot be reached at all, or only with less.

    Accuracy
    --------
    By the optimiser alone: only the flight with the node free has been flown again.
    """
    tell = progress or silent
    target = replace(mission.target, raan_rad=None, local_time=None)
    asked = replace(mission, target=target, payload_kg=None, inertial_angle_rad=None)
    quick = options or PlanOptions(partials=False, alternatives=False)
    made = plan_in_full(asked, quick, progress=lambda text, part: tell(text, 0.4 * part))
    if made.best is None or made.answer.status != "optimal":
        raise InputError(
            f"no payload can be stated with the node free: {made.answer.status}",
            key="orbit",
            value=target.text,
            allowed="an orbit that this vehicle reaches",
        )
    if made.best.worth < payload_kg:
        raise InputError(
            f"{payload_kg:g} kg are carried at no instant: the most is {made.best.worth:.1f} kg",
            key="payload_kg",
            value=payload_kg,
            allowed=f"up to {made.best.worth:.1f}",
        )
    points = {0.0: made.best.worth}
    for k, side in enumerate((1.0, -1.0)):
        tell(f"plans {'east' if side > 0.0 else 'west'} of the plane", 0.4 + 0.3 * k)
        points |= _side(made.workshop, made.mission, made.best, side, payload_kg)
    offsets = np.array(sorted(points))
    return NodeCurve(offsets, np.array([points[float(one)] for one in offsets]))


def _side(
    workshop: Workshop, mission: Mission, best: Attempt, side: float, payload_kg: float
) -> dict[float, float]:
    """Offset to payload on one side, up to the first that carries too little."""
    plan = read(mission, best.posed, best.solution)
    r, v = plan.predicted_r_m[-1], plan.predicted_v_m_s[-1]
    own = float(elements_from_state(r, v, mission.environment.mu_m3_s2).raan_rad)
    found: dict[float, float] = {}
    before = best
    for size in _STEPS_RAD:
        offset = side * size
        # The pad's meridian is the x axis of the plan: nodes count from it.
        held = replace(
            mission,
            inertial_angle_rad=0.0,
            target=replace(mission.target, raan_rad=own + offset),
        )
        again = workshop.again if before is best else workshop.nearby
        tried = again(held, before)
        if tried.solution.status != "solved":
            break
        found[offset], before = tried.worth, tried
        if tried.worth < payload_kg:
            break
    return found
