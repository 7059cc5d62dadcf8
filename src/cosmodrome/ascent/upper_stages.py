"""The legs of the stages above the first: separation, ignition, burns and coasts."""

from __future__ import annotations

from cosmodrome.ascent.first_stage import outlasted_s
from cosmodrome.ascent.legs import Engine, LegWriter, Route, level_at, shell, throttles
from cosmodrome.flight.burn import burn_duration, burnt, full_flow
from cosmodrome.flight.vehicle import Stage, Vehicle
from cosmodrome.mission.nouns import Limits

__all__ = ["upper_stage"]

_LONGEST_BALLISTIC_COAST_S = 1500.0


def upper_stage(writer: LegWriter, vehicle: Vehicle, limits: Limits, k: int, route: Route) -> None:
    """Separation of the stage below, then ignition and burns of stage `k`."""
    below, stage = vehicle.stages[k - 1], vehicle.stages[k]
    marker = writer.legs.pop()
    wait = below.separation_s
    if k == 1:
        wait -= outlasted_s(vehicle, writer.g0)
    if wait > 0.0:
        writer.leg(f"{below.name} separation wait", below.name, wait, kind="coast")
    writer.drop(marker.dropped_kg, f"{below.name} separation")
    if stage.motor is None:
        return
    last = k == len(vehicle.stages) - 1
    if last and route.late:
        _late_burn(writer, stage, route)
        return
    # A solid cannot be timed by when it ends: after one, and before one that flies last,
    # the stack may sail on before the next ignition.
    ballistic = (below.solid and below.motor is not None) or (stage.solid and last)
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
    _burns(writer, vehicle, limits, k, route if last else Route())
    if not last:
        total = burn_duration(stage, writer.g0)
        leftover = stage.usable_kg - burnt(stage, 0.0, total, writer.g0)
        writer.events += (f"{stage.name} cutoff",)
        writer.legs.append(shell(stage, leftover))


def _burns(writer: LegWriter, vehicle: Vehicle, limits: Limits, k: int, route: Route) -> None:
    """The burn or burns of an upper stage, split where parts are dropped."""
    stage = vehicle.stages[k]
    assert stage.motor is not None
    last = k == len(vehicle.stages) - 1
    full = burn_duration(stage, writer.g0)
    total = full * route.load_share
    free = throttles(stage, limits)
    dry = writer.mass - stage.usable_kg
    fixed = not free and not last
    clock = writer.now
    splits = _splits(vehicle, stage, clock)
    done = 0.0
    for delay, kind, mass, event in splits:
        # The fairing goes when heating allows, so its leg has a free duration.
        loose = kind == "heating"
        length = max((min(delay, 0.6 * total) if loose else delay) - done, 1.0)
        writer.leg(
            f"{stage.name} burn",
            stage.name,
            length,
            engines=(_engine(stage, clock, done, free=free),),
            bounds_s=(1.0, 0.95 * full) if loose or free else None,
            ends_by_heating=loose,
        )
        spent = burnt(stage, done, done + length, writer.g0)
        writer.mass -= spent
        dry -= mass
        if event:
            writer.drop(mass, event)
        if event == "fairing jettison":
            writer.fairing_on = False
        done += length
    loose = last or free or any(kind == "heating" for _, kind, _, _ in splits)
    if not route.direct:
        _burns_with_coasts(writer, stage, route, clock, done, dry, free=free)
        return
    remaining = max(total - done, 1.0)
    writer.leg(
        f"{stage.name} burn",
        stage.name,
        remaining,
        engines=(_engine(stage, clock, done, free=free),),
        bounds_s=None if fixed and not loose else (1.0, 4.0 * full),
        end_mass_kg=dry if loose else None,
        runs_dry=not last,
    )
    writer.mass -= burnt(stage, done, total, writer.g0)


def _late_burn(writer: LegWriter, stage: Stage, route: Route) -> None:
    """Coast in the orbit that the stages below have reached, then the first burn."""
    aboard = route.load_share * stage.usable_kg
    _orbit_burns(writer, stage, route, aboard, writer.mass - stage.usable_kg)


