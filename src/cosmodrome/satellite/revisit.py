"""How often a spacecraft's instrument can look at a place again, by latitude."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.orbit.coverage import find_coverage
from cosmodrome.satellite.flown_orbit import FlownOrbit
from cosmodrome.satellite.spacecraft import Spacecraft
from cosmodrome.world.epoch import Epoch

__all__ = ["Revisit", "revisits"]

Floats = NDArray[np.float64]

_LATITUDES_DEG: Final = (0.0, 15.0, 30.0, 45.0, 60.0, 75.0)
_MERIDIANS: Final = 6
_DAYS: Final = 20


@dataclass(frozen=True, slots=True)
class Revisit:
    """Waits at one latitude, over places all round it.

    Parameters
    ----------
    latitude_deg : float
    seen : float, share of the places that are seen at all in the days searched
    mean_revisit_h, max_revisit_h : float or None
        Over the places that are seen twice, the longest over those seen once;
        None without any.
    """

    latitude_deg: float
    seen: float
    mean_revisit_h: float | None
    max_revisit_h: float | None

    def document(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)


def revisits(craft: Spacecraft, orbit: FlownOrbit, epoch: Epoch) -> tuple[Revisit, ...]:
    """Revisit by northern latitude, from the strip the instrument can be turned to.

    Parameters
    ----------
    craft : Spacecraft, with an instrument
    orbit : FlownOrbit
    epoch : Epoch, where twenty days of looks begin

    Raises
    ------
    InputError
        Without an instrument, or where data ends.

    Accuracy
    --------
    That of `find_coverage`; six places a latitude, so that a mean is good to
    about a tenth. By day and by night alike.
    """
    if craft.instrument is None:
        raise InputError("revisits take an instrument", key="instrument")
    width = craft.instrument.access_m or craft.instrument.swath_m
    latitudes = np.repeat(np.radians(_LATITUDES_DEG), _MERIDIANS)
    round_it = np.arange(_MERIDIANS) * 2.0 * math.pi / _MERIDIANS
    found = find_coverage(
        {"satellite": orbit.motion},
        latitudes,
        np.tile(round_it, len(_LATITUDES_DEG)),
        epoch,
        _DAYS * 86400.0,
        swath_m=width,
    )
    shape = (len(_LATITUDES_DEG), _MERIDIANS)
    mean, longest = found.mean_revisit_s.reshape(shape), found.max_revisit_s.reshape(shape)
    looks = found.looks.reshape(shape)
    return tuple(
        Revisit(
            latitude,
            float(np.mean(looks[k] > 0)),
            _hours(mean[k], np.mean),
            _hours(longest[k], np.max),
        )
        for k, latitude in enumerate(_LATITUDES_DEG)
    )


def _hours(waits_s: Floats, taken: Callable[[Floats], Any]) -> float | None:
    """A mean or the like over the finite waits, hours."""
    known = waits_s[np.isfinite(waits_s)]
    return float(taken(known)) / 3600.0 if known.size else None
