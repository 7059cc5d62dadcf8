"""What a well-formed sheet must still satisfy: references, signs and sense."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from cosmodrome.mission.catalogue.figure import Curve, Figure
from cosmodrome.mission.catalogue.reading import Place, nearest
from cosmodrome.mission.catalogue.sheet import (
    AccuracySheet,
    SiteSheet,
    StageSheet,
    VehicleSheet,
)

__all__ = ["check_site", "check_vehicle"]


def check_vehicle(sheet: VehicleSheet, place: Place) -> None:
    """Refuse a sheet that cannot fly, naming the key at fault.

    Raises
    ------
    InputError
        No stages, a powered stage without thrust, an unknown stage named by the
        fairing or a jettisoned part, two parts of one name, throttles or
        schedules out of order, a load by mission of a stage that is always full, an
        envelope wider than its fairing, a recovery that keeps all propellant, an
        accuracy without a number.
    """
    if not sheet.stages:
        raise place.at("stages").refuse("has no stage", {}, "at least one stage")
    for key, stage in sheet.stages.items():
        _stage(stage, place.at("stages").at(key))
    _loads(sheet, place)
    for key, group in sheet.strapons.items():
        spot = place.at("strapons").at(key)
        _stage(group, spot)
        _whole(group.count, spot.at("count"))
    _unique(sheet, place)
    if sheet.fairing is not None:
        _known(sheet.fairing.during, sheet.stages, place.at("fairing").at("during"))
        if sheet.fairing.heating_w_m2 is None and sheet.fairing.jettison_s is None:
            raise place.at("fairing").refuse("has no rule", allowed="heating_w_m2 or jettison_s")
        _envelope(sheet, place.at("fairing"))
    _returns(sheet, place.at("recovery"))
    if sheet.accuracy is not None:
        _accuracy(sheet.accuracy, place.at("accuracy"))
    for key, part in sheet.jettisons.items():
        _known(part.during, sheet.stages, place.at("jettisons").at(key).at("during"))
    if len(sheet.aerodynamics.drag.points) < 1:
        raise place.at("aerodynamics").at("drag").refuse("is empty", [], "[[Mach, Cd], ...]")
    _rising(sheet.aerodynamics.drag, place.at("aerodynamics").at("drag"))


def check_site(sheet: SiteSheet, place: Place) -> None:
    """Refuse a site without pads or with coordinates off the globe."""
    if not sheet.pads:
        raise place.at("pads").refuse("has no pad", {}, "at least one pad")
    for key, pad in sheet.pads.items():
        spot = place.at("pads").at(key)
        if abs(pad.latitude_deg.value) > 90.0:
            raise spot.at("latitude_deg").refuse(
                "is off the globe", pad.latitude_deg.value, "-90 to 90"
            )
        if abs(pad.longitude_deg.value) > 360.0:
            raise spot.at("longitude_deg").refuse(
                "is off the globe", pad.longitude_deg.value, "-360 to 360"
            )
        _corridors(pad.corridors_deg, spot.at("corridors_deg"))
    _corridors(sheet.corridors_deg, place.at("corridors_deg"))
    if sheet.pad:
        _known(sheet.pad, sheet.pads, place.at("pad"))


def _envelope(sheet: VehicleSheet, place: Place) -> None:
    """What a payload may fill lies inside the fairing."""
    fairing = sheet.fairing
    assert fairing is not None
    for inner, outer in (("envelope_diameter_m", "diameter_m"), ("envelope_length_m", "length_m")):
        inside, outside = getattr(fairing, inner), getattr(fairing, outer)
        if inside is not None and outside is not None and inside.value > outside.value:
            raise place.at(inner).refuse(
                "is larger than the fairing", inside.value, f"at most {outside.value:g}"
            )


def _returns(sheet: VehicleSheet, place: Place) -> None:
    """A recovery keeps back less than the first stage loads."""
    loaded = next(iter(sheet.stages.values())).propellant_kg.value
    for key, recovery in sheet.recovery_sheets.items():
        if recovery.propellant_kg.value >= loaded:
            raise (
                place.at(key)
                .at("propellant_kg")
                .refuse("leaves nothing to burn", recovery.propellant_kg.value, f"below {loaded:g}")
            )


def _accuracy(sheet: AccuracySheet, place: Place) -> None:
    _positive(sheet.sigma, place.at("sigma"))
    names = ("altitude_km", "perigee_km", "apogee_km", "semi_major_axis_km", "inclination_deg")
    if all(getattr(sheet, name) is None for name in names):
        raise place.refuse("says nothing", None, f"at least one of {', '.join(names)}")


def _corridors(curve: Curve | None, place: Place) -> None:
    for pair in curve.points if curve is not None else ():
        if max(pair) > 360.0:
            raise place.refuse("an azimuth is over 360", list(pair), "0 to 360")


def _stage(stage: StageSheet, place: Place) -> None:
    _positive(stage.propellant_kg, place.at("propellant_kg"))
    _propulsion(stage, place)
    if stage.usable_kg is not None:
        _positive(stage.usable_kg, place.at("usable_kg"))
        if stage.usable_kg.value > stage.propellant_kg.value:
            raise place.at("usable_kg").refuse(
                "is more than is loaded", stage.usable_kg.value, "at most propellant_kg"
            )
    if stage.residual_fraction is not None and stage.residual_fraction.value >= 1.0:
        raise place.at("residual_fraction").refuse(
            "leaves nothing to burn", stage.residual_fraction.value, "0 to below 1"
        )
    if stage.settling_fraction is not None and stage.settling_fraction.value >= 0.1:
        raise place.at("settling_fraction").refuse(
            "is no settling but a burn", stage.settling_fraction.value, "0 to below 0.1"
        )
    _whole(stage.burns, place.at("burns"))
    if stage.solid and stage.burns.value > 1:
        raise place.at("burns").refuse("a solid burns once", stage.burns.value, "1")
    _throttle(stage, place)
    _solid_shape(stage, place.at("shape"))


def _loads(sheet: VehicleSheet, place: Place) -> None:
    """Only a last stage that burns liquids is loaded to the mission, within its capacity."""
    parts = [("stages", key, part) for key, part in sheet.stages.items()]
    last = list(sheet.stages)[-1]
    for group, key, part in [*parts, *(("strapons", k, p) for k, p in sheet.strapons.items())]:
        least = part.least_propellant_kg
        if least is None:
            continue
        spot = place.at(group).at(key).at("least_propellant_kg")
        if group == "strapons" or key != last or len(sheet.stages) < 2 or part.solid:
            raise spot.refuse(
                "only a liquid last stage above another can be loaded to the mission",
                least.value,
                "the last of several stages, not a solid",
            )
        if least.value >= part.propellant_kg.value:
            raise spot.refuse(
                "leaves no choice",
                least.value,
                f"below propellant_kg, {part.propellant_kg.value:g}",
            )


def _propulsion(stage: StageSheet, place: Place) -> None:
    for name in ("thrust_vac_n", "isp_vac_s", "burn_s"):
        figure = getattr(stage, name)
        if figure is not None:
            _positive(figure, place.at(name))
    known = [f is not None for f in (stage.thrust_vac_n, stage.isp_vac_s, stage.burn_s)]
    if stage.thrust_vac_n is None and not (stage.isp_vac_s and stage.burn_s):
        raise place.at("thrust_vac_n").refuse(
            "a powered stage needs a thrust",
            allowed="thrust_vac_n, or isp_vac_s with burn_s; unpowered parts are riders",
        )
    if sum(known) < 2:
        raise place.at("isp_vac_s").refuse(
            "a powered stage needs a specific impulse", allowed="isp_vac_s, or burn_s"
        )
    vacuum, sea = stage.thrust_vac_n, stage.thrust_sl_n
    if vacuum is not None and sea is not None and sea.value > vacuum.value:
        raise place.at("thrust_sl_n").refuse(
            "is above the vacuum thrust", sea.value, f"at most {vacuum.value:g}"
        )


def _throttle(stage: StageSheet, place: Place) -> None:
    low, high = stage.throttle_min, stage.throttle_max
    if low is not None and high is not None and not 0.0 < low.value <= high.value:
        raise place.at("throttle_min").refuse(
            "throttles are out of order", low.value, "0 < throttle_min <= throttle_max"
        )
    if stage.schedule is not None:
        spot = place.at("schedule")
        _rising(stage.schedule, spot)
        if not stage.schedule.points or stage.schedule.points[0][0] != 0.0:
            raise spot.refuse("must begin at ignition", None, "[[0, level], ...]")
        if min(level for _, level in stage.schedule.points) <= 0.0:
            raise spot.refuse("has a level of zero", None, "levels above 0")


def _solid_shape(stage: StageSheet, place: Place) -> None:
    if stage.shape is None:
        return
    points = stage.shape.points
    _rising(stage.shape, place)
    if len(points) < 2 or points[0][0] != 0.0 or points[-1][0] != 1.0:
        raise place.refuse("must span the burn", None, "fractions of the burn from 0 to 1")
    if stage.burn_s is None:
        raise place.refuse("needs burn_s beside it", None, "a shape together with burn_s")


def _rising(curve: Curve, place: Place) -> None:
    columns = [x for x, _ in curve.points]
    if any(b <= a for a, b in itertools.pairwise(columns)):
        raise place.refuse("first column must rise", columns, "strictly rising numbers")


def _positive(figure: Figure, place: Place) -> None:
    if figure.value <= 0.0:
        raise place.refuse("must be above zero", figure.value, "above zero")


def _whole(figure: Figure, place: Place) -> None:
    if figure.value < 1.0 or figure.value != round(figure.value):
        raise place.refuse("must be a whole number", figure.value, "1, 2, 3, ...")


def _known(name: str, known: Iterable[str], place: Place) -> None:
    names = list(known)
    if name not in names:
        raise place.refuse(f"{name!r} is not there{nearest(name, names)}", name, ", ".join(names))


def _unique(sheet: VehicleSheet, place: Place) -> None:
    """Events are told apart by the names of stages and strap-ons."""
    seen: set[str] = set()
    for group in ("stages", "strapons"):
        for key, stage in getattr(sheet, group).items():
            name = (stage.name or key).lower()
            if name in seen:
                raise (
                    place.at(group)
                    .at(key)
                    .at("name")
                    .refuse(f"two parts are called {name!r}", name, "a name of its own")
                )
            seen.add(name)
