"""The launch vehicle as plain numbers: what the equations of motion need.

The catalogue's sheets, with sources and ranges, live in `mission`; they are
turned into these frozen nouns in SI units.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

__all__ = [
    "Aerodynamics",
    "Boosters",
    "Fairing",
    "Jettison",
    "Motor",
    "Stage",
    "Vehicle",
    "loaded_by_mission",
    "stack_mass_kg",
    "unloaded_kg",
    "with_plain_thrust",
    "with_unloaded",
]


@dataclass(frozen=True, slots=True)
class Motor:
    """Propulsion of one stage or one strap-on: all its engines together.

    Thrust is `throttle * shape * thrust_vac_n - exit_area_m2 * pressure`,
    mass flow is `throttle * shape * thrust_vac_n / (isp_vac_s * g0)`.

    Parameters
    ----------
    thrust_vac_n : float, newtons, mean over the burn for solids
    isp_vac_s : float, seconds
    exit_area_m2 : float, square metres, (vacuum - sea level thrust) / 101325 Pa
    throttle_min, throttle_max : float, fractions of `thrust_vac_n`
    shape : tuple of (time in s since ignition, thrust / mean thrust)
        Piecewise linear; empty means constant. Its mean over the burn is 1.
    """

    thrust_vac_n: float
    isp_vac_s: float
    exit_area_m2: float = 0.0
    throttle_min: float = 1.0
    throttle_max: float = 1.0
    shape: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage (or one strap-on unit of a `Boosters` group).

    Loaded propellant is `usable_kg + residual_kg`; only `usable_kg` is burnt,
    `residual_kg` is dropped with `dry_kg`.

    Parameters
    ----------
    name : str
    dry_kg, usable_kg, residual_kg : float, kilograms
    motor : Motor or None
        None for a part that rides along as inert mass.
    solid : bool
        Burns by its own clock; no throttle, no shutdown.
    burns : int
        How many times it can be lit in flight; 1 means no restart.
    ignition_s : float
        For stage 1: seconds after lift-off at which it is lit (0 on the pad).
        For later stages: seconds from the separation of the stage below to ignition.
    separation_s : float, seconds from cut-off to its separation
    schedule : tuple of (time in s since ignition, throttle level)
        A prescribed, piecewise constant throttle; empty means full or optimised
        within the motor's range.
    least_loaded_kg : float or None
        The last stage alone: it is loaded to the mission, from this to
        `loaded_kg`, and with it its residual in proportion. None: always full.
    settling_kg : float
        Usable propellant spent before every restart after a coast, so that the
        rest lies at the bottom of its tanks.
    """

    name: str
    dry_kg: float
    usable_kg: float
    residual_kg: float
    motor: Motor | None
    solid: bool = False
    burns: int = 1
    ignition_s: float = 0.0
    separation_s: float = 0.0
    schedule: tuple[tuple[float, float], ...] = ()
    least_loaded_kg: float | None = None
    settling_kg: float = 0.0

    @property
    def loaded_kg(self) -> float:
        """Propellant aboard, kilograms; the capacity where it is loaded to the mission."""
        return self.usable_kg + self.residual_kg

    @property
    def residual_share(self) -> float:
        """Share of the propellant aboard that cannot be burnt."""
        return self.residual_kg / self.loaded_kg if self.loaded_kg > 0.0 else 0.0


@dataclass(frozen=True, slots=True)
class Boosters:
    """A group of like strap-ons on the first stage that burn and fall together.

    `ignition_s` of the unit is counted from lift-off (0 on the pad, > 0 air-lit);
    `separation_s` from the group's burn-out.
    """

    name: str
    count: int
    unit: Stage


@dataclass(frozen=True, slots=True)
class Fairing:
    """The payload fairing and the rule by which it is dropped.

    Parameters
    ----------
    mass_kg : float
    during : str
        Name of the stage during whose burn it is dropped.
    heating_w_m2 : float or None
        Dropped when free-molecular heating, density * speed^3 / 2, falls to this.
    jettison_s : float or None
        Or dropped at this time after lift-off; wins over heating where given.
    """

    mass_kg: float
    during: str
    heating_w_m2: float | None = 1135.0
    jettison_s: float | None = None


