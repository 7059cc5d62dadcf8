"""A launch window, or an orbit, against a catalogue: what is closed, what comes near."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.campaign.progress import Tell
from cosmodrome.errors import CosmodromeError, InputError
from cosmodrome.orbit.sgp4_motion import Sgp4, catalogue_number
from cosmodrome.prompt.flying import Span, flown
from cosmodrome.prompt.naming import keys_named
from cosmodrome.prompt.orbit_source import Method, OrbitSource
from cosmodrome.prompt.screen_told import (
    CROWDED,
    SHOWN,
    Scene,
    Uncertainty,
    approach,
    closed_rows,
    document,
    stretches,
)
from cosmodrome.windows.closest import Approaches, closest_approaches, joined
from cosmodrome.windows.screen import Screening, open_ranges, screen
from cosmodrome.windows.screen_catalogue import read_catalogue
from cosmodrome.windows.screen_classes import CREWED, KEEP_OUT_M, kinds_of, radii_m
from cosmodrome.windows.screen_path import path_of
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import Trajectory, in_frame

__all__ = [
    "Question",
    "Uncertainty",
    "numbers_from",
    "screened",
    "uncertainty_of",
    "with_coast",
]

Array = NDArray[np.float64]

MOST_MINUTES: Final = 10080.0
MOST_ORBITS: Final = 50.0
MOST_KM: Final = 1000.0
_NARROW: Final = 0.02  # of the window
_COAST_STEP_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a catalogue.

    Parameters
    ----------
    catalogue : path of its file
    start_utc : str or None, the first lift-off, or the first instant of an
        orbit; by default the flight's own epoch
    minutes : float, how long the window is, or how long an orbit is followed
    orbits : float, revolutions after insertion that are looked at with an ascent
    keep_out_km : float or None, from all that is not crewed; by kind by default
    crewed_km : float or None, from what is crewed; 200 by default
    crewed : str or None, numbers with commas, or a file of them, instead of the stations known
    leave_out : str or None, numbers or a file of objects that are not looked at
    within_km : float, of an orbit, also tell approaches below this
    uncertainty : Uncertainty or None
    """

    catalogue: str | Path
    start_utc: str | None = None
    minutes: float = 120.0
    orbits: float = 1.0
    keep_out_km: float | None = None
    crewed_km: float | None = None
    crewed: str | None = None
    leave_out: str | None = None
    within_km: float = 0.0
    uncertainty: Uncertainty | None = None


def numbers_from(text: str, key: str) -> frozenset[int]:
    """Catalogue numbers from "25544,48274", or from a file with one or more a line.

    Raises
    ------
    InputError
        Naming the option, if one of them is no number.
    """
    from cosmodrome.io.bounds import read_bytes

    words, file = text, None
    if Path(text).is_file():
        source, content = read_bytes(text)
        file = source.name
        words = "\n".join(line.partition("#")[0] for line in source.decoded(content).splitlines())
    found = set()
    for word in words.replace(",", " ").split():
        try:
            found.add(catalogue_number(word))
        except InputError as error:
            raise InputError(
                f"{key} {word[:20]!r} is neither a catalogue number nor a file",
                file=file,
                key=key,
                value=word[:60],
                allowed="numbers as 25544,48274, or a file of them, # for a remark",
            ) from error
    return frozenset(found)


def uncertainty_of(asked: Mapping[str, Any]) -> Uncertainty | None:
    """Both deviations, or none; one alone gives no probability.

    Parameters
    ----------
    asked : mapping
        `own_sigma` and `catalogue_sigma`, "100,500,100" or None; `hard_body_m`.

    Raises
    ------
    InputError
        Naming the option, if one is missing or cannot be read.
    """
    given = {"--own-sigma": asked["own_sigma"], "--catalogue-sigma": asked["catalogue_sigma"]}
    if all(text is None for text in given.values()):
        return None
    found = []
    for key, text in given.items():
        try:
            numbers = tuple(float(word) for word in str(text or "").split(","))
        except ValueError:
            numbers = ()
        if len(numbers) != 3 or not all(0.0 < number < 1e9 for number in numbers):
            raise InputError(
                f"{key} {'is missing' if text is None else repr(text)}: a probability needs the "
                "deviations of both",
                key=key,
                value=text,
                allowed="radial, transverse and normal in metres, above zero, as 100,500,100",
            )
        found.append(numbers)
    own, other = found
    return Uncertainty(
        (own[0], own[1], own[2]), (other[0], other[1], other[2]), asked["hard_body_m"]
    )


