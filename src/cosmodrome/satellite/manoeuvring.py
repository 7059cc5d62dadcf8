"""Velocity that a spacecraft spends in its life, and the propellant for it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from cosmodrome.mission.catalogue import VehicleSheet
from cosmodrome.mission.catalogue.sheet import AccuracySheet
from cosmodrome.satellite.budget import Budget, Line, Table, given, result
from cosmodrome.satellite.drag import DragUpkeep
from cosmodrome.satellite.flown_orbit import FlownOrbit
from cosmodrome.satellite.spacecraft import Manoeuvres, Propulsion, Spacecraft
from cosmodrome.world.environment import Environment

__all__ = [
    "Injection",
    "correction_m_s",
    "delta_v_budget",
    "deorbit_m_s",
    "injection_of",
    "phasing_m_s",
]

_SIGMAS: Final = 3.0
_HIGH_M: Final = 1e7  # an apogee above this is a transfer orbit's


@dataclass(frozen=True, slots=True)
class Injection:
    """How far off a launcher may leave its payload, at three standard deviations.

    Parameters
    ----------
    vehicle, orbit, source : str, whose, printed for which orbit, and where
    perigee_m, apogee_m, inclination_rad : float, half widths
    """

    vehicle: str
    orbit: str
    source: str
    perigee_m: float
    apogee_m: float
    inclination_rad: float


def injection_of(sheet: VehicleSheet, orbit: FlownOrbit) -> Injection | None:
    """A launcher's published accuracy for this kind of orbit; None where none is known.

    A low orbit's accuracy says nothing of a transfer orbit's and the other way
    round. What is printed for another number of standard deviations is scaled.
    """
    printed = sheet.accuracy
    high = orbit.apogee_radius_m - Environment().equatorial_radius_m > _HIGH_M
    if printed is None or ("transfer" in printed.orbit) != high:
        return None
    scale = _SIGMAS / printed.sigma.value
    perigee, apogee = _heights_km(printed)
    tilt = printed.inclination_deg
    return Injection(
        sheet.name,
        printed.orbit,
        printed.sigma.source,
        1e3 * scale * perigee,
        1e3 * scale * apogee,
        math.radians(scale * tilt.value) if tilt is not None else 0.0,
    )


def _heights_km(printed: AccuracySheet) -> tuple[float, float]:
    """Errors of perigee and apogee; those of a size or a circle count for both."""
    both = printed.altitude_km or printed.semi_major_axis_km
    perigee, apogee = printed.perigee_km or both, printed.apogee_km or both
    return (perigee.value if perigee else 0.0), (apogee.value if apogee else 0.0)


def correction_m_s(injection: Injection, orbit: FlownOrbit) -> tuple[float, float]:
    """Velocity to mend heights, and to mend the inclination.

    Each apsis is moved at the other one, v^2 = mu (2/r - 1/a): an apsis moved
    by d costs mu d / (4 a^2 v) there. The plane is turned where the satellite
    is slowest.

    Accuracy
    --------
    First order in the errors: 1 % for 50 km. Turning the plane while moving an
    apsis, left out, would be cheaper.
    """
    axis, mu = orbit.semi_major_axis_m, orbit.mu_m3_s2
    low, high = orbit.perigee_radius_m, orbit.apogee_radius_m
    fast, slow = (math.sqrt(mu * (2.0 / r - 1.0 / axis)) for r in (low, high))
    rate = mu / (4.0 * axis * axis)
    heights = rate * (injection.apogee_m / fast + injection.perigee_m / slow)
    return heights, 2.0 * slow * math.sin(0.5 * injection.inclination_rad)


def phasing_m_s(angle_rad: float, time_s: float, orbit: FlownOrbit) -> float:
    """Velocity to move ahead or back along the orbit by an angle within a time, and stop.

    The drift 3/2 n da/a takes the angle over the time; leaving and coming back
    cost v da / (2 a) each.

    Accuracy
    --------
    First order in da / a; exact enough where the drift is slow beside the orbit.
    """
    speed, axis = orbit.mean_speed_m_s, orbit.semi_major_axis_m
    motion = speed / axis
    return speed * 2.0 * angle_rad / (3.0 * motion * time_s)


def deorbit_m_s(orbit: FlownOrbit, perigee_radius_m: float) -> float:
    """Velocity at apogee that lowers the perigee to a radius; 0 where it is as low already."""
    if perigee_radius_m >= orbit.perigee_radius_m:
        return 0.0
    mu, high = orbit.mu_m3_s2, orbit.apogee_radius_m
    before = math.sqrt(mu * (2.0 / high - 1.0 / orbit.semi_major_axis_m))
    after = math.sqrt(2.0 * mu * perigee_radius_m / (high * (high + perigee_radius_m)))
    return before - after


def delta_v_budget(
    craft: Spacecraft,
    orbit: FlownOrbit,
    injections: tuple[Injection, ...],
    drag: DragUpkeep,
) -> Budget:
    """What is to be spent in a life, against what the propellant gives.

    Parameters
    ----------
    craft : Spacecraft; without propulsion nothing is there to spend
    orbit : FlownOrbit
    injections : tuple of Injection
        Launchers it may ride on; the worst of them is corrected in full.
    drag : DragUpkeep, of this spacecraft in this orbit

    Accuracy
    --------
    Impulses; low thrust costs more for the plane and up to 40 % more for
    heights. Attitude control is not in it: put it into the margin.
    """
    wanted = craft.manoeuvres
    spent = _spent(craft, orbit, injections, drag)
    grown = sum(line.value for line in spent) * (1.0 + wanted.margin)
    there = _available_m_s(craft.propulsion, craft.body.mass_kg)
    left = there - grown
    most = max(spent, key=lambda line: line.value)
    lines = (
        *_inputs(craft, drag),
        *spent,
        result("total with margin", grown, "m/s", f"sum x (1 + {wanted.margin:g})"),
        result("available", there, "m/s", "g0 isp ln(m / (m - usable propellant))"),
        result("left", left, "m/s", "available - total with margin"),
        *_propellant(craft, grown),
    )
    limit = f"propellant; the most goes into {most.name}"
    return Budget(
        "delta_v", lines, limit, left, "m/s", _tables(injections, orbit), drag.assumptions
    )


def _inputs(craft: Spacecraft, drag: DragUpkeep) -> tuple[Line, ...]:
    engine = craft.propulsion
    loaded, isp = (engine.propellant_kg, engine.isp_s) if engine is not None else (0.0, 0.0)
    return (
        given("launch mass", craft.body.mass_kg, "kg", "spacecraft.mass_kg"),
        given("propellant", loaded, "kg", "propulsion.propellant_kg"),
        given("specific impulse", isp, "s", "propulsion.isp_s"),
        given("years", craft.body.years, "", "spacecraft.years"),
        given("drag area", craft.body.drag_area_m2, "m2", "spacecraft.drag_area_m2"),
        given("drag, weak cycles", drag.low_m_s_year, "m/s a year", drag.source),
        given("drag, mean cycles", drag.mean_m_s_year, "m/s a year", drag.source),
        given("drag, strong cycles", drag.high_m_s_year, "m/s a year", drag.source),
    )


def _spent(
    craft: Spacecraft, orbit: FlownOrbit, injections: tuple[Injection, ...], drag: DragUpkeep
) -> tuple[Line, ...]:
    wanted, years = craft.manoeuvres, craft.body.years
    both = [(*correction_m_s(one, orbit), one) for one in injections]
    heights, plane, worst = max(both, key=lambda one: one[0] + one[1], default=(0.0, 0.0, None))
    who = f"of {worst.vehicle}, 3 sigma" if worst else "no accuracy is published"
    kept = drag.mean_m_s_year * years if wanted.keep_altitude else 0.0
    phased = phasing_m_s(wanted.phasing_rad, wanted.phasing_s, orbit)
    return (
        result("injection, heights", heights, "m/s", f"mu d / (4 a^2 v) an apsis, {who}"),
        result("injection, plane", plane, "m/s", f"2 v sin(d / 2), {who}"),
        result("drag make-up", kept, "m/s", "mean cycles x years, if manoeuvres.keep_altitude"),
        result("phasing", phased, "m/s", "2 v angle / (3 n time)"),
        result("avoidance", wanted.avoidance_m_s * years, "m/s", "a year x years"),
        result(*_deorbit(wanted, orbit)),
    )


def _deorbit(wanted: Manoeuvres, orbit: FlownOrbit) -> tuple[str, float, str, str]:
    if wanted.deorbit_perigee_m is None:
        return "deorbit", 0.0, "m/s", "left to the air: no manoeuvres.deorbit_perigee_km"
    radius = Environment().equatorial_radius_m + wanted.deorbit_perigee_m
    height = wanted.deorbit_perigee_m / 1e3
    return "deorbit", deorbit_m_s(orbit, radius), "m/s", f"at apogee, perigee to {height:g} km"


def _available_m_s(engine: Propulsion | None, mass_kg: float) -> float:
    if engine is None:
        return 0.0
    usable = engine.propellant_kg * (1.0 - engine.residual)
    return Environment().g0_m_s2 * engine.isp_s * math.log(mass_kg / (mass_kg - usable))


def _propellant(craft: Spacecraft, speed_m_s: float) -> tuple[Line, ...]:
    """The propellant that the total takes, where there is an engine."""
    engine = craft.propulsion
    if engine is None:
        return ()
    share = -math.expm1(-speed_m_s / (Environment().g0_m_s2 * engine.isp_s))
    needed = craft.body.mass_kg * share / (1.0 - engine.residual)
    formula = "m (1 - exp(-total / (g0 isp))) / (1 - residual)"
    return (result("propellant needed", needed, "kg", formula),)


def _tables(injections: tuple[Injection, ...], orbit: FlownOrbit) -> tuple[Table, ...]:
    rows = tuple((one.vehicle, *correction_m_s(one, orbit), one.source) for one in injections)
    columns = ("vehicle", "heights m/s", "plane m/s", "source")
    return (Table("injection correction", columns, rows),) if rows else ()
