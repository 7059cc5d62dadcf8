"""Power through the eclipse seasons of a year, and how deep the battery is drawn."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.orbit.eclipses import SunProfile, sun_profile
from cosmodrome.satellite.budget import Budget, Table, given, result
from cosmodrome.satellite.flown_orbit import FlownOrbit
from cosmodrome.satellite.spacecraft import Array, Battery, Load, Spacecraft
from cosmodrome.world.ephemeris import sun_m
from cosmodrome.world.epoch import Epoch

__all__ = ["SOLAR_W_M2", "facing", "power_budget", "through_orbit"]

Floats = NDArray[np.float64]

SOLAR_W_M2: Final = 1361.0
"""Nominal solar irradiance at one astronomical unit, IAU 2015 resolution B3."""

_AU_M: Final = 1.495978707e11  # IAU 2012 resolution B2
_DAY_S: Final = 86400.0
_YEAR_DAYS: Final = 365.25
_PLACES: Final = 360  # round the orbit


def facing(array: Array, beta_rad: Floats, angle_rad: Floats) -> Floats:
    """Cosine between array and Sun round an orbit, 0 where the back is lit.

    Parameters
    ----------
    array : Array
    beta_rad : array, shape (n, 1), Sun above the plane, on the side of r x v
    angle_rad : array, shape (m,), along the flight from the place below the Sun

    Returns
    -------
    array, shape (n, m)
    """
    if array.pointing == "sun":
        return np.ones((beta_rad.shape[0], angle_rad.size))
    flat = np.cos(beta_rad) * np.ones_like(angle_rad)
    if array.pointing == "axis":
        return np.asarray(flat)
    along, across, up = array.normal
    # Ahead of noon the Sun lies behind: towards minus the flight.
    lit = up * flat * np.cos(angle_rad) - along * flat * np.sin(angle_rad)
    return np.maximum(lit + across * np.sin(beta_rad), 0.0)


def through_orbit(
    made_w: Floats, used_w: Floats, step_s: Floats, battery: Battery
) -> tuple[Floats, Floats]:
    """Energy round an orbit: what is made over what is needed, and the deepest draw.

    What is made beyond the need of the moment goes through the battery and
    loses there what charging and discharging lose.

    Parameters
    ----------
    made_w, used_w : array, shape (n, m), power at places in the order of flight
    step_s : array, shape (n, m), how long each lasts
    battery : Battery

    Returns
    -------
    (array, array), shape (n,)
        Energy the array gives over the energy it has to give, and the joules
        drawn from the battery between its fullest and its emptiest.
    """
    net = (made_w - used_w) * step_s
    short = np.maximum(-net, 0.0) / battery.discharge_efficiency
    over = np.maximum(net, 0.0)
    need = np.sum(np.minimum(made_w, used_w) * step_s + short / battery.charge_efficiency, axis=1)
    share = np.sum(made_w * step_s, axis=1) / need
    # Two turns, so that a draw may begin anywhere.
    change = np.tile(over * battery.charge_efficiency - short, 2)
    level = np.cumsum(np.concatenate((np.zeros((change.shape[0], 1)), change), axis=1), axis=1)
    # A full battery takes no more: a level never stands above its former best.
    drawn = np.max(np.maximum.accumulate(level, axis=1) - level, axis=1)
    return share, drawn


def _shadow(profile: SunProfile, angle: Floats) -> Floats:
    """Share of each place's stretch of the orbit that is in shadow, shape (n, m)."""
    half = math.pi * profile.penumbra_s[:, None] / profile.period_s
    width = 2.0 * math.pi / angle.size
    away = np.abs(angle - math.pi)
    return np.asarray(np.clip((half - away) / width + 0.5, 0.0, 1.0))


def _drawn_w(loads: tuple[Load, ...]) -> tuple[float, float]:
    """Power in sunlight and in eclipse."""
    sunlit = sum(load.power_w * load.sunlit for load in loads)
    return sunlit, sum(load.power_w * load.eclipse for load in loads)


