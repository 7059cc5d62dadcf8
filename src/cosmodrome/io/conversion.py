"""Between messages and our own nouns: `State`, `Trajectory`, `Motion`.

A message may be about Mars in a spacecraft clock's time; it is read all the
same. Only here is it refused, by the name of what cannot be converted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.io.bounds import Source
from cosmodrome.io.ground import stretches
from cosmodrome.io.keywords import COVARIANCE, STATE
from cosmodrome.io.message import Block, Covariance, Entry, Message, Oem, OemSegment
from cosmodrome.io.times import Times, placed, read_time, read_times, written
from cosmodrome.world.epoch import EarthOrientation, Epoch
from cosmodrome.world.frames import rotation
from cosmodrome.world.state import State, Trajectory, in_frame

__all__ = ["Label", "covariance_of", "oem_of", "opm_of", "state_of", "trajectory_of"]

Array = NDArray[np.float64]

_OURS: Final = {
    "EME2000": "EME2000",
    "J2000": "EME2000",
    "J2000_EARTH": "EME2000",
    "GCRF": "GCRF",
    "ICRF": "GCRF",  # the same axes; the centre is said apart
    "TEME": "TEME",
    "TEMEOFDATE": "TEME",
    "TOD": "TOD",
    "TOD_EARTH": "TOD",
}
# Realisations of ITRF differ by centimetres, which is below what we claim.
_TERRESTRIAL = re.compile(r"ITRF-?\d{0,4}|WGS84.*|FIXED_EARTH", re.ASCII)
_CELESTIAL = re.compile(r"ICRF-?\d{0,4}|GCRF\d", re.ASCII)
_WRITTEN: Final = {"ITRF": "ITRF2020"}
_PHASE = "segment: "
_KM: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Label:
    """What a written message says of its object.

    Parameters
    ----------
    created : Epoch, of the message; by argument, so that a run is repeatable
    name : str
    designator : str, as "1998-067A", or the placeholder "2027-000A"
    originator : str
    """

    created: Epoch
    name: str = "UNNAMED"
    designator: str = ""
    originator: str = "COSMODROME"

    def header(self) -> Block:
        """Creation date and originator."""
        return Block(
            (
                Entry("CREATION_DATE", written(self.created, 0)),
                Entry("ORIGINATOR", self.originator),
            )
        )

    def metadata(self, epoch: Epoch, frame: str) -> list[Entry]:
        """Object, centre, frame and time system."""
        designator = self.designator or f"{epoch.utc()[:4]}-000A"
        values = {
            "OBJECT_NAME": self.name,
            "OBJECT_ID": designator,
            "CENTER_NAME": "EARTH",
            "REF_FRAME": _WRITTEN.get(frame, frame),
            "TIME_SYSTEM": "UTC",
        }
        return [Entry(key, value) for key, value in values.items()]


def _our_frame(metadata: Block, source: str) -> str:
    """Our name of a message's frame, its centre being the Earth."""
    centre = metadata.get("CENTER_NAME")
    if centre.upper() != "EARTH":
        raise _not_converted(source, "CENTER_NAME", centre, "EARTH")
    name = metadata.get("REF_FRAME").upper().replace(" ", "_")
    if name in _OURS:
        return _OURS[name]
    if _TERRESTRIAL.fullmatch(name):
        return "ITRF"
    if _CELESTIAL.fullmatch(name):
        return "GCRF"
    raise _not_converted(
        source, "REF_FRAME", metadata.get("REF_FRAME"), "EME2000, GCRF, ICRF, TOD, TEME, ITRF"
    )


def _not_converted(source: str, key: str, value: str, allowed: str) -> InputError:
    return InputError(
        f"{source}: {key} {value[:40]} is read but cannot be converted",
        file=source,
        key=key,
        value=value,
        allowed=allowed,
    )


def _placed(times: Times, source: str) -> tuple[Epoch, Array]:
    try:
        return placed(times)
    except InputError as error:
        raise InputError(
            f"{source}: {error.message}",
            file=source,
            key=error.key,
            value=error.value,
            allowed=error.allowed,
        ) from None


def _unfrozen(body: Trajectory, metadata: Block, source: str) -> Trajectory:
    """A frame of date that stands still at its stated epoch, turned to GCRF."""
    held = metadata.entry("REF_FRAME_EPOCH")
    if held is None or body.frame not in ("TOD", "TEME"):
        return body
    system = metadata.get("TIME_SYSTEM").upper()
    epoch, _ = _placed(
        read_time(held.value, system, Source(source), held.line, held.keyword), source
    )
    matrix = rotation(body.frame, "GCRF", epoch)
    return replace(body, frame="GCRF", r_m=body.r_m @ matrix.T, v_m_s=body.v_m_s @ matrix.T)


