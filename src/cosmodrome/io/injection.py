"""From the accuracy a launcher publishes to the covariance of its injection."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.orbit.elements import elements_from_state
from cosmodrome.world.environment import Environment
from cosmodrome.world.state import State

__all__ = ["InjectionAccuracy", "injection_covariance"]

Array = NDArray[np.float64]
_STEPS = (1.0, 1.0, 1e-7, 1e-7, 1e-7, 1e-7)  # metres, metres, radians


@dataclass(frozen=True, slots=True)
class InjectionAccuracy:
    """Standard deviations (1 sigma) of an injection; independent of each other.

    Launchers publish them as 1 or 3 sigma: divide before. What is not published
    stays 0, and the covariance then knows no error in that direction.

    Parameters
    ----------
    perigee_m, apogee_m : float, of the heights
    inclination_rad, raan_rad, argp_rad : float
    along_track_rad : float, of the true anomaly
    """

    perigee_m: float = 0.0
    apogee_m: float = 0.0
    inclination_rad: float = 0.0
    raan_rad: float = 0.0
    argp_rad: float = 0.0
    along_track_rad: float = 0.0

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if not (math.isfinite(value) and value >= 0.0):
                raise InputError(
                    f"a standard deviation cannot be {value}",
                    key=one.name,
                    value=value,
                    allowed="0 or more",
                )


def injection_covariance(state: State, accuracy: InjectionAccuracy) -> tuple[str, Array]:
    """Covariance of a state at injection, in the axes of the orbit.

    Parameters
    ----------
    state : State, of a closed orbit, in a frame that does not turn
    accuracy : InjectionAccuracy

    Returns
    -------
    (str, array of shape (6, 6))
        "RTN" (radial, along-track, normal) and the matrix: m2, m2/s, m2/s2.

    Raises
    ------
    InputError
        If the orbit is open or the frame turns.

    Accuracy
    --------
    First order: for errors of tens of kilometres the true distribution bends
    along the orbit, which a matrix cannot say.
    """
    mu = Environment().mu_m3_s2
    if state.frame == "ITRF":
        raise InputError("the covariance needs a frame that does not turn", key="frame")
    found = elements_from_state(state.r_m, state.v_m_s, mu)
    if not float(found.eccentricity) < 1.0:
        raise InputError("the orbit is open and has no apogee", key="state")
    point = np.array(
        [
            float(found.perigee_radius_m),
            float(found.apogee_radius_m),
            float(found.inclination_rad),
            float(found.raan_rad),
            float(found.argp_rad),
            float(found.true_anomaly_rad),
        ]
    )
    columns = []
    for k, step in enumerate(_STEPS):
        shift = np.zeros(6)
        shift[k] = step
        columns.append((_state(point + shift, mu) - _state(point - shift, mu)) / (2.0 * step))
    sigma = np.array([getattr(accuracy, one.name) for one in fields(accuracy)])
    spread = _axes(state) @ np.stack(columns, axis=1) * sigma
    return "RTN", np.asarray(spread @ spread.T)


def _state(point: Array, mu: float) -> Array:
    """Position and velocity; an apogee below the perigee is a negative eccentricity."""
    perigee, apogee, inclination, raan, argp, anomaly = point.tolist()
    e, p = (apogee - perigee) / (apogee + perigee), 2.0 * perigee * apogee / (apogee + perigee)
    u, r = argp + anomaly, p / (1.0 + e * math.cos(anomaly))
    cu, su, co, so = math.cos(u), math.sin(u), math.cos(raan), math.sin(raan)
    ci, si = math.cos(inclination), math.sin(inclination)
    radial = np.array([co * cu - so * su * ci, so * cu + co * su * ci, su * si])
    along = np.array([-co * su - so * cu * ci, -so * su + co * cu * ci, cu * si])
    speed = math.sqrt(mu / p)
    v = speed * (e * math.sin(anomaly) * radial + (1.0 + e * math.cos(anomaly)) * along)
    return np.concatenate([r * radial, v])


def _axes(state: State) -> Array:
    """Radial, along-track and normal axes, twice on the diagonal, shape (6, 6)."""
    radial = state.r_m / np.linalg.norm(state.r_m)
    normal = np.cross(state.r_m, state.v_m_s)
    normal /= np.linalg.norm(normal)
    axes = np.stack([radial, np.cross(normal, radial), normal])
    return np.kron(np.eye(2), axes)
