"""From a target orbit to the motion that budgets are reckoned on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from cosmodrome.errors import InputError
from cosmodrome.mission.nouns import Target
from cosmodrome.orbit.elements import Elements
from cosmodrome.orbit.motion import Secular
from cosmodrome.orbit.secular import brouwer_rates
from cosmodrome.orbit.sun import TROPICAL_YEAR_S, raan_for_local_time
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import Epoch

__all__ = ["FlownOrbit", "flown_orbit"]

_KEEPS_PACE: Final = 0.02
_NOON_H: Final = 12.0


@dataclass(frozen=True, slots=True, eq=False)
class FlownOrbit:
    """An orbit with a place in it, and what had to be assumed.

    Parameters
    ----------
    motion : Secular
    perigee_radius_m, apogee_radius_m, inclination_rad : float, mean
    assumptions : tuple of str
    """

    motion: Secular
    perigee_radius_m: float
    apogee_radius_m: float
    inclination_rad: float
    assumptions: tuple[str, ...]

    @property
    def semi_major_axis_m(self) -> float:
        """Half the sum of the radii."""
        return 0.5 * (self.perigee_radius_m + self.apogee_radius_m)

    @property
    def mu_m3_s2(self) -> float:
        """Of the motion's Earth."""
        return self.motion.environment.mu_m3_s2

    @property
    def mean_speed_m_s(self) -> float:
        """Of a circle of the same energy."""
        return math.sqrt(self.mu_m3_s2 / self.semi_major_axis_m)

    @property
    def period_s(self) -> float:
        """Of two-body motion."""
        return 2.0 * math.pi * self.semi_major_axis_m / self.mean_speed_m_s


def flown_orbit(target: Target, epoch: Epoch) -> FlownOrbit:
    """The mean motion of a target orbit from an epoch on.

    Parameters
    ----------
    target : Target
        Its radii and inclination are taken as mean elements. The node is the
        one given, or that of the local time; an orbit that keeps pace with the
        Sun and says neither crosses the equator northward at noon, which has
        the longest eclipses; any other passes every local time in the year.
    epoch : Epoch

    Raises
    ------
    InputError
        For an escape, or an orbit without an inclination.

    Accuracy
    --------
    Osculating elements taken as mean ones differ by up to 9 km. Drag, Sun and
    Moon, left out, turn the node of a sun-synchronous orbit by minutes of local
    time a year.
    """
    if target.apogee_radius_m is None or target.inclination_rad is None:
        raise InputError(
            f"the budgets of a spacecraft need a closed orbit with an inclination, "
            f"not {target.text!r}",
            key="orbit",
            value=target.text,
            allowed='as "sso 500 km ltan 10:30" or "550 km 53 deg"',
        )
    earth = Environment()
    low, high = target.perigee_radius_m, target.apogee_radius_m
    axis, shape = 0.5 * (low + high), (high - low) / (high + low)
    notes = [] if target.elements == "mean" else ["the elements are taken as mean ones"]
    rate = float(brouwer_rates(axis, shape, target.inclination_rad, earth).raan_rad_s)
    steady = abs(rate * TROPICAL_YEAR_S / (2.0 * math.pi) - 1.0) < _KEEPS_PACE
    if target.raan_rad is not None:
        node = target.raan_rad
    elif target.local_time is not None:
        said = target.local_time
        node = raan_for_local_time(said.hours, epoch, node=said.node, sun=said.sun)
    elif steady:
        node = raan_for_local_time(_NOON_H, epoch)
        notes.append("no local time is given: noon at the ascending node, the longest eclipses")
    else:
        node = 0.0
        notes.append("no node is given: 0, and it turns through all local times")
    perigee = target.argp_rad[0] if target.argp_rad else 0.0
    mean = Elements.keplerian(axis, shape, target.inclination_rad, node, perigee)
    motion = Secular(epoch, "TOD", mean, earth)
    return FlownOrbit(motion, low, high, target.inclination_rad, tuple(notes))