def _scene(question: Question, own: int | None) -> Scene:
    """Read the catalogue, leave out what is to be left out, and tell kinds apart."""
    whole = read_catalogue(question.catalogue)
    gone = numbers_from(question.leave_out, "--leave-out") if question.leave_out else frozenset()
    gone |= {own} if own else set()
    kept = np.flatnonzero(~np.isin(whole.numbers, sorted(gone))) if gone else np.arange(len(whole))
    crewed = CREWED if question.crewed is None else numbers_from(question.crewed, "--crewed")
    catalogue = whole.take(kept) if kept.size < len(whole) else whole
    kinds = kinds_of(catalogue, crewed)
    keep_out = dict(KEEP_OUT_M)
    if question.keep_out_km is not None:
        keep_out |= {"active": 1e3 * question.keep_out_km, "debris": 1e3 * question.keep_out_km}
    if question.crewed_km is not None:
        keep_out["crewed"] = 1e3 * question.crewed_km
    for key, asked in (
        ("--keep-out", question.keep_out_km),
        ("--keep-out-crewed", question.crewed_km),
    ):
        if asked is not None and not 0.0 < asked <= MOST_KM:
            raise InputError(
                f"{key} {asked:g} km is out of range",
                key=key,
                value=asked,
                allowed=f"above 0, at most {MOST_KM:g} km",
            )
    radius = radii_m(kinds, keep_out)
    return Scene(catalogue, kinds, radius, keep_out, len(whole) - len(catalogue))


def screened(
    source: OrbitSource,
    question: Question,
    *,
    method: Method | None = None,
    tell: Tell | None = None,
) -> dict[str, Any]:
    """The document of a screening.

    Parameters
    ----------
    source : OrbitSource
        Of a run folder: its ascent, and what follows, is screened over a window
        of lift-offs. Of anything else: its orbit, from the start on.
    question : Question
    method : Method or None, how an orbit moves, as `prompt.flying.flown`
    tell : callable(text, share) or None

    Returns
    -------
    dict
        `closed`, `open` and `approaches`, and what is to be known of them.

    Raises
    ------
    InputError
        Names the option and what may stand there.
    """
    if not 0.0 < question.minutes <= MOST_MINUTES:
        raise InputError(
            f"a window of {question.minutes:g} minutes cannot be screened",
            key="--minutes",
            value=question.minutes,
            allowed=f"above 0, at most {MOST_MINUTES:g}",
        )
    start = source.start
    if question.start_utc is not None:
        start = _start(question.start_utc)
    elif source.vehicle is not None and source.trajectory is not None:
        start = source.trajectory.epoch
    span = Span(start, 60.0 * question.minutes)
    if tell is not None:
        tell("reading the catalogue", 0.0)
    if source.trajectory is not None and source.satellites[0].method == "numerical":
        return _window(source, question, span, tell)
    return _orbit(source, question, span, method, tell)


def _start(text: str) -> Epoch:
    with keys_named("--start"):
        return Epoch.parse(text)


# ---------------------------------------------------------------------- a launch window


def with_coast(trajectory: Trajectory, orbits: float) -> Trajectory:
    """A flight and so many revolutions after its end, by gravity of degree 20, Sun and Moon.

    Raises
    ------
    InputError
        If it does not end in an orbit that lasts so long.
    """
    if orbits == 0.0:
        return trajectory
    from cosmodrome.orbit.forces import ForceModel
    from cosmodrome.orbit.propagate import propagate

    flight = in_frame(trajectory, "GCRF")
    state = flight.state(-1)
    mu = Environment().mu_m3_s2
    energy = 0.5 * float(state.v_m_s @ state.v_m_s) - mu / float(np.linalg.norm(state.r_m))
    if not (0.0 < orbits <= MOST_ORBITS and energy < 0.0):
        raise InputError(
            "the flight ends in no closed orbit"
            if energy >= 0.0
            else f"{orbits:g} revolutions cannot be screened",
            key="--orbits",
            value=orbits,
            allowed="0" if energy >= 0.0 else f"0 to {MOST_ORBITS:g}",
        )
    seconds = orbits * 2.0 * math.pi * math.sqrt((-0.5 * mu / energy) ** 3 / mu)
    t = np.linspace(0.0, seconds, max(math.ceil(seconds / _COAST_STEP_S), 4) + 1)
    try:
        coast = propagate(state, t, ForceModel(), frame="GCRF")
    except InputError:
        raise
    except CosmodromeError as error:
        raise InputError(
            f"the flight cannot be followed after its end: {error}",
            key="--orbits",
            value=orbits,
            allowed="0, or fewer",
        ) from None
    n, end = len(flight), float(flight.t_s[-1])
    segments = (*(flight.segments or (("flight", 0, n),)), ("coast", n, n + len(coast)))
    return replace(
        flight,
        t_s=np.concatenate((flight.t_s, end + coast.t_s)),
        r_m=np.concatenate((flight.r_m, coast.r_m)),
        v_m_s=np.concatenate((flight.v_m_s, coast.v_m_s)),
        mass_kg=None,
        segments=segments,
    )


