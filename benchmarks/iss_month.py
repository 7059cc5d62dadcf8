"""The space station over Wallops for 30 days: the task, and how its answers are compared.

The station is at 37.94 N, 75.47 W, 10 m (WGS 84) and looks above 10 deg. A list
made outside on a 1 s grid has 146 passes; the shortest lasts 9 s.
"""

from __future__ import annotations

from dataclasses import dataclass

# Public elements of the US Space Force for catalogue number 25544, of 2024-09-17.
LINE1 = "1 25544U 98067A   24261.37246619  .00023609  00000-0  43150-3 0  9999"
LINE2 = "2 25544  51.6382 218.7497 0007547   3.3902 131.6134 15.49233959472849"
LATITUDE_DEG, LONGITUDE_DEG, ALTITUDE_M = 37.94, -75.47, 10.0
STATION = f"{LATITUDE_DEG:g},{LONGITUDE_DEG:g},{ALTITUDE_M:g}"
START_UTC = "2024-09-17T00:00:00Z"
START_JD = 2460570.5  # the same instant
DAYS = 30
MASK_DEG = 10.0
LISTED = 146

Contacts = list[tuple[float, float]]  # rise and set, seconds after the start


@dataclass(frozen=True)
class Agreement:
    """How one list of passes stands to another."""

    agree: int  # of the other's passes: rise and set both within the time allowed
    beyond: int  # passes that are none of the other's
    largest_s: float  # difference of a rise or a set among those that agree


def agreement(found: Contacts, listed: Contacts, within_s: float = 1.0) -> Agreement:
    """Compare passes pairwise; each may stand for one pass of the other list only."""
    left, differences = list(found), []
    for rise, end in listed:
        apart = [max(abs(one - rise), abs(other - end)) for one, other in left]
        best = min(apart, default=within_s * 2.0)
        if best <= within_s:
            differences.append(best)
            del left[apart.index(best)]
    return Agreement(len(differences), len(left), max(differences, default=0.0))
