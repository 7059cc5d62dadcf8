"""Walker constellations: circular orbits alike, spread evenly over planes."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from cosmodrome.errors import InputError
from cosmodrome.orbit.elements import Elements
from cosmodrome.orbit.motion import Motion, Secular
from cosmodrome.world.environment import Environment
from cosmodrome.world.epoch import Epoch

__all__ = ["Walker", "walker"]

_TEXT: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*:\s*(\d+)\s*/\s*(\d+)\s*/\s*(\d+)\s*", re.ASCII)
_MOST: Final = 10000


@dataclass(frozen=True, slots=True)
class Walker:
    """The pattern i:T/P/F.

    Parameters
    ----------
    inclination_rad : float
    total : int, satellites in all
    planes : int, a divisor of the total
    phasing : int, 0 to planes - 1: a satellite is ahead of its neighbour in the
        plane to the west by phasing / total of a turn
    star : bool
        Nodes spread over half a turn (star, near-polar) instead of a whole one (delta).

    Raises
    ------
    InputError
        If the numbers make no pattern.

    References
    ----------
    Walker, Journal of the British Interplanetary Society 37 (1984) 559-572.
    """

    inclination_rad: float
    total: int
    planes: int
    phasing: int
    star: bool = False

    def __post_init__(self) -> None:
        if not 0.0 <= self.inclination_rad <= math.pi:
            raise _bad("inclination", math.degrees(self.inclination_rad), "0 to 180 deg")
        if not 1 <= self.total <= _MOST:
            raise _bad("total", self.total, f"1 to {_MOST}")
        if self.planes < 1 or self.total % self.planes:
            raise _bad("planes", self.planes, f"a divisor of {self.total}")
        if not 0 <= self.phasing < self.planes:
            raise _bad("phasing", self.phasing, f"0 to {self.planes - 1}")

    def elements(
        self,
        semi_major_axis_m: float,
        first_raan_rad: float = 0.0,
        first_anomaly_rad: float = 0.0,
    ) -> tuple[Elements, ...]:
        """Mean elements of all satellites, plane by plane, circular."""
        turn = 2.0 * math.pi
        spread = 0.5 * turn if self.star else turn
        each = self.total // self.planes
        return tuple(
            Elements.keplerian(
                semi_major_axis_m,
                0.0,
                self.inclination_rad,
                (first_raan_rad + spread * plane / self.planes) % turn,
                0.0,
                (first_anomaly_rad + turn * (k / each + self.phasing * plane / self.total)) % turn,
            )
            for plane in range(self.planes)
            for k in range(each)
        )

    def motions(
        self,
        epoch: Epoch,
        semi_major_axis_m: float,
        first_raan_rad: float = 0.0,
        first_anomaly_rad: float = 0.0,
        environment: Environment | None = None,
    ) -> dict[str, Motion]:
        """Satellites by name (p1s1, p1s2, ...), moving at the secular rates, frame TOD."""
        each = self.total // self.planes
        placed = self.elements(semi_major_axis_m, first_raan_rad, first_anomaly_rad)
        return {
            f"p{k // each + 1}s{k % each + 1}": Secular(
                epoch, "TOD", elements, environment or Environment()
            )
            for k, elements in enumerate(placed)
        }


def _bad(key: str, value: object, allowed: str) -> InputError:
    return InputError(
        f"a Walker constellation cannot have {key} {value}", key=key, value=value, allowed=allowed
    )


def walker(text: str, *, star: bool = False) -> Walker:
    """Read "53:24/3/1": inclination in degrees, satellites, planes, phasing.

    Raises
    ------
    InputError
        If it is not of that form or makes no pattern.
    """
    match = _TEXT.fullmatch(text)
    if match is None or len(text) > 80:
        raise InputError(
            f"{text[:40]!r} is not a Walker constellation",
            key="walker",
            value=text,
            allowed="i:T/P/F, as 53:24/3/1",
        )
    total, planes, phasing = (int(part) for part in match.groups()[1:])
    return Walker(math.radians(float(match[1])), total, planes, phasing, star)
