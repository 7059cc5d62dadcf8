"""What each leg of a plan has in the error at its end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.plan import Plan
from cosmodrome.verify.fly import flown_on
from cosmodrome.world import earth

__all__ = ["error_shares"]

Array = NDArray[np.float64]


def error_shares(mission: Mission, plan: Plan, meridian_rad: float, turn_rad: float) -> Array:
    """How far off the end comes through each leg's own error, carried on to the end.

    The plan is flown on from its own state at the start of every leg. Two flights
    that begin a leg apart differ at the end by that leg's error and what the legs
    after it make of it: a millimetre per second before hours of coast is more than
    a metre after them.

    Parameters
    ----------
    mission : Mission
    plan : Plan
    meridian_rad : float, of the pad at lift-off, as the re-flight had it
    turn_rad : float, how far that pad is turned about the pole from the plan's

    Returns
    -------
    array, shape (legs, 2)
        Metres and metres per second. As vectors they add up to the error of the
        re-flight; their sizes add up to more.

    Accuracy
    --------
    That of the re-flight, 2 cm and 0.1 mm/s where no long coast follows.
    """
    ends = []
    for k in range(len(plan.legs)):
        begin = _planned(plan, _first_sample(plan, k), turn_rad)
        ends.append(flown_on(mission, plan, meridian_rad, k, begin)[-1].y[-1])
    ends.append(_planned(plan, -1, turn_rad))
    gaps = -np.diff(np.array(ends), axis=0)
    sizes = [np.linalg.norm(gaps[:, :3], axis=1), np.linalg.norm(gaps[:, 3:6], axis=1)]
    return np.stack(sizes, axis=1)


def _first_sample(plan: Plan, k: int) -> int:
    """The sample at a leg's start; the leg before it has one at the same instant."""
    return int(np.searchsorted(plan.predicted_t_s, plan.legs[k].start_s, side="right")) - 1


def _planned(plan: Plan, k: int, turn_rad: float) -> Array:
    """The plan's own state at a sample, on the re-flight's axes."""
    r = np.asarray(earth.rotate_z(plan.predicted_r_m[k], turn_rad))
    v = np.asarray(earth.rotate_z(plan.predicted_v_m_s[k], turn_rad))
    return np.concatenate([r, v, plan.predicted_mass_kg[k : k + 1 or None]])
