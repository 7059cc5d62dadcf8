"""Do a sheet's figures agree with one another? Published ones often do not."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from cosmodrome.flight.vehicle import loaded_by_mission, with_unloaded
from cosmodrome.mission.catalogue import flying, implied, uncertainty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.flight.variation import Quantity
    from cosmodrome.flight.vehicle import Vehicle
    from cosmodrome.mission.catalogue.figure import Figure
    from cosmodrome.mission.catalogue.sheet import StageSheet, VehicleSheet

__all__ = [
    "Closure",
    "Flag",
    "StageClosure",
    "cautions",
    "check",
    "flags",
    "losses_flag",
    "sum_kg",
]

# Thresholds come from what the physics leaves open, never from how well a payload
# is predicted.
# Fluids that are not summed (gases, peroxide) and rounding make 3 % of gross mass.
# Stages of other vehicles close to 0.94 to 1.02; a vehicle averages over its stages.
MASS_RATIO = (0.97, 1.03)
# Flow follows from thrust and specific impulse, known to 1 to 2 % each; rounding of
# times and the tail-off of thrust make the rest.
BURN_RATIO = (0.93, 1.07)
# A stage that is lit again is shut down with propellant left: one flight's burn
# time may be shorter than the tanks allow by this share.
RELIT_SHARE = 0.8
# Two pairs of sea-level and vacuum figures that disagree by more than this share of
# lift-off thrust cannot describe one engine; less moves the payload by under 1 %.
PAIR_SHARE = 0.03
# Below, no engine-out margin and no acceleration worth having; above, the propellant
# is too little for the motor.
THRUST_TO_WEIGHT = (1.05, 2.6)
# A stage matters if it gives this share of the ideal velocity; a rider if it weighs
# this share of the payload.
MATTERS_VELOCITY, MATTERS_RIDER = 0.05, 0.02
# Velocity losses of a direct ascent. Gravity alone takes 1.1 to 1.5 km/s; what
# leaps off the pad loses less, what ends on a weak stage more.
LOSSES_M_S = (1500.0, 2600.0)
QUICK_THRUST_TO_WEIGHT, QUICK_M_S, WEAK_M_S = 1.5, 1200.0, 3200.0


@dataclass(frozen=True, slots=True)
class Flag:
    """Something a vehicle's data, or one published point, is to be doubted for.

    Parameters
    ----------
    kind : str
        "gross mass", "burn time", "sea level", "thrust to weight" or "losses": numbers
        that contradict one another. "doubtful" or "disputed": a caution.
    part : str, the stage or part it is about, or "vehicle"
    value : float, what was found
    low, high : float, what would pass
    why : str, one sentence
    """

    kind: str
    part: str
    value: float
    low: float
    high: float
    why: str


@dataclass(frozen=True, slots=True)
class StageClosure:
    """One stage or strap-on unit against itself.

    Parameters
    ----------
    name : str
    burn_model_s : float, from usable propellant, flow and prescribed throttle
    burn_published_s : float or None
    burn_ratio : float or None, model over published
    thrust_ratio, isp_ratio : float or None
        Sea level over vacuum by either pair; equal if both describe one engine.
    """

    name: str
    burn_model_s: float
    burn_published_s: float | None
    burn_ratio: float | None
    thrust_ratio: float | None
    isp_ratio: float | None


@dataclass(frozen=True, slots=True)
class Closure:
    """A vehicle against its published gross mass, and its stages against themselves.

    Parameters
    ----------
    sum_kg : float
        Stages, strap-ons, fairing, adapter, carried riders, jettisoned parts
        and the payload that the gross mass is said to hold.
    gross_kg : float or None
    mass_ratio : float or None, sum over gross
    stages : tuple of StageClosure
    flags : tuple of Flag
        What marks the data as not clean; empty if nothing does.
    cautions : tuple of Flag
        Numbers that are uncertain, which the interval counts.
    """

    sum_kg: float
    gross_kg: float | None
    mass_ratio: float | None
    stages: tuple[StageClosure, ...]
    flags: tuple[Flag, ...] = ()
    cautions: tuple[Flag, ...] = ()

    def document(self) -> dict[str, object]:
        """As a JSON object."""
        return asdict(self)


def check(sheet: VehicleSheet) -> Closure:
    """Compare the sums of a sheet with what is published beside them.

    Parameters
    ----------
    sheet : VehicleSheet

    Returns
    -------
    Closure

    Accuracy
    --------
    A mass ratio within `MASS_RATIO` is as good as public figures get. Fluids that
    are neither propellant nor structure (peroxide, nitrogen) are summed where a
    sheet counts them with the load.
    """
    total = sum_kg(sheet)
    gross = None if sheet.gross_kg is None else sheet.gross_kg.value
    units = [*sheet.stages.items(), *sheet.strapons.items()]
    return Closure(
        sum_kg=total,
        gross_kg=gross,
        mass_ratio=total / gross if gross else None,
        stages=tuple(_stage(key, stage) for key, stage in units),
        flags=flags(sheet),
        cautions=cautions(sheet),
    )


def sum_kg(sheet: VehicleSheet) -> float:
    """All parts of a sheet at lift-off, with the payload its gross mass is said to hold."""
    total = sum(_loaded_kg(stage) for stage in sheet.stages.values())
    total += sum(group.count.value * _loaded_kg(group) for group in sheet.strapons.values())
    total += sum(rider.mass_kg.value for rider in flying.carried_riders(sheet).values())
    total += sum(part.mass_kg.value for part in sheet.jettisons.values())
    total += sheet.adapter_kg.value
    if sheet.fairing is not None:
        total += sheet.fairing.mass_kg.value
    if sheet.gross_payload_kg is not None:
        total += sheet.gross_payload_kg.value
    return total


def _loaded_kg(stage: StageSheet) -> float:
    return stage.propellant_kg.value + stage.dry_kg.value


def _stage(key: str, stage: StageSheet) -> StageClosure:
    model = flying.burn_time_s(stage)
    published = stage.burn_s.value if stage.burn_s is not None else None
    thrust_ratio = isp_ratio = None
    if stage.thrust_vac_n and stage.thrust_sl_n:
        thrust_ratio = stage.thrust_sl_n.value / stage.thrust_vac_n.value
    if stage.isp_vac_s and stage.isp_sl_s:
        isp_ratio = stage.isp_sl_s.value / stage.isp_vac_s.value
    return StageClosure(
        name=stage.name or key,
        burn_model_s=model,
        burn_published_s=published,
        burn_ratio=model / published if published else None,
        thrust_ratio=thrust_ratio,
        isp_ratio=isp_ratio,
    )


def flags(sheet: VehicleSheet) -> tuple[Flag, ...]:
    """What marks a sheet's data as not clean, by itself and not by any prediction.

    Parameters
    ----------
    sheet : VehicleSheet

    Returns
    -------
    tuple of Flag
        Empty if the numbers agree with one another. A number that is merely
        uncertain is no contradiction; see `cautions`.

    Accuracy
    --------
    A published range counts as a whole: a check passes if any value in it would.
    """
    found = [*_mass_flag(sheet), *_weight_flag(sheet), *_pair_flags(sheet)]
    for key, stage in (*sheet.stages.items(), *sheet.strapons.items()):
        found += _burn_flag(stage.name or key, stage)
    return tuple(found)


def cautions(sheet: VehicleSheet) -> tuple[Flag, ...]:
    """Numbers of a sheet that move the payload and are doubtful or disputed.

    They do not make the data unclean: that sources disagree is what an interval is
    for, and a prediction from such numbers can be as good as another. They are told
    beside the answer.

    Parameters
    ----------
    sheet : VehicleSheet

    Returns
    -------
    tuple of Flag
        Confidence D, or sources further apart than `uncertainty.CAP`.
    """
    found: list[Flag] = []
    velocities = implied.stage_velocities_m_s(sheet.vehicle(), _carried_kg(sheet))
    total = sum(velocities.values())
    for key, stage in (*sheet.stages.items(), *sheet.strapons.items()):
        name = stage.name or key
        # Strap-ons are counted with the first stage and always matter.
        if velocities.get(name, total) > MATTERS_VELOCITY * total:
            found += _trust_flags(name, stage)
    found += _rider_flags(sheet)
    return tuple(found)


def losses_flag(
    vehicle: Vehicle,
    payload_kg: float,
    orbit: tuple[float, float, float],
    *,
    flown: bool = False,
    direct: bool = True,
) -> Flag | None:
    """Whether a published payload implies losses that no flight has.

    Parameters
    ----------
    vehicle : Vehicle, with the adapter in it if the payload is counted without
    payload_kg : float
    orbit : perigee_km, apogee_km, inclination_deg
    flown : bool
        A mass that flew is a lower bound: the flight may have had velocity left.
    direct : bool
        Whether the plane is reached without a turn: inclination not below the
        site's latitude, and inside its corridor. Turns cost what is not counted.

    Returns
    -------
    Flag or None
        For a payload that flew or a plane that is turned, only losses that are
        too small are told.
    """
    perigee_km, apogee_km, inclination_deg = orbit
    needed = implied.needed_speed_m_s(perigee_km, apogee_km)
    free = implied.rotation_m_s(inclination_deg)
    low, high = LOSSES_M_S
    if implied.thrust_to_weight(vehicle, payload_kg) > QUICK_THRUST_TO_WEIGHT:
        low = QUICK_M_S
    if implied.weak_upper_stage(vehicle, payload_kg):
        high = WEAK_M_S
    # A stage that is loaded to the mission may have held any load it can.
    every = [implied.implied_losses_m_s(one, payload_kg, needed, free) for one in _loads(vehicle)]
    losses = _nearest(_nearest(every[0], low, high), min(every), max(every))
    if low <= losses and (losses <= high or flown or not direct):
        return None
    words = "the payload is too high, or stages are taken too heavy or too weak"
    if losses > high:
        words = "the payload is held back, or stages are taken too light or too strong"
    why = f"{payload_kg:g} kg imply {losses:.0f} m/s of losses, not {low:g} to {high:g}: {words}"
    return Flag("losses", "vehicle", losses, low, high, why)


def _loads(vehicle: Vehicle) -> tuple[Vehicle, ...]:
    """The vehicle full, and with the least load where its last stage is loaded to the mission."""
    stage = loaded_by_mission(vehicle)
    if stage is None:
        return (vehicle,)
    return vehicle, with_unloaded(vehicle, stage.loaded_kg - (stage.least_loaded_kg or 0.0))


def _carried_kg(sheet: VehicleSheet) -> float:
    return sheet.gross_payload_kg.value if sheet.gross_payload_kg is not None else 0.0


def _nearest(wanted: float, low: float, high: float) -> float:
    """The value of a range that is nearest to another."""
    return min(max(wanted, low), high)


def _mass_flag(sheet: VehicleSheet) -> Iterator[Flag]:
    if sheet.gross_kg is None:
        return
    total = sum_kg(sheet)
    ratio = total / _nearest(total, sheet.gross_kg.low, sheet.gross_kg.high)
    low, high = MASS_RATIO
    if not low <= ratio <= high:
        why = f"gross_kg: the parts sum to {total:.0f} kg, published are {sheet.gross_kg.value:.0f}"
        yield Flag("gross mass", "vehicle", ratio, low, high, why)


def _weight_flag(sheet: VehicleSheet) -> Iterator[Flag]:
    ratio = implied.thrust_to_weight(sheet.vehicle(), _carried_kg(sheet))
    low, high = THRUST_TO_WEIGHT
    if not low <= ratio <= high:
        why = f"thrust_sl_n: lift-off thrust is {ratio:.2f} times the weight"
        yield Flag("thrust to weight", "vehicle", ratio, low, high, why)


def _burn_flag(name: str, stage: StageSheet) -> Iterator[Flag]:
    """Burn time from propellant and flow against the published one, throttling allowed for."""
    if stage.burn_s is None:
        return
    full = flying.burn_time_s(stage)
    least = stage.throttle_min.value if stage.throttle_min is not None else 1.0
    relit = RELIT_SHARE if stage.burns.value > 1.0 else 1.0
    model = _nearest(stage.burn_s.value, relit * full, full / least)
    ratio = model / _nearest(model, stage.burn_s.low, stage.burn_s.high)
    low, high = BURN_RATIO
    if not low <= ratio <= high:
        why = f"burn_s: {model:.0f} s by propellant and flow, {stage.burn_s.value:.0f} s published"
        yield Flag("burn time", name, ratio, low, high, why)


def _pair_flags(sheet: VehicleSheet) -> Iterator[Flag]:
    """Sea-level thrust as stated against that by the pair of specific impulses."""
    vehicle = sheet.vehicle()
    lift_off = implied.lift_off_thrust_n(vehicle)
    parts = [*list(sheet.stages.items())[:1], *sheet.strapons.items()]
    for key, stage in parts:
        figures = (stage.thrust_vac_n, stage.thrust_sl_n, stage.isp_vac_s, stage.isp_sl_s)
        if any(figure is None for figure in figures) or stage.ignition_s.value > 0.0:
            continue
        gap = _pair_gap_n(stage) * (sheet.strapons[key].count.value if key in sheet.strapons else 1)
        if gap > PAIR_SHARE * lift_off:
            share = gap / lift_off
            why = (
                "thrust_sl_n: the pairs of thrust and specific impulse differ by "
                f"{100.0 * share:.1f} % of lift-off thrust"
            )
            yield Flag("sea level", stage.name or key, share, 0.0, PAIR_SHARE, why)


def _pair_gap_n(stage: StageSheet) -> float:
    """Newtons between the stated sea-level thrust and that by specific impulse."""
    assert stage.thrust_vac_n is not None
    assert stage.thrust_sl_n is not None
    assert stage.isp_vac_s is not None
    assert stage.isp_sl_s is not None
    lowest = stage.thrust_vac_n.low * stage.isp_sl_s.low / stage.isp_vac_s.high
    highest = stage.thrust_vac_n.high * stage.isp_sl_s.high / stage.isp_vac_s.low
    stated = stage.thrust_sl_n.value
    return abs(stated - _nearest(stated, lowest, highest))


def _trust_flags(name: str, stage: StageSheet) -> Iterator[Flag]:
    """Numbers that move the payload and are doubtful or disputed."""
    checked: tuple[tuple[Quantity, str], ...] = (
        ("propellant", "propellant_kg"),
        ("dry mass", "dry_kg"),
        ("specific impulse", "isp_vac_s"),
    )
    for quantity, key in checked:
        figure: Figure | None = getattr(stage, key)
        if figure is None:
            continue
        if figure.confidence == "D":
            why = f"{key}: sources disagree or the origin is unclear"
            yield Flag("doubtful", name, figure.value, figure.low, figure.high, why)
        half = 0.5 * (figure.high - figure.low) / figure.value
        cap = uncertainty.CAP[quantity]
        if half > cap:
            why = f"{key}: sources span {figure.low:g} to {figure.high:g}, over {100 * cap:g} %"
            yield Flag("disputed", name, half, 0.0, cap, why)


def _rider_flags(sheet: VehicleSheet) -> Iterator[Flag]:
    for key, rider in flying.carried_riders(sheet).items():
        mass = rider.mass_kg
        if mass.confidence == "D" and mass.value > MATTERS_RIDER * _carried_kg(sheet):
            why = "mass_kg: rides to orbit with the payload, and is doubtful"
            yield Flag("doubtful", rider.name or key, mass.value, mass.low, mass.high, why)