def _segment(one: OemSegment, name: str, source: str) -> Trajectory:
    frame = _our_frame(one.metadata, source)
    epoch, t_s = _placed(one.times, source)
    # A state said twice would look like a jump.
    once = np.concatenate([[True], np.diff(t_s) > 0.0])
    body = Trajectory(
        epoch,
        frame,
        t_s[once],
        one.r_km[once] / _KM,
        one.v_km_s[once] / _KM,
        segments=((name, 0, int(np.count_nonzero(once))),),
    )
    return _unfrozen(body, one.metadata, source)


def trajectory_of(oem: Oem, orientation: EarthOrientation | None = None) -> Trajectory:
    """The trajectory of an OEM, one segment for each of its own.

    Parameters
    ----------
    oem : Oem
    orientation : EarthOrientation or None
        Used only where segments of different frames are brought together.

    Returns
    -------
    Trajectory
        In the frame of the first segment, t = 0 at its first state.

    Raises
    ------
    InputError
        If the centre is not the Earth, a frame or the time system cannot be
        converted (named), the segments are of several objects or overlap.

    Accuracy
    --------
    That of the file; every realisation of ITRF is taken as one (centimetres).
    Accelerations and covariances are not in a `Trajectory`; `oem` keeps them.
    """
    objects = {segment.metadata.get("OBJECT_ID") for segment in oem.segments}
    if len(objects) > 1:
        raise _not_converted(oem.source, "OBJECT_ID", ", ".join(sorted(objects)), "one object")
    bodies = [
        _segment(segment, _phase(segment, k), oem.source)
        for k, segment in enumerate(oem.segments, 1)
    ]
    first = bodies[0]
    shifted: list[tuple[Trajectory, Array]] = []
    end = 0.0
    for segment, body in zip(oem.segments, bodies, strict=True):
        t_s = body.t_s + (body.epoch - first.epoch)
        if t_s[0] < end - 1e-9:
            raise InputError(
                f"{oem.source}, line {segment.line}: the segment begins before the last one ends",
                file=oem.source,
                key="START_TIME",
                value=segment.times.texts[0],
                allowed="segments one after the other",
            )
        t_s = np.maximum(t_s, end)
        end = float(t_s[-1])
        shifted.append((in_frame(body, first.frame, orientation), t_s))
    return _joined(shifted)


def _phase(segment: OemSegment, number: int) -> str:
    for text in segment.comments:
        if text.startswith(_PHASE):
            return text.removeprefix(_PHASE)
    return f"segment {number}"


def _joined(parts: Sequence[tuple[Trajectory, Array]]) -> Trajectory:
    counts = np.cumsum([0] + [len(t_s) for _, t_s in parts]).tolist()
    names = [body.segments[0][0] for body, _ in parts]
    return Trajectory(
        parts[0][0].epoch,
        parts[0][0].frame,
        np.concatenate([t_s for _, t_s in parts]),
        np.concatenate([body.r_m for body, _ in parts]),
        np.concatenate([body.v_m_s for body, _ in parts]),
        segments=tuple(zip(names, counts[:-1], counts[1:], strict=True)),
    )


def state_of(opm: Message) -> State:
    """The state of an OPM.

    Raises
    ------
    InputError
        As `trajectory_of`.
    """
    source, meta = opm.source, opm.metadata
    system = meta.get("TIME_SYSTEM").upper()
    times = read_time(opm.data.get("EPOCH"), system, Source(source), 1)
    values = np.array([[float(opm.data.get(word)) for word in STATE]]) / _KM
    epoch, t_s = _placed(times, source)
    frame = _our_frame(meta, source)
    body = Trajectory(epoch, frame, t_s, values[:, :3], values[:, 3:])
    return _unfrozen(body, meta, source).state(0)


def covariance_of(message: Message) -> tuple[str, Array] | None:
    """Frame and matrix of the covariance of an OPM or OMM; None if there is none.

    Returns
    -------
    (str, array of shape (6, 6))
        The frame as written (the state's where none is), m2, m2/s and m2/s2.
    """
    if message.data.entry(COVARIANCE[0]) is None:
        return None
    matrix = np.zeros((6, 6))
    rows, columns = np.tril_indices(6)
    matrix[rows, columns] = [float(message.data.get(word)) for word in COVARIANCE]
    matrix[columns, rows] = matrix[rows, columns]
    frame = message.data.get("COV_REF_FRAME") or message.metadata.get("REF_FRAME")
    return frame, matrix / _KM**2