def power_budget(craft: Spacecraft, orbit: FlownOrbit, epoch: Epoch) -> Budget:
    """Power over one year at the end of life, day by day.

    Parameters
    ----------
    craft : Spacecraft, with array, battery and loads
    orbit : FlownOrbit
    epoch : Epoch, where the year begins

    Raises
    ------
    InputError
        Without an array, battery or loads, or where the ephemeris ends.

    Accuracy
    --------
    The Sun's place and distance are those of the year after the epoch; the
    shadow is the penumbra, centred opposite the Sun, which is exact on a
    circle. Sunlight from the Earth, left out, adds up to 10 % on a face that
    looks down.

    References
    ----------
    Wertz, Everett & Puschell, Space Mission Engineering (2011), section 21.2.
    """
    array, battery = craft.array, craft.battery
    if array is None or battery is None or not craft.loads:
        raise InputError("a power budget takes array, battery and loads", key="array")
    sunlit_w, eclipse_w = _drawn_w(craft.loads)
    if sunlit_w + eclipse_w == 0.0:
        raise InputError("the loads take no power", key="loads", allowed="power_w above 0")
    days: Floats = np.arange(round(_YEAR_DAYS), dtype=np.float64) * _DAY_S
    profile = sun_profile(orbit.motion, epoch, days)
    far = np.linalg.norm(sun_m(epoch, days, orbit.motion.frame), axis=1) / _AU_M
    life = (1.0 - array.fall_per_year) ** craft.body.years
    full = SOLAR_W_M2 * array.area_m2 * array.efficiency * array.packing
    full *= (1.0 - array.other_losses) * life
    angle = (np.arange(_PLACES) + 0.5) * 2.0 * math.pi / _PLACES
    dark = _shadow(profile, angle)
    lit = full / far[:, None] ** 2 * facing(array, profile.beta_rad[:, None], angle)
    # Every place is cut in two, sunlit and dark, so that contacts fall where they are.
    made = _woven(lit, np.zeros_like(lit))
    used = _woven(np.full_like(lit, sunlit_w), np.full_like(lit, eclipse_w))
    time = _woven(1.0 - dark, dark) * profile.period_s / _PLACES
    share, drawn = through_orbit(made, used, time, battery)
    means = tuple(np.sum(one * time, axis=1) / profile.period_s for one in (made, used))
    depth = drawn / battery.capacity_j
    return _told(craft, profile, (full, means[0], means[1]), share, depth)


def _woven(lit: Floats, dark: Floats) -> Floats:
    """Two arrays of shape (n, m), their columns in turn: shape (n, 2 m).

    Before midnight the dark half of a place comes last, after it first.
    """
    both = np.stack((lit, dark), axis=2)
    late = lit.shape[1] // 2
    both[:, late:] = both[:, late:, ::-1]
    return both.reshape(lit.shape[0], -1)


def _told(
    craft: Spacecraft,
    profile: SunProfile,
    watts: tuple[float, Floats, Floats],
    share: Floats,
    depth: Floats,
) -> Budget:
    array, battery = craft.array, craft.battery
    assert array is not None
    assert battery is not None
    full, made, used = watts
    poor, deep = int(np.argmin(share)), int(np.argmax(depth))
    energy = float(share[poor]) - 1.0
    left = 1.0 - float(depth[deep]) / battery.depth_of_discharge
    # Both as shares of what is needed or allowed: the smaller one limits.
    if energy <= left:
        limit = f"energy of an orbit, {_when(profile, poor)}"
    else:
        limit = f"depth of discharge, {_when(profile, deep)}"
    sunlit_w, eclipse_w = _drawn_w(craft.loads)
    years = craft.body.years
    lines = (
        given("array area", array.area_m2, "m2", "array.area_m2"),
        given("cell efficiency", array.efficiency, "", "array.efficiency"),
        given("power in sunlight", sunlit_w, "W", "sum of loads: power_w x sunlit"),
        given("power in eclipse", eclipse_w, "W", "sum of loads: power_w x eclipse"),
        given("battery capacity", battery.capacity_j / 3600.0, "Wh", "battery.capacity_wh"),
        given("allowed depth", battery.depth_of_discharge, "", "battery.depth_of_discharge"),
        result(
            "array facing the Sun, end of life",
            full,
            "W",
            f"{SOLAR_W_M2:g} W/m2 x area x efficiency x packing x (1 - other losses)"
            " x (1 - fall a year)^years",
        ),
        result("longest eclipse", np.max(profile.penumbra_s) / 60.0, "min", "penumbra, in a year"),
        result("least beta", np.degrees(np.min(profile.beta_rad)), "deg", "over a year"),
        result("greatest beta", np.degrees(np.max(profile.beta_rad)), "deg", "over a year"),
        result("power made, orbit mean", made[poor], "W", "on the poorest day"),
        result("power used, orbit mean", used[poor], "W", "on the poorest day"),
        result("energy margin", energy, "", "made / (used + lost in the battery) - 1, least"),
        result("depth of discharge", depth[deep], "", "drawn / capacity, greatest"),
        result(
            "discharges", years * _cycles_a_year(profile), "", "orbits with an eclipse, in life"
        ),
    )
    rows = zip(
        profile.t_s / _DAY_S,
        np.degrees(profile.beta_rad),
        profile.penumbra_s / 60.0,
        made,
        used,
        depth,
        strict=True,
    )
    columns = ("day", "beta deg", "eclipse min", "made W", "used W", "depth of discharge")
    table = Table("power over a year", columns, tuple(tuple(float(x) for x in row) for row in rows))
    notes = (f"the array is {_POINTING[array.pointing]}", f"at the end of life, {years:g} years on")
    return Budget("power", lines, limit, min(energy, left), "", (table,), notes)


_POINTING: Final = {
    "sun": "turned to the Sun",
    "axis": "turned about one axis normal to the orbit",
    "fixed": "fixed to a body that looks at the Earth",
}


def _when(profile: SunProfile, day: int) -> str:
    return f"worst on {(profile.start + float(profile.t_s[day])).utc(0)[:10]}"


def _cycles_a_year(profile: SunProfile) -> float:
    shaded = float(np.mean(profile.penumbra_s > 0.0))
    return shaded * _YEAR_DAYS * _DAY_S / profile.period_s
