"""How uncertain every number of a sheet is, and which errors go together.

The rule. One standard deviation is the larger of two:

1. half the published range over 1.645, since a range spanned by sources that
   disagree is taken to hold the truth nine times in ten;
2. what the number's confidence says, by the table `TRUST`.

Ranges spanned by alternatives alone are known to be too narrow (an Angara-1.2 so
computed lies 40 % above every published payload), hence the second. A range much
wider than the table describes other versions of the stage or another definition
("with legs"), not the error of the value chosen, hence the caps in `CAP`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cosmodrome.errors import InputError
from cosmodrome.flight.variation import ADAPTER, FAIRING, RIDER, UNITS, VEHICLE, Quantity, Variation
from cosmodrome.mission.catalogue import flying
from cosmodrome.mission.catalogue.figure import Confidence, Figure

if TYPE_CHECKING:
    from cosmodrome.mission.catalogue.sheet import StageSheet, VehicleSheet

__all__ = [
    "CAP",
    "RANGE_SIGMAS",
    "TRUST",
    "Factor",
    "drawn",
    "factors",
    "groups",
    "reserve_sigma_m_s",
    "rise_sigma_s",
]

RANGE_SIGMAS = 1.645
"""Half-width of a central 90 % interval in standard deviations."""

# One standard deviation as a share of the value (of the loaded propellant for a
# residual), by confidence. Why:
# dry mass: user's guides print rounded design masses, and serial numbers differ by
#   about 1 %; third parties count interstages, adapters and residuals differently.
# propellant: loads are metered to 0.3 %; other prints mix loaded, usable and
#   full tanks, which differ by 1 to 2 %.
# specific impulse: acceptance tests scatter by 0.2 %; other prints mix nominal,
#   minimum and mixture ratios.
# thrust: engines are set to 0.7 %; prints round, and uprate without a date.
# residual: mixture-ratio error leaves 0.15 to 0.6 % of the load.
# fairing: blankets, acoustic panels and access doors are mission items.
# drag: no coefficient is published with a vehicle; wind tunnels and flights of
#   slender launchers scatter by a fifth about one curve.
# A user's own numbers are taken like B unless a range is given.
LEVELS: tuple[Confidence, ...] = ("A", "B", "C", "D", "recall", "assumed", "computed", "own")
_SHARES: dict[Quantity, tuple[float, ...]] = {
    "dry mass": (0.015, 0.03, 0.05, 0.08, 0.05, 0.10, 0.03, 0.03),
    "propellant": (0.003, 0.007, 0.012, 0.02, 0.012, 0.03, 0.01, 0.007),
    "specific impulse": (0.002, 0.004, 0.008, 0.012, 0.008, 0.015, 0.008, 0.004),
    "thrust": (0.007, 0.01, 0.02, 0.03, 0.02, 0.04, 0.015, 0.01),
    "residual": (0.0015, 0.0025, 0.004, 0.006, 0.004, 0.004, 0.003, 0.0025),
    "fairing mass": (0.05, 0.07, 0.08, 0.10, 0.08, 0.12, 0.07, 0.05),
    "rider mass": (0.03, 0.05, 0.10, 0.20, 0.10, 0.20, 0.05, 0.03),
    "adapter mass": (0.05, 0.10, 0.20, 0.40, 0.20, 0.40, 0.10, 0.05),
    "drag": (0.20, 0.20, 0.20, 0.20, 0.20, 0.20, 0.20, 0.20),
}
TRUST: dict[Quantity, dict[Confidence, float]] = {
    quantity: dict(zip(LEVELS, shares, strict=True)) for quantity, shares in _SHARES.items()
}

# No range is believed beyond this share of the value (see the top of the file).
CAP: dict[Quantity, float] = {
    "dry mass": 0.15,
    "propellant": 0.10,
    "specific impulse": 0.02,
    "thrust": 0.06,
    "residual": 0.008,
    "fairing mass": 0.20,
    "rider mass": 0.50,
    "adapter mass": 0.60,
    "drag": 0.30,
}

# Solids: the effective specific impulse over the burn hangs on nozzle erosion and
# on what is expelled beside propellant; slivers are a fifth of a liquid's residual.
SOLID_ISP, SOLID_RESIDUAL = 1.5, 0.001
# Prescribed levels and thrust shapes that nobody published, as a share of thrust.
SCHEDULE: dict[Confidence, float] = {"assumed": 0.04, "computed": 0.02}
SHAPE = 0.02
# An adapter nobody states weighs about a hundredth of what it carries.
UNSTATED_ADAPTER = 0.01
LEAST_DRAG = -0.9

# A rise that nobody published ends when the launcher is clear of its tower. Towers and
# what is kept clear of them ask for 60 to 170 m; height goes with the square of time,
# and a range of 0.77 to 1.30 of the time, taken as 90 %, makes 16 %.
RISE = 0.16

# Engines that differ in their mounting alone: their errors are one error.
SAME_ENGINE = {"RD-0124A": "RD-0124"}


@dataclass(frozen=True, slots=True)
class Factor:
    """One uncertain number.

    Parameters
    ----------
    group : str
        Errors of one group are one error: one standard normal for all of them,
        over stages and over vehicles.
    quantity, part : as of a `Variation`
    sigma : float, one standard deviation in `unit`; per unit of a strap-on group
    unit : str
    why : str, the rule that gave it
    least : float
        Amounts below this are cut off: no residual is less than nothing.
    """

    group: str
    quantity: Quantity
    part: str
    sigma: float
    unit: str
    why: str
    least: float = -math.inf


def factors(sheet: VehicleSheet) -> tuple[Factor, ...]:
    """Every uncertain number of a sheet that moves the payload.

    Parameters
    ----------
    sheet : VehicleSheet

    Returns
    -------
    tuple of Factor
        Numbers whose deviation comes to zero are left out.

    Accuracy
    --------
    Deviations are judged, not measured; over many vehicles they are held against
    published payloads. Normal errors are assumed, cut off where they make no sense.
    """
    found: list[Factor] = []
    for key, stage in (*sheet.stages.items(), *sheet.strapons.items()):
        found += _of_stage(sheet, key, stage)
    found += _of_vehicle(sheet)
    return tuple(factor for factor in found if factor.sigma > 0.0)


def groups(found: Iterable[Factor]) -> tuple[str, ...]:
    """The groups of some factors, each once, sorted: what has to be drawn."""
    return tuple(sorted({factor.group for factor in found}))


def drawn(found: Iterable[Factor], normals: Mapping[str, float]) -> tuple[Variation, ...]:
    """The variations that one draw of standard normals stands for.

    Parameters
    ----------
    found : iterable of Factor, of one vehicle
    normals : mapping of group to a standard normal number

    Returns
    -------
    tuple of Variation

    Raises
    ------
    InputError
        If a group has no number.
    """
    variations = []
    for factor in found:
        if factor.group not in normals:
            raise InputError(
                f"no number was drawn for {factor.group!r}",
                key=factor.group,
                allowed="one standard normal number per group",
            )
        amount = max(factor.least, factor.sigma * normals[factor.group])
        variations.append(Variation(factor.quantity, factor.part, amount))
    return tuple(variations)


def reserve_sigma_m_s(sheet: VehicleSheet) -> float:
    """One standard deviation of the velocity reserve, from its stated range."""
    return _half_range(sheet.reserves_sheet.velocity_reserve_m_s)


def rise_sigma_s(sheet: VehicleSheet) -> float:
    """One standard deviation of the length of the vertical rise, seconds.

    A published length is as uncertain as its range; one that follows from the
    height to be cleared, by `RISE`.

    Accuracy
    --------
    It matters to launchers that leave the pad fast: a second more costs Vega 11 % of
    its payload, Ariane 64 7 %, Electron 3 % and Atlas V 401 under 0.1 %.
    """
    figure = sheet.limits_sheet.vertical_rise_s
    if figure.confidence != "assumed":
        return _half_range(figure)
    return RISE * sheet.limits().vertical_rise_s


def _half_range(figure: Figure) -> float:
    return 0.5 * (figure.high - figure.low) / RANGE_SIGMAS


def _sigma(
    quantity: Quantity, figure: Figure, of: float | None = None, more: float = 0.0
) -> tuple[float, str]:
    """One standard deviation as a share of `of`, and why.

    `more` is a further independent share; the cap comes last.
    """
    whole = figure.value if of is None else of
    if whole == 0.0:
        return 0.0, "nothing to vary"
    trust = TRUST[quantity][figure.confidence]
    half = _half_range(figure) / whole
    share, why = trust, f"confidence {figure.confidence}: {100.0 * trust:.2g} %"
    if half > trust:
        share, why = half, f"range {figure.low:g} to {figure.high:g} taken as 90 %"
    if more:
        share, why = math.hypot(share, more), f"{why}; {100.0 * more:.2g} % for an assumed profile"
    if share > CAP[quantity]:
        share, why = CAP[quantity], f"{why}; held to {100.0 * CAP[quantity]:.2g} %"
    return share * whole, why


def _of_stage(sheet: VehicleSheet, key: str, stage: StageSheet) -> Iterator[Factor]:
    name, loaded = stage.name or key, stage.propellant_kg.value
    dry = _identity(sheet, key, stage, stage.dry_kg)
    yield _factor("dry mass", name, dry, *_sigma("dry mass", stage.dry_kg))
    load = _identity(sheet, key, stage, stage.propellant_kg)
    yield _factor("propellant", name, load, *_sigma("propellant", stage.propellant_kg))
    yield _residual(name, load, stage, loaded)
    engine = _engine(stage) or load
    if stage.isp_vac_s is not None:
        sigma, why = _sigma("specific impulse", stage.isp_vac_s)
        if stage.solid:
            sigma, why = SOLID_ISP * sigma, f"{why}; times {SOLID_ISP:g} for a solid"
        yield _factor("specific impulse", name, engine, sigma, why)
    share, why = _thrust(stage)
    yield _factor("thrust", name, engine, share, why)


def _residual(name: str, own: str, stage: StageSheet, loaded: float) -> Factor:
    """The residual in kilograms; it is never below zero."""
    least = flying.usable_kg(stage) - loaded
    if stage.solid:
        why = f"slivers, {100.0 * SOLID_RESIDUAL:.2g} % of the load"
        return _factor("residual", name, own, SOLID_RESIDUAL * loaded, why, least)
    if stage.usable_kg is not None:
        trust = TRUST["residual"][stage.usable_kg.confidence] * loaded
        half = min(_half_range(stage.usable_kg), CAP["residual"] * loaded)
        why = f"usable propellant, confidence {stage.usable_kg.confidence} or its range"
        return _factor("residual", name, own, max(trust, half), why, least)
    assert stage.residual_fraction is not None
    # The figure is a share of the load already, hence `of=1.0`.
    share, why = _sigma("residual", stage.residual_fraction, of=1.0)
    return _factor("residual", name, own, share * loaded, f"{why} of the load", least)


def _thrust(stage: StageSheet) -> tuple[float, str]:
    """One standard deviation of thrust as a fraction.

    Where the mean thrust follows from the burn time, it is as uncertain as that.
    """
    follows = stage.burn_s is not None and (stage.solid or stage.thrust_vac_n is None)
    figure = stage.burn_s if follows else stage.thrust_vac_n
    assert figure is not None
    more = 0.0
    if stage.schedule is not None:
        more = SCHEDULE.get(stage.schedule.confidence, 0.0)
    if stage.solid and stage.shape is not None and stage.shape.confidence == "assumed":
        more = SHAPE
    sigma, why = _sigma("thrust", figure, more=more)
    return sigma / figure.value, f"by the burn time, {why}" if follows else why


def _of_vehicle(sheet: VehicleSheet) -> Iterator[Factor]:
    family = sheet.family or sheet.name
    if sheet.fairing is not None:
        figure = sheet.fairing.mass_kg
        own = f"{family}, {figure.value:g} kg"
        yield _factor("fairing mass", FAIRING, own, *_sigma("fairing mass", figure))
    yield _adapter(sheet, family)
    riders = flying.carried_riders(sheet).values()
    if riders:
        both = [_sigma("rider mass", rider.mass_kg) for rider in riders]
        sigma = math.hypot(*(one for one, _ in both))
        own = f"{family}, {', '.join(rider.name for rider in riders)}"
        whole = sum(rider.mass_kg.value for rider in riders)
        yield _factor("rider mass", RIDER, own, sigma, "; ".join(why for _, why in both), -whole)
    curve = sheet.aerodynamics.drag
    share = TRUST["drag"][curve.confidence]
    own = sheet.name if curve.confidence != "assumed" else "the usual curve"
    yield _factor(
        "drag", VEHICLE, own, share, f"coefficients scatter by {100.0 * share:.2g} %", -0.9
    )


def _adapter(sheet: VehicleSheet, family: str) -> Factor:
    """The adapter; where its mass is unstated, a share of what the vehicle carries."""
    figure = sheet.adapter_kg
    sigma, why = _sigma("adapter mass", figure)
    carried = sheet.gross_payload_kg
    unstated = figure.value == 0.0 and figure.confidence == "assumed"
    if unstated and sheet.adapter_convention != "included" and carried is not None:
        sigma = UNSTATED_ADAPTER * carried.value
        why = f"unstated: {100.0 * UNSTATED_ADAPTER:.2g} % of {carried.value:g} kg carried"
    return _factor("adapter mass", ADAPTER, family, sigma, why, 0.0 - figure.value)


def _factor(
    quantity: Quantity,
    part: str,
    whose: str,
    sigma: float,
    why: str,
    least: float = -math.inf,
) -> Factor:
    return Factor(f"{quantity}: {whose}", quantity, part, sigma, UNITS[quantity], why, least)


def _identity(sheet: VehicleSheet, key: str, stage: StageSheet, figure: Figure) -> str:
    """What makes two stages one: a stage file, or family, engine and the number itself."""
    if stage.use:
        return stage.use
    return f"{sheet.family or sheet.name}, {stage.engine or stage.name or key}, {figure.value:g} kg"


def _engine(stage: StageSheet) -> str:
    """An engine without its number: "RD-191 x1" is "RD-191"."""
    words = stage.engine.split()
    kept = [word for word in words if not (word[0] == "x" and word[1:].isdigit())]
    name = " ".join(kept).partition(" (")[0]
    return SAME_ENGINE.get(name, name)