def _checked_matrix(matrix_m: Array) -> Array:
    matrix = np.array(matrix_m, dtype=float)
    symmetric = matrix.shape == (6, 6) and np.allclose(matrix, matrix.T, rtol=1e-9, atol=0.0)
    scale = np.sqrt(np.abs(np.diag(matrix))) if symmetric else np.ones(6)
    scale[scale == 0.0] = 1.0
    if not symmetric or np.min(np.linalg.eigvalsh(matrix / np.outer(scale, scale))) < -1e-9:
        raise InputError(
            "a covariance must be a symmetric 6 by 6 matrix without negative eigenvalues",
            key="covariance",
            allowed="shape (6, 6), m2, m2/s, m2/s2",
        )
    return matrix * _KM**2


def _texts(epoch: Epoch, t_s: Array) -> tuple[str, ...]:
    return tuple(written(epoch + t) for t in t_s.tolist())


def oem_of(
    trajectory: Trajectory,
    label: Label,
    *,
    frame: str = "EME2000",
    covariance_m: tuple[str, Array] | None = None,
    notes: Sequence[str] = (),
) -> Oem:
    """An OEM of a trajectory, one segment for each phase.

    A jump (a time that stands twice) always begins a segment, so that nobody
    interpolates across staging.

    Parameters
    ----------
    trajectory : Trajectory
    label : Label
    frame : str, of `world.frames.FRAMES`, to write in; EME2000 is read by all
    covariance_m : (frame, array of shape (6, 6)) or None
        Of the last state, in SI, in "RTN" or a frame of the standard: the
        injection accuracy, where it is known.
    notes : sequence of str, comments of the header

    Raises
    ------
    InputError
        If the trajectory is empty or the covariance is none.

    Accuracy
    --------
    Times to 1 ns, positions to 1 micrometre, velocities to 1 nm/s; the frames
    as `world.frames`.
    """
    if not len(trajectory):
        raise InputError("an OEM needs at least one state", key="trajectory", value=0)
    turned = in_frame(trajectory, frame)
    parts = stretches(turned)
    segments = [_oem_segment(turned, part, label) for part in parts]
    if covariance_m is not None:
        last = segments[-1]
        named, matrix = covariance_m
        when = _times((last.times.texts[-1],))
        found = Covariance(when, named, _checked_matrix(matrix))
        segments[-1] = replace(last, covariances=(found,))
    head = label.header()
    comments = tuple(Entry("COMMENT", note) for note in notes)
    return Oem("3.0", Block((*comments, *head.entries)), tuple(segments))


def _times(texts: tuple[str, ...]) -> Times:
    return read_times(texts, "UTC", Source("trajectory"), [0] * len(texts))


def _oem_segment(body: Trajectory, part: tuple[str, int, int], label: Label) -> OemSegment:
    name, start, stop = part
    chosen = slice(start, stop)
    times = _times(_texts(body.epoch, body.t_s[chosen]))
    meta = label.metadata(body.epoch, body.frame)
    meta += [Entry("START_TIME", times.texts[0]), Entry("STOP_TIME", times.texts[-1])]
    if stop - start > 1:
        degree = min(7, 2 * (stop - start) - 1)
        meta += [Entry("INTERPOLATION", "HERMITE"), Entry("INTERPOLATION_DEGREE", str(degree))]
    none = np.empty(0, dtype=np.int64)
    r_km, v_km_s = np.round(body.r_m[chosen] * _KM, 9), np.round(body.v_m_s[chosen] * _KM, 12)
    return OemSegment(
        Block(tuple(meta)), (f"{_PHASE}{name}",), times, r_km, v_km_s, none, np.empty((0, 3))
    )


def opm_of(
    state: State,
    label: Label,
    *,
    frame: str = "EME2000",
    mass_kg: float | None = None,
    covariance_m: tuple[str, Array] | None = None,
    notes: Sequence[str] = (),
) -> Message:
    """An OPM of a state, such as the insertion; parameters and accuracy as `oem_of`."""
    turned = in_frame(state, frame)
    numbers = [*np.round(turned.r_m * _KM, 9).tolist(), *np.round(turned.v_m_s * _KM, 12).tolist()]
    data = [Entry("COMMENT", note) for note in notes]
    data.append(Entry("EPOCH", written(turned.epoch)))
    units = ["km"] * 3 + ["km/s"] * 3
    data += [Entry(w, repr(x), unit) for w, x, unit in zip(STATE, numbers, units, strict=True)]
    if mass_kg is not None:
        data.append(Entry("MASS", repr(round(mass_kg, 6)), "kg"))
    if covariance_m is not None:
        named, matrix = covariance_m
        values = _checked_matrix(matrix)[np.tril_indices(6)].tolist()
        data.append(Entry("COV_REF_FRAME", named))
        data += [Entry(word, repr(x)) for word, x in zip(COVARIANCE, values, strict=True)]
    meta = Block(tuple(label.metadata(turned.epoch, turned.frame)))
    return Message("OPM", "3.0", label.header(), meta, Block(tuple(data)))
