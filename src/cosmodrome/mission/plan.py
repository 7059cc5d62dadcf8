"""What the optimiser hands to the re-flight: times, steering, throttle, predicted end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Burning", "Leg", "Plan", "Profile"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Profile:
    """A piecewise polynomial in time: value per piece by Lagrange interpolation.

    Parameters
    ----------
    breaks_s : array, shape (n + 1,), seconds from lift-off
    nodes : array, shape (d + 1,), nodes within a piece, 0 to 1
    values : array, shape (n, d + 1, k), values at the nodes of each piece
    """

    breaks_s: Array
    nodes: Array
    values: Array


@dataclass(frozen=True, slots=True)
class Burning:
    """One set of like motors alight during a leg.

    `stage` names the stage or strap-on group, `count` how many units, `lit_s`
    the time after lift-off of this ignition. `throttle` None means full thrust;
    a float is a prescribed level; a Profile (k = 1) an optimised one.
    """

    stage: str
    count: int
    lit_s: float
    throttle: float | Profile | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch of flight between two events.

    Parameters
    ----------
    name : str, for people: "pitch-over", "URM-2 burn"
    start_s, end_s : float, seconds from lift-off
    burning : tuple of Burning
    steering : "vertical", "angles" or "coast"
    angles : Profile or None
        k = 2: pitch and yaw of the thrust axis in the launch plane, radians.
        axis = cos(yaw) (cos(pitch) d + sin(pitch) u) + sin(yaw) c, with u the
        pad's geodetic vertical at lift-off, d the horizontal at the plan's
        azimuth and c = d x u, all inertial.
    events : tuple of str, names of events at the start, e.g. "urm-1 cutoff"
    dropped_kg : float, mass that leaves at the start of the leg
    ends_by : "time", "propellant", "heating" or "insertion"
    """

    name: str
    start_s: float
    end_s: float
    burning: tuple[Burning, ...]
    steering: Literal["vertical", "angles", "coast"]
    angles: Profile | None
    events: tuple[str, ...]
    dropped_kg: float
    ends_by: Literal["time", "propellant", "heating", "insertion"]


@dataclass(frozen=True, slots=True)
class Plan:
    """A way to fly the mission, to be proved by a re-flight.

    Parameters
    ----------
    payload_kg : float
    liftoff_mass_kg : float
    azimuth_rad : float, of the launch plane the steering angles refer to
    legs : tuple of Leg, in time order
    predicted_t_s : array, shape (n,), seconds from lift-off
    predicted_r_m, predicted_v_m_s : array, shape (n, 3), inertial at lift-off
    predicted_mass_kg : array, shape (n,)
        The optimiser's own trajectory, last row the predicted insertion.
    """

    payload_kg: float
    liftoff_mass_kg: float
    azimuth_rad: float
    legs: tuple[Leg, ...]
    predicted_t_s: Array
    predicted_r_m: Array
    predicted_v_m_s: Array
    predicted_mass_kg: Array
