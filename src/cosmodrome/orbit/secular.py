"""Mean elements that turn at the secular rates of J2, J2 squared and J4."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.orbit.elements import Elements, elements_from_state, state_from_elements
from cosmodrome.orbit.mean import SecularRates, mean_elements, osculating_state
from cosmodrome.orbit.spans import FOREVER, times_array
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import State, in_frame

__all__ = ["Secular", "brouwer_rates", "mean_from_true", "true_from_mean"]

Array = NDArray[np.float64]


def brouwer_rates(
    semi_major_axis_m: Any,
    eccentricity: Any,
    inclination_rad: Any,
    environment: Environment | None = None,
) -> SecularRates:
    """Rates of the mean angles under J2, J2 squared and J4; J3 has no secular part.

    Parameters
    ----------
    semi_major_axis_m, eccentricity, inclination_rad : float or array, mean elements
    environment : Environment or None, its mu and zonals; WGS-84's size by default

    Returns
    -------
    SecularRates

    Accuracy
    --------
    Third order in J2 and J6 are left out: 1e-5 of the node's rate.

    References
    ----------
    Brouwer, Astronomical Journal 64 (1959) 378, the secular terms.
    """
    earth = environment or Environment()
    j2, _, j4 = (*earth.zonals, 0.0, 0.0, 0.0)[:3]
    e2 = np.square(eccentricity)
    h2 = 1.0 - e2  # eta squared
    h = np.sqrt(h2)
    n = np.sqrt(earth.mu_m3_s2 / np.power(semi_major_axis_m, 3))
    size = np.square(earth.gravity_radius_m / (semi_major_axis_m * h2))
    g2, g4 = 0.5 * j2 * size, -0.375 * j4 * size * size
    c = np.cos(inclination_rad)
    c2 = c * c
    c4 = c2 * c2
    node = (
        -3.0 * g2 * c
        + 0.375 * g2**2 * c * (-5.0 + 12.0 * h + 9.0 * h2 - (35.0 + 36.0 * h + 5.0 * h2) * c2)
        + 1.25 * g4 * (5.0 - 3.0 * h2) * c * (3.0 - 7.0 * c2)
    )
    perigee = (
        1.5 * g2 * (5.0 * c2 - 1.0)
        + 0.09375
        * g2**2
        * (
            -35.0
            + 24.0 * h
            + 25.0 * h2
            + (90.0 - 192.0 * h - 126.0 * h2) * c2
            + (385.0 + 360.0 * h + 45.0 * h2) * c4
        )
        + 0.3125 * g4 * (21.0 - 9.0 * h2 + (126.0 * h2 - 270.0) * c2 + (385.0 - 189.0 * h2) * c4)
    )
    anomaly = (
        1.0
        + 1.5 * g2 * h * (3.0 * c2 - 1.0)
        + 0.09375
        * g2**2
        * h
        * (
            -15.0
            + 16.0 * h
            + 25.0 * h2
            + (30.0 - 96.0 * h - 90.0 * h2) * c2
            + (105.0 + 144.0 * h + 25.0 * h2) * c4
        )
        + 0.9375 * g4 * h * e2 * (3.0 - 30.0 * c2 + 35.0 * c4)
    )
    return SecularRates(raan_rad_s=n * node, argp_rad_s=n * perigee, mean_anomaly_rad_s=n * anomaly)


def mean_from_true(true_anomaly_rad: Any, eccentricity: Any) -> Any:
    """Mean anomaly of an ellipse, radians, in the same turn as the true one."""
    root = np.sqrt((1.0 - eccentricity) * (1.0 + eccentricity))
    sine, cosine = np.sin(true_anomaly_rad), np.cos(true_anomaly_rad)
    # E - f is small and has no branch.
    less = np.arctan2(
        -eccentricity * sine - (1.0 - root) * sine * cosine,
        root + eccentricity * cosine + (1.0 - root) * cosine * cosine,
    )
    widening = 1.0 + eccentricity * cosine
    return true_anomaly_rad + less - eccentricity * root * sine / widening


def true_from_mean(mean_anomaly_rad: Any, eccentricity: Any) -> Any:
    """True anomaly of an ellipse, radians, in the same turn as the mean one.

    Kepler's equation by Newton's steps from a start that is never too far,
    to rounding.
    """
    m = np.asarray(mean_anomaly_rad, dtype=float)
    e = np.asarray(eccentricity, dtype=float)
    turns = np.round(m / (2.0 * np.pi))
    inside = m - 2.0 * np.pi * turns
    big = np.where(inside < 0.0, -np.pi, np.pi)
    anomaly = np.where(e > 0.8, big, inside + e * np.sin(inside))
    for _ in range(30):
        miss = anomaly - e * np.sin(anomaly) - inside
        step = miss / (1.0 - e * np.cos(anomaly))
        anomaly = anomaly - step
        if np.all(np.abs(step) < 1e-15):
            break
    beta = e / (1.0 + np.sqrt((1.0 - e) * (1.0 + e)))
    sine, cosine = np.sin(anomaly), np.cos(anomaly)
    return anomaly + 2.0 * np.arctan2(beta * sine, 1.0 - beta * cosine) + 2.0 * np.pi * turns


@dataclass(frozen=True, slots=True, eq=False)
class Secular:
    """An orbit whose mean angles turn at steady rates; size and shape stay.

    Positions have the short-period waves of J2 put back unless `osculating` is
    False.

    Parameters
    ----------
    epoch : Epoch
    frame : str, whose z axis is the pole: TOD, or TEME
    elements : Elements, mean, of first order in J2, at the epoch; floats
    environment : Environment, its mu and zonals
    osculating : bool

    Raises
    ------
    InputError
        If the orbit is open or the frame is not one of the equator of date.

    Accuracy
    --------
    Against a numerical J2-J4 orbit 0.7 to 7 km along the track after a day in
    low orbit, from the second-order part of the mean semi-major axis; 0.3 to
    0.6 km in height; the node to 5e-4 deg. Long-period waves by J3, drag, Sun
    and Moon are left out.

    References
    ----------
    Brouwer (1959), as `brouwer_rates`.
    """

    epoch: Epoch
    frame: str
    elements: Elements
    environment: Environment = Environment()  # noqa: RUF009 - frozen
    osculating: bool = True

    def __post_init__(self) -> None:
        if self.frame not in ("TOD", "TEME"):
            raise InputError(
                "mean elements refer to the equator of date",
                key="frame",
                value=self.frame,
                allowed="TOD, TEME",
            )
        if not 0.0 <= self.elements.eccentricity < 1.0:
            raise InputError(
                "mean elements need a closed orbit",
                key="eccentricity",
                value=self.elements.eccentricity,
                allowed="0 to below 1",
            )

    @classmethod
    def from_state(cls, state: State, environment: Environment | None = None) -> Secular:
        """The mean orbit of an osculating state of any frame; frame TOD."""
        earth = environment or Environment()
        here = in_frame(state, "TOD")
        if not earth.zonals:
            mean = elements_from_state(here.r_m, here.v_m_s, earth.mu_m3_s2)
        else:
            mean = mean_elements(
                here.r_m, here.v_m_s, earth.mu_m3_s2, earth.gravity_radius_m, earth.zonals[0]
            )
        return cls(here.epoch, "TOD", mean, earth)

    @property
    def span_s(self) -> tuple[float, float]:
        """Without end."""
        return FOREVER

    @property
    def rates(self) -> SecularRates:
        """Of the mean angles."""
        mean = self.elements
        return brouwer_rates(
            float(mean.semi_major_axis_m),
            mean.eccentricity,
            mean.inclination_rad,
            self.environment,
        )

    def elements_at(self, t_s: Any) -> Elements:
        """Mean elements, arrays of shape (n,); angles in [0, 2 pi)."""
        times = times_array(t_s)
        mean, rates, turn = self.elements, self.rates, 2.0 * np.pi
        ones = np.ones_like(times)
        e = mean.eccentricity
        start = mean_from_true(mean.true_anomaly_rad, e)
        anomaly = true_from_mean(np.mod(start + rates.mean_anomaly_rad_s * times, turn), e)
        return Elements(
            mean.semi_latus_rectum_m * ones,
            e * ones,
            mean.inclination_rad * ones,
            np.mod(mean.raan_rad + rates.raan_rad_s * times, turn),
            np.mod(mean.argp_rad + rates.argp_rad_s * times, turn),
            np.mod(anomaly, turn),
        )

    def at(self, t_s: Any) -> tuple[Array, Array]:
        """Positions and velocities, shape (n, 3)."""
        earth, mean = self.environment, self.elements_at(t_s)
        if not self.osculating or not earth.zonals:
            return state_from_elements(mean, earth.mu_m3_s2)
        return osculating_state(mean, earth.mu_m3_s2, earth.gravity_radius_m, earth.zonals[0])