def _window(
    source: OrbitSource, question: Question, span: Span, tell: Tell | None
) -> dict[str, Any]:
    assert source.trajectory is not None
    path = path_of(with_coast(source.trajectory, question.orbits))
    scene = _scene(question, None)
    found = screen(path, scene.catalogue, span.start, span.duration_s, scene.radius_m, tell=tell)
    whole = Span(span.start, span.duration_s + path.duration_s)
    closed = closed_rows(scene, span.start, found.which, found.from_s, found.to_s)
    opened = stretches(span.start, *open_ranges(found))
    insertion = float(source.trajectory.t_s[-1])
    many = "revolution" if question.orbits == 1.0 else "revolutions"
    after = f" and {question.orbits:g} {many} after it" if question.orbits else ""
    notes = source.notes
    if sum(row["seconds"] for row in opened) < _NARROW * span.duration_s:
        notes += (CROWDED,)
    how = (
        f"the ascent ({insertion:.0f} s){after}, the same over the turning Earth for every "
        f"lift-off; {path.duration_s:.0f} s of flight"
    )
    rows = _approaches(scene, found, found.liftoff_s + found.tau_s, question.uncertainty)
    for row, s, tau in zip(rows, found.liftoff_s.tolist(), found.tau_s.tolist(), strict=True):
        row |= {"liftoff_utc": (span.start + s).utc(3), "flight_s": tau}
    rows = _nearest_first(rows)
    head = {"orbit": source.told, "method": how} | _times(span) | {"flight_s": path.duration_s}
    return head | document(scene, whole, notes, closed, opened, rows, found.lost)


def _approaches(
    scene: Scene, found: Screening | Approaches, t_s: Array, uncertainty: Uncertainty | None
) -> list[dict[str, Any]]:
    """A row for each approach, in the order found."""
    age = scene.catalogue.age_s(found.start)
    near = zip(found.miss_m.tolist(), found.speed_m_s.tolist(), strict=True)
    parts = (found.own_r_m, found.own_v_m_s, found.other_r_m, found.other_v_m_s)
    return [
        approach(
            scene,
            which,
            found.start + t,
            one,
            float(age[which]) + t,
            tuple(part[k] for part in parts),
            uncertainty,
        )
        for k, (which, t, one) in enumerate(
            zip(found.which.tolist(), t_s.tolist(), near, strict=True)
        )
    ]


def _nearest_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: float(row["miss_km"]))


# ---------------------------------------------------------------------- an orbit


def _orbit(
    source: OrbitSource, question: Question, span: Span, method: Method | None, tell: Tell | None
) -> dict[str, Any]:
    if len(source.satellites) != 1:
        raise InputError(
            f"{source.told}: one orbit is screened at a time",
            key="--satellite",
            value=len(source.satellites),
            allowed=", ".join(one.name for one in source.satellites[:SHOWN]),
        )
    moved = flown(source, span, method)
    motion = next(iter(moved.motions.values()))
    scene = _scene(question, motion.catalogue if isinstance(motion, Sgp4) else None)
    if tell is not None:
        tell("close approaches", 0.3)
    found = closest_approaches(
        motion,
        scene.catalogue,
        span.start,
        span.duration_s,
        scene.radius_m,
        listed_m=1e3 * question.within_km,
    )
    closed = closed_rows(scene, span.start, found.inside, found.from_s, found.to_s)
    zero = np.zeros(found.inside.size, dtype=np.intp)
    _, low, high = joined(zero, found.from_s, found.to_s, 0.0)
    free = np.concatenate(([0.0], high)), np.concatenate((low, [span.duration_s]))
    there = free[1] > free[0]
    opened = stretches(span.start, free[0][there], free[1][there])
    rows = _nearest_first(_approaches(scene, found, found.t_s, question.uncertainty))
    head = {"orbit": source.told, "method": moved.how} | _times(span)
    notes = (*source.notes, *moved.notes)
    return head | document(scene, span, notes, closed, opened, rows, found.lost)


def _times(span: Span) -> dict[str, str]:
    return {"start_utc": span.start.utc(3), "end_utc": span.end.utc(3)}
