"""The nouns of a plan: environment, site, target orbit, limits, mission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cosmodrome.flight.vehicle import Vehicle
from cosmodrome.world.environment import Atmosphere, Environment, Wind

__all__ = [
    "Atmosphere",
    "Environment",
    "ImpactRow",
    "Limits",
    "LocalTime",
    "Mission",
    "Site",
    "Target",
    "Wind",
    "Zone",
]


@dataclass(frozen=True, slots=True)
class Site:
    """A launch pad: geodetic latitude, longitude east, height above the ellipsoid.

    `azimuths_rad` is the corridor: pairs (from, to), clockwise from north; the
    course of the impact point stays inside one of them while the first stage
    burns. Empty means unrestricted.
    """

    name: str
    pad: str
    latitude_rad: float
    longitude_rad: float
    altitude_m: float
    azimuths_rad: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class LocalTime:
    """Local time at a node: hours in [0, 24), which node, mean or apparent Sun."""

    hours: float
    node: Literal["ascending", "descending"]
    sun: Literal["mean", "apparent"] = "mean"


@dataclass(frozen=True, slots=True)
class Target:
    """An orbit to reach, at insertion, referred to the true equator of date.

    Radii are from the Earth's centre. None means free. For an escape,
    `apogee_radius_m` is None and `c3_m2_s2` is given.

    Parameters
    ----------
    text : str, as the user wrote it
    kind : "circular", "elliptic" or "escape"
    perigee_radius_m : float
    apogee_radius_m : float or None
    inclination_rad : float or None
        None asks for the least inclination the site reaches without a dogleg.
    raan_rad : float or None
    argp_rad : tuple of float
        The allowed arguments of perigee; empty means free.
    c3_m2_s2 : float or None
    dla_rad : float or None, declination of the outgoing asymptote
    elements : "osculating" or "mean" (first-order J2)
    local_time : LocalTime or None, fixes the lift-off time, not the ascent
    is_gto : bool, the answer gives the delta-v left to geostationary
    """

    text: str
    kind: Literal["circular", "elliptic", "escape"]
    perigee_radius_m: float
    apogee_radius_m: float | None
    inclination_rad: float | None
    raan_rad: float | None = None
    argp_rad: tuple[float, ...] = ()
    c3_m2_s2: float | None = None
    dla_rad: float | None = None
    elements: Literal["osculating", "mean"] = "osculating"
    local_time: LocalTime | None = None
    is_gto: bool = False


@dataclass(frozen=True, slots=True)
class Zone:
    """Ground that what falls must come down in, or must keep off.

    Parameters
    ----------
    name : str, for people
    part : str
        A stage, strap-on group or "fairing", in lower case; empty means every part
        that comes down.
    inside : bool, the impact has to lie in it; else outside of it
    rings_rad : tuple of rings, each a tuple of (latitude, longitude), even-odd rule
    margin_m : float, how far inside (or outside) the impact has to stay
    """

    name: str
    part: str
    inside: bool
    rings_rad: tuple[tuple[tuple[float, float], ...], ...]
    margin_m: float = 0.0


@dataclass(frozen=True, slots=True)
class ImpactRow:
    """One side that the impact of a part is held to, near a flight that is known.

    The impact is that of a fall in vacuum, in closed form, and what the real fall
    differs from it, to first order in the state at release. The row asks that

        normal . p + weights . (r, v, t) >= least

    with p the vacuum impact point on the turning Earth, r and v the state at
    release, and t its time after lift-off.

    Parameters
    ----------
    part : str, in lower case
    normal : tuple of 3 floats, in the axes of the ascent, turned back with the Earth
    weights : tuple of 7 floats, metres per metre, per metre per second, per second
    least : float, metres
    """

    part: str
    normal: tuple[float, float, float]
    weights: tuple[float, float, float, float, float, float, float]
    least: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What the flight must respect; None switches a limit off.

    Parameters
    ----------
    dynamic_pressure_pa : float
    acceleration_m_s2 : float, axial, thrust minus drag over mass
    q_alpha_pa_rad : float
        Dynamic pressure times total angle of attack (sideslip included).
    heating_w_m2 : float, free-molecular, after the fairing is gone
    pitch_rate_rad_s : float, turn rate of the thrust axis
    coast_perigee_radius_m : float
        Least perigee of a parking orbit that is coasted in.
    vertical_rise_s : float
        Length of the vertical rise; 0 steers freely from the pad.
    azimuths_rad : tuple of pairs, the corridor in force
    zones : tuple of Zone, where parts must or must not come down
    impacts : tuple of ImpactRow
        What holds a flight to its zones; made and renewed by the planner.
    """

    dynamic_pressure_pa: float | None = None
    acceleration_m_s2: float | None = None
    q_alpha_pa_rad: float | None = None
    heating_w_m2: float | None = None
    pitch_rate_rad_s: float | None = None
    coast_perigee_radius_m: float | None = None
    vertical_rise_s: float = 10.0
    azimuths_rad: tuple[tuple[float, float], ...] = ()
    zones: tuple[Zone, ...] = ()
    impacts: tuple[ImpactRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Mission:
    """One question: this vehicle, from here, to there, within these limits.

    `payload_kg` None asks for the largest payload; a number asks for the flight
    of that payload and maximises what is left in the last stage.
    `inertial_angle_rad` is the angle of the site's meridian from the inertial
    x axis at lift-off; None takes it from `epoch_utc`. With it set, the node
    of the target is a constraint on the ascent; otherwise the node sets the
    lift-off time.
    """

    vehicle: Vehicle
    site: Site
    target: Target
    limits: Limits
    environment: Environment
    epoch_utc: str
    payload_kg: float | None = None
    inertial_angle_rad: float | None = None
    name: str = ""
