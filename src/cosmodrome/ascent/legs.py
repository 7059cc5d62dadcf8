"""A leg of a flight, before it is optimised, and the writer that strings legs together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from cosmodrome.flight.vehicle import Motor, Stage
from cosmodrome.mission.nouns import Limits

__all__ = [
    "MERGE_S",
    "Coast",
    "Engine",
    "LegSpec",
    "LegWriter",
    "Route",
    "level_at",
    "shell",
    "throttles",
]

MERGE_S = 1e-6  # two instants closer than this are one


@dataclass(frozen=True, slots=True)
class Coast:
    """A coast in orbit and the burn of the last stage that follows it.

    Parameters
    ----------
    coast_s : (shortest, first guess, longest)
    share : float, first guess of the stage's propellant that the burn takes
    speed_m_s : float, first guess of what the burn adds
    apogee_radius_m : float or None
        Where a burn between two coasts raises the apogee to; None: it is the last
        burn, and reaches the target.
    at_rad : float or None
        Argument of latitude that a raising burn is centred at; None: the perigee.
    """

    coast_s: tuple[float, float, float] = (60.0, 2400.0, 6000.0)
    share: float = 0.2
    speed_m_s: float = 0.0
    apogee_radius_m: float | None = None
    at_rad: float | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """Which way through the last stage: its burns, and the coasts between them.

    Parameters
    ----------
    coasts : tuple of Coast, in time order; none for a flight without
    late : bool
        The last stage is lit for the first time after the first coast: the stages
        below reach the orbit that is coasted in.
    last_level : float
        Throttle of the burns after a coast: constant, since throttle and length
        of a short burn are one freedom and not two.
    load_share : float
        First guess of the last stage's load over its capacity; 1 where it is full.
    """

    coasts: tuple[Coast, ...] = ()
    late: bool = False
    last_level: float = 1.0
    load_share: float = 1.0

    @property
    def burns(self) -> int:
        """How often the last stage is lit."""
        return len(self.coasts) + (not self.late)

    @property
    def direct(self) -> bool:
        """Whether the flight knows no coast in orbit."""
        return not self.coasts

    @property
    def told(self) -> str:
        """The burns of the last stage in words."""
        words = ("one", "two", "three", "four", "five")[self.burns - 1]
        late = "late " if self.late else ""
        return f"{words} {late}burn{'s' if self.burns > 1 else ''}"


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
    kept_ratio : float
        Stack at the end over the same with nothing kept for later; 1 keeps nothing.
    unloaded_share : float
        How much of what the last stage is not loaded with is missing at the end:
        all of it until that stage is burnt out, then its residual.
    fairing_on : bool
    ends_by_heating : bool
    after_coast : bool, lit again (or first) after a coast in orbit
    intervals : int or None
        Of its mesh before kinks are put in, to keep a neighbour's; else by its length.
    scale_s : float or None, what its duration is measured in; the same
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
    kept_ratio: float = 1.0
    unloaded_share: float = 1.0
    fairing_on: bool = True
    ends_by_heating: bool = False
    after_coast: bool = False
    intervals: int | None = None
    scale_s: float | None = None


@dataclass(slots=True)
class LegWriter:
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
        """A part leaves where the next leg begins."""
        self.dropped += mass_kg
        self.mass -= mass_kg
        self.events += events

    def leg(self, name: str, stage: str, duration_s: float, **more: object) -> None:
        """Add a leg that starts now."""
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


def throttles(stage: Stage, limits: Limits) -> bool:
    """Whether the optimiser may throttle this stage: it can, nothing is prescribed,
    and a limit makes it worth while.
    """
    motor = stage.motor
    able = motor is not None and motor.throttle_min < motor.throttle_max
    wanted = limits.acceleration_m_s2 is not None or limits.dynamic_pressure_pa is not None
    return able and not stage.schedule and wanted


def level_at(stage: Stage, since_s: float) -> float:
    """Prescribed throttle of a stage at a time since its ignition."""
    level = 1.0
    for t, value in stage.schedule:
        if since_s >= t - MERGE_S:
            level = value
    return level


def shell(stage: Stage, leftover_kg: float) -> LegSpec:
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
