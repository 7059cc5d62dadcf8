"""The legs of the first stage and its strap-ons, between events known by the clock."""

from __future__ import annotations

from cosmodrome.ascent.legs import MERGE_S, Engine, LegWriter, level_at, shell, throttles
from cosmodrome.flight.burn import burn_duration, burnt
from cosmodrome.flight.vehicle import Boosters, Vehicle
from cosmodrome.mission.nouns import Limits

__all__ = ["first_stage", "outlasted_s"]

PITCH_OVER_S = 15.0


def first_stage(writer: LegWriter, vehicle: Vehicle, limits: Limits) -> None:
    """Legs of the first stage between all events known by the clock."""
    core = vehicle.stages[0]
    burn = burn_duration(core, writer.g0)
    lit, out = core.ignition_s, core.ignition_s + burn
    marks = _first_marks(vehicle, limits, lit, out, writer.g0)
    last_separation = max([group_end(g, writer.g0)[1] for g in vehicle.boosters], default=0.0)
    end = max(out, last_separation)
    # A core that its strap-ons outlast is burnt out by the clock.
    free = throttles(core, limits) and out >= end - MERGE_S
    times = sorted(t for t in marks if t < end - 1e-3)
    times = [t for k, t in enumerate(times) if k == 0 or t - times[k - 1] > 1e-3]
    for start, stop in zip(times, [*times[1:], end], strict=True):
        _drops_at(writer, vehicle, start)
        engines = _alight(
            vehicle, start, stop, writer.g0, free=free and start >= limits.vertical_rise_s
        )
        vertical = start < limits.vertical_rise_s - MERGE_S
        name = "vertical rise" if vertical else _first_name(vehicle, limits, start)
        spent = _spent(vehicle, start, stop, writer.g0)
        if stop < end:
            writer.leg(
                name,
                core.name,
                stop - start,
                engines=engines,
                first=True,
                kind="vertical" if vertical else "powered",
            )
            writer.mass -= spent
        else:
            _last_of_first(writer, vehicle, name, (start, stop), engines, free=free)
    if out >= end - MERGE_S:
        writer.events += (f"{core.name} cutoff",)
    for group in vehicle.boosters:
        if group_end(group, writer.g0)[1] >= end - MERGE_S:
            writer.drop(_group_shell(group, writer.g0), f"{group.name} separation")
    leftover = core.usable_kg - burnt(core, 0.0, burn, writer.g0)
    writer.legs.append(shell(core, leftover))


def _last_of_first(
    writer: LegWriter,
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
            name,
            core.name,
            before,
            engines=engines,
            first=True,
            bounds_s=(1.0, 0.98 * length),
            ends_by_heating=True,
        )
        writer.mass -= _spent(vehicle, start, start + before, writer.g0)
        writer.drop(fairing.mass_kg, "fairing jettison")
        writer.fairing_on = False
        dry -= fairing.mass_kg
        name, length = f"{core.name} burn", length - before
    writer.leg(
        name,
        core.name,
        length,
        engines=engines,
        first=True,
        bounds_s=(0.02 * length, 4.0 * length) if loose else None,
        end_mass_kg=dry if loose else None,
    )
    writer.mass = dry


def _first_marks(vehicle: Vehicle, limits: Limits, lit: float, out: float, g0: float) -> set[float]:
    """Times at which something changes while the first stage flies."""
    core = vehicle.stages[0]
    marks = {0.0, out}
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


def outlasted_s(vehicle: Vehicle, g0_m_s2: float) -> float:
    """How long strap-ons stay on after the core has burnt out, seconds; 0 if they do not."""
    core = vehicle.stages[0]
    out = core.ignition_s + burn_duration(core, g0_m_s2)
    return max([group_end(group, g0_m_s2)[1] - out for group in vehicle.boosters] + [0.0])


def group_end(group: Boosters, g0: float) -> tuple[float, float]:
    """Burn-out and separation of a strap-on group, seconds after lift-off."""
    burnout = group.unit.ignition_s + burn_duration(group.unit, g0)
    return burnout, burnout + group.unit.separation_s


def _group_shell(group: Boosters, g0: float) -> float:
    unit = group.unit
    spent = burnt(unit, 0.0, burn_duration(unit, g0), g0)
    return group.count * (unit.dry_kg + unit.residual_kg + unit.usable_kg - spent)


def _drops_at(writer: LegWriter, vehicle: Vehicle, now: float) -> None:
    core = vehicle.stages[0]

    def at(t: float) -> bool:
        return abs(t - now) <= 1e-3

    if at(core.ignition_s + burn_duration(core, writer.g0)):
        writer.events += (f"{core.name} cutoff",)
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
    if fairing is None or fairing.during != core.name or fairing.jettison_s is None:
        return
    if at(fairing.jettison_s):
        writer.drop(fairing.mass_kg, "fairing jettison")
        writer.fairing_on = False


def _alight(
    vehicle: Vehicle, start: float, stop: float, g0: float, *, free: bool
) -> tuple[Engine, ...]:
    middle = 0.5 * (start + stop)
    engines = []
    core = vehicle.stages[0]
    if core.motor is not None and core.ignition_s <= middle <= core.ignition_s + burn_duration(
        core, g0
    ):
        level = level_at(core, middle - core.ignition_s)
        engines.append(Engine(core.name, core.motor, 1, core.ignition_s, level, free))
    for group in vehicle.boosters:
        unit = group.unit
        if unit.motor is not None and unit.ignition_s <= middle <= group_end(group, g0)[0]:
            level = level_at(unit, middle - unit.ignition_s)
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
