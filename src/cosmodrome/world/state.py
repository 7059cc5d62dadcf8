"""Where something is, and its way there: epoch and frame travel with the numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import FrameError, ShapeError
from cosmodrome.world.epoch import EarthOrientation, Epoch
from cosmodrome.world.frames import FRAMES, turn_state

__all__ = ["Event", "State", "Trajectory", "in_frame", "require_like"]

Array = NDArray[np.float64]


def _floats(value: Any, shape: tuple[int, ...], name: str) -> Array:
    """A read-only float copy of the given shape; -1 fits any length."""
    try:
        array = np.array(value, dtype=float)
    except (TypeError, ValueError):
        raise ShapeError(f"{name} is not an array of numbers") from None
    fits = array.ndim == len(shape) and all(
        want in (-1, got) for want, got in zip(shape, array.shape, strict=True)
    )
    if not fits:
        wanted = ", ".join("n" if want == -1 else str(want) for want in shape)
        raise ShapeError(f"{name} has shape {array.shape}, expected ({wanted})")
    array.setflags(write=False)
    return array


def _known(frame: str) -> None:
    if frame not in FRAMES:
        raise FrameError(f"frame {frame!r} is not one of {', '.join(FRAMES)}")


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Position and velocity at an instant.

    Parameters
    ----------
    epoch : Epoch
    frame : str, of `frames.FRAMES`
    r_m, v_m_s : array, shape (3,), metres and metres per second; copied

    Raises
    ------
    FrameError, ShapeError
    """

    epoch: Epoch
    frame: str
    r_m: Array
    v_m_s: Array

    def __post_init__(self) -> None:
        _known(self.frame)
        for name in ("r_m", "v_m_s"):
            object.__setattr__(self, name, _floats(getattr(self, name), (3,), name))


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a time: "insertion", "max_q"."""

    name: str
    t_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Trajectory:
    """States against time, with the stretches and events they fall into.

    Parameters
    ----------
    epoch : Epoch, of t = 0 (lift-off, or the first state)
    frame : str, of `frames.FRAMES`; TOD and TEME are those of each instant
    t_s : array, shape (n,), seconds after the epoch, never falling
        A time that stands twice marks a jump (staging) between two segments.
    r_m, v_m_s : array, shape (n, 3)
    mass_kg : array, shape (n,), or None
    segments : tuple of (name, start index, stop index), stop not included
    events : tuple of Event, in time order

    Raises
    ------
    FrameError, ShapeError
    """

    epoch: Epoch
    frame: str
    t_s: Array
    r_m: Array
    v_m_s: Array
    mass_kg: Array | None = None
    segments: tuple[tuple[str, int, int], ...] = ()
    events: tuple[Event, ...] = ()

    def __post_init__(self) -> None:
        _known(self.frame)
        times = _floats(self.t_s, (-1,), "t_s")
        if np.any(np.diff(times) < 0.0):
            raise ShapeError("t_s must not fall")
        object.__setattr__(self, "t_s", times)
        n = times.size
        for name in ("r_m", "v_m_s"):
            object.__setattr__(self, name, _floats(getattr(self, name), (n, 3), name))
        if self.mass_kg is not None:
            object.__setattr__(self, "mass_kg", _floats(self.mass_kg, (n,), "mass_kg"))
        for name, start, stop in self.segments:
            if not 0 <= start < stop <= n:
                raise ShapeError(f"segment {name!r} spans {start} to {stop} of {n} states")

    def __len__(self) -> int:
        return int(self.t_s.size)

    def state(self, index: int) -> State:
        """The state at an index; -1 is the last."""
        elapsed = float(self.t_s[index])
        return State(self.epoch + elapsed, self.frame, self.r_m[index], self.v_m_s[index])


def require_like(first: State | Trajectory, second: State | Trajectory) -> None:
    """Check that two may be mixed: one frame, one epoch.

    Raises
    ------
    FrameError
        Naming both frames or both epochs.
    """
    if first.frame != second.frame:
        raise FrameError(f"frames differ: {first.frame} and {second.frame}; use in_frame first")
    if first.epoch != second.epoch:
        raise FrameError(f"epochs differ: {first.epoch} and {second.epoch}")


@overload
def in_frame(body: State, frame: str, orientation: EarthOrientation | None = None) -> State: ...
@overload
def in_frame(
    body: Trajectory, frame: str, orientation: EarthOrientation | None = None
) -> Trajectory: ...
def in_frame(
    body: State | Trajectory, frame: str, orientation: EarthOrientation | None = None
) -> State | Trajectory:
    """The same state or trajectory in another frame.

    Parameters
    ----------
    body : State or Trajectory
    frame : str, of `frames.FRAMES`
    orientation : EarthOrientation or None, the shipped one by default

    Returns
    -------
    State or Trajectory, as given; the same object if the frame is already right

    Raises
    ------
    FrameError
        If the frame is not known.

    Accuracy
    --------
    As `frames.turn_state`.
    """
    _known(frame)
    if frame == body.frame:
        return body
    if isinstance(body, State):
        zero = np.zeros(1)
        r, v = turn_state(
            body.frame,
            frame,
            body.epoch,
            zero,
            body.r_m[None],
            body.v_m_s[None],
            orientation=orientation,
        )
        return State(body.epoch, frame, r[0], v[0])
    r, v = turn_state(
        body.frame, frame, body.epoch, body.t_s, body.r_m, body.v_m_s, orientation=orientation
    )
    return replace(body, frame=frame, r_m=r, v_m_s=v)