def _orbit_burns(
    writer: LegWriter, stage: Stage, route: Route, aboard_kg: float, dry_kg: float
) -> None:
    """Coasts in orbit, each with its burn; the propellant aboard is shared out between them.

    Every restart is paid for with what settles the propellant in its tanks.
    """
    assert stage.motor is not None
    whole = sum(coast.share for coast in route.coasts)
    least = full_flow(stage.motor, writer.g0)
    for k, coast in enumerate(route.coasts):
        number = k + 2 - route.late
        shortest, guess, longest = coast.coast_s
        bounds = None if shortest == longest else (shortest, longest)
        writer.leg("coast", stage.name, guess, kind="orbit", bounds_s=bounds)
        ignition = f"{stage.name} ignition" + (f" {number}" if number > 1 else "")
        if number > 1:
            writer.drop(stage.settling_kg)
            aboard_kg -= stage.settling_kg
        writer.events += (ignition,)
        spent = max(aboard_kg * coast.share / whole, least)
        last = k == len(route.coasts) - 1
        name = "burn" if route.burns == 1 else f"burn {number}"
        _burn_after_coast(writer, stage, route, spent, (name, dry_kg if last else None))
        writer.mass -= spent
        if not last:
            aboard_kg -= spent
            whole -= coast.share
            writer.events += (f"{stage.name} cutoff",)


def _burn_after_coast(
    writer: LegWriter,
    stage: Stage,
    route: Route,
    propellant_kg: float,
    ending: tuple[str, float | None],
) -> None:
    """A burn at a constant throttle, by its name and the stack that it must leave, if any."""
    assert stage.motor is not None
    name, floor_kg = ending
    engine = Engine(stage.name, stage.motor, 1, writer.now, route.last_level)
    flow = route.last_level * full_flow(stage.motor, writer.g0)
    longest = stage.usable_kg / flow
    lightest = writer.mass - stage.usable_kg if floor_kg is None else floor_kg
    writer.leg(
        f"{stage.name} {name}",
        stage.name,
        propellant_kg / flow,
        engines=(engine,),
        # A metre per second or less: longer would be wasted sideways where less serves.
        bounds_s=(min(0.5, max(lightest, 1.0) / stage.motor.thrust_vac_n), longest),
        mass_kg=writer.mass if floor_kg is None else floor_kg,
        end_mass_kg=floor_kg,
        runs_dry=False,
        after_coast=True,
    )


def _splits(vehicle: Vehicle, stage: Stage, clock: float) -> list[tuple[float, str, float, str]]:
    """Parts dropped during an upper stage: (delay, kind, mass, event) in time order."""
    found = [
        (part.delay_s, "clock", part.mass_kg, f"{part.name} jettison")
        for part in vehicle.jettisons
        if part.during == stage.name
    ]
    # A prescribed throttle changes by its own clock.
    found += [(t, "clock", 0.0, "") for t, _ in stage.schedule if t > 0.0]
    fairing = vehicle.fairing
    if fairing is not None and fairing.during == stage.name:
        if fairing.jettison_s is not None:
            delay = max(fairing.jettison_s - clock, 1.0)
            found.append((delay, "clock", fairing.mass_kg, "fairing jettison"))
        else:
            found.append((20.0, "heating", fairing.mass_kg, "fairing jettison"))
    return sorted(found)


def _engine(stage: Stage, lit: float, done: float, *, free: bool) -> Engine:
    assert stage.motor is not None
    return Engine(stage.name, stage.motor, 1, lit, level_at(stage, done), free)


def _burns_with_coasts(
    writer: LegWriter,
    stage: Stage,
    route: Route,
    clock: float,
    done: float,
    dry: float,
    *,
    free: bool,
) -> None:
    """Burn to a parking orbit, then coast and burn as often as the route says."""
    assert stage.motor is not None
    full = burn_duration(stage, writer.g0)
    total = full * route.load_share
    later = sum(coast.share for coast in route.coasts)
    first = max((1.0 - later) * (total - done), 1.0)
    writer.leg(
        f"{stage.name} burn 1",
        stage.name,
        first,
        engines=(_engine(stage, clock, done, free=free),),
        bounds_s=(1.0, full),
    )
    writer.mass -= burnt(stage, done, done + first, writer.g0)
    writer.events += (f"{stage.name} cutoff",)
    unloaded = (1.0 - route.load_share) * stage.usable_kg
    aboard = max(writer.mass - dry - unloaded, full_flow(stage.motor, writer.g0))
    _orbit_burns(writer, stage, route, aboard, dry)
