"""The legs of a flight, from the vehicle itself: who burns when, what drops when.

A leg is a stretch with one set of burning motors. Times up to the first free
duration are exact; later ones are nominal (full throttle) and only guide the
first guess.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from cosmodrome.flight.burn import burn_duration, burnt, full_flow
from cosmodrome.flight.vehicle import Boosters, Motor, Stage, Vehicle
from cosmodrome.mission.nouns import Limits

__all__ = ["Engine", "LegSpec", "Route", "timeline"]

PITCH_OVER_S = 15.0
_LONGEST_BALLISTIC_COAST_S = 1500.0
_MERGE_S = 1e-6


@dataclass(frozen=True, slots=True)
class Route:
    """Which way through the last stage: number of burns, and the coasts between.

    Parameters
    ----------
    burns : int, of the last stage
    last_share : float, first guess of its propellant kept for the last burn
    coast_s : (shortest, first guess, longest) of the coast before the last burn
    """

    burns: int = 1
    last_share: float = 0.2
    coast_s: tuple[float, float, float] = (60.0, 2400.0, 6000.0)


@dataclass(frozen=True, slots=True)
class Engine:
    """One set of like motors alight in a leg.

    `level` is a prescribed throttle; `free` hands it to the optimiser.
    """

    stage: str
    motor: Motor
    count: int
    lit_s: float
    level: float = 1.0
    free: bool = False


@dataclass(frozen=True, slots=True)
class LegSpec:
    """One leg before it is optimised.

    Parameters
    ----------
    name : str
    stage : str, the serial stage it belongs to
    start_s, duration_s : float, nominal
    bounds_s : (shortest, longest) or None where the duration is fixed
    engines : tuple of Engine
    kind : "vertical", "powered", "coast" or "orbit" (a long coast as arcs)
    first : bool, part of the first stage's flight
    events : tuple of str, at its start
    dropped_kg : float, leaves at its start
    mass_kg : float, stack without payload at its start, nominal
    end_mass_kg : float or None
        Stack without payload at its end, where propellant decides the end.
    runs_dry : bool, end_mass_kg is met exactly (else it is a floor)
    fairing_on : bool
    ends_by_heating : bool
    """

    name: str
    stage: str
    start_s: float
    duration_s: float
    bounds_s: tuple[float, float] | None
    engines: tuple[Engine, ...]
    kind: Literal["vertical", "powered", "coast", "orbit"]
    first: bool
    events: tuple[str, ...] = ()
    dropped_kg: float = 0.0
    mass_kg: float = 0.0
    end_mass_kg: float | None = None
    runs_dry: bool = True
    fairing_on: bool = True
    ends_by_heating: bool = False


@dataclass(slots=True)
class _Writer:
    """Where the timeline stands while legs are added."""

    g0: float
    legs: list[LegSpec]
    mass: float
    now: float = 0.0
    exact: bool = True
    fairing_on: bool = True
    events: tuple[str, ...] = ("liftoff",)
    dropped: float = 0.0

    def drop(self, mass_kg: float, *events: str) -> None:
        self.dropped += mass_kg
        self.mass -= mass_kg
        self.events += events

    def leg(self, name: str, stage: str, duration_s: float, **more: object) -> None:
        spec = LegSpec(
            name=name,
            stage=stage,
            start_s=self.now,
            duration_s=duration_s,
            bounds_s=None,
            engines=(),
            kind="powered",
            first=False,
            events=self.events,
            dropped_kg=self.dropped,
            mass_kg=self.mass,
            fairing_on=self.fairing_on,
        )
        spec = replace(spec, **more)  # type: ignore[arg-type]
        self.legs.append(spec)
        self.events, self.dropped = (), 0.0
        self.now += duration_s


def timeline(vehicle: Vehicle, limits: Limits, route: Route, g0_m_s2: float) -> tuple[LegSpec, ...]:
    """All legs of one route, from lift-off to insertion.

    Parameters
    ----------
    vehicle : Vehicle
    limits : Limits, for the vertical rise and for where throttle is free
    route : Route
    g0_m_s2 : float

    Returns
    -------
    tuple of LegSpec, in time order
    """
    writer = _Writer(g0=g0_m_s2, legs=[], mass=_stack_mass(vehicle))
    writer.fairing_on = vehicle.fairing is not None
    _first_stage(writer, vehicle, limits)
    for k in range(1, len(vehicle.stages)):
        _upper_stage(writer, vehicle, limits, k, route)
    return tuple(writer.legs)


def _stack_mass(vehicle: Vehicle) -> float:
    units = [(1, stage) for stage in vehicle.stages]
    units += [(group.count, group.unit) for group in vehicle.boosters]
    total = sum(n * (s.dry_kg + s.usable_kg + s.residual_kg) for n, s in units)
    total += sum(part.mass_kg for part in vehicle.jettisons)
    total += vehicle.adapter_kg + vehicle.rider_kg
    return total + (vehicle.fairing.mass_kg if vehicle.fairing is not None else 0.0)


def throttles(stage: Stage, limits: Limits) -> bool:
    """Whether the optimiser may throttle this stage: it can, nothing is prescribed,
    and a limit makes it worth while."""
    motor = stage.motor
    able = motor is not None and motor.throttle_min < motor.throttle_max
    wanted = limits.acceleration_m_s2 is not None or limits.dynamic_pressure_pa is not None
    return able and not stage.schedule and wanted


def _level_at(stage: Stage, since_s: float) -> float:
    level = 1.0
    for t, value in stage.schedule:
        if since_s >= t - _MERGE_S:
            level = value
    return level


def _first_stage(writer: _Writer, vehicle: Vehicle, limits: Limits) -> None:
    """Legs of the first stage between all events known by the clock."""
    core = vehicle.stages[0]
    burn = burn_duration(core, writer.g0)
    lit, out = core.ignition_s, core.ignition_s + burn
    marks = _first_marks(vehicle, limits, lit, out, writer.g0)
    last_separation = max([group_end(g, writer.g0)[1] for g in vehicle.boosters], default=0.0)
    free = throttles(core, limits)
    end = max(out, last_separation)
    times = sorted(t for t in marks if t < end - 1e-3)
    times = [t for k, t in enumerate(times) if k == 0 or t - times[k - 1] > 1e-3]
    for start, stop in zip(times, [*times[1:], end], strict=True):
        _drops_at(writer, vehicle, start)
        engines = _alight(vehicle, start, stop, writer.g0, free=free and start >= limits.vertical_rise_s)
        vertical = start < limits.vertical_rise_s - _MERGE_S
        name = "vertical rise" if vertical else _first_name(vehicle, limits, start)
        spent = _spent(vehicle, start, stop, writer.g0)
        if stop < end:
            writer.leg(
                name, core.name, stop - start, engines=engines, first=True,
                kind="vertical" if vertical else "powered",
            )
            writer.mass -= spent
        else:
            _last_of_first(writer, vehicle, name, (start, stop), engines, free=free)
    writer.events += (f"{core.name} cutoff",)
    for group in vehicle.boosters:
        if group_end(group, writer.g0)[1] >= end - _MERGE_S:
            writer.drop(_group_shell(group, writer.g0), f"{group.name} separation")
    leftover = core.usable_kg - burnt(core, 0.0, burn, writer.g0)
    writer.legs.append(_shell(core, leftover))


def _last_of_first(
    writer: _Writer,
    vehicle: Vehicle,
    name: str,
    span: tuple[float, float],
    engines: tuple[Engine, ...],
    *,
    free: bool,
) -> None:
    """The leg that empties the first stage, split where heating drops the fairing."""
    core, fairing = vehicle.stages[0], vehicle.fairing
    start, stop = span
    length = stop - start
    dry = writer.mass - _spent(vehicle, start, stop, writer.g0)
    sheds = fairing is not None and fairing.during == core.name and fairing.jettison_s is None
    loose = free or sheds
    if sheds:
        assert fairing is not None
        before = 0.5 * length
        writer.leg(
            name, core.name, before, engines=engines, first=True,
            bounds_s=(1.0, 0.98 * length), ends_by_heating=True,
        )
        writer.mass -= _spent(vehicle, start, start + before, writer.g0)
        writer.drop(fairing.mass_kg, "fairing jettison")
        writer.fairing_on = False
        dry -= fairing.mass_kg
        name, length = f"{core.name} burn", length - before
    writer.leg(
        name, core.name, length, engines=engines, first=True,
        bounds_s=(0.02 * length, 4.0 * length) if loose else None,
        end_mass_kg=dry if loose else None,
    )
    writer.mass = dry


def _shell(stage: Stage, leftover_kg: float) -> LegSpec:
    """A marker replaced by the separation leg of the next stage."""
    return LegSpec(
        name="separation",
        stage=stage.name,
        start_s=0.0,
        duration_s=0.0,
        bounds_s=None,
        engines=(),
        kind="coast",
        first=True,
        dropped_kg=stage.dry_kg + stage.residual_kg + leftover_kg,
    )


def _first_marks(
    vehicle: Vehicle, limits: Limits, lit: float, out: float, g0: float
) -> set[float]:
    """Times at which something changes while the first stage flies."""
    core = vehicle.stages[0]
    marks = {0.0}
    if limits.vertical_rise_s > 0.0:
        marks |= {limits.vertical_rise_s, limits.vertical_rise_s + PITCH_OVER_S}
    if lit > 0.0:
        marks.add(lit)
    marks |= {lit + t for t, _ in core.schedule if 0.0 < t < out - lit}
    for group in vehicle.boosters:
        burnout, separation = group_end(group, g0)
        marks |= {group.unit.ignition_s, burnout, separation}
    for part in vehicle.jettisons:
        if part.during == core.name:
            marks.add(lit + part.delay_s)
    fairing = vehicle.fairing
    if fairing is not None and fairing.during == core.name and fairing.jettison_s is not None:
        marks.add(fairing.jettison_s)
    return marks


def group_end(group: Boosters, g0: float) -> tuple[float, float]:
    """Burn-out and separation of a strap-on group, seconds after lift-off."""
    burnout = group.unit.ignition_s + burn_duration(group.unit, g0)
    return burnout, burnout + group.unit.separation_s


def _group_shell(group: Boosters, g0: float) -> float:
    unit = group.unit
    spent = burnt(unit, 0.0, burn_duration(unit, g0), g0)
    return group.count * (unit.dry_kg + unit.residual_kg + unit.usable_kg - spent)


def _drops_at(writer: _Writer, vehicle: Vehicle, now: float) -> None:
    core = vehicle.stages[0]

    def at(t: float) -> bool:
        return abs(t - now) <= 1e-3

    for group in vehicle.boosters:
        burnout, separation = group_end(group, writer.g0)
        if group.unit.ignition_s > 0.0 and at(group.unit.ignition_s):
            writer.events += (f"{group.name} ignition",)
        if at(burnout):
            writer.events += (f"{group.name} cutoff",)
        if at(separation):
            writer.drop(_group_shell(group, writer.g0), f"{group.name} separation")
    if core.ignition_s > 0.0 and at(core.ignition_s):
        writer.events += (f"{core.name} ignition",)
    for part in vehicle.jettisons:
        if part.during == core.name and at(core.ignition_s + part.delay_s):
            writer.drop(part.mass_kg, f"{part.name} jettison")
    fairing = vehicle.fairing
    if fairing is not None and fairing.during == core.name and fairing.jettison_s is not None:
        if at(fairing.jettison_s):
            writer.drop(fairing.mass_kg, "fairing jettison")
            writer.fairing_on = False


def _alight(
    vehicle: Vehicle, start: float, stop: float, g0: float, *, free: bool
) -> tuple[Engine, ...]:
    middle = 0.5 * (start + stop)
    engines = []
    core = vehicle.stages[0]
    if core.motor is not None and core.ignition_s <= middle <= core.ignition_s + burn_duration(core, g0):
        level = _level_at(core, middle - core.ignition_s)
        engines.append(Engine(core.name, core.motor, 1, core.ignition_s, level, free))
    for group in vehicle.boosters:
        unit = group.unit
        if unit.motor is not None and unit.ignition_s <= middle <= group_end(group, g0)[0]:
            level = _level_at(unit, middle - unit.ignition_s)
            engines.append(Engine(group.name, unit.motor, group.count, unit.ignition_s, level))
    return tuple(engines)


def _spent(vehicle: Vehicle, start: float, stop: float, g0: float) -> float:
    """Propellant burnt in a leg of the first stage at prescribed levels."""
    total = 0.0
    units = [(1, vehicle.stages[0])] + [(g.count, g.unit) for g in vehicle.boosters]
    for count, unit in units:
        end = burn_duration(unit, g0)
        a = min(max(start - unit.ignition_s, 0.0), end)
        b = min(max(stop - unit.ignition_s, 0.0), end)
        total += count * burnt(unit, a, b, g0)
    return total


def _first_name(vehicle: Vehicle, limits: Limits, start: float) -> str:
    if limits.vertical_rise_s > 0.0 and start < limits.vertical_rise_s + PITCH_OVER_S - 1e-3:
        return "pitch-over"
    return "gravity turn" if limits.q_alpha_pa_rad is not None else f"{vehicle.stages[0].name} burn"


def _upper_stage(
    writer: _Writer, vehicle: Vehicle, limits: Limits, k: int, route: Route
) -> None:
    below, stage = vehicle.stages[k - 1], vehicle.stages[k]
    marker = writer.legs.pop()
    if below.separation_s > 0.0:
        writer.leg(f"{below.name} separation wait", below.name, below.separation_s, kind="coast")
    writer.drop(marker.dropped_kg, f"{below.name} separation")
    if stage.motor is None:
        return
    # After a solid the stack may sail on before the next ignition.
    ballistic = below.solid and below.motor is not None
    if stage.ignition_s > 0.0 or ballistic:
        shortest = max(stage.ignition_s, 0.5)
        writer.leg(
            f"coast to {stage.name}",
            stage.name,
            shortest,
            kind="coast",
            bounds_s=(shortest, _LONGEST_BALLISTIC_COAST_S) if ballistic else None,
        )
    writer.events += (f"{stage.name} ignition",)
    last = k == len(vehicle.stages) - 1
    _burns(writer, vehicle, limits, k, route if last else Route())
    if not last:
        total = burn_duration(stage, writer.g0)
        leftover = stage.usable_kg - burnt(stage, 0.0, total, writer.g0)
        writer.events += (f"{stage.name} cutoff",)
        writer.legs.append(_shell(stage, leftover))


def _burns(writer: _Writer, vehicle: Vehicle, limits: Limits, k: int, route: Route) -> None:
    """The burn or burns of an upper stage, split where parts are dropped."""
    stage = vehicle.stages[k]
    assert stage.motor is not None
    last = k == len(vehicle.stages) - 1
    total = burn_duration(stage, writer.g0)
    free = throttles(stage, limits)
    dry = writer.mass - stage.usable_kg
    fixed = not free and not last
    clock = writer.now
    splits = _splits(vehicle, stage, clock)
    done = 0.0
    for delay, kind, mass, event in splits:
        # The fairing goes when heating allows, so its leg has a free duration.
        loose = kind == "heating"
        length = max(min(delay, 0.6 * total) - done, 1.0)
        writer.leg(
            f"{stage.name} burn",
            stage.name,
            length,
            engines=(_engine(stage, clock, done, free),),
            bounds_s=(1.0, 0.95 * total) if loose or free else None,
            ends_by_heating=loose,
        )
        spent = burnt(stage, done, done + length, writer.g0)
        writer.mass -= spent
        dry -= mass
        writer.drop(mass, event)
        if event == "fairing jettison":
            writer.fairing_on = False
        done += length
    loose = last or free or any(kind == "heating" for _, kind, _, _ in splits)
    if route.burns > 1:
        _two_burns(writer, stage, route, clock, done, dry, free=free)
        return
    remaining = total - done
    writer.leg(
        f"{stage.name} burn",
        stage.name,
        remaining,
        engines=(_engine(stage, clock, done, free),),
        bounds_s=None if fixed and not loose else (1.0, 4.0 * total),
        end_mass_kg=dry if loose else None,
        runs_dry=not last,
    )
    writer.mass -= burnt(stage, done, total, writer.g0)


def _splits(
    vehicle: Vehicle, stage: Stage, clock: float
) -> list[tuple[float, str, float, str]]:
    """Parts dropped during an upper stage: (delay, kind, mass, event) in time order."""
    found = [
        (part.delay_s, "clock", part.mass_kg, f"{part.name} jettison")
        for part in vehicle.jettisons
        if part.during == stage.name
    ]
    fairing = vehicle.fairing
    if fairing is not None and fairing.during == stage.name:
        if fairing.jettison_s is not None:
            delay = max(fairing.jettison_s - clock, 1.0)
            found.append((delay, "clock", fairing.mass_kg, "fairing jettison"))
        else:
            found.append((20.0, "heating", fairing.mass_kg, "fairing jettison"))
    return sorted(found)


def _engine(stage: Stage, lit: float, done: float, free: bool) -> Engine:
    assert stage.motor is not None
    return Engine(stage.name, stage.motor, 1, lit, _level_at(stage, done), free)


def _two_burns(
    writer: _Writer,
    stage: Stage,
    route: Route,
    clock: float,
    done: float,
    dry: float,
    *,
    free: bool,
) -> None:
    """Burn to a parking orbit, coast, burn again."""
    assert stage.motor is not None
    total = burn_duration(stage, writer.g0)
    first = (1.0 - route.last_share) * (total - done)
    writer.leg(
        f"{stage.name} burn 1",
        stage.name,
        first,
        engines=(_engine(stage, clock, done, free),),
        bounds_s=(1.0, total),
    )
    writer.mass -= burnt(stage, done, done + first, writer.g0)
    writer.events += (f"{stage.name} cutoff",)
    shortest, guess, longest = route.coast_s
    writer.leg(
        "coast", stage.name, guess, kind="orbit", bounds_s=(shortest, longest)
    )
    writer.events += (f"{stage.name} ignition 2",)
    flow = full_flow(stage.motor, writer.g0)
    second = (writer.mass - dry) / flow
    writer.leg(
        f"{stage.name} burn 2",
        stage.name,
        second,
        engines=(_engine(stage, writer.now, 0.0, free),),
        bounds_s=(0.5, total),
        end_mass_kg=dry,
        runs_dry=False,
    )
    writer.mass = dry