@dataclass(frozen=True, slots=True)
class Jettison:
    """Any other part dropped: `delay_s` after ignition of the stage `during`."""

    name: str
    mass_kg: float
    during: str
    delay_s: float


@dataclass(frozen=True, slots=True)
class Aerodynamics:
    """Drag of the whole stack.

    Parameters
    ----------
    area_m2 : float, reference area
    drag_table : tuple of (Mach number, drag coefficient)
        A single entry means a constant coefficient; else a natural cubic spline
        through the table, held constant outside it.
    """

    area_m2: float
    drag_table: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A launch vehicle: strap-ons, serial stages bottom up, fairing, drag.

    `adapter_kg` stays with the payload; `rider_kg` is inert mass that rides on
    the last stage to orbit (an unpowered apogee module, a vehicle equipment bay).
    `reserve_m_s` is ideal velocity that the last stage still has at insertion: the
    flight-performance reserve, and what brings the stage down afterwards.
    """

    name: str
    stages: tuple[Stage, ...]
    boosters: tuple[Boosters, ...]
    fairing: Fairing | None
    jettisons: tuple[Jettison, ...]
    aerodynamics: Aerodynamics
    adapter_kg: float = 0.0
    rider_kg: float = 0.0
    rider_name: str = ""
    reserve_m_s: float = 0.0


def with_plain_thrust(vehicle: Vehicle) -> Vehicle:
    """The vehicle with mean thrust where a solid upper stage drops the fairing by heating.

    The instant of that jettison is found by the flight, and a thrust table on
    both sides of a floating instant would have to float with it. Propellant,
    specific impulse and burn time stay.

    Accuracy
    --------
    Vega's payload to 200 km, 6 deg falls by 1.0 % (1251 for 1264 kg with the
    fairing dropped at the same fixed instant); its Zefiro 9 is what this concerns.
    """
    fairing = vehicle.fairing
    if fairing is None or fairing.jettison_s is not None:
        return vehicle
    stages = tuple(
        replace(stage, motor=replace(stage.motor, shape=()))
        if k > 0 and stage.name == fairing.during and stage.motor is not None
        else stage
        for k, stage in enumerate(vehicle.stages)
    )
    return replace(vehicle, stages=stages)


def stack_mass_kg(vehicle: Vehicle) -> float:
    """Everything at lift-off but the payload, every stage full, kilograms."""
    units = [(1, stage) for stage in vehicle.stages]
    units += [(group.count, group.unit) for group in vehicle.boosters]
    total = sum(n * (s.dry_kg + s.usable_kg + s.residual_kg) for n, s in units)
    total += sum(part.mass_kg for part in vehicle.jettisons)
    total += vehicle.adapter_kg + vehicle.rider_kg
    return total + (vehicle.fairing.mass_kg if vehicle.fairing is not None else 0.0)


def loaded_by_mission(vehicle: Vehicle) -> Stage | None:
    """The last stage if its load is chosen for the mission, else None."""
    last = vehicle.stages[-1]
    return last if last.least_loaded_kg is not None and last.motor is not None else None


def unloaded_kg(vehicle: Vehicle, liftoff_kg: float, payload_kg: float) -> float:
    """What the last stage is short of full, by the masses at lift-off.

    Zero where the stage is always full. Neither bounded nor rounded: a negative
    answer is more propellant than there is room for.
    """
    if loaded_by_mission(vehicle) is None:
        return 0.0
    return stack_mass_kg(vehicle) + payload_kg - liftoff_kg


def with_unloaded(vehicle: Vehicle, kg: float) -> Vehicle:
    """The vehicle with its last stage loaded that much less, its residual in proportion."""
    last = vehicle.stages[-1]
    share = 0.0 if last.loaded_kg == 0.0 else 1.0 - kg / last.loaded_kg
    lighter = replace(last, usable_kg=share * last.usable_kg, residual_kg=share * last.residual_kg)
    return replace(vehicle, stages=(*vehicle.stages[:-1], lighter))
