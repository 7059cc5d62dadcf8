"""From a sheet with sources to the plain nouns that fly."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from cosmodrome.errors import InputError
from cosmodrome.flight.variation import Variation, varied_by_all
from cosmodrome.flight.vehicle import (
    Aerodynamics,
    Boosters,
    Fairing,
    Jettison,
    Motor,
    Stage,
    Vehicle,
)
from cosmodrome.mission.catalogue.figure import Figure
from cosmodrome.mission.catalogue.implied import clearing_s
from cosmodrome.mission.nouns import Environment, Limits, Site

if TYPE_CHECKING:
    from cosmodrome.mission.catalogue.sheet import (
        LimitsSheet,
        RiderSheet,
        SiteSheet,
        StageSheet,
        VehicleSheet,
    )

__all__ = [
    "as_limits",
    "as_site",
    "as_vehicle",
    "burn_time_s",
    "carried_riders",
    "reference_area_m2",
    "thrust_and_isp",
    "usable_kg",
]

G0_M_S2 = Environment().g0_m_s2
SEA_LEVEL_PA = 101325.0


def usable_kg(stage: StageSheet) -> float:
    """Propellant of one unit that is burnt, kilograms."""
    if stage.usable_kg is not None:
        return stage.usable_kg.value
    left = stage.residual_fraction.value if stage.residual_fraction is not None else 0.0
    return stage.propellant_kg.value * (1.0 - left)


def as_vehicle(sheet: VehicleSheet) -> Vehicle:
    """The flight vehicle of a sheet, nominal values, riders and recovery as the sheet has them.

    Parameters
    ----------
    sheet : VehicleSheet

    Returns
    -------
    Vehicle
        SI units. Solids have the mean thrust that burns their usable propellant
        at the stated specific impulse in the stated time; liquids keep thrust
        and specific impulse. A recovery moves propellant of the first stage
        from usable to residual and adds its hardware to the dry mass.

    Raises
    ------
    InputError
        If no diameter and no reference area is known.

    Accuracy
    --------
    The exit area comes from the pair of vacuum and sea-level thrust; a pair
    from two documents shifts the payload of a first stage by about 1 %.
    """
    riders = carried_riders(sheet)
    plain = Vehicle(
        name=sheet.name,
        stages=tuple(as_stage(key, stage) for key, stage in sheet.stages.items()),
        boosters=tuple(
            Boosters(
                name=group.name or key,
                count=round(group.count.value),
                unit=as_stage(key, group),
            )
            for key, group in sheet.strapons.items()
        ),
        fairing=_fairing(sheet),
        jettisons=tuple(
            Jettison(
                name=part.name or key,
                mass_kg=part.mass_kg.value,
                during=_stage_name(sheet, part.during),
                delay_s=part.delay_s.value,
            )
            for key, part in sheet.jettisons.items()
        ),
        aerodynamics=Aerodynamics(
            area_m2=reference_area_m2(sheet), drag_table=sheet.aerodynamics.drag.points
        ),
        adapter_kg=sheet.adapter_kg.value,
        rider_kg=sum((rider.mass_kg.value for rider in riders.values()), 0.0),
        rider_name=" + ".join(rider.name or key for key, rider in riders.items()),
        reserve_m_s=sheet.reserves.velocity_reserve_m_s + sheet.reserves.disposal_m_s,
    )
    return _recovering(plain, sheet) if sheet.recover else plain


def _recovering(vehicle: Vehicle, sheet: VehicleSheet) -> Vehicle:
    """The vehicle whose first stage keeps what it needs to come back."""
    mode, first = sheet.recovery[sheet.recover], vehicle.stages[0].name
    kept = Variation("residual", first, mode.propellant_kg)
    return varied_by_all(vehicle, (kept, Variation("dry mass", first, mode.hardware_kg)))


def carried_riders(sheet: VehicleSheet) -> dict[str, RiderSheet]:
    """The riders this sheet flies with."""
    return {
        key: rider
        for key, rider in sheet.riders.items()
        if sheet.carry == "all" or (sheet.carry == "default" and rider.default)
    }


def as_stage(key: str, stage: StageSheet) -> Stage:
    """One stage or strap-on unit in plain numbers."""
    usable = usable_kg(stage)
    return Stage(
        name=stage.name or key,
        dry_kg=stage.dry_kg.value,
        usable_kg=usable,
        residual_kg=stage.propellant_kg.value - usable,
        motor=_motor(stage),
        solid=stage.solid,
        burns=round(stage.burns.value),
        ignition_s=stage.ignition_s.value,
        separation_s=stage.separation_s.value,
        schedule=stage.schedule.points if stage.schedule is not None else (),
        least_loaded_kg=_value(stage.least_propellant_kg),
        settling_kg=(_value(stage.settling_fraction) or 0.0) * stage.propellant_kg.value,
    )


def _value(figure: Figure | None) -> float | None:
    return None if figure is None else figure.value


def thrust_and_isp(stage: StageSheet) -> tuple[float, float]:
    """Mean vacuum thrust and specific impulse, one derived where need be."""
    thrust, isp = _value(stage.thrust_vac_n), _value(stage.isp_vac_s)
    burn, usable = _value(stage.burn_s), usable_kg(stage)
    if isp is not None and burn and (stage.solid or thrust is None):
        return usable * isp * G0_M_S2 / burn, isp
    if thrust is not None and isp is not None:
        return thrust, isp
    if thrust is not None and burn:
        return thrust, thrust * burn / (usable * G0_M_S2)
    raise InputError(f"stage {stage.name!r} needs two of thrust, specific impulse and burn time")


def burn_time_s(stage: StageSheet) -> float:
    """Burn time at the flight model's flow and prescribed throttle, seconds."""
    thrust, isp = thrust_and_isp(stage)
    left = usable_kg(stage)
    flow = thrust / (isp * G0_M_S2)
    schedule = stage.schedule.points if stage.schedule is not None else ((0.0, 1.0),)
    for (start, level), (end, _) in itertools.pairwise(schedule):
        if level * flow * (end - start) >= left:
            return start + left / (level * flow)
        left -= level * flow * (end - start)
    start, level = schedule[-1]
    return start + left / (level * flow)


