"""How long a window is open: from a curve of payload against the node's offset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.world.frames import EARTH_ROTATION_RAD_S

__all__ = ["NodeCurve", "opening_s"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class NodeCurve:
    """Payload against how far the node to be reached lies from the ascent's own.

    Parameters
    ----------
    offset_rad : array, shape (n,), rising, east positive
        Node reached less the node that the ascent reaches by itself.
    payload_kg : array, shape (n,)

    Raises
    ------
    InputError
        If the offsets do not rise, or something is not a finite number.
    """

    offset_rad: Array
    payload_kg: Array

    def __post_init__(self) -> None:
        offset, payload = (np.array(a, dtype=float) for a in (self.offset_rad, self.payload_kg))
        good = offset.ndim == 1 and offset.size >= 2 and offset.shape == payload.shape
        if not (good and np.all(np.isfinite(payload)) and np.all(np.diff(offset) > 0.0)):
            raise InputError(
                "a curve of payload against node needs two points or more, offsets rising",
                key="offset_rad",
                value=str(self.offset_rad)[:60],
                allowed="two rows of finite numbers, as long as one another",
            )
        object.__setattr__(self, "offset_rad", offset)
        object.__setattr__(self, "payload_kg", payload)


def opening_s(
    curve: NodeCurve, payload_kg: float, node_rate_rad_s: Any = 0.0
) -> tuple[float, float] | None:
    """When a window opens and closes, relative to the instant of the ascent's own node.

    A launch that is late by a second finds the plane west of its own by what the
    Earth has turned in it, less what the plane has moved.

    Parameters
    ----------
    curve : NodeCurve
    payload_kg : float, to be carried
    node_rate_rad_s : float, of the plane wanted; 2e-7 for one that follows the Sun

    Returns
    -------
    (open, close) in seconds, or None where the payload is carried nowhere
        The stretch about the best point of the curve. Where the curve ends
        before the payload falls below, its end: the window is at least that wide.

    Accuracy
    --------
    Of the curve between its points, by monotone cubics.
    """
    from scipy.interpolate import PchipInterpolator

    best = int(np.argmax(curve.payload_kg))
    if curve.payload_kg[best] < payload_kg:
        return None
    through = PchipInterpolator(curve.offset_rad, curve.payload_kg - payload_kg)
    edges = np.asarray(through.roots(extrapolate=False), dtype=float)
    middle = curve.offset_rad[best]
    west = np.max(edges[edges <= middle], initial=curve.offset_rad[0])
    east = np.min(edges[edges >= middle], initial=curve.offset_rad[-1])
    rate = EARTH_ROTATION_RAD_S - node_rate_rad_s
    # A plane to the east is met by launching early.
    return float(-east / rate), float(-west / rate)
