"""One verb for every way to carry an orbit through time."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.orbit import fast
from cosmodrome.orbit.collocation import Arc, arcs
from cosmodrome.orbit.forces import ForceModel
from cosmodrome.orbit.motion import Motion, Secular, TwoBody
from cosmodrome.orbit.spans import times_array
from cosmodrome.world.state import State, Trajectory, in_frame

__all__ = ["Engine", "Model", "propagate"]

Array = NDArray[np.float64]
Model = ForceModel | Literal["two-body", "secular"]
Engine = Literal["auto", "own", "fast"]


def propagate(
    body: State | Motion,
    times_s: Any,
    forces: Model | None = None,
    *,
    engine: Engine = "auto",
    tolerance_m: float = 1e-4,
    frame: str | None = None,
) -> Trajectory:
    """An orbit at given times.

    Parameters
    ----------
    body : State or Motion
        A motion (SGP4, mean elements, a table) is read off as it is; with a
        force model its state at t = 0 is taken and flown from there.
    times_s : array, shape (n,), seconds after the body's epoch, never falling
        Times before the epoch are flown backwards.
    forces : ForceModel, "two-body", "secular", or None
        None reads off a motion; for a state it means two-body.
    engine : "auto", "own" or "fast"
        The fast engine is a compiled library with fixed data; "auto" takes it
        where the force model is the one it has, "fast" refuses others.
    tolerance_m : float
        What an arc of our own engine may err by; the fast one has its own.
    frame : str or None, of the result; the body's by default

    Returns
    -------
    Trajectory

    Raises
    ------
    InputError
        For a state in ITRF with two-body forces, an unknown word, or a force
        model that the fast engine does not have.
    DataEndError
        Where an ephemeris, the space weather or a table ends.
    CosmodromeError
        If the orbit meets the surface.

    Accuracy
    --------
    Numerically, over a day of low orbit with degree 20, Sun and Moon: our own
    engine 1 mm, the fast one 1 cm; with drag 1 cm and 0.3 m. The physics left
    out is told by `ForceModel`.
    """
    times = times_array(times_s)
    if np.any(np.diff(times) < 0.0):
        raise InputError("times must not fall", key="times_s", allowed="times in order")
    if engine not in ("auto", "own", "fast"):
        raise InputError("unknown engine", key="engine", value=engine, allowed="auto, own, fast")
    if isinstance(forces, ForceModel):
        found = _flown(_start(body), times, forces, engine, tolerance_m)
    else:
        found = _read(_as_motion(body, forces), times)
    wanted = body.frame if frame is None else frame
    return found if found.frame == wanted else in_frame(found, wanted, _orientation(forces))


def _orientation(forces: Model | None) -> Any:
    return forces.orientation if isinstance(forces, ForceModel) else None


def _start(body: State | Motion) -> State:
    if isinstance(body, State):
        return body
    r, v = body.at(np.zeros(1))
    return State(body.epoch, body.frame, r[0], v[0])


def _as_motion(body: State | Motion, forces: Model | None) -> Motion:
    if forces is None and not isinstance(body, State):
        return body
    if forces in (None, "two-body"):
        return TwoBody(_start(body))
    if forces == "secular":
        return Secular.from_state(_start(body))
    raise InputError(
        "unknown forces", key="forces", value=forces, allowed="a ForceModel, two-body, secular"
    )


def _read(motion: Motion, times: Array) -> Trajectory:
    r, v = motion.at(times)
    return Trajectory(motion.epoch, motion.frame, times, r, v)


def _flown(
    start: State, times: Array, model: ForceModel, engine: Engine, tolerance_m: float
) -> Trajectory:
    here = in_frame(start, "GCRF", model.orientation)
    if times.size == 0:
        return Trajectory(here.epoch, "GCRF", times, np.empty((0, 3)), np.empty((0, 3)))
    why = fast.misfit(model, here.epoch, times) if engine != "own" else "not asked"
    if engine == "fast" and why:
        raise InputError(
            f"the fast engine cannot take this force model: {why}",
            key="engine",
            value=engine,
            allowed="auto or own",
        )
    if not why:
        r, v = fast.fly(here, times, model)
        return Trajectory(here.epoch, "GCRF", times, r, v)
    r, v = np.empty((times.size, 3)), np.empty((times.size, 3))
    for chosen in (times >= 0.0, times < 0.0):
        if np.any(chosen):
            r[chosen], v[chosen] = _one_way(here, times[chosen], model, tolerance_m)
    return Trajectory(here.epoch, "GCRF", times, r, v)


def _one_way(
    here: State, times: Array, model: ForceModel, tolerance_m: float
) -> tuple[Array, Array]:
    """From the epoch forwards or backwards, by our own engine."""
    r = np.broadcast_to(here.r_m, (times.size, 3)).copy()
    v = np.broadcast_to(here.v_m_s, (times.size, 3)).copy()
    far = float(times[np.argmax(np.abs(times))])
    for arc in arcs(model, here.epoch, here.r_m, here.v_m_s, far, tolerance_m):
        inside = _within(arc, times)
        if np.any(inside):
            r[inside], v[inside] = arc.at(times[inside])
    return r, v


def _within(arc: Arc, times: Array) -> Array:
    low, high = sorted((arc.start_s, arc.end_s))
    return np.asarray((times >= low) & (times <= high))
