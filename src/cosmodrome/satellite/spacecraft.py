"""The spacecraft as plain numbers: what the budgets need, SI.

Every field says under which key it stands in a spacecraft file, by which factor
that key's unit becomes SI, and in which range it makes sense there.
"""

from __future__ import annotations

import math
from dataclasses import MISSING, dataclass, field
from typing import Any, Final, Literal

__all__ = [
    "Array",
    "Battery",
    "Body",
    "Ground",
    "Instrument",
    "Load",
    "Manoeuvres",
    "Part",
    "Propulsion",
    "Radio",
    "Spacecraft",
]

_DEG: Final = math.pi / 180.0
_LARGE: Final = 1e6


def _key(
    key: str,
    low: float = 0.0,
    high: float = _LARGE,
    *,
    factor: float = 1.0,
    above: bool = False,
    default: Any = MISSING,
) -> Any:
    """A field that stands in the file as `key`, from `low` (or above it) to `high`."""
    return field(
        default=default,
        metadata={"key": key, "range": (low, high), "factor": factor, "above": above},
    )


@dataclass(frozen=True, slots=True)
class Body:
    """The spacecraft as a launcher and the air meet it.

    Parameters
    ----------
    name : str
    mass_kg : float, allowed at launch, propellant included, launch adapter not
    years : float, of operation, which every end-of-life figure refers to
    drag_area_m2 : float, mean area against the flow
    drag_coefficient : float, 2.2 is usual for a compact body in free-molecular flow
    diameter_m, length_m : float, stowed, across and along the launcher's axis
    adapter_kg : float, separation system and adapter, where the launcher counts none
    """

    name: str
    mass_kg: float = _key("mass_kg", above=True)
    years: float = _key("years", 0.0, 50.0, above=True)
    drag_area_m2: float = _key("drag_area_m2", 0.0, 1e4, above=True)
    diameter_m: float = _key("diameter_m", 0.0, 20.0, above=True)
    length_m: float = _key("length_m", 0.0, 50.0, above=True)
    drag_coefficient: float = _key("drag_coefficient", 0.5, 5.0, default=2.2)
    adapter_kg: float = _key("adapter_kg", 0.0, 1e4, default=0.0)


