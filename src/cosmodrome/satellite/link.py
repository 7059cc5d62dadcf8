"""The link to the ground: margin by elevation, and from where on it closes."""

from __future__ import annotations

import math
from typing import Final

from cosmodrome.errors import InputError
from cosmodrome.satellite.budget import Budget, Line, Table, given, result
from cosmodrome.satellite.flown_orbit import FlownOrbit
from cosmodrome.satellite.spacecraft import Ground, Radio, Spacecraft
from cosmodrome.world.environment import Environment

__all__ = ["closing_elevation_rad", "link_budget", "link_margin_db", "slant_range_m"]

_LIGHT_M_S: Final = 299792458.0  # SI
_BOLTZMANN_J_K: Final = 1.380649e-23  # SI
_ELEVATIONS_DEG: Final = (5, 10, 15, 20, 30, 45, 60, 75, 90)


def slant_range_m(radius_m: float, elevation_rad: float) -> float:
    """Distance of a satellite at a radius seen at an elevation from a round Earth.

    Accuracy
    --------
    The Earth's flattening, left out, changes it by up to 2 % at 5 deg.
    """
    ground = Environment().equatorial_radius_m
    up = ground * math.sin(elevation_rad)
    return math.sqrt(up * up + radius_m**2 - ground**2) - up


def link_margin_db(radio: Radio, ground: Ground, radius_m: float, elevation_rad: float) -> float:
    """Eb/N0 above what is required, decibels.

    EIRP - free space - air + G/T - k - data rate - required - implementation.

    Parameters
    ----------
    radio : Radio
    ground : Ground
    radius_m : float, of the satellite, from the Earth's centre
    elevation_rad : float, above 0

    Accuracy
    --------
    Air and rain grow as 1 / sin(elevation), 0.1 dB too much at 5 deg for 1 dB
    in the zenith. Polarisation and fading are left out.

    References
    ----------
    ITU-R P.525-4 for the loss in free space.
    """
    length = _LIGHT_M_S / radio.frequency_hz
    space = 20.0 * math.log10(4.0 * math.pi * slant_range_m(radius_m, elevation_rad) / length)
    air = ground.zenith_loss_db / math.sin(elevation_rad)
    received = _eirp_dbw(radio) - space - air + ground.g_over_t_db_k
    density = received - 10.0 * math.log10(_BOLTZMANN_J_K)
    per_bit = density - 10.0 * math.log10(radio.data_rate_bit_s)
    return per_bit - radio.required_eb_n0_db - radio.implementation_loss_db


def _eirp_dbw(radio: Radio) -> float:
    return 10.0 * math.log10(radio.power_w) + radio.gain_dbi - radio.losses_db


def closing_elevation_rad(radio: Radio, ground: Ground, radius_m: float) -> float | None:
    """The least elevation from the station's mask up with the wanted margin; None if nowhere.

    The margin grows with elevation, since range and air both shrink.
    """
    low, high = ground.min_elevation_rad, 0.5 * math.pi
    if link_margin_db(radio, ground, radius_m, low) >= radio.margin_db:
        return low
    if link_margin_db(radio, ground, radius_m, high) < radio.margin_db:
        return None
    while high - low > 1e-9:
        middle = 0.5 * (low + high)
        closed = link_margin_db(radio, ground, radius_m, middle) >= radio.margin_db
        low, high = (low, middle) if closed else (middle, high)
    return high


def link_budget(craft: Spacecraft, orbit: FlownOrbit) -> Budget:
    """Margin over every station by elevation, from the apogee's height.

    Parameters
    ----------
    craft : Spacecraft, with radio and stations
    orbit : FlownOrbit

    Raises
    ------
    InputError
        Without a radio or a station.
    """
    radio, radius = craft.radio, orbit.apogee_radius_m
    if radio is None or not craft.stations:
        raise InputError("a link budget takes a radio and stations", key="radio")
    worst = min(
        craft.stations, key=lambda one: link_margin_db(radio, one, radius, one.min_elevation_rad)
    )
    lowest = link_margin_db(radio, worst, radius, worst.min_elevation_rad)
    mask = math.degrees(worst.min_elevation_rad)
    spare = lowest - radio.margin_db
    rate = radio.data_rate_bit_s * 10.0 ** (0.1 * spare)
    lines = (
        *_inputs(radio, orbit),
        *_step_by_step(radio, worst, radius),
        result("margin, lowest", lowest, "dB", f"over {worst.name} at its mask of {mask:g} deg"),
        result("data rate that closes there", rate / 1e6, "Mbit/s", "rate x 10^(spare / 10)"),
        *(_closing(radio, one, radius) for one in craft.stations),
    )
    angles = [math.radians(one) for one in _ELEVATIONS_DEG]
    rows = tuple(
        (
            *(math.degrees(angle), slant_range_m(radius, angle) / 1e3),
            *(link_margin_db(radio, one, radius, angle) for one in craft.stations),
        )
        for angle in angles
    )
    columns = ("elevation deg", "range km", *(f"{one.name} dB" for one in craft.stations))
    limit = f"{worst.name} at {mask:g} deg, with {radio.margin_db:g} dB wanted"
    notes = ("the antenna has one gain towards every station; refraction is off",)
    return Budget(
        "link", lines, limit, spare, "dB", (Table("margin by elevation", columns, rows),), notes
    )


def _inputs(radio: Radio, orbit: FlownOrbit) -> tuple[Line, ...]:
    height = orbit.apogee_radius_m - Environment().equatorial_radius_m
    return (
        given("altitude", height / 1e3, "km", "apogee of the orbit"),
        given("frequency", radio.frequency_hz / 1e6, "MHz", "radio.frequency_mhz"),
        given("transmitter power", radio.power_w, "W", "radio.power_w"),
        given("antenna gain", radio.gain_dbi, "dBi", "radio.gain_dbi"),
        given("data rate", radio.data_rate_bit_s / 1e6, "Mbit/s", "radio.data_rate_mbit_s"),
        given("required Eb/N0", radio.required_eb_n0_db, "dB", "radio.required_eb_n0_db"),
        given("wanted margin", radio.margin_db, "dB", "radio.margin_db"),
    )


def _step_by_step(radio: Radio, ground: Ground, radius_m: float) -> tuple[Line, ...]:
    """The reckoning at the worst station's mask."""
    angle = ground.min_elevation_rad
    far = slant_range_m(radius_m, angle)
    space = 20.0 * math.log10(4.0 * math.pi * far * radio.frequency_hz / _LIGHT_M_S)
    return (
        given("G/T", ground.g_over_t_db_k, "dB/K", f"stations.{ground.name}.g_over_t_db_k"),
        result("EIRP", _eirp_dbw(radio), "dBW", "10 log10(power) + gain - losses"),
        result("range", far / 1e3, "km", "sqrt((R sin el)^2 + r^2 - R^2) - R sin el"),
        result("free-space loss", space, "dB", "20 log10(4 pi range frequency / c)"),
        result(
            "air", ground.zenith_loss_db / math.sin(angle), "dB", "zenith loss / sin(elevation)"
        ),
    )


def _closing(radio: Radio, ground: Ground, radius_m: float) -> Line:
    angle = closing_elevation_rad(radio, ground, radius_m)
    name = f"closes over {ground.name} from"
    if angle is None:
        return result(name, 90.0, "deg", "does not close, not even in the zenith")
    return result(name, math.degrees(angle), "deg", "least elevation with the wanted margin")