def _motor(stage: StageSheet) -> Motor:
    thrust, isp = thrust_and_isp(stage)
    vacuum, sea_level = _value(stage.thrust_vac_n), _value(stage.thrust_sl_n)
    area = 0.0
    if vacuum is not None and sea_level is not None:
        area = (vacuum - sea_level) / SEA_LEVEL_PA
    return Motor(
        thrust_vac_n=thrust,
        isp_vac_s=isp,
        exit_area_m2=area,
        throttle_min=stage.throttle_min.value if stage.throttle_min is not None else 1.0,
        throttle_max=stage.throttle_max.value if stage.throttle_max is not None else 1.0,
        shape=_shape(stage),
    )


def _shape(stage: StageSheet) -> tuple[tuple[float, float], ...]:
    """Thrust over mean thrust against seconds, scaled to a mean of exactly 1."""
    if stage.shape is None or stage.burn_s is None:
        return ()
    points = stage.shape.points
    if len({level for _, level in points}) == 1:
        return ()
    mean = sum(0.5 * (a + b) * (v - u) for (u, a), (v, b) in itertools.pairwise(points))
    burn = stage.burn_s.value
    return tuple((fraction * burn, level / mean) for fraction, level in points)


def _stage_name(sheet: VehicleSheet, key: str) -> str:
    return sheet.stages[key].name or key


def _fairing(sheet: VehicleSheet) -> Fairing | None:
    fairing = sheet.fairing
    if fairing is None:
        return None
    return Fairing(
        mass_kg=fairing.mass_kg.value,
        during=_stage_name(sheet, fairing.during),
        heating_w_m2=_value(fairing.heating_w_m2),
        jettison_s=_value(fairing.jettison_s),
    )


def reference_area_m2(sheet: VehicleSheet) -> float:
    """Frontal area: the widest part of the core and fairing plus every strap-on."""
    if sheet.aerodynamics.area_m2 is not None:
        return sheet.aerodynamics.area_m2.value
    core = [stage.diameter_m.value for stage in sheet.stages.values() if stage.diameter_m]
    if sheet.fairing is not None and sheet.fairing.diameter_m is not None:
        core.append(sheet.fairing.diameter_m.value)
    if not core:
        raise InputError(
            f"{sheet.file}: no diameter is known, so the drag area is not either",
            file=sheet.file,
            key="aerodynamics.area_m2",
            allowed="a diameter_m in a stage, or an area",
        )
    beside = sum(
        group.count.value * group.diameter_m.value**2
        for group in sheet.strapons.values()
        if group.diameter_m is not None
    )
    return math.pi / 4.0 * (max(core) ** 2 + beside)


def _limit(sheet: LimitsSheet, name: str, scale: float = 1.0) -> float | None:
    figure = getattr(sheet, name)
    return figure.value * scale if isinstance(figure, Figure) else None


def as_limits(
    sheet: VehicleSheet, site: Site | None = None, environment: Environment | None = None
) -> Limits:
    """The vehicle's limits in SI, with the corridor of a site if one is given."""
    limits = sheet.limits_sheet
    perigee_m = _limit(limits, "coast_perigee_km", 1000.0)
    radius_m = (environment or Environment()).equatorial_radius_m
    return Limits(
        dynamic_pressure_pa=_limit(limits, "dynamic_pressure_pa"),
        acceleration_m_s2=_limit(limits, "acceleration_m_s2"),
        q_alpha_pa_rad=_limit(limits, "q_alpha_pa_deg", math.pi / 180.0),
        heating_w_m2=_limit(limits, "heating_w_m2"),
        pitch_rate_rad_s=_limit(limits, "pitch_rate_deg_s", math.pi / 180.0),
        coast_perigee_radius_m=None if perigee_m is None else radius_m + perigee_m,
        vertical_rise_s=_rise_s(sheet),
        azimuths_rad=() if site is None else site.azimuths_rad,
    )


def _rise_s(sheet: VehicleSheet) -> float:
    """Length of the vertical rise: a published one as it is, else until clear of the tower."""
    figure = sheet.limits_sheet.vertical_rise_s
    if figure.confidence != "assumed":
        return figure.value
    return min(figure.value, round(clearing_s(as_vehicle(sheet)), 1))


def as_site(sheet: SiteSheet) -> Site:
    """The chosen pad of a site as a plain noun."""
    key = sheet.pad or next(iter(sheet.pads))
    pad = sheet.pads[key]
    corridors = pad.corridors_deg or sheet.corridors_deg
    pairs = corridors.points if corridors is not None else ()
    return Site(
        name=sheet.name,
        pad=key,
        latitude_rad=math.radians(pad.latitude_deg.value),
        longitude_rad=math.radians(pad.longitude_deg.value),
        altitude_m=pad.altitude_m.value,
        azimuths_rad=tuple((math.radians(a), math.radians(b)) for a, b in pairs),
    )
