"""The answer to one launch question, as the doors show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Answer"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What `plan` returns: the contract's document plus the flown trajectory.

    Parameters
    ----------
    status : "optimal", "infeasible", "not_converged" or "verification_failed"
    document : dict
        Exactly the JSON of `cosmodrome plan --json` (see the contract).
    table : dict of str to array, shape (n,)
        The re-flown trajectory, one entry per sample, in door units:
        t_s, leg (object array of names), altitude_km, latitude_deg,
        longitude_deg, downrange_km, speed_m_s, inertial_speed_m_s,
        flight_path_angle_deg, mass_kg, q_pa, acceleration_m_s2, pitch_deg
        (thrust axis above the local horizontal), alpha_deg, throttle, thrust_n,
        heating_w_m2, mach, x_m, y_m, z_m, vx_m_s, vy_m_s, vz_m_s (GCRF).
        Empty when nothing was flown.
    mission_toml : str
        The resolved mission: running it again gives the same answer.
    """

    status: Literal["optimal", "infeasible", "not_converged", "verification_failed"]
    document: dict[str, Any]
    table: dict[str, NDArray[np.generic]]
    mission_toml: str