@dataclass(frozen=True, slots=True)
class Array:
    """The solar array.

    Parameters
    ----------
    area_m2 : float
    efficiency : float, of the cells at their temperature in orbit, when new
    packing : float, share of the area that is cells
    other_losses : float, share lost in harness, mismatch, pointing
    fall_per_year : float, share of power lost a year
    pointing : "sun", "axis" or "fixed"
        Faces the Sun; turns about one axis normal to the orbit's plane; or is
        fixed to a body that looks at the Earth.
    normal : tuple of three, for "fixed": along the flight, across it (on the side
        of the angular momentum), up; any length
    """

    area_m2: float = _key("area_m2", 0.0, 1e4, above=True)
    efficiency: float = _key("efficiency", 0.0, 0.5, above=True)
    pointing: Literal["sun", "axis", "fixed"] = "sun"
    packing: float = _key("packing", 0.0, 1.0, above=True, default=1.0)
    other_losses: float = _key("other_losses", 0.0, 0.9, default=0.0)
    fall_per_year: float = _key("fall_per_year", 0.0, 0.5, default=0.0)
    normal: tuple[float, float, float] = (0.0, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Battery:
    """The battery.

    Parameters
    ----------
    capacity_j : float, at the end of life
    depth_of_discharge : float, the greatest share that may be taken out
    charge_efficiency, discharge_efficiency : float, regulators included
    """

    capacity_j: float = _key("capacity_wh", 0.0, factor=3600.0, above=True)
    depth_of_discharge: float = _key("depth_of_discharge", 0.0, 1.0, above=True)
    charge_efficiency: float = _key("charge_efficiency", 0.1, 1.0, default=1.0)
    discharge_efficiency: float = _key("discharge_efficiency", 0.1, 1.0, default=1.0)


@dataclass(frozen=True, slots=True)
class Load:
    """What takes power, and for what share of the time in sunlight and in eclipse."""

    name: str
    power_w: float = _key("power_w")
    sunlit: float = _key("sunlit", 0.0, 1.0, default=1.0)
    eclipse: float = _key("eclipse", 0.0, 1.0, default=1.0)


@dataclass(frozen=True, slots=True)
class Radio:
    """The transmitter that brings the data down.

    Parameters
    ----------
    frequency_hz : float
    power_w : float, radiated
    gain_dbi : float, towards every station in view
    losses_db : float, between amplifier and antenna, and pointing
    data_rate_bit_s : float, before coding and with all overhead
    required_eb_n0_db : float, of modulation and coding at the wanted error rate
    implementation_loss_db, margin_db : float, the margin that is wanted
    overhead : float, share of what is sent that is no data
    acquisition_s : float, lost at the start of every pass
    """

    frequency_hz: float = _key("frequency_mhz", 30.0, 1e5, factor=1e6)
    power_w: float = _key("power_w", 0.0, 1e4, above=True)
    gain_dbi: float = _key("gain_dbi", -20.0, 80.0)
    data_rate_bit_s: float = _key("data_rate_mbit_s", 0.0, 1e6, factor=1e6, above=True)
    required_eb_n0_db: float = _key("required_eb_n0_db", -5.0, 30.0)
    losses_db: float = _key("losses_db", 0.0, 50.0, default=0.0)
    implementation_loss_db: float = _key("implementation_loss_db", 0.0, 20.0, default=0.0)
    margin_db: float = _key("margin_db", 0.0, 20.0, default=3.0)
    overhead: float = _key("overhead", 0.0, 0.9, default=0.0)
    acquisition_s: float = _key("acquisition_s", 0.0, 600.0, default=0.0)


@dataclass(frozen=True, slots=True)
class Ground:
    """A station that receives.

    Parameters
    ----------
    name : str
    place : str, a station of the list or latitude,longitude[,altitude]; the name by default
    g_over_t_db_k : float, antenna gain over system noise temperature
    min_elevation_rad : float
    zenith_loss_db : float, air and rain straight up; grows as 1 / sin(elevation)
    """

    name: str
    g_over_t_db_k: float = _key("g_over_t_db_k", -40.0, 70.0)
    min_elevation_rad: float = _key("min_elevation_deg", 3.0, 89.0, factor=_DEG)
    place: str = ""
    zenith_loss_db: float = _key("zenith_loss_db", 0.0, 20.0, default=0.0)


@dataclass(frozen=True, slots=True)
class Instrument:
    """The payload and where its data wait.

    Parameters
    ----------
    swath_m : float, width of the strip that is seen
    access_m : float or None, width of the strip that it can be turned to; the swath if None
    data_rate_bit_s : float, while it works, before compression
    duty : float, share of the time it works
    compression : float, bits in for one bit out
    storage_bit : float
    """

    swath_m: float = _key("swath_km", 0.0, 5e3, factor=1e3, above=True)
    data_rate_bit_s: float = _key("data_rate_mbit_s", 0.0, 1e6, factor=1e6, above=True)
    duty: float = _key("duty", 0.0, 1.0, above=True)
    storage_bit: float = _key("storage_gbyte", 0.0, 1e7, factor=8e9, above=True)
    compression: float = _key("compression", 1.0, 1e3, default=1.0)
    access_m: float | None = _key("access_km", 0.0, 5e3, factor=1e3, above=True, default=None)


@dataclass(frozen=True, slots=True)
class Propulsion:
    """Propellant loaded, vacuum specific impulse, the share that cannot be used."""

    propellant_kg: float = _key("propellant_kg", above=True)
    isp_s: float = _key("isp_s", 20.0, 1e4)
    residual: float = _key("residual", 0.0, 0.5, default=0.0)


@dataclass(frozen=True, slots=True)
class Manoeuvres:
    """What the propellant is for.

    Parameters
    ----------
    keep_altitude : bool, drag is made up for
    phasing_rad : float, turned ahead once within `phasing_s`
    phasing_s : float
    avoidance_m_s : float, a year
    deorbit_perigee_m : float or None, height to which the perigee is lowered at
        the end of life; None: left to the air
    margin : float, share on top of every manoeuvre
    """

    keep_altitude: bool = True
    phasing_rad: float = _key("phasing_deg", 0.0, 360.0, factor=_DEG, default=0.0)
    phasing_s: float = _key("phasing_days", 0.1, 1e4, factor=86400.0, default=30 * 86400.0)
    avoidance_m_s: float = _key("avoidance_m_s_per_year", 0.0, 1e3, default=0.0)
    deorbit_perigee_m: float | None = _key("deorbit_perigee_km", 0.0, 1e5, factor=1e3, default=None)
    margin: float = _key("margin", 0.0, 2.0, default=0.0)


@dataclass(frozen=True, slots=True)
class Part:
    """One item of the mass budget with the share that its maturity asks for."""

    name: str
    mass_kg: float = _key("mass_kg")
    margin: float = _key("margin", 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Spacecraft:
    """A spacecraft; what its file leaves out has no budget.

    Parameters
    ----------
    body : Body
    array, battery : or None, and `loads`: the power budget
    radio : or None, and `stations`: the link budget
    instrument : or None: with both of those the data budget
    propulsion : or None, and `manoeuvres`: the delta-v budget
    parts : tuple of Part, dry, and `system_margin`: the mass budget
    """

    body: Body
    array: Array | None = None
    battery: Battery | None = None
    loads: tuple[Load, ...] = ()
    radio: Radio | None = None
    stations: tuple[Ground, ...] = ()
    instrument: Instrument | None = None
    propulsion: Propulsion | None = None
    manoeuvres: Manoeuvres = field(default_factory=Manoeuvres)
    parts: tuple[Part, ...] = ()
    system_margin: float = _key("system_margin", 0.0, 1.0, default=0.0)
