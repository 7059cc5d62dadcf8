"""The nouns of a plan: environment, site, target orbit, limits, mission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cosmodrome.flight.vehicle import Vehicle
from cosmodrome.world.environment import Atmosphere, Environment, Wind

__all__ = ["Atmosphere", "Environment", "Limits", "LocalTime", "Mission", "Site", "Target", "Wind"]


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
    """

    dynamic_pressure_pa: float | None = None
    acceleration_m_s2: float | None = None
    q_alpha_pa_rad: float | None = None
    heating_w_m2: float | None = None
    pitch_rate_rad_s: float | None = None
    coast_perigee_radius_m: float | None = None
    vertical_rise_s: float = 10.0
    azimuths_rad: tuple[tuple[float, float], ...] = ()


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
