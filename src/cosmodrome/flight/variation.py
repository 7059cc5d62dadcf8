"""One number of a vehicle changed, and everything that follows from it.

A change of thrust or propellant moves the burn time of a solid, a change of
residual takes from what can be burnt. These consequences are written here once,
so that a sensitivity and a sampled vehicle mean the same thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal, get_args

from cosmodrome.errors import InputError
from cosmodrome.flight.vehicle import Motor, Stage, Vehicle

__all__ = [
    "UNITS",
    "Quantity",
    "Variable",
    "Variation",
    "variations_of",
    "varied",
    "varied_by_all",
]

Quantity = Literal[
    "dry mass",
    "propellant",
    "residual",
    "specific impulse",
    "thrust",
    "drag",
    "fairing mass",
    "adapter mass",
    "rider mass",
]
StageChange = Callable[[Stage, float], Stage]

UNITS: dict[Quantity, str] = {
    "dry mass": "kg",
    "propellant": "kg",
    "residual": "kg",
    "specific impulse": "s",
    "thrust": "fraction",
    "drag": "fraction",
    "fairing mass": "kg",
    "adapter mass": "kg",
    "rider mass": "kg",
}
"""What one unit of an amount is; 0.01 as a fraction is one per cent more."""

FAIRING, ADAPTER, RIDER, VEHICLE = "fairing", "adapter", "rider", "vehicle"


@dataclass(frozen=True, slots=True)
class Variation:
    """A change of one quantity of one part.

    Parameters
    ----------
    quantity : Quantity
        "propellant" is loaded and usable together, the residual is kept;
        "residual" is moved from usable to residual; "specific impulse" keeps
        the thrust, so the flow follows.
    part : str
        Name of a stage or of a strap-on group (then the amount is per unit);
        "fairing", "adapter", "rider", or "vehicle" for drag.
    amount : float, in `UNITS` of the quantity; negative is less
    """

    quantity: Quantity
    part: str
    amount: float


@dataclass(frozen=True, slots=True)
class Variable:
    """Something of a vehicle that can be varied.

    Parameters
    ----------
    quantity : Quantity
    part : str
    unit : str
    nominal : float or None, what the vehicle has now; None for a fraction
    count : int, how many such units fly
    """

    quantity: Quantity
    part: str
    unit: str
    nominal: float | None
    count: int = 1


def varied(vehicle: Vehicle, variation: Variation) -> Vehicle:
    """The vehicle with one quantity changed.

    The burn time of a motor with a thrust table follows usable propellant over
    flow: its table is stretched, its levels and their mean stay. A prescribed
    throttle schedule keeps its times.

    Parameters
    ----------
    vehicle : Vehicle
    variation : Variation

    Returns
    -------
    Vehicle

    Raises
    ------
    InputError
        Unknown quantity, unknown part, or an amount that leaves a mass below
        zero or a thrust, specific impulse or usable propellant not above it.

    Accuracy
    --------
    Exact bookkeeping. Sea-level thrust follows from an unchanged exit area.
    """
    quantity, part, amount = variation.quantity, variation.part, variation.amount
    if quantity in _STAGE_CHANGES:
        changed = _with_stage(vehicle, variation)
    elif quantity == "drag":
        # By the area: the curve against Mach keeps its shape.
        area = vehicle.aerodynamics.area_m2 * _above(1.0 + amount, variation)
        changed = replace(vehicle, aerodynamics=replace(vehicle.aerodynamics, area_m2=area))
    elif quantity == "fairing mass" and vehicle.fairing is not None:
        mass = _at_least(vehicle.fairing.mass_kg + amount, variation)
        changed = replace(vehicle, fairing=replace(vehicle.fairing, mass_kg=mass))
    elif quantity == "adapter mass":
        changed = replace(vehicle, adapter_kg=_at_least(vehicle.adapter_kg + amount, variation))
    elif quantity == "rider mass":
        changed = replace(vehicle, rider_kg=_at_least(vehicle.rider_kg + amount, variation))
    else:
        raise InputError(
            f"{quantity!r} of {part!r} cannot be varied on {vehicle.name}",
            key="quantity",
            value=quantity,
            allowed=", ".join(get_args(Quantity)),
        )
    return changed


def varied_by_all(vehicle: Vehicle, variations: Iterable[Variation]) -> Vehicle:
    """The vehicle with several changes, one after the other."""
    for variation in variations:
        vehicle = varied(vehicle, variation)
    return vehicle


def variations_of(vehicle: Vehicle) -> tuple[Variable, ...]:
    """Everything of a vehicle that can be varied, stages bottom up, then strap-ons.

    Returns
    -------
    tuple of Variable
        The residual of a solid is listed too: slivers stay behind. A rider or
        fairing is listed if there is one; the adapter always is, since its
        mass is often unknown and then zero.
    """
    found: list[Variable] = []
    for stage in vehicle.stages:
        found += _of_stage(stage.name, stage, 1)
    for group in vehicle.boosters:
        found += _of_stage(group.name, group.unit, group.count)
    if vehicle.fairing is not None:
        found.append(Variable("fairing mass", FAIRING, "kg", vehicle.fairing.mass_kg))
    found.append(Variable("adapter mass", ADAPTER, "kg", vehicle.adapter_kg))
    if vehicle.rider_kg > 0.0:
        found.append(Variable("rider mass", RIDER, "kg", vehicle.rider_kg))
    found.append(Variable("drag", VEHICLE, UNITS["drag"], None))
    return tuple(found)


def _of_stage(name: str, stage: Stage, count: int) -> list[Variable]:
    found = [Variable("dry mass", name, "kg", stage.dry_kg, count)]
    if stage.motor is None:
        return found
    loaded = stage.usable_kg + stage.residual_kg
    return [
        *found,
        Variable("propellant", name, "kg", loaded, count),
        Variable("residual", name, "kg", stage.residual_kg, count),
        Variable("specific impulse", name, "s", stage.motor.isp_vac_s, count),
        Variable("thrust", name, UNITS["thrust"], None, count),
    ]


def _with_stage(vehicle: Vehicle, variation: Variation) -> Vehicle:
    """The vehicle with the named stage or strap-on unit changed."""

    def change(stage: Stage) -> Stage:
        if stage.motor is None and variation.quantity != "dry mass":
            raise InputError(
                f"{stage.name} of {vehicle.name} has no motor",
                key="part",
                value=variation.part,
                allowed="a part with a motor",
            )
        return _checked(_STAGE_CHANGES[variation.quantity](stage, variation.amount), variation)

    names = [stage.name for stage in vehicle.stages]
    groups = [group.name for group in vehicle.boosters]
    if variation.part in names:
        stages = tuple(change(s) if s.name == variation.part else s for s in vehicle.stages)
        return replace(vehicle, stages=stages)
    if variation.part in groups:
        boosters = tuple(
            replace(group, unit=change(group.unit)) if group.name == variation.part else group
            for group in vehicle.boosters
        )
        return replace(vehicle, boosters=boosters)
    raise InputError(
        f"{vehicle.name} has no part {variation.part!r}",
        key="part",
        value=variation.part,
        allowed=", ".join([*names, *groups]),
    )


def _dry(stage: Stage, amount: float) -> Stage:
    return replace(stage, dry_kg=stage.dry_kg + amount)


def _propellant(stage: Stage, amount: float) -> Stage:
    return _refitted(stage, replace(stage, usable_kg=stage.usable_kg + amount))


def _residual(stage: Stage, amount: float) -> Stage:
    moved = replace(
        stage, usable_kg=stage.usable_kg - amount, residual_kg=stage.residual_kg + amount
    )
    return _refitted(stage, moved)


def _isp(stage: Stage, amount: float) -> Stage:
    motor = stage.motor
    assert motor is not None
    motor = replace(motor, isp_vac_s=motor.isp_vac_s + amount)
    return _refitted(stage, replace(stage, motor=motor))


def _thrust(stage: Stage, amount: float) -> Stage:
    motor = stage.motor
    assert motor is not None
    motor = replace(motor, thrust_vac_n=motor.thrust_vac_n * (1.0 + amount))
    return _refitted(stage, replace(stage, motor=motor))


_STAGE_CHANGES: dict[str, StageChange] = {
    "dry mass": _dry,
    "propellant": _propellant,
    "residual": _residual,
    "specific impulse": _isp,
    "thrust": _thrust,
}


def _refitted(before: Stage, after: Stage) -> Stage:
    """`after` with its thrust table stretched so that it still burns what is usable."""
    old, new = before.motor, after.motor
    if old is None or new is None or not new.shape or before.usable_kg == 0.0:
        return after
    flow = _relative_flow(new) / _relative_flow(old)
    if flow <= 0.0:
        return after  # refused by `_checked`
    stretch = after.usable_kg / before.usable_kg / flow
    shape = tuple((t * stretch, level) for t, level in new.shape)
    return replace(after, motor=replace(new, shape=shape))


def _relative_flow(motor: Motor) -> float:
    """Mass flow but for the constant g0, which cancels; -1 if there is none."""
    return motor.thrust_vac_n / motor.isp_vac_s if motor.isp_vac_s > 0.0 else -1.0


def _checked(stage: Stage, variation: Variation) -> Stage:
    """Refuse what cannot fly."""
    _at_least(stage.dry_kg, variation)
    _at_least(stage.residual_kg, variation)
    if stage.motor is not None:
        _above(stage.usable_kg, variation)
        _above(stage.motor.isp_vac_s, variation)
        _above(stage.motor.thrust_vac_n, variation)
    return stage


def _at_least(value: float, variation: Variation) -> float:
    if not value >= 0.0:
        raise _refused(variation)
    return value


def _above(value: float, variation: Variation) -> float:
    if not value > 0.0:
        raise _refused(variation)
    return value


def _refused(variation: Variation) -> InputError:
    return InputError(
        f"{variation.quantity} of {variation.part!r} cannot change by {variation.amount:g} "
        f"{UNITS[variation.quantity]}: nothing would be left",
        key=variation.quantity,
        value=variation.amount,
        allowed="a change that leaves a mass, thrust and specific impulse",
    )
