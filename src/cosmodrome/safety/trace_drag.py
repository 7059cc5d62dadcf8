"""The impact point of debris that the air brakes, for the trace."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.flight.fall import Bodies, fall
from cosmodrome.safety.trace import Fall
from cosmodrome.world.earth import geodetic
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import EarthOrientation, Epoch
from cosmodrome.world.frames import apparent_sidereal_angle_rad, rotation, rotations

__all__ = ["LIGHTEST_KG_M2", "dragged_fall"]

Array = NDArray[np.float64]

LIGHTEST_KG_M2: Final = 3.0 * 0.45359237 / 0.3048**2
"""Ballistic coefficient of the lightest debris that a corridor is to hold: 3 pounds per
square foot, 14 CFR 420.23(a)(1)."""


def dragged_fall(
    epoch: Epoch,
    ballistic_kg_m2: float = LIGHTEST_KG_M2,
    environment: Environment | None = None,
    orientation: EarthOrientation | None = None,
) -> Fall:
    """A fall with drag for `trace.impact_trace`: of debris whole from the first moment.

    Parameters
    ----------
    epoch : Epoch, of t = 0
    ballistic_kg_m2 : float, mass over drag coefficient and area
    environment : Environment or None
        Its air, wind and gravity; the standard atmosphere, still, by default.
    orientation : EarthOrientation or None

    Returns
    -------
    Fall

    Raises
    ------
    InputError
        If the ballistic coefficient is not above zero.

    Accuracy
    --------
    As `flight.fall.fall`; the pole is held where it is at the epoch, below 1 m.
    """
    if not (np.isfinite(ballistic_kg_m2) and ballistic_kg_m2 > 0.0):
        raise InputError(
            "debris needs a ballistic coefficient", key="ballistic", value=ballistic_kg_m2,
            allowed="above 0 kg/m2",
        )  # fmt: skip
    earth = Environment() if environment is None else environment
    axes = rotation("GCRF", "TOD", epoch, orientation)
    start_rad = apparent_sidereal_angle_rad(epoch, orientation)

    def falling(t_s: Array, r_m: Array, v_m_s: Array) -> tuple[Array, Array, Array]:
        bodies = Bodies(
            r_m=r_m @ axes.T,
            v_m_s=v_m_s @ axes.T,
            turned_rad=start_rad + earth.rotation_rad_s * t_s,
            brake_m2_kg=np.full(t_s.size, 1.0 / ballistic_kg_m2),
        )
        found = fall(bodies, earth)
        none = np.where(found.down, 0.0, np.nan)
        # By the whole rotation, polar motion with it, which is worth 14 m.
        turn = rotations("GCRF", "ITRF", epoch, t_s + found.t_s, orientation)
        fixed = np.einsum("nij,nj->ni", turn, found.r_m @ axes)
        latitude, longitude, _ = geodetic(fixed, earth.equatorial_radius_m, earth.flattening)
        return np.asarray(latitude) + none, np.asarray(longitude) + none, found.t_s + none

    return falling
