"""Times handed to a motion: made an array, and held against where it is valid."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.world.data_end import DataEndError
from cosmodrome.world.epoch import Epoch

__all__ = ["FOREVER", "check_span", "times_array"]

FOREVER: Final = (-math.inf, math.inf)
_SLACK_S = 1e-6  # sums of seconds round; no motion is undefined a microsecond past its end


def times_array(t_s: Any) -> NDArray[np.float64]:
    """Times as a float array, shape (n,).

    Raises
    ------
    InputError
        If one is not a finite number or they do not form one row.
    """
    times = np.atleast_1d(np.asarray(t_s, dtype=float))
    if times.ndim != 1 or not np.all(np.isfinite(times)):
        raise InputError("times must be one row of finite seconds", key="t_s", allowed="seconds")
    return times


def check_span(
    times: NDArray[np.float64], span_s: tuple[float, float], epoch: Epoch, what: str
) -> None:
    """Check that every time lies where a motion holds.

    Raises
    ------
    DataEndError
        With how far outside.
    """
    if times.size == 0:
        return
    first, last = span_s
    for asked in (float(np.min(times)), float(np.max(times))):
        if not first - _SLACK_S <= asked <= last + _SLACK_S:
            raise DataEndError(what, epoch + first, epoch + last, epoch + asked)
